//! Clones of a repository, as CI makes them: without all of its history, its tags or its objects.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::program::Ran;
use super::repo::Repo;

/// A repository that others clone from.
pub struct Origin {
    pub repo: Repo,
}

/// A clone beside it.
pub struct Clone<'a> {
    pub origin: &'a Origin,
    pub folder: PathBuf,
}

impl Origin {
    /// A repository with these packages, each at 1.0.0 in a folder of its own, in one commit.
    pub fn new(packages: &[&str]) -> Self {
        let folders: Vec<String> = packages.iter().map(|name| format!("\"{name}\"")).collect();
        let config = format!("[workspace]\nmembers = [{}]\n", folders.join(", "));
        let manifest = |name: &&str| (format!("{name}/package.json"), manifest(name, "1.0.0"));
        let manifests: Vec<(String, String)> = packages.iter().map(manifest).collect();
        let mut files: Vec<(&str, &str)> = vec![("relman.toml", &config)];
        files.extend(manifests.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let repo = Repo::with(&files);
        repo.git(&["config", "uploadpack.allowFilter", "true"]);
        Self { repo }
    }

    /// Commits so many changes of a package.
    pub fn changes(&self, package: &str, kind: &str, count: usize) {
        let branch = self.repo.git(&["symbolic-ref", "HEAD"]);
        let before: usize = self.repo.git(&["rev-list", "--count", "HEAD"]).parse().unwrap();
        let mut stream = String::new();
        for n in before..before + count {
            let (message, text) = (format!("{kind}: {package}"), format!("{n}\n"));
            write!(stream, "commit {branch}\ncommitter C <c@example.com> 1700000000 +0000\n").unwrap();
            write!(stream, "data {}\n{message}\n", message.len()).unwrap();
            if n == before {
                writeln!(stream, "from {branch}^0").unwrap();
            }
            write!(stream, "M 644 inline {package}/code\ndata {}\n{text}\n", text.len()).unwrap();
        }
        let mut command = Command::new("git");
        command
            .args(["fast-import", "--quiet"])
            .current_dir(self.repo.root())
            .envs(self.repo.env().into_iter().filter_map(|(name, value)| Some((name, value?))));
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        self.repo.git(&["reset", "-q", "--hard"]);
    }

    /// Makes an annotated tag on HEAD.
    pub fn tag(&self, name: &str) {
        self.repo.git(&["tag", "-a", "-m", name, name]);
    }

    /// Clones it over file://, so that git counts and filters as over a network. The clone before is removed.
    pub fn clone(&self, options: &[&str]) -> Clone<'_> {
        let outside = self.repo.outside();
        let folder = outside.join("clone");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let url = format!("file://{}", self.repo.root().display());
        // Nothing runs on behind a fetch.
        let mut args = vec!["clone", "-q", "--template=", "-c", "gc.auto=0", "-c", "maintenance.auto=false"];
        args.extend(options);
        args.extend([url.as_str(), "clone"]);
        self.repo.git_in(&outside, &args);
        Clone { origin: self, folder }
    }

    /// Moves it away, so that nobody can fetch from it.
    pub fn vanish(&self) {
        std::fs::rename(self.repo.root(), self.repo.outside().join("gone")).unwrap();
    }
}

/// A package.json.
pub fn manifest(name: &str, version: &str) -> String {
    format!("{{ \"name\": \"{name}\", \"version\": \"{version}\" }}\n")
}

impl Clone<'_> {
    /// Runs git in it.
    pub fn git(&self, args: &[&str]) -> String {
        self.origin.repo.git_in(&self.folder, args)
    }

    /// Runs the program in it.
    pub fn relman(&self, args: &[&str]) -> Ran {
        self.origin.repo.relman_with(&self.folder, args, &[])
    }

    /// Runs the program, which must leave the git folder as it was.
    #[track_caller]
    pub fn idle(&self, args: &[&str]) -> Ran {
        let before = self.state();
        let ran = self.relman(args);
        assert_eq!(self.state(), before, "{args:?}");
        ran
    }

    /// Runs the program for its report as JSON, which must leave everything as it was.
    #[track_caller]
    pub fn report(&self, args: &[&str]) -> Ran {
        self.idle(&[args, &["--json"]].concat())
    }

    /// How many commits HEAD reaches.
    pub fn commits(&self) -> usize {
        self.git(&["rev-list", "--count", "HEAD"]).parse().unwrap()
    }

    /// The names of its tags.
    pub fn tags(&self) -> Vec<String> {
        self.git(&["tag", "--list"]).lines().map(str::to_owned).collect()
    }

    fn state(&self) -> String {
        let refs = self.git(&["for-each-ref"]);
        let objects = self.git(&["count-objects", "-v"]);
        let common = self.folder.join(self.git(&["rev-parse", "--git-common-dir"]));
        let shallow = std::fs::read_to_string(common.join("shallow")).unwrap_or_default();
        format!("{refs}\n{objects}\n{shallow}\n{}", self.git(&["status", "--porcelain"]))
    }
}
