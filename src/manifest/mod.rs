//! Manifests: where in a file a version, or a requirement on another package, stands.
//!
//! Each format is a file of this folder that only *finds*: it is given a text and a [`Locator`] and returns a [`Found`], whose
//! [`Scalar`]s say which bytes are the value. No format edits and none reads a disk. All of them are edited by the one mechanism of
//! [`edit()`]: splice the spans, find again in the new text, and compare what was found with what was planned.

mod bun_lock;
mod cargo;
mod cargo_lock;
mod chart;
mod chart_digest;
mod chart_lock;
mod composer;
mod data_values;
mod deno;
mod deno_lock;
mod deno_specifier;
mod edit;
mod found;
mod go_mod;
mod json;
mod json_value;
mod jsonc;
mod lerna;
mod locked_crates;
mod locked_keys;
mod near_search;
mod npm_fields;
mod npm_range;
mod package_json;
mod package_lock;
mod pep508;
mod plain;
mod pnpm;
mod pnpm_lock;
mod poetry_hash;
mod poetry_lock;
mod pom;
mod private;
mod pubspec;
mod pubspec_lock;
mod pyproject;
mod pyproject_dynamic;
mod python_sources;
mod release_please;
pub mod requirement;
mod seal;
mod text;
mod toml;
mod toml_document;
mod uv_lock;
mod version_line;
mod xml;
mod yaml;
mod yaml_document;
mod yarn_lock;

pub use crate::data::{Fault, Scalar, Style};
pub use crate::model::{Locator, ManifestType, Pointer, PointerError, SearchPattern, SearchPatternError};
pub use data_values::pointers;
pub use deno_specifier::normal_range;
pub use edit::{EditFault, Edited, FindAgain, as_planned, edit, edit_found};
pub use found::{
    Found, InheritedRequirement, InheritedVersion, LockedAt, LockedEntry, NoVersion, PathDependency, PythonSource,
    RequirementPlace, VersionPlace, WorkspaceRoot,
};
pub use go_mod::{is_gopkg, module_major, split_module_path};
pub use locked_crates::LockedCrates;
pub use locked_keys::LockedKeys;
pub use pnpm::{PNPM_WORKSPACE, pnpm_workspace};
pub use private::is_private;
pub use requirement::RequirementSyntax;
pub use seal::{Seal, SealChange, Sealed};
pub use version_line::version_line;

/// Finds every place of a text that holds a version or a requirement.
///
/// # Errors
/// Returns all faults of the text: it is broken, has a duplicate key, a version is not a string, and the like.
pub fn find(locator: &Locator, text: &str) -> Result<Found, Vec<Fault>> {
    match locator {
        Locator::Known(ManifestType::Cargo) => cargo::find(text),
        Locator::Known(ManifestType::CargoLock) => cargo_lock::find(text),
        Locator::Known(ManifestType::Pyproject) => pyproject::find(text),
        Locator::Known(ManifestType::UvLock) => uv_lock::find(text),
        Locator::Known(ManifestType::PoetryLock) => poetry_lock::find(text),
        Locator::Pointer(ManifestType::Toml, pointer) => toml::find(text, pointer),
        Locator::Known(ManifestType::Pom) => pom::find(text),
        Locator::Known(ManifestType::Chart) => chart::find(text),
        Locator::Known(ManifestType::ChartLock) => chart_lock::find(text),
        Locator::Known(ManifestType::GoMod) => go_mod::find(text),
        Locator::Known(ManifestType::Pubspec) => pubspec::find(text),
        Locator::Known(ManifestType::PubspecLock) => pubspec_lock::find(text),
        Locator::Known(ManifestType::PackageJson) => package_json::find(text),
        Locator::Known(ManifestType::PackageLock) => package_lock::find(text),
        Locator::Known(ManifestType::PnpmLock) => pnpm_lock::find(text),
        Locator::Known(ManifestType::ReleasePlease) => release_please::find(text),
        Locator::Known(ManifestType::Lerna) => lerna::find(text),
        Locator::Known(ManifestType::Deno) => deno::find(text),
        Locator::Known(ManifestType::DenoLock) => deno_lock::find(text),
        Locator::Known(ManifestType::Composer) => composer::find(text),
        Locator::Known(ManifestType::BunLock) => bun_lock::find(text),
        Locator::Known(ManifestType::YarnLock) => yarn_lock::find(text),
        Locator::Known(ManifestType::Plain) => plain::find(text),
        Locator::Pointer(ManifestType::Json, pointer) => json::find(text, pointer),
        Locator::Pointer(ManifestType::Yaml, pointer) => yaml::find(text, pointer),
        Locator::Search(pattern, scheme) => text::find(text, pattern, *scheme),
        Locator::Known(kind @ (ManifestType::Json | ManifestType::Yaml | ManifestType::Toml)) => Err(vec![misused(
            format!("the type `{kind}` finds nothing by itself", kind = kind.name()),
            "add a `pointer`",
        )]),
        Locator::Plugin(name) => {
            Err(vec![misused(format!("only the plugin `{name}` finds places in it"), "let it be asked")])
        }
        Locator::Known(ManifestType::Text) => {
            Err(vec![misused("the type `text` finds nothing by itself".to_owned(), "add a `search`")])
        }
        Locator::Pointer(kind, _) => Err(vec![misused(
            format!("the type `{}` takes no pointer", kind.name()),
            "use the type json, yaml or toml",
        )]),
    }
}

/// A locator that no configuration should have let through.
fn misused(message: String, help: &str) -> Fault {
    Fault::new(crate::text::Span::new(0, 0), message).help(help)
}
