//! [`reconcile`]: versions and requirements that both sides of a merge changed, because both were released.

use std::collections::BTreeMap;

use crate::manifest::Scalar;
use crate::model::{Diagnostic, RepoPath, Version};
use crate::plan::edits::Changes;
use crate::plan::file_changes::FileChange;
use crate::snapshot::Snapshot;

/// New texts of files, by the paths below the folder of relman.toml.
pub type Texts = BTreeMap<RepoPath, String>;

/// The texts that a merge is computed from in the place of those that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Those of the commit that both sides come from.
    pub base: Texts,
    /// Those of the side that is merged.
    pub theirs: Texts,
    /// Those of the side that takes it.
    pub ours: Texts,
}

/// A place in a file: what it is called, and how many of that name are above it.
type Place = (RepoPath, String, usize);

/// What a place holds.
struct Value<'a> {
    scalar: &'a Scalar,
    /// `None` for a requirement.
    version: Option<&'a Version>,
}

/// Gives all three sides the same value at each place that releases write, so that a merge finds no change there. A version is the higher one
/// of both sides: that of the side that takes it, unless that one has not moved on. A requirement is that of the side that takes it, unless
/// only the other one changed it.
///
/// # Errors
/// Returns an error if a text does not read as planned afterwards.
pub fn reconcile(base: &Snapshot, theirs: &Snapshot, ours: &Snapshot) -> Result<Reconciled, Vec<Diagnostic>> {
    let (before, new, old) = (places(base), places(theirs), places(ours));
    let mut wanted: BTreeMap<&Place, &str> = BTreeMap::new();
    for (place, ours) in &old {
        // What only one side has does not concern both.
        let Some(theirs) = new.get(place) else { continue };
        let takes_theirs = match (theirs.version, ours.version) {
            (Some(theirs), Some(ours)) => theirs > ours,
            _ => before.get(place).is_some_and(|base| base.scalar.text == ours.scalar.text),
        };
        wanted.insert(place, if takes_theirs { &theirs.scalar.text } else { &ours.scalar.text });
    }
    Ok(Reconciled {
        base: texts(base, &before, &wanted)?,
        theirs: texts(theirs, &new, &wanted)?,
        ours: texts(ours, &old, &wanted)?,
    })
}

fn places(snapshot: &Snapshot) -> BTreeMap<Place, Value<'_>> {
    let mut found = BTreeMap::new();
    let mut counts: BTreeMap<(RepoPath, String), usize> = BTreeMap::new();
    let mut add = |file: &RepoPath, name: String, value| {
        let count = counts.entry((file.clone(), name.clone())).or_default();
        found.insert((file.clone(), name, *count), value);
        *count += 1;
    };
    for slot in snapshot.workspace.packages.iter().flat_map(|package| &package.slots) {
        let name = format!("version {}", slot.field);
        add(&slot.file, name, Value { scalar: &slot.scalar, version: Some(&slot.value) });
    }
    for (package, slot) in
        snapshot.workspace.packages.iter().flat_map(|package| package.parts.iter().map(move |slot| (package, slot)))
    {
        let name = format!("part {}", package.id);
        add(&slot.file, name, Value { scalar: &slot.scalar, version: package.version() });
    }
    for slot in &snapshot.workspace.requirements {
        let name = format!("requirement {} {:?}", slot.of, slot.place.kind);
        add(&slot.file, name, Value { scalar: &slot.place.scalar, version: None });
    }
    found
}

fn texts(
    snapshot: &Snapshot,
    places: &BTreeMap<Place, Value<'_>>,
    wanted: &BTreeMap<&Place, &str>,
) -> Result<Texts, Vec<Diagnostic>> {
    let mut changes = Changes::default();
    for (place, value) in places {
        if let Some(text) = wanted.get(place) {
            changes.set(&place.0, value.scalar, (*text).to_owned());
        }
    }
    let files = changes.plan(&snapshot.workspace, &snapshot.today)?;
    let mut texts = Texts::new();
    for (path, change) in files.iter() {
        let file = snapshot.workspace.files.get(path);
        if let (Some(file), FileChange::Edit { edits, .. }) = (file, change) {
            let text = edits.apply(&file.text).map_err(|error| {
                vec![Diagnostic::new(crate::model::ProblemCode::Edit, error.to_string()).in_file(path)]
            })?;
            texts.insert(path.clone(), text);
        }
    }
    Ok(texts)
}
