//! [`Message`]: what a commit message says about a release.

use std::collections::BTreeSet;

use git_conventional::Commit;

use super::body::spoken;
use super::issues::issues;
use super::release_lines::{ReleasedPackage, released_package};
use super::release_trailer::released_tag;
use super::reverted::{Reverted, reverts};
use crate::model::CommitBody;

/// The types that the lines of a squashed commit may have beside those of relman.toml: those of the conventional commits' own examples.
const COMMON_TYPES: [&str; 11] =
    ["build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"];

/// A commit message, read according to conventional commits 1.0.0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub subject: String,
    /// The changes that it describes: one for a conventional commit, several for a squashed one, none for any other.
    pub changes: Vec<Told>,
    /// The texts of its `BREAKING CHANGE` footers.
    pub notes: Vec<String>,
    /// The numbers of the issues and pull requests that it refers to.
    pub issues: BTreeSet<String>,
    /// Whether relman made it as a release commit.
    pub is_release: bool,
    /// The tags of the releases in it: those of relman's own commit, even if that was squashed with others.
    pub released: Vec<String>,
    /// The packages and versions that its lines name as those of a release commit do.
    pub packages: Vec<ReleasedPackage>,
    /// The commits that it reverts.
    pub reverts: Vec<Reverted>,
    /// Whether it only reverts others.
    pub is_revert: bool,
}

/// A change that a message describes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// Its type in lower case, as in `feat`.
    pub kind: String,
    /// Its scope.
    pub scope: Option<String>,
    /// Whether it is a breaking change.
    pub breaking: bool,
    /// The text after the colon.
    pub description: String,
}

impl Message {
    /// Reads a message. Bytes that are not UTF-8 are replaced. `is_type` decides which types relman.toml knows.
    #[must_use]
    pub fn read(bytes: &[u8], of_body: CommitBody, is_type: impl Fn(&str) -> bool) -> Self {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let text = text.trim();
        let (subject, body) = text.split_once('\n').unwrap_or((text, ""));
        let subject = subject.trim_end();
        let spoken = spoken(subject, body);
        let mut changes: Vec<Told> = headline(subject).into_iter().collect();
        let is_headed = !changes.is_empty();
        let takes_lines = !is_headed || of_body == CommitBody::Lines;
        // A squashed commit often repeats its first line.
        let mut seen: BTreeSet<Told> = changes.iter().cloned().collect();
        for line in spoken.iter().map(|line| strip_bullet(line)) {
            if is_breaking(line) {
                // It belongs to the line before it, even if several commits were squashed into one.
                changes.last_mut().into_iter().for_each(|change| change.breaking = true);
            } else if takes_lines
                && let Some(told) = squashed(line, &is_type)
                && seen.insert(told.clone())
            {
                changes.push(told);
            }
        }
        let is_revert = is_revert(subject);
        let reverts = reverts(&spoken, is_revert);
        Self {
            subject: subject.to_owned(),
            issues: issues(subject, body),
            // The items of a squash are changes in addition to the release.
            is_release: is_release(text) && !spoken.iter().any(|line| line.starts_with("* ")),
            released: spoken.iter().filter_map(|line| released_tag(line)).map(str::to_owned).collect(),
            packages: spoken.iter().filter_map(|line| released_package(line)).collect(),
            is_revert: !reverts.is_empty() && (is_revert || changes.is_empty()),
            reverts,
            notes: notes(body, &spoken, &is_type),
            changes,
        }
    }
}

/// The change that the first line describes.
fn headline(subject: &str) -> Option<Told> {
    Commit::parse(subject).map_or_else(|_| quoted(subject), |commit| Some(parse_change(&commit)))
}

/// Returns `true` if the first line says that something is reverted or reapplied.
fn is_revert(subject: &str) -> bool {
    let is_quoted = subject.starts_with("Revert \"") || subject.starts_with("Reapply \"");
    is_quoted || headline(subject).is_some_and(|told| told.kind == "revert")
}

