//! [`edit`]: a text that a person works over before it becomes part of a plan.

use super::error::ProcessError;
use crate::io::{self, Git};

/// The file in the git folder that the editor is given, beside those that git itself uses so.
const FILE: &str = "RELMAN_CHANGE.md";

/// Texts that are typed are short.
const LIMIT: u64 = 16 * 1024 * 1024;

/// Opens an editor, git's unless another is given, on a text and returns what the person made of it. Nothing is left behind.
///
/// # Errors
/// Returns an error if git has no editor configured, the editor fails, or the file it leaves is not text.
pub fn edit(git: &Git, text: &str, editor: Option<&str>) -> Result<String, ProcessError> {
    let command_line = editor.map_or_else(|| git.editor(), |editor| Ok(editor.to_owned()))?;
    let file = git.git_dir().join(FILE);
    io::write_file(&file, text.as_bytes())?;
    let ran = io::run_editor(&command_line, &file);
    let read = io::read_text(&file, LIMIT);
    io::remove(&file)?;
    ran.map_err(|source| ProcessError::Editor { editor: command_line, source })?;
    Ok(read?)
}
