//! What holds for every requirement and version, whatever the notation.

use proptest::prelude::*;
use proptest::sample::select;

use super::comparator::{Comparator, Requirement};
use super::op::Op;
use super::table::version;
use super::{RequirementError, admits, bump_lower_bound, widen_to_admit};
use crate::manifest::RequirementSyntax;

fn number() -> impl Strategy<Value = String> {
    prop_oneof![9 => (0u64..4).prop_map(|n| n.to_string()), 1 => select(vec!["*", "x", "18446744073709551615"]).prop_map(str::to_owned)]
}

fn suffix() -> impl Strategy<Value = String> {
    let known =
        vec!["", "", "", "", "-alpha.1", "-rc.2", "-0", "-next.14", "-rc9", "+b.1", "a1", "rc2", ".dev0", ".post1"];
    select(known).prop_map(str::to_owned)
}

fn written() -> impl Strategy<Value = String> {
    (prop::collection::vec(number(), 1..5), suffix(), prop::bool::weighted(0.1))
        .prop_map(|(numbers, suffix, v)| format!("{}{}{suffix}", if v { "v" } else { "" }, numbers.join(".")))
}

/// A requirement, mostly one that some notation reads.
fn requirement() -> impl Strategy<Value = String> {
    let joint = select(vec![",", ", ", " ", " || ", "||", " - "]);
    let more = prop::collection::vec((joint, comparator()), 0..3);
    (comparator(), more)
        .prop_map(|(first, more)| more.into_iter().fold(first, |all, (joint, next)| format!("{all}{joint}{next}")))
}

fn comparator() -> impl Strategy<Value = String> {
    let op = select(vec!["", "", "=", "==", "===", "!=", "<", "<=", ">", ">=", "^", "^", "~", "~=", "~>"]);
    (op, select(vec!["", "", " "]), written()).prop_map(|(op, blank, version)| format!("{op}{blank}{version}"))
}

fn any_version() -> impl Strategy<Value = String> {
    let part = || 0u64..4;
    let suffix =
        select(vec!["", "", "", "-alpha.1", "-alpha.2", "-rc.2", "-next.15", "-rc9", "+b.1", "a1", ".dev0", ".post1"]);
    (part(), part(), part(), suffix).prop_map(|(a, b, c, suffix)| format!("{a}.{b}.{c}{suffix}"))
}

/// The text without its versions and without what stands for a range: what a rewriting has to keep.
fn skeleton(notation: RequirementSyntax, text: &str) -> String {
    let read = Requirement::scan(notation.facts().grammar, text).unwrap();
    let mut out = String::new();
    let mut at = 0;
    for comparator in read.alternatives.iter().flat_map(|a| &a.comparators) {
        out.push_str(text.get(at..comparator.version.span.start).unwrap());
        out.push_str(&comparator.version.prefix);
        at = comparator.version.span.end;
    }
    out.push_str(text.get(at..).unwrap());
    out
}

/// Where more may change: `>` becomes `>=`, `===` loses a `v`, and a partial version without operator the range that it stood for.
fn keeps_its_operators(notation: RequirementSyntax, text: &str) -> bool {
    let read = Requirement::scan(notation.facts().grammar, text).unwrap();
    let bare =
        |c: &Comparator| c.op_span.start == c.op_span.end && (c.version.is_wild() || c.version.numbers.len() < 3);
    let comparators = || read.alternatives.iter().flat_map(|a| &a.comparators);
    !read.alternatives.iter().any(|a| a.comparators.is_empty())
        && !comparators().any(|c| matches!(c.op, Op::Greater | Op::Arbitrary) || bare(c))
}

type Rewrite = fn(RequirementSyntax, &str, &crate::model::Version) -> Result<String, RequirementError>;

fn check(notation: RequirementSyntax, text: &str, new: &str) -> Result<(), TestCaseError> {
    let new = version(new);
    let before = admits(notation, text, &new);
    let rewrites: [Rewrite; 2] = [|n, text, v| widen_to_admit(n, text, v), |n, text, v| bump_lower_bound(n, text, v)];
    for (index, rewrite) in rewrites.into_iter().enumerate() {
        let result = rewrite(notation, text, &new);
        match (&before, &result) {
            (Err(error), _) => prop_assert_eq!(result.as_ref().err(), Some(error)),
            (Ok(true), _) if index == 0 => prop_assert_eq!(result.as_deref(), Ok(text)),
            (Ok(true), Err(error)) => return Err(TestCaseError::fail(format!("admitted, and yet {error}"))),
            (_, Err(RequirementError::Fixed { .. })) => {}
            (_, Err(error)) => return Err(TestCaseError::fail(error.to_string())),
            (_, Ok(_)) => {}
        }
        let Ok(result) = result else { continue };
        prop_assert_eq!(admits(notation, &result, &new), Ok(true), "{} became {}", text, result);
        let wide = widen_to_admit(notation, &result, &new);
        prop_assert_eq!(wide.as_deref(), Ok(result.as_str()));
        let again = rewrite(notation, &result, &new);
        prop_assert_eq!(again.as_deref(), Ok(result.as_str()), "{} is not idempotent", text);
        if notation != RequirementSyntax::Exact && keeps_its_operators(notation, text) {
            let (old, kept) = (skeleton(notation, text), skeleton(notation, &result));
            prop_assert!(kept == old || kept.starts_with(&old) && text.contains('|'), "{} became {}", text, result);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rewritten_requirement_admits_the_version(
        notation in select(RequirementSyntax::ALL), text in requirement(), new in any_version()
    ) {
        check(notation, &text, &new)?;
    }

    #[test]
    fn a_simple_requirement_is_always_widened(
        notation in select(RequirementSyntax::ALL),
        op in select(vec!["", "=", "==", "<", "<=", ">", ">=", "^", "~", "~="]),
        numbers in prop::collection::vec(0u64..4, 1..4),
        new in (0u64..4, 0u64..4, 0u64..4, select(vec!["", "-alpha.1", "-rc.2"])),
    ) {
        let text = format!("{op}{}", numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."));
        let new = version(&format!("{}.{}.{}{}", new.0, new.1, new.2, new.3));
        if admits(notation, &text, &new).is_ok() {
            prop_assert!(widen_to_admit(notation, &text, &new).is_ok(), "{text}");
            prop_assert!(bump_lower_bound(notation, &text, &new).is_ok(), "{text}");
        }
    }

    #[test]
    fn no_text_makes_it_panic(notation in select(RequirementSyntax::ALL), text in "[-<>=~^!|, .*xv0-9a+é]{0,24}", new in any_version()) {
        check(notation, &text, &new)?;
    }
}
