//! [`take_back`]: the way back from a release that an earlier run made and that the remote does not take.

use std::collections::BTreeSet;

use super::run::Run;
use crate::plan::{Outward, is_release_trailer};

/// Returns the commands that take the release of an earlier run back, so that it can be made again on top of what the remote has: a rebase
/// would leave its tags on commits that no branch has. `None` where the run itself made what it pushed, which is undone.
pub(super) fn take_back(run: &Run<'_>) -> Option<String> {
    let journal = &run.journal;
    let pushed = journal.outward.iter().filter(|step| !step.is_done).filter_map(|step| match &step.action {
        Outward::Push(push) => Some(&push.tags),
        _ => None,
    });
    let tags: Vec<_> =
        pushed.flatten().filter_map(|name| journal.existing_tags.iter().find(|tag| tag.name == *name)).collect();
    let commits: BTreeSet<&str> = tags.iter().map(|tag| tag.commit.as_str()).collect();
    let oldest = commits.first().filter(|_| commits.len() == 1);
    let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
    let commit = match (names.is_empty(), oldest) {
        (true, _) => return None,
        (false, Some(commit)) if is_release(run, commit) => {
            let (short, is_head) = (commit.get(..9).unwrap_or(commit), journal.base.as_deref() == Some(commit));
            // What was committed after it stays.
            match is_head {
                true => format!("`git reset --keep {short}^`, "),
                false => format!("`git rebase --onto {short}^ {short}`, "),
            }
        }
        (false, Some(_)) => String::new(),
        (false, None) => "their release commits with `git rebase -i`, ".to_owned(),
    };
    let delete = names.join(" ");
    Some(format!(
        "the remote has commits that this branch lacks: take the release back with `git tag -d {delete}`, {commit}then run \
         `git pull --rebase` and release again (a rebase of the release commit alone would leave its tag behind)"
    ))
}

/// Returns `true` if relman made the commit for a release.
fn is_release(run: &Run<'_>, commit: &str) -> bool {
    let message =
        run.work.git.read(&["log", "-1", "--no-show-signature", "--format=%B", "--end-of-options", commit, "--"]);
    message.is_ok_and(|message| String::from_utf8_lossy(&message).lines().any(is_release_trailer))
}
