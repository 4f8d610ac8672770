//! [`Journal`]: what a run is about to do, written down before the first change; and [`Progress`] beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::ApplyError;
use super::run_context::{RunContext, folder_of, worktree_of};
use crate::io::{self, FileError, Git, Lock, LockError};
use crate::model::{ObjectId, RepoPath, WorkspacePrefix};
use crate::plan::{
    BranchCommit, CommitPlan, ExistingTag, MergePlan, Outward, OutwardStep, PackageBump, StepId, TagPlan,
};

const SCHEMA: u32 = 4;
const JOURNAL: &str = "journal.json";
const PROGRESS: &str = "progress.json";

/// A plan with all that is needed to finish it or to take it back. It never changes once it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Journal {
    pub(super) schema: u32,
    /// Tells this run from others.
    pub(super) run: String,
    /// What the run is, for people.
    pub(super) summary: String,
    /// The commit that HEAD was at; `None` if there was none.
    pub(super) base: Option<String>,
    /// The branch of HEAD; `None` if it was detached.
    pub(super) branch: Option<String>,
    /// The git folder of the work tree, relative to the one that all work trees share; empty if it is the same.
    pub(super) worktree: String,
    /// The top of the work tree, for people.
    pub(super) toplevel: String,
    /// The folder of relman.toml, relative to the top of the work tree.
    pub(super) prefix: WorkspacePrefix,
    /// The versions that are released.
    pub(super) bumps: Vec<PackageBump>,
    pub(super) files: Vec<JournalFile>,
    /// The folders that the run makes, outermost first.
    pub(super) folders: Vec<RepoPath>,
    pub(super) commit: Option<CommitPlan>,
    pub(super) tags: Vec<TagPlan>,
    /// The tags that were there before the run, and go out with it.
    pub(super) existing_tags: Vec<ExistingTag>,
    /// The merge that the tags are on, where one is made.
    pub(super) merge: Option<MergePlan>,
    /// The commits that are made for branches of the remote alone.
    #[serde(default)]
    pub(super) branch_commits: Vec<BranchCommit>,
    /// What leaves the machine, in this order.
    pub(super) outward: Vec<OutwardStep>,
    pub(super) time: Option<i64>,
    /// What changes in the index, where no commit does that.
    pub(super) staged: Option<Staged>,
}

/// New texts for the index alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Staged {
    /// The file of the index: in a hook not always the usual one.
    pub(super) index: std::path::PathBuf,
    pub(super) entries: Vec<StagedEntry>,
}

/// One entry of the index before and after.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct StagedEntry {
    /// The path from the top of the work tree.
    pub(super) path: String,
    pub(super) mode: u32,
    pub(super) old: String,
    pub(super) new: String,
}

/// One file before and after.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct JournalFile {
    pub(super) path: RepoPath,
    /// Where the new text waits until all are ready.
    pub(super) temp: RepoPath,
    /// The permission bits; nothing for a file that is created.
    pub(super) mode: Option<u32>,
    /// Nothing for a file that is created.
    pub(super) old: Option<Content>,
    /// Nothing for a file that is removed.
    pub(super) new: Option<Content>,
}

/// The bytes of a file. Nearly always a text; a file that is removed may hold anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Content {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::Bytes(error.into_bytes()), Self::Text)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// What cannot be read off the world: object ids, and which outward steps began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Progress {
    /// The run it belongs to.
    pub(super) run: String,
    /// The tree that the commit is to have, before hooks come to it.
    pub(super) tree: Option<String>,
    /// The commit of the run, once it is found to be as planned.
    pub(super) commit: Option<String>,
    /// The merge commit, once it is made. It is on no branch here: the remote's takes it.
    pub(super) merge: Option<String>,
    /// The commits for branches of the remote, as many as are made.
    #[serde(default)]
    pub(super) branch_commits: Vec<String>,
    /// The tag objects, as many as there are tags, once all are made and before the first ref is.
    pub(super) tags: Vec<ObjectId>,
    /// Whether the refs of the tags were begun, at a time when none of them existed: so those on these objects are ours.
    pub(super) tagging: bool,
    /// The outward steps that began.
    pub(super) outward: BTreeMap<StepId, StepState>,
}

/// How far an outward step is. One that did not begin has no state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StepState {
    /// It began, and may be done: the world has to be asked.
    Begun,
    /// It is done.
    Done(Evidence),
}

/// By what an outward step that was done can be found again. What has its name in the plan needs none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Evidence {
    /// Its id there.
    pub id: Option<String>,
    /// Where it can be looked at.
    pub url: Option<String>,
}

/// The number of a journal's format, which is read before the rest: another format has other keys.
#[derive(Deserialize)]
struct Format {
    schema: u32,
}

/// An interrupted run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// What the run is, in words.
    pub summary: String,
    /// The top of the work tree that it belongs to, if that is another one of the repository.
    pub elsewhere: Option<String>,
}

impl Pending {
    /// Returns what to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let place = self.elsewhere.as_ref().map_or(String::new(), |top| format!("in {top}, "));
        format!("{place}`relman resume` finishes it, `relman abort` undoes it")
    }
}

