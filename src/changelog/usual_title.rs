//! [`conventional_version`]: the titles of releases that people and other tools write.

/// What a title says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usual<'a> {
    /// Unreleased changes.
    Unreleased,
    /// A release.
    Release {
        /// The name before the version.
        name: Option<&'a str>,
        /// The version; it has a number and a dot, but is not validated.
        version: &'a str,
    },
}

/// Words that may precede a version.
const WORDS: [&str; 6] = ["version", "release", "ver.", "ver", "changes in", "what's new in"];

/// The first letters of the months.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const UNRELEASED: &str = "unreleased";

/// Reads a title: `[1.2.3] - 2026-01-02`, `v1.2.3 (2026-01-02)`, `Version 1.2`, and with a name `web v1.2.3`, `@acme/web@1.2.3` or
/// `web-v1.2.3`. A name that is not one of the `names` needs an `@` or a date. The text after the version must look like a date or a
/// remark, not like the rest of a sentence.
pub(super) fn conventional_version<'a>(title: &'a str, names: &[String]) -> Option<Usual<'a>> {
    let title = undecorated(title);
    if strip_word(title, UNRELEASED).is_some_and(|behind| !behind.starts_with(char::is_alphanumeric)) {
        return Some(Usual::Unreleased);
    }
    if let Some((version, _)) = bare(title) {
        return Some(Usual::Release { name: None, version });
    }
    let named = split_name(title, names).map(|(name, version)| Usual::Release { name: Some(name), version });
    named.or_else(|| {
        // As in `main (unreleased)`.
        let (before, mark) = title.rsplit_once(['(', '['])?;
        let word = strip_word(mark, UNRELEASED).filter(|_| !before.contains(|c: char| c.is_ascii_digit()));
        word.filter(|behind| matches!(*behind, ")" | "]")).map(|_| Usual::Unreleased)
    })
}

/// Strips the mark from the title of a withdrawn release.
pub(super) fn without_yanked(title: &str) -> &str {
    let cut = title.len().checked_sub("[YANKED]".len());
    match cut.and_then(|at| title.split_at_checked(at)) {
        Some((before, mark)) if mark.eq_ignore_ascii_case("[YANKED]") => before.trim_end(),
        _ => title,
    }
}

/// Returns `true` if a title may refer to the package by this name: `@acme/web` is published by the package `web`.
#[must_use]
pub fn is_same_name(package: &str, name: &str) -> bool {
    let last = |name: &str| name.rsplit('/').next().unwrap_or("").to_lowercase();
    last(package) == last(name)
}

/// Strips what precedes the first word: brackets, unclosed emphasis, emoji and their short codes.
fn undecorated(title: &str) -> &str {
    let mut rest = title.trim_start();
    loop {
        let code = rest.strip_prefix(':').and_then(|behind| behind.split_once(':'));
        let code = code.filter(|(code, _)| !code.is_empty() && !code.contains(char::is_whitespace));
        let behind = match code {
            Some((_, behind)) => behind,
            None => match rest.strip_prefix(is_decoration) {
                Some(behind) => behind,
                None => return rest,
            },
        };
        rest = behind.trim_start();
    }
}

fn is_decoration(c: char) -> bool {
    match c {
        '[' | '(' | '{' | '*' | '_' | '`' | '~' | '"' | '\'' => true,
        '→' | '≤' | '≥' => false,
        _ => !c.is_ascii() && !c.is_alphanumeric(),
    }
}

/// Finds the version that a title starts with, after words such as `Version`, and the text after it.
fn bare(title: &str) -> Option<(&str, &str)> {
    let mut plain = title;
    while let Some(behind) = WORDS.iter().find_map(|word| strip_word(plain, word)) {
        let separated = behind.trim_start_matches([' ', ':']);
        if separated.len() == behind.len() {
            break;
        }
        plain = undecorated(separated);
    }
    let plain = plain.strip_prefix(['v', 'V']).map_or(plain, |behind| behind.strip_prefix('.').unwrap_or(behind));
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '!');
    let end = plain.find(|c: char| !is_part(c)).unwrap_or(plain.len());
    let (version, _) = plain.split_at_checked(end)?;
    let version = version.trim_end_matches(['.', '-']);
    let rest = plain.get(version.len()..)?;
    let is_number = version.contains('.') && version.starts_with(|c: char| c.is_ascii_digit());
    (is_number && is_remark(rest)).then_some((version, rest))
}

/// Finds a version after a name.
fn split_name<'a>(title: &'a str, names: &[String]) -> Option<(&'a str, &'a str)> {
    let word = title.split_whitespace().next()?;
    let is_known = |name: &str| names.iter().any(|known| is_same_name(known, name));
    let is_name = |name: &&str| name.contains(char::is_alphanumeric);
    if let Some((name, _)) = word.rsplit_once('@').filter(|(name, _)| is_name(name)) {
        return Some((name, bare(title.get(name.len() + 1..)?)?.0));
    }
    let name = word.trim_end_matches([':', ']', ')', '*', '_', '`']);
    if let Some((version, rest)) = bare(undecorated(title.get(word.len()..)?)) {
        return ((is_name(&name) && has_year(rest)) || is_known(name)).then_some((name, version));
    }
    // As tags are written: `web-v1.2.0`, `web/v1.2.0`.
    let marks = word.match_indices(['-', '/', '_']).map(|(at, _)| at);
    marks.filter_map(|at| Some((word.get(..at)?, title.get(at + 1..)?))).find_map(|(name, behind)| {
        let (version, _) = bare(behind).filter(|_| is_known(name))?;
        Some((name, version))
    })
}

