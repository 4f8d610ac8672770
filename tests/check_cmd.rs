//! `check`: every finding with its code and its place, what is fixed, and what a hook sees.

use crate::support::repo::Repo;

const PACKAGE: &str = "{\n  \"name\": \"a\",\n  \"version\": \"1.0.0\"\n}\n";

/// A repository with drift in a manifest and in a lock file, and a requirement that does not hold.
fn drifting() -> Repo {
    Repo::with(&[
        (
            "relman.toml",
            "[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n[packages.c]\nmanifests = [\"c/VERSION\", { path = \"c/v.py\", search = 'v = \"{version}\"' }]\n",
        ),
        ("a/package.json", PACKAGE),
        (
            "a/package-lock.json",
            "{\n  \"name\": \"a\",\n  \"version\": \"0.9.0\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"\": {\n      \"name\": \"a\",\n      \"version\": \"0.9.0\"\n    }\n  }\n}\n",
        ),
        (
            "b/package.json",
            "{\n  \"name\": \"b\",\n  \"version\": \"2.0.0\",\n  \"dependencies\": { \"a\": \"^0.9.0\" }\n}\n",
        ),
        ("c/VERSION", "0.3.0\n"),
        ("c/v.py", "import x\nv = \"0.3.0\"\n\nif x: v = \"0.2.0\"\n"),
    ])
}

const FINDINGS: [&str; 4] = [
    "lock-drift a/package-lock.json:3:15 0.9.0 1.0.0",
    "lock-drift a/package-lock.json:8:19 0.9.0 1.0.0",
    "requirement b/package.json:4:27 ^0.9.0 ^1.0.0",
    "drift c/v.py:4:12 0.2.0 0.3.0",
];

#[test]
fn every_place_that_differs_is_found() {
    let repo = drifting();
    let ran = repo.idle(&["check", "--json"]);
    assert_eq!(ran.exits(3).problems(), FINDINGS);
    let report = ran.json();
    assert_eq!(report["schema"], 1);
    let keys: Vec<&String> = report["findings"][0].as_object().unwrap().keys().collect();
    for key in ["code", "path", "line", "column", "package", "found", "expected", "message"] {
        assert!(keys.iter().any(|k| *k == key), "{key}");
    }
    let text = repo.idle(&["check"]);
    text.exits(3).says(&[
        "c/v.py:4:12: drift: `c` is 0.2.0 here and 0.3.0 in c/VERSION",
        "4 findings",
        "relman check --fix",
    ]);
    assert_eq!(text.out.lines().filter(|line| line.contains(": ")).count(), 4);
    let status = repo.idle(&["status", "--json"]).json();
    assert_eq!(status["packages"][0]["in-sync"], false);
    assert_eq!(status["packages"][0]["manifests"][1]["in-sync"], false);
    assert_eq!(status["packages"][1]["in-sync"], true);
}

#[test]
fn what_needs_no_decision_is_fixed() {
    let repo = drifting();
    let ran = repo.relman(&["check", "--fix", "--json"]);
    assert_eq!(ran.exits(0).problems(), Vec::<String>::new());
    repo.idle(&["check"]).exits(0);
    repo.idle(&["check", "--fix"]).exits(0);
    assert_eq!(repo.git(&["diff", "--shortstat"]), " 3 files changed, 4 insertions(+), 4 deletions(-)");
    assert_eq!(repo.git(&["diff", "--cached", "--name-only"]), "");
    assert!(repo.read("b/package.json").unwrap().contains("\"a\": \"^1.0.0\""));
    assert_eq!(repo.read("c/v.py").unwrap(), "import x\nv = \"0.3.0\"\n\nif x: v = \"0.3.0\"\n");
}

#[test]
fn what_needs_a_decision_stays_a_finding() {
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n[groups.suite]\nfixed = [\"a\", \"b\"]\n"),
        ("p/a/package.json", PACKAGE),
        ("p/b/package.json", "{ \"name\": \"b\",\n  \"version\": \"1.1.0\" }\n"),
        ("p/c/package.json", "{ \"name\": \"c\", \"version\": \"1.0.0\" }\n"),
        ("p/d/package.json", "{ \"name\": \"d\", \"version\": "),
    ]);
    repo.git(&["tag", "c-v1.0.1"]);
    let expected = [
        "group-drift p/a/package.json:3:15 1.0.0 1.1.0",
        "behind-tag p/c/package.json:1:28 1.0.0 1.0.1",
        "unreadable p/d/package.json:1:26",
    ];
    for args in [&["check", "--json"][..], &["check", "--fix", "--json"], &["check", "--staged", "--fix", "--json"]] {
        let ran = repo.idle(args);
        let found: Vec<String> = ran.exits(3).problems();
        assert_eq!(found.len(), 3, "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}");
        }
    }
}

