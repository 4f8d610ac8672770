//! [`OwnCommand`]: a command that relman.toml names.

use std::time::Duration;

use super::duration::read_duration;
use super::glob::path_help;
use super::names::is_variable;
use super::problems::Problems;
use super::reader::{Node, TableReader};
use super::release_text::parsed;
use super::{ReleaseText, Spanned, TextWord, VersionGlobs};
use crate::model::RepoPath;
use crate::text::Span;

/// How long a command may take where relman.toml does not say.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// The forms of a command, for help.
const FORMS: &str = "write the program and its arguments, as in [\"make\", \"smoke\"], several of these in a list, or a string for `sh -c`";

/// A command that relman.toml names, and how it is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCommand {
    /// What is run, one after the other.
    pub run: Vec<CommandLine>,
    /// The programs that must be found before anything is run.
    pub needs: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
    /// The versions for which it is run.
    pub versions: VersionGlobs,
    /// The variables of the environment that it keeps although they hold tokens.
    pub env: Vec<String>,
    /// What to do if it fails.
    pub help: Option<String>,
    /// The folder in which it is run; `None` for that of relman.toml.
    pub cwd: Option<RepoPath>,
}

/// A program and its arguments, or a line for a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandLine {
    /// The program and its arguments; at least the program.
    Argv(Vec<ReleaseText>),
    /// What `sh -c` gets.
    Shell(ReleaseText),
}

impl std::fmt::Display for CommandLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<String> = self.texts().iter().map(ToString::to_string).collect();
        f.write_str(&words.join(" "))
    }
}

impl CommandLine {
    /// Returns every text of it.
    #[must_use]
    pub fn texts(&self) -> &[ReleaseText] {
        match self {
            Self::Argv(texts) => texts,
            Self::Shell(text) => std::slice::from_ref(text),
        }
    }
}

impl OwnCommand {
    /// Reads a command, or a table with the key `run`; `None` if it has no command that can be run.
    pub(super) fn read(name: &Spanned<String>, node: Node<'_>, problems: &Problems<'_>) -> Option<Self> {
        match node {
            Node::Table(table) => Self::read_table(table),
            other => Self::of(command_lines(problems, &name.value, other)?),
        }
    }

    fn of(run: Vec<CommandLine>) -> Option<Self> {
        (!run.is_empty()).then(|| Self {
            run,
            needs: Vec::new(),
            timeout: TIMEOUT,
            versions: VersionGlobs::default(),
            env: Vec::new(),
            help: None,
            cwd: None,
        })
    }

    fn read_table(mut reader: TableReader<'_>) -> Option<Self> {
        let run = reader.node("run");
        if run.is_none() {
            reader.problems().add(reader.span(), "this command has no `run`", FORMS);
        }
        let run = run.and_then(|node| command_lines(reader.problems(), "run", node));
        let command = Self {
            run: run.unwrap_or_default(),
            needs: needs(&mut reader),
            timeout: timeout(&mut reader).unwrap_or(TIMEOUT),
            versions: VersionGlobs::read(&mut reader),
            env: env(&mut reader),
            help: reader.string("help").map(|help| help.value),
            cwd: cwd(&mut reader),
        };
        reader.finish();
        (!command.run.is_empty()).then_some(command)
    }
}

/// Reads what is run; `None` if it is wrong.
fn command_lines(problems: &Problems<'_>, key: &str, node: Node<'_>) -> Option<Vec<CommandLine>> {
    match node {
        Node::Text(text) => Some(vec![shell(problems, key, &text)?]),
        Node::List(list) if matches!(list.value.first(), Some(Node::List(_))) => {
            let lines = list.value.into_iter().map(|node| match node {
                Node::List(words) => argv(problems, key, words),
                other => wrong(problems, other.span(), format!("`{key}` holds {} beside arrays", other.kind())),
            });
            lines.collect()
        }
        Node::List(words) => Some(vec![argv(problems, key, words)?]),
        other => wrong(problems, other.span(), format!("`{key}` must be a command, not {}", other.kind())),
    }
}

