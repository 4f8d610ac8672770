//! [`RunStep`]: a command of `[[release.run]]` as it is carried out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::{CommandLine, ReleaseText};
use crate::model::{PackageId, PluginName, PluginRole, RepoPath, TagName};

/// A command of `[[release.run]]`, for one package. Its texts are filled in, but for `{scratch}`, whose folder is made when it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RunStep {
    /// The name of the entry.
    pub name: String,
    /// The package that it is run for.
    pub package: PackageId,
    /// The version of the package.
    pub version: String,
    /// What is run, one after the other.
    pub run: Vec<RunLine>,
    /// The plugin that is asked instead; null for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugin: Option<PluginStep>,
    /// What is run before the first tag leaves the machine, to see whether it will work.
    pub rehearse: Vec<RunLine>,
    /// The artifacts that it makes, as `KIND:NAME`; empty: it is run once, and the journal remembers.
    pub makes: Vec<String>,
    /// The programs that it needs.
    pub needs: Vec<String>,
    /// The variables of the environment that it keeps although they hold tokens.
    pub env: Vec<String>,
    /// How long it may take, in seconds.
    pub seconds: u64,
    /// The folder in the checkout in which it is run; null for that of relman.toml.
    pub cwd: Option<RepoPath>,
    /// Ignored paths of the work tree that are linked into the checkout.
    pub share: Vec<RepoPath>,
    /// What it reads from standard input; null for nothing.
    pub input: Option<String>,
    /// What to do if it fails.
    pub help: Option<String>,
}

/// What a plugin is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PluginStep {
    /// The plugin.
    pub name: PluginName,
    /// The role in which it is asked.
    pub role: PluginRole,
    /// What is published or announced, the lead first.
    pub releases: Vec<PluginRelease>,
}

/// A release that a plugin publishes or announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PluginRelease {
    /// The package.
    pub package: PackageId,
    /// Its version.
    pub version: String,
    /// Its tag.
    pub tag: TagName,
    /// What is said about it.
    pub notes: String,
}

/// A program and its arguments, or a line for `sh -c`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum RunLine {
    /// The program and its arguments.
    Argv(Vec<String>),
    /// The line.
    Shell(String),
}

impl RunLine {
    /// Returns a line of relman.toml with its texts filled in.
    #[must_use]
    pub fn filled(line: &CommandLine, fill: impl Fn(&ReleaseText) -> String) -> Self {
        match line {
            CommandLine::Argv(texts) => Self::Argv(texts.iter().map(fill).collect()),
            CommandLine::Shell(text) => Self::Shell(fill(text)),
        }
    }
}

impl fmt::Display for RunLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argv(words) => f.write_str(&words.join(" ")),
            Self::Shell(line) => f.write_str(line),
        }
    }
}

impl RunStep {
    /// Returns `true` if what it does can be looked at: by the names of what it makes, or by asking its plugin.
    #[must_use]
    pub fn can_be_looked_at(&self) -> bool {
        !self.makes.is_empty() || self.plugin.is_some()
    }
}

impl fmt::Display for RunStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {}", self.name, self.package, self.version)
    }
}
