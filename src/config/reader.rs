//! [`TableReader`]: reads one table key by key, and knows afterwards which keys were never requested.

use crate::model::{ProblemCode, choices, did_you_mean, nearest};
use std::ops::Range;

use toml_edit::{Item, Table, TableLike, Value};

use super::Spanned;
use super::key_tables::owner_of;
use super::problems::Problems;
use crate::text::Span;

/// A table of relman.toml while it is read. The known keys of a table are exactly those that were requested.
///
/// Every method that takes a key returns `None` if the key is absent, and if its value is of a wrong type, which is then
/// added to the [`Problems`].
pub(super) struct TableReader<'a> {
    problems: &'a Problems<'a>,
    table: &'a dyn TableLike,
    /// The dotted name, empty for the root.
    name: String,
    span: Span,
    asked: Vec<&'static str>,
}

/// An element of an array that holds strings and tables.
pub(super) enum Element<'a> {
    /// A string.
    Text(Spanned<String>),
    /// A table.
    Table(TableReader<'a>),
}

/// A value of any type.
pub(super) enum Node<'a> {
    /// A string.
    Text(Spanned<String>),
    /// An array.
    List(Spanned<Vec<Self>>),
    /// A table.
    Table(TableReader<'a>),
    /// A value of another type: what it is called.
    Other(Spanned<&'static str>),
}

impl Node<'_> {
    /// Returns where it is.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::List(list) => list.span,
            Self::Table(table) => table.span(),
            Self::Other(kind) => kind.span,
        }
    }

    /// Returns what it is called.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind.value,
        }
    }
}

impl<'a> TableReader<'a> {
    /// Returns the reader of the whole document.
    pub(super) fn root(problems: &'a Problems<'a>, table: &'a dyn TableLike) -> Self {
        Self { problems, table, name: String::new(), span: Span::new(0, 0), asked: Vec::new() }
    }

    /// Returns where the table's key is.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// Returns where problems of the table go.
    pub(super) fn problems(&self) -> &'a Problems<'a> {
        self.problems
    }

