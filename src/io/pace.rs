//! [`Pace`]: how often a request is repeated, and how long is waited before.

use std::time::Duration;

use super::clock::{Stopwatch, chance};
use super::processes::pause;
use super::signals::interrupted;

/// So often a request that was answered badly is repeated.
const MOST_REPEATS: u32 = 5;
/// So often one is repeated that did not even reach the server: whoever is not connected need not wait long to hear it.
const MOST_UNSENT: u32 = 2;

/// How long is waited, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// All in all, for one request.
    pub patience: u64,
    /// Before the first repetition; doubled each time.
    pub first: u64,
    /// At most before one repetition, unless the server wants more.
    pub most: u64,
    /// At least where the server limits requests and does not say for how long.
    pub unsaid: u64,
}

impl Pace {
    /// Returns the usual pace, with so much patience.
    #[must_use]
    pub fn new(patience: Duration) -> Self {
        let patience = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        Self { patience, first: 1_000, most: 60_000, unsaid: 60_000 }
    }

    /// Attempts something, and again as often as its failures and this pace allow.
    ///
    /// # Errors
    /// Returns the error of the last attempt.
    pub fn repeat<T, E>(&self, mut attempt: impl FnMut() -> Result<T, (E, Again)>) -> Result<T, E> {
        let since = Stopwatch::start();
        let mut repeats = 0;
        loop {
            let (error, again) = match attempt() {
                Ok(done) => return Ok(done),
                Err(failed) => failed,
            };
            let Some(milliseconds) = self.pause(again, repeats, since.milliseconds(), chance()) else {
                return Err(error);
            };
            pause(milliseconds);
            if interrupted() {
                return Err(error);
            }
            repeats += 1;
        }
    }

    /// Returns the pause before the next attempt, after so many and so much time; `None` if it is not worth it, or takes too long.
    fn pause(&self, again: Again, repeats: u32, spent: u64, chance: u64) -> Option<u64> {
        let backoff = self.first.saturating_mul(1 << repeats.min(16)).min(self.most);
        let (most, pause) = match again {
            Again::Never => return None,
            Again::Unsent => (MOST_UNSENT, backoff),
            Again::Soon => (MOST_REPEATS, backoff),
            Again::After(seconds) => (MOST_REPEATS, seconds.saturating_mul(1_000).max(self.first)),
            Again::WhenAllowed => (MOST_REPEATS, self.unsaid.saturating_mul(1 << repeats.min(16))),
        };
        // Many jobs that were stopped at the same moment must not come back at the same moment.
        let pause = pause + chance % (pause / 4 + 1);
        (repeats < most && spent.saturating_add(pause) <= self.patience).then_some(pause)
    }
}

/// Whether, and when, the same request may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It will be answered the same way.
    Never,
    /// It did not reach the server.
    Unsent,
    /// After a pause.
    Soon,
    /// Not before so many seconds.
    After(u64),
    /// The server limits requests, and does not say for how long.
    WhenAllowed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pace = Pace::new(Duration::from_secs(300));
        let table = [
            (Again::Soon, 0, 0, Some(1_000)),
            (Again::Soon, 4, 0, Some(16_000)),
            (Again::Soon, 5, 0, None),
            (Again::Soon, 3, 299_000, None),
            (Again::Unsent, 1, 0, Some(2_000)),
            (Again::Unsent, 2, 0, None),
            (Again::After(0), 0, 0, Some(1_000)),
            (Again::After(120), 0, 0, Some(120_000)),
            (Again::After(3_600), 0, 0, None),
            (Again::After(u64::MAX), 0, 0, None),
            (Again::WhenAllowed, 0, 0, Some(60_000)),
            (Again::WhenAllowed, 1, 60_000, Some(120_000)),
            (Again::WhenAllowed, 2, 180_000, None),
            (Again::Never, 0, 0, None),
        ];
        for (again, repeats, spent, expected) in table {
            assert_eq!(pace.pause(again, repeats, spent, 0), expected, "{again:?} {repeats} {spent}");
        }
        assert_eq!(pace.pause(Again::Soon, 0, 0, 250), Some(1_250));
        assert_eq!(pace.pause(Again::Soon, 0, 0, 251), Some(1_000));
    }
}
