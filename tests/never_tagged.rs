//! Packages that are versioned and never tagged: `tag = false`.

use crate::support::repo::Repo;
use crate::support::texts::Texts;

const TOOL: &str = "[packages.tool]\nmanifests = [\"VERSION\"]\npath = \".\"\ntag-prefix = \"v\"\n";
const LIB: &str = "[packages.lib]\nmanifests = [\"lib/VERSION\"]\npath = \"lib\"\ntag = false\n";

fn repo_with(more: &str) -> Repo {
    let config = format!("{TOOL}\n{LIB}{more}");
    let repo = Repo::with(&[("relman.toml", &config), ("VERSION", "0.4.0\n"), ("lib/VERSION", "0.4.0\n")]);
    repo.git(&["tag", "v0.4.0"]);
    repo
}

/// The commits of `lib` since its last release.
fn commits(repo: &Repo) -> u64 {
    let status = repo.report(&["status", "lib"]).json();
    assert!(status["packages"][0]["tag"].is_null() && status["packages"][0]["next-tag"].is_null());
    status["packages"][0]["commits"].as_u64().unwrap()
}

#[test]
fn it_is_released_by_a_commit_that_names_it() {
    let repo = repo_with("");
    repo.relman(&["check"]).exits(0);
    repo.report(&["plan", "--all", "auto"]).exits(5);
    repo.commit(&[("lib/code", "more\n")]);
    assert_eq!(commits(&repo), 1);
    repo.relman(&["status", "lib", "--explain"]).exits(0).says(&["1 commit since "]);
    let done = repo.relman(&["bump", "--all", "auto", "-y", "--json"]);
    assert_eq!((done.exits(0).bumps(), done.tags()), (vec!["lib 0.4.0 0.5.0".to_owned()], Vec::new()));
    let message = repo.git(&["log", "-1", "--format=%B"]);
    assert_eq!(message, "chore(release): lib 0.5.0\n\n- lib 0.4.0 -> 0.5.0");
    assert_eq!((repo.tags(), commits(&repo)), (vec!["v0.4.0".to_owned()], 0));
    repo.report(&["plan", "--all", "auto"]).exits(5);
    repo.commit(&[("lib/code", "much more\n"), ("code", "more\n")]);
    assert_eq!(commits(&repo), 1);
    let done = repo.relman(&["bump", "--all", "auto", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["v0.5.0"]);
    let message = repo.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("- lib 0.5.0 -> 0.6.0\n"), "{message}");
    assert_eq!(message.matches("Relman-Release: ").count(), 1, "{message}");
    assert_eq!(commits(&repo), 0);
    repo.relman(&["check"]).exits(0);
}

#[test]
fn a_squash_keeps_the_release_and_a_list_in_another_commit_is_none() {
    let repo = repo_with("");
    repo.write("lib/VERSION", "0.5.0\n");
    repo.git(&["commit", "-qam", "feat: all (#3)\n\n* feat: x\n\n* chore(release): lib 0.5.0\n\n- lib 0.4.0 -> 0.5.0"]);
    repo.commit(&[("lib/code", "more\n")]);
    assert_eq!(commits(&repo), 1);
    repo.write("lib/code", "other\n");
    repo.git(&["commit", "-qam", "fix(deps): raise some\n\n- lib 0.3.0 -> 0.4.0"]);
    assert_eq!(commits(&repo), 2);
}

