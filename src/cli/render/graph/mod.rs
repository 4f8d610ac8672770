//! `relman graph`: packages and their requirements as a tree, in the languages of mermaid and Graphviz, and as an SVG.

mod dot;
mod layout;
mod mermaid;
mod svg;
mod tree;

pub(in crate::cli) use dot::dot;
pub(in crate::cli) use mermaid::mermaid;
pub(in crate::cli) use svg::svg;
pub(in crate::cli) use tree::tree;

use crate::plan::{BumpReason, PictureBox};

/// How a release comes to a package, in the colours of all pictures: fill, border.
const KINDS: [(Kind, &str, [&str; 2]); 4] = [
    (Kind::Asked, "requested", ["#dbeafe", "#1d4ed8"]),
    (Kind::Group, "of a group", ["#ede9fe", "#6d28d9"]),
    (Kind::Cascade, "requires what is released", ["#ffedd5", "#c2410c"]),
    (Kind::Changed, "has changes", ["#dcfce7", "#15803d"]),
];

/// How a release comes to a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Asked,
    Group,
    Cascade,
    Changed,
}

impl Kind {
    fn of(drawn: &PictureBox) -> Option<Self> {
        drawn.reason.as_ref().map(|reason| match reason {
            BumpReason::Requested => Self::Asked,
            BumpReason::FixedGroup(_) | BumpReason::LinkedGroup(_) => Self::Group,
            BumpReason::Dependent(_) => Self::Cascade,
            BumpReason::Changes | BumpReason::FirstRelease => Self::Changed,
        })
    }

    /// The name in style sheets.
    fn class(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Group => "group",
            Self::Cascade => "cascade",
            Self::Changed => "changed",
        }
    }
}

/// The lines of a box: title, version, and why it is released or which group it is of.
fn lines(drawn: &PictureBox) -> Vec<String> {
    let last = match (&drawn.reason, &drawn.group) {
        (Some(reason), _) => Some(reason.to_string()),
        (None, Some(group)) => Some(format!("group {group}")),
        (None, None) => None,
    };
    [Some(drawn.title.clone()), Some(drawn.version.clone()), last]
        .into_iter()
        .flatten()
        .filter(|line| !line.is_empty())
        .collect()
}

/// A sentence about what is not drawn.
fn left_out(count: usize) -> Option<String> {
    (count > 0).then(|| format!("not drawn: {} without requirements from or on these", super::plural(count, "package")))
}
