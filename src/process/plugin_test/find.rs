//! [`Start`]: where plugins are looked for, and by which names.

use std::path::{Path, PathBuf};

use crate::capture::{CaptureError, Place, read_configuration};
use crate::io::{self, GitError, Kind};
use crate::model::{Diagnostic, ProblemCode, did_you_mean};
use crate::process::error::ProcessError;
use crate::process::session::Opening;

/// The file that describes a plugin.
pub(super) const PLUGIN_FILE: &str = "plugin.toml";
/// The folder of the plugins, below that of relman.toml.
const PLUGINS: &str = "plugins";

/// Where plugins are looked for.
pub(in crate::process) struct Start {
    /// The folder in which relman was started.
    pub(in crate::process) here: PathBuf,
    /// The folder of relman.toml; the same as `here` if there is none.
    pub(in crate::process) base: PathBuf,
    /// The repository, if relman.toml is in one.
    place: Option<Place>,
}

/// Returns `true` if a folder has a plugin.toml.
pub(super) fn is_plugin_folder(folder: &Path) -> bool {
    matches!(io::kind(&folder.join(PLUGIN_FILE)), Ok(Kind::File | Kind::Symlink))
}

impl Start {
    /// Looks for relman.toml. Neither it nor a repository is needed.
    ///
    /// # Errors
    /// The folder cannot be read, or is in a repository that git does not accept.
    pub(in crate::process) fn find(opening: &Opening) -> Result<Self, ProcessError> {
        let here = io::canonical(&opening.directory)?;
        match Place::find(&opening.directory, opening.config.as_deref()) {
            Ok(place) if place.file.is_some() => Ok(Self { here, base: place.root.clone(), place: Some(place) }),
            Ok(_) | Err(CaptureError::Git(GitError::NotARepository { .. } | GitError::Missing)) => {
                Ok(Self { base: here.clone(), here, place: None })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the folders of the plugins with these names; without names, of this folder or of all below `plugins`.
    ///
    /// # Errors
    /// One of them was not found.
    pub(super) fn folders(&self, names: &[String]) -> Result<Vec<PathBuf>, ProcessError> {
        if !names.is_empty() {
            let found = names.iter().map(|name| self.named(name)).collect::<Result<Vec<_>, _>>()?;
            let (folders, missing): (Vec<_>, Vec<_>) = found.into_iter().partition(Result::is_ok);
            let missing: Vec<Diagnostic> = missing.into_iter().filter_map(Result::err).collect();
            return if missing.is_empty() { Ok(folders.into_iter().flatten().collect()) } else { Err(missing.into()) };
        }
        if is_plugin_folder(&self.here) {
            return Ok(vec![self.here.clone()]);
        }
        let all: Vec<PathBuf> = self.all().into_iter().map(|name| self.base.join(PLUGINS).join(name)).collect();
        if all.is_empty() {
            let message =
                format!("no plugin found: neither {PLUGIN_FILE} nor {PLUGINS}/NAME/{PLUGIN_FILE} exists here");
            let problem = Diagnostic::new(ProblemCode::Missing, message);
            return Err(vec![problem.help("name the folder of a plugin, or make one: `relman plugin new NAME`")].into());
        }
        Ok(all)
    }

    /// The folder of a plugin: the folder itself, one below `plugins`, or the one in which the command of relman.toml is located.
    fn named(&self, name: &str) -> Result<Result<PathBuf, Diagnostic>, ProcessError> {
        let direct = [self.here.join(name), self.base.join(PLUGINS).join(name)];
        if let Some(folder) = direct.into_iter().find(|folder| is_plugin_folder(folder)) {
            return Ok(Ok(io::canonical(&folder)?));
        }
        if let Some(folder) = self.of_configuration(name)? {
            return Ok(Ok(folder));
        }
        let all = self.all();
        let known: Vec<&str> = all.iter().map(String::as_str).collect();
        let help =
            did_you_mean(name, &known, || format!("expected a folder with {PLUGIN_FILE}, or its name in {PLUGINS}"));
        Ok(Err(Diagnostic::new(ProblemCode::UnknownName, format!("`{name}` is not a plugin")).help(help)))
    }

    fn of_configuration(&self, name: &str) -> Result<Option<PathBuf>, ProcessError> {
        // Outside of a repository no relman.toml names plugins.
        let Some(place) = &self.place else { return Ok(None) };
        let config = read_configuration(place)?;
        let spec = config.plugins.iter().find(|spec| spec.name.as_str() == name);
        let words = spec.map_or(&[][..], |spec| &spec.command);
        let files = words.iter().filter_map(|word| io::canonical(&place.root.join(word)).ok());
        let above = files.filter_map(|file| {
            let folders = file.ancestors().skip(1).take_while(|folder| folder.starts_with(&place.root));
            folders.map(Path::to_owned).find(|folder| is_plugin_folder(folder))
        });
        Ok(above.into_iter().next())
    }

    /// The names of the folders below `plugins` that are plugins.
    fn all(&self) -> Vec<String> {
        let folder = self.base.join(PLUGINS);
        let entries = io::read_dir(&folder).unwrap_or_default();
        let names = entries.into_iter().filter(|entry| entry.kind == Kind::Directory).map(|entry| entry.name);
        names.filter(|name| is_plugin_folder(&folder.join(name))).collect()
    }
}
