//! .release-please-manifest.json: the versions of all packages of release-please, by their folders.

use super::json_value::{Document, Node, Take};
use super::{Found, LockedAt, LockedEntry, VersionPlace};
use crate::data::Fault;

/// Finds the version of each folder; `.` is the folder of the file.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = Document::new(text);
    let members = document.object(document.body(), &|_, _| Take::Raw).map_err(|fault| vec![fault])?;
    let mut found = Found::default();
    let mut faults = Vec::new();
    for member in &members {
        let Node::Raw(raw) = member.value else { continue };
        match document.scalar(raw, &member.key) {
            Ok(scalar) => found.locked.push(LockedEntry {
                name: None,
                at: LockedAt::Folder(member.key.to_string()),
                versions: vec![VersionPlace::behind_v(member.key.as_ref(), scalar)],
                requirements: Vec::new(),
            }),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_has_a_version() {
        let text = "\u{feff}{\n  \".\": \"1.2.3\",\n  \"sdk/go\": \"v0.4.0-rc.1\"\n}\n";
        let found = find(text).unwrap();
        let read: Vec<_> = found
            .locked
            .iter()
            .map(|entry| (entry.at.clone(), entry.versions[0].scalar.span.of(text).unwrap()))
            .collect();
        let folder = |folder: &str| LockedAt::Folder(folder.to_owned());
        assert_eq!(read, [(folder("."), "1.2.3"), (folder("sdk/go"), "0.4.0-rc.1")]);
        assert_eq!(find("{}").unwrap(), Found::default());
    }

    #[test]
    fn all_faults_are_reported() {
        let messages = |text: &str| -> Vec<String> { find(text).unwrap_err().into_iter().map(|f| f.message).collect() };
        let expected = ["`a` is a number, expected a string", "`b` is an object, expected a string"];
        assert_eq!(messages("{\"a\": 1, \"b\": {\"version\": \"1.0.0\"}, \"c\": \"1.0.0\"}"), expected);
        assert_eq!(messages("{\"a\": \"1.0.0\", \"a\": \"1.0.0\"}").len(), 1);
        assert!(find("[]").is_err() && find("").is_err() && find("{\n<<<<<<< HEAD\n\"a\": \"1.0.0\"}").is_err());
    }
}
