//! [`TomlReader`]: what the TOML formats share: parsing, and strings as the bytes between their quotes.

use toml_edit::{Document, Item, TableLike, Value};

use crate::data::{Fault, Scalar, Style};
use crate::text::Span;

/// A text that is being read, and what was found wrong in it so far.
#[derive(Debug)]
pub(super) struct TomlReader<'t> {
    text: &'t str,
    faults: Vec<Fault>,
}

/// A string of a TOML text: its value, and the bytes between its quotes.
#[derive(Debug)]
pub(super) struct TomlString<'d> {
    /// The value, escapes resolved.
    pub(super) value: &'d str,
    /// The bytes between the quotes; of a multi-line string without the line end behind the opening quotes.
    pub(super) span: Span,
}

/// Parses a TOML text (version 1.1). All spans count bytes of the text as it is, byte order mark and line ends included.
///
/// # Errors
/// Returns one fault if the text is not TOML, has a duplicate key, or nests deeper than the parser allows (80).
pub(super) fn parse(text: &str) -> Result<Document<&str>, Vec<Fault>> {
    Document::parse(text).map_err(|error| {
        let span = error.span().map(Span::from).filter(|span| span.of(text).is_some());
        let span = span.unwrap_or(Span::new(text.len(), text.len()));
        let fault = Fault::new(span, format!("invalid TOML: {}", error.message()));
        let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let line = text.get(start..).unwrap_or("");
        let conflict = ["<<<<<<< ", "=======", ">>>>>>> ", "||||||| "].into_iter().any(|mark| line.starts_with(mark));
        vec![if conflict { fault.help("resolve the merge conflict") } else { fault }]
    })
}

impl<'t> TomlReader<'t> {
    /// Returns a reader of this text.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, faults: Vec::new() }
    }

    /// Returns what was found, or all faults.
    pub(super) fn finish<T>(self, found: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() { Ok(found) } else { Err(self.faults) }
    }

    /// Notes that something is wrong.
    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Returns the string of an item; anything else is a fault that calls it `key`.
    pub(super) fn string<'d>(&mut self, item: &'d Item, key: &str) -> Option<TomlString<'d>> {
        match item.as_value() {
            Some(value) => self.string_value(value, key),
            None => self.mismatch(item.span(), item.type_name(), "string", key),
        }
    }

    /// Returns the string of a value; anything else is a fault that calls it `key`.
    pub(super) fn string_value<'d>(&mut self, value: &'d Value, key: &str) -> Option<TomlString<'d>> {
        let Some(decoded) = value.as_str() else {
            return self.mismatch(value.span(), value.type_name(), "string", key);
        };
        let span = value.span().and_then(|span| between_quotes(self.text, span.into()))?;
        Some(TomlString { value: decoded, span })
    }

    /// Returns the string at a key; `None` if there is none.
    pub(super) fn string_at<'d>(&mut self, table: &'d dyn TableLike, key: &str) -> Option<TomlString<'d>> {
        table.get(key).and_then(|item| self.string(item, key))
    }

    /// Returns the whole string of an item as a value that can be edited; escapes in it are a fault.
    pub(super) fn scalar(&mut self, item: &Item, key: &str) -> Option<Scalar> {
        let string = self.string(item, key)?;
        self.part(&string, 0, string.value.len(), key)
    }

    /// Returns a part of a string, in bytes of its value, as a value that can be edited; escapes before its end are a fault.
    pub(super) fn part(&mut self, string: &TomlString<'_>, start: usize, end: usize, key: &str) -> Option<Scalar> {
        let raw = string.span.of(self.text).unwrap_or("");
        if raw.get(..end).is_none() || raw.get(..end) != string.value.get(..end) {
            let message = format!("`{key}` is written with escapes or over several lines");
            self.fault(Fault::new(string.span, message).help("write it plainly, between one pair of quotes"));
            return None;
        }
        let text = raw.get(start..end)?.to_owned();
        let span = Span::new(start, end).shifted(string.span.start);
        Some(Scalar { span, text, style: Style::Quoted })
    }

    /// Returns the table at the end of these keys, inline or not; `None` if it is missing, and a fault if the value is not a table.
    pub(super) fn table<'d>(&mut self, parent: &'d dyn TableLike, key: &str) -> Option<&'d dyn TableLike> {
        let item = parent.get(key)?;
        match item.as_table_like() {
            Some(table) => Some(table),
            None => self.mismatch(item.span(), item.type_name(), "table", key),
        }
    }

    /// Returns the table at the end of these keys.
    pub(super) fn table_at<'d>(&mut self, root: &'d dyn TableLike, keys: &[&str]) -> Option<&'d dyn TableLike> {
        keys.iter().try_fold(root, |table, key| self.table(table, key))
    }

    /// Returns the name and the content of every table in the table at the end of these keys; values that are not tables are skipped.
    pub(super) fn tables_in<'d>(
        &mut self,
        root: &'d dyn TableLike,
        keys: &[&str],
    ) -> impl Iterator<Item = (&'d str, &'d dyn TableLike)> + use<'d> {
        let table = self.table_at(root, keys);
        let entries = table.into_iter().flat_map(|table| table.iter());
        entries.filter_map(|(key, item)| Some((key, item.as_table_like()?)))
    }

    /// Returns the values of the array at a key: none if the key is missing, and a fault if its value is not an array.
    pub(super) fn array<'d>(
        &mut self,
        parent: &'d dyn TableLike,
        key: &str,
    ) -> impl Iterator<Item = &'d Value> + use<'d> {
        let array = parent.get(key).and_then(|item| match item.as_array() {
            Some(array) => Some(array),
            None => self.mismatch(item.span(), item.type_name(), "array", key),
        });
        array.into_iter().flat_map(|array| array.iter())
    }

    /// Returns the tables of the array at a key, `[[key]]` or inline; values that are not tables are skipped.
    pub(super) fn rows<'d>(&mut self, parent: &'d dyn TableLike, key: &str) -> Vec<&'d dyn TableLike> {
        match parent.get(key) {
            Some(Item::ArrayOfTables(tables)) => tables.iter().map(|table| table as &dyn TableLike).collect(),
            Some(_) => inline_tables(self.array(parent, key)),
            None => Vec::new(),
        }
    }

    /// Returns the strings of the array at a key.
    pub(super) fn strings(&mut self, parent: &dyn TableLike, key: &str) -> Vec<String> {
        let values: Vec<&Value> = self.array(parent, key).collect();
        values.into_iter().filter_map(|value| self.string_value(value, key).map(|s| s.value.to_owned())).collect()
    }

    fn mismatch<T>(&mut self, span: Option<std::ops::Range<usize>>, is: &str, wanted: &str, key: &str) -> Option<T> {
        let span = span.map_or(Span::new(0, 0), Span::from);
        let fault = Fault::new(span, format!("`{key}` is {}, expected {}", article(is), article(wanted)));
        let written = span.of(self.text).filter(|text| text.len() <= 40 && !text.contains(['\n', '"']));
        self.fault(match (wanted, written) {
            ("string", Some(text)) => fault.help(format!("write it between quotes: \"{text}\"")),
            _ => fault,
        });
        None
    }
}

