//! Names that are odd: long ones, with line feeds, and not UTF-8.
#![cfg(target_os = "linux")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use crate::support::repo::Repo;

const CONFIG: &str = "[workspace]\nmembers = [\"p/*\"]\n";
const MANIFEST: &str = "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n";

fn sample() -> Repo {
    Repo::with(&[("relman.toml", CONFIG), ("p/a/package.json", MANIFEST)])
}

/// A clone of the sample in a folder of this name.
fn located_in(repo: &Repo, name: &[u8]) -> PathBuf {
    let folder = repo.outside().join(OsStr::from_bytes(name));
    std::fs::create_dir(&folder).unwrap();
    repo.git_in(&folder, &["clone", "-q", &repo.root().display().to_string(), "."]);
    folder
}

#[test]
fn a_repository_in_a_folder_with_a_line_feed_is_released() {
    let repo = sample();
    let folder = located_in(&repo, b"a\nb\n");
    let linked = repo.outside().join("linked\n");
    repo.git_in(&folder, &["worktree", "add", "-q", "-b", "other", linked.to_str().unwrap()]);
    for folder in [&folder, &linked] {
        repo.relman_with(&folder.join("p/a"), &["check"], &[]).exits(0);
        repo.relman_with(folder, &["bump", "-y", "minor"], &[]).exits(0);
        assert_eq!(repo.git_in(folder, &["status", "--porcelain"]), "");
        let text = repo.git_in(folder, &["show", "HEAD:p/a/package.json"]);
        assert!(text.contains("1.1.0"), "{text}");
        repo.git_in(folder, &["tag", "-d", "a-v1.1.0"]);
    }
}

#[test]
fn a_repository_in_a_folder_that_is_not_utf_8_is_refused() {
    let repo = sample();
    let folder = located_in(&repo, b"caf\xe9");
    for command in [&["status"][..], &["check"], &["bump", "-y", "minor"]] {
        let args = [command, &["--json"]].concat();
        repo.relman_with(&folder, &args, &[]).exits(2).finds(&["usage"]).says(SHOWN);
    }
}

#[test]
fn a_file_with_the_longest_name_is_edited_and_one_is_deleted() {
    let long = format!("p/a/{}.json", "x".repeat(250));
    let fragment = format!("p/a/changelog.d/{}.fixed.md", "x".repeat(246));
    let config = format!(
        "[changelog]\n[packages.a]\npath = \"p/a\"\nmanifests = [\"p/a/package.json\", {{ path = \"{long}\", pointer = \"/version\" }}]\n"
    );
    let repo = Repo::with(&[
        ("relman.toml", &config),
        ("p/a/package.json", MANIFEST),
        ("p/a/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
        (&long, MANIFEST),
        (&fragment, "- A fix.\n"),
    ]);
    repo.relman(&["bump", "-y", "minor"]).exits(0);
    assert!(repo.read(&long).unwrap().contains("1.1.0"));
    assert_eq!(repo.read(&fragment), None);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

fn odd(repo: &Repo, folder: &str, name: &[u8], text: &str) {
    let folder = repo.root().join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(OsStr::from_bytes(name));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "-m", "feat: odd"]);
}

/// How a name that is not UTF-8 is shown.
const SHOWN: &[&str] = &["caf\\xe9"];

#[test]
fn a_fragment_whose_name_is_not_utf_8() {
    let repo = sample();
    repo.commit(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n[changelog]\n"),
        ("p/a/CHANGELOG.md", "# Changelog\n"),
    ]);
    odd(&repo, "p/a/changelog.d", b"caf\xe9.fixed.md", "- A fix.\n");
    repo.report(&["bump", "-y", "minor"]).exits(2).finds(&["unreadable p/a/changelog.d/caf\\xe9.fixed.md"]);
    repo.report(&["check"]).exits(3).finds(&["fragment p/a/changelog.d/caf\\xe9.fixed.md"]);
    repo.report(&["check", "--staged"]).exits(3).finds(&["fragment p/a/changelog.d/caf\\xe9.fixed.md"]);
    // One that git ignores, or that is hidden, belongs to somebody's editor.
    repo.git(&["rm", "-q", "-r", "--cached", "p/a/changelog.d"]);
    repo.commit(&[(".gitignore", "caf*\n")]);
    repo.relman(&["check"]).exits(0);
}

#[test]
fn a_member_folder_whose_name_is_not_utf_8() {
    for config in [CONFIG, "[workspace]\nmembers = [\"p/**\"]\n"] {
        let repo = sample();
        repo.commit(&[("relman.toml", config)]);
        odd(&repo, "p", b"caf\xe9/package.json", MANIFEST);
        repo.report(&["bump", "-y", "-pa", "minor"]).exits(2).finds(&["unreadable p/caf\\xe9"]);
        repo.report(&["check"]).exits(2).finds(&["unreadable p/caf\\xe9"]);
        repo.report(&["check", "--staged"]).exits(2).finds(&["unreadable p/caf\\xe9"]);
    }
}

#[test]
fn a_manifest_that_a_glob_matches_and_whose_name_is_not_utf_8() {
    for glob in ["p/*/*.json", "p/**/*.json"] {
        let repo = sample();
        let config = format!("[packages.a]\nmanifests = [{{ path = \"{glob}\", pointer = \"/version\" }}]\n");
        repo.commit(&[("relman.toml", &config)]);
        odd(&repo, "p/a", b"caf\xe9.json", MANIFEST);
        repo.report(&["bump", "-y", "minor"]).exits(2).finds(&["unreadable p/a/caf\\xe9.json"]);
        repo.report(&["check"]).exits(3).finds(&["unreadable p/a/caf\\xe9.json"]);
    }
}

#[test]
fn names_that_matter_to_nothing_are_left_alone() {
    let repo = sample();
    odd(&repo, ".", b"caf\xe9.txt", "x\n");
    odd(&repo, "p/a/src", b"caf\xe9.js", "x\n");
    odd(&repo, "p", b"caf\xe9/notes.txt", "x\n");
    odd(&repo, "p/a/changelog.d", b".caf\xe9.swp", "x\n");
    repo.relman(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "minor"]).exits(0);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_configuration_in_a_folder_whose_name_is_not_utf_8() {
    let repo = sample();
    odd(&repo, ".", b"caf\xe9/relman.toml", CONFIG);
    let folder = repo.root().join(OsStr::from_bytes(b"caf\xe9"));
    repo.relman_with(&folder, &["status", "--json"], &[]).exits(2).finds(&["unreadable"]).says(SHOWN);
}
