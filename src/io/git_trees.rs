//! Trees, many of them with one process.

use std::io::BufRead;

use super::git::Git;
use super::git_process::{GitError, failed, read_command, shown, stream};

const ARGS: [&str; 3] = ["cat-file", "--batch", "--buffer"];
/// The largest tree that is plausible; a larger answer is not one.
const LARGEST: usize = 1 << 30;

impl Git {
    /// Reads the trees with these ids with one process, and passes each one on as its raw bytes with its index.
    ///
    /// # Errors
    /// Returns an error if git fails, or a tree is missing, as in a clone without trees.
    pub fn trees(&self, ids: &[&str], mut tell: impl FnMut(usize, Vec<u8>)) -> Result<(), GitError> {
        let command = read_command(self.toplevel(), &self.extra, &ARGS);
        let input = ids.join("\n") + "\n";
        let (run, read) = stream(command, &ARGS, input.as_bytes(), |output| read_trees(output, ids, &mut tell))?;
        // If the answer was not read to its end, git fails because of the closed pipe, which is not the cause.
        let count = read?;
        run.ok()?;
        match ids.get(count) {
            Some(id) => Err(GitError::Unexpected { args: shown(&ARGS), answer: format!("nothing for {id}") }),
            None => Ok(()),
        }
    }
}

/// Reads `ID SP tree SP SIZE LF BYTES LF` for each id, and returns how many there were.
fn read_trees(
    output: &mut dyn BufRead,
    ids: &[&str],
    tell: &mut impl FnMut(usize, Vec<u8>),
) -> Result<usize, GitError> {
    for (index, id) in ids.iter().enumerate() {
        let mut line = String::new();
        output.read_line(&mut line).map_err(|source| failed(&ARGS, source))?;
        let line = line.trim_end();
        if line.is_empty() {
            // Git ended early; its own message says why.
            return Ok(index);
        }
        let size = line.strip_prefix(*id).and_then(|rest| rest.strip_prefix(" tree ")?.parse::<usize>().ok());
        let Some(size) = size.filter(|size| *size < LARGEST) else {
            return Err(GitError::Unexpected { args: shown(&ARGS), answer: line.to_owned() });
        };
        let mut bytes = vec![0; size];
        output.read_exact(&mut bytes).map_err(|source| failed(&ARGS, source))?;
        output.read_exact(&mut [0]).map_err(|source| failed(&ARGS, source))?;
        tell(index, bytes);
    }
    Ok(ids.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_tree_after_the_other() {
        let mut told = Vec::new();
        read_trees(&mut &b"aa tree 3\nx\ny\nbb tree 0\n\n"[..], &["aa", "bb"], &mut |at, bytes| told.push((at, bytes)))
            .unwrap();
        assert_eq!(told, [(0, b"x\ny".to_vec()), (1, Vec::new())]);
    }

    #[test]
    fn what_is_no_tree_is_an_error() {
        for output in [&b"aa missing\n"[..], b"aa blob 1\nx\n", b"bb tree 0\n\n", b"aa tree 9\nx"] {
            assert!(read_trees(&mut &*output, &["aa"], &mut |_, _| ()).is_err(), "{output:?}");
        }
    }
}