#[test]
fn the_policy_never_is_silent() {
    let repo = drifting();
    let config = repo.read("relman.toml").unwrap();
    repo.commit(&[("relman.toml", &format!("{config}[dependents]\npolicy = \"never\"\n"))]);
    let found = repo.idle(&["check", "--json"]).problems();
    assert!(found.iter().all(|f| !f.starts_with("requirement")), "{found:?}");
    repo.commit(&[("relman.toml", &format!("{config}[dependents]\nkinds = {{ normal = \"never\" }}\n"))]);
    let found = repo.idle(&["check", "--json"]).problems();
    assert!(found.iter().all(|f| !f.starts_with("requirement")), "{found:?}");
}

#[test]
fn a_wrong_spelling_is_a_finding_and_a_free_one_is_not() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\nmanifests = [\"package.json\", \"pyproject.toml\"]\n"),
        ("package.json", "{ \"name\": \"a\", \"version\": \"1.0.0-alpha.1\" }\n"),
        ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1.0.0-alpha.1\"\n"),
    ]);
    // PEP 440 reads the long form as well: it means the same there.
    repo.idle(&["check"]).exits(0);
    repo.commit(&[("package.json", "{ \"name\": \"a\", \"version\": \"1.0.0a1\" }\n")]);
    let ran = repo.idle(&["check", "--json"]);
    assert_eq!(ran.exits(3).problems(), ["drift package.json:1:28 1.0.0a1 1.0.0-alpha.1"]);
    repo.relman(&["check", "--fix"]).exits(0);
    assert!(repo.read("package.json").unwrap().contains("1.0.0-alpha.1"));
}

#[test]
fn staged_reads_the_index_and_nothing_else() {
    let repo = drifting();
    repo.relman(&["check", "--fix"]).exits(0);
    // The work tree is fixed, the index is not.
    assert_eq!(repo.idle(&["check", "--staged", "--json"]).exits(3).problems(), FINDINGS);
    repo.git(&["add", "-A"]);
    repo.idle(&["check", "--staged"]).exits(0);
    repo.write("c/VERSION", "9.0.0\n");
    repo.idle(&["check", "--staged"]).exits(0);
    repo.idle(&["check"]).exits(3);
    // A file that is only in the work tree is none of the index, the configuration neither.
    repo.git(&["rm", "-q", "--cached", "relman.toml"]);
    repo.report(&["check", "--staged"]).exits(2).finds(&["missing"]).says(&["git add relman.toml"]);
    repo.git(&["add", "relman.toml"]);
    repo.git(&["rm", "-q", "--cached", "c/v.py"]);
    repo.report(&["check", "--staged"]).exits(2).finds(&["missing relman.toml:6:36"]);
}

#[test]
fn staged_fix_fixes_index_and_work_tree() {
    let repo = drifting();
    repo.write(
        "b/package.json",
        "{\n  \"name\": \"b\",\n  \"version\": \"2.0.0\",\n  \"x\": 1,\n  \"dependencies\": { \"a\": \"^0.9.0\" }\n}\n",
    );
    repo.relman(&["check", "--staged", "--fix"]).exits(0).says(&["fixed 4 places in 3 files"]);
    repo.idle(&["check", "--staged"]).exits(0);
    repo.idle(&["check"]).exits(0);
    assert_eq!(repo.git(&["diff", "--cached", "--name-only"]), "a/package-lock.json\nb/package.json\nc/v.py");
    // What was not staged is not staged now.
    assert_eq!(repo.git(&["diff", "--name-only"]), "b/package.json");
    assert!(!repo.git(&["show", ":b/package.json"]).contains("\"x\""));
    assert!(repo.read("b/package.json").unwrap().contains("\"x\": 1"));
}

