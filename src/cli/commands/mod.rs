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

use clap::Subcommand;

use super::command_line::CommandLine;
use super::error::{CliError, Exit};
use super::global::Global;
use super::output::Output;

/// The commands of relman. The arguments of each are described when it is asked for; until then only its name is known.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
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

impl Command {
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
