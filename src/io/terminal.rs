//! The terminal, if there is one.

use std::io::{BufRead, IsTerminal};

use super::signals::Held;

/// Returns `true` if a user can type an answer.
#[must_use]
pub fn stdin_is_terminal() -> bool {
    std::io::stdin().is_terminal()
}

/// Returns `true` if standard output is a terminal.
#[must_use]
pub fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Returns `true` if standard error is a terminal.
#[must_use]
pub fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// What came from a person who was asked for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedLine {
    /// A line, without its end.
    Line(String),
    /// The end of the input, or it cannot be read.
    End,
    /// A signal that asks relman to end.
    Signal(i32),
}

/// Reads one line from standard input, which is a terminal.
#[must_use]
pub fn read_line() -> TypedLine {
    let held = Held::hold();
    while !wait_for_input(TICK) {
        if let Some(signal) = held.caught() {
            return TypedLine::Signal(signal);
        }
    }
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => TypedLine::End,
        Ok(_) => TypedLine::Line(line.trim_end_matches(['\n', '\r']).to_owned()),
    }
}

/// Returns the rows and columns of the terminal that standard output is; `None` if it is none, or does not say.
#[must_use]
pub fn terminal_size() -> Option<(u16, u16)> {
    #[cfg(unix)]
    {
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
        (size.ws_row > 0 && size.ws_col > 0).then_some((size.ws_row, size.ws_col))
    }
    #[cfg(not(unix))]
    None
}

/// Returns `true` if the terminal can move its cursor, as far as `TERM` says.
#[must_use]
pub fn terminal_has_cursor() -> bool {
    super::variable("TERM").is_some_and(|term| !matches!(term.as_str(), "" | "dumb" | "unknown"))
}

/// How often signals are looked at, in nanoseconds. They also interrupt the wait.
const TICK: i64 = 100_000_000;

/// Waits for something to read on standard input, so many nanoseconds or until a signal comes. Returns `true` if there may be something.
#[cfg(unix)]
pub(super) fn wait_for_input(nanoseconds: i64) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = std::io::stdin();
    let mut wanted = [PollFd::new(&stdin, PollFlags::IN)];
    match poll(&mut wanted, Some(&Timespec { tv_sec: 0, tv_nsec: nanoseconds })) {
        Ok(ready) => ready > 0,
        // What cannot be waited for is read, which says why.
        Err(error) => error != rustix::io::Errno::INTR,
    }
}

#[cfg(not(unix))]
pub(super) fn wait_for_input(_: i64) -> bool {
    true
}
