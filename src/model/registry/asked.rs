//! [`Asked`].

/// What was found, and where it was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<T> {
    /// The address, without credentials.
    pub address: String,
    /// What was found there.
    pub found: T,
}

impl<T> Asked<T> {
    /// Returns the same address with something made of what was found.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Asked<U> {
        Asked { address: self.address, found: make(self.found) }
    }
}
