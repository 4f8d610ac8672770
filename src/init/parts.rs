//! [`parts`]: places that repeat some numbers of a version, beside one that has the whole version.

use std::collections::BTreeSet;

use super::around::{is_apart, patterns};
use crate::manifest::{Locator, SearchPattern, find};
use crate::model::{Version, VersionScheme};
use crate::text::Span;

/// How they are written, as searches have it.
const FORMS: [&str; 2] = ["{major}.{minor}", "{major}, {minor}, {patch}"];

/// A text now, with the version that it is about, and the same at a release.
type Held<'a> = (&'a str, &'a Version);

/// Returns the searches for places that held the numbers of each of the newest releases, which were not always the same.
pub(super) fn parts(now: Held<'_>, releases: &[Held<'_>], covered: &[Span]) -> Vec<String> {
    FORMS.into_iter().flat_map(|form| of_form(form, now, releases, covered)).collect()
}

fn of_form(form: &str, (text, version): Held<'_>, releases: &[Held<'_>], covered: &[Span]) -> Vec<String> {
    let number = written(form, version);
    let all: Vec<Held<'_>> = releases.iter().copied().chain([(text, version)]).collect();
    let different: BTreeSet<String> = all.iter().map(|(_, version)| written(form, version)).collect();
    if different.len() < 2 {
        return Vec::new();
    }
    let is_free = |span: &Span| !covered.iter().any(|known| known.start <= span.start && span.end <= known.end);
    let spans = text.match_indices(&number).map(|(at, _)| Span::new(at, at + number.len()));
    let spans: Vec<Span> = spans.filter(|span| is_apart(text, *span) && is_free(span)).collect();
    let mut found: Vec<String> = Vec::new();
    for span in &spans {
        let searches = patterns(text, *span, &spans).into_iter().map(|search| search.replace("{version}", form));
        found.extend(searches.into_iter().find(|search| agrees(search, form, &all)));
    }
    found.dedup();
    found
}

/// Returns `true` if all that a search finds are the numbers of each version.
fn agrees(search: &str, form: &str, all: &[Held<'_>]) -> bool {
    let Ok(pattern) = SearchPattern::new(search) else { return false };
    let locator = Locator::Search(pattern, VersionScheme::Semver);
    all.iter().all(|(text, version)| {
        let number = written(form, version);
        find(&locator, text).is_ok_and(|found| {
            !found.versions.is_empty() && found.versions.iter().all(|place| place.scalar.text == number)
        })
    })
}

fn written(form: &str, version: &Version) -> String {
    let names = [("{major}", 0), ("{minor}", 1), ("{patch}", 2)];
    names.into_iter().fold(form.to_owned(), |text, (name, part)| text.replace(name, &version.part(part).to_string()))
}

#[cfg(test)]
mod tests {
    use super::parts;
    use crate::model::VersionScheme;

    #[test]
    fn numbers_that_moved_with_releases_are_places() {
        let version = |text: &str| VersionScheme::Semver.parse(text).unwrap();
        let text = |short: &str, numbers: &str| format!("python = '3.12'\nversion = '{short}'\ninfo = ({numbers})\n");
        let (now, then) = (text("1.3", "1, 3, 0"), text("1.2", "1, 2, 4"));
        let (next, last) = (version("1.3.0"), version("1.2.4"));
        assert_eq!(
            parts((&now, &next), &[(&now, &next), (&then, &last)], &[]),
            ["version = '{major}.{minor}'", "info = ({major}, {minor}, {patch}"]
        );
        assert_eq!(parts((&now, &next), &[(&now, &next)], &[]), Vec::<String>::new());
    }
}
