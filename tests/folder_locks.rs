//! Lock files that repeat what packages of the workspace say: those of pnpm, Yarn, Bun, Deno, Poetry and Helm.

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

/// The hashes are those of Poetry 2.5.1 before and after the requirement follows.
#[test]
fn the_content_hash_of_poetry_lock_follows_the_manifest() {
    let core = "[project]\nname = \"core\"\nversion = \"0.4.0\"\n";
    let app = "[project]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"core>=0.4,<0.5\"]\n";
    let lock = |hash: &str| format!("package = []\n\n[metadata]\nlock-version = \"2.1\"\ncontent-hash = \"{hash}\"\n");
    let files = |hash: &str| {
        Repo::with(&[
            ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
            ("p/core/pyproject.toml", core),
            ("p/app/pyproject.toml", app),
            ("p/app/poetry.lock", &lock(hash)),
        ])
    };
    let (old, new) = (
        "91407135a6c73ce223700341750c40ef884853a5f1c732ed13ab0847879f460b",
        "026012bf7617e3ade33ebbaab58a5e775b1174d850a01b8e119ef373ca0855c1",
    );
    let repo = files(old);
    repo.relman(&["bump", "-y", "-p", "core", "minor"]).exits(0);
    assert!(repo.read("p/app/pyproject.toml").unwrap().contains("core>=0.4,<0.6"));
    assert_eq!(repo.read("p/app/poetry.lock"), Some(lock(new)));
    // One that was stale before is not touched, and reported.
    let repo = files(new);
    let bumped = repo.relman(&["bump", "-y", "-p", "core", "minor"]);
    bumped.exits(0).says(&["p/app/poetry.lock: its checksum did not fit pyproject.toml before and stays as it is"]);
    assert_eq!(repo.read("p/app/poetry.lock"), Some(lock(new)));
    // Its own version does not count.
    let repo = files(new);
    let bumped = repo.relman(&["bump", "-y", "-p", "app", "minor"]);
    bumped.exits(0);
    assert!(!format!("{}{}", bumped.out, bumped.err).contains("checksum"));
}

const UMBRELLA: &str = "apiVersion: v2\nname: umbrella\nversion: 1.2.3\ndependencies:\n- name: tides\n  repository: file://../tides\n  version: ~0.4.0\n";

#[test]
fn entries_and_digest_of_chart_lock_follow() {
    let tides = "apiVersion: v2\nname: tides\nversion: 0.4.0\n";
    let lock = |version: &str, digest: &str, time: &str| {
        format!(
            "dependencies:\r\n- name: tides\r\n  repository: file://../tides\r\n  version: {version}\r\ndigest: sha256:{digest}\r\ngenerated: \"{time}\"\r\n"
        )
    };
    let old = lock(
        "0.4.0",
        "6ce73b214213f74999c354565a7660ed2ea46e253036eb6419b1a984a1522551",
        "2024-05-06T07:08:09.123456789+02:00",
    );
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"charts/*\"]\n"),
        ("charts/tides/Chart.yaml", tides),
        ("charts/umbrella/Chart.yaml", UMBRELLA),
        ("charts/umbrella/Chart.lock", &old),
    ]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "tides", "--date", "2026-01-02", "minor"]).exits(0);
    let expected =
        lock("0.5.0", "761941489d9e7a4d40e85cc09d482665536f10de05cb6c5f0eae3c907bc2afac", "2026-01-02T00:00:00Z");
    assert_eq!(repo.read("charts/umbrella/Chart.lock"), Some(expected));
    assert!(repo.read("charts/umbrella/Chart.yaml").unwrap().contains("~0.5.0"));
    repo.idle(&["check"]).exits(0);
    repo.commit(&[(
        "charts/umbrella/Chart.lock",
        &lock("0.4.9", "761941489d9e7a4d40e85cc09d482665536f10de05cb6c5f0eae3c907bc2afac", "2024-05-06T07:08:09Z"),
    )]);
    let findings = ["lock-drift charts/umbrella/Chart.lock:4:12 0.4.9 0.5.0"];
    assert_eq!(repo.idle(&["check", "--json"]).exits(3).problems(), findings);
}

const YARN_LOCK: &str = "__metadata:\n  version: 8\n\n\"app@workspace:p/app\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:p/app\"\n  dependencies:\n    lib: \"npm:^1.2.0\"\n    odd: \"npm:^1.2.0\"\n\n\
    \"lib@npm:^1.2.0, lib@workspace:p/lib, lib@workspace:~1.2.0\":\n  version: 0.0.0-use.local\n  resolution: \"lib@workspace:p/lib\"\n\n\
    \"odd@npm:^1.2.0\":\n  version: 1.2.0\n  resolution: \"odd@npm:1.2.0\"\n\n\"root@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"root@workspace:.\"\n  dependencies:\n    lib: \"workspace:~1.2.0\"\n";

