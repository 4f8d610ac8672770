//! [`conflicts`]: conflicts that a merge left in files.

use std::collections::BTreeMap;

use super::finding::{Finding, FindingCode};
use crate::model::{Diagnostic, RepoPath};
use crate::snapshot::Snapshot;
use crate::text::Position;

/// The markers that git puts before, between and after the sides of a conflict; a row of `=` may also underline a Markdown title.
const MARKERS: [&str; 3] = ["<<<<<<<", "|||||||", ">>>>>>>"];

/// Returns a finding for each conflict in the files that were read.
pub(super) fn conflicts(snapshot: &Snapshot) -> Vec<Finding> {
    let broken = snapshot.workspace.broken.iter().map(|broken| &broken.diagnostic);
    let broken = broken.chain(snapshot.fragments.broken.iter().map(|broken| &broken.problem));
    let broken =
        broken.filter_map(|problem| problem.place.as_ref()).filter_map(|p| Some((&p.path, p.text.as_deref()?)));
    let mut texts = snapshot.texts();
    if snapshot.configured {
        texts.insert(&snapshot.config.path, &snapshot.config.text);
    }
    for (path, text) in broken {
        texts.entry(path).or_insert(text);
    }
    texts.into_iter().flat_map(|(path, text)| conflicts_in(path, text)).collect()
}

/// Returns a finding for each conflict in the texts that these problems are about.
#[must_use]
pub fn conflicts_behind(problems: &[Diagnostic]) -> Vec<Finding> {
    let places = problems.iter().filter_map(|problem| problem.place.as_ref());
    let texts: BTreeMap<&RepoPath, &str> = places.filter_map(|p| Some((&p.path, p.text.as_deref()?))).collect();
    texts.into_iter().flat_map(|(path, text)| conflicts_in(path, text)).collect()
}

/// Returns a finding for each conflict in a text: where it begins, or a marker that was left over.
fn conflicts_in(path: &RepoPath, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut is_open = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let marker = MARKERS.into_iter().find(|marker| {
            let rest = line.strip_prefix(marker).map(|rest| rest.trim_end_matches(['\n', '\r']));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        });
        if let Some(marker) = marker {
            if !is_open {
                found.push(finding(path, Position::of(text, start), marker));
            }
            is_open = marker != ">>>>>>>";
        }
        start += line.len();
    }
    found
}

fn finding(path: &RepoPath, at: Position, marker: &str) -> Finding {
    Finding {
        code: FindingCode::ConflictMarker,
        path: Some(path.clone()),
        line: Some(at.line),
        column: Some(at.column),
        package: None,
        found: Some(marker.to_owned()),
        expected: None,
        message: format!("{path} has an unresolved merge conflict: a line begins with `{marker}`"),
        help: Some("decide between the sides, and delete the lines with the markers".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::conflicts_in;
    use crate::model::RepoPath;

    #[test]
    fn each_conflict_is_found_once() {
        let table = [
            ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\nd\n<<<<<<< HEAD\n=======\n>>>>>>> topic\n", vec![2, 8]),
            ("<<<<<<< ours\r\na\r\n||||||| base\r\n=======\r\nb\r\n>>>>>>> theirs\r\n", vec![1]),
            ("a\n>>>>>>> topic", vec![2]),
            ("<<<<<<<\n", vec![1]),
            ("Title\n=======\n", vec![]),
            (" <<<<<<< HEAD\n<<<<<<<<\n<<<<<<<HEAD\n", vec![]),
        ];
        for (text, expected) in table {
            let found = conflicts_in(&RepoPath::new("a").unwrap(), text);
            assert_eq!(found.iter().filter_map(|finding| finding.line).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
