//! `--fetch`: the history that is missing comes from the remote, and little more.

use crate::support::clones::{Clone, Origin, manifest};

/// So many changes of `a` before its tag, and behind it.
fn linear(before: usize, since: usize) -> Origin {
    let origin = Origin::new(&["a"]);
    origin.changes("a", "fix", before);
    origin.tag("a-v1.0.0");
    origin.changes("a", "feat", since);
    origin
}

/// Behind a fetch nothing is missing, and the remote is not needed any more.
#[track_caller]
fn suffices(clone: &Clone<'_>, next: &str) {
    clone.origin.vanish();
    clone.idle(&["status"]).exits(0).says(&[next]);
    clone.idle(&["status", "--fetch"]).exits(0).says(&[next]);
    clone.idle(&["bump", "--all", "auto", "-n", "--fetch"]).exits(0).says(&[next]);
    clone.git(&["fsck", "--connectivity-only"]);
}

#[test]
fn no_more_comes_than_is_needed() {
    let origin = linear(179, 20);
    let clone = origin.clone(&["--depth", "1"]);
    let ran = clone.relman(&["status", "--fetch"]);
    ran.exits(0).says(&["1.1.0", "a-v1.0.0", "fetching 8 commits more from origin"]);
    assert_eq!((clone.commits(), clone.tags()), (25, vec!["a-v1.0.0".to_owned()]));
    suffices(&clone, "1.1.0");
}

#[test]
fn every_command_that_hangs_on_history_fetches() {
    let origin = linear(10, 3);
    for args in [
        &["bump", "auto", "-n", "--fetch"][..],
        &["bump", "-p", "a", "auto", "-y", "--fetch"],
        &["bump", "--all", "minor", "-n", "--fetch"],
        &["plan", "auto", "--fetch"],
        &["status", "--explain", "--fetch"],
        &["status", "a", "--format", "{next}", "--fetch"],
    ] {
        let clone = origin.clone(&["--depth", "1", "--no-tags"]);
        clone.relman(args).exits(0).says(&["1.1.0"]);
        assert_eq!((clone.tags().contains(&"a-v1.0.0".to_owned()), clone.commits() <= 10), (true, true), "{args:?}");
    }
}

#[test]
fn a_tag_alone_is_fetched_alone() {
    let origin = linear(10, 3);
    let clone = origin.clone(&["--depth", "6", "--no-tags"]);
    clone.relman(&["status", "--fetch"]).exits(0).says(&["1.1.0", "fetching the tag a-v1.0.0 from origin"]);
    assert_eq!(clone.commits(), 6);
    suffices(&clone, "1.1.0");
}

#[test]
fn nothing_is_asked_where_nothing_is_missing() {
    let origin = linear(10, 3);
    let clone = origin.clone(&["--depth", "5"]);
    suffices(&clone, "1.1.0");
}

#[test]
fn a_remote_that_does_not_answer() {
    let origin = linear(10, 3);
    let clone = origin.clone(&["--depth", "1"]);
    origin.vanish();
    for args in [&["status", "--fetch"][..], &["bump", "auto", "-y", "--fetch"]] {
        clone.idle(args).exits(1).says(&["git ls-remote", "does not appear to be a git repository"]);
    }
    clone.git(&["remote", "remove", "origin"]);
    clone.idle(&["status", "--fetch"]).exits(2).says(&["no remote to fetch", "fetch-depth: 0"]);
}

#[test]
fn the_tag_of_another_branch_is_not_followed() {
    let origin = linear(30, 10);
    origin.repo.git(&["checkout", "-q", "-b", "next", "HEAD~2"]);
    origin.changes("a", "perf", 2);
    origin.repo.git(&["checkout", "-q", "main"]);
    origin.repo.commit(&[("a/package.json", &manifest("a", "1.5.0"))]);
    // One not above the manifest, and one above it.
    origin.repo.git(&["tag", "a-v1.4.0", "next"]);
    origin.repo.git(&["tag", "a-v2.0.0", "next"]);
    let clone = origin.clone(&["--depth", "1"]);
    clone.relman(&["status", "--fetch"]).exits(0).says(&["a-v1.0.0", "1.6.0"]);
    assert_eq!((clone.commits(), clone.tags()), (25, vec!["a-v1.0.0".to_owned()]));
    suffices(&clone, "1.6.0");
}

#[test]
fn a_side_branch_that_is_older_than_the_tag() {
    let origin = Origin::new(&["a"]);
    origin.changes("a", "fix", 100);
    origin.repo.git(&["branch", "side"]);
    origin.changes("a", "fix", 5);
    origin.tag("a-v1.0.0");
    origin.repo.git(&["checkout", "-q", "side"]);
    for n in 0..5 {
        origin.repo.commit(&[(&format!("a/side{n}"), "")]);
    }
    origin.repo.git(&["checkout", "-q", "main"]);
    origin.repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    origin.changes("a", "fix", 5);
    let clone = origin.clone(&["--depth", "1"]);
    clone.relman(&["status", "--fetch"]).exits(0).says(&["1.1.0"]);
    assert!(clone.commits() < 60, "{}", clone.commits());
    suffices(&clone, "1.1.0");
}

