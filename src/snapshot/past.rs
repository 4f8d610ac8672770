//! [`Past`]: what manifests held at some commits.

use std::collections::BTreeMap;

use crate::manifest::{ManifestType, RequirementSyntax};
use crate::model::{DependencyKind, RegistryName, RepoPath, Version};

/// What manifests held at some commits. Neighbouring commits share most of it.
#[derive(Clone, Debug, Default)]
pub struct Past {
    manifests: Vec<PastManifest>,
    /// The manifests of each commit, by their indices, sorted by path.
    commits: BTreeMap<String, Vec<u32>>,
    /// The files with requirements on packages of today.
    requiring: Vec<(RepoPath, Vec<PastRequirement>)>,
    /// Those of each commit, by their indices, sorted by path.
    requiring_at: BTreeMap<String, Vec<u32>>,
}

/// A requirement on a package of today, as some commits hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRequirement {
    /// The package.
    pub on: RegistryName,
    /// What it is required for.
    pub kind: DependencyKind,
    /// The language of the requirement.
    pub notation: RequirementSyntax,
    /// The requirement.
    pub text: String,
}

/// A manifest as some commits hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastManifest {
    /// The file.
    pub path: RepoPath,
    /// Its type; [`ManifestType::Text`] for a source from which a version is read.
    pub kind: ManifestType,
    /// What it calls its package.
    pub name: Option<String>,
    /// Its version.
    pub version: Version,
}

impl Past {
    /// Adds a manifest, and returns its index.
    pub fn add(&mut self, manifest: PastManifest) -> u32 {
        self.manifests.push(manifest);
        u32::try_from(self.manifests.len() - 1).unwrap_or(u32::MAX)
    }

    /// Adds a commit with all its manifests, by their indices.
    pub fn add_commit(&mut self, commit: String, mut manifests: Vec<u32>) {
        manifests.sort_by(|a, b| self.path(*a).cmp(&self.path(*b)));
        self.commits.insert(commit, manifests);
    }

    /// Adds the requirements of a manifest, and returns their index.
    pub fn add_requirements(&mut self, path: RepoPath, requirements: Vec<PastRequirement>) -> u32 {
        self.requiring.push((path, requirements));
        u32::try_from(self.requiring.len() - 1).unwrap_or(u32::MAX)
    }

    /// Notes which requirements a commit has, by their indices.
    pub fn require_at(&mut self, commit: String, mut indices: Vec<u32>) {
        indices.sort_by(|a, b| self.requiring(*a).map(|(path, _)| path).cmp(&self.requiring(*b).map(|(path, _)| path)));
        self.requiring_at.insert(commit, indices);
    }

    fn requiring(&self, index: u32) -> Option<&(RepoPath, Vec<PastRequirement>)> {
        self.requiring.get(usize::try_from(index).ok()?)
    }

    /// Returns `true` if any requirement was noted.
    #[must_use]
    pub fn has_requirements(&self) -> bool {
        !self.requiring.is_empty()
    }

    /// Returns the requirements on packages of today that a file held at a commit.
    #[must_use]
    pub fn requirements_at(&self, commit: &str, path: &RepoPath) -> &[PastRequirement] {
        let indices = self.requiring_at.get(commit).map_or(&[][..], Vec::as_slice);
        let path_of = |index: &u32| self.requiring(*index).map(|(path, _)| path);
        let at = indices.binary_search_by(|index| path_of(index).cmp(&Some(path))).ok();
        let found = at.and_then(|at| self.requiring(*indices.get(at)?));
        found.map_or(&[][..], |(_, requirements)| requirements)
    }

    fn path(&self, index: u32) -> Option<&RepoPath> {
        self.get(index).map(|manifest| &manifest.path)
    }

    fn get(&self, index: u32) -> Option<&PastManifest> {
        self.manifests.get(usize::try_from(index).ok()?)
    }

    /// Returns every manifest, in the order of their indices.
    #[must_use]
    pub fn manifests(&self) -> &[PastManifest] {
        &self.manifests
    }

