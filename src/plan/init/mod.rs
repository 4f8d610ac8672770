//! `init`: what was found in a repository becomes the text of a relman.toml.
//!
//! Pure: it is given manifests, lock files and tags, and returns a text. Folders become units ([`unit`]), tags become heads
//! ([`tags`]), both together become packages ([`package`]), which are written as short as they can be ([`members`], [`render`]).

mod comments;
mod groups;
mod members;
mod package;
mod pairing;
mod render;
mod skip;
mod tags;
mod unit;
mod workspaces;

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::{Found, ManifestType, NoVersion};
use crate::model::RepoPath;
use crate::plan::{Action, FilePlan, Plan};
use crate::text::TextEdits;

pub use skip::is_sample;
pub use workspaces::workspace_members;

/// What was found in a repository.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Every known manifest, sorted by path.
    pub manifests: Vec<FoundManifest>,
    /// Every known lock file, and the folders beside its own whose packages it has entries of.
    pub locks: BTreeMap<RepoPath, BTreeSet<RepoPath>>,
    /// The texts of the files from which dynamic versions are read.
    pub sources: BTreeMap<RepoPath, String>,
    /// Every tag.
    pub tags: Vec<FoundTag>,
    /// The folders that a workspace of Cargo, npm, pnpm or uv names as its members, or globs of them.
    pub members: Vec<String>,
    /// The top folders of other repositories inside of this one.
    pub nested: BTreeSet<RepoPath>,
    /// The name of the folder that holds everything.
    pub root_name: String,
}

/// A manifest.
#[derive(Clone, Debug)]
pub struct FoundManifest {
    /// The file.
    pub path: RepoPath,
    /// Its type.
    pub kind: ManifestType,
    /// What it holds; nothing where it cannot be read.
    pub found: Option<Found>,
}

/// A tag.
#[derive(Clone, Debug)]
pub struct FoundTag {
    /// Its short name.
    pub name: String,
    /// The commit that it stands on.
    pub commit: String,
}

/// Why nothing can be proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no package was found: {reason}")]
pub struct NothingFound {
    /// What was looked for, or what is missing in what was found.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

/// Returns the text of a relman.toml for what was found.
///
/// # Errors
/// Where no manifest holds a version.
pub fn propose(findings: &Findings) -> Result<String, NothingFound> {
    let skipped = skip::Skip::new(&findings.members, &findings.nested);
    let units = unit::units(findings, &skipped);
    if units.units.is_empty() {
        return Err(nothing_found(findings, &units.left_out));
    }
    let heads = tags::heads(&findings.tags);
    let packages = package::packages(units.units, &heads, findings);
    let groups = groups::groups(&packages, &heads);
    Ok(render::render(&packages, &groups, &heads, &units.left_out))
}

/// Returns the plan that writes relman.toml and nothing else.
#[must_use]
pub fn init_plan(path: &RepoPath, text: &str) -> Plan {
    let file = FilePlan {
        path: path.clone(),
        action: Action::Create,
        slots: Vec::new(),
        before: None,
        edits: TextEdits::default(),
        content: Some(text.to_owned()),
    };
    Plan::of_files(vec![file])
}

fn nothing_found(findings: &Findings, left_out: &[unit::LeftOut]) -> NothingFound {
    let names: Vec<&str> = ManifestType::PRIMARY.iter().map(|(_, file)| *file).collect();
    let (last, first) = names.split_last().unwrap_or((&"", &[]));
    let dynamic = findings.manifests.iter().find_map(|manifest| {
        match manifest.found.as_ref().and_then(|found| found.no_version.as_ref())? {
            NoVersion::Dynamic { by, .. } => Some(format!("{} holds no version, {by} computes it", manifest.path)),
            _ => None,
        }
    });
    let reason = match (dynamic, left_out.first()) {
        (Some(reason), _) => reason,
        (None, Some(first)) => format!("{} was left out: {}", first.path, first.why),
        (None, None) => format!("no {} or {last} below this repository's top folder holds a version", first.join(", ")),
    };
    let help = "write a version into a manifest, or a relman.toml by hand: `relman schema` describes it".to_owned();
    NothingFound { reason, help }
}
