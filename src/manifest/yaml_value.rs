//! [`parse`]: which bytes of a YAML text are which value.
//!
//! The text is read once, by events, into a tree whose scalars know their bytes. A value that can be edited is one whose bytes are its
//! value: no alias, no block, no escape, nothing over several lines. This is the only file that knows the parser.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Fault, Scalar, Style};
use crate::text::{Span, without_bom};

/// A value of a YAML text.
pub(super) struct Node<'a> {
    /// All bytes of it, quotes included, anchor and tag not.
    pub(super) span: Span,
    /// What it is.
    pub(super) kind: Kind<'a>,
}

/// The kinds of values.
pub(super) enum Kind<'a> {
    /// A text, a number, or nothing: YAML leaves that to its reader.
    Scalar(Cow<'a, str>, ScalarStyle),
    /// Keys and values, in the order of the text.
    Map(Vec<(Node<'a>, Node<'a>)>),
    /// Elements.
    List(Vec<Node<'a>>),
    /// The name of a value that is defined elsewhere.
    Alias,
}

/// Parses a text that holds one document (YAML 1.2).
///
/// # Errors
/// Returns an error if it is not YAML, holds no document or several, or a mapping has a duplicate key.
pub(super) fn parse(text: &str) -> Result<Node<'_>, Fault> {
    let (body, bom) = without_bom(text);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(body) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(body.len()).min(body.len());
            let said = error.info();
            explained(text, Fault::new(character(text, bom + at), format!("invalid YAML: {said}")))
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        builder.event(event, Span::from(range).shifted(bom))?;
    }
    let root = builder.root.ok_or_else(|| Fault::new(Span::new(0, 0), "the file is empty, expected YAML"))?;
    refuse_doubles(&root)?;
    Ok(root)
}

/// The character at a byte, as a span.
fn character(text: &str, at: usize) -> Span {
    let at = (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(at, at + length)
}

/// Adds help where the text looks like a template, which becomes YAML only when Helm has filled it in.
fn explained(text: &str, fault: Fault) -> Fault {
    if text.contains("{{") {
        return fault.help("this looks like a template; name its version with `search`, or leave the file out");
    }
    fault
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
                    let fault = Fault::new(span, "a second document starts here, expected one document");
                    return Err(fault.help("name the version with `search`, which does not mind"));
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

impl<'a> Node<'a> {
    /// Returns the text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// Returns the value of a key; `None` if the key is missing or this is not a mapping.
    pub(super) fn get(&self, key: &str) -> Option<&Node<'a>> {
        match &self.kind {
            Kind::Map(pairs) => pairs.iter().find(|(k, _)| k.text() == Some(key)).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the elements; none if this is not a list.
    pub(super) fn items(&self) -> &[Node<'a>] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// Returns `true` if nothing is written, or a word for nothing.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(text, ScalarStyle::Plain) if ["", "~", "null", "Null", "NULL"].contains(&text.as_ref()))
    }

    /// Names what it is, for messages.
    pub(super) fn what(&self) -> &'static str {
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
    pub(super) fn scalar(&self, text: &str, name: &str) -> Result<Scalar, Fault> {
        let fault = |message: String| explained_value(self.span.of(text), Fault::new(self.span, message));
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

fn explained_value(token: Option<&str>, fault: Fault) -> Fault {
    match token {
        Some(token) if token.starts_with("{{") => {
            fault.help("this looks like a template; name its version with `search`, or leave the file out")
        }
        Some(token) if token.starts_with('*') => fault.help("write the value itself here"),
        _ => fault.help("write it plainly on one line, as in \"1.2.3\""),
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
    fn templates_are_known_as_such() {
        let fault = parse("a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n").err().expect("a fault");
        assert!(fault.help.is_some_and(|help| help.contains("template")));
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
