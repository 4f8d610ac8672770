//! The client of GitLab against a scripted server: the form of every request, and what answers become.

use std::sync::{Arc, Mutex};

use relman::forge::{Forge, ForgeFault, TokenSource};
use relman::io::Payload;
use relman::model::{
    BranchRule, CiState, ForgeKind, Milestone, NewRelease, NewRequest, ReleaseEdit, RequestEdit, RequestState,
    TokenKind,
};
use serde_json::{Value, json};

use crate::support::forges::{TOKEN, forge, forge_with};
use crate::support::server::{Act, Server};

/// Answers by the start of the request line, `P` being the path of the project; anything else is 404.
fn serve(answers: Vec<(&str, Value)>) -> Server {
    let answers: Vec<(String, Value)> =
        answers.into_iter().map(|(start, body)| (start.replace(" P/", " /projects/g%2Fs%2Fp/"), body)).collect();
    Server::start(move |seen| {
        let line = seen.line();
        let found = answers.iter().find(|(start, _)| line.starts_with(start.as_str()));
        found.map_or_else(
            || Act::json(404, json!({"message": "404 Not found"})),
            |(_, body)| Act::json(200, body.clone()),
        )
    })
}

fn client(server: &Server) -> Forge {
    forge(ForgeKind::Gitlab, server)
}

fn bodies(server: &Server) -> Vec<Value> {
    let sent = server.seen().into_iter().filter(|seen| seen.method != "GET");
    sent.map(|seen| serde_json::from_slice(&seen.body).unwrap_or_default()).collect()
}

fn milestone(of_group: bool) -> Milestone {
    Milestone { number: 5, id: 1005, title: "0.6 beta".to_owned(), is_open: true, url: String::new(), of_group }
}

#[test]
fn the_header_goes_with_the_kind_of_the_token() {
    let server = serve(vec![("GET P/milestones", json!([]))]);
    for (token, source, header, value) in [
        (TOKEN, TokenSource::Variable("GITLAB_TOKEN"), "private-token", TOKEN.to_owned()),
        ("t", TokenSource::Variable("CI_JOB_TOKEN"), "job-token", "t".to_owned()),
        ("t", TokenSource::Git, "authorization", "Bearer t".to_owned()),
    ] {
        forge_with(ForgeKind::Gitlab, &server, Some((token, source)), &|_| None).milestones().unwrap();
        let seen = server.seen().pop().unwrap();
        let names = ["private-token", "job-token", "authorization"];
        let sent: Vec<_> = names.iter().filter_map(|name| Some((*name, seen.header(name)?))).collect();
        assert_eq!(sent, [(header, value.as_str())]);
    }
}

