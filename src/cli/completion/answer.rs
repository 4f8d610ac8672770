//! [`answer`]: what a shell gets to hear.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Arg, Command, ValueHint};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::EnvCompleter;

use crate::io::{self, EnvOverrides};
use crate::plan::{WordKind, candidates};
use crate::plugin::Trust;
use crate::process::{Opening, glance};

/// What the value of an argument is, by the name that it has in the help.
const KINDS: [(&str, WordKind); 17] = [
    ("PACKAGE", WordKind::Package),
    ("NAME[=LEVEL[:STAGE]]", WordKind::PackageRequest),
    ("GROUP", WordKind::Group),
    ("PACKAGE | GROUP", WordKind::PackageOrGroup),
    ("LEVEL", WordKind::Level),
    ("LEVEL[:STAGE]", WordKind::LevelAndStage),
    ("TAG", WordKind::Tag),
    ("VERSION|TAG", WordKind::Tag),
    ("TAG | PACKAGE", WordKind::TagOrPackage),
    ("NAME | LEVEL | STAGE", WordKind::BumpWord),
    ("NAME | LEVEL | STAGE | TAG", WordKind::BumpWordOrTag),
    ("TYPE", WordKind::FragmentType),
    ("GATE", WordKind::Gate),
    ("PIN[=TAG]", WordKind::Pin),
    ("RUN", WordKind::Run),
    ("PLUGIN", WordKind::Plugin),
    ("PLUGIN|DIR", WordKind::Plugin),
];

/// Returns the words with which a line may go on, as the shell wants them. The words of the line follow `--`; nothing is returned
/// without them, or if they are not a line.
pub(in crate::cli) fn answer(shell: &dyn EnvCompleter, line: Command, args: &[OsString]) -> String {
    let words: Vec<OsString> = args.iter().skip_while(|arg| *arg != "--").skip(1).cloned().collect();
    let Some(last) = words.len().checked_sub(1) else { return String::new() };
    let at = io::variable("_CLAP_COMPLETE_INDEX").and_then(|at| at.parse().ok()).unwrap_or(last);
    let texts: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let before: Vec<String> = texts.iter().take(at).skip(1).cloned().collect();
    let opening = opening(&before);
    let folder = io::current_dir().ok().map(|folder| folder.join(&opening.directory));
    let shows_options = texts.get(at).is_some_and(|word| word.starts_with('-'));
    let mut line = line;
    line.build();
    let mut commands = Vec::new();
    add_commands(&line, "", &mut commands);
    let mut line = with_candidates(line, &Arc::new(Asked { opening, before, shows_options, commands }));
    let mut out = Vec::new();
    // Whoever presses a key wants words or silence.
    match shell.write_complete(&mut line, words, folder.as_deref(), &mut out) {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        Err(_) => String::new(),
    }
}

fn value_name(arg: &Arg) -> Option<String> {
    arg.get_value_names().map(|names| names.join(" "))
}

