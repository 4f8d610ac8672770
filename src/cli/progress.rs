//! [`Progress`]: a line on the terminal during long operations.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::io::{self, Stopwatch};

/// Shorter operations show no progress.
const FIRST_MS: u64 = 1_000;
/// Ten updates per second are enough for people.
const BETWEEN_MS: u64 = 100;

/// Shows progress on a terminal; silent for quick operations, and without a terminal.
pub(super) struct Progress {
    watch: Stopwatch,
    shown: AtomicU64,
    is_seen: bool,
}

impl Progress {
    /// Starts the timer; with `is_quiet` nothing is shown.
    pub(super) fn start(is_quiet: bool) -> Self {
        let is_seen = !is_quiet && io::stderr_is_terminal();
        Self { watch: Stopwatch::start(), shown: AtomicU64::new(0), is_seen }
    }

    /// Shows how many of the commits were visited.
    pub(super) fn commits(&self, done: usize, of: usize) {
        let now = self.watch.milliseconds();
        let last = self.shown.load(Ordering::Relaxed);
        if self.is_seen && now >= FIRST_MS.max(last + BETWEEN_MS) {
            self.shown.store(now, Ordering::Relaxed);
            write(&format!("\rreading the history: {done} of {of} commits\x1b[K"));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.load(Ordering::Relaxed) > 0 {
            write("\r\x1b[K");
        }
    }
}

/// A closed terminal is not an error.
fn write(text: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}
