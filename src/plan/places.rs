//! [`Places`]: line and column of places in the files that were read.

use std::collections::BTreeMap;

use crate::model::RepoPath;
use crate::text::{Lines, Position};
use crate::workspace::{SourceFile, Workspace};

/// Looks up places; the lines of each file are counted when the first place in it is asked for.
#[derive(Debug)]
pub(super) struct Places<'a> {
    files: &'a BTreeMap<RepoPath, SourceFile>,
    lines: BTreeMap<&'a RepoPath, Lines<'a>>,
}

impl<'a> Places<'a> {
    /// Creates the lookup for the files of a workspace.
    pub(super) fn new(workspace: &'a Workspace) -> Self {
        Self { files: &workspace.files, lines: BTreeMap::new() }
    }

    /// Returns the place of the byte `offset` of a file; `None` if the file was not read.
    pub(super) fn position(&mut self, path: &RepoPath, offset: usize) -> Option<Position> {
        let (path, file) = self.files.get_key_value(path)?;
        Some(self.lines.entry(path).or_insert_with(|| Lines::of(&file.text)).position(offset))
    }
}
