//! [`Output`]: results go to standard output, messages to standard error.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::global::{Colour, Global};
use super::messages::Messages;
use super::words::Text;
use crate::io;
use crate::plan::PackageBump;

/// The two streams, coloured or not. A closed pipe ends the printing, not the run.
pub(super) struct Output {
    out: AutoStream<std::io::Stdout>,
    messages: Messages,
    verbose: bool,
    /// A person reads the results, at a terminal or in a pager.
    is_read: bool,
    /// Whether standard output is to hold one JSON object, and nothing was printed there yet.
    owes_json: bool,
    closed: bool,
    failed: Option<std::io::Error>,
    /// The columns of the terminal that results are printed to.
    width: Option<usize>,
    /// The versions that were shown last, with a question about them.
    asked_about: Vec<PackageBump>,
}

/// Errors.
pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Warnings.
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Good news, and new values.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// Removals, and old values.
pub(super) const OLD: Style = AnsiColor::Red.on_default();
/// Headings and labels.
pub(super) const LABEL: Style = Style::new().bold();
/// Less important text.
pub(super) const FAINT: Style = Style::new().dimmed();

impl Output {
    /// Opens both streams as the options say. With `is_json` the command was asked for one JSON object.
    pub(super) fn new(global: &Global, is_json: bool) -> Self {
        let choice = match global.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::AlwaysAnsi,
            Colour::Never => ColorChoice::Never,
        };
        Self {
            out: AutoStream::new(std::io::stdout(), choice),
            messages: Messages::new(global, choice),
            verbose: global.verbose,
            is_read: io::stdout_is_terminal() || global.color == Colour::Always,
            owes_json: is_json,
            closed: false,
            failed: None,
            width: io::terminal_size().map(|(_, columns)| columns.into()),
            asked_about: Vec::new(),
        }
    }

    /// Returns the columns of the terminal that results are printed to; `None` if that is none.
    pub(super) fn width(&self) -> Option<usize> {
        self.width
    }

    /// Notes that these versions are on the terminal.
    pub(super) fn note_asked_about(&mut self, bumps: &[PackageBump]) {
        self.asked_about = bumps.to_vec();
    }

    /// Returns `true` if exactly these versions were shown last, with a question about them.
    pub(super) fn has_asked_about(&self, bumps: &[PackageBump]) -> bool {
        self.asked_about == bumps
    }

    /// Returns a text as it is shown: without styles where the user wants none.
    pub(super) fn as_shown(&self, text: &Text) -> String {
        match self.out.current_choice() {
            ColorChoice::Never => anstream::adapter::strip_str(text.as_ansi()).to_string(),
            _ => text.as_ansi().to_owned(),
        }
    }

    /// Writes to the screen of the terminal, control sequences and all.
    pub(super) fn draw(&mut self, text: &str) {
        let mut out = self.out.as_inner();
        // A terminal that has gone shows in what is read from it.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Returns standard error.
    pub(super) fn messages(&self) -> Messages {
        self.messages
    }

    /// Returns `true` if a program waits for a JSON object and has got nothing yet.
    pub(super) fn owes_json(&self) -> bool {
        self.owes_json
    }

    /// Prints a result.
    pub(super) fn result(&mut self, text: impl Into<Text>) {
        let text = text.into();
        self.printed(|output| output.print(text.as_ansi()));
    }

    /// Prints a text for a file or another program: unchanged if no one reads along, else like any result.
    pub(super) fn copy(&mut self, text: &str) {
        if self.is_read {
            self.result(text);
        } else {
            self.printed(|output| {
                let mut out = output.out.as_inner();
                out.write_all(text.as_bytes())?;
                out.flush()
            });
        }
    }

    fn printed(&mut self, print: impl FnOnce(&mut Self) -> std::io::Result<()>) {
        self.owes_json = false;
        if self.closed {
            return;
        }
        if let Err(error) = print(self) {
            self.closed = true;
            if error.kind() != ErrorKind::BrokenPipe {
                self.failed = Some(error);
            }
        }
    }

    /// Writes a text at once: a stream that strips the colours would write it in many pieces.
    fn print(&mut self, text: &str) -> std::io::Result<()> {
        match self.out.current_choice() {
            ColorChoice::Never => {
                let plain = anstream::adapter::strip_str(text).to_string();
                let mut out = self.out.as_inner();
                out.write_all(plain.as_bytes())?;
            }
            _ => self.out.write_all(text.as_bytes())?,
        }
        self.out.flush()
    }

    /// Prints a message, unless the user wants quiet.
    pub(super) fn say(&mut self, text: impl Display) {
        if !self.messages.is_quiet() {
            self.write_err(format!("{text}\n"));
        }
    }

    /// Prints a message if the user wants more of them.
    pub(super) fn say_more(&mut self, text: impl Display) {
        if self.verbose {
            self.write_err(format!("{text}\n"));
        }
    }

    /// Prints a message in any case: an error, a question.
    pub(super) fn write_err(&mut self, text: impl Into<Text>) {
        self.messages.write(&text.into());
    }

    /// Prints a warning.
    pub(super) fn warn(&mut self, text: impl Display) {
        self.write_err(Text::default().styled(WARNING, "warning").plain(format_args!(": {text}\n")));
    }

    /// Returns the failure that kept a result from being printed, a closed pipe aside.
    pub(super) fn failure(&mut self) -> Option<std::io::Error> {
        self.failed.take()
    }
}

/// Prints a message before there is an [`Output`].
pub(super) fn print_words(text: &str) {
    let mut err = std::io::stderr().lock();
    // If standard error is closed, there is nowhere left to complain.
    let _ = err.write_all(Text::from(text).as_ansi().as_bytes()).and_then(|()| err.flush());
}
