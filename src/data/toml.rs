//! TOML as a tree of values.

use toml_edit::{Document, Item, TableLike, Value as TomlValue};

use super::Fault;
use super::value::{Kind, Member, Value};
use crate::text::{Span, without_bom};

/// Parses a text.
///
/// # Errors
/// Returns an error if it is not TOML.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    let (body, bom) = without_bom(text);
    let document = Document::parse(body).map_err(|error| {
        let span = error.span().map_or(Span::new(body.len(), body.len()), Span::from).shifted(bom);
        let span = if span.of(text).is_some() { span } else { Span::new(text.len(), text.len()) };
        Fault::new(span, format!("invalid TOML: {}", error.message().trim().replace('\n', ", ")))
    })?;
    Ok(Value { span: Span::new(bom, text.len()), kind: table(document.as_table(), bom) })
}

fn table(table: &dyn TableLike, bom: usize) -> Kind {
    let member = |(key, value): (&str, &Item)| Member { key: key.to_owned(), value: item(value, bom) };
    Kind::Table(table.iter().filter(|(_, item)| !item.is_none()).map(member).collect())
}

fn item(item: &Item, bom: usize) -> Value {
    let span = item.span().map_or(Span::new(0, 0), |span| Span::from(span).shifted(bom));
    let kind = match item {
        Item::Value(inner) => return value(inner, bom),
        Item::Table(inner) => table(inner, bom),
        Item::ArrayOfTables(tables) => {
            let row = |row: &toml_edit::Table| Value {
                span: row.span().map_or(span, |span| Span::from(span).shifted(bom)),
                kind: table(row, bom),
            };
            Kind::List(tables.iter().map(row).collect())
        }
        Item::None => Kind::Null,
    };
    Value { span, kind }
}

fn value(value: &TomlValue, bom: usize) -> Value {
    let span = value.span().map_or(Span::new(0, 0), |span| Span::from(span).shifted(bom));
    let kind = match value {
        TomlValue::String(text) => Kind::Text(text.value().clone()),
        TomlValue::Integer(number) => Kind::Number(number.value().to_string()),
        TomlValue::Float(number) => Kind::Number(number.value().to_string()),
        TomlValue::Boolean(flag) => Kind::Flag(*flag.value()),
        TomlValue::Datetime(date) => Kind::Text(date.value().to_string()),
        TomlValue::Array(items) => Kind::List(items.iter().map(|item| self::value(item, bom)).collect()),
        TomlValue::InlineTable(inner) => table(inner, bom),
    };
    Value { span, kind }
}
