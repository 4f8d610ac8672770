//! Files that hold a text.

use super::git::Git;
use super::git_process::{GitError, Input};

impl Git {
    /// Returns the files of the index that hold a text, as their paths from the top, sorted; files that are not text are passed over.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn files_with(&self, text: &str) -> Result<Vec<String>, GitError> {
        let run = self.try_read(
            &["grep", "--cached", "-z", "-l", "-I", "-F", "--full-name", "-e", text, "--", ":/"],
            Input::Nothing,
        )?;
        // It exits with 1 if it found nothing.
        let output = if run.code == Some(1) { Vec::new() } else { run.ok()? };
        let paths = output.split(|byte| *byte == 0).filter_map(|path| std::str::from_utf8(path).ok());
        Ok(paths.filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }
}
