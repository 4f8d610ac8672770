//! Runs of the program itself: what it prints, how it exits, and what it leaves behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::repo::Repo;

/// What one run of the program did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// All that a run could change: the files of the work tree, and in the git folder the index, HEAD and every ref, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    files: BTreeMap<String, Vec<u8>>,
}

impl Repo {
    /// Runs the program at the top of the work tree.
    pub fn relman(&self, args: &[&str]) -> Ran {
        self.relman_with(self.root(), args, &[])
    }

    /// Runs the program in a folder, with further variables.
    pub fn relman_with(&self, folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Ran {
        let output = self.command(folder, args, variables).stdin(Stdio::null()).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The program, ready to start, with nothing of the user's own settings.
    pub fn command(&self, folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relman"));
        command.args(args).current_dir(folder);
        for (name, value) in self.env() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        for name in ["RELMAN_ASSUME_YES", "RELMAN_SUMMARY", "SOURCE_DATE_EPOCH", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied());
        command
    }

    /// All that a run could change.
    pub fn state(&self) -> State {
        let mut files = BTreeMap::new();
        collect(self.root(), self.root(), &mut files);
        let git = self.root().join(".git");
        collect(self.root(), &git.join("refs"), &mut files);
        for name in ["index", "HEAD", "packed-refs"] {
            files.insert(format!(".git/{name}"), fs::read(git.join(name)).unwrap_or_default());
        }
        State { files }
    }

    /// Runs the program, which must leave everything as it was.
    #[track_caller]
    pub fn idle(&self, args: &[&str]) -> Ran {
        let before = self.state();
        let ran = self.relman(args);
        assert!(self.state() == before, "{args:?} wrote something:\n{}{}", ran.out, ran.err);
        ran
    }

    /// Runs the program for its report as JSON, which must leave everything as it was.
    #[track_caller]
    pub fn report(&self, args: &[&str]) -> Ran {
        self.idle(&[args, &["--json"]].concat())
    }

    /// Writes files and commits them.
    pub fn commit(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            self.write(path, text);
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "feat: more"]);
    }

    /// The names of all tags.
    pub fn tags(&self) -> Vec<String> {
        self.git(&["tag", "--list"]).lines().map(str::to_owned).collect()
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if kind.is_symlink() {
            files.insert(name, format!("-> {}", fs::read_link(&path).unwrap().display()).into_bytes());
        } else if kind.is_dir() {
            if path.file_name().is_some_and(|name| name != ".git") {
                collect(root, &path, files);
            }
        } else {
            files.insert(name, fs::read(&path).unwrap_or_default());
        }
    }
}

impl Ran {
    /// Holds the run to an exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Holds what was said to some words, in either stream.
    #[track_caller]
    pub fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            let there = self.err.contains(word) || self.out.contains(word);
            assert!(there, "`{word}` is not said\nstdout:\n{}\nstderr:\n{}", self.out, self.err);
        }
        self
    }

    /// The one JSON object that was printed.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\nstdout:\n{}\nstderr:\n{}", self.out, self.err))
    }

    /// The codes of a plan's refusals.
    #[track_caller]
    pub fn refusals(&self) -> Vec<String> {
        texts(&self.json()["refusals"], "code")
    }

    /// A plan's bumps as `name from to`.
    #[track_caller]
    pub fn bumps(&self) -> Vec<String> {
        let plan = self.json();
        let bumps = plan["bumps"].as_array().unwrap().iter();
        bumps.map(|b| format!("{} {} {}", text(&b["package"]), text(&b["from"]), text(&b["to"]))).collect()
    }

    /// A plan's reasons as `name kind of`.
    #[track_caller]
    pub fn reasons(&self) -> Vec<String> {
        let plan = self.json();
        let bumps = plan["bumps"].as_array().unwrap().iter();
        let reason = |b: &Value| format!("{} {}", text(&b["reason"]["kind"]), text(&b["reason"]["of"]));
        bumps.map(|b| format!("{} {}", text(&b["package"]), reason(b)).trim_end().to_owned()).collect()
    }

    /// The names of a plan's tags.
    #[track_caller]
    pub fn tags(&self) -> Vec<String> {
        texts(&self.json()["tags"], "name")
    }

    /// A plan's changes as `path:line from to`.
    #[track_caller]
    pub fn slots(&self) -> Vec<String> {
        let plan = self.json();
        let mut slots = Vec::new();
        for file in plan["files"].as_array().unwrap() {
            for slot in file["slots"].as_array().unwrap() {
                let change = format!("{} {}", text(&slot["from"]), text(&slot["to"]));
                slots.push(format!("{}:{} {change}", text(&file["path"]), slot["line"]));
            }
        }
        slots
    }

    /// What is wrong, as `code path:line:column found expected` with as much of it as is known: problems, a plan's refusals, findings.
    #[track_caller]
    pub fn problems(&self) -> Vec<String> {
        let report = self.json();
        let lists: Vec<&Value> =
            ["problems", "refusals", "findings"].iter().filter_map(|key| report.get(key)).collect();
        assert!(!lists.is_empty(), "no list of problems in {}", self.out);
        lists.into_iter().flat_map(|list| list.as_array().unwrap()).map(problem).collect()
    }

    /// Holds the run to these problems and to no other, in their order.
    #[track_caller]
    pub fn finds(&self, problems: &[&str]) -> &Self {
        assert_eq!(self.problems(), problems, "stderr:\n{}", self.err);
        self
    }
}

fn problem(problem: &Value) -> String {
    let mut parts = vec![text(&problem["code"]).to_owned()];
    if let Some(path) = problem["path"].as_str() {
        let place = problem["line"].as_u64().zip(problem["column"].as_u64());
        parts.push(place.map_or(path.to_owned(), |(line, column)| format!("{path}:{line}:{column}")));
    }
    parts.extend(["found", "expected"].iter().filter_map(|key| problem[*key].as_str()).map(str::to_owned));
    parts.join(" ")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn texts(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| text(&item[key]).to_owned()).collect()
}