/// Returns the tables among these values.
pub(super) fn inline_tables<'d>(values: impl Iterator<Item = &'d Value>) -> Vec<&'d dyn TableLike> {
    values.filter_map(Value::as_inline_table).map(|table| table as &dyn TableLike).collect()
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// Returns the bytes between the quotes of a string token.
fn between_quotes(text: &str, token: Span) -> Option<Span> {
    let written = token.of(text)?;
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| written.starts_with(q))?;
    let inner = written.strip_prefix(quotes)?.strip_suffix(quotes)?;
    let skipped = match quotes.len() {
        3 if inner.starts_with("\r\n") => 2,
        3 if inner.starts_with('\n') => 1,
        _ => 0,
    };
    let start = token.start + quotes.len();
    Some(Span::new(start + skipped, start + inner.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Scalar, Vec<Fault>> {
        let document = parse(text)?;
        let mut reader = TomlReader::new(text);
        let scalar = document.as_table().get("v").and_then(|item| reader.scalar(item, "v"));
        scalar.ok_or(reader.faults)
    }

    #[test]
    fn a_scalar_is_the_bytes_between_the_quotes() {
        for text in [
            "v = \"1.0\"",
            "v = '1.0'\n",
            "v = '''1.0'''",
            "v = \"\"\"1.0\"\"\" # c",
            "v = \"\"\"\r\n1.0\"\"\"",
            "\u{feff}v='''\n1.0'''",
            "# \u{e4}\r\n\"v\"\t=\t\"1.0\"\r\n",
        ] {
            let scalar = read(text).unwrap();
            assert_eq!((scalar.text.as_str(), scalar.span.of(text)), ("1.0", Some("1.0")), "{text:?}");
        }
        assert_eq!(read("v = \"\"").unwrap().span, Span::new(5, 5));
    }

    #[test]
    fn what_cannot_be_edited_is_a_fault_with_its_place() {
        for (text, message, written) in [
            ("v = 1.0", "`v` is a float, expected a string", "1.0"),
            ("v = [1]", "`v` is an array, expected a string", "[1]"),
            ("v = \"1\\u002e0\"", "`v` is written with escapes or over several lines", "1\\u002e0"),
            ("v = \"\"\"1\\\n .0\"\"\"", "`v` is written with escapes or over several lines", "1\\\n .0"),
        ] {
            let faults = read(text).unwrap_err();
            assert_eq!(faults.len(), 1, "{text:?}");
            assert_eq!((faults[0].message.as_str(), faults[0].span.of(text)), (message, Some(written)), "{text:?}");
            assert!(faults[0].help.is_some(), "{text:?}");
        }
    }

    #[test]
    fn a_broken_text_says_where_it_breaks() {
        for (text, written) in [("v = \n", ""), ("v = 1\nv = 2\n", "v"), ("\u{feff}[a\n", "")] {
            let faults = read(text).unwrap_err();
            assert!(faults[0].message.starts_with("invalid TOML: "), "{faults:?}");
            assert_eq!(faults[0].span.of(text).map(str::trim), Some(written), "{faults:?}");
        }
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let dotted = format!("{}v = 1", "a.".repeat(100_000));
        let header = format!("[{}v]", "a . ".repeat(100_000));
        let brackets = format!("v = {}", "[".repeat(100_000));
        let inline = format!("v = {}", "{a = ".repeat(100_000));
        for text in [dotted, header, brackets, inline] {
            assert!(parse(&text).is_err());
        }
    }
}
