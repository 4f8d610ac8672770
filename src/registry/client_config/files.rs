//! Files of other programs, which may be missing.

use std::path::Path;

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
