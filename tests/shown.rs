//! What is shown to people cannot steer their terminal or hide anything: texts of a repository are made visible in every command.

use super::support::repo::Repo;

const UGLY: &str =
    "\u{1b}]0;t\u{7}\u{1b}[8m\u{9b}2J\u{202e}\u{2066}\u{2028}\u{2029}\u{200b}\u{200d}\u{feff}\u{7f}\u{8}";

fn steers(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Takes relman's own styles out: they set colours, bold or faint, and reset them.
fn without_styles(text: &str) -> String {
    let styles = ["0", "1", "2", "31", "32", "33", "91", "92", "94", "96", "1;31", "1;33"];
    styles.iter().fold(text.to_owned(), |text, style| text.replace(&format!("\u{1b}[{style}m"), ""))
}

/// A repository in which everything that a person reads is ugly: entries, subjects, names of files and of tags, headings, values.
fn ugly() -> Repo {
    let changelog =
        format!("# Changelog {UGLY}\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-01 {UGLY}\n\n- One {UGLY}.\n");
    let toml = "[packages.a]\npath = \"a\"\nmanifests = [\"a/package.json\", { path = \"a/other\\u202e.json\", pointer = \"/v\" }]\n\
                [packages.a.changelog]\nsources = [\"fragments\", \"commits\"]\n";
    let repo = Repo::with(&[
        ("relman.toml", toml),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        (
            "a/other\u{202e}.json",
            &format!("{{ \"v\": \"1.0.1\", \"x\": \"{UGLY}\" }}\n").replace(['\u{1b}', '\u{7}', '\u{8}'], ""),
        ),
        ("a/CHANGELOG.md", &changelog),
        ("a/changelog.d/s\u{200b}\u{9b}.added.md", &format!("- entry {UGLY} end\n")),
    ]);
    repo.git(&["tag", "a-v1.0.0", "-a", "-m", UGLY]);
    repo.git(&["tag", "a-v1.0.0\u{202e}"]);
    repo.commit(&[("a/x\u{202e}", "x")]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", &format!("fix: subject {UGLY}")]);
    repo
}

#[test]
fn no_command_shows_what_a_terminal_obeys() {
    let repo = ugly();
    let commands: &[&[&str]] = &[
        &["status"],
        &["status", "--no-history"],
        &["status", "--explain"],
        &["status", "--diff"],
        &["status", "--format", "{name} {tag} {next}"],
        &["check"],
        &["check", "--staged"],
        &["bump", "patch", "-n"],
        &["plan", "patch"],
        &["changelog", "preview"],
        &["changelog", "preview", "--as", "patch"],
        &["changelog", "show", "1.0.0"],
        &["changelog", "check", "--since", "HEAD~1"],
        &["changelog", "assemble", "-n"],
        &["changelog", "add", "-t", "added", "-m", UGLY, "-n"],
        &["init", "--dry-run"],
        &["bump", "-p", UGLY, "patch", "-n"],
        &["bump", "--all", "patch", "--nonsense\u{1b}[8m\u{202e}"],
        &["changelog", "show", UGLY],
        &["apply", &format!("no{UGLY}.json")],
    ];
    for command in commands {
        let all: Vec<&str> = ["--color", "always"].iter().chain(*command).copied().collect();
        let ran = repo.idle(&all);
        for text in [&ran.out, &ran.err] {
            let left = without_styles(text);
            let found: Vec<char> = left.chars().filter(|c| steers(*c)).collect();
            assert!(found.is_empty(), "{command:?}: {found:?} in {left:?}");
        }
        assert!(!(ran.out.is_empty() && ran.err.is_empty()), "{command:?} says nothing");
    }
    repo.idle(&["changelog", "preview", "--as", "patch", "--color", "always"])
        .says(&["entry \\u{1b}]0;t\\u{7}\\u{1b}[8m\\u{9b}2J\\u{202e}"]);
    // Where a plan is shown it is for people even in a file.
    repo.idle(&["bump", "patch", "-n"]).says(&["+- entry \\u{1b}]0;t\\u{7}"]);
}

#[test]
fn errors_show_what_they_found() {
    let repo = Repo::with(&[(
        "relman.toml",
        "x\u{202e}y = \"a\u{9b}\u{2028}\"\n[packages.\"a\\u001b[8m\"]\npath = \"a\\u202e\"\n",
    )]);
    for command in [&["status"][..], &["check"], &["bump", "patch", "-n"]] {
        let all: Vec<&str> = ["--color", "always"].iter().chain(command).copied().collect();
        let ran = repo.idle(&all);
        ran.exits(2);
        let left = without_styles(&ran.err);
        let found: Vec<char> = left.chars().filter(|c| steers(*c)).collect();
        assert!(found.is_empty(), "{command:?}: {found:?} in {left:?}");
    }
}

#[test]
fn files_keep_their_bytes_and_json_escapes_them() {
    let repo = ugly();
    let entry = format!("entry {UGLY} end");
    let preview = repo.idle(&["changelog", "preview", "--as", "patch"]);
    assert!(preview.out.contains(&entry), "{:?}", preview.out);
    let notes = repo.idle(&["changelog", "show", "1.0.0"]);
    assert_eq!(notes.out, format!("- One {UGLY}.\n"));
    for command in [
        &["changelog", "preview", "--as", "patch", "--format", "json"][..],
        &["bump", "patch", "-n", "--json"],
        &["check", "--json"],
        &["status", "--json"],
    ] {
        let ran = repo.idle(command);
        let found: Vec<char> = ran.out.chars().filter(|c| steers(*c)).collect();
        assert!(found.is_empty(), "{command:?}: {found:?}");
        ran.json();
    }
    let json = repo.idle(&["changelog", "preview", "--as", "patch", "--format", "json"]).json();
    assert!(json["packages"][0]["text"].as_str().unwrap().contains(&entry), "{json}");
}

#[test]
fn words_of_hooks_are_made_visible() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\npath = \"a\"\n"),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
    ]);
    repo.hook("pre-commit", "#!/bin/sh\nprintf 'hook \\033]0;t\\007 \\302\\233 said\\n' >&2\n");
    let ran = repo.relman(&["bump", "patch", "--yes"]);
    ran.exits(0);
    assert!(ran.err.contains("hook \\u{1b}]0;t\\u{7} \\u{9b} said"), "{:?}", ran.err);
    repo.hook("pre-commit", "#!/bin/sh\nprintf 'no \\033[2J\\n' >&2\nexit 1\n");
    let ran = repo.relman(&["bump", "patch", "--yes"]);
    ran.exits(1);
    assert!(ran.err.contains("no \\u{1b}[2J"), "{:?}", ran.err);
}
