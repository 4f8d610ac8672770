//! `bump` at a terminal: the plan, the question, the summary, and Ctrl-C at each of them and in the run itself.
#![cfg(target_os = "linux")]

use crate::support::repo::Repo;
use crate::support::terminal::Terminal;

const QUESTION: &str = "Release this? [y: yes, d: diff, a version: that one instead, n: no] ";
const CTRL_C: &str = "\u{3}";

/// Two packages; `web` is in step with `api`.
fn two(changelog: &str) -> Repo {
    let config = format!("[workspace]\n{changelog}[packages.api]\npath = \"api\"\n[packages.web]\npath = \"web\"\n");
    let unreleased = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A list.\n";
    Repo::with(&[
        ("relman.toml", &config),
        ("api/package.json", "{ \"name\": \"api\", \"version\": \"1.0.0\" }\n"),
        ("api/CHANGELOG.md", if changelog.is_empty() { "" } else { unreleased }),
        ("web/package.json", "{ \"name\": \"web\", \"version\": \"1.0.0\" }\n"),
    ])
}

#[track_caller]
fn stops(repo: &Repo, mut terminal: Terminal, keys: &str, expected: i32) -> String {
    let before = repo.state();
    terminal.types(keys);
    let (code, shown) = terminal.ends();
    assert_eq!(code, expected, "{shown}");
    assert!(shown.contains("nothing was written"), "{shown}");
    assert!(repo.state() == before, "something was written: {shown}");
    shown
}

fn asked(repo: &Repo, args: &[&str]) -> Terminal {
    let mut terminal = Terminal::open(repo, args);
    terminal.waits_for(QUESTION);
    terminal
}

#[test]
fn whatever_is_not_yes_stops() {
    let repo = two("");
    for keys in ["n\n", "q\n", "\n", "No\n", "\u{4}"] {
        stops(&repo, asked(&repo, &["bump", "-p", "api", "minor"]), keys, 4);
    }
    // A signal ends it as it ends any program.
    stops(&repo, asked(&repo, &["bump", "-p", "api", "minor"]), CTRL_C, 130);
}

#[test]
fn what_is_not_an_answer_is_explained_and_asked_again_without_the_plan() {
    let repo = two("");
    let mut terminal = asked(&repo, &["bump", "-p", "api", "minor"]);
    terminal
        .types("minor\n")
        .waits_for("`minor` is not an answer: expected y (yes), d (show the diff), n (no) or a version");
    terminal.waits_for(QUESTION).types("0.9.0\n").waits_for("refused: `api` is at 1.0.0").waits_for(QUESTION);
    terminal.types("d\n").waits_for("-{ \"name\": \"api\", \"version\": \"1.0.0\" }").waits_for("+{ \"name\"");
    terminal.waits_for(QUESTION);
    let shown = stops(&repo, terminal, "q\n", 4);
    assert_eq!(shown.matches("PACKAGE").count(), 1, "{shown}");
}

#[test]
fn a_version_replaces_the_computed_one() {
    let repo = two("");
    let mut terminal = asked(&repo, &["bump", "-p", "api", "minor"]);
    terminal.types("v1.4.0\n").waits_for("1.4.0").waits_for(QUESTION);
    stops(&repo, terminal, CTRL_C, 130);
    let mut terminal = asked(&repo, &["bump", "-p", "api", "minor"]);
    terminal.types("v1.4.0\n").waits_for("1.4.0").waits_for(QUESTION).types("y\n");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && shown.contains("released: 1 file"), "{shown}");
    assert_eq!(repo.tags(), ["api-v1.4.0"]);
    // Once for each version that was asked about, and not once more at the end.
    assert_eq!(shown.matches("PACKAGE").count(), 2, "{shown}");
}

#[test]
fn a_version_cannot_replace_several() {
    let repo = two("");
    let mut terminal = Terminal::open(&repo, &["bump", "--all", "minor"]);
    terminal.waits_for("Release this? [y: yes, d: diff, n: no] ").types("2.0.0\n");
    terminal.waits_for("`2.0.0` cannot replace several versions").waits_for("Release this?");
    terminal.types("Y\n");
    let (code, shown) = terminal.ends();
    assert_eq!((code, shown.matches("PACKAGE").count()), (0, 1), "{shown}");
    assert!(
        shown.ends_with("not pushed: relman release\n[terminal as before]\n") && shown.contains("\nreleased: 2 files"),
        "{shown}"
    );
    assert_eq!(repo.tags(), ["api-v1.1.0", "web-v1.1.0"]);
    // Who was not asked has not seen them.
    let without = Terminal::open(&repo, &["bump", "--all", "minor", "-y"]).ends().1;
    assert_eq!(without.matches("PACKAGE").count(), 1, "{without}");
}

