//! Signed tag objects.
//!
//! Only `git tag` signs, with the user's program, format and key, and it makes a ref at once. So it runs in a private git folder.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::Failure;
use super::journal::Journal;
use super::run_context::RunContext;
use super::tag_store::{self, with_line_end};
use crate::io::{self, Git, GitError, Input};

/// Returns `true` if the user's git signs annotated tags without being asked.
pub(super) fn signs_tags(git: &Git) -> Result<bool, GitError> {
    let mut signs = BTreeMap::new();
    for (key, value) in git.config(r"^tag\.(gpgsign|forcesignannotated)$")? {
        signs.insert(key, io::is_true(&value));
    }
    Ok(signs.into_values().any(|sign| sign))
}

/// Makes one signed tag object for each tag, in their order.
pub(super) fn objects(work: &RunContext, journal: &Journal, target: &str) -> Result<Vec<String>, Failure> {
    let folder = work.own("tags");
    io::remove_tree(&folder)?;
    io::create_dirs(&folder)?;
    let objects = objects_in(&folder, work, journal, target)?;
    // What is gone before the disk is synced is never written to it. A folder that stays is removed with the journal.
    let _ = io::remove_tree(&folder);
    Ok(objects)
}

fn objects_in(folder: &Path, work: &RunContext, journal: &Journal, target: &str) -> Result<Vec<String>, Failure> {
    let git = tag_store::make(&work.git, &folder.join("store"), target)?;
    let settings = settings(&work.git)?;
    for tag in &journal.tags {
        let message = folder.join("message");
        io::write_file(&message, with_line_end(&tag.message).as_bytes())?;
        let file = format!("--file={}", message.display());
        let mut args: Vec<&str> = settings.iter().flat_map(|setting| ["-c", setting.as_str()]).collect();
        args.extend(["-c", "core.hooksPath=/dev/null", "tag", "--sign", "--cleanup=verbatim"]);
        args.extend([file.as_str(), "--", tag.name.as_str(), target]);
        let run = git.try_write(&args, Input::Nothing)?;
        if !run.is_success() {
            return Err(Failure::NoTags { stderr: run.stderr });
        }
    }
    let made = git.refs(&["refs/tags"])?;
    let object = |name: &str| {
        let full = format!("refs/tags/{name}");
        made.iter().find(|found| found.name == full).map(|found| found.oid.clone())
    };
    Ok(journal.tags.iter().filter_map(|tag| object(tag.name.as_str())).collect())
}

/// Returns what the user's git knows of keys and persons, as `key=value`. It is asked in the repository itself: what a file
/// holds that is included for this repository or this branch (`includeIf`) does not show in the private folder.
fn settings(git: &Git) -> Result<Vec<String>, GitError> {
    let found = git.config(r"^(gpg|user|author|committer)\.")?;
    Ok(found.into_iter().map(|(key, value)| format!("{key}={value}")).collect())
}