    /// Returns `true` if the table contains a key, whatever its value.
    pub(super) fn holds(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Reads a string.
    pub(super) fn string(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let (item, span) = self.get(key)?;
        self.text(key, item, span)
    }

    /// Reads an array of strings; elements of another type are reported and left out.
    pub(super) fn strings(&mut self, key: &'static str) -> Option<Spanned<Vec<Spanned<String>>>> {
        let (item, span) = self.get(key)?;
        let Some(array) = item.as_array() else {
            let help = match item.as_str() {
                Some(text) => format!("write {key} = [\"{text}\"]"),
                None => format!("write {key} = [\"...\"]"),
            };
            self.wrong_type(key, item, span, "an array of strings", &help);
            return None;
        };
        let strings = array.iter().filter_map(|value| {
            let at = span_of(value.span(), span);
            let text = value.as_str().map(|text| Spanned::new(text.to_owned(), at));
            if text.is_none() {
                let found = kind_of_value(value);
                let message = format!("`{key}` must hold strings only, not {found}");
                self.problems.add_as(
                    ProblemCode::ConfigType,
                    at,
                    message,
                    "put the value between quotes, or remove it",
                );
            }
            text
        });
        Some(Spanned::new(strings.collect(), span))
    }

    /// Reads an array of strings and tables.
    pub(super) fn elements(&mut self, key: &'static str) -> Option<Spanned<Vec<Element<'a>>>> {
        let (item, span) = self.get(key)?;
        let name = self.name_of(key);
        let elements = match item {
            Item::ArrayOfTables(tables) => tables
                .iter()
                .map(|table| self.below(table, name.clone(), span_of(table.span(), span)))
                .map(Element::Table)
                .collect(),
            Item::Value(Value::Array(values)) => {
                values.iter().filter_map(|v| self.element(key, &name, v, span)).collect()
            }
            _ => {
                let help = format!("write {key} = [\"...\"]");
                self.wrong_type(key, item, span, "an array of strings and tables", &help);
                return None;
            }
        };
        Some(Spanned::new(elements, span))
    }

    fn element(&self, key: &str, name: &str, value: &'a Value, around: Span) -> Option<Element<'a>> {
        let span = span_of(value.span(), around);
        match value {
            Value::String(text) => Some(Element::Text(Spanned::new(text.value().clone(), span))),
            Value::InlineTable(table) => Some(Element::Table(self.below(table, name.to_owned(), span))),
            _ => {
                let message = format!("`{key}` must hold strings and tables only, not {}", kind_of_value(value));
                self.problems.add_as(
                    ProblemCode::ConfigType,
                    span,
                    message,
                    "write a string, or a table, as in { ... }",
                );
                None
            }
        }
    }

    /// Reads a string or a table.
    pub(super) fn text_or_table(&mut self, key: &'static str) -> Option<Element<'a>> {
        let (item, span) = self.get(key)?;
        if let Some(text) = item.as_str() {
            return Some(Element::Text(Spanned::new(text.to_owned(), span)));
        }
        let name = self.name_of(key);
        if item.as_table_like().is_none() {
            self.wrong_type(key, item, span, "a string or a table", &format!("write {key} = \"...\", or [{name}]"));
            return None;
        }
        self.as_table(key, item, name, span).map(Element::Table)
    }

    /// Reads a table with arbitrary keys and whose values are strings, in the order of the file.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<(Spanned<String>, Spanned<String>)>> {
        let outer = self.table(key)?;
        let entries = outer.free_entries();
        let texts = entries.into_iter().filter_map(|(key, item)| {
            let text = outer.text(&key.value, item, span_of(item.span(), key.span))?;
            Some((key, text))
        });
        Some(texts.collect())
    }

    /// Reads a string, or `false`, which is `None`.
    pub(super) fn string_or_false(&mut self, key: &'static str) -> Option<Spanned<Option<String>>> {
        let (item, span) = self.get(key)?;
        match (item.as_str(), item.as_bool()) {
            (Some(text), _) => Some(Spanned::new(Some(text.to_owned()), span)),
            (None, Some(false)) => Some(Spanned::new(None, span)),
            _ => {
                self.wrong_type(key, item, span, "a string or `false`", &format!("write {key} = \"...\""));
                None
            }
        }
    }

    /// Reads a boolean.
    pub(super) fn boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let (item, span) = self.get(key)?;
        let value = item.as_bool();
        if value.is_none() {
            self.wrong_type(
                key,
                item,
                span,
                "a boolean",
                &format!("write {key} = true or {key} = false, without quotes"),
            );
        }
        value.map(|value| Spanned::new(value, span))
    }

    /// Reads an integer that is at least `least`.
    pub(super) fn integer(&mut self, key: &'static str, least: u64) -> Option<Spanned<u64>> {
        let (item, span) = self.get(key)?;
        let Some(value) = item.as_integer() else {
            self.wrong_type(key, item, span, "an integer", &format!("write {key} = {least} or more, without quotes"));
            return None;
        };
        let value = u64::try_from(value).ok().filter(|value| *value >= least);
        if value.is_none() {
            let message = format!("`{key}` must be {least} or more");
            self.problems.add(span, message, format!("the lowest value is {least}"));
        }
        value.map(|value| Spanned::new(value, span))
    }

    /// Reads an array of integers.
    pub(super) fn integers(&mut self, key: &'static str) -> Option<Spanned<Vec<Spanned<i64>>>> {
        let (item, span) = self.get(key)?;
        let values = item.as_array().map(|array| array.iter().map(|value| (value, value.as_integer())));
        let Some(numbers) = values.and_then(|mut values| {
            values.try_fold(Vec::new(), |mut numbers, (value, number)| {
                numbers.push(Spanned::new(number?, span_of(value.span(), span)));
                Some(numbers)
            })
        }) else {
            self.wrong_type(key, item, span, "an array of integers", &format!("write {key} = [0]"));
            return None;
        };
        Some(Spanned::new(numbers, span))
    }

    /// Reads a string that is one of a few names.
    pub(super) fn one_of<T: Copy>(&mut self, key: &'static str, names: &[(&str, T)]) -> Option<Spanned<T>> {
        let text = self.string(key)?;
        choose(self.problems, key, &text, names)
    }

    /// Returns the value that a string names, if it is one of a few names.
    pub(super) fn chosen<T: Copy>(&self, key: &str, text: &Spanned<String>, names: &[(&str, T)]) -> Option<T> {
        choose(self.problems, key, text, names).map(|chosen| chosen.value)
    }

    /// Reads a table.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Self> {
        let (item, span) = self.get(key)?;
        let name = self.name_of(key);
        self.as_table(key, item, name, span)
    }

    /// Reads a table with arbitrary keys whose values are tables, in the order of the file.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<(Spanned<String>, Self)> {
        let Some(outer) = self.table(key) else { return Vec::new() };
        let entries = outer.free_entries();
        let tables = entries.into_iter().filter_map(|(key, item)| {
            let name = outer.name_of(&key.value);
            outer.as_table(&key.value, item, name, place_of(item, key.span)).map(|table| (key, table))
        });
        tables.collect()
    }

