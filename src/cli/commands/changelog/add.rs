//! `relman changelog add`.

use clap::Args;

use crate::apply;
use crate::capture::{CaptureOptions, Place, branch_changes};
use crate::cli::confirm::{can_ask, line, pick_many, pick_of};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::model::{Diagnostic, Level, PackageId, PackageIx, RepoPath};
use crate::plan::{FileChanges, NewFragment, index_of, missing_fragments, new_fragment, package_around, types_of};
use crate::process::{Session, edit};
use crate::snapshot::Snapshot;

/// Write a fragment: one change, in a file of its own
///
/// Writes the file to the package's folder of fragments, and prints its path. Text that is not a list becomes a list item, unless
/// the section's template adds the bullet. On a terminal, relman prompts for what is missing.
#[derive(Debug, Args)]
pub(in crate::cli) struct Add {
    /// The package that changed; several may share a fragment. Default: the package of the working directory
    #[arg(short, long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,
    /// The type of the change, as in added or fixed
    #[arg(short = 't', long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// The name of the file before the type: a word, or an issue number. Default: + and the first words of the text
    #[arg(long, value_name = "SLUG|ISSUE")]
    slug: Option<String>,
    /// What changed
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    message: Option<String>,
    /// The level that the change requires, if it is not that of its type: patch, minor, major or none
    #[arg(long, value_name = "LEVEL", value_parser = ["patch", "minor", "major", "none"], hide_possible_values = true)]
    level: Option<String>,
    /// Write the text in git's editor
    #[arg(long)]
    edit: bool,
    /// Print the fragment and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl Add {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open_for(!self.dry_run, global.opening(), output)?;
        session.needs_configuration()?;
        let snapshot = session.read(CaptureOptions::default(), output)?;
        let wish = self.wish(&session, &snapshot, output)?;
        let (path, text) = new_fragment(&snapshot, &wish)?;
        if self.dry_run {
            output.say(&path);
            output.copy(&text);
            return Ok(Exit::Done);
        }
        apply::write_files(&FileChanges::of_new_file(path.clone(), text)?, &session.place.git, &session.place.root)?;
        output.copy(&format!("{path}\n"));
        Ok(Exit::Done)
    }

    fn wish(&self, session: &Session, snapshot: &Snapshot, output: &mut Output) -> Result<NewFragment, CliError> {
        let place = &session.place;
        // The level `none` is not one.
        let level = self.level.as_deref().map(Level::named);
        let mut packages = packages(snapshot, &self.packages)?;
        if packages.is_empty() {
            packages = only(snapshot);
        }
        if packages.is_empty() {
            packages = around(snapshot, session.here()).into_iter().collect();
        }
        if !can_ask() {
            self.complete(&packages)?;
        }
        if packages.is_empty() {
            packages = ask_packages(place, snapshot, output)?;
        }
        let kind = match &self.kind {
            Some(kind) => kind.clone(),
            None => ask_type(&types_of(snapshot, &packages), output)?,
        };
        let text = match (&self.message, self.edit) {
            (message, true) => edit(&place.git, message.as_deref().unwrap_or(""), None)?,
            (Some(message), false) => message.clone(),
            (None, false) => line("What changed? ", output).unwrap_or_default(),
        };
        if text.trim().is_empty() {
            return Err(usage("no text was given, and nothing was written", "say what changed, as in `-m \"...\"`"));
        }
        Ok(NewFragment { packages, kind, slug: self.slug.clone(), level, text })
    }

    /// Without a terminal, all options are required.
    fn complete(&self, packages: &[PackageIx]) -> Result<(), CliError> {
        let mut missing = Vec::new();
        if packages.is_empty() {
            missing.push("--package PACKAGE");
        }
        if self.kind.is_none() {
            missing.push("--type TYPE");
        }
        if self.message.is_none() && !self.edit {
            missing.push("--message TEXT (or --edit)");
        }
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("stdin is not a terminal; missing: {}", missing.join(", "));
        Err(usage(&message, "as in `relman changelog add -p api -t fixed -m \"The clock no longer stops.\"`"))
    }
}

fn usage(message: &str, help: &str) -> CliError {
    CliError::failed(Exit::Usage, message, help)
}

/// The packages of these names, in their order.
fn packages(snapshot: &Snapshot, names: &[String]) -> Result<Vec<PackageIx>, Vec<Diagnostic>> {
    names.iter().map(|name| index_of(snapshot, name).map_err(|problem| vec![problem])).collect()
}

/// The packages for which a fragment can be written.
fn packages_with_changelog(snapshot: &Snapshot) -> Vec<PackageIx> {
    let packages = snapshot.workspace.packages.entries();
    let keeps = |index: PackageIx, id: &PackageId| {
        snapshot.config.changelog_of(id).is_some() && snapshot.fragments.folder(index).is_some()
    };
    packages.filter(|(index, package)| keeps(*index, &package.id)).map(|(index, _)| index).collect()
}

/// A single package need not be named. If no package keeps a changelog, the first one is used, for the error message.
fn only(snapshot: &Snapshot) -> Vec<PackageIx> {
    match packages_with_changelog(snapshot).as_slice() {
        [] => snapshot.workspace.packages.positions().take(1).collect(),
        [one] => vec![*one],
        _ => Vec::new(),
    }
}

/// The package of the working directory. At the top, a person is asked instead: it is the folder of all of them.
fn around(snapshot: &Snapshot, here: Option<RepoPath>) -> Option<PackageIx> {
    let here = here.filter(|here| !(here.is_root() && can_ask()))?;
    package_around(snapshot, &packages_with_changelog(snapshot), &here)
}

/// Lets the user choose packages; those that the branch changes without a fragment come first, then those with one.
fn ask_packages(place: &Place, snapshot: &Snapshot, output: &mut Output) -> Result<Vec<PackageIx>, CliError> {
    let mut indices = packages_with_changelog(snapshot);
    // The order is only a convenience: with nothing to compare with, it is that of relman.toml.
    let changes = branch_changes(place, None, &snapshot.config).ok();
    let changed = changes.map(|changes| missing_fragments(snapshot, &changes, None).packages).unwrap_or_default();
    let rank = |index: PackageIx| {
        let id = &snapshot.workspace.packages[index].id;
        let found = changed.iter().find(|package| package.package == *id);
        found.map_or(2, |package| usize::from(!package.fragments.is_empty()))
    };
    indices.sort_by_key(|index| rank(*index));
    let name = |index: PackageIx| {
        let name = snapshot.workspace.packages[index].id.as_str();
        if rank(index) == 2 { name.to_owned() } else { format!("{name}  (changed)") }
    };
    let names: Vec<String> = indices.iter().map(|index| name(*index)).collect();
    let picked = pick_many("Which packages changed? [numbers] ", &names, output);
    let picked: Vec<PackageIx> = picked.into_iter().filter_map(|at| indices.get(at).copied()).collect();
    if picked.is_empty() {
        return Err(usage("no package was picked, and nothing was written", "name one as in `-p api`"));
    }
    Ok(picked)
}

fn ask_type(types: &[String], output: &mut Output) -> Result<String, CliError> {
    let picked = pick_of("What kind of change? [number] ", types, output).and_then(|at| types.get(at));
    picked.cloned().ok_or_else(|| usage("no type was picked, and nothing was written", "name one as in `-t fixed`"))
}
