//! [`spoken`]: the part of a message's body that its author wrote.

/// Elements that quote other people's text, and hide everything up to their end.
const HOLDING: [&str; 8] = ["details", "blockquote", "pre", "table", "ul", "ol", "code", "samp"];

/// Elements that begin a block of HTML, which ends at a blank line if they are not closed.
const BLOCKS: [&str; 12] = ["summary", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "center", "picture"];

/// The beginnings of the lines with which bots introduce another project's text.
const OPENINGS: [&str; 6] =
    ["Bumps [", "Bumps `", "Snyk has created this ", "updated-dependencies:", "*Sourced from ", "Sourced from ["];

/// The authors of such messages, as trailers name them.
const BOTS: [&str; 6] = ["dependabot", "renovate", "greenkeeper", "snyk-bot", "pyup-bot", "scala-steward"];

/// The titles above another project's changelog.
const TITLES: [&str; 5] = ["release notes", "changelog", "changelogs", "commits", "what's changed"];

/// Returns the lines of a body that its author wrote. Quotes, code, blocks of HTML and another project's changelog quoted by a bot
/// are left out, and so are blank lines. The indentation of `git merge --squash` is removed.
pub(super) fn spoken<'a>(subject: &str, body: &'a str) -> Vec<&'a str> {
    let is_update = is_update(subject);
    if is_update && body.lines().any(is_signed_by_bot) {
        return Vec::new();
    }
    let is_squashed = subject.starts_with("Squashed commit of the following") || body.lines().any(is_whole_commit);
    let mut reader = Reader { is_update, ..Reader::default() };
    let mut spoken = Vec::new();
    for line in body.lines() {
        if is_squashed && is_commit(line) {
            // Another commit begins; it closes whatever was open in the one before.
            reader = Reader::default();
            continue;
        }
        let line = if is_squashed { line.strip_prefix("    ").unwrap_or(line) } else { line };
        if reader.hears(line) {
            spoken.push(line);
        }
    }
    spoken
}

/// The constructs that are open at a line.
#[derive(Default)]
struct Reader {
    /// Whether the subject says that a dependency was updated.
    is_update: bool,
    /// Whether the rest is a bot's text about another project.
    is_foreign: bool,
    /// The column at which the text of the open list item begins.
    margin: usize,
    /// Whether an indented line here would be code.
    code: bool,
    fence: Option<String>,
    html: Option<Html>,
}

/// An open block of HTML.
struct Html {
    element: String,
    depth: usize,
    ends_at_blank: bool,
}

impl Reader {
    /// Reads a line. Returns `true` if the author wrote it.
    fn hears(&mut self, line: &str) -> bool {
        let text = line.trim();
        if self.is_foreign || self.is_fenced(text) || self.is_html(text) {
            return false;
        }
        if text.is_empty() {
            self.code = true;
            return false;
        }
        let indent = indentation(line);
        if self.code && indent >= self.margin + 4 {
            return false;
        }
        self.code = false;
        if let Some(width) = marker(text) {
            self.margin = indent + width;
        } else if indent < self.margin {
            self.margin = 0;
        }
        self.is_foreign = is_opening(text) || (self.is_update && is_title(text));
        !self.is_foreign && !text.starts_with('>')
    }

    fn is_fenced(&mut self, text: &str) -> bool {
        if let Some(fence) = &self.fence {
            let rest = text.strip_prefix(fence.as_str());
            if rest.is_some_and(|rest| rest.chars().all(|c| fence.starts_with(c))) {
                self.fence = None;
            }
            return true;
        }
        let mark = text.chars().next().filter(|c| self.html.is_none() && matches!(c, '`' | '~'));
        let fence: String = mark.map_or_else(String::new, |mark| text.chars().take_while(|c| *c == mark).collect());
        if fence.len() < 3 {
            return false;
        }
        self.fence = Some(fence);
        true
    }

    fn is_html(&mut self, text: &str) -> bool {
        let mut open = match self.html.take() {
            Some(open) if open.ends_at_blank && text.is_empty() => return false,
            Some(open) => open,
            None => match element(text) {
                Some((element, ends_at_blank)) => Html { element, depth: 0, ends_at_blank },
                None => return false,
            },
        };
        let (begins, ends) = open.counted(text);
        open.depth = (open.depth + begins).saturating_sub(ends);
        if open.depth > 0 {
            self.html = Some(open);
        }
        true
    }
}

impl Html {
    /// How often the element begins and ends in a line.
    fn counted(&self, text: &str) -> (usize, usize) {
        if self.element == "!--" {
            return (text.matches("<!--").count(), text.matches("-->").count());
        }
        let text = text.to_ascii_lowercase();
        let is_whole = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        let count = |mark: String| text.split(&mark).skip(1).filter(|rest| is_whole(rest)).count();
        (count(format!("<{}", self.element)), count(format!("</{}", self.element)))
    }
}