/// `git revert` quotes the reverted subject, and reverting that reapplies it.
fn quoted(subject: &str) -> Option<Told> {
    let inside = |word: &str| subject.strip_prefix(word)?.strip_prefix(" \"")?.strip_suffix('"');
    if let Some(inner) = inside("Reapply") {
        return Commit::parse(inner).ok().map(|commit| parse_change(&commit));
    }
    let description = inside("Revert")?.to_owned();
    Some(Told { kind: "revert".to_owned(), scope: None, breaking: false, description })
}

/// A line of a squashed commit: conventional, and of a type that is one, since any `Word: text` has the same form.
fn squashed(line: &str, is_type: impl Fn(&str) -> bool) -> Option<Told> {
    let word = line.split_once(['(', ':', '!'])?.0;
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) || !(COMMON_TYPES.contains(&word) || is_type(word)) {
        return None;
    }
    Commit::parse(line).ok().map(|commit| parse_change(&commit))
}

fn parse_change(commit: &Commit<'_>) -> Told {
    Told {
        kind: commit.type_().as_str().to_ascii_lowercase(),
        scope: commit.scope().map(|scope| scope.as_str().to_owned()),
        breaking: commit.breaking(),
        description: commit.description().to_owned(),
    }
}

/// Strips the bullet from a line, and the indentation of `git merge --squash`.
fn strip_bullet(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("* ").or_else(|| line.strip_prefix("- ")).unwrap_or(line).trim_start()
}

/// Rules 11, 12 and 16 of conventional commits 1.0.0: upper case, with a space or a hyphen.
fn is_breaking(line: &str) -> bool {
    breaking(line).is_some()
}

/// The text of a footer about a breaking change, as far as it is on the first line.
fn breaking(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("BREAKING CHANGE").or_else(|| line.strip_prefix("BREAKING-CHANGE"))?;
    rest.strip_prefix(": ").or_else(|| rest.strip_prefix(" #"))
}

/// The texts of the footers about breaking changes, as far as its author wrote them. A footer continues until the next footer, the next
/// line of a squashed commit, or a rule.
fn notes(body: &str, spoken: &[&str], is_type: impl Fn(&str) -> bool) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let (mut is_open, mut is_code) = (false, false);
    for line in body.lines() {
        let bare = strip_bullet(line);
        is_code ^= bare.starts_with("```");
        if let Some(text) = breaking(bare) {
            is_open = spoken.iter().any(|own| own.trim() == line.trim());
            notes.extend(is_open.then(|| text.trim().to_owned()));
        } else if !is_code && (is_footer(bare) || squashed(bare, &is_type).is_some() || is_rule(bare)) {
            is_open = false;
        } else if let Some(note) = notes.last_mut().filter(|_| is_open) {
            note.push('\n');
            note.push_str(line.trim_end());
        }
    }
    notes.iter().map(|note| note.trim().to_owned()).filter(|note| !note.is_empty()).collect()
}

/// Rule 8: a word with hyphens instead of spaces, and a separator.
fn is_footer(line: &str) -> bool {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(line.len());
    line.split_at_checked(end).is_some_and(|(word, rest)| {
        !word.trim_matches('-').is_empty() && (rest.starts_with(": ") || rest.starts_with(" #"))
    })
}

/// The line that forges put between the body and the trailers of a squashed commit.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b'-')
}

