//! [`Seal`]: the checksum by which a tool recognizes that its lock file fits the manifest.

use super::chart_digest::digest;
use super::poetry_hash::{Tables, content_hash};
use crate::data::Scalar;

/// A checksum in a lock file over what the manifest beside it requires, and sometimes over what the lock file itself holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Where it is.
    pub checksum: Scalar,
    /// Where the time is at which the file was locked, if the file says so.
    pub locked_at: Option<Scalar>,
    /// The name of the manifest, which is in the folder of the lock file.
    pub manifest: &'static str,
    pub(super) kind: SealKind,
}

/// The tool whose checksum it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SealKind {
    /// Helm.
    Chart,
    /// Poetry.
    Poetry,
}

/// What a checksum should become when the texts change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealChange {
    /// It stays.
    Kept,
    /// This is the new one.
    Renewed(String),
    /// Its tool will find it stale, and it cannot be renewed: it was stale before, or a version of the tool wrote it that computes it in
    /// another way.
    Unknown,
}

/// The texts that a checksum is over.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'t> {
    /// The manifest.
    pub manifest: &'t str,
    /// The lock file.
    pub lock: &'t str,
}

impl Seal {
    /// Returns what follows from new texts, by the rule by which the present checksum is that over the old texts.
    #[must_use]
    pub fn change(&self, old: Sealed<'_>, new: Sealed<'_>) -> SealChange {
        let rules = self.kind.rules();
        let is_present = |rule: &&Rule| rule(old).as_ref() == Some(&self.checksum.text);
        match rules.iter().find(is_present).map(|rule| rule(new)) {
            Some(Some(same)) if same == self.checksum.text => SealChange::Kept,
            Some(Some(other)) => SealChange::Renewed(other),
            None if rules.iter().all(|rule| rule(old) == rule(new)) => SealChange::Kept,
            Some(None) | None => SealChange::Unknown,
        }
    }

    /// Returns the command that locks again.
    #[must_use]
    pub fn command(&self) -> &'static str {
        match self.kind {
            SealKind::Chart => "helm dependency update",
            SealKind::Poetry => "poetry lock",
        }
    }

    pub(super) fn scalars(&self) -> impl Iterator<Item = &Scalar> {
        std::iter::once(&self.checksum).chain(&self.locked_at)
    }

    pub(super) fn scalars_mut(&mut self) -> impl Iterator<Item = &mut Scalar> {
        std::iter::once(&mut self.checksum).chain(&mut self.locked_at)
    }
}

/// Computes a checksum; `None` where a text cannot be read.
type Rule = fn(Sealed<'_>) -> Option<String>;

impl SealKind {
    /// The rules of all versions of the tool, the newest first.
    fn rules(self) -> &'static [Rule] {
        match self {
            Self::Chart => &[|texts| digest(texts.manifest, texts.lock)],
            Self::Poetry => &[
                |texts| content_hash(texts.manifest, Tables { project: true, groups: true }),
                |texts| content_hash(texts.manifest, Tables { project: true, groups: false }),
                |texts| content_hash(texts.manifest, Tables { project: false, groups: false }),
            ],
        }
    }
}
