//! [`cancelled`]: commits that revert each other.

use std::collections::{BTreeMap, BTreeSet};

use super::gathered::Commit;
use super::reverted::Reverted;
use crate::model::CommitIx;

/// Returns which of these numbered commits cancel out: those that another one of them reverts, and those that only revert
/// others of them. A commit that is itself reverted reverts nothing.
#[must_use]
pub fn cancelled(commits: &[(CommitIx, &Commit)]) -> BTreeSet<CommitIx> {
    let mut reverters: BTreeMap<CommitIx, Vec<CommitIx>> = BTreeMap::new();
    for (at, commit) in commits.iter().filter(|(_, commit)| !commit.message.reverts.is_empty()) {
        for reverted in &commit.message.reverts {
            let is_meant = |(other, known): &&(CommitIx, &Commit)| other != at && reverted.means(&known.id);
            let meant = commits.iter().filter(is_meant).map(|(other, _)| *other);
            meant.for_each(|other| reverters.entry(other).or_default().push(*at));
        }
    }
    let mut known = BTreeMap::new();
    let is_there =
        |at: CommitIx, reverted: &Reverted| commits.iter().any(|(other, c)| *other != at && reverted.means(&c.id));
    // A revert of something that was released has to be released itself.
    let is_settled = |(at, commit): &(CommitIx, &Commit)| {
        commit.message.is_revert && commit.message.reverts.iter().all(|reverted| is_there(*at, reverted))
    };
    let mut is_gone =
        |commit: &(CommitIx, &Commit)| is_reverted(commit.0, &reverters, &mut known) || is_settled(commit);
    commits.iter().filter(|commit| is_gone(commit)).map(|(at, _)| *at).collect()
}

/// Returns `true` if one of the commits that revert this one is not itself reverted.
fn is_reverted(
    at: CommitIx,
    reverters: &BTreeMap<CommitIx, Vec<CommitIx>>,
    known: &mut BTreeMap<CommitIx, bool>,
) -> bool {
    if let Some(known) = known.get(&at) {
        return *known;
    }
    // A commit cannot name a later one, so only abbreviated ids could form a circle.
    known.insert(at, false);
    let by = reverters.get(&at).into_iter().flatten();
    let is_reverted = by.copied().any(|by| !is_reverted(by, reverters, known));
    known.insert(at, is_reverted);
    is_reverted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Message;
    use crate::model::{CommitBody, CommitId, IndexVec};

    #[test]
    fn what_is_left_of_commits_that_take_each_other_back() {
        // The newest one first: the digit of its id and its message, where `@n` stands for an id.
        let table: [(&[(&str, &str)], &str); 9] = [
            (&[("2", "Revert \"x\"\n\nThis reverts commit @1."), ("1", "feat!: x")], ""),
            (
                &[
                    ("3", "Reapply \"x\"\n\nThis reverts commit @2."),
                    ("2", "Revert \"x\"\n\nThis reverts commit @1."),
                    ("1", "feat!: x"),
                ],
                "1",
            ),
            (
                &[
                    ("4", "Revert\n\nThis reverts commit @3."),
                    ("3", "Reapply \"x\"\n\nThis reverts commit @2."),
                    ("2", "Revert \"x\"\n\nThis reverts commit @1."),
                    ("1", "feat!: x"),
                ],
                "",
            ),
            (&[("2", "Revert \"x\"\n\nThis reverts commit @9."), ("1", "feat: x")], "21"),
            (&[("2", "revert: feat: x\n\nRefs: 1111111"), ("1", "feat: x")], ""),
            (&[("3", "revert: both\n\nThis reverts commits @1 and @9."), ("1", "feat: x")], "3"),
            (&[("2", "fix: no x\n\nThis reverts commit @1."), ("1", "feat: x")], "2"),
            (&[("2", "Drop x\n\n> This reverts commit @1."), ("1", "feat: x")], "21"),
            (&[("3", "feat: x"), ("2", "Revert \"x\"\n\nThis reverts commit @1."), ("1", "feat: x")], "3"),
        ];
        for (history, expected) in table {
            let full = |digit: &str| digit.repeat(40);
            let commit = |(digit, text): &(&str, &str)| {
                let text =
                    ["1", "2", "3", "9"].iter().fold((*text).to_owned(), |t, d| t.replace(&format!("@{d}"), &full(d)));
                Commit {
                    id: CommitId::new(full(digit)),
                    message: Message::read(text.as_bytes(), CommitBody::Footers, |_| false),
                }
            };
            let commits: Vec<Commit> = history.iter().map(commit).collect();
            let commits: IndexVec<CommitIx, Commit> = commits.into();
            let numbered: Vec<(CommitIx, &Commit)> = commits.entries().collect();
            let gone = cancelled(&numbered);
            let left: String = numbered
                .iter()
                .filter(|(at, _)| !gone.contains(at))
                .map(|(_, c)| c.id.as_str().chars().next().unwrap())
                .collect();
            assert_eq!(left, expected, "{history:?}");
        }
    }
}
