//! [`ReleaseRun`]: an entry of `[[release.run]]`, a command that publishes.

use super::artifact_text::read_makes;
use super::glob::path_help;
use super::globs::read_globs;
use super::named_tables::read_named_tables;
use super::own_command::{command_lines, kept_variables};
use super::reader::TableReader;
use super::{ArtifactText, CommandLine, NameGlob, OwnCommand, ReleaseText, Spanned, TextWord};
use crate::model::{PackageId, ProblemCode, RepoPath};

/// An entry, for help.
const FORM: &str = "{ name = \"image\", run = [\"make\", \"publish\"] }";

/// A command that publishes something after the tags are out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRun {
    /// The name of the entry.
    pub name: String,
    /// What is run.
    pub command: OwnCommand,
    /// What is run before the first tag leaves, to see whether it will work; empty: nothing.
    pub rehearse: Vec<CommandLine>,
    /// How often it is run.
    pub scope: RunScope,
    /// The artifacts that it makes; empty: it is run once, and the journal remembers.
    pub makes: Vec<ArtifactText>,
    /// Ignored paths of the work tree that are linked into its checkout.
    pub share: Vec<RepoPath>,
}

/// How often a command is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunScope {
    /// Once, for this package; `None`: for the lead.
    Once(Option<Spanned<PackageId>>),
    /// For each released package that one of the globs matches.
    Each(Spanned<Vec<NameGlob>>),
}

impl ReleaseRun {
    /// Reads the key `run` of `[release]`.
    pub(super) fn read_all(reader: &mut TableReader<'_>) -> Vec<Self> {
        let tables = read_named_tables(reader, "run", FORM);
        tables.into_iter().filter_map(|(name, table)| Self::read(name, table)).collect()
    }

    fn read(name: String, mut reader: TableReader<'_>) -> Option<Self> {
        let env = kept_variables(&mut reader);
        let command = OwnCommand::read_or_plugin(&mut reader, TextWord::OF_COMMANDS, env);
        let rehearse = command_lines(&mut reader, "rehearse", TextWord::OF_COMMANDS).unwrap_or_default();
        let scope = scope(&mut reader);
        let makes = read_makes(&mut reader);
        let share = read_share(&mut reader);
        reader.finish();
        Some(Self { name, command: command?, rehearse, scope, makes, share })
    }

    /// Returns every text of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        let rehearse = self.rehearse.iter().flat_map(CommandLine::texts);
        self.command.texts().chain(rehearse).chain(self.makes.iter().map(|artifact| &artifact.name))
    }
}

fn scope(reader: &mut TableReader<'_>) -> RunScope {
    let package = read_package(reader);
    let packages = read_globs(reader, "packages", NameGlob::of_names);
    if let (Some(_), Some(packages)) = (&package, &packages) {
        let message = "`package` and `packages` are mutually exclusive";
        let help = "keep `package` to run it once for it, or `packages` to run it for each of them";
        reader.problems().add_as(ProblemCode::ConfigConflict, packages.span, message, help);
    }
    match packages {
        Some(globs) if globs.value.is_empty() => {
            let help = "name packages, as in packages = [\"core-*\"], or leave it out to run it once";
            reader.problems().add(globs.span, "`packages` is empty", help);
            RunScope::Once(package)
        }
        Some(globs) => RunScope::Each(globs),
        None => RunScope::Once(package),
    }
}

/// Reads the key `package`: the package that an entry is about.
pub(super) fn read_package(reader: &mut TableReader<'_>) -> Option<Spanned<PackageId>> {
    reader.string("package").map(|name| name.with(PackageId::new(name.value.clone())))
}

/// Reads the key `share`: ignored paths of the work tree that are linked into a temporary one.
pub(super) fn read_share(reader: &mut TableReader<'_>) -> Vec<RepoPath> {
    let texts = reader.strings("share").map_or(Vec::new(), |texts| texts.value);
    let read = |text: &Spanned<String>| {
        let (message, help) = match RepoPath::written(&text.value) {
            Ok(path) if path == RepoPath::root() => {
                ("`share` names the whole work tree".to_owned(), "name folders or files in it")
            }
            Ok(path) => return Some(path),
            Err(error) => (format!("`{}` is not a valid path: {error}", text.value), path_help(error)),
        };
        reader.problems().add(text.span, message, help);
        None
    };
    texts.iter().filter_map(read).collect()
}
