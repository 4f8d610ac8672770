//! [`Document`]: which bytes of a JSON text are which value.
//!
//! A text is read in one pass that goes down only where a format asks for it; everything else is skipped, however deep it is, without
//! a tree and without recursion. What is wanted comes back as a slice of the text, so that its place is a matter of subtraction.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::data::{Fault, Scalar, Style};
use crate::text::{Span, without_bom};

/// A JSON text (RFC 8259), with or without a byte order mark.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    text: &'a str,
}

/// What to do with the value of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    /// Leave it.
    Skip,
    /// Give its text.
    Raw,
    /// Go into it.
    Open,
}

/// Decides, by the key of the object that is read (empty for the outermost one) and the key of the value, what to do with a value.
pub(super) type Choice<'c> = &'c dyn Fn(&str, &str) -> Take;

/// A value, as far as it was asked for.
pub(super) enum Node<'a> {
    /// It was skipped.
    Skipped,
    /// It as it is written.
    Raw(&'a str),
    /// An object that was gone into.
    Object(Vec<Member<'a>>),
    /// Something other than an object where one has to be entered: what it is.
    Other(&'static str),
}

/// A key and its value.
pub(super) struct Member<'a> {
    /// The key, unescaped.
    pub(super) key: Cow<'a, str>,
    /// The value.
    pub(super) value: Node<'a>,
}

impl<'a> Document<'a> {
    /// Wraps a text, byte order mark included.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// Returns the text behind the byte order mark.
    pub(super) fn body(self) -> &'a str {
        without_bom(self.text).0
    }

    /// Returns where a part of the text stands; the part must be a slice of it, else the place is nonsense but harmless.
    pub(super) fn span(self, part: &str) -> Span {
        let start = part.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        if start > self.text.len() {
            return Span::new(0, 0);
        }
        Span::new(start, start + part.len())
    }

    /// Returns where a key stands; the start of the text for a key that is written with escapes.
    pub(super) fn key_span(self, member: &Member<'_>) -> Span {
        match &member.key {
            Cow::Borrowed(key) => self.span(key),
            Cow::Owned(_) => Span::new(0, 0),
        }
    }

    /// Reads the object that is written in `raw` and the ones that the choice goes into, all in one pass.
    ///
    /// # Errors
    /// Returns an error if it is not JSON or not an object, or an object that was read has a duplicate key.
    pub(super) fn object(self, raw: &'a str, choice: Choice<'_>) -> Result<Vec<Member<'a>>, Fault> {
        let mut reader = serde_json::Deserializer::from_str(raw);
        let node = Level { parent: "", choice }.deserialize(&mut reader).map_err(|e| self.syntax(raw, &e))?;
        reader.end().map_err(|e| self.syntax(raw, &e))?;
        match node {
            Node::Object(members) => {
                self.refuse_doubles(raw, &members)?;
                Ok(members)
            }
            Node::Other(what) => Err(Fault::new(self.span(raw.trim()), format!("found {what}, expected an object"))),
            Node::Skipped | Node::Raw(_) => Ok(Vec::new()),
        }
    }

    /// Reads the array that is written in `raw`: its elements as they are written.
    ///
    /// # Errors
    /// Returns an error if it is not a JSON array.
    pub(super) fn array(self, raw: &'a str) -> Result<Vec<&'a str>, Fault> {
        let items: Vec<&'a RawValue> = serde_json::from_str(raw).map_err(|e| self.syntax(raw, &e))?;
        Ok(items.into_iter().map(RawValue::get).collect())
    }

    /// Returns the string that is written in `raw`, unescaped, for reading only.
    ///
    /// # Errors
    /// Returns an error if it is something else than a string. `what` names the value in the message.
    pub(super) fn string(self, raw: &'a str, what: &str) -> Result<Cow<'a, str>, Fault> {
        if !raw.starts_with('"') {
            let message = format!("`{what}` is {}, expected a string", kind(raw));
            let help = format!("write it between double quotes: \"{}\"", shorten(raw));
            return Err(Fault::new(self.span(raw), message).help(help));
        }
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        if !inner.contains('\\') {
            return Ok(Cow::Borrowed(inner));
        }
        serde_json::from_str(raw).map(Cow::Owned).map_err(|e| self.syntax(raw, &e))
    }

    /// Returns the string that is written in `raw` as a value that can be edited: its bytes are its value.
    ///
    /// # Errors
    /// Returns an error if it is something else than a string, or is written with escapes.
    pub(super) fn scalar(self, raw: &'a str, what: &str) -> Result<Scalar, Fault> {
        match self.string(raw, what)? {
            Cow::Borrowed(text) => Ok(Scalar { span: self.span(text), text: text.to_owned(), style: Style::Quoted }),
            Cow::Owned(text) => Err(Fault::new(self.span(raw), format!("`{what}` is written with escapes"))
                .help(format!("write it plainly: \"{text}\""))),
        }
    }

    /// Turns what the parser says about `raw` into a fault at its place in the whole text.
    fn syntax(self, raw: &str, error: &serde_json::Error) -> Fault {
        let inside = if error.is_eof() { raw.trim_end().len() } else { offset_in(raw, error.line(), error.column()) };
        let at = self.span(raw).start + inside;
        let at = (0..=at.min(self.text.len())).rev().find(|i| self.text.is_char_boundary(*i)).unwrap_or(0);
        let length = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let span = Span::new(at, at + length);
        if self.body().trim().is_empty() {
            return Fault::new(span, "the file is empty, expected JSON");
        }
        let said = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let said = said.strip_suffix(place.as_str()).unwrap_or(&said);
        let fault = Fault::new(span, format!("invalid JSON: {said}"));
        match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some('/' | '#') => fault.help("JSON has no comments; take it out"),
            Some('}' | ']') => fault.help("JSON has no comma behind the last value; look at what stands before this"),
            _ => fault,
        }
    }

    fn refuse_doubles(self, raw: &'a str, members: &[Member<'a>]) -> Result<(), Fault> {
        let mut keys: Vec<&Cow<'a, str>> = members.iter().map(|member| &member.key).collect();
        keys.sort();
        if let Some((_, key)) = keys.iter().zip(keys.iter().skip(1)).find(|(a, b)| a == b) {
            let span = match key {
                Cow::Borrowed(slice) => self.span(slice),
                Cow::Owned(_) => self.span(raw.trim()),
            };
            return Err(Fault::new(span, format!("duplicate key `{key}`"))
                .help("keep one of them; readers do not agree on which one counts"));
        }
        members.iter().try_for_each(|member| match &member.value {
            Node::Object(inner) => self.refuse_doubles(raw, inner),
            _ => Ok(()),
        })
    }
}

