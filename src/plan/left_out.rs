//! Files that a sparse checkout has not written out: they are read from the index, and cannot be edited.

use std::collections::BTreeSet;

use super::file_changes::{FileChange, FileChanges};
use super::release_plan::{Refusal, RefusalCode};
use crate::model::RepoPath;
use crate::snapshot::{BringBack, LeftOut, Snapshot};

/// Refuses to edit files that are not written out. The message names all of them, and the help is the command that writes them.
#[must_use]
pub fn not_written_out(snapshot: &Snapshot, files: &FileChanges) -> Option<Refusal> {
    let left_out = &snapshot.git.left_out;
    if left_out.paths.is_empty() {
        return None;
    }
    let cannot_be_written = |(path, change): &(&RepoPath, &FileChange)| match change {
        FileChange::Create { .. } => is_in_a_folder_left_out(snapshot, path),
        FileChange::Edit { .. } | FileChange::Delete { .. } => left_out.paths.contains(path),
    };
    let paths: Vec<&RepoPath> = files.iter().filter(cannot_be_written).map(|(path, _)| path).collect();
    if paths.is_empty() {
        return None;
    }
    let names: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
    let message = format!("this is a sparse checkout, and these files are not written out: {}", names.join(", "));
    Some(Refusal { code: RefusalCode::Sparse, message, help: Some(command(left_out, &paths)) })
}

/// Git adds no file to a left-out folder, one whose tracked files are all missing.
fn is_in_a_folder_left_out(snapshot: &Snapshot, path: &RepoPath) -> bool {
    // Only where changes were asked for is it known what is left out.
    let Some(tracked) = &snapshot.git.tracked else { return false };
    let nearest = path.ancestors().find(|folder| tracked.below(folder).next().is_some());
    let is_left_out = |path: &str| RepoPath::new(path).is_ok_and(|path| snapshot.git.left_out.paths.contains(&path));
    nearest.is_some_and(|folder| tracked.below(&folder).all(is_left_out))
}

/// Returns the command that writes the files out.
fn command(left_out: &LeftOut, paths: &[&RepoPath]) -> String {
    let git_path = |path: &RepoPath| left_out.prefix.join(path.as_str());
    let files = || paths.iter().map(|path| quoted(&git_path(path))).collect::<Vec<_>>().join(" ");
    let folders = outermost(paths.iter().filter_map(|path| path.parent()).collect());
    let is_at_the_top = folders.iter().any(|folder| git_path(folder).is_empty());
    let wrapped = |start: &str, end: &str| {
        let written = folders.iter().map(|folder| quoted(&format!("{start}{}{end}", git_path(folder))));
        written.collect::<Vec<_>>().join(" ")
    };
    let command = match left_out.bring_back {
        BringBack::Folders if is_at_the_top => "git sparse-checkout disable".to_owned(),
        BringBack::Folders => format!("git sparse-checkout add {}", wrapped("", "")),
        BringBack::Patterns if is_at_the_top => {
            let files = paths.iter().map(|path| quoted(&format!("/{}", git_path(path))));
            format!("git sparse-checkout add {}", files.collect::<Vec<_>>().join(" "))
        }
        BringBack::Patterns => format!("git sparse-checkout add {}", wrapped("/", "/")),
        BringBack::Entries => format!("git update-index --no-skip-worktree {0} && git checkout -- {0}", files()),
    };
    format!("run `{command}` at the top of the work tree, then the same command again")
}

/// Drops folders that are inside another one of them.
fn outermost(folders: BTreeSet<RepoPath>) -> BTreeSet<RepoPath> {
    let is_inside = |folder: &RepoPath| folder.ancestors().any(|above| folders.contains(&above));
    folders.iter().filter(|folder| !is_inside(folder)).cloned().collect()
}

/// Returns a path quoted for a shell.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@:,".contains(c);
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WorkspacePrefix;

    fn command_for(bring_back: BringBack, prefix: &str, paths: &[&str]) -> String {
        let paths: Vec<RepoPath> = paths.iter().map(|path| RepoPath::new(path).unwrap()).collect();
        let left_out = LeftOut { bring_back, prefix: WorkspacePrefix::new(prefix), ..LeftOut::default() };
        let help = command(&left_out, &paths.iter().collect::<Vec<_>>());
        help.split('`').nth(1).unwrap().to_owned()
    }

    #[test]
    fn the_command_names_each_folder_once() {
        use BringBack::{Entries, Folders, Patterns};
        let table = [
            (Folders, "", &["p/a/x", "p/a/y", "p/a/z/x", "p/b/x"][..], "git sparse-checkout add p/a p/b"),
            (Folders, "sub", &["p/a/x", "x"], "git sparse-checkout add sub"),
            (Folders, "", &["p/a/x", "x"], "git sparse-checkout disable"),
            (Folders, "", &["a b/x"], "git sparse-checkout add 'a b'"),
            (Folders, "", &["it's/x"], "git sparse-checkout add 'it'\\''s'"),
            (Patterns, "", &["p/a/x", "p/b/x"], "git sparse-checkout add /p/a/ /p/b/"),
            (Patterns, "", &["p/a/x", "x"], "git sparse-checkout add /p/a/x /x"),
            (Entries, "", &["p/x"], "git update-index --no-skip-worktree p/x && git checkout -- p/x"),
        ];
        for (bring_back, prefix, paths, expected) in table {
            assert_eq!(command_for(bring_back, prefix, paths), expected);
        }
    }
}
