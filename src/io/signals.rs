//! Signals that ask relman to end, held back while a command of the user's own runs: its processes end first.

#[cfg(not(unix))]
pub(super) use other::Held;
#[cfg(not(unix))]
pub use other::{HeldInterrupt, interrupted};
#[cfg(unix)]
pub(super) use unix::Held;
#[cfg(unix)]
pub use unix::{HeldInterrupt, interrupted};

/// Ends this process as the signal would have ended it. Returns where the system has no such thing.
pub fn end_by_signal(signal: i32) {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    #[cfg(not(unix))]
    let _ = signal;
}

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;

    struct Watch {
        /// Whether a signal ends relman at once.
        idle: Arc<AtomicBool>,
        /// The same for Ctrl-C, which is held back more often.
        idle_for_interrupt: Arc<AtomicBool>,
        caught: Arc<AtomicUsize>,
        held: Mutex<Holders>,
    }

    /// How many hold which signals back.
    #[derive(Default)]
    struct Holders {
        all: usize,
        interrupt: usize,
    }

    static WATCH: OnceLock<Watch> = OnceLock::new();

    impl Watch {
        /// Changes how many hold signals back; what was caught before anyone did is forgotten.
        fn change(&self, change: impl FnOnce(&mut Holders)) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            if held.all + held.interrupt == 0 {
                self.caught.store(0, Ordering::SeqCst);
            }
            change(&mut held);
            self.idle.store(held.all == 0, Ordering::SeqCst);
            self.idle_for_interrupt.store(held.all + held.interrupt == 0, Ordering::SeqCst);
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
    pub struct HeldInterrupt(());

    impl HeldInterrupt {
        /// Holds Ctrl-C back.
        #[must_use]
        pub fn hold() -> Self {
            WATCH.get_or_init(watch).change(|held| held.interrupt += 1);
            Self(())
        }
    }

    impl Drop for HeldInterrupt {
        fn drop(&mut self) {
            WATCH.get_or_init(watch).change(|held| held.interrupt = held.interrupt.saturating_sub(1));
        }
    }

    /// Returns `true` if a signal asked relman to end and is held back.
    #[must_use]
    pub fn interrupted() -> bool {
        WATCH.get().and_then(Watch::caught).is_some()
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
        Watch { idle, idle_for_interrupt, caught, held: Mutex::new(Holders::default()) }
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
    }

    /// Returns `false`.
    #[must_use]
    pub fn interrupted() -> bool {
        false
    }
}
