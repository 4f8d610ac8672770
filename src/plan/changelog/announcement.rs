//! [`Announcement`]: the section of a release as the text of a forge release, as a message, and as a mail.

use crate::model::ForgeKind;

/// How many lines a message has, and how many characters a line of it.
const MESSAGE_LINES: usize = 4;
const LONGEST_LINE: usize = 280;

/// A release to tell people about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announcement<'a> {
    /// The title, one line.
    pub title: &'a str,
    /// The section of the changelog without its heading, in Markdown; lines end in line feeds.
    pub notes: &'a str,
    /// Where more is found: an address, if one is known.
    pub link: Option<&'a str>,
}

/// Returns how many bytes the text of a release may have on this forge.
#[must_use]
pub fn longest_body(kind: ForgeKind) -> usize {
    match kind {
        ForgeKind::Github => 125_000,
        ForgeKind::Gitlab => 1_000_000,
    }
}

impl Announcement<'_> {
    /// Returns the text of a forge release of at most `limit` bytes: if the notes are longer, it ends at a line, with a pointer to the rest.
    #[must_use]
    pub fn body(&self, limit: usize) -> String {
        if self.notes.len() <= limit {
            return self.notes.to_owned();
        }
        let rest = match self.link {
            Some(link) => format!("\n[The rest of these notes]({link})\n"),
            None => "\nThe rest of these notes is in the changelog.\n".to_owned(),
        };
        let (text, definitions) = split_definitions(self.notes);
        // Definitions of links are kept: without them the links above are brackets. There may be too many.
        let definitions = if definitions.len() * 2 < limit { definitions } else { "" };
        let definitions = if definitions.is_empty() { String::new() } else { format!("\n{definitions}") };
        let room = limit.saturating_sub(rest.len() + definitions.len());
        let body = first_lines(text, room) + &rest + &definitions;
        // A limit without room for a single line is met all the same.
        (0..=limit.min(body.len())).rev().find_map(|end| body.get(..end)).unwrap_or("").to_owned()
    }

    /// Returns a message of at most four lines: the title, the first sentences, how many changes of which kind, and the link.
    #[must_use]
    pub fn message(&self) -> String {
        let prose = prose(self.notes);
        let counts: Vec<String> = groups(self.notes).iter().map(|(title, count)| format!("{title}: {count}")).collect();
        // Without a link its line is left out.
        let lines = [self.title.to_owned(), prose, counts.join(", "), self.link.unwrap_or("").to_owned()];
        let lines = lines.into_iter().filter(|line| !line.is_empty()).take(MESSAGE_LINES);
        lines.map(|line| shortened(&line) + "\n").collect()
    }

    /// Returns a mail: its subject, an empty line, and the text.
    #[must_use]
    pub fn mail(&self) -> String {
        let link = self.link.map_or(String::new(), |link| format!("\n{link}\n"));
        format!("Subject: {}\n\n{}{link}", self.title, self.notes)
    }
}

/// Returns the first lines that fit. A code block that is cut is closed.
fn first_lines(text: &str, room: usize) -> String {
    let mut kept = String::new();
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let after = next_fence(fence, line);
        let closing = after.map_or(0, |fence| fence.len() + 1);
        if kept.len() + line.len() + closing > room {
            break;
        }
        kept.push_str(line);
        fence = after;
    }
    let mut kept = kept.trim_end().to_owned() + "\n";
    if let Some(fence) = fence {
        kept.push_str(fence);
        kept.push('\n');
    }
    kept
}

/// Returns the marks of the code block that is open after this line.
fn next_fence<'a>(open: Option<&'a str>, line: &'a str) -> Option<&'a str> {
    let text = line.trim();
    let marks = |c: char| text.len() - text.trim_start_matches(c).len();
    let length = marks('`').max(marks('~'));
    let found = text.get(..length).filter(|_| length >= 3);
    match (open, found) {
        (None, found) => found,
        (Some(open), Some(found)) if found.starts_with(open) && text.len() == length => None,
        (open, _) => open,
    }
}

/// Splits the definitions of links off the end of a text.
fn split_definitions(text: &str) -> (&str, &str) {
    let is_definition = |line: &str| line.starts_with('[') && line.contains("]: ");
    let lines = text.split_inclusive('\n').rev().take_while(|line| is_definition(line));
    let length: usize = lines.map(str::len).sum();
    text.split_at_checked(text.len() - length).unwrap_or((text, ""))
}