#[test]
fn keys_and_ranges_in_yarn_lock_follow_package_json() {
    let config = "[workspace]\nmembers = [\"p/*\"]\n";
    let files = [
        ("relman.toml", config),
        ("package.json", ROOT),
        ("yarn.lock", YARN_LOCK),
        ("p/lib/package.json", LIB),
        ("p/app/package.json", APP),
    ];
    let repo = Repo::with(&files);
    repo.idle(&["check"]).exits(0);
    let plan = repo.idle(&["bump", "-n", "--json", "-p", "lib", "major"]);
    let mut slots = plan.exits(0).slots();
    slots.retain(|slot| slot.starts_with("yarn.lock"));
    let expected = [
        "yarn.lock:11 lib@npm:^1.2.0 lib@npm:^2.0.0",
        "yarn.lock:11 lib@workspace:~1.2.0 lib@workspace:~2.0.0",
        "yarn.lock:23 ~1.2.0 ~2.0.0",
        "yarn.lock:8 ^1.2.0 ^2.0.0",
    ];
    slots.sort();
    assert_eq!(slots, expected);
    repo.relman(&["bump", "-y", "-p", "lib", "major"]).exits(0);
    let expected = YARN_LOCK.replace("~1.2.0", "~2.0.0").replace("    lib: \"npm:^1.2.0", "    lib: \"npm:^2.0.0");
    let expected = expected.replace("lib@npm:^1.2.0,", "lib@npm:^2.0.0,");
    assert_eq!(repo.read("yarn.lock"), Some(expected));
    repo.idle(&["check"]).exits(0);
    // Yarn's lock file does not tell which of them are of development, whose policy may be another one.
    let config = format!("{config}[dependents]\nkinds = {{ dev = \"never\" }}\n");
    let repo = Repo::with(&[&[("relman.toml", config.as_str())][..], &files[1..]].concat());
    repo.relman(&["bump", "-y", "-p", "lib", "major"]).exits(0);
    let lock = repo.read("yarn.lock").unwrap();
    assert!(lock.contains("\"lib@npm:^2.0.0, lib@workspace:p/lib, lib@workspace:~1.2.0\""), "{lock}");
}

#[test]
fn entries_in_bun_lock_follow_package_json() {
    let lock = "{\r\n  \"lockfileVersion\": 1,\r\n  \"workspaces\": {\r\n    \"\": { \"devDependencies\": { \"lib\": \"workspace:~1.2.0\", }, },\r\n\
        \x20   \"p/app\": { \"name\": \"app\", \"version\": \"0.5.0\", \"dependencies\": { \"lib\": \"^1.2.0\", \"odd\": \"^1.2.0\", }, },\r\n\
        \x20   \"p/lib\": { \"name\": \"lib\", \"version\": \"1.2.0\", },\r\n  },\r\n  \"packages\": { \"lib\": [\"lib@workspace:p/lib\"], },\r\n}\r\n";
    let files = [("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"), ("package.json", ROOT), ("bun.lock", lock)];
    let repo = Repo::with(&[&files[..], &[("p/lib/package.json", LIB), ("p/app/package.json", APP)]].concat());
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "lib", "major"]).exits(0);
    let expected = lock.replace("~1.2.0", "~2.0.0").replace("\"lib\": \"^1.2.0", "\"lib\": \"^2.0.0");
    let expected = expected.replace("\"1.2.0\"", "\"2.0.0\"").replace("0.5.0", "0.5.1");
    assert_eq!(repo.read("bun.lock"), Some(expected));
    repo.idle(&["check"]).exits(0);
    repo.commit(&[("bun.lock", lock)]);
    let findings = repo.idle(&["check", "--json"]).exits(3).problems();
    assert!(findings.contains(&"lock-drift bun.lock:6:43 1.2.0 2.0.0".to_owned()), "{findings:?}");
}

#[test]
fn ranges_in_deno_lock_follow_in_a_form_of_its_own() {
    let lock = "{\n  \"version\": \"5\",\n  \"workspace\": {\n    \"dependencies\": [\n      \"jsr:@x/lib@0.4\"\n    ],\n    \"members\": {\n\
        \x20     \"p/app\": { \"dependencies\": [\"jsr:@x/lib@0.4\", \"jsr:@x/odd@0.4\"] }\n    }\n  }\n}\n";
    let app = "{ // 0.4.0\n  \"name\": \"@x/app\", \"version\": \"1.0.0\",\n  \"imports\": { \"lib\": \"jsr:@x/lib@~0.4.0/sub\", \"odd\": \"jsr:@x/odd@^0.4.0\", },\n}\n";
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("deno.json", "{ \"workspace\": [\"p/*\"], \"imports\": { \"lib\": \"jsr:@x/lib@^0.4.0\" } }\n"),
        ("deno.lock", lock),
        ("p/lib/deno.json", "{ \"name\": \"@x/lib\", \"version\": \"0.4.0\" }\n"),
        ("p/app/deno.jsonc", app),
    ]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "@x/lib", "major"]).exits(0);
    // `^1.0.0` and `~1.0.0`, as short as they can be.
    let expected = lock.replace("lib@0.4\"\n", "lib@1\"\n").replace("lib@0.4\",", "lib@1.0\",");
    assert_eq!(repo.read("deno.lock"), Some(expected));
    let expected = app.replace("1.0.0\"", "1.0.1\"").replace("lib@~0.4.0", "lib@~1.0.0");
    assert_eq!(repo.read("p/app/deno.jsonc"), Some(expected));
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_follower_has_the_version_of_the_package_that_lists_it() {
    let lerna = "{\r\n\t\"version\": \"1.2.0\"\r\n}";
    let config =
        "[packages.lib]\nmanifests = [\"p/lib/package.json\", \"lerna.json\"]\n[packages.app]\npath = \"p/app\"\n";
    let repo = Repo::with(&[
        ("relman.toml", config),
        ("lerna.json", lerna),
        ("p/lib/package.json", LIB),
        ("p/app/package.json", "{ \"name\": \"app\", \"version\": \"0.5.0\" }\n"),
    ]);
    repo.relman(&["bump", "-y", "-p", "lib", "minor"]).exits(0);
    assert_eq!(repo.read("lerna.json"), Some(lerna.replace("1.2.0", "1.3.0")));
    repo.commit(&[("lerna.json", lerna)]);
    let findings = ["drift lerna.json:2:14 1.2.0 1.3.0"];
    assert_eq!(repo.idle(&["check", "--json"]).exits(3).problems(), findings);
}