#[test]
fn several_packages_get_what_the_oldest_tag_needs() {
    let names = ["a", "b", "c", "d"];
    let origin = Origin::new(&names);
    origin.changes("a", "fix", 50);
    for name in names {
        origin.tag(&format!("{name}-v1.0.0"));
        origin.changes(name, "feat", 5);
    }
    let clone = origin.clone(&["--depth", "1"]);
    // For one of them its own tag does.
    clone.relman(&["status", "c", "--fetch"]).exits(0).says(&["1.1.0"]);
    assert_eq!(clone.commits(), 25);
    clone.relman(&["status", "--fetch"]).exits(0);
    assert_eq!((clone.commits(), clone.tags().len()), (25, 4));
    suffices(&clone, "1.1.0");
}

#[test]
fn a_package_that_has_no_tag_anywhere() {
    let origin = linear(100, 2);
    origin.repo.commit(&[("relman.toml", "[workspace]\nmembers = [\"a\", \"late\"]\n")]);
    origin.repo.commit(&[("late/package.json", &manifest("late", "0.3.0"))]);
    origin.changes("late", "feat", 2);
    let clone = origin.clone(&["--depth", "1"]);
    let ran = clone.relman(&["status", "--json", "--fetch"]);
    let late = ran.exits(0).json()["packages"][1].clone();
    assert_eq!((&late["tag"], &late["next"]), (&serde_json::Value::Null, &"0.3.0".into()));
    assert!(clone.commits() < 40, "{}", clone.commits());
    // Only the remote knows that there is no tag.
    clone.idle(&["status", "late"]).exits(2);
    clone.idle(&["bump", "-p", "late", "auto", "-n", "--fetch"]).exits(0).says(&["0.3.0"]);
    clone.idle(&["bump", "-p", "late", "minor", "-n", "--fetch"]).exits(0).says(&["0.4.0"]);
}

#[test]
fn commits_that_were_not_pushed_and_a_detached_head() {
    let origin = linear(30, 5);
    let clone = origin.clone(&["--depth", "1"]);
    clone.git(&["commit", "-q", "--allow-empty", "-m", "fix: mine"]);
    clone.git(&["checkout", "-q", "--detach"]);
    // Meanwhile the branch goes on.
    origin.changes("a", "feat", 5);
    clone.relman(&["status", "--fetch"]).exits(0).says(&["1.1.0"]);
    assert_eq!(clone.commits(), 10);
    origin.vanish();
    clone.idle(&["status", "--fetch"]).exits(0).says(&["1.1.0"]);
}

#[test]
fn a_remote_that_gives_branches_only() {
    let origin = linear(30, 5);
    let clone = origin.clone(&["--depth", "1"]);
    clone.git(&["config", "protocol.version", "0"]);
    origin.changes("a", "feat", 2);
    let before = clone.git(&["rev-parse", "origin/main"]);
    clone.relman(&["status", "--fetch"]).exits(0).says(&["1.1.0"]);
    assert_eq!((clone.commits(), clone.git(&["rev-parse", "origin/main"])), (9, before));
    suffices(&clone, "1.1.0");
}

#[test]
fn a_linked_worktree_fetches_for_all() {
    let origin = linear(30, 5);
    let mut clone = origin.clone(&["--depth", "1"]);
    clone.git(&["worktree", "add", "-q", "-b", "other", "../linked"]);
    let main = std::mem::replace(&mut clone.folder, origin.repo.outside().join("linked"));
    clone.relman(&["status", "--fetch"]).exits(0).says(&["1.1.0"]);
    assert_eq!(clone.commits(), 9);
    clone.folder = main;
    suffices(&clone, "1.1.0");
}

#[test]
fn the_user_s_settings_do_not_make_it_fetch_more() {
    let origin = linear(30, 5);
    origin.repo.git(&["branch", "other", "HEAD~20"]);
    let clone = origin.clone(&["--depth", "1"]);
    for (key, value) in [("fetch.prune", "true"), ("fetch.pruneTags", "true"), ("remote.origin.tagOpt", "--tags")] {
        clone.git(&["config", key, value]);
    }
    clone.git(&["tag", "mine"]);
    clone.relman(&["status", "--fetch"]).exits(0).says(&["1.1.0"]);
    assert_eq!((clone.commits(), clone.tags()), (9, vec!["a-v1.0.0".to_owned(), "mine".to_owned()]));
}

#[test]
fn all_of_the_history_without_its_tags_is_no_first_release() {
    for since in [3, 9, 30] {
        let origin = linear(0, since);
        let clone = origin.clone(&["--depth", "1", "--no-tags"]);
        clone.relman(&["status", "--fetch"]).exits(0).says(&["a-v1.0.0", "1.1.0"]);
        suffices(&clone, "1.1.0");
    }
}
