//! What git is in the middle of: a release waits for its end. Reading and fixing go on.

use std::path::{Path, PathBuf};

use crate::support::repo::Repo;

const CONFIG: &str = "[workspace]\nmembers = [\"p/*\"]\n";

fn manifest(version: &str) -> String {
    format!("{{ \"name\": \"a\", \"version\": \"{version}\" }}\n")
}

/// Two branches that change the same line of the manifest: `main`, which is checked out, and `other`.
fn torn() -> Repo {
    let repo = Repo::with(&[("relman.toml", CONFIG), ("p/a/package.json", &manifest("1.0.0"))]);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.commit(&[("p/a/package.json", &manifest("1.0.1"))]);
    repo.commit(&[("later", "1\n")]);
    repo.git(&["checkout", "-q", "main"]);
    repo.commit(&[("p/a/package.json", &manifest("1.0.2"))]);
    repo
}

/// Holds every command that releases to a refusal with these words.
#[track_caller]
fn refused(repo: &Repo, folder: &Path, words: &[&str]) {
    let run = |args: &[&str]| repo.relman_with(folder, args, &[]);
    assert_eq!(run(&["bump", "-n", "--json", "minor"]).exits(4).refusals(), ["in-progress"]);
    for command in [&["bump", "-y", "minor"][..], &["bump", "-y", "minor", "--no-commit"], &["plan", "minor"]] {
        run(command).exits(4).says(words);
    }
}

/// Starts an operation that stops at a conflict.
fn stopped(repo: &Repo, folder: &Path, args: &[&str]) {
    assert!(!repo.try_git_in(folder, args).status.success(), "{args:?}");
}

/// The first of two commits that conflict, and one that reverts to a conflict.
const STATES: [(&[&str], [&str; 2]); 6] = [
    (&["merge", "other"], ["git merge --continue", "git merge --abort"]),
    (&["rebase", "other"], ["git rebase --continue", "git rebase --abort"]),
    (&["rebase", "--apply", "other"], ["git rebase --continue", "git rebase --abort"]),
    (&["cherry-pick", "other^"], ["git cherry-pick --continue", "git cherry-pick --abort"]),
    (&["cherry-pick", "other^", "other"], ["git cherry-pick --continue", "git cherry-pick --abort"]),
    (&["revert", "--no-edit", "other^"], ["git revert --continue", "git revert --abort"]),
];

#[test]
fn an_operation_that_stopped_at_a_conflict() {
    for (args, words) in STATES {
        let repo = torn();
        stopped(&repo, repo.root(), args);
        refused(&repo, repo.root(), &words);
        // The conflict itself is what `check` is for.
        assert_ne!(repo.relman(&["check"]).code, 4);
        let end: Vec<&str> = words[1].split(' ').skip(1).collect();
        repo.git(&end);
        repo.relman(&["bump", "-y", "minor"]).exits(0);
    }
}

#[test]
fn a_linked_work_tree_has_a_state_of_its_own() {
    for (args, words) in STATES {
        let repo = torn();
        let linked: PathBuf = repo.outside().join("linked");
        repo.git(&["worktree", "add", "-q", "-b", "third", linked.to_str().unwrap()]);
        stopped(&repo, &linked, args);
        refused(&repo, &linked, &words);
        repo.relman(&["bump", "-y", "minor"]).exits(0);
    }
}

#[test]
fn a_conflict_that_is_resolved_and_not_committed() {
    for (args, words) in STATES {
        let repo = torn();
        stopped(&repo, repo.root(), args);
        repo.write("p/a/package.json", &manifest("1.0.2"));
        repo.git(&["add", "-A"]);
        refused(&repo, repo.root(), &words);
    }
}

#[test]
fn between_two_commits_of_a_series() {
    for (name, args) in [("cherry-pick", ["cherry-pick", "other^", "other"]), ("revert", ["revert", "other^", "HEAD"])]
    {
        let repo = torn();
        stopped(&repo, repo.root(), &args);
        repo.write("p/a/package.json", &manifest("1.0.3"));
        repo.git(&["add", "-A"]);
        // A commit by hand ends the first step, not the series.
        repo.git(&["commit", "-q", "-m", "fix: by hand"]);
        refused(&repo, repo.root(), &[&format!("git {name} --continue"), &format!("git {name} --abort")]);
    }
}

#[test]
fn a_patch_that_does_not_apply() {
    let repo = torn();
    let patch = repo.git(&["format-patch", "--stdout", "-1", "other^"]);
    let file = repo.outside().join("patch");
    std::fs::write(&file, patch + "\n").unwrap();
    stopped(&repo, repo.root(), &["am", file.to_str().unwrap()]);
    refused(&repo, repo.root(), &["git am --continue", "git am --abort"]);
}

#[test]
fn a_search_for_the_commit_that_broke_it() {
    let repo = torn();
    repo.git(&["bisect", "start"]);
    refused(&repo, repo.root(), &["a bisect is in progress", "git bisect reset"]);
    repo.git(&["bisect", "reset"]);
    repo.relman(&["bump", "-y", "minor"]).exits(0);
}

#[test]
fn a_conflict_in_relman_toml_itself() {
    let repo = torn();
    repo.git(&["checkout", "-q", "-b", "third"]);
    repo.commit(&[("relman.toml", "[workspace]\nmembers = [\"p/a\"]\n")]);
    repo.git(&["checkout", "-q", "main"]);
    repo.commit(&[("relman.toml", "[workspace]\nmembers = [\"p/*\", \"q/*\"]\n")]);
    stopped(&repo, repo.root(), &["merge", "third"]);
    repo.relman(&["bump", "-y", "minor"]).exits(4).says(&["git merge --abort"]);
}

#[test]
fn a_plan_from_before_is_refused_as_well() {
    let repo = torn();
    let file = repo.outside().join("plan.json");
    repo.relman(&["plan", "minor", "-o", file.to_str().unwrap()]).exits(0);
    stopped(&repo, repo.root(), &["cherry-pick", "other^"]);
    repo.git(&["checkout", "-q", "--ours", "p/a/package.json"]);
    repo.relman(&["apply", "-y", file.to_str().unwrap()]).exits(4).says(&["git cherry-pick --abort"]);
}

#[test]
fn head_on_something_that_is_not_a_branch() {
    for name in ["refs/remotes/origin/main", "refs/tags/v1", "refs/heads-of-mine/x"] {
        let repo = torn();
        repo.git(&["update-ref", name, "HEAD"]);
        repo.git(&["symbolic-ref", "HEAD", name]);
        for command in [&["bump", "-y", "minor"][..], &["bump", "-y", "minor", "--allow-branch"], &["plan", "minor"]] {
            repo.idle(command).exits(4).says(&["refused: HEAD points to", name, "git switch"]);
        }
        repo.idle(&["status"]).exits(0);
        repo.idle(&["check"]).exits(0);
    }
    // A branch may be called so.
    let repo = torn();
    repo.git(&["checkout", "-q", "-b", "refs/remotes/x"]);
    repo.relman(&["bump", "-y", "minor"]).exits(0);
}

#[test]
fn a_branch_without_a_commit_id() {
    let repo = torn();
    repo.write(".git/refs/heads/main", "garbage\n");
    for command in [&["status"][..], &["check"], &["bump", "-y", "minor"]] {
        repo.relman(command).exits(2).says(&["the branch that HEAD names is damaged", "does not hold a commit id"]);
    }
}
