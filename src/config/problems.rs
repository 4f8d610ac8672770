//! [`Problems`]: everything that is wrong in one file.

use std::cell::RefCell;
use std::sync::Arc;

use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::text::Span;

/// Collects the diagnostics of one file. All readers of the file's tables share it, hence the cell.
pub(super) struct Problems<'a> {
    path: &'a RepoPath,
    text: &'a Arc<str>,
    found: RefCell<Vec<Diagnostic>>,
    /// Whether it is a relman.toml, and not a file of a plugin.
    pub(super) is_relman_toml: bool,
    /// Every requested key, as `table.key`, which the tests compare with the schema.
    #[cfg(test)]
    pub(super) asked: RefCell<std::collections::BTreeSet<String>>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(path: &'a RepoPath, text: &'a Arc<str>) -> Self {
        Self {
            path,
            text,
            found: RefCell::default(),
            is_relman_toml: false,
            #[cfg(test)]
            asked: RefCell::default(),
        }
    }

    /// The same for a relman.toml, whose tables are known.
    pub(super) fn of_relman_toml(path: &'a RepoPath, text: &'a Arc<str>) -> Self {
        Self { is_relman_toml: true, ..Self::new(path, text) }
    }

    /// Adds a value that is not valid: what was found and what was expected, and what to do about it.
    pub(super) fn add(&self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.add_as(ProblemCode::ConfigValue, span, message, help);
    }

    /// Adds a problem of any kind.
    pub(super) fn add_as(&self, code: ProblemCode, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.found.borrow_mut().push(Diagnostic::new(code, message).help(help).at(self.path, self.text, span));
    }

    /// Adds problems that were found elsewhere.
    pub(super) fn extend(&self, diagnostics: Vec<Diagnostic>) {
        self.found.borrow_mut().extend(diagnostics);
    }

    /// Returns all problems in the order of the file.
    pub(super) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.sort_by_cached_key(|d| (d.place.as_ref().map(|place| place.span), d.message.clone()));
        found.dedup();
        found
    }
}
