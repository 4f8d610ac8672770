//! [`Outward`]: what can leave the machine, a value per kind of step.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::run_step::RunStep;
use crate::config::NameGlob;
use crate::model::{CommitId, ObjectId, RepoPath, TagName};

/// What can leave the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outward {
    /// The production branch takes the merge.
    Merge(MergePush),
    /// Refs go to a remote.
    Push(Push),
    /// CI of the commit that was pushed has to be green.
    Wait(WaitForCi),
    /// The integration branch takes what production has.
    Back(Back),
    /// A command that publishes.
    Run(RunStep),
    /// A release on the forge.
    ForgeRelease(ForgeReleaseStep),
    /// A file goes to the forge.
    Asset(Upload),
    /// A draft becomes public.
    Publish(Publish),
    /// Which release the forge shows as the latest.
    Latest(Latest),
    /// A tag follows the highest final of its line.
    Floating(FloatingTag),
    /// A milestone is closed, or created.
    Milestone(MilestoneStep),
    /// A pull or merge request.
    Request(RequestStep),
    /// The command that tells people about the release.
    Announce(RunStep),
}

/// The push of a merge to the branch that ships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MergePush {
    /// The name of the remote.
    pub remote: String,
    /// The branch there.
    pub into: String,
    /// The commit that the branch is at when the plan is made; null if the remote does not have it yet.
    pub base: Option<CommitId>,
}

/// One atomic push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Push {
    /// The name of the remote.
    pub remote: String,
    /// The branch on the remote that takes HEAD, where the branch is pushed.
    pub branch: Option<String>,
    /// The commit that the branch takes instead of HEAD: an earlier one, up to which it was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitId>,
    /// The tags that go along.
    pub tags: Vec<TagName>,
    /// The commit that the branch is at and that is overwritten: one that relman made. Null if the branch only moves forward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<CommitId>,
}

/// A wait for CI of the commit that was pushed to a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WaitForCi {
    /// The branch.
    pub branch: String,
    /// How long, in seconds.
    pub seconds: u64,
    /// The names of checks or jobs that do not count, as globs.
    pub ignore: Vec<String>,
}

/// The push of production's head to the integration branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Back {
    /// The name of the remote.
    pub remote: String,
    /// The integration branch there.
    pub branch: String,
    /// The branch that it takes.
    pub from: String,
    /// The commit that the branch is at when the plan is made.
    pub base: Option<CommitId>,
}

/// A release on the forge: a draft where the forge has drafts, else the release itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ForgeReleaseStep {
    /// Its title.
    pub title: String,
    /// Its text, as the forge takes it.
    pub body: String,
    /// Whether it is a prerelease.
    pub prerelease: bool,
    /// Whether it is made as a draft.
    pub draft: bool,
    /// The day that it counts from where the forge would otherwise show it as the latest, though it is not.
    pub released_at: Option<String>,
    /// The titles of its milestones.
    pub milestones: Vec<String>,
}

/// A file that is attached to a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Upload {
    /// The file in the work tree.
    pub path: RepoPath,
    /// Its name on the forge.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 digest, in hexadecimal.
    pub sha256: String,
}

/// A draft that becomes public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Publish {
    /// Whether the forge shows it as the latest release from then on.
    pub latest: bool,
    /// The names of the files that it must have, so that nothing is made public without them.
    pub assets: Vec<String>,
}

/// The release that the forge shows as the latest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Latest {}

/// A tag that follows the highest final of its line, as `v1` does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FloatingTag {
    /// The name of the remote.
    pub remote: String,
    /// The tag.
    pub name: TagName,
    /// What it is on when the plan is made; null if it does not exist yet.
    pub base: Option<ObjectId>,
}

/// What happens to a milestone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MilestoneStep {
    /// Its title.
    pub title: String,
    /// What happens to it.
    pub action: MilestoneAction,
    /// Whether open issues or requests that came in meanwhile are in the way of closing it.
    pub refuses_open: bool,
}

/// What happens to a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MilestoneAction {
    /// It is closed.
    Close,
    /// It is created.
    Create,
}

/// A pull or merge request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequestStep {
    /// The branch that is merged.
    pub head: String,
    /// The branch that it is merged into.
    pub base: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// What becomes of it.
    #[serde(default, skip_serializing_if = "RequestAim::is_open")]
    pub aim: RequestAim,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestAim {
    /// It is open; one that was closed without being merged is not opened again.
    #[default]
    Open,
    /// It is open; where one was closed, a new one is made.
    OpenAnew,
    /// It is closed.
    Close,
}

