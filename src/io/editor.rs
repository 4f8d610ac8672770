//! The editor of the user's choice.

use std::path::Path;
use std::process::Command;

use super::signals::Held;

/// Opens a file in the user's editor and waits for it to exit. The command line is the one that git uses, run by a shell.
///
/// # Errors
/// Returns an error if no shell can be started, or the editor ends with an error.
pub fn run_editor(command_line: &str, file: &Path) -> Result<(), std::io::Error> {
    // Git itself runs the editor by this shell; Git for Windows ships one, too.
    let script = format!("{command_line} \"$@\"");
    // In an editor Ctrl-C is a key like any other.
    let _held = Held::hold_interrupt();
    let status = Command::new("sh").arg("-c").arg(script).arg(command_line).arg(file).status()?;
    if status.success() { Ok(()) } else { Err(std::io::Error::other(format!("it exited with {status}"))) }
}
