//! JSON as configuration files have it: with comments, commas behind the last value, bare keys and single quotes, as in JSON5.

use super::Fault;
use super::value::{Kind, Member, Value};
use crate::text::{Span, without_bom};

/// Values in values beyond this depth are refused.
const DEEPEST: usize = 100;

/// Parses a text.
///
/// # Errors
/// Returns an error if it is not JSON, or nested too deeply.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    let mut reader = Reader { text, at: without_bom(text).1 };
    reader.skip();
    if reader.peek().is_none() {
        return Err(Fault::new(Span::new(0, 0), "the file is empty, expected JSON"));
    }
    let value = reader.value(0)?;
    reader.skip();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected("the end")),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes a character if it is the next one.
    fn takes(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        self.at += if is_next { wanted.len_utf8() } else { 0 };
        is_next
    }

    /// Skips white space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let text = rest.trim_start();
            self.at += rest.len() - text.len();
            let comment = match text {
                _ if text.starts_with("//") => text.find('\n').unwrap_or(text.len()),
                _ if text.starts_with("/*") => text.find("*/").map_or(text.len(), |end| end + 2),
                _ => return,
            };
            self.at += comment;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        let start = self.at;
        let kind = match self.peek() {
            Some('{' | '[') if depth >= DEEPEST => {
                return Err(Fault::new(Span::new(start, start + 1), format!("more than {DEEPEST} levels of values")));
            }
            Some('{') => Kind::Table(self.members(depth)?),
            Some('[') => Kind::List(self.items(depth)?),
            Some('"' | '\'') => Kind::Text(self.string()?),
            _ => self.word()?,
        };
        Ok(Value { span: Span::new(start, self.at), kind })
    }

    fn members(&mut self, depth: usize) -> Result<Vec<Member>, Fault> {
        let mut members = Vec::new();
        self.takes('{');
        loop {
            self.skip();
            if self.takes('}') {
                return Ok(members);
            }
            let key = match self.peek() {
                Some('"' | '\'') => self.string()?,
                _ => self.name().ok_or_else(|| self.unexpected("a key or `}`"))?,
            };
            self.skip();
            if !self.takes(':') {
                return Err(self.unexpected("`:`"));
            }
            self.skip();
            members.push(Member { key, value: self.value(depth + 1)? });
            self.skip();
            if !self.takes(',') && self.peek() != Some('}') {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Value>, Fault> {
        let mut items = Vec::new();
        self.takes('[');
        loop {
            self.skip();
            if self.takes(']') {
                return Ok(items);
            }
            items.push(self.value(depth + 1)?);
            self.skip();
            if !self.takes(',') && self.peek() != Some(']') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        let (start, quote) = (self.at, self.peek().unwrap_or('"'));
        let mut is_escaped = false;
        let end = self.rest().char_indices().skip(1).find(|(_, c)| {
            let ends = *c == quote && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            ends || *c == '\n'
        });
        let Some((end, _)) = end.filter(|(_, c)| *c == quote) else {
            return Err(Fault::new(Span::new(start, start + 1), "invalid JSON: the string does not end"));
        };
        let inner = self.text.get(start + 1..start + end).unwrap_or("");
        self.at = start + end + 1;
        if !inner.contains('\\') {
            return Ok(inner.to_owned());
        }
        // In single quotes, a double quote is not escaped and a single one is.
        let plain = if quote == '"' { inner.to_owned() } else { inner.replace("\\'", "'").replace('"', "\\\"") };
        serde_json::from_str(&format!("\"{plain}\"")).map_err(|_| {
            Fault::new(Span::new(start, self.at), "invalid JSON: the string has an escape that does not exist")
        })
    }

    /// Takes the letters, digits and signs that follow.
    fn name(&mut self) -> Option<String> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '+' | '.');
        let rest = self.rest();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| !name.is_empty())?;
        self.at += end;
        Some(name.to_owned())
    }

    fn word(&mut self) -> Result<Kind, Fault> {
        let start = self.at;
        let Some(word) = self.name() else { return Err(self.unexpected("a value")) };
        match word.as_str() {
            "null" => Ok(Kind::Null),
            "true" => Ok(Kind::Flag(true)),
            "false" => Ok(Kind::Flag(false)),
            number if number.parse::<f64>().is_ok() => Ok(Kind::Number(word)),
            _ => Err(Fault::new(Span::new(start, self.at), format!("invalid JSON: found `{word}`, expected a value"))),
        }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        match self.peek() {
            Some(found) => {
                let span = Span::new(self.at, self.at + found.len_utf8());
                Fault::new(span, format!("invalid JSON: found `{found}`, expected {expected}"))
            }
            None => {
                Fault::new(Span::new(self.at, self.at), format!("invalid JSON: the text ends, expected {expected}"))
            }
        }
    }
}
