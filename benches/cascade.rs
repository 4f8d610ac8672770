//! What a cascade costs: a plan for a chain of packages each of which requires the one before. Prints; it never fails on a figure.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a bench measures time and prints it, and what fails in it may end it"
)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use relman::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use relman::model::Level;
use relman::plan::{BumpRequest, BumpSpec, bump};

/// How many packages there are; the chains are parts of them.
const PACKAGES: usize = 2_000;

fn main() {
    println!("| packages | chain | plan ms |");
    println!("|---|---|---|");
    for chain in [1, 200, 400, 800, 1_600] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), chain);
        let place = Place::find(folder.path(), None).unwrap();
        let snapshot =
            capture(&place, CaptureOptions { needs: CaptureNeeds::default(), staged: false }, &|_, _| ()).unwrap();
        let ask = Some(BumpSpec::Level(Level::Minor));
        let request = BumpRequest { packages: vec![(name(0), None)], ask, ..BumpRequest::default() };
        let start = Instant::now();
        let plan = bump(&snapshot, &request).unwrap();
        let took = start.elapsed().as_secs_f64() * 1000.0;
        assert_eq!(plan.plan().bumps.len(), chain);
        println!("| {PACKAGES} | {chain} | {took:.1} |");
    }
}

fn name(index: usize) -> String {
    format!("p{index:04}")
}

fn write(root: &Path, chain: usize) {
    let git = |args: &[&str]| {
        let author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
        assert!(Command::new("git").args(author).args(args).current_dir(root).status().unwrap().success());
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["commit", "-q", "--allow-empty", "-m", "feat: begin"]);
    fs::write(root.join("relman.toml"), "[workspace]\nmembers = [\"p/*\"]\n").unwrap();
    for index in 0..PACKAGES {
        let requires = match index {
            0 => String::new(),
            _ if index < chain => format!("\"{}\": \"1.0.0\"", name(index - 1)),
            _ => "\"p0000\": \">=1.0.0\", \"p0001\": \"^1.0.0\"".to_owned(),
        };
        let own = name(index);
        let text = format!("{{ \"name\": \"{own}\", \"version\": \"1.0.0\", \"dependencies\": {{ {requires} }} }}\n");
        let folder = root.join("p").join(&own);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("package.json"), text).unwrap();
    }
}
