//! [`pick`]: the picker at a terminal.

use super::keys::Decoder;
use super::screen::{Size, lines};
use super::state::{Picker, Pressed};
use super::typed::pick_typed;
use crate::cli::confirm::stop_for_signal;
use crate::cli::output::Output;
use crate::io::{self, Keyboard, Press};
use crate::plan::Offer;
use crate::process::Pick;

/// The other screen without a cursor, and back: what was on the terminal before is there again (xterm's control sequences, `?1049`).
const ENTER: &str = "\x1b[?1049h\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";

/// Lets the user pick what is released, and by which level; `None` if they want nothing. Where the terminal cannot move its cursor,
/// or is too small, a list is printed and an answer is typed.
pub(in crate::cli) fn pick(offers: &[Offer], output: &mut Output) -> Option<Vec<Pick>> {
    let is_enough = size().is_some_and(Size::is_enough);
    match Keyboard::open().filter(|_| is_enough && io::terminal_has_cursor()) {
        Some(keyboard) => pick_on_screen(offers, keyboard, output),
        None => pick_typed(offers, output),
    }
}

fn size() -> Option<Size> {
    io::terminal_size().map(|(rows, columns)| Size { rows: rows.into(), columns: columns.into() })
}

/// How the picker was left.
enum Left {
    Picked(Vec<Pick>),
    Stopped,
    Signal(i32),
}

fn pick_on_screen(offers: &[Offer], mut keyboard: Keyboard, output: &mut Output) -> Option<Vec<Pick>> {
    output.draw(ENTER);
    let left = drive(&mut Picker::new(offers), &mut keyboard, output);
    output.draw(LEAVE);
    drop(keyboard);
    match left {
        Left::Picked(picks) => Some(picks),
        Left::Stopped => None,
        Left::Signal(signal) => {
            stop_for_signal(signal, output);
            None
        }
    }
}

/// Draws and takes keys until something is picked or nothing is wanted.
fn drive(picker: &mut Picker<'_>, keyboard: &mut Keyboard, output: &mut Output) -> Left {
    let mut decoder = Decoder::default();
    let mut drawn = Drawn::default();
    loop {
        let key = match keyboard.next(decoder.is_undecided()) {
            Press::Byte(byte) => decoder.take(byte),
            Press::Nothing if decoder.is_undecided() => decoder.settle(),
            Press::Nothing => {
                // Everything that was typed is done, and shown at once.
                drawn.draw(picker, output);
                None
            }
            Press::End => return Left::Stopped,
            Press::Signal(signal) => return Left::Signal(signal),
        };
        match key.map(|key| picker.press(key)) {
            None | Some(Pressed::Stays) => {}
            Some(Pressed::Picked(picks)) => return Left::Picked(picks),
            Some(Pressed::Stopped) => return Left::Stopped,
        }
    }
}

/// What is on the screen.
#[derive(Default)]
struct Drawn {
    size: Option<Size>,
    lines: Vec<String>,
}

impl Drawn {
    /// Writes the lines that are different from those on the screen, and nothing else.
    fn draw(&mut self, picker: &Picker<'_>, output: &mut Output) {
        let size = size();
        let mut written = String::new();
        if size != self.size {
            written.push_str("\x1b[2J");
            *self = Self { size, lines: Vec::new() };
        }
        // A terminal whose size is not known any more has gone.
        let Some(size) = size else { return };
        let lines: Vec<String> = lines(picker, size).iter().map(|line| output.as_shown(line)).collect();
        for (row, line) in lines.iter().enumerate().take(size.rows) {
            if self.lines.get(row).map_or("", String::as_str) != line {
                written.push_str(&format!("\x1b[{};1H\x1b[K{line}", row + 1));
            }
        }
        self.lines = lines;
        if !written.is_empty() {
            output.draw(&written);
        }
    }
}
