//! [`Script`]: a history written down line by line, and made by one `git fast-import`.
//!
//! ```text
//! begin NAME=VERSION…          a first commit, `chore: begin`, with the file NAME/VERSION of each, and their tags NAME-vVERSION
//! commit SUBJECT               on the branch that is checked out; the first one holds all that was there before, too
//!   | TEXT                     a line of the body
//!   PATH                       changed in some way
//!   PATH = TEXT                with this text; `\n` is a line end, and one stands behind it
//!   PATH -> PATH               renamed
//!   - PATH                     deleted
//!   @ SECONDS                  its time, so much after the commit before it; without this line 60
//! branch NAME                  made here, and checked out
//! orphan NAME                  checked out, with nothing in it
//! switch NAME                  checked out
//! merge NAME…: SUBJECT         of these branches into the one that is checked out; of each file the newest state is taken
//! merge NAME… ours: SUBJECT    keeps the files of the branch that is checked out; more lines as for a commit
//! tag NAME                     annotated
//! tag NAME light               lightweight
//! tag NAME of NAME             of another tag
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::repo::Repo;

/// The time of the first commit.
const BEGIN: i64 = 1_700_000_000;

/// A history that grows.
#[derive(Default)]
pub struct Script {
    commits: Vec<Made>,
    branches: BTreeMap<String, Option<usize>>,
    branch: String,
    time: i64,
    /// The marks of the annotated tags.
    tags: BTreeMap<String, usize>,
    stream: String,
    next: Option<Next>,
}

/// The files of a commit: which change made each what it is, and its text; no text where it is gone.
type Files = BTreeMap<String, (usize, Option<String>)>;

struct Made {
    files: Files,
}

/// A commit whose lines are being read.
struct Next {
    message: String,
    body: String,
    parents: Vec<usize>,
    files: Files,
    step: i64,
}

