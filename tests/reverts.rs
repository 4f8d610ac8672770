//! Commits and the reverts of them since the last tag, made by `git revert` itself.

use crate::support::repo::Repo;

fn repo() -> Repo {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\npath = \".\"\ntag = \"v{version}\"\n"),
        ("package.json", "{\"name\":\"a\",\"version\":\"1.0.0\"}\n"),
    ]);
    repo.git(&["tag", "v1.0.0"]);
    repo
}

fn commit(repo: &Repo, file: &str, message: &str) {
    repo.write(file, file);
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", message]);
}

fn next(repo: &Repo) -> String {
    repo.idle(&["status", "--format", "{commits} {next}"]).exits(0).out.trim().to_owned()
}

#[test]
fn a_commit_and_its_revert_cancel_each_other() {
    let repo = repo();
    commit(&repo, "x", "feat!: drop the old ferry");
    assert_eq!(next(&repo), "1 2.0.0");
    repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(next(&repo), "2");
    repo.idle(&["status", "--explain"]).says(&["reverted since", "reverts an unreleased change"]);
    repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(next(&repo), "3 2.0.0");
    repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(next(&repo), "4");
    commit(&repo, "y", "fix: a leak");
    assert_eq!(next(&repo), "5 1.0.1");
}

#[test]
fn a_revert_of_what_was_released_is_a_change() {
    let repo = repo();
    commit(&repo, "x", "feat: a ferry");
    repo.git(&["tag", "v1.0.0-rc.1"]);
    repo.git(&["tag", "-f", "v1.0.0"]);
    repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(next(&repo), "1 1.0.1");
}

#[test]
fn a_revert_of_a_merge_takes_back_what_it_brought() {
    let repo = repo();
    repo.git(&["checkout", "-q", "-b", "topic"]);
    commit(&repo, "x", "feat!: drop the old ferry");
    commit(&repo, "y", "fix: a leak");
    repo.git(&["checkout", "-q", "main"]);
    commit(&repo, "z", "docs: the harbour");
    repo.git(&["merge", "-q", "--no-ff", "-m", "Merge topic", "topic"]);
    assert_eq!(next(&repo), "3 2.0.0");
    repo.git(&["revert", "--no-edit", "-m", "1", "HEAD"]);
    assert_eq!(next(&repo), "4");
    repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(next(&repo), "5 2.0.0");
}
