//! [`Session`]: a repository that was found, from which a command reads what it needs.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::ProcessError;
use super::prompt::Prompt;
use crate::apply;
use crate::capture::{CaptureNeeds, CaptureOptions, Place, Progress, capture, discover};
use crate::init::{named_files, propose};
use crate::io::{EnvOverrides, Input, ScratchFolder};
use crate::model::RepoPath;
use crate::plan::{in_progress, refused_for_plugins};
use crate::plugin::{Host, Trust};
use crate::snapshot::Snapshot;

/// Where to look for a repository.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The folder to start from.
    pub directory: PathBuf,
    /// The configuration to take instead of the nearest relman.toml.
    pub config: Option<PathBuf>,
    /// What git is told beside what the environment tells it.
    pub git: EnvOverrides,
    /// Which plugins may be started.
    pub plugins: Trust,
}

/// A repository that was found.
#[derive(Debug)]
pub struct Session {
    /// The repository, and the configuration in it.
    pub place: Place,
    opening: Opening,
}

impl Session {
    /// Finds the repository for a command that only reads: that a run was interrupted is said, no more.
    ///
    /// # Errors
    /// Returns an error if the folder is not in a repository that can be read.
    pub fn open(opening: Opening, prompt: &mut dyn Prompt) -> Result<Self, ProcessError> {
        let place = find_place(&opening)?;
        if let Some(pending) = apply::pending(&place.git) {
            prompt.warn(&format!("an earlier run was interrupted: {}; {}", pending.summary, pending.help()));
        }
        Ok(Self { place, opening })
    }

    /// Finds the repository for a command that writes.
    ///
    /// # Errors
    /// Returns an error as [`Session::open`] does, and if an earlier run is unfinished.
    pub fn open_to_write(opening: Opening) -> Result<Self, ProcessError> {
        let place = find_place(&opening)?;
        match apply::pending(&place.git) {
            None => Ok(Self { place, opening }),
            Some(pending) => Err(ProcessError::Interrupted(pending)),
        }
    }

    /// Finds the repository for a command that writes, or only shows what it would write.
    ///
    /// # Errors
    /// Returns an error as [`Session::open`] or [`Session::open_to_write`] does.
    pub fn open_for(writes: bool, opening: Opening, prompt: &mut dyn Prompt) -> Result<Self, ProcessError> {
        if writes { Self::open_to_write(opening) } else { Self::open(opening, prompt) }
    }

    /// Returns the folder from which the repository was found; `None` if it is outside of relman.toml's folder.
    #[must_use]
    pub fn here(&self) -> Option<RepoPath> {
        let folder = self.place.git.prefix_of(&self.opening.directory)?;
        match self.place.prefix.strip(folder.as_str())? {
            "" => Some(RepoPath::root()),
            below => RepoPath::new(below).ok(),
        }
    }

    /// Refuses to write versions by a configuration that no one has written.
    ///
    /// # Errors
    /// Returns an error if relman.toml is missing.
    pub fn needs_configuration(&self) -> Result<(), ProcessError> {
        if self.place.file.is_some() {
            return Ok(());
        }
        let below = self.here().filter(|here| !here.is_root());
        let folder = below.map_or_else(|| self.place.root.clone(), |here| self.place.root.join(here.as_str()));
        Err(ProcessError::NoConfiguration { folder })
    }

    /// Reads what the request needs, and says so if the configuration is not a written one. The snapshot is never freed: a command reads
    /// one and ends, and to free its many small pieces one by one would take up to a twentieth of the time of `check`.
    ///
    /// # Errors
    /// Returns an error if git fails, or something that was read is wrong.
    pub fn read(
        &self,
        request: CaptureOptions,
        prompt: &mut dyn Prompt,
    ) -> Result<ManuallyDrop<Snapshot>, ProcessError> {
        let read = self.read_again(request, prompt);
        for (plugin, line) in self.place.plugins.take_said() {
            prompt.command_line(plugin.as_str(), &line);
        }
        let snapshot = read?;
        if !snapshot.configured {
            prompt.say("no relman.toml here; working on what `relman init` would write");
        }
        for idle in &snapshot.workspace.idle {
            prompt.warn(&idle.sentence());
        }
        for (folder, why) in &snapshot.workspace.left_out {
            prompt.say_more(&format!("{folder} is not a package: {why}"));
        }
        for left in &snapshot.plugins.left_out {
            // What to do about it is part of every reason.
            let help = left.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
            prompt.warn(&format!("{}{help}", left.sentence()));
        }
        Ok(ManuallyDrop::new(snapshot))
    }

