//! The HTTP client against servers that misbehave.

use relman::io::{Http, HttpFault, HttpLimits, HttpRequest, HttpResponse, Method, Payload};
use relman::model::Secret;

use crate::support::server::{Act, Server};

const LIMITS: HttpLimits = HttpLimits { connect: 2_000, answer: 300, body: 1_000 };

fn send_with(http: &Http, method: Method, url: &str, payload: Payload<'_>) -> Result<HttpResponse, HttpFault> {
    let secret = Secret::new("s3cret".to_owned());
    http.send(&HttpRequest {
        method,
        url: url.to_owned(),
        headers: vec![("accept", "application/json".to_owned())],
        secret: Some(("authorization", "Bearer ", &secret)),
        payload,
    })
}

fn send(method: Method, url: &str) -> Result<HttpResponse, HttpFault> {
    let payload = if method.is_read() { Payload::Nothing } else { Payload::Bytes(b"{}") };
    send_with(&Http::new(LIMITS, &|_| None), method, url, payload)
}

#[test]
fn requests_arrive_as_they_were_meant() {
    let server = Server::start(|_| Act::json(201, serde_json::json!({"id": 1})).with("X-Limit", "5"));
    let http = Http::new(LIMITS, &|_| None);
    let answer =
        send_with(&http, Method::Post, &format!("{}/a?b=c%2Fd", server.url), Payload::File(b"some bytes")).unwrap();
    assert_eq!((answer.status, answer.header("x-limit"), &*answer.body), (201, Some("5"), &b"{\"id\":1}"[..]));
    let seen = &server.seen()[0];
    assert_eq!((seen.line().as_str(), &*seen.body), ("POST /a?b=c%2Fd", &b"some bytes"[..]));
    assert_eq!(seen.header("authorization"), Some("Bearer s3cret"));
    assert_eq!(seen.header("user-agent"), Some(concat!("relman/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(seen.header("content-length"), Some("10"));
    assert!(!format!("{http:?}").contains("s3cret"));
}

#[test]
fn a_redirect_carries_the_secret_to_the_same_origin_only() {
    let elsewhere = Server::start(|_| Act::json(200, serde_json::json!([])));
    let there = format!("{}/y", elsewhere.url);
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/here" => Act::redirect(301, "/new?page=2"),
        "/away" => Act::redirect(302, &there),
        "/loop" => Act::redirect(307, "/loop"),
        "/plain" => Act::redirect(301, "http://forge.example.com/x"),
        _ => Act::json(200, serde_json::json!([])),
    });
    let url = |path: &str| format!("{}{path}", server.url);
    let here = send(Method::Get, &url("/here")).unwrap();
    assert_eq!((here.status, here.url), (200, url("/new?page=2")));
    assert!(server.seen().iter().all(|seen| seen.header("authorization").is_some()));
    assert_eq!(send(Method::Get, &url("/away")).unwrap().status, 200);
    assert_eq!(elsewhere.seen()[0].header("authorization"), None);
    assert_eq!(send(Method::Get, &url("/loop")).unwrap().status, 307);
    assert_eq!(send(Method::Get, &url("/plain")).unwrap().status, 301, "not followed without encryption");
    // A write is sent again as it is, and to no other host.
    let moved = send(Method::Post, &url("/here")).unwrap();
    assert_eq!((moved.status, server.seen().last().unwrap().line().as_str()), (200, "POST /new?page=2"));
    assert_eq!(send(Method::Post, &url("/away")).unwrap().status, 302);
    assert_eq!(elsewhere.seen().len(), 1);
    assert_eq!(send(Method::Post, &url("/loop")).unwrap().status, 307, "once, not for ever");
}

#[test]
fn servers_that_break_off_are_named_as_such() {
    let large = Act::Promise { length: 100 * 1024 * 1024, body: b"[".to_vec() };
    let half = Act::Promise { length: 100, body: b"[1, 2".to_vec() };
    let long = Act::text(200, "application/json", &" ".repeat(1_001));
    let cases = [
        (Act::Cut, "the connection ended before the answer was complete", true),
        (half, "the connection ended before the answer was complete", true),
        (Act::Stall, "no answer within 1 s", true),
        (large, "the answer is larger than 1000 bytes", true),
        (long, "the answer is larger than 1000 bytes", true),
    ];
    for (act, expected, arrived) in cases {
        let server = Server::script(vec![act.clone()]);
        let fault = send(Method::Get, &server.url).unwrap_err();
        assert!(fault.to_string().starts_with(expected), "{act:?}: {fault}");
        assert_eq!(fault.may_have_arrived(), arrived, "{fault}");
    }
}

#[test]
fn hosts_that_are_not_there() {
    let gone = Server::script(Vec::new()).url.clone();
    let cases = [
        (gone.as_str(), "failed to connect"),
        ("https://relman-no-such-host.invalid/x", "the host relman-no-such-host.invalid was not found"),
        ("http://relman-no-such-host.invalid/x", "http:// is accepted for addresses of this machine only"),
        ("https://user:pw@example.invalid/", "`an address with user information` is not a valid address"),
        ("nonsense", "`nonsense` is not a valid address"),
    ];
    for (url, expected) in cases {
        let fault = send(Method::Post, url).unwrap_err();
        assert!(fault.to_string().starts_with(expected), "{url}: {fault}");
        assert!(!fault.may_have_arrived(), "{fault}");
    }
}

#[test]
fn tls_and_proxies_that_fail() {
    let server = Server::start(|_| Act::text(407, "text/plain", "no"));
    let secure = server.url.replace("http://", "https://");
    let fault = send(Method::Get, &secure).unwrap_err();
    assert!(!matches!(fault, HttpFault::UnknownHost(_) | HttpFault::Connect(_)), "{fault:?}");
    // The proxy answers 407 to CONNECT.
    let proxy = Server::start(|_| Act::text(407, "text/plain", "no"));
    let address = proxy.url.clone();
    let http = Http::new(LIMITS, &move |name| (name == "HTTPS_PROXY").then(|| address.clone()));
    let fault = send_with(&http, Method::Get, "https://forge.example.invalid/x", Payload::Nothing).unwrap_err();
    assert!(matches!(&fault, HttpFault::Proxy(detail) if detail.contains("407")), "{fault:?}");
    assert_eq!(proxy.lines(), ["CONNECT forge.example.invalid:443"]);
    assert_eq!(proxy.seen()[0].header("authorization"), None);
}
