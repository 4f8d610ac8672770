//! Writing files. Used by `apply` only.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use super::files::{FileError, FileMode};

/// Writes a file that must not exist yet, with these permission bits if some are given.
///
/// # Errors
/// Returns an error if it exists or cannot be written. A partly written file is removed again.
pub fn create_new(path: &Path, bytes: &[u8], mode: Option<FileMode>) -> Result<(), FileError> {
    let fail = |source| FileError::from_io("create", path, source);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(fail)?;
    let written = file.write_all(bytes).and_then(|()| match mode {
        Some(mode) => set_mode(&file, mode),
        None => Ok(()),
    });
    written.map_err(|source| {
        // The first error is the one to report; a leftover file is recognised by its name.
        let _ = fs::remove_file(path);
        fail(source)
    })
}

#[cfg(unix)]
fn set_mode(file: &fs::File, mode: FileMode) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let now = file.metadata()?.permissions().mode() & 0o7777;
    if now == mode.bits { Ok(()) } else { file.set_permissions(fs::Permissions::from_mode(mode.bits)) }
}

#[cfg(not(unix))]
fn set_mode(file: &fs::File, mode: FileMode) -> std::io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(mode.is_readonly());
    file.set_permissions(permissions)
}

/// Writes a whole file, new or not, in place. For files in the git folder that a kill may leave half written.
///
/// # Errors
/// Returns an error if it cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    fs::write(path, bytes).map_err(|source| FileError::from_io("write", path, source))
}

/// Gives a file a second name where nothing exists, for texts that are replaced and never written to: git does so with an index. If the
/// system cannot link the two, the second one is a copy with its permission bits and modification time, by which git decides which files
/// it has to read again.
///
/// # Errors
/// Returns an error if it is missing or cannot be read, or something has that name already, or it cannot be made.
pub fn link_or_copy(from: &Path, to: &Path) -> Result<(), FileError> {
    // A symbolic link would get a second name itself, and lead elsewhere from there.
    let is_linked = fs::symlink_metadata(from).is_ok_and(|metadata| metadata.is_file());
    if is_linked && fs::hard_link(from, to).is_ok() { Ok(()) } else { copy_as_it_is(from, to) }
}

/// Copies a file to a new place, with its permission bits and modification time.
fn copy_as_it_is(from: &Path, to: &Path) -> Result<(), FileError> {
    let fail = |source| FileError::from_io("copy", from, source);
    let mut file = fs::File::open(from).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(fail)?;
    create_new(to, &bytes, Some(FileMode::of(&metadata)))?;
    let set = || fs::OpenOptions::new().write(true).open(to)?.set_modified(metadata.modified()?);
    set().map_err(|source| FileError::from_io("copy", to, source))
}

/// Replaces a file by another one, atomically.
///
/// # Errors
/// Returns an error if the system refuses; both files are then unchanged.
pub fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    fs::rename(from, to).map_err(|source| FileError::from_io("replace", to, source))
}

/// Moves a file to a path where nothing exists; returns `false`, and changes nothing, if something does.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn rename_new(from: &Path, to: &Path) -> Result<bool, FileError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(true),
            Err(Errno::EXIST) => return Ok(false),
            // The file system does not support the flag.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(errno) => return Err(FileError::from_io("create", to, errno.into())),
        }
    }
    if super::kind(to)? != super::Kind::Missing {
        return Ok(false);
    }
    rename(from, to).map(|()| true)
}

/// Gives a file a second name, atomically and with its whole content; returns `false` if something has that name already. If the system
/// cannot link the two, the second one is a copy.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn link_new(from: &Path, to: &Path) -> Result<bool, FileError> {
    let made = match fs::hard_link(from, to) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            let bytes = fs::read(from).map_err(|source| FileError::from_io("read", from, source))?;
            create_new(to, &bytes, None)
        }
        linked => linked.map_err(|source| FileError::from_io("create", to, source)),
    };
    match made {
        Err(error) if error.exists() => Ok(false),
        made => made.map(|()| true),
    }
}

/// Removes a file. A file that does not exist is not an error.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(FileError::from_io("remove", path, error)),
        _ => Ok(()),
    }
}

/// Removes a folder and its contents. A folder that does not exist is not an error.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn remove_tree(path: &Path) -> Result<(), FileError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(FileError::from_io("remove", path, error)),
        _ => Ok(()),
    }
}

/// Removes a folder if it is empty; leaves any other folder alone.
pub fn remove_dir(path: &Path) {
    // If someone else put a file into it, it stays; an empty folder does no harm.
    let _ = fs::remove_dir(path);
}

/// Makes a folder and those above it.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn create_dirs(path: &Path) -> Result<(), FileError> {
    fs::create_dir_all(path).map_err(|source| FileError::from_io("make the folder", path, source))
}

/// Makes the bytes of a file durable.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn sync_file(path: &Path) -> Result<(), FileError> {
    let fail = |source| FileError::from_io("sync", path, source);
    #[cfg(unix)]
    let file = fs::File::open(path).map_err(fail)?;
    #[cfg(not(unix))]
    let file = fs::OpenOptions::new().write(true).open(path).map_err(fail)?;
    file.sync_all().map_err(fail)
}

