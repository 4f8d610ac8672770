//! Where boxes and arrows of a picture are: layers from left to right, as few crossings as a few sweeps leave, and straight ways.
//!
//! The steps are those of Sugiyama, Tagawa and Toda (1981): layers, order within them, places.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{BoxIx, IndexVec, Position};
use crate::plan::Arrow;

/// The space between two layers, in pixels.
const BETWEEN_LAYERS: f64 = 64.0;
/// The space between two boxes of a layer.
const BETWEEN_BOXES: f64 = 18.0;
/// The height that the way of an arrow through a layer takes.
const WAY: f64 = 10.0;
/// How often the layers are gone through, there and back.
const SWEEPS: usize = 12;
/// The least width of a row of boxes without arrows.
const ROW: f64 = 760.0;

/// Where everything is, in pixels from the upper left corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// The boxes.
    pub(super) boxes: IndexVec<BoxIx, Area>,
    /// The points that each arrow passes, from what requires to what is required.
    pub(super) ways: Vec<Vec<(f64, f64)>>,
    /// The size of the whole.
    pub(super) size: (f64, f64),
}

/// Where a box is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A box, or a place where an arrow passes a layer.
#[derive(Clone, Debug)]
struct Node {
    layer: usize,
    width: f64,
    height: f64,
    /// Its middle.
    y: f64,
    /// The nodes of the layer before and of the layer after that it is joined to.
    joined: [Vec<BoxIx>; 2],
}

/// Places boxes of these sizes.
pub(super) fn layout(sizes: &IndexVec<BoxIx, (f64, f64)>, arrows: &[Arrow]) -> Layout {
    let linked: BTreeSet<BoxIx> = arrows.iter().flat_map(|arrow| [arrow.from, arrow.to]).collect();
    let layers = layers(sizes.len(), arrows);
    let node = |(at, (width, height)): (BoxIx, &(f64, f64))| Node {
        layer: layers[at],
        width: *width,
        height: *height,
        y: 0.0,
        joined: [Vec::new(), Vec::new()],
    };
    let mut nodes: IndexVec<BoxIx, Node> = sizes.entries().map(node).collect();
    let chains: Vec<Vec<BoxIx>> = arrows.iter().map(|arrow| chain(&mut nodes, arrow)).collect();
    let mut rows: BTreeMap<usize, Vec<BoxIx>> = BTreeMap::new();
    for (at, node) in nodes.entries() {
        if at.get() >= sizes.len() || linked.contains(&at) {
            rows.entry(node.layer).or_default().push(at);
        }
    }
    let mut rows: Vec<Vec<BoxIx>> = rows.into_values().collect();
    order(&mut rows, &nodes);
    place(&rows, &mut nodes);
    let lefts = lefts(&rows, &nodes);
    let mut layout = finish(sizes, &nodes, &chains, &lefts, &linked);
    // An arrow that closes a circle goes back, from the right to the left.
    for ((arrow, chain), way) in arrows.iter().zip(&chains).zip(&mut layout.ways) {
        if chain.first() != Some(&arrow.from) {
            way.reverse();
        }
    }
    layout
}

/// The layer of each box: that after the last one of those that require it. Where boxes require each other in a circle, one of the arrows
/// goes back.
fn layers(count: usize, arrows: &[Arrow]) -> IndexVec<BoxIx, usize> {
    let order = requiring_first(count, arrows);
    let mut place: IndexVec<BoxIx, usize> = vec![0; count].into();
    order.iter().enumerate().for_each(|(at, one)| place[*one] = at);
    let mut forward: BTreeMap<BoxIx, Vec<BoxIx>> = BTreeMap::new();
    let mut required = BTreeSet::new();
    for arrow in arrows.iter().filter(|arrow| place[arrow.from] < place[arrow.to]) {
        forward.entry(arrow.from).or_default().push(arrow.to);
        required.insert(arrow.to);
    }
    let mut layers: IndexVec<BoxIx, usize> = vec![0; count].into();
    for from in &order {
        for to in forward.get(from).into_iter().flatten() {
            layers[*to] = layers[*to].max(layers[*from] + 1);
        }
    }
    // What is required by none needs no long arrow: it goes next to what it requires.
    for from in order.iter().filter(|from| !required.contains(from)) {
        let next = forward.get(from).into_iter().flatten().map(|to| layers[*to]).min();
        layers[*from] = next.map_or(0, |next| next.saturating_sub(1));
    }
    layers
}

