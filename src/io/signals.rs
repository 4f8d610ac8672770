//! Signals that ask relman to end: Ctrl-C, SIGTERM, and SIGHUP of a terminal that goes. They are held back while something has to come to
//! its end first. Where they are not, they end relman at once, after a word on what is left behind.

use std::sync::{Mutex, PoisonError};

#[cfg(not(unix))]
pub use other::{Held, on_signal, saw_interrupt, signal_held_back, yield_to_signal};
#[cfg(not(unix))]
pub(super) use other::{apart, pass_on};
#[cfg(unix)]
pub use unix::{Held, on_signal, saw_interrupt, signal_held_back, yield_to_signal};
#[cfg(unix)]
pub(super) use unix::{apart, pass_on};

/// The signal of Ctrl-C, in every system that has signals.
pub const INTERRUPT: i32 = 2;

/// What is left behind if relman ends now, in words; empty for nothing.
static LEFT: Mutex<String> = Mutex::new(String::new());

/// Returns what a signal that asks relman to end has done, in words.
#[must_use]
pub fn ended_by(signal: i32) -> String {
    match signal {
        INTERRUPT => "stopped by Ctrl-C".to_owned(),
        1 => "stopped by SIGHUP".to_owned(),
        15 => "stopped by SIGTERM".to_owned(),
        _ => format!("stopped by signal {signal}"),
    }
}

