//! [`CiJob`] and [`CiState`].

use serde::{Deserialize, Serialize};

/// One result of CI for a commit: a check run or a status on GitHub, a job, or a whole pipeline that is green, on GitLab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CiJob {
    /// The name.
    pub name: String,
    /// How far it is.
    pub state: CiState,
    /// The address for people.
    pub url: Option<String>,
    /// Whether its failure does not count.
    pub may_fail: bool,
}

/// How far a job of CI is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CiState {
    /// It succeeded, or was neutral.
    Passed,
    /// It was not needed.
    Skipped,
    /// It runs, or will without a person.
    Running,
    /// It waits for a person.
    Waiting,
    /// It failed.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl CiJob {
    /// Returns `true` if the job does not speak against a release: it passed, was skipped, or is allowed to fail.
    #[must_use]
    pub fn is_green(&self) -> bool {
        match self.state {
            CiState::Passed | CiState::Skipped => true,
            CiState::Running => false,
            CiState::Waiting | CiState::Failed | CiState::Cancelled => self.may_fail,
        }
    }

    /// Returns `true` if the job will come to an end without a person.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state == CiState::Running
    }
}
