//! [`parse`]: which bytes of a YAML text are which value.
//!
//! The text is read once, by events, into a tree whose scalars know their bytes. A value that can be edited is one whose bytes are its
//! value: no alias, no block, no escape, nothing over several lines. This is the only file that knows the parser.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Fault, Scalar, Style};
use crate::text::{Span, without_bom};

/// A value of a YAML text.
pub(crate) struct Node<'a> {
    /// All bytes of it, quotes included, anchor and tag not.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: Kind<'a>,
}

/// The kinds of values.
pub(crate) enum Kind<'a> {
    /// A text, a number, or nothing: YAML leaves that to its reader.
    Scalar(Cow<'a, str>, ScalarStyle),
    /// Keys and values, in the order of the text.
    Map(Vec<(Node<'a>, Node<'a>)>),
    /// Elements.
    List(Vec<Node<'a>>),
    /// The name of a value that is defined elsewhere.
    Alias,
}

/// What is said of a second document.
pub(crate) const SECOND_DOCUMENT: &str = "a second document starts here, expected one document";

/// Parses a text that holds one document (YAML 1.2).
///
/// # Errors
/// Returns an error if it is not YAML, holds no document or several, or a mapping has a duplicate key.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, Fault> {
    let (_, bom) = without_bom(text);
    let root = parse_part(text, Span::new(bom, text.len()))?;
    root.ok_or_else(|| Fault::new(Span::new(0, 0), "the file is empty, expected YAML"))
}

/// Parses the part of a text that is YAML; spans count bytes of the whole text. `None` if nothing but comments is written there.
///
/// # Errors
/// If it is not valid YAML, holds several documents, or a key appears more than once in one mapping.
pub(crate) fn parse_part(text: &str, part: Span) -> Result<Option<Node<'_>>, Fault> {
    let body = part.of(text).unwrap_or("");
    let mut builder = Builder::default();
    for event in Parser::new_from_str(body) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(body.len()).min(body.len());
            Fault::new(character(text, part.start + at), format!("invalid YAML: {}", error.info()))
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        builder.event(event, Span::from(range).shifted(part.start))?;
    }
    builder.root.as_ref().map_or(Ok(()), refuse_doubles)?;
    Ok(builder.root)
}

/// The character at a byte, as a span.
fn character(text: &str, at: usize) -> Span {
    let at = (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(at, at + length)
}

/// Refuses duplicate keys in a mapping: readers do not agree on which one counts, and the YAML specification forbids them.
fn refuse_doubles(node: &Node<'_>) -> Result<(), Fault> {
    match &node.kind {
        Kind::Map(pairs) => {
            let mut keys: Vec<(&str, Span)> =
                pairs.iter().filter_map(|(key, _)| key.text().map(|text| (text, key.span))).collect();
            keys.sort_unstable();
            let double = keys.iter().zip(keys.iter().skip(1)).find(|(a, b)| a.0 == b.0 && a.0 != "<<");
            if let Some((_, (key, span))) = double {
                let fault = Fault::new(*span, format!("duplicate key `{key}`"));
                return Err(fault.help("keep one of them; readers do not agree on which one counts"));
            }
            pairs.iter().try_for_each(|(key, value)| {
                refuse_doubles(key)?;
                refuse_doubles(value)
            })
        }
        Kind::List(items) => items.iter().try_for_each(|item| refuse_doubles(item)),
        Kind::Scalar(..) | Kind::Alias => Ok(()),
    }
}

/// The tree while it grows: what is open, and the key that waits for its value.
#[derive(Default)]
struct Builder<'a> {
    open: Vec<(Node<'a>, Option<Node<'a>>)>,
    root: Option<Node<'a>>,
    documents: usize,
}

impl<'a> Builder<'a> {
    fn event(&mut self, event: Event<'a>, span: Span) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Fault::new(span, SECOND_DOCUMENT));
                }
            }
            Event::Scalar(value, style, ..) => self.add(Node { span, kind: Kind::Scalar(value, style) }),
            Event::Alias(..) => self.add(Node { span, kind: Kind::Alias }),
            Event::SequenceStart(..) => self.open.push((Node { span, kind: Kind::List(Vec::new()) }, None)),
            Event::MappingStart(..) => self.open.push((Node { span, kind: Kind::Map(Vec::new()) }, None)),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((mut node, _)) = self.open.pop() {
                    node.span.end = node.span.end.max(span.end);
                    self.add(node);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, node: Node<'a>) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((Node { kind: Kind::List(items), .. }, _)) => items.push(node),
            Some((Node { kind: Kind::Map(pairs), .. }, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => pairs.push((key, node)),
            },
            Some(_) => {}
        }
    }
}

