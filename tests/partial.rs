//! Partial clones: nothing is fetched behind the user's back, and nothing needs to be where the trees are here.

use crate::support::clones::Origin;

fn released() -> Origin {
    let origin = Origin::new(&["a", "b"]);
    origin.tag("a-v1.0.0");
    origin.changes("a", "feat", 3);
    origin.changes("b", "fix", 3);
    origin
}

#[test]
fn without_blobs_nothing_is_missing() {
    let origin = released();
    let clone = origin.clone(&["--filter=blob:none"]);
    origin.vanish();
    let status = clone.idle(&["status", "--json"]);
    let packages = &status.exits(0).json()["packages"];
    assert_eq!((&packages[0]["commits"], &packages[0]["next"]), (&3.into(), &"1.1.0".into()));
    assert_eq!((&packages[1]["commits"], &packages[1]["next"]), (&4.into(), &"1.0.0".into()));
    clone.idle(&["bump", "--all", "auto", "-n"]).exits(0).says(&["1.1.0"]);
    clone.idle(&["check"]).exits(0);
    clone.relman(&["bump", "--all", "auto", "-y"]).exits(0);
    clone.idle(&["bump", "--all", "auto", "-y"]).exits(5);
}

#[test]
fn a_manifest_whose_bytes_are_not_here_is_still_there() {
    let origin = released();
    // With the cone of `a` alone, b's manifest is neither in the work tree nor among the objects.
    let clone = origin.clone(&["--filter=blob:none", "--no-checkout"]);
    clone.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/b/"]);
    clone.git(&["checkout", "-q", "main"]);
    std::fs::create_dir(clone.folder.join("b")).unwrap();
    let text = "{ \"name\": \"b\", \"version\": \"1.0.0\", \"private\": true }\n";
    std::fs::write(clone.folder.join("b/package.json"), text).unwrap();
    origin.vanish();
    let status = clone.relman(&["status", "b", "--json"]);
    assert_eq!(status.exits(0).json()["packages"][0]["commits"], 4);
}

#[test]
fn without_trees_the_remedy_is_told() {
    let origin = released();
    let clone = origin.clone(&["--filter=tree:0"]);
    let gone = origin.repo.outside().join("gone");
    origin.vanish();
    for args in [&["status"][..], &["bump", "--all", "auto", "-n"], &["status", "--fetch"]] {
        let ran = clone.idle(args);
        ran.exits(2).says(&["partial clone", "git fetch --refetch --filter=blob:none origin", "filter: blob:none"]);
        assert!(!ran.err.contains("unable to read"), "{}", ran.err);
    }
    clone.idle(&["status", "--no-history"]).exits(0);
    clone.idle(&["bump", "-p", "a", "minor", "-n"]).exits(0);
    // The remedy is one.
    clone.git(&["remote", "set-url", "origin", &format!("file://{}", gone.display())]);
    clone.git(&["fetch", "-q", "--refetch", "--filter=blob:none", "origin"]);
    std::fs::rename(&gone, origin.repo.outside().join("further")).unwrap();
    clone.idle(&["status"]).exits(0).says(&["1.1.0"]);
}

#[test]
fn a_shallow_clone_without_blobs_is_deepened_without_blobs() {
    let origin = released();
    let clone = origin.clone(&["--filter=blob:none", "--depth", "1"]);
    clone.idle(&["status", "a"]).exits(2).says(&["shallow"]);
    clone.relman(&["status", "a", "--fetch"]).exits(0).says(&["1.1.0"]);
    let missing = clone.git(&["rev-list", "--objects", "--missing=print", "HEAD"]);
    assert!(missing.lines().any(|line| line.starts_with('?')), "blobs came along:\n{missing}");
    origin.vanish();
    clone.idle(&["status", "a"]).exits(0);
}

#[test]
fn fragments_of_the_last_release_need_no_blobs() {
    let origin = Origin::new(&["a"]);
    let config = "[workspace]\nmembers = [\"a\"]\n[changelog]\n";
    let (kept, edited) = ("a/changelog.d/kept.fixed.md", "a/changelog.d/edited.added.md");
    origin.repo.commit(&[("relman.toml", config), (kept, "- One.\n"), (edited, "- Two.\n")]);
    origin.tag("a-v1.0.0");
    for (text, fragments) in [("- Two.\n", 0), ("- Three.\n", 1)] {
        origin.repo.write(edited, text);
        origin.repo.git(&["commit", "-q", "-a", "--allow-empty", "-m", "docs: words"]);
        let clone = origin.clone(&["--filter=blob:none"]);
        clone.git(&["remote", "set-url", "origin", "file:///none"]);
        let status = clone.idle(&["status", "--json"]);
        assert_eq!(status.exits(0).json()["packages"][0]["fragments"], fragments, "{text}");
        std::fs::remove_dir_all(&clone.folder).unwrap();
    }
}
