//! How a new version is spelled in its places: behind a `v`, inside of a requirement, as it was typed, and in references of Cargo.lock.

use crate::support::repo::Repo;

#[test]
fn a_leading_v_stays_in_every_slot() {
    let config = "[packages.a]\npaths = [\"**\"]\nmanifests = [\n  \"package.json\", \"Chart.yaml\", \"VERSION\",\n\
                  { path = \"values.yaml\", pointer = \"/image/tag\" }, { path = \"x.json\", pointer = \"/v\" }, { path = \"x.toml\", pointer = \"/v\" },\n\
                  { path = \"README.md\", search = \"image: x:{version}\" }, { path = \"x.py\", search = '__version__ = \"{version}\"', scheme = \"pep440\" },\n]\n";
    let files = [
        ("package.json", "{ \"name\": \"a\", \"version\": \"v1.2.3\" }\n"),
        ("Chart.yaml", "name: a\nversion: v1.2.3\nappVersion: \"v1.2.3\"\n"),
        ("VERSION", "v1.2.3\n"),
        ("values.yaml", "image:\n  tag: v1.2.3   # v1.2.3\n"),
        ("x.json", "{ \"v\": \"V1.2.3\" }\n"),
        ("x.toml", "v = 'v1.2.3'\n"),
        ("README.md", "image: x:v1.2.3 and image: x:1.2.3, not image: x:vv1.2.3\n"),
        ("x.py", "__version__ = \"v1.2.3\"\n"),
    ];
    let repo = Repo::with(&[&[("relman.toml", config)], &files[..]].concat());
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "minor"]).exits(0);
    for (path, text) in files {
        let expected = text.replace("1.2.3   # v1.2.3", "1.3.0   # v1.2.3").replace(":v1.2.3 ", ":v1.3.0 ");
        let expected = match path {
            "values.yaml" => expected,
            "README.md" => expected.replace("x:1.2.3,", "x:1.3.0,"),
            _ => expected.replace("1.2.3", "1.3.0"),
        };
        assert_eq!(repo.read(path), Some(expected), "{path}");
    }
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_leading_v_is_refused_where_the_format_has_no_words_for_it() {
    let manifest = "[package]\nname = \"a\"\nversion = \"v1.2.3\"\n";
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = \".\"\n"), ("Cargo.toml", manifest)]);
    repo.report(&["bump", "-n", "minor"]).exits(2).finds(&["version Cargo.toml:3:12"]).says(&["v1.2.3"]);
}

/// A project that pins its own runtime in extras, by requirements that its searches find, too.
fn pinned(policy: &str, pin: &str) -> Repo {
    let config = format!(
        "[packages.app]\nmanifests = [\"pyproject.toml\", {{ path = \"pyproject.toml\", search = 'app-runtime == {{version}}', scheme = \"pep440\" }}]\n\
         names = [\"python:app-runtime\"]\n[packages.lib]\nmanifests = [\"lib/pyproject.toml\"]\n[dependents]\npolicy = \"{policy}\"\n"
    );
    let project = format!(
        "[project]\nname = \"app\"\nversion = \"1.43.0\"\ndependencies = [\"lib>=0.1\"]\n\
         [project.optional-dependencies]\nrt = [\"{pin}\", \"lib == 0.1.0\"]\n"
    );
    let lib = "[project]\nname = \"lib\"\nversion = \"0.1.0\"\ndependencies = [\"app-runtime == 1.43.0\"]\n";
    Repo::with(&[("relman.toml", config.as_str()), ("pyproject.toml", &project), ("lib/pyproject.toml", lib)])
}

#[test]
fn a_search_may_find_the_version_inside_of_a_requirement() {
    for policy in ["never", "out-of-range", "always"] {
        for (pin, new) in [
            ("app-runtime == 1.43.0", "app-runtime == 1.44.0"),
            ("app-runtime == 1.43.0, <2", "app-runtime == 1.44.0, <2"),
            ("app-runtime == 1.43.0; python_version > '3'", "app-runtime == 1.44.0; python_version > '3'"),
        ] {
            let repo = pinned(policy, pin);
            repo.idle(&["check"]).exits(0);
            repo.relman(&["bump", "-y", "-p", "app", "minor"]).exits(0);
            let text = repo.read("pyproject.toml").unwrap();
            assert!(text.contains(&format!("[\"{new}\", \"lib == ")), "{policy}: {text}");
            assert!(text.contains("version = \"1.44.0\"\n"), "{policy}: {text}");
        }
    }
}

