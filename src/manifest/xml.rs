//! [`XmlReader`]: XML whose texts know their bytes.

use roxmltree::{Document, Node};

use crate::data::{Fault, Scalar, Style};
use crate::text::Span;

/// A document that was read.
#[derive(Debug)]
pub(super) struct XmlReader<'t> {
    document: Document<'t>,
}

/// An element of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element<'d, 't>(Node<'d, 't>);

impl<'t> XmlReader<'t> {
    /// Parses a text. A document type is refused, since its entities could be any text.
    ///
    /// # Errors
    /// If it is not XML, or says that it is encoded otherwise than it was read.
    pub(super) fn parse(text: &'t str) -> Result<Self, Fault> {
        if let Some(fault) = other_encoding(text) {
            return Err(fault);
        }
        let document = Document::parse(text).map_err(|error| {
            let at = offset(text, error.pos().row, error.pos().col);
            let fault = Fault::new(Span::new(at, at), format!("invalid XML: {error}"));
            let line = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let conflict = ["<<<<<<< ", "=======", ">>>>>>> ", "||||||| "];
            match text.get(line..) {
                Some(line) if conflict.iter().any(|mark| line.starts_with(mark)) => {
                    fault.help("resolve the merge conflict")
                }
                _ => fault,
            }
        })?;
        Ok(Self { document })
    }

    /// Returns the root element.
    pub(super) fn root(&self) -> Element<'_, 't> {
        Element(self.document.root_element())
    }
}

/// An encoding that is named counts where a byte means something else in it than in UTF-8.
fn other_encoding(text: &str) -> Option<Fault> {
    let declaration = text.trim_start_matches('\u{feff}').strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = value.get(1..)?.split_once(quote)?.0;
    if text.trim_start_matches('\u{feff}').is_ascii() || name.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let start = text.find(value)? + 1;
    let fault = Fault::new(Span::new(start, start + name.len()), format!("the encoding is {name}, expected UTF-8"));
    Some(fault.help("save the file as UTF-8, and name that here"))
}

/// Returns the byte of a line and a column, both from 1, the column in characters.
fn offset(text: &str, row: u32, column: u32) -> usize {
    let (row, column) = (row.saturating_sub(1) as usize, column.saturating_sub(1) as usize);
    let start = row
        .checked_sub(1)
        .map_or(0, |before| text.match_indices('\n').nth(before).map_or(text.len(), |(at, _)| at + 1));
    let line = text.get(start..).unwrap_or("");
    start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

impl<'d, 't> Element<'d, 't> {
    /// Returns its name, without a prefix.
    pub(super) fn name(self) -> &'d str {
        self.0.tag_name().name()
    }

    /// Returns its bytes, tags included.
    pub(super) fn span(self) -> Span {
        self.0.range().into()
    }

    /// Returns the elements in it.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        self.0.children().filter(Node::is_element).map(Self)
    }

    /// Returns itself and the elements in it, at any depth.
    pub(super) fn descendants(self) -> impl Iterator<Item = Self> {
        self.0.descendants().filter(Node::is_element).map(Self)
    }

    /// Returns the first element in it with this name.
    pub(super) fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// Returns its text without blanks around it; comments in it do not count.
    pub(super) fn text(self) -> String {
        let texts = self.0.children().filter(Node::is_text).filter_map(|node| node.text());
        texts.collect::<String>().trim().to_owned()
    }

    /// Returns its text as a value that can be edited: without blanks around it, and without the marks of a CDATA section. `name` is what
    /// messages call it.
    ///
    /// # Errors
    /// If its bytes are not its text: a comment parts it, or something is written as an entity.
    pub(super) fn scalar(self, name: &str) -> Result<Scalar, Fault> {
        let text = self.text();
        self.place(&text).ok_or_else(|| {
            let fault = Fault::new(self.span(), format!("`{name}` is not one plain text"));
            fault.help("write it without comments and entities inside, as in 1.2.3")
        })
    }

    fn place(self, text: &str) -> Option<Scalar> {
        let source = self.0.document().input_text();
        let is_blank = |node: &Node<'_, '_>| node.text().is_none_or(|text| text.trim().is_empty());
        let mut texts = self.0.children().filter(|node| node.is_text() && !is_blank(node));
        let range = texts.next().filter(|_| texts.next().is_none())?.range();
        let raw = source.get(range.clone())?;
        // The marks of a section are in no text that is written plainly.
        let inner = raw.trim().strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>"));
        let inner = inner.unwrap_or(raw).trim();
        // `inner` is a part of `raw`.
        let start = range.start + (inner.as_ptr() as usize - raw.as_ptr() as usize);
        let span = Span::new(start, start + inner.len());
        (inner == text && !text.is_empty()).then(|| Scalar { span, text: text.to_owned(), style: Style::Quoted })
    }
}
