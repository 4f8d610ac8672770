//! Lock files that repeat what packages of the workspace say: those of pnpm and Poetry.

use crate::support::repo::Repo;

const LIB: &str = "{ \"name\": \"lib\", \"version\": \"1.2.0\" }\n";
const APP: &str = "{ \"name\": \"app\", \"version\": \"0.5.0\",\n  \"dependencies\": { \"lib\": \"^1.2.0\", \"odd\": \"^1.2.0\" } }\n";
const ROOT: &str = "{ \"private\": true, \"devDependencies\": { \"lib\": \"workspace:~1.2.0\" } }\n";
const PNPM_LOCK: &str = "lockfileVersion: '9.0'\r\nimporters:\r\n  .:\r\n    devDependencies:\r\n      lib:\r\n        specifier: workspace:~1.2.0\r\n        version: link:p/lib\r\n\
    \x20 p/app:\r\n    dependencies:\r\n      lib:\r\n        specifier: ^1.2.0 # 1.2.0\r\n        version: link:../lib\r\n      odd:\r\n        specifier: ^1.2.0\r\n        version: 1.2.0\r\n  p/lib: {}";

#[test]
fn ranges_in_pnpm_lock_follow_those_of_package_json() {
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("package.json", ROOT),
        ("pnpm-lock.yaml", PNPM_LOCK),
        ("p/lib/package.json", LIB),
        ("p/app/package.json", APP),
    ]);
    repo.idle(&["check"]).exits(0);
    let plan = repo.idle(&["bump", "-n", "--json", "-p", "lib", "major"]);
    let expected = [
        "p/app/package.json:1 0.5.0 0.5.1",
        "p/app/package.json:2 ^1.2.0 ^2.0.0",
        "p/lib/package.json:1 1.2.0 2.0.0",
        "package.json:1 ~1.2.0 ~2.0.0",
        "pnpm-lock.yaml:11 ^1.2.0 ^2.0.0",
        "pnpm-lock.yaml:6 ~1.2.0 ~2.0.0",
    ];
    let mut slots = plan.exits(0).slots();
    slots.sort();
    assert_eq!(slots, expected);
    repo.relman(&["bump", "-y", "-p", "lib", "major"]).exits(0);
    let expected = PNPM_LOCK.replace("~1.2.0", "~2.0.0").replace("^1.2.0 #", "^2.0.0 #");
    assert_eq!(repo.read("pnpm-lock.yaml"), Some(expected));
    repo.idle(&["check"]).exits(0);
}

#[test]
fn entries_in_poetry_lock_follow_their_packages() {
    let core = "[tool.poetry]\nname = \"core\"\nversion = \"0.4.0\"\n";
    let app = "[tool.poetry]\nname = \"app\"\nversion = \"1.0.0\"\n[tool.poetry.dependencies]\ncore = {path = \"../core\", develop = true}\n";
    let lock = "[[package]]\nname = \"certifi\"\nversion = \"0.4.0\"\n\n[[package]]\nname = \"core\"\nversion = \"0.4.0\"\ndevelop = true\n\n\
        [package.source]\ntype = \"directory\"\nurl = \"../core\"\n\n[metadata]\nlock-version = \"2.1\"\n";
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("p/core/pyproject.toml", core),
        ("p/app/pyproject.toml", app),
        ("p/app/poetry.lock", lock),
    ]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "core", "minor", "alpha"]).exits(0);
    let expected = lock.replace("0.4.0\"\ndevelop", "0.5.0a1\"\ndevelop");
    assert_eq!(repo.read("p/app/poetry.lock").as_deref(), Some(expected.as_str()));
    repo.idle(&["check"]).exits(0);
    repo.commit(&[("p/app/poetry.lock", lock)]);
    let findings = ["lock-drift p/app/poetry.lock:7:12 0.4.0 0.5.0a1"];
    assert_eq!(repo.idle(&["check", "--json"]).exits(3).problems(), findings);
}
