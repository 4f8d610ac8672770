//! [`hunks`]: the effect of edits on a text, line by line. [`unified`]: the difference of two texts.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Edit, Span, TextEdits};

/// How many lines of context a hunk has.
const CONTEXT: usize = 3;

/// A part of a text in which lines change, with a few lines around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk<'a> {
    /// Its first line in the old text, from 1.
    pub line: usize,
    /// Its lines, without their line ends.
    pub lines: Vec<DiffLine<'a>>,
}

/// A line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffLine<'a> {
    /// It is unchanged.
    Same(&'a str),
    /// It is removed.
    Old(&'a str),
    /// It is added.
    New(String),
}

/// Returns the hunks of edits, in the order of the text. Edits that do not fit the text are left out.
#[must_use]
pub fn hunks<'a>(text: &'a str, edits: &TextEdits) -> Vec<Hunk<'a>> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |at: usize| starts.partition_point(|start| *start <= at).saturating_sub(1);
    let mut groups: Vec<(usize, usize, Vec<Edit>)> = Vec::new();
    for edit in edits.as_slice().iter().filter(|edit| edit.span.of(text) == Some(&edit.old)) {
        let first = line_of(edit.span.start).saturating_sub(CONTEXT);
        let last = (line_of(edit.span.end) + CONTEXT + 1).min(starts.len());
        match groups.last_mut().filter(|(_, end, _)| first <= *end) {
            Some((_, end, edits)) => {
                *end = last;
                edits.push(edit.clone());
            }
            None => groups.push((first, last, vec![edit.clone()])),
        }
    }
    let byte = |line: usize| starts.get(line).copied().unwrap_or(text.len());
    let of_group = |(first, last, edits): (usize, usize, Vec<Edit>)| {
        let (from, to) = (byte(first), byte(last));
        let old = text.get(from..to)?;
        let moved = |edit: Edit| {
            Some(Edit { span: Span::new(edit.span.start.checked_sub(from)?, edit.span.end.checked_sub(from)?), ..edit })
        };
        let new = TextEdits::new(edits.into_iter().filter_map(moved).collect()).ok()?.apply(old).ok()?;
        Some(compared(first + 1, old, &new))
    };
    groups.into_iter().filter_map(of_group).flatten().collect()
}

/// Returns the difference of two texts as a unified diff, as `patch` and git read it; empty if they are the same. The names are those of the
/// old and of the new file.
#[must_use]
pub fn unified((old_name, old): (&str, &str), (new_name, new): (&str, &str)) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut out = String::new();
    for ops in similar::group_diff_ops(capture_diff_slices(Algorithm::Myers, &before, &after), CONTEXT) {
        let (Some(first), Some(last)) = (ops.first(), ops.last()) else { continue };
        let (old, new) = (first.old_range().start..last.old_range().end, first.new_range().start..last.new_range().end);
        if out.is_empty() {
            out.push_str(&format!("--- {old_name}\n+++ {new_name}\n"));
        }
        out.push_str(&format!("@@ -{} +{} @@\n", counted(&old), counted(&new)));
        for op in ops {
            let is_same = matches!(op, DiffOp::Equal { .. });
            let old = before.get(op.old_range()).unwrap_or_default();
            let new = after.get(op.new_range()).filter(|_| !is_same).unwrap_or_default();
            old.iter().for_each(|line| push(&mut out, if is_same { ' ' } else { '-' }, line));
            new.iter().for_each(|line| push(&mut out, '+', line));
        }
    }
    out
}

/// The first line of a hunk, or the one before an empty one, and how many lines it has.
fn counted(lines: &Range<usize>) -> String {
    format!("{},{}", if lines.is_empty() { lines.start } else { lines.start + 1 }, lines.len())
}

