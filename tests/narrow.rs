//! Tables on a terminal of 80 columns: columns give way in a fixed order, and no line is wider than the terminal.
//!
//! `SNAPSHOTS=overwrite` renews `fixtures/screens`. Read what it wrote before you commit it.
#![cfg(target_os = "linux")]

use crate::support::repo::Repo;
use crate::support::screen::{Screen, is_as_kept};
use crate::support::terminal::Terminal;

/// Packages with long names, deep folders, drift and changes, in a group of their own.
fn wide() -> Repo {
    let config = "[workspace]\nmembers = [\"services/*/*\"]\n[groups.customer-facing]\n\
                  linked = [\"customer-notification-gateway\", \"customer-subscription-service\"]\n";
    let folder = |name: &str| format!("services/{name}/implementation");
    let manifest = |name: &str| format!("{{ \"name\": \"{name}\", \"version\": \"10.20.30-alpha.1\" }}\n");
    let names = ["customer-notification-gateway", "customer-subscription-service", "internal-audit"];
    let mut files = vec![("relman.toml".to_owned(), config.to_owned())];
    for name in names {
        files.push((format!("{}/package.json", folder(name)), manifest(name)));
    }
    let lock = "{ \"name\": \"internal-audit\", \"version\": \"10.20.29\", \"lockfileVersion\": 3, \"packages\": \
                { \"\": { \"name\": \"internal-audit\", \"version\": \"10.20.29\" } } }\n";
    files.push((format!("{}/package-lock.json", folder("internal-audit")), lock.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = Repo::with(&files);
    repo.git(&["tag", "customer-notification-gateway-v10.20.30-alpha.1"]);
    repo.commit(&[(&format!("{}/notes", folder(names[0])), "one")]);
    repo
}

/// What a command prints on a terminal of so many columns.
fn shown(repo: &Repo, args: &[&str], columns: u16) -> String {
    let variables = [("NO_COLOR", "1"), ("TERM", "xterm")];
    let (_, shown) = Terminal::open_with(repo, args, (40, columns), &variables).ends();
    let (_, rest) = shown.split_once("[at ").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.replace("[terminal as before]\n", "")
}

/// The screens of these commands at two widths are as they are kept, and none of their lines is wider.
#[track_caller]
fn fit(repo: &Repo, commands: &[(&str, &[&str])]) {
    for (name, args) in commands {
        for columns in [80, 200] {
            let shown = shown(repo, args, columns);
            let is_too_wide = |line: &&str| line.chars().count() > usize::from(columns);
            assert_eq!(shown.lines().find(is_too_wide), None, "{name} at {columns} columns:\n{shown}");
            is_as_kept(&format!("{name}-{columns}"), &shown);
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let repo = wide();
    let long = ["bump", "-n", "-p", "customer-notification-gateway", "minor"];
    fit(&repo, &[("status", &["status"]), ("plan", &long), ("check", &["check"])]);
    // Where no one looks, nothing gives way.
    assert!(repo.relman(&["status"]).out.contains("GROUP"));
}

#[test]
fn neither_is_one_of_a_release() {
    let repo = wide();
    let config = repo.read("relman.toml").unwrap()
        + "[packages.customer-notification-gateway]\npath = \"services/customer-notification-gateway/implementation\"\n\
           [packages.customer-notification-gateway.verify]\nnpm = [\"customer-notification-gateway\"]\n\
           run = [{ name = \"pages-of-the-documentation\", run = [\"test\", \"-e\", \"missing/folder/of/pages\"] }]\n\
           [release]\n[[release.run]]\nname = \"documentation-of-customers\"\n\
           run = [\"./scripts/publish-the-documentation-for-customers.sh\", \"{name}\", \"{version}\"]\n\
           [gates.commands]\nend-to-end-tests = { run = [\"./scripts/end-to-end-tests.sh\"], help = \"look at the \
           pipeline of the last night, and repeat the tests that failed there on their own\" }\n\
           [gates.questions]\nmigrations = { ask = \"Are all migrations of the database squashed, and tried on a copy of production, for {tag}?\" }\n";
    let remote = repo.outside().join("remote.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repo.commit(&[("relman.toml", &config)]);
    repo.git(&["push", "-q", "-u", "origin", "main", "--tags"]);
    fit(&repo, &[("doctor", &["doctor", "-p", "customer-notification-gateway", "--as", "minor"])]);
    let gates = ["--skip-gate", "end-to-end-tests", "--skip-gate", "migrations", "--skip-gate", "unpublished"];
    let bump = [&["bump", "-y", "-p", "customer-notification-gateway", "minor"][..], &gates].concat();
    repo.relman(&bump).exits(0);
    let tag = "customer-notification-gateway-v10.21.0";
    fit(&repo, &[("release", &["release", "-n"]), ("verify", &["verify", tag])]);
}

#[test]
fn the_question_for_a_summary() {
    let config = "[changelog]\nsummary = \"required\"\n[packages.customer-notification-gateway]\npath = \"gateway\"\n";
    let unreleased = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A list of all customers who have chosen to be \
                      notified of what happens to their subscriptions at night.\n";
    let repo = Repo::with(&[
        ("relman.toml", config),
        ("gateway/package.json", "{ \"name\": \"customer-notification-gateway\", \"version\": \"10.20.30\" }\n"),
        ("gateway/CHANGELOG.md", unreleased),
    ]);
    for columns in [80, 200] {
        let size = (24, columns);
        let variables = [("NO_COLOR", "1"), ("TERM", "xterm")];
        let mut terminal = Terminal::open_with(&repo, &["bump", "minor", "--date", "2026-06-29"], size, &variables);
        terminal.waits_for("n: no] ").types("y\n").waits_for("[it is required] ").settles();
        let shown = Screen::of(&terminal.shown(), size.0.into(), size.1.into()).text();
        let (_, shown) = shown.split_once('\n').unwrap();
        is_as_kept(&format!("summary-{columns}"), shown);
        terminal.types("\u{3}");
        assert_eq!(terminal.ends().0, 130);
    }
}

#[test]
fn words_of_help_and_demo_keep_to_the_terminal() {
    let repo = wide();
    for args in [&["bump", "-h"][..], &["verify", "-h"], &["--help"], &["help", "bump"], &["demo", "sample"]] {
        let shown = shown(&repo, args, 80);
        // What git prints is as git prints it.
        let is_too_wide = |line: &&str| line.chars().count() > 80 && !line.starts_with("* ");
        assert_eq!(shown.lines().find(is_too_wide), None, "{args:?}:\n{shown}");
    }
    let shown = shown(&repo, &["bump", "-h"], 80);
    let column = " ".repeat(46);
    assert!(shown.contains(&format!("the one package or group that\n{column}there is\n")), "{shown}");
}
