//! [`labelled`]: labels of the release request that say how far a package goes.

use crate::model::{Diagnostic, PackageId, ProblemCode};
use crate::plan::release_plan::PackageBump;
use crate::plan::request::BumpSpec;
use crate::plan::select::index_of;
use crate::snapshot::Snapshot;

/// Returns what the labels ask of the packages that are released: `relman:NAME=LEVEL` of a package, or of a group for all of its members. A
/// package of a fixed group speaks for the whole group.
///
/// # Errors
/// Every label that names neither a package nor a group, or a level that is not one.
pub fn labelled(
    snapshot: &Snapshot,
    labels: &[String],
    released: &[PackageBump],
) -> Result<Vec<(String, Option<BumpSpec>)>, Vec<Diagnostic>> {
    let (mut asked, mut problems) = (Vec::new(), Vec::new());
    for label in labels {
        // Other labels are not for relman.
        let Some((name, level)) = label.strip_prefix("relman:").and_then(|text| text.split_once('=')) else { continue };
        let (word, stage) = level.split_once(':').map_or((level, None), |(word, stage)| (word, Some(stage)));
        let wrong = |message: String| {
            let message = format!("the label `{label}` of the release request: {message}");
            Diagnostic::new(ProblemCode::Level, message).help("write it as in `relman:api=minor`, or remove it")
        };
        match (members(snapshot, name), BumpSpec::parse(word, stage)) {
            (Err(problem), _) => problems.push(wrong(problem.message)),
            (_, Err(message)) => problems.push(wrong(message)),
            (Ok(members), Ok(spec)) => {
                let meant = members.into_iter().filter(|id| released.iter().any(|bump| bump.package == *id));
                asked.extend(meant.map(|id| (id.to_string(), Some(spec.clone()))));
            }
        }
    }
    if problems.is_empty() { Ok(asked) } else { Err(problems) }
}

fn members(snapshot: &Snapshot, name: &str) -> Result<Vec<PackageId>, Diagnostic> {
    let groups = &snapshot.workspace.groups;
    if let Some(group) = groups.iter().find(|group| group.id.as_str() == name) {
        return Ok(group.members.clone());
    }
    let package = &snapshot.workspace.packages[index_of(snapshot, name)?];
    let group = package.group.map(|group| &groups[group]);
    let fixed = group.filter(|group| group.kind == crate::config::GroupKind::Fixed);
    Ok(fixed.map_or_else(|| vec![package.id.clone()], |group| group.members.clone()))
}
