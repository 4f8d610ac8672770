//! What a shell is offered: which words, by the protocol of each shell, and that asking changes and starts nothing. And the manual pages.

use relman::plan::{WordKind, candidates};

use crate::support::repo::Repo;
use crate::support::texts::Texts;

const CONFIG: &str = "\
[workspace]\nstages = ['next']\n
[packages.api]\npath = 'api'\ntag-prefix = 'v'\n
[packages.web]\npath = 'web'\n
[packages.scheduler]\npath = 'scheduler'\n
[groups.site]\nfixed = ['api', 'web']\n
[changelog]\n
[gates.commands]\nsmoke = 'true'\n
[gates.questions.sure]\nask = 'Sure?'\n
[[release.run]]\nname = 'image'\nrun = 'false'\n
[plugins.odd]\ncommand = ['sh', '-c', 'touch started']\nroles = ['check']\n";

fn manifest(name: &str, version: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n")
}

fn files() -> Vec<(&'static str, String)> {
    vec![
        ("relman.toml", CONFIG.to_owned()),
        ("api/Cargo.toml", manifest("api", "0.2.0")),
        ("web/package.json", "{ \"name\": \"@acme/ui\", \"version\": \"0.2.0\" }\n".to_owned()),
        ("scheduler/Cargo.toml", manifest("scheduler", "1.0.0-beta.2")),
    ]
}

fn texts() -> Texts {
    let files = files();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let texts = Texts::with(&files);
    texts.tag(&["v0.1.0", "v0.2.0", "v0.10.0", "scheduler-v1.0.0-beta.2", "web-v0.2.0", "nightly", "v0.3.0-a;b"]);
    texts
}

/// What may follow the words of a line, the last of which is the beginning of the word that is asked for.
fn offered(kind: WordKind, line: &str) -> Vec<String> {
    let snapshot = texts().snapshot().unwrap();
    let (before, start) = line.rsplit_once(' ').unwrap_or(("", line));
    let before: Vec<String> = before.split_whitespace().map(str::to_owned).collect();
    let found = candidates(Some(&snapshot), kind, &before, start);
    found.into_iter().map(|found| format!("{} | {}", found.word, found.about)).collect()
}

