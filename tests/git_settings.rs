//! Nothing of the user's settings or environment changes what a command says or what a release is.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::git_calls::{RELEASE, config_file, executing_keys, repo};
use crate::support::program::Ran;
use crate::support::repo::Repo;

/// The exit code, the answer and the words of a run.
fn told(ran: &Ran) -> String {
    format!("{}\n{}\n{}", ran.code, ran.out, ran.err)
}

/// What a release leaves: the commits with their messages, the files, the tags with their messages, and what is not clean.
fn result(repo: &Repo) -> String {
    let plain = |args: &[&str]| {
        let output = Command::new("git")
            .args(args)
            .current_dir(repo.root())
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let head = plain(&["cat-file", "-p", "HEAD"]);
    let tags = plain(&["for-each-ref", "--format=%(refname) %(objecttype) %(contents)", "refs/tags"]);
    [head, tags, plain(&["ls-tree", "-r", "HEAD"]), plain(&["-c", "core.fsmonitor=false", "status", "--porcelain"])]
        .join("\n")
}

/// What a history looks like through each of the commands, before a release and after it.
fn run_all(repo: &Repo, variables: &[(&str, &str)]) -> String {
    let run = |args: &[&str]| told(&repo.relman_with(repo.root(), args, variables));
    let mut all = vec![
        run(&["status"]),
        run(&["check"]),
        run(&["bump", "-p", "a", "auto", "-n"]),
        run(&["changelog", "check", "--since", "start"]),
    ];
    all.extend([
        run(&RELEASE),
        run(&["changelog", "check", "--since", "start"]),
        run(&["status", "--json"]),
        result(repo),
    ]);
    // Where the temporary repository is located differs.
    all.join("\n").replace(repo.root().to_str().unwrap(), "ROOT")
}

/// A repository on a branch, with messages and names beyond ASCII, and a root commit that is the only one with some files.
fn history() -> Repo {
    let repo = repo();
    repo.git(&["branch", "start"]);
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.commit(&[("packages/a/ünï.js", "x\n"), ("packages/a/changelog.d/two.added.md", "- zwei: ä\n")]);
    repo.commit(&[("packages/b/src.rs", "x\n")]);
    repo
}

/// Settings with an effect on `git log`, `diff`, `status`, `commit`, `tag`, `for-each-ref`, `config`, `ls-files` or `rev-parse`, by what
/// they bend. Settings of one row do not hide each other.
const SETTINGS: [(&str, &[&str]); 9] = [
    ("encodings", &["i18n.commitEncoding=UTF-16", "i18n.logOutputEncoding=UTF-16", "gui.encoding=latin1"]),
    ("another encoding", &["i18n.commitEncoding=ISO-8859-1", "i18n.logOutputEncoding=ISO-8859-1"]),
    ("patterns", &["grep.patternType=fixed", "grep.extendedRegexp=true", "grep.fullName=true", "grep.column=true"]),
    (
        "names, numbers and dates",
        &[
            "core.quotePath=true",
            "core.abbrev=4",
            "log.date=relative",
            "log.abbrevCommit=true",
            "log.mailmap=false",
            "log.decorate=full",
            "core.commentChar=R",
            "core.warnAmbiguousRefs=false",
            "log.follow=true",
            "log.showRoot=false",
            "log.showSignature=true",
            "log.excludeDecoration=*",
            "log.initialDecorationSet=all",
            "log.graphColors=red",
            "log.diffMerges=combined",
            "format.pretty=oneline",
            "format.notes=*",
            "notes.displayRef=*",
            "core.notesRef=refs/notes/x",
            "pretty.x=%H",
        ],
    ),
    (
        "differences",
        &[
            "diff.noprefix=true",
            "diff.mnemonicPrefix=true",
            "diff.renames=copies",
            "diff.renameLimit=1",
            "diff.relative=true",
            "diff.ignoreSubmodules=all",
            "diff.autoRefreshIndex=false",
            "diff.context=0",
            "diff.external=false",
            "diff.submodule=log",
            "diff.algorithm=patience",
            "diff.wordRegex=.",
            "diff.suppressBlankEmpty=true",
            "diff.statGraphWidth=1",
            "diff.dirstat=files",
            "diff.colorMoved=zebra",
            "diff.interHunkContext=9",
            "diff.orderFile=ORDER",
            "diff.indentHeuristic=false",
            "diff.colorMovedWS=ignore-all-space",
            "diff.wsErrorHighlight=all",
        ],
    ),
    (
        "status",
        &[
            "status.short=true",
            "status.branch=true",
            "status.relativePaths=false",
            "status.renames=copies",
            "status.showStash=true",
            "status.showUntrackedFiles=all",
            "status.submoduleSummary=true",
            "status.displayCommentPrefix=true",
            "status.aheadBehind=true",
            "core.untrackedCache=true",
            "core.preloadIndex=false",
            "index.threads=1",
            "index.version=4",
            "core.splitIndex=true",
            "core.checkStat=minimal",
            "core.fsync=none",
            "core.fsyncMethod=writeout-only",
            "core.createObject=rename",
        ],
    ),
    (
        "colours, columns and order",
        &[
            "color.ui=always",
            "color.advice=always",
            "color.branch=always",
            "color.diff=always",
            "color.status=always",
            "color.push=always",
            "color.remote=always",
            "color.transport=always",
            "color.decorate=always",
            "color.grep=always",
            "column.ui=always",
            "column.tag=always",
            "column.status=always",
            "column.branch=always",
            "tag.sort=-version:refname",
            "branch.sort=-committerdate",
            "versionsort.suffix=-",
            "advice.statusHints=true",
        ],
    ),
    (
        "commits",
        &[
            "commit.cleanup=scissors",
            "commit.verbose=2",
            "commit.template=ORDER",
            "commit.status=true",
            "core.editor=false",
            "trailer.separators=%",
            "trailer.ifexists=replace",
            "core.logAllRefUpdates=false",
            "rerere.enabled=true",
            "sequence.editor=false",
            "core.pager=false",
            "core.whitespace=trailing-space",
            "apply.whitespace=error",
            "core.compression=0",
        ],
    ),
    (
        "what goes out and comes in",
        &[
            "push.default=nothing",
            "push.followTags=true",
            "push.recurseSubmodules=only",
            "push.autoSetupRemote=true",
            "submodule.recurse=true",
            "fetch.prune=true",
            "fetch.pruneTags=true",
            "fetch.all=true",
            "fetch.output=compact",
            "transfer.hideRefs=refs/tags",
            "protocol.allow=never",
            "safe.bareRepository=explicit",
            "remote.pushDefault=nowhere",
            "branch.autoSetupRebase=always",
            "fetch.negotiationAlgorithm=skipping",
            "transfer.credentialsInUrl=warn",
        ],
    ),
];

/// Variables with an effect on them; `OUT` is a file that may be written.
const VARIABLES: [(&str, &[(&str, &str)]); 5] = [
    ("paths", &[("GIT_LITERAL_PATHSPECS", "1"), ("GIT_ATTR_SOURCE", "start")]),
    ("paths without case", &[("GIT_ICASE_PATHSPECS", "1"), ("GIT_NOGLOB_PATHSPECS", "1")]),
    (
        "output",
        &[
            ("GIT_GLOB_PATHSPECS", "1"),
            ("GIT_EXTERNAL_DIFF", "false"),
            ("GIT_DIFF_OPTS", "-u0"),
            ("GIT_PAGER", "false"),
            ("LC_ALL", "de_DE.UTF-8"),
            ("LANGUAGE", "de"),
            ("GIT_PRINT_SHA1_ELLIPSIS", "yes"),
            ("GIT_CONFIG", "/dev/null"),
            ("GIT_REFLOG_ACTION", "x"),
            ("GIT_EDITOR", "false"),
            ("GIT_MERGE_VERBOSITY", "5"),
            ("GIT_ADVICE", "1"),
            ("GIT_NOTES_REF", "refs/notes/x"),
        ],
    ),
    (
        "what a call may do",
        &[
            ("GIT_OPTIONAL_LOCKS", "1"),
            ("GIT_NO_LAZY_FETCH", "0"),
            ("GIT_ALLOW_PROTOCOL", "file"),
            ("GIT_TERMINAL_PROMPT", "1"),
            ("GIT_ASKPASS", "false"),
        ],
    ),
    (
        "traces",
        &[
            ("GIT_TRACE", "1"),
            ("GIT_TRACE_SETUP", "true"),
            ("GIT_TRACE_PERFORMANCE", "2"),
            ("GIT_TRACE_REFS", "1"),
            ("GIT_TRACE2", "1"),
            ("GIT_TRACE2_PERF", "1"),
            ("GIT_TRACE2_EVENT", "1"),
        ],
    ),
];

/// Keys that no row has: what the user, or the repository, decides by them is kept, or they name a program, which
/// [`crate::git_calls`] sets. A name that ends with a dot is that of a section.
const DECIDED: [(&str, &[&str]); 7] = [
    (
        "who makes commits and tags, and signs them",
        &["author.", "committer.", "user.", "commit.gpgSign", "tag.gpgSign", "tag.forceSignAnnotated", "gpg."],
    ),
    (
        "what the repository is and where",
        &["core.bare", "core.worktree", "core.repositoryFormatVersion", "extensions."],
    ),
    (
        "what its work tree can hold",
        &[
            "core.ignoreCase",
            "core.symlinks",
            "core.fileMode",
            "core.sparseCheckout",
            "core.eol",
            "core.autocrlf",
            "core.safecrlf",
        ],
    ),
    ("aliases, included files and other addresses", &["alias.", "include.", "includeIf.", "url."]),
    ("programs", &["core.alternateRefsCommand", "core.askPass"]),
    ("limits", &["core.maxTreeDepth"]),
    ("what git warns of in each commit", &["core.fsyncObjectFiles"]),
];

fn keys_of_rows() -> BTreeSet<String> {
    let settings = SETTINGS.iter().flat_map(|(_, settings)| *settings);
    settings.map(|setting| setting.split_once('=').unwrap().0.to_ascii_lowercase()).collect()
}

/// Every key that this git documents and no row has. `1` is a number, a switch and a word.
fn further_settings() -> Vec<String> {
    let listed = Command::new("git").args(["help", "--config-for-completion"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let rows = keys_of_rows();
    let executing: BTreeSet<String> = executing_keys("x").into_iter().map(|(key, _)| key).collect();
    let is_decided = |key: &str| {
        let decided = DECIDED.iter().flat_map(|(_, keys)| *keys).map(|decided| decided.to_ascii_lowercase());
        decided.into_iter().any(|decided| key == decided || (decided.ends_with('.') && key.starts_with(&decided)))
    };
    let is_further = |key: &String| !rows.contains(key) && !executing.contains(key) && !is_decided(key);
    // A key that ends with a dot goes on with a word of the user.
    let keys = listed.lines().filter(|key| !key.ends_with('.')).map(str::to_ascii_lowercase);
    keys.filter(is_further).filter(|key| !key.contains('_')).map(|key| format!("{key}=1")).collect()
}

/// A copy of a history in a repository with these settings.
fn with_settings(fresh: &Repo, settings: &[&str]) -> Repo {
    let repo = fresh.copied();
    let order = repo.outside().join("order");
    fs::write(&order, "packages/b\n").unwrap();
    let settings = settings.iter().map(|setting| setting.split_once('=').unwrap());
    let value = |value: &str| if value == "ORDER" { order.display().to_string() } else { value.to_owned() };
    let settings: Vec<_> = settings.map(|(key, text)| (key.to_owned(), value(text))).collect();
    let config = repo.root().join(".git/config");
    fs::write(&config, fs::read_to_string(&config).unwrap() + &config_file(&settings)).unwrap();
    repo
}

/// Returns those of the settings that change a result, found by halves: each one, or those of which only several together do it.
fn culprits(fresh: &Repo, settings: &[&str], plain: &str) -> Vec<String> {
    if run_all(&with_settings(fresh, settings), &[]) == plain {
        return Vec::new();
    }
    let (some, others) = settings.split_at(settings.len() / 2);
    let found: Vec<String> = if some.is_empty() {
        Vec::new()
    } else {
        [culprits(fresh, some, plain), culprits(fresh, others, plain)].concat()
    };
    if found.is_empty() { vec![settings.join(" ")] } else { found }
}

#[test]
fn settings_and_variables_of_the_user_never_change_a_result() {
    let one_by_one = std::env::var_os("RELMAN_SWEEP").is_some();
    let fresh = history();
    let plain = run_all(&fresh.copied(), &[]);
    assert!(plain.contains("a-v0.1.1") && plain.contains("two.added.md") && plain.contains("- zwei: ä"), "{plain}");
    let further = further_settings();
    let further: Vec<&str> = further.iter().map(String::as_str).collect();
    for (what, settings) in SETTINGS.into_iter().chain([("all others", &further[..])]) {
        // Settings of one row could hide each other.
        let parts = if one_by_one { 1 } else { settings.len() };
        let culprits: Vec<String> = settings.chunks(parts).flat_map(|part| culprits(&fresh, part, &plain)).collect();
        assert_eq!(culprits, [""; 0], "{what}");
    }
    for (what, variables) in VARIABLES {
        assert_eq!(run_all(&fresh.copied(), variables), plain, "{what}");
    }
}

#[test]
fn every_setting_of_the_list_has_a_row() {
    let rows = keys_of_rows();
    let variables: BTreeSet<&str> = VARIABLES.iter().flat_map(|(_, row)| *row).map(|(name, _)| *name).collect();
    let executing = executing_keys("x");
    let executing: BTreeSet<&str> = executing.iter().map(|(key, _)| key.as_str()).collect();
    let list = include_str!("../src/io/git_settled.rs").split("fn settle_read").next().unwrap();
    let quoted = list
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2));
    let (mut settings, mut names) = (0, 0);
    for text in quoted {
        if let Some((key, _)) = text.split_once('=').filter(|(key, _)| key.contains('.')) {
            settings += 1;
            let key = key.to_ascii_lowercase();
            assert!(rows.contains(&key) || executing.contains(key.as_str()), "no row has {key}");
        } else if text.starts_with("GIT_") && text != "GIT_TRACE" {
            names += 1;
            assert!(variables.contains(text), "no row has {text}");
        }
    }
    assert!(settings > 25 && names > 12, "{settings} {names}");
}

#[test]
fn messages_are_read_whatever_encoding_their_commit_names() {
    let repo = repo();
    repo.git(&["tag", "-a", "-m", "x", "a-v0.1.0"]);
    let latin = repo.outside().join("latin");
    fs::write(&latin, b"feat: caf\xe9\n").unwrap();
    let message = format!("--file={}", latin.display());
    repo.git(&["-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", &message]);
    // Text of even length could be read as UTF-16.
    for (encoding, message) in
        [("UTF-16", "feat: even!!"), ("utf-16le", "fix: odd length"), ("UTF-32", "feat: 32 bits")]
    {
        repo.git(&["-c", &format!("i18n.commitEncoding={encoding}"), "commit", "-q", "--allow-empty", "-m", message]);
    }
    let head = repo.git(&["rev-parse", "HEAD"]);
    let mut log = repo.open().log(&head).unwrap();
    let mut messages = Vec::new();
    while let Some(commit) = log.next_commit().unwrap() {
        messages.push(String::from_utf8(commit.message).unwrap().trim_end().to_owned());
    }
    assert_eq!(messages, ["feat: 32 bits", "fix: odd length", "feat: even!!", "feat: café", "feat: begin"]);
}
