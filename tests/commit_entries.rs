//! Commits as a source of changelogs, on real git: links, what is told already, and the diff that a plan shows.

use crate::support::clones::Origin;
use crate::support::repo::Repo;

const CONFIG: &str =
    "[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n[changelog]\nsources = [\"fragments\", \"commits\"]\n";
const LOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n- One.\n";

/// Two packages that were released, and the rest of `[changelog]`.
fn two(config: &str, log: &str) -> Repo {
    let manifest = |name: &str| format!("{{ \"name\": \"{name}\", \"version\": \"1.0.0\" }}\n");
    let repo = Repo::with(&[
        ("relman.toml", &format!("{CONFIG}{config}")),
        ("a/package.json", &manifest("a")),
        ("b/package.json", &manifest("b")),
        ("a/CHANGELOG.md", log),
    ]);
    repo.git(&["tag", "-am", "x", "a-v1.0.0"]);
    repo.git(&["tag", "-am", "x", "b-v1.0.0"]);
    repo
}

/// Commits a change of these files, and returns its id.
fn change(repo: &Repo, files: &[&str], message: &str) -> String {
    for file in files {
        repo.write(file, message);
    }
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", message]);
    repo.git(&["rev-parse", "HEAD"])
}

#[test]
fn fragments_and_commits_fill_one_section() {
    let repo = two("commit-url = \"https://example.com/c/{id}\"\nissue-url = \"https://example.com/i/{id}\"\n", LOG);
    change(&repo, &["a/changelog.d/7-words.added.md"], "docs: a fragment");
    change(&repo, &["a/x"], "feat: told by the fragment (#7)");
    let both = change(&repo, &["a/y", "b/y"], "fix(core): mend both (#8)");
    let broken = change(&repo, &["b/z"], "feat!: drop z");
    repo.relman(&["bump", "--all", "auto", "--yes", "--date", "2026-06-29"]).exits(0);
    let link = |id: &str| format!("([{}](https://example.com/c/{id}))", &id[..9]);
    let mended = format!("### Fixed\n\n- **core:** mend both ([#8](https://example.com/i/8)) {}\n", link(&both));
    let a = repo.read("a/CHANGELOG.md").unwrap();
    let expected = format!("\n## [1.1.0] - 2026-06-29\n\n### Added\n\ndocs: a fragment\n\n{mended}\n## [1.0.0]");
    assert!(a.contains(&expected), "{a}");
    let b = repo.read("b/CHANGELOG.md").unwrap();
    let expected =
        format!("\n## [2.0.0] - 2026-06-29\n\n### Added\n\n- **Breaking:** drop z {}\n\n{mended}", link(&broken));
    assert!(b.ends_with(&expected), "{b}");
    assert_eq!(repo.tags(), ["a-v1.0.0", "a-v1.1.0", "b-v1.0.0", "b-v2.0.0"]);
    repo.idle(&["bump", "--all", "auto", "-n"]).exits(5);
}

#[test]
fn what_a_person_made_of_an_entry_stays() {
    let repo = two("", LOG);
    let id = change(&repo, &["a/x"], "feat: add x");
    change(&repo, &["a/y"], "fix: mend y");
    change(&repo, &["a/z"], "fix: mend z");
    let edited = format!("## [Unreleased]\n\n### Fixed\n\n* mend y\n\n### Added\n\n- X, at last (see {}).\n", &id[..8]);
    repo.commit(&[("a/CHANGELOG.md", &LOG.replace("## [Unreleased]\n", &edited))]);
    repo.relman(&["bump", "-p", "a", "1.1.0", "--yes", "--date", "2026-06-29"]).exits(0);
    let text = repo.read("a/CHANGELOG.md").unwrap();
    let added = format!("### Added\n\n- X, at last (see {}).\n- more\n\n", &id[..8]);
    assert!(text.contains(&format!("{added}### Fixed\n\n* mend y\n- mend z\n\n## [1.0.0]")), "{text}");
}

