//! Requirements of packages on each other: which follow, how they are written, and who is released with them.

use crate::support::program::Ran;
use crate::support::texts::Texts;

#[track_caller]
fn plan(repo: &Texts, args: &[&str]) -> Ran {
    let mut all = vec!["bump", "-n", "--json"];
    all.extend(args);
    let ran = repo.idle(&all);
    ran.exits(0);
    ran
}

fn with(config: &str, files: &[(&str, &str)]) -> Texts {
    let config = format!("[workspace]\nmembers = [\"p/*\"]\n{config}");
    Texts::with(&[&[("relman.toml", config.as_str())], files].concat())
}

const LIB: (&str, &str) = ("p/lib/package.json", "{ \"name\": \"lib\", \"version\": \"1.2.0\" }\n");
const APP: (&str, &str) = (
    "p/app/package.json",
    "{\n  \"name\": \"app\",\n  \"version\": \"0.5.0\",\n  \"dependencies\": { \"lib\": \"^1.2.0\" }\n}\n",
);

#[test]
fn out_of_range_is_the_default() {
    let repo = with("", &[LIB, APP]);
    assert_eq!(plan(&repo, &["-p", "lib", "minor"]).bumps(), ["lib 1.2.0 1.3.0"]);
    let ran = plan(&repo, &["-p", "lib", "major"]);
    assert_eq!(ran.bumps(), ["app 0.5.0 0.5.1", "lib 1.2.0 2.0.0"]);
    assert_eq!(ran.reasons(), ["app dependent lib", "lib requested"]);
    let slots =
        ["p/app/package.json:3 0.5.0 0.5.1", "p/app/package.json:4 ^1.2.0 ^2.0.0", "p/lib/package.json:1 1.2.0 2.0.0"];
    assert_eq!(ran.slots(), slots);
    repo.relman(&["bump", "-y", "-p", "lib", "major"]).exits(0);
    repo.idle(&["check"]).exits(0);
}

#[test]
fn always_and_never_and_by_kind() {
    let repo = with("[dependents]\npolicy = \"always\"\n", &[LIB, APP]);
    let ran = plan(&repo, &["-p", "lib", "patch"]);
    assert_eq!(ran.bumps(), ["app 0.5.0 0.5.1", "lib 1.2.0 1.2.1"]);
    assert!(ran.slots().contains(&"p/app/package.json:4 ^1.2.0 ^1.2.1".to_owned()));
    let repo = with("[dependents]\npolicy = \"never\"\n", &[LIB, APP]);
    assert_eq!(plan(&repo, &["-p", "lib", "major"]).bumps(), ["lib 1.2.0 2.0.0"]);
    repo.relman(&["bump", "-y", "-p", "lib", "major"]).exits(0);
    repo.idle(&["check"]).exits(0);
    let dev = APP.1.replace("\"dependencies\"", "\"devDependencies\"");
    let repo = with("[dependents]\nkinds = { dev = \"never\" }\n", &[LIB, (APP.0, &dev)]);
    assert_eq!(plan(&repo, &["-p", "lib", "major"]).bumps(), ["lib 1.2.0 2.0.0"]);
}

#[test]
fn levels_of_dependents() {
    let repo = with("[dependents]\nlevel = \"none\"\n", &[LIB, APP]);
    let ran = plan(&repo, &["-p", "lib", "major"]);
    assert_eq!(ran.bumps(), ["lib 1.2.0 2.0.0"]);
    assert_eq!(ran.slots(), ["p/app/package.json:4 ^1.2.0 ^2.0.0", "p/lib/package.json:1 1.2.0 2.0.0"]);
    assert_eq!(ran.tags(), ["lib-v2.0.0"]);
    let repo = with("[dependents]\nlevel = \"minor\"\n", &[LIB, APP]);
    assert_eq!(plan(&repo, &["-p", "lib", "major"]).bumps()[0], "app 0.5.0 0.6.0");
}

