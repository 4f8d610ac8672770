//! [`edit`]: the one mechanism by which a manifest changes.

use std::collections::BTreeMap;

use super::{Found, find};
use crate::data::{Fault, Scalar, Style};
use crate::model::Locator;
use crate::text::{EditError, Span, TextEdits};

/// Why an edit cannot be made, or was not what had been planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditFault {
    /// The edits do not fit the text.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A value is to be changed that was not found in this text.
    #[error("`{0}` was not found in this text")]
    Unknown(String),
    /// One place is to get two different values.
    #[error("one place cannot become both `{0}` and `{1}`")]
    Contradiction(String, String),
    /// The new value cannot stand between these quotes.
    #[error("`{0}` cannot be written there without changing the quotes")]
    Unwritable(String),
    /// The text behind the edit does not parse.
    #[error("the new text cannot be read: {0}")]
    Broken(Fault),
    /// The new text reads otherwise than planned.
    #[error("the new text reads `{read}` where `{planned}` was planned")]
    Differs {
        /// The value that was planned.
        planned: String,
        /// The value that the new text holds.
        read: String,
    },
    /// The new text holds the planned values, but something else in it has changed its meaning.
    #[error("the new values change what else is found in the text")]
    Meaning,
    /// The new text differs from the old one outside of the places that change.
    #[error("the new text differs outside of the places that change")]
    Elsewhere,
}

/// The edits of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The values that change, with all that follows from the planned ones, in the order of the text. No two of them overlap.
    pub changes: Vec<(Scalar, String)>,
    /// The edits that make the changes.
    pub edits: TextEdits,
}

/// Finds the places of a new text, so that they can be compared with those of the old one.
pub type FindAgain<'a> = dyn Fn(&str) -> Result<Found, Vec<Fault>> + 'a;

