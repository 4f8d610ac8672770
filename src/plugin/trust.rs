//! [`Trust`]: whether a plugin that a repository names may be started.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::PluginFault;
use super::launch::Launch;
use crate::io::{self, FileError, Kind, variable};
use crate::model::PluginName;

/// The variable that trusts all plugins, for CI: 1.
const TRUST_ALL: &str = "RELMAN_TRUST_PLUGINS";

/// So many bytes the file may have.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Which plugins may be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// None.
    Off,
    /// All that relman.toml names.
    All,
    /// Those that this user said yes to, or all if the environment says so.
    OfUser,
}

/// Why what is trusted cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The system says no.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is not valid.
    #[error("{} is not valid: {why}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The user has no folder.
    #[error("the folder of this user is not known: neither XDG_CONFIG_HOME nor HOME is set")]
    NoFolder,
}

/// The plugins that a person said yes to, kept in the user's own folder.
#[derive(Clone, Debug)]
pub struct TrustStore {
    path: PathBuf,
    content: Content,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Content {
    trusted: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// The folder of relman.toml.
    root: PathBuf,
    name: PluginName,
    /// The command, so that a person sees what was trusted.
    command: Vec<String>,
    /// That of [`Launch::digest`].
    sha256: String,
}

impl Trust {
    /// Checks that plugins are asked at all.
    pub(super) fn is_on(self) -> Result<(), PluginFault> {
        if self == Self::Off { Err(PluginFault::Off) } else { Ok(()) }
    }

    /// Checks that the plugin with this name, which the relman.toml in this folder names, may be started as it is now.
    pub(super) fn check(
        self,
        (root, name): (&Path, &PluginName),
        digest: impl FnOnce() -> Result<String, PluginFault>,
    ) -> Result<(), PluginFault> {
        if self == Self::All || matches!(variable(TRUST_ALL).as_deref(), Some("1" | "true")) {
            return Ok(());
        }
        let store = TrustStore::read().map_err(|error| PluginFault::Unreadable(error.to_string()))?;
        match store.entry(root, name) {
            None => Err(PluginFault::Untrusted),
            Some(entry) if entry.sha256 == digest()? => Ok(()),
            Some(_) => Err(PluginFault::Changed),
        }
    }
}

impl TrustStore {
    /// Reads the file of this user; it need not exist.
    ///
    /// # Errors
    /// It cannot be read, or is not valid.
    pub fn read() -> Result<Self, TrustError> {
        let Some(path) = path() else { return Ok(Self { path: PathBuf::new(), content: Content::default() }) };
        if io::kind(&path)? == Kind::Missing {
            return Ok(Self { path, content: Content::default() });
        }
        let bytes = io::read_file(&path, LARGEST)?;
        match serde_json::from_slice(&bytes) {
            Ok(content) => Ok(Self { path, content }),
            Err(error) => Err(TrustError::Malformed { path, why: error.to_string() }),
        }
    }

    fn entry(&self, root: &Path, name: &PluginName) -> Option<&Entry> {
        self.content.trusted.iter().find(|entry| entry.root == root && entry.name == *name)
    }

    /// Trusts a plugin as it is now.
    ///
    /// # Errors
    /// The system says no.
    pub fn trust(&mut self, root: &Path, name: &PluginName, launch: &Launch, sha256: String) -> Result<(), TrustError> {
        self.forget(root, name);
        let entry = Entry { root: root.to_owned(), name: name.clone(), command: launch.command.clone(), sha256 };
        self.content.trusted.push(entry);
        self.write()
    }

    /// Takes the trust in a plugin back. Returns `false` if it was not trusted.
    ///
    /// # Errors
    /// The system says no.
    pub fn distrust(&mut self, root: &Path, name: &PluginName) -> Result<bool, TrustError> {
        let is_known = self.forget(root, name);
        if is_known {
            self.write()?;
        }
        Ok(is_known)
    }

    fn forget(&mut self, root: &Path, name: &PluginName) -> bool {
        let before = self.content.trusted.len();
        self.content.trusted.retain(|entry| entry.root != root || entry.name != *name);
        self.content.trusted.len() < before
    }

    fn write(&self) -> Result<(), TrustError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).ok_or(TrustError::NoFolder)?;
        io::create_dirs(folder)?;
        let text = serde_json::to_string_pretty(&self.content)
            .map_err(|error| TrustError::Malformed { path: self.path.clone(), why: error.to_string() })?;
        // A kill must not leave half of it.
        let beside = self.path.with_extension(format!("{}.new", io::own_pid()));
        io::write_file(&beside, format!("{text}\n").as_bytes())?;
        Ok(io::rename(&beside, &self.path)?)
    }
}

/// The file of this user; `None` if the user has no folder.
fn path() -> Option<PathBuf> {
    let folder = |name: &str| variable(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let home = || folder("HOME").map(|home| home.join(".config"));
    let config = folder("XDG_CONFIG_HOME").filter(|folder| folder.is_absolute()).or_else(|| folder("APPDATA"));
    Some(config.or_else(home)?.join("relman").join("trusted-plugins.json"))
}