#[test]
#[cfg(unix)]
fn a_hook_sees_what_is_committed() {
    let repo = drifting();
    repo.relman(&["check", "--fix"]).exits(0);
    repo.git(&["commit", "-qam", "fix: agree"]);
    repo.hook("pre-commit", &format!("exec '{}' check --staged", env!("CARGO_BIN_EXE_relman")));
    let commit = |args: &[&str]| {
        let mut all = vec!["commit", "-q", "-m", "feat: x"];
        all.extend(args);
        let output = repo.try_git_in(repo.root(), &all);
        (
            output.status.success(),
            String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap(),
        )
    };
    repo.write("c/VERSION", "0.4.0\n");
    let (done, said) = commit(&["-a"]);
    assert!(!done && said.contains("c/v.py:2:6"), "{said}");
    let (done, said) = commit(&["--only", "c/VERSION"]);
    assert!(!done && said.contains("c/v.py:2:6"), "{said}");
    repo.write("c/v.py", "v = \"0.4.0\"\n");
    let (done, said) = commit(&["--only", "c/VERSION"]);
    assert!(!done && said.contains("c/v.py:2:6"), "{said}");
    repo.write("other", "1\n");
    repo.git(&["add", "other"]);
    let (done, said) = commit(&["--only", "c/VERSION", "c/v.py"]);
    assert!(done, "{said}");
    assert_eq!(repo.git(&["diff", "--cached", "--name-only"]), "other");
    // The hook runs in a folder below as well, and fixes where it is told to.
    repo.hook("pre-commit", &format!("cd c && exec '{}' check --staged --fix", env!("CARGO_BIN_EXE_relman")));
    repo.write("c/VERSION", "0.5.0\n");
    repo.git(&["add", "-A"]);
    let (done, said) = commit(&[]);
    assert!(done, "{said}");
    assert!(repo.git(&["show", "HEAD:c/v.py"]).contains("0.5.0"));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn paths_are_relative_to_the_folder_of_the_configuration() {
    let repo = Repo::with(&[
        ("top.txt", "1\n"),
        ("sub/relman.toml", "[packages.a]\npath = \"a\"\n"),
        ("sub/a/package.json", PACKAGE),
        ("sub/a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.1\"\n"),
    ]);
    let inside = repo.root().join("sub/a");
    let ran = repo.relman_with(&inside, &["check", "--json"], &[]);
    assert_eq!(ran.exits(3).problems(), ["drift a/package.json:3:15 1.0.0 1.0.1"]);
    let staged = repo.relman_with(&inside, &["check", "--json", "--staged"], &[]);
    assert_eq!(staged.exits(3).problems(), ran.problems());
    repo.relman_with(&inside, &["check", "--staged", "--fix"], &[]).exits(0);
    assert_eq!(repo.git(&["diff", "--cached", "--name-only"]), "sub/a/package.json");
    repo.git(&["commit", "-qm", "fix: agree"]);
    // Dirt elsewhere counts, the commit holds the right path, the configuration can be named from anywhere.
    repo.write("top.txt", "2\n");
    let config = ["--config", "sub/relman.toml"];
    let with = |args: &[&str]| repo.relman(&[&config[..], args].concat());
    assert_eq!(with(&["bump", "minor", "-n", "--json"]).exits(4).refusals(), ["dirty"]);
    with(&["bump", "minor", "-y", "--allow-dirty"]).exits(0);
    assert_eq!(repo.git(&["show", "--name-only", "--format="]), "sub/a/Cargo.toml\nsub/a/package.json");
    assert_eq!(repo.git(&["status", "--porcelain"]), " M top.txt");
    assert_eq!(repo.tags(), ["a-v1.1.0"]);
    repo.relman_with(&repo.root().join("sub"), &["-C", "a", "status"], &[]).exits(0).says(&["1.1.0"]);
}

#[test]
fn a_conflict_is_found_in_every_file() {
    let conflict = "<<<<<<< HEAD\n=======\n>>>>>>> topic\n";
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n[packages.b.changelog]\npath = \"b/CHANGELOG.md\"\nfragments = \"b/news\"\n",
        ),
        ("a/package.json", PACKAGE),
        ("b/package.json", PACKAGE),
        ("b/CHANGELOG.md", &format!("# Changes\n\n{conflict}")),
        ("b/news/x.fixed.md", &format!("- x\n{conflict}")),
        ("b/package-lock.json", "{}\n"),
    ]);
    let in_b = ["conflict-marker b/CHANGELOG.md:3:1 <<<<<<<", "conflict-marker b/news/x.fixed.md:2:1 <<<<<<<"];
    let found = |names: &[&str]| -> Vec<String> {
        let ran = repo.idle(&[&["check", "--json"], names].concat());
        ran.problems().iter().map(|finding| finding.trim().to_owned()).collect()
    };
    assert_eq!(found(&[]), in_b);
    assert_eq!(found(&["b"]), in_b);
    assert_eq!(found(&["a"]), Vec::<String>::new());
    repo.write("a/package.json", &format!("{{\n{conflict}}}\n"));
    assert_eq!(found(&["a"]), ["conflict-marker a/package.json:2:1 <<<<<<<"]);
    repo.report(&["check", "c"]).exits(2).finds(&["unknown-name"]);
    let config = repo.read("relman.toml").unwrap();
    repo.write("relman.toml", &format!("{config}{conflict}"));
    assert_eq!(found(&[]), ["conflict-marker relman.toml:8:1 <<<<<<<"]);
    repo.idle(&["check"]).exits(3);
    repo.idle(&["status"]).exits(2);
}

