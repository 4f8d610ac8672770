//! Cases of the role `manifest`: files, the places in them, and what they become.

use super::asker::{Asker, NoPlaces, Verdict};
use super::subject::{Case, Subject};
use super::texts::{Texts, read_texts, same_texts};
use crate::config::ExpectedPlaces;
use crate::model::RepoPath;
use crate::plugin::protocol::{FilePlaces, FoundPlace};
use crate::text::{Span, TextEdits};

/// Tests a case.
pub(super) fn test_places(subject: &Subject, case: &Case, expected: &ExpectedPlaces) -> Verdict {
    let texts = read_texts(&case.folder.join("in"))?;
    if texts.is_empty() {
        return Err("in/ has no files".to_owned());
    }
    let asker = asker(subject, case);
    match expected {
        ExpectedPlaces::Problem(part) => reports(asker.places(&texts), part),
        ExpectedPlaces::Found { to, places } => {
            let found = asker.places(&texts).map_err(NoPlaces::into_message)?;
            finds(&texts, &found, places)?;
            let new = edited(&texts, &found, to)?;
            same_texts(&new, &read_texts(&case.folder.join("out"))?)?;
            let again = asker.places(&new).map_err(|error| format!("asked again: {}", error.into_message()))?;
            finds_again(&found, &again, to)
        }
    }
}

/// Returns what asks with the settings of a case.
pub(super) fn asker<'a>(subject: &'a Subject, case: &Case) -> Asker<'a> {
    Asker::new(subject, case.content.settings.clone(), case.content.env.clone())
}

/// Returns what was reported beside places.
pub(super) fn messages(found: &[FilePlaces]) -> Vec<String> {
    let of =
        |file: &FilePlaces| file.problems.iter().map(|p| format!("{}: {}", file.path, p.message)).collect::<Vec<_>>();
    found.iter().flat_map(of).collect()
}

fn reports(answer: Result<Vec<FilePlaces>, NoPlaces>, part: &str) -> Verdict {
    let reported = match answer {
        Ok(found) => messages(&found),
        Err(NoPlaces::Refused(message)) => vec![message],
        Err(NoPlaces::Wrong(message)) => return Err(message),
    };
    if reported.iter().any(|message| message.contains(part)) {
        return Ok(());
    }
    let found = if reported.is_empty() { "no problem".to_owned() } else { format!("`{}`", reported.join("`, `")) };
    Err(format!("found {found}, expected a problem with `{part}`"))
}

fn finds(texts: &Texts, found: &[FilePlaces], expected: &[String]) -> Verdict {
    if let Some(message) = messages(found).first() {
        return Err(format!("found the problem `{message}`, expected places"));
    }
    let named = |(path, file): (&RepoPath, &FilePlaces)| {
        let place = |place: &FoundPlace| format!("{path}:{}={}", place.field, place.text);
        file.places.iter().map(place).collect::<Vec<_>>()
    };
    let listed: Vec<String> = texts.iter().map(|(path, _)| path).zip(found).flat_map(named).collect();
    if listed == expected {
        return Ok(());
    }
    Err(format!("found the places {listed:?}, expected {expected:?}"))
}

/// Sets every place to a version, by the mechanism by which relman changes all files.
fn edited(texts: &Texts, found: &[FilePlaces], to: &str) -> Result<Vec<(RepoPath, String)>, String> {
    let new = |((path, text), file): (&(RepoPath, String), &FilePlaces)| {
        let changes = file.places.iter().map(|place| (Span::new(place.start, place.end), to.to_owned()));
        let new = TextEdits::of(text, changes).and_then(|edits| edits.apply(text));
        new.map(|new| (path.clone(), new)).map_err(|error| format!("{path}: {error}"))
    };
    texts.iter().zip(found).map(new).collect()
}

/// Checks that the same places hold the new version, and no others.
fn finds_again(before: &[FilePlaces], after: &[FilePlaces], to: &str) -> Verdict {
    for (before, after) in before.iter().zip(after) {
        let expected = moved(&before.places, to);
        if after.places != expected || !after.problems.is_empty() {
            let problems = messages(std::slice::from_ref(after));
            let found = if problems.is_empty() { format!("{:?}", shown(&after.places)) } else { problems.join(", ") };
            return Err(format!("{}, asked again: found {found}, expected {:?}", before.path, shown(&expected)));
        }
    }
    Ok(())
}

/// The places after each was set to a version.
fn moved(places: &[FoundPlace], to: &str) -> Vec<FoundPlace> {
    let shift = |at: usize| {
        let before = places.iter().filter(|other| other.end <= at);
        before.fold(at, |at, other| (at + to.len()).saturating_sub(other.end - other.start))
    };
    let moved = |place: &FoundPlace| {
        let start = shift(place.start);
        FoundPlace { start, end: start + to.len(), text: to.to_owned(), ..place.clone() }
    };
    places.iter().map(moved).collect()
}

/// Returns places as people read them: `FIELD=TEXT at START..END`.
pub(super) fn shown(places: &[FoundPlace]) -> Vec<String> {
    places.iter().map(|place| format!("{}={} at {}..{}", place.field, place.text, place.start, place.end)).collect()
}
