//! Changelogs at a release: the cases of fixtures/changelogs, what is refused, and that no entry is ever lost.
//!
//! A case is a folder with `in`, `out`, the `command`, and perhaps the `tags` of earlier releases and the `commits` behind them: lines
//! such as `a/x feat: one\n\nbody`, the file that is changed and the message, or `tag NAME`. It is run as it is and with CRLF.
//! `SNAPSHOTS=overwrite` renews `out`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repo::Repo;

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/changelogs");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.extend((path.file_name().unwrap() != ".git").then_some(path));
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn released(case: &Path, text: impl Fn(&str) -> String) -> BTreeMap<String, String> {
    let given = files(&case.join("in"));
    let given: Vec<(&str, String)> = given.iter().map(|(path, old)| (path.as_str(), text(old))).collect();
    let repo = Repo::with(&given.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>());
    for tag in fs::read_to_string(case.join("tags")).unwrap_or_default().split_whitespace() {
        repo.git(&["tag", "-am", tag, tag]);
    }
    for line in fs::read_to_string(case.join("commits")).unwrap_or_default().lines() {
        let (path, message) = line.split_once(' ').unwrap();
        if path == "tag" {
            repo.git(&["tag", "-am", message, message]);
            continue;
        }
        repo.write(path, message);
        repo.git(&["add", "-A"]);
        repo.git(&["commit", "-qm", &message.replace("\\n", "\n")]);
    }
    let command = fs::read_to_string(case.join("command")).unwrap();
    let args: Vec<&str> = command.split_whitespace().chain(["--yes", "--json", "--date", "2026-06-29"]).collect();
    let plan = repo.relman(&args).exits(0).json();
    assert_eq!(repo.git(&["status", "--porcelain"]), "", "{}", case.display());
    // What the plan says of a release is what its changelog says afterwards.
    for notes in plan["release-notes"].as_array().unwrap() {
        let (tag, package) = (notes["tag"].as_str().unwrap(), notes["package"].as_str().unwrap());
        let shown = repo.relman(&["changelog", "show", tag, "--package", package]);
        assert_eq!(notes["body"], shown.exits(0).out, "{}: {tag}", case.display());
    }
    files(repo.root())
}

#[test]
fn every_case_ends_as_its_out_folder_says() {
    for case in cases() {
        let found = released(&case, str::to_owned);
        let out = case.join("out");
        if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
            fs::remove_dir_all(&out).unwrap_or_default();
            for (path, text) in &found {
                let path = out.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        assert_eq!(found, files(&out), "{}", case.display());
    }
}

#[test]
fn every_case_ends_so_with_crlf() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    for case in cases() {
        let expected: BTreeMap<String, String> =
            files(&case.join("out")).into_iter().map(|(path, text)| (path, crlf(&text))).collect();
        let mut found = released(&case, crlf);
        // A file that did not exist has the line ends of nobody.
        for (path, text) in &mut found {
            if !case.join("in").join(path).exists() {
                *text = crlf(text);
            }
        }
        assert_eq!(found, expected, "{}", case.display());
    }
}

const ONE: &str = "[packages.a]\npath = \"a\"\n";
const MANIFEST: &str = "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n";
const LOG: &str = "# Changelog\n\n## [Unreleased]\n\nWritten by hand.\n\n## [1.0.0] - 2026-01-01\n\n- One.\n";

fn one(config: &str, files: &[(&str, &str)]) -> Repo {
    let config = format!("{ONE}[changelog]\n{config}");
    let mut all = vec![("relman.toml", config.as_str()), ("a/package.json", MANIFEST)];
    all.extend_from_slice(files);
    Repo::with(&all)
}

