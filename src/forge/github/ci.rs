//! Check runs, commit statuses, and the runs of a tag.

use serde::Deserialize;

use super::Github;
use crate::forge::error::ForgeError;
use crate::io::encode;
use crate::model::{CiJob, CiState};

#[derive(Deserialize)]
struct CheckRuns {
    check_runs: Vec<CheckRun>,
}

#[derive(Deserialize)]
struct CheckRun {
    name: String,
    status: String,
    conclusion: Option<String>,
    html_url: Option<String>,
    details_url: Option<String>,
}

#[derive(Deserialize)]
struct CombinedStatus {
    statuses: Vec<Status>,
}

#[derive(Deserialize)]
struct Status {
    context: String,
    state: String,
    target_url: Option<String>,
}

#[derive(Deserialize)]
struct WorkflowRuns {
    workflow_runs: Vec<WorkflowRun>,
}

#[derive(Deserialize)]
struct WorkflowRun {
    id: u64,
    name: Option<String>,
    head_branch: Option<String>,
    status: Option<String>,
    conclusion: Option<String>,
    html_url: String,
}

impl Github {
    /// Both lists count: Actions and applications are check runs, older services are statuses.
    pub(in crate::forge) fn ci(&self, commit: &str) -> Result<Vec<CiJob>, ForgeError> {
        let commit = encode(commit);
        let runs =
            self.client.pages::<CheckRuns>(&self.path(&format!("/commits/{commit}/check-runs?filter=latest")))?;
        let statuses = self.client.pages::<CombinedStatus>(&self.path(&format!("/commits/{commit}/status")))?;
        let runs = runs.into_iter().flat_map(|page| page.check_runs).filter(|run| !self.is_own(run));
        let runs = runs.map(|run| CiJob {
            state: state_of(&run.status, run.conclusion.as_deref()),
            name: run.name,
            url: run.html_url.or(run.details_url),
            may_fail: false,
        });
        let statuses = statuses.into_iter().flat_map(|page| page.statuses).map(|status| CiJob {
            name: status.context,
            state: match status.state.as_str() {
                "success" => CiState::Passed,
                "pending" => CiState::Running,
                _ => CiState::Failed,
            },
            url: status.target_url,
            may_fail: false,
        });
        Ok(runs.chain(statuses).collect())
    }

    /// The runs that the push of a tag started; the name of the tag is in the place of a branch.
    pub(in crate::forge) fn tag_pipeline(&self, tag: &str, commit: &str) -> Result<Vec<CiJob>, ForgeError> {
        let path = self.path(&format!("/actions/runs?head_sha={}&event=push", encode(commit)));
        let runs = self.client.pages::<WorkflowRuns>(&path)?.into_iter().flat_map(|page| page.workflow_runs);
        let own = |run: &WorkflowRun| self.own_run.as_deref() == Some(run.id.to_string().as_str());
        let of_tag = runs.filter(|run| run.head_branch.as_deref() == Some(tag) && !own(run));
        Ok(of_tag
            .map(|run| CiJob {
                state: state_of(run.status.as_deref().unwrap_or_default(), run.conclusion.as_deref()),
                name: run.name.unwrap_or_else(|| format!("run {}", run.id)),
                url: Some(run.html_url),
                may_fail: false,
            })
            .collect())
    }

    /// The run that relman is a part of cannot be finished before relman is.
    fn is_own(&self, run: &CheckRun) -> bool {
        let Some(own) = &self.own_run else { return false };
        let part = format!("/actions/runs/{own}/");
        [&run.details_url, &run.html_url].into_iter().flatten().any(|url| format!("{url}/").contains(&part))
    }
}

fn state_of(status: &str, conclusion: Option<&str>) -> CiState {
    match (status, conclusion) {
        ("completed", Some("success" | "neutral")) => CiState::Passed,
        ("completed", Some("skipped")) => CiState::Skipped,
        ("completed", Some("action_required")) | ("waiting", _) => CiState::Waiting,
        ("completed", Some("cancelled" | "stale")) => CiState::Cancelled,
        ("completed", _) => CiState::Failed,
        _ => CiState::Running,
    }
}
