//! [`Lock`]: one relman at a time.

use std::fs::{self, TryLockError};
use std::path::Path;

use super::files::{FileError, refuse_special};

/// A lock that is held until it is dropped or the process ends, by whatever cause.
#[derive(Debug)]
pub struct Lock {
    file: fs::File,
}

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds the lock.
    #[error("another relman is at work in this repository")]
    Busy,
    /// The lock file could not be created.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Lock {
    /// Locks the file `path`, which is created with its folder if it is missing. Does not wait.
    ///
    /// # Errors
    /// Returns an error if another process holds the lock, or the file cannot be created.
    pub fn take(path: &Path) -> Result<Self, LockError> {
        if let Some(folder) = path.parent() {
            super::create_dirs(folder)?;
        }
        let fail = |source| FileError::from_io("lock", path, source);
        // Opening a pipe would block.
        if let Ok(there) = fs::metadata(path) {
            refuse_special(path, &there)?;
        }
        let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Busy),
            Err(TryLockError::Error(source)) => Err(fail(source).into()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would do, but a child that is being started holds a copy of it for a moment. A failure leaves the lock to
        // the closing.
        let _ = self.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relman/lock");
        let first = Lock::take(&path).unwrap();
        assert!(matches!(Lock::take(&path), Err(LockError::Busy)));
        drop(first);
        assert!(Lock::take(&path).is_ok());
    }

    #[test]
    fn a_copy_in_a_child_does_not_keep_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = Lock::take(&path).unwrap();
        // A child has such a copy until it runs its program.
        let _copy = first.file.try_clone().unwrap();
        drop(first);
        assert!(Lock::take(&path).is_ok());
    }
}
