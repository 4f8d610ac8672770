//! [`Sample`]: the repository of fixtures/workspaces in which the pages and the laws of plans take place.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::forges::TOKEN;
use super::github::with_github;
use super::gitlab::with_gitlab;
use super::repo::Repo;
use super::server::Server;

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
    forge: Option<Server>,
}

impl Sample {
    /// Lays out `suite`, or `suite + drift`: the files of fixtures/workspaces/suite and tags, and those of suite.drift in a second commit;
    /// or what `relman demo` leaves behind: `demo`; or a repository that a script makes: `shapes/NAME`, `adoption/NAME`; or a project with a remote: `flow`, `vmpilot`, `trueppm`, and with a forge `trueppm + gitlab` and `vmpilot + github`.
    pub fn new(name: &str) -> Self {
        let repo = Repo::new();
        let (base, over) = name.split_once(" + ").map_or((name, None), |(base, over)| (base, Some(over)));
        if base == "demo" {
            fs::remove_dir_all(repo.root()).unwrap();
            repo.relman_with(&repo.outside(), &["demo", "repo"], &[]).exits(0);
            return Self { repo, last_exit: 0, forge: None };
        }
        if base.contains('/') {
            repo.make(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(base));
            return Self { repo, last_exit: 0, forge: None };
        }
        if let Some(project) = PROJECTS.iter().find(|project| project.name == base) {
            let repo = lay_out(repo, project);
            let forge = over.map(|over| if over == "github" { with_github(&repo) } else { with_gitlab(&repo) });
            return Self { repo, last_exit: 0, forge };
        }
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
        Self { repo, last_exit: 0, forge: None }
    }

    /// Returns a copy of a sample that has no forge.
    pub fn copied(&self) -> Self {
        Self { repo: self.repo.copied(), last_exit: 0, forge: None }
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
        if self.forge.is_some() {
            command.env("RELMAN_TOKEN", TOKEN);
        }
        let known = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(programs(&self.repo)).chain(std::env::split_paths(&known));
        command.env("PATH", std::env::join_paths(path).unwrap());
        let mut child = command.spawn().unwrap();
        // The command holds writers too, which would keep the pipe open.
        drop(command);
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        self.last_exit = child.wait().unwrap().code().unwrap_or(-1);
        // The folder has another name in each run.
        String::from_utf8(bytes).unwrap().replace(&format!("{}/", self.repo.root().display()), "")
    }
}

/// A project of fixtures/workspaces with a remote on disk, which is no forge.
struct Project {
    /// Its folder there.
    name: &'static str,
    /// The message of its first commit.
    first: &'static str,
    /// The tags of that commit.
    tags: &'static [&'static str],
    /// The branch where work is gathered.
    branch: &'static str,
    /// What came after the release: files with their texts, and the commit that brings them.
    changes: &'static [(&'static [(&'static str, &'static str)], &'static str)],
}

const FLOW: Project = Project {
    name: "flow",
    first: "feat: chat with a virtual machine",
    tags: &["v0.6.0"],
    branch: "dev",
    changes: &[
        (&[("stream.py", "text\n")], "feat: stream answers"),
        (&[("history.py", "text\n")], "fix: keep the history of a chat"),
    ],
};

const PROJECTS: [Project; 3] = [
    FLOW,
    Project { name: "vmpilot", ..FLOW },
    Project {
        name: "trueppm",
        first: "feat: sprints and boards on top of the schedule",
        tags: &["v0.4.0", "scheduler-v0.4.0", "mcp-v0.4.0"],
        branch: "main",
        changes: &[
            (
                &[
                    ("packages/api/cards.py", "text\n"),
                    (
                        "changelog.d/1405.added.md",
                        "- **Boards**: a card shows how long it has been in its column (#1405).\n",
                    ),
                ],
                "feat(api): a card shows how long it has been in its column",
            ),
            (
                &[
                    ("packages/web/gantt.ts", "text\n"),
                    (
                        "changelog.d/1411.fixed.md",
                        "- **Schedule**: a milestone without a date no longer moves what follows it (#1411).\n",
                    ),
                ],
                "fix(web): a milestone without a date moves nothing",
            ),
        ],
    },
];

/// The programs that gates of the projects run. In a sample they do nothing and succeed.
const PROGRAMS: [&str; 4] = ["docker", "make", "python3", "trivy"];

fn lay_out(repo: Repo, project: &Project) -> Repo {
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/workspaces").join(project.name), repo.root());
    commit(&repo, project.first);
    repo.git(&["init", "-q", "--bare", "-b", "main", "../origin.git"]);
    repo.git(&["remote", "add", "origin", "../origin.git"]);
    for tag in project.tags {
        repo.git(&["tag", "-a", "-m", &format!("Release {tag}"), tag]);
    }
    if project.branch != "main" {
        repo.git(&["switch", "-q", "-c", project.branch]);
    }
    for (files, message) in project.changes {
        for (path, text) in *files {
            repo.write(path, text);
        }
        commit(&repo, message);
    }
    repo.git(&["push", "-q", "-u", "origin", "--all"]);
    repo.git(&["push", "-q", "origin", "--tags"]);
    for program in PROGRAMS {
        let path = programs(&repo).join(program);
        fs::create_dir_all(programs(&repo)).unwrap();
        fs::write(&path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    repo
}

/// Returns the folder of [`PROGRAMS`], which a sample finds before all others.
fn programs(repo: &Repo) -> PathBuf {
    repo.root().with_file_name("bin")
}

fn commit(repo: &Repo, message: &str) {
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "-m", message]);
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
