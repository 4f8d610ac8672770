//! [`start_hotfix`]: the branch of a hotfix.

use std::time::Duration;

use crate::capture::{CaptureNeeds, CaptureOptions};
use crate::config::{HotfixFrom, HotfixRelease};
use crate::plan::{self, HotfixRequest, HotfixStart, Refusal, RefusalCode, in_progress};
use crate::process::error::ProcessError;
use crate::process::prompt::Prompt;
use crate::process::session::Session;
use crate::process::world::World;
use crate::snapshot::{Look, RemoteLook, Snapshot};

/// What is started, and how.
#[derive(Clone, Debug)]
pub struct StartOptions {
    /// What is asked for.
    pub request: HotfixRequest,
    /// Whether it ends before anything is written; then the remote is not asked either.
    pub plans_only: bool,
    /// How long a forge that is overloaded is waited for.
    pub patience: Duration,
}

/// A hotfix that was started, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The branch.
    pub branch: String,
    /// The tag that is fixed.
    pub tag: String,
    /// Where the branch starts, for people: the tag, or production's branch.
    pub at: String,
    /// The commit that it starts at.
    pub commit: String,
    /// What `bump` is given besides a level; `None` if the level is enough.
    pub named: Option<String>,
    /// Where the patch is released.
    pub release: HotfixRelease,
}

/// Creates the branch of a hotfix at the tag that it fixes, or at production, and switches to it.
///
/// # Errors
/// Returns an error if something cannot be read, the request means nothing, or something speaks against it.
pub fn start_hotfix(
    session: &Session,
    options: &StartOptions,
    prompt: &mut dyn Prompt,
) -> Result<Started, ProcessError> {
    let snapshot = session.read_to_release(CaptureOptions::default(), prompt)?;
    if let Some(operation) = snapshot.git.in_progress {
        return Err(ProcessError::Refused(in_progress(operation)));
    }
    let world = World::new(&session.place, options.patience, !options.plans_only);
    let has_remote = !session.place.git.push_defaults(snapshot.git.branch.as_deref())?.remotes.is_empty();
    let remote = if has_remote { world.remote(&snapshot, false) } else { &Look::NotAsked };
    if let Look::Unknown { message, .. } = remote {
        prompt.warn(&format!("{message}; only tags that are here are known"));
    }
    let remote = remote.found();
    let start = plan::start_hotfix(&snapshot, remote, &options.request).map_err(|problem| vec![problem])?;
    let begin = Begin { session, snapshot: &snapshot, remote, start: &start, plans_only: options.plans_only };
    let (at, commit) = begin.place()?;
    if let Some(refusal) = start.refusals.first().cloned().or(begin.taken_here()?) {
        return Err(ProcessError::Refused(refusal));
    }
    begin.can_come_back()?;
    let started = Started {
        branch: start.branch.clone(),
        tag: start.tag.to_string(),
        at,
        commit: commit.clone(),
        named: start.named.clone(),
        release: start.release,
    };
    if !options.plans_only {
        session.place.git.start_branch(&start.branch, &commit)?;
    }
    if !begin.is_known(&commit) {
        let from = snapshot.git.branch.as_deref().unwrap_or("BRANCH");
        let file = session.place.file.as_deref().unwrap_or("relman.toml");
        let warning = format!("{file} of {} does not know `{}` as a hotfix", started.at, started.branch);
        prompt.warn(&format!("{warning}: `git checkout {from} -- {file}` brings the present one"));
    }
    Ok(started)
}

struct Begin<'a> {
    session: &'a Session,
    snapshot: &'a Snapshot,
    remote: Option<&'a RemoteLook>,
    start: &'a HotfixStart,
    plans_only: bool,
}

impl Begin<'_> {
    /// Returns where the branch starts: its name for people, and the commit.
    fn place(&self) -> Result<(String, String), ProcessError> {
        let (git, tag) = (&self.session.place.git, self.start.tag.as_str());
        let full = format!("refs/tags/{tag}");
        let here = git.commit_of_ref(&full)?;
        let tagged = match (here, self.remote) {
            (Some(commit), _) => commit,
            (None, Some(remote)) if !self.plans_only => {
                git.fetch_tag(&remote.name, tag)?;
                // The tag was fetched just now.
                git.commit_of_ref(&full)?.unwrap_or_default()
            }
            // A dry run fetches nothing.
            (None, remote) => {
                remote.and_then(|remote| remote.tags.get(tag)).map_or(String::new(), |tag| tag.commit.clone())
            }
        };
        let release = self.snapshot.config.release.as_ref();
        let production = release.and_then(|release| release.production.clone());
        let Some(production) = production.filter(|_| self.start.from == HotfixFrom::Production) else {
            return Ok((tag.to_owned(), tagged));
        };
        let Some(head) = self.head_of(&production)? else {
            let message = format!("the branch `{production}` was found neither here nor on the remote");
            let help = Some("name it in `production` of [release]".to_owned());
            return Err(ProcessError::Refused(Refusal { code: RefusalCode::Branch, message, help }));
        };
        let holds = git.has_commit(&tagged)? && git.holds(&head, &tagged)?;
        let there = self.session.read_commit(&head, CaptureNeeds::default())?;
        match self.start.starts_at(&production, holds, &there) {
            Some(refusal) => Err(ProcessError::Refused(refusal)),
            None => Ok((production, head)),
        }
    }

    /// Returns `true` if the commit's own relman.toml says that the branch is a hotfix: it may be older than the present one.
    fn is_known(&self, commit: &str) -> bool {
        let there = self.session.read_commit(commit, CaptureNeeds::default());
        there.is_ok_and(|there| there.config.is_hotfix(&self.start.branch, self.snapshot.git.tags.names()))
    }

    /// Returns the head of a branch: that of the remote, else that which is here.
    fn head_of(&self, branch: &str) -> Result<Option<String>, ProcessError> {
        let there = self.remote.and_then(|remote| remote.branches.get(branch)).map(|commit| commit.as_str().to_owned());
        match there {
            Some(commit) => Ok(Some(commit)),
            None => Ok(self.session.place.git.commit_of_ref(&format!("refs/heads/{branch}"))?),
        }
    }

    fn taken_here(&self) -> Result<Option<Refusal>, ProcessError> {
        let branch = &self.start.branch;
        let is_there = self.session.place.git.commit_of_ref(&format!("refs/heads/{branch}"))?.is_some();
        Ok(is_there.then(|| self.start.is_taken(format!("the branch `{branch}` exists already"))))
    }

    /// Refuses a patch that is to be released where the line has ended.
    fn can_come_back(&self) -> Result<(), ProcessError> {
        if self.start.release != HotfixRelease::Back {
            return Ok(());
        }
        let branches = plan::back_branches(&self.snapshot.config);
        let release = self.snapshot.config.release.as_ref();
        let production = release.and_then(|release| release.production.as_ref()).or(branches.first());
        // Without a production branch there is nothing to compare with.
        let Some(production) = production else { return Ok(()) };
        // A branch that does not exist was reported before.
        let Some(head) = self.head_of(production)? else { return Ok(()) };
        let there = self.session.read_commit(&head, CaptureNeeds::default())?;
        self.start.comes_back_to(production, &there).map_or(Ok(()), |refusal| Err(ProcessError::Refused(refusal)))
    }
}
