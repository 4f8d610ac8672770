//! Milestones of the project and of its groups, and the issues and merge requests in them.

use serde::Deserialize;
use serde_json::json;

use super::Gitlab;
use crate::forge::api_time::api_time;
use crate::forge::closes::closed_issues;
use crate::forge::error::ForgeError;
use crate::io::{Method, encode};
use crate::model::{ForgeKind, Milestone, WorkItem};

#[derive(Deserialize)]
struct MilestoneAnswer {
    id: u64,
    iid: u64,
    title: String,
    state: String,
    web_url: Option<String>,
    group_id: Option<u64>,
}

#[derive(Deserialize)]
struct ItemAnswer {
    iid: u64,
    title: String,
    web_url: String,
    author: Option<Author>,
    #[serde(default)]
    labels: Vec<String>,
    description: Option<String>,
    closed_at: Option<String>,
    merged_at: Option<String>,
    moved_to_id: Option<u64>,
    issue_type: Option<String>,
}

#[derive(Deserialize)]
struct Author {
    username: String,
}

/// Parts of an issue, and things that are not about the product; they count among what is open, and not among what is new.
const NOT_NEWS: [&str; 3] = ["task", "test_case", "requirement"];

impl Gitlab {
    pub(in crate::forge) fn milestones(&self) -> Result<Vec<Milestone>, ForgeError> {
        let found = self.client.list::<MilestoneAnswer>(&self.path("/milestones?include_ancestors=true"))?;
        Ok(found.into_iter().map(MilestoneAnswer::read).collect())
    }

    pub(in crate::forge) fn open_items(&self, milestone: &Milestone) -> Result<Vec<WorkItem>, ForgeError> {
        let of = of_milestone(milestone);
        let mut found = self.items("issues", &of, "opened")?;
        found.extend(self.items("merge_requests", &of, "opened")?);
        Ok(found)
    }

    pub(in crate::forge) fn done_items(&self, milestone: &Milestone) -> Result<Vec<WorkItem>, ForgeError> {
        self.done(&of_milestone(milestone))
    }

    pub(in crate::forge) fn done_since(&self, since: Option<i64>) -> Result<Vec<WorkItem>, ForgeError> {
        // By the last change of any kind, of which closing and merging are two.
        self.done(&since.and_then(api_time).map_or(String::new(), |since| format!("updated_after={since}&")))
    }

    /// A milestone of a group belongs to other projects as well.
    pub(in crate::forge) fn close_milestone(&self, milestone: &Milestone) -> Result<Milestone, ForgeError> {
        if milestone.of_group {
            let what =
                format!("the milestone {} belongs to a group, whose other projects may still use it", milestone.title);
            return Err(self.client.unsupported(&what));
        }
        let path = self.path(&format!("/milestones/{}", milestone.id));
        let answer: MilestoneAnswer = self.client.send(Method::Put, &path, &json!({"state_event": "close"}))?;
        Ok(answer.read())
    }

    pub(in crate::forge) fn create_milestone(&self, title: &str) -> Result<Milestone, ForgeError> {
        let answer: MilestoneAnswer =
            self.client.send(Method::Post, &self.path("/milestones"), &json!({"title": title}))?;
        Ok(answer.read())
    }

    fn done(&self, of: &str) -> Result<Vec<WorkItem>, ForgeError> {
        let mut found = self.items("issues", of, "closed")?;
        found.extend(self.items("merge_requests", of, "merged")?);
        Ok(found)
    }

    /// Without `scope` only what the token's own account made would be listed. `of` is the start of the query, and ends in `&`.
    fn items(&self, kind: &str, of: &str, state: &str) -> Result<Vec<WorkItem>, ForgeError> {
        let path = self.path(&format!("/{kind}?{of}state={state}&scope=all"));
        let is_request = kind == "merge_requests";
        let found = self.client.list::<ItemAnswer>(&path)?.into_iter();
        let counts = |item: &ItemAnswer| {
            let is_news = !item.issue_type.as_deref().is_some_and(|kind| NOT_NEWS.contains(&kind));
            state != "closed" || (is_news && item.moved_to_id.is_none())
        };
        Ok(found.filter(counts).map(|item| item.read(&self.project, is_request)).collect())
    }
}

fn of_milestone(milestone: &Milestone) -> String {
    format!("milestone={}&", encode(&milestone.title))
}

impl MilestoneAnswer {
    fn read(self) -> Milestone {
        Milestone {
            number: self.iid,
            id: self.id,
            title: self.title,
            is_open: self.state == "active",
            url: self.web_url.unwrap_or_default(),
            of_group: self.group_id.is_some(),
        }
    }
}

impl ItemAnswer {
    fn read(self, project: &str, is_request: bool) -> WorkItem {
        let text = self.description.filter(|_| is_request).unwrap_or_default();
        WorkItem {
            number: self.iid,
            title: self.title,
            url: self.web_url,
            author: self.author.map(|author| author.username),
            labels: self.labels,
            is_request,
            merged: self.merged_at.is_some(),
            closed_at: self.merged_at.or(self.closed_at),
            closes: closed_issues(ForgeKind::Gitlab, project, &text),
        }
    }
}
