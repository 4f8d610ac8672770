//! Ctrl-C, SIGTERM and SIGHUP in a run, wherever it is: what it left is said, with the command that goes on, the terminal is as it was, and
//! the exit code fits.
//! At a question and in the picker: `dialogue`, `picker`.
#![cfg(target_os = "linux")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::repo::Repo;
use crate::support::terminal::Terminal;

const CTRL_C: &str = "\u{3}";
const QUESTION: &str = "[y: yes, d: diff";

/// A repository with a remote, and beside it a file that shows where a run is held.
struct Held {
    repo: Repo,
    mark: PathBuf,
    remote: PathBuf,
    /// Commands are looked for here first.
    programs: PathBuf,
}

impl Held {
    fn new(config: &str) -> Self {
        let config = format!("{config}[packages.api]\npath = \"api\"\n[packages.web]\npath = \"web\"\n");
        let repo = Repo::with(&[
            ("relman.toml", &config),
            ("api/package.json", "{ \"name\": \"api\", \"version\": \"1.0.0\" }\n"),
            ("web/package.json", "{ \"name\": \"web\", \"version\": \"1.0.0\" }\n"),
        ]);
        let outside = repo.outside();
        let remote = outside.join("remote.git");
        repo.git(&["init", "-q", "--bare", "-b", "main", "--template=", remote.to_str().unwrap()]);
        repo.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
        repo.git(&["push", "-q", "-u", "origin", "main"]);
        let programs = outside.join("programs");
        std::fs::create_dir(&programs).unwrap();
        Self { mark: outside.join("held"), remote, programs, repo }
    }

    /// Puts a git in front of git that runs these lines first. They know its arguments, and whether it is the mark that is to be set.
    fn git_begins_with(&self, lines: &str) {
        let folders = std::env::var_os("PATH").unwrap();
        let git = std::env::split_paths(&folders).map(|folder| folder.join("git")).find(|path| path.exists()).unwrap();
        script(&self.programs.join("git"), &format!("#!/bin/sh\n{lines}\nexec '{}' \"$@\"\n", git.display()));
    }

    fn open(&self, args: &[&str]) -> Terminal {
        let path = format!("{}:{}", self.programs.display(), std::env::var("PATH").unwrap());
        let mark = self.mark.to_str().unwrap();
        let variables = [("NO_COLOR", "1"), ("TERM", "xterm"), ("RELMAN_TEST_MARK", mark), ("PATH", &path)];
        Terminal::open_with(&self.repo, args, (40, 120), &variables)
    }

    /// Waits until the run is held, and presses Ctrl-C.
    #[track_caller]
    fn stops(&self, terminal: &mut Terminal) {
        terminal.waits_until(|| self.mark.exists()).types(CTRL_C);
    }

    /// The run ends with this code and these words, and has changed nothing here; by a signal that relman alone gets as by Ctrl-C.
    #[track_caller]
    fn is_as_before(&self, args: &[&str], keys: &str, code: i32, words: &str) {
        self.is_as_before_by("", args, keys, code, words);
        for (signal, number) in [("TERM", 15), ("HUP", 1)] {
            let code = if code > 128 { 128 + number } else { code };
            self.is_as_before_by(
                signal,
                args,
                keys,
                code,
                words.replace("Ctrl-C", &format!("SIG{signal}")).trim_start(),
            );
        }
    }

    #[track_caller]
    fn is_as_before_by(&self, signal: &str, args: &[&str], keys: &str, code: i32, words: &str) {
        let (before, refs) = (self.repo.state(), self.repo.git(&["ls-remote", "origin"]));
        let mut terminal = self.open(args);
        if !keys.is_empty() {
            terminal.waits_for(QUESTION).types(keys);
        }
        match signal {
            "" => self.stops(&mut terminal),
            signal => drop(terminal.waits_until(|| self.mark.exists()).sends(signal)),
        }
        let (ended, shown) = terminal.ends();
        assert_eq!(ended, code, "{signal}: {shown}");
        assert!(shown.contains(words), "{shown}");
        // What fails for it is not a second message.
        assert_eq!(shown.matches("error:").count(), words.matches("error:").count(), "{shown}");
        assert!(self.repo.state() == before, "{shown}");
        assert_eq!(self.repo.git(&["ls-remote", "origin"]), refs, "{shown}");
        // The next run begins as if there had been none.
        assert!(!self.repo.root().join(".git/relman/journal.json").exists(), "{shown}");
        std::fs::remove_file(&self.mark).unwrap();
    }
}

