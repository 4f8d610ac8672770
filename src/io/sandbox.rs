//! A child that cannot write: [`spawn_without_writing`] where the system can see to it, and [`tree_state`] to compare where it cannot.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use super::command_group::Group;

/// Starts a child that can write in one folder alone. Returns `None` where this system cannot see to that, and nothing was
/// started.
#[cfg(target_os = "linux")]
pub(super) fn spawn_without_writing(command: &mut Command, writable: &Path) -> io::Result<Option<Group>> {
    // The rules are those of a thread, and of all that it starts.
    let spawned = std::thread::scope(|scope| {
        let spawn = || if restrict(writable) { Group::spawn(command).map(Some) } else { Ok(None) };
        scope.spawn(spawn).join()
    });
    spawned.unwrap_or_else(|_| Err(io::Error::other("the thread that starts the program failed")))
}

/// Starts nothing: this system has no such rules.
#[cfg(not(target_os = "linux"))]
pub(super) fn spawn_without_writing(_: &mut Command, _: &Path) -> io::Result<Option<Group>> {
    Ok(None)
}

/// Forbids this thread to write anywhere else, by Landlock. Returns `true` if the kernel enforces it.
#[cfg(target_os = "linux")]
fn restrict(writable: &Path) -> bool {
    use landlock::{
        ABI, AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
        RulesetStatus,
    };
    // Version 3 is the first that covers truncation.
    let writing = AccessFs::from_write(ABI::V3);
    let rules = || -> Result<RulesetStatus, Box<dyn std::error::Error>> {
        let rules = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        let mut rules = rules.handle_access(writing)?.create()?;
        rules = rules.add_rule(PathBeneath::new(PathFd::new(writable)?, writing))?;
        // A folder of memory lies in /dev as well, so that only these two are meant.
        for device in ["/dev/null", "/dev/tty"] {
            rules = rules.add_rule(PathBeneath::new(PathFd::new(device)?, AccessFs::WriteFile))?;
        }
        Ok(rules.restrict_self()?.ruleset)
    };
    matches!(rules(), Ok(RulesetStatus::FullyEnforced))
}

/// What shows that something in a tree was written: of each path its kind, size and times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeState(BTreeMap<PathBuf, (bool, u64, Option<SystemTime>)>);

impl TreeState {
    /// Returns a path that is not as it was before; `None` if all are.
    #[must_use]
    pub fn first_difference(&self, after: &Self) -> Option<&Path> {
        let gone_or_changed = self.0.iter().find(|(path, state)| after.0.get(*path) != Some(state));
        // What is new has no entry here, so that its folder is named, whose time has changed.
        gone_or_changed.map(|(path, _)| path.as_path())
    }
}

/// Looks at all that lies below a folder. What cannot be looked at is left out.
#[must_use]
pub fn tree_state(root: &Path) -> TreeState {
    let mut state = TreeState::default();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        note(&mut state, &folder);
        // A folder that this user cannot read is one that a child cannot read either.
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => note(&mut state, &entry.path()),
            }
        }
    }
    state
}

fn note(state: &mut TreeState, path: &Path) {
    if let Ok(data) = std::fs::symlink_metadata(path) {
        state
            .0
            .insert(path.to_owned(), (data.is_dir(), if data.is_dir() { 0 } else { data.len() }, data.modified().ok()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_a_tree_shows() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/b");
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(&file, "one").unwrap();
        let before = tree_state(folder.path());
        assert_eq!(before.first_difference(&tree_state(folder.path())), None);
        std::fs::write(&file, "other").unwrap();
        let after = tree_state(folder.path());
        assert_eq!(before.first_difference(&after), Some(file.as_path()));
        std::fs::remove_file(&file).unwrap();
        assert!(after.first_difference(&tree_state(folder.path())).is_some());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_writes_in_its_folder_alone() {
        let (tree, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let line = format!(
            "echo x > {0}/in; echo x > {1}/own; rm {0}/kept; exit 0",
            tree.path().display(),
            own.path().display()
        );
        std::fs::write(tree.path().join("kept"), "").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", &line]).stderr(std::process::Stdio::null());
        // Kernels without Landlock start nothing; there the tree is compared.
        if let Some(mut group) = spawn_without_writing(&mut command, own.path()).unwrap() {
            assert!(group.wait().unwrap().success());
            assert!(own.path().join("own").exists());
            assert!(tree.path().join("kept").exists());
            assert!(!tree.path().join("in").exists());
        }
        let written_by_this_thread = tree.path().join("free");
        std::fs::write(&written_by_this_thread, "").unwrap();
    }
}
