//! [`finish_hotfix`]: the plan that brings a hotfix back.

use super::sections::ReleasedSections;
use crate::config::{Config, HotfixBy, HotfixConfig, HotfixRelease, MergeRule};
use crate::model::{CommitId, ForgeRequest, RequestState};
use crate::plan::in_progress::in_progress;
use crate::plan::outward::{MergePush, Outward, OutwardStep, Push, RequestAim, RequestStep};
use crate::plan::proposal::Proposal;
use crate::plan::release_plan::{BranchCommit, Refusal, RefusalCode, ReleasePlan};
use crate::snapshot::{ChangedFile, Look, RemoteLook, Snapshot};
use crate::text::list_truncated;

/// What bringing a hotfix back to a branch comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackOutcome {
    /// The branch has all of it.
    Held,
    /// A merge commit with this tree.
    Merged {
        /// The tree.
        tree: String,
        /// Whether a merge that knows nothing of versions and changelogs would come to the same.
        is_plain: bool,
    },
    /// A person would have to decide about these paths.
    Conflict {
        /// The paths.
        paths: Vec<String>,
    },
    /// The remote does not have the branch.
    Missing,
}

/// A branch that a hotfix is brought back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackLook {
    /// The branch.
    pub branch: String,
    /// The commit that takes the hotfix: the head of the branch, or of an earlier request that is still on its way.
    pub onto: Option<CommitId>,
    /// The commit of that earlier request on the remote.
    pub on_its_way: Option<CommitId>,
    /// What comes out.
    pub outcome: BackOutcome,
    /// The requests to it, from the hotfix or from the branch that was made for it.
    pub requests: Vec<ForgeRequest>,
}

/// What was looked at.
#[derive(Clone, Debug)]
pub struct FinishLooks {
    /// The remote.
    pub remote: RemoteLook,
    /// Whether the remote was asked. If not, it is what was fetched last.
    pub is_online: bool,
    /// The branches, in their order.
    pub backs: Vec<BackLook>,
    /// How it is brought back.
    pub by: HotfixBy,
    /// What the hotfix released.
    pub sections: Vec<ReleasedSections>,
    /// Whether there is a forge for requests, or why it cannot be asked.
    pub forge: Look<()>,
}

/// Returns the branches that a hotfix is brought back to.
#[must_use]
pub fn back_branches(config: &Config) -> Vec<String> {
    if let Some(back) = config.hotfix.as_ref().and_then(|hotfix| hotfix.back.clone()) {
        return back;
    }
    let release = config.release.as_ref();
    let named = release.into_iter().flat_map(|release| [release.production.clone(), release.integration.clone()]);
    let named: Vec<String> = named.flatten().collect();
    if !named.is_empty() {
        return named;
    }
    // One branch gathers the work and ships it: the one that releases are cut from.
    let cut =
        config.workspace.branches.iter().map(|glob| glob.as_str()).find(|glob| !glob.contains(['*', '?', '[', '{']));
    vec![cut.unwrap_or("main").to_owned()]
}

/// Returns the branch that a request comes from where the hotfix itself would not merge as it should.
#[must_use]
pub fn request_branch(hotfix: &str, into: &str) -> String {
    format!("{hotfix}-into-{into}")
}

/// Plans how the hotfix of HEAD is brought back, and everything that speaks against it.
#[must_use]
pub fn finish_hotfix(snapshot: &Snapshot, looks: &FinishLooks) -> Proposal {
    let mut finish = Finish { snapshot, looks, plan: ReleasePlan::default(), refusals: Vec::new() };
    finish.guards();
    if let (Some(branch), Some(head)) = (&snapshot.git.branch, &snapshot.git.commit) {
        for back in &looks.backs {
            finish.bring(back, branch, head);
        }
        finish.notes(branch);
    }
    let plan = ReleasePlan {
        base: snapshot.git.commit.clone(),
        branch: snapshot.git.branch.clone(),
        time: snapshot.time,
        ..finish.plan
    };
    Proposal::new(plan, finish.refusals)
}

struct Finish<'a> {
    snapshot: &'a Snapshot,
    looks: &'a FinishLooks,
    plan: ReleasePlan,
    refusals: Vec<Refusal>,
}

