//! Folders with third-party code, samples or tests, recognised by their names.

use crate::model::RepoPath;

/// Folders of third-party code: never ours.
const OTHERS: [&str; 7] =
    ["node_modules", "vendor", "vendored", "third_party", "third-party", "site-packages", "bower_components"];

/// Folders of samples and test inputs: ours only if a workspace names them.
const SAMPLES: [&str; 17] = [
    "fixtures",
    "fixture",
    "__fixtures__",
    "testdata",
    "test-data",
    "test_data",
    "examples",
    "example",
    "samples",
    "demo",
    "tests",
    "test",
    "__tests__",
    "e2e",
    "fuzz",
    "benches",
    "templates",
];

/// Returns `true` if a folder seems to contain third-party code, samples or tests, so that no tool needs to inspect it.
#[must_use]
pub fn is_sample(folder: &RepoPath) -> bool {
    folder_of_others(folder).is_some() || is_template(folder) || folder_of_samples(folder).is_some()
}

/// Returns the part of the path that marks a folder of third-party code.
#[must_use]
pub fn folder_of_others(folder: &RepoPath) -> Option<&str> {
    folder.as_str().split('/').find(|part| OTHERS.contains(part))
}

/// Returns the part of the path that marks a folder of samples or tests.
#[must_use]
pub fn folder_of_samples(folder: &RepoPath) -> Option<&str> {
    let hidden = folder.as_str().split('/').find(|part| part.starts_with('.'));
    hidden.or_else(|| folder.as_str().split('/').find(|part| SAMPLES.contains(part)))
}

/// Returns `true` if the path of a folder looks like one of a project template.
#[must_use]
pub fn is_template(folder: &RepoPath) -> bool {
    folder.as_str().contains(['{', '}', '*', '?', '[', ']'])
}