impl Script {
    /// Reads a script. These files are part of the first commit.
    pub fn read(text: &str, files: &[(String, String)]) -> Result<Self, String> {
        let mut script = Self { branch: "main".to_owned(), time: BEGIN, ..Self::default() };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let told = match line.strip_prefix("  ") {
                Some(line) => script.detail(line),
                None => script.step(line, files),
            };
            told.map_err(|why| format!("`{line}`: {why}"))?;
        }
        script.end();
        Ok(script)
    }

    /// Makes it in a repository without commits, and checks out the branch that was checked out last.
    pub fn make(&self, repo: &Repo) {
        fast_import(repo, self.stream.as_bytes());
        if self.branch != "main" {
            repo.git(&["symbolic-ref", "HEAD", &format!("refs/heads/{}", self.branch)]);
        }
        repo.git(&["reset", "-q", "--hard"]);
    }

    fn step(&mut self, line: &str, files: &[(String, String)]) -> Result<(), String> {
        self.end();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let at = self.branches.get(&self.branch).copied().flatten();
        match word {
            "begin" => self.packages(rest, files)?,
            "commit" => self.commit(rest, at, files),
            "branch" => {
                self.branches.insert(rest.to_owned(), at);
                self.branch = rest.to_owned();
            }
            "orphan" => self.branch = rest.to_owned(),
            "switch" if self.branches.contains_key(rest) => self.branch = rest.to_owned(),
            "switch" => return Err("there is no such branch".to_owned()),
            "merge" => self.merge(rest)?,
            "tag" => self.tag(rest, at.ok_or("nothing is there to be tagged")?)?,
            _ => return Err(format!("`{word}` is no step")),
        }
        Ok(())
    }

    fn packages(&mut self, packages: &str, files: &[(String, String)]) -> Result<(), String> {
        self.commit("chore: begin", None, files);
        let pairs: Option<Vec<_>> = packages.split(' ').map(|pair| pair.split_once('=')).collect();
        let pairs = pairs.ok_or("a package is written NAME=VERSION")?;
        for (name, version) in &pairs {
            self.detail(&format!("{name}/VERSION = {version}"))?;
        }
        self.end();
        pairs.iter().try_for_each(|(name, version)| self.tag(&format!("{name}-v{version}"), 0))
    }

    fn commit(&mut self, subject: &str, parent: Option<usize>, files: &[(String, String)]) {
        let mut next = self.begin(subject, parent.into_iter().collect());
        if self.commits.is_empty() {
            next.files.extend(files.iter().map(|(path, text)| (path.clone(), (1, Some(text.clone())))));
        }
        self.next = Some(next);
    }

    fn begin(&self, message: &str, parents: Vec<usize>) -> Next {
        let files = parents.first().map_or_else(Files::new, |parent| self.commits[*parent].files.clone());
        Next { message: message.to_owned(), body: String::new(), parents, files, step: 60 }
    }

    fn merge(&mut self, rest: &str) -> Result<(), String> {
        let (names, message) = rest.split_once(": ").ok_or("a merge needs a subject")?;
        let ours = names.ends_with(" ours");
        let names = names.trim_end_matches(" ours");
        let mut parents =
            vec![self.branches.get(&self.branch).copied().flatten().ok_or("there is nothing to merge into")?];
        for name in names.split(' ') {
            parents.push(self.branches.get(name).copied().flatten().ok_or(format!("there is no branch {name}"))?);
        }
        let mut next = self.begin(message, parents);
        for parent in next.parents.iter().skip(1).filter(|_| !ours) {
            for (path, theirs) in &self.commits[*parent].files {
                let kept = next.files.entry(path.clone()).or_insert_with(|| theirs.clone());
                if theirs.0 > kept.0 {
                    *kept = theirs.clone();
                }
            }
        }
        self.next = Some(next);
        Ok(())
    }

    fn tag(&mut self, rest: &str, at: usize) -> Result<(), String> {
        if let Some(name) = rest.strip_suffix(" light") {
            writeln!(self.stream, "reset refs/tags/{name}\nfrom :{}\n", at + 1).unwrap();
            return Ok(());
        }
        let (name, target) = match rest.split_once(" of ") {
            Some((name, tag)) => (name, *self.tags.get(tag).ok_or("there is no annotated tag of that name")?),
            None => (rest, at + 1),
        };
        // Marks of commits are below.
        let mark = 1_000_000 + self.tags.len();
        self.tags.insert(name.to_owned(), mark);
        let time = self.time;
        writeln!(
            self.stream,
            "tag {name}\nmark :{mark}\nfrom :{target}\ntagger T <t@example.com> {time} +0000\ndata 1\nx"
        )
        .unwrap();
        Ok(())
    }

    fn detail(&mut self, line: &str) -> Result<(), String> {
        let number = self.commits.len() + 1;
        let next = self.next.as_mut().ok_or("it belongs to no commit")?;
        if let Some(text) = line.strip_prefix('|') {
            writeln!(next.body, "{}", text.strip_prefix(' ').unwrap_or(text)).unwrap();
        } else if let Some(seconds) = line.strip_prefix("@ ") {
            next.step = seconds.parse().map_err(|_| "that is no number")?;
        } else if let Some(path) = line.strip_prefix("- ") {
            next.files.insert(path.to_owned(), (number, None)).ok_or("it was not there")?;
        } else if let Some((from, to)) = line.split_once(" -> ") {
            let (_, text) = next.files.insert(from.to_owned(), (number, None)).ok_or("it was not there")?;
            next.files.insert(to.to_owned(), (number, text));
        } else if let Some((path, text)) = line.split_once(" = ") {
            next.files.insert(path.to_owned(), (number, Some(text.replace("\\n", "\n") + "\n")));
        } else {
            next.files.insert(line.to_owned(), (number, Some(format!("{number}\n"))));
        }
        Ok(())
    }

    /// Ends the commit whose lines were read.
    fn end(&mut self) {
        let Some(next) = self.next.take() else { return };
        self.time += if self.commits.is_empty() { 0 } else { next.step };
        let body = if next.body.is_empty() { String::new() } else { format!("\n{}", next.body) };
        let message = format!("{}\n{body}", next.message);
        let (branch, mark, time) = (&self.branch, self.commits.len() + 1, self.time);
        // The committer's name holds its number: commits that say and hold the same are two all the same.
        write!(
            self.stream,
            "commit refs/heads/{branch}\nmark :{mark}\ncommitter C {mark} <c@example.com> {time} +0000\ndata {}\n{message}",
            message.len()
        )
        .unwrap();
        for (at, parent) in next.parents.iter().enumerate() {
            writeln!(self.stream, "{} :{}", if at == 0 { "from" } else { "merge" }, parent + 1).unwrap();
        }
        self.stream.push_str("deleteall\n");
        for (path, (_, text)) in &next.files {
            if let Some(text) = text {
                writeln!(self.stream, "M 100644 inline {path}\ndata {}\n{text}", text.len()).unwrap();
            }
        }
        self.stream.push('\n');
        self.branches.insert(self.branch.clone(), Some(self.commits.len()));
        self.commits.push(Made { files: next.files });
    }
}

/// Feeds a stream to `git fast-import`, which writes down the ids of its marks in the git folder, in the file `marks`.
pub fn fast_import(repo: &Repo, stream: &[u8]) {
    let mut command = Command::new("git");
    command.args(["fast-import", "--quiet", "--force", "--export-marks=.git/marks"]).current_dir(repo.root());
    for (name, value) in repo.env() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A child that stops early closes the pipe, and says why.
    let _ = pipe.write_all(stream);
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
