//! [`Progress`]: how far the reading of the history is.

/// Receives how many commits of how many were read. Called from several threads.
pub type Progress<'a> = dyn Fn(usize, usize) + Sync + 'a;
