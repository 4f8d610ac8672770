//! [`SectionContent`]: the content of a section, and its text.

use std::io::{self, Write};

use minijinja::ErrorKind;
use serde::Serialize;

use super::pending::Pending;
use crate::model::{LONGEST_TEMPLATE, MOST_TIMES, TemplateGrowth, on_deep_stack, template_engine};

/// How many steps a template may take, and how many more per entry: enough for any that terminates.
const STEPS: u64 = 1_000_000;
const FEWEST_STEPS: u64 = 10_000;
const STEPS_OF_ENTRY: u64 = 200;

/// How many bytes a section may have, and how often it may contain its own text.
const BYTES: u64 = 1 << 20;
const COPIES: u64 = 4;
/// The bytes that an entry takes in addition to its text.
const BYTES_OF_ENTRY: u64 = 256;

/// How many bytes a template may write into values, how large operators can make a value, and how many bytes all steps together may
/// look at.
const KEPT: u64 = 1 << 26;
const LARGEST: u64 = BYTES * MOST_TIMES;
const WORK: u64 = 1 << 38;

/// The input of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SectionContent {
    /// The heading, with its marks.
    pub heading: String,
    /// The version, in the package's spelling.
    pub version: String,
    /// The day of the release, `YYYY-MM-DD`.
    pub date: String,
    /// The tag.
    pub tag: String,
    /// The tag of the newest section below; may be empty.
    pub previous_tag: String,
    /// The prose that opens the section; may be empty.
    pub summary: String,
    /// The groups that are not empty.
    pub groups: Vec<SectionGroup>,
}

/// A group of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SectionGroup {
    /// The heading.
    pub title: String,
    /// The type of its changes; empty for a handwritten heading that does not belong to any type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its entries.
    pub entries: Vec<SectionEntry>,
}

/// An entry of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SectionEntry {
    /// The text, without its last line end.
    pub text: String,
    /// The slug of the fragment; empty for other entries.
    pub slug: String,
    /// The package that it is about.
    pub package: String,
    /// The commit; empty for other entries.
    pub commit: String,
    /// Whether it is a breaking commit.
    pub breaking: bool,
}

/// A change for a section: an entry and the type by which it is grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The type, in lower case.
    pub kind: String,
    /// The entry.
    pub entry: SectionEntry,
}

/// Why a section cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SectionError {
    /// The template fails.
    #[error("the template fails{}: {message}", line.map_or(String::new(), |line| format!(" on line {line}")))]
    Template {
        /// The line of the template, from 1.
        line: Option<usize>,
        /// What the engine says.
        message: String,
    },
    /// The template does not terminate, or writes too much.
    #[error("the template does not terminate: it takes too many steps or writes too much")]
    Endless,
    /// The system cannot provide memory for the template's stack.
    #[error("there is not enough memory to read the template")]
    NoRoom,
    /// The template leaves out a text that would be lost.
    #[error("the template leaves out {0:?}")]
    LeavesOut(String),
}

/// Puts changes into groups: text already under a heading of `[Unreleased]` first, then the changes in the order in which they are
/// given. Groups have the order of `types` (type and title); types without a title follow, sorted by name, and
/// then the headings that do not belong to any type.
#[must_use]
pub fn grouped(types: &[(String, String)], pending: &Pending, changes: Vec<Change>) -> Vec<SectionGroup> {
    let mut groups: Vec<SectionGroup> = Vec::new();
    for (kind, title) in types {
        // Two types may share one title.
        if !groups.iter().any(|group| is_title(&group.title, title)) {
            groups.push(SectionGroup { title: title.clone(), kind: kind.clone(), entries: Vec::new() });
        }
    }
    let mut own: Vec<SectionGroup> = Vec::new();
    for written in &pending.groups {
        let entry = SectionEntry { text: written.text.clone(), ..SectionEntry::default() };
        let names = |group: &SectionGroup| {
            is_title(&group.title, &written.title)
                || is_title(&group.title, &written.said)
                || is_title(&group.kind, &written.said)
        };
        let known = groups.iter_mut().find(|group| names(group));
        match known {
            Some(_) if written.text.is_empty() => {}
            Some(group) => group.entries.push(entry),
            None => own.push(SectionGroup {
                title: written.title.clone(),
                kind: String::new(),
                entries: if written.text.is_empty() { Vec::new() } else { vec![entry] },
            }),
        }
    }
    let mut untitled: Vec<SectionGroup> = Vec::new();
    for change in changes {
        let title = types.iter().find(|(kind, _)| *kind == change.kind).map(|(_, title)| title);
        let group = match title {
            Some(title) => groups.iter_mut().find(|group| is_title(&group.title, title)),
            None => {
                if !untitled.iter().any(|group| group.kind == change.kind) {
                    let title = capitalised(&change.kind);
                    untitled.push(SectionGroup { title, kind: change.kind.clone(), entries: Vec::new() });
                }
                untitled.iter_mut().find(|group| group.kind == change.kind)
            }
        };
        if let Some(group) = group {
            group.entries.push(change.entry);
        }
    }
    untitled.sort_by(|a, b| a.kind.cmp(&b.kind));
    groups.retain(|group| !group.entries.is_empty());
    groups.extend(untitled);
    groups.extend(own);
    groups
}

