//! The client of GitHub against a scripted server: the form of every request, and what answers become.

use relman::forge::{Forge, ForgeFault, TokenSource};
use relman::io::Payload;
use relman::model::{
    BranchRule, CiState, ForgeKind, ForgeRelease, Milestone, NewRelease, NewRequest, ReleaseEdit, RequestEdit,
    RequestState, TokenKind,
};
use serde_json::{Value, json};

use crate::support::forges::{TOKEN, forge, forge_with};
use crate::support::server::{Act, Seen, Server};

/// Answers by the start of the request line; anything else is 404.
fn serve(answers: Vec<(&'static str, Value)>) -> Server {
    Server::start(move |seen| {
        let line = seen.line();
        let found = answers.iter().find(|(start, _)| line.starts_with(start));
        found.map_or_else(|| Act::json(404, json!({"message": "Not Found"})), |(_, body)| Act::json(200, body.clone()))
    })
}

fn client(server: &Server) -> Forge {
    forge(ForgeKind::Github, server)
}

fn release(id: u64, tag: &str, draft: bool) -> Value {
    json!({
        "id": id, "tag_name": tag, "target_commitish": "main", "name": "One", "body": "a\r\nb", "draft": draft,
        "prerelease": false, "html_url": "https://github.com/o/r/releases/1", "published_at": null,
        "upload_url": "https://uploads.github.com/repos/o/r/releases/1/assets{?name,label}",
        "assets": [
            {"id": 5, "name": "a.whl", "size": 3, "state": "uploaded", "digest": "sha256:AB12", "browser_download_url": "https://x/a"},
            {"id": 6, "name": "b.whl", "size": 0, "state": "starter", "digest": null, "browser_download_url": "https://x/b"}
        ]
    })
}

fn milestone() -> Milestone {
    Milestone { number: 3, id: 3, title: "0.6".to_owned(), is_open: true, url: String::new(), of_group: false }
}

fn bodies(server: &Server) -> Vec<Value> {
    server.seen().iter().map(|seen| serde_json::from_slice(&seen.body).unwrap_or_default()).collect()
}

#[test]
fn every_request_has_the_headers_that_github_wants() {
    let server = serve(vec![("GET /repos/o/r/milestones", json!([]))]);
    assert_eq!(client(&server).milestones().unwrap(), []);
    let seen: &Seen = &server.seen()[0];
    assert_eq!(seen.header("accept"), Some("application/vnd.github+json"));
    assert_eq!(seen.header("x-github-api-version"), Some("2022-11-28"));
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert!(seen.header("user-agent").unwrap().starts_with("relman/"));
}

#[test]
fn milestones_and_what_is_in_them() {
    let row = |state: &str| json!({"number": 3, "title": "0.6", "state": state, "html_url": "https://github.com/o/r/milestone/3"});
    let issue = |number: u64, more: Value| {
        let mut issue = json!({"number": number, "title": "T", "html_url": "u", "user": {"login": "ann"}, "labels": [{"name": "bug"}, "ui"],
                               "closed_at": "2026-01-01T00:00:00Z", "state_reason": "completed", "body": null});
        issue.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        issue
    };
    let closed = json!([
        issue(1, json!({})),
        issue(2, json!({"state_reason": "not_planned"})),
        issue(3, json!({"pull_request": {"merged_at": "2026-01-02T00:00:00Z"}, "body": "Fixes #1", "user": null})),
        issue(4, json!({"pull_request": {"merged_at": null}})),
    ]);
    let server = serve(vec![
        ("GET /repos/o/r/milestones?state=all&per_page=100", json!([row("open"), row("closed")])),
        ("GET /repos/o/r/issues?milestone=3&state=closed&per_page=100", closed),
        ("GET /repos/o/r/issues?milestone=3&state=open&per_page=100", json!([issue(7, json!({"closed_at": null}))])),
        ("PATCH /repos/o/r/milestones/3", row("closed")),
        ("POST /repos/o/r/milestones", row("open")),
    ]);
    let client = client(&server);
    let states: Vec<bool> = client.milestones().unwrap().iter().map(|found| found.is_open).collect();
    assert_eq!(states, [true, false]);
    let done = client.done_items(&milestone()).unwrap();
    let shown: Vec<_> =
        done.iter().map(|item| (item.number, item.merged, item.author.as_deref(), item.closes.clone())).collect();
    assert_eq!(shown, [(1, false, Some("ann"), vec![]), (3, true, None, vec![1])]);
    assert_eq!(
        (done[1].closed_at.as_deref(), &*done[0].labels),
        (Some("2026-01-02T00:00:00Z"), &["bug".to_owned(), "ui".to_owned()][..])
    );
    let open = client.open_items(&milestone()).unwrap();
    assert_eq!((open.len(), open[0].number, open[0].is_request), (1, 7, false));
    assert!(!client.close_milestone(&milestone()).unwrap().is_open);
    assert!(client.create_milestone("0.6").unwrap().is_open);
    assert_eq!(bodies(&server)[3..], [json!({"state": "closed"}), json!({"title": "0.6"})]);
}

#[test]
fn what_was_done_since_a_moment() {
    let issue = |number: u64, more: Value| {
        let mut issue = json!({"number": number, "title": "T", "html_url": "u", "closed_at": "2026-01-03T00:00:00Z"});
        issue.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        issue
    };
    let first = json!([issue(1, json!({})), issue(2, json!({"state_reason": "duplicate"}))]);
    let second = json!([issue(3, json!({"pull_request": {"merged_at": "2026-01-02T00:00:00Z"}}))]);
    let next =
        "<https://api.example.com/x?state=closed&since=2026-01-02T00%3A00%3A00Z&per_page=100&page=2>; rel=\"next\"";
    let server = Server::script(vec![
        Act::json(200, first).with("Link", next),
        Act::json(200, second),
        Act::json(200, json!([])),
    ]);
    let client = client(&server);
    let done = client.done_since(Some(1_767_312_000)).unwrap();
    assert_eq!(done.iter().map(|item| (item.number, item.merged)).collect::<Vec<_>>(), [(1, false), (3, true)]);
    assert_eq!(client.done_since(None).unwrap(), []);
    let asked: Vec<String> = server.seen().iter().map(|seen| seen.path.clone()).collect();
    let start = "/repos/o/r/issues?state=closed";
    let expected = [
        format!("{start}&since=2026-01-02T00:00:00Z&per_page=100"),
        format!("{start}&since=2026-01-02T00%3A00%3A00Z&per_page=100&page=2"),
        format!("{start}&per_page=100"),
    ];
    assert_eq!(asked, expected);
}

#[test]
fn a_milestone_that_is_there_already_is_the_one() {
    let row = json!([{"number": 9, "title": "0.7", "state": "closed", "html_url": ""}]);
    let taken = json!({"message": "Validation Failed", "errors": [{"resource": "Milestone", "code": "already_exists", "field": "title"}]});
    let server = Server::script(vec![Act::json(422, taken), Act::json(200, row)]);
    let found = client(&server).create_milestone("0.7").unwrap();
    assert_eq!((found.number, found.is_open), (9, false));
}

#[test]
fn ci_is_check_runs_and_statuses_but_not_our_own_run() {
    let run = |name: &str, status: &str, conclusion: Value, run: u64| {
        json!({"name": name, "status": status, "conclusion": conclusion, "html_url": null,
               "details_url": format!("https://github.com/o/r/actions/runs/{run}/job/4")})
    };
    let runs = json!({"total_count": 8, "check_runs": [
        run("test", "completed", json!("success"), 1), run("docs", "completed", json!("skipped"), 1),
        run("lint", "completed", json!("timed_out"), 1), run("build", "in_progress", Value::Null, 1),
        run("gate", "waiting", Value::Null, 1), run("old", "completed", json!("cancelled"), 1),
        run("release", "in_progress", Value::Null, 77), run("other", "completed", json!("neutral"), 771),
    ]});
    let statuses = json!({"state": "pending", "total_count": 1, "statuses": [{"context": "ext", "state": "error", "target_url": "https://ci"}]});
    let server = serve(vec![
        ("GET /repos/o/r/commits/abc/check-runs?filter=latest&per_page=100", runs),
        ("GET /repos/o/r/commits/abc/status?per_page=100", statuses),
    ]);
    let job = |name: &str| match name {
        "GITHUB_REPOSITORY" => Some("O/R".to_owned()),
        "GITHUB_RUN_ID" => Some("77".to_owned()),
        _ => None,
    };
    let token = Some((TOKEN, TokenSource::Variable("GITHUB_TOKEN")));
    let jobs = forge_with(ForgeKind::Github, &server, token, &job).ci("abc", Some("main")).unwrap();
    let shown: Vec<_> = jobs.iter().map(|job| (job.name.as_str(), job.state)).collect();
    use CiState::{Cancelled, Failed, Passed, Running, Skipped, Waiting};
    let expected = [
        ("test", Passed),
        ("docs", Skipped),
        ("lint", Failed),
        ("build", Running),
        ("gate", Waiting),
        ("old", Cancelled),
        ("other", Passed),
        ("ext", Failed),
    ];
    assert_eq!(shown, expected);
    assert_eq!(jobs[7].url.as_deref(), Some("https://ci"));
    // No status at all is "pending" for GitHub, and nothing here.
    let none = serve(vec![
        ("GET /repos/o/r/commits/abc/check-runs", json!({"total_count": 0, "check_runs": []})),
        ("GET /repos/o/r/commits/abc/status", json!({"state": "pending", "total_count": 0, "statuses": []})),
    ]);
    assert_eq!(client(&none).ci("abc", None).unwrap(), []);
}

#[test]
fn the_runs_of_a_tag() {
    let run = |id: u64, branch: &str| json!({"id": id, "name": "release", "head_branch": branch, "status": "completed", "conclusion": "failure", "html_url": "u"});
    let runs = json!({"total_count": 2, "workflow_runs": [run(1, "v1"), run(2, "main")]});
    let server = serve(vec![("GET /repos/o/r/actions/runs?head_sha=abc&event=push&per_page=100", runs)]);
    let jobs = client(&server).tag_pipeline("v1", "abc").unwrap();
    assert_eq!((jobs.len(), jobs[0].state), (1, CiState::Failed));
}

#[test]
fn releases_are_found_among_all_drafts_too() {
    let all = json!([release(1, "v1", true), release(2, "v0", false), release(3, "v1", false)]);
    let server = serve(vec![
        ("GET /repos/o/r/releases?per_page=100", all),
        ("GET /repos/o/r/releases/latest", release(2, "v0", false)),
    ]);
    let found = client(&server).releases("v1").unwrap();
    let shown: Vec<_> = found.iter().map(|release| (release.id.as_str(), release.is_draft)).collect();
    assert_eq!(shown, [("1", true), ("3", false)]);
    assert!(found[0].has_body("a\nb\n") && found[0].commit.is_none());
    let assets: Vec<_> = found[0].assets.iter().map(|asset| (asset.sha256.as_deref(), asset.is_complete)).collect();
    assert_eq!(assets, [(Some("ab12"), true), (None, false)]);
    assert_eq!(client(&server).latest_release().unwrap().unwrap().tag, "v0");
    assert_eq!(client(&serve(Vec::new())).latest_release().unwrap(), None);
}

#[test]
fn what_a_release_is_made_and_changed_with() {
    let server = serve(vec![
        ("POST /repos/o/r/releases", release(1, "v1", true)),
        ("PATCH /repos/o/r/releases/1", release(1, "v1", false)),
    ]);
    let client = client(&server);
    let new = NewRelease {
        tag: "v1".to_owned(),
        name: "One".to_owned(),
        body: "b".to_owned(),
        draft: true,
        prerelease: false,
        latest: Some(true),
        released_at: Some("never sent".to_owned()),
        milestones: vec!["never sent".to_owned()],
    };
    let made = client.create_release(&new).unwrap();
    client.create_release(&NewRelease { draft: false, ..new.clone() }).unwrap();
    client.create_release(&NewRelease { draft: false, latest: None, ..new }).unwrap();
    client
        .update_release(&made, &ReleaseEdit { draft: Some(false), latest: Some(true), ..ReleaseEdit::default() })
        .unwrap();
    client.update_release(&made, &ReleaseEdit { body: Some("c".to_owned()), ..ReleaseEdit::default() }).unwrap();
    let create = |draft: bool, latest: &str| json!({"tag_name": "v1", "name": "One", "body": "b", "draft": draft, "prerelease": false, "make_latest": latest});
    let expected = [
        create(true, "false"),
        create(false, "true"),
        create(false, "legacy"),
        json!({"draft": false, "make_latest": "true"}),
        json!({"body": "c", "make_latest": "false"}),
    ];
    assert_eq!(bodies(&server), expected);
}

fn made(upload_url: Option<String>) -> ForgeRelease {
    let found = serve(vec![("GET /repos/o/r/releases/latest", release(1, "v1", true))]);
    ForgeRelease { upload_url, ..client(&found).latest_release().unwrap().unwrap() }
}

#[test]
fn files_are_sent_to_the_host_of_the_api_alone() {
    let asset = json!({"id": 9, "name": "a.b.whl", "size": 2, "state": "uploaded", "browser_download_url": "u"});
    let server = serve(vec![
        ("POST /uploads/x?name=a%20b.whl", asset.clone()),
        ("POST /repos/o/r/releases/1/assets?name=a%20b.whl", asset),
        ("DELETE /repos/o/r/releases/assets/9", Value::Null),
    ]);
    let client = client(&server);
    for (url, path) in [
        (Some(format!("{}/uploads/x{{?name,label}}", server.url)), "POST /uploads/x?name=a%20b.whl"),
        (None, "POST /repos/o/r/releases/1/assets?name=a%20b.whl"),
    ] {
        let sent = client.upload_asset(&made(url), "a b.whl", Payload::Bytes(b"PK")).unwrap();
        let seen = server.seen().pop().unwrap();
        assert_eq!((seen.line().as_str(), &*seen.body, sent.name.as_str()), (path, &b"PK"[..], "a.b.whl"));
        assert_eq!(seen.header("content-type"), Some("application/zip"));
        client.delete_asset(&made(None), &sent).unwrap();
    }
    let count = server.seen().len();
    let elsewhere = made(Some("https://evil.example.org/x{?name}".to_owned()));
    let error = client.upload_asset(&elsewhere, "a.whl", Payload::Bytes(b"PK")).unwrap_err();
    assert_eq!(error.fault, ForgeFault::Redirected("https://evil.example.org".to_owned()));
    assert_eq!(server.seen().len(), count, "nothing was sent");
}

#[test]
fn pull_requests_of_this_repository_alone() {
    let pull = |number: u64, state: &str, merged: Value, from: &str| {
        json!({"number": number, "html_url": "u", "title": "T", "body": null, "state": state, "merged_at": merged, "labels": [{"name": "relman:api=minor"}],
               "head": {"ref": "release/next", "sha": "abc", "repo": {"full_name": from}}, "base": {"ref": "main", "sha": "d", "repo": null}})
    };
    let all = json!([
        pull(4, "open", Value::Null, "o/r"),
        pull(3, "open", Value::Null, "fork/r"),
        pull(2, "closed", json!("2026-01-01T00:00:00Z"), "O/R"),
        pull(1, "closed", Value::Null, "o/r"),
    ]);
    let server = serve(vec![
        ("GET /repos/o/r/pulls?state=all&head=o%3Arelease%2Fnext&base=main&per_page=100", all),
        ("POST /repos/o/r/pulls", pull(5, "open", Value::Null, "o/r")),
        ("PATCH /repos/o/r/pulls/4", pull(4, "closed", Value::Null, "o/r")),
    ]);
    let client = client(&server);
    let found = client.requests("release/next", "main").unwrap();
    let shown: Vec<_> = found.iter().map(|request| (request.number, request.state)).collect();
    assert_eq!(shown, [(4, RequestState::Open), (2, RequestState::Merged), (1, RequestState::Closed)]);
    assert_eq!((found[0].labels[0].as_str(), found[0].head_commit.as_deref()), ("relman:api=minor", Some("abc")));
    let new = NewRequest { head: "a".to_owned(), base: "main".to_owned(), title: "T".to_owned(), body: "B".to_owned() };
    assert_eq!(client.create_request(&new).unwrap().number, 5);
    let edit = RequestEdit { body: Some("C".to_owned()), close: true, ..RequestEdit::default() };
    assert_eq!(client.update_request(&found[0], &edit).unwrap().state, RequestState::Closed);
    let expected =
        [json!({"title": "T", "head": "a", "base": "main", "body": "B"}), json!({"body": "C", "state": "closed"})];
    assert_eq!(bodies(&server)[1..], expected);
}

#[test]
fn what_a_token_cannot_do() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/user" => Act::json(200, json!({"login": "ann"})),
        _ => Act::json(200, json!({"private": true, "permissions": {"push": true}}))
            .with("X-OAuth-Scopes", "public_repo, read:org")
            .with("github-authentication-token-expiration", "2027-01-01 00:00:00 UTC"),
    });
    let facts = client(&server).token().unwrap();
    assert_eq!((facts.user.as_deref(), facts.expires.as_deref()), (Some("ann"), Some("2027-01-01 00:00:00 UTC")));
    assert_eq!(facts.scopes, ["public_repo", "read:org"]);
    assert_eq!(facts.cannot.len(), 2, "{:?}", facts.cannot);
    // The token of a job in Actions.
    let server = Server::start(|seen| match seen.path.as_str() {
        "/user" => Act::json(403, json!({"message": "Resource not accessible by integration"})),
        _ => Act::json(200, json!({"private": false})),
    });
    let token = Some(("ghs_x", TokenSource::Variable("GITHUB_TOKEN")));
    let facts = forge_with(ForgeKind::Github, &server, token, &|_| None).token().unwrap();
    assert_eq!((facts.kind, facts.user, facts.cannot.len()), (TokenKind::App, None, 4));
}

