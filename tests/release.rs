//! The release itself: the commit and its message, the tags, the pushes, plans that are carried out later, and runs that were interrupted.

use std::fs;

use crate::support::repo::Repo;
#[cfg(target_os = "linux")]
use crate::support::terminal::Terminal;

/// A repository of five packages, with a configuration behind `members`.
fn five(config: &str) -> Repo {
    let mut files = vec![("relman.toml".to_owned(), format!("[workspace]\nmembers = [\"p/*\"]\n{config}"))];
    for name in ["a", "b", "c", "d", "e"] {
        files.push((format!("p/{name}/package.json"), format!("{{ \"name\": \"{name}\", \"version\": \"1.0.0\" }}\n")));
    }
    files.push(("README.md".to_owned(), "sample\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Repo::with(&files)
}

fn message(repo: &Repo) -> String {
    repo.git(&["log", "-1", "--format=%B"])
}

#[test]
fn the_message_names_packages_and_ends_in_trailers() {
    let repo = five("");
    repo.relman(&["bump", "-y", "-p", "a=minor", "-p", "b=2.0.0-rc.1"]).exits(0);
    let expected = "chore(release): a 1.1.0, b 2.0.0-rc.1\n\n- a 1.0.0 -> 1.1.0\n- b 1.0.0 -> 2.0.0-rc.1\n\n\
                    Relman-Release: a-v1.1.0\nRelman-Release: b-v2.0.0-rc.1";
    assert_eq!(message(&repo), expected);
    let trailers = repo.git(&["log", "-1", "--format=%(trailers:key=Relman-Release,valueonly)"]);
    assert_eq!(trailers.trim(), "a-v1.1.0\nb-v2.0.0-rc.1");
    assert_eq!(repo.git(&["show", "--name-only", "--format="]), "p/a/package.json\np/b/package.json");
    assert_eq!(repo.git(&["cat-file", "-t", "a-v1.1.0"]), "tag");
    assert_eq!(repo.git(&["tag", "-l", "--format=%(contents)", "a-v1.1.0"]).trim(), "Release a-v1.1.0");
    repo.relman(&["bump", "-y", "--all", "major"]).exits(0);
    assert!(message(&repo).starts_with("chore(release): 5 packages\n\n- a 1.1.0 -> 2.0.0\n"));
    repo.relman(&["bump", "-y", "-pa", "-pb", "-pc", "minor"]).exits(0);
    assert!(message(&repo).starts_with("chore(release): a 2.1.0, b 3.1.0, c 2.1.0\n"), "{}", message(&repo));
    repo.git(&["fsck", "--strict"]);
}

#[test]
fn messages_of_ones_own() {
    let config =
        "commit-message = \"release: {version} on {date}\"\ntag-message = \"{name} {version} ({tag}) of {date}\"\n";
    let repo = five(config);
    repo.relman(&["bump", "-y", "-pa", "-pb", "minor", "--date", "2026-01-31"]).exits(0);
    assert!(message(&repo).starts_with("release: 1.1.0 on 2026-01-31\n\n- a"), "{}", message(&repo));
    let said = repo.git(&["tag", "-l", "--format=%(contents)", "a-v1.1.0"]);
    assert_eq!(said.trim(), "a 1.1.0 (a-v1.1.0) of 2026-01-31");
    let several = ["bump", "-y", "-pa=minor", "-pb=major"];
    repo.report(&several).exits(2).finds(&["config-conflict"]).says(&["{releases}"]);
    repo.report(&["bump", "-y", "-pa=minor", "--date", "31.1.2026"]).exits(2).finds(&["usage"]).says(&["`31.1.2026`"]);
}

#[test]
fn the_commit_holds_the_planned_paths_alone() {
    let repo = five("");
    repo.write("README.md", "staged\n");
    repo.write("new", "staged too\n");
    repo.git(&["add", "README.md", "new"]);
    repo.write("README.md", "staged and changed\n");
    repo.write("untracked", "1\n");
    repo.relman(&["bump", "-y", "-pa", "minor", "--allow-dirty"]).exits(0);
    assert_eq!(repo.git(&["show", "--name-only", "--format="]), "p/a/package.json");
    assert_eq!(repo.git(&["status", "--porcelain"]), "MM README.md\nA  new\n?? untracked");
    assert_eq!(repo.git(&["show", ":README.md"]), "staged");
}

#[test]
fn no_commit_and_no_tag() {
    let repo = five("");
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.relman(&["bump", "-y", "-pa", "minor", "--no-commit"]).exits(0);
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(repo.git(&["status", "--porcelain"]), " M p/a/package.json");
    assert_eq!(repo.tags(), Vec::<String>::new());
    repo.git(&["checkout", "-q", "."]);
    repo.relman(&["bump", "-y", "-pa", "minor", "--no-tag"]).exits(0);
    assert_eq!(repo.tags(), Vec::<String>::new());
    assert!(message(&repo).starts_with("chore(release): a 1.1.0"));
    // The tag can follow.
    repo.relman(&["bump", "-y", "-pa", "1.1.0"]).exits(0);
    assert_eq!(repo.tags(), ["a-v1.1.0"]);
    repo.idle(&["bump", "-y", "-pa", "minor", "--no-commit", "--push"]).exits(2);
}

#[test]
fn pushes_carry_the_branch_first_and_three_tags_each() {
    let repo = five("");
    repo.report(&["bump", "-y", "--all", "minor", "--push"]).exits(2).finds(&["no-remote"]);
    let remote = repo.outside().join("remote.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    let plan = repo.idle(&["bump", "-n", "--json", "--all", "minor", "--push"]);
    let plan = plan.exits(0).json();
    let pushes = plan["pushes"].clone();
    assert_eq!(plan["outward"][1]["id"], "push-2");
    assert_eq!(plan["outward"][1]["after"], serde_json::json!(["push-1"]));
    assert_eq!((&plan["outward"][1]["kind"], &plan["outward"][1]["state"]), (&"push".into(), &"todo".into()));
    assert_eq!(plan["outward"][1]["what"], "origin d-v1.1.0 e-v1.1.0");
    for key in ["tag", "url"] {
        assert!(plan["outward"][0].as_object().unwrap().contains_key(key), "{key}");
    }
    assert_eq!(pushes[0]["branch"], "main");
    assert_eq!(pushes[0]["tags"].as_array().unwrap().len(), 3);
    assert!(pushes[1]["branch"].is_null());
    assert_eq!(pushes[1]["tags"].as_array().unwrap().len(), 2);
    repo.relman(&["bump", "-y", "--all", "minor", "--push"]).exits(0).says(&["2 pushes"]);
    assert_eq!(repo.git_in(&remote, &["rev-parse", "main"]), repo.git(&["rev-parse", "HEAD"]));
    assert_eq!(repo.git_in(&remote, &["tag"]), repo.git(&["tag"]));
    assert_eq!(repo.tags().len(), 5);
}

#[test]
fn a_push_that_is_refused_undoes_the_run() {
    let repo = five("");
    let remote = repo.outside().join("remote.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repo.git(
        &["push", "-q", "origin", "HEAD^{tree}:refs/heads/main", "HEAD:refs/heads/other"]
            .map(|a| if a.starts_with("HEAD^") { "HEAD:refs/heads/main" } else { a }),
    );
    let ahead = repo.git(&["commit-tree", "-p", "HEAD", "-m", "feat: of others", "HEAD^{tree}"]);
    repo.git(&["push", "-q", "origin", &format!("{ahead}:refs/heads/main")]);
    repo.idle(&["bump", "-y", "--all", "minor", "--push"]).exits(1).says(&["the push to origin failed"]);
}

#[test]
fn a_remote_that_is_gone_undoes_the_run() {
    let repo = five("");
    repo.git(&["remote", "add", "origin", repo.outside().join("nothing.git").to_str().unwrap()]);
    repo.idle(&["bump", "-y", "--all", "minor", "--push"])
        .exits(1)
        .says(&["the push to origin failed", "all is as it was"]);
    repo.relman(&["bump", "-y", "-pa", "minor"]).exits(0);
}

#[test]
fn a_fixed_time_gives_the_same_commit() {
    let ids = |epoch: &str| {
        let repo = five("");
        let variables = [("SOURCE_DATE_EPOCH", epoch), ("GIT_AUTHOR_DATE", "@1 +0100")];
        let ran = repo.relman_with(repo.root(), &["bump", "-y", "-pa", "minor", "--json"], &variables);
        let plan = ran.exits(0).json();
        assert_eq!(plan["commit"]["id"], repo.git(&["rev-parse", "HEAD"]).as_str());
        assert_eq!(plan["tags"][0]["id"], repo.git(&["rev-parse", "a-v1.1.0"]).as_str());
        (
            repo.git(&["rev-parse", "HEAD"]),
            repo.git(&["rev-parse", "a-v1.1.0"]),
            repo.git(&["log", "-1", "--format=%ad %cd", "--date=raw"]),
        )
    };
    let first = ids("1234567890");
    assert_eq!(first, ids("1234567890"));
    assert_eq!(first.2, "1234567890 +0000 1234567890 +0000");
    assert_ne!(first.0, ids("1234567891").0);
    let repo = five("");
    let variables = [("SOURCE_DATE_EPOCH", "soon")];
    repo.relman_with(repo.root(), &["bump", "-y", "-pa", "minor"], &variables).exits(2).says(&["SOURCE_DATE_EPOCH"]);
}

#[test]
fn a_plan_is_written_down_and_carried_out_later() {
    let repo = five("");
    let file = repo.outside().join("plan.json");
    let file = file.to_str().unwrap();
    repo.idle(&["plan", "-pa", "-pb", "minor", "-o", file]).exits(0).says(&["relman apply"]);
    repo.idle(&["apply", file]).exits(4).says(&["the plan was not confirmed"]);
    assert_eq!(repo.idle(&["apply", file, "--json"]).exits(4).refusals(), ["no-confirmation"]);
    assert_eq!(repo.idle(&["bump", "-pa", "minor", "--json"]).exits(4).refusals(), ["no-confirmation"]);
    repo.relman(&["apply", file, "-y"]).exits(0).says(&["a-v1.1.0"]);
    assert_eq!(repo.tags(), ["a-v1.1.0", "b-v1.1.0"]);
    // Twice is once too often.
    repo.idle(&["apply", file, "-y"]).exits(4).says(&["refused: ", "make the plan again"]);
    assert_eq!(repo.idle(&["apply", file, "-y", "--json"]).exits(4).refusals(), ["stale"]);
    let lock = relman::io::Lock::take(&repo.root().join(".git/relman/lock")).unwrap();
    assert_eq!(repo.idle(&["bump", "-pa", "-y", "minor", "--json"]).exits(4).refusals(), ["locked"]);
    drop(lock);
}

#[test]
fn a_stale_plan_is_refused() {
    let file = |repo: &Repo| repo.outside().join("plan.json").to_str().unwrap().to_owned();
    let repo = five("");
    repo.idle(&["plan", "-pa", "minor", "-o", &file(&repo)]).exits(0);
    repo.commit(&[("README.md", "moved\n")]);
    repo.idle(&["apply", &file(&repo), "-y"]).exits(4);
    let repo = five("");
    repo.idle(&["plan", "-pa", "minor", "-o", &file(&repo)]).exits(0);
    repo.write("p/a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" } \n");
    repo.idle(&["apply", &file(&repo), "-y"]).exits(4);
    let repo = five("");
    repo.idle(&["plan", "-pa", "minor", "-o", &file(&repo)]).exits(0);
    repo.git(&["tag", "a-v1.1.0"]);
    repo.idle(&["apply", &file(&repo), "-y"]).exits(4);
}

#[test]
fn what_was_staged_in_a_planned_file_makes_the_plan_stale() {
    let repo = five("");
    let path = repo.outside().join("plan.json");
    let path = path.to_str().unwrap();
    repo.relman(&["plan", "-pa", "minor", "-o", path]).exits(0);
    let text = repo.read("p/a/package.json").unwrap();
    repo.write("p/a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\", \"private\": true }\n");
    repo.git(&["add", "p/a/package.json"]);
    repo.write("p/a/package.json", &text);
    repo.idle(&["apply", "-y", path]).exits(4).says(&["staged since", "p/a/package.json"]);
    repo.git(&["reset", "-q"]);
    repo.write("README.md", "staged\n");
    repo.git(&["add", "README.md"]);
    repo.relman(&["apply", "-y", path]).exits(0);
    assert_eq!(repo.git(&["status", "--porcelain"]), "M  README.md");
}

#[test]
fn ids_are_printed_beside_what_was_planned() {
    let repo = five("");
    let remote = repo.outside().join("remote.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    let done = repo.relman(&["bump", "-y", "--json", "-pa", "-pb", "minor", "--push"]).exits(0).json();
    assert_eq!(done["commit"]["id"], repo.git(&["rev-parse", "HEAD"]));
    assert_eq!(done["tags"][1]["id"], repo.git(&["rev-parse", "refs/tags/b-v1.1.0"]));
    assert_eq!(done["outward"][0]["state"], "done");
}

#[test]
fn a_plan_that_does_not_fit_together_is_refused() {
    let repo = five("");
    repo.git(&["remote", "add", "origin", "nowhere"]);
    let plan = repo.idle(&["plan", "--json", "-pa", "minor", "--push"]).exits(0).json();
    let file = repo.outside().join("plan.json");
    let changed = |path: &str, value: serde_json::Value, says: &str| {
        let mut plan = plan.clone();
        *plan.pointer_mut(path).unwrap() = value;
        fs::write(&file, plan.to_string()).unwrap();
        repo.idle(&["apply", file.to_str().unwrap(), "-y"]).exits(2).says(&[says]);
    };
    changed("/pushes/0/remote", "elsewhere".into(), "`pushes` and `outward` do not list the same pushes");
    changed("/outward/0/after", serde_json::json!(["push-9"]), "`push-1` is after `push-9`");
    changed("/outward/0/kind", "pull".into(), "unknown variant `pull`");
    changed("/files/0/edits/0/old", "1".into(), "are not the expected ones");
    changed("/files/0/action", "create".into(), "is not a plan file");
    changed("/bumps/0/reason/of", "b".into(), "a reason of this kind does not have an `of`");
    let text = plan.to_string();
    for key in ["\"bumps\":[{", "\"outward\":[{", "\"files\":[{", "\"pushes\":[{"] {
        fs::write(&file, text.replace(key, &format!("{key}\"more\":1,"))).unwrap();
        repo.report(&["apply", file.to_str().unwrap(), "-y"])
            .exits(2)
            .finds(&["usage"])
            .says(&["unknown field `more`"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_stored_plan_shows_itself_and_asks_its_own_question() {
    let repo = five("[changelog]\n");
    repo.write("p/a/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n- One.\n");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "feat: one"]);
    let file = repo.outside().join("plan.json");
    let file = file.to_str().unwrap();
    let planned = repo.idle(&["plan", "-pa", "minor", "--date", "2026-06-29", "-o", file]).exits(0).out.clone();
    assert!(planned.contains("+## [1.1.0] - 2026-06-29\n"), "{planned}");
    let before = repo.state();
    for typed in ["q\n", "\n", "1.2.0\nn\n"] {
        let mut terminal = Terminal::open(&repo, &["apply", file]);
        terminal.waits_for("Carry out this plan? [y: yes, d: diff, n: no] ").types(typed);
        let (code, shown) = terminal.ends();
        assert!(shown.contains(&planned), "{shown}");
        assert_eq!(shown.contains("`1.2.0` is not an answer: expected y"), typed.starts_with('1'), "{shown}");
        assert!(shown.contains("nothing was written") && code == 4, "{code}: {shown}");
        assert!(repo.state() == before);
    }
    let mut terminal = Terminal::open(&repo, &["apply", file]);
    terminal.waits_for("Carry out this plan?").types("y\n");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && shown.contains("released: 2 files"), "{code}: {shown}");
    assert_eq!(repo.tags(), ["a-v1.1.0"]);
}

#[test]
fn what_is_no_plan_is_told() {
    let repo = five("");
    let file = repo.outside().join("plan.json");
    for text in ["", "{", "{}", "[]", "{\"schema\": 2}"] {
        fs::write(&file, text).unwrap();
        repo.report(&["apply", file.to_str().unwrap(), "-y"]).exits(2).finds(&["usage"]).says(&["plan.json"]);
    }
    // Another format has other keys: its number is read first.
    fs::write(&file, "{\"schema\": 1, \"pushes\": 3}").unwrap();
    let says = ["is a plan file of schema 1, and this relman reads schema 2", "make the plan again"];
    repo.idle(&["apply", file.to_str().unwrap(), "-y"]).exits(2).says(&says);
    repo.report(&["apply", "nowhere.json", "-y"]).exits(2).finds(&["usage"]).says(&["nowhere.json"]);
    // A plan that was refused is still one, and stays refused.
    repo.write("README.md", "dirty\n");
    repo.idle(&["plan", "-pa", "minor", "-o", file.to_str().unwrap()]).exits(4);
    repo.idle(&["apply", file.to_str().unwrap(), "-y"]).exits(4).says(&["not clean"]);
}

#[test]
fn nothing_to_resume_and_nothing_to_abort() {
    let repo = five("");
    repo.idle(&["resume"]).exits(0).says(&["no run was interrupted"]);
    repo.idle(&["abort"]).exits(0).says(&["no run was interrupted"]);
}

/// A run that its own hook kills; git, which outlives it, makes no commit.
#[cfg(unix)]
fn killed(repo: &Repo) {
    let ended = repo.outside().join("ended");
    repo.hook("pre-commit", &format!("kill -9 $(ps -o ppid= -p $PPID); echo $PPID >'{}'; exit 1", ended.display()));
    let ran = repo.relman(&["bump", "-y", "-pa", "minor"]);
    assert_eq!(ran.code, -1, "{ran:?}");
    let git = || fs::read_to_string(&ended).ok()?.trim().parse::<u32>().ok();
    let at_work = || git().is_none_or(alive);
    // Where nobody reaps it the dead git stays for ever, so the wait has an end.
    for _ in 0..100 {
        if at_work() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
    fs::remove_file(ended).unwrap();
    repo.hook("pre-commit", "exit 0");
}

#[cfg(unix)]
fn alive(process: u32) -> bool {
    std::process::Command::new("kill")
        .args(["-0", &process.to_string()])
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap()
        .success()
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_forbids_writing_and_not_reading() {
    let repo = five("");
    let before = repo.state();
    killed(&repo);
    for args in [&["bump", "-y", "-pa", "minor"][..], &["check", "--fix"], &["apply", "x.json", "-y"]] {
        repo.idle(args).exits(6).says(&["interrupted", "relman resume", "relman abort"]);
    }
    for args in [&["status"][..], &["check"], &["bump", "-n", "-pb", "minor", "--allow-dirty"]] {
        repo.idle(args).says(&["warning", "interrupted", "relman resume"]);
    }
    repo.relman(&["abort"]).exits(0).says(&["undone"]);
    assert!(repo.state() == before);
    repo.idle(&["check"]).exits(0);
    killed(&repo);
    repo.relman(&["resume"]).exits(0).says(&["finished"]);
    assert_eq!(repo.tags(), ["a-v1.1.0"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn every_json_has_its_schema() {
    let repo = five("[groups.suite]\nfixed = [\"a\", \"b\"]\n");
    let status = repo.idle(&["status", "--json"]).json();
    assert_eq!(status["schema"], 1);
    for key in ["name", "version", "scheme", "tag", "in-sync", "manifests"] {
        assert!(!status["packages"][0][key].is_null() || key == "tag", "{key}");
    }
    for key in ["path", "type", "line", "version", "scheme", "in-sync"] {
        assert!(!status["packages"][0]["manifests"][0][key].is_null(), "{key}");
    }
    assert_eq!(status["groups"][0]["members"], serde_json::json!(["a", "b"]));
    let plan = repo.idle(&["bump", "-n", "--json", "-pa", "minor"]).json();
    assert_eq!(plan["schema"], 2);
    for key in ["base", "bumps", "files", "commit", "tags", "refusals", "release-notes", "outward", "pushes"] {
        assert!(!plan[key].is_null(), "{key}");
    }
    assert_eq!(plan["bumps"][0]["reason"], serde_json::json!({ "kind": "requested", "of": null }));
    assert!(plan["commit"].get("id").is_none() && plan["tags"][0].get("id").is_none());
    assert_eq!(plan["files"][0]["action"], "edit");
    assert_eq!(plan["files"][0]["slots"][0], serde_json::json!({ "line": 1, "from": "1.0.0", "to": "1.1.0" }));
    assert_eq!(plan["tags"][0]["package"], "a");
    for of in ["config", "status", "plan", "check"] {
        let schema = repo.idle(&["schema", "--of", of]).json();
        assert!(schema["$schema"].is_string() && schema["properties"].is_object(), "{of}");
    }
}

#[test]
fn fragments_that_prereleases_took_count_for_their_final() {
    let config = "[packages.a]\npath = \".\"\n\n[packages.a.changelog]\nprereleases = \"PRE\"\n\n\
                  [gates]\nup-to-date = false\nremote-tag = false\nfragments = \"refuse\"\n";
    for (prereleases, expected) in [("rotate", "passed"), ("keep", "passed")] {
        let repo = Repo::with(&[
            ("relman.toml", &config.replace("PRE", prereleases)),
            ("package.json", "{\n  \"name\": \"a\",\n  \"version\": \"0.1.0\"\n}\n"),
            ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
            ("changelog.d/one.added.md", "- one\n"),
        ]);
        let state = |args: &[&str]| {
            let ran = repo.relman(args);
            let gates = ran.json()["gates"].as_array().unwrap().clone();
            gates.iter().find(|gate| gate["name"] == "fragments").unwrap()["state"].as_str().unwrap().to_owned()
        };
        repo.relman(&["bump", "minor", "alpha", "-y"]).exits(0);
        assert_eq!(state(&["bump", "release", "-n", "--json"]), expected, "{prereleases}");
        // A final of another version has nothing to count.
        repo.git(&["rm", "-q", "-r", "--ignore-unmatch", "changelog.d"]);
        repo.git(&["commit", "-q", "--allow-empty", "-m", "chore: no fragments"]);
        assert_eq!(state(&["bump", "1.0.0", "-n", "--json"]), "failed", "{prereleases}");
    }
}
