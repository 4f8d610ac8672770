//! [`Table`]: a table of a tool's file, which notes what became of each of its keys.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::settings::{Fate, Key};
use crate::data::{Fault, Kind, Value};
use crate::model::{Diagnostic, ProblemCode, RepoPath};

/// Keys that only editors read.
const FOR_EDITORS: [&str; 2] = ["$schema", "$id"];

/// A file of a tool, and what was found out about it so far.
#[derive(Debug)]
pub(super) struct ToolFile<'a> {
    /// The file.
    pub(super) path: &'a RepoPath,
    /// The folder that it is about.
    pub(super) home: &'a RepoPath,
    /// Its text.
    pub(super) text: &'a Arc<str>,
    log: RefCell<Log>,
}

#[derive(Debug, Default)]
struct Log {
    asked: BTreeSet<String>,
    keys: Vec<Key>,
    problems: Vec<Diagnostic>,
}

/// A table of it.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    /// The file.
    pub(super) file: &'a ToolFile<'a>,
    name: String,
    value: &'a Value,
}

impl<'a> ToolFile<'a> {
    /// Returns a file that was not read yet.
    pub(super) fn new(path: &'a RepoPath, home: &'a RepoPath, text: &'a Arc<str>) -> Self {
        Self { path, home, text, log: RefCell::default() }
    }

    /// Returns the diagnostic of something that is wrong in it.
    pub(super) fn wrong(&self, fault: Fault) -> Diagnostic {
        let problem = Diagnostic::new(ProblemCode::Unreadable, fault.message).at(self.path, self.text, fault.span);
        match fault.help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }

    /// Returns what became of the keys, and what is wrong.
    pub(super) fn finish(self) -> (Vec<Key>, Vec<Diagnostic>) {
        let log = self.log.into_inner();
        (log.keys, log.problems)
    }
}

impl<'a> Table<'a> {
    /// Returns the outermost table of a file.
    pub(super) fn new(file: &'a ToolFile<'a>, value: &'a Value) -> Self {
        Self { file, name: String::new(), value }
    }

    /// Returns the keys, in the order of the text.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let members = match &self.value.kind {
            Kind::Table(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().map(|member| member.key.as_str())
    }

