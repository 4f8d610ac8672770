//! [`read_plain`]: the content of a file, but not of what a symbolic link leads to.

use std::path::Path;

use super::files::{ACT, FileError, FileMode, inspect, open_without_waiting, read_whole, refuse_special};

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// A plain file.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// Its permission bits.
        mode: FileMode,
    },
    /// A folder, a symbolic link, a pipe, a socket or a device.
    Other,
    /// Nothing.
    Missing,
}

/// Reads a whole file of any size, and does not follow a symbolic link at the end of the path.
///
/// # Errors
/// Returns an error if the file cannot be read, or was replaced by something else in between.
pub fn read_plain(path: &Path) -> Result<Plain, FileError> {
    let fail = |source| FileError::from_io(ACT, path, source);
    let Some(metadata) = inspect(path)? else { return Ok(Plain::Missing) };
    if !metadata.is_file() {
        return Ok(Plain::Other);
    }
    let file = open_without_waiting(path).map_err(fail)?;
    let opened = file.metadata().map_err(fail)?;
    // It may have been replaced meanwhile.
    refuse_special(path, &opened)?;
    let bytes = read_whole(path, file, opened.len(), u64::MAX)?;
    Ok(Plain::File { bytes, mode: FileMode::of(&metadata) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_not_a_plain_file_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"text").unwrap();
        assert!(matches!(read_plain(&path).unwrap(), Plain::File { bytes, .. } if bytes == b"text"));
        assert_eq!(read_plain(dir.path()).unwrap(), Plain::Other);
        assert_eq!(read_plain(&dir.path().join("none")).unwrap(), Plain::Missing);
        assert_eq!(read_plain(&path.join("below")).unwrap(), Plain::Missing);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_and_the_mode_is_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&path, b"text").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a", &link).unwrap();
        assert_eq!(read_plain(&link).unwrap(), Plain::Other);
        let expected = Plain::File { bytes: b"text".to_vec(), mode: FileMode { bits: 0o640 } };
        assert_eq!(read_plain(&path).unwrap(), expected);
    }
}
