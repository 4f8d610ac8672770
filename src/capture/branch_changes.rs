//! The changes of a branch since it left another one, in its commits and in the work tree.

use std::collections::BTreeSet;

use super::messages::read_message;
use super::{CaptureError, Place};
use crate::config::{Config, NameGlob};
use crate::history::{ReleasedPackage, released_tag};
use crate::io::{Git, GitError, IndexChange, Input};
use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::snapshot::{BranchChanges, RangeChanges};

/// Reads the changes since the branch left `since`; by default, since it left the main branch of the remote, or the first of `branches`
/// without a wildcard.
///
/// # Errors
/// Returns an error if the branch does not exist, or shares no commit with HEAD.
pub fn branch_changes(place: &Place, since: Option<&str>, config: &Config) -> Result<BranchChanges, CaptureError> {
    let git = &place.git;
    let (since, commit) = resolved(git, since, &config.workspace.branches)?;
    let Some(head) = self::commit(git, "HEAD")? else {
        return Err(vec![
            Diagnostic::new(ProblemCode::NoCommits, "the repository has no commits yet").help("commit something first"),
        ]
        .into());
    };
    let base = base(git, &since, &commit, &head)?;
    let tree = WorkTree::read(place)?;
    let log = Log::read(git, config, &commit, &head)?;
    let mut ranges = vec![RangeChanges { commits: log.since(0), ..range(place, &base, &tree)? }];
    for (at, message) in &log.releases {
        let names = message.packages.iter().map(|named| named.package.clone()).collect();
        let Some(commit) = log.commits.get(*at) else { continue };
        let (releases, commits) = (message.tags.clone(), log.since(at + 1));
        ranges.push(RangeChanges { releases, names, commits, ..range(place, commit, &tree)? });
    }
    Ok(BranchChanges { since, base, ranges })
}

/// Finds the ref to compare the branch with: its name and its commit.
fn resolved(git: &Git, since: Option<&str>, branches: &[NameGlob]) -> Result<(String, String), CaptureError> {
    if let Some(name) = since {
        return match commit(git, name)? {
            Some(commit) => Ok((name.to_owned(), commit)),
            None => {
                let help = match name.split_once('/') {
                    Some((remote, branch)) => {
                        format!("`git fetch {remote} {branch}` may fetch it; CI often fetches only one branch")
                    }
                    None => "name a branch, a tag or a commit that is here, as in `--since origin/main`".to_owned(),
                };
                Err(vec![
                    Diagnostic::new(ProblemCode::Revision, format!("`{name}` not found in this repository")).help(help),
                ]
                .into())
            }
        };
    }
    let written: Vec<&str> = branches.iter().filter_map(NameGlob::literal).take(1).collect();
    let mut names = vec!["origin/HEAD".to_owned(), "origin/main".to_owned()];
    let own = written.iter().flat_map(|name| [format!("origin/{name}"), (*name).to_owned()]);
    names.extend(own.filter(|name| name != "origin/main"));
    for name in &names {
        // By its full name, since a tag may have the same name.
        let folder = if name.starts_with("origin/") { "refs/remotes" } else { "refs/heads" };
        if let Some(commit) = commit(git, &format!("{folder}/{name}"))? {
            return Ok((name.clone(), commit));
        }
    }
    let message = format!("nothing to compare this branch with; not found: {}", names.join(", "));
    let help = "name it as in `--since origin/main`; `git fetch origin main:refs/remotes/origin/main` fetches it";
    Err(vec![Diagnostic::new(ProblemCode::Revision, message).help(help)].into())
}

fn commit(git: &Git, name: &str) -> Result<Option<String>, GitError> {
    let asked = format!("{name}^{{commit}}");
    let run = git.try_read(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked], Input::Nothing)?;
    let id = String::from_utf8_lossy(&run.stdout).trim().to_owned();
    Ok((run.is_success() && !id.is_empty()).then_some(id))
}

