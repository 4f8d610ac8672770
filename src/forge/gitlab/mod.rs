//! GitLab, by version 4 of its REST API: one file for each of the things that it holds.

mod ci;
mod milestones;
mod packages;
mod releases;
mod requests;
mod rules;
mod token;
mod variables;

use serde::Deserialize;

use super::client::Client;
use super::error::ForgeError;
use crate::io::encode;

/// A project on GitLab.
#[derive(Clone, Debug)]
pub(super) struct Gitlab {
    client: Client,
    /// All groups, and the name.
    project: String,
    /// The pipeline and the job that relman is a part of.
    own: Option<(u64, u64)>,
}

#[derive(Deserialize)]
struct ProjectAnswer {
    permissions: Option<Permissions>,
}

#[derive(Deserialize)]
struct Permissions {
    project_access: Option<Access>,
    group_access: Option<Access>,
}

#[derive(Deserialize)]
struct Access {
    access_level: u64,
}

#[derive(Deserialize)]
struct UserAnswer {
    id: u64,
    username: String,
}

impl Gitlab {
    /// Returns a project, and remembers the CI job that this process is a part of.
    pub(super) fn new(client: Client, project: &str, environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let is_here = environment("CI_PROJECT_PATH").is_some_and(|path| path.eq_ignore_ascii_case(project));
        let number = |name: &str| environment(name)?.parse::<u64>().ok();
        let own = number("CI_PIPELINE_ID").zip(number("CI_JOB_ID")).filter(|_| is_here);
        Self { client, project: project.to_owned(), own }
    }

    /// Returns the path of something in the project.
    fn path(&self, rest: &str) -> String {
        format!("/projects/{}{rest}", encode(&self.project))
    }

    /// Returns the role of the token's account here, as a number (30 is Developer, 40 Maintainer); `None` if GitLab does not say.
    fn role(&self) -> Result<Option<u64>, ForgeError> {
        let project: ProjectAnswer = self.client.get(&self.path(""))?;
        let permissions = project.permissions;
        let levels = permissions.into_iter().flat_map(|all| [all.project_access, all.group_access]).flatten();
        Ok(levels.map(|access| access.access_level).max())
    }
}
