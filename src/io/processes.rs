//! Other processes: is a git process still running in a repository?

use std::fs;
use std::path::Path;
use std::time::Duration;

/// A git process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GitProcess {
    /// Its process id.
    pub pid: u32,
    /// Whether its environment has the requested variable.
    pub marked: bool,
}

/// Returns the git processes of this machine that work in one of the folders or below it, or whose environment has the variable
/// `mark` `mark` (`NAME=value`); `None` on systems that cannot tell (Linux can).
#[must_use]
pub fn git_processes(folders: &[&Path], mark: &str) -> Option<Vec<GitProcess>> {
    let mut found = Vec::new();
    let mut known = false;
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(name) = fs::read(entry.path().join("comm")) else { continue };
        known = true;
        if !name.starts_with(b"git") {
            continue;
        }
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        let marked = environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes());
        let here = fs::read_link(entry.path().join("cwd"))
            .is_ok_and(|cwd| folders.iter().any(|folder| cwd.starts_with(folder)));
        if marked || here {
            found.push(GitProcess { pid, marked });
        }
    }
    known.then_some(found)
}

/// Returns `true` if a process holds the file open, as far as this user may inspect processes, or if the system cannot tell (Linux can).
#[must_use]
pub fn may_be_open(path: &Path) -> bool {
    let Ok(processes) = fs::read_dir("/proc") else { return true };
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let opened = processes.flatten().filter_map(|process| fs::read_dir(process.path().join("fd")).ok());
    let mut files = opened.flat_map(|files| files.flatten()).filter_map(|file| fs::read_link(file.path()).ok());
    files.any(|file| file == path)
}

/// Returns `true` if a process with this id is running, or if the system cannot tell.
#[must_use]
pub fn may_run(pid: u32) -> bool {
    let processes = Path::new("/proc");
    !processes.join("self").exists() || processes.join(pid.to_string()).exists()
}

/// Runs two functions at the same time, the first on a thread of its own, so that waiting for git does not delay the other.
pub fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    })
}

/// Returns the id of this process.
#[must_use]
pub fn own_pid() -> u32 {
    std::process::id()
}

/// Sleeps, until a signal comes that is held back.
pub fn pause(milliseconds: u64) {
    const TICK: u64 = 50;
    let mut left = milliseconds;
    while left > 0 && !super::signals::interrupted() {
        let tick = left.min(TICK);
        std::thread::sleep(Duration::from_millis(tick));
        left -= tick;
    }
}
