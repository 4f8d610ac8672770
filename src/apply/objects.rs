//! Objects that git stores as relman writes them. They are invisible until something refers to them.

use super::error::Failure;
use super::pack::{self, Hash, ObjectKind};
use super::run_context::RunContext;
use crate::io::{self, Input};

/// So many objects are kept as a pack, as git does with what it receives (git-config(1), "transfer.unpackLimit"): thousands of files
/// take their time, and the next sync waits for all of them. Git syncs a pack before it says that it has it.
const MANY: usize = 100;

/// Stores the texts by one call, and returns their ids in the same order. No filter changes them. The repository has an object of the
/// id `known`.
pub(super) fn store(
    work: &RunContext,
    kind: ObjectKind,
    known: &str,
    texts: impl ExactSizeIterator<Item = impl AsRef<[u8]>>,
) -> Result<Vec<String>, Failure> {
    let (pack, ids) = pack::write(Hash::of_id(known), kind, texts);
    let file = work.spool("objects", &pack)?;
    let args: &[&str] = if ids.len() < MANY { &["unpack-objects", "-q"] } else { &["index-pack", "--stdin"] };
    work.git.try_write(args, Input::File(&file))?.ok()?;
    // What is gone before the disk is synced is never written to it. What stays is removed with the journal.
    io::remove(&file)?;
    Ok(ids)
}
