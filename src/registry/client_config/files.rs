//! Files of other programs, which may be missing.

use std::path::{Path, PathBuf};

use crate::io::read_text;

/// The variables of the environment.
pub(in crate::registry) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// More than any such file has.
const LONGEST: u64 = 1024 * 1024;

/// Returns the text of a file; `None` if it does not exist.
///
/// # Errors
/// Returns the reason why it cannot be read.
pub(super) fn read_if_there(path: &Path) -> Result<Option<String>, String> {
    match read_text(path, LONGEST) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the value of a variable, if it is set and not empty.
pub(super) fn value_of(environment: Environment<'_>, name: &str) -> Option<String> {
    environment(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Returns the path that a variable names, if it is set and not empty.
pub(super) fn set_path(environment: Environment<'_>, name: &str) -> Option<PathBuf> {
    value_of(environment, name).map(PathBuf::from)
}
