//! The one commit of a run: made, found again, held against the plan, taken back.

use std::collections::BTreeSet;

use super::error::Failure;
use super::journal::{Journal, Progress};
use super::proof::{self, Proof};
use super::run_context::RunContext;
use super::tree;
use crate::io::{GitError, GitIdentity, Input};
use crate::plan::{CommitPlan, is_release_trailer};

/// So many commits of somebody else may lie above that of the run.
const DEPTH: &str = "--max-count=200";

/// How the commit of a run, if there is one, is placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// The run has made no commit.
    Base,
    /// HEAD is at it.
    Ours(Landed),
    /// It is there, and somebody committed on top of it.
    Below(Landed),
    /// It is there, but HEAD is somewhere else; in words.
    Elsewhere(String),
}

/// A commit of the run, on the ref that git put it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Landed {
    pub(super) id: String,
    /// The full name of the branch, or HEAD.
    pub(super) reference: String,
    pub(super) parents: Vec<String>,
    /// Who made it, and when.
    pub(super) committer: GitIdentity,
    tree: String,
    message: String,
}

/// Returns the full name of the branch that the run began on; HEAD if it was detached.
pub(super) fn reference_of(journal: &Journal) -> String {
    journal.branch.as_ref().map_or_else(|| "HEAD".to_owned(), |branch| format!("refs/heads/{branch}"))
}

/// Returns the full name of the branch that HEAD is on, else HEAD.
pub(super) fn current_reference(work: &RunContext) -> Result<String, GitError> {
    let branch = work.git.current_branch()?;
    Ok(branch.map_or_else(|| "HEAD".to_owned(), |name| format!("refs/heads/{name}")))
}

/// Looks for the commit of the run where HEAD is, and on the branch that the run began on.
pub(super) fn position(work: &RunContext, journal: &Journal, progress: &Progress) -> Result<Position, GitError> {
    if journal.commit.is_none() {
        return Ok(Position::Base);
    }
    let current = current_reference(work)?;
    let is_ours = |landed: &Landed| is_known(landed, progress) || is_meant(landed, journal, progress);
    let begun = reference_of(journal);
    if begun != current && since_base(work, journal, &begun)?.iter().any(is_ours) {
        return Ok(Position::Elsewhere(format!("HEAD is on {}, not on {}", shown(&current), shown(&begun))));
    }
    let mut here = since_base(work, journal, &current)?;
    if let Some(at) = here.iter().position(is_ours) {
        let landed = here.swap_remove(at);
        return Ok(if progress.commit.is_some() && !is_known(&landed, progress) {
            Position::Elsewhere(format!("{} has another commit in the place of that of the run", shown(&current)))
        } else if at == 0 {
            Position::Ours(landed)
        } else {
            Position::Below(landed)
        });
    }
    Ok(Position::Base)
}

fn is_known(landed: &Landed, progress: &Progress) -> bool {
    progress.commit.as_ref() == Some(&landed.id)
}

/// Returns the commit that git has made under our eyes, whatever a hook made of it.
pub(super) fn made(work: &RunContext, journal: &Journal, progress: &Progress) -> Result<Position, Failure> {
    let mut found = since_base(work, journal, &current_reference(work)?)?;
    let at = found.iter().position(|landed| is_meant(landed, journal, progress));
    // Git made one commit, so the only one is it.
    match at.or((found.len() == 1).then_some(0)) {
        Some(0) => Ok(Position::Ours(found.swap_remove(0))),
        Some(at) => Ok(Position::Below(found.swap_remove(at))),
        None => Err(Failure::NotAsPlanned { why: "it is gone from the branch".to_owned() }),
    }
}

/// Returns the commits of a ref, newest first, that the base does not have.
fn since_base(work: &RunContext, journal: &Journal, reference: &str) -> Result<Vec<Landed>, GitError> {
    let format = "--format=%H %T %P%n%cn <%ce> %cd%n%B";
    let mut args =
        vec!["log", "-z", "--no-patch", "--no-show-signature", "--encoding=UTF-8", "--no-notes", "--date=raw"];
    args.extend([DEPTH, format]);
    args.extend(["--end-of-options", reference]);
    let excluded = journal.base.as_ref().map(|base| format!("^{base}"));
    args.extend(excluded.as_deref());
    args.push("--");
    let run = work.git.try_read(&args, Input::Nothing)?;
    if !run.is_success() && !exists(work, reference)? {
        return Ok(Vec::new());
    }
    let output = run.ok()?;
    let records = output.split(|byte| *byte == 0).filter(|record| !record.is_empty());
    Ok(records.filter_map(|record| read_commit(&String::from_utf8_lossy(record), reference)).collect())
}

fn exists(work: &RunContext, reference: &str) -> Result<bool, GitError> {
    let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", reference];
    Ok(work.git.try_read(&args, Input::Nothing)?.is_success())
}

/// Reads `ID TREE PARENT…`, a line with the committer, and the message on the further lines.
fn read_commit(record: &str, reference: &str) -> Option<Landed> {
    let (ids, rest) = record.split_once('\n')?;
    let (committer, message) = rest.split_once('\n')?;
    let mut ids = ids.split_whitespace().map(str::to_owned);
    let (id, tree, parents) = (ids.next()?, ids.next()?, ids.collect());
    let (reference, committer) = (reference.to_owned(), GitIdentity(committer.to_owned()));
    Some(Landed { id, reference, parents, committer, tree, message: message.to_owned() })
}

