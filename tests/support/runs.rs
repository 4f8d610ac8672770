//! Runs with the services of a plain git.

use std::path::Path;

use relman::apply::{self, ApplyError, Receipt, Services};
use relman::io::Git;
use relman::plan::ReleasePlan;

pub fn run(plan: &ReleasePlan, git: &Git, root: &Path) -> Result<Receipt, ApplyError> {
    apply::run(plan, &Services::new(git, root), root)
}

pub fn resume(git: &Git) -> Result<Option<Receipt>, ApplyError> {
    apply::resume(&Services::new(git, git.toplevel()))
}

pub fn abort(git: &Git) -> Result<Option<Receipt>, ApplyError> {
    apply::abort(&Services::new(git, git.toplevel()))
}
