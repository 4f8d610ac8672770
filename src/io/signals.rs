//! Signals that ask relman to end, held back while a command of the user's own runs: its processes end first.

#[cfg(not(unix))]
pub(super) use other::Held;
#[cfg(unix)]
pub(super) use unix::Held;

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
        caught: Arc<AtomicUsize>,
        running: Mutex<usize>,
    }

    static WATCH: OnceLock<Watch> = OnceLock::new();

    /// As long as it lives, signals are noted and do not end this process.
    pub(crate) struct Held(());

    impl Held {
        pub(crate) fn hold() -> Self {
            let watch = WATCH.get_or_init(watch);
            let mut running = watch.running.lock().unwrap_or_else(PoisonError::into_inner);
            if *running == 0 {
                watch.caught.store(0, Ordering::SeqCst);
                watch.idle.store(false, Ordering::SeqCst);
            }
            *running += 1;
            Self(())
        }

        /// Returns the signal that came.
        pub(crate) fn caught(&self) -> Option<i32> {
            let caught = WATCH.get()?.caught.load(Ordering::SeqCst);
            i32::try_from(caught).ok().filter(|signal| *signal != 0)
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            let Some(watch) = WATCH.get() else { return };
            let mut running = watch.running.lock().unwrap_or_else(PoisonError::into_inner);
            *running = running.saturating_sub(1);
            watch.idle.store(*running == 0, Ordering::SeqCst);
        }
    }

    fn watch() -> Watch {
        let idle = Arc::new(AtomicBool::new(true));
        let caught = Arc::new(AtomicUsize::new(0));
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            // What the caller of relman has ignored, as `nohup` does, stays so.
            if is_ignored(signal) {
                continue;
            }
            // A handler stays for good, so that it has to do what the system did before, whenever no command runs.
            if flag::register_conditional_default(signal, Arc::clone(&idle)).is_ok() {
                let number = usize::try_from(signal).unwrap_or_default();
                let _ = flag::register_usize(signal, Arc::clone(&caught), number);
            }
        }
        Watch { idle, caught, running: Mutex::new(0) }
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
}
