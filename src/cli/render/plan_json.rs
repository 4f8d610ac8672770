//! Plans as JSON: as they are proposed, and with what a run made of them.

use super::json;
use crate::apply::Receipt;
use crate::cli::error::CliError;
use crate::plan::PlanReport;

/// Writes a plan that was carried out: with the ids of commit and tags, and the ends of what left the machine.
pub(in crate::cli) fn done_json(mut report: PlanReport, receipt: &Receipt) -> Result<String, CliError> {
    if let Some(commit) = &mut report.commit {
        commit.id.clone_from(&receipt.commit);
    }
    // A receipt has the tags in the order of the plan.
    for (tag, (_, id)) in report.tags.iter_mut().zip(&receipt.tags) {
        tag.id = Some(id.clone());
    }
    for (done, evidence) in &receipt.outward {
        for step in report.outward.iter_mut().filter(|step| step.id == done.id) {
            step.done(evidence.url.clone());
        }
    }
    json(&report)
}
