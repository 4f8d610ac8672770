//! [`read_dir`]: what is in a folder.

use std::io;
use std::path::Path;

use super::files::{FileError, Kind};
use crate::text::escaped;

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    /// Its name; bytes that are not UTF-8 are [`escaped`].
    pub name: String,
    /// What it is, without following a symbolic link.
    pub kind: Kind,
}

/// Lists a folder: names and kinds, sorted by the names. Bytes of names that are not UTF-8 are [`escaped`].
///
/// # Errors
/// Returns an error if it is missing, not a folder, or cannot be read.
pub fn read_dir(path: &Path) -> Result<Vec<DirEntry>, FileError> {
    let mut entries = entries(path).map_err(|source| FileError::from_io("list", path, source))?;
    entries.sort();
    Ok(entries)
}

/// Returns the entries as the system lists them. The standard library takes 32 KiB from the heap for each folder, and to give those
/// back costs more than all else where folders are small and many.
#[cfg(target_os = "linux")]
fn entries(path: &Path) -> io::Result<Vec<DirEntry>> {
    use std::ffi::OsStr;
    use std::mem::MaybeUninit;
    use std::os::unix::ffi::OsStrExt;

    use rustix::fs::{FileType, Mode, OFlags, RawDir};

    let folder = rustix::fs::open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut buffer = [MaybeUninit::uninit(); 8 * 1024];
    let mut listing = RawDir::new(folder, &mut buffer);
    let mut entries = Vec::new();
    while let Some(entry) = listing.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if matches!(name, b"." | b"..") {
            continue;
        }
        let kind = match entry.file_type() {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Directory,
            FileType::Symlink => Kind::Symlink,
            // Some file systems leave it open.
            FileType::Unknown => std::fs::symlink_metadata(path.join(OsStr::from_bytes(name)))?.file_type().into(),
            _ => Kind::Other,
        };
        entries.push(DirEntry { name: escaped(name), kind });
    }
    Ok(entries)
}

/// Returns the entries as the system lists them.
#[cfg(not(target_os = "linux"))]
fn entries(path: &Path) -> io::Result<Vec<DirEntry>> {
    let entry = |entry: io::Result<std::fs::DirEntry>| {
        let entry = entry?;
        Ok(DirEntry { name: escaped(entry.file_name().as_encoded_bytes()), kind: entry.file_type()?.into() })
    };
    std::fs::read_dir(path)?.map(entry).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{DirEntry, Kind, read_dir};

    #[test]
    fn lists_in_order_and_knows_kinds() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b"), b"").unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        let entry = |name: &str, kind| DirEntry { name: name.to_owned(), kind };
        assert_eq!(read_dir(dir.path()).unwrap(), [entry("a", Kind::Directory), entry("b", Kind::File)]);
    }

    #[test]
    fn more_names_than_one_call_of_the_system_lists() {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<String> = (100..600).map(|number| format!("{number}-{}", "x".repeat(200))).collect();
        names.iter().for_each(|name| fs::write(dir.path().join(name), b"").unwrap());
        let listed = read_dir(dir.path()).unwrap().into_iter().map(|entry| entry.name);
        assert_eq!(listed.collect::<Vec<_>>(), names);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_a_file_and_what_is_not_utf_8_is_listed() {
        use std::os::unix::ffi::OsStringExt;
        use std::os::unix::net::UnixListener;

        let dir = tempfile::tempdir().unwrap();
        let _socket = UnixListener::bind(dir.path().join("socket")).unwrap();
        std::os::unix::fs::symlink("nowhere", dir.path().join("link")).unwrap();
        let odd = std::ffi::OsString::from_vec(b"caf\xe9".to_vec());
        // Some systems refuse such a name.
        let is_made = fs::write(dir.path().join(odd), b"").is_ok();
        let listed: Vec<_> = read_dir(dir.path()).unwrap().into_iter().map(|entry| (entry.name, entry.kind)).collect();
        let mut expected = vec![("link".to_owned(), Kind::Symlink), ("socket".to_owned(), Kind::Other)];
        expected.splice(0..0, is_made.then(|| ("caf\\xe9".to_owned(), Kind::File)));
        assert_eq!(listed, expected);
    }

    #[test]
    fn a_file_is_not_listed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        fs::write(&file, b"").unwrap();
        assert!(read_dir(&file).is_err());
        assert!(read_dir(&dir.path().join("none")).unwrap_err().is_missing());
    }
}
