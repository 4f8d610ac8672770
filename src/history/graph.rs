//! [`Graph`] and [`ReachSet`]: commits with their parents, and the commits before a package's last release.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{GraphIx, IndexVec, Position};

/// The commits read so far, and those that they name as parents. Commits are identified by numbers.
#[derive(Debug, Default)]
pub struct Graph {
    numbers: BTreeMap<String, GraphIx>,
    ids: IndexVec<GraphIx, String>,
    parents: IndexVec<GraphIx, Option<Vec<GraphIx>>>,
    read: Vec<GraphIx>,
}

impl Graph {
    /// Adds a commit, and returns its number. The first one is HEAD. Adding a commit again has no effect.
    pub fn add(&mut self, id: &str, parents: &[String]) -> GraphIx {
        let number = self.number(id);
        let parents: Vec<GraphIx> = parents.iter().map(|parent| self.number(parent)).collect();
        let slot = &mut self.parents[number];
        if slot.is_none() {
            *slot = Some(parents);
            self.read.push(number);
        }
        number
    }

    fn number(&mut self, id: &str) -> GraphIx {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = GraphIx::new(self.ids.len());
        self.numbers.insert(id.to_owned(), number);
        self.ids.push(id.to_owned());
        self.parents.push(None);
        number
    }

    /// Returns the number of a commit that was read or is a parent of one.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<GraphIx> {
        self.numbers.get(id).copied()
    }

    /// Returns a commit's id.
    #[must_use]
    pub fn id(&self, number: GraphIx) -> &str {
        &self.ids[number]
    }

    /// Returns the parents of a commit that was read, the first one first.
    #[must_use]
    pub fn parents(&self, number: GraphIx) -> &[GraphIx] {
        self.parents[number].as_deref().unwrap_or(&[])
    }

    /// Returns the commits that were read, in the order in which they were read.
    #[must_use]
    pub fn read(&self) -> &[GraphIx] {
        &self.read
    }

    /// Returns the commits that are known only as parents.
    pub fn unread(&self) -> impl Iterator<Item = GraphIx> {
        self.parents.entries().filter(|(_, parents)| parents.is_none()).map(|(number, _)| number)
    }

    /// Returns HEAD and its first parents, as far as they were read.
    #[must_use]
    pub fn first_parents(&self) -> Vec<GraphIx> {
        let next = |number: &GraphIx| self.parents(*number).first().copied().filter(|n| self.is_read(*n));
        // Replaced commits could form a circle.
        std::iter::successors(self.read.first().copied(), next).take(self.read.len()).collect()
    }

    /// Returns the ids of the commits that a merge brought to this parent of it, as far as they were read. The merge is one of them.
    #[must_use]
    pub fn brought(&self, merge: &str, mainline: &str) -> Vec<String> {
        let (Some(merge), Some(mainline)) = (self.find(merge), self.find(mainline)) else { return Vec::new() };
        let there = self.reached(mainline, &BTreeSet::new());
        self.reached(merge, &there).into_iter().map(|number| self.id(number).to_owned()).collect()
    }

    /// Returns this commit and everything that it reaches without passing through one of these.
    fn reached(&self, from: GraphIx, without: &BTreeSet<GraphIx>) -> BTreeSet<GraphIx> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(number) = waiting.pop() {
            if !without.contains(&number) && reached.insert(number) {
                waiting.extend(self.parents(number));
            }
        }
        reached
    }

    fn is_read(&self, number: GraphIx) -> bool {
        self.parents[number].is_some()
    }

    /// Returns every known commit, each before its parents.
    fn children_first(&self) -> Vec<GraphIx> {
        let mut waiting: IndexVec<GraphIx, usize> = vec![0; self.ids.len()].into();
        for parent in self.read.iter().flat_map(|number| self.parents(*number)) {
            waiting[*parent] += 1;
        }
        let mut order: Vec<GraphIx> = self.ids.positions().filter(|number| waiting[*number] == 0).collect();
        let mut at = 0;
        while let Some(number) = order.get(at).copied() {
            at += 1;
            for parent in self.parents(number) {
                waiting[*parent] -= 1;
                if waiting[*parent] == 0 {
                    order.push(*parent);
                }
            }
        }
        order
    }
}

/// The start of some history: these commits and everything that they reach precede it.
pub type Border = Vec<GraphIx>;

/// For each of many borders, the commits that precede it. One sweep over the graph answers for all of them.
#[derive(Debug)]
pub(super) struct ReachSet {
    words: usize,
    full: Vec<u64>,
    bits: IndexVec<GraphIx, Option<Box<[u64]>>>,
}

const WORD: usize = 64;

