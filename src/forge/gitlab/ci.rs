//! Pipelines and their jobs.

use serde::Deserialize;

use super::Gitlab;
use crate::forge::error::ForgeError;
use crate::io::encode;
use crate::model::{CiJob, CiState};

#[derive(Deserialize)]
struct Pipeline {
    id: u64,
    status: String,
    source: Option<String>,
    web_url: Option<String>,
}

#[derive(Deserialize)]
struct Job {
    id: u64,
    name: String,
    status: String,
    web_url: Option<String>,
    #[serde(default)]
    allow_failure: bool,
}

impl Gitlab {
    /// The newest pipeline of the commit, on the branch if one is given: as a whole where it is green, else by its jobs.
    pub(in crate::forge) fn ci(&self, commit: &str, name: Option<&str>) -> Result<Vec<CiJob>, ForgeError> {
        let of_ref = name.map_or(String::new(), |name| format!("&ref={}", encode(name)));
        // One page is enough: the newest comes first.
        let path = format!("/pipelines?sha={}{of_ref}&order_by=id&sort=desc&per_page=20", encode(commit));
        let all: Vec<Pipeline> = self.client.get(&self.path(&path))?;
        // Those that another pipeline started are jobs of it.
        let newest = all.into_iter().find(|pipeline| pipeline.source.as_deref() != Some("parent_pipeline"));
        let Some(pipeline) = newest else { return Ok(Vec::new()) };
        let whole = CiJob {
            name: "pipeline".to_owned(),
            state: state_of(&pipeline.status),
            url: pipeline.web_url.clone(),
            may_fail: false,
        };
        if whole.is_green() {
            return Ok(vec![whole]);
        }
        let own_job = self.own.filter(|(own, _)| *own == pipeline.id).map(|(_, job)| job);
        let mut jobs = Vec::new();
        for kind in ["jobs", "bridges"] {
            let path = self.path(&format!("/pipelines/{}/{kind}", pipeline.id));
            let found = self.client.list::<Job>(&path)?.into_iter();
            jobs.extend(found.filter(|job| own_job.is_none_or(|own| job.is_before(own))).map(Job::read));
        }
        // Between two jobs a pipeline is at work without one of them.
        if own_job.is_none() && jobs.iter().all(CiJob::is_green) {
            jobs.push(whole);
        }
        Ok(jobs)
    }

    /// The pipeline of a tag has the tag's name in the place of a branch.
    pub(in crate::forge) fn tag_pipeline(&self, tag: &str, commit: &str) -> Result<Vec<CiJob>, ForgeError> {
        self.ci(commit, Some(tag))
    }
}

impl Job {
    /// In the pipeline that relman is a part of, its own job and those that wait for it do not count.
    fn is_before(&self, own: u64) -> bool {
        self.id != own && !matches!(self.status.as_str(), "created" | "manual" | "skipped" | "scheduled")
    }

    fn read(self) -> CiJob {
        CiJob { name: self.name, state: state_of(&self.status), url: self.web_url, may_fail: self.allow_failure }
    }
}

fn state_of(status: &str) -> CiState {
    match status {
        "success" => CiState::Passed,
        "skipped" => CiState::Skipped,
        "manual" => CiState::Waiting,
        "failed" => CiState::Failed,
        "canceled" | "canceling" => CiState::Cancelled,
        // created, waiting_for_resource, preparing, waiting_for_callback, pending, running, scheduled
        _ => CiState::Running,
    }
}
