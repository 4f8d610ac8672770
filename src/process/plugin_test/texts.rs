//! [`Texts`]: the files of a case.

use std::path::Path;

use crate::io::{self, Kind};
use crate::model::RepoPath;
use crate::text::Lines;

/// So many bytes a file of a case may have.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Files and their texts, in the order of the paths.
pub(super) type Texts = [(RepoPath, String)];

/// Reads all files below a folder.
pub(super) fn read_texts(folder: &Path) -> Result<Vec<(RepoPath, String)>, String> {
    let mut texts = Vec::new();
    collect(folder, &RepoPath::root(), &mut texts)?;
    texts.sort();
    Ok(texts)
}

fn collect(folder: &Path, at: &RepoPath, texts: &mut Vec<(RepoPath, String)>) -> Result<(), String> {
    for entry in io::read_dir(folder).map_err(|error| error.to_string())? {
        let (path, below) = (folder.join(&entry.name), at.child(&entry.name));
        match entry.kind {
            Kind::Directory => collect(&path, &below, texts)?,
            _ => texts.push((below, io::read_text(&path, LARGEST).map_err(|error| error.to_string())?)),
        }
    }
    Ok(())
}

/// Compares files with those that are expected: `Err` says where the first difference is.
pub(super) fn same_texts(found: &Texts, expected: &Texts) -> Result<(), String> {
    let names = |texts: &Texts| texts.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    let (is, should_be) = (names(found), names(expected));
    if let Some(path) = is.iter().find(|path| !should_be.contains(path)) {
        return Err(format!("out/{path} not found"));
    }
    if let Some(path) = should_be.iter().find(|path| !is.contains(path)) {
        return Err(format!("out/{path} exists, but in/{path} was not found"));
    }
    let differs = |((path, found), (_, expected)): (&(RepoPath, String), &(RepoPath, String))| {
        (found != expected).then(|| format!("out/{path} differs{}", first_difference(found, expected)))
    };
    found.iter().zip(expected).find_map(differs).map_or(Ok(()), Err)
}

fn first_difference(found: &str, expected: &str) -> String {
    let at = found.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| {
        let line = Lines::of(text).position(at.min(text.len())).line;
        // The end of a text has no line of its own.
        text.split_inclusive('\n').nth(line - 1).unwrap_or("").escape_debug().to_string()
    };
    let number = found.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    format!(" in line {number}: after the edit `{}`, expected `{}`", line(found), line(expected))
}
