//! [`Cover`]: which commits precede the last releases of many packages.

use std::collections::BTreeMap;

use super::graph::{Border, Graph, ReachSet};
use crate::model::GraphIx;

/// Where the histories of packages begin.
#[derive(Debug)]
pub struct Borders {
    /// Each border once: many packages are released together.
    distinct: Vec<Border>,
    /// That of each package.
    of_package: Vec<usize>,
}

/// The commits that precede the packages' last releases, as far as they are known. A package is meant by its place among the borders.
#[derive(Debug)]
pub struct Cover {
    borders: Borders,
    /// By the index of the distinct border.
    reach: ReachSet,
    /// How many commits were read.
    read: usize,
    unread: Vec<GraphIx>,
}

impl Borders {
    /// Collects the borders of packages.
    #[must_use]
    pub fn new(of_packages: impl IntoIterator<Item = Border>) -> Self {
        let mut numbers: BTreeMap<Border, usize> = BTreeMap::new();
        let mut of_package = Vec::new();
        for border in of_packages {
            let next = numbers.len();
            of_package.push(*numbers.entry(border).or_insert(next));
        }
        let mut ordered: Vec<(Border, usize)> = numbers.into_iter().collect();
        ordered.sort_by_key(|(_, at)| *at);
        Self { distinct: ordered.into_iter().map(|(border, _)| border).collect(), of_package }
    }

    /// Returns `true` if a package's history begins further back than commits were read. No commit precedes that border, so the rest of
    /// the history is needed.
    #[must_use]
    pub fn lack_one(&self) -> bool {
        self.distinct.iter().any(Vec::is_empty)
    }
}

impl Cover {
    /// Finds the commits that precede the borders.
    #[must_use]
    pub fn new(graph: &Graph, borders: Borders) -> Self {
        let reach = ReachSet::new(graph, &borders.distinct);
        Self { borders, reach, read: graph.read().len(), unread: graph.unread().collect() }
    }

    /// Does it again, unless neither the graph nor the borders have changed.
    #[must_use]
    pub fn renewed(self, graph: &Graph, borders: Borders) -> Self {
        if self.read == graph.read().len() && self.borders.distinct == borders.distinct {
            return Self { borders, ..self };
        }
        Self::new(graph, borders)
    }

    /// Returns `true` if every commit that was not read precedes every package's last release.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unread.iter().all(|commit| self.is_behind_all(*commit))
    }

    /// Returns `true` if every commit that was not read precedes this package's last release.
    #[must_use]
    pub fn is_complete_for(&self, package: usize) -> bool {
        self.unread.iter().all(|commit| self.is_behind(*commit, package))
    }

    /// Returns `true` if the commit precedes this package's last release.
    #[must_use]
    pub fn is_behind(&self, commit: GraphIx, package: usize) -> bool {
        self.borders.of_package.get(package).is_some_and(|border| self.reach.is_behind(commit, *border))
    }

    /// Returns `true` if the commit precedes every package's last release, so that it is not needed.
    #[must_use]
    pub fn is_behind_all(&self, commit: GraphIx) -> bool {
        self.reach.is_behind_all(commit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A merge f of d and e; the parents of d and e were not read.
    fn half() -> Graph {
        let mut graph = Graph::default();
        for (id, parents) in [("f", &["d", "e"][..]), ("e", &["c"]), ("d", &["b", "c"])] {
            let parents: Vec<String> = parents.iter().map(|id| (*id).to_owned()).collect();
            graph.add(id, &parents);
        }
        graph
    }

    fn borders(graph: &Graph, of_packages: &[&[&str]]) -> Borders {
        Borders::new(of_packages.iter().map(|ids| ids.iter().filter_map(|id| graph.find(id)).collect()))
    }

    #[test]
    fn it_is_complete_when_no_package_needs_the_rest() {
        let graph = half();
        let complete = |of_packages: &[&[&str]]| Cover::new(&graph, borders(&graph, of_packages)).is_complete();
        assert!(complete(&[]));
        assert!(complete(&[&["d"]]));
        assert!(!complete(&[&["e"]]));
        assert!(!complete(&[&["d"], &["e"]]));
        assert!(complete(&[&["d"], &["b", "c"]]));
        assert!(!complete(&[&["d"], &[]]));
        let cover = Cover::new(&graph, borders(&graph, &[&["d"], &["e"], &["d"]]));
        assert_eq!([0, 1, 2, 3].map(|at| cover.is_complete_for(at)), [true, false, true, false]);
    }

    #[test]
    fn a_border_further_back_is_missing() {
        let graph = half();
        assert!(borders(&graph, &[&["d"], &["a"]]).lack_one());
        assert!(!borders(&graph, &[&["d"], &["b"]]).lack_one());
    }

    #[test]
    fn what_changed_is_covered_anew() {
        let mut graph = half();
        let cover = Cover::new(&graph, borders(&graph, &[&["d"], &["e"]]));
        let b = graph.find("b").unwrap();
        assert_eq!([0, 1].map(|at| cover.is_behind(b, at)), [true, false]);
        // The same borders, of other packages.
        let cover = cover.renewed(&graph, borders(&graph, &[&["d"], &["e"], &["d"]]));
        assert_eq!([0, 1, 2].map(|at| cover.is_behind(b, at)), [true, false, true]);
        let cover = cover.renewed(&graph, borders(&graph, &[&["e"], &["d"]]));
        assert_eq!([0, 1].map(|at| cover.is_behind(b, at)), [false, true]);
        // Another commit.
        graph.add("b", &["a".to_owned()]);
        let a = graph.find("a").unwrap();
        let cover = cover.renewed(&graph, borders(&graph, &[&["e"], &["d"]]));
        assert_eq!([0, 1].map(|at| cover.is_behind(a, at)), [false, true]);
        assert!(!cover.is_behind_all(a));
    }
}
