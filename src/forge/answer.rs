//! [`judge`]: what an answer of a forge means.

use serde_json::Value;

use super::error::ForgeFault;
use crate::io::{Again, HttpResponse, Method};

/// Returns what speaks against an answer, and whether the same request may succeed later; `None` for one that is as it should be.
pub(super) fn judge(method: Method, answer: &HttpResponse, now: i64) -> Option<(ForgeFault, Again)> {
    let status = answer.status;
    let says = || message(answer);
    Some(match status {
        200..=299 if answer.body.is_empty() || is_json(answer) => return None,
        200..=299 => (ForgeFault::NotAnApi(content_type(answer)), Again::Never),
        300..=399 => {
            let to = answer.header("location").unwrap_or("an unknown place");
            (ForgeFault::Redirected(to.split('?').next().unwrap_or_default().to_owned()), Again::Never)
        }
        403 | 429 => match limit(answer, now) {
            Some(again) => {
                let until = if let Again::After(seconds) = again { i64::try_from(seconds).ok() } else { None };
                (ForgeFault::RateLimited(until.map(|seconds| now.saturating_add(seconds))), again)
            }
            None => (ForgeFault::Forbidden { message: says(), wanted: wanted(answer) }, Again::Never),
        },
        401 => (ForgeFault::Unauthorized(says()), Again::Never),
        404 if is_html(answer) => (ForgeFault::NotAnApi(content_type(answer)), Again::Never),
        404 => (ForgeFault::NotFound, Again::Never),
        400..=499 if !method.is_read() && is_taken(status, &says()) => (ForgeFault::Taken(says()), Again::Never),
        408 | 425 => (ForgeFault::Rejected { status, message: says() }, Again::Soon),
        400..=499 => (ForgeFault::Rejected { status, message: says() }, Again::Never),
        500 | 502 | 503 | 504 => {
            let again = answer.retry_after(now).map_or(Again::Soon, Again::After);
            (ForgeFault::Failed { status, message: says() }, again)
        }
        status => (ForgeFault::Failed { status, message: says() }, Again::Never),
    })
}

/// A 403 or 429 that limits requests has one of these signs; any other 403 is a permission that is missing.
fn limit(answer: &HttpResponse, now: i64) -> Option<Again> {
    if let Some(seconds) = answer.retry_after(now) {
        return Some(Again::After(seconds));
    }
    let header = |names: [&str; 2]| names.iter().find_map(|name| answer.header(name));
    if header(["x-ratelimit-remaining", "ratelimit-remaining"]) == Some("0") {
        let reset = header(["x-ratelimit-reset", "ratelimit-reset"]).and_then(|text| text.trim().parse::<i64>().ok());
        let seconds = reset.map(|reset| u64::try_from(reset.saturating_sub(now)).unwrap_or(0));
        return Some(seconds.map_or(Again::WhenAllowed, Again::After));
    }
    let is_secondary = message(answer).to_ascii_lowercase().contains("rate limit");
    (answer.status == 429 || is_secondary).then_some(Again::WhenAllowed)
}

/// GitHub names permissions, GitLab scopes.
fn wanted(answer: &HttpResponse) -> Option<String> {
    let permissions = answer.header("x-accepted-github-permissions").filter(|text| !text.trim().is_empty());
    let scope = || {
        let body: Value = serde_json::from_slice(&answer.body).ok()?;
        let is_scope = body.get("error").and_then(Value::as_str) == Some("insufficient_scope");
        body.get("scope").and_then(Value::as_str).filter(|_| is_scope).map(|scope| format!("the scope {scope}"))
    };
    permissions.map(|text| format!("the permission {text}")).or_else(scope)
}

/// A name that is in use is 409, or 400 or 422 with such words.
fn is_taken(status: u16, message: &str) -> bool {
    let words = ["already_exists", "already exists", "already been taken", "already being used"];
    let lower = message.to_ascii_lowercase();
    status == 409 || (matches!(status, 400 | 422) && words.iter().any(|word| lower.contains(word)))
}

/// Returns the message of an answer, in any of the forms that forges use; empty if there is none.
pub(super) fn message(answer: &HttpResponse) -> String {
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
        // GitLab limits in plain text; a page is of no use.
        let text = String::from_utf8_lossy(&answer.body);
        return if is_html(answer) { String::new() } else { text.chars().take(200).collect() };
    };
    let mut said = Vec::new();
    for key in ["message", "error", "error_description", "errors"] {
        collect(body.get(key), "", &mut said);
    }
    said.dedup();
    said.join("; ")
}

/// A text; a list; an object of lists, as `{"title": ["has already been taken"]}`; or `{"resource", "field", "code"}`.
fn collect(value: Option<&Value>, before: &str, said: &mut Vec<String>) {
    match value {
        Some(Value::String(text)) => said.push(format!("{before}{text}")),
        Some(Value::Array(items)) => items.iter().for_each(|item| collect(Some(item), before, said)),
        Some(Value::Object(fields)) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            match (text("message"), text("code")) {
                (Some(message), _) => said.push(format!("{before}{message}")),
                (None, Some(code)) => said.push(format!("{} {code}", text("field").unwrap_or("it"))),
                (None, None) => fields.iter().for_each(|(key, value)| collect(Some(value), &format!("{key} "), said)),
            }
        }
        _ => {}
    }
}

