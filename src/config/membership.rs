//! [`membership`]: finds the group of each package.

use std::collections::{BTreeMap, BTreeSet};

use super::{Config, GroupSpec};
use crate::model::{Diagnostic, GroupIx, PackageId, ProblemCode, did_you_mean};
use crate::text::{Span, list_truncated};

/// The group of each package that is in one, as a position in [`Config::groups`].
pub type Membership = BTreeMap<PackageId, GroupIx>;

/// Finds the group of each of these packages, and what is wrong with the groups: a package in two of them, and, if `complete`
/// says that these are all packages, a member that does not exist.
///
/// It runs on the declared packages when the file is read, and again on all packages once the others are found.
#[must_use]
pub fn membership(config: &Config, packages: &[&PackageId], complete: bool) -> (Membership, Vec<Diagnostic>) {
    let packages: BTreeSet<&PackageId> = packages.iter().copied().collect();
    let mut search = Search { config, packages, complete, members: BTreeMap::new(), wrong: Vec::new() };
    for (index, group) in config.groups.entries() {
        search.visit(index, group);
    }
    let Search { packages, mut members, wrong, .. } = search;
    members.retain(|id, _| packages.contains(id));
    (members, wrong)
}

struct Search<'a> {
    config: &'a Config,
    packages: BTreeSet<&'a PackageId>,
    complete: bool,
    members: Membership,
    wrong: Vec<Diagnostic>,
}

impl Search<'_> {
    fn visit(&mut self, index: GroupIx, group: &GroupSpec) {
        for member in &group.members {
            if let Some(name) = member.value.literal() {
                let id = PackageId::new(name);
                if self.complete && !self.packages.contains(&id) {
                    self.unknown(group, member.span, name);
                }
                self.join(&id, index, member.span);
                continue;
            }
            let matcher = member.value.matcher();
            let matching: Vec<&PackageId> =
                self.packages.iter().copied().filter(|id| matcher.is_match(id.as_str())).collect();
            for id in matching {
                self.join(id, index, member.span);
            }
        }
    }

    fn unknown(&mut self, group: &GroupSpec, span: Span, name: &str) {
        let names: Vec<&str> = self.packages.iter().map(|id| id.as_str()).collect();
        let help = did_you_mean(name, &names, || format!("the packages are {}", list_truncated(&names, 12)));
        let message = format!("the group `{}` names the package `{name}`, which does not exist", group.id);
        self.wrong.push(self.config.diagnostic(ProblemCode::UnknownName, span, message).help(help));
    }

    fn join(&mut self, id: &PackageId, index: GroupIx, span: Span) {
        let first = *self.members.entry(id.clone()).or_insert(index);
        if first == index {
            return;
        }
        let name = |index: GroupIx| &self.config.groups[index].id;
        let message = format!("the package `{id}` is in two groups, `{}` and `{}`", name(first), name(index));
        let help = "a package is in one group at most; take it out of one of them";
        self.wrong.push(self.config.diagnostic(ProblemCode::ConfigConflict, span, message).help(help));
    }
}