#[test]
fn a_prerelease_is_followed_by_a_prerelease() {
    let repo = with("", &[LIB, APP]);
    let ran = plan(&repo, &["-p", "lib", "major", "beta"]);
    assert_eq!(ran.bumps(), ["app 0.5.0 0.5.1-beta.1", "lib 1.2.0 2.0.0-beta.1"]);
    repo.relman(&["bump", "-y", "-p", "lib", "major", "beta"]).exits(0);
    repo.idle(&["check"]).exits(0);
    // The caret of a prerelease admits the ones that follow.
    assert_eq!(plan(&repo, &["-p", "lib", "beta"]).bumps(), ["lib 2.0.0-beta.1 2.0.0-beta.2"]);
}

#[test]
fn cascades_go_through_packages_and_groups() {
    let top = "{ \"name\": \"top\", \"version\": \"3.0.0\", \"dependencies\": { \"app\": \"0.5.0\" } }\n";
    let mate = "{ \"name\": \"mate\", \"version\": \"3.1.0\" }\n";
    let files = [LIB, APP, ("p/top/package.json", top), ("p/mate/package.json", mate)];
    let repo = with("[groups.g]\nfixed = [\"top\", \"mate\"]\n", &files);
    let ran = plan(&repo, &["-p", "lib", "major"]);
    assert_eq!(ran.bumps(), ["app 0.5.0 0.5.1", "lib 1.2.0 2.0.0", "mate 3.1.0 3.1.1", "top 3.0.0 3.1.1"]);
    assert_eq!(ran.reasons()[2..], ["mate fixed-group g", "top dependent app"]);
    // A circle ends.
    let circle = LIB.1.replace(" }", ", \"devDependencies\": { \"app\": \"0.5.0\" } }");
    let repo = with("", &[(LIB.0, &circle), APP]);
    assert_eq!(plan(&repo, &["-p", "lib", "major"]).bumps(), ["app 0.5.0 0.5.1", "lib 1.2.0 2.0.0"]);
}

#[test]
fn cargo_dependencies_with_path_and_version() {
    let manifest = "[package]\nname = \"b\"\nversion = \"1.0.0\"\n[dependencies]\na = { path = \"../a\", version = \"0.3\" }\nx = { workspace = true }\n\
                    [dev-dependencies.renamed]\npackage = \"a\"\npath = \"../a\"\nversion = \"~0.3.1\"\n[build-dependencies]\nserde = \"0.3\"\n";
    let repo = with(
        "",
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"p/*\"]\n[workspace.dependencies]\na = { path = \"p/a\", version = \"=0.3.1\" }\n",
            ),
            ("p/a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.3.1\"\n"),
            ("p/b/Cargo.toml", manifest),
        ],
    );
    let ran = plan(&repo, &["-p", "a", "minor"]);
    let expected = [
        "Cargo.toml:4 =0.3.1 =0.4.0",
        "p/a/Cargo.toml:3 0.3.1 0.4.0",
        "p/b/Cargo.toml:3 1.0.0 1.0.1",
        "p/b/Cargo.toml:5 0.3 0.4",
        "p/b/Cargo.toml:10 ~0.3.1 ~0.4.0",
    ];
    assert_eq!(ran.slots(), expected);
    // The workspace's own manifest belongs to no package: its requirement follows, nobody is released for it.
    let patch = plan(&repo, &["-p", "a", "patch"]);
    assert_eq!(patch.slots(), ["Cargo.toml:4 =0.3.1 =0.3.2", "p/a/Cargo.toml:3 0.3.1 0.3.2"]);
}