#[test]
fn variables_tags_and_branches() {
    let server = serve(vec![
        ("GET /repos/o/r/actions/secrets?per_page=100", json!({"total_count": 1, "secrets": [{"name": "GHCR_TOKEN"}]})),
        (
            "GET /repos/o/r/actions/variables?per_page=100",
            json!({"total_count": 1, "variables": [{"name": "GHCR_USER", "value": "v4lue"}]}),
        ),
        (
            "GET /repos/o/r/rulesets?includes_parents=true&per_page=100",
            json!([
                {"id": 1, "target": "tag", "enforcement": "active"}, {"id": 2, "target": "branch", "enforcement": "active"},
                {"id": 3, "target": "tag", "enforcement": "disabled"},
            ]),
        ),
        (
            "GET /repos/o/r/rulesets/1",
            json!({"conditions": {"ref_name": {"include": ["refs/tags/v*", "~ALL"], "exclude": []}},
                                             "rules": [{"type": "creation"}, {"type": "deletion"}], "current_user_can_bypass": "never"}),
        ),
        (
            "GET /repos/o/r/rules/branches/release%2Fx?per_page=100",
            json!([
                {"type": "pull_request"}, {"type": "required_linear_history"}, {"type": "max_file_size"},
                {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "test"}]}},
            ]),
        ),
    ]);
    let client = client(&server);
    let variables = client.variables().unwrap();
    let shown: Vec<_> = variables.iter().map(|variable| (variable.name.as_str(), variable.masked)).collect();
    assert_eq!(shown, [("GHCR_TOKEN", true), ("GHCR_USER", false)]);
    let rules = client.tag_rules().unwrap();
    let shown: Vec<_> = rules.iter().map(|rule| (rule.pattern.as_str(), rule.may_create)).collect();
    assert_eq!(shown, [("v*", Some(false)), ("*", Some(false))]);
    let expected = [
        BranchRule::RequestRequired,
        BranchRule::LinearHistory,
        BranchRule::Other("max_file_size".to_owned()),
        BranchRule::ChecksRequired(vec!["test".to_owned()]),
    ];
    assert_eq!(client.branch_rules("release/x").unwrap(), expected);
}
