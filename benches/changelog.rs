//! What a release with changelogs costs up to its plan: 1,000 fragments into a changelog of 1 MB, beside one `cat` of the same files. Prints; it never
//! fails on a figure.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench measures time and prints it, and what fails in it may end it"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use relman::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use relman::model::Level;
use relman::plan::{BumpRequest, BumpSpec, bump};

/// The size of the changelog, in bytes.
const SIZE: usize = 1_000_000;
/// How many fragments there are.
const FRAGMENTS: usize = 1_000;
/// How often each figure is taken; the medians are told.
const RUNS: usize = 25;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let mut rows = [const { Vec::new() }; 4];
    for _ in 0..=RUNS {
        let (read, plan) = release(folder.path());
        for (row, figure) in rows.iter_mut().zip([cat(folder.path()), read, plan, read + plan]) {
            row.push(figure);
        }
    }
    let figures = rows.map(median);
    println!("| 1,000 fragments into 1 MB | ms | ratio to cat |");
    println!("|---|---|---|");
    let names = ["`cat`", "reading, with git processes", "planning", "reading and planning"];
    for (name, figure) in names.into_iter().zip(figures) {
        println!("| {name} | {figure:.1} | {:.2} |", figure / figures[0]);
    }
}

/// Returns the milliseconds of reading what a release needs and of planning it.
fn release(root: &Path) -> (f64, f64) {
    let needs = CaptureNeeds { changes: true, changelogs: true, ..CaptureNeeds::default() };
    let start = Instant::now();
    let place = Place::find(root, None).unwrap();
    let snapshot = capture(&place, CaptureOptions { needs, staged: false }, &|_, _| ()).unwrap();
    let read = start.elapsed();
    let request = BumpRequest { all: true, ask: Some(BumpSpec::Level(Level::Minor)), ..BumpRequest::default() };
    let plan = bump(&snapshot, &request).unwrap();
    let all = start.elapsed();
    assert_eq!(plan.plan().files.len(), FRAGMENTS + 2);
    (read.as_secs_f64() * 1000.0, (all - read).as_secs_f64() * 1000.0)
}

fn cat(root: &Path) -> f64 {
    let mut files: Vec<_> =
        fs::read_dir(root.join("a/changelog.d")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(root.join("a/CHANGELOG.md"));
    let start = Instant::now();
    assert!(Command::new("cat").args(files).stdout(Stdio::null()).status().unwrap().success());
    start.elapsed().as_secs_f64() * 1000.0
}

/// The first figure warms up and is left out.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.remove(0);
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn write(root: &Path) {
    let folder = root.join("a/changelog.d");
    fs::create_dir_all(&folder).unwrap();
    fs::write(root.join("relman.toml"), "[packages.a]\npath = \"a\"\n[changelog]\n").unwrap();
    fs::write(root.join("a/package.json"), "{ \"name\": \"a\", \"version\": \"900.0.0\" }\n").unwrap();
    let entry = |n: usize| {
        format!(
            "- A change of **some words**, number {n}, with `code` and a [link](https://example.com/{n}),\n  as people write them ([#{n}](https://example.com/pull/{n})).\n"
        )
    };
    for n in 0..FRAGMENTS {
        let kind = ["added", "changed", "fixed"][n % 3];
        fs::write(folder.join(format!("{n}.{kind}.md")), entry(n)).unwrap();
    }
    let (mut text, mut foot) = (String::from("# Changelog\n\n## [Unreleased]\n\nProse.\n"), String::new());
    for release in (0..900).rev() {
        if text.len() + foot.len() >= SIZE {
            break;
        }
        let _ = write!(
            text,
            "\n## [{release}.0.0] - 2025-01-01\n\n### Added\n\n{}\n### Fixed\n\n{}",
            entry(1).repeat(4),
            entry(2).repeat(6)
        );
        let _ = writeln!(foot, "[{release}.0.0]: https://example.com/releases/{release}.0.0");
    }
    fs::write(root.join("a/CHANGELOG.md"), format!("{text}\n{foot}")).unwrap();
    let git = |args: &[&str]| {
        let author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
        assert!(Command::new("git").args(author).args(args).current_dir(root).status().unwrap().success());
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "feat: begin"]);
}
