//! [`OwnCommand`]: a command that relman.toml names.

use std::time::Duration;

use super::duration::read_duration;
use super::glob::path_help;
use super::names::{check_plugin_name, is_variable};
use super::problems::Problems;
use super::reader::{Node, TableReader};
use super::release_text::parsed;
use super::{ReleaseText, Spanned, TextWord, VersionGlobs};
use crate::model::{PluginName, RepoPath};
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
    /// The plugin that is asked instead.
    pub plugin: Option<Spanned<PluginName>>,
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
        let words = TextWord::OF_COMMANDS;
        match node {
            Node::Table(mut table) => {
                let env = kept_variables(&mut table);
                let command = Self::read_keys(&mut table, words, env);
                table.finish();
                command
            }
            other => Self::of(Lines { problems, key: &name.value, words }.read(other)?),
        }
    }

    fn of(run: Vec<CommandLine>) -> Option<Self> {
        (!run.is_empty()).then(|| Self {
            run,
            plugin: None,
            needs: Vec::new(),
            timeout: TIMEOUT,
            versions: VersionGlobs::default(),
            env: Vec::new(),
            help: None,
            cwd: None,
        })
    }

    /// Reads the keys of a command from a table that may have others; `None` if it has no command that can be run.
    ///
    /// `words` are what its texts may use in addition to the words of releases, and `env` the variables that it keeps.
    pub(super) fn read_keys(reader: &mut TableReader<'_>, words: &[TextWord], env: Vec<String>) -> Option<Self> {
        let run = command_lines(reader, "run", words);
        if !reader.holds("run") {
            reader.problems().add(reader.span(), "this command has no `run`", FORMS);
        }
        let command = Self::read_rest(reader, run.unwrap_or_default(), None, env);
        (!command.run.is_empty()).then_some(command)
    }

    /// Reads a command as [`Self::read_keys`] does, or the plugin that is asked instead.
    pub(super) fn read_or_plugin(reader: &mut TableReader<'_>, words: &[TextWord], env: Vec<String>) -> Option<Self> {
        let Some(plugin) = reader.string("plugin") else { return Self::read_keys(reader, words, env) };
        check_plugin_name(reader, &plugin);
        if let Some(lines) = reader.node("run") {
            let help = "keep `plugin`, which publishes itself, or the command";
            reader.problems().add(lines.span(), "`plugin` and `run` are mutually exclusive", help);
        }
        let plugin = plugin.with(PluginName::new(plugin.value.as_str()));
        Some(Self::read_rest(reader, Vec::new(), Some(plugin), env))
    }

    fn read_rest(
        reader: &mut TableReader<'_>,
        run: Vec<CommandLine>,
        plugin: Option<Spanned<PluginName>>,
        env: Vec<String>,
    ) -> Self {
        Self {
            run,
            plugin,
            needs: needs(reader),
            timeout: timeout(reader).unwrap_or(TIMEOUT),
            versions: VersionGlobs::read(reader),
            env,
            help: reader.string("help").map(|help| help.value),
            cwd: cwd(reader),
        }
    }

    /// Returns every text of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        self.run.iter().flat_map(CommandLine::texts)
    }
}

/// Reads a key whose value is what is run; `None` if it is absent or wrong.
pub(super) fn command_lines(
    reader: &mut TableReader<'_>,
    key: &'static str,
    words: &[TextWord],
) -> Option<Vec<CommandLine>> {
    let node = reader.node(key)?;
    Lines { problems: reader.problems(), key, words }.read(node)
}

/// Reads what is run.
struct Lines<'a> {
    problems: &'a Problems<'a>,
    key: &'a str,
    words: &'a [TextWord],
}

impl Lines<'_> {
    fn read(&self, node: Node<'_>) -> Option<Vec<CommandLine>> {
        match node {
            Node::Text(text) => Some(vec![self.shell(&text)?]),
            Node::List(list) if matches!(list.value.first(), Some(Node::List(_))) => {
                let lines = list.value.into_iter().map(|node| match node {
                    Node::List(words) => self.argv(words),
                    other => self.wrong(other.span(), format!("`{}` holds {} beside arrays", self.key, other.kind())),
                });
                lines.collect()
            }
            Node::List(words) => Some(vec![self.argv(words)?]),
            other => self.wrong(other.span(), format!("`{}` must be a command, not {}", self.key, other.kind())),
        }
    }

    fn argv(&self, words: Spanned<Vec<Node<'_>>>) -> Option<CommandLine> {
        let program = match words.value.first() {
            Some(Node::Text(program)) => program.value.trim(),
            Some(_) => "?",
            None => "",
        };
        if program.is_empty() {
            return self.wrong(words.span, format!("`{}` names no program", self.key));
        }
        let words = words.value.into_iter().map(|node| match node {
            Node::Text(text) => self.word(&text),
            other => self.wrong(other.span(), format!("`{}` must hold strings only, not {}", self.key, other.kind())),
        });
        words.collect::<Option<_>>().map(CommandLine::Argv)
    }

    fn shell(&self, text: &Spanned<String>) -> Option<CommandLine> {
        if text.value.trim().is_empty() {
            return self.wrong(text.span, format!("`{}` names no program", self.key));
        }
        self.word(text).map(CommandLine::Shell)
    }

    fn word(&self, text: &Spanned<String>) -> Option<ReleaseText> {
        if text.value.contains('\0') {
            return self.wrong(text.span, format!("`{}` holds a NUL character", self.key));
        }
        parsed(self.problems, text, self.words)
    }

    fn wrong<T>(&self, span: Span, message: String) -> Option<T> {
        self.problems.add(span, message, FORMS);
        None
    }
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

/// Reads the key `env` as a list: the variables that a command keeps.
pub(super) fn kept_variables(reader: &mut TableReader<'_>) -> Vec<String> {
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