/// Returns `true` if the commit has the words of the plan, to which a hook may have added.
fn says_what_is_planned(message: &str, commit: &CommitPlan) -> bool {
    let mut planned = commit.message.lines().map(str::trim).filter(|line| !line.is_empty());
    // A commit without a message is refused by git, so an empty one identifies no commit.
    let Some(subject) = planned.next() else { return false };
    // There is a trailer for each package, so the lines are looked up and not searched.
    let found: BTreeSet<&str> = message.lines().map(str::trim).collect();
    message.contains(subject) && planned.filter(|line| is_release_trailer(line)).all(|line| found.contains(line))
}

/// Returns `true` if a commit above the base can only be that of the run.
fn is_meant(landed: &Landed, journal: &Journal, progress: &Progress) -> bool {
    let says = journal.commit.as_ref().is_some_and(|commit| says_what_is_planned(&landed.message, commit));
    says || (progress.tree.as_ref() == Some(&landed.tree) && landed.parents.first() == journal.base.as_ref())
}

/// Makes the commit from the private index and returns what git and the hooks said.
pub(super) fn make(work: &RunContext, commit: &CommitPlan) -> Result<String, Failure> {
    let message = format!("--file={}", work.spool("message", commit.message.as_bytes())?.display());
    // A repack in the background would outlive this run, and hold its folder busy.
    let mut args = vec!["-c", "gc.auto=0", "-c", "maintenance.auto=false", "commit", "--quiet", "--cleanup=verbatim"];
    args.push(&message);
    if commit.sign {
        args.push("--gpg-sign");
    }
    let run = tree::private(work).try_write(&args, Input::Nothing)?;
    let words = [String::from_utf8_lossy(&run.stdout).trim_end().to_owned(), run.stderr.clone()];
    let words = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n");
    if run.is_success() { Ok(words) } else { Err(Failure::NoCommit { stderr: words }) }
}

/// Holds the commit against the plan: its place, its message, and each planned file. A hook may add files, and change those of the
/// release as long as they still say what is planned, which `proof` reads anew.
pub(super) fn verify(
    work: &RunContext,
    journal: &Journal,
    progress: &Progress,
    landed: &Landed,
    proof: Proof<'_>,
) -> Result<(), Failure> {
    let fail = |why: String| Err(Failure::NotAsPlanned { why });
    let begun = reference_of(journal);
    if landed.reference != begun {
        return fail(format!("it is on {}, not on {}", shown(&landed.reference), shown(&begun)));
    }
    if landed.parents.iter().ne(&journal.base) {
        return fail("another commit was made meanwhile, which it follows on".to_owned());
    }
    if journal.commit.as_ref().is_some_and(|commit| !says_what_is_planned(&landed.message, commit)) {
        return fail("a hook took the subject or a `Relman-Release` line out of its message".to_owned());
    }
    // With the planned tree every file is as planned.
    let Some(tree) = progress.tree.as_ref().filter(|tree| **tree != landed.tree) else { return Ok(()) };
    let changed = tree::differing(work, journal, tree, &landed.tree)?;
    if changed.is_empty() {
        return Ok(());
    }
    for file in journal.files.iter().filter(|file| changed.contains(&work.in_repository(&file.path))) {
        let is_there = held(work, &landed.id, &work.in_repository(&file.path))?.is_some();
        if is_there && file.new.is_none() {
            return fail(format!("a hook put {} back, which the release removes", file.path));
        }
        if !is_there && file.new.is_some() {
            return fail(format!("a hook took {} out of it", file.path));
        }
    }
    match proof::read(work, journal, &landed.id, &changed, proof)? {
        None => Ok(()),
        Some(why) => fail(format!("a hook changed {}: {why}", changed.into_iter().collect::<Vec<_>>().join(", "))),
    }
}

/// Returns the bytes that a commit holds at a path from the top; `None` if it holds no file there.
pub(super) fn held(work: &RunContext, commit: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
    let object = format!("{commit}:{path}");
    let run = work.git.try_read(&["cat-file", "blob", "--end-of-options", &object], Input::Nothing)?;
    Ok(run.is_success().then_some(run.stdout))
}

/// Takes the branch back from exactly this commit to the one before it. Whoever moved it on keeps what they made.
pub(super) fn undo(work: &RunContext, landed: &Landed) -> Result<(), GitError> {
    let (name, id) = (landed.reference.as_str(), landed.id.as_str());
    let reason = "relman: the release was taken back";
    let args: Vec<&str> = match landed.parents.first() {
        Some(parent) => vec!["update-ref", "--no-deref", "-m", reason, name, parent, id],
        None => vec!["update-ref", "--no-deref", "-m", reason, "-d", name, id],
    };
    work.write_quietly(&args, Input::Nothing)?.ok().map(|_| ())
}

pub(super) fn shown(reference: &str) -> &str {
    match reference.strip_prefix("refs/heads/") {
        Some(branch) => branch,
        None => "no branch",
    }
}
