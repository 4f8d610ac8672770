//! [`size`]: how large an input is that shows how work grows.

/// Returns the small size on every day, and the whole one if `RELMAN_STRESS` is set, as `.ci/run` does.
pub fn size(daily: usize, whole: usize) -> usize {
    if std::env::var_os("RELMAN_STRESS").is_some() { whole } else { daily }
}
