//! [`PluginFacts`]: what plugins were asked, and which were not.

use std::collections::BTreeMap;

use serde::Serialize;

use super::look::Look;
use crate::model::{PackageId, PackageIx, PluginName, RepoPath};

/// What plugins were asked, beside the places of versions, which are part of the workspace.
#[derive(Clone, Debug, Default)]
pub struct PluginFacts {
    /// Those that were left out, since they may not be started.
    pub left_out: Vec<PluginLeftOut>,
    /// What those of the role `check` found, by plugin.
    pub checks: Vec<(PluginName, Look<Vec<PluginReport>>)>,
    /// The entries that those of the role `notes` have for the next sections.
    pub entries: BTreeMap<PackageIx, Vec<NotedEntry>>,
}

/// A plugin that was not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PluginLeftOut {
    /// The plugin.
    pub plugin: PluginName,
    /// Why.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The files that were not looked at.
    pub files: Vec<RepoPath>,
    /// The packages that have no other file, and so are missing.
    pub packages: Vec<PackageId>,
}

/// Something that a plugin found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginReport {
    /// What is wrong.
    pub message: String,
    /// The package.
    pub package: Option<PackageId>,
    /// The file.
    pub path: Option<RepoPath>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
    /// What to do about it.
    pub help: Option<String>,
}

/// An entry of a changelog that a plugin made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedEntry {
    /// The type of the change.
    pub kind: String,
    /// The text, one line of Markdown.
    pub text: String,
}

impl PluginLeftOut {
    /// Returns what was left out and why, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let files = crate::text::list_truncated(&self.files, 4);
        let packages = match self.packages.as_slice() {
            [] => String::new(),
            ids => format!(", and with it {}", crate::text::list_truncated(ids, 4)),
        };
        let what = if self.files.is_empty() { String::new() } else { format!("; left out: {files}{packages}") };
        format!("{}{what}", self.message)
    }
}