/// Returns the byte that a line and a column of the parser mean: both from 1, the column in bytes.
fn offset_in(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        let rest = text.as_bytes().get(start..).unwrap_or(&[]);
        match rest.iter().position(|b| *b == b'\n') {
            Some(at) => start += at + 1,
            None => break,
        }
    }
    (start + column).saturating_sub(1).min(text.len())
}

/// Names the kind of a value by its first character.
pub(super) fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a truth value",
        _ => "a number",
    }
}

/// A value for a message: objects and arrays, and whatever is long, are not worth repeating.
fn shorten(raw: &str) -> &str {
    let short = raw.len() <= 40 && !raw.starts_with(['{', '[', 'n', 't', 'f']);
    if short { raw } else { "1.2.3" }
}

/// One object, while it is read.
struct Level<'c> {
    parent: &'c str,
    choice: Choice<'c>,
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            let value = match (self.choice)(self.parent, &key) {
                Take::Skip => map.next_value::<IgnoredAny>().map(|_| Node::Skipped)?,
                Take::Raw => Node::Raw(map.next_value::<&'de RawValue>()?.get()),
                Take::Open => map.next_value_seed(Level { parent: &key, choice: self.choice })?,
            };
            members.push(Member { key, value });
        }
        Ok(Node::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Node::Other("an array"))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Node::Other("a string"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Node::Other("a number"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Node::Other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Node::Other("a number"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Node::Other("a truth value"))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Other("null"))
    }
}

/// A key that stays a slice of the text where it has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(_: &str, _: &str) -> Take {
        Take::Raw
    }

    fn fault(text: &str) -> (String, usize) {
        let document = Document::new(text);
        let fault = document.object(document.body(), &all).err().expect("a fault");
        (fault.message, fault.span.start)
    }

    #[test]
    fn a_fault_stands_where_the_text_is_wrong() {
        let cases = [
            ("", "the file is empty, expected JSON", 0),
            ("\u{feff}  \n", "the file is empty, expected JSON", 3),
            ("{\"a\": 1,}", "invalid JSON: trailing comma", 8),
            ("{\r\n  \"a\": 1 // x\r\n}", "invalid JSON: expected `,` or `}`", 12),
            ("\u{feff}{\n\"ä\": x}", "invalid JSON: expected value", 11),
            ("{\"a\": 1} x", "invalid JSON: trailing characters", 9),
            ("{\"a\": 1", "invalid JSON: EOF while parsing an object", 7),
            ("[1]", "found an array, expected an object", 0),
            (" 7\n", "found a number, expected an object", 1),
            ("{\"a\": 1, \"b\": 2, \"a\": 3}", "duplicate key `a`", 18),
        ];
        for (text, message, at) in cases {
            assert_eq!(fault(text), (message.to_owned(), at), "{text}");
        }
    }

    #[test]
    fn depth_and_length_do_no_harm() {
        let deep = format!("{{\"a\": {}1{}, \"b\": \"x\"}}", "[".repeat(100_000), "]".repeat(100_000));
        let document = Document::new(&deep);
        assert_eq!(document.object(document.body(), &all).map(|m| m.len()), Ok(2));
        let open = format!("{}{}", "{\"a\":".repeat(100_000), "1");
        assert!(fault(&open).0.starts_with("invalid JSON"));
        let long = format!("{{\"a\": \"{}\", \"version\": 1}}", "é".repeat(500_000));
        let document = Document::new(&long);
        let members = document.object(document.body(), &all).expect("an object");
        assert_eq!(members.len(), 2);
    }

    #[test]
    fn strings_are_edited_only_where_they_are_plain() {
        let text = "\u{feff}{\"a\": \"1.2\", \"b\": \"1\\u002e2\", \"c\": 12}";
        let document = Document::new(text);
        let members = document.object(document.body(), &all).expect("an object");
        let results: Vec<Result<Scalar, Fault>> = members
            .iter()
            .map(|member| match member.value {
                Node::Raw(raw) => document.scalar(raw, &member.key),
                _ => panic!("all are raw"),
            })
            .collect();
        let first = results[0].as_ref().expect("a scalar");
        assert_eq!((first.span.of(text), first.text.as_str()), (Some("1.2"), "1.2"));
        assert_eq!(results[1].as_ref().map_err(|f| f.message.as_str()), Err("`b` is written with escapes"));
        assert_eq!(results[2].as_ref().map_err(|f| f.message.as_str()), Err("`c` is a number, expected a string"));
    }
}
