//! Forges that refuse, limit, break off, or are none: what is repeated, what is reported, and what never leaves.

use relman::forge::{ForgeError, ForgeFault, TokenSource};
use relman::io::HttpFault;
use relman::model::{ForgeKind, NewRelease};
use serde_json::json;

use crate::support::forges::{TOKEN, forge, forge_with};
use crate::support::server::{Act, Server};

const KINDS: [ForgeKind; 2] = [ForgeKind::Github, ForgeKind::Gitlab];

fn new_release() -> NewRelease {
    NewRelease {
        tag: "v1".to_owned(),
        name: "One".to_owned(),
        body: "b".to_owned(),
        draft: true,
        prerelease: false,
        latest: None,
        released_at: None,
        milestones: Vec::new(),
    }
}

fn created() -> Act {
    let body = json!({"id": 1, "tag_name": "v1", "draft": true, "prerelease": false, "html_url": "u"});
    Act::json(201, body)
}

fn message(text: &str) -> serde_json::Value {
    json!({"message": text})
}

/// Reads, as often as the client repeats it. Returns the result and the number of requests.
fn read(kind: ForgeKind, acts: Vec<Act>) -> (Result<usize, ForgeError>, usize) {
    let server = Server::script(acts);
    let found = forge(kind, &server).milestones().map(|found| found.len());
    (found, server.seen().len())
}

fn write(kind: ForgeKind, acts: Vec<Act>) -> (Result<(), ForgeError>, usize) {
    let server = Server::script(acts);
    let made = forge(kind, &server).create_release(&new_release()).map(|_| ());
    (made, server.seen().len())
}

#[test]
fn what_passes_is_waited_for() {
    let limited = || Act::text(429, "text/plain", "Retry later\n");
    let permission = || Act::json(403, message("You have exceeded a secondary rate limit."));
    for kind in KINDS {
        for act in
            [limited(), permission(), Act::json(500, message("x")), Act::text(502, "text/html", "<html>"), Act::Cut]
        {
            let (found, requests) = read(kind, vec![act.clone(), act.clone(), Act::json(200, json!([]))]);
            assert_eq!((found.unwrap(), requests), (0, 3), "{kind} {act:?}");
            // Five repetitions, and no more.
            let (found, requests) = read(kind, vec![act.clone(); 10]);
            assert!(found.is_err());
            assert_eq!(requests, 6, "{kind} {act:?}");
        }
    }
}

#[test]
fn the_forge_says_how_long() {
    let soon = Act::json(429, json!({})).with("Retry-After", "1");
    let (found, requests) = read(ForgeKind::Gitlab, vec![soon, Act::json(200, json!([]))]);
    assert_eq!((found.unwrap(), requests), (0, 2));
    // Longer than relman is patient: it is said until when, and nothing is asked again.
    let reset = relman::io::now_seconds() + 3_600;
    let later = Act::json(403, message("API rate limit exceeded"))
        .with("X-RateLimit-Remaining", "0")
        .with("X-RateLimit-Reset", &reset.to_string());
    let (found, requests) = read(ForgeKind::Github, vec![later; 3]);
    let error = found.unwrap_err();
    assert_eq!((&error.fault, requests), (&ForgeFault::RateLimited(Some(reset)), 1), "{error}");
}

#[test]
fn refusals_are_not_repeated() {
    let cases = [
        (401, message("Bad credentials"), "the token was not accepted (401): Bad credentials"),
        (
            403,
            message("Resource not accessible by integration"),
            "not allowed (403): Resource not accessible by integration",
        ),
        (404, message("404 Project Not Found"), "not found (404), or not visible with this token"),
        (410, message("Issues are disabled"), "refused (410): Issues are disabled"),
        (
            422,
            json!({"message": "Validation Failed", "errors": [{"resource": "Label", "code": "invalid", "field": "color"}]}),
            "refused (422): Validation Failed; color invalid",
        ),
    ];
    for kind in KINDS {
        for (status, body, expected) in &cases {
            let (found, requests) = read(kind, vec![Act::json(*status, body.clone()); 3]);
            let error = found.unwrap_err();
            assert!(error.to_string().ends_with(expected), "{error}");
            assert_eq!((requests, error.is_unclear()), (1, false));
        }
    }
}

