//! pnpm-lock.yaml, lockfileVersion 6 and 9, as pnpm writes it.
//!
//! A package of the workspace is an importer, which repeats the ranges of its package.json beside what they resolved to; its version is
//! not written anywhere. Only a range that resolved to a folder (`link:`, `file:`) is ours. What a registry gave is pnpm's to resolve again.

use super::npm_fields::{TABLES, required};
use super::yaml_document::YamlReader;
use super::{Found, LockedAt, LockedEntry, RequirementPlace};
use crate::data::Fault;
use crate::data::yaml::Node;
use crate::model::DependencyKind;

/// Finds the ranges of the importers on packages in folders, and those on peers of packages that are copied from a folder.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let reader = YamlReader::new(text);
    let root = reader.root("the lock file")?;
    let mut lock = Lock { reader, locked: Vec::new() };
    match root.get("importers") {
        Some(importers) => {
            for (folder, importer) in lock.reader.pairs(importers, "importers") {
                lock.importer(folder, importer);
            }
        }
        // A project without a workspace has the tables of its importer at the top in version 6.
        None => lock.importer(".", &root),
    }
    for (_, package) in root.get("packages").map(|node| lock.reader.pairs(node, "packages")).unwrap_or_default() {
        lock.copied(package);
    }
    lock.reader.finish(Found { locked: lock.locked, ..Found::default() })
}

/// The lock file, while it is read.
struct Lock<'t> {
    reader: YamlReader<'t>,
    locked: Vec<LockedEntry>,
}

impl Lock<'_> {
    fn importer(&mut self, folder: &str, importer: &Node<'_>) {
        let mut requirements = Vec::new();
        for (table, kind) in TABLES {
            let Some(dependencies) = importer.get(table) else { continue };
            for (name, dependency) in self.reader.pairs(dependencies, table) {
                requirements.extend(self.specifier(folder, name, dependency, kind));
            }
        }
        self.add(folder, requirements);
    }

    /// Returns the range of an importer, where it resolved to a folder.
    fn specifier(
        &mut self,
        importer: &str,
        name: &str,
        dependency: &Node<'_>,
        kind: DependencyKind,
    ) -> Option<RequirementPlace> {
        let version = dependency.get("version")?.text()?;
        let folder = match (version.strip_prefix("link:"), version.strip_prefix("file:")) {
            (Some(link), _) => format!("{importer}/{link}"),
            // What the copy takes as its peers is written behind its folder, which counts from the lock file.
            (None, Some(copy)) => copy.split_once('(').map_or(copy, |(folder, _)| folder).to_owned(),
            (None, None) => return None,
        };
        let place = self.range(name, dependency.get("specifier")?)?;
        Some(RequirementPlace { kind, folder: Some(folder), ..place })
    }

    /// Reads an entry of `packages`, which repeats the peers of a package that is copied from a folder.
    fn copied(&mut self, package: &Node<'_>) {
        let directory = package.get("resolution").and_then(|resolution| resolution.get("directory"));
        let peers = package.get("peerDependencies");
        let Some((folder, peers)) = directory.and_then(Node::text).zip(peers) else { return };
        let peers = self.reader.pairs(peers, "peerDependencies");
        let places = peers.into_iter().filter_map(|(name, range)| self.range(name, range));
        let requirements = places.map(|place| RequirementPlace { kind: DependencyKind::Peer, ..place }).collect();
        self.add(folder, requirements);
    }

    fn range(&mut self, name: &str, node: &Node<'_>) -> Option<RequirementPlace> {
        required(name, self.reader.scalar(node, name)?)
    }

    fn add(&mut self, folder: &str, mut requirements: Vec<RequirementPlace>) {
        requirements.sort_by_key(|place| place.scalar.span);
        let at = LockedAt::Folder(folder.to_owned());
        self.locked.push(LockedEntry { name: None, at, versions: Vec::new(), requirements });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folder of each entry, with its requirements as they are in the text.
    fn entries(text: &str) -> Vec<String> {
        let found = find(text).unwrap();
        let requirement = |r: &RequirementPlace| {
            let written = r.scalar.span.of(text).unwrap();
            format!(" {} {:?} {written} {}", r.on.name, r.kind, r.folder.as_deref().unwrap_or("-"))
        };
        let entry = |entry: &LockedEntry| {
            let LockedAt::Folder(folder) = &entry.at else { panic!("{entry:?}") };
            let requirements: Vec<String> = entry.requirements.iter().map(requirement).collect();
            format!("{folder}:{}", requirements.join(","))
        };
        found.locked.iter().map(entry).collect()
    }

    #[test]
    fn ranges_that_resolved_to_folders_are_ours() {
        let text = "lockfileVersion: '9.0'\nimporters:\n  .:\n    devDependencies:\n      '@x/core':\n        specifier: workspace:^1.2.0\n        version: link:packages/core\n\
            \x20 packages/app:\n    dependencies:\n      any:\n        specifier: workspace:*\n        version: link:../any\n      core: {specifier: '>=1.2.0 <2', version: link:../core}\n\
            \x20     odd:\n        specifier: ^1.2.0\n        version: 1.2.0\n    optionalDependencies:\n      tool: {specifier: workspace:@x/tool@~1.2.0, version: file:packages/tool(core@packages/core)}\n\
            \x20 packages/core: {}\npackages:\n  odd@1.2.0:\n    resolution: {integrity: sha512-x}\n    peerDependencies: {core: ^1.2.0}\n\
            \x20 '@x/tool@file:packages/tool':\n    resolution: {directory: packages/tool, type: directory}\n    peerDependencies:\n      core: ^1.2.0\n";
        let expected = [
            ".: @x/core Dev ^1.2.0 ./packages/core",
            "packages/app: core Normal >=1.2.0 <2 packages/app/../core, @x/tool Optional ~1.2.0 packages/tool",
            "packages/core:",
            "packages/tool: core Peer ^1.2.0 -",
        ];
        assert_eq!(entries(text), expected);
    }

    #[test]
    fn a_project_without_a_workspace_is_its_own_importer() {
        let text = "lockfileVersion: '6.0'\ndependencies:\n  core:\n    specifier: ^1.2.0\n    version: link:../core\npackages: {}\n";
        assert_eq!(entries(text), [".: core Normal ^1.2.0 ./../core"]);
        assert_eq!(entries("lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n"), [".:"]);
    }

    #[test]
    fn all_faults_are_reported() {
        let text = "importers:\n  a:\n    dependencies: [x]\n    devDependencies: {b: {specifier: [1], version: link:../b}}\npackages: 1\n";
        let messages: Vec<String> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        let expected = [
            "`dependencies` is a list, expected a mapping",
            "`b` is a list, expected a text",
            "`packages` is a text, expected a mapping",
        ];
        assert_eq!(messages, expected);
        assert_eq!(find("- a\n").unwrap_err()[0].message, "the lock file is a list, expected a mapping");
    }
}
