//! Objects of any kind, many of them with one process.

use std::io::{self, BufRead, Read};

use super::git::Git;
use super::git_process::{GitError, failed, read_command, shown, stream};

const ARGS: [&str; 3] = ["cat-file", "--batch", "--buffer"];

impl Git {
    /// Reads objects with one process, by their ids or as `COMMIT:PATH`, and passes each one on as its bytes with its index. Those that
    /// are missing, or have more than `limit` bytes, are left out.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub fn objects(
        &self,
        names: &[String],
        limit: usize,
        mut on_object: impl FnMut(usize, Vec<u8>),
    ) -> Result<(), GitError> {
        let asked: Vec<(usize, &String)> = names.iter().enumerate().filter(|(_, name)| !name.contains('\n')).collect();
        let input: String = asked.iter().map(|(_, name)| format!("{name}\n")).collect();
        let command = read_command(self.toplevel(), &self.extra, &ARGS);
        let (run, read) = stream(command, &ARGS, input.as_bytes(), |output| {
            asked.iter().try_for_each(|(index, _)| match read_object(output, limit) {
                Ok(bytes) => {
                    bytes.into_iter().for_each(|bytes| on_object(*index, bytes));
                    Ok(())
                }
                Err(error) => Err(error),
            })
        })?;
        // If git ended early, its own message says why.
        run.ok()?;
        read
    }
}

/// Reads `ID SP TYPE SP SIZE LF BYTES LF`, or `NAME SP missing LF`.
fn read_object(output: &mut dyn BufRead, limit: usize) -> Result<Option<Vec<u8>>, GitError> {
    let mut line = Vec::new();
    output.read_until(b'\n', &mut line).map_err(|source| failed(&ARGS, source))?;
    let line = String::from_utf8_lossy(&line).trim_end().to_owned();
    if line.ends_with(" missing") || line.ends_with(" ambiguous") {
        return Ok(None);
    }
    let size: Option<usize> = line.rsplit(' ').next().and_then(|size| size.parse().ok());
    let Some(size) = size else { return Err(GitError::Unexpected { args: shown(&ARGS), answer: line }) };
    let mut bytes = Vec::new();
    if size > limit {
        let skipped = io::copy(&mut output.take(size as u64 + 1), &mut io::sink());
        return skipped.map(|_| None).map_err(|source| failed(&ARGS, source));
    }
    bytes.resize(size, 0);
    output.read_exact(&mut bytes).map_err(|source| failed(&ARGS, source))?;
    output.read_exact(&mut [0]).map_err(|source| failed(&ARGS, source))?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::read_object;

    #[test]
    fn missing_and_large_objects_are_left_out() {
        let mut output = &b"aa blob 2\nx\n\nb:c missing\ncc blob 9\n123456789\ndd tree 0\n\n"[..];
        let mut found = Vec::new();
        for _ in 0..4 {
            found.push(read_object(&mut output, 4).unwrap());
        }
        assert_eq!(found, [Some(b"x\n".to_vec()), None, None, Some(Vec::new())]);
        assert!(read_object(&mut output, 4).is_err());
    }
}
