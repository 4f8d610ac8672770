//! Spelling: how a version is written in a slot, in texts and in a tag.

use crate::manifest::requirement::Wanted;
use crate::model::{TagError, TagName, Unspellable, Version, VersionScheme};
use crate::workspace::{Package, RequirementSlot};

/// An explicit version as the user typed it, and the scheme in which it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The text.
    pub(super) text: String,
    /// The scheme.
    pub(super) scheme: VersionScheme,
}

/// A version that a package is to have, with the words that the user chose for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spelled {
    /// The value.
    pub(super) version: Version,
    /// The words, where it was given explicitly.
    pub(super) typed: Option<Typed>,
}

impl Spelled {
    /// Writes the version in a scheme: as it was typed where that was in this scheme, else in canonical spelling.
    pub(super) fn in_scheme(&self, scheme: VersionScheme) -> Result<String, Unspellable> {
        match &self.typed {
            Some(typed) if typed.scheme == scheme => Ok(typed.text.clone()),
            _ => scheme.render(&self.version),
        }
    }

    /// Returns the version as a requirement is to write it. Lock files write every version in its canonical spelling.
    pub(super) fn wanted(&self, slot: &RequirementSlot) -> Wanted<'_> {
        let typed = self.typed.as_ref().filter(|_| !slot.kind.is_lock());
        Wanted { version: &self.version, typed: typed.map(|typed| (typed.text.as_str(), typed.scheme)) }
    }

    /// Writes the version for texts of a package.
    pub(super) fn in_texts(&self, package: &Package) -> Result<String, Unspellable> {
        self.in_scheme(package.scheme)
    }

    /// Writes the package's tag of the version.
    pub(super) fn tag(&self, package: &Package) -> Result<TagName, TagError> {
        let text = self.in_scheme(package.tag.scheme())?;
        package.tag.render_typed(&self.version, &text)
    }
}