impl ReachSet {
    /// Sweeps the graph. No commit precedes an empty border.
    pub(super) fn new(graph: &Graph, borders: &[Border]) -> Self {
        let words = borders.len().div_ceil(WORD);
        let mut cover = Self { words, full: vec![0; words], bits: vec![None; graph.ids.len()].into() };
        for (at, border) in borders.iter().enumerate() {
            set(&mut cover.full, at);
            for commit in border {
                set(cover.bits_of(*commit), at);
            }
        }
        for number in graph.children_first() {
            let Some(own) = cover.bits[number].clone() else { continue };
            for parent in graph.parents(number) {
                cover.bits_of(*parent).iter_mut().zip(&own).for_each(|(word, more)| *word |= more);
            }
        }
        cover
    }

    fn bits_of(&mut self, number: GraphIx) -> &mut [u64] {
        let words = self.words;
        self.bits[number].get_or_insert_with(|| vec![0; words].into_boxed_slice())
    }

    /// The borders that a commit precedes; `None` if it precedes no border, or was read after the sweep.
    fn known_bits(&self, commit: GraphIx) -> Option<&[u64]> {
        self.bits.as_slice().get(commit.get()).and_then(Option::as_deref)
    }

    /// Returns `true` if the commit precedes the border with this index.
    pub(super) fn is_behind(&self, commit: GraphIx, border: usize) -> bool {
        let bits = self.known_bits(commit);
        bits.and_then(|bits| bits.get(border / WORD)).is_some_and(|word| word & (1 << (border % WORD)) != 0)
    }

    /// Returns `true` if the commit precedes every border, so that it is not needed.
    pub(super) fn is_behind_all(&self, commit: GraphIx) -> bool {
        self.words == 0 || self.known_bits(commit) == Some(&self.full[..])
    }
}

fn set(words: &mut [u64], bit: usize) {
    if let Some(word) = words.get_mut(bit / WORD) {
        *word |= 1 << (bit % WORD);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads lines such as `d: b c` as commits with their parents.
    fn graph(text: &str) -> Graph {
        let mut graph = Graph::default();
        for line in text.lines() {
            let (id, parents) = line.trim().split_once(':').unwrap();
            let parents: Vec<String> = parents.split_whitespace().map(str::to_owned).collect();
            graph.add(id, &parents);
        }
        graph
    }

    /// The commits that do not precede the border.
    fn since(graph: &Graph, border: &[&str]) -> String {
        let border = border.iter().map(|id| graph.find(id).unwrap()).collect();
        let cover = ReachSet::new(graph, &[vec![], border]);
        let mut left: Vec<&str> =
            graph.read().iter().filter(|n| !cover.is_behind(**n, 1)).map(|n| graph.id(*n)).collect();
        left.sort_unstable();
        left.concat()
    }

    #[test]
    fn what_lies_since_a_border() {
        // f is a merge of d and e, d one of b and c.
        let text = "f: d e\ne: c\nd: b c\nc: a\nb: a\na:";
        let graph = graph(text);
        let cases: &[(&[&str], &str)] = &[
            (&[], "abcdef"),
            (&["a"], "bcdef"),
            (&["b"], "cdef"),
            (&["c"], "bdef"),
            (&["d"], "ef"),
            (&["e"], "bdf"),
            (&["b", "c"], "def"),
            (&["f"], ""),
        ];
        for (border, expected) in cases {
            assert_eq!(since(&graph, border), *expected, "{border:?}");
        }
        assert_eq!(graph.first_parents().iter().map(|n| graph.id(*n)).collect::<String>(), "fdba");
    }

    #[test]
    fn what_a_merge_brought() {
        let graph = graph("f: d e\ne: c\nd: b c\nc: a\nb: a\na:");
        for (merge, mainline, expected) in [("f", "d", "ef"), ("d", "b", "cd"), ("f", "e", "bdf"), ("f", "x", "")] {
            let mut brought = graph.brought(merge, mainline);
            brought.sort();
            assert_eq!(brought.concat(), expected, "{merge} {mainline}");
        }
    }

    #[test]
    fn the_order_of_reading_does_not_matter() {
        for text in ["c: b\nb: a\na:", "c: b\na:\nb: a"] {
            assert_eq!(since(&graph(text), &["b"]), "c", "{text}");
        }
    }

    #[test]
    fn many_borders_take_several_words() {
        let chain: String = (1..200).rev().map(|n| format!("{n}: {}\n", n - 1)).collect();
        let graph = graph(&format!("{chain}0:"));
        let borders: Vec<Border> = (0..200).map(|n: usize| vec![graph.find(&n.to_string()).unwrap()]).collect();
        let cover = ReachSet::new(&graph, &borders);
        for (n, at) in [(0, 0), (0, 199), (199, 199), (100, 64), (63, 64), (64, 63)] {
            let number = graph.find(&n.to_string()).unwrap();
            assert_eq!(cover.is_behind(number, at), n <= at, "{n} behind {at}");
        }
        assert!(cover.is_behind_all(graph.find("0").unwrap()) && !cover.is_behind_all(graph.find("1").unwrap()));
    }
}
