//! A private git folder in which tag objects are made.
//!
//! Git's programs that make tags make a ref at once. The private folder shares the objects and the configuration with the user's
//! repository, which so sees no ref before the transaction that makes all of them.

use std::ffi::OsString;
use std::path::Path;

use super::error::Failure;
use crate::io::{self, Git};

/// Makes the private folder `store` for tags on the commit `target`, and returns git as it works there.
pub(super) fn make(git: &Git, store: &Path, target: &str) -> Result<Git, Failure> {
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
            let path = file.display().to_string().replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            config.push_str(&format!("[include]\n\tpath = \"{path}\"\n"));
        }
    }
    io::write_file(&store.join("config"), config.as_bytes())?;
    Ok(inside(git, store))
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

/// Returns the message as git stores it: with a line end.
pub(super) fn with_line_end(message: &str) -> String {
    if message.ends_with('\n') { message.to_owned() } else { format!("{message}\n") }
}