/// The element that begins a block of HTML, and whether the block ends at a blank line.
fn element(text: &str) -> Option<(String, bool)> {
    let rest = text.strip_prefix('<')?;
    if rest.starts_with("!--") {
        return Some(("!--".to_owned(), false));
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let element = rest.get(..end)?.to_ascii_lowercase();
    let ends_at_blank = BLOCKS.contains(&element.as_str());
    (ends_at_blank || HOLDING.contains(&element.as_str())).then_some((element, ends_at_blank))
}

fn indentation(line: &str) -> usize {
    let blanks = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    blanks.map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// The width of a list item's marker including the spaces after it.
fn marker(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..)?;
    let rest = if digits > 0 { rest.strip_prefix(['.', ')']) } else { rest.strip_prefix(['-', '*', '+']) }?;
    rest.starts_with(' ').then_some(digits + 2)
}

/// A line by which `git merge --squash` begins a commit.
fn is_commit(line: &str) -> bool {
    commit_id(line).is_some()
}

fn is_whole_commit(line: &str) -> bool {
    commit_id(line).is_some_and(|id| id.len() >= 40)
}

fn commit_id(line: &str) -> Option<&str> {
    let id = line.strip_prefix("commit ")?.split(' ').next()?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

fn is_opening(text: &str) -> bool {
    let is_step = text.starts_with("Bumps ") && text.contains(" from ") && text.contains(" to ");
    let is_group = text.starts_with("Bumps the ") && text.contains(" group ");
    let is_list = text.contains("contains the following updates");
    is_step || is_group || is_list || OPENINGS.iter().any(|opening| text.starts_with(opening))
}

/// A heading, or a line in bold, above another project's changelog.
fn is_title(text: &str) -> bool {
    let title = text.trim_matches(|c: char| matches!(c, '#' | '*' | '_' | ':') || c.is_whitespace());
    TITLES.contains(&title.to_ascii_lowercase().as_str())
}

fn is_signed_by_bot(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    let author = ["signed-off-by:", "co-authored-by:", "author:"].iter().find_map(|word| line.strip_prefix(word));
    author.is_some_and(|name| BOTS.iter().any(|bot| name.trim_start().starts_with(bot)))
}

/// A subject that says that a dependency was updated: `bump x from 1 to 2`, `update dependency x to v3`.
fn is_update(subject: &str) -> bool {
    let subject = subject.to_ascii_lowercase();
    let has_verb = subject
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "bump" | "bumps" | "update" | "updates" | "upgrade" | "pin" | "migrate"));
    let has_version = subject
        .split(" to ")
        .skip(1)
        .any(|rest| rest.trim_start_matches(['`', 'v', '^', '~', '=']).starts_with(|c: char| c.is_ascii_digit()));
    has_verb && (has_version || subject.contains("dependenc") || subject.contains("deps"))
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn the_words_of_others_are_left_out() {
        let table = [
            ("x", "a\n> feat!: b\n\nc", "a c"),
            ("x", "a\n\n```\nfeat!: b\n```\nc", "a c"),
            ("x", "a\n\n~~~~\n~~~\nfeat!: b\n~~~~\nc", "a c"),
            ("x", "a\n\n    feat!: b\n\n    fix: d\n\nc", "a c"),
            ("x", "a\n\n\tfeat!: b\n\nc", "a c"),
            ("x", "a\n    b", "a b"),
            ("x", "- a\n\n  b\n\n    c\n\n      d\n\ne", "- a b c e"),
            ("x", "1. a\n\n   b", "1. a b"),
            ("x", "<details>\n<summary>s</summary>\n\n<details>\nb\n</details>\n\nfeat!: b\n</details>\nc", "c"),
            ("x", "<DETAILS><summary>b</summary></DETAILS>\nc", "c"),
            ("x", "<details>\n\nfeat!: b", ""),
            ("x", "<!-- feat!: b\nd\n-->\nc", "c"),
            ("x", "<p>b\nd\n\nc", "c"),
            ("x", "<T> b\nc", "<T> b c"),
            ("x", "<a@example.invalid>\nc", "<a@example.invalid> c"),
            ("x", "Bumps [b](u) from 1 to 2.\n- feat!: c\n\nBREAKING CHANGE: d", ""),
            ("x", "Bumps the npm group with 2 updates: [b](u)\n\nfeat!: c", ""),
            ("x", "Bumps the timeout\n\nc", "Bumps the timeout c"),
            ("x", "* a\n\nThis PR contains the following updates:\n\nfeat!: b", "* a"),
            ("fix(deps): update dependency b to v2", "### Release Notes\n\n* feat!: b", ""),
            ("build(deps): bump b from 1 to 2", "* feat!: b\n\nSigned-off-by: dependabot[bot] <s@example.invalid>", ""),
            ("feat: a", "## Changelog\n\nc", "## Changelog c"),
            (
                "feat: a",
                "c\n\nCo-authored-by: dependabot[bot] <s@example.invalid>",
                "c Co-authored-by: dependabot[bot] <s@example.invalid>",
            ),
        ];
        for (subject, body, expected) in table {
            let lines: Vec<&str> = spoken(subject, body).into_iter().map(str::trim).collect();
            assert_eq!(lines.join(" "), expected, "{body:?}");
        }
    }

    #[test]
    fn each_commit_of_a_squash_speaks_for_itself() {
        let id = "1234567890123456789012345678901234567890";
        let body = format!(
            "commit {id}\nAuthor: A\n\n    feat: a\n\n    > fix!: b\n\n    ```\n    fix!: c\n\ncommit {id}\nAuthor: B\n\n    fix: d\n\n        fix!: e\n"
        );
        assert_eq!(spoken("Squashed", &body), ["Author: A", "feat: a", "Author: B", "fix: d"]);
    }
}
