//! bun.lock, lockfileVersion 0 to 2, as Bun writes it: JSON with commas behind last values.

use super::json_value::{Document, Member, Node, Take};
use super::jsonc::as_json;
use super::npm_fields::{NpmFields, choice, no_object, read};
use super::{Found, LockedAt, LockedEntry, VersionPlace};
use crate::data::Fault;

/// Finds the packages of the workspace with their versions and copies of their ranges. What comes from a registry is skipped.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let json = as_json(text);
    let document = Document::new(&json);
    let members = document.object(document.body(), &outline).map_err(|fault| vec![fault])?;
    let mut lock = Lock { document, entries: Vec::new(), faults: Vec::new() };
    for member in &members {
        lock.faults.extend(no_object(document, member));
        let Node::Object(inner) = &member.value else { continue };
        match member.key.as_ref() {
            "workspaces" => inner.iter().for_each(|workspace| lock.workspace(workspace)),
            _ => inner.iter().for_each(|package| lock.package(package)),
        }
    }
    if !lock.faults.is_empty() {
        return Err(lock.faults);
    }
    for entry in &mut lock.entries {
        entry.requirements.sort_by_key(|place| place.scalar.span);
    }
    Ok(Found { locked: lock.entries, ..Found::default() })
}

fn outline(parent: &str, key: &str) -> Take {
    match (parent, key) {
        ("", "workspaces" | "packages") => Take::Open,
        ("workspaces" | "packages", _) => Take::Raw,
        _ => Take::Skip,
    }
}

/// The lock file, while it is read.
struct Lock<'a> {
    document: Document<'a>,
    entries: Vec<LockedEntry>,
    faults: Vec<Fault>,
}

impl<'a> Lock<'a> {
    /// Reads an entry of `workspaces`, whose key is a folder.
    fn workspace(&mut self, member: &Member<'a>) {
        let Node::Raw(raw) = member.value else { return };
        let Some(fields) = self.fields(raw) else { return };
        let versions = fields.version.map(|scalar| VersionPlace::behind_v("version", scalar));
        self.entries.push(LockedEntry {
            name: fields.name,
            at: LockedAt::Folder(member.key.clone().into_owned()),
            versions: versions.into_iter().collect(),
            requirements: fields.requirements,
        });
    }

    /// Reads an entry of `packages`. In version 0 that of a package of the workspace repeats its ranges once more.
    fn package(&mut self, member: &Member<'a>) {
        // Almost every entry comes from a registry; this spares a second reading of them.
        let Node::Raw(raw) = member.value else { return };
        let Some(raw) = Some(raw).filter(|raw| raw.contains("@workspace:") && raw.contains('{')) else { return };
        let items = self.document.array(raw).map_err(|fault| self.faults.push(fault)).unwrap_or_default();
        let [name, ranges, ..] = items.as_slice() else { return };
        let Ok(name) = self.document.string(name, &member.key) else { return };
        let Some((_, folder)) = name.rsplit_once("@workspace:") else { return };
        let Some(fields) = self.fields(ranges) else { return };
        let is_it = |entry: &&mut LockedEntry| matches!(&entry.at, LockedAt::Folder(own) if own == folder);
        if let Some(entry) = self.entries.iter_mut().find(is_it) {
            entry.requirements.extend(fields.requirements);
        }
    }

    fn fields(&mut self, raw: &'a str) -> Option<NpmFields> {
        match self.document.object(raw, &choice) {
            Ok(members) => {
                let mut fields = read(self.document, &members);
                self.faults.append(&mut fields.faults);
                Some(fields)
            }
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<String> {
        let entry = |entry: LockedEntry| {
            let LockedAt::Folder(folder) = entry.at else { panic!("{entry:?}") };
            let read = |scalar: &crate::manifest::Scalar| scalar.span.of(text).unwrap().to_owned();
            let versions: Vec<String> = entry.versions.iter().map(|v| read(&v.scalar)).collect();
            let required = entry.requirements.iter().map(|r| format!("{} {:?} {}", r.on.name, r.kind, read(&r.scalar)));
            let name = entry.name.map_or_else(String::new, |name| name.name);
            format!("{folder}: {name} {}: {}", versions.join(" "), required.collect::<Vec<_>>().join(", "))
        };
        find(text).unwrap().locked.into_iter().map(entry).collect()
    }

    #[test]
    fn packages_of_the_workspace_are_ours() {
        let text = "\u{feff}{ // v2\n  \"lockfileVersion\": 2,\n  \"workspaces\": {\n    \"\": { \"name\": \"root\", \"devDependencies\": { \"lib\": \"workspace:^1.2.0\", }, },\n\
            \x20   \"p/app\": { \"name\": \"app\", \"version\": \"0.5.0\", \"bin\": { \"version\": \"x\" }, \"dependencies\": { \"lib\": \"~1.2.0\", \"any\": \"workspace:*\" }, \"peerDependencies\": { \"lib\": \"^1.2.0\", }, \"optionalPeers\": [\"lib\",], },\n\
            \x20   \"p/lib\": { \"name\": \"lib\", \"version\": \"1.2.0\", },\n  },\n  \"packages\": {\n    \"lib\": [\"lib@workspace:p/lib\"],\n    \"odd\": [\"odd@1.2.0\", \"\", { \"dependencies\": { \"lib\": \"^1.2.0\" } }, \"sha512-x\"],\n  },\n}\n";
        let expected =
            [": root : lib Dev ^1.2.0", "p/app: app 0.5.0: lib Normal ~1.2.0, lib Peer ^1.2.0", "p/lib: lib 1.2.0: "];
        assert_eq!(entries(text), expected);
    }

    #[test]
    fn version_0_holds_the_ranges_twice() {
        let text = r#"{"lockfileVersion": 0, "workspaces": {"": {"name": "r"}, "a": {"name": "a", "version": "1.0.0", "dependencies": {"b": "^1.0.0"}}},
            "packages": {"a": ["a@workspace:a", {"dependencies": {"b": "^1.0.0"}}], "b": ["b@workspace:b", {}]}}"#;
        assert_eq!(entries(text), [": r : ", "a: a 1.0.0: b Normal ^1.0.0, b Normal ^1.0.0"]);
    }

    #[test]
    fn all_faults_are_reported() {
        let text = r#"{"workspaces": {"": [], "a": {"version": 1, "dependencies": {"b": {}}}}, "packages": [],}"#;
        let messages: Vec<String> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        let expected = [
            "found an array, expected an object",
            "`version` is a number, expected a string",
            "`dependencies.b` is an object, expected a string",
            "`packages` is an array, expected an object",
        ];
        assert_eq!(messages, expected);
        for broken in ["", "{\"a\": 1,,}", "{\n<<<<<<< HEAD\n}", "{\"workspaces\": {\"a\": {}, \"a\": {}}}"] {
            assert!(find(broken).is_err(), "{broken}");
        }
    }
}
