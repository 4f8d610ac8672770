//! The texts that a tag template accepts, as a regular language: whether two of them have a text in common.
//!
//! The expressions say what [`TagTemplate::matches`](crate::model::TagTemplate::matches) does; a property test holds the two
//! together. Each is compiled to a nondeterministic automaton, and a walk over pairs of their states looks for one in which both
//! have come to their end on the same bytes.

use regex_automata::nfa::thompson::{Compiler, Config, NFA, State};
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;

use crate::model::scheme::VersionScheme;

/// A number without leading zeros.
pub(super) const NUMBER: &str = "(?:0|[1-9][0-9]*)";

/// SemVer 2.0.0, section 2 to 10, whose patch number may be missing, and after a lone number everything.
const SEMVER: &str = concat!(
    r"(?:0|[1-9][0-9]*)(?:(?:\.(?:0|[1-9][0-9]*)){1,2}",
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?",
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?",
);

/// PEP 440, appendix B, without a leading `v` and white space.
const PEP440: &str = concat!(
    r"(?i:(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*",
    r"(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?[0-9]*)?",
    r"(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?",
    r"(?:[-_.]?dev[-_.]?[0-9]*)?",
    r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?)",
);

/// Returns the expression of the versions of a scheme, as tags spell them.
pub(super) fn version(scheme: VersionScheme) -> &'static str {
    match scheme {
        VersionScheme::Semver => SEMVER,
        VersionScheme::Pep440 => PEP440,
    }
}

/// Returns the expression of this text alone.
pub(super) fn literal(text: &str) -> String {
    text.bytes().map(|byte| format!(r"\x{byte:02x}")).collect()
}

/// Returns `true` if some text matches both expressions. An expression that does not compile, or is too large, counts as matching
/// everything.
pub(super) fn meet(a: &str, b: &str) -> bool {
    match (compile(a), compile(b)) {
        (Some(a), Some(b)) => walk(&a, &b),
        _ => true,
    }
}

fn compile(pattern: &str) -> Option<NFA> {
    Compiler::new()
        .configure(Config::new().utf8(false))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build(pattern)
        .ok()
}

/// Visits every pair of states that both automata can reach by the same bytes.
fn walk(a: &NFA, b: &NFA) -> bool {
    let width = b.states().len();
    let mut seen = vec![false; a.states().len() * width];
    let mut open = vec![(a.start_anchored(), b.start_anchored())];
    while let Some((at_a, at_b)) = open.pop() {
        match seen.get_mut(at_a.as_usize() * width + at_b.as_usize()) {
            Some(mark) if !*mark => *mark = true,
            _ => continue,
        }
        let (moves_a, moves_b) = (Moves::of(a.state(at_a)), Moves::of(b.state(at_b)));
        match (moves_a, moves_b) {
            (Moves::End, Moves::End) => return true,
            (Moves::Free(next), _) => open.extend(next.into_iter().map(|a| (a, at_b))),
            (_, Moves::Free(next)) => open.extend(next.into_iter().map(|b| (at_a, b))),
            (Moves::Bytes(from_a), Moves::Bytes(from_b)) => open.extend(shared(&from_a, &from_b)),
            _ => {}
        }
    }
    false
}

/// The moves of an automaton in a state.
enum Moves {
    /// The text may end here.
    End,
    /// Move without a byte.
    Free(Vec<StateID>),
    /// Move by a byte of a range, both ends included.
    Bytes(Vec<(u8, u8, StateID)>),
}

impl Moves {
    fn of(state: &State) -> Self {
        match state {
            State::ByteRange { trans } => Self::Bytes(vec![(trans.start, trans.end, trans.next)]),
            State::Sparse(sparse) => Self::Bytes(sparse.transitions.iter().map(|t| (t.start, t.end, t.next)).collect()),
            State::Dense(dense) => {
                Self::Bytes((0..=u8::MAX).zip(dense.transitions.iter()).map(|(b, next)| (b, b, *next)).collect())
            }
            State::Union { alternates } => Self::Free(alternates.to_vec()),
            State::BinaryUnion { alt1, alt2 } => Self::Free(vec![*alt1, *alt2]),
            State::Look { next, .. } | State::Capture { next, .. } => Self::Free(vec![*next]),
            State::Fail => Self::Bytes(Vec::new()),
            State::Match { .. } => Self::End,
        }
    }
}

/// Returns the pairs of states to which a byte leads that lies in a range of each.
fn shared(a: &[(u8, u8, StateID)], b: &[(u8, u8, StateID)]) -> Vec<(StateID, StateID)> {
    let mut pairs = Vec::new();
    for (start, end, to_a) in a {
        let overlapping = b.iter().filter(|(other_start, other_end, _)| start <= other_end && other_start <= end);
        pairs.extend(overlapping.map(|(_, _, to_b)| (*to_a, *to_b)));
    }
    pairs
}
