//! Binding of requirements to the packages that they name.

use super::names::Names;
use super::package::{Package, RequirementSlot};
use crate::manifest::{ManifestType, RequirementPlace};
use crate::model::{PackageId, RepoPath};

/// Returns the requirement as a slot, where it names a package of the workspace.
pub(super) fn bound(
    place: &RequirementPlace,
    file: &RepoPath,
    kind: ManifestType,
    holder: Option<&PackageId>,
    names: &Names,
    packages: &[Package],
) -> Option<RequirementSlot> {
    let home = file.parent().unwrap_or_else(RepoPath::root);
    let folder = match &place.folder {
        Some(written) => Some(home.join(written)?),
        None => None,
    };
    let index = names.required(&place.on, folder.as_ref())?;
    let of = packages.get(index)?.id.clone();
    Some(RequirementSlot { file: file.clone(), kind, holder: holder.cloned(), of, place: place.clone() })
}
