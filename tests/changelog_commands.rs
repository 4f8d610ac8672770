//! `relman changelog preview`, `show` and `assemble`: what they print, what they write, and that no entry is lost on the way.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::repo::Repo;
use crate::support::stress;

const CONFIG: &str = "[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n[changelog]\n";
const LOG: &str = "# Changelog\n\n## [Unreleased]\n\nBy hand.\n\n### Fixed\n\n- Old.\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- One, see [#1].\n\n## [0.9.0] - 2025-01-01\n\n- Zero.\n\n[1.0.0]: https://example.com/1.0.0\n[#1]: https://example.com/1\n";
const DATE: [&str; 2] = ["--date", "2026-06-29"];

fn manifest(name: &str) -> String {
    format!("{{ \"name\": \"{name}\", \"version\": \"1.0.0\" }}\n")
}

/// Two packages, both tagged with 1.0.0; the fragments come behind the tags.
fn two(config: &str, fragments: &[(&str, &str)]) -> Repo {
    let (a, b, config) = (manifest("a"), manifest("b"), format!("{CONFIG}{config}"));
    let files =
        [("relman.toml", config.as_str()), ("a/package.json", &a), ("b/package.json", &b), ("a/CHANGELOG.md", LOG)];
    let repo = Repo::with(&files);
    repo.git(&["tag", "-am", "x", "a-v1.0.0"]);
    repo.git(&["tag", "-am", "x", "b-v1.0.0"]);
    repo.commit(fragments);
    repo
}

const FRAGMENTS: [(&str, &str); 3] = [
    ("a/changelog.d/new.added.md", "- New.\n"),
    ("a/changelog.d/both.fixed.md", "---\npackages: [a, b]\n---\n- Both.\n"),
    ("a/changelog.d/README.md", "How to.\n"),
];

fn args<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["changelog"], args].concat()
}

