//! Pushes. What is sent has the ids of what the run made, whatever HEAD and the names stand for by now.

use std::collections::BTreeMap;

use super::step::{Arrived, Made};
use crate::apply::error::Failure;
use crate::apply::journal::Evidence;
use crate::apply::services::Services;
use crate::io::{Git, GitError, Input};
use crate::model::CommitId;
use crate::plan::Push;

/// So many refs are in one rehearsal: the command line of a process has an end.
const REHEARSED_AT_ONCE: usize = 100;

/// Asks the remotes whether they would take the pushes. Nothing is sent, so many pushes are one question. The user's hook for pushes
/// runs once, with the push itself.
pub(super) fn rehearse<'p>(
    pushes: impl Iterator<Item = (&'p str, Vec<String>)>,
    leases: &[String],
    services: &Services<'_>,
) -> Result<(), Failure> {
    let mut by_remote: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (remote, specs) in pushes {
        by_remote.entry(remote).or_default().extend(specs);
    }
    let leases = leases.iter().map(String::as_str);
    let options: Vec<&str> = ["--dry-run", "--no-verify"].into_iter().chain(leases).collect();
    for (remote, specs) in by_remote {
        for some in specs.chunks(REHEARSED_AT_ONCE) {
            send(services.git, remote, some, &options)?;
        }
    }
    Ok(())
}

/// Pushes. The refs are named in the plan, so there is nothing to note about them.
pub(super) fn perform(push: &Push, services: &Services<'_>, made: Made<'_>) -> Result<Evidence, Failure> {
    let lease = lease(push);
    let options: Vec<&str> = lease.iter().map(String::as_str).collect();
    send(services.git, &push.remote, &specs(push, made)?, &options)?;
    Ok(Evidence::default())
}

/// Returns the option by which git overwrites a branch if it is still at the commit of the plan, and only then.
pub(super) fn lease(push: &Push) -> Option<String> {
    let (branch, over) = push.branch.as_ref().zip(push.over.as_ref())?;
    Some(format!("--force-with-lease=refs/heads/{branch}:{}", over.as_str()))
}

/// Returns what a push sends, by ids and full names.
pub(super) fn specs(push: &Push, made: Made<'_>) -> Result<Vec<String>, Failure> {
    let mut specs = Vec::new();
    if let Some(branch) = &push.branch {
        // Without an id before the colon git would delete the branch.
        let head =
            made.made_for(branch).or(push.commit.as_ref().map(CommitId::as_str)).or_else(|| made.tip()).ok_or_else(
                || Failure::BadPlan(format!("it pushes to {branch}, but makes no commit and is based on none")),
            )?;
        specs.push(format!("{head}:refs/heads/{branch}"));
    }
    for name in &push.tags {
        let object = made.tag(name);
        let object =
            object.ok_or_else(|| Failure::BadPlan(format!("it pushes the tag {name}, and does not make it")))?;
        specs.push(format!("{object}:refs/tags/{name}"));
    }
    Ok(specs)
}

pub(super) fn send(git: &Git, remote: &str, specs: &[String], options: &[&str]) -> Result<(), Failure> {
    let mut args = vec!["push", "--atomic", "--porcelain", "--no-follow-tags"];
    args.extend(options);
    args.extend(["--", remote]);
    args.extend(specs.iter().map(String::as_str));
    let run = git.try_write(&args, Input::Nothing)?;
    if run.is_success() {
        return Ok(());
    }
    // The refs that were refused, each with its reason, are in standard output (git-push(1), "--porcelain").
    let stdout = String::from_utf8_lossy(&run.stdout).into_owned();
    let refused: Vec<String> = stdout.lines().filter_map(refused).collect();
    let repeats = |line: &str| REPEATS.iter().any(|words| line.contains(words));
    let is_news =
        |line: &&str| !line.is_empty() && !line.starts_with("hint:") && (refused.is_empty() || !repeats(line));
    let said = run.stderr.lines().map(str::trim_end).filter(is_news).collect::<Vec<_>>().join("\n");
    Err(Failure::Push { remote: remote.to_owned(), refused, said })
}

/// What git says besides about a ref that was refused.
const REPEATS: [&str; 3] = ["failed to push some refs", "atomic push failed for ref", "the remote end hung up"];

/// Reads a ref that was refused, and why: `! FROM:TO [rejected] (REASON)` with tabs between its parts.
fn refused(line: &str) -> Option<String> {
    let mut parts = line.strip_prefix("!\t")?.splitn(2, '\t');
    let name = parts.next()?.rsplit(':').next()?;
    let name = name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/tags/")).unwrap_or(name);
    Some(format!("{name}: {}", parts.next()?.replace(['[', ']'], "")))
}

/// Asks the remote what it has of a push.
pub(super) fn probe(push: &Push, services: &Services<'_>, made: Made<'_>) -> Arrived {
    let made_tags = push.tags.iter().filter_map(|name| Some((format!("refs/tags/{name}"), made.tag(name)?.as_str())));
    let tags: Vec<(String, &str)> = made_tags.collect();
    // A branch shows only a commit that is ours, or one that is pushed for its own sake: beside tags it may have been there before.
    let commit = push
        .commit
        .as_ref()
        .map(CommitId::as_str)
        .or(made.progress.commit.as_deref())
        .or_else(|| made.tip().filter(|_| tags.is_empty()));
    let branch = push
        .branch
        .as_ref()
        .and_then(|branch| Some((format!("refs/heads/{branch}"), made.made_for(branch).or(commit)?)));
    let patterns: Vec<&str> = tags.iter().chain(&branch).map(|(name, _)| name.as_str()).collect();
    if patterns.is_empty() {
        return Arrived::Absent;
    }
    let urls = match push_urls(services.git, &push.remote) {
        Ok(urls) => urls,
        Err(error) => return Arrived::Unknown(error.into()),
    };
    let (mut all, mut none, mut foreign) = (true, true, None);
    for url in urls {
        let found = match services.git.remote_refs(&url, &patterns) {
            Ok(found) => found,
            Err(error) => return Arrived::Unknown(error.into()),
        };
        let has = |(name, id): &(String, &str)| found.iter().any(|found| found.name == *name && found.oid == *id);
        // Others may have moved the branch on since, so the tags decide, where there are some: a push is atomic.
        all &= if tags.is_empty() { branch.iter().all(has) } else { tags.iter().all(has) };
        none &= !tags.iter().chain(&branch).any(has);
        let other = |(name, id): &&(String, &str)| found.iter().any(|found| found.name == *name && found.oid != *id);
        foreign =
            foreign.or_else(|| tags.iter().find(other).map(|(name, _)| format!("{} has another {name}", push.remote)));
    }
    match (all, none, foreign) {
        (true, ..) => Arrived::Done(Evidence::default()),
        (false, true, Some(what)) => Arrived::Foreign(what),
        (false, true, None) => Arrived::Absent,
        (false, false, _) => Arrived::Partly,
    }
}

/// The addresses that a push to this remote goes to; a remote without a name is its own address.
pub(super) fn push_urls(git: &Git, remote: &str) -> Result<Vec<String>, GitError> {
    let run = git.try_read(&["remote", "get-url", "--push", "--all", "--", remote], Input::Nothing)?;
    if !run.is_success() {
        return Ok(vec![remote.to_owned()]);
    }
    Ok(String::from_utf8_lossy(&run.stdout).lines().map(str::to_owned).collect())
}
