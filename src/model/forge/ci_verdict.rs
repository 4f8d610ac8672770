//! [`ci_verdict`]: what the jobs of a commit come to.

use std::fmt;

use super::{CiJob, CiState};

/// What the jobs of a commit come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CiVerdict {
    /// All that count passed, or were skipped.
    Green,
    /// Some are still at work: their names.
    Running(Vec<String>),
    /// Some failed, were cancelled, or wait for a person: their names, with what they are and where.
    Failed(Vec<String>),
    /// CI has no run for the commit.
    NoRun,
}

/// Returns what the jobs come to. A failure is reported before what still runs.
#[must_use]
pub fn ci_verdict(jobs: &[CiJob]) -> CiVerdict {
    let shown = |job: &CiJob| {
        let state = match job.state {
            CiState::Waiting => "waits for a person",
            CiState::Cancelled => "was cancelled",
            _ => "failed",
        };
        let url = job.url.as_ref().map_or(String::new(), |url| format!(" ({url})"));
        format!("{} {state}{url}", job.name)
    };
    let failed: Vec<String> = jobs.iter().filter(|job| !job.is_green() && !job.is_running()).map(shown).collect();
    let running: Vec<String> = jobs.iter().filter(|job| job.is_running()).map(|job| job.name.clone()).collect();
    match (jobs.is_empty(), failed.is_empty(), running.is_empty()) {
        (true, ..) => CiVerdict::NoRun,
        (_, false, _) => CiVerdict::Failed(failed),
        (_, true, false) => CiVerdict::Running(running),
        (_, true, true) => CiVerdict::Green,
    }
}

impl fmt::Display for CiVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Green => f.write_str("green"),
            Self::NoRun => f.write_str("no run was found"),
            Self::Failed(jobs) => f.write_str(&jobs.join(", ")),
            Self::Running(jobs) => write!(f, "{} still running", jobs.join(", ")),
        }
    }
}
