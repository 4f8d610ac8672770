//! The picker of `bump`, driven at a terminal: its screens, what keys do, and that it leaves the terminal as it was.
//!
//! `SNAPSHOTS=overwrite` renews `fixtures/screens`. Read what it wrote before you commit it.
#![cfg(target_os = "linux")]

use std::process::Command;

use crate::support::repo::Repo;
use crate::support::screen::{Screen, is_as_kept};
use crate::support::terminal::Terminal;

const KEYS: &str = "up/down: move";
const QUESTION: &str = "Release this? [y: yes, d: diff";
const CTRL_C: &str = "\u{3}";
const UP: &str = "\u{1b}[A";
const DOWN: &str = "\u{1b}[B";
const LEFT: &str = "\u{1b}[D";
const RIGHT: &str = "\u{1b}[C";

/// Three packages, one of them with a prerelease, and a fixed group of two; all but one have changes.
fn five() -> Repo {
    let config = "[workspace]\nmembers = [\"p/*\"]\n[groups.suite]\nfixed = [\"mobile\", \"web\"]\n";
    let mut files = vec![("relman.toml".to_owned(), config.to_owned())];
    let versions =
        [("api", "1.4.0"), ("mobile", "0.2.0"), ("queue", "2.0.0-beta.2"), ("tools", "0.9.1"), ("web", "0.2.0")];
    for (name, version) in versions {
        let text = format!("{{ \"name\": \"{name}\", \"version\": \"{version}\" }}\n");
        files.push((format!("p/{name}/package.json"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = Repo::with(&files);
    for package in ["api-v1.4.0", "mobile-v0.2.0", "queue-v2.0.0-beta.2", "tools-v0.9.1", "web-v0.2.0"] {
        repo.git(&["tag", package]);
    }
    for (name, message) in [
        (
            "web",
            "feat: a dark theme for those who work at night and for all others who like it so much more than the bright one",
        ),
        ("queue", "fix: a message is delivered once"),
        ("api", "fix: names may hold blanks"),
        ("api", "feat: a list of all names"),
    ] {
        repo.write(&format!("p/{name}/notes"), message);
        repo.git(&["add", "-A"]);
        repo.git(&["commit", "-qm", message]);
    }
    repo
}

fn open(repo: &Repo, size: (u16, u16)) -> Terminal {
    let variables = [("NO_COLOR", "1"), ("TERM", "xterm-256color")];
    let mut terminal = Terminal::open_with(repo, &["bump"], size, &variables);
    terminal.waits_for(KEYS).settles();
    terminal
}

fn screen(terminal: &Terminal, (rows, columns): (u16, u16)) -> Screen {
    Screen::of(&terminal.shown(), rows.into(), columns.into())
}

/// The terminal is left, and its first screen is as it was.
#[track_caller]
fn nothing_remains(repo: &Repo, before: &crate::support::program::State, terminal: Terminal, expected: i32) {
    let (code, shown) = terminal.ends();
    assert_eq!(code, expected, "{shown}");
    let screen = Screen::of(&shown, 40, 200);
    assert!(!screen.is_second() && screen.has_cursor, "{shown:?}");
    let text = screen.text();
    // The shell says of what a program ended that did not end by itself.
    let is_shell = |line: &&str| line.starts_with("[at ") || line.contains("Terminated") || line.contains("Hangup");
    let lines: Vec<&str> = text.lines().filter(|line| !is_shell(line)).collect();
    assert_eq!(lines, ["nothing was written", "[terminal as before]"]);
    assert!(repo.state() == *before);
}

#[test]
fn the_screens_at_80_and_200_columns() {
    let repo = five();
    for size in [(24, 80), (24, 200), (10, 40)] {
        let columns = size.1;
        let mut terminal = open(&repo, size);
        is_as_kept(&format!("picker-{columns}"), &screen(&terminal, size).text());
        terminal.types(&format!("{RIGHT} {DOWN}{DOWN} ")).settles();
        is_as_kept(&format!("picker-{columns}-marked"), &screen(&terminal, size).text());
        terminal.types("t").settles();
        is_as_kept(&format!("picker-{columns}-filter"), &screen(&terminal, size).text());
        terminal.types(CTRL_C);
        assert_eq!(terminal.ends().0, 130);
    }
}

#[test]
fn what_is_marked_is_released_by_its_level() {
    let repo = five();
    let mut terminal = open(&repo, (24, 80));
    // `api` by the level of its changes, `suite` by another one.
    terminal.types(&format!(" suite {LEFT}{RIGHT}{RIGHT}{RIGHT}{RIGHT}\r")).waits_for(QUESTION).types("y\n");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    let tags = repo.tags();
    for tag in ["api-v1.5.0", "mobile-v1.0.0", "web-v1.0.0"] {
        assert!(tags.iter().any(|known| known == tag), "{tags:?}\n{shown}");
    }
}

#[test]
fn a_key_press_costs_few_bytes() {
    let repo = five();
    let mut terminal = open(&repo, (24, 80));
    for (keys, most) in [(DOWN, 700), (UP, 700), (RIGHT, 300), (" ", 200), ("\u{1b}[5~", 0)] {
        let written = terminal.types(keys).settles();
        assert!(written.len() <= most, "{keys:?} costs {}: {written:?}", written.len());
    }
    terminal.types("\u{4}");
    assert_eq!(terminal.ends().0, 4);
}

#[test]
fn it_leaves_the_terminal_as_it_was() {
    let repo = five();
    let before = repo.state();
    for (keys, code) in [("\u{1b}", 4), ("\u{4}", 4), (CTRL_C, 130)] {
        let mut terminal = open(&repo, (24, 80));
        terminal.types(keys);
        nothing_remains(&repo, &before, terminal, code);
    }
    for (signal, code) in [("TERM", 143), ("HUP", 129)] {
        let mut terminal = open(&repo, (24, 80));
        terminal.sends(signal);
        nothing_remains(&repo, &before, terminal, code);
    }
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let repo = five();
    let mut terminal = open(&repo, (24, 80));
    let (_, name) = terminal.place();
    assert!(Command::new("stty").args(["-F", &name, "rows", "30", "cols", "150"]).status().unwrap().success());
    terminal.waits_for("BETA").settles();
    let before = repo.state();
    terminal.types("\u{1b}");
    nothing_remains(&repo, &before, terminal, 4);
}

#[test]
fn what_is_here_is_on_top() {
    let repo = five();
    let variables = [("NO_COLOR", "1"), ("TERM", "xterm")];
    let mut terminal = Terminal::open_with(&repo, &["-C", "p/tools", "bump"], (24, 80), &variables);
    terminal.waits_for(KEYS).settles();
    assert!(screen(&terminal, (24, 80)).text().contains("\n> [ ] tools "), "{}", terminal.shown());
    terminal.types("\u{1b}");
    assert_eq!(terminal.ends().0, 4);
}

#[test]
fn a_terminal_without_a_cursor_gets_a_list() {
    let repo = five();
    let variables = [("NO_COLOR", "1"), ("TERM", "dumb")];
    let asked = "Release which? [numbers or names, `3=minor` for another level] ";
    let mut terminal = Terminal::open_with(&repo, &["bump"], (24, 80), &variables);
    terminal.waits_for(asked).types("9\n").waits_for("`9` is not in the list").waits_for(asked).types("api 2=major\n");
    terminal.waits_for(QUESTION).types("n\n");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 4);
    let list = shown.split("[at ").nth(1).and_then(|rest| rest.split_once('\n')).unwrap().1;
    is_as_kept("picker-dumb-80", list.split(asked).next().unwrap());
    assert!(!shown.contains('\u{1b}') && shown.contains("1.5.0") && shown.contains("1.0.0"), "{shown}");
    let mut terminal = Terminal::open_with(&repo, &["bump"], (24, 80), &variables);
    terminal.waits_for(asked).types(CTRL_C);
    assert_eq!(terminal.ends().0, 130);
}
