//! `relman init`.

use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::apply;
use crate::capture::{FILE, Place, ask_cargo, discover};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::config::Config;
use crate::init::{named_files, propose};
use crate::io::read_text;
use crate::model::{Diagnostic, RepoPath, Tool};
use crate::plan::FileChanges;
use crate::process::Session;
use crate::text::unified;

/// A larger file is not a configuration.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Inspect this repository and write a relman.toml for it
///
/// Finds packages by their manifests, tag templates by existing tags, groups by versions that move together. Comments in the file
/// give the reasons. Commits nothing. Where a relman.toml exists, it stays as it is, and how it differs from the proposal is printed.
#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// Print the file and write nothing, even if a relman.toml exists
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// Read the files of this tool and of no other; they must be there
    ///
    /// Without it, the files of all known tools are read, as far as they are there. What tags show counts more than what a file says.
    #[arg(long, value_name = "TOOL", value_parser = tools())]
    from: Option<Tool>,
}

/// Every tool by its name; other names of it are understood.
fn tools() -> impl TypedValueParser<Value = Tool> {
    let value = |tool: &Tool| PossibleValue::new(tool.name()).aliases(tool.aliases());
    PossibleValuesParser::new(Tool::ALL.iter().map(value)).try_map(|name| Tool::of_name(&name).ok_or("unknown tool"))
}

impl Init {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open_for(!self.dry_run, global.opening(), output)?;
        let place = &session.place;
        if let (Some(file), false) = (&place.file, self.dry_run) {
            return differ(place, file, self.from, output);
        }
        let text = text(place, self.from, output)?;
        if self.dry_run {
            output.copy(&text);
            return Ok(Exit::Done);
        }
        write(place, &text)?;
        output.say(format_args!("wrote {}", place.root.join(FILE).display()));
        output.say("review and commit it; `relman status` shows the result");
        Ok(Exit::Done)
    }
}

/// Prints how a relman.toml differs from what would be written without it.
fn differ(place: &Place, file: &str, from: Option<Tool>, output: &mut Output) -> Result<Exit, CliError> {
    let written = read_text(&place.root.join(file), LARGEST)
        .map_err(|error| CliError::of(Exit::Usage, error.to_string(), None))?;
    let difference = unified((&format!("a/{file}"), &written), (&format!("b/{file}"), &text(place, from, output)?));
    if difference.is_empty() {
        output.say(format_args!("{file} is what `relman init` would write"));
    } else {
        output.say(format_args!("{file} exists and stays as it is; this is how `relman init` would write it"));
        output.copy(&difference);
    }
    Ok(Exit::Done)
}

/// Returns the proposal of `init`, after validating it as a configuration.
pub(in crate::cli) fn text(place: &Place, from: Option<Tool>, output: &mut Output) -> Result<String, CliError> {
    let mut discovery = discover(place, false, &named_files)?;
    for message in ask_cargo(place, &mut discovery) {
        output.say(message);
    }
    let proposed = propose(&discovery, from)?;
    for problem in &proposed.problems {
        output.warn(format_args!("{}; it was left out", located(problem)));
    }
    for tool in &proposed.tools {
        output.say(&tool.title);
        for line in &tool.keys {
            if from.is_some() {
                output.say(format_args!("  {line}"))
            } else {
                output.say_more(format_args!("  {line}"))
            }
        }
    }
    for line in &proposed.pending {
        output.say(line);
    }
    Config::parse(&path(), &Arc::from(proposed.text.as_str()))?;
    Ok(proposed.text)
}

/// A problem on one line, behind its place.
fn located(problem: &Diagnostic) -> String {
    let place = problem.place.as_ref().map(|place| {
        let position = place.position();
        format!("{}:{}:{}: ", place.path, position.line, position.column)
    });
    place.unwrap_or_default() + &problem.message
}

/// Writes relman.toml, and nothing else.
fn write(place: &Place, text: &str) -> Result<(), CliError> {
    apply::write_files(&FileChanges::of_new_file(path(), text.to_owned())?, &place.git, &place.root)?;
    Ok(())
}

fn path() -> RepoPath {
    RepoPath::new(FILE).unwrap_or_else(|_| RepoPath::root())
}
