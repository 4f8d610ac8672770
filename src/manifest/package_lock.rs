//! package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3, as npm documents them.
//!
//! Ours are the root (whose version occurs twice) and every entry of `packages` outside of `node_modules`; in version 2 the older
//! `dependencies` repeat what those require. What comes from a registry is skipped without a look at it.

use super::json_value::{Document, Member, Node, Take};
use super::npm_fields::{NpmFields, choice, no_object, read, requirement};
use super::{Found, LockedAt, LockedEntry, RequirementPlace, VersionPlace};
use crate::data::Fault;
use crate::model::DependencyKind;

/// Finds the entries of the root and of the packages of the workspace.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = Document::new(text);
    let members = document.object(document.body(), &outline).map_err(|fault| vec![fault])?;
    let top = read(document, members.iter().filter(|m| matches!(m.key.as_ref(), "name" | "version")));
    let mut lock = Lock { document, entries: Vec::new(), faults: Vec::new() };
    lock.add("", top);
    for member in members.iter().filter(|m| m.key == "packages") {
        lock.faults.extend(no_object(document, member));
        children(member).for_each(|package| lock.package(package));
    }
    // In a file of version 1 these are all that there is, and a folder among them has no entry to which its requirements belong.
    for member in members.iter().filter(|m| m.key == "dependencies") {
        lock.faults.extend(no_object(document, member));
        children(member).for_each(|dependency| lock.legacy(dependency));
    }
    if !lock.faults.is_empty() {
        return Err(lock.faults);
    }
    for entry in &mut lock.entries {
        entry.versions.sort_by_key(|place| place.scalar.span);
        entry.requirements.sort_by_key(|place| place.scalar.span);
    }
    Ok(Found { locked: lock.entries, ..Found::default() })
}

/// What is read of the whole file. An entry's own tables of dependencies are read when the entry is known to be ours.
fn outline(parent: &str, key: &str) -> Take {
    match (parent, key) {
        ("", "packages" | "dependencies") => Take::Open,
        ("", "name" | "version") | ("dependencies", _) => Take::Raw,
        ("packages", folder) if !is_installed(folder) => Take::Raw,
        _ => Take::Skip,
    }
}

/// What is read of an entry of the older `dependencies`.
fn legacy_outline(parent: &str, key: &str) -> Take {
    match (parent, key) {
        ("", "requires") => Take::Open,
        ("", "version") | ("requires", _) => Take::Raw,
        _ => Take::Skip,
    }
}

/// Returns `true` if a folder is one that npm fills.
fn is_installed(folder: &str) -> bool {
    folder.starts_with("node_modules/") || folder.contains("/node_modules/")
}

fn children<'m, 'a>(member: &'m Member<'a>) -> impl Iterator<Item = &'m Member<'a>> {
    let members = match &member.value {
        Node::Object(members) => members.as_slice(),
        _ => &[],
    };
    members.iter()
}

/// A folder as it is compared: without a `./` before it or a slash behind it.
fn bare(folder: &str) -> &str {
    folder.strip_prefix("./").unwrap_or(folder).trim_end_matches('/')
}

/// The lock file, while it is read.
struct Lock<'a> {
    document: Document<'a>,
    entries: Vec<LockedEntry>,
    faults: Vec<Fault>,
}

impl<'a> Lock<'a> {
    /// Adds what an object says about the package in a folder to the entry of that folder.
    fn add(&mut self, folder: &str, fields: NpmFields) {
        self.faults.extend(fields.faults);
        let versions = fields.version.map(|scalar| VersionPlace::behind_v("version", scalar));
        match self.entries.iter_mut().find(|_| folder.is_empty()) {
            Some(root) => {
                root.name = root.name.take().or(fields.name);
                root.versions.extend(versions);
                root.requirements.extend(fields.requirements);
            }
            None => self.entries.push(LockedEntry {
                name: fields.name,
                at: LockedAt::Folder(folder.to_owned()),
                versions: versions.into_iter().collect(),
                requirements: fields.requirements,
            }),
        }
    }

    /// Reads an entry of `packages`, whose key is a folder.
    fn package(&mut self, member: &Member<'a>) {
        let Node::Raw(raw) = member.value else { return };
        match self.document.object(raw, &choice) {
            Ok(members) => {
                let fields = read(self.document, &members);
                self.add(&member.key, fields);
            }
            Err(fault) => self.faults.push(fault),
        }
    }

    /// Reads an entry of the older `dependencies`, whose key is a name; only those of our own folders count.
    fn legacy(&mut self, member: &Member<'a>) {
        let Node::Raw(raw) = member.value else { return };
        // Almost every entry comes from a registry; this spares a second reading of them.
        if raw.contains("file:") {
            let added = self.requires(raw);
            self.faults.extend(added.err());
        }
    }

