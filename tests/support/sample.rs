//! [`Sample`]: the repository of fixtures/workspaces in which the pages and the laws of plans take place.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::repo::Repo;

/// 2026-03-02, noon: the time at which everything in a sample takes place.
const NOW: &str = "1772452800";

/// What came after the release: a file and the commit that brings it.
const CHANGES: [(&str, &str); 3] = [
    ("packages/api/src/ferry_api/tickets.py", "fix(api): count foot passengers once"),
    ("packages/scheduler/src/ferry_scheduler/night.py", "feat(scheduler): night boats"),
    ("packages/scheduler/NOTES", "tidy up the notes"),
];

/// A sample repository and how its last command ended.
pub struct Sample {
    pub repo: Repo,
    pub last_exit: i32,
}

impl Sample {
    /// Lays out `suite`, or `suite + drift`: the files of fixtures/workspaces/suite and tags, and those of suite.drift in a second commit;
    /// or `flow`, which has a remote.
    pub fn new(name: &str) -> Self {
        let repo = Repo::new();
        if name == "flow" {
            return Self { repo: flow(repo), last_exit: 0 };
        }
        let (base, over) = name.split_once(" + ").map_or((name, None), |(base, over)| (base, Some(over)));
        let workspaces = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/workspaces");
        copy(&workspaces.join(base), repo.root());
        repo.git(&["add", "-A"]);
        repo.git(&["commit", "-q", "-m", "feat: ferries, timetables, bookings"]);
        for prefix in ["v", "mcp-v", "scheduler-v"] {
            let tag = format!("{prefix}0.2.0");
            repo.git(&["tag", "-a", "-m", &format!("Release {tag}"), &tag]);
        }
        if let Some(over) = over {
            copy(&workspaces.join(format!("{base}.{over}")), repo.root());
            let message = if over == "drift" { "fix: go back to the old images" } else { "docs: tell what is new" };
            repo.git(&["add", "-A"]);
            repo.git(&["commit", "-q", "-m", message]);
        }
        for (path, message) in CHANGES {
            repo.write(path, "text\n");
            repo.git(&["add", "-A"]);
            repo.git(&["commit", "-q", "-m", message]);
        }
        Self { repo, last_exit: 0 }
    }

    /// Runs relman and returns what a terminal would show.
    pub fn relman(&mut self, args: &[impl AsRef<str>]) -> String {
        self.start(env!("CARGO_BIN_EXE_relman"), args)
    }

    /// Runs a program with both streams in one pipe, as on a terminal, but without its colours.
    pub fn start(&mut self, program: &str, args: &[impl AsRef<str>]) -> String {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let mut command = Command::new(program);
        command.args(args.iter().map(AsRef::as_ref)).current_dir(self.repo.root()).stdin(Stdio::null());
        command.stdout(writer.try_clone().unwrap()).stderr(writer);
        for (name, value) in self.repo.env() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "RELMAN_ASSUME_YES", "COLUMNS"] {
            command.env_remove(name);
        }
        command.env("SOURCE_DATE_EPOCH", NOW).env("LC_ALL", "C");
        let mut child = command.spawn().unwrap();
        // The command holds writers too, which would keep the pipe open.
        drop(command);
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        self.last_exit = child.wait().unwrap().code().unwrap_or(-1);
        String::from_utf8(bytes).unwrap()
    }
}

/// Lays out a project that gathers its work on `dev` and ships from `main`, with a remote on disk and no forge.
fn flow(repo: Repo) -> Repo {
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/workspaces/flow"), repo.root());
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "-m", "feat: chat with a virtual machine"]);
    repo.git(&["tag", "-a", "-m", "Release v0.6.0", "v0.6.0"]);
    repo.git(&["init", "-q", "--bare", "-b", "main", "../origin.git"]);
    repo.git(&["remote", "add", "origin", "../origin.git"]);
    repo.git(&["switch", "-q", "-c", "dev"]);
    for (path, message) in [("stream.py", "feat: stream answers"), ("history.py", "fix: keep the history of a chat")] {
        repo.write(path, "text\n");
        repo.git(&["add", "-A"]);
        repo.git(&["commit", "-q", "-m", message]);
    }
    repo.git(&["push", "-q", "-u", "origin", "main", "dev", "v0.6.0"]);
    repo
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())) {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
