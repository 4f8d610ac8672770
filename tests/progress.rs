//! `--progress json`: what happens in a run, as lines of JSON on standard error, when it happens.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::support::program::Ran;
use crate::support::repo::Repo;

/// A package with a remote on disk. Its gate and its hook print what looks like an event.
fn repository(more: &str) -> Repo {
    let config = format!(
        "[packages.api]\npath = \"api\"\n[release]\n[gates.commands]\ntests = 'echo \"{{}}\"; test ! -e stop'\n{more}"
    );
    let repo = Repo::with(&[
        ("relman.toml", &config),
        ("api/package.json", "{ \"name\": \"api\", \"version\": \"1.0.0\" }\n"),
    ]);
    let remote = repo.outside().join("remote.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", "--template=", remote.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repo.git(&["tag", "api-v1.0.0"]);
    repo.commit(&[("api/notes", "one")]);
    repo.git(&["push", "-q", "-u", "origin", "main", "--tags"]);
    repo
}

fn event(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The events of a run as `event name state`; each line that looks like one is one.
#[track_caller]
fn events(ran: &Ran) -> Vec<String> {
    let schema = Repo::new().relman(&["schema", "--of", "progress"]).json();
    let known: BTreeSet<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let lines: Vec<Value> = ran.err.lines().filter(|line| line.starts_with('{')).map(event).collect();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap_or("-").to_owned();
    for line in &lines {
        let keys: BTreeSet<&String> = line.as_object().unwrap().keys().collect();
        assert!(keys.is_subset(&known) && line["schema"] == 1, "{line} {known:?}");
    }
    assert_eq!(
        lines.last().map(|line| (text(line, "event"), line["exit"].as_i64())),
        Some(("end".into(), Some(ran.code.into())))
    );
    lines.iter().map(|line| ["event", "name", "state"].map(|key| text(line, key)).join(" ")).collect()
}

#[test]
fn a_release_reports_its_phases_gates_and_steps() {
    let repo = repository("[[release.run]]\nname = \"ship\"\nrun = 'echo \"{}\"'\n");
    #[cfg(unix)]
    {
        let hook = repo.root().join(".git/hooks/pre-commit");
        std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
        std::fs::write(&hook, "#!/bin/sh\necho '{\"event\":\"end\"}' >&2\n").unwrap();
        std::fs::set_permissions(hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let bump = repo.relman(&["bump", "auto", "-y", "--progress", "json"]);
    bump.exits(0).says(&["tests | {}", " {\"event\":\"end\"}"]);
    let shown: Vec<String> = events(&bump).into_iter().filter(|line| !line.ends_with(" passed")).collect();
    assert_eq!(
        shown,
        ["gate tests begun", "phase files begun", "phase commit begun", "phase tags begun", "end - done"]
    );
    assert!(events(&bump).contains(&"gate tests passed".to_owned()));
    let release = repo.relman_with(
        repo.root(),
        &["release", "-y", "-q", "--json", "--progress", "json"],
        &[("GITHUB_TOKEN", "s3cret"), ("RELMAN_TOKEN", "s3cret")],
    );
    release.exits(0);
    let shown: Vec<String> = events(&release).into_iter().filter(|line| line.starts_with("step ")).collect();
    assert_eq!(shown, ["step push-1 begun", "step push-1 done", "step run-1 begun", "step run-1 done"]);
    assert!(!release.err.contains("s3cret") && release.json()["outward"].is_array(), "{}", release.err);
    // Of the words, only what commands print is left.
    let words: Vec<&str> = release.err.lines().filter(|line| !line.starts_with('{')).collect();
    assert_eq!(words, ["ship | {}"]);
}

#[test]
fn what_failed_and_what_was_not_attempted_is_reported() {
    let repo = repository(
        "[[release.run]]\nname = \"ship\"\nrun = 'exit 9'\n[[release.run]]\nname = \"later\"\nrun = 'true'\n",
    );
    repo.write("stop", "");
    let stopped = repo.relman(&["bump", "patch", "-y", "--progress", "json"]);
    assert!(events(stopped.exits(4)).contains(&"gate tests failed".to_owned()), "{}", stopped.err);
    std::fs::remove_file(repo.root().join("stop")).unwrap();
    repo.relman(&["bump", "patch", "-y"]).exits(0);
    let ran = repo.relman(&["release", "-y", "--progress", "json"]);
    let shown: Vec<String> = events(ran.exits(6)).into_iter().filter(|line| line.starts_with("step ")).collect();
    assert_eq!(
        shown[2..],
        ["step run-1 begun".to_owned(), "step run-1 failed".to_owned(), "step run-2 not-attempted".to_owned()]
    );
    let resumed = repo.relman(&["resume", "--done", "ship", "--progress", "json"]);
    assert!(events(resumed.exits(0)).contains(&"step run-2 done".to_owned()), "{}", resumed.err);
}

#[test]
fn results_are_the_same_and_without_the_option_there_are_no_events() {
    let repo = repository("");
    for args in [&["status"][..], &["status", "--json"], &["bump", "auto", "-n"], &["check"]] {
        let plain = repo.idle(args);
        let json = repo.idle(&[args, &["--progress", "json"]].concat());
        let none = repo.idle(&[args, &["--progress", "none"]].concat());
        assert_eq!((&plain.out, plain.code), (&json.out, json.code));
        assert_eq!((&plain.out, &plain.err), (&none.out, &none.err));
        assert!(!plain.err.contains('{') && !events(&json).is_empty());
    }
    let refused = repo.idle(&["bump", "minor", "--progress", "json"]);
    repo.git(&["tag", "-d", "api-v1.0.0"]);
    let all = repo.idle(&["status", "-q", "--progress", "json"]);
    assert_eq!(events(&all), ["phase history running", "phase history done", "end - done"]);
    assert_eq!(events(refused.exits(4)).last().unwrap(), "end - failed");
}

/// A reader sees that a gate has begun while its command runs.
#[test]
fn an_event_comes_when_it_happens() {
    let repo = repository("waits = 'until test -e go; do sleep 0.05; done'\n");
    let args = ["bump", "patch", "-y", "--progress", "json"];
    let mut child = repo.command(repo.root(), &args, &[]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut seen = Vec::new();
    for line in lines {
        seen.push(line.unwrap());
        if seen.last().unwrap().contains("\"name\":\"waits\",\"state\":\"begun\"") {
            repo.write("go", "");
        }
    }
    assert!(child.wait().unwrap().success(), "{seen:?}");
    assert!(repo.root().join("go").exists(), "{seen:?}");
}
