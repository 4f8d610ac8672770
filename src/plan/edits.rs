//! Edits: the bytes of the files that change, proven by reading the new text again.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::file_changes::{FileChange, FileChanges, FileClash, SlotChange};
use super::seals::renewed_seals;
use crate::manifest::{Edited, Found, Locator, Scalar, edit};
use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::text::{Fingerprint, Lines, Span};
use crate::workspace::{SourceFile, Workspace};

/// New values for places in files.
#[derive(Debug, Default)]
pub(super) struct Changes {
    by_file: BTreeMap<RepoPath, BTreeMap<Span, (Scalar, String)>>,
}

impl Changes {
    /// Adds a new value for a place; naming a place again has no effect.
    pub(super) fn set(&mut self, file: &RepoPath, scalar: &Scalar, new: String) {
        if scalar.text == new {
            return;
        }
        let changes = self.by_file.entry(file.clone()).or_default();
        changes.entry(scalar.span).or_insert_with(|| (scalar.clone(), new));
    }

    /// Returns the text of a file after the changes; `None` if it has none. A change that cannot be made is an error of [`Self::plan`].
    fn text_after(&self, workspace: &Workspace, path: &RepoPath) -> Option<String> {
        let changes: Vec<(Scalar, String)> = self.by_file.get(path)?.values().cloned().collect();
        let file = workspace.files.get(path)?;
        prove(file, &changes).ok()?.edits.apply(&file.text).ok()
    }

    /// Plans the edits of every file, with the checksums of lock files that follow from them. `today` is the day that these get.
    ///
    /// # Errors
    /// Returns an error if a new text does not read as planned.
    pub(super) fn plan(mut self, workspace: &Workspace, today: &str) -> Result<FileChanges, Vec<Diagnostic>> {
        for (file, scalar, new) in renewed_seals(workspace, today, &|path| self.text_after(workspace, path)) {
            self.set(file, scalar, new);
        }
        let in_order = |changes: BTreeMap<Span, (Scalar, String)>| changes.into_values().collect();
        let work: Vec<(RepoPath, Vec<(Scalar, String)>)> =
            self.by_file.into_iter().map(|(path, changes)| (path, in_order(changes))).collect();
        // Collected in the order of the paths, whichever thread finishes first.
        let planned: Vec<(RepoPath, Result<FileChange, Diagnostic>)> = work
            .into_par_iter()
            .map(|(path, changes)| {
                let change = file_change(workspace, &path, &changes);
                (path, change)
            })
            .collect();
        let mut files = FileChanges::default();
        let mut problems = Vec::new();
        for (path, change) in planned {
            let added = change.and_then(|change| files.add(path, change).map_err(clash));
            problems.extend(added.err());
        }
        if problems.is_empty() { Ok(files) } else { Err(problems) }
    }
}

/// Says that two changes of a file do not go together: it is a manifest and a changelog, say, and both change the same line.
pub(super) fn clash(clash: FileClash) -> Diagnostic {
    Diagnostic::new(ProblemCode::Edit, clash.to_string()).in_file(clash.path())
}

fn file_change(workspace: &Workspace, path: &RepoPath, changes: &[(Scalar, String)]) -> Result<FileChange, Diagnostic> {
    let unread = || Diagnostic::new(ProblemCode::Edit, format!("{path} was not read")).in_file(path);
    let file = workspace.files.get(path).ok_or_else(unread)?;
    let Edited { changes, edits } = prove(file, changes)?;
    let lines = Lines::of(&file.text);
    let slots = changes.iter().map(|(scalar, new)| SlotChange {
        line: lines.position(scalar.span.start).line,
        from: scalar.text.clone(),
        to: new.clone(),
    });
    Ok(FileChange::Edit { slots: slots.collect(), before: Fingerprint::of(file.text.as_bytes()), edits })
}

fn prove(file: &SourceFile, changes: &[(Scalar, String)]) -> Result<Edited, Diagnostic> {
    let sources: Vec<(&Locator, &Found)> =
        file.views.iter().filter_map(|view| Some((&view.locator, view.found.as_ref().ok()?))).collect();
    edit(&sources, &file.text, changes).map_err(|fault| {
        Diagnostic::new(ProblemCode::Edit, format!("{} cannot be edited: {fault}", file.path)).in_file(&file.path)
    })
}
