//! Any TOML file, by pointer.

use toml_edit::{Item, TableLike, Value};

use super::json::{length_there, pointer_index};
use super::toml_document::{TomlReader, parse};
use super::{Found, VersionPlace};
use crate::data::Fault;
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
            let fault = Fault::new(node.span().unwrap_or(span), format!("`{name}` is a table, expected a string"));
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
        let index = pointer_index(key)?;
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

    /// Describes what the node has instead of `key`.
    fn choices(self, key: &str) -> String {
        let length = match self {
            Node::Item(Item::ArrayOfTables(tables)) => Some(tables.len()),
            Node::Item(Item::Value(Value::Array(array))) | Node::Value(Value::Array(array)) => Some(array.len()),
            _ => None,
        };
        if let Some(length) = length {
            return length_there(key, length);
        }
        let Some(table) = self.table() else {
            return "found a scalar".to_owned();
        };
        let keys: Vec<String> = table.iter().map(|(key, _)| format!("`{key}`")).collect();
        let more = if keys.len() > LISTED { ", …" } else { "" };
        let listed: Vec<String> = keys.into_iter().take(LISTED).collect();
        if listed.is_empty() {
            "the table is empty".to_owned()
        } else {
            format!("the keys are {}{more}", listed.join(", "))
        }
    }
}

fn missing(node: Node<'_>, pointer: &Pointer, key: &str, span: Span) -> Fault {
    Fault::new(span, format!("the pointer `{pointer}` does not resolve: `{key}` not found")).help(node.choices(key))
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
    fn an_unresolved_pointer_says_what_is_there() {
        for (pointer, message, help) in [
            (
                "/tip",
                "the pointer `/tip` does not resolve: `tip` not found",
                "the keys are `top`, `a`, `list`, `number`, `t`, ``",
            ),
            (
                "/t/2/v",
                "the pointer `/t/2/v` does not resolve: `2` not found",
                "index 2 is out of bounds: the array has 2 elements",
            ),
            (
                "/list/00",
                "the pointer `/list/00` does not resolve: `00` not found",
                "`00` is not an index: the array has 3 elements, counted from 0",
            ),
            (
                "/list/-",
                "the pointer `/list/-` does not resolve: `-` not found",
                "`-` is not an index: the array has 3 elements, counted from 0",
            ),
            ("/top/x", "the pointer `/top/x` does not resolve: `x` not found", "found a scalar"),
        ] {
            let faults = find(TEXT, &Pointer::new(pointer).unwrap()).unwrap_err();
            assert_eq!((faults[0].message.as_str(), faults[0].help.as_deref()), (message, Some(help)));
        }
        for (pointer, message) in [
            ("/number", "`/number` is an integer, expected a string"),
            ("/t/0", "`/t/0` is a table, expected a string"),
            ("/a/b", "`/a/b` is a table, expected a string"),
            ("/list", "`/list` is an array, expected a string"),
            ("/t", "`/t` is an array of tables, expected a string"),
        ] {
            let faults = find(TEXT, &Pointer::new(pointer).unwrap()).unwrap_err();
            assert_eq!(faults[0].message, message);
        }
    }
}