#[test]
fn what_may_have_been_done_is_not_repeated_but_reported() {
    for kind in KINDS {
        let failed = || Act::json(502, message("Bad Gateway"));
        for act in [failed(), Act::Cut, Act::Stall, Act::Promise { length: 100, body: b"{".to_vec() }] {
            let (made, requests) = write(kind, vec![act.clone(), created()]);
            let error = made.unwrap_err();
            assert_eq!((requests, error.is_unclear()), (1, true), "{kind} {act:?}: {error}");
        }
        // Refused before anything was done.
        let limited = Act::json(429, json!({})).with("Retry-After", "0");
        let (made, requests) = write(kind, vec![limited, created()]);
        assert_eq!((made.is_ok(), requests), (true, 2));
        let used = json!({"message": {"title": ["already being used for another group or project milestone."]}});
        for (status, body) in [(409, message("Release already exists")), (400, used)] {
            let (made, requests) = write(kind, vec![Act::json(status, body); 2]);
            let error = made.unwrap_err();
            assert_eq!((error.is_taken(), error.is_unclear(), requests), (true, false, 1), "{error}");
        }
    }
}

#[test]
fn what_says_what_is_to_be_is_repeated() {
    let row = json!({"number": 3, "id": 3, "iid": 3, "title": "0.6", "state": "closed", "html_url": ""});
    let open = relman::model::Milestone {
        number: 3,
        id: 3,
        title: "0.6".to_owned(),
        is_open: true,
        url: String::new(),
        of_group: false,
    };
    for kind in KINDS {
        let server = Server::script(vec![Act::Cut, Act::json(502, json!({})), Act::json(200, row.clone())]);
        assert!(!forge(kind, &server).close_milestone(&open).unwrap().is_open);
        assert_eq!(server.seen().len(), 3);
    }
}

#[test]
fn what_is_not_an_api() {
    let page = || Act::text(200, "text/html; charset=utf-8", "<html>Sign in</html>");
    for (act, expected) in [
        (page(), "the address is not that of an API: expected JSON, found text/html"),
        (Act::text(404, "text/html", "<html>"), "the address is not that of an API: expected JSON, found text/html"),
        (Act::text(200, "application/json", "[{"), "the answer has an unexpected form: it is cut off"),
        (Act::text(200, "application/json", "nonsense"), "the answer has an unexpected form: it is not valid JSON"),
        (Act::json(200, json!({"a": 1})), "the answer has an unexpected form: a value has another type, or is missing"),
        (Act::text(200, "application/json", &"[".repeat(100_000)), "a value has another type, or is missing"),
        (Act::Promise { length: 100 * 1024 * 1024, body: b"[".to_vec() }, "the answer is larger than 1048576 bytes"),
    ] {
        for kind in KINDS {
            let (found, requests) = read(kind, vec![act.clone(); 2]);
            let error = found.unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(requests, 1);
        }
    }
    // A write that a portal answers may have been anything.
    let (made, requests) = write(ForgeKind::Github, vec![page(), created()]);
    assert_eq!((made.unwrap_err().is_unclear(), requests), (true, 1));
}

#[test]
fn a_list_is_read_to_its_end_and_no_further() {
    let page = |number: usize, rows: usize| {
        let row = json!({"number": number, "id": number, "iid": number, "title": "t", "state": "open", "html_url": ""});
        Act::json(200, serde_json::Value::from(vec![row; rows]))
    };
    for kind in KINDS {
        // The next page is named at an address that is not ours; its query counts.
        let server = Server::start(move |seen| {
            let number = seen.path.split("page=").last().unwrap().parse::<usize>().unwrap();
            let number = if seen.path.contains("&page=") { number } else { 1 };
            let act = page(number, 2);
            let next =
                format!("<https://other.example.org/x?per_page=100&state=all&page={}>; rel=\"next\"", number + 1);
            if number < 3 { act.with("Link", &next) } else { act }
        });
        let found = forge(kind, &server).milestones().unwrap();
        assert_eq!(found.iter().map(|found| found.number).collect::<Vec<_>>(), [1, 1, 2, 2, 3, 3]);
        assert!(server.lines()[2].ends_with("/milestones?per_page=100&state=all&page=3"), "{:?}", server.lines());
        let endless = Server::start(move |_| page(1, 1).with("Link", "<https://h/x?page=300>; rel=\"next\""));
        let error = forge(kind, &endless).milestones().unwrap_err();
        assert_eq!(error.fault, ForgeFault::TooManyPages(100));
        assert_eq!(endless.seen().len(), 100);
    }
}

