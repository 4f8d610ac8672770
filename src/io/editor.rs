//! The editor of the user's choice.

use std::path::Path;
use std::process::Command;

/// Lets a person edit a file with a command line as git has it, which a shell reads, and waits for its end.
///
/// # Errors
/// Where no shell can be started, or the editor ends with an error.
pub fn run_editor(command_line: &str, file: &Path) -> Result<(), std::io::Error> {
    // The shell that git itself calls an editor by; with git for Windows there is one, too.
    let script = format!("{command_line} \"$@\"");
    let status = Command::new("sh").arg("-c").arg(script).arg(command_line).arg(file).status()?;
    if status.success() { Ok(()) } else { Err(std::io::Error::other(format!("it ended with {status}"))) }
}
