//! [`Picture`]: a graph as boxes and arrows, few enough to be looked at.

use std::collections::BTreeMap;

use super::fold::{Fold, fold};
use super::{GraphPackage, PackageGraph};
use crate::model::{BoxIx, DependencyKind, IndexVec, PackageIx};
use crate::plan::reason::BumpReason;

/// Boxes and the arrows between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The boxes.
    pub boxes: IndexVec<BoxIx, PictureBox>,
    /// The arrows, from what requires to what is required.
    pub arrows: Vec<Arrow>,
    /// How many packages are not drawn: nothing that is drawn requires them or is required by them.
    pub left_out: usize,
}

/// A package, or several that are drawn as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureBox {
    /// Its name, or the names of some.
    pub title: String,
    /// The version, and the next one: `0.1.0 -> 0.2.0`; how many packages it is, where they are several.
    pub version: String,
    /// Why it is released.
    pub reason: Option<BumpReason>,
    /// Its group, if that is not its title.
    pub group: Option<String>,
}

/// A requirement, or several between the packages of two boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// What requires.
    pub from: BoxIx,
    /// What is required.
    pub to: BoxIx,
    /// Whether it is only required for development.
    pub is_dev: bool,
    /// Whether it is why `from` is released.
    pub is_cascade: bool,
    /// The requirement as it is written; `None` if there are several.
    pub text: Option<String>,
}

impl From<&PackageGraph> for Picture {
    fn from(graph: &PackageGraph) -> Self {
        let folds = fold(graph);
        let drawn: usize = folds.iter().map(|fold| fold.members().len()).sum();
        let mut box_of: BTreeMap<PackageIx, BoxIx> = BTreeMap::new();
        for (at, fold) in folds.entries() {
            box_of.extend(fold.members().iter().map(|member| (*member, at)));
        }
        let boxes = folds.iter().map(|fold| drawn_box(graph, fold)).collect();
        Self { boxes, arrows: arrows(graph, &box_of), left_out: graph.packages.len() - drawn }
    }
}

/// How many names stand for all of a box.
const NAMED: usize = 2;

fn drawn_box(graph: &PackageGraph, fold: &Fold) -> PictureBox {
    let packages: Vec<&GraphPackage> = fold.members().iter().map(|member| &graph.packages[*member]).collect();
    let of_group = packages.first().and_then(|package| package.group.as_ref()).map(ToString::to_string);
    let title = match (fold, packages.as_slice()) {
        (_, [only]) => only.id.to_string(),
        // The members of a folded group have one.
        (Fold::Group(_), _) => of_group.clone().unwrap_or_default(),
        (Fold::Alike(_), _) => names(&packages),
    };
    let group = of_group.filter(|group| *group != title && !matches!(fold, Fold::Group(_)));
    let reason = packages.iter().find_map(|package| package.release.as_ref()).map(|release| release.reason.clone());
    PictureBox { title, version: versions(&packages), reason, group }
}

/// `a, b and 3 more`.
fn names(packages: &[&GraphPackage]) -> String {
    let named: Vec<&str> = packages.iter().take(NAMED).map(|package| package.id.as_str()).collect();
    match packages.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn versions(packages: &[&GraphPackage]) -> String {
    let step = |package: &GraphPackage| match &package.release {
        Some(release) if release.to != package.version => format!("{} -> {}", package.version, release.to),
        _ => package.version.clone(),
    };
    let mut steps = packages.iter().map(|package| step(package));
    // A fold has a member.
    let first = steps.next().unwrap_or_default();
    match packages.len() {
        0 | 1 => first,
        several if steps.all(|step| step == first) => format!("{several} packages, {first}"),
        several => format!("{several} packages"),
    }
}

fn arrows(graph: &PackageGraph, box_of: &BTreeMap<PackageIx, BoxIx>) -> Vec<Arrow> {
    let mut arrows: BTreeMap<(BoxIx, BoxIx), Arrow> = BTreeMap::new();
    for requirement in &graph.requirements {
        let (Some(from), Some(to)) = (box_of.get(&requirement.by), box_of.get(&requirement.of)) else {
            // One of them is not drawn.
            continue;
        };
        if from == to {
            continue;
        }
        let (is_dev, is_cascade) = (requirement.kind == DependencyKind::Dev, graph.is_cascade(requirement));
        let new = || Arrow { from: *from, to: *to, is_dev, is_cascade, text: Some(requirement.text.clone()) };
        let arrow = arrows.entry((*from, *to)).or_insert_with(new);
        arrow.is_dev &= is_dev;
        arrow.is_cascade |= is_cascade;
        arrow.text = arrow.text.take().filter(|text| *text == requirement.text);
    }
    arrows.into_values().collect()
}
