//! yarn.lock: of Yarn 2 and later, which is YAML, and of Yarn 1.
//!
//! Yarn 1 reads packages of the workspace and of other folders where they are, and neither compares nor renews what its lock file says of
//! them. Since Yarn 2 a package of the workspace has an entry with a fixed version, a copy of its requirements, and as its key all that is
//! required of it (see [`LockedKeys`]). What comes from a registry is Yarn's to resolve again, and so is a copied folder (`file:`), whose
//! entry has a hash of its content.

use std::collections::BTreeMap;

use super::locked_keys::{LockedKey, LockedKeys};
use super::npm_fields::required;
use super::yaml_document::YamlReader;
use super::{Found, LockedAt, LockedEntry, RequirementPlace};
use crate::data::yaml::{Kind, Node};
use crate::data::{Fault, Scalar, Style};
use crate::model::DependencyKind;
use crate::text::BOM;

/// Finds the entries of the packages of a workspace.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    if !text.lines().any(|line| line.trim_start_matches(BOM).starts_with("__metadata:")) {
        let own = entry(".", Vec::new());
        return Ok(Found { locked: vec![own], ..Found::default() });
    }
    let reader = YamlReader::new(text);
    let root = reader.root("the lock file")?;
    let Kind::Map(pairs) = &root.kind else { return Ok(Found::default()) };
    let entries = pairs.iter().filter_map(|(key, entry)| Some(Entry { key, names: key.text()?, entry }));
    let entries: Vec<Entry<'_, '_>> = entries.filter(|entry| entry.names != "__metadata").collect();
    let mut lock = Lock { reader, folders: BTreeMap::new(), keys: BTreeMap::new() };
    for entry in &entries {
        lock.folders.extend(entry.names.split(LockedKey::SEPARATOR).map(|name| (name, entry.folder())));
    }
    let locked = entries.iter().filter_map(|entry| lock.entry(entry)).collect();
    let locked_keys = lock.keys(&entries);
    lock.reader.finish(Found { locked, locked_keys, ..Found::default() })
}

fn entry(folder: &str, mut requirements: Vec<RequirementPlace>) -> LockedEntry {
    requirements.sort_by_key(|place| place.scalar.span);
    LockedEntry { name: None, at: LockedAt::Folder(folder.to_owned()), versions: Vec::new(), requirements }
}

/// An entry of the file.
struct Entry<'n, 't> {
    key: &'n Node<'t>,
    /// The text of the key: what is required of the package, as `NAME@RANGE`.
    names: &'n str,
    entry: &'n Node<'t>,
}

impl<'n> Entry<'n, '_> {
    /// Returns the folder of a package of the workspace, relative to that of the lock file; `None` for any other package.
    fn folder(&self) -> Option<&'n str> {
        let (_, folder) = self.entry.get("resolution")?.text()?.rsplit_once("@workspace:")?;
        Some(folder)
    }
}

/// The lock file, while it is read.
struct Lock<'n, 't> {
    reader: YamlReader<'t>,
    /// What is required, and the folder that it resolved to; `None` if that is not one of the workspace.
    folders: BTreeMap<&'n str, Option<&'n str>>,
    /// What changes the keys, by the folders of their packages.
    keys: BTreeMap<&'n str, LockedKeyUsers>,
}

/// Those that require a package of the workspace.
#[derive(Default)]
struct LockedKeyUsers {
    following: Vec<(String, Scalar)>,
    fixed: Vec<String>,
}

impl<'n, 't> Lock<'n, 't> {
    /// Reads an entry; `None` if its package is not one of the workspace.
    fn entry(&mut self, read: &Entry<'n, 't>) -> Option<LockedEntry> {
        let folder = read.folder();
        let mut requirements = Vec::new();
        for (table, kind) in [("dependencies", DependencyKind::Normal), ("peerDependencies", DependencyKind::Peer)] {
            let ranges = read.entry.get(table).map(|node| self.reader.pairs(node, table)).unwrap_or_default();
            for (name, range) in ranges {
                let place = match (folder, kind) {
                    (None, DependencyKind::Peer) => None,
                    (None, _) => self.fixed(name, range),
                    (Some(_), DependencyKind::Peer) => self.range(name, range),
                    (Some(_), _) => self.dependency(name, range),
                };
                requirements.extend(place.map(|place| RequirementPlace { kind, ..place }));
            }
        }
        folder.map(|folder| entry(folder, requirements))
    }

