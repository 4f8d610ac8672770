//! [`Tagging`]: under which tags packages are released.

use std::collections::BTreeMap;

use super::bind_input::BindInput;
use super::seed::{PackageSeed, SeedManifest, SeedTagging};
use super::source::SourceFile;
use crate::config::{Config, Membership};
use crate::model::{Diagnostic, GroupIx, ProblemCode, RepoPath, TagTemplate, VersionScheme};

/// Under which tags a package is released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// Under tags of its own.
    Own,
    /// Under those of another package, with this template.
    Of(TagTemplate),
    /// Under none.
    Never,
}

/// The template of a package's tags: its group's if that has one tag, else its own.
pub(super) fn tag_template(
    config: &Config,
    seed: &PackageSeed,
    group: Option<GroupIx>,
    files: &BTreeMap<RepoPath, SourceFile>,
) -> Result<TagTemplate, Diagnostic> {
    let scheme = seed.tag_scheme.unwrap_or_else(|| text_scheme(seed, files));
    let group = group.map(|index| &config.groups[index]);
    let of_group = group.and_then(|group| Some((group.tag.as_ref()?, group.id.as_str())));
    let (template, name, span) = match of_group {
        Some((tag, name)) => (tag.value.as_str(), name, tag.span),
        None => (seed.tag.as_str(), seed.id.as_str(), seed.span),
    };
    TagTemplate::new(template, name, scheme).map_err(|error| {
        let message = format!("the tag template `{template}` of `{}` is not valid: {error}", seed.id);
        config.diagnostic(ProblemCode::ConfigValue, span, message)
    })
}

/// The tags under which a package is released.
pub(super) fn tagging(
    config: &Config,
    seed: &PackageSeed,
    input: &BindInput,
    of_package: &Membership,
) -> Result<Tagging, Diagnostic> {
    let (of, span) = match &seed.tagging {
        SeedTagging::Own => return Ok(Tagging::Own),
        SeedTagging::Never => return Ok(Tagging::Never),
        SeedTagging::Of(of, span) => (of, span),
    };
    let wrong = |message: String| {
        let diagnostic = config.diagnostic(ProblemCode::ConfigValue, *span, message);
        diagnostic.help("name a package that has tags of its own")
    };
    match input.seeds.iter().find(|seed| seed.id == *of) {
        None => Err(wrong(format!("`tag-of` names `{of}`, which is not a package"))),
        Some(other) if other.tagging != SeedTagging::Own => {
            Err(wrong(format!("`{of}` has no tags of its own, either")))
        }
        Some(other) => tag_template(config, other, of_package.get(of).copied(), &input.files).map(Tagging::Of),
    }
}

/// The scheme that spells a package's version in texts: the package's own, else that of its primary slot, else that of its first manifest.
pub(super) fn text_scheme(seed: &PackageSeed, files: &BTreeMap<RepoPath, SourceFile>) -> VersionScheme {
    let whole = || seed.manifests.iter().filter(|manifest| manifest.part().is_none());
    let holds = |manifest: &&SeedManifest| {
        let found = files.get(&manifest.path).and_then(|file| file.found(&manifest.locator));
        found.is_some_and(|found| found.versions.iter().any(|place| manifest.takes(place)))
    };
    let primary = whole().find(holds).or_else(|| whole().next()).map(|manifest| manifest.scheme);
    seed.scheme.or(primary).unwrap_or(VersionScheme::Semver)
}
