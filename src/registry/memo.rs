//! [`Memo`]: what was found out once, by many at the same time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Slot<T> = Arc<Mutex<Option<T>>>;

/// Values by their keys, each made once. Who asks for one that is being made waits for it.
#[derive(Debug)]
pub(super) struct Memo<T>(Mutex<BTreeMap<String, Slot<T>>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Memo<T> {
    /// Returns the value of a key, made now if there is none.
    pub(super) fn get(&self, key: &str, make: impl FnOnce() -> T) -> T {
        let slot = Arc::clone(locked(&self.0).entry(key.to_owned()).or_default());
        // The other keys are free while this one is made.
        locked(&slot).get_or_insert_with(make).clone()
    }

    /// Forgets the value of a key.
    pub(super) fn forget(&self, key: &str) {
        locked(&self.0).remove(key);
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        locked(&self.0).clear();
    }
}

/// What another thread held when it panicked is whole: values are put in at once.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
