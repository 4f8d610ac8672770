//! [`verify_units`]: which releases are looked at.

use crate::model::{CommitId, Diagnostic, PackageIx, ProblemCode, TagName, Version};
use crate::plan::release_unit::ReleaseUnit;
use crate::plan::tagged_packages::tagged_packages;
use crate::snapshot::{RemoteLook, Snapshot};

/// What is verified.
#[derive(Clone, Debug, Default)]
pub struct VerifyRequest {
    /// The tags; empty: the newest release of each package.
    pub tags: Vec<String>,
    /// The artifacts that are looked at; empty: all.
    pub only: Vec<String>,
}

/// Finds the releases that are meant: those whose tags are named, else the newest one of each package, by the tags of the remote.
///
/// # Errors
/// A name that is the tag of no package.
pub fn verify_units(
    snapshot: &Snapshot,
    request: &VerifyRequest,
    remote: &RemoteLook,
) -> Result<Vec<ReleaseUnit>, Vec<Diagnostic>> {
    if request.tags.is_empty() {
        return Ok(tagged_packages(snapshot).filter_map(|(index, _)| newest(snapshot, index, remote)).collect());
    }
    let (mut units, mut problems) = (Vec::new(), Vec::new());
    for name in &request.tags {
        let name = name.strip_prefix("refs/tags/").unwrap_or(name);
        let found = tagged_packages(snapshot).find_map(|(index, package)| Some((index, package.tagged(name)?)));
        match found {
            Some((index, version)) => units.push(unit(snapshot, index, version, name, remote)),
            None => problems.push(unknown(snapshot, name)),
        }
    }
    if problems.is_empty() { Ok(units) } else { Err(problems) }
}

fn newest(snapshot: &Snapshot, index: PackageIx, remote: &RemoteLook) -> Option<ReleaseUnit> {
    let package = &snapshot.workspace.packages[index];
    // A tag that did not leave this machine is not released. Without a remote only those of this repository are known.
    let tags = if remote.tags.is_empty() { &remote.local_tags } else { &remote.tags };
    let versions = tags.keys().filter_map(|tag| Some((package.tagged(tag)?, tag)));
    let (version, tag) = versions.max_by(|a, b| a.0.cmp(&b.0))?;
    Some(unit(snapshot, index, version, tag, remote))
}

fn unit(snapshot: &Snapshot, package: PackageIx, version: Version, tag: &str, remote: &RemoteLook) -> ReleaseUnit {
    let known = remote.local_tags.get(tag).or_else(|| remote.tags.get(tag));
    let commit = known.map(|look| CommitId::new(look.commit.clone()));
    // It was read in this scheme.
    let text = snapshot.workspace.packages[package].scheme.render(&version).unwrap_or_default();
    ReleaseUnit { package, version, text, tag: TagName::new(tag), commit }
}

fn unknown(snapshot: &Snapshot, name: &str) -> Diagnostic {
    let examples: Vec<String> =
        tagged_packages(snapshot).take(5).map(|(_, package)| format!("`{}…`", package.tag.prefix())).collect();
    let help = format!("the tags of this workspace look like {}", examples.join(", "));
    Diagnostic::new(ProblemCode::UnknownName, format!("`{name}` is not the tag of a package")).help(help)
}
