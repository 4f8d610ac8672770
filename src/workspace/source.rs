//! [`SourceFile`]: a file with the places found in it.

use std::sync::Arc;

use crate::manifest::{Fault, Found, Locator, find};
use crate::model::{Diagnostic, ProblemCode, RepoPath};

/// A file of the workspace, read once, however many packages use it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it lies; never a symbolic link.
    pub path: RepoPath,
    /// Its text as it was read, byte order mark and line ends included.
    pub text: Arc<str>,
    /// What each locator found.
    pub views: Vec<View>,
}

/// What one locator found in a file.
#[derive(Clone, Debug)]
pub struct View {
    /// The locator.
    pub locator: Locator,
    /// The places, or everything that is wrong.
    pub found: Result<Found, Vec<Fault>>,
}

impl SourceFile {
    /// Searches a text by every locator.
    #[must_use]
    pub fn new(path: RepoPath, text: Arc<str>, locators: &[Locator]) -> Self {
        let views = locators.iter().map(|l| View { locator: l.clone(), found: find(l, &text) }).collect();
        Self { path, text, views }
    }

    /// Searches by one more locator, unless that has been done already.
    pub fn look(&mut self, locator: &Locator) {
        let is_process = matches!(locator, Locator::Plugin(_));
        if !is_process && !self.views.iter().any(|view| view.locator == *locator) {
            self.views.push(View { locator: locator.clone(), found: find(locator, &self.text) });
        }
    }

    /// Takes what a plugin found, which cannot be searched for here.
    pub fn took(&mut self, locator: Locator, found: Result<Found, Vec<Fault>>) {
        self.views.push(View { locator, found });
    }

    /// Returns what the locator found; `None` if it was not run or the text is broken.
    #[must_use]
    pub fn found(&self, locator: &Locator) -> Option<&Found> {
        self.views.iter().find(|view| view.locator == *locator)?.found.as_ref().ok()
    }

    /// Returns `true` if something is wrong with the text, whichever locator searched it.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.views.iter().any(|view| view.found.is_err())
    }

    /// Returns everything that is wrong with the text for this locator.
    #[must_use]
    pub fn faults(&self, locator: &Locator) -> Vec<Diagnostic> {
        let view = self.views.iter().find(|view| view.locator == *locator);
        match view.map(|view| &view.found) {
            Some(Err(faults)) => faults.iter().map(|fault| self.diagnose(fault)).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns a fault of this text with its place.
    #[must_use]
    pub fn diagnose(&self, fault: &Fault) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(ProblemCode::Manifest, fault.message.clone()).at(&self.path, &self.text, fault.span);
        match &fault.help {
            Some(help) => diagnostic.help(help.clone()),
            None => diagnostic,
        }
    }
}