#[test]
fn a_primary_that_differs_alone_needs_a_decision() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.c]\nmanifests = [\"c/VERSION\", \"c/package.json\"]\n"),
        ("c/VERSION", "1.0.0\n"),
        ("c/package.json", PACKAGE),
    ]);
    repo.git(&["tag", "c-v1.0.0"]);
    repo.write("c/VERSION", "1.1.0\n");
    let ran = repo.idle(&["check", "--fix", "--json"]);
    assert_eq!(ran.exits(3).problems(), ["drift c/VERSION:1:1 1.1.0 1.0.0"]);
    repo.idle(&["check"]).says(&["c/VERSION:1:1: drift: `c` is 1.1.0 only here", "its last tag c-v1.0.0"]);
    // Another place that differs shows that the primary is not the odd one.
    repo.write("c/VERSION", "1.0.0\n");
    repo.write("c/package.json", &PACKAGE.replace("1.0.0", "0.9.0"));
    repo.idle(&["check", "--fix", "--dry-run"]).exits(3).says(&["c/package.json:3: 0.9.0 -> 1.0.0"]);
    repo.relman(&["check", "--fix"]).exits(0).says(&["c/package.json:3: 0.9.0 -> 1.0.0", "fixed 1 place in 1 file"]);
    repo.idle(&["check", "c"]).exits(0).says(&["1 package in sync"]);
}

#[test]
fn only_the_packages_that_are_named_are_checked() {
    let repo = drifting();
    let found = |name: &str| repo.idle(&["check", "--json", name]).problems();
    assert_eq!(found("a"), FINDINGS[..2]);
    assert_eq!(found("b"), FINDINGS[2..3]);
    assert_eq!(found("c"), FINDINGS[3..]);
    repo.idle(&["check", "b"]).says(&["requirement: the requirement `^0.9.0` does not admit `a` 1.0.0 (`b`)"]);
    repo.relman(&["check", "--fix", "c"]).exits(0);
    assert_eq!(repo.git(&["diff", "--name-only"]), "c/v.py");
}

#[test]
fn what_would_be_committed_is_checked_by_the_relman_toml_in_it() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\nmanifests = [\"a/package.json\", \"a/VERSION\"]\n"),
        ("a/package.json", PACKAGE),
        ("a/VERSION", "1.0.1\n"),
    ]);
    std::fs::remove_file(repo.root().join("relman.toml")).unwrap();
    let staged = ["check", "--staged", "--json"];
    let drift = ["drift a/VERSION:1:1 1.0.1 1.0.0"];
    assert_eq!(repo.idle(&staged).exits(3).problems(), drift);
    assert_eq!(repo.idle(&["-C", "a", "check", "--staged", "--json"]).exits(3).problems(), drift);
}

#[test]
fn a_requirement_waits_for_the_decision_about_the_version() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\nmanifests = [\"a/package.json\", \"a/VERSION\"]\n[packages.b]\npath = \"b\"\n"),
        ("a/package.json", &PACKAGE.replace("1.0.0", "2.0.0")),
        ("a/VERSION", "1.0.0\n"),
        (
            "b/package.json",
            "{\n  \"name\": \"b\",\n  \"version\": \"1.0.0\",\n  \"dependencies\": { \"a\": \"^1.0.0\" }\n}\n",
        ),
    ]);
    repo.git(&["tag", "-am", "a", "a-v1.0.0"]);
    let ran = repo.idle(&["check", "--fix", "--json"]);
    assert_eq!(
        ran.exits(3).problems(),
        ["drift a/package.json:3:15 2.0.0 1.0.0", "requirement b/package.json:4:27 ^1.0.0"]
    );
}
