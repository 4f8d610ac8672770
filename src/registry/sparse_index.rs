//! Crates in a sparse index of Cargo.

use serde::Deserialize;

use super::client::{Client, Question};
use super::error::{RegistryError, RegistryFault};
use super::place::Place;
use crate::io::{Method, encode};
use crate::model::{Asked, CrateRelease};

/// A line of the file of a crate.
#[derive(Deserialize)]
struct Line {
    name: String,
    vers: String,
    #[serde(default)]
    yanked: bool,
}

/// Returns the releases of a crate, in their order; `None` if it does not exist.
pub(super) fn releases(
    client: &Client,
    place: &Place,
    name: &str,
) -> Result<Asked<Option<Vec<CrateRelease>>>, RegistryError> {
    let address = format!("{}/{}", place.address, index_path(name));
    let question = Question {
        method: Method::Get,
        url: address.clone(),
        accept: "text/plain, */*",
        place,
        // A token is sent only where the registry wants one (`auth-required`).
        hides: false,
    };
    let Some(answer) = client.ask(&question)? else { return Ok(Asked { address, found: None }) };
    let not_understood = |why: String| RegistryError::at(&address, RegistryFault::NotUnderstood(why));
    let text = String::from_utf8_lossy(&answer.body);
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line)
            .map_err(|_| not_understood(format!("line {} is not a release of a crate", number + 1)))?;
        if !line.name.eq_ignore_ascii_case(name) {
            return Err(not_understood(format!("line {} is a release of `{}`", number + 1, line.name)));
        }
        found.push(CrateRelease { version: line.vers, is_yanked: line.yanked });
    }
    Ok(Asked { address, found: Some(found) })
}

/// Returns the path of a crate's file in an index: `1/a`, `2/ab`, `3/a/abc`, `ab/cd/abcd`, in lower case.
fn index_path(name: &str) -> String {
    let name = name.to_lowercase();
    let part = |from: usize, length: usize| encode(&name.chars().skip(from).take(length).collect::<String>());
    match name.chars().count() {
        length @ ..=2 => format!("{length}/{}", encode(&name)),
        3 => format!("3/{}/{}", part(0, 1), encode(&name)),
        _ => format!("{}/{}/{}", part(0, 2), part(2, 2), encode(&name)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::index_path;

    #[test]
    fn paths_in_an_index() {
        let table = [
            ("a", "1/a"),
            ("ab", "2/ab"),
            ("abc", "3/a/abc"),
            ("TruePPM-core", "tr/ue/trueppm-core"),
            ("abcd", "ab/cd/abcd"),
            ("é€", "2/%C3%A9%E2%82%AC"),
        ];
        for (name, expected) in table {
            assert_eq!(index_path(name), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_path_ends_with_the_name_and_begins_with_its_letters(name in "[a-zA-Z][a-zA-Z0-9_-]{0,20}") {
            let path = index_path(&name);
            let lower = name.to_ascii_lowercase();
            let folders: String = path.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
            let first = |length| lower.chars().take(length).collect::<String>();
            let expected = match lower.len() {
                length @ 1..=2 => length.to_string(),
                3 => format!("3{}", first(1)),
                _ => first(4),
            };
            prop_assert_eq!(folders, expected);
            prop_assert_eq!(path.rsplit('/').next(), Some(lower.as_str()));
        }
    }
}