    /// As [`Session::read`], for a command that releases: in the middle of a merge, what cannot be read has that reason.
    ///
    /// # Errors
    /// Returns an error as [`Session::read`] does.
    pub fn read_to_release(&self, request: CaptureOptions, prompt: &mut dyn Prompt) -> Result<Snapshot, ProcessError> {
        let snapshot = self.read(request, prompt).map_err(|error| match (error, self.place.git.in_progress()) {
            (ProcessError::Wrong(_), Ok(Some(operation))) => ProcessError::Refused(in_progress(operation)),
            (error, _) => error,
        })?;
        // A release of what was not looked at would be half of one.
        match refused_for_plugins(&snapshot) {
            Some(refusal) => Err(ProcessError::Refused(refusal)),
            None => Ok(ManuallyDrop::into_inner(snapshot)),
        }
    }

    /// Reads what was read before, and says nothing.
    pub(super) fn read_again(&self, request: CaptureOptions, prompt: &dyn Prompt) -> Result<Snapshot, ProcessError> {
        self.read_silently(request, &*prompt.commits_progress())
    }

    fn read_silently(&self, request: CaptureOptions, progress: &Progress<'_>) -> Result<Snapshot, ProcessError> {
        let (staged, proposed);
        let place = match self.place.file {
            Some(_) => &self.place,
            None if request.staged
                && let Some(place) = self.place.staged(&self.opening.directory)? =>
            {
                staged = place;
                &staged
            }
            None => {
                let proposal = propose(&discover(&self.place, request.staged, &named_files)?, None)?.text;
                proposed = Place { proposal: Some(proposal), ..self.place.clone() };
                &proposed
            }
        };
        Ok(capture(place, request, progress)?)
    }

    /// Reads what a commit holds, whatever the work tree and the index are at. What it says of git is of the commit's files only.
    ///
    /// # Errors
    /// Returns an error as [`Session::read`] does.
    pub(super) fn read_commit(&self, commit: &str, needs: CaptureNeeds) -> Result<Snapshot, ProcessError> {
        self.read_commit_at(&self.place, commit, needs)
    }

    /// The same by another configuration than the commit's own.
    ///
    /// # Errors
    /// Returns an error as [`Session::read`] does.
    pub(super) fn read_commit_by(
        &self,
        commit: &str,
        needs: CaptureNeeds,
        configuration: &str,
    ) -> Result<Snapshot, ProcessError> {
        let place = Place { file: None, proposal: Some(configuration.to_owned()), ..self.place.clone() };
        self.read_commit_at(&place, commit, needs)
    }

    fn read_commit_at(&self, place: &Place, commit: &str, needs: CaptureNeeds) -> Result<Snapshot, ProcessError> {
        let scratch = ScratchFolder::make()?;
        let index = scratch.path().join("index").into_os_string();
        let git = self.place.git.with_env(vec![("GIT_INDEX_FILE".into(), Some(index))]);
        git.try_write(&["-c", "core.fsmonitor=false", "read-tree", "--reset", commit], Input::Nothing)?.ok()?;
        let place = Place { git, ..place.clone() };
        Ok(capture(&place, CaptureOptions { needs, staged: true }, &|_, _| ())?)
    }

    /// Looks at the git folder again, which a fetch changed: whether the clone is still shallow.
    pub(super) fn reopen(&mut self) -> Result<(), ProcessError> {
        self.place.git = find_place(&self.opening)?.git;
        Ok(())
    }
}

/// Reads packages and tags, and says nothing: neither the history is walked, nor is a plugin started.
///
/// # Errors
/// Returns an error if a repository or its relman.toml is not found (what `init` would write takes too long to find for who waits at a
/// key), or something in it cannot be read.
pub fn glance(opening: &Opening) -> Result<Snapshot, ProcessError> {
    let opening = Opening { plugins: Trust::Off, ..opening.clone() };
    let session = Session { place: find_place(&opening)?, opening };
    session.needs_configuration()?;
    session.read_silently(CaptureOptions::default(), &|_, _| ())
}

/// Finds the repository and relman.toml in it, whatever state they are in.
///
/// # Errors
/// Returns an error if the folder is not in a repository that can be read.
pub fn find_place(opening: &Opening) -> Result<Place, ProcessError> {
    let mut place = Place::find(&opening.directory, opening.config.as_deref())?;
    if !opening.git.is_empty() {
        place.git = place.git.with_env(opening.git.clone());
    }
    place.plugins = Arc::new(Host::new(opening.plugins, place.root.clone(), place.git.toplevel().to_owned()));
    Ok(place)
}