    /// Returns the text at a key, which is taken over as `taken`; anything but a text is wrong. A number counts as it is written.
    pub(super) fn text(&self, key: &str, taken: &'static str) -> Option<&'a str> {
        let value = self.take(key, taken)?;
        match &value.kind {
            Kind::Text(text) | Kind::Number(text) => Some(text),
            _ => self.mismatch(key, value, "a text"),
        }
    }

    /// Returns the truth value at a key; a text counts if it is a word for one.
    pub(super) fn flag(&self, key: &str, taken: &'static str) -> Option<bool> {
        let value = self.take(key, taken)?;
        match &value.kind {
            Kind::Flag(flag) => Some(*flag),
            Kind::Text(text) if is_any(text, &["true", "yes", "1", "on"]) => Some(true),
            Kind::Text(text) if is_any(text, &["false", "no", "0", "off"]) => Some(false),
            _ => self.mismatch(key, value, "a truth value"),
        }
    }

    /// Returns the texts at a key: those of a list, the lines of a text, or one.
    pub(super) fn texts(&self, key: &str, taken: &'static str) -> Vec<&'a str> {
        let Some(value) = self.asked(key) else { return Vec::new() };
        let texts = self.texts_of(key, value);
        if !texts.is_empty() {
            self.note(key, Fate::As(taken));
        }
        texts
    }

    /// Returns the lists of texts at a key.
    pub(super) fn lists(&self, key: &str, taken: &'static str) -> Vec<Vec<&'a str>> {
        let Some(value) = self.asked(key) else { return Vec::new() };
        let Kind::List(items) = &value.kind else {
            return self.mismatch(key, value, "a list of lists").unwrap_or_default();
        };
        let is_list =
            |item: &&Value| matches!(item.kind, Kind::List(_)) || self.mismatch::<()>(key, item, "a list").is_some();
        let lists: Vec<Vec<&str>> = items.iter().filter(is_list).map(|item| self.texts_of(key, item)).collect();
        if !lists.is_empty() {
            self.note(key, Fate::As(taken));
        }
        lists
    }

    /// Returns the table at a key; `None` if something else is there.
    pub(super) fn table(&self, key: &str) -> Option<Self> {
        let value = self.asked(key)?;
        matches!(value.kind, Kind::Table(_)).then(|| self.inner(key, value))
    }

    /// Returns the table at the end of these keys, whose own keys are named without them.
    pub(super) fn part(&self, keys: &[&str]) -> Option<Self> {
        let value = keys.iter().try_fold(self.value, |value, key| value.get(key))?;
        matches!(value.kind, Kind::Table(_)).then(|| Self { file: self.file, name: String::new(), value })
    }

    /// Returns the tables of the list, or of the table of tables, at a key, with their keys or numbers.
    pub(super) fn tables(&self, key: &str) -> Vec<(String, Self)> {
        let Some(value) = self.asked(key) else { return Vec::new() };
        let inner = |(name, value): (String, &'a Value)| {
            let table = Self { file: self.file, name: self.full(key), value };
            matches!(value.kind, Kind::Table(_)).then_some((name, table))
        };
        match &value.kind {
            Kind::List(items) => {
                items.iter().enumerate().map(|(at, v)| (at.to_string(), v)).filter_map(inner).collect()
            }
            Kind::Table(members) => members.iter().map(|m| (m.key.clone(), &m.value)).filter_map(inner).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the tables in this one, with their keys.
    pub(super) fn sections(&self) -> Vec<(&'a str, Self)> {
        let names: Vec<&str> = self.keys().collect();
        names.into_iter().filter_map(|name| Some((name, self.table(name)?))).collect()
    }

    /// Returns the value at a key, of whatever kind it is.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.asked(key)
    }

    /// Notes that a key was taken over.
    pub(super) fn taken(&self, key: &str, taken: &'static str) {
        if self.asked(key).is_some() {
            self.note(key, Fate::As(taken));
        }
    }

    /// Notes that relman has nothing like a key.
    pub(super) fn without(&self, key: &str, why: &'static str) {
        if self.asked(key).is_some() {
            self.note(key, Fate::Without(why));
        }
    }

    /// Notes what is to be said of all keys that were not asked for.
    pub(super) fn rest(&self, known: &[(&'static str, &'static str)]) {
        for key in self.keys().filter(|key| !FOR_EDITORS.contains(key)) {
            if !self.file.log.borrow().asked.contains(&self.full(key)) {
                let why = known.iter().find(|(name, _)| *name == key).map(|(_, why)| *why);
                self.without(key, why.unwrap_or("relman does not know it"));
            }
        }
    }

    fn inner(&self, key: &str, value: &'a Value) -> Self {
        Self { file: self.file, name: self.full(key), value }
    }

    fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    fn asked(&self, key: &str) -> Option<&'a Value> {
        let value = self.value.get(key)?;
        self.file.log.borrow_mut().asked.insert(self.full(key));
        (value.kind != Kind::Null).then_some(value)
    }

    fn take(&self, key: &str, taken: &'static str) -> Option<&'a Value> {
        let value = self.asked(key)?;
        self.note(key, Fate::As(taken));
        Some(value)
    }

    /// Notes what became of a key. Without words, there is nothing to say of it.
    fn note(&self, key: &str, fate: Fate) {
        let key = Key { name: self.full(key), fate };
        let keys = &mut self.file.log.borrow_mut().keys;
        if key.fate != Fate::As("") && !keys.contains(&key) {
            keys.push(key);
        }
    }

    fn texts_of(&self, key: &str, value: &'a Value) -> Vec<&'a str> {
        match &value.kind {
            Kind::List(items) => items.iter().filter_map(|item| self.text_of(key, item)).collect(),
            Kind::Text(text) => text.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
            _ => self.mismatch(key, value, "a list of texts").unwrap_or_default(),
        }
    }

    fn text_of(&self, key: &str, value: &'a Value) -> Option<&'a str> {
        match &value.kind {
            Kind::Text(text) | Kind::Number(text) => Some(text),
            _ => self.mismatch(key, value, "a text"),
        }
    }

    fn mismatch<T>(&self, key: &str, value: &Value, expected: &str) -> Option<T> {
        let message = format!("`{}` is {}, expected {expected}", self.full(key), value.what());
        let problem = self.file.wrong(Fault::new(value.span, message));
        self.file.log.borrow_mut().problems.push(problem);
        None
    }
}

fn is_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}
