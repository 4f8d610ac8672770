//! [`Grammar`]: in what the notations differ before any version is looked at.

use super::op::Op;
use crate::manifest::Notation;

/// What of the grammar differs from notation to notation.
pub(super) struct Grammar {
    /// The operators; the empty one, where a version may stand alone.
    pub(super) operators: &'static [(&'static str, Op)],
    /// The characters that stand for any number.
    pub(super) wild: &'static [char],
    /// Whether a comma joins comparators.
    pub(super) comma: bool,
    /// Whether blanks join comparators.
    pub(super) blank: bool,
    /// What parts alternatives, the longest first.
    pub(super) or: &'static [&'static str],
    /// Whether `1.0 - 2.0` is a range.
    pub(super) hyphen: bool,
    /// Whether nothing at all admits everything.
    pub(super) empty: bool,
    /// Whether Python's tools read it: a version may have an epoch, and a comma may stand at the end.
    pub(super) python: bool,
}

const LESS: [(&str, Op); 4] = [("<", Op::Less), ("<=", Op::LessEqual), (">", Op::Greater), (">=", Op::GreaterEqual)];
const CARGO: &[(&str, Op)] =
    &[("", Op::Bare), ("=", Op::Equal), ("^", Op::Caret), ("~", Op::Tilde), LESS[0], LESS[1], LESS[2], LESS[3]];
const NPM: &[(&str, Op)] = &[
    ("", Op::Bare),
    ("=", Op::Equal),
    ("^", Op::Caret),
    ("~", Op::Tilde),
    ("~>", Op::Tilde),
    LESS[0],
    LESS[1],
    LESS[2],
    LESS[3],
];
const CHART: &[(&str, Op)] = &[
    ("", Op::Bare),
    ("=", Op::Equal),
    ("!=", Op::NotEqual),
    ("^", Op::Caret),
    ("~", Op::Tilde),
    ("~>", Op::Tilde),
    ("=>", Op::GreaterEqual),
    ("=<", Op::LessEqual),
    LESS[0],
    LESS[1],
    LESS[2],
    LESS[3],
];
const PEP440: &[(&str, Op)] = &[
    ("==", Op::Equal),
    ("===", Op::Arbitrary),
    ("!=", Op::NotEqual),
    ("~=", Op::Compatible),
    LESS[0],
    LESS[1],
    LESS[2],
    LESS[3],
];
const POETRY: &[(&str, Op)] = &[
    ("", Op::Bare),
    ("=", Op::Equal),
    ("==", Op::Equal),
    ("!=", Op::NotEqual),
    ("<>", Op::NotEqual),
    ("~=", Op::Compatible),
    ("^", Op::Caret),
    ("~", Op::Tilde),
    LESS[0],
    LESS[1],
    LESS[2],
    LESS[3],
];
const ANY_X: &[char] = &['*', 'x', 'X'];

/// Returns the grammar of a notation.
pub(super) fn grammar(notation: Notation) -> Grammar {
    let base = Grammar {
        operators: CARGO,
        wild: ANY_X,
        comma: false,
        blank: false,
        or: &[],
        hyphen: false,
        empty: false,
        python: false,
    };
    let python = Grammar { comma: true, python: true, ..base };
    match notation {
        Notation::Cargo | Notation::Exact => Grammar { comma: true, ..base },
        Notation::Npm => Grammar { operators: NPM, blank: true, or: &["||"], hyphen: true, empty: true, ..base },
        Notation::Pep440 => Grammar { operators: PEP440, wild: &['*'], empty: true, ..python },
        Notation::Poetry => Grammar { operators: POETRY, blank: true, or: &["||", "|"], ..python },
        Notation::Chart => Grammar { operators: CHART, comma: true, blank: true, or: &["||"], hyphen: true, ..base },
    }
}