    /// Reads what a package of the workspace requires. It is ours if it resolved to a folder of the workspace, or to nothing: then
    /// `resolutions` of the root take its place.
    fn dependency(&mut self, name: &str, range: &Node<'_>) -> Option<RequirementPlace> {
        let descriptor = format!("{name}@{}", range.text()?);
        let folder = match self.folders.get(descriptor.as_str()) {
            Some(Some(folder)) => Some(*folder),
            Some(None) => return None,
            None => None,
        };
        let place = self.range(name, range);
        if let Some(folder) = folder {
            let users = self.keys.entry(folder).or_default();
            let head = place.as_ref().and_then(|place| descriptor.strip_suffix(place.scalar.text.as_str()));
            match (&place, head) {
                (Some(place), Some(head)) => users.following.push((head.to_owned(), place.scalar.clone())),
                _ => users.fixed.push(descriptor),
            }
        }
        place.map(|place| RequirementPlace { folder: folder.map(str::to_owned), ..place })
    }

    /// Notes what a package of a registry requires, which stays.
    fn fixed(&mut self, name: &str, range: &Node<'_>) -> Option<RequirementPlace> {
        let descriptor = format!("{name}@{}", range.text()?);
        let folder = self.folders.get(descriptor.as_str())?.as_ref()?;
        self.keys.entry(folder).or_default().fixed.push(descriptor);
        None
    }

    fn range(&mut self, name: &str, range: &Node<'_>) -> Option<RequirementPlace> {
        // `*` and the like are left without a look at how they are written.
        let text = range.text()?;
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut scalar = self.reader.scalar(range, name)?;
        // Yarn does not quote a number, and reads it as a text.
        if text.parse::<f64>().is_ok() && scalar.style == Style::YamlPlain {
            scalar.style = Style::Bare;
        }
        required(name, scalar)
    }

