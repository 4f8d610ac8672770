//! [`release_request`]: the plan that makes a release request, keeps it up to date, or closes it.

use super::branch::{NextBranch, RELEASE_BRANCH, marked};
use super::page::{body, title};
use crate::model::{CommitId, ForgeRequest, RequestState};
use crate::plan::outward::{Outward, OutwardStep, Push, RequestAim, RequestStep};
use crate::plan::proposal::Proposal;
use crate::plan::release_plan::{BranchCommit, Refusal, RefusalCode, ReleasePlan};
use crate::snapshot::{Look, RemoteLook, UpstreamLook};

/// What was looked at.
#[derive(Clone, Debug)]
pub struct RequestLooks {
    /// The remote.
    pub remote: RemoteLook,
    /// The commit of HEAD.
    pub head: CommitId,
    /// The branch that takes the release.
    pub base: String,
    /// The tree of the release commit; `None` if nothing is committed.
    pub tree: Option<String>,
    /// The branch of the request on the remote; `None` if it is not there.
    pub next: Option<NextBranch>,
    /// The requests from that branch, the newest first.
    pub requests: Vec<ForgeRequest>,
    /// Whether there is a forge, or why it cannot be asked.
    pub forge: Look<()>,
    /// Whether a commit that somebody else pushed may be overwritten.
    pub overwrites: bool,
}

/// Makes the plan of a bump the plan of its request: no file changes here and no tag is made, a commit goes to its branch, and the request
/// says what is in it.
#[must_use]
pub fn release_request(bump: Proposal, looks: &RequestLooks) -> Proposal {
    let refusals = bump.refusals().to_vec();
    let of_bump = bump.plan().clone();
    let plan = ReleasePlan {
        base: of_bump.base.clone(),
        branch: of_bump.branch.clone(),
        time: of_bump.time,
        notes: of_bump.notes.clone(),
        ..ReleasePlan::default()
    };
    let mut kept = Kept { looks, plan, refusals };
    kept.forge();
    match (&of_bump.commit, &looks.tree) {
        (Some(commit), Some(tree)) => {
            let message = marked(&commit.message, tree);
            kept.moved();
            kept.open(&of_bump, tree, (message, commit.sign));
        }
        _ => kept.close(&of_bump),
    }
    Proposal::new(kept.plan, kept.refusals)
}

struct Kept<'a> {
    looks: &'a RequestLooks,
    plan: ReleasePlan,
    refusals: Vec<Refusal>,
}

impl Kept<'_> {
    fn refuse(&mut self, code: RefusalCode, message: String, help: impl Into<String>) {
        self.refusals.push(Refusal { code, message, help: Some(help.into()) });
    }

    fn forge(&mut self) {
        match &self.looks.forge {
            Look::Found(()) => {}
            Look::Unknown { message, help } => {
                self.refusals.push(Refusal { code: RefusalCode::Forge, message: message.clone(), help: help.clone() });
            }
            Look::NotAsked => {
                let message = "no forge was found to make a request on".to_owned();
                self.refuse(RefusalCode::Forge, message, "set `kind` and `repository` in [forge]");
            }
        }
    }

    /// The request is built on what the remote has: nothing older, and nothing that others cannot see.
    fn moved(&mut self) {
        let there = self.looks.remote.branches.get(&self.looks.base);
        if there == Some(&self.looks.head) {
            return;
        }
        let (remote, base) = (&self.looks.remote.name, &self.looks.base);
        let (message, help) = match (there, &self.looks.remote.upstream) {
            (Some(_), Some(UpstreamLook { ahead: 0, .. })) => {
                (format!("{remote}/{base} has commits that HEAD lacks"), "run `git pull --ff-only`".to_owned())
            }
            (Some(_), _) => (
                format!("HEAD has commits that {remote}/{base} lacks"),
                format!("push them first: `git push {remote} {base}`"),
            ),
            (None, _) => {
                (format!("{remote} has no branch `{base}`"), format!("push it first: `git push -u {remote} {base}`"))
            }
        };
        self.refuse(RefusalCode::RemoteMoved, message, help);
    }

    fn of(&self, state: RequestState) -> Option<&ForgeRequest> {
        self.looks.requests.iter().find(|request| request.state == state)
    }

    fn add(&mut self, action: Outward, done: Option<String>) {
        let mut step = OutwardStep::next(&self.plan.outward, None, action);
        step.is_done = done.is_some();
        step.url = done.filter(|url| !url.is_empty());
        self.plan.outward.push(step);
    }

    fn open(&mut self, of_bump: &ReleasePlan, tree: &str, (message, sign): (String, bool)) {
        let (title, body) = (title(of_bump), body(of_bump));
        let is_as =
            |request: &ForgeRequest| request.title == title && request.body.replace("\r\n", "\n").trim() == body.trim();
        let open = self.of(RequestState::Open);
        // What a person closed stays closed, until there is something else to release.
        let newest = self.looks.requests.first();
        if let Some(closed) = newest.filter(|request| request.state == RequestState::Closed && is_as(request)) {
            let note = format!("{} was closed; a new request is made once something else is pending", closed.url);
            return self.plan.notes.push(note);
        }
        let done = open.filter(|request| is_as(request)).map(|request| request.url.clone());
        let next = self.looks.next.clone();
        let is_there = next.as_ref().is_some_and(|next| next.is(&self.looks.head, tree, &message));
        if let Some(foreign) = next.as_ref().filter(|next| !next.is_own() && open.is_some() && !self.looks.overwrites) {
            // A commit may have no message.
            let subject = foreign.message.lines().next().unwrap_or("");
            let message =
                format!("{RELEASE_BRANCH} has a commit that relman did not make: {} {subject}", foreign.commit.short());
            let help = "merge the request as it is, or pass --force to overwrite the commit";
            return self.refuse(RefusalCode::RemoteMoved, message, help);
        }
        if !is_there {
            let parents = vec![self.looks.head.clone()];
            let branch = RELEASE_BRANCH.to_owned();
            self.plan.branch_commits.push(BranchCommit { branch, parents, tree: tree.to_owned(), message, sign });
        }
        self.plan.bumps.clone_from(&of_bump.bumps);
        self.plan.release_notes.clone_from(&of_bump.release_notes);
        let (remote, branch) = (self.looks.remote.name.clone(), Some(RELEASE_BRANCH.to_owned()));
        let over = next.map(|next| next.commit).filter(|_| !is_there);
        self.add(
            Outward::Push(Push { remote, branch, commit: None, tags: Vec::new(), over }),
            is_there.then(String::new),
        );
        let (head, base) = (RELEASE_BRANCH.to_owned(), self.looks.base.clone());
        self.add(Outward::Request(RequestStep { head, base, title, body, aim: RequestAim::OpenAnew }), done);
    }

    fn close(&mut self, of_bump: &ReleasePlan) {
        for bump in &of_bump.bumps {
            let note =
                format!("{} {} has nothing to commit: `relman tag {}` tags it", bump.package, bump.to, bump.package);
            self.plan.notes.push(note);
        }
        // Without an open request there is none to close.
        let Some(open) = self.of(RequestState::Open) else { return };
        let (title, body) = (open.title.clone(), open.body.clone());
        self.plan.notes.push(format!("nothing is pending, so {} is closed", open.url));
        let (head, base) = (RELEASE_BRANCH.to_owned(), self.looks.base.clone());
        self.add(Outward::Request(RequestStep { head, base, title, body, aim: RequestAim::Close }), None);
    }
}