    /// Reads a table with arbitrary keys whose values are one of a few names, in the order of the file.
    pub(super) fn choices<T: Copy>(&mut self, key: &'static str, names: &[(&str, T)]) -> Vec<(Spanned<String>, T)> {
        let Some(outer) = self.table(key) else { return Vec::new() };
        let entries = outer.free_entries();
        let chosen = entries.into_iter().filter_map(|(key, item)| {
            let text = outer.text(&key.value, item, span_of(item.span(), key.span))?;
            choose(outer.problems, &key.value, &text, names).map(|value| (key, value.value))
        });
        chosen.collect()
    }

    /// Reads a value of any type.
    pub(super) fn node(&mut self, key: &'static str) -> Option<Node<'a>> {
        let (item, span) = self.get(key)?;
        Some(self.item_node(self.name_of(key), item, span))
    }

    /// Reads a table with arbitrary keys and values of any type, in the order of the file.
    pub(super) fn nodes(&mut self, key: &'static str) -> Vec<(Spanned<String>, Node<'a>)> {
        self.table(key).map_or(Vec::new(), |table| table.entries())
    }

    /// Returns the keys of a table with arbitrary keys and their values, in the order of the file.
    pub(super) fn entries(&self) -> Vec<(Spanned<String>, Node<'a>)> {
        let node = |(key, item): (Spanned<String>, &'a Item)| {
            let node = self.item_node(self.name_of(&key.value), item, place_of(item, key.span));
            (key, node)
        };
        self.free_entries().into_iter().map(node).collect()
    }

    fn item_node(&self, name: String, item: &'a Item, span: Span) -> Node<'a> {
        match item {
            Item::Value(value) => self.value_node(name, value, span),
            Item::Table(table) => Node::Table(self.below(table, name, span)),
            Item::ArrayOfTables(tables) => {
                let table = |table: &'a Table| self.below(table, name.clone(), span_of(table.span(), span));
                Node::List(Spanned::new(tables.iter().map(table).map(Node::Table).collect(), span))
            }
            Item::None => Node::Other(Spanned::new("a table", span)),
        }
    }

    fn value_node(&self, name: String, value: &'a Value, span: Span) -> Node<'a> {
        match value {
            Value::String(text) => Node::Text(Spanned::new(text.value().clone(), span)),
            Value::InlineTable(table) => Node::Table(self.below(table, name, span)),
            Value::Array(values) => {
                let node = |value: &'a Value| self.value_node(name.clone(), value, span_of(value.span(), span));
                Node::List(Spanned::new(values.iter().map(node).collect(), span))
            }
            _ => Node::Other(Spanned::new(kind_of_value(value), span)),
        }
    }

    /// Reads a table with arbitrary keys and values as JSON. A date becomes a string.
    pub(super) fn json(&mut self, key: &'static str) -> serde_json::Map<String, serde_json::Value> {
        let Some(table) = self.table(key) else { return serde_json::Map::new() };
        table.free_entries().into_iter().map(|(key, item)| (key.value, as_json(item))).collect()
    }

    /// Returns `true` if a key was not requested so far. After all have been: one of them is misspelled, and may be the one that is missing.
    pub(super) fn has_unknown_key(&self) -> bool {
        self.table.iter().any(|(key, _)| !self.asked.contains(&key))
    }

    /// Reports every key that was never requested.
    pub(super) fn finish(self) {
        let place = if self.name.is_empty() { String::new() } else { format!(" in `{}`", self.name) };
        for (key, _) in self.free_entries().into_iter().filter(|(key, _)| !self.asked.contains(&key.value.as_str())) {
            let near = nearest(&key.value, &self.asked);
            // What differs in a letter is a slip of the hand, whatever other tables have.
            let is_slip = near.is_some_and(|near| near.len().abs_diff(key.value.len()) < 2);
            let owner = if self.problems.is_relman_toml && !is_slip { owner_of(&key.value) } else { None };
            let meant = |otherwise: String| did_you_mean(&key.value, &self.asked, || otherwise);
            let help = match owner {
                Some(owner) if near.is_some() => format!("{owner}; {}", meant(String::new())),
                Some(owner) => owner,
                None => meant(format!("known keys{place}: {}", self.asked.join(", "))),
            };
            self.problems.add_as(ProblemCode::ConfigKey, key.span, format!("unknown key `{}`{place}", key.value), help);
        }
    }

    fn free_entries(&self) -> Vec<(Spanned<String>, &'a Item)> {
        let entries = self.table.iter().map(|(name, item)| {
            let key = self.table.key(name).and_then(toml_edit::Key::span);
            (Spanned::new(name.to_owned(), span_of(key, self.span)), item)
        });
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|(key, _)| key.span);
        entries
    }

    fn get(&mut self, key: &'static str) -> Option<(&'a Item, Span)> {
        self.asked.push(key);
        #[cfg(test)]
        self.problems.asked.borrow_mut().insert(self.name_of(key));
        let item = self.table.get(key)?;
        let own = self.table.key(key).and_then(toml_edit::Key::span);
        let own = span_of(own, self.span);
        Some((item, place_of(item, own)))
    }

    fn text(&self, key: &str, item: &Item, span: Span) -> Option<Spanned<String>> {
        let text = item.as_str();
        if text.is_none() {
            self.wrong_type(key, item, span, "a string", &format!("write {key} = \"...\""));
        }
        text.map(|text| Spanned::new(text.to_owned(), span))
    }

    fn as_table(&self, key: &str, item: &'a Item, name: String, span: Span) -> Option<Self> {
        let table = item.as_table_like();
        if table.is_none() {
            self.wrong_type(key, item, span, "a table", &format!("write it as [{name}]"));
        }
        table.map(|table| self.below(table, name, span))
    }

    fn below(&self, table: &'a dyn TableLike, name: String, span: Span) -> Self {
        Self { problems: self.problems, table, name, span, asked: Vec::new() }
    }

    fn wrong_type(&self, key: &str, item: &Item, span: Span, expected: &str, help: &str) {
        let found = match item {
            Item::Value(value) => kind_of_value(value),
            Item::ArrayOfTables(_) => "an array of tables",
            Item::Table(_) | Item::None => "a table",
        };
        self.problems.add_as(ProblemCode::ConfigType, span, format!("`{key}` must be {expected}, not {found}"), help);
    }

    fn name_of(&self, key: &str) -> String {
        let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let key = if bare { key.to_owned() } else { format!("{key:?}") };
        if self.name.is_empty() { key } else { format!("{}.{key}", self.name) }
    }
}

/// Finds the value of a name.
fn choose<T: Copy>(
    problems: &Problems<'_>,
    key: &str,
    text: &Spanned<String>,
    names: &[(&str, T)],
) -> Option<Spanned<T>> {
    let chosen = names.iter().find(|(name, _)| *name == text.value);
    if chosen.is_none() {
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let help = did_you_mean(&text.value, &known, || format!("write one of {}", choices(&known)));
        problems.add(text.span, format!("`{key}` must be {}, not `{}`", choices(&known), text.value), help);
    }
    chosen.map(|(_, value)| text.with(*value))
}

/// Returns where a reader looks for a value: at a table's key, whose own span is its header or its braces, else at the value.
fn place_of(item: &Item, key: Span) -> Span {
    if item.is_table_like() { key } else { span_of(item.span(), key) }
}

fn span_of(span: Option<Range<usize>>, otherwise: Span) -> Span {
    span.map_or(otherwise, Span::from)
}

/// A value of TOML as JSON.
fn as_json(item: &Item) -> serde_json::Value {
    match item {
        Item::Value(value) => value_as_json(value),
        Item::Table(table) => table.iter().map(|(key, item)| (key.to_owned(), as_json(item))).collect(),
        Item::ArrayOfTables(tables) => {
            let table = |table: &Table| table.iter().map(|(key, item)| (key.to_owned(), as_json(item))).collect();
            serde_json::Value::Array(tables.iter().map(table).collect())
        }
        Item::None => serde_json::Value::Null,
    }
}

fn value_as_json(value: &Value) -> serde_json::Value {
    match value {
        Value::String(text) => text.value().as_str().into(),
        Value::Integer(number) => (*number.value()).into(),
        Value::Float(number) => (*number.value()).into(),
        Value::Boolean(flag) => (*flag.value()).into(),
        Value::Datetime(date) => date.value().to_string().into(),
        Value::Array(values) => values.iter().map(value_as_json).collect(),
        Value::InlineTable(table) => table.iter().map(|(key, value)| (key.to_owned(), value_as_json(value))).collect(),
    }
}

fn kind_of_value(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) => "an integer",
        Value::Float(_) => "a float",
        Value::Boolean(_) => "a boolean",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "an array",
        Value::InlineTable(_) => "a table",
    }
}