#[test]
fn a_repository_that_moved_is_followed_on_its_host_alone() {
    let elsewhere = Server::start(|_| created());
    let away = format!("{}/take", elsewhere.url);
    let server = Server::start(move |seen| match (seen.method.as_str(), seen.path.as_str()) {
        (_, path) if path.starts_with("/repositories/1000") => match seen.method.as_str() {
            "GET" => Act::json(200, json!([])),
            _ => created(),
        },
        ("GET", path) => Act::redirect(301, &path.replace("/repos/o/r", "/repositories/1000")),
        (_, "/repos/o/r/releases") => Act::redirect(307, "/repositories/1000/releases"),
        _ => Act::redirect(307, &away),
    });
    let client = forge(ForgeKind::Github, &server);
    assert_eq!(client.milestones().unwrap(), []);
    client.create_release(&new_release()).unwrap();
    assert_eq!(server.lines()[2..], ["POST /repos/o/r/releases", "POST /repositories/1000/releases"]);
    let error = client.create_milestone("x").unwrap_err();
    assert_eq!((&error.fault, error.is_unclear()), (&ForgeFault::Redirected(format!("{}/take", elsewhere.url)), false));
    assert_eq!(elsewhere.seen().len(), 0);
}

#[test]
fn without_a_token_nothing_is_written() {
    for kind in KINDS {
        let server = Server::start(|_| Act::json(401, message("401 Unauthorized")));
        let client = forge_with(kind, &server, None, &|_| None);
        let error = client.create_release(&new_release()).unwrap_err();
        assert_eq!((error.fault, server.seen().len()), (ForgeFault::NoToken(kind), 0));
        let error = client.milestones().unwrap_err();
        assert_eq!(error.fault, ForgeFault::NoToken(kind));
        assert!(error.help().unwrap().contains("RELMAN_TOKEN"));
        assert_eq!(client.token().unwrap_err().fault, ForgeFault::NoToken(kind));
    }
}

#[test]
fn a_token_of_a_job_is_not_a_wrong_one() {
    let server = Server::start(|_| Act::json(401, message("401 Unauthorized")));
    let token = Some(("t", TokenSource::Variable("CI_JOB_TOKEN")));
    let error = forge_with(ForgeKind::Gitlab, &server, token, &|_| None).milestones().unwrap_err();
    assert!(error.to_string().contains("a job's own token can do releases and packages only"), "{error}");
    assert!(error.help().unwrap().contains("GITLAB_TOKEN"));
}

#[test]
fn a_token_is_in_no_message() {
    let echo = Server::start(|seen| {
        let sent: Vec<&str> = seen.headers.iter().map(|(_, value)| value.as_str()).collect();
        Act::json(400, json!({"message": format!("bad request: {}", sent.join(" | "))}))
    });
    for kind in KINDS {
        for source in [TokenSource::Variable("RELMAN_TOKEN"), TokenSource::Git] {
            let client = forge_with(kind, &echo, Some((TOKEN, source)), &|_| None);
            let error = client.milestones().unwrap_err();
            let shown = format!("{error} {error:?} {client:?} {:?}", error.help());
            assert!(shown.contains("<secret>") && !shown.contains(TOKEN), "{shown}");
        }
    }
}

#[test]
fn hosts_that_are_not_there_are_not_waited_for_long() {
    let gone = Server::script(Vec::new());
    let client = forge(ForgeKind::Github, &gone);
    drop(gone);
    let started = std::time::Instant::now();
    let error = client.create_release(&new_release()).unwrap_err();
    assert!(matches!(error.fault, ForgeFault::Http(HttpFault::Connect(_))), "{error}");
    assert!(!error.is_unclear() && started.elapsed().as_secs() < 2);
}
