//! Reading files.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::text::unescaped;

/// Why a file or folder could not be read or written. Every case names the action and the path.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is nothing at the path.
    #[error("failed to {act} {}: it does not exist", path.display())]
    Missing {
        /// The action.
        act: &'static str,
        /// The path.
        path: PathBuf,
    },
    /// The file is larger than what relman reads.
    #[error("failed to {act} {}: it has {size} bytes, at most {limit} are read", path.display())]
    TooLarge {
        /// The action.
        act: &'static str,
        /// The path.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Found a folder, expected a file.
    #[error("failed to {act} {}: it is a folder", path.display())]
    IsDirectory {
        /// The action.
        act: &'static str,
        /// The path.
        path: PathBuf,
    },
    /// Found a pipe, a socket or a device, expected a file.
    #[error("failed to {act} {}: it is {what}, not a file", path.display())]
    NotAFile {
        /// The action.
        act: &'static str,
        /// The path.
        path: PathBuf,
        /// What it is, with its article.
        what: &'static str,
    },
    /// The user lacks the permission.
    #[error("failed to {act} {}: permission denied", path.display())]
    NoPermission {
        /// The action.
        act: &'static str,
        /// The path.
        path: PathBuf,
    },
    /// The bytes are not UTF-8.
    #[error("failed to {act} {}: byte {at} is not valid UTF-8", path.display())]
    NotUtf8 {
        /// The action.
        act: &'static str,
        /// The path.
        path: PathBuf,
        /// The offset of the first bad byte.
        at: usize,
    },
    /// The system refused for another reason.
    #[error("failed to {act} {}: {source}", path.display())]
    Io {
        /// The action.
        act: &'static str,
        /// The path.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl FileError {
    /// Adds action and path to an error of the system.
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

    /// Returns `true` if the path does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }

    /// Returns `true` if a new file could not be made because the path exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists)
    }
}

/// What a path is, without following a symbolic link.
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

/// The permission bits of a file, so that a new file can have the same ones. Unix bits; elsewhere only whether it is read-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMode {
    /// `0o755` and the like; `0o444` for a read-only file where the system has no such bits, else `0o644`.
    pub bits: u32,
}

impl FileMode {
    /// Returns `true` if writing is not permitted to any user.
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

/// The action in errors of reading.
pub(super) const ACT: &str = "read";

/// Reads a whole file of at most `limit` bytes, through symbolic links.
///
/// # Errors
/// Returns an error if it is missing, a folder, a pipe, a socket or a device, larger than the limit, or cannot be read. A pipe is
/// not even opened, since opening it would block.
pub fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let fail = |source| FileError::from_io(ACT, path, source);
    refuse_special(path, &fs::metadata(path).map_err(fail)?)?;
    let file = open_without_waiting(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    // It may have been replaced meanwhile.
    refuse_special(path, &metadata)?;
    read_whole(path, file, metadata.len(), limit)
}

/// Refuses a folder, a pipe, a socket and a device, by the metadata of the path.
pub(super) fn refuse_special(path: &Path, metadata: &fs::Metadata) -> Result<(), FileError> {
    match special(metadata.file_type()) {
        _ if metadata.is_dir() => Err(FileError::IsDirectory { act: ACT, path: path.to_owned() }),
        Some(what) => Err(FileError::NotAFile { act: ACT, path: path.to_owned(), what }),
        None => Ok(()),
    }
}

/// Returns what a path holds that is not a file, a folder or a symbolic link, with its article.
fn special(kind: fs::FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kinds = [
            (kind.is_fifo(), "a named pipe"),
            (kind.is_socket(), "a socket"),
            (kind.is_char_device() || kind.is_block_device(), "a device"),
        ];
        kinds.into_iter().find(|(is, _)| *is).map(|(_, what)| what)
    }
    #[cfg(not(unix))]
    {
        let _ = kind;
        None
    }
}

