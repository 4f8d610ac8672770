//! `relman init` on repositories of many kinds, and what works without a relman.toml.

use std::process::{Command, Output};
use std::sync::Arc;

use relman::config::Config;
use relman::model::RepoPath;

use super::support::repo::Repo;
use crate::support::stress;

fn relman(repo: &Repo, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relman"));
    command.args(args).current_dir(repo.root());
    for (name, value) in repo.env() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Writes relman.toml and returns it without comments and blank lines. It must parse, and `check` must say what it said without.
fn init(repo: &Repo) -> String {
    let before = relman(repo, &["check", "--json"]);
    let output = relman(repo, &["init"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = repo.read("relman.toml").unwrap();
    Config::parse(&RepoPath::new("relman.toml").unwrap(), &Arc::from(text.as_str())).unwrap();
    let after = relman(repo, &["check", "--json"]);
    assert_eq!((before.status.code(), stdout(&before)), (after.status.code(), stdout(&after)), "{text}");
    assert_eq!(after.status.code(), Some(0), "{text}\n{}{}", stdout(&after), stderr(&after));
    let lines = text.lines().map(|line| line.split_once("   # ").map_or(line, |(line, _)| line));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("branches = "));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    text.split("[dependents]\n").next().unwrap().to_owned()
}

fn tag(repo: &Repo, names: &[&str]) {
    for name in names {
        repo.git(&["tag", "-a", "-m", name, name]);
    }
}

const API: &str = "[project]\nname = \"trueppm-api\"\nversion = \"0.3.0-alpha.1\"\n";
const SCHEDULER: &str = "[project]\nname = \"trueppm-scheduler\"\nversion = \"0.3.0a1\"\n";

fn lock(name: &str) -> String {
    format!("version = 1\n\n[[package]]\nname = \"{name}\"\nversion = \"0.3.0a1\"\nsource = {{ editable = \".\" }}\n")
}

/// The monorepo that the project was made for.
fn suite() -> Repo {
    let repo = Repo::with(&[
        ("packages/api/pyproject.toml", API),
        ("packages/api/uv.lock", &lock("trueppm-api")),
        ("packages/scheduler/pyproject.toml", SCHEDULER),
        ("packages/scheduler/uv.lock", &lock("trueppm-scheduler")),
        ("packages/web/package.json", "{\n  \"name\": \"@trueppm/web\",\n  \"version\": \"0.3.0-alpha.1\"\n}\n"),
    ]);
    tag(&repo, &["v0.3.0-alpha.1", "scheduler-v0.3.0a1"]);
    repo
}

#[test]
fn one_version_in_two_spellings_under_two_tags() {
    let repo = suite();
    let expected = r#"[workspace]
[packages.platform]
manifests = [
  "packages/api/pyproject.toml",
  "packages/api/uv.lock",
  "packages/web/package.json",
]
scheme = "semver"
tag-prefix = "v"
[packages.scheduler]
path = "packages/scheduler"
scheme = "pep440"
tag-prefix = "scheduler-v"
[groups.suite]
fixed = ["platform", "scheduler"]
"#;
    assert_eq!(init(&repo), expected);
    assert_eq!(repo.git(&["status", "--porcelain"]), "?? relman.toml");
    let plan = stdout(&relman(&repo, &["bump", "--all", "alpha", "-n"]));
    for expected in ["tag     v0.3.0-alpha.2\n", "tag     scheduler-v0.3.0a2\n"] {
        assert!(plan.contains(expected), "{plan}");
    }
}

#[test]
fn reading_commands_work_without_a_file_and_writing_ones_do_not() {
    let repo = suite();
    for args in [&["status"][..], &["check"], &["check", "--staged"], &["bump", "--all", "alpha", "--dry-run"]] {
        let output = relman(&repo, args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("what `relman init` would write"), "{args:?}");
    }
    assert_eq!(relman(&repo, &["bump", "--all", "alpha", "--yes"]).status.code(), Some(2));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_file_that_is_there_stays() {
    let repo = suite();
    repo.write("relman.toml", "# mine\n");
    let output = relman(&repo, &["init"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("--- a/relman.toml\n+++ b/relman.toml\n@@ -1,1 +1,"));
    assert_eq!(repo.read("relman.toml").as_deref(), Some("# mine\n"));
    let printed = relman(&repo, &["init", "--dry-run"]);
    assert_eq!(printed.status.code(), Some(0));
    assert!(stdout(&printed).contains("[packages.scheduler]"));
    repo.write("difference", &stdout(&output));
    repo.git(&["apply", "difference"]);
    assert_eq!(repo.read("relman.toml"), Some(stdout(&printed)));
    let output = relman(&repo, &["init"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
}

#[test]
fn nothing_to_find_is_said() {
    for (files, expected) in [
        (
            &[("README.md", "# nothing\n")][..],
            "no Cargo.toml, pyproject.toml, package.json, deno.json, deno.jsonc, jsr.json, composer.json, pubspec.yaml, pom.xml, Chart.yaml or go.mod",
        ),
        (&[("package.json", "{\"private\": true}\n")], "holds a version"),
        (
            &[(
                "pyproject.toml",
                "[project]\nname = \"a\"\ndynamic = [\"version\"]\n[tool.hatch.version]\npath = \"x.py\"\n",
            )],
            "hatch computes it",
        ),
        (&[("examples/a/package.json", "{\"version\": \"1.0.0\"}\n")], "seems to contain samples"),
        (&[("package.json", "{")], "cannot be read"),
    ] {
        let repo = Repo::with(files);
        for command in ["init", "status", "check"] {
            let output = relman(&repo, &[command]);
            assert_eq!(output.status.code(), Some(2), "{files:?}");
            assert!(stderr(&output).contains(expected), "{}", stderr(&output));
        }
        assert_eq!(repo.read("relman.toml"), None);
    }
}

/// Files, tags, and what is proposed.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], &'a str);

const CARGO: &str = "[package]\nname = \"tool\"\nversion = \"1.2.3\" # here\n";

#[test]
fn repositories_of_one_package() {
    let cases: [Case<'_>; 7] = [
        (
            "a crate",
            &[("Cargo.toml", CARGO)],
            &["v1.2.3", "v1.2.2", "nightly"],
            "[workspace]\n[packages.tool]\npath = \".\"\ntag-prefix = \"v\"\n",
        ),
        (
            "a crate that is ahead of its tags",
            &[("Cargo.toml", CARGO)],
            &["1.1.0"],
            "[workspace]\n[packages.tool]\npath = \".\"\ntag-prefix = \"\"\n",
        ),
        (
            "a Cargo workspace whose crates inherit",
            &[
                ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"0.4.0\"\n"),
                ("crates/a/Cargo.toml", "[package]\nname = \"a\"\nversion.workspace = true\n"),
                ("crates/a/src/lib.rs", ""),
            ],
            &["v0.4.0"],
            "[workspace]\n[packages.a]\npath = \".\"\ntag-prefix = \"v\"\n",
        ),
        (
            "a chart with an application of its own",
            &[("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: \"16.4\"\n")],
            &["web-1.2.3"],
            "[workspace]\n[packages.web]\nmanifests = [{ path = \"Chart.yaml\", fields = [\"version\"] }]\ntag-prefix = \"web-\"\n",
        ),
        (
            "two manifests of one version",
            &[("Cargo.toml", CARGO), ("pyproject.toml", "[project]\nname = \"tool-py\"\nversion = \"1.2.3\"\n")],
            &["v1.2.3"],
            "[workspace]\n[packages.tool]\npath = \".\"\ntag-prefix = \"v\"\n",
        ),
        (
            "a version in a line of source",
            &[
                (
                    "pyproject.toml",
                    "[project]\nname = \"lib\"\ndynamic = [\"version\"]\n[tool.hatch.version]\npath = \"src/lib/__init__.py\"\n",
                ),
                ("src/lib/__init__.py", "\"\"\"Doc.\"\"\"\n__version__ = '1.0.0a1'\n"),
            ],
            &[],
            "[workspace]\ntag = \"{name}-v{version}\"\n[packages.lib]\nmanifests = [\n  { path = \"src/lib/__init__.py\", \
             search = \"__version__ = '{version}'\", scheme = \"pep440\" },\n  \"pyproject.toml\",\n]\nscheme = \"pep440\"\n",
        ),
        (
            "an application and the chart that deploys it",
            &[
                ("Chart.yaml", "apiVersion: v2\nname: app\nversion: 0.9.0\nappVersion: \"v1.2.3\"\n"),
                ("app/Cargo.toml", CARGO),
            ],
            &[],
            "[workspace]\ntag = \"{name}-v{version}\"\n[packages.app]\nmanifests = [{ path = \"Chart.yaml\", fields = [\"version\"] }]\n\
             [packages.tool]\npath = \"app\"\nmanifests = [\"app/Cargo.toml\", { path = \"Chart.yaml\", fields = [\"appVersion\"] }]\n",
        ),
    ];
    for (what, files, tags, expected) in cases {
        let repo = Repo::with(files);
        tag(&repo, tags);
        assert_eq!(init(&repo), expected, "{what}");
    }
}

fn npm(name: &str, version: &str) -> String {
    format!("{{\n  \"name\": \"{name}\",\n  \"version\": \"{version}\"\n}}\n")
}

#[test]
fn an_npm_workspace_with_scoped_names_and_tags() {
    let names = ["@scope/a", "@scope/b", "@scope/c", "@scope/d"];
    let repo =
        Repo::with(&[("package.json", "{\"private\": true, \"workspaces\": [\"packages/*\", \"examples/*\"]}\n")]);
    for (index, name) in names.iter().enumerate() {
        repo.write(&format!("packages/{}/package.json", &name[7..]), &npm(name, &format!("1.{index}.0")));
    }
    repo.write("examples/shop/package.json", &npm("shop", "0.3.0"));
    repo.write("docs/examples/x/package.json", &npm("x", "0.0.1"));
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "feat: packages"]);
    tag(&repo, &["@scope/a@1.0.0", "@scope/b@1.1.0", "@scope/c@1.2.0"]);
    let expected = "[workspace]\nmembers = [\"packages/*\"]\ntag = \"{name}@{version}\"\n";
    assert_eq!(init(&repo), expected);
    let text = repo.read("relman.toml").unwrap();
    assert!(text.contains("examples/shop/package.json: `examples` seems to contain samples"), "{text}");
}

#[test]
fn many_packages_under_one_tag_are_a_group() {
    let repo = Repo::new();
    for index in 0..12 {
        repo.write(&format!("packages/p{index}/package.json"), &npm(&format!("@s/p{index}"), "4.5.6"));
    }
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "feat: packages"]);
    tag(&repo, &["v4.5.5", "v4.5.6"]);
    assert_eq!(
        init(&repo),
        "[workspace]\nmembers = [\"packages/*\"]\n[groups.suite]\nfixed = [\"*\"]\ntag = \"v{version}\"\n"
    );
}

#[test]
fn packages_of_one_name_get_keys_of_their_own() {
    let repo = Repo::with(&[
        ("js/package.json", &npm("tool", "1.0.0")),
        ("rust/Cargo.toml", "[package]\nname = \"tool\"\nversion = \"2.0.0\"\n"),
        ("go tags/package.json", &npm("other one", "3.0.0")),
    ]);
    tag(&repo, &["rust/v2.0.0", "js/v1.0.0"]);
    let text = init(&repo);
    for expected in ["[packages.js]", "[packages.rust]", "tag = \"{name}/v{version}\""] {
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn many_packages_make_a_short_file() {
    let repo = Repo::new();
    let mut tags = String::new();
    for index in 0..stress::size(200, 2000) {
        repo.write(&format!("packages/g{}/p{index}/package.json", index % 40), &npm(&format!("p{index}"), "1.2.3"));
        tags.push_str(&format!("create refs/tags/p{index}-v1.2.3 HEAD\n"));
    }
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "feat: packages"]);
    std::fs::write(repo.outside().join("tags"), tags).unwrap();
    let input = std::fs::File::open(repo.outside().join("tags")).unwrap();
    let made =
        Command::new("git").args(["update-ref", "--stdin"]).current_dir(repo.root()).stdin(input).status().unwrap();
    assert!(made.success());
    let start = std::time::Instant::now();
    let output = relman(&repo, &["init", "--dry-run"]);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    let text = stdout(&output);
    assert!(text.lines().count() < 40, "{text}");
    assert!(text.contains("members = [\"packages/*/*\"]"), "{text}");
}

#[test]
fn the_crates_of_this_machine_are_not_needed() {
    let repo = Repo::with(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/a\"]\n"),
        ("crates/a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n"),
    ]);
    // The manifest has no target, so that cargo refuses it: what is read from the manifests is enough.
    let output = relman(&repo, &["init", "--dry-run"]);
    assert!(stderr(&output).contains("are read from its `members` alone"), "{}", stderr(&output));
    assert!(stdout(&output).contains("[packages.a]\n"), "{}", stdout(&output));
}

