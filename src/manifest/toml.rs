//! Any TOML file, by pointer.

use toml_edit::{Item, TableLike, Value};

use super::toml_document::{TomlReader, parse};
use super::{Fault, Found, VersionPlace};
use crate::model::Pointer;
use crate::text::Span;

/// How many keys a message lists.
const LISTED: usize = 8;

/// Something that a pointer can step into or end at.
#[derive(Clone, Copy)]
enum Node<'d> {
    Item(&'d Item),
    Value(&'d Value),
    Table(&'d dyn TableLike, Option<Span>),
}

/// Finds the one string that the pointer names: through tables of any spelling, arrays and arrays of tables by index from 0.
pub(super) fn find(text: &str, pointer: &Pointer) -> Result<Found, Vec<Fault>> {
    let document = parse(text)?;
    let mut node = Node::Item(document.as_item());
    let mut span = Span::new(0, 0);
    for key in pointer.keys() {
        span = node.span().unwrap_or(span);
        node = node.step(key).ok_or_else(|| vec![missing(node, pointer, key, span)])?;
    }
    let mut reader = TomlReader::new(text);
    let name = pointer.to_string();
    let string = match node {
        Node::Item(item) => reader.string(item, &name),
        Node::Value(value) => reader.string_value(value, &name),
        Node::Table(..) => {
            let fault = Fault::new(node.span().unwrap_or(span), format!("`{name}` is a table, a string is expected"));
            reader.fault(fault);
            None
        }
    };
    let scalar = string.and_then(|string| reader.part(&string, 0, string.value.len(), &name));
    let versions = scalar.map(|scalar| VersionPlace::behind_v(name, scalar)).into_iter().collect();
    reader.finish(Found { versions, ..Found::default() })
}

impl<'d> Node<'d> {
    fn step(self, key: &str) -> Option<Self> {
        if let Some(table) = self.table() {
            return table.get(key).map(Node::Item);
        }
        let index = index(key)?;
        match self {
            Node::Item(Item::ArrayOfTables(tables)) => {
                tables.get(index).map(|table| Node::Table(table, table.span().map(Span::from)))
            }
            Node::Item(Item::Value(Value::Array(array))) | Node::Value(Value::Array(array)) => {
                array.get(index).map(Node::Value)
            }
            _ => None,
        }
    }

    fn table(self) -> Option<&'d dyn TableLike> {
        match self {
            Node::Item(item) => item.as_table_like(),
            Node::Value(value) => value.as_inline_table().map(|table| table as &dyn TableLike),
            Node::Table(table, _) => Some(table),
        }
    }

    fn span(self) -> Option<Span> {
        match self {
            Node::Item(item) => item.span().map(Span::from),
            Node::Value(value) => value.span().map(Span::from),
            Node::Table(_, span) => span,
        }
    }

    /// Says what there is to step into.
    fn choices(self) -> String {
        let length = match self {
            Node::Item(Item::ArrayOfTables(tables)) => Some(tables.len()),
            Node::Item(Item::Value(Value::Array(array))) | Node::Value(Value::Array(array)) => Some(array.len()),
            _ => None,
        };
        if let Some(length) = length {
            return format!("there stands an array of {length}, which is counted from 0");
        }
        let Some(table) = self.table() else {
            return "there stands a plain value".to_owned();
        };
        let keys: Vec<String> = table.iter().map(|(key, _)| format!("`{key}`")).collect();
        let more = if keys.len() > LISTED { ", …" } else { "" };
        let listed: Vec<String> = keys.into_iter().take(LISTED).collect();
        if listed.is_empty() {
            "the table there is empty".to_owned()
        } else {
            format!("the keys there are {}{more}", listed.join(", "))
        }
    }
}

/// Reads an index as RFC 6901 writes it: digits without a leading zero.
fn index(key: &str) -> Option<usize> {
    let plain = key.bytes().all(|b| b.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
    plain.then(|| key.parse().ok()).flatten()
}

fn missing(node: Node<'_>, pointer: &Pointer, key: &str, span: Span) -> Fault {
    Fault::new(span, format!("the pointer `{pointer}` leads nowhere: there is no `{key}`")).help(node.choices())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
top = '0'
a.b.\"c/d~\" = \"1\"
list = [ \"2\", { v = '3' }, [ '4' ] ]
number = 5
[[t]]
v = \"6\"
[[t]]
v = \"7\" # c
[t.sub]
v = \"8\"
[\"\"]
\"\" = \"9\"
";

    #[test]
    fn a_pointer_finds_one_string() {
        for (pointer, value) in [
            ("/top", "0"),
            ("/a/b/c~1d~0", "1"),
            ("/list/0", "2"),
            ("/list/1/v", "3"),
            ("/list/2/0", "4"),
            ("/t/0/v", "6"),
            ("/t/1/v", "7"),
            ("/t/1/sub/v", "8"),
            ("//", "9"),
        ] {
            let found = find(TEXT, &Pointer::new(pointer).unwrap()).unwrap();
            let [place] = found.versions.as_slice() else { panic!("{pointer}: {found:?}") };
            assert_eq!((place.field.as_str(), place.scalar.text.as_str()), (pointer, value));
            assert_eq!(place.scalar.span.of(TEXT), Some(value));
        }
    }

    #[test]
    fn a_pointer_that_leads_nowhere_says_what_is_there() {
        for (pointer, message, help) in [
            (
                "/tip",
                "the pointer `/tip` leads nowhere: there is no `tip`",
                "the keys there are `top`, `a`, `list`, `number`, `t`, ``",
            ),
            (
                "/t/2/v",
                "the pointer `/t/2/v` leads nowhere: there is no `2`",
                "there stands an array of 2, which is counted from 0",
            ),
            (
                "/list/00",
                "the pointer `/list/00` leads nowhere: there is no `00`",
                "there stands an array of 3, which is counted from 0",
            ),
            (
                "/list/-",
                "the pointer `/list/-` leads nowhere: there is no `-`",
                "there stands an array of 3, which is counted from 0",
            ),
            ("/top/x", "the pointer `/top/x` leads nowhere: there is no `x`", "there stands a plain value"),
        ] {
            let faults = find(TEXT, &Pointer::new(pointer).unwrap()).unwrap_err();
            assert_eq!((faults[0].message.as_str(), faults[0].help.as_deref()), (message, Some(help)));
        }
        for (pointer, message) in [
            ("/number", "`/number` is an integer, a string is expected"),
            ("/t/0", "`/t/0` is a table, a string is expected"),
            ("/a/b", "`/a/b` is a table, a string is expected"),
            ("/list", "`/list` is an array, a string is expected"),
            ("/t", "`/t` is an array of tables, a string is expected"),
        ] {
            let faults = find(TEXT, &Pointer::new(pointer).unwrap()).unwrap_err();
            assert_eq!(faults[0].message, message);
        }
    }
}
