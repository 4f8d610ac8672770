//! [`Repo`]: a git repository in a temporary folder, out of reach of the user's git configuration.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use relman::io::Git;

/// Returns the folder of all repositories: in memory, where the system has room for that and runs programs from there; `TMPDIR` decides.
fn place() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        if std::env::var_os("TMPDIR").is_none() && is_roomy(memory) { memory.to_owned() } else { std::env::temp_dir() }
    })
}

#[cfg(target_os = "linux")]
fn is_roomy(memory: &Path) -> bool {
    use rustix::fs::{StatVfsMountFlags, statvfs};
    let needed = 2 << 30;
    statvfs(memory).is_ok_and(|facts| {
        !facts.f_flag.contains(StatVfsMountFlags::NOEXEC) && facts.f_bavail.saturating_mul(facts.f_frsize) > needed
    })
}

#[cfg(not(target_os = "linux"))]
fn is_roomy(_: &Path) -> bool {
    false
}

/// A repository for one test; its folder goes with it.
pub struct Repo {
    folder: tempfile::TempDir,
    root: PathBuf,
}

impl Repo {
    /// An empty repository with the branch `main`.
    pub fn new() -> Self {
        Self::of_kind(&[]).unwrap()
    }

    /// The same by `git init` with further options; nothing where git does not know them.
    pub fn of_kind(options: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir_in(place()).unwrap();
        let root = folder.path().canonicalize().unwrap().join("repo");
        for made in [&root, &folder.path().join("home"), &folder.path().join("tmp")] {
            fs::create_dir(made).unwrap();
        }
        let repo = Self { folder, root };
        // Sample hooks are more files than all the rest.
        let init = [&["init", "-q", "-b", "main", "--template="][..], options, &["."]].concat();
        let output = repo.try_git_in(&repo.root, &init);
        if !output.status.success() {
            return None;
        }
        // Nothing runs on behind a commit.
        let config = repo.root.join(".git/config");
        let text = fs::read_to_string(&config).unwrap();
        fs::write(config, text + "[maintenance]\n\tauto = false\n[gc]\n\tauto = 0\n").unwrap();
        Some(repo)
    }

    /// A repository with these files in one commit.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let repo = Self::new();
        for (path, text) in files {
            repo.write(path, text);
        }
        repo.git(&["add", "-A"]);
        repo.git(&["commit", "-q", "--allow-empty", "-m", "feat: begin"]);
        repo
    }

    /// Runs `make.sh` of this folder of fixtures, which knows the words of fixtures/adoption/lib.sh and finds its folder in `$0`.
    pub fn make(&self, home: &Path) {
        let mut command = Command::new("sh");
        command.args(["-c", ". \"$0/../../adoption/lib.sh\"; . \"$0/make.sh\""]).arg(home).current_dir(&self.root);
        for (name, value) in self.env() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A copy of the repository as it is, journals and locks of a run too.
    #[cfg(unix)]
    pub fn copied(&self) -> Self {
        let folder = tempfile::tempdir_in(self.folder.path().parent().unwrap()).unwrap();
        let from = self.folder.path().join(".");
        assert!(Command::new("cp").arg("-a").args([&from, folder.path()]).status().unwrap().success());
        let root = folder.path().canonicalize().unwrap().join("repo");
        Self { folder, root }
    }

    /// The top of the work tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder around the repository, for a second one, keys and the like.
    pub fn outside(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// What every git child gets: an identity, a time, and nobody's configuration.
    pub fn env(&self) -> Vec<(OsString, Option<OsString>)> {
        let below = |name: &str| Some(self.folder.path().join(name).into_os_string());
        let mut env: Vec<(OsString, Option<OsString>)> =
            vec![("HOME".into(), below("home")), ("TMPDIR".into(), below("tmp"))];
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "A U Thor"),
            ("GIT_AUTHOR_EMAIL", "author@example.com"),
            ("GIT_AUTHOR_DATE", "@1700000000 +0000"),
            ("GIT_COMMITTER_NAME", "C O Mitter"),
            ("GIT_COMMITTER_EMAIL", "committer@example.com"),
            ("GIT_COMMITTER_DATE", "@1700000000 +0000"),
            ("GIT_TERMINAL_PROMPT", "0"),
        ] {
            env.push((name.into(), Some(value.into())));
        }
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "XDG_CONFIG_HOME", "SSH_AUTH_SOCK", "GIT_PREFIX"] {
            env.push((name.into(), None));
        }
        env
    }

    /// relman's view of the repository.
    pub fn open(&self) -> Git {
        Git::discover_with(&self.root, self.env()).unwrap()
    }

    /// Runs git in a folder and returns what it did.
    pub fn try_git_in(&self, folder: &Path, args: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.args(args).current_dir(folder);
        for (name, value) in self.env() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.output().unwrap()
    }

    /// Runs git, which must succeed, and returns its output without the last line end.
    pub fn git(&self, args: &[&str]) -> String {
        self.git_in(&self.root, args)
    }

    /// As [`Repo::git`], in a folder.
    pub fn git_in(&self, folder: &Path, args: &[&str]) -> String {
        let output = self.try_git_in(folder, args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Writes a file, its folders too.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file; nothing where there is none.
    pub fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    /// Installs a hook.
    #[cfg(unix)]
    pub fn hook(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.root.join(".git/hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}
