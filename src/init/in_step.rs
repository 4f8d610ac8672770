//! Whether requirements move with what they require, although they admit its next version, too: as releases show, or else their texts today.

use std::collections::{BTreeMap, BTreeSet};

use super::comments::one_line;
use super::looked::looked;
use super::required::{Names, Owner, Owners, required};
use super::skip::Skip;
use crate::manifest::RequirementPlace;
use crate::manifest::requirement::{admits, names_version};
use crate::model::{DependencyKind, RegistryName, RepoPath, Version};
use crate::snapshot::{Discovery, FoundManifest, PastRequirement, TagPrefix, Tagged};

/// So few requirements are no habit.
const FEW: usize = 3;

/// So many times something has to have been done.
const OFTEN: usize = 2;

/// So many of the newest tags of a package are compared.
const NEWEST: usize = 4;

/// A requirement of a manifest of today on a package.
type Required<'a> = (&'a RepoPath, &'a RequirementPlace, Owner<'a>);

/// Returns the line of the policy, if most requirements moved; `None` for the default. Where releases do not decide, the texts of today do.
pub(super) fn in_step(
    (names, owners): (&Names<'_>, &Owners<'_>),
    heads: &[TagPrefix],
    discovery: &Discovery,
    skip: &Skip<'_>,
) -> Option<String> {
    let home = |manifest: &FoundManifest| manifest.path.parent().unwrap_or_else(RepoPath::root);
    let ours = discovery.manifests.iter().filter(|manifest| skip.reason(&home(manifest)).is_none());
    let all: Vec<Required<'_>> = ours
        .flat_map(|manifest| required(manifest, names).map(move |(place, owner)| (&manifest.path, place, owner)))
        .collect();
    let Habit { moved, against, example } = habit(&all, owners, heads, discovery);
    let total = moved + against;
    if total < OFTEN || moved == against {
        return as_today(&all);
    }
    let example = example.filter(|_| moved > against)?;
    Some(format!(
        "policy = \"in-step\"   # {moved} of {total} requirements moved with a release that they admitted as they were, such as {}; else: out-of-range, always, never",
        one_line(&example)
    ))
}

/// What requirements did at releases that named the version before.
#[derive(Debug, Default)]
struct Habit {
    /// How many moved that admitted the next version, too.
    moved: usize,
    /// How many of these stayed, or had to move and were released for that.
    against: usize,
    /// One that moved.
    example: Option<String>,
}

/// A requirement at two neighbouring releases of what it requires.
struct Passage<'a> {
    before: &'a PastRequirement,
    after: &'a PastRequirement,
    last: &'a Version,
    next: &'a Version,
    /// Whether its package is another one than the required one, and was released with it.
    is_released: bool,
}

impl Habit {
    /// Counts a requirement that named the last version.
    fn add(&mut self, passage: &Passage<'_>, example: impl FnOnce() -> String) {
        let Passage { before, after, last, next, is_released } = passage;
        if !names_version(before.notation, &before.text, last) {
            return;
        }
        let has_moved = after.text != before.text && names_version(after.notation, &after.text, next);
        match admits(before.notation, &before.text, next) {
            Ok(true) if has_moved => {
                self.moved += 1;
                self.example.get_or_insert_with(example);
            }
            Ok(true) => self.against += usize::from(after.text == before.text),
            _ => self.against += usize::from(has_moved && *is_released),
        }
    }
}

fn habit(all: &[Required<'_>], owners: &Owners<'_>, heads: &[TagPrefix], discovery: &Discovery) -> Habit {
    let mut habit = Habit::default();
    if !discovery.past.has_requirements() {
        return habit;
    }
    let mut tags: BTreeMap<usize, Vec<&Tagged>> = BTreeMap::new();
    let mut seen: BTreeSet<(&RepoPath, &RegistryName, DependencyKind)> = BTreeSet::new();
    let first = all.iter().filter(|(path, place, _)| seen.insert((path, &place.on, use_of(place.kind))));
    for required in first {
        let head = required.2.package.head;
        let Some((index, head)) = head.and_then(|head| Some((head, heads.get(head)?))) else { continue };
        let tags = tags.entry(index).or_insert_with(|| {
            let mut tags = looked(head, &discovery.past);
            tags.truncate(NEWEST);
            tags
        });
        for (new, old) in tags.iter().zip(tags.iter().skip(1)) {
            count(&mut habit, required, (new, old), owners, discovery);
        }
    }
    habit
}

/// Counts what a requirement did from one tag of its package to the next.
fn count(
    habit: &mut Habit,
    (path, place, owner): &Required<'_>,
    (new, old): (&Tagged, &Tagged),
    owners: &Owners<'_>,
    discovery: &Discovery,
) {
    let past = &discovery.past;
    // Not each package under a tag has its version.
    let [next, last] = [new, old].map(|tag| past.version_at(&tag.commit, owner.path).unwrap_or(&tag.version));
    if next == last {
        return;
    }
    let is_other = owners.get(path).is_some_and(|dependent| dependent.package.id != owner.package.id);
    let is_released = is_other && past.version_at(&new.commit, path) != past.version_at(&old.commit, path);
    let at = |tag: &Tagged| {
        let then = past.requirements_at(&tag.commit, path).iter();
        then.filter(|then| then.on == place.on && use_of(then.kind) == use_of(place.kind))
    };
    for (after, before) in at(new).zip(at(old)) {
        let example = || format!("`{}` in {path} with {}", after.text, new.name);
        habit.add(&Passage { before, after, last, next, is_released }, example);
    }
}

/// A requirement may become optional, and is the same one.
fn use_of(kind: DependencyKind) -> DependencyKind {
    if kind == DependencyKind::Optional { DependencyKind::Normal } else { kind }
}

/// The line, if most requirements name the versions of the packages today.
fn as_today(all: &[Required<'_>]) -> Option<String> {
    let is_in_step =
        |(_, place, owner): &&Required<'_>| names_version(place.notation, &place.scalar.text, owner.version);
    let (count, total) = (all.iter().filter(is_in_step).count(), all.len());
    let (path, place, _) = all.iter().find(is_in_step)?;
    let example = format!("`{}` in {path}", place.scalar.text);
    (count >= FEW && count * 2 > total).then(|| {
        format!(
            "policy = \"in-step\"   # {count} of {total} requirements name the version that they require, as {}; else: out-of-range, always, never",
            one_line(&example)
        )
    })
}