    /// Returns the manifests at a commit with their indices, sorted by path; `None` if it was not looked at.
    #[must_use]
    pub fn at(&self, commit: &str) -> Option<impl Iterator<Item = (usize, &PastManifest)>> {
        let manifests = self.commits.get(commit)?;
        Some(manifests.iter().filter_map(|index| Some((usize::try_from(*index).ok()?, self.get(*index)?))))
    }

    /// Returns the id of a commit as it is kept here; `None` if the commit was not looked at.
    #[must_use]
    pub fn commit(&self, commit: &str) -> Option<&str> {
        self.commits.get_key_value(commit).map(|(commit, _)| commit.as_str())
    }

    /// Returns the version that a file held at a commit; `None` if it had none, or the commit was not looked at.
    #[must_use]
    pub fn version_at(&self, commit: &str, path: &RepoPath) -> Option<&Version> {
        self.held(self.commits.get(commit)?, path)
    }

    /// Returns the versions that two files held at each commit that has both.
    pub fn both<'a>(&'a self, a: &'a RepoPath, b: &'a RepoPath) -> impl Iterator<Item = (&'a Version, &'a Version)> {
        self.commits.values().filter_map(move |manifests| Some((self.held(manifests, a)?, self.held(manifests, b)?)))
    }

    fn held(&self, manifests: &[u32], path: &RepoPath) -> Option<&Version> {
        let at = manifests.binary_search_by(|index| self.path(*index).cmp(&Some(path))).ok()?;
        self.get(*manifests.get(at)?).map(|manifest| &manifest.version)
    }
}

#[cfg(test)]
mod tests {
    use super::{Past, PastManifest, PastRequirement};
    use crate::manifest::RequirementSyntax;
    use crate::model::{DependencyKind, Ecosystem, ManifestType, RegistryName, RepoPath, VersionScheme};

    #[test]
    fn what_two_files_held_is_found_by_path() {
        let manifest = |path: &str, version: &str| PastManifest {
            path: RepoPath::new(path).unwrap(),
            kind: ManifestType::Cargo,
            name: None,
            version: VersionScheme::Semver.parse(version).unwrap(),
        };
        let mut past = Past::default();
        let indices: Vec<u32> = [("b", "1.0.0"), ("a", "1.0.0"), ("a", "2.0.0")]
            .into_iter()
            .map(|(path, version)| past.add(manifest(path, version)))
            .collect();
        past.add_commit("x".to_owned(), vec![indices[0], indices[1]]);
        past.add_commit("y".to_owned(), vec![indices[0], indices[2]]);
        let (a, b) = (RepoPath::new("a").unwrap(), RepoPath::new("b").unwrap());
        let same: Vec<bool> = past.both(&a, &b).map(|(a, b)| a == b).collect();
        assert_eq!(same, [true, false]);
        assert_eq!(past.at("x").unwrap().count(), 2);
        assert!(past.at("z").is_none());
    }

    #[test]
    fn what_a_file_required_is_found_by_path() {
        let requirement = |text: &str| PastRequirement {
            on: RegistryName::new(Ecosystem::Cargo, "core"),
            kind: DependencyKind::Normal,
            notation: RequirementSyntax::Cargo,
            text: text.to_owned(),
        };
        let path = |text: &str| RepoPath::new(text).unwrap();
        let mut past = Past::default();
        let b = past.add_requirements(path("b"), vec![requirement("1.0")]);
        let a = past.add_requirements(path("a"), vec![requirement("1.1")]);
        past.require_at("x".to_owned(), vec![b, a]);
        let texts = |commit: &str, file: &str| -> Vec<String> {
            past.requirements_at(commit, &path(file)).iter().map(|it| it.text.clone()).collect()
        };
        assert_eq!([texts("x", "a"), texts("x", "b")], [vec!["1.1".to_owned()], vec!["1.0".to_owned()]]);
        assert!(texts("x", "c").is_empty() && texts("y", "a").is_empty());
    }
}
