//! What a request names and the workspace does not have: what there is, and what was probably meant.

use super::foreign_words::of_other_tools;
use crate::model::{Diagnostic, ProblemCode, StagePolicy, nearest};
use crate::snapshot::Snapshot;
use crate::text::list_truncated;
use crate::workspace::Group;

/// How many names a message lists.
const SHOWN: usize = 12;

/// The words that are levels.
const LEVELS: [&str; 5] = ["major", "minor", "patch", "auto", "release"];

/// Returns the group of this name.
pub(super) fn group_named<'a>(snapshot: &'a Snapshot, name: &str) -> Option<&'a Group> {
    snapshot.workspace.groups.iter().find(|group| group.id.as_str() == name)
}

/// Reports a name that no package has.
pub(super) fn unknown_package(snapshot: &Snapshot, name: &str) -> Diagnostic {
    match group_named(snapshot, name) {
        Some(group) => not_found("package", name, ": it is a group")
            .help(format!("name its packages: {}", list_truncated(&group.members, SHOWN))),
        None => {
            let (packages, groups) = (packages(snapshot), groups(snapshot));
            // A group whose name was misspelled is a group all the same.
            let group = nearest(name, &groups).filter(|_| nearest(name, &packages).is_none());
            let help = meant("package", name, &packages);
            let help = group.map_or(help.clone(), |group| format!("did you mean the group `{group}`? {help}"));
            not_found("package", name, "").help(help)
        }
    }
}

/// The same where a group could be named by an option of its own.
pub(super) fn unknown_package_of_release(snapshot: &Snapshot, name: &str) -> Diagnostic {
    let problem = unknown_package(snapshot, name);
    match group_named(snapshot, name) {
        Some(group) => {
            let members = list_truncated(&group.members, SHOWN);
            problem.help(format!("release the group with `-g {name}`, or name its packages: {members}"))
        }
        None => problem,
    }
}

/// Reports a name that no group has.
pub(super) fn unknown_group(snapshot: &Snapshot, name: &str) -> Diagnostic {
    if snapshot.workspace.named(name).is_empty() {
        return not_found("group", name, "").help(meant("group", name, &groups(snapshot)));
    }
    not_found("group", name, ": it is a package").help(format!("release the package with `-p {name}`"))
}

/// Reports a word that is neither a level nor a name.
pub(super) fn unknown_word(snapshot: &Snapshot, word: &str) -> Diagnostic {
    let message = format!("`{word}` is not a level, a stage or a version, and no package or group has that name");
    let stages = &snapshot.config.workspace.stages;
    let names: Vec<&str> = packages(snapshot).into_iter().chain(groups(snapshot)).collect();
    let known: Vec<&str> = level_words(stages).chain(names.iter().copied()).collect();
    let expected = || format!("{}; packages and groups are {}", levels(stages), list_truncated(&names, SHOWN));
    Diagnostic::new(ProblemCode::Level, message).help(help(word, &known, expected))
}

/// Reports a word that is not a level, where no name is expected.
pub(super) fn unknown_level(stages: &StagePolicy, word: &str) -> Diagnostic {
    let known: Vec<&str> = level_words(stages).collect();
    Diagnostic::new(ProblemCode::Level, format!("`{word}` is neither a level nor a stage nor a version")).help(help(
        word,
        &known,
        || levels(stages),
    ))
}

fn help(word: &str, known: &[&str], expected: impl FnOnce() -> String) -> String {
    match of_other_tools(word) {
        Some((tool, here)) => format!("what {tool} calls `{word}` is {here}"),
        None => with_near(word, known, expected()),
    }
}

fn level_words(stages: &StagePolicy) -> impl Iterator<Item = &str> {
    LEVELS.into_iter().chain(stages.labels().iter().map(String::as_str))
}

fn levels(stages: &StagePolicy) -> String {
    let stages = stages.labels().join(", ");
    format!("levels are major, minor, patch, auto and release; stages are {stages}; a version starts with a digit")
}

fn not_found(what: &str, name: &str, why: &str) -> Diagnostic {
    Diagnostic::new(ProblemCode::UnknownName, format!("{what} `{name}` not found{why}"))
}

/// Says what was probably meant, and what there is.
fn meant(what: &str, name: &str, known: &[&str]) -> String {
    let all = match known {
        [] => return format!("there are no {what}s"),
        [one] => format!("the only {what} is {one}"),
        _ => format!("the {what}s are {}", list_truncated(known, SHOWN)),
    };
    with_near(name, known, all)
}

/// Puts what was probably meant before what there is.
fn with_near(word: &str, known: &[&str], all: String) -> String {
    let near = scoped(word, known).or_else(|| nearest(word, known));
    near.map_or_else(|| all.clone(), |near| format!("did you mean `{near}`? {all}"))
}

/// Returns the name that has this word after its scope, if only one does: `@acme/ui` for `ui`.
fn scoped<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let mut found = known.iter().filter(|name| name.rsplit_once('/').is_some_and(|(_, after)| after == word));
    found.next().copied().filter(|_| found.next().is_none())
}

fn packages(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.workspace.packages.iter().map(|package| package.id.as_str()).collect()
}

fn groups(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.workspace.groups.iter().map(|group| group.id.as_str()).collect()
}