fn kind_of(arg: &Arg) -> Option<WordKind> {
    let name = value_name(arg).filter(|_| arg.get_possible_values().is_empty())?;
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

fn with_candidates(line: Command, asked: &Arc<Asked>) -> Command {
    let name = line.get_name().to_owned();
    line.mut_args(|arg| asked.offer(arg, &name)).mut_subcommands(|line| with_candidates(line, asked))
}

/// What is asked.
struct Asked {
    opening: Opening,
    /// The words before the one that is asked for, without the name of the program.
    before: Vec<String>,
    /// Whether options are asked for; else they are offered only where nothing else is.
    shows_options: bool,
    /// Every command as it is typed, and what it does.
    commands: Vec<(String, String)>,
}

/// Adds the commands of a line, each before those below it; `above` is how the line is typed.
fn add_commands(line: &Command, above: &str, found: &mut Vec<(String, String)>) {
    for below in line.get_subcommands().filter(|below| !below.is_hide_set()) {
        let typed = format!("{above}{}", below.get_name());
        found.push((typed.clone(), below.get_about().map(ToString::to_string).unwrap_or_default()));
        add_commands(below, &format!("{typed} "), found);
    }
}

impl Asked {
    fn offer(self: &Arc<Self>, arg: Arg, command: &str) -> Arg {
        let is_hidden = arg.is_hide_set() || !(self.shows_options || arg.is_positional());
        let arg = arg.hide(is_hidden);
        let is_folder = value_name(&arg).is_some_and(|name| name == "DIR");
        let arg = if is_folder { arg.value_hint(ValueHint::DirPath) } else { arg };
        let asked = Arc::clone(self);
        if arg.is_positional() && value_name(&arg).is_some_and(|name| name == "COMMAND") {
            let command = command.to_owned();
            return arg.add(ArgValueCompleter::new(move |start: &OsStr| asked.commands(&command, start)));
        }
        let Some(kind) = kind_of(&arg) else { return arg };
        arg.add(ArgValueCompleter::new(move |start: &OsStr| asked.candidates(kind, start)))
    }

    fn candidates(&self, kind: WordKind, start: &OsStr) -> Vec<CompletionCandidate> {
        let Some(start) = start.to_str() else { return Vec::new() };
        // Levels are offered outside of a repository, too, and where relman.toml is wrong.
        let snapshot = glance(&self.opening).ok();
        let found = candidates(snapshot.as_ref(), kind, &self.before, start);
        found.into_iter().map(|found| candidate(found.word, found.about)).collect()
    }

    /// The commands that the words behind `command` begin to name.
    fn commands(&self, command: &str, start: &OsStr) -> Vec<CompletionCandidate> {
        let at = self.before.iter().rposition(|word| word == command).map_or(0, |at| at + 1);
        let typed: String = self.before.iter().skip(at).map(|word| format!("{word} ")).collect();
        let next = self.commands.iter().filter_map(|(line, about)| Some((line.strip_prefix(&typed)?, about)));
        let next = next.filter(|(word, _)| !word.contains(' ') && start.to_str().is_some_and(|s| word.starts_with(s)));
        next.map(|(word, about)| candidate(word.to_owned(), about.clone())).collect()
    }
}

fn candidate(word: String, about: String) -> CompletionCandidate {
    CompletionCandidate::new(word).help(Some(about).filter(|about| !about.is_empty()).map(Into::into))
}

/// Returns where the words of a line look for the repository. The rest of the line may be incomplete, and is not read.
fn opening(words: &[String]) -> Opening {
    Opening {
        directory: value_of(words, "-C").map_or(PathBuf::from("."), path),
        config: value_of(words, "--config").map(path),
        git: EnvOverrides::default(),
        plugins: Trust::Off,
    }
}

/// Returns the last value of an option.
fn value_of<'a>(words: &'a [String], option: &str) -> Option<&'a str> {
    let at = words.iter().rposition(|word| word.starts_with(option))?;
    match words.get(at)?.strip_prefix(option)? {
        "" => words.get(at + 1).map(String::as_str),
        behind => Some(behind.trim_start_matches('=')),
    }
}

/// Reads a path as it was typed: the shell has not replaced `~` yet.
fn path(typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), io::variable("HOME")) {
        (Some(below), Some(home)) => Path::new(&home).join(below),
        _ => PathBuf::from(typed),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command, CommandFactory, ValueHint};

    use super::{kind_of, value_name, value_of};
    use crate::cli::Cli;

    /// Values that only the user knows.
    const FREE: [&str; 12] = [
        "TEMPLATE",
        "TEXT",
        "NAME",
        "MILESTONE",
        "COMMAND",
        "DURATION",
        "TIME",
        "YYYY-MM-DD",
        "ARTIFACT",
        "SLUG|ISSUE",
        "REF",
        "PLAN.json",
    ];

    fn is_completed(arg: &Arg) -> bool {
        let has_paths = !matches!(arg.get_value_hint(), ValueHint::Unknown | ValueHint::Other);
        let is_free = value_name(arg).is_some_and(|name| FREE.contains(&name.as_str()));
        has_paths || is_free || !arg.get_possible_values().is_empty() || kind_of(arg).is_some()
    }

    fn forgotten(line: &Command, found: &mut Vec<String>) {
        let with_values = line.get_arguments().filter(|arg| arg.get_action().takes_values());
        found.extend(with_values.filter(|arg| !is_completed(arg)).map(|arg| format!("{} {arg}", line.get_name())));
        line.get_subcommands().for_each(|line| forgotten(line, found));
    }

    #[test]
    fn every_value_is_completed_or_known_to_the_user_alone() {
        let mut found = Vec::new();
        forgotten(&Cli::command(), &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn options_of_a_line_that_is_being_typed() {
        for (line, folder, config) in [
            ("bump minor", None, None),
            ("-C a bump", Some("a"), None),
            ("-Ca --config=b/c.toml bump -C d", Some("d"), Some("b/c.toml")),
            ("bump --config b -C", None, Some("b")),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_eq!((value_of(&words, "-C"), value_of(&words, "--config")), (folder, config), "{line}");
        }
    }
}