#[test]
fn a_plan_shows_what_a_changelog_takes() {
    let repo = two("", LOG);
    change(&repo, &["a/x"], "feat: add \u{1b}[31mx");
    change(&repo, &["b/x"], "feat: add y");
    let ran = repo.idle(&["bump", "--all", "auto", "-n", "--date", "2026-06-29"]);
    let section = "+## [1.1.0] - 2026-06-29\n+\n+### Added\n+\n";
    let a = format!(
        "\na/CHANGELOG.md\n@@ line 2\n\n ## [Unreleased]\n\n{section}+- add \\u{{1b}}[31mx\n+\n ## [1.0.0] - 2026-01-01\n\n - One.\n\n"
    );
    ran.exits(0).says(&[&a, "\nb/CHANGELOG.md\n+# Changelog\n", &format!("{section}+- add y\n\ncommit")]);
    let coloured = repo.idle(&["--color", "always", "bump", "--all", "auto", "-n"]);
    coloured.exits(0).says(&["\u{1b}[32m+- add y\u{1b}["]);
}

#[test]
fn a_shallow_clone_says_what_its_changelog_lacks() {
    let origin = Origin::new(&["a"]);
    origin.repo.commit(&[("relman.toml", "[workspace]\nmembers = [\"a\"]\n[changelog]\nsources = [\"commits\"]\n")]);
    origin.tag("a-v0.9.0");
    origin.changes("a", "feat", 3);
    origin.repo.commit(&[("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0-rc.1\" }\n")]);
    origin.tag("a-v1.0.0-rc.1");
    origin.changes("a", "fix", 1);
    let clone = origin.clone(&["--depth", "2"]);
    // The tag before is there, and the one that the section begins at is not.
    clone.idle(&["status"]).exits(0);
    clone.idle(&["bump", "rc", "-n"]).exits(0);
    clone.report(&["bump", "release", "-n"]).exits(2).finds(&["history-missing"]).says(&["--fetch"]);
    let ran = clone.relman(&["bump", "release", "-n", "--fetch"]);
    ran.exits(0).says(&["+### Added\n"]);
    assert!(clone.tags().contains(&"a-v0.9.0".to_owned()), "{:?}", clone.tags());
    clone.idle(&["bump", "release", "-n"]).exits(0);
}

#[test]
fn a_commit_that_is_an_entry_needs_no_fragment() {
    let repo = two("", LOG);
    repo.git(&["tag", "start"]);
    let check = || repo.report(&["changelog", "check", "--since", "start"]);
    change(&repo, &["a/x"], "docs: words");
    check().exits(3).finds(&["no-fragment a/x"]);
    change(&repo, &["a/y"], "fix: mend y");
    check().exits(0);
    change(&repo, &["b/x"], "chore: words");
    check().exits(3).finds(&["no-fragment b/x"]);
    let shown = repo.idle(&["changelog", "check", "--since", "start"]).exits(3).out.clone();
    assert!(shown.contains("without a fragment or a commit that is an entry: b/x"), "{shown}");
}

#[test]
fn a_release_for_changes_without_an_entry_is_noted() {
    let repo = two("empty = \"- No notable changes.\"\n", LOG);
    let config = repo.read("relman.toml").unwrap();
    change(&repo, &["a/x"], "feat: add x");
    let note = "`a` 1.1.0 is released for its changes, and its section has no entry of them";
    let plan = |config: &str| {
        repo.commit(&[("relman.toml", config)]);
        repo.idle(&["bump", "a", "auto", "-n"])
    };
    let shown = plan(&format!("{config}# as it was\n"));
    assert!(!format!("{shown:?}").contains(note), "{shown:?}");
    plan(&config.replace(", \"commits\"", "")).exits(0).says(&[note, "does not include commits"]);
    plan(&format!("{config}commits = {{ feat = \"none\" }}\n")).exits(0).says(&[note, "says which commits are"]);
}
