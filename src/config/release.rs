//! [`ReleaseConfig`]: the table `[release]`, how a release leaves the machine.

use std::time::Duration;

use super::duration::read_duration;
use super::package_release::PackageRelease;
use super::reader::TableReader;
use super::release_text::{read_line, read_message};
use super::{ReleaseRun, ReleaseText, Spanned, TextWord};
use crate::model::is_branch_name;

const MERGES: [(&str, MergeRule); 2] = [("no-ff", MergeRule::NoFf), ("ff-only", MergeRule::FfOnly)];
const BACKS: [(&str, BackMerge); 3] =
    [("ff", BackMerge::Ff), ("request", BackMerge::Request), ("none", BackMerge::None)];
const VIAS: [(&str, ReleaseVia); 2] = [("push", ReleaseVia::Push), ("request", ReleaseVia::Request)];
const PUSHES: [(&str, PushOrder); 2] = [("together", PushOrder::Together), ("branch-first", PushOrder::BranchFirst)];

/// How a release leaves the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseConfig {
    /// The title of the milestone that belongs to a version; `None` if milestones do not matter.
    pub milestone: Option<ReleaseText>,
    /// The branch where work is gathered; `None`: it is released where it was bumped.
    pub integration: Option<String>,
    /// The branch that ships; `None`: the branch of the bump.
    pub production: Option<String>,
    /// How the one is merged into the other.
    pub merge: MergeRule,
    /// The message of that merge.
    pub merge_message: ReleaseText,
    /// How production is brought back to integration.
    pub back: BackMerge,
    /// How the release commit gets to its branch.
    pub via: ReleaseVia,
    /// The order in which branch and tags are pushed.
    pub push: PushOrder,
    /// With the branch first: how long tags wait for a green pipeline of their commit; zero: not at all.
    pub wait: Duration,
    /// Whether a final closes the milestone.
    pub close_milestone: bool,
    /// The title of the milestone that is created next.
    pub next_milestone: Option<ReleaseText>,
    /// The commands that publish, in the order of the file.
    pub runs: Vec<ReleaseRun>,
    /// What packages without a table of their own do.
    pub packages: PackageRelease,
}

/// How integration is merged into production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MergeRule {
    /// By a merge commit.
    NoFf,
    /// By moving production forward.
    FfOnly,
}

/// How production is brought back to integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BackMerge {
    /// By moving integration forward; by a request if it has moved meanwhile.
    Ff,
    /// By a request.
    Request,
    /// Not at all.
    None,
}

/// How the release commit gets to its branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReleaseVia {
    /// By a push.
    Push,
    /// By a request from a branch of its own; it is tagged after the merge.
    Request,
}

/// The order in which branch and tags are pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PushOrder {
    /// Branch and tags in one push.
    Together,
    /// The branch first, then the tags.
    BranchFirst,
}

impl Default for ReleaseConfig {
    fn default() -> Self {
        let message = "Merge {integration} into {production} for release {tag}";
        Self {
            milestone: None,
            integration: None,
            production: None,
            merge: MergeRule::NoFf,
            merge_message: ReleaseText::own(message, TextWord::OF_MERGES),
            back: BackMerge::None,
            via: ReleaseVia::Push,
            push: PushOrder::Together,
            wait: Duration::ZERO,
            close_milestone: true,
            next_milestone: None,
            runs: Vec::new(),
            packages: PackageRelease::default(),
        }
    }
}

impl ReleaseConfig {
    /// Reads the table.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Option<Self> {
        let mut reader = reader?;
        let default = Self::default();
        let (integration, production) = branches(&mut reader);
        let back = if integration.is_some() { BackMerge::Ff } else { default.back };
        let push = reader.one_of("push", &PUSHES).map_or(default.push, |push| push.value);
        let release = Self {
            milestone: read_line(&mut reader, "milestone", &[]),
            integration,
            production,
            merge: reader.one_of("merge", &MERGES).map_or(default.merge, |merge| merge.value),
            merge_message: read_message(&mut reader, "merge-message", TextWord::OF_MERGES)
                .unwrap_or(default.merge_message),
            back: reader.one_of("back", &BACKS).map_or(back, |back| back.value),
            via: reader.one_of("via", &VIAS).map_or(default.via, |via| via.value),
            push,
            wait: wait(&mut reader, push).unwrap_or(default.wait),
            close_milestone: reader.boolean("close-milestone").map_or(default.close_milestone, |closes| closes.value),
            next_milestone: read_line(&mut reader, "next-milestone", TextWord::OF_NEXT),
            runs: ReleaseRun::read_all(&mut reader),
            packages: default.packages.merged_with(&mut reader),
        };
        reader.finish();
        Some(release)
    }
}

fn branches(reader: &mut TableReader<'_>) -> (Option<String>, Option<String>) {
    let (integration, production) = (branch(reader, "integration"), branch(reader, "production"));
    if let (Some(integration), Some(production)) = (&integration, &production)
        && integration.value == production.value
    {
        let message = format!("`integration` and `production` are both `{}`", production.value);
        reader.problems().add(production.span, message, "leave both out if one branch gathers the work and ships it");
    }
    (integration.map(|branch| branch.value), production.map(|branch| branch.value))
}

fn branch(reader: &mut TableReader<'_>, key: &'static str) -> Option<Spanned<String>> {
    let text = reader.string(key)?;
    if !is_branch_name(&text.value) {
        let message = format!("`{}` is not a valid branch name", text.value);
        reader.problems().add(text.span, message, "name a branch without its remote, as in \"main\"");
        return None;
    }
    Some(text)
}

fn wait(reader: &mut TableReader<'_>, push: PushOrder) -> Option<Duration> {
    let wait = read_duration(reader, "wait")?;
    if push == PushOrder::Together && !wait.value.is_zero() {
        let message = "`wait` is for a branch that is pushed before its tags";
        reader.problems().add(wait.span, message, "add push = \"branch-first\", or leave `wait` out");
    }
    Some(wait.value)
}
