//! [`Host`]: starts plugins, and holds them to what they may do.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::de::DeserializeOwned;

use super::call::PluginCall;
use super::error::{PluginError, PluginFault};
use super::launch::Launch;
use super::protocol::{Ask, ErrorAnswer, Hello, PROTOCOL, Request};
use super::trust::Trust;
use crate::io::{Asked, Ending, Question, ScratchFolder, ask_program, variable};
use crate::model::{PluginName, PluginRole};
use crate::text::escape_controls;

/// How many bytes an answer may have at least; one that repeats what was asked may have more.
const MOST: u64 = 32 * 1024 * 1024;
/// How much of a line that is not valid is shown.
const SHOWN: usize = 80;
/// What every plugin is given of relman's own environment.
const PASSED: [&str; 7] = ["PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "USERPROFILE", "APPDATA"];

/// What a plugin wrote to standard error: its name, and a line.
pub type Said = (PluginName, String);

/// What a plugin answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The plugin's version.
    pub version: String,
    /// The answer.
    pub value: T,
}

/// Starts plugins.
#[derive(Debug)]
pub struct Host {
    trust: Trust,
    /// The folder of relman.toml.
    root: PathBuf,
    /// The top of the work tree.
    tree: PathBuf,
    /// Variables that plugins are given with these values.
    given: Vec<(String, String)>,
    said: Mutex<Vec<Said>>,
}

impl Host {
    /// Returns a host that starts what is trusted, for the relman.toml in `root` of the work tree `tree`.
    #[must_use]
    pub fn new(trust: Trust, root: PathBuf, tree: PathBuf) -> Self {
        Self { trust, root, tree, given: Vec::new(), said: Mutex::default() }
    }

    /// Gives plugins these variables, with these values.
    #[must_use]
    pub fn giving(self, given: Vec<(String, String)>) -> Self {
        Self { given, ..self }
    }

