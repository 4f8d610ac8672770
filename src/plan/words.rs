//! [`read_words`] and [`with_members`]: what words mean, which only the workspace shows.

use super::request::{BumpRequest, BumpSpec};
use super::unknown_names::{group_named, unknown_word};
use crate::model::{Diagnostic, ProblemCode, VersionScheme};
use crate::snapshot::Snapshot;

/// What a word means.
enum Meaning {
    /// A level, a stage or a version.
    Level,
    /// The name of a package, or one that several packages have.
    Package,
    /// The name of a group.
    Group,
}

/// Sorts the words of a request into packages, groups, a level and a stage. What is both a level and a name is a level.
///
/// # Errors
/// Words that mean nothing, or levels that do not fit together.
pub fn read_words(snapshot: &Snapshot, request: &mut BumpRequest) -> Result<(), Vec<Diagnostic>> {
    let mut levels: Vec<String> = Vec::new();
    let mut problems = Vec::new();
    for word in std::mem::take(&mut request.words) {
        match meaning(snapshot, &word) {
            Some(Meaning::Level) => levels.push(word),
            Some(Meaning::Package) => request.packages.push((word, None)),
            Some(Meaning::Group) => request.groups.push(word),
            None => problems.push(unknown_word(snapshot, &word)),
        }
    }
    let is_stage = |word: &str| snapshot.config.workspace.stages.stage(word).is_some();
    let ask = match levels.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => None,
        [level] => Some(BumpSpec::parse(level, None)),
        [level, stage] if is_stage(stage) => Some(BumpSpec::parse(level, Some(stage))),
        several => Some(Err(format!("`{}` is not one level, or a level and a stage", several.join(" ")))),
    };
    match ask.transpose() {
        Ok(ask) => request.ask = ask.or(request.ask.take()),
        Err(message) => {
            let help =
                "write it as in `minor` or `minor alpha`; `-p api=minor -p web=patch` gives each package its own";
            problems.push(Diagnostic::new(ProblemCode::Level, message).help(help));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Returns these names with those of its packages in place of each group; each name once. What is both a package and a group is the
/// package.
#[must_use]
pub fn with_members(snapshot: &Snapshot, names: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in names {
        let members = match name(snapshot, word) {
            Some(Meaning::Group) => group_named(snapshot, word).map(|group| group.members.as_slice()),
            // What has no meaning is reported by whoever looks it up.
            _ => None,
        };
        let members = members.map(|members| members.iter().map(ToString::to_string).collect());
        for name in members.unwrap_or_else(|| vec![word.clone()]) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

fn meaning(snapshot: &Snapshot, word: &str) -> Option<Meaning> {
    let is_level = match BumpSpec::parse(word, None) {
        Ok(BumpSpec::Stage(label)) => snapshot.config.workspace.stages.stage(&label).is_some(),
        // A name may start with a digit; what is neither is reported as a version.
        Ok(BumpSpec::Exact(text)) => is_version(&text) || name(snapshot, word).is_none(),
        Ok(_) => true,
        Err(_) => false,
    };
    if is_level { Some(Meaning::Level) } else { name(snapshot, word) }
}

fn name(snapshot: &Snapshot, word: &str) -> Option<Meaning> {
    if !snapshot.workspace.named(word).is_empty() {
        return Some(Meaning::Package);
    }
    group_named(snapshot, word).map(|_| Meaning::Group)
}

fn is_version(text: &str) -> bool {
    [VersionScheme::Semver, VersionScheme::Pep440].iter().any(|scheme| scheme.parse_lenient(text).is_ok())
}
