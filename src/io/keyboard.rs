//! [`Keyboard`]: single keys of a terminal, as long as they are wanted.

use super::signals::Held;

/// What came from the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// A byte.
    Byte(u8),
    /// Nothing within a moment.
    Nothing,
    /// The end of the input, or it cannot be read.
    End,
    /// A signal that asks relman to end.
    Signal(i32),
}

/// The terminal on standard input in a mode in which every key is read at once and none is echoed. It is as before when this is dropped.
/// Ctrl-C is still a signal, which is noted.
pub struct Keyboard {
    #[cfg(unix)]
    before: rustix::termios::Termios,
    #[cfg_attr(not(unix), allow(dead_code, reason = "signals end relman there"))]
    held: Held,
}

/// So long is waited for the next byte of a sequence, in nanoseconds: a slow line delays bytes that were sent together.
#[cfg(unix)]
const WITHIN_A_KEY: i64 = 80_000_000;
/// How often the size of the terminal is looked at, in nanoseconds.
#[cfg(unix)]
const TICK: i64 = 100_000_000;

#[cfg(unix)]
impl Keyboard {
    /// Changes the mode of the terminal; `None` if standard input is none.
    #[must_use]
    pub fn open() -> Option<Self> {
        use rustix::termios::{InputModes, LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin()).ok()?;
        let held = Held::hold();
        let mut mode = before.clone();
        mode.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::IEXTEN);
        mode.input_modes.remove(InputModes::IXON | InputModes::ICRNL);
        // A stopped program would leave the terminal in this mode.
        for key in [SpecialCodeIndex::VSUSP, SpecialCodeIndex::VQUIT] {
            mode.special_codes[key] = 0;
        }
        mode.special_codes[SpecialCodeIndex::VMIN] = 1;
        mode.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(std::io::stdin(), OptionalActions::Drain, &mode).ok()?;
        Some(Self { before, held })
    }

    /// Waits a moment for a byte, a shorter one inside of a key. What comes behind it stays for whoever reads next.
    pub fn next(&mut self, is_inside: bool) -> Press {
        if let Some(signal) = self.held.caught() {
            return Press::Signal(signal);
        }
        if !super::terminal::wait_for_input(if is_inside { WITHIN_A_KEY } else { TICK }) {
            return self.held.caught().map_or(Press::Nothing, Press::Signal);
        }
        let mut byte = [0];
        match rustix::io::read(std::io::stdin(), &mut byte) {
            Ok(1) => Press::Byte(byte[0]),
            Err(rustix::io::Errno::INTR) => Press::Nothing,
            _ => Press::End,
        }
    }
}

#[cfg(unix)]
impl Drop for Keyboard {
    fn drop(&mut self) {
        // A terminal that has gone needs no mode.
        let _ = rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Drain, &self.before);
    }
}

#[cfg(not(unix))]
impl Keyboard {
    /// Returns `None`: an answer is typed here.
    #[must_use]
    pub fn open() -> Option<Self> {
        None
    }

    /// Returns [`Press::End`].
    pub fn next(&mut self, _: bool) -> Press {
        Press::End
    }
}