#[test]
fn words_of_each_kind() {
    use WordKind::*;
    let cases: [(WordKind, &str, &[&str]); 30] = [
        (Package, "check ", &["api | 0.2.0", "web | 0.2.0", "scheduler | 1.0.0-beta.2"]),
        (Package, "check api ", &["web | 0.2.0", "scheduler | 1.0.0-beta.2"]),
        (Package, "check s", &["scheduler | 1.0.0-beta.2"]),
        (Package, "check @a", &["@acme/ui | 0.2.0"]),
        (PackageRequest, "bump -p @acme/ui=mi", &["@acme/ui=minor | 0.2.0 becomes 0.3.0"]),
        (PackageRequest, "bump -p sch", &["scheduler | 1.0.0-beta.2"]),
        (PackageRequest, "bump -p scheduler=mi", &["scheduler=minor | 1.0.0-beta.2 becomes 1.1.0"]),
        (PackageRequest, "bump -p api=pa", &["api=patch | 0.2.0 becomes 0.2.1"]),
        (PackageRequest, "bump -p api=minor:al", &["api=minor:alpha | 0.2.0 becomes 0.3.0-alpha.1"]),
        (PackageRequest, "bump -p api=release:", &[]),
        (PackageRequest, "bump -p api=auto:n", &["api=auto:next | "]),
        (Group, "bump -g ", &["site | one version: api, web"]),
        (PackageOrGroup, "check s", &["scheduler | 1.0.0-beta.2", "site | one version: api, web"]),
        (Level, "bump -p scheduler re", &["release | 1.0.0-beta.2 becomes 1.0.0"]),
        (
            Level,
            "bump --package=scheduler r",
            &["release | 1.0.0-beta.2 becomes 1.0.0", "rc | 1.0.0-beta.2 becomes 1.0.0-rc.1"],
        ),
        (Level, "bump -p api -p scheduler ma", &["major | the first number"]),
        (Level, "bump -g site ma", &["major | 0.2.0 becomes 1.0.0"]),
        (Level, "doctor --as minor b", &["beta | "]),
        (BumpWord, "bump -p api minor r", &["rc | 0.2.0 becomes 0.3.0-rc.1"]),
        (LevelAndStage, "changelog preview --as major:b", &["major:beta | "]),
        (Tag, "verify v0", &["v0.10.0 | api", "v0.2.0 | api", "v0.1.0 | api"]),
        (TagOrPackage, "hotfix start w", &["web-v0.2.0 | web", "web | 0.2.0"]),
        (BumpWordOrTag, "release ma", &["major | the first number"]),
        (BumpWordOrTag, "release --publish v0.1", &["v0.10.0 | api", "v0.1.0 | api"]),
        (BumpWordOrTag, "release minor b", &["beta | "]),
        (BumpWord, "bump s", &["scheduler | 1.0.0-beta.2", "site | one version: api, web"]),
        (BumpWord, "bump site mi", &["minor | 0.2.0 becomes 0.3.0"]),
        (BumpWord, "bump api minor a", &["alpha | 0.2.0 becomes 0.3.0-alpha.1"]),
        (BumpWordOrTag, "release w", &["web | 0.2.0", "web-v0.2.0 | web"]),
        (FragmentType, "changelog add -p api -t a", &["added | "]),
    ];
    for (kind, line, expected) in cases {
        assert_eq!(offered(kind, line), expected, "{line}");
    }
    let gates = offered(Gate, "bump --skip-gate s");
    assert_eq!(gates, ["section | ", "smoke | a command", "sure | a question"]);
    assert_eq!(offered(Run, "release --done "), ["image | "]);
    assert_eq!(offered(Plugin, "plugin trust "), ["odd | "]);
}

#[test]
fn without_a_repository_levels_and_gates_are_still_offered() {
    let offered =
        |kind, start| candidates(None, kind, &[], start).into_iter().map(|found| found.word).collect::<Vec<_>>();
    assert_eq!(offered(WordKind::Level, "a"), ["auto", "alpha"]);
    assert_eq!(offered(WordKind::Gate, "up"), ["up-to-date"]);
    assert_eq!(offered(WordKind::PackageRequest, "x=mi"), ["x=minor"]);
    assert!(offered(WordKind::Package, "").is_empty() && offered(WordKind::Tag, "").is_empty());
}

fn repo() -> Repo {
    let files = files();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let repo = Repo::with(&files);
    for tag in ["v0.1.0", "v0.2.0", "v0.3.0-$(touch${IFS}started)", "scheduler-v1.0.0-beta.2"] {
        repo.git(&["tag", tag]);
    }
    repo
}

/// What a shell gets for a line whose last word is completed; nothing may change.
fn asks(repo: &Repo, shell: &str, line: &[&str]) -> String {
    let before = repo.state();
    let index = (line.len() - 1).to_string();
    let mut variables = vec![("RELMAN_COMPLETE", shell)];
    if ["bash", "zsh", "elvish"].contains(&shell) {
        variables.push(("_CLAP_COMPLETE_INDEX", index.as_str()));
    }
    let ran = repo.relman_with(repo.root(), &[&["--"], line].concat(), &variables);
    assert!(repo.state() == before, "{shell} {line:?} changed something");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell} {line:?}");
    ran.out
}