#[test]
fn a_section_needs_something_to_say() {
    let empty = "# Changelog\n\n## [Unreleased]\n\n_Nothing yet._\n";
    let repo = one("placeholder = \"_Nothing yet._\"\nsummary = \"required\"", &[("a/CHANGELOG.md", empty)]);
    let dry = ["bump", "minor", "--dry-run", "--json"];
    assert_eq!(repo.idle(&dry).exits(4).refusals(), ["summary-missing", "empty-section"]);
    repo.idle(&["bump", "minor", "--yes"])
        .exits(4)
        .says(&["the section of `a` 1.1.0 in a/CHANGELOG.md would be empty"]);
    let with = repo.relman_with(repo.root(), &dry, &[("RELMAN_SUMMARY", "From outside.")]);
    assert_eq!(with.exits(0).refusals(), [""; 0]);
    assert_eq!(repo.relman_with(repo.root(), &dry, &[("RELMAN_SUMMARY", " ")]).refusals().len(), 2);
    // A prerelease touches neither the changelog nor the fragments.
    assert_eq!(repo.idle(&["bump", "alpha", "--dry-run", "--json"]).exits(0).refusals(), [""; 0]);
    repo.relman(&["bump", "minor", "--yes", "--date", "2026-06-29", "--summary", "Words.\r\n\r\nMore.\n"]).exits(0);
    assert_eq!(repo.read("a/CHANGELOG.md").unwrap(), format!("{empty}\n## [1.1.0] - 2026-06-29\n\nWords.\n\nMore.\n"));
}

#[test]
fn a_summary_from_outside_replaces_the_prose_and_says_so() {
    let repo = one("", &[("a/CHANGELOG.md", LOG)]);
    let ran = repo.idle(&["bump", "minor", "--dry-run", "--summary", "New."]);
    ran.exits(0).says(&["`a`: the summary replaces the text under [Unreleased]: Written by hand."]);
    let none = one("summary = \"none\"", &[("a/CHANGELOG.md", LOG)]);
    none.relman(&["bump", "minor", "--yes", "--date", "2026-06-29", "--summary", "New."]).exits(0);
    let text = none.read("a/CHANGELOG.md").unwrap();
    assert!(text.contains("## [Unreleased]\n\n## [1.1.0] - 2026-06-29\n\nWritten by hand.\n\n## [1.0.0]"), "{text}");
}

#[test]
fn a_section_may_be_on_another_level() {
    let repo = one("heading = \"### {version}\"", &[("a/CHANGELOG.md", LOG)]);
    repo.relman(&["bump", "minor", "--yes"]).exits(0);
    let new = "## [Unreleased]\n\n### 1.1.0\n\nWritten by hand.\n\n## [1.0.0]";
    assert!(repo.read("a/CHANGELOG.md").unwrap().contains(new));
    assert_eq!(repo.idle(&["changelog", "show", "1.1.0"]).exits(0).out, "Written by hand.\n");
}

#[test]
fn a_changelog_in_which_no_section_is_found_is_refused() {
    let fragment = ("a/changelog.d/x.added.md", "- x\n");
    for log in ["# Changes\n\n## Winter 2026\n\n- One.\n", "# Changes\n\n- One.\n", "# Changes\n\n**1.0.0**\n\nOne.\n"]
    {
        let repo = one("", &[("a/CHANGELOG.md", log), fragment]);
        assert_eq!(repo.idle(&["bump", "minor", "--dry-run", "--json"]).exits(4).refusals(), ["changelog-style"]);
        repo.idle(&["bump", "minor", "--yes"]).exits(4).says(&["a/CHANGELOG.md:3 is not recognised", "## [1.2.0]"]);
        repo.idle(&["changelog", "preview"]).exits(0).says(&["a/CHANGELOG.md:3 is not recognised"]);
        repo.idle(&["changelog", "assemble", "--yes"]).exits(2).says(&["a/CHANGELOG.md:3:1", "is not recognised"]);
        // Prereleases leave it alone.
        repo.idle(&["bump", "alpha", "--dry-run"]).exits(0);
    }
    let intro = "# Changelog\n\nAll notable changes to this project.\n";
    let repo = one("", &[("a/CHANGELOG.md", intro), fragment]);
    repo.relman(&["bump", "minor", "--yes", "--date", "2026-06-29"]).exits(0);
    let new = format!("{intro}\n## [1.1.0] - 2026-06-29\n\n### Added\n\n- x\n");
    assert_eq!(repo.read("a/CHANGELOG.md").unwrap(), new);
}