    /// Returns the keys of packages of which something is required that may change.
    fn keys(&mut self, entries: &[Entry<'n, 't>]) -> LockedKeys {
        let mut keys = Vec::new();
        for read in entries {
            let users = read.folder().and_then(|folder| self.keys.remove(folder));
            let Some(LockedKeyUsers { following, fixed }) = users.filter(|users| !users.following.is_empty()) else {
                continue;
            };
            let scalar = self.reader.scalar(read.key, "the key of an entry");
            keys.extend(scalar.map(|scalar| LockedKey { scalar, following, fixed }));
        }
        LockedKeys(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Locator, ManifestType, edit};

    /// As Yarn 4 writes it: the range of `odd` is from a registry, whose `a` wants our `lib`; `dev` is required by any version.
    const LOCK: &str = "# generated\n\n__metadata:\n  version: 8\n  cacheKey: 10c0\n\n\
        \"@x/lib@npm:1.2.0, @x/lib@npm:^1.2.0, @x/lib@workspace:p/lib, @x/lib@workspace:~1.2.0\":\n  version: 0.0.0-use.local\n\
        \x20 resolution: \"@x/lib@workspace:p/lib\"\n  languageName: unknown\n  linkType: soft\n\n\
        \"a@npm:^1.2.0\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0\"\n  dependencies:\n    \"@x/lib\": \"npm:1.2.0\"\n  checksum: 10c0/1\n\n\
        \"app@workspace:p/app\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:p/app\"\n  dependencies:\n    \"@x/lib\": \"npm:^1.2.0\"\n\
        \x20   a: \"npm:^1.2.0\"\n    dev: \"workspace:*\"\n    gone: \"npm:^1.2.0\"\n  peerDependencies:\n    \"@x/lib\": ^1.2.0\n    dev: \">=1\"\n\
        \x20 peerDependenciesMeta:\n    \"@x/lib\":\n      optional: true\n\n\
        \"dev@workspace:*, dev@workspace:p/dev\":\n  version: 0.0.0-use.local\n  resolution: \"dev@workspace:p/dev\"\n  dependencies:\n    \"@x/lib\": \"npm:1.2.0\"\n\n\
        \"root@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"root@workspace:.\"\n  dependencies:\n    \"@x/lib\": \"workspace:~1.2.0\"\n";

    fn requirements(entry: &LockedEntry) -> Vec<String> {
        let shown = |r: &RequirementPlace| {
            format!("{} {:?} {} {}", r.on.name, r.kind, r.scalar.text, r.folder.as_deref().unwrap_or("-"))
        };
        entry.requirements.iter().map(shown).collect()
    }

    /// The lock after new ranges for the requirements on `@x/lib`: those that read `from` become `to`.
    fn edited(text: &str, changes: &[(&str, &str)]) -> String {
        let found = find(text).unwrap();
        let ours = found.locked.iter().flat_map(|entry| &entry.requirements).filter(|r| r.on.name == "@x/lib");
        let planned = ours.filter_map(|r| {
            let (_, new) = changes.iter().find(|(old, _)| *old == r.scalar.text)?;
            Some((r.scalar.clone(), (*new).to_owned()))
        });
        let planned: Vec<(Scalar, String)> = planned.collect();
        let locator = Locator::Known(ManifestType::YarnLock);
        edit(&[(&locator, &found)], text, &planned).unwrap().edits.apply(text).unwrap()
    }

    #[test]
    fn ranges_that_resolved_to_the_workspace_are_ours() {
        let found = find(LOCK).unwrap();
        let read: Vec<(&LockedAt, Vec<String>)> = found.locked.iter().map(|e| (&e.at, requirements(e))).collect();
        let at = |folder: &str| LockedAt::Folder(folder.to_owned());
        let of_app = ["@x/lib Normal ^1.2.0 p/lib", "gone Normal ^1.2.0 -", "@x/lib Peer ^1.2.0 -", "dev Peer >=1 -"];
        let expected = [
            (&at("p/lib"), vec![]),
            (&at("p/app"), of_app.map(str::to_owned).to_vec()),
            (&at("p/dev"), vec!["@x/lib Normal 1.2.0 p/lib".to_owned()]),
            (&at("."), vec!["@x/lib Normal ~1.2.0 p/lib".to_owned()]),
        ];
        assert_eq!(read, expected);
        assert_eq!(found.locked_keys.0.len(), 1);
    }

    #[test]
    fn keys_follow_what_they_are_made_of() {
        // The registry's `a` keeps its own requirement, so that one more is in the key.
        let new = edited(LOCK, &[("^1.2.0", "^2.0.0"), ("1.2.0", "2.0.0"), ("~1.2.0", "~2.0.0")]);
        let key = "\"@x/lib@npm:1.2.0, @x/lib@npm:2.0.0, @x/lib@npm:^2.0.0, @x/lib@workspace:p/lib, @x/lib@workspace:~2.0.0\":\n";
        assert!(new.contains(key), "{new}");
        assert_eq!(new.matches("\"npm:1.2.0\"").count(), 1);
        assert_eq!(new.matches("^2.0.0").count(), 3);
        // Two that become one are listed once, and what changes its place moves.
        let lock = LOCK.replace("    \"@x/lib\": \"npm:1.2.0\"\n  checksum", "    b: \"npm:1.2.0\"\n  checksum");
        let new = edited(&lock, &[("1.2.0", "^1.2.0")]);
        assert!(new.contains("\n\"@x/lib@npm:^1.2.0, @x/lib@workspace:p/lib, @x/lib@workspace:~1.2.0\":\n"), "{new}");
        let new = edited(&lock, &[("1.2.0", "~1.3.0"), ("^1.2.0", "^1.3.0")]);
        let key = "\n\"@x/lib@npm:^1.3.0, @x/lib@npm:~1.3.0, @x/lib@workspace:p/lib, @x/lib@workspace:~1.2.0\":\n";
        assert!(new.contains(key), "{new}");
        assert_eq!(edited(LOCK, &[]), LOCK);
    }

    #[test]
    fn older_forms_are_read() {
        // Yarn 2 and 3 write no `npm:`, a long key behind a question mark, and no quotes around a number.
        let text = "__metadata:\n  version: 6\n\n? \"@x/lib@1, @x/lib@^1.2.0, @x/lib@workspace:p/lib\"\n: version: 0.0.0-use.local\n\
            \x20 resolution: \"@x/lib@workspace:p/lib\"\n\n\"app@workspace:.\":\n  resolution: \"app@workspace:.\"\n  dependencies:\n    \"@x/lib\": 1\n\
            \x20 peerDependencies:\n    \"@x/lib\": ^1.2.0\n";
        let new = edited(text, &[("1", "2"), ("^1.2.0", "^2.0.0")]);
        assert!(new.contains("? \"@x/lib@2, @x/lib@^1.2.0, @x/lib@workspace:p/lib\"\n"), "{new}");
        assert!(new.contains("    \"@x/lib\": 2\n") && new.contains("    \"@x/lib\": ^2.0.0\n"), "{new}");
    }

    #[test]
    fn yarn_1_locks_nothing_of_ours() {
        let text = "# yarn lockfile v1\n\n\n\"lib@file:p/lib\":\n  version \"1.2.0\"\n";
        for text in ["", text, "<<<<<<< HEAD\n"] {
            let found = find(text).unwrap();
            assert_eq!(
                found.locked.iter().map(|e| (&e.at, requirements(e))).collect::<Vec<_>>(),
                [(&LockedAt::Folder(".".into()), vec![])]
            );
        }
    }

    #[test]
    fn all_faults_are_reported() {
        let text = "__metadata:\n  version: 8\n\"a@workspace:.\":\n  resolution: \"a@workspace:.\"\n  dependencies: [x]\n  peerDependencies:\n    b: |\n      1.0\n";
        let messages: Vec<String> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        let expected =
            ["`dependencies` is a list, expected a mapping", "`b` is a block of lines, expected a text on one line"];
        assert_eq!(messages, expected);
        for broken in ["__metadata:\n<<<<<<< HEAD\n  version: 8\n", "- a\n__metadata:\n", "__metadata: 1\na: 1\na: 2\n"]
        {
            assert!(find(broken).is_err(), "{broken}");
        }
    }
}
