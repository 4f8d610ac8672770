//! [`Launch`]: the program of a plugin, and the files of the repository that it is made of.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::call::PluginCall;
use super::error::PluginFault;
use crate::io::{self, Kind, find_program};
use crate::text::hex;

/// The file that marks the folder of a plugin: what lies in that folder belongs to it.
const MARK: &str = "plugin.toml";
/// So many bytes a file of a plugin may have.
const LARGEST: u64 = 256 * 1024 * 1024;
/// Folders in it that a plugin is not made of.
const LEFT_ASIDE: [&str; 2] = ["cases", "target"];

/// What is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The whole command, as relman.toml has it, or as it follows from the name.
    pub command: Vec<String>,
    /// The files of the repository that it is made of, as far as the command names them.
    pub files: BTreeSet<PathBuf>,
}

impl Launch {
    /// Finds the program and the files of a plugin, whose command counts from `root`, in the work tree `tree`.
    ///
    /// # Errors
    /// It is missing, or leads out of the repository.
    pub fn find(call: &PluginCall<'_>, root: &Path, tree: &Path) -> Result<Self, PluginFault> {
        let by_name = || vec![call.name.program()];
        let command = if call.command.is_empty() { by_name() } else { call.command.to_vec() };
        let name = command.first().map_or("", String::as_str);
        let program = find_program(name, root).ok_or_else(|| PluginFault::Missing(name.to_owned()))?;
        let mut files = BTreeSet::new();
        for word in &command {
            files.extend(files_of(root, tree, word)?);
        }
        if program.starts_with(tree) {
            files.insert(io::canonical(&program).map_err(unreadable)?);
        }
        Ok(Self { program, arguments: command.iter().skip(1).cloned().collect(), command, files })
    }

    /// Returns the SHA-256 digest of the command, and of the names and the content of the files.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn digest(&self, tree: &Path) -> Result<String, PluginFault> {
        let mut whole = Sha256::new();
        let mut part = |bytes: &[u8]| {
            // The length before each part keeps two of them apart.
            whole.update((bytes.len() as u64).to_le_bytes());
            whole.update(bytes);
        };
        part(&self.command.len().to_le_bytes());
        self.command.iter().for_each(|word| part(word.as_bytes()));
        for file in &self.files {
            part(file.strip_prefix(tree).unwrap_or(file).as_os_str().as_encoded_bytes());
            part(&io::read_file(file, LARGEST).map_err(unreadable)?);
        }
        Ok(hex(&whole.finalize()))
    }
}

/// The files that a word of a command means: itself and, where it lies in the folder of a `plugin.toml`, what else lies there.
fn files_of(root: &Path, tree: &Path, word: &str) -> Result<Vec<PathBuf>, PluginFault> {
    let path = root.join(word);
    // A word that is not a path of the repository is an argument like any other.
    if word.is_empty() || Path::new(word).is_absolute() || !matches!(io::kind(&path), Ok(Kind::File | Kind::Symlink)) {
        return Ok(Vec::new());
    }
    let file = inside(tree, &path, word)?;
    let mut files = Vec::new();
    if let Some(folder) = file.parent().filter(|folder| matches!(io::kind(&folder.join(MARK)), Ok(Kind::File))) {
        collect(tree, folder, &mut files)?;
    }
    files.push(file);
    Ok(files)
}

/// Takes all files below a folder, but for cases, and what a build leaves.
fn collect(tree: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), PluginFault> {
    for entry in io::read_dir(folder).map_err(unreadable)? {
        let path = folder.join(&entry.name);
        match entry.kind {
            Kind::Directory if LEFT_ASIDE.contains(&entry.name.as_str()) => {}
            Kind::Directory => collect(tree, &path, files)?,
            Kind::File | Kind::Symlink => {
                let file = inside(tree, &path, &entry.name)?;
                if matches!(io::kind(&file), Ok(Kind::File)) {
                    files.push(file);
                }
            }
            Kind::Other | Kind::Missing => {}
        }
    }
    Ok(())
}

/// Follows a path, which must not leave the repository.
fn inside(tree: &Path, path: &Path, shown: &str) -> Result<PathBuf, PluginFault> {
    let file = io::canonical(path).map_err(unreadable)?;
    if file.starts_with(tree) { Ok(file) } else { Err(PluginFault::Leaves(shown.to_owned())) }
}

fn unreadable(error: io::FileError) -> PluginFault {
    PluginFault::Unreadable(error.to_string())
}
