//! [`is_name`], [`is_variable`] and [`is_plugin_name`]: texts that can be names.

use super::Spanned;
use super::reader::TableReader;

/// Returns `true` if a text is fit to be typed as a name and printed in a message.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Returns `true` if a text is the name of a variable of the environment.
pub(super) fn is_variable(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(is_word)
}

/// Returns `true` if a text can be the name of a plugin, which becomes a part of the name of a program.
#[must_use]
pub fn is_plugin_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.chars().all(fits)
}

/// Checks a name that becomes a part of the name of a program.
pub(super) fn check_plugin_name(reader: &TableReader<'_>, name: &Spanned<String>) {
    if !is_plugin_name(&name.value) {
        let message = format!("{:?} is not a valid name of a plugin", name.value);
        reader.problems().add(name.span, message, "use letters, digits, `-` and `_`");
    }
}
