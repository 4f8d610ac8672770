//! [`for_each_line`]: what a child writes, line by line.

use std::io::{BufRead, BufReader, PipeReader, Read};

/// Hands over each line of a pipe without its line end, until it ends or `take` returns `false`. A line of more than `longest` bytes is
/// cut into several.
pub(super) fn for_each_line(reader: PipeReader, longest: u64, mut take: impl FnMut(&str) -> bool) {
    let mut reader = BufReader::new(reader);
    loop {
        let mut line = Vec::new();
        match reader.by_ref().take(longest).read_until(b'\n', &mut line) {
            // A pipe that cannot be read any more has ended.
            Ok(0) | Err(_) => return,
            Ok(_) if !take(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r'])) => return,
            Ok(_) => {}
        }
    }
}
