//! [`FileStamp`]: is a file still the one that it was?

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::files::{FileError, inspect};

/// What the system says of a file, and says differently once it is replaced or written to. Git tells in the same way whether an index is
/// still the one that it has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Its device and its number there, on systems that have them.
    place: (u64, u64),
}

impl FileStamp {
    /// Returns the stamp of a file; `None` if it does not exist.
    ///
    /// # Errors
    /// Returns an error if it cannot be inspected.
    pub fn of(path: &Path) -> Result<Option<Self>, FileError> {
        let stamp = |metadata: fs::Metadata| Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            place: place(&metadata),
        };
        Ok(inspect(path)?.map(stamp))
    }
}

#[cfg(unix)]
fn place(metadata: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn place(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_text_has_another_stamp() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        assert_eq!(FileStamp::of(&path).unwrap(), None);
        fs::write(&path, b"one").unwrap();
        let first = FileStamp::of(&path).unwrap();
        assert_eq!(FileStamp::of(&path).unwrap(), first);
        fs::write(&path, b"longer").unwrap();
        assert_ne!(FileStamp::of(&path).unwrap(), first);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_in_its_place_has_another_stamp_though_it_looks_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&path, b"one").unwrap();
        let before = FileStamp::of(&path).unwrap();
        fs::copy(&path, &other).unwrap();
        let times = fs::metadata(&path).unwrap().modified().unwrap();
        fs::File::options().write(true).open(&other).unwrap().set_modified(times).unwrap();
        fs::rename(&other, &path).unwrap();
        assert_ne!(FileStamp::of(&path).unwrap(), before);
    }
}