/// Git's trailers are in the last paragraph.
fn is_release(text: &str) -> bool {
    let lines = text.lines().rev().take_while(|line| !line.trim().is_empty());
    lines.into_iter().any(|line| released_tag(line).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The changes of a message in short: `feat(scope)!`.
    fn read(text: &str) -> Vec<String> {
        read_as(CommitBody::Footers, text)
    }

    fn read_as(of_body: CommitBody, text: &str) -> Vec<String> {
        let message = Message::read(text.as_bytes(), of_body, |kind| kind == "deps");
        let short = |told: Told| {
            let scope = told.scope.map(|scope| format!("({scope})")).unwrap_or_default();
            format!("{}{scope}{}", told.kind, if told.breaking { "!" } else { "" })
        };
        message.changes.into_iter().map(short).collect()
    }

    #[test]
    fn what_messages_tell() {
        let cases: &[(&str, &[&str])] = &[
            ("feat: x", &["feat"]),
            ("FEAT(Api): x", &["feat(Api)"]),
            ("fix!: x", &["fix!"]),
            ("feat(a)!: x\n\nbody", &["feat(a)!"]),
            ("fix: x\n\nbody\n\nBREAKING CHANGE: y", &["fix!"]),
            ("fix: x\n\nBREAKING-CHANGE: y", &["fix!"]),
            ("fix: x\n\nBREAKING CHANGE: y\n\nmore text behind it", &["fix!"]),
            ("fix: x\n\nBREAKING CHANGES: y", &["fix"]),
            ("fix: x\n\nbreaking change: y", &["fix"]),
            ("fix: x\r\n\r\nBREAKING CHANGE: y\r\n", &["fix!"]),
            ("feat: x\nno blank line", &["feat"]),
            ("\n\nfeat: x", &["feat"]),
            ("deps: raise y", &["deps"]),
            ("anything: goes", &["anything"]),
            ("", &[]),
            ("   \n \n", &[]),
            ("update readme", &[]),
            ("feat (scope): x", &[]),
            ("feat x", &[]),
            ("fixup! feat: x", &[]),
            ("Merge branch 'topic'", &[]),
            ("Merge pull request #1 from a/b\n\nfeat: title", &["feat"]),
            ("Add things (#12)\n\n* feat: a\n\n* fix(b): c\n", &["feat", "fix(b)"]),
            ("feat: all\n\n* feat: a\n* fix!: b\n* chore: c", &["feat"]),
            ("build(deps): raise y\n\n* feat!: of y\n\nBREAKING CHANGE: ours", &["build(deps)!"]),
            ("fix: x\n\n> BREAKING CHANGE: y", &["fix"]),
            ("fix: x\n\n```\nBREAKING CHANGE: y\n```", &["fix"]),
            ("fix: x\n\n<details>\n\nBREAKING CHANGE: y\n\n</details>", &["fix"]),
            ("fix: x\n\n> feat!: y\n\nBREAKING CHANGE: z", &["fix!"]),
            ("Bump y from 1 to 2\n\nBumps [y](u) from 1 to 2.\n\n* feat!: z\n\nBREAKING CHANGE: z", &[]),
            ("fix: a (#1)\n\n* fix: a (#1)", &["fix"]),
            ("title\n\n- feat: a\n\n  BREAKING CHANGE: b\n\n- fix: c", &["feat!", "fix"]),
            ("Squashed commit of the following:\n\ncommit 12\nAuthor: A <a@b>\n\n    feat: x\n\n    more", &["feat"]),
            ("chore: x\n\ndeps: raise y", &["chore"]),
            ("Squash\n\ndeps: raise y", &["deps"]),
            ("docs: x\n\nFixes: #12\nReviewed-by: Z\nNote: this", &["docs"]),
            ("docs: x\n\nFix: a sentence", &["docs"]),
            ("BREAKING CHANGE: alone", &[]),
            ("Revert \"feat!: x\"\n\nThis reverts commit 12.", &["revert"]),
            ("revert: feat: x", &["revert"]),
            ("Reapply \"feat!: x\"", &["feat!"]),
            ("Reapply \"something\"", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn own_release_commits_end_in_a_trailer() {
        let cases = [
            ("chore(release): a 1.0.0\n\n- a 1.0.0\n\nRelman-Release: a-v1.0.0\n", true),
            ("chore: x\r\n\r\nRelman-Release: a-v1\r\nRelman-Release: b-v1\r\n", true),
            ("feat: explain Relman-Release: in the docs", false),
            ("feat: x\n\nRelman-Release: a-v1\n\nmore", false),
            ("feat: x\n\nRelman-Releases: none", false),
        ];
        for (text, expected) in cases {
            let message = Message::read(text.as_bytes(), CommitBody::Footers, |_| false);
            assert_eq!(message.is_release, expected, "{text:?}");
        }
    }

    #[test]
    fn lines_of_a_body_count_where_they_are_asked_for() {
        let cases: &[(&str, &[&str])] = &[
            ("feat: all\n\n* feat: a\n* fix!: b\n* chore: c", &["feat", "feat", "fix!", "chore"]),
            ("fix: a (#1)\n\n* fix: a (#1)", &["fix"]),
            ("fix: a\n\n> feat!: b", &["fix"]),
        ];
        for (text, expected) in cases {
            assert_eq!(read_as(CommitBody::Lines, text), *expected, "{text:?}");
        }
    }

    #[test]
    fn a_squashed_release_commit_keeps_its_tags() {
        let cases: [(&str, &[&str]); 4] = [
            (
                "chore(release): a 1.0.0\n\nRelman-Release: a-v1.0.0\nRelman-Release: b-v2.0.0\n",
                &["a-v1.0.0", "b-v2.0.0"],
            ),
            (
                "Release (#3)\n\n* feat: x\n\n* chore(release): a 1.0.0\n\nRelman-Release: a-v1.0.0\n\n---------\n\nCo-authored-by: A <a@b>",
                &["a-v1.0.0"],
            ),
            (
                "Squashed commit of the following:\n\ncommit 1234567890123456789012345678901234567890\nAuthor: A <a@b>\n\n    chore(release): a 1.0.0\n\n    Relman-Release: a-v1.0.0",
                &["a-v1.0.0"],
            ),
            ("docs: x\n\n> Relman-Release: a-v1.0.0", &[]),
        ];
        for (text, expected) in cases {
            let message = Message::read(text.as_bytes(), CommitBody::Footers, |_| false);
            assert_eq!(message.released, expected, "{text:?}");
        }
    }

    #[test]
    fn bytes_of_any_kind_are_read() {
        let message = Message::read(b"feat: gr\xfc\xdfe\n\n\xff\xfe", CommitBody::Footers, |_| false);
        assert_eq!(message.subject, "feat: gr\u{fffd}\u{fffd}e");
        assert_eq!(message.changes.len(), 1);
        let long = format!("Squash\n\nfeat: x\n{}", "fix: a line of a very long message\n".repeat(30_000));
        assert_eq!(Message::read(long.as_bytes(), CommitBody::Footers, |_| false).changes.len(), 2);
    }

    #[test]
    fn the_texts_of_breaking_footers() {
        let table: [(&str, &[&str]); 10] = [
            ("feat: x", &[]),
            ("feat!: x\n\n> BREAKING CHANGE: quoted", &[]),
            ("fix: x\n\nBREAKING CHANGE: y:\n\n```\nz: 1\n```", &["y:\n\n```\nz: 1\n```"]),
            ("feat!: x\n\nBREAKING CHANGE is near", &[]),
            ("feat: x\n\nbody\n\nBREAKING CHANGE: y is gone\nRefs: #1\n", &["y is gone"]),
            (
                "feat: x\n\nBREAKING-CHANGE: y\n  and z\n\n- one\n- two\n\nSigned-off-by: A <a@b>",
                &["y\n  and z\n\n- one\n- two"],
            ),
            ("feat: x\r\n\r\nBREAKING CHANGE: y\r\nz\r\n", &["y\nz"]),
            ("squash (#1)\n\n* feat: a\n\nBREAKING CHANGE: b\n\n* fix: c\n\n---------\n\nmore", &["b"]),
            ("feat: x\n\nBREAKING CHANGE: y\nBREAKING CHANGE: z", &["y", "z"]),
            ("feat: x\n\nBREAKING CHANGE: ", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(Message::read(text.as_bytes(), CommitBody::Footers, |_| false).notes, expected, "{text:?}");
        }
    }
}
