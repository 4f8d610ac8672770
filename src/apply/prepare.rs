//! From a plan to a [`Journal`]: the last look at the world before it is changed. Nothing is written but relman's own.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::error::{ApplyError, Failure};
use super::index::Copied;
use super::journal::{Content, Journal, JournalFile};
use super::leftovers;
use super::run_context::{RunContext, worktree_of};
use super::signed_tags::signs_tags;
use crate::io::{self, Head, Kind, Plain};
use crate::model::{CommitId, RepoPath};
use crate::plan::{FileChange, FileChanges, Refusal, RefusalCode, ReleasePlan, TagPlan, check_steps, in_progress};
use crate::text::Fingerprint;

/// Checks that the world is the one that the plan was made for, and returns the run as a journal, and a copy of the
/// index for its commit.
pub(super) fn release(work: &RunContext, plan: &ReleasePlan) -> Result<(Journal, Option<Copied>), ApplyError> {
    check_steps(&plan.outward).map_err(|error| Failure::BadPlan(error.to_string()))?;
    if plan.commit.is_some() || !plan.tags.is_empty() {
        refuse_in_progress(work)?;
        refuse_locks(work, plan)?;
    }
    let (head, tags) = work.git.head_and_tags()?;
    let planned = plan.base.as_ref().map(CommitId::as_str);
    if planned != head.commit.as_deref() || plan.branch.as_deref() != head.branch.name() {
        let at = |commit: Option<&str>, branch: Option<&str>| {
            let commit = commit.map_or("no commit".to_owned(), |id| id.chars().take(9).collect());
            branch.map_or(commit.clone(), |branch| format!("{commit} of {branch}"))
        };
        let (was, is) = (at(planned, plan.branch.as_deref()), at(head.commit.as_deref(), head.branch.name()));
        return Err(stale(format!("HEAD moved since the plan was made: it was at {was}, and is at {is}")));
    }
    refuse_tags(&tags.into_iter().collect(), plan)?;
    let journal = journal(work, &plan.files, &head)?;
    let (copied, signs) = io::both(
        || copy_index(work, plan, head.commit.as_deref()),
        || if plan.tags.is_empty() { Ok(false) } else { signs_tags(&work.git) },
    );
    let (copied, signs) = (copied?, signs.map_err(Failure::from)?);
    let journal = Journal {
        summary: summary(plan),
        bumps: plan.bumps.clone(),
        commit: plan.commit.clone(),
        tags: plan.tags.iter().map(|tag| TagPlan { sign: tag.sign || signs, ..tag.clone() }).collect(),
        existing_tags: plan.existing_tags.clone(),
        merge: plan.merge.clone(),
        branch_commits: plan.branch_commits.clone(),
        outward: plan.outward.clone(),
        time: plan.time,
        ..journal
    };
    Ok((journal, copied))
}

/// Does the same for files alone, wherever HEAD is.
pub(super) fn files(work: &RunContext, files: &FileChanges) -> Result<Journal, ApplyError> {
    journal(work, files, &work.git.head()?)
}

fn journal(work: &RunContext, files: &FileChanges, head: &Head) -> Result<Journal, ApplyError> {
    let files = read_files(work, files)?;
    refuse_unwritable(work, &files)?;
    Ok(Journal {
        schema: Journal::SCHEMA,
        run: format!("{}-{}", io::now_seconds(), io::own_pid()),
        summary: format!("a change of {} files", files.len()),
        base: head.commit.clone(),
        branch: head.branch.name().map(str::to_owned),
        worktree: worktree_of(&work.git),
        toplevel: work.git.toplevel().display().to_string(),
        prefix: work.prefix().clone(),
        bumps: Vec::new(),
        folders: missing_folders(work, &files)?,
        files,
        commit: None,
        tags: Vec::new(),
        existing_tags: Vec::new(),
        merge: None,
        branch_commits: Vec::new(),
        outward: Vec::new(),
        time: None,
        staged: None,
    })
}

fn stale(message: String) -> ApplyError {
    ApplyError::refused(RefusalCode::Stale, message, "make the plan again; nothing was written")
}

