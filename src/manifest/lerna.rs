//! lerna.json, whose `version` is that of all packages, unless it is `independent`.

use super::json_value::{Document, Node, Take};
use super::{Found, NoVersion, VersionPlace};
use crate::data::Fault;

/// What is written instead of a version where each package has its own.
const INDEPENDENT: &str = "independent";

/// Finds the version.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = Document::new(text);
    let take = |parent: &str, key: &str| if (parent, key) == ("", "version") { Take::Raw } else { Take::Skip };
    let members = document.object(document.body(), &take).map_err(|fault| vec![fault])?;
    let raw = members.iter().find_map(|member| match member.value {
        Node::Raw(raw) => Some(raw),
        _ => None,
    });
    let scalar = raw.map(|raw| document.scalar(raw, "version")).transpose().map_err(|fault| vec![fault])?;
    let versions = scalar.filter(|scalar| scalar.text != INDEPENDENT);
    let versions: Vec<VersionPlace> =
        versions.into_iter().map(|scalar| VersionPlace::behind_v("version", scalar)).collect();
    Ok(Found { no_version: versions.is_empty().then_some(NoVersion::Absent), versions, ..Found::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_all_packages() {
        let text = "\u{feff}{\r\n\t\"command\": {\"version\": {\"version\": \"9.9.9\"}},\r\n\t\"version\" : \"v7.2.0\", \"npmClient\": \"yarn\" }";
        let found = find(text).unwrap();
        assert_eq!(found.versions[0].scalar.span.of(text), Some("7.2.0"));
        for without in ["{\"version\": \"independent\"}", "{\"packages\": [\"p/*\"]}"] {
            let found = find(without).unwrap();
            assert_eq!((found.versions.len(), found.no_version), (0, Some(NoVersion::Absent)), "{without}");
        }
    }

    #[test]
    fn faults_are_reported() {
        for (text, message) in [
            ("", "the file is empty, expected JSON"),
            ("{\"version\": 1}", "`version` is a number, expected a string"),
            ("{\"version\": \"1.0.0\", \"version\": \"1.0.0\"}", "duplicate key `version`"),
            ("{\n<<<<<<< HEAD\n", "invalid JSON: key must be a string"),
        ] {
            assert_eq!(find(text).unwrap_err()[0].message, message, "{text}");
        }
    }
}
