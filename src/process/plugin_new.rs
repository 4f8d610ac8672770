//! [`new_plugin`]: the folder of a new plugin.

use std::path::{Path, PathBuf};

use super::error::ProcessError;
use super::plugin_test::Start;
use super::session::Opening;
use crate::config::is_plugin_name;
use crate::io::{self, FileError, Kind, own_pid};
use crate::model::{Diagnostic, PluginName, PluginRole, ProblemCode};
use crate::plan::{Refusal, RefusalCode};
use crate::plugin::{PluginLanguage, Skeleton};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct PluginWish {
    /// Its name.
    pub name: String,
    /// What it can do.
    pub role: PluginRole,
    /// The language that it is written in.
    pub language: PluginLanguage,
    /// Its folder; `None` for the one of its name below `plugins`.
    pub folder: Option<PathBuf>,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadePlugin {
    /// The folder, as relman.toml names it.
    pub folder: String,
    /// The files in it.
    pub files: Vec<String>,
    /// The lines of relman.toml that use it.
    pub relman_toml: String,
}

/// Makes the folder of a new plugin, which must not exist yet. Neither relman.toml nor a repository is needed.
///
/// # Errors
/// The name is not valid, the folder exists, or the system says no.
pub fn new_plugin(opening: &Opening, wish: &PluginWish) -> Result<MadePlugin, ProcessError> {
    if !is_plugin_name(&wish.name) {
        let problem = Diagnostic::new(ProblemCode::Plugin, format!("{:?} is not a valid name of a plugin", wish.name));
        return Err(vec![problem.help("use letters, digits, `-` and `_`")].into());
    }
    let start = Start::find(opening)?;
    let by_name = || start.base.join("plugins").join(&wish.name);
    let folder = wish.folder.as_ref().map_or_else(by_name, |folder| start.here.join(folder));
    if io::kind(&folder)? != Kind::Missing {
        let message = format!("{} exists", folder.display());
        let help = Some("name another folder: `relman plugin new NAME DIR`, or remove this one".to_owned());
        return Err(ProcessError::Refused(Refusal { code: RefusalCode::Plugin, message, help }));
    }
    let shown = folder.strip_prefix(&start.base).unwrap_or(&folder).display().to_string();
    let name = PluginName::new(wish.name.as_str());
    let skeleton = Skeleton { name: &name, role: wish.role, language: wish.language, folder: &shown };
    let files = skeleton.files();
    write(&folder, &files)?;
    let files = files.into_iter().map(|(path, _)| path).collect();
    Ok(MadePlugin { relman_toml: skeleton.relman_toml(), folder: shown, files })
}

/// Writes all files beside the folder, and then gives it its name, so that there is never half of it.
fn write(folder: &Path, files: &[(String, String)]) -> Result<(), FileError> {
    let parent = folder.parent().unwrap_or(folder);
    io::create_dirs(parent)?;
    let beside = parent.join(format!(".relman-new-{}", own_pid()));
    let written = files.iter().try_for_each(|(path, text)| {
        let file = beside.join(path);
        file.parent().map_or(Ok(()), io::create_dirs)?;
        io::create_new(&file, text.as_bytes(), None)
    });
    let named = written.and_then(|()| io::rename(&beside, folder));
    named.inspect_err(|_| drop(io::remove_tree(&beside)))
}
