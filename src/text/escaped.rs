//! [`escaped`]: bytes that are not UTF-8, as a person can read them, and [`unescaped`], the way back.

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

/// Returns the bytes of a name that [`escaped`] wrote; `None` if all of the name was UTF-8.
#[must_use]
pub fn unescaped(text: &str) -> Option<Vec<u8>> {
    // Nearly every name is UTF-8 and gets by without a copy.
    if !text.contains("\\x") {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once("\\x") {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|byte| *byte >= 0x80);
        match (byte, after.get(2..)) {
            (Some(byte), Some(behind)) => {
                bytes.push(byte);
                rest = behind;
                found = true;
            }
            _ => {
                bytes.extend_from_slice(b"\\x");
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    found.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{escaped, unescaped};

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
            assert_eq!(unescaped(text).as_deref(), (bytes != text.as_bytes()).then_some(bytes));
        }
        assert_eq!(unescaped("a\\x41\\xzz\\x"), None);
    }
}