/// The boxes so that each comes before those that it requires, circles aside.
fn requiring_first(count: usize, arrows: &[Arrow]) -> Vec<BoxIx> {
    let mut required: BTreeMap<BoxIx, Vec<BoxIx>> = BTreeMap::new();
    for arrow in arrows {
        required.entry(arrow.from).or_default().push(arrow.to);
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::with_capacity(count));
    for start in (0..count).map(BoxIx::new) {
        let mut open = vec![(start, false)];
        while let Some((at, is_complete)) = open.pop() {
            if is_complete {
                order.push(at);
            } else if seen.insert(at) {
                open.push((at, true));
                open.extend(required.get(&at).into_iter().flatten().map(|next| (*next, false)));
            }
        }
    }
    order.reverse();
    order
}

/// The nodes that an arrow passes from its left end to its right end; in layers between them it gets nodes of its own.
fn chain(nodes: &mut IndexVec<BoxIx, Node>, arrow: &Arrow) -> Vec<BoxIx> {
    let is_forward = nodes[arrow.from].layer < nodes[arrow.to].layer;
    let (left, right) = if is_forward { (arrow.from, arrow.to) } else { (arrow.to, arrow.from) };
    let mut chain = vec![left];
    for layer in nodes[left].layer + 1..nodes[right].layer {
        chain.push(BoxIx::new(nodes.len()));
        nodes.push(Node { layer, width: 0.0, height: WAY, y: 0.0, joined: [Vec::new(), Vec::new()] });
    }
    chain.push(right);
    for (a, b) in chain.iter().zip(chain.iter().skip(1)) {
        let [_, after] = &mut nodes[*a].joined;
        after.push(*b);
        let [before, _] = &mut nodes[*b].joined;
        before.push(*a);
    }
    chain
}

/// Sorts each layer by the middle of what its nodes are joined to, there and back.
fn order(rows: &mut [Vec<BoxIx>], nodes: &IndexVec<BoxIx, Node>) {
    let mut places: IndexVec<BoxIx, f64> = vec![0.0; nodes.len()].into();
    rows.iter().for_each(|row| number(row, &mut places));
    for sweep in 0..SWEEPS {
        let (side, count) = (sweep % 2, rows.len());
        for at in 0..count {
            let Some(row) = rows.get_mut(if side == 0 { at } else { count - 1 - at }) else { continue };
            let wish = |node: &BoxIx| mean(joined(nodes, *node, side).iter().map(|other| places[*other]));
            let mut wishes: Vec<(f64, BoxIx)> =
                row.iter().map(|node| (wish(node).unwrap_or(places[*node]), *node)).collect();
            wishes.sort_by(|a, b| a.0.total_cmp(&b.0));
            *row = wishes.into_iter().map(|(_, node)| node).collect();
            number(row, &mut places);
        }
    }
}

/// Places of a layer as parts of the whole, so that layers of different lengths can be compared.
fn number(row: &[BoxIx], places: &mut IndexVec<BoxIx, f64>) {
    let mut at = 0.5;
    for node in row {
        places[*node] = at / row.len().max(1) as f64;
        at += 1.0;
    }
}

fn joined(nodes: &IndexVec<BoxIx, Node>, node: BoxIx, side: usize) -> &[BoxIx] {
    nodes[node].joined.get(side).map_or(&[], Vec::as_slice)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// Brings each node as near to the middle of what it is joined to as its neighbours in the layer allow.
fn place(rows: &[Vec<BoxIx>], nodes: &mut IndexVec<BoxIx, Node>) {
    for row in rows {
        spread(row, nodes, &vec![0.0; row.len()]);
    }
    for sweep in 0..SWEEPS {
        let side = sweep % 2;
        let there: Vec<&Vec<BoxIx>> = if side == 0 { rows.iter().collect() } else { rows.iter().rev().collect() };
        for row in there {
            let near = |node: &BoxIx| mean(joined(nodes, *node, side).iter().map(|other| nodes[*other].y));
            let wishes: Vec<f64> = row.iter().map(|node| near(node).unwrap_or(nodes[*node].y)).collect();
            spread(row, nodes, &wishes);
        }
    }
}

/// Gives the nodes of a layer the places next to what they wish, by the least squares, in their order and without overlap: neighbours
/// that would overlap move as one.
fn spread(row: &[BoxIx], nodes: &mut IndexVec<BoxIx, Node>, wishes: &[f64]) {
    let mut offsets = Vec::with_capacity(row.len());
    let (mut offset, mut before) = (0.0, None);
    for node in row {
        let height = nodes[*node].height;
        offset += before.map_or(0.0, |before: f64| (before + height) / 2.0 + BETWEEN_BOXES);
        offsets.push(offset);
        before = Some(height);
    }
    let mut blocks: Vec<(f64, f64)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        let mut block = (wish - offset, 1.0);
        while let Some(last) = blocks.pop_if(|last| last.0 / last.1 > block.0 / block.1) {
            block = (block.0 + last.0, block.1 + last.1);
        }
        blocks.push(block);
    }
    let starts = blocks.iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count, *count as usize));
    for ((node, offset), start) in row.iter().zip(offsets).zip(starts) {
        nodes[*node].y = start + offset;
    }
}

