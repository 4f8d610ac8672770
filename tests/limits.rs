//! Inputs so large that work which grows with their square would not come to an end.

use relman::manifest::{Found, Locator, ManifestType, SearchPattern, edit, find};
use relman::model::VersionScheme;
use relman::text::TextEdits;

use crate::support::repo::Repo;
use crate::support::stress;

/// Finds every version of a text and gives each the next one.
fn raised(locator: &Locator, text: &str) -> (Found, TextEdits) {
    let found = find(locator, text).unwrap();
    let changes: Vec<_> = found.versions.iter().map(|place| (place.scalar.clone(), "1.1.0".to_owned())).collect();
    let edits = edit(&[(locator, &found)], text, &changes).unwrap().edits;
    (found, edits)
}

#[test]
fn a_search_with_very_many_matches() {
    let count = stress::size(20_000, 100_000);
    let text = "about v1.0.0 and more\n".repeat(count);
    let locator = Locator::Search(SearchPattern::new("v{version} ").unwrap(), VersionScheme::Semver);
    let (found, edits) = raised(&locator, &text);
    assert_eq!((found.versions.len(), edits.as_slice().len()), (count, count));
    assert_eq!(edits.apply(&text).unwrap(), text.replace("1.0.0", "1.1.0"));
}

#[test]
fn a_manifest_with_very_many_tables() {
    let tables: String =
        (0..stress::size(20_000, 100_000)).map(|n| format!("[package.metadata.t{n}]\nx = {n}\n")).collect();
    let text = format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\n{tables}");
    let (found, edits) = raised(&Locator::Known(ManifestType::Cargo), &text);
    assert_eq!((found.versions.len(), edits.as_slice().len()), (1, 1));
}

#[test]
fn thousands_of_patterns_of_paths() {
    let count = stress::size(500, 3000);
    let patterns: String = (0..count).map(|n| format!("'src/d{n}/**', ")).collect();
    let config = format!("[packages.a]\npath = 'a'\npaths = [{patterns}]\n");
    let repo = Repo::with(&[("relman.toml", config.as_str()), ("a/package.json", "{ \"version\": \"1.0.0\" }\n")]);
    repo.git(&["tag", "a-v1.0.0"]);
    let files: Vec<String> = (0..count).map(|n| format!("src/d{n}/x")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|path| (path.as_str(), "")).collect();
    repo.commit(&files);
    repo.commit(&[("other/x", "")]);
    let status = repo.idle(&["status", "--json"]).exits(0).json();
    assert_eq!(status["packages"][0]["commits"], 1, "{status}");
}

#[test]
fn a_release_takes_thousands_of_fragments_with_long_names() {
    // At their whole number these names together are more than one command line can hold, which is 2 MiB on Linux.
    let count = stress::size(600, 10_000);
    let names: Vec<String> = (0..count).map(|n| format!("a/changelog.d/{n}-{}.fixed.md", "long".repeat(55))).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "- one\n")).collect();
    assert!(names.iter().map(String::len).sum::<usize>() > 230 * count);
    files.push(("relman.toml", "[packages.a]\npath = 'a'\nchangelog = 'a/CHANGELOG.md'\n"));
    files.push(("a/package.json", "{ \"version\": \"1.0.0\" }\n"));
    let repo = Repo::with(&files);
    repo.relman(&["bump", "patch", "-y"]).exits(0);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(repo.git(&["ls-files", "a/changelog.d"]), "");
}
