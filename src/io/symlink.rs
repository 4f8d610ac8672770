//! [`link_into`]: a symbolic link to what is elsewhere.

use std::fs;
use std::io;
use std::path::Path;

use super::files::FileError;

/// Makes a symbolic link to a file or folder, with the folders above it. What does not exist is not linked.
///
/// # Errors
/// Returns an error if something else has the place, or the link cannot be made.
pub fn link_into(target: &Path, at: &Path) -> Result<(), FileError> {
    let fail = |source| FileError::from_io("link", at, source);
    if !target.try_exists().map_err(fail)? {
        return Ok(());
    }
    if let Some(folder) = at.parent() {
        fs::create_dir_all(folder).map_err(fail)?;
    }
    link(target, at).map_err(fail)
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(windows)]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};
    if target.is_dir() { symlink_dir(target, at) } else { symlink_file(target, at) }
}