#[test]
fn the_summary_is_asked_for_after_the_plan_and_its_section_is_shown() {
    let repo = two("[changelog]\nsummary = \"required\"\n");
    let bump = ["bump", "-p", "api", "minor", "--date", "2026-06-29"];
    let asks = "A sentence that opens the changelog's section? [it is required] ";
    let summary = || {
        let mut terminal = asked(&repo, &bump);
        terminal.types("y\n").waits_for(asks);
        terminal
    };
    stops(&repo, summary(), CTRL_C, 130);
    let mut terminal = summary();
    terminal.types("\n").waits_for("--summary");
    assert_eq!(terminal.ends().0, 4);
    assert!(repo.tags().is_empty());
    let mut terminal = summary();
    terminal.types("Lists are here.\n").waits_for("api 1.1.0\n\nLists are here.\n\n### Added\n\n- A list.\n");
    assert_eq!(terminal.ends().0, 0);
    assert_eq!(repo.tags(), ["api-v1.1.0"]);
    assert!(repo.git(&["show", "HEAD:api/CHANGELOG.md"]).contains("Lists are here."));
}

/// A hook that says that it runs, once it does nothing but that, and does not end by itself.
const SLOW: &str = "#!/bin/sh\n(sleep 0.2; touch \"$RELMAN_TEST_MARK\") & exec sleep 60\n";

fn hook(path: &std::path::Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn ctrl_c_before_anything_is_out_takes_the_run_back() {
    let repo = two("");
    let mark = repo.outside().join("hook-runs");
    hook(&repo.root().join(".git/hooks/pre-commit"), SLOW);
    let before = repo.state();
    let variables = [("NO_COLOR", "1"), ("TERM", "xterm"), ("RELMAN_TEST_MARK", mark.to_str().unwrap())];
    let mut terminal = Terminal::open_with(&repo, &["bump", "-p", "api", "minor"], (40, 100), &variables);
    terminal.waits_for(QUESTION).types("y\n").waits_until(|| mark.exists()).types(CTRL_C);
    let (code, shown) = terminal.ends();
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("error: stopped by Ctrl-C\n  help: all is as it was before the run"), "{shown}");
    assert!(repo.state() == before, "{shown}");
}

#[test]
fn ctrl_c_between_two_pushes_names_the_command_that_goes_on() {
    let repo = two("tags-per-push = 1\n");
    let (remote, mark) = (repo.outside().join("remote.git"), repo.outside().join("hook-runs"));
    repo.git(&["init", "-q", "--bare", "--template=", remote.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repo.git(&["push", "-q", "-u", "origin", "main"]);
    let path = remote.join("hooks/pre-receive");
    // The first push passes.
    let slow = format!("#!/bin/sh\nread -r _ _ name\n[ \"$name\" = refs/tags/web-v1.1.0 ] || exit 0\n{SLOW}");
    hook(&path, &slow);
    let variables = [("NO_COLOR", "1"), ("TERM", "xterm"), ("RELMAN_TEST_MARK", mark.to_str().unwrap())];
    let mut terminal = Terminal::open_with(&repo, &["bump", "--all", "minor", "--push"], (40, 100), &variables);
    terminal.waits_for("Release this?").types("y\n").waits_until(|| mark.exists()).types(CTRL_C);
    let (code, shown) = terminal.ends();
    assert_eq!(code, 6, "{shown}");
    assert!(shown.contains("stopped by Ctrl-C: the commit and the tags are made, and 1 of 2 steps"), "{shown}");
    assert!(shown.contains("`relman resume`"), "{shown}");
    std::fs::remove_file(path).unwrap();
    repo.relman(&["resume"]).exits(0);
    assert!(repo.git(&["ls-remote", "origin"]).contains("refs/tags/web-v1.1.0"));
}
