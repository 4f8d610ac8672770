//! [`Terminal`]: the program at a terminal of its own, with someone who types.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use super::repo::Repo;

/// So long a word of the program is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// A run of the program at a terminal, which `script` makes.
pub struct Terminal {
    running: Child,
    keys: Option<ChildStdin>,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
    /// How much of what was shown was waited for.
    seen: usize,
}

impl Terminal {
    /// Runs a command at a terminal of 40 rows and 100 columns, without colours.
    pub fn open(repo: &Repo, args: &[&str]) -> Self {
        Self::open_with(repo, args, (40, 100), &[("NO_COLOR", "1"), ("TERM", "xterm-256color")])
    }

    /// Runs a command at a terminal of so many rows and columns.
    pub fn open_with(repo: &Repo, args: &[&str], (rows, columns): (u16, u16), variables: &[(&str, &str)]) -> Self {
        let program = repo.command(repo.root(), args, variables);
        let words = std::iter::once(program.get_program()).chain(program.get_args());
        let words: Vec<String> = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
        // The terminal is looked at before and after: it must be left as it was found.
        let line = format!(
            "trap : INT; stty rows {rows} cols {columns}; was=$(stty -g); echo \"[at $$ $(tty)]\"; {}; code=$?; \
             [ \"$was\" = \"$(stty -g)\" ] && echo '[terminal as before]'; exit $code",
            words.join(" ")
        );
        // Who runs the tests in the background ignores Ctrl-C, and so would all that they start.
        let mut command = Command::new("env");
        command.args(["--default-signal=HUP,INT,QUIT", "script", "-qec", &line, "/dev/null"]).current_dir(repo.root());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, mut out) = (running.stdin.take(), running.stdout.take().unwrap());
        let shown = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&shown);
        let reader = std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut piece) {
                into.lock().unwrap().extend_from_slice(&piece[..count]);
            }
        });
        Self { running, keys, shown, reader, seen: 0 }
    }

    /// All that was shown so far.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap()).replace("\r\n", "\n")
    }

    /// Waits until these words are shown, behind what was waited for before.
    #[track_caller]
    pub fn waits_for(&mut self, words: &str) -> &mut Self {
        let since = Instant::now();
        loop {
            let shown = self.shown();
            if let Some(at) = shown.get(self.seen..).and_then(|rest| rest.find(words)) {
                self.seen += at + words.len();
                return self;
            }
            assert!(since.elapsed() < PATIENCE, "`{words}` is not shown:\n{shown}");
            sleep(Duration::from_millis(10));
        }
    }

    /// Types keys.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.keys.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
        self.keys.as_mut().unwrap().flush().unwrap();
        self
    }

    /// Sends a signal to the program alone.
    #[track_caller]
    pub fn sends(&mut self, signal: &str) -> &mut Self {
        let (shell, _) = self.place();
        let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
        let signal = format!("-{signal}");
        assert!(Command::new("kill").args([&signal, children.trim()]).status().unwrap().success());
        self
    }

    /// Waits until something is so.
    #[track_caller]
    pub fn waits_until(&mut self, is_so: impl Fn() -> bool) -> &mut Self {
        let since = Instant::now();
        while !is_so() {
            assert!(since.elapsed() < PATIENCE, "it does not come:\n{}", self.shown());
            sleep(Duration::from_millis(10));
        }
        self
    }

    /// Waits until nothing more is shown; returns what was shown since the last call.
    pub fn settles(&mut self) -> String {
        let (mut before, mut quiet) = (self.shown().len(), Instant::now());
        while quiet.elapsed() < Duration::from_millis(700) {
            sleep(Duration::from_millis(20));
            let now = self.shown().len();
            if now != before {
                (before, quiet) = (now, Instant::now());
            }
        }
        let new = self.shown().get(self.seen..).unwrap_or_default().to_owned();
        self.seen += new.len();
        new
    }

    /// The number of a process below which the program runs, and the name of its terminal.
    pub fn place(&self) -> (String, String) {
        let shown = self.shown();
        let (_, rest) = shown.split_once("[at ").unwrap();
        let (process, terminal) = rest.split_once(']').unwrap().0.split_once(' ').unwrap();
        (process.to_owned(), terminal.to_owned())
    }

    /// Waits for the end; returns the exit code and all that was shown. The terminal must be as it was.
    #[track_caller]
    pub fn ends(mut self) -> (i32, String) {
        let since = Instant::now();
        while self.running.try_wait().unwrap().is_none() {
            if since.elapsed() > PATIENCE {
                self.running.kill().unwrap();
                panic!("it does not end:\n{}", self.shown());
            }
            sleep(Duration::from_millis(5));
        }
        let code = self.running.wait().unwrap().code().unwrap();
        drop(self.keys.take());
        self.reader.join().unwrap();
        let shown = String::from_utf8_lossy(&self.shown.lock().unwrap()).replace("\r\n", "\n");
        assert!(shown.contains("[terminal as before]"), "the terminal is not as it was:\n{shown}");
        (code, shown)
    }
}
