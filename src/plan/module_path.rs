//! The paths of Go modules, which end in the major version from 2 on (<https://go.dev/ref/mod#major-version-suffixes>).

use super::places::Places;
use super::release_plan::{Refusal, RefusalCode};
use super::targets::Target;
use crate::manifest::{Scalar, is_gopkg, module_major, split_module_path};
use crate::model::{RepoPath, Version};
use crate::snapshot::Snapshot;
use crate::workspace::{ModulePath, Package};

/// A module whose path is not that of its version.
pub(super) struct MisnamedModule {
    /// The go.mod.
    pub(super) file: RepoPath,
    /// The path of the module.
    pub(super) scalar: Scalar,
    /// What is wrong.
    pub(super) message: String,
    /// The path that it should have.
    pub(super) expected: String,
    /// What to do about it.
    pub(super) help: String,
}

/// Returns the refusals of a version that the go.mod of its package does not admit. Only a person can change a module's path: every
/// import of it in sources changes with it.
pub(super) fn wrong_modules(snapshot: &Snapshot, package: &Package, target: &Target) -> Vec<Refusal> {
    let version = &target.to.version;
    let mut places = Places::new(&snapshot.workspace);
    let wrong = package.modules.iter().filter(|module| module_major(&module.scalar.text) != major_at(version));
    let refusal = |module: &ModulePath| {
        let line = places.position(&module.file, module.scalar.span.start).map_or(1, |at| at.line);
        // A version that cannot be spelled is a refusal of its own.
        let to = target.to.in_texts(package).unwrap_or_default();
        let misnamed = misnamed(module, version, &format!("`{}` {to}", package.id));
        Refusal {
            code: RefusalCode::ModulePath,
            message: format!("{}:{line}: {}, expected `{}`", module.file, misnamed.message, misnamed.expected),
            help: Some(misnamed.help),
        }
    };
    wrong.map(refusal).collect()
}

/// Returns the modules of a package whose path ends in a lower major version than the package was released with. A higher one prepares
/// the next release.
pub(super) fn misnamed_modules(package: &Package) -> Vec<MisnamedModule> {
    let Some(version) = package.version() else { return Vec::new() };
    let behind = package.modules.iter().filter(|module| module_major(&module.scalar.text) < major_at(version));
    behind.map(|module| misnamed(module, version, &format!("`{}` {}", package.id, package.written()))).collect()
}

fn misnamed(module: &ModulePath, version: &Version, called: &str) -> MisnamedModule {
    let path = &module.scalar.text;
    let expected = path_at(path, version);
    let message = format!("the module path `{path}` is not that of {called}");
    let help =
        "change the path in go.mod and in all imports of the module, or choose a version with its major".to_owned();
    let (file, scalar) = (module.file.clone(), module.scalar.clone());
    MisnamedModule { file, scalar, message, expected, help }
}

/// The major version that the path of a module must end in.
fn major_at(version: &Version) -> u64 {
    version.part(0).max(1)
}

fn path_at(path: &str, version: &Version) -> String {
    let (base, _) = split_module_path(path);
    let major = version.part(0);
    match (is_gopkg(path), major) {
        (true, _) => format!("{base}.v{major}"),
        (false, 0 | 1) => base.to_owned(),
        (false, _) => format!("{base}/v{major}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme;

    #[test]
    fn the_path_of_a_version() {
        let rows = [
            ("example.com/m", "1.9.0", "example.com/m", true),
            ("example.com/m", "0.1.0", "example.com/m", true),
            ("example.com/m", "2.0.0-rc.1", "example.com/m/v2", false),
            ("example.com/m/v2", "2.3.0", "example.com/m/v2", true),
            ("example.com/m/v2", "3.0.0", "example.com/m/v3", false),
            ("example.com/m/v2", "1.9.0", "example.com/m", false),
            ("example.com/m/v10", "10.0.0", "example.com/m/v10", true),
            ("example.com/m/vendor", "1.0.0", "example.com/m/vendor", true),
            ("gopkg.in/m.v3", "3.1.0", "gopkg.in/m.v3", true),
            ("gopkg.in/m.v3", "4.0.0", "gopkg.in/m.v4", false),
            ("gopkg.in/m.v1", "1.0.0", "gopkg.in/m.v1", true),
        ];
        for (path, version, expected, fits) in rows {
            let version = VersionScheme::Semver.parse(version).unwrap();
            assert_eq!(path_at(path, &version), expected, "{path} {version:?}");
            assert_eq!(module_major(path) == major_at(&version), fits, "{path} {version:?}");
        }
    }
}
