//! Plugins that publish and announce: asked whether it is done, and asked to do it.

use std::borrow::Cow;
use std::time::Duration;

use crate::apply::PublishError;
use crate::capture::{Place, call_of};
use crate::config::Config;
use crate::io::CommandError;
use crate::plan::{PluginRelease, PluginStep, RunStep};
use crate::plugin::protocol::{Ask, Deed, DeedAnswer, DeedState, ReleaseFacts};
use crate::plugin::{Answer, PluginCall, PluginError, PluginFault};

/// A step that a plugin does.
#[derive(Clone, Copy)]
pub(super) struct PluginDeed<'a> {
    pub(super) place: &'a Place,
    pub(super) config: &'a Config,
    pub(super) step: &'a RunStep,
    pub(super) plugin: &'a PluginStep,
    /// The commit of the tag; empty if it is not known.
    pub(super) commit: &'a str,
}

impl PluginDeed<'_> {
    /// Sees whether the plugin can be started at all.
    ///
    /// # Errors
    /// It cannot, or does not have the role.
    pub(super) fn rehearse(self) -> Result<(), PublishError> {
        let hello = self.place.plugins.hello(&self.call()?).map_err(refused)?;
        if hello.roles.iter().any(|role| role == self.plugin.role.name()) {
            return Ok(());
        }
        let fault = PluginFault::Role(self.plugin.role);
        Err(refused(PluginError { plugin: self.plugin.name.clone(), version: Some(hello.version), fault }))
    }

    /// Asks whether it is done: returns what is not, empty if all is.
    ///
    /// # Errors
    /// The plugin cannot tell, or does not answer.
    pub(super) fn missing(self) -> Result<Vec<String>, PublishError> {
        let answer = self.ask(Ask::Probe)?;
        match answer.state {
            DeedState::Done => Ok(Vec::new()),
            DeedState::Absent => Ok(vec![answer.message.unwrap_or_else(|| format!("{} is not done", self.step))]),
            DeedState::Unknown => Err(PublishError::Undecided),
        }
    }

    /// Has it done.
    ///
    /// # Errors
    /// It is not, or not certainly.
    pub(super) fn perform(self, say: &dyn Fn(&str)) -> Result<(), PublishError> {
        let answer = self.ask(Ask::Perform)?;
        let said = answer.message.into_iter().chain(answer.url);
        said.for_each(|line| say(&line));
        match answer.state {
            DeedState::Done => Ok(()),
            DeedState::Absent => Err(PublishError::Failed(format!("{} was not done", self.step))),
            DeedState::Unknown => Err(PublishError::Undecided),
        }
    }

    /// Has it done unless it is. Returns `false` if it was done before.
    ///
    /// # Errors
    /// It is not done, or not certainly.
    pub(super) fn perform_once(self, say: &dyn Fn(&str)) -> Result<bool, PublishError> {
        match self.missing() {
            Ok(missing) if missing.is_empty() => Ok(false),
            Ok(_) | Err(PublishError::Undecided) => self.perform(say).map(|()| true),
            Err(error) => Err(error),
        }
    }

    fn call(&self) -> Result<PluginCall<'_>, PublishError> {
        let name = &self.plugin.name;
        let spec = self.config.plugins.iter().find(|spec| spec.name == *name);
        let gone = || PublishError::Failed(format!("`{name}` is not a plugin of {} any more", self.config.path));
        let limit = Duration::from_secs(self.step.seconds);
        Ok(PluginCall { timeout: limit, ..call_of(spec.ok_or_else(gone)?) })
    }

    fn ask(self, ask: impl FnOnce(Deed<'static>) -> Ask<'static>) -> Result<DeedAnswer, PublishError> {
        let lead = self.plugin.releases.first().map_or(String::new(), |release| release.tag.to_string());
        // The same in every run, on every machine, for the same release.
        let key = format!("{}:{}:{lead}:{}", self.plugin.name, self.plugin.role, self.commit);
        let release = |release: &PluginRelease| ReleaseFacts {
            package: release.package.to_string(),
            version: release.version.clone(),
            tag: release.tag.to_string(),
            commit: self.commit.to_owned(),
            notes: release.notes.clone(),
        };
        let deed = Deed { key: Cow::Owned(key), releases: self.plugin.releases.iter().map(release).collect() };
        let answer: Answer<DeedAnswer> =
            self.place.plugins.ask(&self.call()?, self.plugin.role, &ask(deed)).map_err(refused)?;
        Ok(answer.value)
    }
}

fn refused(error: PluginError) -> PublishError {
    if let PluginFault::Command(CommandError::Interrupted(signal)) = error.fault {
        return PublishError::Signalled(signal);
    }
    let help = error.help().map_or(String::new(), |help| format!(" ({help})"));
    PublishError::Failed(format!("{error}{help}"))
}
