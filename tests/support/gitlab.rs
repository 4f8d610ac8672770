//! [`with_gitlab`]: a project whose forge and registries are a server on loopback.

use serde_json::{Value, json};

use super::repo::Repo;
use super::server::{Act, Server};

/// Starts a server that answers as the GitLab of fixtures/workspaces/trueppm and as its registries, which are empty. The milestone 0.5 is open, 0.4 is
/// closed, and neither has open issues or merge requests. The pipelines of branches are green, that of the tag v0.4.0 failed. The CI variable GHCR_TOKEN
/// does not exist, and of the tags only v* are protected.
///
/// Returns the server, which must live as long as the repository is used.
///
/// relman.toml names the server, whose port differs from run to run; git does not notice, so that commits have the same ids each time.
pub fn with_gitlab(repo: &Repo) -> Server {
    let server = Server::start(|seen| match answer(&seen.path) {
        Some(body) => Act::json(200, body),
        None => Act::json(404, json!({"message": "404 Not found"})),
    });
    let url = &server.url;
    let forge = format!(
        "[forge]\nkind = 'gitlab'\nrepository = 'trueppm/trueppm'\nurl = 'https://gitlab.com'\napi = '{url}/api/v4'\n"
    );
    let hosts = format!("{{ 'ghcr.io' = '{url}', 'registry.gitlab.com' = '{url}' }}");
    let verify = format!("[verify]\nregistries = {{ pypi = '{url}/simple/', npm = '{url}/npm/', oci = {hosts} }}\n");
    let config = repo.read("relman.toml").unwrap();
    repo.write("relman.toml", &config.replace("[forge]\n", &forge).replace("[verify]\n", &verify));
    repo.git(&["update-index", "--assume-unchanged", "relman.toml"]);
    server
}

fn answer(target: &str) -> Option<Value> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = path.strip_prefix("/api/v4")?;
    if path == "/user" {
        return Some(json!({"id": 1, "username": "ann"}));
    }
    if path == "/personal_access_tokens/self" {
        return Some(json!({"name": "release", "active": true, "scopes": ["api"], "expires_at": "2027-01-01"}));
    }
    let path = path.strip_prefix("/projects/trueppm%2Ftrueppm")?;
    let is_tag = query.contains("ref=v0.4.0");
    let page = |rest: &str| format!("https://gitlab.com/trueppm/trueppm/-/{rest}");
    let job = |name: &str, status: &str| json!([{"id": 71, "name": name, "status": status, "stage": "s", "allow_failure": false, "web_url": page("jobs/71")}]);
    let milestone = |iid: u64, title: &str, state: &str| json!({"id": iid, "iid": iid, "title": title, "state": state, "web_url": page(&format!("milestones/{iid}")), "group_id": null});
    let pipeline = |id: u64, status: &str| json!([{"id": id, "status": status, "ref": "r", "sha": "s", "source": "push", "web_url": page("pipelines")}]);
    Some(match path {
        "" => json!({"id": 1, "path_with_namespace": "trueppm/trueppm", "default_branch": "main",
                     "permissions": {"project_access": {"access_level": 40}}}),
        "/variables" => json!([{"key": "GHCR_USER", "masked": false, "protected": true}]),
        "/protected_tags" => json!([{"name": "v*", "create_access_levels": [{"access_level": 40}]}]),
        "/milestones" => json!([milestone(4, "0.4", "closed"), milestone(5, "0.5", "active")]),
        "/pipelines" if is_tag => pipeline(7, "failed"),
        "/pipelines" => pipeline(8, "success"),
        "/pipelines/7/jobs" => job("api:publish", "failed"),
        "/pipelines/8/jobs" => job("api:test", "success"),
        "/issues" | "/merge_requests" | "/pipelines/7/bridges" | "/pipelines/8/bridges" => json!([]),
        _ => return None,
    })
}
