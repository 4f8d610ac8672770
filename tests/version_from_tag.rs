//! Packages whose version no file holds: `version = "tag"`.

use crate::support::repo::Repo;

const RELMAN: &str =
    "[packages.tool]\npath = \".\"\nversion = \"tag\"\n\n[packages.sub]\npath = \"sub\"\nversion = \"tag\"\n";
const MODULE: &str = "module example.com/acme/tool\n\ngo 1.22\n\nrequire example.com/acme/tool/sub v0.4.0 // indirect\n\nreplace example.com/acme/tool/sub => ./sub\n";
const SUB: &str = "module example.com/acme/tool/sub\n\ngo 1.22\n";

fn repo(relman: &str) -> Repo {
    let repo =
        Repo::with(&[("relman.toml", relman), ("go.mod", MODULE), ("sub/go.mod", SUB), ("main.go", "package main\n")]);
    for tag in ["v1.2.3", "sub/v0.4.0"] {
        repo.git(&["tag", "-a", "-m", tag, tag]);
    }
    repo
}

fn versions(repo: &Repo) -> Vec<String> {
    let status = repo.report(&["status"]).json();
    let row = |package: &serde_json::Value| {
        assert_eq!(package["manifests"], serde_json::json!([]));
        format!("{} {} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap(), package["tag"])
    };
    status["packages"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn tags_alone_hold_the_versions_of_go_modules() {
    let repo = repo(RELMAN);
    assert_eq!(versions(&repo), ["tool 1.2.3 \"v1.2.3\"", "sub 0.4.0 \"sub/v0.4.0\""]);
    repo.relman(&["check"]).exits(0);
    let head = repo.git(&["rev-parse", "HEAD"]);
    // No file changes: the tags are on HEAD.
    let done = repo.relman(&["bump", "-p", "tool=minor", "-p", "sub=patch", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["v1.3.0", "sub/v0.4.1"]);
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(repo.git(&["rev-parse", "v1.3.0^{commit}"]), head);
    assert_eq!(versions(&repo), ["tool 1.3.0 \"v1.3.0\"", "sub 0.4.1 \"sub/v0.4.1\""]);
    repo.relman(&["bump", "-p", "tool", "1.3.0", "-y"]).exits(4).says(&["tagged already"]);
    repo.relman(&["bump", "-p", "tool", "1.2.9", "-y"])
        .exits(4)
        .says(&["`tool` is at 1.3.0, which is higher than 1.2.9"]);
}

#[test]
fn auto_counts_from_the_tag_and_begins_at_the_initial_version() {
    let relman = RELMAN
        .replace("path = \"sub\"\nversion = \"tag\"\n", "path = \"sub\"\nversion = \"tag\"\ninitial = \"1.0.0\"\n");
    let repo = repo(&relman);
    repo.git(&["tag", "-d", "sub/v0.4.0"]);
    repo.commit(&[("main.go", "package main // x\n")]);
    assert_eq!(versions(&repo), ["tool 1.2.3 \"v1.2.3\"", "sub 1.0.0 null"]);
    // A requirement on a module that has no tags is not judged.
    repo.relman(&["check"]).exits(0);
    let plan = repo.report(&["plan", "--all", "auto"]);
    assert_eq!(plan.exits(0).bumps(), ["tool 1.2.3 1.3.0", "sub 1.0.0 1.0.0"]);
    repo.relman(&["bump", "--all", "auto", "-y"]).exits(0);
    assert_eq!(repo.tags(), ["sub/v1.0.0", "v1.2.3", "v1.3.0"]);
    repo.report(&["plan", "--all", "auto"]).exits(5);
}

#[test]
fn a_changelog_makes_a_commit_and_what_was_not_tagged_is_tagged_later() {
    let repo = repo(&format!("{RELMAN}\n[changelog]\nsources = [\"commits\"]\n"));
    repo.commit(&[("main.go", "package main // x\n")]);
    repo.relman(&["bump", "-p", "tool", "minor", "-y", "--no-tag"]).exits(0);
    assert!(repo.read("CHANGELOG.md").unwrap().contains("## [1.3.0]"));
    assert_eq!(repo.tags(), ["sub/v0.4.0", "v1.2.3"]);
    // The release commit says which version it made.
    let status = repo.report(&["status"]).json();
    assert_eq!(status["packages"][0]["version"], "1.3.0");
    repo.relman(&["tag", "-y"]).exits(0);
    assert_eq!(repo.tags(), ["sub/v0.4.0", "v1.2.3", "v1.3.0"]);
    assert!(repo.report(&["tag", "-n"]).tags().is_empty());
}

#[test]
fn a_requirement_in_go_mod_follows_as_its_policy_says() {
    let repo = repo(RELMAN);
    let plan = repo.report(&["plan", "-p", "sub", "minor"]);
    assert_eq!(plan.exits(0).bumps(), ["sub 0.4.0 0.5.0"]);
    let always = Repo::with(&[
        ("relman.toml", &format!("{RELMAN}\n[dependents]\npolicy = \"always\"\n")),
        ("go.mod", MODULE),
        ("sub/go.mod", SUB),
    ]);
    always.git(&["tag", "v1.2.3"]);
    always.git(&["tag", "sub/v0.4.0"]);
    let done = always.relman(&["bump", "-p", "sub", "minor", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["v1.2.4", "sub/v0.5.0"]);
    assert_eq!(always.read("go.mod").unwrap(), MODULE.replace("sub v0.4.0", "sub v0.5.0"));
    always.relman(&["check"]).exits(0);
    always.write("go.mod", &MODULE.replace("v0.4.0", "v0.9.0"));
    always.relman(&["check"]).exits(3).says(&["go.mod:5:35", "does not admit `sub` 0.5.0"]);
}

#[test]
fn the_path_of_a_module_ends_in_its_major_version() {
    let repo = repo(RELMAN);
    let refused = [
        "go.mod:1: the module path `example.com/acme/tool` is not that of `tool` 2.0.0",
        "expected `example.com/acme/tool/v2`",
    ];
    repo.relman(&["bump", "-p", "tool", "major", "-y"]).exits(4).says(&refused);
    repo.commit(&[("go.mod", &MODULE.replacen("tool\n", "tool/v2\n", 1))]);
    // What prepares the next major version is not a finding.
    repo.relman(&["check"]).exits(0);
    repo.relman(&["bump", "-p", "tool", "minor", "-y"]).exits(4).says(&["expected `example.com/acme/tool`"]);
    repo.relman(&["bump", "-p", "tool", "major", "-y"]).exits(0);
    assert!(repo.tags().contains(&"v2.0.0".to_owned()));
    repo.commit(&[("go.mod", MODULE)]);
    let report = repo.report(&["check"]);
    let found = &report.exits(3).json()["findings"][0];
    assert_eq!((&found["code"], &found["line"], &found["column"]), (&"module-path".into(), &1.into(), &8.into()));
    assert_eq!(found["expected"], "example.com/acme/tool/v2");
    // However many releases have broken the rule.
    for tag in ["v2.1.0", "v2.2.0", "v2.3.0"] {
        repo.git(&["tag", tag]);
    }
    repo.relman(&["check"]).exits(3);
    repo.relman(&["bump", "-p", "tool", "minor", "-y"]).exits(4).says(&["expected `example.com/acme/tool/v2`"]);
}

#[test]
fn a_fixed_group_takes_the_module_along() {
    let relman = "[packages.tool]\npath = \".\"\nversion = \"tag\"\n\n[packages.web]\npath = \"web\"\n\n[groups.all]\nfixed = [\"*\"]\ntag = \"v{version}\"\n";
    let repo = Repo::with(&[
        ("relman.toml", relman),
        ("go.mod", "module example.com/acme\n"),
        ("web/package.json", "{\"name\": \"web\", \"version\": \"1.2.3\"}\n"),
    ]);
    repo.git(&["tag", "v1.2.3"]);
    repo.relman(&["check"]).exits(0);
    let done = repo.relman(&["bump", "minor", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["v1.3.0"]);
    repo.relman(&["check"]).exits(0);
    repo.commit(&[("web/package.json", "{\"name\": \"web\", \"version\": \"1.4.0\"}\n")]);
    repo.relman(&["check"]).exits(0);
    repo.commit(&[("web/package.json", "{\"name\": \"web\", \"version\": \"1.2.9\"}\n")]);
    repo.relman(&["check"]).exits(3).says(&["`web` is at 1.2.9 and its fixed group `all` at 1.3.0"]);
}

#[test]
fn a_python_project_whose_version_is_computed() {
    let pyproject =
        "[project]\nname = \"Acme.Core\"\ndynamic = [\"version\"]\n\n[tool.hatch.version]\nsource = \"vcs\"\n";
    let app = "[project]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"acme-core>=1.0,<2\"]\n";
    let relman =
        "[packages.core]\npath = \"core\"\nversion = \"tag\"\ntag-prefix = \"v\"\n\n[packages.app]\npath = \"app\"\n";
    let repo = Repo::with(&[("relman.toml", relman), ("core/pyproject.toml", pyproject), ("app/pyproject.toml", app)]);
    repo.git(&["tag", "v1.0.0"]);
    let done = repo.relman(&["bump", "-p", "core", "major", "rc", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["v2.0.0rc1", "app-v1.0.1rc1"]);
    assert!(!repo.read("app/pyproject.toml").unwrap().contains("acme-core>=1.0,<2\""));
    assert_eq!(repo.read("core/pyproject.toml").unwrap(), pyproject);
}

#[test]
fn a_file_that_is_listed_for_its_version_is_a_contradiction() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.tool]\nmanifests = [\"go.mod\", \"VERSION\"]\nversion = \"tag\"\n"),
        ("go.mod", "module example.com/acme\n"),
        ("VERSION", "1.2.3\n"),
    ]);
    repo.relman(&["check"])
        .exits(2)
        .says(&["relman.toml:2:24", "`tool` has `version = \"tag\"`, but VERSION holds the version 1.2.3"]);
    let part = "[packages.tool]\nmanifests = [\"go.mod\", { path = \"README\", search = \"tool {major}.{minor} \" }]\nversion = \"tag\"\n";
    let repo =
        Repo::with(&[("relman.toml", part), ("go.mod", "module example.com/acme\n"), ("README", "tool 1.2 is here\n")]);
    repo.git(&["tag", "v1.2.3"]);
    repo.relman(&["bump", "minor", "-y"]).exits(0);
    assert_eq!(repo.read("README").unwrap(), "tool 1.3 is here\n");
    let without =
        Repo::with(&[("relman.toml", "[packages.tool]\npath = \".\"\n"), ("go.mod", "module example.com/acme\n")]);
    without
        .relman(&["check"])
        .exits(3)
        .says(&["`tool` has no place for its version: go.mod holds no version", "write version = \"tag\" for it"]);
}

const RECORD: &str = "{\n  \".\": \"1.2.3\",\n  \"sub\": \"0.4.0\",\n  \"gone\": \"7.0.0\"\n}\n";

#[test]
fn a_record_of_release_please_is_the_place_of_versions_that_no_manifest_holds() {
    let relman = RELMAN
        .replace("version = \"tag\"\n", "")
        .replace("[packages.sub]\n", "[packages.sub]\ntag-prefix = \"sub/v\"\n");
    let relman = relman.replacen("path = \".\"", "path = \".\"\ntag-prefix = \"v\"", 1);
    let files = [("go.mod", MODULE), ("sub/go.mod", SUB), (".release-please-manifest.json", RECORD)];
    let repo = Repo::with(&[&[("relman.toml", relman.as_str())][..], &files].concat());
    repo.git(&["tag", "v1.2.3"]);
    repo.git(&["tag", "sub/v0.4.0"]);
    repo.relman(&["check"]).exits(0);
    let status = repo.report(&["status"]).json();
    let place = &status["packages"][1]["manifests"][0];
    assert_eq!((&place["path"], &place["type"]), (&".release-please-manifest.json".into(), &"release-please".into()));
    assert_eq!((&place["line"], &place["version"]), (&3.into(), &"0.4.0".into()));
    let done = repo.relman(&["bump", "-p", "sub", "minor", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["sub/v0.5.0"]);
    assert_eq!(repo.read(".release-please-manifest.json").unwrap(), RECORD.replace("0.4.0", "0.5.0"));
    // The path of a module counts, whatever holds its version.
    repo.relman(&["bump", "-p", "tool", "major", "-y"]).exits(4).says(&["expected `example.com/acme/tool/v2`"]);
}

#[test]
fn a_record_of_release_please_follows_whatever_holds_the_version() {
    let npm = |version: &str| format!("{{\"name\": \"web\", \"version\": \"{version}\"}}\n");
    let relman = "[packages.web]\npath = \"web\"\n\n[packages.tool]\npath = \".\"\nversion = \"tag\"\n";
    let record = "{\".\": \"1.2.3\", \"web\": \"0.4.0\", \"docs\": \"1.0.0\"}\n";
    let repo = Repo::with(&[
        ("relman.toml", relman),
        ("go.mod", "module example.com/acme\n"),
        ("web/package.json", &npm("0.4.0")),
        (".release-please-manifest.json", record),
    ]);
    repo.git(&["tag", "v1.2.3"]);
    repo.git(&["tag", "web-v0.4.0"]);
    repo.relman(&["check"]).exits(0);
    let done = repo.relman(&["bump", "-p", "web=minor", "-p", "tool=patch", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["web-v0.5.0", "v1.2.4"]);
    let expected = record.replace("1.2.3", "1.2.4").replace("0.4.0", "0.5.0");
    assert_eq!(repo.read(".release-please-manifest.json").unwrap(), expected);
    assert_eq!(repo.read("web/package.json").unwrap(), npm("0.5.0"));
    repo.relman(&["check"]).exits(0);
    repo.write(".release-please-manifest.json", record);
    repo.relman(&["check"]).exits(3).says(&[
        "lock-drift",
        "`tool` is 1.2.3 here and 1.2.4 in its last tag",
        "`web` is 0.4.0 here",
    ]);
    repo.relman(&["check", "--fix"]).exits(0);
    assert_eq!(repo.read(".release-please-manifest.json").unwrap(), expected);
}

#[test]
fn a_folder_without_manifests_is_a_package_of_its_record() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.net]\npath = \"modules/net\"\ntag-prefix = \"net-v\"\n"),
        ("modules/net/main.tf", "# empty\n"),
        (".release-please-manifest.json", "{\"modules/net\": \"1.0.0\"}\n"),
    ]);
    let done = repo.relman(&["bump", "minor", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["net-v1.1.0"]);
    let listed = Repo::with(&[
        ("relman.toml", "[packages.net]\npath = \"net\"\nmanifests = [\".release-please-manifest.json\"]\n"),
        ("net/main.tf", "# empty\n"),
        (".release-please-manifest.json", "{\"other\": \"1.0.0\"}\n"),
    ]);
    listed.relman(&["check"]).exits(3).says(&["has no entry for `net`: none refers to its folder"]);
}

#[test]
fn a_shallow_clone_does_not_know_the_version() {
    let repo = repo(RELMAN);
    repo.commit(&[("main.go", "package main // x\n")]);
    let clone = repo.outside().join("shallow");
    let from = format!("file://{}", repo.root().display());
    repo.git_in(&repo.outside(), &["clone", "-q", "--depth", "1", &from, &clone.display().to_string()]);
    for command in [&["status"][..], &["status", "--no-history"], &["bump", "--all", "minor", "-n"]] {
        repo.relman_with(&clone, command, &[]).exits(2).says(&["lacks the last tag, if any, of", "tool"]);
    }
    repo.relman_with(&clone, &["check"], &[]).exits(0);
}

#[test]
fn a_release_that_leaves_no_trace_is_refused_and_one_that_was_taken_back_does_not_count() {
    let repo = repo(RELMAN);
    repo.relman(&["bump", "-p", "tool", "minor", "-y", "--no-tag"])
        .exits(2)
        .says(&["nothing would hold the new version of `tool`"]);
    let kept = repo_with_changelog();
    kept.commit(&[("main.go", "package main // x\n")]);
    kept.relman(&["bump", "-p", "tool", "minor", "-y", "--no-tag"]).exits(0);
    kept.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(kept.report(&["status"]).json()["packages"][0]["version"], "1.2.3");
}

fn repo_with_changelog() -> Repo {
    repo(&format!("{RELMAN}\n[changelog]\nsources = [\"commits\"]\n"))
}

#[test]
fn the_tags_of_a_module_count_from_the_top_of_the_repository() {
    let repo =
        Repo::with(&[("go/relman.toml", "[packages.m]\npath = \"m\"\nversion = \"tag\"\n"), ("go/m/go.mod", SUB)]);
    let done = repo.relman_with(&repo.root().join("go"), &["bump", "auto", "-y", "--json"], &[]);
    assert_eq!(done.exits(0).tags(), ["go/m/v0.1.0"]);
}

#[test]
fn init_pairs_tags_with_projects_whose_version_is_computed() {
    let python =
        |name: &str| format!("[project]\nname = \"{name}\"\ndynamic = [\"version\"]\n\n[tool.setuptools_scm]\n");
    let two = Repo::with(&[("a/pyproject.toml", &python("p-a")), ("b/pyproject.toml", &python("p-b"))]);
    two.git(&["tag", "v1.0.0"]);
    let wrote = two.relman(&["init", "--dry-run"]);
    assert!(
        wrote.exits(0).out.contains("manifests = [\"a/pyproject.toml\", \"b/pyproject.toml\"]\nversion = \"tag\""),
        "{}",
        wrote.out
    );
    // A private package.json beside the module is not the package.
    let docs = "{\"name\": \"docs\", \"private\": true, \"version\": \"0.0.0\"}\n";
    let beside = Repo::with(&[("go.mod", "module example.com/acme/tool\n"), ("package.json", docs)]);
    beside.git(&["tag", "v1.2.0"]);
    let wrote = beside.relman(&["init", "--dry-run"]);
    assert!(
        wrote.exits(0).out.contains("[packages.tool]\npath = \".\"   # go.mod\nversion = \"tag\""),
        "{}",
        wrote.out
    );
    beside.relman(&["check"]).exits(0);
    // Without any tag.
    let fresh = Repo::with(&[("go.mod", "module example.com/acme/tool\n")]);
    assert_eq!(fresh.report(&["status"]).json()["packages"][0]["version"], "0.1.0");
}