/// Returns `true` if a signal that asks relman to end is held back.
#[must_use]
pub fn interrupted() -> bool {
    signal_held_back().is_some()
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
    use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
    use std::time::Duration;

    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use signal_hook::low_level::pipe;

    /// All of them; the one of Ctrl-C may be held back alone.
    const ALL: [i32; 3] = [SIGHUP, SIGINT, SIGTERM];
    /// So long one who has failed waits for the end that a signal brings.
    const PATIENCE: Duration = Duration::from_secs(2);

    struct Watch {
        /// Those that it watches.
        signals: Vec<i32>,
        /// Whether a signal ends relman at once, without a word.
        idle: Arc<AtomicBool>,
        /// The same for Ctrl-C, which is held back more often.
        idle_for_interrupt: Arc<AtomicBool>,
        /// The signal that came last, Ctrl-C aside; 0 for none.
        asked: Arc<AtomicUsize>,
        /// Whether Ctrl-C came.
        pressed: Arc<AtomicBool>,
        /// Whether Ctrl-C ever came.
        saw_interrupt: Arc<AtomicBool>,
        held: Mutex<Holders>,
    }

    /// How many hold which signals back.
    #[derive(Default)]
    struct Holders {
        all: usize,
        interrupt: usize,
        /// How many keep signals from children, too.
        apart: usize,
        /// Whether a thread ends relman by a signal, and says something first.
        is_watched: bool,
        /// Children that get what relman alone was sent.
        children: Vec<u32>,
    }

    impl Holders {
        fn hold_interrupt(&self) -> bool {
            self.all + self.interrupt > 0
        }
    }

    static WATCH: OnceLock<Watch> = OnceLock::new();

    impl Watch {
        fn holders(&self) -> MutexGuard<'_, Holders> {
            self.held.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// Changes how many hold signals back; what was caught is forgotten with the last of them.
        fn change(&self, change: impl FnOnce(&mut Holders)) {
            let mut held = self.holders();
            let (held_all, held_interrupt) = (held.all > 0, held.hold_interrupt());
            change(&mut held);
            if held_all && held.all == 0 {
                self.asked.store(0, Ordering::SeqCst);
            }
            if held_interrupt && !held.hold_interrupt() {
                self.pressed.store(false, Ordering::SeqCst);
            }
            self.idle.store(held.all == 0 && !held.is_watched, Ordering::SeqCst);
            self.idle_for_interrupt.store(!held.hold_interrupt() && !held.is_watched, Ordering::SeqCst);
        }

        /// Ends relman, unless what came is held back. A child gets it then, as the terminal sends Ctrl-C to all processes.
        fn end(&self, say: &dyn Fn(i32)) {
            // Whoever wants to hold it back now waits for the end.
            let held = self.holders();
            if let Some(signal) = self.not_held_back(&held) {
                // What is said may have no one who takes it; a second signal does not wait.
                self.idle.store(true, Ordering::SeqCst);
                self.idle_for_interrupt.store(true, Ordering::SeqCst);
                say(signal);
                super::end_by_signal(signal);
            } else if self.asked().is_some() && held.apart == 0 {
                for child in held.children.iter().flat_map(|child| with_descendants(*child)) {
                    if let Some(pid) = i32::try_from(child).ok().and_then(Pid::from_raw) {
                        // One that has ended already is what was wanted.
                        let _ = kill_process(pid, Signal::TERM);
                    }
                }
            }
        }

        /// The signal that is about to end relman. What somebody held back meanwhile was theirs.
        fn not_held_back(&self, held: &Holders) -> Option<i32> {
            let asked = self.asked().filter(|_| held.all == 0);
            asked.or_else(|| self.pressed().filter(|_| !held.hold_interrupt()))
        }

        fn caught(&self) -> Option<i32> {
            self.asked().or_else(|| self.pressed())
        }

        fn asked(&self) -> Option<i32> {
            i32::try_from(self.asked.load(Ordering::SeqCst)).ok().filter(|signal| *signal != 0)
        }

        fn pressed(&self) -> Option<i32> {
            self.pressed.load(Ordering::SeqCst).then_some(SIGINT)
        }
    }

    /// As long as it lives, signals are noted and do not end this process.
    pub struct Held(How);

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum How {
        All,
        Apart,
        Interrupt,
    }

    impl Held {
        /// Holds signals back. The children of this process still get Ctrl-C from the terminal.
        #[must_use]
        pub fn hold() -> Self {
            Self::by(How::All)
        }

        /// Holds signals back, also from children that are started meanwhile: for what has to be done to its end.
        #[must_use]
        pub fn hold_apart() -> Self {
            Self::by(How::Apart)
        }

        /// Holds Ctrl-C back; other signals end this process.
        #[must_use]
        pub fn hold_interrupt() -> Self {
            Self::by(How::Interrupt)
        }

        fn by(how: How) -> Self {
            WATCH.get_or_init(watch).change(|held| match how {
                How::All => held.all += 1,
                How::Apart => (held.all, held.apart) = (held.all + 1, held.apart + 1),
                How::Interrupt => held.interrupt += 1,
            });
            Self(how)
        }

        /// Returns the signal that came.
        pub(crate) fn caught(&self) -> Option<i32> {
            WATCH.get()?.caught()
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            WATCH.get_or_init(watch).change(|held| match self.0 {
                How::All => held.all = held.all.saturating_sub(1),
                How::Apart => {
                    (held.all, held.apart) = (held.all.saturating_sub(1), held.apart.saturating_sub(1));
                }
                How::Interrupt => held.interrupt = held.interrupt.saturating_sub(1),
            });
        }
    }

    /// Keeps Ctrl-C from a child that is about to be started, where that is wanted: a terminal sends it to the group of its processes.
    pub(crate) fn apart(command: &mut Command) {
        if WATCH.get().is_some_and(|watch| watch.holders().apart > 0) {
            command.process_group(0);
        }
    }

    /// As long as it lives, a child gets the signals that are sent to relman alone and held back there.
    pub(crate) struct PassedOn(u32);

    /// Passes signals on to this child.
    pub(crate) fn pass_on(child: u32) -> PassedOn {
        if let Some(watch) = WATCH.get() {
            watch.holders().children.push(child);
        }
        PassedOn(child)
    }

    impl Drop for PassedOn {
        fn drop(&mut self) {
            if let Some(watch) = WATCH.get() {
                watch.holders().children.retain(|child| *child != self.0);
            }
        }
    }

    /// From now on, where a signal is not held back, it calls `say` before it ends this process.
    pub fn on_signal(say: impl Fn(i32) + Send + 'static) {
        let watch = WATCH.get_or_init(watch);
        let Ok((mut reader, writer)) = std::io::pipe() else { return };
        for &signal in &watch.signals {
            let registered = writer.try_clone().and_then(|writer| pipe::register(signal, writer));
            if registered.is_err() {
                return;
            }
        }
        watch.change(|held| held.is_watched = true);
        std::thread::spawn(move || {
            let mut byte = [0];
            while let Ok(1) = reader.read(&mut byte) {
                watch.end(&say);
            }
        });
    }

    /// Waits for the end of this process if a signal is about to bring it: what fails meanwhile fails for that.
    pub fn yield_to_signal() {
        let is_ending = |watch: &&Watch| {
            let held = watch.holders();
            held.is_watched && watch.not_held_back(&held).is_some()
        };
        if WATCH.get().filter(is_ending).is_some() {
            std::thread::sleep(PATIENCE);
        }
    }

    /// Returns the signal that asked relman to end and is held back.
    #[must_use]
    pub fn signal_held_back() -> Option<i32> {
        WATCH.get().and_then(Watch::caught)
    }

    /// Returns `true` if Ctrl-C came, held back or not. The terminal has shown `^C` then, and is still in that line.
    #[must_use]
    pub fn saw_interrupt() -> bool {
        WATCH.get().is_some_and(|watch| watch.saw_interrupt.load(Ordering::SeqCst))
    }

    fn watch() -> Watch {
        let watch = Watch {
            // What the caller of relman has ignored, as `nohup` does, stays so.
            signals: not_ignored(),
            idle: Arc::new(AtomicBool::new(true)),
            idle_for_interrupt: Arc::new(AtomicBool::new(true)),
            asked: Arc::default(),
            pressed: Arc::default(),
            saw_interrupt: Arc::default(),
            held: Mutex::default(),
        };
        for &signal in &watch.signals {
            let idle = if signal == SIGINT { &watch.idle_for_interrupt } else { &watch.idle };
            // A handler stays for good, so that it has to do what the system did before, whenever nothing is held back.
            if flag::register_conditional_default(signal, Arc::clone(idle)).is_err() {
                continue;
            }
            if signal == SIGINT {
                let _ = flag::register(signal, Arc::clone(&watch.pressed));
                let _ = flag::register(signal, Arc::clone(&watch.saw_interrupt));
            } else {
                let number = usize::try_from(signal).unwrap_or_default();
                let _ = flag::register_usize(signal, Arc::clone(&watch.asked), number);
            }
        }
        watch
    }

    /// A process and all that it started: git ends without its hooks. Linux tells which they are; elsewhere it is the process alone.
    fn with_descendants(process: u32) -> Vec<u32> {
        let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|child| child.parse().ok());
        std::iter::once(process).chain(children.flat_map(with_descendants)).collect()
    }

    /// Linux says which signals are ignored; elsewhere none counts as such.
    fn not_ignored() -> Vec<i32> {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        let is_ignored =
            |signal: i32| u32::try_from(signal - 1).is_ok_and(|bit| mask.checked_shr(bit).unwrap_or(0) & 1 == 1);
        ALL.into_iter().filter(|signal| !is_ignored(*signal)).collect()
    }
}

#[cfg(not(unix))]
mod other {
    /// Ctrl-C ends this process, and its children with the console; what was begun is finished or taken back later.
    pub struct Held(());

    impl Held {
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

        /// Holds nothing back.
        #[must_use]
        pub fn hold_interrupt() -> Self {
            Self(())
        }

        pub(crate) fn caught(&self) -> Option<i32> {
            None
        }
    }

    /// Leaves the child as it is.
    pub(crate) fn apart(_: &mut std::process::Command) {}

    /// A child gets no signals.
    pub(crate) struct PassedOn(());

    /// Passes nothing on.
    pub(crate) fn pass_on(_: u32) -> PassedOn {
        PassedOn(())
    }

    /// Says nothing: Ctrl-C ends this process at once.
    pub fn on_signal(_: impl Fn(i32) + Send + 'static) {}

    /// Does not wait.
    pub fn yield_to_signal() {}

    /// Returns `false`.
    #[must_use]
    pub fn saw_interrupt() -> bool {
        false
    }

    /// Returns `None`.
    #[must_use]
    pub fn signal_held_back() -> Option<i32> {
        None
    }
}
