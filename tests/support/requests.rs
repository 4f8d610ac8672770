//! A forge that knows nothing but requests, in GitHub's words or in GitLab's. Its branches are those of a bare repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use relman::model::ForgeKind;
use serde_json::{Value, json};

use super::server::{Act, Seen, Server};

/// A request as the forge knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub number: u64,
    pub title: String,
    pub body: String,
    /// `open`, `closed` or `merged`.
    pub state: String,
    pub head: String,
    pub base: String,
    /// The commit that was merged, once it is.
    pub merged: Option<String>,
    pub labels: Vec<String>,
}

pub struct RequestForge {
    pub server: Server,
    kind: ForgeKind,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl RequestForge {
    pub fn start(kind: ForgeKind, repository: &Path) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (known, repository) = (Arc::clone(&requests), repository.to_owned());
        let server = Server::start(move |seen| answer(kind, &repository, &mut known.lock().unwrap(), seen));
        Self { server, kind, requests }
    }

    /// The table of relman.toml for it.
    pub fn table(&self) -> String {
        let kind = if self.kind == ForgeKind::Github { "github" } else { "gitlab" };
        let url = &self.server.url;
        format!("[forge]\nkind = \"{kind}\"\nrepository = \"o/r\"\nurl = \"{url}\"\napi = \"{url}\"\n")
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn change(&self, number: u64, change: impl FnOnce(&mut Request)) {
        let mut requests = self.requests.lock().unwrap();
        change(requests.iter_mut().find(|request| request.number == number).unwrap());
    }

    /// What was asked for that changes something.
    pub fn writes(&self) -> Vec<String> {
        self.server.lines().into_iter().filter(|line| !line.starts_with("GET")).collect()
    }
}

fn answer(kind: ForgeKind, repository: &Path, requests: &mut Vec<Request>, seen: &Seen) -> Act {
    let (path, query) = seen.path.split_once('?').unwrap_or((&seen.path, ""));
    let root = if kind == ForgeKind::Github { "/repos/o/r/pulls" } else { "/projects/o%2Fr/merge_requests" };
    let Some(rest) = path.strip_prefix(root) else {
        return Act::json(404, json!({"message": "Not Found"}));
    };
    let body: Value = serde_json::from_slice(&seen.body).unwrap_or(Value::Null);
    let text = |key: &str| body[key].as_str().map(str::to_owned);
    let (of_head, of_base, of_body) = if kind == ForgeKind::Github {
        ("head", "base", "body")
    } else {
        ("source_branch", "target_branch", "description")
    };
    match (seen.method.as_str(), rest.trim_start_matches('/')) {
        ("GET", "") => {
            let wanted = |key: &str| {
                let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{key}=")));
                value.map(|value| value.replace("%2F", "/").replace("%3A", ":").trim_start_matches("o:").to_owned())
            };
            let (head, base) = (wanted(of_head), wanted(of_base));
            let is_it =
                |request: &&Request| Some(&request.head) == head.as_ref() && Some(&request.base) == base.as_ref();
            let found: Vec<Value> = requests.iter().rev().filter(is_it).map(|r| shown(kind, repository, r)).collect();
            Act::json(200, Value::Array(found))
        }
        ("POST", "") => {
            let made = Request {
                number: requests.len() as u64 + 1,
                title: text("title").unwrap(),
                body: text(of_body).unwrap(),
                state: "open".to_owned(),
                head: text(of_head).unwrap(),
                base: text(of_base).unwrap(),
                merged: None,
                labels: Vec::new(),
            };
            if commit(repository, &made.head).is_none() {
                return Act::json(422, json!({"message": "Validation Failed"}));
            }
            requests.push(made.clone());
            Act::json(201, shown(kind, repository, &made))
        }
        ("PATCH" | "PUT", number) => {
            let number: u64 = number.parse().unwrap();
            let request = requests.iter_mut().find(|request| request.number == number).unwrap();
            if let Some(title) = text("title") {
                request.title = title;
            }
            if let Some(body) = text(of_body) {
                request.body = body;
            }
            if text("state").as_deref() == Some("closed") || text("state_event").as_deref() == Some("close") {
                request.state = "closed".to_owned();
            }
            Act::json(200, shown(kind, repository, request))
        }
        _ => Act::json(404, json!({"message": "Not Found"})),
    }
}

fn shown(kind: ForgeKind, repository: &Path, request: &Request) -> Value {
    let sha = request.merged.clone().or_else(|| commit(repository, &request.head));
    let url = format!("https://forge.example/o/r/{}", request.number);
    if kind == ForgeKind::Gitlab {
        let state = if request.state == "open" { "opened" } else { &request.state };
        return json!({
            "iid": request.number, "web_url": url, "title": request.title, "description": request.body, "state": state,
            "source_branch": request.head, "target_branch": request.base, "sha": sha, "labels": request.labels,
        });
    }
    let merged = (request.state == "merged").then_some("2026-01-01T00:00:00Z");
    let state = if request.state == "merged" { "closed" } else { &request.state };
    let labels: Vec<Value> = request.labels.iter().map(|name| json!({"name": name})).collect();
    let end = |branch: &str, sha: Option<String>| json!({"ref": branch, "sha": sha, "repo": {"full_name": "o/r"}});
    json!({
        "number": request.number, "html_url": url, "title": request.title, "body": request.body, "state": state,
        "merged_at": merged, "head": end(&request.head, sha), "base": end(&request.base, None), "labels": labels,
    })
}

fn commit(repository: &Path, branch: &str) -> Option<String> {
    let repository: PathBuf = repository.to_owned();
    let name = format!("refs/heads/{branch}");
    let run =
        Command::new("git").args(["rev-parse", "--verify", "-q", &name]).current_dir(repository).output().unwrap();
    run.status.success().then(|| String::from_utf8(run.stdout).unwrap().trim().to_owned())
}
