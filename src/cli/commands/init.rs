//! `relman init`.

use std::sync::Arc;

use clap::Args;

use crate::apply;
use crate::capture::{FILE, Place, ask_cargo, discover};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::config::Config;
use crate::init::propose;
use crate::io::read_text;
use crate::model::RepoPath;
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
}

impl Init {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open_for(!self.dry_run, global.opening(), output)?;
        let place = &session.place;
        if let (Some(file), false) = (&place.file, self.dry_run) {
            return differ(place, file, output);
        }
        let text = text(place, output)?;
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
fn differ(place: &Place, file: &str, output: &mut Output) -> Result<Exit, CliError> {
    let written = read_text(&place.root.join(file), LARGEST)
        .map_err(|error| CliError::of(Exit::Usage, error.to_string(), None))?;
    let difference = unified((&format!("a/{file}"), &written), (&format!("b/{file}"), &text(place, output)?));
    if difference.is_empty() {
        output.say(format_args!("{file} is what `relman init` would write"));
    } else {
        output.say(format_args!("{file} exists and stays as it is; this is how `relman init` would write it"));
        output.copy(&difference);
    }
    Ok(Exit::Done)
}

/// Returns the proposal of `init`, after validating it as a configuration.
pub(in crate::cli) fn text(place: &Place, output: &mut Output) -> Result<String, CliError> {
    let mut discovery = discover(place, false)?;
    for message in ask_cargo(place, &mut discovery) {
        output.say(message);
    }
    let text = propose(&discovery)?;
    Config::parse(&path(), &Arc::from(text.as_str()))?;
    Ok(text)
}

/// Writes relman.toml, and nothing else.
fn write(place: &Place, text: &str) -> Result<(), CliError> {
    apply::write_files(&FileChanges::of_new_file(path(), text.to_owned())?, &place.git, &place.root)?;
    Ok(())
}

fn path() -> RepoPath {
    RepoPath::new(FILE).unwrap_or_else(|_| RepoPath::root())
}
