//! [`with_github`]: a project whose forge and registry are a server on loopback.

use serde_json::{Value, json};

use super::repo::Repo;
use super::server::{Act, Server};

/// Starts a server that answers as the GitHub of fixtures/workspaces/vmpilot and as its registry, which is empty. The milestone 0.7 is open,
/// with a merged pull request and a closed issue. relman.toml names the server as that of `with_gitlab`, and has to live as long.
pub fn with_github(repo: &Repo) -> Server {
    let server = Server::start(|seen| match answer(&seen.path) {
        Some(body) => Act::json(200, body),
        None => Act::json(404, json!({"message": "Not Found"})),
    });
    let url = &server.url;
    let forge =
        format!("[forge]\nkind = 'github'\nrepository = 'drorm/vmpilot'\nurl = 'https://github.com'\napi = '{url}'\n");
    let verify = format!("[verify]\nregistries = {{ oci = {{ 'ghcr.io' = '{url}' }} }}\n");
    let config = repo.read("relman.toml").unwrap();
    repo.write("relman.toml", &format!("{config}\n{forge}{verify}"));
    repo.git(&["update-index", "--assume-unchanged", "relman.toml"]);
    server
}

fn answer(target: &str) -> Option<Value> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = path.strip_prefix("/repos/drorm/vmpilot")?;
    let page = |rest: &str| format!("https://github.com/drorm/vmpilot/{rest}");
    let item = |number: u64, title: &str, label: &str| {
        json!({"number": number, "title": title, "state": "closed", "state_reason": "completed", "html_url": page(&format!("issues/{number}")),
               "user": {"login": "ann"}, "labels": [{"name": label}], "closed_at": "2026-02-20T10:00:00Z", "body": ""})
    };
    Some(match path {
        "/milestones" => json!([{"number": 7, "title": "0.7", "state": "open", "html_url": page("milestone/7")}]),
        "/issues" if query.contains("state=closed") => {
            let mut request = item(142, "Stream answers", "enhancement");
            request["pull_request"] = json!({"merged_at": "2026-02-20T10:00:00Z"});
            json!([item(139, "The history of a chat is lost", "bug"), request])
        }
        "/issues" => json!([]),
        _ => return None,
    })
}
