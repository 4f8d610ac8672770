//! [`edit`]: the one mechanism by which a manifest changes.

use super::{Fault, Found, Locator, Scalar, Style, find};
use crate::text::{Edit, EditError, Span, TextEdits};

/// Why an edit cannot be made, or was not what had been planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditFault {
    /// The edits do not fit the text.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The new value cannot stand between these quotes.
    #[error("`{0}` cannot be written there without changing the quotes")]
    Unwritable(String),
    /// The text before or behind the edit does not parse.
    #[error("{0}")]
    Broken(#[from] Fault),
    /// The new text reads otherwise than planned.
    #[error("the new text reads `{read}` where `{planned}` was planned")]
    Differs {
        /// The value that was planned.
        planned: String,
        /// The value that the new text holds.
        read: String,
    },
}

/// Plans new values for some of a text's scalars, and proves them: the new text is searched again by every locator, and must differ
/// from the old one in the planned values alone.
///
/// # Errors
/// Where the edits overlap, a value cannot be written, or the new text does not read as planned.
pub fn edit(locators: &[Locator], text: &str, changes: &[(Scalar, String)]) -> Result<TextEdits, EditFault> {
    let edits = changes
        .iter()
        .filter(|(scalar, new)| scalar.text != *new)
        .map(|(scalar, new)| Ok(Edit { span: scalar.span, new: written(scalar.style, new)? }))
        .collect::<Result<Vec<_>, EditFault>>()?;
    let edits = TextEdits::new(edits)?;
    let new_text = edits.apply(text)?;
    for locator in locators {
        let old = found(locator, text)?;
        let new = found(locator, &new_text)?;
        compare(&old, &new, changes)?;
    }
    Ok(edits)
}

fn found(locator: &Locator, text: &str) -> Result<Found, EditFault> {
    find(locator, text).map_err(|mut faults| {
        faults.truncate(1);
        faults.pop().unwrap_or_else(|| Fault::new(Span::new(0, 0), "the text cannot be read")).into()
    })
}

fn compare(old: &Found, new: &Found, changes: &[(Scalar, String)]) -> Result<(), EditFault> {
    let planned = |scalar: &Scalar| {
        changes.iter().find(|(c, _)| c.span == scalar.span).map_or(scalar.text.clone(), |(_, text)| text.clone())
    };
    let mut after = new.scalars();
    for scalar in old.scalars() {
        let planned = planned(scalar);
        let read = after.next().map_or(String::new(), |s| s.text.clone());
        if planned != read {
            return Err(EditFault::Differs { planned, read });
        }
    }
    match after.next() {
        Some(extra) => Err(EditFault::Differs { planned: String::new(), read: extra.text.clone() }),
        None => Ok(()),
    }
}

/// Writes a value in the style of its place.
fn written(style: Style, value: &str) -> Result<String, EditFault> {
    let plain = value.chars().all(|c| !c.is_control() && !matches!(c, '"' | '\'' | '\\'));
    if !plain {
        return Err(EditFault::Unwritable(value.to_owned()));
    }
    Ok(match style {
        Style::YamlPlain if !stays_text(value) => format!("\"{value}\""),
        _ => value.to_owned(),
    })
}

/// Tells whether a plain YAML scalar would still be read as a text: not as a number, a date, a truth value or nothing.
fn stays_text(value: &str) -> bool {
    let read: Result<serde_yaml::Value, _> = serde_yaml::from_str(value);
    let date = value.len() >= 8
        && value.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        && value.bytes().filter(|b| *b == b'-').count() == 2;
    let old_truth = ["yes", "no", "on", "off", "y", "n"].contains(&value.to_ascii_lowercase().as_str());
    matches!(read, Ok(serde_yaml::Value::String(text)) if text == value) && !date && !old_truth
}
