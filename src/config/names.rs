//! [`is_name`] and [`is_variable`]: texts that can be names.

/// Returns `true` if a text is fit to be typed as a name and printed in a message.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Returns `true` if a text is the name of a variable of the environment.
pub(super) fn is_variable(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(is_word)
}
