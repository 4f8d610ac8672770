//! [`Cover`]: which commits precede the packages' last releases.

use std::collections::{BTreeMap, BTreeSet};

use super::{Walk, Wanted};
use crate::history::{Border, Graph, ReachSet};
use crate::model::GraphIx;

/// Where the histories of packages begin.
pub(super) struct Borders {
    /// Each border once: many packages are released together.
    distinct: Vec<Border>,
    /// That of each package.
    of_wanted: Vec<usize>,
}

impl Borders {
    /// Returns `true` if a package's history begins further back than commits were read. No commit precedes that border, so the rest of
    /// the history is needed.
    pub(super) fn lack_one(&self) -> bool {
        self.distinct.iter().any(Vec::is_empty)
    }
}

/// The commits that precede the packages' last releases, as far as they are known.
pub(super) struct Cover {
    borders: Borders,
    /// By the index of the border.
    reach: ReachSet,
    /// How many commits were read.
    read: usize,
}

impl Cover {
    /// Returns `true` if every commit that was not read precedes every package's last release.
    pub(super) fn is_complete(&self, graph: &Graph) -> bool {
        self.reach.is_complete(graph)
    }

    /// Returns `true` if every commit that was not read precedes this package's last release.
    pub(super) fn is_complete_for(&self, graph: &Graph, wanted: usize) -> bool {
        self.borders.of_wanted.get(wanted).is_some_and(|border| self.reach.is_complete_for(graph, *border))
    }

    /// Returns `true` if the commit precedes this package's last release.
    pub(super) fn is_behind(&self, commit: GraphIx, wanted: usize) -> bool {
        self.borders.of_wanted.get(wanted).is_some_and(|border| self.reach.is_behind(commit, *border))
    }

    /// Returns `true` if the commit precedes every package's last release.
    pub(super) fn is_behind_all(&self, commit: GraphIx) -> bool {
        self.reach.is_behind_all(commit)
    }
}

impl Walk<'_> {
    /// Returns where the packages' histories begin, as far as is known.
    pub(super) fn borders(&self, wanted: &[Wanted<'_>]) -> Borders {
        let mut numbers: BTreeMap<Border, usize> = BTreeMap::new();
        let mut of_wanted = Vec::new();
        for wanted in wanted {
            let next = numbers.len();
            of_wanted.push(*numbers.entry(self.border(wanted)).or_insert(next));
        }
        let mut ordered: Vec<(Border, usize)> = numbers.into_iter().collect();
        ordered.sort_by_key(|(_, at)| *at);
        Borders { distinct: ordered.into_iter().map(|(border, _)| border).collect(), of_wanted }
    }

    /// Finds the commits that precede them.
    pub(super) fn cover(&self, borders: Borders) -> Cover {
        Cover { reach: ReachSet::new(&self.graph, &borders.distinct), borders, read: self.graph.read().len() }
    }

    /// Does it again, unless nothing was found since that matters.
    pub(super) fn cover_again(&self, cover: Cover, wanted: &[Wanted<'_>]) -> Cover {
        let borders = self.borders(wanted);
        if cover.read == self.graph.read().len() && cover.borders.distinct == borders.distinct {
            return Cover { borders, ..cover };
        }
        self.cover(borders)
    }

    fn border(&self, wanted: &Wanted<'_>) -> Border {
        let releases = || self.untagged(wanted).into_iter().map(|(commit, _)| commit);
        if self.last_tag(wanted).is_some() {
            let ids = self.released(wanted).into_iter();
            let border: BTreeSet<GraphIx> = ids.filter_map(|id| self.graph.find(id)).chain(releases()).collect();
            return border.into_iter().collect();
        }
        if wanted.is_new {
            return self.graph.find(self.ask.head).into_iter().collect();
        }
        if !wanted.tags.is_empty() && !self.ended {
            return Border::new();
        }
        let border: BTreeSet<GraphIx> = releases().collect();
        if !border.is_empty() {
            return border.into_iter().collect();
        }
        if let Some((commit, _)) = &wanted.changed {
            return self.graph.find(commit).into_iter().collect();
        }
        let added = wanted.manifest.as_ref().and_then(|path| self.manifests.get(path).copied().flatten());
        added.map_or_else(Border::new, |commit| self.graph.parents(commit).to_vec())
    }
}
