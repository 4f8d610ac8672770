//! The walls of the house: who may import whom, who may touch the machine, and how long a file may be. ARCHITECTURE.md draws them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

mod circles;
mod source;

use source::{Named, code_of, paths_from};

/// What a module may import besides itself, `model` and `text`, which are open to all.
const TABLE: [(&str, &[&str]); 20] = [
    ("model", &[]),
    ("text", &[]),
    ("io", &[]),
    ("data", &[]),
    ("config", &[]),
    ("manifest", &["data"]),
    ("history", &[]),
    ("changelog", &["data"]),
    ("workspace", &["config", "manifest"]),
    ("plugin", &["io"]),
    ("forge", &["io"]),
    ("registry", &["io"]),
    ("snapshot", &["config", "manifest", "history", "changelog", "workspace"]),
    ("plan", &["snapshot", "config", "manifest", "history", "changelog", "workspace"]),
    ("init", &["snapshot", "config", "manifest", "workspace", "data"]),
    (
        "capture",
        &["snapshot", "config", "manifest", "history", "changelog", "workspace", "io", "plugin", "forge", "registry"],
    ),
    ("apply", &["plan", "io", "forge", "registry", "plugin"]),
    ("process", &["apply", "capture", "init", "plan", "snapshot", "config", "io", "plugin", "forge", "registry"]),
    ("demo", &["io"]),
    (
        "cli",
        &[
            "process",
            "demo",
            "apply",
            "capture",
            "init",
            "plan",
            "snapshot",
            "config",
            "manifest",
            "history",
            "changelog",
            "workspace",
            "io",
            "plugin",
            "forge",
            "registry",
        ],
    ),
];

const OPEN_TO_ALL: [&str; 2] = ["model", "text"];
/// Where words for people are printed.
const PRINTERS: &str = "cli/render";
const LONGEST_FILE: usize = 500;
/// Phrases that English readers stumble over, which must not come back.
const STUMBLES: [&str; 6] =
    ["is no ", "are none", "nothing where", "Tells whether", "stands twice", "nobody confirmed"];

/// What the walls forbid in one file of `src`, whose path is relative to it.
fn findings(path: &str, text: &str) -> Vec<String> {
    let code = code_of(text);
    let mut found = imports(path, &code);
    found.extend(machine(path, &code));
    found.extend(words(path, &code));
    found.extend(stumbles(path, text));
    found.extend(leftovers(path, text, &code));
    found.dedup();
    found
}

fn module_of(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

fn imports(path: &str, code: &str) -> Vec<String> {
    let module = module_of(path);
    if module == "lib" {
        return Vec::new();
    }
    let known = TABLE.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed);
    let allowed = match (module, known) {
        // The binary hands the arguments over and returns the exit code.
        ("main", _) => &["cli", "io"][..],
        (_, Some(allowed)) => allowed,
        (_, None) => return vec![format!("{path}: the module {module} is not in the table of layers")],
    };
    let test_code = test_module_at(code);
    let mut found = Vec::new();
    for named in paths_from(code, &["crate", "relman", "super"]) {
        let Some(target) = target(path, &named, test_code) else { continue };
        let open = module != "main" && OPEN_TO_ALL.contains(&target);
        if target != module && !open && !allowed.contains(&target) {
            found.push(format!("{path}:{}: {module} may not import {target}", named.line));
        }
    }
    found
}

/// Returns the top module that a path leads to; nothing where a chain of `super` stays inside of its own.
fn target<'a>(path: &str, named: &'a Named, test_code: usize) -> Option<&'a str> {
    let supers = named.parts.iter().take_while(|part| *part == "super").count();
    let below_root = path.trim_end_matches("/mod.rs").split('/').count() + usize::from(named.offset > test_code);
    match supers {
        0 => named.parts.get(1).map(String::as_str),
        _ if supers >= below_root => named.parts.get(supers).map(String::as_str),
        _ => None,
    }
}

/// Returns where the unit tests at the foot of a file start: they are one module deeper, and may touch the machine.
fn test_module_at(code: &str) -> usize {
    code.find("#[cfg(test)]\nmod ").unwrap_or(code.len())
}

fn machine(path: &str, code: &str) -> Vec<String> {
    if module_of(path) == "io" {
        return Vec::new();
    }
    let mut found = Vec::new();
    let tests = test_module_at(code);
    for named in paths_from(&code[..tests], &["std"]) {
        let parts: Vec<&str> = named.parts.iter().skip(1).map(String::as_str).collect();
        let door = matches!(parts[0], "fs" | "process" | "env") || parts.contains(&"SystemTime");
        // The exit code of a process is a value, and starts none.
        let value = parts == ["process", "ExitCode"];
        if door && !value {
            found.push(format!("{path}:{}: only io may name {}", named.line, named.parts.join("::")));
        }
    }
    found
}