/// Returns `true` if a scalar of this style has no quotes, so that it may be a number or a truth value.
pub(crate) fn is_plain(style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain
}

impl<'a> Node<'a> {
    /// Returns the text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// Returns the value of a key; `None` if the key is missing or this is not a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'a>> {
        match &self.kind {
            Kind::Map(pairs) => pairs.iter().find(|(k, _)| k.text() == Some(key)).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the elements; empty if this is not a list.
    pub(crate) fn items(&self) -> &[Node<'a>] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// Returns `true` if nothing is written, or a word for nothing.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(text, ScalarStyle::Plain) if ["", "~", "null", "Null", "NULL"].contains(&text.as_ref()))
    }

    /// Names what it is, for messages.
    pub(crate) fn what(&self) -> &'static str {
        match &self.kind {
            _ if self.is_null() => "empty",
            Kind::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded) => "a block of lines",
            Kind::Scalar(..) => "a text",
            Kind::Map(_) => "a mapping",
            Kind::List(_) => "a list",
            Kind::Alias => "an alias",
        }
    }

    /// Returns it as a value that can be edited. `name` is what messages call it.
    ///
    /// # Errors
    /// Returns an error if its bytes in `text` are not its value.
    pub(crate) fn scalar(&self, text: &str, name: &str) -> Result<Scalar, Fault> {
        let fault = |message: String| Fault::new(self.span, message);
        let Kind::Scalar(value, style) = &self.kind else {
            return Err(fault(format!("`{name}` is {}, expected a text", self.what())));
        };
        if self.is_null() {
            return Err(fault(format!("`{name}` is empty, expected a text")));
        }
        let quote = match style {
            ScalarStyle::Plain => "",
            ScalarStyle::SingleQuoted => "'",
            ScalarStyle::DoubleQuoted => "\"",
            ScalarStyle::Literal | ScalarStyle::Folded => {
                return Err(fault(format!("`{name}` is a block of lines, expected a text on one line")));
            }
        };
        // The token alone has to read back as the value: a parser whose spans took in a comment, or missed a byte, is found out here.
        let token = self.span.of(text).unwrap_or("");
        let inner = token.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if inner != Some(value.as_ref()) {
            return Err(fault(format!("`{name}` is written with escapes or over several lines")));
        }
        let style = if quote.is_empty() { Style::YamlPlain } else { Style::Quoted };
        let span = Span::new(self.span.start + quote.len(), self.span.end - quote.len());
        Ok(Scalar { span, text: value.to_string(), style })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_single_document_is_refused() {
        for (text, message, at) in [
            ("", "the file is empty, expected YAML", 0),
            ("\u{feff}# only words\r\n", "the file is empty, expected YAML", 0),
            ("a: 1\n---\nb: 2\n", "a second document starts here, expected one document", 5),
            ("a: 1\nb: 2\na: 3\n", "duplicate key `a`", 10),
            ("x:\n- {b: 1, \"b\": 2}\n", "duplicate key `b`", 12),
        ] {
            let fault = parse(text).err().expect(text);
            assert_eq!((fault.message.as_str(), fault.span.start), (message, at), "{text:?}");
        }
        assert!(parse("<<: &a {b: 1}\n<<: *a\n").is_ok());
        for (text, at) in [("a: [1\n", 7), ("\u{feff}a: 'x\r\n", 10), ("ä: b: c\n", 5)] {
            let fault = parse(text).err().expect(text);
            assert!(fault.message.starts_with("invalid YAML: ") && fault.message.len() > 25, "{fault:?}");
            assert!(fault.span.start <= at && text.is_char_boundary(fault.span.start), "{fault:?}");
        }
    }

    #[test]
    fn depth_does_no_harm() {
        for piece in ["[", "{a: ", "- ", "? ", "a: [", "&a ", "!t ", "'", "\t"] {
            let deep = piece.repeat(100_000);
            let flat = ["&a ", "!t ", "'", "\t"].contains(&piece);
            assert!(parse(&deep).is_err() || flat, "{piece}");
        }
        let lines: String = (0..2000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        assert!(parse(&lines).is_err());
        let long = format!("a: {}\nv: 1\n", "é".repeat(500_000));
        assert!(parse(&long).is_ok());
    }
}
