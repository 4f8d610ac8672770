//! `init`: turns the content of a repository into the text of a relman.toml.
//!
//! Pure: it is given manifests, lock files, tags and what manifests held at the newest tags, and returns a text. Folders become units
//! (`unit`), which get the tags whose trees hold their versions in them (`evidence`, `pairing`); those whose version no manifest holds are paired by names (`computed`). Both together become packages (`package`),
//! which are written as briefly as possible (`members`, `render`).

mod apart;
mod around;
mod branches;
mod changelog;
mod changelogs;
mod comments;
mod commit_groups;
mod computed;
mod dependents;
mod doubt;
mod doubts;
mod evidence;
mod followers;
mod groups;
mod history;
mod ignored;
mod in_step;
mod last_tag;
mod looked;
mod marks;
mod members;
mod odd_tags;
mod origins;
mod package;
mod pairing;
mod partial;
mod parts;
mod pending;
mod places;
mod proposal;
mod released;
mod render;
mod required;
mod skip;
mod sources;
mod stages;
mod stated_changes;
mod stated_groups;
mod stated_places;
mod stated_tags;
mod stated_units;
mod tags_alone;
mod texts;
mod tools;
mod unit;
mod unreleased;
mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::PathGlob;
use crate::manifest::{ManifestType, NoVersion};
use crate::model::{Diagnostic, ProblemCode, RepoPath, Tool};
use crate::snapshot::{Discovery, tag_prefixes};
use odd_tags::OddTags;
pub use origins::ToolReport;
use released::Released;
use tools::Tools;

/// Why no configuration can be proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no package was found: {reason}")]
pub struct NothingFound {
    /// What was searched for, or what is missing from what was found.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

/// Why nothing is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InitError {
    /// There is nothing to propose.
    NothingFound(NothingFound),
    /// The files of the tool that was insisted on are missing, or something is wrong in them.
    Tool(Vec<Diagnostic>),
}

/// A proposal.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The text of the relman.toml.
    pub text: String,
    /// What became of the files of each tool.
    pub tools: Vec<ToolReport>,
    /// Changes that were noted for other tools, and are not released yet.
    pub pending: Vec<String>,
    /// What is wrong in files of other tools; it was not read.
    pub problems: Vec<Diagnostic>,
}

/// Returns a relman.toml for the content of a repository. With a tool, of all tools' files only those of this one count, and they have
/// to be there.
///
/// # Errors
/// Returns an error if no manifest holds a version, or the tool's files are missing or broken.
pub fn propose(discovery: &Discovery, only: Option<Tool>) -> Result<Proposed, InitError> {
    let tools = tools::read(&discovery.tool_files, only);
    if let Some(tool) = only {
        insist(tool, &tools)?;
    }
    let text = text(discovery, &tools).map_err(InitError::NothingFound)?;
    let pending = pending::pending(&tools, &discovery.named_files);
    Ok(Proposed { text, tools: origins::reports(&tools), pending, problems: tools.problems })
}

/// Returns the files that the files of other tools name: those with places of versions, and fragments.
#[must_use]
pub fn named_files(files: &BTreeMap<RepoPath, Arc<str>>) -> Vec<PathGlob> {
    let tools = tools::read(files, None);
    let mut named = Vec::new();
    for settings in tools.settings {
        named.extend(pending::globs(&settings));
        named.extend(settings.places.into_iter().map(|place| place.path));
        let fragments = settings.changelog.fragments.map(|folder| PathGlob::new(&format!("{folder}/*")));
        named.extend(fragments.and_then(Result::ok));
    }
    named
}

/// Holds the files of a tool to be there and whole.
fn insist(tool: Tool, tools: &Tools) -> Result<(), InitError> {
    if !tools.problems.is_empty() {
        return Err(InitError::Tool(tools.problems.clone()));
    }
    if tools.settings.is_empty() {
        let problem = Diagnostic::new(ProblemCode::Missing, format!("no file of {} was found", tool.name()));
        let help = format!("looked for {}, here and beside manifests", tool.files().join(", "));
        return Err(InitError::Tool(vec![problem.help(help)]));
    }
    Ok(())
}

fn text(discovery: &Discovery, tools: &Tools) -> Result<String, NothingFound> {
    let skipped = skip::Skip::new(&discovery.not_members, &discovery.nested);
    let mut heads = tag_prefixes(&discovery.tags);
    let odd = OddTags::take(&mut heads, discovery);
    let Released { units, left_out, misplaced } = released::released(discovery, &heads, &skipped, tools);
    if units.is_empty() {
        return Err(nothing_found(discovery, &left_out));
    }
    let packages = package::packages(units, &heads, discovery, tools);
    let groups = groups::groups(&packages, &heads, &discovery.past, tools);
    let changelogs = changelogs::changelogs(&packages, &groups, &heads, discovery, tools);
    let settings = [
        stages::stages(&packages, &heads, tools),
        odd.line(&packages, &heads, discovery),
        last_tag::last_tag(&packages, &heads, &discovery.unreached),
        origins::branches(tools)
            .unwrap_or_else(|| branches::branches(&packages, &heads, discovery, origins::base(tools))),
    ];
    let settings = settings.concat();
    let changes = stated_changes::changes(tools, history::history(&discovery.commits));
    let changes = changes + &dependents::dependents((&packages, &heads), discovery, &skipped, tools);
    let text = render::render(&packages, &groups, &heads, &left_out, &changelogs, (&settings, &changes), tools);
    Ok(text + &origins::comments(tools, &misplaced))
}

fn nothing_found(discovery: &Discovery, left_out: &[unit::LeftOut]) -> NothingFound {
    let names: Vec<&str> = ManifestType::of_packages().map(|(_, file)| file).collect();
    let (last, first) = names.split_last().unwrap_or((&"", &[]));
    let dynamic = discovery.manifests.iter().find_map(|manifest| {
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
