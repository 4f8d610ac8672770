//! Pull requests.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Github;
use super::milestones::label_names;
use crate::forge::error::ForgeError;
use crate::io::{Method, encode};
use crate::model::{ForgeRequest, NewRequest, RequestEdit, RequestState};

#[derive(Deserialize)]
struct PullAnswer {
    number: u64,
    html_url: String,
    title: String,
    body: Option<String>,
    state: String,
    merged_at: Option<String>,
    head: End,
    base: End,
    #[serde(default)]
    labels: Vec<Value>,
}

#[derive(Deserialize)]
struct End {
    #[serde(rename = "ref")]
    branch: String,
    sha: Option<String>,
    /// `None` if the fork was removed.
    repo: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

impl Github {
    /// Newest first. Without its owner the branch would filter nothing; forks have branches of the same names.
    pub(in crate::forge) fn requests(&self, head: &str, base: &str) -> Result<Vec<ForgeRequest>, ForgeError> {
        let from = encode(&format!("{}:{head}", self.owner()));
        let path = self.path(&format!("/pulls?state=all&head={from}&base={}", encode(base)));
        let found = self.client.list::<PullAnswer>(&path)?;
        let is_here =
            |end: &End| end.repo.as_ref().is_none_or(|repo| repo.full_name.eq_ignore_ascii_case(&self.repository));
        let ours = found
            .into_iter()
            .filter(|pull| pull.head.branch == head && pull.base.branch == base && is_here(&pull.head));
        Ok(ours.map(PullAnswer::read).collect())
    }

    pub(in crate::forge) fn create_request(&self, new: &NewRequest) -> Result<ForgeRequest, ForgeError> {
        let body = json!({"title": new.title, "head": new.head, "base": new.base, "body": new.body});
        Ok(self.client.send::<PullAnswer>(Method::Post, &self.path("/pulls"), &body)?.read())
    }

    pub(in crate::forge) fn update_request(
        &self,
        request: &ForgeRequest,
        edit: &RequestEdit,
    ) -> Result<ForgeRequest, ForgeError> {
        let mut body = Map::new();
        let texts = [("title", &edit.title), ("body", &edit.body)];
        body.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text.as_ref()?)))));
        if edit.close {
            body.insert("state".to_owned(), Value::from("closed"));
        }
        let path = self.path(&format!("/pulls/{}", request.number));
        Ok(self.client.send::<PullAnswer>(Method::Patch, &path, &body)?.read())
    }
}

impl PullAnswer {
    fn read(self) -> ForgeRequest {
        let state = match (self.merged_at.is_some(), self.state.as_str()) {
            (true, _) => RequestState::Merged,
            (false, "open") => RequestState::Open,
            _ => RequestState::Closed,
        };
        ForgeRequest {
            number: self.number,
            url: self.html_url,
            title: self.title,
            body: self.body.unwrap_or_default(),
            state,
            head: self.head.branch,
            head_commit: self.head.sha,
            base: self.base.branch,
            labels: label_names(&self.labels),
        }
    }
}
