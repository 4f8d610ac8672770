//! Where a file of MSBuild has its version: every byte is counted by the reader, and none is written.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde::Serialize;

const MARK: &str = "\u{feff}";
/// What opens a CDATA section, and what closes it.
const CDATA: (&str, &str) = ("<![CDATA[", "]]>");

/// A place of the version. `start` and `end` are offsets in bytes.
#[derive(Debug, Serialize)]
pub struct Place {
    field: String,
    start: usize,
    end: usize,
    text: String,
}

/// Why the version cannot be found.
#[derive(Debug, Serialize)]
pub struct Problem {
    message: String,
    help: String,
    start: usize,
    end: usize,
}

impl Problem {
    fn new(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), help: help.into(), start: span.start, end: span.end }
    }
}

/// An element that is open.
struct Element {
    name: String,
    is_conditional: bool,
    /// What is written in it, without comments.
    pieces: Vec<Range<usize>>,
    /// `true` unless there are elements or entities in it.
    is_text: bool,
}

/// A property that has a value.
struct Property {
    name: String,
    is_conditional: bool,
    value: Range<usize>,
    /// `true` if the value is written as it is meant.
    is_plain: bool,
}

/// Returns the places of the first of the properties `keys` that the file has.
///
/// # Errors
///
/// If the text is not an MSBuild file, has none of the properties, or computes the version.
pub fn find(text: &str, keys: &[String]) -> Result<Vec<Place>, Problem> {
    let properties = properties(text)?;
    for key in keys {
        let named = |property: &&Property| property.name.eq_ignore_ascii_case(key);
        let (plain, computed): (Vec<_>, Vec<_>) = properties.iter().filter(named).partition(|one| one.is_plain);
        // What holds only sometimes, as in a pipeline, hides neither another line nor another property.
        if let Some(property) = computed.iter().find(|property| !property.is_conditional) {
            let help = "write it in one piece, or name the property that holds it in `settings.key`";
            return Err(Problem::new(format!("`{key}` is computed"), help, property.value.clone()));
        }
        if key == "VersionPrefix"
            && !plain.is_empty()
            && let Some(suffix) = properties.iter().find(|one| one.name == "VersionSuffix" && !one.is_conditional)
        {
            let help = "write the whole version as `<Version>`";
            return Err(Problem::new("the version is written in two parts", help, suffix.value.clone()));
        }
        if !plain.is_empty() {
            return Ok(plain.into_iter().filter_map(|property| place(text, property)).collect());
        }
    }
    let names: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let help = format!("write `<{0}>1.2.3</{0}>` in a `PropertyGroup`", keys.first().map_or("Version", |key| key));
    Err(Problem::new(format!("{} not found", names.join(" or ")), help, 0..0))
}

fn place(text: &str, property: &Property) -> Option<Place> {
    let Range { start, end } = property.value;
    Some(Place { field: property.name.clone(), start, end, text: text.get(start..end)?.to_string() })
}

/// Reads the properties of a file, in their order.
fn properties(text: &str) -> Result<Vec<Property>, Problem> {
    // The reader neither counts a byte order mark nor accepts two.
    let begin = if text.starts_with(MARK) { MARK.len() } else { 0 };
    let mut reader = Reader::from_str(text.get(begin..).unwrap_or_default());
    let mut open: Vec<Element> = Vec::new();
    let mut found = Vec::new();
    loop {
        let start = begin + position(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let at = begin + position(reader.error_position());
            Problem::new(format!("not valid XML: {error}"), "fix the file", at..at)
        })?;
        let span = start..begin + position(reader.buffer_position());
        if let (Event::Start(tag) | Event::Empty(tag), None) = (&event, open.last())
            && name_of(tag) != "Project"
        {
            let message = format!("not a file of MSBuild: found `<{}>`, expected `<Project>`", name_of(tag));
            return Err(Problem::new(message, "name a project file or a file of properties", span));
        }
        match (event, open.last_mut()) {
            (Event::Start(tag), outer) => {
                outer.into_iter().for_each(|outer| outer.is_text = false);
                open.push(element(&tag));
            }
            (Event::Text(_), Some(element)) => element.pieces.push(span),
            (Event::CData(_), Some(element)) => {
                element.pieces.push(span.start + CDATA.0.len()..span.end - CDATA.1.len());
            }
            (Event::GeneralRef(_), Some(element)) => element.is_text = false,
            (Event::End(_), _) => {
                let closed = open.pop().filter(|_| is_group(&open));
                found.extend(closed.and_then(|element| property(text, element, &open)));
            }
            (Event::Eof, None) => return Ok(found),
            (Event::Eof, Some(element)) => {
                return Err(Problem::new(format!("`<{}>` is not closed", element.name), "fix the file", span));
            }
            _ => {}
        }
    }
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

fn name_of(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_string()
}

fn element(tag: &BytesStart<'_>) -> Element {
    let is_conditional = ["When", "Otherwise"].contains(&name_of(tag).as_str())
        || tag.attributes().flatten().any(|attribute| attribute.key.as_ref() == "Condition");
    Element { name: name_of(tag), is_conditional, pieces: Vec::new(), is_text: true }
}

/// Returns `true` if the elements lead to a group of properties that is read with the file, not by a target later on.
fn is_group(open: &[Element]) -> bool {
    let names: Vec<&str> = open.iter().map(|element| element.name.as_str()).collect();
    matches!(names.as_slice(), ["Project", outer @ .., "PropertyGroup"]
        if outer.iter().all(|name| ["Choose", "When", "Otherwise"].contains(name)))
}

/// Returns the property of an element; `None` if it is empty, which is the same to MSBuild as if it was not there.
fn property(text: &str, element: Element, outer: &[Element]) -> Option<Property> {
    let pieces: Vec<Range<usize>> = element.pieces.into_iter().filter_map(|piece| trimmed(text, piece)).collect();
    let value = pieces.first()?.start..pieces.last()?.end;
    let is_plain = element.is_text && pieces.len() == 1 && !text.get(value.clone())?.contains("$(");
    let is_conditional = element.is_conditional || outer.iter().any(|element| element.is_conditional);
    Some(Property { name: element.name, is_conditional, value, is_plain })
}

/// Returns the span without white space at its ends; `None` if nothing is left.
fn trimmed(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let piece = text.get(span.clone())?;
    let start = span.end - piece.trim_ascii_start().len();
    let end = start + piece.trim_ascii().len();
    (start < end).then_some(start..end)
}
