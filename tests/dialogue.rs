//! `bump` at a terminal: the plan, the question, the summary, and Ctrl-C at each of them.
#![cfg(target_os = "linux")]

use crate::support::repo::Repo;
use crate::support::terminal::Terminal;

const QUESTION: &str = "Release this? [y: yes, d: diff, a version: that one instead, n: no] ";
const CTRL_C: &str = "\u{3}";

/// Two packages; `web` is in step with `api`.
fn two(changelog: &str) -> Repo {
    let config = format!(
        "[workspace]\n{changelog}[[package]]\nname = \"api\"\npath = \"api\"\n[[package]]\nname = \"web\"\npath = \"web\"\n"
    );
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
    terminal.waits_for(QUESTION).types("0.9.0\n").waits_for("error").waits_for(QUESTION);
    terminal.types("d\n").waits_for("-{ \"name\": \"api\", \"version\": \"1.0.0\" }").waits_for("+{ \"name\"");
    terminal.waits_for(QUESTION);
    let shown = stops(&repo, terminal, "q\n", 4);
    assert_eq!(shown.matches("PACKAGE").count(), 1, "{shown}");
}

#[test]
fn a_version_replaces_the_computed_one() {
    let repo = two("");
    let mut terminal = asked(&repo, &["bump", "-p", "api", "minor"]);
    terminal.types("v1.4.0\n").waits_for("1.4.0").waits_for(QUESTION).types("y\n");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && shown.contains("released: 1 file"), "{shown}");
    assert_eq!(repo.tags(), ["api-v1.4.0"]);
}

#[test]
fn a_version_cannot_replace_several() {
    let repo = two("");
    let mut terminal = Terminal::open(&repo, &["bump", "--all", "minor"]);
    terminal.waits_for("Release this? [y: yes, d: diff, n: no] ").types("2.0.0\n");
    terminal.waits_for("`2.0.0` cannot replace several versions").waits_for("Release this?");
    terminal.types("Y\n");
    assert_eq!(terminal.ends().0, 0);
    assert_eq!(repo.tags(), ["api-v1.1.0", "web-v1.1.0"]);
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
