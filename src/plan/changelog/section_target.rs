//! [`SectionTarget`]: one section that is to be written.

use crate::config::ChangelogConfig;
use crate::model::{PackageIx, TagError, TagName};
use crate::plan::targets::Target;
use crate::workspace::Package;

/// A section to write: that of a package, or of a fixed group that shares a file.
#[derive(Debug)]
pub(super) struct SectionTarget<'a> {
    /// The packages, by index, in their order.
    pub(super) packages: Vec<PackageIx>,
    /// The first of them, whose version and tag the section has.
    pub(super) lead: &'a Package,
    /// Where it goes; `None` if no next version is known.
    pub(super) target: Option<&'a Target>,
    /// How its changelog is kept.
    pub(super) config: &'a ChangelogConfig,
    /// The version, in the package's spelling.
    pub(super) version: String,
    /// The tag; empty if the package has none of its own.
    pub(super) tag: TagName,
}

/// Returns the tag of a release; empty if the package has none of its own.
///
/// # Errors
/// The version cannot be a tag.
pub(super) fn section_tag(lead: &Package, target: &Target) -> Result<TagName, TagError> {
    if lead.has_tags() { target.to.tag(lead) } else { Ok(TagName::new(String::new())) }
}