/// The left side of each layer.
fn lefts(rows: &[Vec<BoxIx>], nodes: &IndexVec<BoxIx, Node>) -> BTreeMap<usize, f64> {
    let mut left = 0.0;
    let mut lefts = BTreeMap::new();
    for row in rows {
        let Some(layer) = row.first().map(|first| nodes[*first].layer) else { continue };
        lefts.insert(layer, left);
        left += row.iter().map(|node| nodes[*node].width).fold(0.0, f64::max) + BETWEEN_LAYERS;
    }
    lefts
}

/// Moves all to the upper left corner, and puts the boxes without arrows below, in rows.
fn finish(
    sizes: &IndexVec<BoxIx, (f64, f64)>,
    nodes: &IndexVec<BoxIx, Node>,
    chains: &[Vec<BoxIx>],
    lefts: &BTreeMap<usize, f64>,
    linked: &BTreeSet<BoxIx>,
) -> Layout {
    let is_drawn = |at: BoxIx| at.get() >= sizes.len() || linked.contains(&at);
    let drawn = || nodes.entries().filter(|(at, _)| is_drawn(*at)).map(|(_, node)| node);
    let top = drawn().map(|node| node.y - node.height / 2.0).reduce(f64::min).unwrap_or(0.0);
    let left = |node: &Node| lefts.get(&node.layer).copied().unwrap_or(0.0);
    let area = |node: &Node| Area {
        left: left(node),
        top: node.y - node.height / 2.0 - top,
        width: node.width,
        height: node.height,
    };
    let mut boxes: IndexVec<BoxIx, Area> = sizes.positions().map(|at| area(&nodes[at])).collect();
    let right = drawn().map(|node| left(node) + node.width).reduce(f64::max).unwrap_or(0.0);
    let bottom = drawn().map(|node| node.y + node.height / 2.0 - top).reduce(f64::max);
    let mut size = (right, bottom.unwrap_or(0.0));
    let mut corner = (0.0, bottom.map_or(0.0, |bottom| bottom + 2.0 * BETWEEN_BOXES));
    let mut row_height: f64 = 0.0;
    for (at, (width, height)) in sizes.entries().filter(|(at, _)| !linked.contains(at)) {
        if corner.0 > 0.0 && corner.0 + width > size.0.max(ROW) {
            corner = (0.0, corner.1 + row_height + BETWEEN_BOXES);
            row_height = 0.0;
        }
        boxes[at] = Area { left: corner.0, top: corner.1, width: *width, height: *height };
        size = (size.0.max(corner.0 + width), size.1.max(corner.1 + height));
        corner.0 += width + BETWEEN_BOXES;
        row_height = row_height.max(*height);
    }
    let ways = chains.iter().map(|chain| way(chain, nodes, &area)).collect();
    Layout { boxes, ways, size }
}

/// The points of a chain: the right side of the first box, the middle of the layers between, the left side of the last box.
fn way(chain: &[BoxIx], nodes: &IndexVec<BoxIx, Node>, area: &impl Fn(&Node) -> Area) -> Vec<(f64, f64)> {
    let last = chain.len().saturating_sub(1);
    let point = |(at, node): (usize, &BoxIx)| {
        let area = area(&nodes[*node]);
        let x = if at == last { area.left } else { area.left + area.width };
        (x, area.top + area.height / 2.0)
    };
    chain.iter().enumerate().map(point).collect()
}
