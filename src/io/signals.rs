//! Signals that ask relman to end, held back while a command of the user's own runs: its processes end first. Where Ctrl-C is not held
//! back, it ends relman at once, after a word on what is left behind.

use std::sync::{Mutex, PoisonError};

#[cfg(not(unix))]
pub(super) use other::{Held, apart};
#[cfg(not(unix))]
pub use other::{HeldInterrupt, interrupted, on_interrupt, saw_interrupt, yield_to_interrupt};
#[cfg(unix)]
pub(super) use unix::{Held, apart};
#[cfg(unix)]
pub use unix::{HeldInterrupt, interrupted, on_interrupt, saw_interrupt, yield_to_interrupt};

/// The signal of Ctrl-C, in every system that has signals.
pub const INTERRUPT: i32 = 2;

/// What is left behind if relman ends now, in words; empty for nothing.
static LEFT: Mutex<String> = Mutex::new(String::new());

/// Returns what a signal that asks relman to end has done, in words.
#[must_use]
pub fn ended_by(signal: i32) -> String {
    if signal == INTERRUPT { "stopped by Ctrl-C".to_owned() } else { format!("ended by signal {signal}") }
}

/// Notes what is left behind if relman is asked to end from now on, and which command goes on.
pub fn note_left(words: impl Into<String>) {
    *LEFT.lock().unwrap_or_else(PoisonError::into_inner) = words.into();
}

/// Returns what is left behind if relman ends now, and which command goes on.
#[must_use]
pub fn left() -> String {
    let words = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    if words.is_empty() { "nothing was written".to_owned() } else { words.clone() }
}

/// Ends this process as the signal would have ended it. Returns where the system has no such thing.
pub fn end_by_signal(signal: i32) {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    #[cfg(not(unix))]
    let _ = signal;
}