fn preview(repo: &Repo, more: &[&str]) -> Value {
    let ran = repo.idle(&args(&[&["preview", "--format", "json"], more].concat()));
    let short = repo.idle(&args(&[&["preview", "--json"], more].concat()));
    assert_eq!(short.exits(0).out, ran.exits(0).out);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn without_any_changelog_there_is_nothing_to_check() {
    let repo =
        Repo::with(&[("relman.toml", "[packages.a]\npath = \"a\"\n"), ("a/package.json", manifest("a").as_str())]);
    for more in [&["check"][..], &["check", "--since", "HEAD"], &["check", "--json"], &["preview"]] {
        repo.idle(&args(more)).exits(2).says(&["no package keeps a changelog", "a table [changelog]"]);
    }
}

#[test]
fn the_preview_is_what_the_release_writes() {
    let repo = two("", &FRAGMENTS);
    let shown = repo.idle(&args(&["preview", "a", "--date", "2026-06-29"])).exits(0).out.clone();
    let section = "## [1.1.0] - 2026-06-29\n\nBy hand.\n\n### Added\n\n- New.\n\n### Fixed\n\n- Old.\n- Both.\n";
    assert_eq!(shown, section);
    let both = repo.idle(&args(&["preview", DATE[0], DATE[1]])).exits(0).out.clone();
    let of_b = "b  b/CHANGELOG.md\n\n## [1.0.1] - 2026-06-29\n\n### Fixed\n\n- Both.\n";
    assert_eq!(both, format!("a  a/CHANGELOG.md\n\n{section}\n{of_b}"));
    let wanted = repo.idle(&args(&["preview", "a", "--as", "2.0.0-rc.1", DATE[0], DATE[1]])).exits(0).out.clone();
    assert_eq!(wanted, section.replace("1.1.0", "2.0.0-rc.1"));
    // Names are words there, too.
    for (words, version) in [("a 2.0.0", "2.0.0"), ("minor:alpha a", "1.1.0-alpha.1"), ("a", "1.1.0")] {
        let words = repo.idle(&args(&["preview", "--as", words, DATE[0], DATE[1]])).exits(0).out.clone();
        assert_eq!(words, section.replace("1.1.0", version));
    }
    repo.idle(&args(&["preview", "--as", "c minor"])).exits(2).says(&["`c` is not a level, a stage or a version"]);
    repo.relman(&["bump", "--all", "auto", "--yes", DATE[0], DATE[1]]).exits(0);
    assert!(repo.read("a/CHANGELOG.md").unwrap().contains(section));
    repo.idle(&args(&["preview"])).exits(5).says(&["nothing to release"]);
}

#[test]
fn the_preview_for_machines() {
    let repo = two("", &FRAGMENTS);
    let value = preview(&repo, &["a", "--as", "minor", DATE[0], DATE[1]]);
    assert_eq!(value["schema"], 1);
    assert_eq!(value["refusals"], serde_json::json!([]));
    let section = &value["packages"][0];
    for (key, expected) in [
        ("name", "a"),
        ("version", "1.1.0"),
        ("path", "a/CHANGELOG.md"),
        ("heading", "## [1.1.0] - 2026-06-29"),
        ("summary", "By hand."),
    ] {
        assert_eq!(section[key], expected, "{key}");
    }
    let expected = serde_json::json!([
        { "type": "added", "title": "Added", "entries": [{ "text": "- New.", "slug": "new", "package": "a", "commit": null }] },
        { "type": "fixed", "title": "Fixed", "entries": [
            { "text": "- Old.", "slug": null, "package": null, "commit": null },
            { "text": "- Both.", "slug": "both", "package": "a", "commit": null },
        ] },
    ]);
    assert_eq!(section["groups"], expected);
    assert!(section["text"].as_str().unwrap().starts_with("## [1.1.0] - 2026-06-29\n\nBy hand.\n\n### Added\n"));
    let schema = repo.relman(&["schema", "--of", "preview"]).exits(0).out.clone();
    assert!(serde_json::from_str::<Value>(&schema).unwrap()["properties"]["packages"].is_object());
}

#[test]
fn what_has_no_next_version_is_unreleased() {
    let repo = two("[fragments.levels]\nadded = \"none\"\n", &[("b/changelog.d/x.added.md", "- Word.\n")]);
    repo.git(&["commit", "-q", "--amend", "-m", "chore: x"]);
    let value = preview(&repo, &[]);
    let seen: Vec<(&Value, &Value)> =
        value["packages"].as_array().unwrap().iter().map(|p| (&p["heading"], &p["version"])).collect();
    let unreleased = Value::from("## [Unreleased]");
    assert_eq!(seen, [(&unreleased, &Value::Null), (&unreleased, &Value::Null)]);
}

#[test]
fn what_a_release_would_refuse_is_told() {
    let repo = two("summary = \"required\"\n", &[("b/x", "x")]);
    let ran = repo.idle(&args(&["preview", "b", "--as", "minor"]));
    ran.exits(0).says(&["would be empty", "needs a summary", "a release would be refused"]);
    assert_eq!(preview(&repo, &["b", "--as", "minor"])["refusals"].as_array().unwrap().len(), 2);
    repo.idle(&args(&["preview", "nope"])).exits(2).says(&["package `nope` not found"]);
    repo.idle(&args(&["preview", "--as", "minor", "--date", "x"])).exits(2).says(&["`x` is not a valid date"]);
    repo.commit(&[("a/changelog.d/wrong.md", "x")]);
    repo.idle(&args(&["preview", "a"])).exits(2).says(&["a/changelog.d/wrong.md"]);
    repo.idle(&args(&["preview", "b", "--as", "minor"])).exits(0);
    let none = Repo::with(&[("relman.toml", "[packages.a]\npath = \"a\"\n"), ("a/package.json", &manifest("a"))]);
    for command in [&["preview"][..], &["show", "1.0.0"], &["assemble", "--yes"]] {
        none.idle(&args(command)).exits(2).says(&["no package keeps a changelog", "[changelog]"]);
    }
}

#[test]
fn notes_of_a_version() {
    let repo = two("", &[]);
    let notes = "### Added\n\n- One, see [#1].\n\n[#1]: https://example.com/1\n";
    for wanted in ["1.0.0", "v1.0.0", "1.0", "a-v1.0.0"] {
        assert_eq!(repo.idle(&args(&["show", wanted])).exits(0).out, notes, "{wanted}");
    }
    assert_eq!(repo.idle(&args(&["show", "0.9.0", "-p", "a"])).exits(0).out, "- Zero.\n");
    repo.commit(&[("a/CHANGELOG.md", &LOG.replace('\n', "\r\n"))]);
    assert_eq!(repo.idle(&args(&["show", "1.0.0"])).exits(0).out, notes);
    for (wanted, words) in [
        (
            &["show", "1.5.0", "--package", "a"][..],
            &["the changelog a/CHANGELOG.md of `a` has no section for 1.5.0", "nearest version is 1.0.0"][..],
        ),
        (
            &["show", "0.1.0"],
            &["no section for 0.1.0 in a/CHANGELOG.md, b/CHANGELOG.md", "nearest version is 0.9.0 in a/CHANGELOG.md"],
        ),
        (&["show", "b-v1.0.0"], &["the changelog b/CHANGELOG.md of `b` does not exist"]),
        (&["show", "c-v1.0.0"], &["`c-v1.0.0` is neither a version nor a tag"]),
        (&["show", "1.0.0", "-p", "c"], &["package `c` not found"]),
    ] {
        repo.idle(&args(wanted)).exits(2).says(words);
    }
    repo.commit(&[("b/CHANGELOG.md", "# C\n\n## 1.0.0\n")]);
    repo.idle(&args(&["show", "1.0.0"])).exits(2).says(&["`a`, `b` have a section for 1.0.0", "--package a"]);
    repo.idle(&args(&["show", "b-v1.0.0"])).exits(0).says(&["the section at b/CHANGELOG.md:3 is empty"]);
}

#[test]
fn fragments_are_put_under_unreleased() {
    let repo = two("", &FRAGMENTS);
    repo.idle(&args(&["assemble", "a"])).exits(4).says(&["the change was not confirmed"]);
    let shown = repo.idle(&args(&["assemble", "a", "--dry-run"])).exits(0).out.clone();
    for part in [
        "+### Added\n+\n+- New.\n",
        "+- Both.\n",
        "delete a/changelog.d/new.added.md\n",
        "-packages: [a, b]\n+packages: [b]\n",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.relman(&args(&["assemble", "a", "--yes"])).exits(0).says(&["added 2 entries to 1 changelog"]);
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), head);
    let unreleased = "## [Unreleased]\n\nBy hand.\n\n### Added\n\n- New.\n\n### Fixed\n\n- Old.\n- Both.\n\n## [1.0.0]";
    let text = repo.read("a/CHANGELOG.md").unwrap();
    assert_eq!(text, LOG.replace("## [Unreleased]\n\nBy hand.\n\n### Fixed\n\n- Old.\n\n## [1.0.0]", unreleased));
    assert_eq!(repo.read("a/changelog.d/new.added.md"), None);
    assert_eq!(repo.read("a/changelog.d/both.fixed.md").unwrap(), "---\npackages: [b]\n---\n- Both.\n");
    repo.idle(&args(&["assemble", "a", "--yes"])).exits(5).says(&["no fragments found"]);
    repo.relman(&args(&["assemble", "--yes"])).exits(0);
    assert!(repo.read("b/CHANGELOG.md").unwrap().ends_with("## [Unreleased]\n\n### Fixed\n\n- Both.\n"));
    assert_eq!(repo.read("a/changelog.d/both.fixed.md"), None);
}