/// Returns the lines outside of code blocks.
fn plain_lines(notes: &str) -> impl Iterator<Item = &str> {
    let mut fence = None;
    notes.lines().filter(move |line| {
        let was_open = fence.is_some();
        fence = next_fence(fence, line);
        !was_open && fence.is_none()
    })
}

/// Returns the first paragraph above any heading and list, on one line.
fn prose(notes: &str) -> String {
    let is_prose = |line: &&str| !line.trim().is_empty() && !is_heading(line) && !is_entry(line);
    let lines = plain_lines(notes).skip_while(|line| line.trim().is_empty()).take_while(is_prose);
    lines.map(str::trim).filter(|line| !line.starts_with("<!--")).collect::<Vec<_>>().join(" ")
}

/// Returns the headings with the numbers of their entries; entries without a heading are changes.
fn groups(notes: &str) -> Vec<(String, usize)> {
    let mut groups = vec![("Changes".to_owned(), 0)];
    for line in plain_lines(notes) {
        if is_heading(line) {
            groups.push((line.trim_matches(['#', ' ']).to_owned(), 0));
        } else if is_entry(line)
            && let Some((_, count)) = groups.last_mut()
        {
            *count += 1;
        }
    }
    groups.retain(|(title, count)| *count > 0 && !title.is_empty());
    groups
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
}

fn is_entry(line: &str) -> bool {
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
}

fn shortened(line: &str) -> String {
    if line.chars().count() <= LONGEST_LINE {
        return line.to_owned();
    }
    let kept: String = line.chars().take(LONGEST_LINE - 1).collect();
    let end = kept.rfind(' ').unwrap_or(kept.len());
    format!("{}…", kept.get(..end).unwrap_or(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &str = "Boards, at last.\nAnd [more].\n\n### Added\n\n- Boards.\n  - of columns\n- Cards.\n\n```sh\n- not an entry\n# not a heading\n```\n\n### Fixed\n\n- A crash.\n\n[more]: https://example.com/more\n";

    fn of(notes: &str) -> Announcement<'_> {
        Announcement { title: "Boards 1.2.0", notes, link: Some("https://example.com/1.2.0") }
    }

    #[test]
    fn a_message_has_at_most_four_lines() {
        assert_eq!(
            of(NOTES).message(),
            "Boards 1.2.0\nBoards, at last. And [more].\nAdded: 2, Fixed: 1\nhttps://example.com/1.2.0\n"
        );
        let bare = Announcement { title: "x 1", notes: "", link: None };
        assert_eq!(bare.message(), "x 1\n");
        assert_eq!(of("- one\n* two\n").message(), "Boards 1.2.0\nChanges: 2\nhttps://example.com/1.2.0\n");
        let long = "word ".repeat(200);
        let message = of(&long).message();
        assert!(message.lines().all(|line| line.chars().count() <= 280) && message.contains("word…\n"), "{message}");
    }

    #[test]
    fn a_mail_has_a_subject() {
        let mail = of("- one\n").mail();
        assert_eq!(mail, "Subject: Boards 1.2.0\n\n- one\n\nhttps://example.com/1.2.0\n");
    }

    #[test]
    fn a_body_is_cut_at_a_line() {
        assert_eq!(of(NOTES).body(1_000), NOTES);
        let entries: String = (0..100).map(|n| format!("- entry {n} of [more]\n")).collect();
        let notes = format!("{entries}\n[more]: https://example.com/more\n");
        let body = of(&notes).body(500);
        let ending = "\n[The rest of these notes](https://example.com/1.2.0)\n\n[more]: https://example.com/more\n";
        assert!(body.len() <= 500 && body.ends_with(ending), "{body}");
        let kept = body.strip_suffix(ending).unwrap();
        assert!(entries.starts_with(kept) && kept.ends_with(" of [more]\n"), "{kept}");
    }

    #[test]
    fn a_code_block_that_is_cut_is_closed() {
        let notes = format!("- x\n\n````text\n{}````\n", "```\n".repeat(100));
        let body = Announcement { link: None, ..of(&notes) }.body(200);
        assert!(
            body.len() <= 200 && body.ends_with("```\n````\n\nThe rest of these notes is in the changelog.\n"),
            "{body}"
        );
    }

    #[test]
    fn every_limit_is_met() {
        let notes = "é".repeat(40) + "\n" + NOTES;
        for limit in 0..notes.len() + 2 {
            assert!(of(&notes).body(limit).len() <= limit, "{limit}");
        }
    }
}