fn script(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

/// Says that it runs, once it does nothing but that, and does not end by itself.
const SLOW: &str = "#!/bin/sh\n(sleep 0.2; touch \"$RELMAN_TEST_MARK\") & exec sleep 60\n";

const UNDONE: &str = "error: stopped by Ctrl-C\n  help: all is as it was before the run: files, index, commit and tags";

#[test]
fn while_the_repository_is_read() {
    let held = Held::new("");
    for (call, args) in [
        ("cat-file --batch --buffer", &["status"][..]),
        ("cat-file --batch --buffer", &["bump", "--all", "auto"]),
        ("for-each-ref", &["check"]),
        ("ls-files", &["bump", "-p", "api", "minor", "-y"]),
    ] {
        held.git_begins_with(&format!(
            "case \" $* \" in *\" {call} \"*) (sleep 0.2; touch \"$RELMAN_TEST_MARK\") & exec sleep 60;; esac"
        ));
        held.is_as_before(args, "", 130, "\nnothing was written\n");
    }
}

#[test]
fn while_the_remote_is_asked() {
    let held = Held::new("[release]\n");
    held.repo.relman(&["bump", "-p", "api", "minor", "-y"]).exits(0);
    held.git_begins_with(
        "case \" $* \" in *\" ls-remote \"*) (sleep 0.2; touch \"$RELMAN_TEST_MARK\") & exec sleep 60;; esac",
    );
    held.is_as_before(&["release"], "", 130, "\nnothing was written\n");
}

#[test]
fn while_the_command_of_a_gate_runs() {
    let held = Held::new("[gates.commands]\nslow = 'touch \"$RELMAN_TEST_MARK\"; sleep 60'\n");
    let words = "error: stopped by Ctrl-C\n  help: nothing was written";
    held.is_as_before(&["bump", "-p", "api", "minor"], "y\n", 130, words);
}

#[test]
fn while_a_generator_runs() {
    let held = Held::new(
        "[[generate]]\nname = \"slow\"\nrun = 'touch \"$RELMAN_TEST_MARK\"; sleep 60'\noutputs = [\"out\"]\n",
    );
    let words = "error: stopped by Ctrl-C\n  help: nothing was written";
    held.is_as_before(&["bump", "-p", "api", "minor"], "y\n", 130, words);
}

#[test]
fn while_a_hook_runs() {
    let held = Held::new("");
    for name in ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-push"] {
        let hook = held.repo.root().join(".git/hooks").join(name);
        script(&hook, SLOW);
        held.is_as_before(&["bump", "-p", "api", "minor", "--push"], "y\n", 1, UNDONE);
        std::fs::remove_file(hook).unwrap();
    }
    held.repo.relman(&["bump", "-p", "api", "minor", "--push", "-y"]).exits(0);
}

#[test]
fn a_second_one_does_not_keep_a_run_from_being_taken_back() {
    let held = Held::new("");
    script(&held.repo.root().join(".git/hooks/commit-msg"), SLOW);
    // Each call of git on the way back takes a moment.
    let (slow, undoing) = (held.repo.outside().join("slow"), held.repo.outside().join("undoing"));
    held.git_begins_with(&format!("[ -e '{0}' ] && echo >> '{1}' && sleep 0.3", slow.display(), undoing.display()));
    let before = held.repo.state();
    let mut terminal = held.open(&["bump", "-p", "api", "minor", "-y"]);
    terminal.waits_until(|| held.mark.exists());
    std::fs::write(&slow, "").unwrap();
    terminal.types(CTRL_C);
    for lines in 1..4 {
        let count = || std::fs::read_to_string(&undoing).unwrap_or_default().lines().count();
        terminal.waits_until(|| count() >= lines).types(CTRL_C);
    }
    let (code, shown) = terminal.ends();
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains(UNDONE), "{shown}");
    assert!(held.repo.state() == before, "{shown}");
}

#[test]
fn behind_a_bump_that_is_done_it_stays() {
    let held = Held::new("[release]\n");
    let mut terminal = held.open(&["release", "minor"]);
    // Which package?
    terminal.waits_for("up/down: move").types(" \r").waits_for(QUESTION).types("y\n");
    terminal.waits_for("Carry this out?").types(CTRL_C);
    let (code, shown) = terminal.ends();
    assert_eq!(code, 130, "{shown}");
    assert!(shown.contains("\nthe release commit is made and stays; run `relman release` to go on\n"), "{shown}");
    assert_eq!(held.repo.tags(), ["api-v1.1.0"]);
    held.repo.relman(&["release", "-y"]).exits(0);
    assert!(held.repo.git(&["ls-remote", "origin"]).contains("refs/tags/api-v1.1.0"));
}

#[test]
fn while_a_command_publishes_the_rest_is_for_resume() {
    let run = "[[release.run]]\nname = \"ship\"\nrun = 'touch \"$RELMAN_TEST_MARK\"; test -e go || sleep 60'\nshare = [\"go\"]\n";
    let held = Held::new(&format!("[release]\n{run}"));
    held.repo.relman(&["bump", "-p", "api", "minor", "-y"]).exits(0);
    let mut terminal = held.open(&["release"]);
    terminal.waits_for(QUESTION).types("y\n");
    held.stops(&mut terminal);
    let (code, shown) = terminal.ends();
    assert_eq!(code, 6, "{shown}");
    assert!(shown.contains("error: ship of api 1.1.0: stopped by Ctrl-C"), "{shown}");
    assert!(shown.contains("run `relman resume`"), "{shown}");
    held.repo.write("go", "");
    held.repo.relman(&["resume", "-y"]).exits(6).says(&["--again ship"]);
    held.repo.relman(&["resume", "-y", "--done", "ship"]).exits(0);
    assert!(held.remote.exists() && held.repo.git(&["ls-remote", "origin"]).contains("refs/tags/api-v1.1.0"));
}

#[test]
fn while_an_artifact_is_waited_for() {
    let held = Held::new("[verify]\n");
    held.repo.relman(&["bump", "-p", "api", "minor", "-y"]).exits(0);
    let before = held.repo.state();
    let mut terminal = held.open(&["verify", "api-v1.1.0", "--wait", "5m"]);
    terminal.waits_for("waiting for").types(CTRL_C);
    let (code, shown) = terminal.ends();
    assert_eq!(code, 130, "{shown}");
    assert!(shown.contains("\nnothing was written\n"), "{shown}");
    assert!(held.repo.state() == before, "{shown}");
}
