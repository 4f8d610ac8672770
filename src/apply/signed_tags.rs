//! Signed tag objects without refs.
//!
//! Only `git tag` signs, with the user's program, format and key, and it makes a ref at once. So it runs in a
//! private git folder that shares the objects and the configuration: the user's repository sees no ref before the
//! transaction that makes all of them.

use std::ffi::OsString;
use std::path::Path;

use super::error::Failure;
use super::journal::Journal;
use super::tags::with_line_end;
use super::workplace::Workplace;
use crate::io::{self, Git, GitError, Input};

/// Makes one signed tag object for each tag, in their order, inside `folder`, which is empty.
pub(super) fn objects(
    work: &Workplace,
    journal: &Journal,
    target: &str,
    folder: &Path,
) -> Result<Vec<String>, Failure> {
    let store = folder.join("store");
    make_store(&work.git, &store, target)?;
    let git = inside(&work.git, &store);
    let settings = settings(&work.git)?;
    for tag in &journal.tags {
        let message = folder.join("message");
        io::write_file(&message, with_line_end(&tag.message).as_bytes())?;
        let file = format!("--file={}", message.display());
        let mut args: Vec<&str> = settings.iter().flat_map(|setting| ["-c", setting.as_str()]).collect();
        args.extend(["-c", "core.hooksPath=/dev/null", "tag", "--sign", "--cleanup=verbatim"]);
        args.extend([file.as_str(), "--", &tag.name.0, target]);
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
    Ok(journal.tags.iter().filter_map(|tag| object(&tag.name.0)).collect())
}

/// Returns what the user's git knows of keys and persons, as `key=value`. It is asked in the repository itself: what a file
/// holds that is included for this repository or this branch (`includeIf`) does not show in the private folder.
fn settings(git: &Git) -> Result<Vec<String>, GitError> {
    let found = git.config(r"^(gpg|user|author|committer)\.")?;
    Ok(found.into_iter().map(|(key, value)| format!("{key}={value}")).collect())
}

fn make_store(git: &Git, store: &Path, target: &str) -> Result<(), Failure> {
    io::create_dirs(&store.join("refs/tags"))?;
    io::create_dirs(&store.join("objects"))?;
    io::write_file(&store.join("HEAD"), b"ref: refs/heads/none\n")?;
    // 64 digits are SHA-256 (gitformat-signature(5), "extensions.objectFormat").
    let mut config = if target.len() == 64 {
        "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n".to_owned()
    } else {
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n".to_owned()
    };
    for file in [git.common_dir().join("config"), git.git_dir().join("config.worktree")] {
        if io::kind(&file)? == io::Kind::File {
            let path = file.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
            config.push_str(&format!("[include]\n\tpath = \"{path}\"\n"));
        }
    }
    io::write_file(&store.join("config"), config.as_bytes())?;
    Ok(())
}

fn inside(git: &Git, store: &Path) -> Git {
    let set = |name: &str, value: &Path| (OsString::from(name), Some(value.as_os_str().to_owned()));
    let mut env = vec![
        set("GIT_DIR", store),
        set("GIT_COMMON_DIR", store),
        (OsString::from("GIT_WORK_TREE"), None),
        (OsString::from("GIT_INDEX_FILE"), None),
    ];
    if !io::is_set("GIT_OBJECT_DIRECTORY") {
        env.push(set("GIT_OBJECT_DIRECTORY", &git.common_dir().join("objects")));
    }
    git.with_env(env)
}