/// Returns the run that was interrupted in this repository, in whichever of its work trees; `None` if there is none, or it is still at
/// work.
#[must_use]
pub fn pending(git: &Git) -> Option<Pending> {
    let folder = folder_of(git);
    let path = folder.join(JOURNAL);
    if io::kind(&path).is_ok_and(|kind| kind == io::Kind::Missing) {
        return None;
    }
    // In a hook of relman's own commit the journal is there and all is well.
    if let Err(LockError::Busy) = Lock::take(&folder.join("lock")) {
        return None;
    }
    let journal = io::read_file(&path, u64::MAX).ok().and_then(|bytes| serde_json::from_slice::<Journal>(&bytes).ok());
    Some(journal.map_or_else(
        || Pending { summary: "an unknown run".to_owned(), elsewhere: None },
        |journal| journal.pending(git),
    ))
}

/// What the rest of an interrupted run needs beside git.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PendingNeeds {
    /// Whether a forge may be asked.
    pub forge: bool,
    /// Whether commands that publish run.
    pub publisher: bool,
}

/// Returns what the rest of the run that was interrupted needs; nothing if there is none.
#[must_use]
pub fn pending_needs(git: &Git) -> PendingNeeds {
    let journal = Journal::load(git).ok().flatten();
    let open = || journal.iter().flat_map(|journal| &journal.outward).filter(|step| !step.is_done);
    PendingNeeds {
        forge: open().any(|step| step.action.may_ask_forge()),
        publisher: open().any(|step| matches!(step.action, Outward::Run(_) | Outward::Announce(_))),
    }
}

/// Writes a file so that a kill leaves the old one, none, or the whole new one.
fn write_whole(work: &RunContext, name: &str, bytes: &[u8], durable: bool) -> Result<(), FileError> {
    let temp = work.own(&format!("{name}.new"));
    io::remove(&temp)?;
    io::create_new(&temp, bytes, None)?;
    if durable {
        io::sync_file(&temp)?;
    }
    io::rename(&temp, &work.own(name))?;
    if durable { io::sync_dir(work.folder()) } else { Ok(()) }
}

fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>, FileError> {
    serde_json::to_vec(value).map_err(|error| FileError::Io {
        act: "write",
        path: JOURNAL.into(),
        source: std::io::Error::other(error),
    })
}

impl Journal {
    pub(super) const SCHEMA: u32 = SCHEMA;

    /// Writes it down, durably. What an earlier run left of its progress goes before.
    pub(super) fn save(&self, work: &RunContext) -> Result<(), FileError> {
        io::create_dirs(work.folder())?;
        io::remove(&work.own(PROGRESS))?;
        let bytes = to_json(self)?;
        write_whole(work, JOURNAL, &bytes, true).inspect_err(|_| {
            // Without a journal there was never a run. The first error is the one to report.
            let _ = io::remove(&work.own(JOURNAL));
            let _ = io::remove(&work.own(&format!("{JOURNAL}.new")));
        })
    }

    /// Reads the journal of an interrupted run; `None` if there is none.
    pub(super) fn load(git: &Git) -> Result<Option<Self>, ApplyError> {
        let path = folder_of(git).join(JOURNAL);
        let bytes = match io::read_file(&path, u64::MAX) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let help = "use the relman that made it; or see with `git status` and `git tag` what is there, and remove it";
        let unreadable = |why: String| {
            ApplyError::interrupted(format!("the journal {} is not readable: {why}", path.display()), help)
        };
        let format: Format = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if format.schema != SCHEMA {
            return Err(unreadable(format!("format {}, expected format {SCHEMA}", format.schema)));
        }
        serde_json::from_slice(&bytes).map(Some).map_err(|error| unreadable(error.to_string()))
    }

    /// Ends the run: removes the journal, durably, then what lies beside it.
    pub(super) fn remove(work: &RunContext) -> Result<(), FileError> {
        io::remove(&work.own(JOURNAL))?;
        // Were the removal lost with the power, the journal of a run that is done would be back: that is harmless.
        let _ = io::sync_dir(work.folder());
        // From here on these are rubbish that the next run removes as well.
        for name in [
            PROGRESS,
            "message",
            "paths",
            "refs",
            "objects",
            "index",
            "index.lock",
            "index-before",
            "index-mark",
            "entries",
        ] {
            let _ = io::remove(&work.own(name));
        }
        for name in ["merge", "tags"] {
            let _ = io::remove_tree(&work.own(name));
        }
        Ok(())
    }

    /// Returns the summary and the help for an interrupted run.
    pub(super) fn pending(&self, git: &Git) -> Pending {
        let elsewhere = (self.worktree != worktree_of(git)).then(|| self.toplevel.clone());
        Pending { summary: self.summary.clone(), elsewhere }
    }

    /// The paths of all files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.files.iter().map(|file| &file.path)
    }
}

impl Progress {
    pub(super) fn of(run: &str) -> Self {
        Self { run: run.to_owned(), ..Self::default() }
    }

    /// Reads the progress of a run. A file that is missing, broken or from another run counts as no progress: before the first tag it
    /// is not made durable, so a power cut may break it, and all of it can be read off the world.
    pub(super) fn load(work: &RunContext, run: &str) -> Self {
        let bytes = io::read_file(&work.own(PROGRESS), u64::MAX).ok();
        let found: Option<Self> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        found.filter(|progress| progress.run == run).unwrap_or_else(|| Self::of(run))
    }

    pub(super) fn save(&self, work: &RunContext, durable: bool) -> Result<(), FileError> {
        write_whole(work, PROGRESS, &to_json(self)?, durable)
    }
}
