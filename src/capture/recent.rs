//! The newest commits of HEAD.

use crate::io::Git;
use crate::snapshot::RecentCommit;

/// So many are read.
const NEWEST: &str = "-300";

/// Reads them, the newest first; none if git fails.
pub(super) fn recent_commits(git: &Git) -> Vec<RecentCommit> {
    let output = git.read(&["log", NEWEST, "--format=%P%x09%s", "HEAD"]).unwrap_or_default();
    let commit = |line: &str| {
        let (parents, subject) = line.split_once('\t')?;
        Some(RecentCommit { is_merge: parents.contains(' '), subject: subject.to_owned() })
    };
    String::from_utf8_lossy(&output).lines().filter_map(commit).collect()
}