#[test]
fn milestones_and_what_is_in_them() {
    let row = |state: &str, group: Value| json!({"id": 1005, "iid": 5, "title": "0.6 beta", "state": state, "web_url": "u", "group_id": group});
    let item = |iid: u64, more: Value| {
        let mut item = json!({"iid": iid, "title": "T", "web_url": "u", "author": {"username": "ann"}, "labels": ["bug"], "description": "Closes #1 and #2",
                              "closed_at": "2026-01-01T00:00:00Z", "merged_at": null, "issue_type": "issue"});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let query = "milestone=0.6%20beta&state=";
    let server = serve(vec![
        (
            "GET P/milestones?include_ancestors=true&per_page=100",
            json!([row("active", Value::Null), row("closed", json!(4))]),
        ),
        (
            &format!("GET P/issues?{query}opened&scope=all&per_page=100"),
            json!([item(1, json!({"issue_type": "task"}))]),
        ),
        (&format!("GET P/merge_requests?{query}opened&scope=all&per_page=100"), json!([item(1, json!({}))])),
        (
            &format!("GET P/issues?{query}closed&scope=all&per_page=100"),
            json!([item(2, json!({})), item(3, json!({"issue_type": "task"})), item(4, json!({"moved_to_id": 9}))]),
        ),
        (
            &format!("GET P/merge_requests?{query}merged&scope=all&per_page=100"),
            json!([item(7, json!({"merged_at": "2026-01-02T00:00:00Z"}))]),
        ),
        ("PUT P/milestones/1005", row("closed", Value::Null)),
        ("POST P/milestones", row("active", Value::Null)),
    ]);
    let client = client(&server);
    let all = client.milestones().unwrap();
    let shown: Vec<_> = all.iter().map(|found| (found.number, found.id, found.is_open, found.of_group)).collect();
    assert_eq!(shown, [(5, 1005, true, false), (5, 1005, false, true)]);
    let open = client.open_items(&milestone(false)).unwrap();
    assert_eq!(open.iter().map(|item| (item.number, item.is_request)).collect::<Vec<_>>(), [(1, false), (1, true)]);
    let done = client.done_items(&milestone(false)).unwrap();
    let shown: Vec<_> = done.iter().map(|item| (item.number, item.merged, item.closes.clone())).collect();
    assert_eq!(shown, [(2, false, vec![]), (7, true, vec![1, 2])]);
    assert!(!client.close_milestone(&milestone(false)).unwrap().is_open);
    client.create_milestone("0.7").unwrap();
    assert_eq!(bodies(&server), [json!({"state_event": "close"}), json!({"title": "0.7"})]);
    let error = client.close_milestone(&milestone(true)).unwrap_err();
    assert!(matches!(error.fault, ForgeFault::Unsupported(_)), "{error}");
    assert_eq!(bodies(&server).len(), 2, "nothing was sent");
}

#[test]
fn what_was_done_since_a_moment() {
    let item = |iid: u64, more: Value| {
        let mut item = json!({"iid": iid, "title": "T", "web_url": "u", "closed_at": "2026-01-03T00:00:00Z"});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let since = "updated_after=2026-01-02T00:00:00Z";
    let server = serve(vec![
        (
            &format!("GET P/issues?{since}&state=closed&scope=all&per_page=100"),
            json!([item(1, json!({})), item(2, json!({"moved_to_id": 9})), item(3, json!({"issue_type": "task"}))]),
        ),
        (
            &format!("GET P/merge_requests?{since}&state=merged&scope=all&per_page=100"),
            json!([item(1, json!({"merged_at": "2026-01-03T00:00:00Z"}))]),
        ),
        ("GET P/issues?state=closed&scope=all&per_page=100", json!([])),
        ("GET P/merge_requests?state=merged&scope=all&per_page=100", json!([])),
    ]);
    let client = client(&server);
    let done = client.done_since(Some(1_767_312_000)).unwrap();
    assert_eq!(done.iter().map(|item| (item.number, item.merged)).collect::<Vec<_>>(), [(1, false), (1, true)]);
    assert_eq!(client.done_since(None).unwrap(), []);
}

#[test]
fn a_pipeline_is_its_jobs_where_it_is_not_green() {
    let pipeline =
        |id: u64, status: &str, source: &str| json!({"id": id, "status": status, "source": source, "web_url": "p"});
    let job = |id: u64, status: &str, may_fail: bool| json!({"id": id, "name": format!("j{id}"), "status": status, "web_url": "u", "allow_failure": may_fail});
    let with = |status: &str, jobs: Value| {
        serve(vec![
            (
                "GET P/pipelines?sha=abc&ref=release%2Fx&order_by=id&sort=desc&per_page=20",
                json!([
                    pipeline(9, "failed", "parent_pipeline"),
                    pipeline(8, status, "push"),
                    pipeline(7, "failed", "push")
                ]),
            ),
            ("GET P/pipelines/8/jobs?per_page=100", jobs),
            ("GET P/pipelines/8/bridges?per_page=100", json!([])),
        ])
    };
    let ci = |server: &Server| {
        let jobs = client(server).ci("abc", Some("release/x")).unwrap();
        jobs.into_iter().map(|job| (job.name.clone(), job.state, job.is_green())).collect::<Vec<_>>()
    };
    let named = |name: &str, state: CiState, is_green: bool| (name.to_owned(), state, is_green);
    let green = with("success", json!([]));
    assert_eq!(ci(&green), [named("pipeline", CiState::Passed, true)]);
    assert_eq!(green.seen().len(), 1);
    let failed = with(
        "failed",
        json!([job(1, "success", false), job(2, "failed", true), job(3, "failed", false), job(4, "manual", true)]),
    );
    let expected = [
        named("j1", CiState::Passed, true),
        named("j2", CiState::Failed, true),
        named("j3", CiState::Failed, false),
        named("j4", CiState::Waiting, true),
    ];
    assert_eq!(ci(&failed), expected);
    let between = with("running", json!([job(1, "success", false)]));
    assert_eq!(ci(&between), [named("j1", CiState::Passed, true), named("pipeline", CiState::Running, false)]);
    let none = serve(vec![("GET P/pipelines", json!([]))]);
    assert_eq!(client(&none).tag_pipeline("v1", "abc").unwrap(), []);
    // In a job of that very pipeline: what ran before it counts.
    let own = with("running", json!([job(1, "success", false), job(2, "running", false), job(3, "created", false)]));
    let variables = |name: &str| match name {
        "CI_PROJECT_PATH" => Some("g/s/p".to_owned()),
        "CI_PIPELINE_ID" => Some("8".to_owned()),
        "CI_JOB_ID" => Some("2".to_owned()),
        _ => None,
    };
    let token = Some((TOKEN, TokenSource::Variable("GITLAB_TOKEN")));
    let jobs = forge_with(ForgeKind::Gitlab, &own, token, &variables).ci("abc", Some("release/x")).unwrap();
    assert_eq!(jobs.iter().map(|job| job.name.as_str()).collect::<Vec<_>>(), ["j1"]);
}

fn release(links: Value) -> Value {
    json!({"tag_name": "v1+b", "name": "One", "description": "d", "released_at": "2026-01-01T00:00:00Z", "upcoming_release": false,
           "commit": {"id": "abc"}, "assets": {"count": 1, "links": links}, "_links": {"self": "https://gitlab.com/r"}})
}

#[test]
fn releases_of_a_tag() {
    let server = serve(vec![
        ("GET P/releases/v1%2Bb", release(json!([]))),
        (
            "GET P/releases?order_by=released_at&sort=desc&per_page=20",
            json!([
                {"tag_name": "v3", "upcoming_release": true}, {"tag_name": "v2", "upcoming_release": false},
            ]),
        ),
        ("POST P/releases", release(json!([]))),
        ("PUT P/releases/v1%2Bb", release(json!([]))),
    ]);
    let client = client(&server);
    let found = client.releases("v1+b").unwrap();
    assert_eq!(
        (found.len(), found[0].commit.as_deref(), found[0].url.as_str()),
        (1, Some("abc"), "https://gitlab.com/r")
    );
    assert_eq!(client.releases("v9").unwrap(), []);
    assert_eq!(client.latest_release().unwrap().unwrap().tag, "v2");
    let new = NewRelease {
        tag: "v1+b".to_owned(),
        name: "One".to_owned(),
        body: "d".to_owned(),
        draft: true,
        prerelease: true,
        latest: Some(true),
        released_at: Some("2026-01-01T00:00:00Z".to_owned()),
        milestones: vec!["0.6".to_owned()],
    };
    client.create_release(&new).unwrap();
    client.create_release(&NewRelease { released_at: None, milestones: Vec::new(), ..new }).unwrap();
    let count = server.seen().len();
    let publish = ReleaseEdit { draft: Some(false), latest: Some(true), ..ReleaseEdit::default() };
    assert_eq!(client.update_release(&found[0], &publish).unwrap(), found[0]);
    assert_eq!(server.seen().len(), count, "GitLab has neither drafts nor a latest one");
    client.update_release(&found[0], &ReleaseEdit { body: Some("e".to_owned()), ..publish }).unwrap();
    let expected = [
        json!({"tag_name": "v1+b", "name": "One", "description": "d", "released_at": "2026-01-01T00:00:00Z", "milestones": ["0.6"]}),
        json!({"tag_name": "v1+b", "name": "One", "description": "d"}),
        json!({"description": "e"}),
    ];
    assert_eq!(bodies(&server), expected);
}

/// Names and digests.
type Files = Arc<Mutex<Vec<(String, String)>>>;

/// Packages, their files, and links, as far as an upload touches them.
fn registry() -> (Server, Files) {
    let files = Arc::new(Mutex::new(Vec::<(String, String)>::new()));
    let kept = Arc::clone(&files);
    let server = Server::start(move |seen| {
        let base = "/projects/g%2Fs%2Fp";
        let mut files = kept.lock().unwrap();
        if seen.method == "PUT" {
            assert_eq!(seen.path, format!("{base}/packages/generic/p/v1%2Bb/a.whl"));
            let sha = Payload::Bytes(&seen.body).sha256();
            files.push(("a.whl".to_owned(), sha));
            return Act::json(201, json!({"message": "201 Created"}));
        }
        let packages =
            json!([{"id": 8, "name": "other-p", "version": "v1+b"}, {"id": 9, "name": "p", "version": "v1+b"}]);
        match seen.line().replace(base, "P").as_str() {
            "GET P/packages?package_type=generic&package_name=p&package_version=v1%2Bb&per_page=100" => {
                Act::json(200, if files.is_empty() { json!([]) } else { packages })
            }
            "GET P/packages/9/package_files?per_page=100" => {
                let rows: Vec<Value> =
                    files.iter().map(|(name, sha)| json!({"file_name": name, "size": 2, "file_sha256": sha})).collect();
                Act::json(200, Value::from(rows))
            }
            "POST P/releases/v1%2Bb/assets/links" => {
                let body: Value = serde_json::from_slice(&seen.body).unwrap();
                Act::json(
                    201,
                    json!({"id": 3, "name": body["name"], "url": body["url"], "direct_asset_url": "https://d/a.whl"}),
                )
            }
            "GET P/releases/v1%2Bb" => {
                let url = format!("http://{}{base}/packages/generic/p/v1%2Bb/a.whl", seen.header("host").unwrap());
                Act::json(
                    200,
                    release(
                        json!([{"id": 3, "name": "a.whl", "url": url}, {"id": 4, "name": "docs", "url": "https://docs"}]),
                    ),
                )
            }
            other => panic!("{other}"),
        }
    });
    (server, files)
}

#[test]
fn a_file_becomes_a_package_and_a_link() {
    let (server, files) = registry();
    let client = client(&server);
    let of = client.releases("v1+b").unwrap().remove(0);
    assert!(!of.assets[0].is_complete && of.assets[1].is_complete, "the first link leads to a file that is not there");
    let sent = client.upload_asset(&of, "a.whl", Payload::Bytes(b"PK")).unwrap();
    let digest = Payload::Bytes(b"PK").sha256();
    assert_eq!((sent.id, sent.sha256.as_deref(), sent.url.as_str()), (3, Some(digest.as_str()), "https://d/a.whl"));
    let link = bodies(&server).pop().unwrap();
    assert_eq!((&link["direct_asset_path"], &link["link_type"]), (&json!("/a.whl"), &json!("package")));
    let found = client.releases("v1+b").unwrap().remove(0);
    assert_eq!((found.assets[0].size, found.assets[0].sha256.as_deref()), (2, Some(digest.as_str())));
    // The file arrived and the link did not: it is not sent again. Another one is never put beside it.
    client.upload_asset(&of, "a.whl", Payload::Bytes(b"PK")).unwrap();
    assert_eq!(files.lock().unwrap().len(), 1);
    let error = client.upload_asset(&of, "a.whl", Payload::Bytes(b"XX")).unwrap_err();
    assert!(error.is_taken(), "{error}");
    assert_eq!(files.lock().unwrap().len(), 1);
}

#[test]
fn merge_requests_of_this_project_alone() {
    let row = |iid: u64, state: &str, from: u64| {
        json!({"iid": iid, "web_url": "u", "title": "T", "description": "d", "state": state, "source_branch": "a/b", "target_branch": "main",
               "sha": "abc", "source_project_id": from, "project_id": 1, "labels": ["x"]})
    };
    let all = json!([row(4, "opened", 1), row(3, "opened", 2), row(2, "merged", 1), row(1, "closed", 1)]);
    let server = serve(vec![
        ("GET P/merge_requests?source_branch=a%2Fb&target_branch=main&scope=all&per_page=100", all),
        ("POST P/merge_requests", row(5, "opened", 1)),
        ("PUT P/merge_requests/4", row(4, "closed", 1)),
    ]);
    let client = client(&server);
    let found = client.requests("a/b", "main").unwrap();
    let shown: Vec<_> = found.iter().map(|request| (request.number, request.state)).collect();
    assert_eq!(shown, [(4, RequestState::Open), (2, RequestState::Merged), (1, RequestState::Closed)]);
    let new =
        NewRequest { head: "a/b".to_owned(), base: "main".to_owned(), title: "T".to_owned(), body: "B".to_owned() };
    client.create_request(&new).unwrap();
    client.update_request(&found[0], &RequestEdit { title: Some("U".to_owned()), close: true, body: None }).unwrap();
    let expected = [
        json!({"source_branch": "a/b", "target_branch": "main", "title": "T", "description": "B"}),
        json!({"title": "U", "state_event": "close"}),
    ];
    assert_eq!(bodies(&server), expected);
}

#[test]
fn what_a_token_cannot_do() {
    let project =
        |level: u64| json!({"permissions": {"project_access": null, "group_access": {"access_level": level}}});
    let server = serve(vec![
        (
            "GET /personal_access_tokens/self",
            json!({"scopes": ["read_api"], "expires_at": "2027-01-01", "active": true}),
        ),
        ("GET /user", json!({"id": 3, "username": "ann"})),
        ("GET /projects/g%2Fs%2Fp", project(30)),
    ]);
    let facts = client(&server).token().unwrap();
    assert_eq!(
        (facts.user.as_deref(), facts.expires.as_deref(), facts.cannot.len()),
        (Some("ann"), Some("2027-01-01"), 2)
    );
    let job = serve(vec![("GET /job", json!({"user": {"username": "bob"}}))]);
    let token = Some(("x", TokenSource::Variable("CI_JOB_TOKEN")));
    let facts = forge_with(ForgeKind::Gitlab, &job, token, &|_| None).token().unwrap();
    assert_eq!((facts.kind, facts.user.as_deref(), facts.cannot.len()), (TokenKind::Job, Some("bob"), 3));
}

#[test]
fn variables_are_read_without_their_values() {
    let variable = |key: &str| json!({"key": key, "value": "v4lue", "masked": true, "protected": false});
    let server = serve(vec![
        ("GET P/variables?per_page=100", json!([variable("A")])),
        ("GET /groups/g%2Fs/variables?per_page=100", json!([variable("B")])),
    ]);
    let found = client(&server).variables().unwrap();
    assert_eq!(found.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(server.lines().last().unwrap(), "GET /groups/g/variables?per_page=100", "which may not be seen");
    assert!(!format!("{found:?}").contains("v4lue"));
    // Nor does a value get into an error.
    let odd = serve(vec![("GET P/variables", json!([{"key": "A", "masked": "v4lue"}]))]);
    let error = client(&odd).variables().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("v4lue"), "{error}");
    assert!(error.to_string().contains("a value has another type, or is missing"), "{error}");
}

#[test]
fn protected_tags_and_branches() {
    let levels = |level: u64| json!([{"access_level": level}]);
    let server = serve(vec![
        (
            "GET P/protected_tags?per_page=100",
            json!([{"name": "v*", "create_access_levels": levels(30)}, {"name": "x*", "create_access_levels": levels(40)}]),
        ),
        (
            "GET P/protected_branches?per_page=100",
            json!([
                {"name": "main", "push_access_levels": levels(0), "allow_force_push": false},
                {"name": "release/*", "push_access_levels": levels(40), "allow_force_push": true},
            ]),
        ),
        ("GET /user", json!({"id": 3, "username": "ann"})),
        (
            "GET /projects/g%2Fs%2Fp",
            json!({"permissions": {"project_access": {"access_level": 30}, "group_access": null}}),
        ),
    ]);
    let client = client(&server);
    let rules = client.tag_rules().unwrap();
    let shown: Vec<_> = rules.iter().map(|rule| (rule.pattern.as_str(), rule.may_create)).collect();
    assert_eq!(shown, [("v*", Some(true)), ("x*", Some(false))]);
    assert_eq!(client.branch_rules("main").unwrap(), [BranchRule::RequestRequired, BranchRule::NoForcePush]);
    assert_eq!(client.branch_rules("release/x").unwrap(), [BranchRule::RestrictedPush { may_push: Some(false) }]);
    assert_eq!(client.branch_rules("dev").unwrap(), []);
}
