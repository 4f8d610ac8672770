//! Requirements that move in step with what they name, and manifests of no package whose requirements follow.

use crate::dependents::{needs, npm, plan};
use crate::support::texts::Texts;

/// Returns what is released and which requirements change where `lib` 1.2.0 is released and `app` 0.5.0 requires it.
fn outcome(range: &str, level: &str) -> (Vec<String>, Vec<String>) {
    let repo = npm(
        "[dependents]\npolicy = \"in-step\"\n",
        &[("app 0.5.0", &needs("dependencies", "lib", range)), ("lib 1.2.0", "")],
    );
    let ran = plan(&repo, &format!("-p lib {level}"));
    let slots = ran.slots().into_iter().filter_map(|slot| Some(slot.strip_prefix("p/app/package.json:1 ")?.to_owned()));
    let slots = slots.filter(|slot| !slot.starts_with("0.5.0 "));
    let (bumps, slots) = (ran.bumps(), slots.collect());
    repo.relman(&["bump", "-y", "-p", "lib", level]).exits(0);
    repo.idle(&["check"]).exits(0);
    (bumps.into_iter().filter(|bump| bump.starts_with("app")).collect(), slots)
}

#[test]
fn what_names_the_version_moves_without_a_release() {
    let one = |text: &str| vec![text.to_owned()];
    for (range, level, released, changed) in [
        ("^1.2.0", "patch", vec![], one("^1.2.0 ^1.2.1")),
        ("^1.2.0", "major", vec![], one("^1.2.0 ^2.0.0")),
        ("1.2.0", "minor", vec![], one("1.2.0 1.3.0")),
        ("^1.1.0", "minor", vec![], vec![]),
        ("^1.1.0", "major", one("app 0.5.0 0.5.1"), one("^1.1.0 ^2.0.0")),
        ("^1.2", "minor", vec![], vec![]),
        ("^1.2", "major", one("app 0.5.0 0.5.1"), one("^1.2 ^2.0")),
        ("workspace:^", "major", vec![], vec![]),
    ] {
        assert_eq!(outcome(range, level), (released, changed), "{range} {level}");
    }
}

#[test]
fn a_kind_has_its_own_step() {
    let both = format!("{}, {}", needs("dependencies", "lib", "^1.2.0"), needs("devDependencies", "tool", "^1.2.0"));
    let repo = npm(
        "[dependents]\nkinds = { dev = \"in-step\" }\n",
        &[("app 0.5.0", &both), ("lib 1.2.0", ""), ("tool 1.2.0", "")],
    );
    assert_eq!(plan(&repo, "-p lib -p tool minor").slots().iter().filter(|slot| slot.contains("p/app/")).count(), 1);
    let major = plan(&repo, "-p tool major");
    assert_eq!(major.bumps(), ["tool 1.2.0 2.0.0"]);
}

#[test]
fn python_and_cargo_keep_step_in_their_own_words() {
    let repo = Texts::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n[dependents]\npolicy = \"in-step\"\n"),
        ("p/api/pyproject.toml", "[project]\nname = \"api\"\nversion = \"1.44.0.dev\"\n"),
        (
            "p/sdk/pyproject.toml",
            "[project]\nname = \"sdk\"\nversion = \"1.44.0.dev\"\ndependencies = [\"api == 1.44.0.dev\"]\n",
        ),
        ("p/core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"0.3.0\"\n"),
        (
            "p/cli/Cargo.toml",
            "[package]\nname = \"cli\"\nversion = \"0.3.0\"\n\n[dependencies]\ncore = { path = \"../core\", version = \"0.3.0\" }\n",
        ),
    ]);
    let ran = repo.relman(&["bump", "-y", "-p", "api=1.45.0.dev", "-p", "core=patch", "--json"]);
    assert_eq!(ran.exits(0).bumps().len(), 2);
    assert!(repo.read("p/sdk/pyproject.toml").unwrap().contains("api == 1.45.0.dev\""));
    assert!(repo.read("p/cli/Cargo.toml").unwrap().contains("version = \"0.3.1\" }"));
    repo.idle(&["check"]).exits(0);
}

const SAMPLES: &str =
    "[workspace]\nmembers = [\"p/*\"]\n[dependents]\nmanifests = [\"examples/*/package.json\", \"e2e/Cargo.toml\"]\n";

