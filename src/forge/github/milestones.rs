//! Milestones, and the issues and pull requests in them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Github;
use crate::forge::api_time::api_time;
use crate::forge::closes::closed_issues;
use crate::forge::error::ForgeError;
use crate::io::Method;
use crate::model::{ForgeKind, Milestone, WorkItem};

#[derive(Deserialize)]
struct MilestoneAnswer {
    number: u64,
    title: String,
    state: String,
    html_url: String,
}

#[derive(Deserialize)]
struct IssueAnswer {
    number: u64,
    title: String,
    html_url: String,
    user: Option<Account>,
    #[serde(default)]
    labels: Vec<Value>,
    closed_at: Option<String>,
    state_reason: Option<String>,
    body: Option<String>,
    pull_request: Option<PullAnswer>,
}

#[derive(Deserialize)]
struct PullAnswer {
    merged_at: Option<String>,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

/// Reasons for closing an issue without doing it.
const NOT_DONE: [&str; 2] = ["not_planned", "duplicate"];

impl Github {
    pub(in crate::forge) fn milestones(&self) -> Result<Vec<Milestone>, ForgeError> {
        let found = self.client.list::<MilestoneAnswer>(&self.path("/milestones?state=all"))?;
        Ok(found.into_iter().map(MilestoneAnswer::read).collect())
    }

    pub(in crate::forge) fn open_items(&self, milestone: &Milestone) -> Result<Vec<WorkItem>, ForgeError> {
        let found = self.issues(&format!("milestone={}&state=open", milestone.number))?;
        Ok(found.into_iter().map(|issue| issue.read(&self.repository)).collect())
    }

    pub(in crate::forge) fn done_items(&self, milestone: &Milestone) -> Result<Vec<WorkItem>, ForgeError> {
        self.done(&format!("milestone={}&state=closed", milestone.number))
    }

    pub(in crate::forge) fn done_since(&self, since: Option<i64>) -> Result<Vec<WorkItem>, ForgeError> {
        // By the last change of any kind, of which closing is one.
        let since = since.and_then(api_time).map_or(String::new(), |since| format!("&since={since}"));
        self.done(&format!("state=closed{since}"))
    }

    pub(in crate::forge) fn close_milestone(&self, milestone: &Milestone) -> Result<Milestone, ForgeError> {
        let path = self.path(&format!("/milestones/{}", milestone.number));
        let answer: MilestoneAnswer = self.client.send(Method::Patch, &path, &json!({"state": "closed"}))?;
        Ok(answer.read())
    }

    pub(in crate::forge) fn create_milestone(&self, title: &str) -> Result<Milestone, ForgeError> {
        let answer: MilestoneAnswer =
            self.client.send(Method::Post, &self.path("/milestones"), &json!({"title": title}))?;
        Ok(answer.read())
    }

    fn done(&self, query: &str) -> Result<Vec<WorkItem>, ForgeError> {
        let found = self.issues(query)?.into_iter().filter(IssueAnswer::is_done);
        Ok(found.map(|issue| issue.read(&self.repository)).collect())
    }

    /// Pull requests are issues, too.
    fn issues(&self, query: &str) -> Result<Vec<IssueAnswer>, ForgeError> {
        self.client.list(&self.path(&format!("/issues?{query}")))
    }
}

impl MilestoneAnswer {
    fn read(self) -> Milestone {
        Milestone {
            number: self.number,
            id: self.number,
            title: self.title,
            is_open: self.state == "open",
            url: self.html_url,
            of_group: false,
        }
    }
}

impl IssueAnswer {
    fn is_done(&self) -> bool {
        match &self.pull_request {
            Some(pull) => pull.merged_at.is_some(),
            None => !self.state_reason.as_deref().is_some_and(|reason| NOT_DONE.contains(&reason)),
        }
    }

    fn read(self, repository: &str) -> WorkItem {
        let merged_at = self.pull_request.as_ref().and_then(|pull| pull.merged_at.clone());
        let is_request = self.pull_request.is_some();
        let closes = match (&self.body, is_request) {
            (Some(body), true) => closed_issues(ForgeKind::Github, repository, body),
            _ => Vec::new(),
        };
        WorkItem {
            number: self.number,
            title: self.title,
            url: self.html_url,
            author: self.user.map(|user| user.login),
            labels: label_names(&self.labels),
            is_request,
            merged: merged_at.is_some(),
            closed_at: merged_at.or(self.closed_at),
            closes,
        }
    }
}

/// A label is an object, or just its name.
pub(super) fn label_names(labels: &[Value]) -> Vec<String> {
    let name = |label: &Value| label.as_str().or_else(|| label.get("name")?.as_str()).map(str::to_owned);
    labels.iter().filter_map(name).collect()
}