impl RequestAim {
    fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

impl WaitForCi {
    /// Returns `true` if a check or job of this name does not count.
    #[must_use]
    pub fn ignores(&self, name: &str) -> bool {
        // The globs were valid in relman.toml.
        let globs = self.ignore.iter().filter_map(|glob| NameGlob::of_names(glob).ok());
        globs.into_iter().any(|glob| glob.matcher().is_match(name))
    }
}

impl RequestStep {
    /// Returns the request that brings production back to the integration branch.
    #[must_use]
    pub fn back(production: &str, integration: &str) -> Self {
        Self {
            head: production.to_owned(),
            base: integration.to_owned(),
            title: format!("Bring {production} back to {integration}"),
            body: format!("`{production}` has commits of a release that `{integration}` lacks."),
            aim: RequestAim::Open,
        }
    }
}

impl Outward {
    /// Returns the kind, as JSON spells it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Merge(_) => "merge",
            Self::Push(_) => "push",
            Self::Wait(_) => "wait",
            Self::Back(_) => "back",
            Self::Run(_) => "run",
            Self::ForgeRelease(_) => "forge-release",
            Self::Asset(_) => "asset",
            Self::Publish(_) => "publish",
            Self::Latest(_) => "latest",
            Self::Floating(_) => "floating",
            Self::Milestone(_) => "milestone",
            Self::Request(_) => "request",
            Self::Announce(_) => "announce",
        }
    }

    /// Returns where it goes.
    #[must_use]
    pub fn destination(&self) -> &str {
        match self {
            Self::Merge(MergePush { remote, .. })
            | Self::Push(Push { remote, .. })
            | Self::Floating(FloatingTag { remote, .. })
            | Self::Back(Back { remote, .. }) => remote,
            Self::Run(_) => "a registry",
            Self::Announce(_) => "its readers",
            _ => "the forge",
        }
    }

    /// Returns `true` if it asks the forge, or does so where git alone cannot do it.
    #[must_use]
    pub fn may_ask_forge(&self) -> bool {
        !matches!(self, Self::Merge(_) | Self::Push(_) | Self::Floating(_) | Self::Run(_) | Self::Announce(_))
    }
}

impl fmt::Display for Outward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Merge(MergePush { remote, into, .. }) => write!(f, "{remote} {into}"),
            Self::Push(Push { remote, branch, commit, tags, .. }) => {
                f.write_str(remote)?;
                branch.iter().try_for_each(|branch| write!(f, " {branch}"))?;
                commit.iter().try_for_each(|commit| write!(f, " (up to {})", commit.short()))?;
                tags.iter().try_for_each(|tag| write!(f, " {tag}"))
            }
            Self::Wait(WaitForCi { branch, seconds, .. }) => write!(f, "CI of {branch}, up to {}", duration(*seconds)),
            Self::Back(Back { remote, branch, from, .. }) => write!(f, "{remote} {branch} takes {from}"),
            Self::Run(run) | Self::Announce(run) => write!(f, "{run}"),
            Self::ForgeRelease(ForgeReleaseStep { title, draft, .. }) => {
                f.write_str(title)?;
                if *draft { f.write_str(", as a draft") } else { Ok(()) }
            }
            Self::Asset(Upload { path, name, size, .. }) => write!(f, "{name} ({size} bytes) from {path}"),
            Self::Publish(Publish { latest, .. }) => f.write_str(if *latest {
                "the draft becomes public, as the latest release"
            } else {
                "the draft becomes public"
            }),
            Self::Floating(FloatingTag { remote, name, .. }) => write!(f, "{remote} {name} follows"),
            Self::Latest(Latest {}) => f.write_str("shown as the latest release"),
            Self::Milestone(MilestoneStep { title, action: MilestoneAction::Close, .. }) => {
                write!(f, "{title} is closed")
            }
            Self::Milestone(MilestoneStep { title, .. }) => write!(f, "{title} is created"),
            Self::Request(RequestStep { head, base, aim: RequestAim::Close, .. }) => {
                write!(f, "{head} into {base} is closed")
            }
            Self::Request(RequestStep { head, base, .. }) => write!(f, "{head} into {base}"),
        }
    }
}

/// Writes seconds as relman.toml does.
fn duration(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}s"),
        (minutes, 0) => format!("{minutes}m"),
        (minutes, seconds) => format!("{minutes}m{seconds}s"),
    }
}
