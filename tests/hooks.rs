//! What hooks make of a release: it is accepted, or the run is taken back.
#![cfg(unix)]

use relman::apply::{ErrorKind, Services, run_proven};
use relman::io::Git;
use relman::model::RepoPath;

use crate::apply::{apply, release, sample, world};
use crate::support::repo::Repo;

#[test]
fn what_is_written_while_a_hook_runs_is_kept() {
    let repo = sample();
    repo.hook("pre-commit", "echo formatted >> a/V; exit 1");
    let error = apply(&repo, &release(&repo).plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert!(error.help().unwrap().contains("changed in a/V meanwhile is kept"), "{:?}", error.help());
    assert_eq!(repo.read("a/V").unwrap(), "0.1.0\nformatted\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), " M a/V");
}

#[test]
fn what_cannot_be_taken_apart_stops_the_run() {
    let repo = sample();
    repo.hook("pre-commit", "echo 0.2.5 > a/V; exit 1");
    let error = apply(&repo, &release(&repo).plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert!(error.to_string().contains("a/V changed"), "{error}");
    assert_eq!(repo.read("a/V").unwrap(), "0.2.5\n");
    repo.git(&["checkout", "-q", "--", "a/V"]);
    crate::support::runs::abort(&repo.open()).unwrap().unwrap();
    assert_eq!(world(&repo), world(&sample()));
}

/// Accepts what a hook made of a release as long as a/V begins with the version.
fn begins_with_the_version(git: &Git, _: &[relman::plan::PackageBump], changed: &[&RepoPath]) -> Option<String> {
    let text = String::from_utf8(git.read(&["show", ":a/V"]).unwrap()).unwrap();
    (!text.starts_with("0.2.0")).then(|| format!("{changed:?} says {text}"))
}

#[test]
fn a_hook_may_add_to_what_is_committed() {
    let repo = sample();
    repo.hook("pre-commit", "echo formatted >> a/V; git add a/V");
    repo.hook("commit-msg", "printf 'PROJ-1: ' | cat - \"$1\" > m; cat m > \"$1\"; rm m");
    run_proven(&release(&repo).plan, &Services::new(&repo.open(), repo.root()), repo.root(), &begins_with_the_version)
        .unwrap();
    assert_eq!(repo.git(&["show", "HEAD:a/V"]), "0.2.0\nformatted");
    assert!(repo.git(&["log", "-1", "--format=%s"]).starts_with("PROJ-1: chore(release)"));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_commit_that_is_not_as_planned_is_taken_back() {
    let own = "case $GIT_INDEX_FILE in *relman*) ;; *) exit 0;; esac";
    for (hook, script, why) in [
        (
            "pre-commit",
            "tr 0 o < a/V > x; cat x > a/V; rm x; git add a/V; git checkout -q HEAD -- a/V",
            "a hook changed a/V",
        ),
        ("pre-commit", "git reset -q", "a hook"),
        ("pre-commit", "git rm -q --cached b.txt", "a hook took b.txt out of it"),
        ("pre-commit", "git reset -q -- notes/one.md", "a hook put notes/one.md back"),
        ("pre-commit", "git stash -q", "a hook"),
        ("pre-commit", "git checkout -q -b other", "it is on other, not on main"),
        ("commit-msg", "echo 'other words' > \"$1\"", "out of its message"),
        ("commit-msg", "grep -v ^Relman-Release \"$1\" > m; cat m > \"$1\"; rm m", "out of its message"),
        ("post-commit", "git reset -q --hard HEAD^", "it is gone from the branch"),
    ] {
        let repo = sample();
        repo.hook(hook, &format!("{own}\n{script}"));
        let error = apply(&repo, &release(&repo).plan).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed, "{script}: {error}");
        assert!(error.to_string().contains(why), "{script}: {error}");
        repo.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
        let _ = repo.try_git_in(repo.root(), &["branch", "-q", "-D", "other"]);
        let _ = repo.try_git_in(repo.root(), &["stash", "drop", "-q"]);
        assert_eq!(world(&repo), world(&sample()), "{script}");
    }
}

#[test]
fn a_commit_of_somebody_else_in_between_is_kept() {
    let repo = sample();
    // A hook that commits by itself stands for a person at another terminal: git refuses to overwrite HEAD.
    repo.hook(
        "pre-commit",
        "[ -e once ] && exit 0; touch once; unset GIT_INDEX_FILE; git commit -q --allow-empty -m theirs; rm once",
    );
    let error = apply(&repo, &release(&repo).plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert!(error.help().unwrap().contains("HEAD is where somebody else moved it"), "{:?}", error.help());
    assert_eq!(repo.git(&["log", "-1", "--format=%s"]), "theirs");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(repo.git(&["tag"]), "");
}

#[test]
fn what_a_hook_changes_without_changing_its_length_is_no_change_left_behind() {
    let repo = sample();
    repo.hook("pre-commit", "sed s/end/END/ b.txt > x; cat x > b.txt; rm x; git add b.txt");
    run_proven(&release(&repo).plan, &Services::new(&repo.open(), repo.root()), repo.root(), &begins_with_the_version)
        .unwrap();
    assert_eq!(repo.git(&["show", "HEAD:b.txt"]), "b 0.2.0\r\nEND");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_tag_that_somebody_made_on_the_same_object_is_not_taken_back() {
    // With a fixed time another clone makes the very same commit and tag, which may come in by a fetch.
    let fixed = |repo: &Repo| {
        let mut plan = release(repo).plan;
        plan.time = Some(1_700_000_000);
        plan
    };
    let (repo, other) = (sample(), sample());
    apply(&other, &fixed(&other)).unwrap();
    let tag = "refs/tags/a-v0.2.0";
    repo.hook("post-commit", &format!("git fetch -q --no-tags '{}' {tag}:{tag}", other.root().display()));
    let plan = fixed(&repo);
    let error = apply(&repo, &plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert_eq!(repo.git(&["rev-parse", tag]), other.git(&["rev-parse", tag]));
    assert_eq!(repo.git(&["tag"]), "a-v0.2.0");
    assert_eq!(repo.git(&["log", "-1", "--format=%s"]), "feat: begin");
}
