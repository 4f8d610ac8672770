//! `relman tag`: tags for versions that HEAD holds already.

use crate::support::repo::Repo;

/// Two packages that were released, of which `a` has a change and was released again without a tag, on a branch.
fn released_on_a_branch() -> Repo {
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[packages.a]\nmanifests = [\"a/VERSION\"]\npath = \"a\"\n[packages.b]\nmanifests = [\"b/VERSION\"]\npath = \"b\"\n\
             [changelog]\nsources = [\"commits\"]\n",
        ),
        ("a/VERSION", "1.0.0\n"),
        ("b/VERSION", "1.0.0\n"),
    ]);
    repo.git(&["tag", "a-v1.0.0"]);
    repo.git(&["tag", "b-v1.0.0"]);
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write("a/x", "x");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "feat: more"]);
    repo.relman(&["bump", "-p", "a", "auto", "--no-tag", "-y"]).exits(0);
    repo
}

/// Brings the branch to main in one of the ways of forges.
fn bring(repo: &Repo, way: &str) {
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "chore: meanwhile"]);
    match way {
        "merged" => drop(repo.git(&["merge", "-q", "--no-ff", "-m", "Merge topic", "topic"])),
        "squashed" => {
            repo.git(&["merge", "-q", "--squash", "topic"]);
            let message = repo.git(&["log", "--format=* %B", "--reverse", "main..topic"]);
            let message = format!("Release (#7)\n\n{message}\n\n---------\n\nCo-authored-by: T <t@example.invalid>");
            repo.git(&["commit", "-qm", &message]);
        }
        _ => {
            repo.git(&["rebase", "-q", "main", "topic"]);
            repo.git(&["checkout", "-q", "main"]);
            repo.git(&["merge", "-q", "--ff-only", "topic"]);
        }
    }
}

#[test]
fn a_release_commit_that_was_merged_squashed_or_rebased_is_tagged() {
    for way in ["merged", "squashed", "rebased"] {
        let repo = released_on_a_branch();
        bring(&repo, way);
        let status = repo.idle(&["status"]);
        status.exits(0).says(&["1.1.0 not tagged: `relman tag`"]);
        repo.idle(&["bump", "--all", "auto", "-n"]).exits(5);
        // The section that relman wrote is no reason against the version that it is about.
        repo.idle(&["bump", "-p", "a=1.1.0", "-n"]).exits(0);
        let plan = repo.idle(&["tag", "-n", "--json"]);
        assert_eq!(plan.exits(0).tags(), ["a-v1.1.0"], "{way}");
        assert_eq!(plan.json()["files"].as_array().map(Vec::len), Some(0), "{way}");
        let notes = &plan.json()["release-notes"][0];
        assert_eq!((notes["tag"].as_str(), notes["version"].as_str()), (Some("a-v1.1.0"), Some("1.1.0")), "{way}");
        let shown = repo.idle(&["changelog", "show", "a-v1.1.0"]).exits(0).out.clone();
        assert_eq!(notes["body"].as_str(), Some(shown.as_str()), "{way}");
        repo.idle(&["tag"]).exits(4);
        let head = repo.git(&["rev-parse", "HEAD"]);
        repo.relman(&["tag", "-y"]).exits(0);
        assert_eq!(repo.git(&["rev-parse", "a-v1.1.0^{commit}"]), head, "{way}");
        assert_eq!(repo.git(&["cat-file", "-t", "a-v1.1.0"]), "tag", "{way}");
        assert_eq!(repo.git(&["rev-parse", "HEAD"]), head, "{way}");
        repo.idle(&["tag", "-y"]).exits(0).says(&["nothing to tag"]);
        repo.idle(&["tag", "a", "-y"]).exits(0).says(&["`a` 1.1.0 is tagged already: a-v1.1.0"]);
    }
}

#[test]
fn a_package_that_is_named_is_tagged_whoever_wrote_its_version() {
    let repo = released_on_a_branch();
    repo.write("b/VERSION", "1.2.0\n");
    repo.git(&["commit", "-qam", "chore: a version by hand"]);
    repo.idle(&["status"]).says(&["1.2.0 not tagged: `relman tag b`"]);
    let plan = repo.idle(&["tag", "-n", "--json"]);
    assert_eq!(plan.tags(), ["a-v1.1.0"]);
    assert_eq!(repo.idle(&["tag", "b", "-n", "--json"]).exits(0).tags(), ["b-v1.2.0"]);
    repo.commit(&[("b/VERSION", "0.9.0\n")]);
    assert_eq!(repo.idle(&["tag", "b", "-n", "--json"]).exits(4).refusals(), ["not-higher"]);
    repo.write("a/VERSION", "1.1.5\n");
    assert_eq!(repo.idle(&["tag", "a", "-n", "--json"]).exits(4).refusals(), ["dirty"]);
    repo.idle(&["tag", "c"]).exits(2);
}

#[test]
fn changes_after_the_release_commit_are_named() {
    let repo = released_on_a_branch();
    repo.commit(&[("a/y", "y")]);
    repo.idle(&["tag", "-n"]).exits(0).says(&["`a`: 1 commit after", "would be included in the tag"]);
}
