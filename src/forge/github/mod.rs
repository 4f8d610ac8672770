//! GitHub, by its REST API: one file for each of the things that it holds.

mod ci;
mod milestones;
mod releases;
mod requests;
mod rules;
mod token;
mod variables;

use super::client::Client;
use crate::io::encode;

/// A repository on GitHub.
#[derive(Clone, Debug)]
pub(super) struct Github {
    client: Client,
    /// `OWNER/NAME`.
    repository: String,
    /// The run of GitHub Actions that relman is a part of.
    own_run: Option<String>,
}

impl Github {
    /// Returns a repository, and leaves out the CI run that this process is a part of.
    pub(super) fn new(client: Client, repository: &str, environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let is_here = environment("GITHUB_REPOSITORY").is_some_and(|name| name.eq_ignore_ascii_case(repository));
        let own_run = environment("GITHUB_RUN_ID").filter(|run| is_here && !run.is_empty());
        Self { client, repository: repository.to_owned(), own_run }
    }

    /// Returns the path of something in the repository.
    fn path(&self, rest: &str) -> String {
        let parts: Vec<String> = self.repository.split('/').map(encode).collect();
        format!("/repos/{}{rest}", parts.join("/"))
    }

    fn owner(&self) -> &str {
        self.repository.split('/').next().unwrap_or_default()
    }
}
