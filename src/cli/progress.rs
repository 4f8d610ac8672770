//! [`HistoryProgress`]: how far the history is read, while it is.

use std::io::Write;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::messages::{Messages, clear_line};
use crate::io::Stopwatch;
use crate::model::{Event, EventKind, EventState};

/// On a terminal shorter operations show no progress, and ten updates per second are enough, in milliseconds.
const FOR_PEOPLE: Pace = Pace { first: 1_000, between: 100 };
/// Programs learn of every operation, and get an update per second.
const FOR_PROGRAMS: Pace = Pace { first: 0, between: 1_000 };

/// When progress is shown.
#[derive(Clone, Copy)]
struct Pace {
    first: u64,
    between: u64,
}

/// Shows how far the history is read: in lines of JSON, or on a terminal if that takes long.
pub(super) struct HistoryProgress {
    messages: Messages,
    /// `None` if nothing is shown.
    pace: Option<Pace>,
    watch: Stopwatch,
    /// When it was shown last; 0 if it was not.
    shown: AtomicU64,
    done: AtomicUsize,
    of: AtomicUsize,
}

impl HistoryProgress {
    /// Starts the timer.
    pub(super) fn start(messages: Messages) -> Self {
        let (shown, done, of) = (AtomicU64::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let of_terminal = messages.has_terminal().then_some(FOR_PEOPLE);
        let pace = if messages.are_json() { Some(FOR_PROGRAMS) } else { of_terminal };
        Self { messages, pace, watch: Stopwatch::start(), shown, done, of }
    }

    /// Takes how many of the commits were visited.
    pub(super) fn commits(&self, done: usize, of: usize) {
        let Some(pace) = self.pace else { return };
        let (now, last) = (self.watch.milliseconds().max(1), self.shown.load(Ordering::Relaxed));
        let due = if last == 0 { pace.first } else { last + pace.between };
        self.done.fetch_max(done + 1, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
        // Of several threads one shows it.
        let is_due = now >= due && self.shown.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if is_due && self.messages.are_json() {
            self.messages.event(&event(EventState::Running).counting(done, of));
        } else if is_due {
            write(&format!("\rreading the history: {done} of {of} commits\x1b[K"));
        }
    }
}

fn event(state: EventState) -> Event {
    Event::new(EventKind::Phase, "history", state)
}

impl Drop for HistoryProgress {
    fn drop(&mut self) {
        let (done, of) = (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed));
        if self.shown.load(Ordering::Relaxed) == 0 {
            return;
        }
        if !self.messages.are_json() {
            clear_line();
        } else if done >= of {
            self.messages.event(&event(EventState::Done).counting(of, of));
        }
    }
}

/// A closed terminal is not an error.
fn write(text: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}
