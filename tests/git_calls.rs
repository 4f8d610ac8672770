//! How git is called: a revision is never a path, a call that reads runs nothing, and every call is held against the one list.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::repo::Repo;

const CONFIG: &str = "[workspace]\nmembers = [\"packages/*\"]\n\n\
     [packages.a]\npath = \"packages/a\"\nchangelog = \"packages/a/CHANGELOG.md\"\n";

/// A repository with two packages, one of which has a changelog and a fragment.
pub fn repo() -> Repo {
    Repo::with(&[
        ("relman.toml", CONFIG),
        ("packages/a/package.json", "{\n  \"name\": \"a\",\n  \"version\": \"0.1.0\"\n}\n"),
        ("packages/a/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n"),
        ("packages/a/changelog.d/one.added.md", "- one thing\n"),
        ("packages/b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
        ("other.txt", "hello\n"),
    ])
}

pub const RELEASE: [&str; 6] = ["bump", "-p", "a", "patch", "-y", "--date=2026-01-02"];

/// Every command that only reads.
const READING: [&[&str]; 14] = [
    &["status"],
    &["status", "--json"],
    &["check"],
    &["check", "--staged"],
    &["plan", "--all", "patch"],
    &["bump", "--all", "patch", "--dry-run", "--allow-dirty"],
    &["bump", "-p", "a", "auto", "--dry-run"],
    &["changelog", "preview"],
    &["changelog", "check", "--since", "start"],
    &["changelog", "check"],
    &["changelog", "show", "a"],
    &["init", "--dry-run"],
    &["schema"],
    &["resume"],
];

/// Gives files another time, so that git has to look into them.
fn touch(repo: &Repo, names: &[&str], seconds: u64) {
    for name in names {
        let file = fs::File::options().write(true).open(repo.root().join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    }
}

fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_revision_is_never_taken_for_a_path() {
    let repo = repo();
    repo.git(&["branch", "start"]);
    repo.commit(&[("HEAD", "x\n"), ("--", "x\n"), ("start", "x\n")]);
    repo.write(&repo.git(&["rev-parse", "HEAD"]), "named like the commit\n");
    for args in
        [&["status"][..], &["check"], &["changelog", "check", "--since", "start"], &["plan", "-p", "a", "patch"]]
    {
        repo.idle(args).exits(0);
    }
    repo.relman(&RELEASE).exits(0);
    repo.idle(&["changelog", "check", "--since", "start"]).exits(0);
    assert_eq!(repo.tags(), ["a-v0.1.1"]);
}

/// How the names of keys end whose value git may run.
const EXECUTING: [&str; 21] = [
    "askpass",
    "browser",
    "cmd",
    "command",
    "difffilter",
    "driver",
    "editor",
    "external",
    "fsmonitor",
    "gitproxy",
    "helper",
    "hook",
    "hookspath",
    "pager",
    "program",
    "process",
    "receivepack",
    "smudge",
    "textconv",
    "tool",
    "uploadpack",
];

/// Keys that `git help --config` names only in part, because a part of them is the user's word.
const NAMED: [&str; 35] = [
    "alias.cat-file",
    "alias.log",
    "alias.ls-files",
    "alias.rev-parse",
    "alias.status",
    "browser.x.cmd",
    "credential.https://example.com.helper",
    "diff.x.command",
    "diff.x.textconv",
    "difftool.x.cmd",
    "difftool.x.path",
    "filter.it's a=b.clean",
    "filter.it's a=b.process",
    "filter.it's a=b.smudge",
    "filter.x.clean",
    "filter.x.process",
    "filter.x.smudge",
    "gpg.openpgp.program",
    "gpg.ssh.defaultkeycommand",
    "gpg.ssh.program",
    "gpg.x509.program",
    "guitool.x.cmd",
    "man.x.cmd",
    "man.x.path",
    "merge.x.driver",
    "mergetool.x.cmd",
    "pager.config",
    "pager.diff",
    "pager.log",
    "pager.rev-parse",
    "pager.status",
    "remote.origin.uploadpack",
    "submodule.sub.update",
    "trailer.relman-release.cmd",
    "trailer.relman-release.command",
];

/// Every key that makes git run a program, with a value that makes it run this one.
pub fn executing_keys(canary: &str) -> Vec<(String, String)> {
    let listed = Command::new("git").args(["help", "--config-for-completion"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap().to_ascii_lowercase();
    // Advice and colours are switched on and off.
    let runs = |key: &&str| {
        EXECUTING.iter().any(|end| key.ends_with(end)) && !key.starts_with("advice.") && !key.starts_with("color.")
    };
    let keys: BTreeSet<&str> = listed.lines().filter(runs).chain(NAMED).collect();
    let value = |key: &str| match key {
        key if key.starts_with("alias.") || key.ends_with(".update") => format!("!{canary}"),
        "core.hookspath" => format!("{canary}-hooks"),
        _ => canary.to_owned(),
    };
    keys.into_iter().map(|key| (key.to_owned(), value(key))).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

pub fn config_file(settings: &[(String, String)]) -> String {
    let mut text = String::new();
    for (key, value) in settings {
        let (section, name) = key.rsplit_once('.').unwrap();
        let head = match section.split_once('.') {
            Some((section, subsection)) => format!("[{section} {}]", quoted(subsection)),
            None => format!("[{section}]"),
        };
        text += &format!("{head}\n\t{name} = {}\n", quoted(value));
    }
    text
}

#[test]
fn a_command_that_reads_runs_nothing_and_leaves_the_index_alone() {
    let repo = repo();
    repo.git(&["branch", "start"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "start"]);
    repo.commit(&[
        (".gitattributes", "packages/** filter=x diff=x merge=x\nother.txt filter=\"it's\" diff=x\n*.txt filter=x\n"),
        ("packages/a/new.js", "x\n"),
    ]);
    // A repository in a folder has a configuration of its own.
    let sub = repo.root().join("packages/sub");
    fs::create_dir_all(&sub).unwrap();
    repo.git_in(&sub, &["init", "-q", "-b", "main"]);
    fs::write(sub.join("file"), "x\n").unwrap();
    fs::write(sub.join(".gitattributes"), "* filter=y\n").unwrap();
    repo.git_in(&sub, &["add", "-A"]);
    repo.git_in(&sub, &["commit", "-q", "-m", "sub"]);
    repo.git(&["add", "packages/sub"]);
    repo.git(&["commit", "-q", "-m", "feat: sub"]);

    let seen = repo.outside().join("seen");
    let canary = repo.outside().join("canary");
    script(&canary, &format!("echo \"$0 $*\" >> '{}'\ncat 2>/dev/null", seen.display()));
    let hooks = repo.outside().join("canary-hooks");
    fs::create_dir(&hooks).unwrap();
    let hook_names = "applypatch-msg commit-msg fsmonitor-watchman post-applypatch post-checkout post-commit post-index-change post-merge \
                      post-rewrite pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase prepare-commit-msg \
                      proc-receive push-to-checkout reference-transaction sendemail-validate update";
    for name in hook_names.split_whitespace() {
        fs::copy(&canary, hooks.join(name)).unwrap();
        repo.hook(name, &fs::read_to_string(&canary).unwrap());
    }
    let canary = canary.to_str().unwrap();
    let keys = executing_keys(canary);
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshcommand",
        "gpg.program",
        "filter.x.clean",
        "diff.external",
        "credential.helper",
    ] {
        assert!(keys.iter().any(|(name, _)| name == key), "{key} is not set");
    }
    let config = repo.root().join(".git/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(
        &config,
        text + &config_file(&keys) + "[log]\n\tshowSignature = true\n[diff]\n\tautoRefreshIndex = true\n",
    )
    .unwrap();
    let own = sub.join(".git/config");
    let text = fs::read_to_string(&own).unwrap();
    fs::write(&own, format!("{text}[core]\n\tfsmonitor = {canary}\n[filter \"y\"]\n\tclean = {canary}\n")).unwrap();

    // A setting that is not executed by git itself proves nothing: this one is.
    touch(&repo, &["other.txt"], 50);
    repo.try_git_in(repo.root(), &["-c", "core.fsmonitor=false", "status"]);
    assert!(seen.exists(), "git status runs no filter");
    fs::remove_file(&seen).unwrap();

    let index = fs::read(repo.root().join(".git/index")).unwrap();
    let variables = [
        "GIT_EXTERNAL_DIFF",
        "GIT_PAGER",
        "GIT_EDITOR",
        "GIT_ASKPASS",
        "SSH_ASKPASS",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "PAGER",
        "EDITOR",
        "VISUAL",
        "GIT_SEQUENCE_EDITOR",
        "GIT_PROXY_COMMAND",
    ]
    .map(|name| (name, canary));
    for (round, args) in READING.iter().enumerate() {
        touch(
            &repo,
            &["packages/a/package.json", "packages/b/Cargo.toml", "relman.toml", "other.txt", "packages/sub/file"],
            100 + round as u64,
        );
        let ran = repo.relman_with(repo.root(), args, &variables);
        let seen = fs::read_to_string(&seen).unwrap_or_default();
        assert_eq!(seen, "", "{args:?} ran a program: {ran:?}");
        assert!(fs::read(repo.root().join(".git/index")).unwrap() == index, "{args:?} wrote the index");
        assert_ne!(ran.code, 1, "{args:?} failed: {ran:?}");
    }
}

#[test]
fn a_file_that_is_clean_through_its_filter_or_its_line_ends_is_not_dirty() {
    let repo = repo();
    repo.commit(&[(".gitattributes", "*.bin filter=pointer\n*.txt text eol=crlf\n")]);
    repo.git(&["config", "filter.pointer.clean", "echo pointer; cat >/dev/null"]);
    repo.git(&["config", "filter.pointer.required", "true"]);
    repo.write("other.txt", "hello\r\n");
    repo.commit(&[("big.bin", "much content\n"), ("packages/a/big.bin", "more\n"), ("packages/a/note.txt", "a\r\n")]);
    touch(&repo, &["big.bin", "packages/a/big.bin", "packages/a/note.txt", "other.txt"], 100);
    repo.git(&["branch", "start"]);
    repo.idle(&["bump", "-p", "a", "patch", "-n"]).exits(0);
    repo.idle(&["changelog", "check", "--since", "start"]).exits(0);
    repo.write("packages/a/note.txt", "b\r\n");
    repo.idle(&["bump", "-p", "a", "patch", "-n"]).exits(4).says(&["the work tree is not clean: packages/a/note.txt"]);
}

#[test]
fn a_file_of_the_release_that_only_a_filter_could_call_clean_is_refused() {
    let repo = repo();
    repo.commit(&[(".gitattributes", "*.json filter=upper\n")]);
    repo.git(&["config", "filter.upper.clean", "tr a-z A-Z"]);
    touch(&repo, &["packages/a/package.json"], 100);
    // The text itself is what was committed, before there was a filter.
    repo.idle(&["bump", "-p", "a", "patch", "-n"]).exits(0);
    repo.write("packages/a/package.json", "{\n  \"name\": \"a\",\n  \"version\": \"0.1.0\",\n  \"private\": true\n}\n");
    let ran = repo.idle(&["bump", "-p", "a", "patch", "-n", "--allow-dirty"]);
    ran.exits(4).says(&["git reads packages/a/package.json through a filter", "git status"]);
    repo.idle(&["bump", "-p", "b", "patch", "-n"]).exits(0);
}

/// One call of git: its variables and its arguments, `-c` and its like taken apart.
struct Call {
    variables: BTreeSet<String>,
    settings: BTreeMap<String, String>,
    args: Vec<String>,
}

impl Call {
    fn read(record: &str) -> Self {
        let mut lines = record.lines();
        let variables = lines.by_ref().take_while(|line| *line != "--").map(str::to_owned).collect();
        let mut call = Self { variables, settings: BTreeMap::new(), args: Vec::new() };
        while let Some(arg) = lines.next() {
            match arg {
                "-c" if call.args.is_empty() => {
                    let (key, value) = lines.next().unwrap().split_once('=').unwrap();
                    call.settings.insert(key.to_ascii_lowercase(), value.to_owned());
                }
                "--no-pager" if call.args.is_empty() => {}
                arg => call.args.push(arg.to_owned()),
            }
        }
        call
    }

    fn is_settled(&self) -> Result<(), String> {
        let bent =
            ["PATHSPECS=", "GIT_EXTERNAL_DIFF=", "GIT_DIFF_OPTS=", "GIT_ATTR_SOURCE=", "GIT_CONFIG=", "GIT_TRACE="];
        if let Some(found) = self.variables.iter().find(|name| bent.iter().any(|bent| name.contains(bent))) {
            return Err(format!("has {found}"));
        }
        let has = |key: &str, value: &str| self.settings.get(key).is_some_and(|found| found == value);
        for (key, value) in [("i18n.commitencoding", "UTF-8"), ("color.ui", "false"), ("submodule.recurse", "false")] {
            has(key, value).then_some(()).ok_or_else(|| format!("does not set {key}"))?;
        }
        Ok(())
    }

    fn only_reads(&self) -> Result<(), String> {
        for (key, value) in [
            ("core.fsmonitor", "false"),
            ("core.hookspath", "/dev/null"),
            ("core.editor", "false"),
            ("credential.helper", ""),
            ("diff.external", ""),
            ("log.showsignature", "false"),
            ("safe.barerepository", "explicit"),
            ("protocol.allow", "never"),
        ] {
            let is_set = self.settings.get(key).is_some_and(|found| found == value);
            is_set.then_some(()).ok_or_else(|| format!("does not set {key}={value}"))?;
        }
        for variable in ["GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"] {
            self.variables.contains(variable).then_some(()).ok_or_else(|| format!("has not {variable}"))?;
        }
        let word = self.args.first().map_or("", String::as_str);
        let looks_at_index_only = self.args.iter().any(|arg| arg == "--cached" || arg == "--no-index");
        let is_neutral = self
            .variables
            .iter()
            .any(|name| name.starts_with("GIT_CONFIG_PARAMETERS=") && name.contains("filter.x.clean"));
        match word {
            // It reads files, and so through filters.
            "status" if is_neutral => Ok(()),
            "diff-index" if looks_at_index_only => Ok(()),
            "rev-parse" | "for-each-ref" | "ls-files" | "ls-tree" | "log" | "rev-list" | "merge-base" | "cat-file"
            | "check-ignore" | "check-attr" | "config" | "diff-tree" | "var" => Ok(()),
            _ => Err("may run a filter or write".to_owned()),
        }
    }
}

#[test]
fn every_call_of_git_is_held_against_the_list() {
    let repo = repo();
    repo.git(&["branch", "start"]);
    repo.git(&["config", "filter.x.clean", "cat"]);
    let folder = repo.outside().join("bin");
    fs::create_dir(&folder).unwrap();
    let log = repo.outside().join("calls");
    let real =
        std::env::split_paths(&std::env::var_os("PATH").unwrap()).map(|p| p.join("git")).find(|p| p.is_file()).unwrap();
    script(
        &folder.join("git"),
        &format!(
            "{{ env | grep -E '^(GIT_|LC_ALL)'; echo --; printf '%s\\n' \"$@\"; printf '\\001'; }} >> '{}.'$$\nexec '{}' \"$@\"",
            log.display(),
            real.display()
        ),
    );
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let variables = [
        ("PATH", path.as_str()),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_EXTERNAL_DIFF", "false"),
        ("GIT_TRACE", "1"),
        ("GIT_ATTR_SOURCE", "start"),
    ];
    let calls = |args: &[&str]| {
        let ran = repo.relman_with(repo.root(), args, &variables);
        let mut calls = Vec::new();
        for entry in fs::read_dir(repo.outside()).unwrap().map(Result::unwrap) {
            if entry.file_name().to_str().unwrap().starts_with("calls.") {
                let text = fs::read_to_string(entry.path()).unwrap();
                calls.extend(text.split('\u{1}').filter(|record| !record.is_empty()).map(Call::read));
                fs::remove_file(entry.path()).unwrap();
            }
        }
        (ran, calls)
    };
    let mut words: BTreeSet<String> = BTreeSet::new();
    for args in READING {
        for call in calls(args).1 {
            let held = call.is_settled().and_then(|()| call.only_reads());
            assert_eq!(held, Ok(()), "{args:?}: git {:?}", call.args);
            words.extend(call.args.first().cloned());
        }
    }
    assert!(words.len() > 8, "{words:?}");
    for args in [&RELEASE[..], &["changelog", "add", "-p", "a", "-t", "added", "-m", "x"], &["check", "--fix"]] {
        let (ran, calls) = calls(args);
        assert_eq!(ran.code, 0, "{ran:?}");
        let words: Vec<&str> = calls.iter().filter_map(|call| call.args.first().map(String::as_str)).collect();
        assert!(words.len() <= 14, "{args:?}: {words:?}");
        for call in &calls {
            assert_eq!(call.is_settled(), Ok(()), "{args:?}: git {:?}", call.args);
        }
    }
}

#[test]
fn git_is_started_in_one_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            if ["new(\"git\")", "find_everywhere(\"git\")", "find_program(\"git\""]
                .iter()
                .any(|call| text.contains(call))
            {
                found.insert(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    assert_eq!(found, BTreeSet::from(["src/io/git_process.rs".to_owned()]));
}

#[test]
fn init_runs_neither_the_toolchain_nor_the_compiler_that_the_repository_names() {
    let repo = Repo::with(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"packages/b\"]\n"),
        ("packages/b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
        ("packages/b/src/lib.rs", ""),
    ]);
    let (seen, toolchain) = (repo.outside().join("seen"), repo.outside().join("toolchain"));
    fs::create_dir_all(toolchain.join("bin")).unwrap();
    for name in ["cargo", "rustc"] {
        script(&toolchain.join("bin").join(name), &format!("echo \"$0 $*\" >> '{}'\nexit 1", seen.display()));
    }
    let compiler = toolchain.join("bin/rustc").display().to_string();
    repo.write(".cargo/config.toml", &format!("[build]\nrustc = \"{compiler}\"\nrustc-wrapper = \"{compiler}\"\n"));
    repo.write("rust-toolchain.toml", &format!("[toolchain]\npath = \"{}\"\n", toolchain.display()));
    repo.idle(&["init", "--dry-run"]).exits(0);
    assert_eq!(fs::read_to_string(&seen).unwrap_or_default(), "");
}
