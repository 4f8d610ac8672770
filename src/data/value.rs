//! [`Value`]: what a file holds, in whatever language it is written, for reading only.

use crate::text::Span;

/// A value of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// Its bytes.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: Kind,
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    Null,
    /// A truth value.
    Flag(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// Elements.
    List(Vec<Value>),
    /// Keys and values, in the order of the text.
    Table(Vec<Member>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The key.
    pub(crate) key: String,
    /// The value.
    pub(crate) value: Value,
}

impl Value {
    /// Returns the value of a key; `None` if the key is missing or this is not a table.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Table(members) => members.iter().find(|member| member.key == key).map(|member| &member.value),
            _ => None,
        }
    }

    /// Returns the text; `None` if it is something else.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Names what it is, for messages.
    pub(crate) fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "empty",
            Kind::Flag(_) => "a truth value",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}