    /// Returns the folder of relman.toml, in which plugins run.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns what plugins wrote to standard error since the last call.
    pub fn take_said(&self) -> Vec<Said> {
        std::mem::take(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Finds the program of a plugin, and whether it may be started.
    ///
    /// # Errors
    /// It is missing, or may not be started.
    pub fn admit(&self, call: &PluginCall<'_>) -> Result<Launch, PluginError> {
        let admitted = || {
            self.trust.is_on()?;
            let launch = Launch::find(call, &self.root, &self.tree)?;
            self.trust.check((&self.root, call.name), || launch.digest(&self.tree))?;
            Ok(launch)
        };
        admitted().map_err(|fault| PluginError { plugin: call.name.clone(), version: None, fault })
    }

    /// Returns the program of a plugin and its digest, whether or not it is trusted.
    ///
    /// # Errors
    /// It is missing, or cannot be read.
    pub fn inspect(&self, call: &PluginCall<'_>) -> Result<(Launch, String), PluginError> {
        let inspected = || {
            let launch = Launch::find(call, &self.root, &self.tree)?;
            let digest = launch.digest(&self.tree)?;
            Ok((launch, digest))
        };
        inspected().map_err(|fault| PluginError { plugin: call.name.clone(), version: None, fault })
    }

    /// Asks a plugin, and returns its answer.
    ///
    /// # Errors
    /// It may not be started, or gives no valid answer.
    pub fn ask<T: DeserializeOwned>(
        &self,
        call: &PluginCall<'_>,
        role: PluginRole,
        ask: &Ask<'_>,
    ) -> Result<Answer<T>, PluginError> {
        let failed = |version, fault| PluginError { plugin: call.name.clone(), version, fault };
        let request = Request { relman: PROTOCOL, role, settings: Cow::Borrowed(call.settings), ask: ask.clone() };
        let line =
            serde_json::to_string(&request).map_err(|error| failed(None, PluginFault::Unfit(error.to_string())))?;
        let Answer { version, value } = self.exchange(call, Some(role), &line)?;
        match answer(&value) {
            Ok(value) => Ok(Answer { version, value }),
            Err(fault) => Err(failed(Some(version), fault)),
        }
    }

    /// Hands a plugin one line, whatever it says, and returns the line that it answers. With a `role`, the plugin must have it.
    ///
    /// # Errors
    /// It may not be started, or does not write a hello and one answer.
    pub fn exchange(
        &self,
        call: &PluginCall<'_>,
        role: Option<PluginRole>,
        line: &str,
    ) -> Result<Answer<String>, PluginError> {
        // Looked at again right before it starts, since it may have changed.
        let launch = self.admit(call)?;
        let mut version = None;
        let mut answered = || {
            let output = self.run(call, &launch, line)?;
            let (hello, rest) = hello(&output)?;
            version = Some(hello.version);
            if let Some(role) = role.filter(|role| !hello.roles.iter().any(|known| known == role.name())) {
                return Err(PluginFault::Role(role));
            }
            only(&rest).map(str::to_owned)
        };
        match answered() {
            // Whoever answers has said hello.
            Ok(value) => Ok(Answer { version: version.unwrap_or_default(), value }),
            Err(fault) => Err(PluginError { plugin: call.name.clone(), version, fault }),
        }
    }

    /// Asks a plugin for its hello alone.
    ///
    /// # Errors
    /// As for [`Host::ask`].
    pub fn hello(&self, call: &PluginCall<'_>) -> Result<Hello, PluginError> {
        let launch = self.admit(call)?;
        let said = self.run(call, &launch, "").and_then(|output| {
            let (hello, rest) = hello(&output)?;
            if rest.is_empty() { Ok(hello) } else { Err(PluginFault::Lines(rest.len() + 1)) }
        });
        said.map_err(|fault| PluginError { plugin: call.name.clone(), version: None, fault })
    }

    /// Starts a plugin with one line of input, which is left out if it is empty, and returns its lines as they are.
    ///
    /// # Errors
    /// It does not end as it should.
    pub fn run(&self, call: &PluginCall<'_>, launch: &Launch, line: &str) -> Result<String, PluginFault> {
        let scratch = ScratchFolder::make().map_err(|error| PluginFault::Unreadable(error.to_string()))?;
        let input = if line.is_empty() { String::new() } else { format!("{line}\n") };
        let question = Question {
            program: &launch.program,
            arguments: &launch.arguments,
            dir: &self.root,
            environment: &[environment(call, scratch.path()), self.given.clone()].concat(),
            input: input.as_bytes(),
            limit: call.timeout,
            most: MOST.max(4 * input.len() as u64),
            writable: scratch.path(),
            tree: &self.tree,
        };
        let mut on_line = |line: &str| {
            let said = (call.name.clone(), escape_controls(line).into_owned());
            self.said.lock().unwrap_or_else(PoisonError::into_inner).push(said);
        };
        let asked = ask_program(&question, &mut on_line).map_err(PluginFault::Command)?;
        ended(call, asked, question.most)
    }
}

/// The output of a program that ended as it should.
fn ended(call: &PluginCall<'_>, asked: Asked, most: u64) -> Result<String, PluginFault> {
    let Asked { ending, output, written } = asked;
    if let Some(path) = written {
        return Err(PluginFault::Wrote(path));
    }
    match ending {
        None => Err(PluginFault::TooMuch(most / 1024 / 1024)),
        Some(Ending::TimedOut) => Err(PluginFault::Late(call.timeout.as_secs())),
        Some(Ending::Signal(signal)) => Err(PluginFault::Signal(signal)),
        Some(Ending::Exit(0)) => String::from_utf8(output).map_err(|error| PluginFault::Malformed {
            what: "line",
            why: "it is not UTF-8".to_owned(),
            found: excerpt(&String::from_utf8_lossy(error.as_bytes())),
        }),
        Some(Ending::Exit(code)) => Err(PluginFault::Exit(code)),
    }
}

fn environment(call: &PluginCall<'_>, scratch: &Path) -> Vec<(String, String)> {
    let passed = PASSED.into_iter().chain(call.env.iter().map(String::as_str));
    let mut all: Vec<(String, String)> = passed.filter_map(|name| Some((name.to_owned(), variable(name)?))).collect();
    let scratch: PathBuf = scratch.to_owned();
    all.push(("TMPDIR".to_owned(), scratch.to_string_lossy().into_owned()));
    // What Python keeps of a module would be a write beside it.
    all.push(("PYTHONDONTWRITEBYTECODE".to_owned(), "1".to_owned()));
    all
}

/// The first line, and the others.
fn hello(output: &str) -> Result<(Hello, Vec<&str>), PluginFault> {
    let mut lines = output.lines();
    let first = lines.next().ok_or(PluginFault::Silent)?;
    let hello: Hello = parsed("hello", first)?;
    if !hello.relman.contains(&PROTOCOL) {
        let spoken: Vec<String> = hello.relman.iter().map(u32::to_string).collect();
        return Err(PluginFault::Protocol(spoken.join(", ")));
    }
    Ok((hello, lines.collect()))
}

/// The one line of an answer.
fn only<'a>(lines: &[&'a str]) -> Result<&'a str, PluginFault> {
    match lines {
        [] => Err(PluginFault::NoAnswer),
        [line] => Ok(line),
        more => Err(PluginFault::Lines(more.len() + 1)),
    }
}

fn answer<T: DeserializeOwned>(line: &str) -> Result<T, PluginFault> {
    match serde_json::from_str::<ErrorAnswer>(line) {
        Ok(ErrorAnswer { error, help }) => {
            Err(PluginFault::Answered { message: escape_controls(&error).into_owned(), help })
        }
        Err(_) => parsed("answer", line),
    }
}

fn parsed<T: DeserializeOwned>(what: &'static str, line: &str) -> Result<T, PluginFault> {
    serde_json::from_str(line).map_err(|error| PluginFault::Malformed {
        what,
        why: error.to_string().trim_end_matches(" at line 1 column 0").to_owned(),
        found: excerpt(line),
    })
}

fn excerpt(line: &str) -> String {
    let end = line.char_indices().nth(SHOWN).map_or(line.len(), |(at, _)| at);
    let cut = line.get(..end).unwrap_or(line);
    let dots = if end < line.len() { "..." } else { "" };
    format!("{}{dots}", escape_controls(cut))
}
