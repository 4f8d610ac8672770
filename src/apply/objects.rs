//! Objects that git stores as relman writes them. They are invisible until something refers to them.

use std::path::Path;

use super::error::Failure;
use super::run_context::RunContext;
use crate::io::{self, Input};

/// What an object is.
#[derive(Clone, Copy, Debug)]
pub(super) enum ObjectKind {
    /// The content of a file.
    Blob,
    /// An annotated tag.
    Tag,
}

/// Stores the texts by one call, and returns their ids in the same order. No filter changes them.
pub(super) fn store(
    work: &RunContext,
    kind: ObjectKind,
    texts: impl Iterator<Item = impl AsRef<[u8]>>,
) -> Result<Vec<String>, Failure> {
    let folder = work.own("texts");
    io::remove_tree(&folder)?;
    io::create_dirs(&folder)?;
    let mut list = String::new();
    let mut count = 0;
    for text in texts {
        let path = folder.join(count.to_string());
        io::write_file(&path, text.as_ref())?;
        list.push_str(&quoted(&path));
        list.push('\n');
        count += 1;
    }
    let kind = match kind {
        ObjectKind::Blob => "blob",
        ObjectKind::Tag => "tag",
    };
    let file = work.spool("objects", list.as_bytes())?;
    let args = ["hash-object", "-t", kind, "-w", "--no-filters", "--stdin-paths"];
    let output = work.git.try_write(&args, Input::File(&file))?.ok()?;
    // What is gone before the disk is synced is never written to it. What stays is removed with the journal.
    io::remove(&file)?;
    io::remove_tree(&folder)?;
    let objects: Vec<String> = String::from_utf8_lossy(&output).lines().map(str::to_owned).collect();
    if objects.len() == count {
        return Ok(objects);
    }
    Err(Failure::BadPlan(format!("git stored {} of {count} objects", objects.len())))
}

/// Writes a path as git reads it from a list in which each has its line: the folder of the repository may have a line feed in its name.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_on_one_line() {
        assert_eq!(quoted(Path::new("/a b/c\n\"d\"\\e")), r#""/a b/c\n\"d\"\\e""#);
    }
}