fn is_title(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

impl SectionContent {
    /// Returns `true` if it has nothing but its heading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.summary.is_empty() && self.groups.is_empty()
    }

    /// Renders the section with a Jinja template; line ends are line feeds, with one at the end.
    ///
    /// # Errors
    /// Returns an error if the template fails, does not terminate, or leaves out the summary or an entry.
    pub fn render(&self, template: &str) -> Result<String, SectionError> {
        let text = self.fill(&template.replace("\r\n", "\n"))?.replace("\r\n", "\n");
        let text = format!("{}\n", text.trim_matches('\n'));
        match self.left_out(&text) {
            Some(lost) => Err(SectionError::LeavesOut(lost.chars().take(60).collect())),
            None => Ok(text),
        }
    }

    fn fill(&self, template: &str) -> Result<String, SectionError> {
        let limits = self.limits(template)?;
        on_deep_stack(|| {
            let mut engine = template_engine(limits.bytes);
            engine.set_fuel(Some(limits.steps));
            let failed = |error: &minijinja::Error| match error.kind() {
                ErrorKind::OutOfFuel | ErrorKind::WriteFailure => SectionError::Endless,
                kind => SectionError::Template {
                    line: error.line(),
                    message: error.detail().map_or_else(|| kind.to_string(), str::to_owned),
                },
            };
            let template = engine.template_from_str(template).map_err(|error| failed(&error))?;
            let mut out = Bounded { bytes: Vec::new(), left: limits.bytes };
            let value = minijinja::Value::from(minijinja::value::Serde(self));
            template.render_captured_to(value, &mut out).map_err(|error| failed(&error))?;
            Ok(String::from_utf8_lossy(&out.bytes).into_owned())
        })
        .unwrap_or(Err(SectionError::NoRoom))
    }

    /// Returns the limits of a template, which depend on its text and its input.
    fn limits(&self, template: &str) -> Result<Limits, SectionError> {
        let entries = self.groups.iter().map(|group| group.entries.len() as u64).sum::<u64>();
        let given = self.bytes().saturating_add(entries.saturating_mul(BYTES_OF_ENTRY));
        let bytes = BYTES.saturating_add(given.saturating_mul(COPIES));
        let growth = TemplateGrowth::of(template);
        // Text that is kept is written first, and a single step can write as much text as the template has.
        let kept = if growth.captures { KEPT } else { 0 };
        let largest = growth.times.and_then(|times| times.checked_mul(bytes.checked_add(kept)?));
        let Some(largest) = largest.filter(|largest| *largest <= LARGEST && template.len() <= LONGEST_TEMPLATE) else {
            return Err(SectionError::Endless);
        };
        let steps = WORK
            .checked_div(largest)
            .unwrap_or(WORK)
            .clamp(FEWEST_STEPS, STEPS)
            .saturating_add(entries.saturating_mul(STEPS_OF_ENTRY));
        let steps = if growth.captures { steps.min(KEPT / (1 + template.len() as u64)) } else { steps };
        Ok(Limits { bytes, steps })
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let entries = self.groups.iter().flat_map(|group| &group.entries).map(|entry| entry.text.as_str());
        std::iter::once(self.summary.as_str()).chain(entries)
    }

    fn bytes(&self) -> u64 {
        self.texts().map(|text| text.len() as u64).sum()
    }

    /// Returns a text that is missing from the section. Texts are first searched in their order, which finds all of them in one pass
    /// if the template keeps it.
    fn left_out(&self, section: &str) -> Option<&str> {
        let mut at = 0;
        self.texts().find(|text| match section.get(at..).and_then(|rest| rest.find(text)) {
            Some(found) => {
                at += found + text.len();
                false
            }
            None => !section.contains(text),
        })
    }
}

/// The limits of a template.
struct Limits {
    bytes: u64,
    steps: u64,
}

/// A text that must not grow beyond a number of bytes.
struct Bounded {
    bytes: Vec<u8>,
    left: u64,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::pending::PendingGroup;
    use super::super::templates::DEFAULT_TEMPLATE;
    use super::*;

    fn entry(text: &str) -> SectionEntry {
        SectionEntry { text: text.to_owned(), slug: "s".to_owned(), ..SectionEntry::default() }
    }

    fn change(kind: &str, text: &str) -> Change {
        Change { kind: kind.to_owned(), entry: entry(text) }
    }