    fn requires(&mut self, raw: &'a str) -> Result<(), Fault> {
        let document = self.document;
        let members = document.object(raw, &legacy_outline)?;
        let version = members.iter().find(|m| m.key == "version").map(|m| &m.value);
        let Some(Node::Raw(version)) = version else { return Ok(()) };
        let version = document.string(version, "version")?;
        let Some(folder) = version.strip_prefix("file:") else { return Ok(()) };
        let ours = |entry: &&mut LockedEntry| matches!(&entry.at, LockedAt::Folder(at) if !at.is_empty() && bare(at) == bare(folder));
        let Some(entry) = self.entries.iter_mut().find(ours) else { return Ok(()) };
        for member in members.iter().filter(|m| m.key == "requires").flat_map(children) {
            let Node::Raw(raw) = member.value else { continue };
            let Some(place) = requirement(document, "requires", &member.key, raw)? else { continue };
            let kind = entry.requirements.iter().find(|r| r.on == place.on).map_or(DependencyKind::Normal, |r| r.kind);
            entry.requirements.push(RequirementPlace { kind, ..place });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Entry<'t> = (String, Option<String>, Vec<&'t str>, Vec<(String, DependencyKind, &'t str)>);

    /// Folder, name, versions and requirements of each entry, as they stand in the text.
    fn entries(text: &str) -> Vec<Entry<'_>> {
        let found = find(text).unwrap();
        let read = |scalar: &crate::manifest::Scalar| scalar.span.of(text).unwrap();
        let entry = |e: &LockedEntry| {
            let LockedAt::Folder(folder) = &e.at else { panic!("{e:?}") };
            let versions = e.versions.iter().map(|v| read(&v.scalar)).collect();
            let requirements = e.requirements.iter().map(|r| (r.on.name.clone(), r.kind, read(&r.scalar))).collect();
            (folder.clone(), e.name.as_ref().map(|n| n.name.clone()), versions, requirements)
        };
        found.locked.iter().map(entry).collect()
    }

    #[test]
    fn version_1_holds_the_root_only() {
        let text = r#"{"name": "r", "version": "1.0.0", "lockfileVersion": 1, "requires": true,
            "dependencies": {"a": {"version": "file:a", "requires": {"b": "^1.0.0"}}, "b": {"version": "1.0.0"}}}"#;
        assert_eq!(entries(text), [(String::new(), Some("r".into()), vec!["1.0.0"], vec![])]);
    }

    #[test]
    fn version_3_holds_the_packages_of_the_workspace() {
        let text = r#"{"packages": {"": {"name": "r", "version": "1.0.0", "workspaces": ["packages/*"], "devDependencies": {"a": "^1.0.0"}},
            "node_modules/a": {"resolved": "packages/a", "link": true},
            "node_modules/c": {"version": "1.0.0", "dependencies": {"a": "^1.0.0"}},
            "packages/a": {"name": "@x/a", "version": "1.0.0", "peerDependencies": {"b": "1.0.0", "c": "file:../c"}},
            "packages/a/node_modules/b": {"version": "1.0.0"},
            "../b": {}}, "version": "1.0.0", "lockfileVersion": 3}"#;
        let expected = [
            (
                String::new(),
                Some("r".into()),
                vec!["1.0.0", "1.0.0"],
                vec![("a".into(), DependencyKind::Dev, "^1.0.0")],
            ),
            (
                "packages/a".into(),
                Some("@x/a".into()),
                vec!["1.0.0"],
                vec![("b".into(), DependencyKind::Peer, "1.0.0")],
            ),
            ("../b".into(), None, vec![], vec![]),
        ];
        assert_eq!(entries(text), expected);
        let places: Vec<_> = find(text).unwrap().locked[0].versions.iter().map(|v| v.scalar.span.start).collect();
        assert!(places.is_sorted());
    }

    #[test]
    fn version_2_holds_the_requirements_twice() {
        let text = r#"{"version": "1.0.0", "packages": {"": {}, "packages/a": {"version": "1.0.0", "devDependencies": {"b": "^1.0.0"}}},
            "dependencies": {"a": {"version": "file:packages/a/", "requires": {"b": "^1.0.0", "c": "~2.0.0"}},
            "d": {"version": "1.0.0", "requires": {"a": "^1.0.0"}}, "e": {"version": "file:e.tgz", "requires": {"a": "^1.0.0"}}}}"#;
        let copies = vec![
            ("b".into(), DependencyKind::Dev, "^1.0.0"),
            ("b".into(), DependencyKind::Dev, "^1.0.0"),
            ("c".into(), DependencyKind::Normal, "~2.0.0"),
        ];
        assert_eq!(entries(text)[1], ("packages/a".into(), None, vec!["1.0.0"], copies));
    }

    #[test]
    fn faults_are_told_and_what_is_not_ours_is_not_looked_at() {
        let text = r#"{"version": 1, "packages": {"a": [], "b": {"version": null}, "node_modules/c": {"version": 1}}, "dependencies": ""}"#;
        let faults = find(text).unwrap_err();
        let told: Vec<_> = faults.iter().map(|f| (f.message.as_str(), f.span.of(text).unwrap())).collect();
        let expected = [
            ("`version` is a number, expected a string", "1"),
            ("found an array, expected an object", "[]"),
            ("`version` is null, expected a string", "null"),
            ("`dependencies` is a string, expected an object", "dependencies"),
        ];
        assert_eq!(told, expected);
        let double = r#"{"packages": {"a": {"version": "1.0.0"}, "a": {"version": "1.0.0"}}}"#;
        assert_eq!(find(double).unwrap_err()[0].message, "duplicate key `a`");
    }
}
