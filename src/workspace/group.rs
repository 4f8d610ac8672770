//! [`Group`]: packages whose versions go together.

use globset::GlobBuilder;

use crate::model::{Diagnostic, GroupId, PackageId};
use crate::text::Span;

/// How the versions of a group go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// One version, always released together.
    Fixed,
    /// What is released together shares one version, the rest stays.
    Linked,
}

/// A group as relman.toml writes it.
#[derive(Clone, Debug)]
pub struct GroupSeed {
    /// Its key.
    pub id: GroupId,
    /// Whether it is fixed or linked.
    pub kind: GroupKind,
    /// Names or globs of names of packages, and where they stand.
    pub members: Vec<(String, Span)>,
    /// The template of the one tag that it has instead of one for each member.
    pub tag: Option<(String, Span)>,
}

/// A group with its members.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its key.
    pub id: GroupId,
    /// Whether it is fixed or linked.
    pub kind: GroupKind,
    /// Its packages, in the order of the workspace.
    pub members: Vec<PackageId>,
    /// Whether it has one tag instead of one for each member.
    pub one_tag: bool,
}

/// What is wrong with a member, as a message, a place in relman.toml and what to do.
type Complaint = (Span, Diagnostic);

/// Finds the members of the groups among the packages of the workspace.
pub(super) fn resolve(seeds: &[GroupSeed], ids: &[PackageId]) -> (Vec<Group>, Vec<Complaint>) {
    let mut complaints = Vec::new();
    let mut taken: Vec<(PackageId, GroupId)> = Vec::new();
    let mut groups = Vec::new();
    for seed in seeds {
        let mut members: Vec<PackageId> = Vec::new();
        for (pattern, span) in &seed.members {
            let matching = matching(pattern, ids);
            if matching.is_empty() {
                let known = ids.iter().map(|id| id.0.as_str()).take(12).collect::<Vec<_>>().join(", ");
                let message = format!("the group `{}` names `{pattern}`, and there is no such package", seed.id);
                complaints.push((*span, Diagnostic::new(message).help(format!("the packages are {known}"))));
            }
            for id in matching {
                match taken.iter().find(|(package, _)| package == id) {
                    Some((_, other)) if *other != seed.id => {
                        let message = format!("`{id}` is in two groups, `{other}` and `{}`", seed.id);
                        complaints.push((*span, Diagnostic::new(message).help("a package is in one group at most")));
                    }
                    Some(_) => {}
                    None => {
                        taken.push((id.clone(), seed.id.clone()));
                        members.push(id.clone());
                    }
                }
            }
        }
        members.sort_by_key(|id| ids.iter().position(|known| known == id));
        groups.push(Group { id: seed.id.clone(), kind: seed.kind, members, one_tag: seed.tag.is_some() });
    }
    (groups, complaints)
}

/// A name means itself, also where it has characters that a glob would read otherwise.
fn matching<'a>(pattern: &str, ids: &'a [PackageId]) -> Vec<&'a PackageId> {
    let literal: Vec<&PackageId> = ids.iter().filter(|id| id.0 == pattern).collect();
    if !literal.is_empty() {
        return literal;
    }
    match GlobBuilder::new(pattern).literal_separator(true).build() {
        Ok(glob) => {
            let matcher = glob.compile_matcher();
            ids.iter().filter(|id| matcher.is_match(&id.0)).collect()
        }
        Err(_) => Vec::new(),
    }
}