#[test]
fn a_release_after_assembling_writes_the_same() {
    let released = |assemble: bool, config: &str| {
        let repo = two(config, &FRAGMENTS);
        if assemble {
            repo.relman(&args(&["assemble", "--yes"])).exits(0);
            repo.commit(&[]);
        }
        repo.relman(&["bump", "--all", "minor", "--yes", DATE[0], DATE[1]]).exits(0);
        (repo.read("a/CHANGELOG.md"), repo.read("b/CHANGELOG.md"))
    };
    for config in ["", "placeholder = \"_Nothing yet._\"\n", "types = { fixed = \"Bugs\", added = \"News\" }\n"] {
        assert_eq!(released(true, config), released(false, config), "{config}");
    }
}

#[test]
fn a_changelog_of_several_packages_keeps_its_fragments() {
    let config =
        "[workspace]\nmembers = [\"*\"]\n[changelog]\npath = \"CHANGELOG.md\"\nheading = \"## {name} {version}\"\n";
    let (a, b) = (manifest("a"), manifest("b"));
    let files = [("relman.toml", config), ("a/package.json", &a), ("b/package.json", &b)];
    let repo = Repo::with(&files);
    repo.commit(&[("changelog.d/x.added.md", "- X.\n")]);
    repo.idle(&args(&["assemble", "--yes"])).exits(2).says(&["is kept for `a`, `b`"]);
    let value = preview(&repo, &["--as", "minor"]);
    let headings: Vec<&str> =
        value["packages"].as_array().unwrap().iter().map(|p| p["heading"].as_str().unwrap()).collect();
    assert_eq!(headings, ["## a 1.1.0", "## b 1.1.0"]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_taken_back() {
    use std::os::unix::fs::PermissionsExt;
    let repo = two("", &FRAGMENTS);
    let folder = repo.root().join("a/changelog.d");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    // Whoever may write everywhere is stopped by nothing.
    if std::fs::write(folder.join("probe"), "").is_err() {
        repo.idle(&args(&["assemble", "--yes"])).exits(1);
    }
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn without_history_the_preview_knows_no_version() {
    let repo = two("", &FRAGMENTS);
    let (from, to) = (format!("file://{}", repo.root().display()), repo.outside().join("clone"));
    repo.git(&["clone", "-q", "--depth", "1", "--no-tags", &from, to.to_str().unwrap()]);
    let ran = repo.relman_with(&to, &args(&["preview", "a"]), &[]);
    ran.exits(0).says(&["this clone is shallow", "so the next versions cannot be computed"]);
    assert!(ran.out.starts_with("## [Unreleased]\n\nBy hand.\n\n### Added\n\n- New.\n"), "{}", ran.out);
    repo.relman_with(&to, &args(&["preview", "a", "--as", "minor:alpha"]), &[])
        .exits(0)
        .says(&["## [1.1.0-alpha.1] - "]);
    let unborn = Repo::new();
    for (path, text) in
        [("relman.toml", CONFIG), ("a/package.json", &manifest("a")), ("b/package.json", &manifest("b"))]
    {
        unborn.write(path, text);
    }
    unborn.write("a/changelog.d/x.added.md", "- X.\n");
    assert_eq!(unborn.idle(&args(&["preview"])).exits(0).out, "## [Unreleased]\n\n### Added\n\n- X.\n");
    unborn.relman(&args(&["assemble", "--yes"])).exits(0);
    assert!(unborn.read("a/CHANGELOG.md").unwrap().ends_with("## [Unreleased]\n\n### Added\n\n- X.\n"));
}

/// Kills the command at many instants of its run; what is there afterwards is finished or taken back.
#[test]
fn no_entry_is_lost_where_assembling_is_killed() {
    let entry = |n: usize| format!("- Entry {n}.\n");
    let fragments: Vec<(String, String)> = (0..50).map(|n| (format!("a/changelog.d/{n}.added.md"), entry(n))).collect();
    let files: Vec<(&str, &str)> = fragments.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = two("", &files);
    let assemble = args(&["assemble", "--yes"]);
    let start = std::time::Instant::now();
    repo.relman(&assemble).exits(0);
    let whole = start.elapsed();
    for step in 0..=24 {
        repo.git(&["checkout", "-q", "--", "."]);
        let mut child = repo.command(repo.root(), &assemble, &[]).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * step / 24);
        // One that has ended already cannot be killed.
        let _ = child.kill();
        child.wait().unwrap();
        let pending = repo.root().join(".git/relman/journal.json").exists();
        if pending {
            repo.idle(&assemble).exits(6);
            repo.relman(&[if step % 2 == 0 { "resume" } else { "abort" }]).exits(0);
        }
        let log = repo.read("a/CHANGELOG.md").unwrap();
        for (n, (path, _)) in fragments.iter().enumerate() {
            let told = log.matches(&entry(n)).count();
            assert_eq!(told + usize::from(repo.read(path).is_some()), 1, "{path} at step {step}");
        }
        let left = repo.git(&["status", "--porcelain"]).lines().count();
        assert!(left == 0 || left == 51, "all or nothing, not {left}, at step {step}");
    }
}

fn counted<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for text in texts {
        *counts.entry(text.to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn many_fragments_are_each_shown_and_put_once() {
    let types = ["added", "changed", "deprecated", "removed", "fixed", "security"];
    let count = stress::size(90, 800);
    let fragments: Vec<(String, String)> = (0..count)
        .map(|n| {
            // Some say the same, as real ones do.
            let text = format!("- Change {} of `x`.\n  With a second line.", n / 3);
            (format!("a/changelog.d/{n}.{}.md", types[n % 6]), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = fragments.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = two("", &files);
    let value = preview(&repo, &["a"]);
    let groups = value["packages"][0]["groups"].as_array().unwrap();
    let entries = groups.iter().flat_map(|group| group["entries"].as_array().unwrap());
    let texts: Vec<&str> =
        entries.filter(|entry| !entry["slug"].is_null()).map(|e| e["text"].as_str().unwrap()).collect();
    let expected = counted(files.iter().map(|(_, text)| *text));
    assert_eq!(counted(texts.into_iter()), expected);
    let in_text = |text: &str| {
        let section = text.split("## [1.0.0]").next().unwrap();
        let entries: Vec<String> = section
            .split("\n- ")
            .skip(1)
            .map(|e| format!("- {}", e.split("\n\n").next().unwrap().trim_end()))
            .collect();
        counted(entries.iter().map(String::as_str).filter(|entry| *entry != "- Old."))
    };
    assert_eq!(in_text(value["packages"][0]["text"].as_str().unwrap()), expected);
    repo.relman(&args(&["assemble", "a", "--yes"])).exits(0).says(&[&format!("added {count} entries to 1 changelog")]);
    assert_eq!(in_text(&repo.read("a/CHANGELOG.md").unwrap()), expected);
    assert_eq!(std::fs::read_dir(repo.root().join("a/changelog.d")).map_or(0, Iterator::count), 0);
}

#[test]
fn status_shows_what_a_release_would_write() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\npath = \"a\"\n[changelog]\n"),
        ("a/package.json", "{\"name\": \"a\", \"version\": \"1.0.0\"}\n"),
        ("a/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-02\n\n- All of it.\n"),
    ]);
    repo.git(&["tag", "a-v1.0.0"]);
    repo.write("a/changelog.d/boats.added.md", "- Boats.\n");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "-m", "feat: boats"]);
    let shown = repo.relman(&["status", "--diff"]);
    shown.exits(0).says(&["a/CHANGELOG.md", "+## [1.1.0] - ", "+- Boats.", "delete a/changelog.d/boats.added.md"]);
    shown.says(&["-{\"name\": \"a\", \"version\": \"1.0.0\"}", "+{\"name\": \"a\", \"version\": \"1.1.0\"}"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}