#[cfg(unix)]
mod unix {
    use std::io::Read;
    use std::os::unix::process::CommandExt;
    use std::process::Command;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};
    use std::time::Duration;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::low_level::pipe;

    /// So long one who has failed waits for the end that Ctrl-C brings.
    const PATIENCE: Duration = Duration::from_secs(2);

    struct Watch {
        /// Whether a signal ends relman at once.
        idle: Arc<AtomicBool>,
        /// The same for Ctrl-C, which is held back more often.
        idle_for_interrupt: Arc<AtomicBool>,
        caught: Arc<AtomicUsize>,
        /// Whether Ctrl-C ever came.
        saw_interrupt: Arc<AtomicBool>,
        held: Mutex<Holders>,
    }

    /// How many hold which signals back.
    #[derive(Default)]
    struct Holders {
        all: usize,
        interrupt: usize,
        /// How many keep Ctrl-C from children, too.
        apart: usize,
        /// Whether a thread ends relman by Ctrl-C, and says something first.
        is_watched: bool,
    }

    impl Holders {
        fn none_hold_interrupt(&self) -> bool {
            self.all + self.interrupt == 0
        }
    }

    static WATCH: OnceLock<Watch> = OnceLock::new();

    impl Watch {
        /// Changes how many hold signals back; what was caught is forgotten with the last of them.
        fn change(&self, change: impl FnOnce(&mut Holders)) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let were_none = held.none_hold_interrupt();
            change(&mut held);
            if held.none_hold_interrupt() && !were_none {
                self.caught.store(0, Ordering::SeqCst);
            }
            self.idle.store(held.all == 0, Ordering::SeqCst);
            self.idle_for_interrupt.store(held.none_hold_interrupt() && !held.is_watched, Ordering::SeqCst);
        }

        /// Ends relman, unless Ctrl-C is held back.
        fn end(&self, say: &dyn Fn()) {
            // Whoever wants to hold it back now waits for the end.
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            // What somebody held back meanwhile was theirs.
            if held.none_hold_interrupt() && self.caught() == Some(SIGINT) {
                // What is said may have no one who takes it; a second Ctrl-C does not wait.
                self.idle_for_interrupt.store(true, Ordering::SeqCst);
                say();
                super::end_by_signal(SIGINT);
            }
        }

        fn caught(&self) -> Option<i32> {
            i32::try_from(self.caught.load(Ordering::SeqCst)).ok().filter(|signal| *signal != 0)
        }
    }

    /// As long as it lives, signals are noted and do not end this process.
    pub(crate) struct Held(());

    impl Held {
        pub(crate) fn hold() -> Self {
            WATCH.get_or_init(watch).change(|held| held.all += 1);
            Self(())
        }

        /// Returns the signal that came.
        pub(crate) fn caught(&self) -> Option<i32> {
            WATCH.get()?.caught()
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            WATCH.get_or_init(watch).change(|held| held.all = held.all.saturating_sub(1));
        }
    }

    /// As long as it lives, Ctrl-C is noted and does not end this process; other signals do.
    pub struct HeldInterrupt {
        is_apart: bool,
    }

    impl HeldInterrupt {
        /// Holds Ctrl-C back. The children of this process still get it.
        #[must_use]
        pub fn hold() -> Self {
            WATCH.get_or_init(watch).change(|held| held.interrupt += 1);
            Self { is_apart: false }
        }

        /// Holds Ctrl-C back, also from children that are started meanwhile: for what has to be done to its end.
        #[must_use]
        pub fn hold_apart() -> Self {
            let change = |held: &mut Holders| (held.interrupt, held.apart) = (held.interrupt + 1, held.apart + 1);
            WATCH.get_or_init(watch).change(change);
            Self { is_apart: true }
        }
    }

    impl Drop for HeldInterrupt {
        fn drop(&mut self) {
            let is_apart = usize::from(self.is_apart);
            WATCH.get_or_init(watch).change(|held| {
                held.interrupt = held.interrupt.saturating_sub(1);
                held.apart = held.apart.saturating_sub(is_apart);
            });
        }
    }

    /// Keeps Ctrl-C from a child that is about to be started, where that is wanted: a terminal sends it to the group of its processes.
    pub(crate) fn apart(command: &mut Command) {
        let held = WATCH.get().map(|watch| watch.held.lock().unwrap_or_else(PoisonError::into_inner));
        if held.is_some_and(|held| held.apart > 0) {
            command.process_group(0);
        }
    }

    /// From now on, where Ctrl-C is not held back, it calls `say` before it ends this process.
    pub fn on_interrupt(say: impl Fn() + Send + 'static) {
        let watch = WATCH.get_or_init(watch);
        let Ok((mut reader, writer)) = std::io::pipe() else { return };
        if is_ignored(SIGINT) || pipe::register(SIGINT, writer).is_err() {
            return;
        }
        watch.change(|held| held.is_watched = true);
        std::thread::spawn(move || {
            let mut byte = [0];
            while let Ok(1) = reader.read(&mut byte) {
                watch.end(&say);
            }
        });
    }

    /// Waits for the end of this process if Ctrl-C is about to bring it: what fails meanwhile fails for that.
    pub fn yield_to_interrupt() {
        let is_ending = |watch: &&Watch| {
            let held = watch.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.is_watched && held.none_hold_interrupt() && watch.caught() == Some(SIGINT)
        };
        if WATCH.get().filter(is_ending).is_some() {
            std::thread::sleep(PATIENCE);
        }
    }

    /// Returns `true` if a signal asked relman to end and is held back.
    #[must_use]
    pub fn interrupted() -> bool {
        WATCH.get().and_then(Watch::caught).is_some()
    }

    /// Returns `true` if Ctrl-C came, held back or not. The terminal has shown `^C` then, and is still in that line.
    #[must_use]
    pub fn saw_interrupt() -> bool {
        WATCH.get().is_some_and(|watch| watch.saw_interrupt.load(Ordering::SeqCst))
    }

    fn watch() -> Watch {
        let (idle, idle_for_interrupt) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(true)));
        let caught = Arc::new(AtomicUsize::new(0));
        for (signal, idle) in [(SIGHUP, &idle), (SIGINT, &idle_for_interrupt), (SIGTERM, &idle)] {
            // What the caller of relman has ignored, as `nohup` does, stays so.
            if is_ignored(signal) {
                continue;
            }
            // A handler stays for good, so that it has to do what the system did before, whenever no command runs.
            if flag::register_conditional_default(signal, Arc::clone(idle)).is_ok() {
                let number = usize::try_from(signal).unwrap_or_default();
                let _ = flag::register_usize(signal, Arc::clone(&caught), number);
            }
        }
        let saw_interrupt = Arc::new(AtomicBool::new(false));
        if !is_ignored(SIGINT) {
            let _ = flag::register(SIGINT, Arc::clone(&saw_interrupt));
        }
        Watch { idle, idle_for_interrupt, caught, saw_interrupt, held: Mutex::new(Holders::default()) }
    }

    /// Linux tells; elsewhere nothing counts as ignored.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        u32::try_from(signal - 1).is_ok_and(|bit| mask.checked_shr(bit).unwrap_or(0) & 1 == 1)
    }
}

#[cfg(not(unix))]
mod other {
    /// Signals end this process, and its children with the console.
    pub(crate) struct Held(());

    impl Held {
        pub(crate) fn hold() -> Self {
            Self(())
        }

        pub(crate) fn caught(&self) -> Option<i32> {
            None
        }
    }

    /// Ctrl-C ends this process; what was begun is finished or taken back later.
    pub struct HeldInterrupt(());

    impl HeldInterrupt {
        /// Holds nothing back.
        #[must_use]
        pub fn hold() -> Self {
            Self(())
        }

        /// Holds nothing back.
        #[must_use]
        pub fn hold_apart() -> Self {
            Self(())
        }
    }

    /// Leaves the child as it is.
    pub(crate) fn apart(_: &mut std::process::Command) {}

    /// Says nothing: Ctrl-C ends this process at once.
    pub fn on_interrupt(_: impl Fn() + Send + 'static) {}

    /// Does not wait.
    pub fn yield_to_interrupt() {}

    /// Returns `false`.
    #[must_use]
    pub fn saw_interrupt() -> bool {
        false
    }

    /// Returns `false`.
    #[must_use]
    pub fn interrupted() -> bool {
        false
    }
}
