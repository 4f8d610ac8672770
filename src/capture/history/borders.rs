//! Where the packages' histories begin.

use std::collections::BTreeSet;

use super::{Walk, Wanted};
use crate::history::{Border, Borders};
use crate::model::GraphIx;

impl Walk<'_> {
    /// Returns where the packages' histories begin, as far as is known.
    pub(super) fn borders(&self, wanted: &[Wanted<'_>]) -> Borders {
        Borders::new(wanted.iter().map(|wanted| self.border(wanted)))
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
