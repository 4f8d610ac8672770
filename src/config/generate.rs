//! [`Generator`]: an entry of `[[generate]]`, a command whose files are part of a release.

use super::globs::read_globs;
use super::named_tables::read_named_tables;
use super::names::is_variable;
use super::own_command::OwnCommand;
use super::reader::{Node, TableReader};
use super::release_run::{read_package, read_share};
use super::release_text::parsed;
use super::{PathGlob, ReleaseText, Spanned, TextWord};
use crate::model::{PackageId, RepoPath};

/// An entry, for help.
const FORM: &str = "{ name = \"requirements\", run = [\"make\", \"freeze\"], outputs = [\"requirements.txt\"] }";

/// The highest exit code of a process.
const HIGHEST: i64 = 255;

/// A command whose files are part of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generator {
    /// The name of the entry.
    pub name: String,
    /// What is run, for which versions.
    pub command: OwnCommand,
    /// What it may create, change or delete.
    pub outputs: Vec<PathGlob>,
    /// The package with which it runs; `None`: the lead.
    pub package: Option<Spanned<PackageId>>,
    /// The variables of the environment that are set for it, in the order of the file.
    pub variables: Vec<(String, ReleaseText)>,
    /// Ignored paths of the work tree that are linked into the temporary one.
    pub share: Vec<RepoPath>,
    /// The exit codes that mean success. With one other than 0, what it changed is dropped.
    pub ok: Vec<i32>,
}

impl Generator {
    /// Reads the key `generate` of the whole file.
    pub(super) fn read_all(root: &mut TableReader<'_>) -> Vec<Self> {
        let tables = read_named_tables(root, "generate", FORM);
        tables.into_iter().filter_map(|(name, table)| Self::read(name, table)).collect()
    }

    fn read(name: String, mut reader: TableReader<'_>) -> Option<Self> {
        let variables = variables(&mut reader);
        let command = OwnCommand::read_keys(&mut reader, TextWord::OF_COMMANDS, Vec::new());
        let outputs = outputs(&mut reader);
        let package = read_package(&mut reader);
        let share = read_share(&mut reader);
        let ok = exit_codes(&mut reader);
        reader.finish();
        Some(Self { name, command: command?, outputs, package, variables, share, ok })
    }

    /// Returns every text of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        self.command.texts().chain(self.variables.iter().map(|(_, text)| text))
    }
}

fn outputs(reader: &mut TableReader<'_>) -> Vec<PathGlob> {
    let globs = read_globs(reader, "outputs", PathGlob::new);
    let help = "write what it makes, as in outputs = [\"requirements*.txt\"]";
    if !reader.holds("outputs") {
        reader.problems().add(reader.span(), "this element of `generate` has no `outputs`", help);
    }
    if let Some(globs) = globs.as_ref().filter(|globs| globs.value.is_empty()) {
        reader.problems().add(globs.span, "`outputs` is empty", help);
    }
    globs.map_or(Vec::new(), |globs| globs.value)
}

/// Reads the key `env` as a table: the variables that are set.
fn variables(reader: &mut TableReader<'_>) -> Vec<(String, ReleaseText)> {
    let example = "write env = { NAME = \"{version}\" }";
    let entries = match reader.node("env") {
        None => return Vec::new(),
        Some(Node::Table(table)) => table.entries(),
        Some(other) => {
            let message = format!("`env` sets variables here, and must be a table, not {}", other.kind());
            reader.problems().add(other.span(), message, example);
            return Vec::new();
        }
    };
    let problems = reader.problems();
    let read = |(name, node): (Spanned<String>, Node<'_>)| {
        if !is_variable(&name.value) {
            problems.add(name.span, format!("`{}` is not a valid name of a variable", name.value), example);
        }
        match node {
            Node::Text(text) if !text.value.contains('\0') => {
                parsed(problems, &text, TextWord::OF_COMMANDS).map(|text| (name.value, text))
            }
            other => {
                let message = format!("`{}` must be a string, not {}", name.value, other.kind());
                problems.add(other.span(), message, example);
                None
            }
        }
    };
    entries.into_iter().filter_map(read).collect()
}

fn exit_codes(reader: &mut TableReader<'_>) -> Vec<i32> {
    let Some(codes) = reader.integers("ok") else { return vec![0] };
    for code in codes.value.iter().filter(|code| !(0..=HIGHEST).contains(&code.value)) {
        let message = format!("{} is not a valid exit code", code.value);
        reader.problems().add(code.span, message, format!("an exit code is between 0 and {HIGHEST}"));
    }
    if !codes.value.iter().any(|code| code.value == 0) {
        let help = "add it: ok = [0, ...] says which further exit codes mean that nothing was to be done";
        reader.problems().add(codes.span, "`ok` does not contain 0", help);
    }
    codes.value.into_iter().filter_map(|code| i32::try_from(code.value).ok()).collect()
}
