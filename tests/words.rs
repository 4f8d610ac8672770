//! The words of a command line: names, levels and stages in any order, what other tools call them, and the help.

use crate::support::repo::Repo;

/// Two packages of a group, one beside it, and one whose name is a level.
fn sample() -> Repo {
    let packages = [("api", "ferry-api"), ("web", "@ferry/web"), ("scheduler", "ferry-scheduler"), ("minor", "minor")];
    let mut config = "[groups.suite]\nfixed = [\"api\", \"web\"]\n".to_owned();
    let mut files = Vec::new();
    for (name, own) in packages {
        config.push_str(&format!("[packages.{name}]\npath = \"p/{name}\"\n"));
        let manifest = format!("{{ \"name\": \"{own}\", \"version\": \"1.0.0\" }}\n");
        files.push((format!("p/{name}/package.json"), manifest));
    }
    files.push(("relman.toml".to_owned(), config));
    Repo::with(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>())
}

#[track_caller]
fn bumps(repo: &Repo, words: &str, expected: &[&str]) {
    let args: Vec<&str> = words.split(' ').collect();
    let ran = repo.report(&[&args, &["-n"][..]].concat());
    assert_eq!(ran.exits(0).bumps(), expected, "{words}");
}

#[test]
fn names_are_words() {
    let repo = sample();
    let scheduler = "scheduler 1.0.0 1.1.0";
    let suite = ["api 1.0.0 1.1.0", "web 1.0.0 1.1.0"];
    for words in
        ["bump scheduler minor", "bump minor scheduler", "bump ferry-scheduler minor", "bump -p scheduler minor"]
    {
        bumps(&repo, words, &[scheduler]);
    }
    bumps(&repo, "bump suite minor", &suite);
    bumps(&repo, "bump @ferry/web minor", &suite);
    bumps(&repo, "bump scheduler suite minor", &[suite.as_slice(), &[scheduler]].concat());
    bumps(&repo, "bump scheduler -g suite minor", &[suite.as_slice(), &[scheduler]].concat());
    bumps(&repo, "bump -p api=minor scheduler patch", &[suite[0], suite[1], "scheduler 1.0.0 1.0.1"]);
    bumps(&repo, "bump scheduler minor alpha", &["scheduler 1.0.0 1.1.0-alpha.1"]);
    bumps(&repo, "bump scheduler rc", &["scheduler 1.0.0 1.1.0-rc.1"]);
    bumps(&repo, "bump scheduler 2.0.0", &["scheduler 1.0.0 2.0.0"]);
    bumps(&repo, "release scheduler minor", &[scheduler]);
    repo.relman(&["plan", "scheduler", "minor", "-o", "../plan.json"]).exits(0).says(&["scheduler"]);
}

#[test]
fn what_is_a_level_and_a_name_is_a_level() {
    let repo = sample();
    repo.report(&["bump", "minor", "-n"]).exits(2).finds(&["nothing-selected"]);
    bumps(&repo, "bump -p minor minor", &["minor 1.0.0 1.1.0"]);
    repo.report(&["bump", "scheduler", "minor", "patch", "-n"]).exits(2).finds(&["level"]).says(&["`minor patch`"]);
    repo.report(&["bump", "scheduler", "alpha", "minor", "-n"]).exits(2).finds(&["level"]).says(&["`minor alpha`"]);
    repo.report(&["bump", "scheduler", "-n"]).exits(2).finds(&["level"]).says(&["no level was given"]);
}

#[test]
fn words_of_other_tools_are_answered_with_ours() {
    let repo = sample();
    for (words, help) in [
        ("prepatch", "what npm calls `prepatch` is `relman bump patch alpha`"),
        ("preminor", "`relman bump minor alpha`"),
        ("premajor", "`relman bump major alpha`"),
        ("prerelease", "`relman bump alpha` (or beta, rc)"),
        ("from-git", "version = \"tag\""),
        ("stable", "`relman bump release`"),
    ] {
        repo.idle(&["bump", "scheduler", words, "-n"]).exits(2).says(&[help]);
        repo.idle(&["bump", "-p", &format!("scheduler={words}"), "-n"]).exits(2).says(&[help]);
    }
    repo.idle(&["bump", "minor", "--execute"]).exits(2).says(&["unexpected argument '--execute'", "after a question"]);
    repo.idle(&["bump", "minor", "--preid", "rc"]).exits(2).says(&["`relman bump minor beta`"]);
    repo.idle(&["version"]).exits(2).says(&["`relman bump` makes the next version"]);
}

#[test]
fn a_version_in_the_other_spelling_is_answered_with_ours() {
    let repo = sample();
    repo.idle(&["bump", "scheduler", "1.0.0.rc1", "-n"])
        .exits(2)
        .says(&["is the spelling of PEP 440; write `1.0.0-rc.1`"]);
    repo.commit(&[("p/api/package.json", "{ \"name\": \"api\", \"version\": \"1.0.0rc1\" }\n")]);
    let here =
        "p/api/package.json:1:30: drift: `api` is spelled 1.0.0rc1 here, expected the SemVer spelling 1.0.0-rc.1";
    repo.idle(&["check"]).exits(3).says(&[here]);
}

#[test]
fn help_is_a_command() {
    let repo = sample();
    for words in ["bump", "changelog add", "hotfix start", "plugin new"] {
        let words: Vec<&str> = words.split(' ').collect();
        let by_option = repo.idle(&[&words, &["--help"][..]].concat());
        let by_command = repo.idle(&[&["help"], words.as_slice()].concat());
        assert_eq!(by_command.exits(0).out, by_option.out);
    }
    repo.idle(&["--help"]).exits(0).says(&["RELMAN_ASSUME_YES=1", "NO_COLOR", "SOURCE_DATE_EPOCH", "RELMAN_SUMMARY"]);
    repo.idle(&["bump", "--help"]).exits(0).says(&["auto", "RELMAN_ASSUME_YES"]);
    repo.idle(&["help", "bmup"]).exits(2).says(&["command `bmup` not found", "did you mean `bump`?"]);
}

#[test]
fn what_was_meant_by_a_name_without_its_scope_and_a_level_as_an_option() {
    let manifest = |name: &str| format!("{{ \"name\": \"{name}\", \"version\": \"1.0.0\" }}\n");
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("p/ui/package.json", &manifest("@acme/ui")),
        ("p/io/package.json", &manifest("@acme/io")),
        ("p/io-next/package.json", &manifest("@next/io")),
    ]);
    for args in [&["bump", "ui", "minor", "-n"][..], &["bump", "-p", "ui", "minor", "-n"]] {
        repo.idle(args).exits(2).says(&["did you mean `@acme/ui`?"]);
    }
    for level in ["major", "minor", "patch"] {
        let ran = repo.idle(&["bump", &format!("--{level}")]);
        ran.exits(2).says(&[&format!("write the level as it is: `relman bump {level}`")]);
        assert!(!ran.err.contains("as a value"), "{}", ran.err);
    }
}
