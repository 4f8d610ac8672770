//! [`Messages`]: what goes to standard error: words for people, and the lines of `--progress json`.

use std::borrow::Cow;
use std::io::Write;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};

use super::global::{Global, ProgressMode};
use super::words::Text;
use crate::io;
use crate::model::Event;
use crate::text::{escaped_json, visible_line};

/// Standard error. If it is closed, there is nowhere left to complain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Messages {
    choice: ColorChoice,
    progress: ProgressMode,
    is_quiet: bool,
}

impl Messages {
    /// Returns standard error as the options want it, coloured by this choice.
    pub(super) fn new(global: &Global, choice: ColorChoice) -> Self {
        Self { choice, progress: global.progress, is_quiet: global.quiet }
    }

    /// Returns `true` if the user wants no messages.
    pub(super) fn is_quiet(self) -> bool {
        self.is_quiet
    }

    /// Returns `true` if each event is a line of JSON.
    pub(super) fn are_json(self) -> bool {
        self.progress == ProgressMode::Json
    }

    /// Returns `true` if a line on the terminal may show progress, and go again.
    pub(super) fn has_terminal(self) -> bool {
        let can_go = || io::stderr_is_terminal() && io::terminal_has_cursor();
        self.progress == ProgressMode::Auto && !self.is_quiet && can_go()
    }

    /// Writes words for people.
    pub(super) fn write(self, text: &Text) {
        let words = if self.are_json() { unlike_json(text.as_ansi()) } else { Cow::Borrowed(text.as_ansi()) };
        let mut stream = AutoStream::new(std::io::stderr().lock(), self.choice);
        let _ = stream.write_all(words.as_bytes()).and_then(|()| stream.flush());
    }

    /// Says what is left behind by this process, which a signal ends, behind these words.
    pub(super) fn stopped(self, signal: i32, before: &str) {
        self.write(&Text::new(format_args!("{before}{}\n", io::left())));
        // As a shell reports it.
        self.event(&Event::end(128 + signal));
    }

    /// Says the same where a signal ends relman at once.
    pub(super) fn ended(self, signal: i32) {
        let shows_ctrl_c = signal == io::INTERRUPT && io::stderr_is_terminal();
        if !shows_ctrl_c && self.has_terminal() {
            // A line of progress goes, and what is said has its place.
            clear_line();
        }
        // The terminal has shown `^C`, and is still in that line.
        self.stopped(signal, if shows_ctrl_c { "\n" } else { "" });
    }

    /// Writes an event, if events are wanted, and its words, unless the user wants none.
    pub(super) fn event(self, event: &Event) {
        if self.are_json() {
            // A structure of texts and numbers can always be written.
            let line = serde_json::to_string(event).unwrap_or_default();
            let mut stream = std::io::stderr().lock();
            let _ = stream.write_all(format!("{}\n", escaped_json(&line)).as_bytes()).and_then(|()| stream.flush());
        }
        if let Some(words) = event.words().filter(|_| !self.is_quiet) {
            self.write(&Text::new(format_args!("{}\n", visible_line(words))));
        }
    }
}

/// Removes the line of the terminal in which the cursor is.
pub(super) fn clear_line() {
    let mut terminal = std::io::stderr().lock();
    // A closed terminal is not an error.
    let _ = terminal.write_all(b"\r\x1b[K").and_then(|()| terminal.flush());
}

/// Indents lines that a program could take for an event.
fn unlike_json(words: &str) -> Cow<'_, str> {
    let is_like = |line: &str| strip_str(line).to_string().starts_with('{');
    if !words.lines().any(is_like) {
        return Cow::Borrowed(words);
    }
    let indent = |line: &str| if is_like(line) { format!(" {line}") } else { line.to_owned() };
    words.split_inclusive('\n').map(indent).collect()
}

#[cfg(test)]
mod tests {
    use super::unlike_json;

    #[test]
    fn what_looks_like_an_event_is_indented() {
        let words = "error: a hook said\n{\"event\":\"end\"}\n\u{1b}[1m{\u{1b}[0m}\n";
        assert_eq!(unlike_json(words), "error: a hook said\n {\"event\":\"end\"}\n \u{1b}[1m{\u{1b}[0m}\n");
        assert_eq!(unlike_json("a {b}\n"), "a {b}\n");
    }
}
