//! The pushes of a run: the one step that cannot be taken back.

use super::error::{ApplyError, Failure};
use super::journal::{Journal, Progress};
use super::workplace::Workplace;
use crate::io::{GitError, Input};
use crate::plan::PushPlan;

/// What a remote has of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrived {
    All,
    Nothing,
    Some,
    /// The remote does not answer.
    Unknown,
}

/// How the pushes ended.
#[derive(Debug)]
pub(super) enum PushEnd {
    Done,
    /// The first push was refused and nothing of it is on the remote: all can be taken back.
    NothingLeft(Failure),
    /// Something is out, or may be.
    Stopped(ApplyError),
}

/// Sends what has not arrived yet, one push after the other.
pub(super) fn run(
    work: &Workplace,
    journal: &Journal,
    progress: &mut Progress,
    head: &str,
) -> Result<PushEnd, Failure> {
    for (number, push) in journal.pushes.iter().enumerate().skip(progress.arrived) {
        let known = progress.begun > number;
        let specs = specs(journal, progress, push, head)?;
        if !known {
            // What a remote says before anything is sent leaves nothing in doubt: one that is gone, or ahead, ends the run as it began.
            if let Some(failure) = (number == 0).then(|| rehearse(work, &specs, push)).flatten() {
                return Ok(PushEnd::NothingLeft(failure));
            }
            progress.begun = number + 1;
            progress.save(work, true)?;
        }
        // A push that was begun by an interrupted run may have arrived.
        let is_due = !known || arrived(work, journal, progress, push, head) != Arrived::All;
        if let Some(failure) = is_due.then(|| send(work, &specs, push, &[])).flatten() {
            return Ok(stopped(work, journal, progress, (number, push, head), failure));
        }
        progress.arrived = number + 1;
        if let Err(error) = progress.save(work, true) {
            return Ok(PushEnd::Stopped(ApplyError::interrupted(error.to_string(), HELP)));
        }
    }
    Ok(PushEnd::Done)
}

const HELP: &str = "run `relman resume`: it asks the remote what is there and sends the rest";

fn stopped(
    work: &Workplace,
    journal: &Journal,
    progress: &Progress,
    (number, push, head): (usize, &PushPlan, &str),
    failure: Failure,
) -> PushEnd {
    if number == 0 && arrived(work, journal, progress, push, head) == Arrived::Nothing {
        return PushEnd::NothingLeft(failure);
    }
    let Failure::PushRefused { remote, stderr } = failure else {
        return PushEnd::Stopped(ApplyError::interrupted(failure.to_string(), HELP));
    };
    let message = format!("push {} of {} to {remote} failed. Git said:\n{stderr}", number + 1, journal.pushes.len());
    PushEnd::Stopped(ApplyError::interrupted(message, HELP))
}

/// Asks the remote whether it would take the push. The user's hook for pushes runs once, with the push itself.
fn rehearse(work: &Workplace, specs: &[String], push: &PushPlan) -> Option<Failure> {
    send(work, specs, push, &["--dry-run", "--no-verify"])
}

/// Returns what a push sends, by ids and full names: whatever HEAD and the names stand for by now, it is what the run made.
fn specs(journal: &Journal, progress: &Progress, push: &PushPlan, head: &str) -> Result<Vec<String>, Failure> {
    let mut specs: Vec<String> = push.branch.iter().map(|branch| format!("{head}:refs/heads/{branch}")).collect();
    for name in &push.tags {
        let made = journal.tags.iter().zip(&progress.tags).find(|(tag, _)| tag.name == *name);
        let (_, object) =
            made.ok_or_else(|| Failure::BadPlan(format!("it pushes the tag {name}, and does not make it")))?;
        specs.push(format!("{object}:refs/tags/{name}"));
    }
    Ok(specs)
}

/// Pushes; returns what went wrong.
fn send(work: &Workplace, specs: &[String], push: &PushPlan, options: &[&str]) -> Option<Failure> {
    let mut args = vec!["push", "--atomic", "--porcelain", "--no-follow-tags"];
    args.extend(options);
    args.extend(["--", &push.remote]);
    args.extend(specs.iter().map(String::as_str));
    let run = match work.git.try_write(&args, Input::Nothing) {
        Ok(run) if run.is_success() => return None,
        Ok(run) => run,
        Err(error) => return Some(error.into()),
    };
    // The refs that were refused, each with its reason, stand in standard output (git-push(1), "--porcelain").
    let stdout = String::from_utf8_lossy(&run.stdout).into_owned();
    let refused: Vec<&str> = stdout.lines().filter(|line| line.starts_with('!')).collect();
    let stderr = [refused.join("\n"), run.stderr].join("\n").trim().to_owned();
    Some(Failure::PushRefused { remote: push.remote.clone(), stderr })
}

/// Asks the remote what it has of a push.
pub(super) fn arrived(
    work: &Workplace,
    journal: &Journal,
    progress: &Progress,
    push: &PushPlan,
    head: &str,
) -> Arrived {
    let ours = journal.tags.iter().zip(&progress.tags).filter(|(tag, _)| push.tags.contains(&tag.name));
    let tags: Vec<(String, &str)> =
        ours.map(|(tag, object)| (format!("refs/tags/{}", tag.name), object.as_str())).collect();
    // A branch shows only a commit that is ours.
    let branch = push.branch.as_ref().filter(|_| journal.commit.is_some());
    let branch = branch.map(|branch| (format!("refs/heads/{branch}"), head));
    let patterns: Vec<&str> = tags.iter().chain(&branch).map(|(name, _)| name.as_str()).collect();
    if patterns.is_empty() {
        return Arrived::Nothing;
    }
    let Ok(urls) = push_urls(work, &push.remote) else { return Arrived::Unknown };
    let (mut all, mut none) = (true, true);
    for url in urls {
        let Ok(found) = work.git.remote_refs(&url, &patterns) else { return Arrived::Unknown };
        let has = |(name, id): &(String, &str)| found.iter().any(|found| found.name == *name && found.oid == *id);
        // Others may have moved the branch on since, so the tags decide, where there are some: a push is atomic.
        all &= if tags.is_empty() { branch.iter().all(has) } else { tags.iter().all(has) };
        none &= !tags.iter().chain(&branch).any(has);
    }
    match (all, none) {
        (true, _) => Arrived::All,
        (_, true) => Arrived::Nothing,
        _ => Arrived::Some,
    }
}

/// The addresses that a push to this remote goes to; a remote without a name is its own address.
fn push_urls(work: &Workplace, remote: &str) -> Result<Vec<String>, GitError> {
    let run = work.git.try_read(&["remote", "get-url", "--push", "--all", "--", remote], Input::Nothing)?;
    if !run.is_success() {
        return Ok(vec![remote.to_owned()]);
    }
    Ok(String::from_utf8_lossy(&run.stdout).lines().map(str::to_owned).collect())
}
