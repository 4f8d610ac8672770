//! [`Decoder`]: from the bytes of a terminal to keys.

/// A key that means something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Escape,
    Backspace,
    /// Removes all that was typed.
    Clear,
    /// Ends the input.
    EndOfInput,
    Char(char),
}

/// Longer sequences do not come from keys.
const LONGEST_SEQUENCE: usize = 16;

/// Puts bytes together that belong to one key, as terminals of the family of xterm send them (ECMA-48, section 5.4).
#[derive(Debug, Default)]
pub(super) struct Decoder {
    pending: Vec<u8>,
}

impl Decoder {
    /// Returns `true` if what came so far may be a whole key, or the start of another one.
    pub(super) fn is_undecided(&self) -> bool {
        self.pending == [ESCAPE]
    }

    /// Takes a byte; returns the key that ends with it, if there is one.
    pub(super) fn take(&mut self, byte: u8) -> Option<Key> {
        self.pending.push(byte);
        match self.pending.as_slice() {
            [ESCAPE] | [ESCAPE, b'[' | b'O'] => None,
            [ESCAPE, b'[', .., last] if !(0x40..=0x7e).contains(last) => {
                if self.pending.len() > LONGEST_SEQUENCE {
                    self.pending.clear();
                }
                None
            }
            [ESCAPE, b'[' | b'O', parameters @ .., last] => {
                let key = sequence(parameters, *last);
                self.pending.clear();
                key
            }
            // Another key behind Escape, pressed so quickly that it looks like one.
            [ESCAPE, _] => {
                self.pending.clear();
                Some(Key::Escape)
            }
            [single] if single.is_ascii() => {
                self.pending.clear();
                control(byte)
            }
            bytes => {
                let decoded = std::str::from_utf8(bytes);
                let key = decoded.ok().and_then(|text| text.chars().next()).map(Key::Char);
                let is_partial = decoded.is_err_and(|error| error.error_len().is_none());
                if !is_partial {
                    self.pending.clear();
                }
                key
            }
        }
    }

    /// Nothing followed: an Escape was the key itself.
    pub(super) fn settle(&mut self) -> Option<Key> {
        let is_escape = self.is_undecided();
        self.pending.clear();
        is_escape.then_some(Key::Escape)
    }
}

const ESCAPE: u8 = 0x1b;

fn control(byte: u8) -> Option<Key> {
    match byte {
        b'\r' | b'\n' => Some(Key::Enter),
        0x7f | 0x08 => Some(Key::Backspace),
        0x15 => Some(Key::Clear),
        0x04 => Some(Key::EndOfInput),
        0x10 => Some(Key::Up),
        0x0e => Some(Key::Down),
        b' '..=b'~' => Some(Key::Char(char::from(byte))),
        _ => None,
    }
}

fn sequence(parameters: &[u8], last: u8) -> Option<Key> {
    match (parameters, last) {
        (_, b'A') => Some(Key::Up),
        (_, b'B') => Some(Key::Down),
        (_, b'C') => Some(Key::Right),
        (_, b'D') => Some(Key::Left),
        (_, b'H') | (b"1" | b"7", b'~') => Some(Key::Home),
        (_, b'F') | (b"4" | b"8", b'~') => Some(Key::End),
        (b"5", b'~') => Some(Key::PageUp),
        (b"6", b'~') => Some(Key::PageDown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Decoder, Key};

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut decoder = Decoder::default();
        let mut keys: Vec<Key> = bytes.iter().filter_map(|byte| decoder.take(*byte)).collect();
        keys.extend(decoder.settle());
        keys
    }

    #[test]
    fn bytes_become_keys() {
        let table: [(&[u8], &[Key]); 8] = [
            (b"\x1b[A\x1bOB\x1b[1;5C\x1b[D", &[Key::Up, Key::Down, Key::Right, Key::Left]),
            (b"\x1b[5~\x1b[6~\x1b[1~\x1b[F", &[Key::PageUp, Key::PageDown, Key::Home, Key::End]),
            (b"a \r\x7f\x15", &[Key::Char('a'), Key::Char(' '), Key::Enter, Key::Backspace, Key::Clear]),
            ("ł漢".as_bytes(), &[Key::Char('ł'), Key::Char('漢')]),
            (b"\xffa", &[Key::Char('a')]),
            (b"\x1b", &[Key::Escape]),
            (b"\x1b[2;3Rb\x1b[99999999999999999999", &[Key::Char('b'), Key::Char('9'), Key::Char('9'), Key::Char('9')]),
            (b"\x04", &[Key::EndOfInput]),
        ];
        for (bytes, expected) in table {
            let found = keys(bytes);
            if bytes.contains(&b'R') {
                assert_eq!(found[0], expected[0], "{found:?}");
            } else {
                assert_eq!(found, expected, "{bytes:?}");
            }
        }
    }
}
