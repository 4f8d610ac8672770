//! What a branch changes since it left another one, in its commits and in the work tree.

use std::collections::BTreeSet;

use super::{CaptureError, Place};
use crate::config::NameGlob;
use crate::history::RELEASE_TRAILER;
use crate::io::{Git, GitError, Input};
use crate::model::{Diagnostic, RepoPath};
use crate::snapshot::{BranchChanges, RangeChanges};

/// How the next commit of a log is told from the message before it.
const LOG: [&str; 5] = ["log", "-z", "--reverse", "--topo-order", "--format=tformat:%H%n%B"];

/// Reads what changed since the branch left `since`; without it since it left the main branch of the remote, or the first of `branches`
/// that is written out.
///
/// # Errors
/// Where there is no such branch, or no commit that both have.
pub fn branch_changes(
    place: &Place,
    since: Option<&str>,
    branches: &[NameGlob],
) -> Result<BranchChanges, CaptureError> {
    let git = &place.git;
    let (since, commit) = resolved(git, since, branches)?;
    let base = base(git, &since, &commit)?;
    let untracked = inside(place, &git.read(&["ls-files", "--others", "--exclude-standard", "-z"])?);
    let mut ranges = vec![range(place, &base, Vec::new(), &untracked)?];
    for (commit, releases) in releases(git, &commit)? {
        ranges.push(range(place, &commit, releases, &untracked)?);
    }
    Ok(BranchChanges { since, base, ranges })
}

/// Finds what the branch is held against: its name and its commit.
fn resolved(git: &Git, since: Option<&str>, branches: &[NameGlob]) -> Result<(String, String), CaptureError> {
    if let Some(name) = since {
        return match commit(git, name)? {
            Some(commit) => Ok((name.to_owned(), commit)),
            None => {
                let help = match name.split_once('/') {
                    Some((remote, branch)) => {
                        format!("`git fetch {remote} {branch}` may bring it; CI often fetches one branch only")
                    }
                    None => "name a branch, a tag or a commit that is here, as in `--since origin/main`".to_owned(),
                };
                Err(vec![Diagnostic::new(format!("there is no `{name}` in this repository")).help(help)].into())
            }
        };
    }
    let written: Vec<&str> = branches.iter().filter_map(NameGlob::literal).take(1).collect();
    let mut names = vec!["origin/HEAD".to_owned(), "origin/main".to_owned()];
    names.extend(written.iter().flat_map(|name| [format!("origin/{name}"), (*name).to_owned()]));
    for name in &names {
        if let Some(commit) = commit(git, name)? {
            return Ok((name.clone(), commit));
        }
    }
    let message = format!("there is nothing to hold this branch against: no {}", names.join(", no "));
    let help = "name it as in `--since origin/main`; `git fetch origin main:refs/remotes/origin/main` brings it";
    Err(vec![Diagnostic::new(message).help(help)].into())
}

fn commit(git: &Git, name: &str) -> Result<Option<String>, GitError> {
    let asked = format!("{name}^{{commit}}");
    let run = git.try_read(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked], Input::Nothing)?;
    let id = String::from_utf8_lossy(&run.stdout).trim().to_owned();
    Ok((run.is_success() && !id.is_empty()).then_some(id))
}

fn base(git: &Git, since: &str, commit: &str) -> Result<String, CaptureError> {
    if self::commit(git, "HEAD")?.is_none() {
        return Err(vec![Diagnostic::new("there is no commit yet").help("commit something first")].into());
    }
    let run = git.try_read(&["merge-base", commit, "HEAD"], Input::Nothing)?;
    let id = String::from_utf8_lossy(&run.stdout).trim().to_owned();
    if run.is_success() && !id.is_empty() {
        return Ok(id);
    }
    let help = if git.is_shallow() {
        "the history is cut off here: `git fetch --unshallow` brings the rest (actions/checkout: `fetch-depth: 0`)"
    } else {
        "name the branch that this one comes from, as in `--since origin/main`"
    };
    Err(vec![Diagnostic::new(format!("{since} and HEAD have no commit in common")).help(help)].into())
}

/// Returns the release commits of the branch, the oldest first, with the tags that each names.
fn releases(git: &Git, since: &str) -> Result<Vec<(String, Vec<String>)>, GitError> {
    let grep = format!("--grep=^{RELEASE_TRAILER}: ");
    let not = format!("^{since}");
    let mut args = LOG.to_vec();
    args.extend([grep.as_str(), "--end-of-options", "HEAD", not.as_str(), "--"]);
    let output = git.read(&args)?;
    let text = String::from_utf8_lossy(&output).into_owned();
    let read = |record: &str| {
        let (id, message) = record.split_once('\n')?;
        let tags = released(message);
        (!tags.is_empty()).then(|| (id.to_owned(), tags))
    };
    Ok(text.split('\0').filter_map(read).collect())
}

/// Git's trailers stand in the last paragraph.
fn released(message: &str) -> Vec<String> {
    let last = message.trim_end().lines().rev().take_while(|line| !line.trim().is_empty());
    let value = |line: &str| Some(line.strip_prefix(RELEASE_TRAILER)?.strip_prefix(':')?.trim().to_owned());
    last.filter_map(value).collect()
}

/// Reads what differs between a commit and the work tree. A file that git does not know yet is no change, but it may be a fragment.
fn range(place: &Place, from: &str, releases: Vec<String>, untracked: &[RepoPath]) -> Result<RangeChanges, GitError> {
    const ARGS: [&str; 6] = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", "--ignore-submodules=dirty"];
    let read = |more: &[&str]| {
        let mut args = ARGS.to_vec();
        args.extend_from_slice(more);
        args.extend(["--end-of-options", from, "--"]);
        place.git.read(&args).map(|output| inside(place, &output))
    };
    let changed = read(&[])?;
    let mut present: BTreeSet<RepoPath> = read(&["--diff-filter=d"])?.into_iter().collect();
    present.extend(untracked.iter().cloned());
    Ok(RangeChanges { releases, changed, present })
}

/// Reads paths that end in a NUL; those outside of relman.toml's folder, and names that no path of ours has, are left out.
fn inside(place: &Place, output: &[u8]) -> Vec<RepoPath> {
    let prefix = if place.prefix.is_empty() { String::new() } else { format!("{}/", place.prefix) };
    let texts = output.split(|byte| *byte == 0).filter_map(|path| std::str::from_utf8(path).ok());
    let below = texts.filter_map(|path| path.strip_prefix(prefix.as_str())).filter(|path| !path.is_empty());
    let mut paths: Vec<RepoPath> = below.filter_map(|path| RepoPath::new(path).ok()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::released;

    #[test]
    fn trailers_stand_in_the_last_paragraph() {
        assert_eq!(released("a\n\nRelman-Release: v1\nRelman-Release: w-2\n"), ["w-2", "v1"]);
        assert_eq!(released("a\n\nRelman-Release: v1\n\nb\n"), Vec::<String>::new());
    }
}
