//! The graph as a tree: each package that no other one requires, and below it what it requires.

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::output::{FAINT, GOOD, LABEL, OLD};
use crate::cli::words::Text;
use crate::model::PackageIx;
use crate::plan::{GraphRequirement, PackageGraph};

/// Writes the tree. What a package requires is written once; where it comes up again it has a `(*)`, as in `cargo tree`.
pub(in crate::cli) fn tree(graph: &PackageGraph) -> Text {
    let mut writer = Writer { graph, requires: graph.by_package(), written: BTreeSet::new(), out: Text::default() };
    // In a circle each package is required by another one: then the first of them is where its tree begins.
    for root in graph.ends().into_iter().chain(graph.packages.positions()) {
        if !writer.written.contains(&root) {
            writer.root(root);
        }
    }
    writer.out
}

struct Writer<'a> {
    graph: &'a PackageGraph,
    requires: BTreeMap<PackageIx, Vec<&'a GraphRequirement>>,
    written: BTreeSet<PackageIx>,
    out: Text,
}

/// A requirement still to be written, and what is in front of it.
struct Open<'a> {
    requirement: &'a GraphRequirement,
    before: String,
    is_last: bool,
}

impl<'a> Writer<'a> {
    fn root(&mut self, root: PackageIx) {
        self.add(&package(self.graph, root).plain("\n"));
        self.written.insert(root);
        // A stack of its own takes the place of recursion: a chain of packages may be long.
        let mut open = self.below(root, "");
        while let Some(Open { requirement, before, is_last }) = open.pop() {
            let of = requirement.of;
            let is_known = !self.written.insert(of);
            let below = self.below(of, &format!("{before}{}", if is_last { "   " } else { "│  " }));
            let again = if is_known && !below.is_empty() { " (*)" } else { "" };
            let branch = format!("{before}{}", if is_last { "└─ " } else { "├─ " });
            let kind = requirement.kind.name();
            let kind = if kind == "normal" { String::new() } else { format!(", {kind}") };
            let line = Text::default().styled(FAINT, branch).then(&package(self.graph, of));
            let line = line.styled(FAINT, format_args!("  by {}{kind}{again}", requirement.text));
            self.add(&line.plain("\n"));
            if !is_known {
                open.extend(below);
            }
        }
    }

    /// What a package requires, the first one last.
    fn below(&self, package: PackageIx, before: &str) -> Vec<Open<'a>> {
        let requires = self.requires.get(&package).map_or(&[][..], Vec::as_slice);
        let last = requires.len().saturating_sub(1);
        let open = |(at, requirement): (usize, &&'a GraphRequirement)| Open {
            requirement,
            before: before.to_owned(),
            is_last: at == last,
        };
        requires.iter().enumerate().rev().map(open).collect()
    }

    fn add(&mut self, text: &Text) {
        self.out = std::mem::take(&mut self.out).then(text);
    }
}

fn package(graph: &PackageGraph, at: PackageIx) -> Text {
    let package = &graph.packages[at];
    let out = Text::default().styled(LABEL, &package.id).plain(" ");
    let out = match &package.release {
        Some(release) if release.to != package.version => {
            let out = out.styled(OLD, &package.version).plain(" -> ").styled(GOOD, &release.to);
            out.plain(format_args!(" ({})", release.reason))
        }
        Some(release) => out.styled(GOOD, &package.version).plain(format_args!(" ({})", release.reason)),
        None => out.plain(&package.version),
    };
    match &package.group {
        Some(group) => out.styled(FAINT, format_args!(" [{group}]")),
        None => out,
    }
}