#[test]
fn a_repository_around_this_one_and_one_inside_do_not_count() {
    let repo = suite();
    let around = repo.outside();
    repo.git_in(&around, &["init", "-q", "."]);
    std::fs::write(around.join(".gitignore"), "*.json\nuv.lock\n").unwrap();
    let inside = repo.root().join("clones/other");
    std::fs::create_dir_all(&inside).unwrap();
    repo.git_in(&inside, &["init", "-q", "."]);
    repo.write("clones/other/package.json", &npm("other", "1.0.0"));
    repo.write(".gitignore", "/build\n");
    repo.write("build/package.json", &npm("built", "1.0.0"));
    let text = init(&repo);
    assert!(text.contains("packages/web/package.json") && text.contains("packages/api/uv.lock"), "{text}");
    assert!(!text.contains("clones") && !text.contains("build"), "{text}");
}

#[test]
fn the_sample_of_the_demo_is_found_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let repo = Repo::new();
    let target = folder.path().join("demo").display().to_string();
    assert_eq!(relman(&repo, &["demo", &target]).status.code(), Some(0));
    std::fs::remove_file(folder.path().join("demo/relman.toml")).unwrap();
    let text = stdout(&relman(&repo, &["-C", &target, "init", "--dry-run"]));
    for expected in
        ["[packages.platform]", "[packages.scheduler]", "[packages.importer]", "fixed = [\"platform\", \"scheduler\"]"]
    {
        assert!(text.contains(expected), "{text}");
    }
    let entry = text.split("[packages.scheduler]").nth(1).unwrap();
    assert!(entry.contains("\"packages/api/uv.lock\""), "{text}");
}