/// Two packages, and samples that are no packages.
fn samples() -> Texts {
    Texts::with(&[
        ("relman.toml", SAMPLES),
        ("p/lib/package.json", "{ \"name\": \"lib\", \"version\": \"1.2.0\" }\n"),
        ("p/core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"0.3.0\"\n"),
        (
            "examples/one/package.json",
            "{ \"name\": \"one\", \"version\": \"9.0.0\", \"private\": true, \"dependencies\": { \"lib\": \"^1.2.0\", \"react\": \"^1.2.0\" } }\n",
        ),
        (
            "examples/one/package-lock.json",
            r#"{
  "name": "one",
  "version": "9.0.0",
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "one", "version": "9.0.0", "dependencies": { "lib": "^1.2.0", "react": "^1.2.0" } },
    "../../p/lib": { "version": "1.2.0" },
    "node_modules/lib": { "resolved": "../../p/lib", "link": true },
    "node_modules/react": { "version": "1.2.0", "resolved": "https://registry.example/react-1.2.0.tgz" }
  }
}
"#,
        ),
        ("examples/two/package.json", "{ \"private\": true, \"devDependencies\": { \"lib\": \">=1.0.0\" } }\n"),
        ("examples/two/README.md", "lib ^1.2.0\n"),
        (
            "e2e/Cargo.toml",
            "[package]\nname = \"e2e\"\nversion = \"0.0.0\"\n\n[dependencies]\ncore = { path = \"../p/core\", version = \"0.3\" }\n",
        ),
    ])
}

#[test]
fn requirements_of_samples_follow_and_samples_are_never_released() {
    let repo = samples();
    repo.idle(&["check"]).exits(0);
    let ran = plan(&repo, "-p lib -p core major");
    assert_eq!(ran.bumps(), ["core 0.3.0 1.0.0", "lib 1.2.0 2.0.0"]);
    repo.relman(&["bump", "-y", "-p", "lib", "-p", "core", "major"]).exits(0);
    let one = repo.read("examples/one/package.json").unwrap();
    assert!(one.contains("\"lib\": \"^2.0.0\", \"react\": \"^1.2.0\"") && one.contains("\"9.0.0\""), "{one}");
    let lock = repo.read("examples/one/package-lock.json").unwrap();
    assert!(
        lock.contains("\"lib\": \"^2.0.0\", \"react\": \"^1.2.0\"")
            && lock.contains("\"../../p/lib\": { \"version\": \"2.0.0\" }"),
        "{lock}"
    );
    assert!(repo.read("examples/two/package.json").unwrap().contains(">=1.0.0"));
    assert!(repo.read("e2e/Cargo.toml").unwrap().contains("version = \"1.0\" }"));
    repo.idle(&["check"]).exits(0);
}

#[test]
fn check_reports_the_requirements_of_samples() {
    let repo = samples();
    repo.write("p/lib/package.json", "{ \"name\": \"lib\", \"version\": \"3.0.0\" }\n");
    let ran = repo.idle(&["check", "--json"]);
    let json = ran.exits(3).json();
    let found: Vec<String> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            format!(
                "{} {} {}",
                f["code"].as_str().unwrap(),
                f["path"].as_str().unwrap(),
                f["package"].as_str().unwrap_or("none")
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "requirement examples/one/package-lock.json none",
            "lock-drift examples/one/package-lock.json lib",
            "requirement examples/one/package.json none",
        ]
    );
}

#[test]
fn what_is_listed_must_be_there_and_a_package_stays_one() {
    let repo = samples();
    for (line, expected) in [
        ("manifests = [\"samples/*/package.json\"]", "relman.toml:4:14: `samples/*/package.json` matches no manifest"),
        ("manifests = [\"samples/package.json\"]", "relman.toml:4:14: samples/package.json does not exist"),
        ("manifests = [\"examples/*/*.md\"]", "matches no manifest"),
    ] {
        repo.write("relman.toml", &format!("[workspace]\nmembers = [\"p/*\"]\n[dependents]\n{line}\n"));
        repo.idle(&["check"]).exits(2).says(&[expected]);
    }
    repo.write("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n[dependents]\nmanifests = [\"**/package.json\"]\n");
    assert_eq!(plan(&repo, "-p lib minor").bumps(), ["lib 1.2.0 1.3.0"]);
}
