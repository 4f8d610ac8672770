//! The one commit of a run: made, recognised, taken back.

use std::collections::BTreeSet;

use super::error::{ApplyError, Failure};
use super::journal::{Journal, Progress};
use super::workplace::Workplace;
use crate::io::{Branch, FileError, GitError, Input};
use crate::plan::CommitPlan;

/// Where HEAD stands, seen from a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Where it stood before the run.
    Base,
    /// On the commit of the run.
    Ours(String),
    /// Somewhere else; in words.
    Elsewhere(String),
}

/// What git says of the commit at HEAD.
struct CommitRecord {
    id: String,
    parents: String,
    message: String,
}

/// Reads off HEAD how far a run came.
pub(super) fn position(work: &Workplace, journal: &Journal, progress: &Progress) -> Result<Position, GitError> {
    if journal.commit.is_none() && journal.tags.is_empty() && journal.pushes.is_empty() {
        // A change of files alone has nothing to do with HEAD.
        return Ok(Position::Base);
    }
    let head = work.git.head()?;
    let branch = match head.branch {
        Branch::Attached(name) | Branch::Unborn(name) => Some(name),
        Branch::Detached => None,
    };
    if branch != journal.branch {
        let name = |branch: &Option<String>| branch.clone().unwrap_or_else(|| "no branch".to_owned());
        return Ok(Position::Elsewhere(format!("HEAD is on {}, not on {}", name(&branch), name(&journal.branch))));
    }
    if head.commit == journal.base {
        return Ok(Position::Base);
    }
    let Some(id) = head.commit else {
        return Ok(Position::Elsewhere("HEAD has lost its commit".to_owned()));
    };
    if progress.commit.as_ref() == Some(&id) {
        return Ok(Position::Ours(id));
    }
    if let Some(commit) = &journal.commit {
        let record = read_commit(work)?;
        if record.id == id && is_ours(&record, commit, journal.base.as_deref()) {
            return Ok(Position::Ours(id));
        }
    }
    Ok(Position::Elsewhere(format!("HEAD is at {id}, a commit that is not of this run")))
}

fn read_commit(work: &Workplace) -> Result<CommitRecord, GitError> {
    let format = "--format=%H%x00%P%x00%B";
    let output = work.git.read(&["log", "-1", "--no-show-signature", "--encoding=UTF-8", format, "HEAD", "--"])?;
    let text = String::from_utf8_lossy(&output).into_owned();
    let mut parts = text.splitn(3, '\0').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    Ok(CommitRecord { id: next(), parents: next(), message: next() })
}

/// A commit is ours when it has our parent and our subject; a hook may have added to the message.
fn is_ours(record: &CommitRecord, commit: &CommitPlan, base: Option<&str>) -> bool {
    let subject = commit.message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    record.parents == base.unwrap_or_default() && record.message.contains(subject.trim())
}

/// Returns the commit that git has just made under our eyes, whatever a hook made of its message, and the paths from the top that a hook
/// added to the planned ones.
pub(super) fn made(work: &Workplace, journal: &Journal) -> Result<(String, Vec<String>), Failure> {
    let format = "--format=%H%x00%P%x00%x00";
    let names = ["--name-only", "--no-renames", "--no-relative", "-z"];
    let output =
        work.git.read(&[&["log", "-1", "--no-show-signature", format], &names[..], &["HEAD", "--"]].concat())?;
    let text = String::from_utf8_lossy(&output);
    let mut parts = text.splitn(3, '\0');
    let (id, parents) = (parts.next().unwrap_or_default().to_owned(), parts.next().unwrap_or_default());
    if parents != journal.base.as_deref().unwrap_or_default() {
        return Err(Failure::NoCommit {
            stderr: format!("HEAD is at {id}, which does not follow on the commit before"),
        });
    }
    let planned: BTreeSet<String> = journal.paths().map(|path| work.in_repository(path)).collect();
    let held = parts.next().unwrap_or_default().trim_start_matches('\0').trim_start_matches('\n').split('\0');
    let added = held.filter(|path| !path.is_empty() && !planned.contains(*path)).map(str::to_owned).collect();
    Ok((id, added))
}

/// Brings the index up to what a hook added to the commit: `git commit --only` adds it to the commit alone, which would look as if the
/// user had staged its removal. What the user had staged stays.
pub(super) fn take_up(work: &Workplace, journal: &Journal, added: &[String], id: &str) -> Result<(), Failure> {
    let Some(base) = journal.base.as_deref().filter(|_| !added.is_empty()) else { return Ok(()) };
    let staged = staged(work, base)?;
    let theirs: Vec<String> = added.iter().filter(|path| !staged.contains(*path)).cloned().collect();
    if theirs.is_empty() {
        // Without a path git would reset all of the index.
        return Ok(());
    }
    let paths = work.spool_top_paths("added", theirs.into_iter())?;
    work.write_quietly(&["reset", "--quiet", &paths, "--pathspec-file-nul", id, "--"], Input::Nothing)?.ok()?;
    Ok(())
}

