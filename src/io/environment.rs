//! The environment of the process.

use std::path::PathBuf;

use super::files::FileError;

/// Returns the value of an environment variable, if it is set and UTF-8.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns `true` if an environment variable is set and not empty.
#[must_use]
pub fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Returns the working directory.
///
/// # Errors
/// Returns an error if it was removed or cannot be read.
pub fn current_dir() -> Result<PathBuf, FileError> {
    std::env::current_dir().map_err(|source| FileError::from_io("find the folder", &PathBuf::from("."), source))
}

/// Returns the arguments of the process, the program's own name first.
pub fn arguments() -> impl Iterator<Item = std::ffi::OsString> {
    std::env::args_os()
}
