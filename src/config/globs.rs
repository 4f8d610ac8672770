//! [`read_globs`]: a list of patterns.

use super::reader::TableReader;
use super::{GlobError, Spanned};

/// Reads a list of patterns; `None` if one of them cannot be read, which is reported.
pub(super) fn read_globs<T>(
    reader: &mut TableReader<'_>,
    key: &'static str,
    read: impl Fn(&str) -> Result<T, GlobError>,
) -> Option<Spanned<Vec<T>>> {
    let texts = reader.strings(key)?;
    let glob = |text: &Spanned<String>| {
        let glob = read(&text.value);
        glob.map_err(|error| {
            let message = format!("`{}` is not a valid glob: {error}", text.value);
            reader.problems().add(text.span, message, error.help());
        })
        .ok()
    };
    let globs: Vec<Option<T>> = texts.value.iter().map(glob).collect();
    globs.into_iter().collect::<Option<_>>().map(|globs| texts.with(globs))
}
