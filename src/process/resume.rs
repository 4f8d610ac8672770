//! [`resume`]: the rest of an interrupted run.

use super::error::ProcessError;
use super::proof::proof_of;
use crate::apply::{Receipt, Services, resume_proven};
use crate::capture::Place;

/// Finishes the interrupted run of a repository; `None` if there is none.
///
/// # Errors
/// Returns an error if something is in the way: a file that was edited since, a remote that moved on.
pub fn resume(place: &Place) -> Result<Option<Receipt>, ProcessError> {
    Ok(resume_proven(&Services::new(&place.git), &proof_of(place))?)
}