#[test]
fn each_shell_is_answered_as_it_asks() {
    let repo = repo();
    for (shell, expected) in [
        ("bash", "scheduler"),
        ("elvish", "scheduler"),
        ("fish", "scheduler\t1.0.0-beta.2\n"),
        ("powershell", "scheduler\t1.0.0-beta.2\n"),
        ("zsh", "scheduler:1.0.0-beta.2"),
    ] {
        assert_eq!(asks(&repo, shell, &["relman", "bump", "-p", "sch"]), expected, "{shell}");
        assert_eq!(
            asks(&repo, shell, &["relman", "bump", "--package=sch"]).split(['\t', ':']).next(),
            Some("--package=scheduler"),
            "{shell}"
        );
    }
    let fish = |line: &[&str]| asks(&repo, "fish", line);
    assert_eq!(fish(&["relman", "verify", "v0"]), "v0.2.0\tapi\nv0.1.0\tapi\n");
    assert_eq!(fish(&["relman", "init", "--from", "release-ple"]), "release-please\n");
    assert_eq!(
        fish(&["relman", "hotf"]),
        "hotfix\tFix a released version on a branch of its own, and bring the fix back\n"
    );
    assert_eq!(
        fish(&["relman", "man", "changelog", "sh"]),
        "show\tPrint the changelog's section of a released version\n"
    );
    // Options are offered where they are asked for.
    assert!(fish(&["relman", "status", "--no-h"]).starts_with("--no-history\t"));
    assert!(!fish(&["relman", "status", ""]).contains("--"));
    // Neither the command of the release nor the plugin ran.
    assert_eq!(repo.read("started"), None);
}

#[test]
fn a_question_that_cannot_be_answered_is_answered_by_silence() {
    let repo = repo();
    let fish = |line: &[&str]| asks(&repo, "fish", line);
    assert_eq!(fish(&["relman", "--none", "bump", "-p", "sch"]), "scheduler\t1.0.0-beta.2\n");
    assert!(fish(&["relman", "-C", "none", "check", ""]).starts_with("--staged\t"));
    assert_eq!(fish(&["relman", "-C", "api", "check", "w"]), "web\t0.2.0\n");
    assert_eq!(fish(&[""]), "");
    repo.write("relman.toml", "[packages\n");
    assert_eq!(fish(&["relman", "bump", "-p", "a"]), "");
    assert_eq!(fish(&["relman", "bump", "minor", "r"]), "rc\n");
    // Another value of the variable, and a line without a question, are an ordinary run.
    repo.relman_with(repo.root(), &["--version"], &[("RELMAN_COMPLETE", "fish")]).exits(0).says(&["relman "]);
    repo.relman_with(repo.root(), &["--", "x"], &[("RELMAN_COMPLETE", "csh")]).exits(2);
}

#[test]
fn of_a_single_package_the_versions_are_shown_and_without_relman_toml_nothing_is_looked_for() {
    let repo = Repo::with(&[("Cargo.toml", &manifest("solo", "0.2.0"))]);
    let minor = |repo| asks(repo, "fish", &["relman", "bump", "mi"]);
    assert_eq!(minor(&repo), "minor\tthe second number\n");
    repo.commit(&[("relman.toml", "[packages.solo]\nmanifests = ['Cargo.toml']\n")]);
    assert_eq!(minor(&repo), "minor\t0.2.0 becomes 0.3.0\n");
}

#[test]
fn every_command_has_a_page_and_all_can_be_written() {
    let repo = Repo::new();
    for (args, title) in [
        (&["man"][..], ".TH relman 1"),
        (&["man", "changelog", "add"], ".TH relman\\-changelog\\-add 1"),
        (&["man", "relman.toml"], ".TH relman.toml 5"),
    ] {
        let page = repo.relman(args).exits(0).out.clone();
        assert!(page.starts_with(title) && page.is_ascii(), "{args:?}: {page}");
    }
    repo.relman(&["man", "chnagelog"]).exits(2).says(&["page of `chnagelog` not found", "did you mean `changelog`?"]);
    repo.relman(&["man", "--all", "pages/man"]).exits(0).says(&["pages written to pages/man"]);
    assert_eq!(repo.read("pages/man/man1/relman-bump.1").unwrap(), repo.relman(&["man", "bump"]).out);
    assert!(repo.read("pages/man/man5/relman.toml.5").unwrap().contains("\n.SS [workspace]\n"));
}
