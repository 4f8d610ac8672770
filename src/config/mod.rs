//! relman.toml: parses its text into a [`Config`], or into the list of everything that is wrong in it.
//!
//! A table is read key by key; a key that was never requested is unknown. What the file alone makes certain is checked here; what
//! depends on the manifests (a member of a group that is found by `members`, a scheme that is not written) is checked again once they
//! are read, by [`membership()`] and [`tag_conflicts`]. Nothing here reads a disk.

mod changelog;
mod claims;
mod commit_types;
mod dependents;
mod glob;
mod group;
mod levels;
mod manifest_entry;
mod membership;
mod message;
mod package;
mod parse;
mod problems;
mod reader;
mod relman_toml;
mod schema;
mod schemes;
mod section_template;
mod shared_changelogs;
mod spanned;
mod tags;
mod workspace;

pub use changelog::{
    ChangeSource, ChangelogConfig, FRAGMENTS, FragmentsFolder, PathTemplate, Prereleases, SummaryRule,
};
pub use commit_types::CommitTypes;
pub use dependents::{DependentPolicy, DependentsConfig};
pub use glob::{GlobError, NameGlob, PathGlob, PathPattern, is_glob};
pub use group::{GroupKind, GroupSpec};
pub use levels::{CommitsConfig, FragmentsConfig, HistoryMode, LevelMap};
pub use manifest_entry::{EntryKind, ManifestEntry, ManifestPath};
pub use membership::{Membership, membership};
pub use message::{MessageError, MessageTemplate};
pub use package::PackageSpec;
pub use relman_toml::Config;
pub use schema::schema;
pub use section_template::TEMPLATES;
pub use shared_changelogs::{ChangelogOwner, shared_changelogs};
pub use spanned::Spanned;
pub use tags::{TagOwner, meetings, tag_conflicts};
pub use workspace::WorkspaceConfig;
