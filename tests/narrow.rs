//! Tables on a terminal of 80 columns: columns give way in a fixed order, and no line is wider than the terminal.
//!
//! `SNAPSHOTS=overwrite` renews `fixtures/screens`. Read what it wrote before you commit it.
#![cfg(target_os = "linux")]

use crate::support::repo::Repo;
use crate::support::screen::is_as_kept;
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

#[test]
fn no_line_is_wider_than_the_terminal() {
    let repo = wide();
    let long = ["bump", "-n", "-p", "customer-notification-gateway", "minor"];
    for (name, args) in [("status", &["status"][..]), ("plan", &long), ("check", &["check"])] {
        for columns in [80, 200] {
            let shown = shown(&repo, args, columns);
            let is_too_wide = |line: &&str| line.chars().count() > usize::from(columns);
            assert_eq!(shown.lines().find(is_too_wide), None, "{name} at {columns} columns:\n{shown}");
            is_as_kept(&format!("{name}-{columns}"), &shown);
        }
    }
    // Where no one looks, nothing gives way.
    assert!(repo.relman(&["status"]).out.contains("GROUP"));
}
