//! `relman demo`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::command_line::CommandLine;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::{Colour, Global};
use crate::cli::output::{FAINT, GOOD, LABEL, Output};
use crate::cli::render::flow;
use crate::cli::words::Text;
use crate::demo::{
    REDIRECTING_VARIABLES, add_commits, day, drifted, history, is_free, later, make_repository, sample_environment,
    write_sample,
};
use crate::io::{self, Git};
use crate::model::is_dot_git;

/// Demonstrate relman on a sample monorepo
///
/// Writes a sample monorepo with a small history into a new folder, runs status, bump and check on it, explains each step, and leaves the
/// repository behind for you to play with.
#[derive(Debug, Args)]
pub(in crate::cli) struct Demo {
    /// The folder to create; it must not exist, or be empty
    #[arg(value_name = "DIR", default_value = "relman-demo")]
    folder: PathBuf,
}

/// The columns before the words of a step.
const MARK: usize = 2;

/// Something to see.
enum Step {
    /// A heading and what it is about.
    Words(&'static str, &'static [&'static str]),
    /// A command line of relman, the day on which it runs, and how it ends.
    Relman(&'static [&'static str], i64, Exit),
    /// The file that somebody edits by hand.
    Drift,
    /// The history, as git draws it.
    Log,
    /// Work goes on.
    Later,
}

const SCRIPT: [Step; 19] = [
    Step::Words(
        "1. The state of every package",
        &[
            "Three packages in four languages. `platform` is an API in Python, a web client, a Helm chart and",
            "an MCP server with one shared version; `scheduler` is a Python library, `importer` a Rust crate.",
            "0.3.0-alpha.1 and 0.3.0a1 are one value in two spellings, and relman knows which file wants",
            "which.",
        ],
    ),
    Step::Relman(&["status"], 11, Exit::Done),
    Step::Words(
        "2. Release one package",
        &[
            "`importer` gets its next minor version. Cargo.toml and Cargo.lock change together, only the",
            "version and nothing else, then follow one commit and one annotated tag. No cargo is needed for",
            "that. --yes answers the question that relman would ask.",
        ],
    ),
    Step::Relman(&["bump", "--package", "importer", "minor", "--yes"], 11, Exit::Done),
    Step::Words(
        "3. Look before you leap",
        &[
            "`platform` and `scheduler` are a fixed group: they always have one version. --dry-run prints the",
            "whole plan, every place in every file, and writes nothing. Each place keeps its own spelling,",
            "also in the lock files, and the API's requirement `acme-scheduler==0.3.0a1` follows, because it",
            "would not admit the new version.",
        ],
    ),
    Step::Relman(&["bump", "--group", "suite", "alpha", "--dry-run"], 12, Exit::Done),
    Step::Words(
        "4. Release the group",
        &["The same without --dry-run: all files at once, one commit, and both tags or none."],
    ),
    Step::Relman(&["bump", "--group", "suite", "alpha", "--yes"], 12, Exit::Done),
    Step::Words(
        "5. Somebody edits a version by hand",
        &["That is how versions drift apart. Exit code 3 makes a pipeline or a commit hook stop:"],
    ),
    Step::Drift,
    Step::Relman(&["check"], 13, Exit::Findings),
    Step::Words("6. Fix it", &["The first manifest of a package decides its version; every other place is set to it."]),
    Step::Relman(&["check", "--fix"], 13, Exit::Done),
    Step::Relman(&["check"], 13, Exit::Done),
    Step::Words(
        "7. The result in git",
        &["Ordinary commits and annotated tags; working here does not require relman."],
    ),
    Step::Log,
    Step::Words(
        "8. Work goes on",
        &[
            "Two commits later: which versions come next, and why? One walk through the history tells it of all packages.",
        ],
    ),
    Step::Later,
    Step::Relman(&["status"], 16, Exit::Done),
];

impl Demo {
    pub(super) fn run(self, global: &Global, line: CommandLine, output: &mut Output) -> Result<Exit, CliError> {
        if let Some(name) = REDIRECTING_VARIABLES.iter().find(|name| io::is_set(name)) {
            let message = format!("{name} is set, so git would not work in the demo's repository");
            return Err(CliError::failed(Exit::Refused, message, "unset it, or run the demo outside of a git hook"));
        }
        let folder = global.directory.join(&self.folder);
        if is_in_git_folder(&folder) {
            let message = format!("{} is inside a `.git` folder, which belongs to git", folder.display());
            return Err(CliError::failed(Exit::Refused, message, "name another folder: `relman demo DIR`"));
        }
        if !is_free(&folder)? {
            let message = format!("{} exists and is not empty", folder.display());
            return Err(CliError::failed(
                Exit::Refused,
                message,
                "name another folder: `relman demo DIR`, or remove this one",
            ));
        }
        make_repository(&folder, &history())?;
        let folder = io::canonical(&folder).unwrap_or(folder);
        let words = Text::from("A sample monorepo with a small history is in ");
        output.result(words.styled(LABEL, folder.display()).plain("\n"));
        let show = Show { folder: &folder, global, line };
        for step in &SCRIPT {
            show.step(step, output)?;
        }
        output.result(show.farewell());
        Ok(Exit::Done)
    }
}

/// Returns `true` if a folder, which may not exist yet, lies below one that means `.git`.
fn is_in_git_folder(folder: &Path) -> bool {
    let Some((known, real)) = folder.ancestors().find_map(|above| Some((above, io::canonical(above).ok()?))) else {
        return false;
    };
    let path = folder.strip_prefix(known).map_or(real.clone(), |rest| real.join(rest));
    path.components().any(|part| part.as_os_str().to_str().is_some_and(is_dot_git))
}

/// The running demo.
struct Show<'a> {
    folder: &'a Path,
    global: &'a Global,
    line: CommandLine,
}

