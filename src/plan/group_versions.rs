//! [`GroupVersions`]: the one version of each fixed group.

use std::collections::BTreeMap;

use crate::config::GroupKind;
use crate::model::{GroupIx, Version};
use crate::workspace::{Package, Workspace};

/// The versions of the fixed groups: of each the highest of its members.
pub(super) struct GroupVersions<'a>(BTreeMap<GroupIx, &'a Version>);

impl<'a> GroupVersions<'a> {
    pub(super) fn new(workspace: &'a Workspace) -> Self {
        let mut highest = BTreeMap::new();
        for package in workspace.packages.iter() {
            let group = package.group.filter(|group| workspace.groups[*group].kind == GroupKind::Fixed);
            if let Some((group, version)) = group.zip(package.version()) {
                let known = highest.entry(group).or_insert(version);
                *known = version.max(*known);
            }
        }
        Self(highest)
    }

    /// Returns the version of a package's group, if its files hold another one. Where no file holds a version, none is wrong: the next release
    /// takes the package along.
    pub(super) fn other_than_of(&self, package: &Package) -> Option<&'a Version> {
        let highest = *self.0.get(&package.group?)?;
        let held = package.primary().filter(|_| package.from_tag.is_none())?;
        (held.value != *highest).then_some(highest)
    }
}