#[test]
fn a_slot_and_a_requirement_beside_each_other_change_together() {
    let repo = pinned("out-of-range", "app-runtime == 1.43.0");
    repo.relman(&["bump", "-y", "-p=app=minor", "-p=lib=minor"]).exits(0);
    let text = repo.read("pyproject.toml").unwrap();
    assert!(text.contains("rt = [\"app-runtime == 1.44.0\", \"lib == 0.2.0\"]\n"), "{text}");
    assert!(repo.read("lib/pyproject.toml").unwrap().contains("[\"app-runtime == 1.44.0\"]"));
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_version_is_written_into_requirements_as_it_was_typed() {
    for (typed, pin, expected) in [
        ("1.45.0.dev", "app-runtime == 1.43.0", "== 1.45.0.dev"),
        ("1.45.0.dev0", "app-runtime == 1.43.0", "== 1.45.0.dev0"),
        ("1.45.0.rc1", "app-runtime == 1.43.0", "== 1.45.0.rc1"),
    ] {
        let repo = pinned("out-of-range", pin);
        repo.relman(&["bump", "-y", "-p", &format!("app={typed}")]).exits(0);
        assert!(repo.read("pyproject.toml").unwrap().contains(&format!("app-runtime {expected}\"")), "{typed}");
        let lib = repo.read("lib/pyproject.toml").unwrap();
        assert!(lib.contains(&format!("[\"app-runtime {expected}\"]")), "{typed}: {lib}");
        repo.idle(&["check"]).exits(0);
    }
}

#[test]
fn a_lock_file_beside_a_private_package_follows() {
    let lock = "{ \"lockfileVersion\": 3, \"packages\": {\n\"\": { \"dependencies\": { \"a\": \"^1.0.0\" } },\n\"../a\": { \"version\": \"1.0.0\" } } }\n";
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("p/a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        ("p/demo/package.json", "{ \"private\": true, \"dependencies\": { \"a\": \"^1.0.0\" } }\n"),
        ("p/demo/package-lock.json", lock),
    ]);
    repo.relman(&["bump", "-y", "major"]).exits(0);
    assert_eq!(repo.read("p/demo/package-lock.json"), Some(lock.replace("1.0.0", "2.0.0")));
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_crate_is_not_its_vendored_namesake() {
    let krate = |name: &str, version: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n{rest}")
    };
    let entry = |name: &str, version: &str| format!("\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
    // Both are in one lock file, and neither has a source there.
    let vendored = "[dependencies]\ntally = { path = \"../vendor/tally\" }\n";
    let list = "dependencies = [\n \"tally 0.9.0\",\n]\n";
    let lock =
        format!("version = 4\n{}{list}{}{}", entry("app", "1.0.0"), entry("tally", "0.1.0"), entry("tally", "0.9.0"));
    let files = [
        ("relman.toml", "[workspace]\nmembers = [\"tally\", \"app\"]\n"),
        ("tally/Cargo.toml", &krate("tally", "0.1.0", "")),
        ("app/Cargo.toml", &krate("app", "1.0.0", vendored)),
        ("vendor/tally/Cargo.toml", &krate("tally", "0.9.0", "")),
    ];
    let repo = Repo::with(&[&files[..], &[("Cargo.lock", lock.as_str())]].concat());
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "tally", "minor"]).exits(0);
    assert_eq!(repo.read("Cargo.lock"), Some(lock.replace("0.1.0", "0.2.0")));
    // Only the other one is in the lock file of a crate that requires it by its path.
    let lock = format!("version = 4\n{}{list}{}", entry("app", "1.0.0"), entry("tally", "0.9.0"));
    let repo = Repo::with(&[&files[..], &[("app/Cargo.lock", lock.as_str())]].concat());
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "tally", "minor"]).exits(0);
    assert_eq!(repo.read("app/Cargo.lock"), Some(lock));
}

#[test]
fn a_crate_and_its_namesake_stay_apart_in_cargo_lock() {
    let lock = "version = 4\n\n[[package]]\nname = \"bench\"\nversion = \"0.5.0\"\ndependencies = [\n \"tally 0.1.0\",\n \"tally 0.2.0\",\n]\n\n\
                [[package]]\nname = \"tally\"\nversion = \"0.1.0\"\n\n\
                [[package]]\nname = \"tally\"\nversion = \"0.2.0\"\nsource = \"git+https://example.invalid/tally#b1007f58b5cdc4a1cb62c2815b662ca410e24c2d\"\n";
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"tally\", \"bench\"]\n"),
        ("Cargo.toml", "[workspace]\nmembers = [\"tally\", \"bench\"]\n"),
        ("tally/Cargo.toml", "[package]\nname = \"tally\"\nversion = \"0.1.0\"\n"),
        (
            "bench/Cargo.toml",
            "[package]\nname = \"bench\"\nversion = \"0.5.0\"\n[dependencies]\ntally = { path = \"../tally\" }\n",
        ),
        ("Cargo.lock", lock),
    ]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "tally", "minor"]).exits(0);
    let same = lock
        .replacen("\"tally 0.2.0\"", "\"tally 0.2.0 (git+https://example.invalid/tally)\"", 1)
        .replace("0.1.0", "0.2.0");
    assert_eq!(repo.read("Cargo.lock"), Some(same));
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "tally", "minor"]).exits(0);
    let apart = lock.replace("0.1.0", "0.3.0");
    assert_eq!(repo.read("Cargo.lock"), Some(apart));
}

#[test]
fn a_manifest_without_a_version_does_not_decide_how_one_is_spelled() {
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[packages.y]\nmanifests = [\"pyproject.toml\", { path = \"about.py\", search = '\"{version}\"', scheme = \"semver\" }]\n",
        ),
        ("pyproject.toml", "[project]\nname = \"y\"\ndynamic = [\"version\"]\n"),
        ("about.py", "__version__ = \"2.0.0-alpha.1\"\n"),
    ]);
    assert_eq!(repo.idle(&["status", "--json"]).exits(0).json()["packages"][0]["scheme"], "semver");
    let ran = repo.idle(&["bump", "-n", "--json", "alpha"]);
    assert_eq!(
        (ran.exits(0).bumps(), ran.tags()),
        (vec!["y 2.0.0-alpha.1 2.0.0-alpha.2".to_owned()], vec!["y-v2.0.0-alpha.2".to_owned()])
    );
}
