//! [`read_tables`] and [`read_named_tables`]: arrays of tables.

use std::collections::BTreeSet;

use super::Spanned;
use super::names::is_name;
use super::reader::{Node, TableReader};
use crate::model::ProblemCode;

/// Reads an array of tables, written under `[[KEY]]` or inline; `form` is an element for help.
pub(super) fn read_tables<'a>(reader: &mut TableReader<'a>, key: &'static str, form: &str) -> Vec<TableReader<'a>> {
    let problems = reader.problems();
    let wrong = |node: &Node<'_>, message: String| {
        problems.add_as(ProblemCode::ConfigType, node.span(), message, format!("write {key} = [{form}]"));
    };
    let elements = match reader.node(key) {
        None => return Vec::new(),
        Some(Node::List(list)) => list.value,
        Some(other) => {
            wrong(&other, format!("`{key}` must be an array of tables, not {}", other.kind()));
            return Vec::new();
        }
    };
    let table = |node| match node {
        Node::Table(table) => Some(table),
        other => {
            wrong(&other, format!("`{key}` must hold tables only, not {}", other.kind()));
            None
        }
    };
    elements.into_iter().filter_map(table).collect()
}

/// Reads an array of tables in which each has a `name` of its own; tables without one are reported, and read all the same.
pub(super) fn read_named_tables<'a>(
    reader: &mut TableReader<'a>,
    key: &'static str,
    form: &str,
) -> Vec<(String, TableReader<'a>)> {
    let mut seen = BTreeSet::new();
    let named = |mut table: TableReader<'a>| {
        let name = table.string("name");
        if !table.holds("name") {
            let message = format!("this element of `{key}` has no `name`");
            table.problems().add(table.span(), message, format!("write it as in {form}"));
        }
        if let Some(name) = &name {
            check_name(&table, key, name, !seen.insert(name.value.clone()));
        }
        (name.map_or(String::new(), |name| name.value), table)
    };
    read_tables(reader, key, form).into_iter().map(named).collect()
}

fn check_name(table: &TableReader<'_>, key: &str, name: &Spanned<String>, is_taken: bool) {
    let (message, help) = if !is_name(&name.value) || name.value.contains(',') {
        (format!("{:?} is not a valid name", name.value), "choose another name, without white space and commas")
    } else if is_taken {
        (format!("two elements of `{key}` have the name `{}`", name.value), "give one of them another name")
    } else {
        return;
    };
    table.problems().add(name.span, message, help);
}
