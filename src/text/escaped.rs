//! [`escaped`]: bytes that are not UTF-8, as a person can read them.

/// Returns the bytes as text; those that are not UTF-8 are written `\xe9`.
#[must_use]
pub fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn bytes_that_are_not_utf_8_are_written_in_hexadecimal() {
        let table: [(&[u8], &str); 4] = [
            (b"plain", "plain"),
            ("café".as_bytes(), "café"),
            (b"caf\xe9.md", "caf\\xe9.md"),
            (b"\xff\xc3", "\\xff\\xc3"),
        ];
        for (bytes, text) in table {
            assert_eq!(escaped(bytes), text);
        }
    }
}