impl Show<'_> {
    fn step(&self, step: &Step, output: &mut Output) -> Result<(), CliError> {
        match step {
            Step::Words(heading, lines) => {
                output.result(Text::from("\n").styled(LABEL, heading).plain("\n"));
                for line in fitted(lines, output.width()) {
                    output.result(Text::default().styled(FAINT, "#").plain(format_args!(" {line}\n")));
                }
            }
            Step::Relman(args, on, expected) => self.relman(args, *on, *expected, output)?,
            Step::Drift => {
                let (path, text) = drifted();
                prompt(output, &format!("sed -i 's/\"version\": \".*\"/\"version\": \"0.3.1\"/' {path}"));
                write_sample(self.folder, path, &text)?;
            }
            Step::Later => add_commits(self.folder, &later())?,
            Step::Log => {
                prompt(output, "git log --graph --oneline --decorate");
                let git = Git::discover_with(self.folder, sample_environment(day(13)))?;
                let args = ["log", "--graph", "--oneline", "--decorate=short", "--color=always"];
                output.result(Text::of_styled(&String::from_utf8_lossy(&git.read(&args)?)));
            }
        }
        Ok(())
    }

    /// Runs one command line as if typed in the folder.
    fn relman(&self, args: &[&str], on: i64, expected: Exit, output: &mut Output) -> Result<(), CliError> {
        prompt(output, &format!("relman {}", args.join(" ")));
        let folder = self.folder.display().to_string();
        let color = match self.global.color {
            Colour::Auto => "auto",
            Colour::Always => "always",
            Colour::Never => "never",
        };
        let all: Vec<&str> = ["-C", &folder, "--color", color].iter().chain(args).copied().collect();
        let exit = (self.line.run)(&all, sample_environment(day(on)), output)?;
        if exit != expected {
            let message =
                format!("`relman {}` ended with exit code {}, not {}", args.join(" "), exit as u8, expected as u8);
            return Err(CliError::failed(Exit::Failed, message, "the folder is left as it is; please report this"));
        }
        if exit != Exit::Done {
            output.result(Text::default().styled(FAINT, format_args!("# exit code {}", exit as u8)).plain("\n"));
        }
        Ok(())
    }

    fn farewell(&self) -> Text {
        let folder = self.folder.display().to_string();
        let folder = if folder.contains([' ', '\'', '"', '\\']) { format!("{folder:?}") } else { folder };
        let tries = [
            "relman status --explain       # the commits behind each next version",
            "relman graph                  # which package requires which",
            "relman bump --all auto -n     # the whole plan of releasing what has changed",
            "relman bump --all release -n  # what leaving the alphas would do",
            "cat relman.toml               # how all of this is configured",
            "rm relman.toml; relman init   # let relman work it out by itself",
        ];
        let tries: String = tries.iter().map(|line| format!("  {line}\n")).collect();
        let words = Text::from("\n").styled(LABEL, "The repository is yours now. Try next:").plain("\n  cd ");
        words.styled(GOOD, folder).plain("\n").plain(tries)
    }
}

/// The lines as they are, or for a narrow terminal.
fn fitted(lines: &[&str], columns: Option<usize>) -> Vec<String> {
    match columns.map(|columns| columns.saturating_sub(MARK)) {
        Some(room) if lines.iter().any(|line| line.chars().count() > room) => flow(&lines.join(" "), room),
        _ => lines.iter().map(|line| (*line).to_owned()).collect(),
    }
}

fn prompt(output: &mut Output, line: &str) {
    output.result(Text::from("\n").styled(GOOD, "$").plain(" ").styled(LABEL, line).plain("\n"));
}