/// Makes the entries of a folder durable, if the system supports that.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn sync_dir(path: &Path) -> Result<(), FileError> {
    #[cfg(unix)]
    {
        let fail = |source| FileError::from_io("sync", path, source);
        fs::File::open(path).map_err(fail)?.sync_all().map_err(fail)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

/// Makes the files `paths`, which are on the same file system as the folder `root`, durable: with a single call if the
/// system has one, else one by one.
///
/// # Errors
/// Returns an error if the system refuses.
pub fn sync_filesystem<'a>(root: &Path, paths: impl Iterator<Item = &'a Path>) -> Result<(), FileError> {
    #[cfg(target_os = "linux")]
    {
        let _ = paths;
        let fail = |source| FileError::from_io("sync", root, source);
        let folder = fs::File::open(root).map_err(fail)?;
        rustix::fs::syncfs(&folder).map_err(|errno| fail(errno.into()))
    }
    #[cfg(not(target_os = "linux"))]
    {
        for path in paths {
            match sync_file(path) {
                Err(error) if !error.is_missing() => return Err(error),
                _ => {}
            }
        }
        sync_dir(root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_name_has_content_and_time() {
        let scratch = tempfile::tempdir().unwrap();
        let (one, other) = (scratch.path().join("one"), scratch.path().join("other"));
        create_new(&one, b"text", None).unwrap();
        let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        for give in [link_or_copy, copy_as_it_is] {
            give(&one, &other).unwrap();
            assert_eq!(fs::read(&other).unwrap(), b"text");
            assert_eq!(modified(&other), modified(&one));
            assert!(give(&one, &other).is_err(), "what has the name already is kept");
            remove(&other).unwrap();
        }
        assert!(link_or_copy(&scratch.path().join("none"), &other).unwrap_err().is_missing());
    }

    #[cfg(unix)]
    #[test]
    fn behind_a_symbolic_link_the_second_name_is_a_copy() {
        let scratch = tempfile::tempdir().unwrap();
        create_dirs(&scratch.path().join("below")).unwrap();
        create_new(&scratch.path().join("one"), b"text", None).unwrap();
        std::os::unix::fs::symlink("one", scratch.path().join("link")).unwrap();
        let other = scratch.path().join("below/other");
        link_or_copy(&scratch.path().join("link"), &other).unwrap();
        assert_eq!(fs::read(&other).unwrap(), b"text");
        assert!(fs::symlink_metadata(&other).unwrap().is_file());
    }

    /// A file with old bytes and one with new ones, in a folder whose path has more than the 260 characters that old programs of Windows
    /// can open.
    fn two_files(scratch: &tempfile::TempDir) -> (std::path::PathBuf, std::path::PathBuf) {
        let deep =
            ["a-name-of-thirty-two-characters-"; 9].iter().fold(scratch.path().to_owned(), |at, name| at.join(name));
        create_dirs(&deep).unwrap();
        let (old, new) = (deep.join("VERSION"), deep.join(".VERSION.relman-new"));
        create_new(&old, b"old", None).unwrap();
        create_new(&new, b"new", None).unwrap();
        (old, new)
    }

    /// Replaces the file: afterwards it is all new, or the system refused and both are what they were.
    fn replaced_or_unchanged(old: &Path, new: &Path) -> bool {
        let result = rename(new, old);
        let expected: &[u8] = if result.is_ok() { b"new" } else { b"old" };
        assert_eq!(fs::read(old).unwrap(), expected, "{result:?}");
        assert_eq!(new.exists(), result.is_err());
        result.is_ok()
    }

    #[test]
    fn a_file_is_replaced_at_a_long_path() {
        let scratch = tempfile::tempdir().unwrap();
        let (old, new) = two_files(&scratch);
        assert!(replaced_or_unchanged(&old, &new));
    }

    #[test]
    fn a_file_that_is_held_open_is_replaced_or_unchanged() {
        let scratch = tempfile::tempdir().unwrap();
        let (old, new) = two_files(&scratch);
        let held = fs::File::open(&old).unwrap();
        let is_replaced = replaced_or_unchanged(&old, &new);
        assert!(is_replaced || cfg!(windows));
        drop(held);
        assert!(is_replaced || replaced_or_unchanged(&old, &new));
    }

    #[test]
    fn a_read_only_file_is_replaced_or_unchanged() {
        let scratch = tempfile::tempdir().unwrap();
        let (old, new) = two_files(&scratch);
        let mut permissions = fs::metadata(&old).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&old, permissions).unwrap();
        assert!(FileMode::of(&fs::metadata(&old).unwrap()).is_readonly());
        assert!(replaced_or_unchanged(&old, &new) || cfg!(windows));
    }

    #[test]
    fn a_name_in_another_case_is_the_same_where_the_system_says_so() {
        let scratch = tempfile::tempdir().unwrap();
        let (old, new) = two_files(&scratch);
        let upper = old.with_file_name("version");
        let is_same = super::super::kind(&upper).unwrap() != super::super::Kind::Missing;
        // What is there is never overwritten by a file that is new.
        assert_eq!(rename_new(&new, &upper).unwrap(), !is_same);
        assert_eq!(fs::read(&old).unwrap(), b"old");
        assert_eq!(new.exists(), is_same);
    }
}
