//! The commands, one file each: the arguments, and the short way from there to a planner and the printed answer.
//!
//! A command is a struct whose comments are its help, and a `run` that opens a session, asks a planner, prints, and returns an
//! [`Exit`]. The first line of a help is an imperative without a full stop. What `bump` and `plan` have in common is in `release_args`.

mod abort;
mod apply_plan;
mod bump;
mod changelog;
mod check;
mod completions;
mod confirmation;
mod demo;
mod doctor;
mod gate_args;
mod graph;
mod help;
mod hotfix;
mod init;
mod man;
mod outcome;
mod plan;
mod plugin;
mod pr;
mod prepare;
mod release;
mod release_args;
mod resume;
mod schema;
mod selection;
mod status;
mod tag;
mod verify;

use std::ffi::OsString;

use clap::{Args, Subcommand};

use super::command_line::CommandLine;
use super::error::{CliError, Exit};
use super::global::Global;
use super::output::Output;

/// The commands of relman.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Status(status::Status),
    Graph(graph::Graph),
    Check(check::Check),
    Bump(bump::Bump),
    Tag(tag::Tag),
    Prepare(prepare::Prepare),
    Release(release::Release),
    Pr(pr::Pr),
    Hotfix(hotfix::Hotfix),
    Verify(verify::Verify),
    Doctor(doctor::Doctor),
    Changelog(changelog::Changelog),
    Plan(plan::Plan),
    Apply(apply_plan::Apply),
    Init(init::Init),
    Plugin(plugin::Plugin),
    Demo(demo::Demo),
    Resume(resume::Resume),
    Abort(abort::Abort),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
    Help(help::Help),
}

/// Adds the arguments of a command.
type Describe = fn(clap::Command) -> clap::Command;

/// The commands by their names.
const BY_NAME: [(&str, Describe); 23] = [
    ("status", status::Status::augment_args),
    ("graph", graph::Graph::augment_args),
    ("check", check::Check::augment_args),
    ("bump", bump::Bump::augment_args),
    ("tag", tag::Tag::augment_args),
    ("prepare", prepare::Prepare::augment_args),
    ("release", release::Release::augment_args),
    ("pr", pr::Pr::augment_args),
    ("hotfix", hotfix::Hotfix::augment_args),
    ("verify", verify::Verify::augment_args),
    ("doctor", doctor::Doctor::augment_args),
    ("changelog", changelog::Changelog::augment_args),
    ("plan", plan::Plan::augment_args),
    ("apply", apply_plan::Apply::augment_args),
    ("init", init::Init::augment_args),
    ("plugin", plugin::Plugin::augment_args),
    ("demo", demo::Demo::augment_args),
    ("resume", resume::Resume::augment_args),
    ("abort", abort::Abort::augment_args),
    ("schema", schema::Schema::augment_args),
    ("completions", completions::Completions::augment_args),
    ("man", man::Man::augment_args),
    ("help", help::Help::augment_args),
];

impl Command {
    /// Adds the commands whose names are among the words, and no others: to describe them all takes longer than to run many a one.
    pub(super) fn augment_named(line: clap::Command, words: &[OsString]) -> clap::Command {
        let named = BY_NAME.iter().filter(|(name, _)| words.iter().any(|word| word == name));
        named.fold(line, |line, (name, describe)| line.subcommand(describe(clap::Command::new(*name))))
    }

    /// Runs the command.
    pub(super) fn run(self, global: &Global, line: CommandLine, output: &mut Output) -> Result<Exit, CliError> {
        match self {
            Self::Status(command) => command.run(global, output),
            Self::Graph(command) => command.run(global, output),
            Self::Check(command) => command.run(global, output),
            Self::Bump(command) => command.run(global, output),
            Self::Tag(command) => command.run(global, output),
            Self::Prepare(command) => command.run(global, output),
            Self::Release(command) => command.run(global, output),
            Self::Pr(command) => command.run(global, output),
            Self::Hotfix(command) => command.run(global, output),
            Self::Verify(command) => command.run(global, output),
            Self::Doctor(command) => command.run(global, output),
            Self::Changelog(command) => command.run(global, output),
            Self::Plan(command) => command.run(global, output),
            Self::Apply(command) => command.run(global, output),
            Self::Demo(command) => command.run(global, line, output),
            Self::Init(command) => command.run(global, output),
            Self::Plugin(command) => command.run(global, output),
            Self::Resume(command) => command.run(global, output),
            Self::Abort(command) => command.run(global, output),
            Self::Schema(command) => command.run(output),
            Self::Completions(command) => command.run(output),
            Self::Help(command) => command.run(line, output),
            Self::Man(command) => command.run(line, &global.directory, output),
        }
    }
}
