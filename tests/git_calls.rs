//! How git is called: nothing of the repository, its settings or the user's changes what a call means, and a call that reads runs nothing.

use crate::support::repo::Repo;

const CONFIG: &str = "[workspace]\nmembers = [\"packages/*\"]\n\n[packages.a]\npath = \"packages/a\"\nchangelog = \"packages/a/CHANGELOG.md\"\n";

/// A repository with two packages, one of which has a changelog and a fragment.
fn repo() -> Repo {
    Repo::with(&[
        ("relman.toml", CONFIG),
        ("packages/a/package.json", "{\n  \"name\": \"a\",\n  \"version\": \"0.1.0\"\n}\n"),
        ("packages/a/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n"),
        ("packages/a/changelog.d/one.added.md", "- one thing\n"),
        ("packages/b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
        ("other.txt", "hello\n"),
    ])
}

#[test]
fn a_revision_is_never_taken_for_a_path() {
    let repo = repo();
    repo.git(&["branch", "start"]);
    repo.commit(&[("HEAD", "x\n"), ("--", "x\n"), ("start", "x\n")]);
    repo.write(&repo.git(&["rev-parse", "HEAD"]), "named like the commit\n");
    for args in
        [&["status"][..], &["check"], &["changelog", "check", "--since", "start"], &["plan", "-p", "a", "patch"]]
    {
        repo.idle(args).exits(0);
    }
    repo.relman(&["bump", "-p", "a", "patch", "-y"]).exits(0);
    repo.idle(&["changelog", "check", "--since", "start"]).exits(0);
    assert_eq!(repo.tags(), ["a-v0.1.1"]);
}
