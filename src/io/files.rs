//! Reading files and folders.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Why a file or folder could not be read or written. Every case names the act and the path.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is nothing at the path.
    #[error("failed to {act} {}: it does not exist", path.display())]
    Missing {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: PathBuf,
    },
    /// The file is larger than what relman reads.
    #[error("failed to {act} {}: it has {size} bytes, at most {limit} are read", path.display())]
    TooLarge {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A folder stands where a file was expected.
    #[error("failed to {act} {}: it is a folder", path.display())]
    IsDirectory {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: PathBuf,
    },
    /// The user may not do this.
    #[error("failed to {act} {}: permission denied", path.display())]
    NoPermission {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: PathBuf,
    },
    /// The bytes are no UTF-8.
    #[error("failed to {act} {}: byte {at} is no part of a UTF-8 text", path.display())]
    NotUtf8 {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: PathBuf,
        /// The offset of the first bad byte.
        at: usize,
    },
    /// The system says no for another reason.
    #[error("failed to {act} {}: {source}", path.display())]
    Io {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl FileError {
    /// Names act and path of an error of the system.
    pub(super) fn from_io(act: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { act, path },
            io::ErrorKind::NotADirectory => Self::Missing { act, path },
            io::ErrorKind::IsADirectory => Self::IsDirectory { act, path },
            io::ErrorKind::PermissionDenied => Self::NoPermission { act, path },
            _ => Self::Io { act, path, source },
        }
    }

    /// Tells whether the path does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }

    /// Tells whether something stood where a new file was to be made.
    #[must_use]
    pub fn exists(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
    }
}

/// What stands at a path, a symbolic link not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A plain file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link, wherever it leads.
    Symlink,
    /// A pipe, a socket or a device.
    Other,
    /// Nothing.
    Missing,
}

impl From<fs::FileType> for Kind {
    fn from(file_type: fs::FileType) -> Self {
        if file_type.is_symlink() {
            Self::Symlink
        } else if file_type.is_dir() {
            Self::Directory
        } else if file_type.is_file() {
            Self::File
        } else {
            Self::Other
        }
    }
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    /// Its name; names that are no UTF-8 are left out of listings.
    pub name: String,
    /// What it is, a symbolic link not followed.
    pub kind: Kind,
}

/// The permission bits of a file, so that a new file can take them over. Bits of Unix; elsewhere only read-only or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMode {
    /// `0o755` and the like; `0o444` for a read-only file where the system has no such bits, else `0o644`.
    pub bits: u32,
}

impl FileMode {
    /// Tells whether no one may write.
    #[must_use]
    pub fn is_readonly(self) -> bool {
        self.bits & 0o222 == 0
    }

    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            Self { bits: metadata.permissions().mode() & 0o7777 }
        }
        #[cfg(not(unix))]
        {
            Self { bits: if metadata.permissions().readonly() { 0o444 } else { 0o644 } }
        }
    }
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// Where it is missing, a folder, larger than the limit, or cannot be read.
pub fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    const ACT: &str = "read";
    let fail = |source| FileError::from_io(ACT, path, source);
    let mut file = fs::File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Err(FileError::IsDirectory { act: ACT, path: path.to_owned() });
    }
    let size = metadata.len();
    if size > limit {
        return Err(FileError::TooLarge { act: ACT, path: path.to_owned(), size, limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // A file can grow, and a device has no size, so the limit holds while reading, too.
    file.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(fail)?;
    let read = bytes.len() as u64;
    if read > limit {
        return Err(FileError::TooLarge { act: ACT, path: path.to_owned(), size: read, limit });
    }
    Ok(bytes)
}

/// Reads a whole text of at most `limit` bytes, byte order mark and line ends as they are.
///
/// # Errors
/// As [`read_file`], and where it is not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    String::from_utf8(read_file(path, limit)?).map_err(|error| FileError::NotUtf8 {
        act: "read",
        path: path.to_owned(),
        at: error.utf8_error().valid_up_to(),
    })
}

/// Lists a folder: names and kinds, sorted by the bytes of the names. Names that are no UTF-8 are left out.
///
/// # Errors
/// Where it is missing, no folder, or cannot be read.
pub fn read_dir(path: &Path) -> Result<Vec<DirEntry>, FileError> {
    let fail = |source| FileError::from_io("list", path, source);
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let kind = entry.file_type().map_err(fail)?.into();
        if let Ok(name) = entry.file_name().into_string() {
            entries.push(DirEntry { name, kind });
        }
    }
    entries.sort();
    Ok(entries)
}

/// Returns the absolute path with every symbolic link followed.
///
/// # Errors
/// Where a part of it does not exist or cannot be read.
pub fn canonical(path: &Path) -> Result<PathBuf, FileError> {
    fs::canonicalize(path).map_err(|source| FileError::from_io("find", path, source))
}

/// Tells what stands at the path, without following a symbolic link at its end.
///
/// # Errors
/// Where the system cannot say; that nothing is there is an answer, not an error.
pub fn kind(path: &Path) -> Result<Kind, FileError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(metadata.file_type().into()),
        Err(source) => match FileError::from_io("look at", path, source) {
            FileError::Missing { .. } => Ok(Kind::Missing),
            error => Err(error),
        },
    }
}

/// Returns the permission bits of a file.
///
/// # Errors
/// Where it is missing or cannot be looked at.
pub fn file_mode(path: &Path) -> Result<FileMode, FileError> {
    let metadata = fs::symlink_metadata(path).map_err(|source| FileError::from_io("look at", path, source))?;
    Ok(FileMode::of(&metadata))
}

/// Tells whether this user may write to the file or into the folder. On Linux the system is asked, which knows of read-only mounts,
/// immutable files and other owners; elsewhere the permission bits answer.
#[must_use]
pub fn is_writable(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        file_mode(path).is_ok_and(|mode| !mode.is_readonly())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_within_the_limit_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"12345").unwrap();
        assert_eq!(read_file(&path, 5).unwrap(), b"12345");
        assert!(matches!(read_file(&path, 4), Err(FileError::TooLarge { size: 5, limit: 4, .. })));
        assert!(matches!(read_file(dir.path(), 4), Err(FileError::IsDirectory { .. })));
        assert!(read_file(&dir.path().join("none"), 4).unwrap_err().is_missing());
        assert!(read_file(&path.join("below"), 4).unwrap_err().is_missing());
    }

    #[test]
    fn a_text_is_utf8() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"ab\xff").unwrap();
        assert!(matches!(read_text(&path, 10), Err(FileError::NotUtf8 { at: 2, .. })));
    }

    #[test]
    fn lists_in_order_and_tells_kinds() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b"), b"").unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        let listed: Vec<_> = read_dir(dir.path()).unwrap().into_iter().map(|e| (e.name, e.kind)).collect();
        assert_eq!(listed, [("a".to_owned(), Kind::Directory), ("b".to_owned(), Kind::File)]);
        assert_eq!(kind(&dir.path().join("none")).unwrap(), Kind::Missing);
        assert_eq!(kind(&dir.path().join("b/none")).unwrap(), Kind::Missing);
    }
}