fn base(git: &Git, since: &str, commit: &str, head: &str) -> Result<String, CaptureError> {
    let run = git.try_read(&["merge-base", commit, head], Input::Nothing)?;
    let id = String::from_utf8_lossy(&run.stdout).trim().to_owned();
    if run.is_success() && !id.is_empty() {
        return Ok(id);
    }
    let help = if git.is_shallow() {
        "the history is cut off here: `git fetch --unshallow` fetches the rest (actions/checkout: `fetch-depth: 0`)"
    } else {
        "name the branch that this one comes from, as in `--since origin/main`"
    };
    Err(vec![Diagnostic::new(ProblemCode::Revision, format!("{since} and HEAD have no commit in common")).help(help)]
        .into())
}

/// What a release commit releases: tags, and the packages that it lists.
struct Released {
    tags: Vec<String>,
    packages: Vec<ReleasedPackage>,
}

/// The commits of the branch.
struct Log {
    /// Their ids, the oldest first.
    commits: Vec<String>,
    /// The places of release commits among them.
    releases: Vec<(usize, Released)>,
}

impl Log {
    fn read(git: &Git, config: &Config, since: &str, head: &str) -> Result<Self, GitError> {
        let mut log = git.log_since(since, head)?;
        let mut found = Self { commits: Vec::new(), releases: Vec::new() };
        while let Some(commit) = log.next_commit()? {
            let tags = released(&String::from_utf8_lossy(&commit.message));
            let packages = read_message(&commit.message, config).packages;
            if !(tags.is_empty() && packages.is_empty()) {
                found.releases.push((found.commits.len(), Released { tags, packages }));
            }
            found.commits.push(commit.id);
        }
        Ok(found)
    }

    /// Returns the commits from a place on.
    fn since(&self, at: usize) -> BTreeSet<String> {
        self.commits.iter().skip(at).cloned().collect()
    }
}

/// Git's trailers are in the last paragraph.
fn released(message: &str) -> Vec<String> {
    let last = message.trim_end().lines().rev().take_while(|line| !line.trim().is_empty());
    last.filter_map(released_tag).map(str::to_owned).collect()
}

/// The work tree, compared with the index.
struct WorkTree {
    /// The files that differ from the index.
    changed: BTreeSet<String>,
    /// Those of them that are missing.
    deleted: BTreeSet<String>,
    /// Untracked files.
    untracked: Vec<RepoPath>,
}

impl WorkTree {
    fn read(place: &Place) -> Result<Self, GitError> {
        let status = place.git.status()?;
        // A difference that only a filter could confirm does not count as a change.
        let unstaged = status.changed.into_iter().filter(|changed| changed.unstaged && !changed.filtered);
        let (mut changed, mut deleted) = (BTreeSet::new(), BTreeSet::new());
        for file in unstaged {
            if file.deleted {
                deleted.insert(file.path.clone());
            }
            changed.insert(file.path);
        }
        let untracked = place.git.read(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        let untracked = untracked.split(|byte| *byte == 0).filter_map(|path| std::str::from_utf8(path).ok());
        Ok(Self { changed, deleted, untracked: inside(place, untracked) })
    }
}

/// Reads the differences between a commit and the work tree. An untracked file is not a change, but it may be a fragment.
fn range(place: &Place, from: &str, tree: &WorkTree) -> Result<RangeChanges, GitError> {
    let staged = place.git.index_changes(from)?;
    let names = |only: fn(&IndexChange) -> bool| staged.iter().filter(move |c| only(c)).map(|c| c.path.as_str());
    let changed: BTreeSet<&str> = names(|_| true).chain(tree.changed.iter().map(String::as_str)).collect();
    let lost: BTreeSet<&str> = names(|change| change.deleted).chain(tree.deleted.iter().map(String::as_str)).collect();
    let mut present: BTreeSet<RepoPath> = inside(place, changed.difference(&lost).copied()).into_iter().collect();
    present.extend(tree.untracked.iter().cloned());
    Ok(RangeChanges { changed: inside(place, changed.into_iter()), present, ..RangeChanges::default() })
}

/// Returns the paths below relman.toml's folder, relative to it and sorted; names that are not valid paths are left out.
fn inside<'p>(place: &Place, paths: impl Iterator<Item = &'p str>) -> Vec<RepoPath> {
    let below = paths.filter_map(|path| place.prefix.strip(path)).filter(|path| !path.is_empty());
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
