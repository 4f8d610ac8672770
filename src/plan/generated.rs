//! Files that generators make: how they become part of a plan, and what they must leave alone.

use super::file_changes::FileChange;
use super::release_plan::ReleasePlan;
use crate::snapshot::Snapshot;
use crate::text::{Fingerprint, Span, TextEdits};

/// Returns what happens to a file that a generator rewrote: `planned` is what the plan does to it already, `old` its text now (`None` if it
/// does not exist), `new` the text that it gets (`None` if it is deleted). `None` if nothing happens to it.
#[must_use]
pub fn rewritten(planned: Option<&FileChange>, old: Option<&str>, new: Option<String>) -> Option<FileChange> {
    match (old, new) {
        (None, None) => None,
        (None, Some(text)) => Some(FileChange::Create { text }),
        (Some(old), None) => Some(FileChange::delete(old)),
        (Some(old), Some(new)) => {
            let slots = planned.map_or(Vec::new(), |planned| planned.slots().to_vec());
            let before = Fingerprint::of(old.as_bytes());
            Some(FileChange::Edit { slots, before, edits: replacement(old, &new) })
        }
    }
}

/// One edit of all that is between the first and the last byte that differ.
fn replacement(old: &str, new: &str) -> TextEdits {
    let start = common(old.chars(), new.chars());
    let (rest, new_rest) = (old.get(start..).unwrap_or(""), new.get(start..).unwrap_or(""));
    let end = common(rest.chars().rev(), new_rest.chars().rev());
    let span = Span::new(start, old.len() - end);
    // Both ends are between characters, too.
    let text = new.get(start..new.len() - end).unwrap_or("").to_owned();
    // Both ends are between characters that the texts share.
    TextEdits::of(old, [(span, text)]).unwrap_or_default()
}

/// How many bytes two texts share from where they are read.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// Returns the places at which packages of a release do not have the planned version, in words.
#[must_use]
pub fn not_as_planned(made: &Snapshot, plan: &ReleasePlan) -> Vec<String> {
    let mut places = Vec::new();
    for bump in &plan.bumps {
        // A package that a generator removed has no place left.
        let Some(index) = made.workspace.index_of(&bump.package) else {
            places.push(format!("`{}` is gone", bump.package));
            continue;
        };
        let package = &made.workspace.packages[index];
        let planned = package.scheme.parse_lenient(&bump.to).ok();
        let differs = package.slots.iter().filter(|slot| planned.as_ref() != Some(&slot.value));
        places.extend(differs.map(|slot| format!("{} has {}", slot.file, slot.scalar.text)));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewritten_file_is_one_edit() {
        let cases = [
            ("abc", "abc", ""),
            ("abc", "axc", "x"),
            ("äöü", "äü", ""),
            ("aaa", "aaaa", "a"),
            ("aaaa", "aa", ""),
            ("", "new", "new"),
            ("one\r\ntwo\r\n", "one\r\n2\r\n", "2"),
        ];
        for (old, new, inserted) in cases {
            let Some(FileChange::Edit { edits, .. }) = rewritten(None, Some(old), Some(new.to_owned())) else {
                panic!("{old} is edited");
            };
            assert_eq!(edits.apply(old).unwrap(), new);
            assert_eq!(edits.as_slice().first().map_or("", |edit| edit.new.as_str()), inserted, "{old} {new}");
        }
        assert_eq!(rewritten(None, None, None), None);
        assert!(matches!(rewritten(None, Some("x"), None), Some(FileChange::Delete { .. })));
        assert!(matches!(rewritten(None, None, Some("x".to_owned())), Some(FileChange::Create { .. })));
    }
}
