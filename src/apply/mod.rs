//! The only writer: it carries a [`ReleasePlan`](crate::plan::ReleasePlan) out, as a whole or not at all.
//!
//! Order of a run: compare, journal, stage every new text beside its target, rename all, one commit, all tags in one
//! transaction, outward steps, journal away. Whatever fails before something left the machine is undone. After a kill the
//! state is read off the world (HEAD, files, tags, remote), never off a counter, so [`resume`] and [`abort`] may be
//! killed themselves, at any instant and any number of times.

mod commit;
mod error;
mod files;
mod index;
mod journal;
mod leftovers;
mod merge;
mod merge_commit;
mod objects;
mod outward;
mod pack;
mod passed_gates;
mod prepare;
mod proof;
mod publisher;
mod receipt;
mod run;
mod run_context;
mod services;
mod signed_tags;
mod staging;
mod tag_store;
mod tags;
mod take_back;
mod tree;
mod undo;

pub use error::{ApplyError, ErrorKind, Failure};
pub use journal::{Evidence, Pending, PendingNeeds, pending, pending_needs};
pub use passed_gates::{remember_gates, remembered_gates};
pub use proof::Proof;
pub use publisher::{Decision, Publication, PublishError, Publisher};
pub use receipt::Receipt;
pub use run::{abort, abort_tags, resume, resume_proven, run, run_proven, write_and_stage, write_files};
pub use services::Services;

/// Writes texts to files below a folder of the user's choice; folders are made where they are missing.
///
/// # Errors
/// Returns an error if a folder cannot be made or a file cannot be written.
pub fn write_texts<'a>(
    folder: &std::path::Path,
    texts: impl Iterator<Item = (std::path::PathBuf, &'a str)>,
) -> Result<(), ApplyError> {
    for (path, text) in texts {
        let file = folder.join(path);
        file.parent().map_or(Ok(()), crate::io::create_dirs)?;
        crate::io::write_file(&file, text.as_bytes())?;
    }
    Ok(())
}

/// Writes a plan to a file of the user's choice.
///
/// # Errors
/// Returns an error if the file cannot be written.
pub fn write_plan(path: &std::path::Path, text: &str) -> Result<(), ApplyError> {
    Ok(crate::io::write_file(path, text.as_bytes())?)
}
