//! [`Op`].

/// What an operator asks of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// None is written: `1.2.3`.
    Bare,
    /// `=` and `==`.
    Equal,
    /// `===`.
    Arbitrary,
    /// `!=` and `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`, `=<`, and the right end of `1.0 - 2.0`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`, `=>`, and the left end of `1.0 - 2.0`.
    GreaterEqual,
    /// `^`.
    Caret,
    /// `~` and `~>`.
    Tilde,
    /// `~=`.
    Compatible,
}
