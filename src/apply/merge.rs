//! Taking back what the run wrote in a file that somebody else changed, too.

use super::error::Failure;
use super::run_context::RunContext;
use crate::io::{self, Input};

/// Returns the text `found`, which somebody made of `new`, with the change from `old` to `new` taken back; `None` if both touch the same
/// lines.
pub(super) fn without(work: &RunContext, found: &[u8], new: &[u8], old: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    match side_by_side(found, new, old) {
        Some(merged) => Ok(Some(merged)),
        None => by_git(work, found, new, old),
    }
}

/// A part of a text, from one byte up to another one.
type Part = (usize, usize);

/// The same where each side is one change: git takes changes in neighbouring lines for a conflict.
fn side_by_side(found: &[u8], new: &[u8], old: &[u8]) -> Option<Vec<u8>> {
    let ours = whole_lines(new, differing(new, old, Lead::Prefix));
    let replaced = old.get(ours.0..(ours.1 + old.len()).checked_sub(new.len())?)?;
    for lead in [Lead::Prefix, Lead::Suffix] {
        let theirs = differing(new, found, lead);
        let shifted = |at: usize| (at + found.len()).checked_sub(new.len());
        let place = if ours.1 <= theirs.0 {
            Some(ours)
        } else if theirs.1 <= ours.0 {
            Some((shifted(ours.0)?, shifted(ours.1)?))
        } else {
            None
        };
        if let Some((start, end)) = place {
            return Some([found.get(..start)?, replaced, found.get(end..)?].concat());
        }
    }
    None
}

/// Which end of two texts is compared first: a change between equal bytes can be placed in several ways.
#[derive(Clone, Copy)]
enum Lead {
    Prefix,
    Suffix,
}

/// Returns the part of a text that another one has differently.
fn differing(text: &[u8], other: &[u8], lead: Lead) -> Part {
    let shorter = text.len().min(other.len());
    let prefix = |most: usize| text.iter().zip(other).take(most).take_while(|(a, b)| a == b).count();
    let suffix = |most: usize| text.iter().rev().zip(other.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    match lead {
        Lead::Prefix => {
            let start = prefix(shorter);
            (start, text.len() - suffix(shorter - start))
        }
        Lead::Suffix => {
            let rest = suffix(shorter);
            (prefix(shorter - rest), text.len() - rest)
        }
    }
}

/// Widens a part to whole lines: half of a version is not a change of its own.
fn whole_lines(text: &[u8], (start, end): Part) -> Part {
    // Both ends are in the text, so that neither is empty by chance.
    let (before, behind) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if end > start && text.get(end - 1) == Some(&b'\n') {
        return (start, end);
    }
    (start, behind.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| end + at + 1))
}

/// Has git take the way from one text to another one to a third.
fn by_git(work: &RunContext, onto: &[u8], from: &[u8], to: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    let folder = work.own("merge");
    io::create_dirs(&folder)?;
    let mut paths = Vec::new();
    for (name, bytes) in [("onto", onto), ("from", from), ("to", to)] {
        let path = folder.join(name);
        io::write_file(&path, bytes)?;
        paths.push(path.display().to_string());
    }
    let mut args = vec!["merge-file", "--stdout", "--quiet", "--"];
    args.extend(paths.iter().map(String::as_str));
    let run = work.git.try_read(&args, Input::Nothing)?;
    Ok(run.is_success().then_some(run.stdout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_beside_ours_is_kept() {
        for (found, new, old, expected) in [
            ("v 2\nmore\n", "v 2\n", "v 1\n", "v 1\nmore\n"),
            ("top\nv 2\n", "v 2\n", "v 1\n", "top\nv 1\n"),
            ("n\n  \"l\"\n  \"v\": 2\n", "n\n  \"v\": 2\n", "n\n  \"v\": 1\n", "n\n  \"l\"\n  \"v\": 1\n"),
            ("v 2", "v 2", "v 1", "v 1"),
            ("v 2\n", "x\nv 2\n", "x\nv 1\n", "v 1\n"),
            ("a\nb\nmine\nc\n", "a\nb\nc\n", "a\nc\n", "a\nmine\nc\n"),
        ] {
            let merged = side_by_side(found.as_bytes(), new.as_bytes(), old.as_bytes());
            assert_eq!(merged.map(|bytes| String::from_utf8(bytes).unwrap()).as_deref(), Some(expected), "{found:?}");
        }
    }

    #[test]
    fn a_change_of_the_same_line_cannot_be_taken_apart() {
        for (found, new, old) in [
            ("v 2.5\n", "v 2.0\n", "v 1.0\n"),
            ("mine\n", "v 2\n", "v 1\n"),
            ("top\nv 2 # mine\n", "v 2\n", "v 1\n"),
            ("", "v 2\n", "v 1\n"),
        ] {
            assert_eq!(side_by_side(found.as_bytes(), new.as_bytes(), old.as_bytes()), None, "{found:?}");
        }
    }
}