#[test]
fn what_a_cargo_workspace_shares_is_required_by_who_takes_it_over() {
    let root = "[workspace]\nmembers = [\"p/*\"]\n[workspace.dependencies]\ncore = { package = \"a\", path = \"p/a\", version = \"0.3\" }\n\
                a-alone = { package = \"e\", path = \"p/e\", version = \"0.1\" }\n";
    let crate_ = |name: &str, rest: &str| format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n{rest}");
    let files = [
        ("Cargo.toml".to_owned(), root.to_owned()),
        ("p/a/Cargo.toml".to_owned(), "[package]\nname = \"a\"\nversion = \"0.3.1\"\n".to_owned()),
        ("p/b/Cargo.toml".to_owned(), crate_("b", "[dependencies]\ncore.workspace = true\n")),
        ("p/c/Cargo.toml".to_owned(), crate_("c", "[dev-dependencies]\ncore = { workspace = true }\n")),
        ("p/d/Cargo.toml".to_owned(), crate_("d", "[dependencies]\ncore = { workspace = true, optional = true }\n")),
        ("p/e/Cargo.toml".to_owned(), crate_("e", "").replace("1.0.0", "0.1.0")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = with("[dependents]\nkinds = { dev = \"never\", optional = \"always\" }\n", &files);
    let ran = plan(&repo, &["-p", "a", "minor"]);
    assert_eq!(ran.bumps(), ["a 0.3.1 0.4.0", "b 1.0.0 1.0.1", "d 1.0.0 1.0.1"]);
    assert_eq!(ran.reasons(), ["a requested", "b dependent a", "d dependent a"]);
    assert!(ran.slots().contains(&"Cargo.toml:4 0.3 0.4".to_owned()), "{:?}", ran.slots());
    // Nobody takes this one over: it follows, and nobody is released for it.
    assert_eq!(plan(&repo, &["-p", "e", "minor"]).slots(), ["Cargo.toml:5 0.1 0.2", "p/e/Cargo.toml:3 0.1.0 0.2.0"]);
    repo.relman(&["bump", "-y", "-p", "a", "minor"]).exits(0);
    repo.idle(&["check"]).exits(0);
    // One place is one finding, however many share it.
    repo.write("Cargo.toml", root);
    let found = repo.idle(&["check", "--json"]).json();
    assert_eq!(found["findings"].as_array().unwrap().len(), 1, "{found}");
}

#[test]
fn npm_ranges_and_their_copies_in_the_lock() {
    let lock = r#"{
  "name": "root", "lockfileVersion": 3,
  "packages": {
    "": { "name": "root", "workspaces": ["p/*"], "dependencies": { "lib": "^1.2.0" } },
    "node_modules/lib": { "resolved": "p/lib", "link": true },
    "node_modules/x/node_modules/lib": { "version": "1.2.0", "resolved": "https://registry.npmjs.org/lib/-/lib-1.2.0.tgz" },
    "p/app": { "name": "app", "version": "0.5.0", "dependencies": { "lib": "^1.2.0" } },
    "p/lib": { "name": "lib", "version": "1.2.0" }
  }
}
"#;
    let root = "{ \"name\": \"root\", \"private\": true, \"workspaces\": [\"p/*\"],\n  \"dependencies\": { \"lib\": \"^1.2.0\", \"app\": \"workspace:*\" } }\n";
    let repo = with("", &[LIB, APP, ("package.json", root), ("package-lock.json", lock)]);
    repo.idle(&["check"]).exits(0);
    let ran = plan(&repo, &["-p", "lib", "major"]);
    let expected = [
        "p/app/package.json:3 0.5.0 0.5.1",
        "p/app/package.json:4 ^1.2.0 ^2.0.0",
        "p/lib/package.json:1 1.2.0 2.0.0",
        "package-lock.json:4 ^1.2.0 ^2.0.0",
        "package-lock.json:7 0.5.0 0.5.1",
        "package-lock.json:7 ^1.2.0 ^2.0.0",
        "package-lock.json:8 1.2.0 2.0.0",
        "package.json:2 ^1.2.0 ^2.0.0",
    ];
    assert_eq!(ran.slots(), expected);
    repo.relman(&["bump", "-y", "-p", "lib", "major"]).exits(0);
    repo.idle(&["check"]).exits(0);
    assert!(repo.read("package-lock.json").unwrap().contains("lib-1.2.0.tgz"));
}

#[test]
fn specifiers_and_their_copies_in_uv_lock() {
    let lock = r#"version = 1
requires-python = ">=3.12"

[[package]]
name = "app"
version = "0.5.0"
source = { editable = "p/app" }
dependencies = [
    { name = "my-lib" },
]

[package.metadata]
requires-dist = [{ name = "my-lib", editable = "p/lib", specifier = ">=1.2,<2" }]

[[package]]
name = "my-lib"
version = "1.2.0"
source = { editable = "p/lib" }

[[package]]
name = "other"
version = "1.2.0"
source = { registry = "https://pypi.org/simple" }
"#;
    let repo = with(
        "",
        &[
            ("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"p/*\"]\n"),
            ("uv.lock", lock),
            ("p/lib/pyproject.toml", "[project]\nname = \"My_Lib\"\nversion = \"1.2.0\"\n"),
            (
                "p/app/pyproject.toml",
                "[project]\nname = \"app\"\nversion = \"0.5.0\"\ndependencies = [\"my-lib[x]>=1.2,<2 ; python_version > '3'\"]\n",
            ),
        ],
    );
    repo.idle(&["check"]).exits(0);
    let ran = plan(&repo, &["-p", "My_Lib", "major"]);
    let expected = [
        "p/app/pyproject.toml:3 0.5.0 0.5.1",
        "p/app/pyproject.toml:4 >=1.2,<2 >=1.2,<3",
        "p/lib/pyproject.toml:3 1.2.0 2.0.0",
        "uv.lock:6 0.5.0 0.5.1",
        "uv.lock:13 >=1.2,<2 >=1.2,<3",
        "uv.lock:17 1.2.0 2.0.0",
    ];
    assert_eq!(ran.slots(), expected);
    let pre = plan(&repo, &["-p", "My_Lib", "major", "alpha"]);
    assert!(pre.slots().contains(&"uv.lock:17 1.2.0 2.0.0a1".to_owned()), "{:?}", pre.slots());
}

#[test]
fn chart_dependencies() {
    let repo = with(
        "",
        &[
            ("p/common/Chart.yaml", "apiVersion: v2\nname: common\nversion: 0.1.0\n"),
            (
                "p/app/Chart.yaml",
                "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n  - name: common\n    version: ~0.1.0\n    repository: file://../common\n  - name: postgresql\n    version: 0.1.0\n    repository: https://example.com\n",
            ),
        ],
    );
    let ran = plan(&repo, &["-p", "common", "minor"]);
    let expected =
        ["p/app/Chart.yaml:3 1.0.0 1.0.1", "p/app/Chart.yaml:6 ~0.1.0 ~0.2.0", "p/common/Chart.yaml:3 0.1.0 0.2.0"];
    assert_eq!(ran.slots(), expected);
}

#[test]
fn a_name_of_another_ecosystem_and_a_published_name() {
    let native = "[package]\nname = \"polars-core\"\nversion = \"1.0.0\"\n";
    let frontend = "[project]\nname = \"polars\"\nversion = \"1.0.0\"\ndependencies = [\"polars-runtime==1.0.0\", \"polars-core==1.0.0\"]\n";
    let config = "[packages.core]\npath = \"core\"\nnames = [\"python:polars-runtime\"]\n";
    let repo = with(config, &[("core/Cargo.toml", native), ("p/py/pyproject.toml", frontend)]);
    let ran = plan(&repo, &["-p", "core", "minor"]);
    // The crate's own name is none of Python's.
    let expected =
        ["core/Cargo.toml:3 1.0.0 1.1.0", "p/py/pyproject.toml:3 1.0.0 1.0.1", "p/py/pyproject.toml:4 ==1.0.0 ==1.1.0"];
    assert_eq!(ran.slots(), expected);
}

#[test]
fn a_manifest_without_a_version_holds_requirements() {
    let private = "{ \"name\": \"site\", \"private\": true,\n  \"dependencies\": { \"lib\": \"1.2.0\" } }\n";
    let repo = with("", &[LIB, ("p/site/package.json", private)]);
    let ran = plan(&repo, &["minor"]);
    assert_eq!(ran.slots(), ["p/lib/package.json:1 1.2.0 1.3.0", "p/site/package.json:2 1.2.0 1.3.0"]);
    assert_eq!(ran.bumps(), ["lib 1.2.0 1.3.0"]);
}
