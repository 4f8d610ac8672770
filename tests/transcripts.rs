//! What README.md and the pages of docs/ show is what happens: every `console` block is run, and every block that names a file is
//! held against that file.
//!
//! A block is told by the comment above it what to do:
//!
//! ```text
//! <!-- repo: suite -->           a fresh copy of fixtures/workspaces/suite, committed and tagged
//! <!-- repo: suite + drift -->   the same with the files of fixtures/workspaces/suite.drift laid over it in a second commit
//! <!-- repo: flow -->            fixtures/workspaces/flow with the branches dev and main, and a remote on disk without a forge
//! <!-- repo: vmpilot -->         fixtures/workspaces/vmpilot likewise; trueppm with main alone, and three tags
//! <!-- repo: trueppm + gitlab --> the same with a forge and with registries, all of them one server on loopback; so vmpilot + github
//! <!-- repo: shapes/chart -->    what `make.sh` of fixtures/shapes/chart makes; likewise adoption/NAME
//! <!-- repo: demo -->            what `relman demo` leaves behind
//! <!-- repo: same -->            go on where the block before ended
//! <!-- file: PATH -->            the block is this file of the project
//! ```
//!
//! A line `$ relman …`, `$ git …`, `$ cat FILE` or `$ echo $?` is run, and what a terminal would show must follow it.
//! `SNAPSHOTS=overwrite` renews the pages. Read what it wrote before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::sample::Sample;

/// A test for each page with a transcript, so that they run side by side.
macro_rules! transcripts {
    ($($name:ident: $path:literal,)*) => {
        const PAGES: &[&str] = &[$($path),*];
        $(
            #[test]
            fn $name() {
                shows_what_happens(&root().join($path));
            }
        )*
    };
}

transcripts! {
    commands: "docs/commands.md",
    coming_from: "docs/coming-from.md",
    shapes: "docs/shapes.md",
    tour: "docs/tour.md",
    troubleshooting: "docs/troubleshooting.md",
    trueppm: "docs/trueppm.md",
    vmpilot: "docs/vmpilot.md",
    readme: "README.md",
}

fn shows_what_happens(page: &Path) {
    let old = fs::read_to_string(page).unwrap();
    let new = renewed(&old).unwrap_or_else(|why| panic!("{}: {why}", page.display()));
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(page, &new).unwrap();
        return;
    }
    let shown = page.display();
    assert!(
        old == new,
        "{shown} shows something else; SNAPSHOTS=overwrite renews it\n{}",
        first_difference(&old, &new)
    );
}

#[test]
fn every_page_with_a_transcript_has_a_test_and_the_others_show_their_files() {
    for page in pages() {
        let has_transcript = fs::read_to_string(&page).unwrap().contains("\n```console\n");
        let name = page.strip_prefix(root()).unwrap().to_str().unwrap();
        assert_eq!(PAGES.contains(&name), has_transcript, "the list of transcripts and {name}");
        if !has_transcript {
            shows_what_happens(&page);
        }
    }
}

#[test]
fn links_lead_to_files_that_there_are() {
    let more = ["ARCHITECTURE.md", "CHANGELOG.md"].map(|name| root().join(name));
    let mut dead = Vec::new();
    for page in pages().into_iter().chain(more) {
        let text = fs::read_to_string(&page).unwrap();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
        for target in targets.filter(|target| !target.starts_with("http") && !target.starts_with('#')) {
            let path = target.split('#').next().unwrap();
            if !page.parent().unwrap().join(path).exists() {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert_eq!(dead, Vec::<String>::new());
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
                new.push_str(&transcript(repo, &block)?);
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

/// Runs the commands of a block and returns the block as a terminal would show it.
fn transcript(sample: &mut Sample, block: &[&str]) -> Result<String, String> {
    let mut shown = String::new();
    let commands = block.iter().filter_map(|line| line.strip_prefix("$ "));
    for command in commands {
        // What was printed before stands apart from the next command.
        let gap = if shown.lines().last().is_some_and(|line| !line.starts_with("$ ")) { "\n" } else { "" };
        shown.push_str(&format!("{gap}$ {command}\n{}", run(sample, command)?));
    }
    if shown.is_empty() {
        return Err(format!("no command in {block:?}"));
    }
    if !shown.ends_with('\n') {
        shown.push('\n');
    }
    Ok(shown)
}

fn run(sample: &mut Sample, command: &str) -> Result<String, String> {
    let words = words(command);
    let (program, args) = words.split_first().ok_or("an empty command")?;
    match (program.as_str(), args) {
        ("echo", [what]) if what == "$?" => Ok(format!("{}\n", sample.last_exit)),
        ("cat", [file]) => sample.repo.read(file).ok_or_else(|| format!("{command}: no such file")),
        ("relman", args) => Ok(sample.relman(args)),
        ("git", args) => Ok(sample.start("git", args)),
        _ => Err(format!("`{command}` is none of relman, git, cat FILE, echo $?")),
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