#[test]
fn headings_in_fragments_are_kept_where_relman_toml_says_so() {
    let text = "New thing.\n\n## How to migrate\n\nFrom 1.x to 2.0.0.\n\nMore\n====\n\n### Node 18.0.0\n\n- y\n";
    let files =
        [("a/CHANGELOG.md", LOG), ("a/changelog.d/x.added.md", text), ("a/changelog.d/y.fixed.md", "- Fixed.\n")];
    one("", &files).report(&["bump", "minor", "--yes"]).exits(2).finds(&["fragment a/changelog.d/x.added.md:3:1"]);
    for assembled in [false, true] {
        let repo = one("fragment-headings = \"keep\"\n", &files);
        if assembled {
            repo.relman(&["changelog", "assemble", "--yes"]).exits(0);
            repo.commit(&[]);
        }
        repo.relman(&["bump", "minor", "--yes", "--date", "2026-06-29"]).exits(0);
        let log = repo.read("a/CHANGELOG.md").unwrap();
        let section = format!("### Added\n\n{text}\n### Fixed\n\n- Fixed.\n");
        let shown = repo.idle(&["changelog", "show", "1.1.0"]).exits(0).out.clone();
        if assembled {
            // What is below [Unreleased] was read again: every line is there.
            assert!(section.lines().all(|line| log.contains(line)), "{log}");
        } else {
            assert_eq!(shown, format!("Written by hand.\n\n{section}"));
        }
        assert!(shown.contains("- Fixed.\n") && shown.contains("From 1.x to 2.0.0."), "{shown}");
        assert!(log.ends_with("\n## [1.0.0] - 2026-01-01\n\n- One.\n"), "{log}");
        repo.relman(&["bump", "patch", "--yes", "--summary", "Next."]).exits(0);
        assert_eq!(repo.idle(&["changelog", "show", "1.1.0"]).exits(0).out, shown);
    }
    let wrong = [("a/changelog.d/x.added.md", "New.\n\n## [2.0.0]\n\n#### 3.0.0\n")];
    one("fragment-headings = \"keep\"\n", &wrong).report(&["bump", "minor", "--yes"]).exits(2).finds(&[
        "fragment a/changelog.d/x.added.md:3:1",
        "fragment a/changelog.d/x.added.md:5:1",
        "changelog a/CHANGELOG.md",
    ]);
    one("fragment-headings = \"drop\"\n", &[])
        .report(&["status"])
        .exits(2)
        .finds(&["config-value relman.toml:4:21"])
        .says(&["`keep`"]);
}

#[test]
fn a_section_that_is_there_already() {
    let log = LOG.replace("## [Unreleased]", "## [Unreleased]\n\n- x\n\n## [1.1.0] - soon");
    let repo = one("", &[("a/CHANGELOG.md", log.as_str())]);
    assert_eq!(repo.idle(&["bump", "minor", "--dry-run", "--json"]).exits(4).refusals(), ["section-exists"]);
    repo.idle(&["bump", "minor", "--yes"]).exits(4).says(&["a/CHANGELOG.md:7 already has a section for it"]);
    repo.git(&["tag", "-am", "x", "a-v1.1.0"]);
    assert_eq!(repo.idle(&["bump", "1.1.0", "--dry-run", "--json"]).exits(4).refusals(), ["tag-exists"]);
}