fn argv(problems: &Problems<'_>, key: &str, words: Spanned<Vec<Node<'_>>>) -> Option<CommandLine> {
    let program = match words.value.first() {
        Some(Node::Text(program)) => program.value.trim(),
        Some(_) => "?",
        None => "",
    };
    if program.is_empty() {
        return wrong(problems, words.span, format!("`{key}` names no program"));
    }
    let words = words.value.into_iter().map(|node| match node {
        Node::Text(text) => word(problems, key, &text),
        other => wrong(problems, other.span(), format!("`{key}` must hold strings only, not {}", other.kind())),
    });
    words.collect::<Option<_>>().map(CommandLine::Argv)
}

fn shell(problems: &Problems<'_>, key: &str, text: &Spanned<String>) -> Option<CommandLine> {
    if text.value.trim().is_empty() {
        return wrong(problems, text.span, format!("`{key}` names no program"));
    }
    word(problems, key, text).map(CommandLine::Shell)
}

fn word(problems: &Problems<'_>, key: &str, text: &Spanned<String>) -> Option<ReleaseText> {
    if text.value.contains('\0') {
        return wrong(problems, text.span, format!("`{key}` holds a NUL character"));
    }
    parsed(problems, text, TextWord::OF_COMMANDS)
}

fn wrong<T>(problems: &Problems<'_>, span: Span, message: String) -> Option<T> {
    problems.add(span, message, FORMS);
    None
}

fn needs(reader: &mut TableReader<'_>) -> Vec<String> {
    let texts = reader.strings("needs").map_or(Vec::new(), |texts| texts.value);
    let is_program = |text: &Spanned<String>| {
        let fits = !text.value.is_empty() && !text.value.contains(|c: char| c.is_whitespace() || c.is_control());
        if !fits {
            let message = format!("{:?} is not a valid program name", text.value);
            reader.problems().add(text.span, message, "name what is looked up in PATH, as in needs = [\"docker\"]");
        }
        fits
    };
    texts.into_iter().filter(is_program).map(|text| text.value).collect()
}

fn timeout(reader: &mut TableReader<'_>) -> Option<Duration> {
    let timeout = read_duration(reader, "timeout")?;
    if timeout.value.is_zero() {
        let help = "leave it out for 30m";
        reader.problems().add(timeout.span, "`timeout` must be longer than 0s", help);
    }
    Some(timeout.value)
}

fn env(reader: &mut TableReader<'_>) -> Vec<String> {
    let names = match reader.node("env") {
        None => return Vec::new(),
        Some(Node::List(list)) => list.value,
        Some(Node::Table(table)) => {
            let message = "`env` names variables to keep here, and does not set them";
            let help = "write env = [\"NAME\"]; to set one, start the command with [\"env\", \"NAME=value\", ...]";
            reader.problems().add(table.span(), message, help);
            return Vec::new();
        }
        Some(other) => {
            let message = format!("`env` must be an array of strings, not {}", other.kind());
            reader.problems().add(other.span(), message, "write env = [\"NAME\"]");
            return Vec::new();
        }
    };
    let name = |node: Node<'_>| match node {
        Node::Text(text) if is_variable(&text.value) => Some(text.value),
        Node::Text(text) => {
            let message = format!("`{}` is not a valid name of a variable", text.value);
            reader.problems().add(text.span, message, "write its name alone, as in env = [\"DOCKER_HOST\"]");
            None
        }
        other => {
            let message = format!("`env` must hold strings only, not {}", other.kind());
            reader.problems().add(other.span(), message, "write env = [\"NAME\"]");
            None
        }
    };
    names.into_iter().filter_map(name).collect()
}

fn cwd(reader: &mut TableReader<'_>) -> Option<RepoPath> {
    let text = reader.string("cwd")?;
    let path = RepoPath::written(&text.value);
    path.map_err(|error| {
        let message = format!("`{}` is not a valid path: {error}", text.value);
        reader.problems().add(text.span, message, path_help(error));
    })
    .ok()
}
