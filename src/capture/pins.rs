//! The places of pins: read after the packages, whose files they may share.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tree::{Tree, Unresolved, leaves, missing};
use crate::config::{Config, ManifestPath, PinPlaceSpec};
use crate::model::{Diagnostic, RepoPath};
use crate::workspace::{Pin, SourceFile, bind_pin, pin_locator};

/// Reads the files of the pins, as far as they were not read, and binds the pins to them.
pub(super) fn read(config: &Config, tree: &dyn Tree, files: &mut BTreeMap<RepoPath, SourceFile>) -> Vec<Pin> {
    let pins = config.pins.iter().map(|spec| {
        let paths = spec.places.iter().map(|place| look(place, tree, files)).collect();
        bind_pin(spec, paths, files)
    });
    pins.collect()
}

fn look(
    place: &PinPlaceSpec,
    tree: &dyn Tree,
    files: &mut BTreeMap<RepoPath, SourceFile>,
) -> Result<RepoPath, Diagnostic> {
    let path = match &place.entry.path {
        ManifestPath::File(path) => path.clone(),
        // The configuration has refused it.
        ManifestPath::Glob(glob) => glob.folder(),
    };
    let path = tree.resolve(&path).map_err(|why| match why {
        Unresolved::Missing => missing(&path),
        Unresolved::Leaves(target) => leaves(&path, &target),
    })?;
    if !files.contains_key(&path) {
        let text = tree.read(&path)?;
        files.insert(path.clone(), SourceFile::new(path.clone(), Arc::from(text), &[]));
    }
    if let Some(file) = files.get_mut(&path) {
        file.look(&pin_locator(place));
    }
    Ok(path)
}
