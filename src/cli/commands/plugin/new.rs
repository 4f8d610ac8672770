//! `relman plugin new`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::made_plugin_text;
use crate::model::PluginRole;
use crate::plugin::PluginLanguage;
use crate::process::{PluginWish, new_plugin};

/// Write a new plugin that works, with its first cases
///
/// It finds versions in lines `version = 1.2.0`, or does what little its role asks for. Change the program and the cases to what you need.
#[derive(Debug, Args)]
pub(super) struct NewPlugin {
    /// Its name: letters, digits, `-` and `_`
    name: String,
    /// Its folder, which must not exist [default: plugins/NAME]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// What it is to do
    #[arg(long, default_value = "manifest")]
    role: Role,
    /// The language that it is written in
    #[arg(long, default_value = "python")]
    language: Language,
}

/// A role, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    /// Find versions in files
    Manifest,
    /// Check the workspace
    Check,
    /// Make entries of changelogs
    Notes,
    /// Publish releases
    Publish,
    /// Announce releases
    Announce,
}

/// A language, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    /// Python 3, with its standard library alone
    Python,
    /// JavaScript for Node
    Node,
    /// A POSIX shell and awk
    Shell,
    /// Rust, with `serde_json`
    Rust,
}

impl NewPlugin {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let role = match self.role {
            Role::Manifest => PluginRole::Manifest,
            Role::Check => PluginRole::Check,
            Role::Notes => PluginRole::Notes,
            Role::Publish => PluginRole::Publish,
            Role::Announce => PluginRole::Announce,
        };
        let language = match self.language {
            Language::Python => PluginLanguage::Python,
            Language::Node => PluginLanguage::Node,
            Language::Shell => PluginLanguage::Shell,
            Language::Rust => PluginLanguage::Rust,
        };
        let wish = PluginWish { name: self.name, role, language, folder: self.folder };
        let made = new_plugin(&global.opening(), &wish)?;
        output.result(made_plugin_text(&wish, &made));
        Ok(Exit::Done)
    }
}
