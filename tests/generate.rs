//! `[[generate]]`: files that a command makes are part of a release, and nothing else that it does.

use crate::support::repo::Repo;

const MANIFEST: &str = "{\n  \"name\": \"app\",\n  \"version\": \"0.1.0\"\n}\n";

/// A repository with one package and this generator.
fn repo(entry: &str) -> Repo {
    let config =
        format!("[packages.app]\npath = \".\"\ntag-prefix = \"v\"\n\n[[generate]]\nname = \"docs\"\n{entry}\n");
    Repo::with(&[
        ("relman.toml", &config),
        ("package.json", MANIFEST),
        ("docs/old.md", "old\n"),
        ("docs/ref.md", "version 0.1.0\n"),
        ("README.md", "hello\n"),
        (".gitignore", "cache/\n*.tmp\n"),
    ])
}

const BUMP: [&str; 3] = ["bump", "minor", "-y"];

fn committed(repo: &Repo) -> String {
    repo.git(&["show", "--stat", "--format=", "HEAD"])
}

#[test]
fn what_a_generator_creates_changes_and_deletes_is_committed_with_the_version() {
    let repo = repo(
        "outputs = [\"docs/**\"]\nenv = { APP_VERSION = \"{version}\" }\n\
         run = 'grep -q \"0.2.0\" package.json && echo \"version $APP_VERSION {major}.{minor}\" > docs/ref.md && rm docs/old.md && echo new > docs/new.md && echo x > junk.tmp'",
    );
    let ran = repo.relman(&BUMP);
    ran.exits(0);
    assert_eq!(repo.read("docs/ref.md").unwrap(), "version 0.2.0 0.2\n");
    assert_eq!(repo.read("docs/new.md").unwrap(), "new\n");
    assert!(repo.read("docs/old.md").is_none() && repo.read("junk.tmp").is_none());
    let stat = committed(&repo);
    assert!(
        ["docs/new.md", "docs/old.md", "docs/ref.md", "package.json"].iter().all(|name| stat.contains(name)),
        "{stat}"
    );
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_change_elsewhere_is_refused_and_nothing_is_written() {
    // Names that a pipe does not hold at once.
    let many = format!("mkdir many; for i in $(seq 100 399) 001; do : > many/${{i}}{}; done", "x".repeat(240));
    for (what, run) in [
        ("README.md", "echo more >> README.md"),
        ("README.md", "rm README.md"),
        ("other.md", "echo x > other.md"),
        ("many/001x", &many),
    ] {
        let repo = repo(&format!("outputs = [\"docs/**\"]\nrun = '{run}'"));
        let before = repo.state();
        let ran = repo.relman(&["bump", "minor", "-y", "--json"]);
        ran.exits(4);
        assert_eq!(ran.refusals(), ["generate"], "{run}");
        assert!(ran.out.contains(what), "{}", ran.out);
        assert!(before == repo.state(), "{run} left something");
    }
}

#[test]
fn what_no_plan_can_hold_is_refused() {
    for (run, words) in [
        ("ln -s /etc/passwd docs/link", "a symbolic link"),
        ("chmod +x docs/ref.md", "permissions"),
        ("sed -i s/0.2.0/0.9.0/ package.json", "package.json has 0.9.0"),
    ] {
        let repo = repo(&format!("outputs = [\"docs/**\", \"package.json\"]\nrun = '{run}'"));
        let before = repo.state();
        let ran = repo.relman(&["bump", "minor", "-y", "--json"]);
        ran.exits(4);
        assert!(ran.out.contains(words), "{run}: {}", ran.out);
        assert!(before == repo.state());
    }
}

#[test]
fn a_failure_and_a_time_limit_leave_everything_as_it_was() {
    for (more, words) in [
        ("run = 'echo half > docs/ref.md; echo broken >&2; exit 3'", "exited with 3"),
        ("run = 'sleep 60'\ntimeout = \"1s\"", "time limit"),
        ("run = [\"no-such-program\"]", "no-such-program"),
    ] {
        let repo = repo(&format!("outputs = [\"docs/**\"]\nhelp = \"ask the docs team\"\n{more}"));
        let before = repo.state();
        let ran = repo.relman(&BUMP);
        ran.exits(1);
        assert!(ran.err.contains(words) && ran.err.contains("ask the docs team"), "{}", ran.err);
        assert!(before == repo.state());
    }
}

#[test]
fn another_exit_code_may_mean_that_there_is_nothing_to_do() {
    let repo =
        repo("outputs = [\"docs/**\"]\nok = [0, 2]\nrun = 'echo dropped > docs/ref.md; echo x > docs/more.md; exit 2'");
    repo.relman(&BUMP).exits(0);
    assert_eq!(repo.read("docs/ref.md").unwrap(), "version 0.1.0\n");
    assert!(repo.read("docs/more.md").is_none());
}

#[test]
fn ignored_paths_of_the_work_tree_can_be_shared() {
    let repo = repo("outputs = [\"docs/**\"]\nshare = [\"cache\"]\nrun = 'cp cache/value docs/ref.md'");
    repo.write("cache/value", "cached\n");
    repo.relman(&BUMP).exits(0);
    assert_eq!(repo.read("docs/ref.md").unwrap(), "cached\n");
}

#[test]
fn a_file_with_changes_of_a_person_is_not_overwritten() {
    let repo = repo("outputs = [\"docs/**\"]\nrun = 'echo generated > docs/ref.md'");
    repo.write("docs/ref.md", "mine\n");
    let ran = repo.relman(&["bump", "minor", "-y", "--allow-dirty"]);
    ran.exits(4);
    assert_eq!(repo.read("docs/ref.md").unwrap(), "mine\n");
}

#[test]
fn a_dry_run_runs_no_generator_unless_it_is_told_to() {
    let repo = repo("outputs = [\"docs/**\"]\nrun = 'echo ran >> \"$MARK\"; echo new > docs/ref.md'");
    let mark = repo.outside().join("mark");
    let run = |args: &[&str]| repo.relman_with(repo.root(), args, &[("MARK", mark.to_str().unwrap())]);
    for args in [&["bump", "minor", "-n"][..], &["plan", "minor"], &["status"], &["check"]] {
        run(args).exits(0);
        assert!(!mark.exists(), "{args:?}");
    }
    let ran = run(&["bump", "minor", "-n", "--generate", "--json"]);
    ran.exits(0);
    assert!(mark.exists());
    let files: Vec<String> =
        ran.json()["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(files, ["docs/ref.md", "package.json"]);
    assert_eq!(repo.read("docs/ref.md").unwrap(), "version 0.1.0\n");
}

#[test]
fn the_configuration_may_be_elsewhere_and_need_not_be_tracked() {
    let repo = repo("outputs = [\"docs/**\"]\nrun = 'cp package.json docs/ref.md'");
    let config = repo.read("relman.toml").unwrap();
    repo.commit(&[
        ("sub/package.json", MANIFEST),
        ("sub/docs/ref.md", "x\n"),
        ("sub/own.toml", &config),
        (".gitignore", "own.tmp\n"),
    ]);
    repo.relman(&["--config", "sub/own.toml", "bump", "minor", "-y"]).exits(0);
    assert_eq!(repo.read("sub/docs/ref.md").unwrap(), MANIFEST.replace("0.1.0", "0.2.0"));
    assert_eq!(repo.read("docs/ref.md").unwrap(), "version 0.1.0\n");
    repo.git(&["tag", "-d", "v0.2.0"]);
    repo.write("own.tmp", &config);
    repo.relman(&["--config", "own.tmp", "bump", "minor", "-y"]).exits(0);
    assert_eq!(repo.read("docs/ref.md").unwrap(), MANIFEST.replace("0.1.0", "0.2.0"));
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[cfg(unix)]
#[test]
fn a_script_that_cannot_be_started_is_named_with_what_to_do() {
    let repo = repo("outputs = [\"docs/**\"]\nrun = [\"sh/gen.sh\"]");
    repo.write("sh/gen.sh", "#!/bin/sh\n");
    let bump = ["bump", "minor", "-n", "--generate", "--allow-dirty"];
    repo.relman(&bump).exits(1).says(&["generators run in a clean checkout of HEAD: commit sh/gen.sh"]);
    repo.commit(&[("sh/gen.sh", "#!/bin/sh\n")]);
    repo.relman(&bump).exits(1).says(&["make it executable: `git update-index --chmod=+x sh/gen.sh`"]);
}
