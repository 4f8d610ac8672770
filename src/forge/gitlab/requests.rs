//! Merge requests.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Gitlab;
use crate::forge::error::ForgeError;
use crate::io::{Method, encode};
use crate::model::{ForgeRequest, NewRequest, RequestEdit, RequestState};

#[derive(Deserialize)]
struct MergeRequestAnswer {
    iid: u64,
    web_url: String,
    title: String,
    description: Option<String>,
    state: String,
    source_branch: String,
    target_branch: String,
    sha: Option<String>,
    source_project_id: Option<u64>,
    project_id: Option<u64>,
    #[serde(default)]
    labels: Vec<String>,
}

impl Gitlab {
    /// Newest first, those of forks left out.
    pub(in crate::forge) fn requests(&self, head: &str, base: &str) -> Result<Vec<ForgeRequest>, ForgeError> {
        let (from, to) = (encode(head), encode(base));
        let path = self.path(&format!("/merge_requests?source_branch={from}&target_branch={to}&scope=all"));
        let found = self.client.list::<MergeRequestAnswer>(&path)?;
        let is_here = |answer: &MergeRequestAnswer| answer.source_project_id == answer.project_id;
        Ok(found.into_iter().filter(is_here).map(MergeRequestAnswer::read).collect())
    }

    pub(in crate::forge) fn create_request(&self, new: &NewRequest) -> Result<ForgeRequest, ForgeError> {
        let body = json!({
            "source_branch": new.head,
            "target_branch": new.base,
            "title": new.title,
            "description": new.body,
        });
        Ok(self.client.send::<MergeRequestAnswer>(Method::Post, &self.path("/merge_requests"), &body)?.read())
    }

    pub(in crate::forge) fn update_request(
        &self,
        request: &ForgeRequest,
        edit: &RequestEdit,
    ) -> Result<ForgeRequest, ForgeError> {
        let mut body = Map::new();
        let texts = [("title", &edit.title), ("description", &edit.body)];
        body.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text.as_ref()?)))));
        if edit.close {
            body.insert("state_event".to_owned(), Value::from("close"));
        }
        let path = self.path(&format!("/merge_requests/{}", request.number));
        Ok(self.client.send::<MergeRequestAnswer>(Method::Put, &path, &body)?.read())
    }
}

impl MergeRequestAnswer {
    fn read(self) -> ForgeRequest {
        ForgeRequest {
            number: self.iid,
            url: self.web_url,
            title: self.title,
            body: self.description.unwrap_or_default(),
            state: match self.state.as_str() {
                "merged" => RequestState::Merged,
                // One that is locked is being merged.
                "opened" | "locked" => RequestState::Open,
                _ => RequestState::Closed,
            },
            head: self.source_branch,
            head_commit: self.sha,
            base: self.target_branch,
            labels: self.labels,
        }
    }
}