#[test]
fn what_cannot_take_a_section_is_told_with_its_place() {
    let double = "# C\n\n## [Unreleased]\n\n- a\n\n## Unreleased\n\n- b\n";
    let minor = ["bump", "minor", "--yes"];
    let finds = |config: &str, files: &[(&str, &str)], problem: &str| {
        one(config, files).report(&minor).exits(2).finds(&[problem]);
    };
    let log = ("a/CHANGELOG.md", LOG);
    finds("", &[("a/CHANGELOG.md", double)], "changelog a/CHANGELOG.md:7:1");
    finds("", &[log, ("a/changelog.d/x.added.md", "```\n")], "fragment a/changelog.d/x.added.md:1:1");
    for template in [
        "{{ heading.nope.more }}",
        "{{ heading }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ heading }}{% endfor %}{% endfor %}",
    ] {
        finds(&format!("template = \"{template}\""), &[log], "config-value relman.toml:4:12");
    }
    let repo = one("", &[("a/CHANGELOG.md", LOG)]);
    repo.report(&["bump", "minor", "--yes", "--summary", "x\n\n## [0.1.0]\n"])
        .exits(2)
        .finds(&["changelog a/CHANGELOG.md:1:1"]);
    fs::write(repo.root().join("a/CHANGELOG.md"), b"\xff").unwrap();
    repo.report(&["bump", "minor", "--dry-run"]).exits(2).finds(&["unreadable a/CHANGELOG.md"]);
}

#[cfg(unix)]
#[test]
fn a_changelog_that_leads_out_is_refused_and_one_that_stays_is_followed() {
    let repo = one("", &[("docs/LOG.md", LOG)]);
    std::os::unix::fs::symlink("../docs/LOG.md", repo.root().join("a/CHANGELOG.md")).unwrap();
    repo.commit(&[]);
    repo.relman(&["bump", "minor", "--yes"]).exits(0);
    assert!(repo.read("docs/LOG.md").unwrap().contains("## [1.1.0]"));
    fs::remove_file(repo.root().join("a/CHANGELOG.md")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", repo.root().join("a/CHANGELOG.md")).unwrap();
    repo.commit(&[]);
    repo.report(&["bump", "minor", "--yes"]).exits(2).finds(&["outside a/CHANGELOG.md"]);
    repo.idle(&["check"]).exits(0);
}

#[test]
fn packages_that_share_a_file_need_names() {
    let config = "[workspace]\nmembers = [\"*\"]\n[changelog]\npath = \"CHANGELOG.md\"\n";
    let repo = Repo::with(&[
        ("relman.toml", config),
        ("a/package.json", MANIFEST),
        ("b/package.json", "{ \"name\": \"b\", \"version\": \"1.0.0\" }"),
    ]);
    repo.report(&["status"]).exits(2).finds(&["config-conflict relman.toml:4:8"]);
}

#[test]
fn files_of_others_are_not_released() {
    let repo = one("", &[("a/CHANGELOG.md", LOG)]);
    repo.write("a/changelog.d/new.added.md", "- Not known to git.\n");
    repo.idle(&["bump", "minor", "--yes"])
        .exits(4)
        .says(&["git does not track a/changelog.d/new.added.md", "commit it first\n"]);
    repo.commit(&[]);
    repo.write("a/CHANGELOG.md", &LOG.replace("hand", "foot"));
    repo.idle(&["bump", "minor", "--yes", "--allow-dirty"]).exits(4).says(&["not clean: a/CHANGELOG.md"]);
    repo.commit(&[]);
    repo.relman(&["bump", "minor", "--yes", "--no-commit"]).exits(0);
    assert_eq!(repo.read("a/changelog.d/new.added.md"), None);
    assert!(repo.read("a/CHANGELOG.md").unwrap().contains("Written by foot.\n\n### Added\n\n- Not known to git.\n"));
}

#[test]
fn a_release_of_the_version_that_is_there_commits_the_changelog_alone() {
    let repo = one("", &[("a/CHANGELOG.md", "# C\n\n## [Unreleased]\n\n- First.\n")]);
    repo.relman(&["bump", "1.0.0", "--yes", "--date", "2026-06-29"]).exits(0);
    assert_eq!(repo.git(&["show", "--name-only", "--format=", "HEAD"]), "a/CHANGELOG.md");
    assert_eq!(repo.tags(), ["a-v1.0.0"]);
}
