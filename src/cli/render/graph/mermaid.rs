//! The graph in the language of mermaid, which forges draw in their pages.

use std::fmt::Write as _;

use super::{KINDS, Kind, left_out, lines};
use crate::model::Position;
use crate::plan::Picture;

/// Writes a flowchart from left to right, without the fence around it.
pub(in crate::cli) fn mermaid(picture: &Picture) -> String {
    let mut out = String::from("flowchart LR\n");
    for (at, drawn) in picture.boxes.entries() {
        let class = Kind::of(drawn).map_or_else(String::new, |kind| format!(":::{}", kind.class()));
        let text: Vec<String> = lines(drawn).iter().map(|line| quoted(line)).collect();
        let _ = writeln!(out, "  p{}[\"{}\"]{class}", at.get(), text.join("<br>"));
    }
    for (at, arrow) in picture.arrows.iter().enumerate() {
        let line = if arrow.is_dev { "-.->" } else { "-->" };
        let text = arrow.text.as_deref().map_or_else(String::new, |text| format!("|\"{}\"|", quoted(text)));
        let _ = writeln!(out, "  p{} {line}{text} p{}", arrow.from.get(), arrow.to.get());
        if arrow.is_cascade {
            let [_, border] = colours(Kind::Cascade);
            let _ = writeln!(out, "  linkStyle {at} stroke:{border},stroke-width:2px");
        }
    }
    for (kind, _, [fill, border]) in KINDS {
        if picture.boxes.iter().any(|drawn| Kind::of(drawn) == Some(kind)) {
            let _ = writeln!(out, "  classDef {} fill:{fill},stroke:{border},color:#111", kind.class());
        }
    }
    if let Some(words) = left_out(picture.left_out) {
        let _ = writeln!(out, "  %% {words}");
    }
    out
}

fn colours(wanted: Kind) -> [&'static str; 2] {
    KINDS.iter().find(|(kind, ..)| *kind == wanted).map_or(["none", "currentColor"], |(.., colours)| *colours)
}

/// Characters that would end a text, or start an entity or a tag, as entities. Mermaid writes them with `#` in place of `&#`.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '#' | '<' | '>' | '&' | '|' | '`' | '\\') || c.is_control() {
            let _ = write!(out, "#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}