fn content_type(answer: &HttpResponse) -> String {
    answer.content_type().unwrap_or("an unknown content type").to_owned()
}

fn is_json(answer: &HttpResponse) -> bool {
    content_type(answer).ends_with("json")
}

fn is_html(answer: &HttpResponse) -> bool {
    content_type(answer).ends_with("html")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
        let mut headers: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        if !headers.iter().any(|(name, _)| name == "content-type") {
            headers.push(("content-type".to_owned(), "application/json; charset=utf-8".to_owned()));
        }
        HttpResponse { status, headers, body: body.as_bytes().to_vec(), url: String::new() }
    }

    /// Status, headers, body; the message, and when it is worth another attempt.
    type Row = (u16, &'static [(&'static str, &'static str)], &'static str, &'static str, Again);

    const PLAIN: (&str, &str) = ("content-type", "text/plain");
    const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
    const LIMITED: [(&str, &str); 2] = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1090")];
    const TAKEN: &str = r#"{"message":"Validation Failed","errors":[{"resource":"Release","code":"already_exists","field":"tag_name"}]}"#;
    const ANSWERS: [Row; 23] = [
        (200, &[], "[]", "", Again::Never),
        (204, &[PLAIN], "", "", Again::Never),
        (200, &[HTML], "<html>", "the address is not that of an API: expected JSON, found text/html", Again::Never),
        (
            301,
            &[("location", "https://x/y?token=1")],
            "",
            "redirected to https://x/y, where this request is not sent",
            Again::Never,
        ),
        (
            401,
            &[],
            r#"{"message":"Bad credentials"}"#,
            "the token was not accepted (401): Bad credentials",
            Again::Never,
        ),
        (
            403,
            &[],
            r#"{"message":"Resource not accessible by integration"}"#,
            "not allowed (403): Resource not accessible by integration",
            Again::Never,
        ),
        (403, &LIMITED, "{}", "too many requests; the limit is lifted at 1970-01-01T00:18:10Z", Again::After(90)),
        (429, &LIMITED, "{}", "too many requests; the limit is lifted at 1970-01-01T00:18:10Z", Again::After(90)),
        (
            403,
            &[("retry-after", "7")],
            "{}",
            "too many requests; the limit is lifted at 1970-01-01T00:16:47Z",
            Again::After(7),
        ),
        (
            403,
            &[],
            r#"{"message":"You have exceeded a secondary rate limit."}"#,
            "too many requests",
            Again::WhenAllowed,
        ),
        (429, &[PLAIN], "Retry later\n", "too many requests", Again::WhenAllowed),
        (
            429,
            &[PLAIN, ("retry-after", "Thu, 01 Jan 1970 00:17:00 GMT")],
            "Retry later",
            "too many requests; the limit is lifted at 1970-01-01T00:17:00Z",
            Again::After(20),
        ),
        (
            404,
            &[],
            r#"{"message":"404 Project Not Found"}"#,
            "not found (404), or not visible with this token",
            Again::Never,
        ),
        (404, &[HTML], "<html>", "the address is not that of an API: expected JSON, found text/html", Again::Never),
        (
            409,
            &[],
            r#"{"message":"Release already exists"}"#,
            "there is one already: Release already exists",
            Again::Never,
        ),
        (422, &[], TAKEN, "there is one already: Validation Failed; tag_name already_exists", Again::Never),
        (
            400,
            &[],
            r#"{"message":{"title":["has already been taken"]}}"#,
            "there is one already: title has already been taken",
            Again::Never,
        ),
        (400, &[], r#"{"error":"tag_name is missing"}"#, "refused (400): tag_name is missing", Again::Never),
        (
            422,
            &[],
            r#"{"message":"Validation Failed","errors":["body is too long"]}"#,
            "refused (422): Validation Failed; body is too long",
            Again::Never,
        ),
        (408, &[PLAIN], "", "refused (408)", Again::Soon),
        (
            500,
            &[],
            r#"{"message":"500 Internal Server Error"}"#,
            "the forge failed (500): 500 Internal Server Error",
            Again::Soon,
        ),
        (503, &[HTML, ("retry-after", "3")], "<html>", "the forge failed (503)", Again::After(3)),
        (501, &[HTML], "<html>", "the forge failed (501)", Again::Never),
    ];

    #[test]
    fn answers_and_what_they_mean() {
        for (status, headers, body, expected, wanted) in ANSWERS {
            let found = judge(Method::Post, &answer(status, headers, body), 1_000);
            let shown = found.as_ref().map_or(String::new(), |(fault, _)| fault.to_string());
            assert_eq!(shown, expected, "{status} {body}");
            assert_eq!(found.map_or(Again::Never, |(_, again)| again), wanted, "{status} {body}");
        }
        let scope = answer(403, &[], r#"{"error":"insufficient_scope","error_description":"more","scope":"api"}"#);
        let Some((ForgeFault::Forbidden { message, wanted }, _)) = judge(Method::Post, &scope, 0) else { panic!() };
        assert_eq!((message.as_str(), wanted.as_deref()), ("insufficient_scope; more", Some("the scope api")));
    }
}