/// Plans new values for some of a text's scalars, and proves them: the new text is searched by every locator, and what is found must
/// differ from what was found in the old one in the planned values alone.
///
/// `sources` is what was found in `text`, each by its locator; it is not searched again. A scalar may be inside of another one, as the
/// version that a search finds in a requirement. The references of a Cargo.lock follow the entries that they mean, and the keys of a yarn.lock
/// what is required of their packages.
///
/// # Errors
/// Returns an error if a scalar was not found in this text, two changes contradict each other or overlap, a value cannot be written, or the
/// new text does not read as planned.
pub fn edit(sources: &[(&Locator, &Found)], text: &str, changes: &[(Scalar, String)]) -> Result<Edited, EditFault> {
    let finders: Vec<_> = sources.iter().map(|(locator, _)| |text: &str| find(locator, text)).collect();
    let proofs = sources.iter().zip(&finders).map(|((locator, found), find)| {
        // A plugin is asked again before anything is written.
        let find = (!matches!(locator, Locator::Plugin(_))).then_some(find as &FindAgain<'_>);
        (*found, find)
    });
    edit_found(&proofs.collect::<Vec<_>>(), text, changes)
}

/// Does the same for places that were found by other means than a locator. Where nothing can find them again, the new text is held
/// against the old one byte by byte: it must have the new spellings at these places, and what it had everywhere else.
///
/// # Errors
/// As for [`edit`].
pub fn edit_found(
    sources: &[(&Found, Option<&FindAgain<'_>>)],
    text: &str,
    changes: &[(Scalar, String)],
) -> Result<Edited, EditFault> {
    let known: BTreeMap<Span, &str> =
        sources.iter().flat_map(|(found, _)| found.scalars()).map(|s| (s.span, s.text.as_str())).collect();
    for (scalar, _) in changes {
        let old = scalar.text.as_str();
        if scalar.span.of(text) != Some(old) || known.get(&scalar.span) != Some(&old) {
            return Err(EditFault::Unknown(scalar.text.clone()));
        }
    }
    let changes = planned(&completed(sources, changes))?;
    let edits = changes.iter().map(|(scalar, new)| Ok((scalar.span, encode(scalar, new)?)));
    let edits = TextEdits::of(text, edits.collect::<Result<Vec<_>, EditFault>>()?)?;
    if !edits.is_empty() {
        let new_text = edits.apply(text)?;
        if !differs_in_edits_alone(text, &new_text, &edits) {
            return Err(EditFault::Elsewhere);
        }
        for (old, find) in sources.iter().filter_map(|(old, find)| Some((old, (*find)?))) {
            let new = find(&new_text).map_err(|faults| EditFault::Broken(first(faults)))?;
            as_planned(old, &new, &changes)?;
        }
    }
    Ok(Edited { changes, edits })
}

/// Adds what a lock file repeats of values that move: the references of a Cargo.lock, the keys of a yarn.lock.
fn completed(sources: &[(&Found, Option<&FindAgain<'_>>)], changes: &[(Scalar, String)]) -> Vec<(Scalar, String)> {
    let planned: BTreeMap<Span, &str> = changes.iter().map(|(scalar, new)| (scalar.span, new.as_str())).collect();
    let following = sources.iter().flat_map(|(found, _)| found.follow(&planned));
    changes.iter().cloned().chain(following).collect()
}

/// Returns `true` if a new text has the new bytes at the places of the edits, and everywhere else those of the old text.
fn differs_in_edits_alone(old: &str, new: &str, edits: &TextEdits) -> bool {
    let mut rest = new;
    let mut at = 0;
    for edit in edits.as_slice() {
        let kept = old.get(at..edit.span.start).and_then(|kept| rest.strip_prefix(kept));
        let Some(behind) = kept.and_then(|rest| rest.strip_prefix(edit.new.as_str())) else { return false };
        rest = behind;
        at = edit.span.end;
    }
    old.get(at..) == Some(rest)
}

/// Brings changes together that no two of them overlap.
///
/// A change around others is implied by them, or is narrowed to the bytes that they leave alone.
fn planned(changes: &[(Scalar, String)]) -> Result<Vec<(Scalar, String)>, EditFault> {
    let mut by_span: BTreeMap<Span, &(Scalar, String)> = BTreeMap::new();
    for change in changes {
        if let Some((_, other)) = by_span.insert(change.0.span, change).filter(|(_, other)| *other != change.1) {
            return Err(EditFault::Contradiction(other.clone(), change.1.clone()));
        }
    }
    let moving: Vec<(Scalar, String)> =
        by_span.into_values().filter(|(scalar, new)| scalar.text != *new).cloned().collect();
    let mut planned = Vec::new();
    for (outer, new) in &moving {
        let within: Vec<(Scalar, String)> =
            inside(outer, &moving).filter(|(inner, _)| inner.span != outer.span).cloned().collect();
        let implied = spliced(outer, &within);
        if within.is_empty() {
            planned.push((outer.clone(), new.clone()));
        } else if implied != *new {
            let rest = narrowed(outer, new);
            let apart = |span: Span| span.end < rest.0.span.start || rest.0.span.end < span.start;
            if !within.iter().all(|(inner, _)| apart(inner.span)) {
                return Err(EditFault::Contradiction(new.clone(), implied));
            }
            planned.push(rest);
        }
    }
    planned.sort_by_key(|(scalar, _)| scalar.span);
    Ok(planned)
}

/// The changes inside of a scalar, itself included; they are sorted by their spans.
fn inside<'c>(scalar: &Scalar, changes: &'c [(Scalar, String)]) -> impl Iterator<Item = &'c (Scalar, String)> {
    let span = scalar.span;
    let first = changes.partition_point(|(inner, _)| inner.span.start < span.start);
    let from = changes.iter().skip(first).take_while(move |(inner, _)| inner.span.start <= span.end);
    from.filter(move |(inner, _)| inner.span.end <= span.end)
}

/// The text of a scalar after the changes inside of it.
fn spliced(scalar: &Scalar, changes: &[(Scalar, String)]) -> String {
    let mut text = String::new();
    let mut at = 0;
    for (inner, new) in inside(scalar, changes) {
        let start = inner.span.start - scalar.span.start;
        text.push_str(scalar.text.get(at..start).unwrap_or(""));
        text.push_str(new);
        at = inner.span.end - scalar.span.start;
    }
    text.push_str(scalar.text.get(at..).unwrap_or(""));
    text
}

/// A change without the bytes that both values begin and end with.
fn narrowed(scalar: &Scalar, new: &str) -> (Scalar, String) {
    let old = scalar.text.as_str();
    let same = |(a, b): &(char, char)| a == b;
    let before: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (old.get(before..).unwrap_or(""), new.get(before..).unwrap_or(""));
    let behind: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let text = old.get(..old.len() - behind).unwrap_or("").to_owned();
    let start = scalar.span.start + before;
    let span = Span::new(start, start + text.len());
    (Scalar { span, text, style: Style::Bare }, new.get(..new.len() - behind).unwrap_or("").to_owned())
}

fn first(faults: Vec<Fault>) -> Fault {
    faults.into_iter().next().unwrap_or_else(|| Fault::new(Span::new(0, 0), "no reason is given"))
}

/// Holds what was found in the new text against what was found in the old one: names, kinds, counts and all values must agree, but for
/// the planned ones. Spans and styles may differ.
///
/// # Errors
/// They do not agree.
pub fn as_planned(old: &Found, new: &Found, planned: &[(Scalar, String)]) -> Result<(), EditFault> {
    let expected = |scalar: &Scalar| spliced(scalar, planned);
    for (before, after) in old.scalars().zip(new.scalars()) {
        let planned = expected(before);
        if planned != after.text {
            return Err(EditFault::Differs { planned, read: after.text.clone() });
        }
    }
    let normal = |found: &Found, text: &dyn Fn(&Scalar) -> String| {
        let mut found = found.clone();
        found.for_each_scalar(|scalar| {
            *scalar = Scalar { text: text(scalar), span: Span::new(0, 0), style: Style::Bare };
        });
        found
    };
    if normal(old, &expected) != normal(new, &|scalar| scalar.text.clone()) {
        return Err(EditFault::Meaning);
    }
    Ok(())
}

/// Writes a value in the style of its place.
fn encode(scalar: &Scalar, value: &str) -> Result<String, EditFault> {
    // What the old value holds can stand there, such as a tab between an operator and its version.
    let plain = |c: char| (!c.is_control() && !matches!(c, '"' | '\'' | '\\')) || scalar.text.contains(c);
    if !value.chars().all(plain) {
        return Err(EditFault::Unwritable(value.to_owned()));
    }
    // Brackets and commas end a plain scalar in a flow sequence, and the place does not tell whether it stands in one.
    let flow = |text: &str| text.contains([',', '[', ']', '{', '}']);
    Ok(match scalar.style {
        Style::YamlPlain if !stays_text(value) || (flow(value) && !flow(&scalar.text)) => format!("\"{value}\""),
        _ => value.to_owned(),
    })
}

/// Returns `true` if a plain YAML scalar would still be read as a text by YAML 1.1 and 1.2: not as a number, a date, a truth value or
/// nothing.
fn stays_text(value: &str) -> bool {
    let read: Result<serde_yaml::Value, _> = serde_yaml::from_str(value);
    let of = |signs: &str| value.chars().all(|c| c.is_ascii_digit() || signs.contains(c));
    let date = value.len() >= 8 && of("-") && value.matches('-').count() == 2;
    // YAML 1.1 groups digits with underscores and writes numbers to the base 60 with colons.
    let old_number = of("_.:+-") && value.matches('.').count() < 2 && value.contains(['_', ':']);
    let old_truth = ["yes", "no", "on", "off", "y", "n"].contains(&value.to_ascii_lowercase().as_str());
    matches!(read, Ok(serde_yaml::Value::String(text)) if text == value) && !date && !old_number && !old_truth
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{ManifestType, Pointer, VersionPlace};

    fn locator(pointer: &str) -> Locator {
        Locator::Pointer(ManifestType::Toml, Pointer::new(pointer).unwrap())
    }

    fn scalar(text: &str, style: Style) -> Scalar {
        Scalar { span: Span::new(0, text.len()), text: text.to_owned(), style }
    }

    /// Edits the values at these pointers and returns the new text.
    fn run(text: &str, changes: &[(&str, &str)]) -> Result<String, EditFault> {
        let locators: Vec<Locator> = changes.iter().map(|(pointer, _)| locator(pointer)).collect();
        let found: Vec<Found> = locators.iter().map(|l| find(l, text).unwrap()).collect();
        let sources: Vec<_> = locators.iter().zip(&found).collect();
        let changes: Vec<_> =
            found.iter().zip(changes).map(|(f, (_, new))| (f.versions[0].scalar.clone(), (*new).to_owned())).collect();
        edit(&sources, text, &changes).map(|edited| edited.edits.apply(text).unwrap())
    }

    #[test]
    fn only_the_planned_bytes_change() {
        for (text, changes, new) in [
            ("a = '1' # 1\r\n", vec![("/a", "1.0.1")], "a = '1.0.1' # 1\r\n"),
            ("\u{feff}a=\"1\"\nb=\"1\"", vec![("/b", "2")], "\u{feff}a=\"1\"\nb=\"2\""),
            ("a = '1'\nb = '1'\n", vec![("/b", "22"), ("/a", "33")], "a = '33'\nb = '22'\n"),
            ("a = '1'\n", vec![("/a", "1")], "a = '1'\n"),
            ("a = '1'\n", vec![("/a", "2"), ("/a", "2")], "a = '2'\n"),
            ("a = ''\n", vec![("/a", "2")], "a = '2'\n"),
            ("a = '==\t1'\n", vec![("/a", "==\t2")], "a = '==\t2'\n"),
        ] {
            assert_eq!(run(text, &changes).unwrap(), new, "{text:?}");
        }
    }

    #[test]
    fn contradictions_and_quotes_are_refused() {
        for (changes, fault) in [
            (vec![("/a", "2"), ("/a", "3")], EditFault::Contradiction("2".into(), "3".into())),
            (vec![("/a", "1"), ("/a", "3")], EditFault::Contradiction("1".into(), "3".into())),
            (vec![("/a", "2'")], EditFault::Unwritable("2'".into())),
            (vec![("/a", "2\"")], EditFault::Unwritable("2\"".into())),
            (vec![("/a", "2\\")], EditFault::Unwritable("2\\".into())),
            (vec![("/a", "2\n")], EditFault::Unwritable("2\n".into())),
        ] {
            assert_eq!(run("a = '1'\n", &changes), Err(fault));
        }
    }

    #[test]
    fn a_scalar_of_another_text_is_refused() {
        let locator = locator("/a");
        let found = find(&locator, "a = '1'\n").unwrap();
        let own = found.versions[0].scalar.clone();
        let sources = [(&locator, &found)];
        for (text, scalar) in [
            ("a  = '1'\n", own.clone()),
            ("a = '1'\n", Scalar { span: Span::new(0, 1), text: "a".into(), style: Style::Bare }),
            ("a = '1'\n", Scalar { span: Span::new(5, 500), ..own.clone() }),
            ("a", own),
        ] {
            let old = scalar.text.clone();
            assert_eq!(edit(&sources, text, &[(scalar, "2".into())]), Err(EditFault::Unknown(old)), "{text:?}");
        }
    }

    #[test]
    fn places_that_nothing_finds_again_are_proven_by_their_bytes() {
        let text = "release { v1.0.0 } # v1.0.0";
        let place = Scalar { span: Span::new(11, 16), text: "1.0.0".into(), style: Style::Bare };
        let versions = vec![VersionPlace { field: "release".into(), scalar: place.clone() }];
        let found = Found { versions, ..Found::default() };
        let edited = edit_found(&[(&found, None)], text, &[(place.clone(), "1.1.0".into())]).unwrap();
        assert_eq!(edited.edits.apply(text).unwrap(), "release { v1.1.0 } # v1.0.0");
        let refuses: &FindAgain<'_> = &|_| Err(vec![Fault::new(Span::new(0, 1), "no")]);
        let broken = edit_found(&[(&found, Some(refuses))], text, &[(place, "1.1.0".into())]);
        assert!(matches!(broken, Err(EditFault::Broken(_))), "{broken:?}");
    }

    #[test]
    fn bytes_that_differ_elsewhere_are_noticed() {
        let edits = [(Span::new(0, 1), "xy".to_owned()), (Span::new(3, 4), String::new())];
        let edits = TextEdits::of("abcde", edits).unwrap();
        for (new, expected) in
            [("xybce", true), ("xybc", false), ("xybcee", false), ("xbce", false), ("xyBce", false), ("", false)]
        {
            assert_eq!(differs_in_edits_alone("abcde", new, &edits), expected, "{new}");
        }
    }

    #[test]
    fn a_change_of_anything_else_is_noticed() {
        let place = |field: &str, text: &str| VersionPlace { field: field.into(), scalar: scalar(text, Style::Quoted) };
        let found = |places: &[VersionPlace]| Found { versions: places.to_vec(), ..Found::default() };
        let old = found(&[place("version", "1")]);
        let planned = [(scalar("1", Style::Quoted), "2".to_owned())];
        let differs = EditFault::Differs { planned: "2".into(), read: "1".into() };
        for (new, result) in [
            (found(&[place("version", "2")]), Ok(())),
            (found(&[place("version", "1")]), Err(differs)),
            (found(&[place("appVersion", "2")]), Err(EditFault::Meaning)),
            (found(&[]), Err(EditFault::Meaning)),
            (found(&[place("version", "2"), place("version", "2")]), Err(EditFault::Meaning)),
            (
                Found { no_version: Some(crate::manifest::NoVersion::Absent), ..found(&[place("version", "2")]) },
                Err(EditFault::Meaning),
            ),
        ] {
            assert_eq!(as_planned(&old, &new, &planned), result, "{new:?}");
        }
    }

    #[test]
    fn a_plain_yaml_scalar_gets_quotes_where_it_needs_them() {
        for (old, new, text) in [
            ("0.1.0", "0.2.0", "0.2.0"),
            ("0.1.0", "0.2.0-rc.1", "0.2.0-rc.1"),
            ("0.1.0", "0.2", "\"0.2\""),
            ("0.1.0", "2", "\"2\""),
            ("0.1.0", "1e3", "\"1e3\""),
            ("0.1.0", "2026-01-02", "\"2026-01-02\""),
            ("0.1.0", "1_000", "\"1_000\""),
            ("0.1.0", "12:30", "\"12:30\""),
            ("0.1.0", "no", "\"no\""),
            ("0.1.0", "~", "\"~\""),
            ("^0.1", "^0.2", "^0.2"),
            ("~0.1", "~0.2", "~0.2"),
            ("0.1.0", ">=0.1", "\">=0.1\""),
            ("0.1.0", "*", "\"*\""),
            ("^0.1", "^0.1,<2", "\"^0.1,<2\""),
            ("^0.1,<1", "^0.1,<2", "^0.1,<2"),
            ("0.1.0", "0.2.0 # x", "\"0.2.0 # x\""),
        ] {
            assert_eq!(encode(&scalar(old, Style::YamlPlain), new).unwrap(), text, "{new}");
            assert_eq!(encode(&scalar(old, Style::Quoted), new).unwrap(), new);
        }
    }
}
