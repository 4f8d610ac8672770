//! Shallow clones: what is missing is told and never guessed, and what is there suffices where it does.

use crate::support::clones::{Origin, manifest};

/// What every error about missing history says: the lines to add, word by word.
const REMEDIES: [&str; 5] =
    ["shallow", "fetch-depth: 0\n", "GIT_DEPTH: 0\n", "git fetch --unshallow --tags\n", "--fetch"];

/// A package `a` that was released, with three changes since: HEAD~3 is the tag's commit.
fn three_since() -> Origin {
    let origin = Origin::new(&["a"]);
    origin.changes("a", "fix", 3);
    origin.tag("a-v1.0.0");
    origin.changes("a", "fix", 3);
    origin
}

#[test]
fn a_depth_that_reaches_the_tag_or_does_not() {
    let origin = three_since();
    for (depth, is_enough) in [("1", false), ("3", false), ("4", true), ("5", true), ("7", true)] {
        let clone = origin.clone(&["--depth", depth]);
        let (status, bump) = (clone.idle(&["status"]), clone.idle(&["bump", "--all", "auto", "-n", "--json"]));
        if is_enough {
            status.exits(0).says(&["a-v1.0.0", "1.0.1"]);
            assert_eq!(bump.exits(0).bumps(), ["a 1.0.0 1.0.1"], "{depth}");
        } else {
            status.exits(2).says(&REMEDIES).says(&["lacks the last tag, if any, of a\n"]);
            bump.exits(2).says(&REMEDIES).says(&["of a\n"]);
        }
        clone.idle(&["status", "--no-history"]).exits(0);
        clone.idle(&["check"]).exits(0);
    }
}

#[test]
fn tags_that_were_left_out_are_no_first_release() {
    // As by actions/checkout with a depth: all of the history since the package came, and no tag.
    let origin = three_since();
    let clone = origin.clone(&["--depth", "6", "--single-branch", "--no-tags"]);
    clone.idle(&["status"]).exits(2).says(&REMEDIES);
    clone.idle(&["bump", "auto", "-n"]).exits(2).says(&REMEDIES);
    clone.idle(&["bump", "minor", "-n"]).exits(2).says(&REMEDIES).says(&["last tag", "of a\n"]);
    // Even where the manifest was added within the depth.
    let origin = Origin::new(&["a"]);
    origin.repo.commit(&[("relman.toml", "[workspace]\nmembers = [\"a\", \"late\"]\n")]);
    origin.tag("a-v1.0.0");
    origin.repo.commit(&[("late/package.json", &manifest("late", "0.3.0"))]);
    origin.tag("late-v0.3.0");
    origin.changes("late", "fix", 1);
    let clone = origin.clone(&["--depth", "3", "--no-tags"]);
    clone.git(&["fetch", "-q", "--no-tags", "origin", "refs/tags/a-v1.0.0:refs/tags/a-v1.0.0"]);
    clone.idle(&["status", "a"]).exits(0);
    clone.idle(&["status", "late"]).exits(2).says(&["if any, of late\n"]);
    clone.idle(&["bump", "-p", "late", "auto", "-n"]).exits(2).says(&REMEDIES);
}

#[test]
fn tags_that_are_there_but_not_connected() {
    let origin = three_since();
    let clone = origin.clone(&["--depth", "2", "--no-tags"]);
    clone.git(&["fetch", "-q", "--depth", "1", "origin", "refs/tags/a-v1.0.0:refs/tags/a-v1.0.0"]);
    assert_eq!((clone.tags(), clone.commits()), (vec!["a-v1.0.0".to_owned()], 2));
    clone.idle(&["status"]).exits(2).says(&REMEDIES).says(&["of a\n"]);
    clone.idle(&["bump", "auto", "-n"]).exits(2).says(&REMEDIES);
    clone.idle(&["bump", "patch", "-n"]).exits(2).says(&REMEDIES);
    clone.git(&["fetch", "-q", "--deepen=2", "origin"]);
    clone.idle(&["status"]).exits(0).says(&["1.0.1"]);
}

#[test]
fn a_renamed_package_is_not_a_new_one() {
    // The commit that adds the manifest lies within the depth, the tag does not.
    let origin = Origin::new(&["a"]);
    origin.tag("a-v1.0.0");
    origin.changes("a", "feat", 2);
    origin.repo.git(&["mv", "a", "moved"]);
    origin.repo.commit(&[("relman.toml", "[workspace]\nmembers = [\"moved\"]\n")]);
    let clone = origin.clone(&["--depth", "2"]);
    clone.git(&["fetch", "-q", "--depth", "1", "origin", "refs/tags/a-v1.0.0:refs/tags/a-v1.0.0"]);
    clone.idle(&["status"]).exits(2).says(&REMEDIES);
    clone.idle(&["bump", "auto", "-n"]).exits(2).says(&REMEDIES);
}

