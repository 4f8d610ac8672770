//! relman.toml: parses its text into a [`Config`], or into the list of everything that is wrong in it.
//!
//! A table is read key by key; a key that was never requested is unknown. What the file alone makes certain is checked here; what
//! depends on the manifests (a member of a group that is found by `members`, a scheme that is not written) is checked again once they
//! are read, by [`membership()`] and [`tag_conflicts`]. Nothing here reads a disk.

mod artifact_text;
mod changelog;
mod claims;
mod commit_types;
mod dependents;
mod duration;
mod forge;
mod gates;
mod generate;
mod glob;
mod globs;
mod group;
mod hotfix;
mod hotfix_branch;
mod key_tables;
mod levels;
mod manifest_entry;
mod membership;
mod message;
mod milestone_entries;
mod named_packages;
mod named_tables;
mod names;
mod own_command;
mod package;
mod package_release;
mod package_verify;
mod parse;
mod pin;
mod plugin;
mod plugin_case;
mod plugin_file;
mod problems;
mod reader;
mod release;
mod release_run;
mod release_text;
mod relman_toml;
mod schema;
mod schemes;
mod section_template;
mod shared_changelogs;
mod spanned;
mod tag_version;
mod tags;
mod verify;
mod version_globs;
mod wanted_artifacts;
mod web_url;
mod workspace;

pub use artifact_text::ArtifactText;
pub use changelog::{
    ChangeSource, ChangelogConfig, FRAGMENTS, FragmentsFolder, PathTemplate, Prereleases, SummaryRule, USUAL_CHANGES,
};
pub use commit_types::{CommitTypes, USUAL_COMMITS};
pub use dependents::{DependentPolicy, DependentsConfig};
pub use duration::{DurationError, parse_duration};
pub use forge::{ForgeConfig, WantedVariable};
pub use gates::{BUILT_IN_GATES, CiRule, FragmentsRule, GatesConfig, Question, Strength};
pub use generate::Generator;
pub use glob::{GlobError, NameGlob, PathGlob, PathPattern, is_glob};
pub use group::{GroupKind, GroupSpec};
pub use hotfix::{HotfixBy, HotfixConfig, HotfixFrom, HotfixRelease};
pub use key_tables::{KeyTable, TableKey, key_tables};
pub use levels::{CommitsConfig, FragmentsConfig, HistoryMode, LevelMap};
pub use manifest_entry::{EntryKind, ManifestEntry, ManifestPath};
pub use membership::{Membership, membership};
pub use message::{MessageError, MessageTemplate};
pub use milestone_entries::MilestoneEntries;
pub use named_packages::unknown_packages;
pub use names::is_plugin_name;
pub use own_command::{CommandLine, OwnCommand};
pub use package::PackageSpec;
pub use package_release::{PackageRelease, ReleaseNotes};
pub use package_verify::{PackageVerify, VerifyRun};
pub use pin::{PinContent, PinPlaceSpec, PinSpec, PinText};
pub use plugin::PluginSpec;
pub use plugin_case::{CaseKind, ExpectedPlaces, PluginCase};
pub use plugin_file::{PluginFile, plugin_file_schema};
pub use release::{BackMerge, MergeRule, PushOrder, ReleaseConfig, ReleaseVia};
pub use release_run::{ReleaseRun, RunScope};
pub use release_text::{PackageField, Placeholder, ReleaseText, TextWord};
pub use relman_toml::Config;
pub use schema::{URL as SCHEMA_URL, schema};
pub use section_template::TEMPLATES;
pub use shared_changelogs::{ChangelogOwner, shared_changelogs};
pub use spanned::Spanned;
pub use tag_version::TagVersion;
pub use tags::{TagOwner, meetings, tag_conflicts};
pub use verify::{Acceptance, RegistryUrls, VerifyConfig};
pub use version_globs::VersionGlobs;
pub use wanted_artifacts::{
    PythonFile, UrlContent, WantedArtifacts, WantedImage, WantedPackage, WantedProject, WantedUrl,
};
pub use web_url::{WebUrl, WebUrlError};
pub use workspace::{LastTag, WorkspaceConfig};