/// Refuses tags that exist. Git would refuse them, too; but only so a tag of the plan that stands on an object like
/// ours is surely of this run, and may be taken back with it.
fn refuse_tags(existing: &BTreeSet<String>, plan: &ReleasePlan) -> Result<(), ApplyError> {
    let taken: Vec<&str> =
        plan.tags.iter().map(|tag| tag.name.as_str()).filter(|name| existing.contains(*name)).collect();
    if taken.is_empty() {
        return Ok(());
    }
    Err(ApplyError::refused(
        RefusalCode::TagExists,
        format!("these tags exist: {}", taken.join(", ")),
        "ask for another version; a tag is never moved",
    ))
}

/// Git makes no commit of some paths in the middle of a merge, and a rebase would carry the release away.
fn refuse_in_progress(work: &RunContext) -> Result<(), ApplyError> {
    match work.git.in_progress()?.map(in_progress) {
        Some(Refusal { code, message, help }) => Err(ApplyError::Refused { code, message, help }),
        None => Ok(()),
    }
}

/// Refuses where a lock is there that the run needs. So one that is there later was not there when the run began.
fn refuse_locks(work: &RunContext, plan: &ReleasePlan) -> Result<(), ApplyError> {
    let mut locks = leftovers::ref_locks(work, plan.branch.as_deref(), &plan.tags);
    let index = work.git.index_lock();
    if plan.commit.is_some() && io::kind(&index)? != Kind::Missing {
        locks.push(index);
    }
    if locks.is_empty() { Ok(()) } else { Err(leftovers::locked(&locks)) }
}

/// Copies the index for the commit, and refuses where something was staged in a file of the plan meanwhile: the commit would put its own
/// text in the place of that.
fn copy_index(work: &RunContext, plan: &ReleasePlan, head: Option<&str>) -> Result<Option<Copied>, ApplyError> {
    // Where no commit is made, or there is none before it, the index has nothing that the commit would be made from.
    let Some(head) = head.filter(|_| plan.commit.is_some()) else { return Ok(None) };
    let copied = Copied::make(work, head)?;
    let changed: Vec<&str> =
        plan.files.paths().filter(|path| copied.has_staged(&work.in_repository(path))).map(RepoPath::as_str).collect();
    if changed.is_empty() {
        return Ok(Some(copied));
    }
    Err(stale(format!("staged since the plan was made: {}", changed.join(", "))))
}

fn read_files(work: &RunContext, changes: &FileChanges) -> Result<Vec<JournalFile>, ApplyError> {
    let all: Vec<_> = changes.iter().collect();
    let read: Vec<_> = all.par_iter().map(|(path, change)| (*path, read_one(work, path, change))).collect();
    let mut changed = Vec::new();
    let mut files = Vec::with_capacity(changes.len());
    for (path, read) in read {
        match read? {
            Some(file) => files.push(file),
            None => changed.push(path.as_str()),
        }
    }
    if changed.is_empty() {
        return Ok(files);
    }
    Err(stale(format!("changed since the plan was made: {}", changed.join(", "))))
}

/// Reads one file; `None` if it is not what the plan was made for.
fn read_one(work: &RunContext, path: &RepoPath, change: &FileChange) -> Result<Option<JournalFile>, ApplyError> {
    let target = work.target(path);
    let temp = path.parent().unwrap_or_else(RepoPath::root).child(&temp_name(path.file_name()));
    let journaled = |old: Option<Vec<u8>>, mode, new: Option<String>| {
        let (old, new) = (old.map(Content::new), new.map(Content::Text));
        Some(JournalFile { path: path.clone(), temp: temp.clone(), mode, old, new })
    };
    let (before, old, mode) = match (change, io::read_plain(&target)?) {
        (FileChange::Create { text }, Plain::Missing) => return Ok(journaled(None, None, Some(text.clone()))),
        (FileChange::Edit { before, .. } | FileChange::Delete { before }, Plain::File { bytes, mode }) => {
            (before, bytes, mode)
        }
        _ => return Ok(None),
    };
    if *before != Fingerprint::of(&old) {
        return Ok(None);
    }
    let bad = |why: String| Failure::BadPlan(format!("{path}: {why}"));
    let new = match change {
        FileChange::Edit { edits, .. } => {
            let text = std::str::from_utf8(&old).map_err(|error| bad(error.to_string()))?;
            Some(edits.apply(text).map_err(|error| bad(error.to_string()))?)
        }
        FileChange::Create { .. } | FileChange::Delete { .. } => None,
    };
    Ok(journaled(Some(old), Some(mode.bits), new))
}