fn has_year(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_alphanumeric());
    numbers.any(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")))
}

/// Returns `true` if the text after a version is a date or a remark.
fn is_remark(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['*', '_', '`', '~', ']', ')', '.']).trim_start();
    let Some(first) = rest.chars().next() else { return true };
    if rest.starts_with("->") || matches!(first, '→' | '<' | '>' | '=' | '+' | '&' | '%') {
        return false;
    }
    if !first.is_alphabetic() {
        return true;
    }
    let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    let is_month = MONTHS.iter().any(|month| word.starts_with(month)) && rest.contains(|c: char| c.is_ascii_digit());
    is_month || matches!(word.as_str(), "yanked" | "released" | "unreleased")
}

/// Strips a word, ignoring case.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, behind) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(title: &str) -> String {
        let names = ["relman".to_owned(), "@acme/web".to_owned()];
        match conventional_version(title, &names) {
            None => "-".to_owned(),
            Some(Usual::Unreleased) => "unreleased".to_owned(),
            Some(Usual::Release { name: None, version }) => version.to_owned(),
            Some(Usual::Release { name: Some(name), version }) => format!("{name}: {version}"),
        }
    }

    #[test]
    fn titles_of_other_tools_are_read() {
        let table = [
            ("[1.2.0] (2026-01-01)", "1.2.0"),
            ("1.2.0 / 2026-01-01", "1.2.0"),
            ("1.2.0, 5 January 2026", "1.2.0"),
            ("1.2.0 January 5, 2026", "1.2.0"),
            ("v1.2.0 \u{2013} \u{201c}Moon\u{201d}", "1.2.0"),
            ("v.1.2.0", "1.2.0"),
            ("1.2.0.", "1.2.0"),
            ("1.2.0 released 2026-01-01", "1.2.0"),
            ("1.2.0 (unreleased)", "1.2.0"),
            ("1.2.0 {#v1-2-0}", "1.2.0"),
            ("1.2.0 \u{1f389}", "1.2.0"),
            ("\u{1f680} 1.2.0", "1.2.0"),
            (":bug: :rocket: v1.2.0 (2026-01-01)", "1.2.0"),
            ("~~1.2.0~~ (yanked)", "1.2.0"),
            ("Version 1.2.0", "1.2.0"),
            ("VERSION: 1.2.0", "1.2.0"),
            ("Release 1.2.0 (2026-01-01)", "1.2.0"),
            ("Release v1.2.0", "1.2.0"),
            ("Changes in version 1.2.0 (2026-01-01)", "1.2.0"),
            ("What's new in 1.2.0", "1.2.0"),
            ("relman 1.2.0", "relman: 1.2.0"),
            ("Relman v1.2.0 (2026-01-01)", "Relman: 1.2.0"),
            ("relman: 1.2.0", "relman: 1.2.0"),
            ("[relman 1.2.0]", "relman: 1.2.0"),
            ("[relman] 1.2.0", "relman: 1.2.0"),
            ("relman-v1.2.0", "relman: 1.2.0"),
            ("relman/1.2.0-rc.1 - 2026-01-01", "relman: 1.2.0-rc.1"),
            ("web 1.2.0", "web: 1.2.0"),
            ("@acme/web@1.2.0", "@acme/web: 1.2.0"),
            ("@acme/web 1.2.0", "@acme/web: 1.2.0"),
            ("other@1.2.0", "other: 1.2.0"),
            ("Other 1.2.0 (2026-01-01)", "Other: 1.2.0"),
            ("(Unreleased)", "unreleased"),
            ("\u{1f6a7} Unreleased", "unreleased"),
            ("Unreleased changes", "unreleased"),
            ("main (unreleased)", "unreleased"),
            ("HEAD [Unreleased]", "unreleased"),
        ];
        for (title, expected) in table {
            assert_eq!(read(title), expected, "{title}");
        }
    }

    #[test]
    fn titles_of_groups_are_not_read() {
        let table = [
            "Node 18.0.0",
            "Node 18.0.0 support",
            "Dropped 1.2.0 (unreleased)",
            "Migrating from 1.x to 2.0.0",
            "1.2.0 is out",
            "1.2.0 -> 1.3.0",
            "1.2.0 \u{2192} 1.3.0",
            "1.2.0 may break",
            "18.0.0+ is required",
            "\u{2265} 1.2.0",
            "other-v1.2.0",
            "@1.2.0",
            "a.b@example.com",
            "Version",
            "2026-01-01",
            "2026",
            "\u{1f680} Features",
            ":",
            "::",
            "@",
        ];
        for title in table {
            assert_eq!(read(title), "-", "{title}");
        }
    }
}
