//! [`changes`]: commits as entries of a section.

use std::collections::{BTreeMap, BTreeSet};

use super::release_context::ReleaseContext;
use super::section_target::SectionTarget;
use crate::changelog::{Change, Fragment, Pending, SectionEntry, is_same_name};
use crate::config::ChangelogConfig;
use crate::history::{Commit, Told, mentions};
use crate::model::{CommitId, CommitIx};

/// The minimum number of digits that identify a commit: git itself shows no fewer by default.
const FEWEST_DIGITS: usize = 7;

/// Returns the entries of the conventional commits of the section's packages: breaking changes first, then the oldest first. A commit
/// about an issue that a fragment describes has none, nor has one that `[Unreleased]` already lists.
pub(super) fn changes(
    context: ReleaseContext<'_>,
    unit: &SectionTarget<'_>,
    fragments: &[&Fragment],
    pending: &Pending,
) -> Vec<Change> {
    if !unit.config.takes_commits() {
        return Vec::new();
    }
    let told: BTreeSet<&str> = fragments.iter().filter_map(|fragment| issue(&fragment.slug)).collect();
    let written = Written::of(pending);
    let mut seen = BTreeSet::new();
    let mut changes = Vec::new();
    let own = Some(unit.lead.id.as_str()).filter(|_| unit.packages.len() == 1);
    for (package, commit) in commits(context, unit) {
        let mut notes = commit.message.notes.as_slice();
        if written.names(&commit.id) || commit.message.issues.iter().any(|issue| told.contains(issue.as_str())) {
            continue;
        }
        for change in &commit.message.changes {
            // Changes of this type are not for readers.
            let Some(kind) = unit.config.commits.kind(&change.kind, change.breaking) else { continue };
            let plain = plain(change, own);
            // A commit and its cherry-pick are one change.
            let is_new = seen.insert((kind, plain.clone()));
            let is_told = mentions(&change.description).any(|mention| told.contains(mention.number));
            if is_told || !is_new || written.holds(&plain) {
                continue;
            }
            let mut text = linked(&plain, unit.config, &commit.id);
            if written.holds(&text) {
                continue;
            }
            if change.breaking {
                text.push_str(&append_notes(std::mem::take(&mut notes), &change.description));
            }
            let entry = SectionEntry {
                text,
                slug: String::new(),
                package: package.to_owned(),
                commit: commit.id.to_string(),
                breaking: change.breaking,
            };
            changes.push(Change { kind: kind.to_owned(), entry });
        }
    }
    changes.sort_by_key(|change| !change.entry.breaking);
    changes
}

/// The commits of a section's packages, each once and with the first of them, the oldest first.
fn commits<'a>(context: ReleaseContext<'a>, unit: &SectionTarget<'a>) -> Vec<(&'a str, &'a Commit)> {
    // The history is read where sections need it.
    let Some(history) = &context.snapshot.history else { return Vec::new() };
    let mut found: BTreeMap<CommitIx, &str> = BTreeMap::new();
    for index in &unit.packages {
        let (package, gathered) = (&context.snapshot.workspace.packages[*index], &history.packages[*index]);
        for at in gathered.told().0 {
            found.entry(at).or_insert(package.id.as_str());
        }
    }
    // The history is sorted newest first.
    found.into_iter().rev().map(|(at, package)| (package, &history.commits[at])).collect()
}

/// The issue that a fragment is named after, as in `1405` and `1405-a-few-words`.
fn issue(slug: &str) -> Option<&str> {
    let end = slug.find(|c: char| !c.is_ascii_digit()).unwrap_or(slug.len());
    let (number, rest) = slug.split_at_checked(end)?;
    (!number.is_empty() && !rest.starts_with(char::is_alphanumeric)).then_some(number)
}

/// The texts of footers about breaking changes, as further paragraphs of an entry. Often they only repeat its description.
fn append_notes(notes: &[String], description: &str) -> String {
    let mut text = String::new();
    for note in notes.iter().filter(|note| note.as_str() != description.trim()) {
        text.push('\n');
        for line in note.lines() {
            let indent = if line.trim().is_empty() { "" } else { "  " };
            text.push_str(&format!("\n{indent}{}", line.trim_end()));
        }
    }
    text
}

/// The entry of a change without links. In the section of one package alone, its own name as the scope says nothing.
fn plain(change: &Told, own: Option<&str>) -> String {
    let breaking = if change.breaking { "**Breaking:** " } else { "" };
    let scope = change.scope.as_ref().filter(|scope| !own.is_some_and(|own| is_same_name(own, scope)));
    let scope = scope.map_or(String::new(), |scope| format!("**{scope}:** "));
    let text = change.description.trim();
    // The subject that `git revert` writes.
    let text = if change.kind == "revert" { format!("Revert \"{text}\"") } else { text.to_owned() };
    format!("- {breaking}{scope}{text}")
}

/// The entry with links to its issues and its commit, where relman.toml says where they lead.
fn linked(plain: &str, config: &ChangelogConfig, id: &CommitId) -> String {
    let mut text = String::new();
    let mut from = 0;
    if let Some(url) = &config.issue_url {
        for mention in mentions(plain) {
            let end = mention.start + 1 + mention.number.len();
            // The text of a link is not linked again.
            let is_link = plain.get(..mention.start).is_some_and(|before| before.ends_with('['));
            // A mention inside another one, or in a link, stays as it is.
            let Some(before) = plain.get(from..mention.start).filter(|_| !is_link) else { continue };
            text.push_str(&format!("{before}[#{}]({})", mention.number, url.fill(|_| mention.number.to_owned())));
            from = end;
        }
    }
    // `from` is behind a digit.
    text.push_str(plain.get(from..).unwrap_or(""));
    if let Some(url) = &config.commit_url {
        text.push_str(&format!(" ([{}]({}))", id.short(), url.fill(|_| id.to_string())));
    }
    text
}

