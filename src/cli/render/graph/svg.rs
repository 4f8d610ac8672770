//! The graph as an SVG that needs nothing beside it, on light and on dark pages.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::layout::{Area, layout};
use super::{KINDS, Kind, left_out, lines};
use crate::model::{BoxIx, IndexVec};
use crate::plan::{Arrow, Picture, PictureBox};
use crate::text::visible_line;

/// The space around all.
const MARGIN: f64 = 16.0;
/// The space at both sides of a text in its box.
const PADDING: f64 = 12.0;
/// The height of a line of text.
const LINE: f64 = 17.0;
/// The width of a character, about.
const CHARACTER: f64 = 8.2;
/// The longest text of a box, in characters.
const LONGEST: usize = 44;

const STYLE: &str = "text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2937}\
.t{font-weight:600;font-size:13px}.b{fill:#f9fafb;stroke:#9ca3af}.w{fill:none;stroke:#9ca3af;stroke-width:1.3}\
.dev{stroke-dasharray:5 4}.hot{stroke:#c2410c;stroke-width:2.4}\
@media(prefers-color-scheme:dark){.page{fill:#111827}.n{fill:#e5e7eb}.b{fill:#1f2937;stroke:#6b7280}.on text{fill:#111827}}";

/// Writes the picture.
pub(in crate::cli) fn svg(picture: &Picture) -> String {
    let texts: IndexVec<BoxIx, Vec<String>> = picture.boxes.iter().map(lines).collect();
    let size = |lines: &Vec<String>| {
        let width = lines.iter().map(|line| shortened(line).width()).max().unwrap_or(0);
        (width as f64 * CHARACTER + 2.0 * PADDING, lines.len() as f64 * LINE + 10.0)
    };
    let layout = layout(&texts.iter().map(size).collect(), &picture.arrows);
    let legend = legend(picture, layout.size.1 + 2.0 * MARGIN);
    let (width, height) = (layout.size.0.max(560.0) + 2.0 * MARGIN, layout.size.1 + 2.0 * MARGIN + legend.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">\n<style>{STYLE}{}</style>\n\
         <defs>{}{}</defs>\n<rect class=\"page\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        colours(),
        head("head", "#9ca3af"),
        head("hot", "#c2410c"),
    );
    // What is part of the cascade is drawn above the rest.
    for hot in [false, true] {
        for (arrow, way) in picture.arrows.iter().zip(&layout.ways).filter(|(arrow, _)| arrow.is_cascade == hot) {
            out.push_str(&drawn_arrow(picture, arrow, way));
        }
    }
    for ((at, drawn), area) in picture.boxes.entries().zip(&layout.boxes) {
        out.push_str(&drawn_box(drawn, &texts[at], *area));
    }
    out + &legend.0 + "</svg>\n"
}

fn colours() -> String {
    let rule = |(kind, _, [fill, border]): &(Kind, &str, [&str; 2])| {
        let class = kind.class();
        format!(".{class} .b,.b.{class}{{fill:{fill};stroke:{border};stroke-width:1.6}}")
    };
    KINDS.iter().map(rule).collect()
}

fn head(id: &str, colour: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\">\
         <path d=\"M0 0L8 4L0 8z\" fill=\"{colour}\"/></marker>"
    )
}

fn drawn_arrow(picture: &Picture, arrow: &Arrow, way: &[(f64, f64)]) -> String {
    let mut points = way.iter().map(|(x, y)| (x + MARGIN, y + MARGIN));
    let Some((mut x, mut y)) = points.next() else { return String::new() };
    let mut path = format!("M{x:.1} {y:.1}");
    for (to_x, to_y) in points {
        let bend = (to_x - x) / 2.0;
        let _ = write!(path, "C{:.1} {y:.1} {:.1} {to_y:.1} {to_x:.1} {to_y:.1}", x + bend, to_x - bend);
        (x, y) = (to_x, to_y);
    }
    let dev = if arrow.is_dev { " dev" } else { "" };
    let (hot, head) = if arrow.is_cascade { (" hot", "hot") } else { ("", "head") };
    let by = arrow.text.as_deref().map_or_else(String::new, |text| format!(" by {text}"));
    let (from, to) = (&picture.boxes[arrow.from].title, &picture.boxes[arrow.to].title);
    let title = escaped(&format!("{from} requires {to}{by}"));
    format!("<path class=\"w{dev}{hot}\" marker-end=\"url(#{head})\" d=\"{path}\"><title>{title}</title></path>\n")
}

fn drawn_box(drawn: &PictureBox, lines: &[String], area: Area) -> String {
    let class = Kind::of(drawn).map_or_else(String::new, |kind| format!(" class=\"on {}\"", kind.class()));
    let (left, top) = (area.left + MARGIN, area.top + MARGIN);
    let title = escaped(&drawn.title);
    let mut out = format!(
        "<g{class}><title>{title}</title><rect class=\"b\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"6\"/>",
        area.width, area.height,
    );
    let mut y = top + 4.0;
    for (at, line) in lines.iter().enumerate() {
        y += LINE;
        let class = if at == 0 { "t n" } else { "n" };
        let _ = write!(
            out,
            "<text class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
            left + PADDING,
            escaped(&shortened(line))
        );
    }
    out + "</g>\n"
}

/// What colours and lines mean, as far as they are used, and what is not drawn; with the height that it takes.
fn legend(picture: &Picture, top: f64) -> (String, f64) {
    let mut out = String::new();
    let mut x = MARGIN;
    let y = top + 4.0;
    for (kind, words, _) in KINDS {
        if picture.boxes.iter().any(|drawn| Kind::of(drawn) == Some(kind)) {
            let class = kind.class();
            let _ = write!(
                out,
                "<rect class=\"b {class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"12\" height=\"12\" rx=\"3\"/>"
            );
            let _ = writeln!(out, "<text class=\"n\" x=\"{:.1}\" y=\"{:.1}\">{words}</text>", x + 18.0, y + 10.0);
            x += 34.0 + words.len() as f64 * (CHARACTER - 1.0);
        }
    }
    let mut words = vec!["an arrow goes from a package to one that it requires".to_owned()];
    if picture.arrows.iter().any(|arrow| arrow.is_dev) {
        words.push("dashed: for development only".to_owned());
    }
    words.extend(left_out(picture.left_out));
    let below = if x > MARGIN { LINE + 6.0 } else { 0.0 };
    let _ = writeln!(out, "<text class=\"n\" x=\"{MARGIN}\" y=\"{:.1}\">{}</text>", y + below + 10.0, words.join("; "));
    (out, below + LINE + MARGIN)
}

/// The text, cut where it would make a box too wide.
fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn escaped(text: &str) -> String {
    visible_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
