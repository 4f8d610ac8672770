//! Sections of keys, as Python's configparser reads them: `[section]`, `key = value` or `key: value`, and indented lines that continue a
//! value. Comments are lines that start with `#` or `;`.

use super::Fault;
use super::value::{Kind, Member, Value};
use crate::text::{Span, without_bom};

/// Parses a text into a table of sections, whose values are texts. Keys are in lower case.
///
/// # Errors
/// Returns an error if a line is neither a section nor a key with a value.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    let mut at = without_bom(text).1;
    let mut sections: Vec<Member> = Vec::new();
    let mut in_value = false;
    for whole in text.get(at..).unwrap_or("").split_inclusive('\n') {
        let line = whole.trim_end();
        let span = Span::new(at, at + line.len());
        at += whole.len();
        let trimmed = line.trim_start();
        if trimmed.starts_with(['#', ';']) {
            continue;
        }
        let keys = sections.last_mut().and_then(|section| match &mut section.value.kind {
            Kind::Table(keys) => Some(keys),
            _ => None,
        });
        let is_deeper = trimmed.len() < line.len() || trimmed.is_empty();
        match keys {
            Some(keys) if in_value && is_deeper => keep_on(keys, trimmed),
            _ if trimmed.is_empty() => {}
            _ if trimmed.starts_with('[') => {
                let name = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                let name = name.ok_or_else(|| wrong(span, trimmed, "`key = value` or `[section]`"))?;
                sections.push(Member { key: name.to_owned(), value: Value { span, kind: Kind::Table(Vec::new()) } });
                in_value = false;
            }
            Some(keys) => {
                let (key, value) =
                    trimmed.split_once(['=', ':']).ok_or_else(|| wrong(span, trimmed, "`key = value`"))?;
                let value = Value { span, kind: Kind::Text(value.trim().to_owned()) };
                keys.push(Member { key: key.trim().to_lowercase(), value });
                in_value = true;
            }
            None => return Err(wrong(span, trimmed, "a section such as `[tool]`")),
        }
    }
    for section in &mut sections {
        finish(&mut section.value);
    }
    Ok(Value { span: Span::new(0, text.len()), kind: Kind::Table(sections) })
}

fn keep_on(keys: &mut [Member], line: &str) {
    if let Some(Kind::Text(text)) = keys.last_mut().map(|member| &mut member.value.kind) {
        text.push('\n');
        text.push_str(line);
    }
}

/// Takes the blank lines behind values away.
fn finish(section: &mut Value) {
    let Kind::Table(keys) = &mut section.kind else { return };
    for member in keys {
        if let Kind::Text(text) = &mut member.value.kind {
            text.truncate(text.trim_end().len());
        }
    }
}

fn wrong(span: Span, line: &str, expected: &str) -> Fault {
    Fault::new(span, format!("found `{line}`, expected {expected}"))
}
