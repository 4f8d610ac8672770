//! [`ProblemCode`]: the kinds of what can be wrong with the input.

use serde::Serialize;

/// What is wrong with the input, for programs: the message says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// relman.toml is not valid TOML.
    ConfigSyntax,
    /// A key of relman.toml is unknown.
    ConfigKey,
    /// A value of relman.toml is of a wrong type.
    ConfigType,
    /// A value of relman.toml is missing or not valid.
    ConfigValue,
    /// Two entries of relman.toml contradict each other, or claim the same thing.
    ConfigConflict,
    /// A package, a group, a gate or a tag with the given name does not exist.
    UnknownName,
    /// Several packages have the given name.
    AmbiguousName,
    /// The workspace has no packages.
    NoPackages,
    /// No package was selected.
    NothingSelected,
    /// Two parts of the request contradict each other.
    RequestConflict,
    /// The requested level or stage is missing or not valid.
    Level,
    /// A version is not valid, or cannot be written in one of its places.
    Version,
    /// A package has no place that holds its version.
    NoVersion,
    /// A tag cannot be made of a version.
    Tag,
    /// A file or folder does not exist, or is not in what will be committed.
    Missing,
    /// A file or folder cannot be read.
    Unreadable,
    /// A path leads out of the repository, or out of the folder it has to be in.
    Outside,
    /// A manifest or lock file does not have the form or the content that is needed.
    Manifest,
    /// A requirement cannot be read, or cannot follow its package.
    Requirement,
    /// A text cannot be edited as planned.
    Edit,
    /// A changelog is not understood, or cannot take the new sections.
    Changelog,
    /// A package keeps no changelog or no fragments.
    NoChangelog,
    /// No changelog has the requested section.
    NoSection,
    /// Several changelogs have the requested section.
    AmbiguousSection,
    /// A file among the fragments is not a valid fragment.
    Fragment,
    /// The repository has no commits yet.
    NoCommits,
    /// A revision does not exist, or has no commit in common with HEAD.
    Revision,
    /// The history that is needed is not in this clone.
    HistoryMissing,
    /// The repository has no remote.
    NoRemote,
    /// A plugin may not be started, or gives no valid answer.
    Plugin,
    /// An environment variable is not valid.
    Environment,
}
