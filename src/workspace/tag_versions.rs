//! Versions that no file holds: `version = "tag"`.

use super::bind_input::BindInput;
use super::package::FromTag;
use super::seed::PackageSeed;
use crate::config::Config;
use crate::model::{Diagnostic, ProblemCode, VersionScheme};

/// The version of a package that no file holds, before its tags are looked at.
pub(super) fn from_tag(
    config: &Config,
    seed: &PackageSeed,
    scheme: VersionScheme,
) -> Result<Option<FromTag>, Diagnostic> {
    let Some(tagged) = &seed.from_tag else { return Ok(None) };
    let version = tagged.initial.clone();
    let written = scheme.render(&version).map_err(|error| {
        let message = format!("the initial version of `{}` cannot be spelled: {error}", seed.id);
        config.diagnostic(ProblemCode::ConfigValue, tagged.span, message).help(format!("its scheme is {scheme}"))
    })?;
    let manifest = seed.manifests.iter().find(|manifest| !manifest.kind.is_lock());
    let manifest = manifest.map(|manifest| manifest.path.clone());
    Ok(Some(FromTag { version, written, is_released: false, manifest }))
}

/// A file that is listed for its version, and a version that no file holds, contradict each other.
pub(super) fn held_versions(config: &Config, input: &BindInput) -> Vec<Diagnostic> {
    let mut complaints = Vec::new();
    for seed in input.seeds.iter().filter(|seed| seed.from_tag.is_some()) {
        for manifest in seed.manifests.iter().filter(|manifest| manifest.part().is_none()) {
            let found = input.files.get(&manifest.path).and_then(|file| file.found(&manifest.locator));
            let mut held = found.into_iter().flat_map(|found| &found.versions);
            let (Some(span), Some(place)) = (manifest.listed, held.find(|place| manifest.takes(place))) else {
                continue;
            };
            let message = format!(
                "`{}` has `version = \"tag\"`, but {} holds the version {}",
                seed.id, manifest.path, place.scalar.text
            );
            let help = "remove one of them: the version is either that of the last tag or that of the file";
            complaints.push(config.diagnostic(ProblemCode::ConfigConflict, span, message).help(help));
        }
    }
    complaints
}
