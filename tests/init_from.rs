//! `relman init` and the files of other tools: those that are there, and the one that was insisted on.

use crate::support::repo::Repo;

const CONFIG: &str = "{\n  \"fixed\": [[\"a\", \"b\"]],\n  \"access\": \"public\"\n}\n";

fn repo(config: &str) -> Repo {
    let repo = Repo::new();
    let manifest = |name: &str| format!("{{\"name\": \"{name}\", \"version\": \"1.2.3\"}}\n");
    let (a, b) = (manifest("a"), manifest("b"));
    repo.commit(&[("a/package.json", &a), ("b/package.json", &b), (".changeset/config.json", config)]);
    repo
}

#[test]
fn what_was_read_is_said() {
    let repo = repo(CONFIG);
    let ran = repo.idle(&["init", "--dry-run"]);
    ran.exits(0).says(&["read .changeset/config.json (changesets)", "fixed = [\"a\", \"b\"]"]);
    assert!(!ran.err.contains("fixed: [groups]"), "{}", ran.err);
    for args in [&["init", "--dry-run", "--from", "changesets"][..], &["-v", "init", "--dry-run"]] {
        repo.idle(args).exits(0).says(&["  fixed: [groups]", "  access: not taken over; publishing is left to"]);
    }
    assert_eq!(repo.idle(&["init", "-n", "--from", "changesets"]).out, ran.out);
}

#[test]
fn a_tool_has_to_be_known_and_its_files_there() {
    let repo = repo(CONFIG);
    let unknown = repo.idle(&["init", "-n", "--from", "changeset-s"]);
    unknown.exits(2).says(&["invalid value 'changeset-s'", "release-please", "a similar value exists: 'changesets'"]);
    let missing = repo.idle(&["init", "-n", "--from", "bump2version"]);
    missing.exits(2).says(&[
        "no file of bump-my-version was found",
        ".bumpversion.toml",
        "setup.cfg with [bumpversion",
    ]);
}

#[test]
fn a_broken_file_is_left_out_unless_it_is_insisted_on() {
    let repo = repo("{\n  \"fixed\": [[\"a\", \"b\"]\n}\n");
    let said = ".changeset/config.json:3:1: invalid JSON: found `}`, expected `,` or `]`";
    let ran = repo.idle(&["init", "-n"]);
    ran.exits(0).says(&[&format!("warning: {said}; it was left out")]);
    assert!(!ran.out.contains("[groups.suite]\nlinked"), "{}", ran.out);
    repo.idle(&["init", "-n", "--from", "changesets"])
        .exits(2)
        .says(&["invalid JSON: found `}`, expected `,` or `]`", ".changeset/config.json:3:1"]);
}

#[test]
fn the_changelog_of_one_package_is_not_that_of_its_group() {
    for kind in ["fixed", "linked"] {
        let repo = repo(&format!("{{ \"{kind}\": [[\"a\", \"b\"]] }}\n"));
        repo.commit(&[("a/CHANGELOG.md", "# Changelog\n\n## 1.2.3\n\n- One.\n")]);
        repo.git(&["tag", "a@1.2.3"]);
        repo.git(&["tag", "b@1.2.3"]);
        let ran = repo.idle(&["init", "--dry-run"]);
        ran.exits(0).says(&[&format!("{kind} = [\"a\", \"b\"]"), "[packages.a.changelog]"]);
        assert!(!ran.out.contains("\n[changelog]"), "{}", ran.out);
        repo.idle(&["status"]).exits(0);
    }
}

#[test]
fn a_component_of_release_please_has_its_own_tags_whatever_its_package_is_called() {
    for tagged in [true, false] {
        let repo = Repo::with(&[
            ("release-please-config.json", "{ \"packages\": { \"a\": { \"component\": \"aa\" }, \"b\": {} } }\n"),
            (".release-please-manifest.json", "{ \"a\": \"1.0.0\", \"b\": \"2.0.0\" }\n"),
            ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
            ("b/package.json", "{ \"name\": \"b\", \"version\": \"2.0.0\" }\n"),
        ]);
        repo.git(&["tag", "b-v2.0.0"]);
        if tagged {
            repo.git(&["tag", "aa-v1.0.0"]);
        }
        let status = repo.idle(&["status", "--json"]).exits(0).json();
        let tags: Vec<_> =
            status["packages"].as_array().unwrap().iter().map(|package| package["tag"].clone()).collect();
        let own = if tagged { serde_json::json!("aa-v1.0.0") } else { serde_json::Value::Null };
        assert_eq!(tags, [own, serde_json::json!("b-v2.0.0")]);
        let plan = repo.idle(&["bump", "-n", "--json", "-p", "a=minor"]);
        assert_eq!(plan.exits(0).tags(), ["aa-v1.1.0"]);
    }
}
