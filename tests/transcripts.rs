//! What README.md and the pages of docs/ show is what happens: every `console` block is run, and every block that names a file is
//! held against that file.
//!
//! A block is told by the comment above it what to do:
//!
//! ```text
//! <!-- repo: suite -->           a fresh copy of fixtures/workspaces/suite, committed and tagged
//! <!-- repo: suite + drift -->   the same with the files of fixtures/workspaces/suite.drift laid over it in a second commit
//! <!-- repo: same -->            go on where the block before ended
//! <!-- file: PATH -->            the block is this file of the project
//! ```
//!
//! A line `$ relman …`, `$ git …`, `$ cat FILE` or `$ echo $?` is run, and what a terminal would show must follow it.
//! `SNAPSHOTS=overwrite` renews the pages. Read what it wrote before you commit it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::repo::Repo;

/// 2026-03-02, noon: the day on which every transcript takes place.
const NOW: &str = "1772452800";

#[test]
fn the_pages_show_what_happens() {
    let mut wrong = Vec::new();
    for page in pages() {
        let old = fs::read_to_string(&page).unwrap();
        let new = renewed(&old).unwrap_or_else(|why| panic!("{}: {why}", page.display()));
        if old == new {
            continue;
        }
        if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
            fs::write(&page, &new).unwrap();
        } else {
            wrong.push(format!("{}:\n{}", page.display(), first_difference(&old, &new)));
        }
    }
    assert!(wrong.is_empty(), "pages that show something else; SNAPSHOTS=overwrite renews them\n{}", wrong.join("\n"));
}

#[test]
fn there_are_transcripts() {
    let with_transcript = |page: &PathBuf| fs::read_to_string(page).unwrap().contains("\n```console\n");
    let count = pages().iter().filter(|page| with_transcript(page)).count();
    assert!(count >= 2, "only {count} pages have a console block");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    pages.extend(["README.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    pages.sort();
    pages
}

fn first_difference(old: &str, new: &str) -> String {
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let shown = |text: &str| text.lines().skip(same).take(12).collect::<Vec<_>>().join("\n  ");
    format!("line {}, written:\n  {}\nreally:\n  {}", same + 1, shown(old), shown(new))
}

/// Returns the page as it ought to be.
fn renewed(page: &str) -> Result<String, String> {
    let mut new = String::new();
    let mut lines = page.lines();
    let mut marker = None;
    let mut repo: Option<Sample> = None;
    while let Some(line) = lines.next() {
        new.push_str(line);
        new.push('\n');
        let Some(language) = line.strip_prefix("```") else {
            marker = if line.is_empty() { marker } else { marked(line) };
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match (marker.take(), language) {
            (Some(("file", path)), _) => {
                new.push_str(&fs::read_to_string(root().join(path)).map_err(|e| e.to_string())?)
            }
            (Some(("repo", name)), "console") => {
                if name != "same" {
                    repo = Some(Sample::new(name));
                }
                let repo = repo.as_mut().ok_or("the first block goes on with nothing")?;
                new.push_str(&repo.transcript(&block)?);
            }
            (None, "console") => return Err(format!("a console block without a marker: {block:?}")),
            (Some(marker), _) => return Err(format!("{marker:?} above a block of `{language}`")),
            (None, _) => block.iter().for_each(|line| new.extend([line, "\n"])),
        }
        new.push_str("```\n");
    }
    Ok(new)
}

fn marked(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?.split_once(": ")?;
    matches!(key, "repo" | "file").then_some((key, value))
}

/// A repository in which transcripts take place.
struct Sample {
    repo: Repo,
    last_exit: i32,
}

impl Sample {
    fn new(name: &str) -> Self {
        let repo = Repo::new();
        let (base, over) = name.split_once(" + ").map_or((name, None), |(base, over)| (base, Some(over)));
        let workspaces = root().join("fixtures/workspaces");
        copy(&workspaces.join(base), repo.root());
        repo.git(&["add", "-A"]);
        repo.git(&["commit", "-q", "-m", "feat: ferries, timetables, bookings"]);
        for prefix in ["v", "mcp-v", "scheduler-v"] {
            let tag = format!("{prefix}0.2.0");
            repo.git(&["tag", "-a", "-m", &format!("Release {tag}"), &tag]);
        }
        if let Some(over) = over {
            copy(&workspaces.join(format!("{base}.{over}")), repo.root());
            repo.git(&["commit", "-q", "-a", "-m", "fix: go back to the old images"]);
        }
        repo.git(&["commit", "-q", "--allow-empty", "-m", "feat: night boats"]);
        Self { repo, last_exit: 0 }
    }

    /// Runs the commands of a block and returns the block as a terminal would show it.
    fn transcript(&mut self, block: &[&str]) -> Result<String, String> {
        let mut shown = String::new();
        let commands = block.iter().filter_map(|line| line.strip_prefix("$ "));
        for command in commands {
            // What was printed before stands apart from the next command.
            let gap = if shown.lines().last().is_some_and(|line| !line.starts_with("$ ")) { "\n" } else { "" };
            shown.push_str(&format!("{gap}$ {command}\n{}", self.run(command)?));
        }
        if shown.is_empty() {
            return Err(format!("no command in {block:?}"));
        }
        if !shown.ends_with('\n') {
            shown.push('\n');
        }
        Ok(shown)
    }

    fn run(&mut self, command: &str) -> Result<String, String> {
        let words = words(command);
        let (program, args) = words.split_first().ok_or("an empty command")?;
        match (program.as_str(), args) {
            ("echo", [what]) if what == "$?" => Ok(format!("{}\n", self.last_exit)),
            ("cat", [file]) => self.repo.read(file).ok_or_else(|| format!("{command}: no such file")),
            ("relman", args) => Ok(self.start(env!("CARGO_BIN_EXE_relman"), args)),
            ("git", args) => Ok(self.start("git", args)),
            _ => Err(format!("`{command}` is none of relman, git, cat FILE, echo $?")),
        }
    }

    /// Runs a program with both streams in one pipe, as on a terminal, but without its colours.
    fn start(&mut self, program: &str, args: &[String]) -> String {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let mut command = Command::new(program);
        command.args(args).current_dir(self.repo.root()).stdin(std::process::Stdio::null());
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

/// Splits a command into words; single and double quotes keep blanks.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None;
    let mut quote = None;
    for c in command.chars() {
        match quote {
            Some(open) if open == c => quote = None,
            Some(_) => word.get_or_insert_with(String::new).push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_with(String::new);
            }
            None if c == ' ' => words.extend(word.take()),
            None => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn words_are_split_as_by_a_shell() {
    assert_eq!(
        words("relman  status --format '{name} {tag}' \"\""),
        ["relman", "status", "--format", "{name} {tag}", ""]
    );
}