/// Makes the commit of exactly the planned paths. What the user had staged stays staged.
///
/// Returns what git and the hooks said.
pub(super) fn make(work: &Workplace, journal: &Journal, commit: &CommitPlan) -> Result<String, Failure> {
    let created = journal.files.iter().filter(|file| file.old.is_none()).map(|file| &file.path);
    if created.clone().next().is_some() {
        // `git commit --only` takes no path that git does not know.
        let paths = work.spool_paths("created", created)?;
        let args = ["add", "--intent-to-add", "--force", &paths, "--pathspec-file-nul"];
        work.git.try_write(&args, Input::Nothing)?.ok()?;
    }
    let message = format!("--file={}", work.spool("message", commit.message.as_bytes())?.display());
    let paths = work.spool_paths("paths", journal.paths())?;
    let mut args = vec![
        // A repack in the background would outlive this run, and hold its folder busy.
        "-c",
        "gc.auto=0",
        "-c",
        "maintenance.auto=false",
        "commit",
        "--quiet",
        "--only",
        "--cleanup=verbatim",
        &message,
        &paths,
        "--pathspec-file-nul",
    ];
    if commit.sign {
        args.push("--gpg-sign");
    }
    let run = work.git.try_write(&args, Input::Nothing)?;
    let words = [String::from_utf8_lossy(&run.stdout).trim_end().to_owned(), run.stderr.clone()];
    let words = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n");
    if run.is_success() { Ok(words) } else { Err(Failure::NoCommit { stderr: words }) }
}

/// Takes the branch back to where it stood, provided that it still is at our commit.
pub(super) fn undo(work: &Workplace, journal: &Journal, id: &str) -> Result<(), GitError> {
    let name = journal.branch.as_ref().map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}"));
    let reason = "relman: the release was taken back";
    let args: Vec<&str> = match &journal.base {
        Some(base) => vec!["update-ref", "--no-deref", "-m", reason, &name, base, id],
        None => vec!["update-ref", "--no-deref", "-m", reason, "-d", &name, id],
    };
    work.write_quietly(&args, Input::Nothing)?.ok().map(|_| ())
}

/// Makes the index entries of the planned paths those of a commit; without one, takes them out.
pub(super) fn reset_index(work: &Workplace, journal: &Journal, commit: Option<&str>) -> Result<(), Failure> {
    if journal.files.is_empty() {
        return Ok(());
    }
    let paths = work.spool_paths("paths", journal.paths())?;
    let args: Vec<&str> = match commit {
        Some(commit) => vec!["reset", "--quiet", &paths, "--pathspec-file-nul", commit, "--"],
        None => vec!["rm", "--cached", "--quiet", "--force", "--ignore-unmatch", &paths, "--pathspec-file-nul"],
    };
    work.write_quietly(&args, Input::Nothing)?.ok()?;
    Ok(())
}

/// Returns the paths from the top whose entries in the index differ from a commit.
pub(super) fn staged(work: &Workplace, base: &str) -> Result<BTreeSet<String>, GitError> {
    let args = ["diff-index", "--cached", "--name-only", "--no-renames", "--no-relative", "-z", base, "--"];
    let output = work.git.read(&args)?;
    Ok(output.split(|byte| *byte == 0).map(|path| String::from_utf8_lossy(path).into_owned()).collect())
}

/// Returns the planned paths that differ between the work tree and HEAD.
pub(super) fn differing(work: &Workplace, journal: &Journal) -> Result<Vec<String>, ApplyError> {
    let output = work.git.read(&["diff", "--name-only", "--no-renames", "-z", "HEAD", "--"])?;
    let paths = output.split(|byte| *byte == 0).map(|path| String::from_utf8_lossy(path).into_owned());
    let planned: BTreeSet<String> = journal.paths().map(|path| work.in_repository(path)).collect();
    Ok(paths.filter(|path| planned.contains(path)).collect())
}

/// The index as it was before the run, to be put back byte for byte.
#[derive(Debug)]
pub(super) struct SavedIndex(Option<Vec<u8>>);

impl SavedIndex {
    /// Reads the index.
    pub(super) fn read(work: &Workplace) -> Result<Self, FileError> {
        match crate::io::read_file(&work.git.index_file(), u64::MAX) {
            Ok(bytes) => Ok(Self(Some(bytes))),
            Err(error) if error.is_missing() => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }

    /// Puts it back where it differs, under git's own lock.
    pub(super) fn put_back(&self, work: &Workplace) -> Result<(), FileError> {
        let now = Self::read(work)?;
        if now.0 == self.0 {
            return Ok(());
        }
        let index = work.git.index_file();
        let Some(bytes) = &self.0 else {
            return crate::io::remove(&index);
        };
        let mut lock = index.clone().into_os_string();
        lock.push(".lock");
        let lock = std::path::PathBuf::from(lock);
        crate::io::create_new(&lock, bytes, crate::io::file_mode(&index).ok())?;
        crate::io::rename(&lock, &index).inspect_err(|_| {
            // A lock that stays would block every later git; the error that is told is the first one.
            let _ = crate::io::remove(&lock);
        })
    }
}
