//! The graph in the language of Graphviz.

use std::fmt::Write as _;

use super::{KINDS, Kind, left_out, lines};
use crate::model::Position;
use crate::plan::Picture;
use crate::text::visible_line;

/// Writes a directed graph from left to right.
pub(in crate::cli) fn dot(picture: &Picture) -> String {
    let mut out = String::from(
        "digraph packages {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fillcolor=white];\n",
    );
    for (at, drawn) in picture.boxes.entries() {
        let colours = KINDS.iter().find(|(kind, ..)| Kind::of(drawn) == Some(*kind));
        let colours = colours
            .map_or_else(String::new, |(_, _, [fill, border])| format!(", fillcolor=\"{fill}\", color=\"{border}\""));
        let text: Vec<String> = lines(drawn).iter().map(|line| quoted(line)).collect();
        let _ = writeln!(out, "  p{} [label=\"{}\"{colours}];", at.get(), text.join("\\n"));
    }
    for arrow in &picture.arrows {
        let text = arrow.text.as_deref().map(|text| format!("label=\"{}\"", quoted(text)));
        let dev = arrow.is_dev.then(|| "style=dashed".to_owned());
        let cascade = arrow.is_cascade.then(|| "color=\"#c2410c\", penwidth=2".to_owned());
        let looks: Vec<String> = [text, dev, cascade].into_iter().flatten().collect();
        let _ = writeln!(out, "  p{} -> p{} [{}];", arrow.from.get(), arrow.to.get(), looks.join(", "));
    }
    if let Some(words) = left_out(picture.left_out) {
        let _ = writeln!(out, "  label=\"{words}\";");
    }
    out + "}\n"
}

fn quoted(text: &str) -> String {
    visible_line(text).replace('\\', "\\\\").replace('"', "\\\"")
}
