//! [`ScratchFolder`]: a folder for what a command writes.

use std::path::Path;

use super::files::FileError;

/// A folder of its own below that for temporary files. It is removed with the value.
#[derive(Debug)]
pub struct ScratchFolder(tempfile::TempDir);

impl ScratchFolder {
    /// Makes an empty folder that only this user can open.
    ///
    /// # Errors
    /// Returns an error if it cannot be made.
    pub fn make() -> Result<Self, FileError> {
        let made = tempfile::Builder::new().prefix("relman-").tempdir();
        made.map(Self).map_err(|source| FileError::from_io("make a folder in", &std::env::temp_dir(), source))
    }

    /// Returns the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