/// Returns the name under which a new content waits beside its target. It has the target's name in it as long as that is short; a file
/// system that takes a long name may take none that is longer.
fn temp_name(name: &str) -> String {
    const SHORT: usize = 32;
    if name.len() <= SHORT {
        return format!(".{name}.relman-new");
    }
    let digest = Fingerprint::of(name.as_bytes()).to_string();
    format!(".{}.relman-new", digest.chars().take(16).collect::<String>())
}

/// Refuses what would fail half way: read-only files and folders, folders that lead out, names that are taken.
fn refuse_unwritable(work: &RunContext, files: &[JournalFile]) -> Result<(), ApplyError> {
    let mut folders = BTreeMap::new();
    let mut plain = BTreeSet::from([RepoPath::root()]);
    for file in files {
        if let Entry::Vacant(unknown) = folders.entry(folder_of(file)) {
            let existing = match file.old {
                Some(_) => unknown.key().clone(),
                None => existing_folder(work, &file.path)?,
            };
            if !is_plain(work, &existing, &mut plain)? {
                return Err(Failure::BadPlan(format!("{} lies behind a symbolic link", file.path)).into());
            }
            unknown.insert(io::is_writable(&work.target(&existing)));
        }
    }
    let refuse = |file: &JournalFile| {
        let is_folder_writable = folders.get(&folder_of(file)) == Some(&true);
        if !is_folder_writable || (file.old.is_some() && !io::is_writable(&work.target(&file.path))) {
            return Err(Failure::ReadOnly { path: file.path.clone() });
        }
        if io::kind(&work.target(&file.temp))? != Kind::Missing {
            return Err(Failure::TempFileExists { path: file.temp.clone() });
        }
        Ok(())
    };
    let looked_at: Vec<_> = files.par_iter().map(refuse).collect();
    Ok(looked_at.into_iter().collect::<Result<_, _>>()?)
}

fn folder_of(file: &JournalFile) -> RepoPath {
    file.path.parent().unwrap_or_else(RepoPath::root)
}

/// Returns `true` if no part of a folder's path is a symbolic link, which could lead out. `plain` holds those that are known.
fn is_plain(work: &RunContext, folder: &RepoPath, plain: &mut BTreeSet<RepoPath>) -> Result<bool, ApplyError> {
    if plain.contains(folder) {
        return Ok(true);
    }
    let above = folder.parent().unwrap_or_else(RepoPath::root);
    let is_plain = io::kind(&work.target(folder))? == Kind::Directory && self::is_plain(work, &above, plain)?;
    if is_plain {
        plain.insert(folder.clone());
    }
    Ok(is_plain)
}

/// Returns the innermost folder above the path that exists.
fn existing_folder(work: &RunContext, path: &RepoPath) -> Result<RepoPath, ApplyError> {
    for folder in path.ancestors() {
        if io::kind(&work.target(&folder))? != Kind::Missing {
            return Ok(folder);
        }
    }
    Ok(RepoPath::root())
}

/// Returns the folders that must be made, outermost first.
fn missing_folders(work: &RunContext, files: &[JournalFile]) -> Result<Vec<RepoPath>, ApplyError> {
    let mut missing = BTreeSet::new();
    for file in files.iter().filter(|file| file.old.is_none()) {
        for folder in file.path.ancestors() {
            if io::kind(&work.target(&folder))? != Kind::Missing {
                break;
            }
            missing.insert(folder);
        }
    }
    Ok(missing.into_iter().collect())
}

fn summary(plan: &ReleasePlan) -> String {
    let shown: Vec<String> =
        plan.bumps.iter().take(3).map(|bump| format!("{} {} -> {}", bump.package, bump.from, bump.to)).collect();
    match plan.bumps.len() {
        0 if !plan.outward.is_empty() => {
            let steps: Vec<String> = plan.outward.iter().take(3).map(|step| step.action.to_string()).collect();
            format!("a run of {}", steps.join(", "))
        }
        0 => format!("a change of {} files", plan.files.len()),
        count if count > 3 => format!("a release of {count} packages"),
        _ => format!("the release of {}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::temp_name;

    #[test]
    fn a_waiting_content_needs_no_longer_name_than_its_file() {
        assert_eq!(temp_name("Cargo.toml"), ".Cargo.toml.relman-new");
        for length in [33, 64, 143, 255] {
            let (one, other) = ("a".repeat(length), format!("{}b", "a".repeat(length - 1)));
            assert!(temp_name(&one).len() <= length, "{length}");
            assert_ne!(temp_name(&one), temp_name(&other));
        }
    }
}