/// What `[Unreleased]` says: text written there by a person or an earlier run stays as it is and is not repeated.
struct Written<'a> {
    lines: BTreeSet<&'a str>,
    ids: BTreeSet<&'a str>,
}

impl<'a> Written<'a> {
    fn of(pending: &'a Pending) -> Self {
        let groups = pending.groups.iter().map(|group| group.text.as_str());
        let texts: Vec<&str> = [pending.prose.as_str(), &pending.loose].into_iter().chain(groups).collect();
        let lines = texts.iter().flat_map(|text| text.lines()).map(strip_bullet).collect();
        let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric()));
        let is_id =
            |word: &&str| word.len() >= FEWEST_DIGITS && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        Self { lines, ids: words.filter(is_id).collect() }
    }

    fn holds(&self, entry: &str) -> bool {
        self.lines.contains(strip_bullet(entry))
    }

    /// Returns `true` if it names this commit: by its id or by the start of it.
    fn names(&self, id: &CommitId) -> bool {
        // Among all ids, prefixes sort right before the id.
        self.ids
            .range(..=id.as_str())
            .rev()
            .take_while(|word| word.get(..FEWEST_DIGITS) == id.as_str().get(..FEWEST_DIGITS))
            .any(|word| id.as_str().starts_with(word))
    }
}

/// Strips the bullet from a line.
fn strip_bullet(line: &str) -> &str {
    let line = line.trim();
    let mark = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark));
    mark.unwrap_or(line).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::PendingGroup;
    use crate::config::MessageTemplate;

    fn conventional_change(kind: &str, scope: &str, breaking: bool, description: &str) -> Told {
        let scope = (!scope.is_empty()).then(|| scope.to_owned());
        Told { kind: kind.to_owned(), scope, breaking, description: description.to_owned() }
    }

    #[test]
    fn a_commit_becomes_its_description() {
        let table = [
            (conventional_change("feat", "Web", false, "add x"), "- add x"),
            (conventional_change("feat", "@acme/web", false, "add x"), "- add x"),
            (conventional_change("feat", "web-ui", false, "add x"), "- **web-ui:** add x"),
            (conventional_change("feat", "", false, "add x"), "- add x"),
            (conventional_change("feat", "api", false, "add x (#12)"), "- **api:** add x (#12)"),
            (conventional_change("fix", "api", true, "drop y"), "- **Breaking:** **api:** drop y"),
            (conventional_change("revert", "", false, "feat: add x"), "- Revert \"feat: add x\""),
        ];
        for (change, expected) in table {
            assert_eq!(plain(&change, Some("web")), expected);
        }
        assert_eq!(plain(&conventional_change("feat", "web", false, "add x"), None), "- **web:** add x");
    }

    #[test]
    fn footers_of_breaking_changes_follow_the_entry() {
        let notes = ["y is gone\n\n- use z".to_owned(), "drop y".to_owned()];
        assert_eq!(append_notes(&notes, "drop y"), "\n\n  y is gone\n\n  - use z");
        assert_eq!(append_notes(&[], "drop y"), "");
    }

    #[test]
    fn links_where_relman_toml_says_where_they_lead() {
        let url = |text: &str| Some(MessageTemplate::new(text, &["id"]).unwrap());
        let id = CommitId::new("0123456789abcdef".repeat(3).get(..40).unwrap().to_owned());
        let mut config = ChangelogConfig::default();
        assert_eq!(linked("- x (#1)", &config, &id), "- x (#1)");
        config.issue_url = url("i/{id}");
        assert_eq!(linked("- ü #1, a#2 and [#3](y) (#4)", &config, &id), "- ü [#1](i/1), a#2 and [#3](y) ([#4](i/4))");
        config.commit_url = url("c/{id}");
        let expected = format!("- x ([{}](c/{}))", id.short(), id.as_str());
        assert_eq!(linked("- x", &config, &id), expected);
    }

    #[test]
    fn fragments_named_after_an_issue() {
        let table = [("1405", "1405"), ("1405-x", "1405"), ("1405_x", "1405"), ("1405x", ""), ("x-1405", ""), ("", "")];
        for (slug, expected) in table {
            assert_eq!(issue(slug).unwrap_or(""), expected, "{slug}");
        }
    }

    #[test]
    fn what_is_written_already() {
        let group = |text: &str| PendingGroup { text: text.to_owned(), ..PendingGroup::default() };
        let groups = vec![group("- add x\n  and more\n* **api:** y"), group("- z ([abcdef12](url))\n- see deadbee")];
        let mut pending = Pending::default();
        (pending.prose, pending.groups) = ("About abcdef1.".to_owned(), groups);
        let written = Written::of(&pending);
        for (entry, expected) in [("- add x", true), ("- **api:** y", true), ("- add", false), ("- and more", true)] {
            assert_eq!(written.holds(entry), expected, "{entry}");
        }
        for (id, expected) in [
            ("abcdef1234", true),
            ("abcdef1834", true),
            ("abcdef0234", false),
            ("deadbeef00", true),
            ("deadbed000", false),
        ] {
            assert_eq!(written.names(&CommitId::new(id)), expected, "{id}");
        }
    }
}