impl Finish<'_> {
    fn refuse(&mut self, code: RefusalCode, message: String, help: impl Into<String>) {
        self.refusals.push(Refusal { code, message, help: Some(help.into()) });
    }

    fn guards(&mut self) {
        let git = &self.snapshot.git;
        self.refusals.extend(git.in_progress.map(in_progress));
        let changed = git.changed.iter().map(|file| match file {
            ChangedFile::Inside(path) => path.as_str(),
            ChangedFile::Outside(path) => path.as_str(),
        });
        let changed: Vec<&str> = changed.collect();
        if !changed.is_empty() {
            let message = format!("the work tree is not clean: {}", list_truncated(&changed, 8));
            self.refuse(RefusalCode::Dirty, message, "commit the changes of the hotfix, or stash them");
        }
    }

    fn add(&mut self, action: Outward, done: Option<String>) {
        let mut step = OutwardStep::next(&self.plan.outward, None, action);
        step.is_done = done.is_some();
        step.url = done.filter(|url| !url.is_empty());
        self.plan.outward.push(step);
    }

    fn bring(&mut self, back: &BackLook, hotfix: &str, head: &CommitId) {
        let into = &back.branch;
        match &back.outcome {
            BackOutcome::Held => self.plan.notes.push(format!("`{into}` has all of `{hotfix}`")),
            BackOutcome::Missing => {
                let message = format!("{} has no branch `{into}` to bring the hotfix back to", self.looks.remote.name);
                self.refuse(RefusalCode::Branch, message, "name the branches in `back` of [hotfix]");
            }
            BackOutcome::Conflict { paths } => {
                let shown = list_truncated(paths, 8);
                let message = format!("`{hotfix}` cannot be merged into `{into}`: {shown}");
                let help = format!(
                    "merge it by hand: `git switch {into}`, `git merge {hotfix}`, keep the versions of `{into}`, and push; then run \
                     this again"
                );
                self.refuse(RefusalCode::MergeConflict, message, help);
            }
            BackOutcome::Merged { tree, is_plain } => match self.looks.by {
                HotfixBy::Merge => self.merge(back, hotfix, head, tree),
                HotfixBy::Request => self.request(back, hotfix, head, (tree, *is_plain)),
            },
        }
    }

    fn commit(&mut self, branch: String, onto: &CommitId, head: &CommitId, (tree, message): (&str, String)) {
        let parents = vec![onto.clone(), head.clone()];
        self.plan.branch_commits.push(BranchCommit { branch, parents, tree: tree.to_owned(), message, sign: false });
    }

    fn merge(&mut self, back: &BackLook, hotfix: &str, head: &CommitId, tree: &str) {
        let into = &back.branch;
        // A branch that the remote lacks was refused.
        let Some(onto) = &back.onto else { return };
        let only_ff = self.snapshot.config.release.as_ref().is_some_and(|release| release.merge == MergeRule::FfOnly);
        if only_ff {
            let message = format!("`merge` is \"ff-only\", and `{hotfix}` is merged into `{into}` by a merge commit");
            return self.refuse(
                RefusalCode::MergeConflict,
                message,
                "bring it back by requests: by = \"request\" in [hotfix]",
            );
        }
        self.commit(into.clone(), onto, head, (tree, format!("Merge {hotfix} into {into}\n")));
        let remote = self.looks.remote.name.clone();
        self.add(Outward::Merge(MergePush { remote, into: into.clone(), base: Some(onto.clone()) }), None);
    }

    fn request(&mut self, back: &BackLook, hotfix: &str, head: &CommitId, (tree, is_plain): (&str, bool)) {
        let into = &back.branch;
        match &self.looks.forge {
            Look::Found(()) => {}
            Look::Unknown { message, help } => {
                let help = help.clone().unwrap_or_else(|| "check the token".to_owned());
                return self.refuse(RefusalCode::Forge, message.clone(), help);
            }
            Look::NotAsked => {
                let message = "`by` is \"request\", and no forge was found to make requests on".to_owned();
                return self.refuse(
                    RefusalCode::Forge,
                    message,
                    "set `kind` and `repository` in [forge], or by = \"merge\" in [hotfix]",
                );
            }
        }
        let open = back.requests.iter().find(|request| request.state == RequestState::Open);
        if let (None, Some(closed)) = (open, back.requests.iter().find(|request| request.state == RequestState::Closed))
        {
            let note = format!("{} was closed without being merged; it is not opened again", closed.url);
            return self.plan.notes.push(note);
        }
        let from = if is_plain { hotfix.to_owned() } else { request_branch(hotfix, into) };
        let is_there = if is_plain {
            self.looks.remote.branches.get(hotfix) == Some(head)
        } else {
            back.on_its_way.is_some() && back.on_its_way != back.onto
        };
        // A branch that the remote lacks was refused.
        let Some(onto) = &back.onto else { return };
        if !is_plain && !is_there {
            self.commit(from.clone(), onto, head, (tree, format!("Merge {hotfix} into {into}\n")));
        }
        let push = Push {
            remote: self.looks.remote.name.clone(),
            branch: Some(from.clone()),
            commit: None,
            tags: Vec::new(),
            over: None,
        };
        let is_planned = self.plan.outward.iter().any(|step| step.action == Outward::Push(push.clone()));
        if !is_planned {
            self.add(Outward::Push(push), is_there.then(String::new));
        }
        let step = RequestStep {
            head: from,
            base: into.clone(),
            title: self.title(hotfix, into),
            body: self.body(hotfix),
            aim: RequestAim::Open,
        };
        let is_same = |request: &&ForgeRequest| {
            request.title == step.title && request.body.replace("\r\n", "\n").trim() == step.body.trim()
        };
        let done = open.filter(is_same).map(|request| request.url.clone());
        self.add(Outward::Request(step), done);
    }

    fn versions(&self) -> Vec<String> {
        let of = |placed: &crate::changelog::PlacedSection| match &placed.name {
            Some(name) => format!("{name} {}", placed.written),
            None => placed.written.clone(),
        };
        let mut versions: Vec<String> = self.looks.sections.iter().flat_map(|file| &file.sections).map(of).collect();
        versions.dedup();
        versions
    }

    fn title(&self, hotfix: &str, into: &str) -> String {
        match self.versions() {
            versions if versions.is_empty() => format!("Bring {hotfix} to {into}"),
            versions => format!("Bring {} back to {into}", list_truncated(&versions, 3)),
        }
    }

    fn body(&self, hotfix: &str) -> String {
        let mut body = format!("The hotfix `{hotfix}`. Versions stay as they are here where they are higher.\n");
        for placed in self.looks.sections.iter().flat_map(|file| &file.sections) {
            body.push_str(&format!("\n{}", placed.text));
        }
        body
    }

    /// What should be done first, or is still to be done.
    fn notes(&mut self, hotfix: &str) {
        let default = HotfixConfig::default();
        let config = self.snapshot.config.hotfix.as_ref().unwrap_or(&default);
        if config.release == HotfixRelease::Back {
            return;
        }
        let packages = &self.snapshot.workspace.packages;
        let tags = packages.iter().filter_map(|package| {
            let (tag, version) = self.snapshot.git.tags.last(package)?;
            (package.version() == Some(&version)).then_some(tag)
        });
        let remote = &self.looks.remote;
        // A release pushes the branch with its tags.
        let is_out = !self.looks.is_online && remote.branches.get(hotfix) == self.snapshot.git.commit.as_ref();
        let unsent: Vec<&str> = tags.filter(|tag| !is_out && !remote.tags.contains_key(*tag)).collect();
        if !unsent.is_empty() {
            let note = format!("{} does not have {} yet: run `relman release`", remote.name, unsent.join(", "));
            self.plan.notes.push(note);
        } else if self.looks.sections.is_empty() && !self.has_release() {
            self.plan.notes.push(format!("no version was released from `{hotfix}` yet: `relman bump patch` makes one"));
        }
    }

    /// Returns `true` if HEAD was released.
    fn has_release(&self) -> bool {
        let head = self.snapshot.git.commit.as_ref();
        self.looks.remote.local_tags.values().any(|tag| head.is_some_and(|head| head.as_str() == tag.commit))
    }
}