pub(super) fn open_without_waiting(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // The flag means nothing for a file; a pipe that appeared a moment ago is opened without waiting for a writer.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

pub(super) fn read_whole(path: &Path, mut file: fs::File, size: u64, limit: u64) -> Result<Vec<u8>, FileError> {
    let fail = |source| FileError::from_io(ACT, path, source);
    if size > limit {
        return Err(FileError::TooLarge { act: ACT, path: path.to_owned(), size, limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // A file can grow, and a device has no size, so the limit applies while reading, too.
    file.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(fail)?;
    let read = bytes.len() as u64;
    if read > limit {
        return Err(FileError::TooLarge { act: ACT, path: path.to_owned(), size: read, limit });
    }
    Ok(bytes)
}

/// Reads a whole text of at most `limit` bytes, keeping byte order mark and line ends.
///
/// # Errors
/// As [`read_file`], and if it is not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    text(path, read_file(path, limit)?)
}

/// Reads a whole text that the user names as an argument: as [`read_text`], or a pipe (`<(...)`, `/dev/stdin`) to its end.
///
/// # Errors
/// Returns an error if it is missing, a folder, larger than the limit, not UTF-8, or cannot be read.
pub fn read_text_argument(path: &Path, limit: u64) -> Result<String, FileError> {
    let fail = |source| FileError::from_io(ACT, path, source);
    let file = fs::File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Err(FileError::IsDirectory { act: ACT, path: path.to_owned() });
    }
    text(path, read_whole(path, file, metadata.len(), limit)?)
}

fn text(path: &Path, bytes: Vec<u8>) -> Result<String, FileError> {
    String::from_utf8(bytes).map_err(|error| FileError::NotUtf8 {
        act: ACT,
        path: path.to_owned(),
        at: error.utf8_error().valid_up_to(),
    })
}

/// Returns a path below a folder; escaped bytes in its names are restored.
#[must_use]
pub fn below(folder: &Path, path: &str) -> PathBuf {
    #[cfg(unix)]
    if let Some(bytes) = unescaped(path) {
        use std::os::unix::ffi::OsStringExt;
        return folder.join(std::ffi::OsString::from_vec(bytes));
    }
    folder.join(path)
}

/// Returns the absolute path with every symbolic link followed.
///
/// # Errors
/// Returns an error if a part of it does not exist or cannot be read.
pub fn canonical(path: &Path) -> Result<PathBuf, FileError> {
    fs::canonicalize(path).map_err(|source| FileError::from_io("find", path, source))
}

/// Returns the target of a symbolic link, as it is written.
///
/// # Errors
/// Returns an error if it is missing or not a symbolic link.
pub fn link_target(path: &Path) -> Result<PathBuf, FileError> {
    fs::read_link(path).map_err(|source| FileError::from_io("read the link", path, source))
}

/// Returns what the path is, without following a symbolic link at its end.
///
/// # Errors
/// Returns an error if the system cannot tell. A path that does not exist is an answer, not an error.
pub fn kind(path: &Path) -> Result<Kind, FileError> {
    Ok(inspect(path)?.map_or(Kind::Missing, |metadata| metadata.file_type().into()))
}

/// Returns what the system says of a path, without following a symbolic link at its end; `None` if it does not exist.
pub(super) fn inspect(path: &Path) -> Result<Option<fs::Metadata>, FileError> {
    match fs::symlink_metadata(path).map_err(|source| FileError::from_io("inspect", path, source)) {
        Err(error) if error.is_missing() => Ok(None),
        found => found.map(Some),
    }
}

/// Returns `true` if this user may write to the file or into the folder. Linux answers for read-only mounts,
/// immutable files and other owners, too; elsewhere only the permission bits count.
#[must_use]
pub fn is_writable(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        fs::symlink_metadata(path).is_ok_and(|metadata| !FileMode::of(&metadata).is_readonly())
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

    #[cfg(target_os = "linux")]
    #[test]
    fn pipes_sockets_and_devices_are_refused_before_they_are_opened() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        mknodat(CWD, at("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        std::os::unix::fs::symlink("pipe", at("link")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("device")).unwrap();
        let cases =
            [("pipe", "a named pipe"), ("socket", "a socket"), ("link", "a named pipe"), ("device", "a device")];
        for (name, expected) in cases {
            let error = read_file(&at(name), 9).unwrap_err();
            assert!(matches!(&error, FileError::NotAFile { what, .. } if *what == expected), "{name}: {error}");
        }
        // A pipe that appears between the check and the opening does not block either.
        assert!(open_without_waiting(&at("pipe")).is_ok());
    }

    #[test]
    fn a_text_is_utf8() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, b"ab\xff").unwrap();
        assert!(matches!(read_text(&path, 10), Err(FileError::NotUtf8 { at: 2, .. })));
    }

    #[test]
    fn what_is_not_there_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b"), b"").unwrap();
        assert_eq!(kind(&dir.path().join("none")).unwrap(), Kind::Missing);
        assert_eq!(kind(&dir.path().join("b/none")).unwrap(), Kind::Missing);
    }
}
