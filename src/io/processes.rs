//! Other processes: is a git still at work in a repository?

use std::fs;
use std::path::Path;
use std::time::Duration;

/// A git process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GitProcess {
    /// Its number.
    pub pid: u32,
    /// Whether it carries the variable that was asked for.
    pub marked: bool,
}

/// Returns the git processes of this machine that work in one of the folders or below it, or that have the variable
/// `mark` (`NAME=value`) in their environment; `None` if the system cannot be asked (it can on Linux).
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

/// Returns `true` if a process that may be looked into holds the file open, or if the system cannot be asked (it can on Linux).
#[must_use]
pub fn may_be_open(path: &Path) -> bool {
    let Ok(processes) = fs::read_dir("/proc") else { return true };
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let opened = processes.flatten().filter_map(|process| fs::read_dir(process.path().join("fd")).ok());
    let mut files = opened.flat_map(|files| files.flatten()).filter_map(|file| fs::read_link(file.path()).ok());
    files.any(|file| file == path)
}

/// Returns `true` if a process with this number runs, or if the system cannot be asked.
#[must_use]
pub fn may_run(pid: u32) -> bool {
    let processes = Path::new("/proc");
    !processes.join("self").exists() || processes.join(pid.to_string()).exists()
}

/// Does two things at once, the first one on a thread of its own: what waits for git costs no time that something else could use.
pub fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    })
}

/// Returns the number of this process.
#[must_use]
pub fn own_pid() -> u32 {
    std::process::id()
}

/// Waits.
pub fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}
