//! [`Grammar`]: in what the notations differ before any version is looked at.

use super::op::Op;

/// How requirements of a notation are written. Each notation's file has its own.
#[derive(Debug)]
pub(super) struct Grammar {
    /// What a requirement of the notation is called in a message.
    pub(super) name: &'static str,
    /// The operators; the empty one, where a version may stand alone.
    pub(super) operators: &'static [(&'static str, Op)],
    /// The characters that stand for any number.
    pub(super) wild: &'static [char],
    /// The words that admit everything, the empty one among them.
    pub(super) anything: &'static [&'static str],
    /// Whether a comma joins comparators.
    pub(super) comma: bool,
    /// Whether blanks join comparators.
    pub(super) blank: bool,
    /// Whether comparators may follow each other without anything between them.
    pub(super) touching: bool,
    /// What parts alternatives, the longest first.
    pub(super) or: &'static [&'static str],
    /// Whether `1.0 - 2.0` is a range.
    pub(super) hyphen: bool,
    /// Whether Python's tools read it: a version may have an epoch, and a comma may be last.
    pub(super) python: bool,
}

pub(super) const LESS: (&str, Op) = ("<", Op::Less);
pub(super) const LESS_EQUAL: (&str, Op) = ("<=", Op::LessEqual);
pub(super) const GREATER: (&str, Op) = (">", Op::Greater);
pub(super) const GREATER_EQUAL: (&str, Op) = (">=", Op::GreaterEqual);

impl Grammar {
    /// One version without an operator.
    pub(super) const VERSION: Self = Self {
        name: "SemVer version",
        operators: &[("", Op::Bare)],
        wild: &[],
        anything: &[],
        comma: false,
        blank: false,
        touching: false,
        or: &[],
        hyphen: false,
        python: false,
    };
    /// The characters that stand for any number in most notations.
    pub(super) const ANY_X: &[char] = &['*', 'x', 'X'];
}