#[test]
fn without_a_release_commit_the_last_change_of_its_version_counts() {
    let repo = repo_with("");
    repo.commit(&[("lib/code", "1\n")]);
    repo.commit(&[("lib/VERSION", "0.5.0\n")]);
    repo.commit(&[("lib/code", "2\n")]);
    repo.commit(&[("lib/VERSION", "0.5.0\n\n")]);
    assert_eq!(commits(&repo), 2);
    // A side branch brings a version, and main goes on meanwhile.
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit(&[("lib/VERSION", "0.6.0\n")]);
    repo.git(&["checkout", "-q", "main"]);
    repo.commit(&[("lib/code", "3\n")]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    assert_eq!(commits(&repo), 1);
}

#[test]
fn it_has_no_tags_whatever_there_is() {
    let repo = repo_with("");
    repo.git(&["tag", "lib-v9.0.0"]);
    repo.relman(&["check"]).exits(0);
    assert_eq!(commits(&repo), 0);
    repo.relman(&["tag", "lib", "-y"]).exits(4).says(&["`lib` is never tagged: it has `tag = false`"]);
    repo.relman(&["tag", "-y"]).exits(0).says(&["nothing to tag"]);
    repo.report(&["plan", "-p", "lib", "0.4.0"]).exits(5);
    assert_eq!(repo.report(&["plan", "-p", "lib", "9.0.0"]).exits(0).bumps(), ["lib 0.4.0 9.0.0"]);
    repo.relman(&["release", "lib", "-n"]).exits(2);
}

#[test]
fn a_fixed_group_tags_its_other_members() {
    let repo = repo_with("\n[groups.all]\nfixed = [\"tool\", \"lib\"]\n");
    repo.commit(&[("lib/code", "more\n")]);
    let done = repo.relman(&["bump", "auto", "-y", "--json"]);
    assert_eq!(done.exits(0).bumps(), ["tool 0.4.0 0.5.0", "lib 0.4.0 0.5.0"]);
    assert_eq!(done.tags(), ["v0.5.0"]);
    assert_eq!(commits(&repo), 0);
    repo.report(&["plan", "auto"]).exits(5);
}

#[test]
fn prereleases_of_it_count_on() {
    let repo = Texts::with(&[("relman.toml", LIB), ("lib/VERSION", "0.5.0-alpha.1\n")]);
    assert_eq!(repo.report(&["bump", "-n", "alpha"]).bumps(), ["lib 0.5.0-alpha.1 0.5.0-alpha.2"]);
    assert_eq!(repo.report(&["bump", "-n", "release"]).bumps(), ["lib 0.5.0-alpha.1 0.5.0"]);
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let repo = repo_with("");
    for n in 0..3 {
        repo.commit(&[("lib/code", &format!("{n}\n"))]);
    }
    let clone = repo.outside().join("clone");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "-q", "--depth", "2", &url, clone.to_str().unwrap()]);
    let dir = clone.to_str().unwrap().to_owned();
    repo.relman(&["-C", &dir, "status", "lib"]).exits(2).says(&["lacks the last release of lib"]);
    repo.relman(&["-C", &dir, "bump", "-n", "-p", "lib", "minor"]).exits(0);
    repo.git_in(&clone, &["fetch", "-q", "--unshallow"]);
    let status = repo.relman(&["-C", &dir, "status", "lib", "--json"]).exits(0).json();
    assert_eq!(status["packages"][0]["commits"], 3);
}

#[test]
fn its_changelog_has_no_links_to_tags() {
    let config = format!(
        "{LIB}\n[changelog]\npath = \"lib/CHANGELOG.md\"\ncompare-url = \"https://example.com/{{from}}...{{to}}\"\ntag-url = \"https://example.com/{{tag}}\"\n"
    );
    let changelog = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- More.\n\n## [0.4.0] - 2026-01-01\n\n- First.\n";
    let repo = Texts::with(&[("relman.toml", &config), ("lib/VERSION", "0.4.0\n"), ("lib/CHANGELOG.md", changelog)]);
    repo.relman(&["bump", "-y", "minor"]).exits(0);
    let text = repo.read("lib/CHANGELOG.md").unwrap();
    assert!(
        text.contains("## [0.5.0] - 2023-11-14\n\n### Added\n\n- More.\n") && !text.contains("example.com"),
        "{text}"
    );
}

#[test]
fn a_release_on_a_branch_needs_no_fragment() {
    let repo = Repo::with(&[
        ("relman.toml", &format!("{LIB}\n[changelog]\npath = \"lib/CHANGELOG.md\"\nfragments = \"lib/changes\"\n")),
        ("lib/VERSION", "0.4.0\n"),
        ("lib/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
        ("lib/changes/README.md", "One file for each change.\n"),
    ]);
    repo.git(&["branch", "start"]);
    repo.commit(&[("lib/code", "more\n")]);
    repo.relman(&["changelog", "check", "--since", "start"]).exits(3);
    repo.commit(&[("lib/changes/more.added.md", "- More.\n")]);
    repo.relman(&["bump", "auto", "-y"]).exits(0);
    repo.relman(&["changelog", "check", "--since", "start"]).exits(0);
}
