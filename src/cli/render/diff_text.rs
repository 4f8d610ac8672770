//! What changes in files, as a diff in the unified format.

use std::collections::BTreeMap;

use crate::cli::output::{FAINT, GOOD, LABEL, OLD};
use crate::model::RepoPath;
use crate::plan::{Action, FilePlan};

/// How many unchanged lines stand around a change.
const AROUND: usize = 3;

/// Writes the changes of files whose texts are given. Files that go are named, not shown.
pub(in crate::cli) fn diff_text(files: &[FilePlan], texts: &BTreeMap<&RepoPath, &str>) -> String {
    let mut out = String::new();
    for file in files {
        let path = &file.path;
        let old = texts.get(path).copied().unwrap_or("");
        match file.action {
            Action::Delete => out.push_str(&format!("{FAINT}delete{FAINT:#} {path}\n")),
            Action::Create => {
                out.push_str(&format!("{LABEL}--- /dev/null\n+++ {path}{LABEL:#}\n"));
                out.push_str(&hunks("", file.content.as_deref().unwrap_or("")));
            }
            Action::Edit => {
                let new = file.edits.apply(old).unwrap_or_else(|_| old.to_owned());
                out.push_str(&format!("{LABEL}--- {path}\n+++ {path}{LABEL:#}\n{}", hunks(old, &new)));
            }
        }
    }
    out
}

/// A line of a diff, by its place in the old and the new text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Both(usize, usize),
    Old(usize),
    New(usize),
}

fn hunks(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let lines = compared(&old, &new);
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Both(..))).map(|(at, _)| at).collect();
    let mut out = String::new();
    for (start, end) in ranges(&changed, lines.len()) {
        let part = lines.get(start..end).unwrap_or(&[]);
        let before = lines.get(..start).unwrap_or(&[]);
        let count = |lines: &[Line]| {
            let of_old = lines.iter().filter(|line| !matches!(line, Line::New(_))).count();
            let of_new = lines.iter().filter(|line| !matches!(line, Line::Old(_))).count();
            (of_old, of_new)
        };
        let ((a, b), (from, to)) = (count(before), count(part));
        // An empty part stands behind the line that is named.
        let first = |at: usize, count: usize| if count == 0 { at } else { at + 1 };
        out.push_str(&format!("{FAINT}@@ -{},{from} +{},{to} @@{FAINT:#}\n", first(a, from), first(b, to)));
        for line in part {
            let text = |lines: &[&str], at: usize| lines.get(at).copied().unwrap_or("").to_owned();
            out.push_str(&match line {
                Line::Both(at, _) => format!(" {}\n", text(&old, *at)),
                Line::Old(at) => format!("{OLD}-{}{OLD:#}\n", text(&old, *at)),
                Line::New(at) => format!("{GOOD}+{}{GOOD:#}\n", text(&new, *at)),
            });
        }
    }
    out
}

/// Joins changes that are near each other, with the lines around them.
fn ranges(changed: &[usize], lines: usize) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for at in changed {
        let (start, end) = (at.saturating_sub(AROUND), (at + 1 + AROUND).min(lines));
        match ranges.last_mut() {
            Some(last) if start <= last.1 => last.1 = end,
            _ => ranges.push((start, end)),
        }
    }
    ranges
}

/// Compares two texts: what is the same at both ends stays, and between them the longest lines in common are looked for, each as soon as
/// it comes. That is not always the shortest diff, and takes no more time than the texts are long.
fn compared(old: &[&str], new: &[&str]) -> Vec<Line> {
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (old.get(same..).unwrap_or(&[]), new.get(same..).unwrap_or(&[]));
    let tail = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let mut lines: Vec<Line> = (0..same).map(|at| Line::Both(at, at)).collect();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in new.iter().enumerate().take(new_end).skip(same).filter(|(_, line)| !line.trim().is_empty()) {
        places.entry(line).or_default().push(at);
    }
    let mut next = same;
    for (at, line) in old.iter().enumerate().take(old_end).skip(same) {
        let found = places.get(line).and_then(|places| places.get(places.partition_point(|place| *place < next)));
        match found {
            Some(place) => {
                lines.extend((next..*place).map(Line::New));
                lines.push(Line::Both(at, *place));
                next = place + 1;
            }
            // A blank line is only the same where it comes next.
            None if new.get(next).filter(|_| next < new_end) == Some(line) => {
                lines.push(Line::Both(at, next));
                next += 1;
            }
            None => lines.push(Line::Old(at)),
        }
    }
    lines.extend((next..new_end).map(Line::New));
    lines.extend((0..tail).map(|at| Line::Both(old_end + at, new_end + at)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(old: &str, new: &str) -> String {
        anstream::adapter::strip_str(&hunks(old, new)).to_string()
    }

    #[test]
    fn diffs_are_unified() {
        let table = [
            ("", "", ""),
            ("a\n", "a\n", ""),
            ("", "a\n", "@@ -0,0 +1,1 @@\n+a\n"),
            ("a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"),
            (
                "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
                "1\n2\n3\n4\nx\n5\n6\n7\n8\n",
                "@@ -2,8 +2,8 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n 8\n-9\n",
            ),
            ("u\n\no\n\nz\n", "u\n\n# A\n\no\nn\n\nz\n", "@@ -1,5 +1,8 @@\n u\n \n+# A\n+\n o\n+n\n \n z\n"),
        ];
        for (old, new, expected) in table {
            assert_eq!(plain(old, new), expected, "{old:?} {new:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_diff_leads_from_one_text_to_the_other(old in "([abc]?\n){0,12}", new in "([abc]?\n){0,12}") {
            let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
            let lines = compared(&old, &new);
            let olds: Vec<usize> = lines.iter().filter_map(|line| match line { Line::Both(at, _) | Line::Old(at) => Some(*at), Line::New(_) => None }).collect();
            let news: Vec<usize> = lines.iter().filter_map(|line| match line { Line::Both(_, at) | Line::New(at) => Some(*at), Line::Old(_) => None }).collect();
            assert_eq!(olds, (0..old.len()).collect::<Vec<_>>());
            assert_eq!(news, (0..new.len()).collect::<Vec<_>>());
            assert!(lines.iter().all(|line| !matches!(line, Line::Both(a, b) if old[*a] != new[*b])));
        }
    }
}