    fn types() -> Vec<(String, String)> {
        [("added", "Added"), ("fixed", "Fixed"), ("mended", "Fixed")]
            .map(|(k, t)| (k.to_owned(), t.to_owned()))
            .to_vec()
    }

    fn content(summary: &str, groups: Vec<SectionGroup>) -> SectionContent {
        SectionContent {
            heading: "## [1.1.0] - 2026-01-02".to_owned(),
            version: "1.1.0".to_owned(),
            summary: summary.to_owned(),
            groups,
            ..SectionContent::default()
        }
    }

    #[test]
    fn changes_are_grouped_in_the_order_of_the_types() {
        let pending = |title: &str, text: &str| PendingGroup {
            title: title.to_owned(),
            said: title.replace('*', ""),
            text: text.to_owned(),
        };
        let groups = vec![
            pending("Known issues", "- k"),
            pending("fixed", "- by hand"),
            pending("Added", ""),
            pending("Empty", ""),
            pending("**Added**", "- a"),
        ];
        let pending = Pending { groups, ..Pending::default() };
        let changes = vec![
            change("mended", "m"),
            change("zoo", "z"),
            change("added", "b"),
            change("fixed", "f"),
            change("ant", "n"),
        ];
        let shown: Vec<String> = grouped(&types(), &pending, changes)
            .iter()
            .map(|g| {
                format!(
                    "{}:{}={}",
                    g.title,
                    g.kind,
                    g.entries.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(",")
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "Added:added=- a,b",
                "Fixed:fixed=- by hand,m,f",
                "Ant:ant=n",
                "Zoo:zoo=z",
                "Known issues:=- k",
                "Empty:="
            ]
        );
    }

    #[test]
    fn the_default_template_has_the_shape_of_keep_a_changelog() {
        let groups = grouped(
            &types(),
            &Pending::default(),
            vec![change("fixed", "- f"), change("added", "- a\n  b"), change("added", "c")],
        );
        let table = [
            (content("", Vec::new()), "## [1.1.0] - 2026-01-02\n"),
            (content("Words.", Vec::new()), "## [1.1.0] - 2026-01-02\n\nWords.\n"),
            (content("", groups.clone()), "## [1.1.0] - 2026-01-02\n\n### Added\n\n- a\n  b\nc\n\n### Fixed\n\n- f\n"),
            (
                content("W.\n\nX.", groups),
                "## [1.1.0] - 2026-01-02\n\nW.\n\nX.\n\n### Added\n\n- a\n  b\nc\n\n### Fixed\n\n- f\n",
            ),
        ];
        for (content, expected) in table {
            assert_eq!(content.render(DEFAULT_TEMPLATE).unwrap(), expected);
        }
    }

    #[test]
    fn the_white_space_is_minijinja_s_own() {
        let groups = grouped(&types(), &Pending::default(), vec![change("added", "<a & b>")]);
        let template = "\r\n{{ heading }}\r\n\r\n{{ summary }}\r\n{% for group in groups %}\r\n### {{ group.title }}\r\n{% for entry in group.entries %}{{ entry.text }}\r\n{% endfor %}{% endfor %}";
        let text = content("S", groups).render(template).unwrap();
        assert_eq!(text, "## [1.1.0] - 2026-01-02\n\nS\n\n### Added\n<a & b>\n");
    }

    #[test]
    fn templates_that_fail() {
        let groups = grouped(&types(), &Pending::default(), vec![change("added", "- a")]);
        let content = content("S", groups);
        let error = |template: &str| content.render(template).unwrap_err().to_string();
        assert_eq!(error("{{ heading }}\n{{ nope }}"), "the template fails on line 2: `nope` is undefined");
        assert!(error("{% for g in groups %}{{ g.titel }}{% endfor %}").starts_with("the template fails on line 1: "));
        assert_eq!(error("{{ heading }}"), "the template leaves out \"S\"");
        assert_eq!(error("{{ summary }}"), "the template leaves out \"- a\"");
        let endless = "the template does not terminate: it takes too many steps or writes too much";
        let loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}x{% endfor %}{% endfor %}{% endfor %}";
        assert_eq!(error(loops), endless);
        assert_eq!(
            error(
                "{% for a in range(9999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }}{% endfor %}"
            ),
            endless
        );
    }

    #[test]
    fn a_template_may_change_the_order() {
        let groups = grouped(
            &types(),
            &Pending::default(),
            vec![change("added", "- a"), change("added", "- b"), change("fixed", "- a")],
        );
        let template = "{{ heading }}\n{% for g in groups|reverse %}{% for e in g.entries %}{{ e.text }} ({{ e.slug }})\n{% endfor %}{% endfor %}{{ summary }}\n\n";
        let text = content("S", groups).render(template).unwrap();
        assert_eq!(text, "## [1.1.0] - 2026-01-02\n- a (s)\n- a (s)\n- b (s)\nS\n");
    }
}