fn words(path: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let layer = module_of(path);
    for (number, line) in code.lines().enumerate() {
        let prints = ["println!", "eprintln!", "print!", "eprint!", "dbg!"].iter().find(|word| names(line, word));
        if let Some(word) = prints.filter(|_| !path.starts_with(PRINTERS)) {
            found.push(format!("{path}:{}: {word} belongs to {PRINTERS}", number + 1));
        }
        let identifiers = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        if !["cli", "main"].contains(&layer) && identifiers.into_iter().any(is_dry) {
            found.push(format!("{path}:{}: nothing below cli knows of dryness", number + 1));
        }
    }
    found
}

/// Finds the [`STUMBLES`] of a file, in comments and messages alike.
fn stumbles(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for phrase in STUMBLES.iter().filter(|phrase| line.contains(**phrase)) {
            found.push(format!("{path}:{}: \"{phrase}\" is not idiomatic English; see CONTRIBUTING.md", number + 1));
        }
    }
    found
}

/// Returns `true` if the line contains the word, and not only as the end of a longer one.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn is_dry(identifier: &str) -> bool {
    let lower = identifier.to_lowercase();
    lower.split('_').any(|part| part == "dry" || part.starts_with("dryrun")) || identifier.contains("Dry")
}

/// What must not stand in any file of ours, tests included.
fn leftovers(path: &str, text: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        found.push(format!("{path}: {lines} lines; a file has at most {LONGEST_FILE}"));
    }
    let mark = concat!("FIX", "ME");
    for (number, (line, code)) in text.lines().zip(code.lines()).enumerate() {
        let word = ["todo!", "#[ignore"].into_iter().find(|word| names(code, word));
        if let Some(word) = word.or(line.contains(mark).then_some(mark)) {
            found.push(format!("{path}:{}: {word} is work that was left over", number + 1));
        }
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the path, relative to the folder and with `/`, and the text of every `.rs` file below it.
fn sources(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_walls_stand() {
    let files = sources(&root().join("src"));
    assert!(files.len() > 10, "src was not found");
    let found: Vec<String> = files.iter().flat_map(|(path, text)| findings(path, text)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn nothing_is_left_over_in_tests_and_examples() {
    for folder in ["tests", "examples", "benches"] {
        let files = sources(&root().join(folder));
        let found: Vec<String> = files.iter().flat_map(|(path, text)| leftovers(path, text, &code_of(text))).collect();
        assert!(found.is_empty(), "{folder}:\n{}", found.join("\n"));
    }
}

#[test]
fn architecture_names_every_module() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("there is an ARCHITECTURE.md");
    let files = sources(&root().join("src"));
    let modules: BTreeSet<&str> = files.keys().map(|path| module_of(path)).collect();
    let unnamed = |module: &&&str| {
        !["/", ".rs", "`"].iter().any(|end| {
            let name = format!("{module}{end}");
            text.match_indices(&name).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let missing: Vec<&&str> = modules.iter().filter(unnamed).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {missing:?}");
}

#[test]
fn architecture_draws_the_table() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let cells = |line: &str| -> Vec<Vec<String>> {
        let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        line.trim_matches('|').split('|').map(names).collect()
    };
    let rows: Vec<Vec<Vec<String>>> = text.lines().filter(|line| line.starts_with("| `")).map(cells).collect();
    for (module, allowed) in TABLE {
        let row = rows.iter().find(|row| row[0] == [module]);
        let drawn = row.map(|row| row[1].iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(drawn.as_deref(), Some(allowed), "the row of {module} in ARCHITECTURE.md");
    }
}

#[test]
fn architecture_names_tests_that_there_are() {
    for page in ["ARCHITECTURE.md", "docs/security.md"] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        let named: Vec<(&str, &str)> = text.split('`').filter_map(|word| word.split_once(".rs::")).collect();
        assert!(named.len() > 10, "only {named:?}");
        for (file, test) in named {
            let code = std::fs::read_to_string(root().join(format!("{file}.rs"))).unwrap_or_default();
            assert!(code.contains(&format!("fn {test}(")), "{page} names {file}.rs::{test}, which does not exist");
        }
    }
}

#[test]
fn there_is_no_circle() {
    let found = circles::circles(&sources(&root().join("src")));
    let found: Vec<String> = found.iter().map(|circle| circle.join(" ")).collect();
    assert!(found.is_empty(), "these name each other in a circle:\n{}", found.join("\n"));
}

#[test]
fn the_table_has_no_circle() {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for (module, allowed) in TABLE {
        let above: Vec<&&str> = allowed.iter().filter(|name| !done.contains(**name)).collect();
        assert!(above.is_empty(), "{module} stands below {above:?}, which it imports");
        done.insert(module);
    }
    assert!(TABLE.iter().all(|(_, allowed)| !allowed.contains(&"cli")), "nobody imports cli");
}

#[test]
fn bad_files_are_found() {
    let long = "\n".repeat(LONGEST_FILE + 1);
    let table = [
        ("plan/guard.rs", "use crate::io::read;", "plan/guard.rs:1: plan may not import io"),
        (
            "plan/guard.rs",
            "use crate::{\n    text,\n    io::{self, git},\n};",
            "plan/guard.rs:1: plan may not import io",
        ),
        ("plan/guard.rs", "fn f() {\n    crate::io::read()\n}", "plan/guard.rs:2: plan may not import io"),
        ("plan/guard.rs", "use super::super::io;", "plan/guard.rs:1: plan may not import io"),
        ("plan/mod.rs", "use super::io;", "plan/mod.rs:1: plan may not import io"),
        (
            "plan/mod.rs",
            "#[cfg(test)]\nmod tests {\n    use super::super::io;\n}",
            "plan/mod.rs:3: plan may not import io",
        ),
        ("config/raw.rs", "use crate::manifest::find;", "config/raw.rs:1: config may not import manifest"),
        ("manifest/json.rs", "use crate::config::Config;", "manifest/json.rs:1: manifest may not import config"),
        ("model/tag.rs", "use crate::plan::Plan;", "model/tag.rs:1: model may not import plan"),
        ("snapshot.rs", "use crate::plan::Plan;", "snapshot.rs:1: snapshot may not import plan"),
        ("capture/tags.rs", "use crate::apply::run;", "capture/tags.rs:1: capture may not import apply"),
        ("apply/mod.rs", "use crate::cli;", "apply/mod.rs:1: apply may not import cli"),
        ("main.rs", "use relman::plan::Plan;", "main.rs:1: main may not import plan"),
        ("helpers.rs", "", "helpers.rs: the module helpers is not in the table of layers"),
        ("plan/a.rs", "use std::fs;", "plan/a.rs:1: only io may name std::fs"),
        ("cli/a.rs", "use std::{fmt, env::args};", "cli/a.rs:1: only io may name std::env::args"),
        ("cli/a.rs", "std::process::exit(1)", "cli/a.rs:1: only io may name std::process::exit"),
        ("plan/a.rs", "use std::time::SystemTime;", "plan/a.rs:1: only io may name std::time::SystemTime"),
        ("plan/a.rs", "\nprintln!(\"x\");", "plan/a.rs:2: println! belongs to cli/render"),
        ("cli/bump.rs", "eprintln!(\"x\");", "cli/bump.rs:1: eprintln! belongs to cli/render"),
        ("apply/a.rs", "fn run(dry_run: bool) {}", "apply/a.rs:1: nothing below cli knows of dryness"),
        ("plan/a.rs", "enum Mode { DryRun }", "plan/a.rs:1: nothing below cli knows of dryness"),
        ("plan/a.rs", "fn f() { todo!() }", "plan/a.rs:1: todo! is work that was left over"),
        ("plan/a.rs", "#[ignore = \"slow\"]", "plan/a.rs:1: #[ignore is work that was left over"),
        ("plan/a.rs", concat!("// FIX", "ME later"), concat!("plan/a.rs:1: FIX", "ME is work that was left over")),
        (
            "plan/a.rs",
            "/// Fails where it is no version.",
            "plan/a.rs:1: \"is no \" is not idiomatic English; see CONTRIBUTING.md",
        ),
        (
            "plan/a.rs",
            "\nlet message = \"the key stands twice\";",
            "plan/a.rs:2: \"stands twice\" is not idiomatic English; see CONTRIBUTING.md",
        ),
        ("plan/a.rs", &long, "plan/a.rs: 501 lines; a file has at most 500"),
    ];
    for (path, text, expected) in table {
        assert_eq!(findings(path, text), [expected], "{text}");
    }
}

#[test]
fn good_files_pass() {
    let table = [
        ("plan/guard.rs", "use super::edits;\nuse crate::{model::Version, snapshot::Snapshot, text};"),
        (
            "plan/guard.rs",
            "//! See [`io`](crate::io). No std::fs, no println!, no dry run.\nlet help = \"try --dry-run: crate::io\";",
        ),
        ("plan/guard.rs", "#[cfg(test)]\nmod tests {\n    use super::super::edits;\n    use std::fs;\n}"),
        ("io/files.rs", "use std::{env, fs, process::Command, time::SystemTime};\nuse crate::model::RepoPath;"),
        ("cli/bump.rs", "use std::process::ExitCode;\nuse crate::{apply, capture, io, plan};\nlet dry_run = true;"),
        ("cli/render/human.rs", "println!();"),
        ("apply/commit.rs", "use crate::io::process;\nfn f() { process::run() }"),
        ("main.rs", "fn main() -> std::process::ExitCode { relman::cli::run() }"),
        ("lib.rs", "pub mod io;\npub mod plan;"),
        ("text/a.rs", "let laundry = env!(\"X\"); my_println!(); let sundry_items = 1;"),
    ];
    for (path, text) in table {
        assert_eq!(findings(path, text), Vec::<String>::new(), "{text}");
    }
}
