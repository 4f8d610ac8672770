//! Sparse checkouts: what git tracks and has not written out is read from the index, and nothing of it is edited.

use crate::support::repo::Repo;

fn manifest(name: &str, version: &str) -> String {
    format!("{{ \"name\": \"{name}\", \"version\": \"{version}\" }}\n")
}

/// Three packages; c requires a.
fn sample(config: &str) -> Repo {
    let c = "{ \"name\": \"c\", \"version\": \"1.0.0\", \"dependencies\": { \"a\": \"1.0.0\" } }\n";
    Repo::with(&[
        ("relman.toml", config),
        ("p/a/package.json", &manifest("a", "1.0.0")),
        ("p/b/package.json", &manifest("b", "1.0.0")),
        ("p/c/package.json", c),
        ("p/b/changelog.d/one.fixed.md", "- A fix.\n"),
        ("p/b/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
    ])
}

const MEMBERS: &str = "[workspace]\nmembers = [\"p/*\"]\n";
const GROUP: &str = "[workspace]\nmembers = [\"p/*\"]\n[groups.g]\nfixed = [\"a\", \"b\"]\n";

/// By folders, by patterns, and by folders with an index that has folders for entries.
const WAYS: [&[&str]; 3] = [
    &["sparse-checkout", "set", "--cone", "p/a"],
    &["sparse-checkout", "set", "--no-cone", "/*", "!/p/*", "/p/a/"],
    &["sparse-checkout", "set", "--cone", "--sparse-index", "p/a"],
];

#[test]
fn a_fixed_group_and_dependents_are_released_whole_or_not_at_all() {
    for way in WAYS {
        let repo = sample(GROUP);
        repo.git(way);
        assert_eq!(repo.read("p/b/package.json"), None);
        let plan = repo.idle(&["bump", "-n", "--json", "-pa", "minor"]);
        assert_eq!(plan.exits(4).refusals(), ["sparse"]);
        assert_eq!(plan.bumps(), ["a 1.0.0 1.1.0", "b 1.0.0 1.1.0", "c 1.0.0 1.0.1"]);
        let said = repo.idle(&["bump", "-y", "-pa", "minor"]);
        said.exits(4).says(&["not written out: p/b/package.json, p/c/package.json", "`git sparse-checkout add "]);
        let command = said.err.split('`').find(|part| part.starts_with("git sparse-checkout add ")).unwrap();
        repo.git(&command.split(' ').skip(1).collect::<Vec<_>>());
        repo.relman(&["bump", "-y", "-pa", "minor"]).exits(0);
        for name in ["a", "b"] {
            assert!(repo.git(&["show", &format!("HEAD:p/{name}/package.json")]).contains("1.1.0"), "{name}");
        }
        assert!(repo.git(&["show", "HEAD:p/c/package.json"]).contains("\"a\": \"1.1.0\""));
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn what_the_release_does_not_edit_may_stay_away() {
    for way in WAYS {
        let repo = sample("[workspace]\nmembers = [\"p/*\"]\n[dependents]\npolicy = \"never\"\n");
        repo.git(way);
        repo.relman(&["bump", "-y", "-pa", "minor"]).exits(0);
        assert_eq!(repo.git(&["status", "--porcelain"]), "");
        assert_eq!(repo.read("p/b/package.json"), None);
        assert_eq!(repo.git(&["diff", "--name-only", "HEAD^", "HEAD"]), "p/a/package.json");
        let status = repo.idle(&["status", "--json"]);
        assert_eq!(status.exits(0).json()["packages"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn check_says_the_same_of_the_work_tree_and_of_the_index() {
    for way in WAYS {
        let repo = sample(GROUP);
        repo.commit(&[("p/b/package.json", &manifest("b", "2.0.0"))]);
        repo.git(way);
        let (work, index) = (repo.idle(&["check", "--json"]), repo.idle(&["check", "--staged", "--json"]));
        assert_eq!(work.exits(3).problems(), index.exits(3).problems());
    }
}

#[test]
fn check_fix_repairs_no_file_that_is_not_written_out() {
    let drift = "[workspace]\n[packages.a]\nmanifests = [\"p/a/package.json\", \"p/b/package.json\"]\n";
    let repo = sample(drift);
    repo.commit(&[("p/b/package.json", &manifest("b", "1.0.1"))]);
    repo.git(WAYS[0]);
    for command in [&["check", "--fix"][..], &["check", "--staged", "--fix"]] {
        repo.idle(command).exits(4).says(&["p/b/package.json", "git sparse-checkout add p/b"]);
    }
    repo.git(&["sparse-checkout", "add", "p/b"]);
    repo.relman(&["check", "--fix"]).exits(0);
}

#[test]
fn globs_locks_changelogs_and_fragments_are_read_from_the_index() {
    let config = "[workspace]\nmembers = [\"p/b\"]\n[changelog]\n[packages.all]\nmanifests = [\"p/**/VERSION\"]\nchangelog = \"CHANGELOG.md\"\n";
    let repo = sample(config);
    let lock = "{ \"name\": \"b\", \"version\": \"1.0.0\", \"lockfileVersion\": 3, \"packages\": { \"\": { \"name\": \"b\", \"version\": \"0.9.0\" } } }\n";
    repo.commit(&[("p/a/VERSION", "1.0.0\n"), ("p/x/y/VERSION", "1.0.0\n"), ("p/b/package-lock.json", lock)]);
    repo.git(WAYS[0]);
    let plan = repo.idle(&["bump", "-n", "--json", "-pall", "minor"]);
    assert_eq!(plan.exits(4).slots(), ["p/a/VERSION:1 1.0.0 1.1.0", "p/x/y/VERSION:1 1.0.0 1.1.0"]);
    assert_eq!(repo.idle(&["check", "--json"]).exits(3).problems().len(), 1, "the lock file disagrees");
    let plan = repo.idle(&["bump", "-n", "-pb", "1.1.0"]);
    plan.exits(4).says(&["p/b/CHANGELOG.md, p/b/changelog.d/one.fixed.md, p/b/package-lock.json, p/b/package.json"]);
    repo.idle(&["changelog", "assemble", "-y"]).exits(4).says(&["git sparse-checkout add p/b"]);
    repo.idle(&["changelog", "preview", "b"]).exits(0).says(&["A fix."]);
}

#[test]
fn relman_toml_itself_may_be_left_out() {
    let repo = sample(MEMBERS);
    repo.git(&["sparse-checkout", "set", "--no-cone", "/p/a/"]);
    assert_eq!(repo.read("relman.toml"), None);
    for folder in [repo.root().to_owned(), repo.root().join("p/a")] {
        let status = repo.relman_with(&folder, &["status", "--json"], &[]);
        assert_eq!(status.exits(0).json()["packages"].as_array().unwrap().len(), 3);
        assert!(!status.err.contains("no relman.toml"), "{}", status.err);
    }
}

#[cfg(unix)]
#[test]
fn links_lead_from_either_side_to_the_other() {
    let repo = sample(
        "[packages.a]\nmanifests = [\"p/a/package.json\", \"p/a/LINK\"]\n[packages.b]\nmanifests = [\"p/b/LINK\"]\n",
    );
    std::os::unix::fs::symlink("../b/VERSION", repo.root().join("p/a/LINK")).unwrap();
    std::os::unix::fs::symlink("../a/VERSION", repo.root().join("p/b/LINK")).unwrap();
    let typed = "[packages.a]\nmanifests = [\"p/a/package.json\", { path = \"p/a/LINK\", type = \"plain\" }]\n\
                 [packages.b]\nmanifests = [{ path = \"p/b/LINK\", type = \"plain\" }]\n";
    repo.commit(&[("p/a/VERSION", "3.0.0\n"), ("p/b/VERSION", "1.0.0\n"), ("relman.toml", typed)]);
    repo.git(WAYS[0]);
    let checked = repo.idle(&["check"]);
    checked.exits(0);
    let status = repo.idle(&["status", "--json"]).json();
    assert_eq!(status["packages"][0]["manifests"][1]["path"], "p/b/VERSION");
    assert_eq!(status["packages"][1]["version"], "3.0.0");
}

#[test]
fn files_that_are_left_out_one_by_one_count_for_a_release() {
    let repo = sample(GROUP);
    repo.git(&["update-index", "--skip-worktree", "p/b/package.json"]);
    std::fs::remove_file(repo.root().join("p/b/package.json")).unwrap();
    let said = repo.idle(&["bump", "-y", "-pa", "minor"]);
    said.exits(4).says(&["p/b/package.json", "git update-index --no-skip-worktree p/b/package.json"]);
}

#[test]
fn what_is_there_all_the_same_is_read_from_the_disk() {
    let repo = sample(GROUP);
    repo.git(WAYS[0]);
    repo.write("p/b/package.json", &manifest("b", "1.0.5"));
    assert_eq!(repo.idle(&["check", "--json"]).exits(3).problems().len(), 1);
    // A file that is deleted without being left out is a change as ever.
    let repo = sample(MEMBERS);
    std::fs::remove_file(repo.root().join("p/a/package.json")).unwrap();
    repo.idle(&["bump", "-y", "-pb", "minor"]).exits(4).says(&["the work tree is not clean: p/a/package.json"]);
}

#[test]
fn a_partial_clone_says_what_to_fetch() {
    let repo = sample(MEMBERS);
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.root().display());
    let outside = repo.outside();
    repo.git_in(&outside, &["clone", "-q", "--sparse", "--filter=blob:none", &url, "clone"]);
    let clone = outside.join("clone");
    repo.git_in(&clone, &["sparse-checkout", "set", "p/a"]);
    for command in [&["check"][..], &["bump", "-y", "-pa", "minor"], &["check", "--staged"]] {
        let ran = repo.relman_with(&clone, command, &[]);
        ran.says(&["p/b/package.json", "git sparse-checkout add p/b"]);
        assert_ne!(ran.code, 0);
    }
    repo.git_in(&clone, &["sparse-checkout", "add", "p/b", "p/c"]);
    repo.relman_with(&clone, &["bump", "-y", "-pa", "minor"], &[]).exits(0);
}