#[test]
fn a_border_on_a_side_branch() {
    let origin = Origin::new(&["a"]);
    origin.changes("a", "fix", 2);
    origin.repo.git(&["branch", "side", "HEAD~1"]);
    origin.tag("a-v1.0.0");
    origin.repo.git(&["checkout", "-q", "side"]);
    for n in 0..5 {
        origin.repo.commit(&[(&format!("a/side{n}"), "")]);
    }
    origin.repo.git(&["checkout", "-q", "main"]);
    origin.repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    // The merge and the tag's commit are there; of the side branch's five commits one is.
    let clone = origin.clone(&["--depth", "2"]);
    assert_eq!((clone.tags().len(), clone.commits()), (1, 3));
    clone.idle(&["status"]).exits(2).says(&REMEDIES).says(&["history since the last tag of a\n"]);
    clone.idle(&["bump", "auto", "-n"]).exits(2).says(&REMEDIES);
    // What is asked for in so many words needs the tag alone.
    clone.idle(&["bump", "minor", "-n"]).exits(0).says(&["1.1.0"]);
    // A depth at which the branches meet.
    clone.git(&["fetch", "-q", "--depth", "8", "origin"]);
    clone.idle(&["status"]).exits(0).says(&["1.1.0"]);
}

#[test]
fn enough_for_one_package_and_not_for_another() {
    let origin = Origin::new(&["a", "b", "c"]);
    origin.tag("b-v1.0.0");
    origin.tag("c-v1.0.0");
    origin.changes("b", "feat", 5);
    origin.tag("a-v1.0.0");
    origin.changes("a", "feat", 2);
    let clone = origin.clone(&["--depth", "4"]);
    clone.idle(&["status"]).exits(2).says(&REMEDIES).says(&["of b, c\n"]);
    let one = clone.idle(&["status", "a", "--json"]);
    assert_eq!(one.exits(0).json()["packages"][0]["next"], "1.1.0");
    assert!(one.err.is_empty(), "{}", one.err);
    clone.idle(&["status", "a", "--explain"]).exits(0).says(&["1.1.0"]);
    clone.idle(&["status", "b"]).exits(2).says(&["of b\n"]);
    assert_eq!(clone.idle(&["bump", "-p", "a", "auto", "-n", "--json"]).exits(0).bumps(), ["a 1.0.0 1.1.0"]);
    clone.idle(&["bump", "-p", "a", "-p", "b", "auto", "-n"]).exits(2).says(&["of b\n"]);
    clone.idle(&["bump", "--all", "auto", "-n"]).exits(2).says(&["of b, c\n"]);
    clone.idle(&["bump", "-p", "a", "minor", "-n"]).exits(0);
    clone.idle(&["bump", "-p", "b", "minor", "-n"]).exits(2).says(&REMEDIES);
    clone.relman(&["bump", "-p", "a", "auto", "-y"]).exits(0);
    clone.idle(&["bump", "-p", "a", "auto", "-y"]).exits(5);
}

#[test]
fn a_member_of_a_fixed_group_needs_the_history_of_all() {
    let origin = Origin::new(&["a", "b"]);
    origin
        .repo
        .commit(&[("relman.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n[groups.suite]\nfixed = [\"a\", \"b\"]\n")]);
    origin.tag("b-v1.0.0");
    origin.changes("b", "feat", 3);
    origin.tag("a-v1.0.0");
    origin.changes("a", "fix", 1);
    let clone = origin.clone(&["--depth", "3"]);
    // Its own history is there, and asks for a patch; the other member's, which is not, asks for more.
    clone.idle(&["bump", "-p", "a", "auto", "-n"]).exits(2).says(&["of b\n"]);
    let status = clone.idle(&["status", "a", "--json"]);
    assert_eq!(
        status.exits(0).says(&["of b\n", "cannot be computed"]).json()["packages"][0]["next"],
        serde_json::Value::Null
    );
}

#[test]
fn a_requirement_on_a_package_without_history() {
    let origin = Origin::new(&["a", "b"]);
    let requires = "{ \"name\": \"a\", \"version\": \"1.0.0\", \"dependencies\": { \"b\": \"1.0.0\" } }\n";
    origin.repo.commit(&[("a/package.json", requires)]);
    origin.tag("b-v1.0.0");
    origin.changes("b", "feat", 3);
    origin.tag("a-v1.0.0");
    let clone = origin.clone(&["--depth", "2"]);
    // A release of b, of which nobody knows, would bring one of a.
    clone.idle(&["status", "a"]).exits(0).says(&["of b\n", "cannot be computed"]);
    clone.idle(&["bump", "-p", "a", "auto", "-n"]).exits(5);
}

#[test]
fn a_linked_worktree_of_a_shallow_clone() {
    for (depth, exit) in [("2", 2), ("4", 0)] {
        let origin = three_since();
        let mut clone = origin.clone(&["--depth", depth]);
        clone.git(&["worktree", "add", "-q", "-b", "other", "../linked"]);
        clone.folder = origin.repo.outside().join("linked");
        clone.idle(&["status"]).exits(exit);
        clone.idle(&["bump", "auto", "-n"]).exits(exit);
    }
}

#[test]
fn a_package_that_was_never_committed_is_new() {
    let origin = three_since();
    let clone = origin.clone(&["--depth", "4"]);
    std::fs::write(clone.folder.join("relman.toml"), "[workspace]\nmembers = [\"a\", \"new\"]\n").unwrap();
    std::fs::create_dir(clone.folder.join("new")).unwrap();
    std::fs::write(clone.folder.join("new/package.json"), manifest("new", "0.1.0")).unwrap();
    clone.idle(&["status"]).exits(0).says(&["new", "0.1.0"]);
}
