//! The branch that goes out with tags: as far as what is released reaches, and not further.

use std::path::PathBuf;

use crate::support::repo::Repo;

const CONFIG: &str = "\
[workspace]
[packages.app]
tag-prefix = \"v\"
paths = [\"**\"]
manifests = [\"VERSION\"]
[packages.app.changelog]
path = \"CHANGELOG.md\"
sources = [\"commits\"]
";

const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- old\n";

/// A repository whose main follows that of a server, with 0.1.1 released here and a commit after it.
struct Ahead {
    repo: Repo,
    server: PathBuf,
}

impl Ahead {
    fn new() -> Self {
        let repo = Repo::with(&[("relman.toml", CONFIG), ("VERSION", "0.1.0\n"), ("CHANGELOG.md", CHANGELOG)]);
        let server = repo.outside().join("server.git");
        repo.git(&["init", "-q", "--bare", "-b", "main", server.to_str().unwrap()]);
        repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
        repo.git(&["tag", "-a", "v0.1.0", "-m", "v0.1.0"]);
        repo.git(&["push", "-q", "-u", "origin", "main", "v0.1.0"]);
        repo.commit(&[("thing", "x\n")]);
        repo.relman(&["bump", "patch", "-y"]).exits(0);
        repo.commit(&[("later", "y\n")]);
        Self { repo, server }
    }

    fn there(&self, name: &str) -> String {
        self.repo.git_in(&self.server, &["rev-parse", &format!("{name}^{{commit}}")]).trim().to_owned()
    }

    /// Somebody else's commit is on main there.
    fn others_push(&self) {
        let other = self.repo.outside().join("other");
        self.repo.git(&["clone", "-q", self.server.to_str().unwrap(), other.to_str().unwrap()]);
        self.repo.git_in(&other, &["commit", "-q", "--allow-empty", "-m", "theirs"]);
        self.repo.git_in(&other, &["push", "-q"]);
    }

    fn here(&self, name: &str) -> String {
        self.repo.git(&["rev-parse", &format!("{name}^{{commit}}")]).trim().to_owned()
    }
}

#[test]
fn the_branch_goes_out_up_to_the_released_commit() {
    let ahead = Ahead::new();
    let dry = ahead.repo.idle(&["release", "-n"]);
    dry.exits(0).says(&[&format!("origin main (up to {}) v0.1.1", &ahead.here("v0.1.1")[..9]), "1 later commit"]);
    ahead.repo.relman(&["release", "-y"]).exits(0);
    assert_eq!((ahead.there("v0.1.1"), ahead.there("main")), (ahead.here("v0.1.1"), ahead.here("v0.1.1")));
    ahead.repo.relman(&["release", "-y"]).exits(0).says(&["nothing to release"]);
    ahead.repo.relman(&["release", "v0.1.1", "-y"]).exits(0).says(&["is out already"]);
}

#[test]
fn a_tag_that_went_out_alone_is_followed_by_its_branch() {
    for words in [&["release", "-y"][..], &["release", "v0.1.1", "-y"]] {
        let ahead = Ahead::new();
        ahead.repo.git(&["push", "-q", "origin", "v0.1.1"]);
        ahead.repo.relman(words).exits(0);
        assert_eq!(ahead.there("main"), ahead.here("v0.1.1"), "{words:?}");
    }
}

#[test]
fn a_merge_of_what_the_remote_has_goes_out_with_the_release_under_it() {
    let ahead = Ahead::new();
    ahead.others_push();
    ahead.repo.git(&["pull", "-q", "--no-rebase"]);
    ahead.repo.relman(&["release", "-y"]).exits(0);
    assert_eq!((ahead.there("v0.1.1"), ahead.there("main")), (ahead.here("v0.1.1"), ahead.here("HEAD")));
}

#[test]
fn another_branch_and_a_detached_head_are_not_pushed_for_a_tag_that_the_remote_has_elsewhere() {
    let ahead = Ahead::new();
    ahead.repo.git(&["push", "-q", "origin", "v0.1.1^{}:refs/heads/main"]);
    ahead.repo.git(&["switch", "-q", "-c", "topic"]);
    ahead.repo.relman(&["release", "-y"]).exits(0);
    assert_eq!(ahead.there("v0.1.1"), ahead.here("v0.1.1"));
    assert_eq!(ahead.repo.git_in(&ahead.server, &["branch", "--list", "topic"]), "");

    let ahead = Ahead::new();
    ahead.repo.git(&["switch", "-q", "--detach"]);
    ahead.repo.relman(&["release", "-y"]).exits(0);
    assert_eq!((ahead.there("v0.1.1"), ahead.there("main")), (ahead.here("v0.1.1"), ahead.here("v0.1.0")));
}

#[test]
fn a_release_that_the_remote_does_not_take_is_taken_back_by_what_the_help_says() {
    let ahead = Ahead::new();
    ahead.others_push();
    let (short, base) = (ahead.here("v0.1.1")[..9].to_owned(), ahead.here("v0.1.1^"));
    let drop = format!("git rebase --onto {short}^ {short}");
    ahead.repo.relman(&["release", "-y"]).exits(1).says(&["`git tag -d v0.1.1`", &drop, "`git pull --rebase`"]);
    ahead.repo.git(&["tag", "-d", "v0.1.1"]);
    ahead.repo.git(&["reset", "-q", "--hard", "HEAD^"]);
    ahead.repo.git(&["tag", "-a", "v0.1.1", "-m", "x"]);
    let reset = format!("git reset --keep {short}^");
    ahead.repo.relman(&["release", "-y"]).exits(1).says(&["`git tag -d v0.1.1`", &reset]);
    ahead.repo.git(&["tag", "-d", "v0.1.1"]);
    ahead.repo.git(&["reset", "-q", "--keep", &format!("{short}^")]);
    assert_eq!(ahead.here("HEAD"), base);
    ahead.repo.git(&["pull", "-q", "--rebase"]);
    ahead.repo.relman(&["release", "patch", "-y"]).exits(0);
    assert_eq!((ahead.there("v0.1.1"), ahead.there("main")), (ahead.here("HEAD"), ahead.here("HEAD")));
}

#[test]
fn a_tag_that_a_rebase_left_behind_is_not_pushed() {
    let ahead = Ahead::new();
    ahead.others_push();
    ahead.repo.git(&["pull", "-q", "--rebase"]);
    for words in [&["release", "-y", "--json"][..], &["release", "v0.1.1", "-n", "--json"]] {
        let ran = ahead.repo.idle(words);
        assert_eq!(ran.exits(4).refusals(), ["tag-exists"]);
        ran.says(&["a copy of that release commit", "git tag -d v0.1.1"]);
    }
    ahead.repo.git(&["tag", "-d", "v0.1.1"]);
    ahead.repo.relman(&["release", "-y"]).exits(0);
    assert_eq!((ahead.there("v0.1.1"), ahead.there("main")), (ahead.here("v0.1.1"), ahead.here("HEAD")));
}

#[test]
fn another_tag_that_head_does_not_reach_goes_out_as_ever() {
    let ahead = Ahead::new();
    ahead.repo.git(&["switch", "-q", "--detach", "v0.1.0"]);
    ahead.repo.commit(&[("VERSION", "0.1.2\n")]);
    ahead.repo.git(&["tag", "v0.1.2"]);
    ahead.repo.git(&["switch", "-q", "main"]);
    ahead.repo.relman(&["release", "-y", "--skip-gate", "section"]).exits(0);
    assert_eq!(ahead.there("v0.1.2"), ahead.here("v0.1.2"));
}

#[test]
fn a_dry_run_takes_for_sent_what_was_not_made_here_and_says_what_it_guesses() {
    let ahead = Ahead::new();
    ahead.repo.git(&["push", "-q", "origin", "v0.1.0^{}:refs/heads/old"]);
    // A release of an older line, on a branch that is not here, and one on no branch at all.
    let other = ahead.repo.outside().join("other");
    ahead.repo.git(&["clone", "-q", ahead.server.to_str().unwrap(), other.to_str().unwrap()]);
    for (tag, branch) in [("v0.0.1", "refs/heads/old"), ("v0.0.2", "refs/tags/v0.0.2")] {
        ahead.repo.git_in(&other, &["commit", "-q", "--allow-empty", "-m", tag]);
        ahead.repo.git_in(&other, &["tag", tag]);
        ahead.repo.git_in(&other, &["push", "-q", "origin", &format!("HEAD:{branch}")]);
        ahead.repo.git_in(&other, &["push", "-q", "origin", tag]);
    }
    ahead.repo.git(&["fetch", "-q", "--tags"]);
    let tags = |words: &[&str]| ahead.repo.idle(words).exits(0).json()["outward"][0]["tags"].to_string();
    assert_eq!(tags(&["release", "-n", "--json"]), "[\"v0.1.1\"]");
    assert_eq!(tags(&["release", "-n", "--gates", "--json"]), "[\"v0.1.1\"]");
    ahead.repo.idle(&["release", "-n"]).exits(0).says(&["origin was not asked"]);
    ahead.repo.relman(&["release", "-y"]).exits(0);
    ahead.repo.idle(&["release", "-n"]).exits(0).says(&["nothing to release", "origin was not asked"]);
}

#[test]
fn a_version_that_is_released_by_its_name_only_is_named() {
    let bare = CONFIG.split("[packages.app.changelog]").next().unwrap();
    let repo = Repo::with(&[("relman.toml", bare), ("VERSION", "0.1.0\n")]);
    let server = repo.outside().join("server.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", server.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
    repo.git(&["tag", "v0.1.0"]);
    repo.git(&["push", "-q", "-u", "origin", "main", "v0.1.0"]);
    repo.relman(&["bump", "minor", "--no-tag", "-y"]).exits(0);
    let ran = repo.relman(&["release", "-y"]);
    ran.exits(0).says(&["app 0.2.0 has no tag", "`relman tag app`", "`relman release v0.2.0`", "nothing to release"]);
    repo.relman(&["release", "v0.2.0", "-y"]).exits(0);
    let ran = repo.relman(&["release", "-y"]);
    assert!(!ran.exits(0).err.contains("has no tag"), "{}", ran.err);
}

#[test]
fn a_remote_that_does_not_exist_is_named_with_those_that_do() {
    let ahead = Ahead::new();
    ahead.repo.git(&["remote", "rename", "origin", "upstream"]);
    ahead.repo.git(&["remote", "add", "fork", "nowhere"]);
    ahead.repo.git(&["config", "--unset", "branch.main.remote"]);
    let words = ["the remote `origin` does not exist", "set `remote` in [forge]; the remotes are fork, upstream"];
    ahead.repo.relman(&["release", "-y"]).exits(4).says(&words);
    ahead.repo.idle(&["doctor"]).exits(3).says(&words);
    // A tag whose place could not be looked at is not right.
    ahead.repo.idle(&["verify"]).exits(1).says(&words).says(&["tag:v0.1.1"]);
    ahead.repo.git(&["tag", "-d", "v0.1.0", "v0.1.1"]);
    ahead.repo.idle(&["verify"]).exits(1).says(&words);
    for remote in ["fork", "upstream"] {
        ahead.repo.git(&["remote", "remove", remote]);
    }
    ahead.repo.relman(&["release", "-y"]).exits(4).says(&["`git remote add origin URL`"]);
}
