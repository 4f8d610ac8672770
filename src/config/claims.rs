//! [`claims`]: whether two packages claim the same place.

use std::collections::BTreeMap;

use super::{Config, EntryKind, ManifestEntry, PackageSpec};
use crate::model::{Diagnostic, ProblemCode};
use crate::text::Span;

/// A place of a version: the file, folder or glob, and what is claimed in it.
type Place = (String, String);

/// What a package without `manifests` claims in its folder.
const FOUND: &str = "manifests";

/// Finds what two declared packages both claim: a slot, a folder whose manifests both would find, a name in an ecosystem.
///
/// Reports only what the file itself makes certain: that two globs match the same file, or two pointers lead to the same value, is
/// seen once the files are read. A lock file belongs to every package that has an entry in it and is claimed by none.
#[must_use]
pub(super) fn claims(config: &Config) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<Place, &PackageSpec> = BTreeMap::new();
    let mut names = BTreeMap::new();
    let mut wrong = Vec::new();
    for package in &config.packages {
        for (place, span) in places(package) {
            let owner = *owners.entry(place.clone()).or_insert(package);
            if owner.id != package.id {
                wrong.push(twice(config, &place, span, owner, package));
            }
        }
        for name in &package.names {
            let owner = *names.entry(&name.value).or_insert(package);
            if owner.id != package.id {
                let message = format!("`{}` and `{}` are both published as `{}`", owner.id, package.id, name.value);
                wrong.push(
                    config
                        .diagnostic(ProblemCode::ConfigConflict, name.span, message)
                        .help("remove the name from one of them"),
                );
            }
        }
    }
    wrong
}

fn twice(config: &Config, place: &Place, span: Span, owner: &PackageSpec, package: &PackageSpec) -> Diagnostic {
    let (path, slot) = place;
    let both = format!("`{}` and `{}`", owner.id, package.id);
    let path = if path.is_empty() { "." } else { path };
    if slot == FOUND {
        let message = format!("{both} have the same folder `{path}`, and neither says which manifests are its own");
        return config.diagnostic(ProblemCode::ConfigConflict, span, message).help("add `manifests` to one of them");
    }
    let message = format!("{both} both claim {slot} of `{path}`");
    config
        .diagnostic(ProblemCode::ConfigConflict, span, message)
        .help("list it for one of them, or put both into one package")
}

/// Returns what a package claims, each place once.
fn places(package: &PackageSpec) -> BTreeMap<Place, Span> {
    let mut places = BTreeMap::new();
    match (&package.manifests, &package.path) {
        (Some(entries), _) => {
            for entry in entries {
                let slots = slots(entry).into_iter().map(|slot| ((entry.path.as_str().to_owned(), slot), entry.span));
                places.extend(slots);
            }
        }
        (None, Some(folder)) => {
            places.insert((folder.value.as_str().to_owned(), FOUND.to_owned()), folder.span);
        }
        (None, None) => {}
    }
    places
}

/// Returns what an entry claims of its file. A pointer to where a known type has its version is the same claim.
fn slots(entry: &ManifestEntry) -> Vec<String> {
    let named = |pointer: &str| format!("`{pointer}`");
    match &entry.kind {
        EntryKind::Known(kind) if kind.is_lock() => Vec::new(),
        EntryKind::Known(kind) if kind.pointers().is_empty() => vec!["the version".to_owned()],
        EntryKind::Known(kind) => match &entry.fields {
            Some(fields) => fields.iter().map(|field| named(&format!("/{field}"))).collect(),
            None => kind.pointers().iter().map(|pointer| named(pointer)).collect(),
        },
        EntryKind::Pointer(_, pointer) => vec![named(&pointer.to_string())],
        EntryKind::Search(pattern) => vec![named(&pattern.to_string())],
        EntryKind::Plugin(name) => vec![format!("what the plugin `{name}` finds")],
    }
}
