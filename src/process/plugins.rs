//! The plugins of relman.toml: listed, trusted, and not trusted any more.

use serde::Serialize;

use super::error::ProcessError;
use super::session::Session;
use crate::capture::{call_of, read_configuration};
use crate::config::{Config, EntryKind, PluginSpec};
use crate::model::{Diagnostic, PluginName, PluginRole, ProblemCode, did_you_mean};
use crate::plugin::{Host, PluginError, PluginFault, TrustError, TrustStore};
use crate::text::Span;

/// The plugins of relman.toml.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PluginsReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// The plugins, in the order of relman.toml.
    pub plugins: Vec<PluginStatus>,
}

/// A plugin of relman.toml.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PluginStatus {
    /// Its name.
    pub name: PluginName,
    /// The command that starts it.
    pub command: Vec<String>,
    /// Whether it may be started, and answers.
    pub state: PluginState,
    /// Its version, if it was started.
    pub version: Option<String>,
    /// What relman.toml uses it for.
    pub used_for: Vec<PluginRole>,
    /// What it can do, if it was started.
    pub roles: Vec<String>,
    /// What is wrong with it.
    pub message: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// Whether a plugin may be started, and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PluginState {
    /// It is trusted, and answers.
    Trusted,
    /// It was never trusted.
    Untrusted,
    /// It has changed since it was trusted.
    Changed,
    /// Plugins are switched off.
    Off,
    /// It cannot be started, or gives no valid answer.
    Broken,
}

impl PluginState {
    /// Returns the name as JSON has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Untrusted => "untrusted",
            Self::Changed => "changed",
            Self::Off => "off",
            Self::Broken => "broken",
        }
    }
}

/// What was trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted {
    /// Its command.
    pub command: String,
    /// The files of the repository that it is made of, and their digest.
    pub files: Vec<String>,
}

/// Lists the plugins of relman.toml, and asks those that are trusted who they are.
///
/// # Errors
/// relman.toml cannot be read.
pub fn list_plugins(session: &Session) -> Result<PluginsReport, ProcessError> {
    let config = read_configuration(&session.place)?;
    let status = |spec: &PluginSpec| status(&session.place.plugins, &config, spec);
    Ok(PluginsReport { schema: 1, plugins: config.plugins.iter().map(status).collect() })
}

fn status(host: &Host, config: &Config, spec: &PluginSpec) -> PluginStatus {
    let command = if spec.command.is_empty() { vec![spec.name.program()] } else { spec.command.clone() };
    let empty = PluginStatus {
        name: spec.name.clone(),
        command,
        state: PluginState::Trusted,
        version: None,
        used_for: used_for(config, spec),
        roles: Vec::new(),
        message: None,
        help: None,
    };
    match host.hello(&call_of(spec)) {
        Ok(hello) => PluginStatus { version: Some(hello.version), roles: hello.roles, ..empty },
        Err(error) => {
            let state = match error.fault {
                PluginFault::Untrusted => PluginState::Untrusted,
                PluginFault::Changed => PluginState::Changed,
                PluginFault::Off => PluginState::Off,
                _ => PluginState::Broken,
            };
            PluginStatus { state, message: Some(error.to_string()), help: error.help(), ..empty }
        }
    }
}

fn used_for(config: &Config, spec: &PluginSpec) -> Vec<PluginRole> {
    let mut entries = config.packages.iter().flat_map(|package| package.manifests.iter().flatten());
    let finds = entries.any(|entry| entry.kind == EntryKind::Plugin(spec.name.clone()));
    let uses = |role: PluginRole| match role {
        PluginRole::Manifest => finds,
        other => spec.roles.contains(&other),
    };
    PluginRole::ALL.into_iter().filter(|role| uses(*role)).collect()
}

/// Trusts a plugin as it is now.
///
/// # Errors
/// relman.toml does not name it, it is missing, or the user's folder cannot be written.
pub fn trust_plugin(session: &Session, name: &str) -> Result<Trusted, ProcessError> {
    let config = read_configuration(&session.place)?;
    let spec = named(&config, name)?;
    let host = &session.place.plugins;
    let (launch, digest) = host.inspect(&call_of(spec)).map_err(|error| wrong(&config, spec.span, &error))?;
    let mut store = TrustStore::read().map_err(failed)?;
    store.trust(host.root(), &spec.name, &launch, digest).map_err(failed)?;
    let top = session.place.git.toplevel();
    let shown = |file: &std::path::PathBuf| file.strip_prefix(top).unwrap_or(file).display().to_string();
    Ok(Trusted { command: launch.command.join(" "), files: launch.files.iter().map(shown).collect() })
}

/// Takes the trust in a plugin back. Returns `false` if it was not trusted.
///
/// # Errors
/// The user's folder cannot be read or written.
pub fn distrust_plugin(session: &Session, name: &str) -> Result<bool, ProcessError> {
    let mut store = TrustStore::read().map_err(failed)?;
    store.distrust(session.place.plugins.root(), &PluginName::new(name)).map_err(failed)
}

fn named<'a>(config: &'a Config, name: &str) -> Result<&'a PluginSpec, ProcessError> {
    let found = config.plugins.iter().find(|spec| spec.name.as_str() == name);
    found.ok_or_else(|| {
        let known: Vec<&str> = config.plugins.iter().map(|spec| spec.name.as_str()).collect();
        let all = || {
            if known.is_empty() {
                "relman.toml names no plugins".to_owned()
            } else {
                format!("the plugins are {}", known.join(", "))
            }
        };
        let help = did_you_mean(name, &known, all);
        let message = format!("`{name}` is not a plugin of {}", config.path);
        ProcessError::Wrong(vec![Diagnostic::new(ProblemCode::UnknownName, message).help(help)])
    })
}

fn wrong(config: &Config, span: Span, error: &PluginError) -> ProcessError {
    let problem = config.diagnostic(ProblemCode::Plugin, span, error.to_string());
    ProcessError::Wrong(vec![error.help().map_or(problem.clone(), |help| problem.help(help))])
}

fn failed(error: TrustError) -> ProcessError {
    ProcessError::Failed { message: error.to_string(), help: None }
}