fn push(out: &mut String, sign: char, line: &str) {
    out.push(sign);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

/// Compares two texts, the old one starting at this line.
fn compared<'a>(line: usize, old: &'a str, new: &str) -> Vec<Hunk<'a>> {
    let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let ops = capture_diff_slices(Algorithm::Myers, &before, &after);
    let hunk = |ops: Vec<DiffOp>| {
        let start = ops.first().map_or(0, |op| op.old_range().start);
        let mut lines = Vec::new();
        for op in ops {
            let old = before.get(op.old_range()).unwrap_or_default().iter().copied();
            if let DiffOp::Equal { .. } = op {
                lines.extend(old.map(DiffLine::Same));
                continue;
            }
            lines.extend(old.map(DiffLine::Old));
            let new = after.get(op.new_range()).unwrap_or_default();
            lines.extend(new.iter().map(|line| DiffLine::New((*line).to_owned())));
        }
        Hunk { line: line + start, lines }
    };
    similar::group_diff_ops(ops, CONTEXT).into_iter().map(hunk).filter(|hunk| !hunk.lines.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start and end of the replaced bytes, and the new text.
    type Change = (usize, usize, &'static str);

    fn edits_of(text: &str, edits: &[Change]) -> TextEdits {
        TextEdits::of(text, edits.iter().map(|(start, end, new)| (Span::new(*start, *end), (*new).to_owned()))).unwrap()
    }

    fn render(text: &str, edits: &TextEdits) -> String {
        let line = |line: &DiffLine<'_>| match line {
            DiffLine::Same(text) => format!(" {text}"),
            DiffLine::Old(text) => format!("-{text}"),
            DiffLine::New(text) => format!("+{text}"),
        };
        let hunk =
            |hunk: &Hunk<'_>| format!("{}:{}", hunk.line, hunk.lines.iter().map(line).collect::<Vec<_>>().join("|"));
        hunks(text, edits).iter().map(hunk).collect::<Vec<_>>().join(" ; ")
    }

    #[test]
    fn the_difference_of_two_texts_is_one_that_git_applies() {
        let diff = |old, new| unified(("a/x", old), ("b/x", new));
        assert_eq!(diff("a\nb\n", "a\nb\n"), "");
        assert_eq!(
            diff("a\nb\n", "a\nc"),
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file\n"
        );
        assert_eq!(diff("", "a\n"), "--- a/x\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n");
        let lines = |skipped| (0..20).filter(|n| *n != skipped).map(|n| format!("{n}\n")).collect::<String>();
        let found = diff(&lines(99), &lines(10));
        assert_eq!(found, "--- a/x\n+++ b/x\n@@ -8,7 +8,6 @@\n 7\n 8\n 9\n-10\n 11\n 12\n 13\n");
    }

    #[test]
    fn lines_that_change_and_a_few_around_them() {
        let text = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
        let table: [(&str, &[Change], &str); 8] = [
            (text, &[], ""),
            (text, &[(0, 0, "x\n")], "1:+x| a| b| c"),
            (text, &[(8, 9, "x")], "2: b| c| d|-e|+x| f| g| h"),
            (text, &[(0, 1, "x"), (22, 22, "y\n")], "1:-a|+x| b| c| d ; 9: i| j| k|+y| l"),
            (text, &[(0, 1, "x"), (10, 11, "y")], "1:-a|+x| b| c| d| e|-f|+y| g| h| i"),
            // Lines that only move a little and come back are not a change.
            ("a\nb\nc\n", &[(2, 4, ""), (4, 4, "b\nd\n")], "1: a| b|+d| c"),
            ("a\r\nb\r\n", &[(3, 3, "x\r\n")], "1: a|+x| b"),
            ("", &[(0, 0, "x")], "1:+x"),
        ];
        for (text, edits, expected) in table {
            assert_eq!(render(text, &edits_of(text, edits)), expected, "{text:?} {edits:?}");
        }
        assert_eq!(render("a", &edits_of("012345", &[(5, 6, "x")])), "");
    }
}
