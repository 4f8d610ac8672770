//! `init`: turns the content of a repository into the text of a relman.toml.
//!
//! Pure: it is given manifests, lock files, tags and what manifests held at the newest tags, and returns a text. Folders become units
//! (`unit`), which get the tags whose trees hold their versions in them (`evidence`, `pairing`); those whose version no manifest holds are paired by names (`computed`). Both together become packages (`package`),
//! which are written as briefly as possible (`members`, `render`).

mod around;
mod branches;
mod changelog;
mod changelogs;
mod comments;
mod computed;
mod dependents;
mod doubt;
mod doubts;
mod evidence;
mod groups;
mod last_tag;
mod marks;
mod members;
mod package;
mod pairing;
mod places;
mod render;
mod skip;
mod sources;
mod stages;
mod texts;
mod unit;

use crate::manifest::{ManifestType, NoVersion};
use crate::snapshot::{Discovery, tag_prefixes};

/// Why no configuration can be proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no package was found: {reason}")]
pub struct NothingFound {
    /// What was searched for, or what is missing from what was found.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

/// Returns the text of a relman.toml for the content of a repository.
///
/// # Errors
/// Returns an error if no manifest holds a version.
pub fn propose(discovery: &Discovery) -> Result<String, NothingFound> {
    let skipped = skip::Skip::new(&discovery.not_members, &discovery.nested);
    let unit::Units { mut units, mut left_out } = unit::units(discovery, &skipped);
    sources::add_sources(&mut units, discovery);
    let heads = tag_prefixes(&discovery.tags);
    let paired = pairing::pair(&units, &heads, discovery);
    let mut units = doubts::decide(units.into_iter().zip(paired).collect(), &mut left_out);
    places::add_places(&mut units, &heads, discovery);
    computed::add_computed(&mut units, discovery, &skipped, &heads, &mut left_out);
    units.extend(texts::text_units(&units, &heads, discovery));
    if units.is_empty() {
        return Err(nothing_found(discovery, &left_out));
    }
    let packages = package::packages(units, &heads, discovery);
    let groups = groups::groups(&packages, &heads);
    let changelogs = changelogs::changelogs(&packages, &groups, &heads, discovery);
    let settings = [
        stages::stages(&packages, &heads),
        last_tag::last_tag(&packages, &heads, &discovery.unreached),
        branches::branches(&packages, &heads, &discovery.branches, &discovery.unreached),
    ];
    let settings = settings.concat();
    let dependents = dependents::dependents(&packages, discovery, &skipped);
    Ok(render::render(&packages, &groups, &heads, &left_out, &changelogs, (&settings, &dependents)))
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
