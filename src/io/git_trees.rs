//! Trees, many by one process.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use super::git::Git;
use super::git_process::{GitError, GitRun, read_command, shown};

const ARGS: [&str; 3] = ["cat-file", "--batch", "--buffer"];
/// No folder has so many entries; a larger answer is none.
const LARGEST: usize = 1 << 30;

impl Git {
    /// Reads the trees with these ids, one after the other by one process, and hands each over as its raw bytes with its index.
    ///
    /// # Errors
    /// Where git fails, or a tree is not there, as in a clone that leaves trees out.
    pub fn trees(&self, ids: &[&str], mut tell: impl FnMut(usize, Vec<u8>)) -> Result<(), GitError> {
        let mut command = read_command(self.toplevel(), &self.extra, &ARGS);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (read, fed, words) = std::thread::scope(|scope| {
            let feeder = scope.spawn(move || stdin.map_or(Ok(()), |pipe| feed(pipe, ids)));
            let words = scope.spawn(move || {
                let mut words = Vec::new();
                stderr.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut words)).map(|_| words)
            });
            let read = stdout.map_or(Ok(0), |pipe| read_trees(BufReader::with_capacity(1 << 18, pipe), ids, &mut tell));
            (read, feeder.join().unwrap_or(Ok(())), words.join().unwrap_or_else(|_| Ok(Vec::new())))
        });
        let status = child.wait().map_err(failed)?;
        // An answer that was not read to its end ends git by a closed pipe, which is not what went wrong.
        let count = read?;
        let stderr = String::from_utf8_lossy(&words.map_err(failed)?).trim_end().to_owned();
        GitRun { args: shown(&ARGS), code: status.code(), stdout: Vec::new(), stderr }.ok()?;
        fed.map_err(failed)?;
        match ids.get(count) {
            Some(id) => Err(GitError::Unexpected { args: shown(&ARGS), answer: format!("nothing for {id}") }),
            None => Ok(()),
        }
    }
}

fn feed(mut pipe: impl Write, ids: &[&str]) -> std::io::Result<()> {
    let mut text = ids.join("\n");
    text.push('\n');
    match pipe.write_all(text.as_bytes()) {
        // A child that fails early closes the pipe; its exit code tells.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Reads `ID SP tree SP SIZE LF BYTES LF` for each id, and returns how many there were.
fn read_trees(
    mut output: impl BufRead,
    ids: &[&str],
    tell: &mut impl FnMut(usize, Vec<u8>),
) -> Result<usize, GitError> {
    for (index, id) in ids.iter().enumerate() {
        let mut line = String::new();
        output.read_line(&mut line).map_err(failed)?;
        let line = line.trim_end();
        if line.is_empty() {
            // Git ended early; its own words say why.
            return Ok(index);
        }
        let size = line.strip_prefix(*id).and_then(|rest| rest.strip_prefix(" tree ")?.parse::<usize>().ok());
        let Some(size) = size.filter(|size| *size < LARGEST) else {
            return Err(GitError::Unexpected { args: shown(&ARGS), answer: line.to_owned() });
        };
        let mut bytes = vec![0; size];
        output.read_exact(&mut bytes).map_err(failed)?;
        output.read_exact(&mut [0]).map_err(failed)?;
        tell(index, bytes);
    }
    Ok(ids.len())
}

fn failed(source: std::io::Error) -> GitError {
    match source.kind() {
        std::io::ErrorKind::NotFound => GitError::Missing,
        _ => GitError::Io { args: shown(&ARGS), source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_tree_after_the_other() {
        let mut told = Vec::new();
        read_trees(&b"aa tree 3\nx\ny\nbb tree 0\n\n"[..], &["aa", "bb"], &mut |at, bytes| told.push((at, bytes)))
            .unwrap();
        assert_eq!(told, [(0, b"x\ny".to_vec()), (1, Vec::new())]);
    }

    #[test]
    fn what_is_no_tree_is_an_error() {
        for output in [&b"aa missing\n"[..], b"aa blob 1\nx\n", b"bb tree 0\n\n", b"aa tree 9\nx"] {
            assert!(read_trees(output, &["aa"], &mut |_, _| ()).is_err(), "{output:?}");
        }
    }
}
