//! The terminal, where there is one.

use std::io::{BufRead, IsTerminal};

/// Returns `true` if a person can type an answer.
#[must_use]
pub fn stdin_is_terminal() -> bool {
    std::io::stdin().is_terminal()
}

/// Returns `true` if standard output is read by a person.
#[must_use]
pub fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Returns `true` if standard error is read by a person.
#[must_use]
pub fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Reads one line from standard input, without its end; nothing at the end of the input or where it is unreadable.
#[must_use]
pub fn read_line() -> Option<String> {
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line.trim_end_matches(['\n', '\r']).to_owned()),
    }
}
