//! The files of the cases as other people would write them: the same places are expected, moved, or a problem; never another place.

use super::asker::{NoPlaces, Verdict};
use super::places::{asker, shown};
use super::subject::{Case, Subject};
use super::texts::{Texts, read_texts};
use crate::config::ExpectedPlaces;
use crate::model::RepoPath;
use crate::plugin::protocol::{FilePlaces, FoundPlace};
use crate::text::{BOM, Span, TextEdits};

/// So many bytes a large request has.
const LARGE: usize = 5_000_000;
/// So many files many files are, at least.
const MANY: usize = 300;

/// What is inserted in a text, and where.
type Insertions = Vec<(usize, String)>;

/// A way to write the same file otherwise.
#[derive(Clone, Copy)]
pub(super) struct Variant {
    /// What it is called.
    pub(super) name: &'static str,
    insert: fn(&str, usize) -> Insertions,
    /// Whether the files of one case are enough.
    is_costly: bool,
}

/// All of them.
pub(super) const VARIANTS: [Variant; 4] = [
    Variant { name: "CRLF", insert: |text, _| crlf(text), is_costly: false },
    Variant { name: "a byte order mark", insert: |text, _| mark(text), is_costly: false },
    Variant { name: "5 MB before the places", insert: |text, files| blank(after_mark(text), files), is_costly: true },
    Variant { name: "5 MB after the places", insert: |text, files| blank(text.len(), files), is_costly: true },
];

fn crlf(text: &str) -> Insertions {
    let is_alone = |at: &usize| !text.get(..*at).is_some_and(|before| before.ends_with('\r'));
    text.match_indices('\n').map(|(at, _)| at).filter(is_alone).map(|at| (at, "\r".to_owned())).collect()
}

fn mark(text: &str) -> Insertions {
    if text.starts_with(BOM) { Vec::new() } else { vec![(0, BOM.to_owned())] }
}

fn after_mark(text: &str) -> usize {
    if text.starts_with(BOM) { BOM.len() } else { 0 }
}

/// Blank lines.
fn blank(at: usize, files: usize) -> Insertions {
    let line = format!("\n{}", " ".repeat(99));
    vec![(at, format!("{}\n", line.repeat(LARGE / line.len() / files.max(1))))]
}

impl Variant {
    /// Tests the cases that have places.
    pub(super) fn test(&self, subject: &Subject) -> Verdict {
        let with_places = |case: &&Case| matches!(case.content.expected, Some(ExpectedPlaces::Found { .. }));
        let most = if self.is_costly { 1 } else { usize::MAX };
        for case in subject.cases.iter().filter(with_places).take(most) {
            self.test_case(subject, case).map_err(|why| format!("case {}: {why}", case.name))?;
        }
        Ok(())
    }

    fn test_case(&self, subject: &Subject, case: &Case) -> Verdict {
        let texts = read_texts(&case.folder.join("in"))?;
        let asker = asker(subject, case);
        // What is wrong without a change is reported by the case itself.
        let Ok(known) = asker.places(&texts) else { return Ok(()) };
        let insertions: Vec<Insertions> = texts.iter().map(|(_, text)| (self.insert)(text, texts.len())).collect();
        let changed = inserted(&texts, &insertions)?;
        let found = match asker.places(&changed) {
            Ok(found) => found,
            Err(NoPlaces::Refused(_)) => return Ok(()),
            Err(NoPlaces::Wrong(why)) => return Err(why),
        };
        for ((known, found), insertions) in known.iter().zip(&found).zip(&insertions) {
            let expected: Vec<FoundPlace> = known.places.iter().map(|place| moved(place, insertions)).collect();
            if found.problems.is_empty() && found.places != expected {
                let (found, expected) = (shown(&found.places), shown(&expected));
                return Err(format!("{}: found {found:?}, expected {expected:?} or a problem", known.path));
            }
        }
        Ok(())
    }
}

fn inserted(texts: &Texts, insertions: &[Insertions]) -> Result<Vec<(RepoPath, String)>, String> {
    let insert = |((path, text), new): (&(RepoPath, String), &Insertions)| {
        let edits = TextEdits::of(text, new.iter().map(|(at, new)| (Span::new(*at, *at), new.clone())));
        let text = edits.and_then(|edits| edits.apply(text)).map_err(|error| format!("{path}: {error}"))?;
        Ok((path.clone(), text))
    };
    texts.iter().zip(insertions).map(insert).collect()
}

fn moved(place: &FoundPlace, insertions: &Insertions) -> FoundPlace {
    let before = insertions.iter().filter(|(at, _)| *at <= place.start);
    let by: usize = before.map(|(_, text)| text.len()).sum();
    FoundPlace { start: place.start + by, end: place.end + by, ..place.clone() }
}

/// Tests many files in one request: each is answered as it is alone.
pub(super) fn test_many(subject: &Subject) -> Verdict {
    let (mut texts, mut known) = (Vec::new(), Vec::new());
    let Some(first) = subject.cases.iter().find(|case| case.content.expected.is_some()) else { return Ok(()) };
    let alike = |case: &&Case| case.content.settings == first.content.settings && case.content.env == first.content.env;
    let asker = asker(subject, first);
    for case in subject.cases.iter().filter(|case| case.content.expected.is_some()).filter(alike) {
        let own = read_texts(&case.folder.join("in"))?;
        // What is wrong alone is reported by the case itself.
        let Ok(found) = asker.places(&own) else { continue };
        known.extend(found);
        texts.extend(own);
    }
    let times = if texts.is_empty() { 0 } else { MANY / texts.len() + 1 };
    let many: Vec<(RepoPath, String)> = (0..times)
        .flat_map(|number| texts.iter().map(move |(path, text)| (number, path, text)))
        .filter_map(|(number, path, text)| Some((RepoPath::new(&format!("{number}/ö/{path}")).ok()?, text.clone())))
        .collect();
    let found = asker.places(&many).map_err(NoPlaces::into_message)?;
    for (found, known) in found.iter().zip(known.iter().cycle()) {
        let alike = found.places == known.places && found.problems.is_empty() == known.problems.is_empty();
        if !alike {
            let (path, found, known) = (&found.path, shown(&found.places), shown(&known.places));
            return Err(format!("{path}, one of {}: found {found:?}, alone {known:?}", many.len()));
        }
    }
    Ok(())
}

/// Tests that the cases show how places are counted.
pub(super) fn test_bytes(subject: &Subject) -> Verdict {
    let has_wide = |text: &str, file: &FilePlaces| {
        file.places.iter().any(|place| text.get(..place.start).is_some_and(|before| !before.is_ascii()))
    };
    for case in subject.cases.iter().filter(|case| case.content.expected.is_some()) {
        let texts = read_texts(&case.folder.join("in"))?;
        // A case that fails by itself was reported by the test before this one.
        let Ok(found) = asker(subject, case).places(&texts) else { continue };
        if texts.iter().zip(&found).any(|((_, text), file)| has_wide(text, file)) {
            return Ok(());
        }
    }
    Err("no case has a character beyond ASCII before a place, which would show that places are counted in bytes"
        .to_owned())
}
