//! Source files that repeat the version of a manifest.

use std::collections::BTreeSet;

use super::unit::{Entry, Unit, read};
use crate::manifest::{Locator, ManifestType, SearchPattern, find, version_line};
use crate::model::{Ecosystem, RegistryName, RepoPath, Version, VersionScheme};
use crate::snapshot::Discovery;

/// Fewer commits with tags do not show what moves with them.
const FEW: usize = 3;

/// The constant in which a Python package repeats its version.
const CONSTANT: &str = "__version__";

/// Folders around the modules of a Python project.
const AROUND: [&str; 3] = ["src", "lib", "python"];

/// Adds to each unit the source files below it that held its version at every tag that was looked at, and changed with it. As long as there
/// are few tags, a constant that is made for it does not have to have changed.
pub(super) fn add_sources(units: &mut [Unit], discovery: &Discovery) {
    let known: BTreeSet<RepoPath> =
        units.iter().flat_map(|unit| &unit.entries).map(|entry| entry.path.clone()).collect();
    for (path, text) in discovery.sources.iter().filter(|(path, _)| !known.contains(*path)) {
        let around = units.iter_mut().filter(|unit| path.is_within(&unit.folder));
        let Some(unit) = around.max_by_key(|unit| unit.folder.as_str().len()) else { continue };
        let is_place = |entry: &Entry| moved_with(path, unit, (entry.search.as_deref().unwrap_or(""), discovery));
        if let Some(entry) = entry(path, text, unit).filter(is_place) {
            unit.entries.push(entry);
            unit.listed = true;
        }
    }
}

fn entry(path: &RepoPath, text: &str, unit: &Unit) -> Option<Entry> {
    let (search, written) = version_line(text)?;
    let pattern = SearchPattern::new(&search).ok()?;
    let matches = find(&Locator::Search(pattern, VersionScheme::Pep440), text).ok()?;
    let (version, spelled) = read(ManifestType::Text, &written)?;
    let is_whole = version == unit.version && matches.versions.iter().all(|place| place.scalar.text == written);
    let search = Some(search);
    is_whole.then(|| Entry {
        path: path.clone(),
        kind: ManifestType::Text,
        written,
        spelled,
        field: None,
        search,
        pointer: None,
    })
}

/// Returns `true` if both held one version at every tag that has both, and not always the same one, unless it is the constant for it and has
/// been there at all of the few tags.
fn moved_with(path: &RepoPath, unit: &Unit, (search, discovery): (&str, &Discovery)) -> bool {
    let Some(primary) = unit.entries.first() else { return false };
    let both: Vec<(&Version, &Version)> = discovery.past.both(&primary.path, path).collect();
    let versions: BTreeSet<&Version> = both.iter().map(|(version, _)| *version).collect();
    let is_known = || {
        let count = discovery.past.both(&primary.path, &primary.path).count();
        count < FEW && both.len() == count && search.contains(CONSTANT) && is_top_module(path, unit)
    };
    both.iter().all(|(a, b)| a == b) && (versions.len() > 1 || is_known())
}

/// Returns `true` if a file is directly in the module that has the name of the unit's project: `acme_api` or `src/acme_api` for `acme-api`,
/// `acme/api` for `acme-api` or `acme.api`.
fn is_top_module(path: &RepoPath, unit: &Unit) -> bool {
    let (Some(module), Some(name)) = (path.parent(), &unit.name) else { return false };
    let depth = if unit.folder.is_root() { 0 } else { unit.folder.as_str().split('/').count() };
    let parts: Vec<&str> = module.as_str().split('/').skip(depth).collect();
    let parts = match parts.split_first() {
        Some((first, rest)) if AROUND.contains(first) && !rest.is_empty() => rest,
        _ => &parts,
    };
    let normal = |text: &str| RegistryName::new(Ecosystem::Python, text).name;
    !module.is_root() && normal(&parts.join("-")) == normal(name)
}

#[cfg(test)]
mod tests {
    use super::is_top_module;
    use crate::init::unit::{HeldBy, Unit};
    use crate::model::{RepoPath, VersionScheme};

    #[test]
    fn the_module_of_a_project_has_its_name() {
        let unit = |folder: &str, name: &str| {
            let version = VersionScheme::Semver.parse("1.0.0").unwrap();
            let unit = Unit::new(RepoPath::new(folder).unwrap(), version, HeldBy::Manifests);
            Unit { name: Some(name.to_owned()), ..unit }
        };
        for (folder, name, file, expected) in [
            (".", "acme-api", "src/acme_api/__init__.py", true),
            (".", "acme-api", "acme_api/_version.py", true),
            (".", "Acme.API", "src/acme/api/__init__.py", true),
            ("py/api", "acme-api", "py/api/acme_api/__init__.py", true),
            ("py/api", "acme-api", "py/api/src/acme_api/v1/__init__.py", false),
            (".", "acme-api", "src/other/__init__.py", false),
            (".", "acme-api", "__init__.py", false),
            (".", "src", "src/__init__.py", true),
        ] {
            let path = RepoPath::new(file).unwrap();
            assert_eq!(is_top_module(&path, &unit(folder, name)), expected, "{file} of {name}");
        }
    }
}
