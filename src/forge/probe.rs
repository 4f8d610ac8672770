//! [`kind_of_host`]: which forge is it?

use crate::io::{Http, HttpRequest, HttpResponse, Method, Payload};
use crate::model::ForgeKind;

/// What a host says that it is.
pub(super) enum HostKind {
    /// A forge.
    Forge(ForgeKind),
    /// It has the API of neither forge.
    Other,
    /// It does not answer, or not as one that works.
    Silent,
}

/// Asks a host what it is, without a token.
pub(super) fn kind_of_host(http: &Http, url: &str) -> HostKind {
    let ask = |path: &str| {
        let request = HttpRequest {
            method: Method::Get,
            url: format!("{url}{path}"),
            headers: vec![("accept", "application/json".to_owned())],
            secret: None,
            payload: Payload::Nothing,
        };
        http.send(&request).ok()
    };
    // Both answer so even where everything else is hidden: GitLab 401, GitHub with the features of the server.
    let mut is_other = true;
    for (path, kind) in [("/api/v4/version", ForgeKind::Gitlab), ("/api/v3/meta", ForgeKind::Github)] {
        match ask(path) {
            Some(answer) if speaks_json(&answer) => return HostKind::Forge(kind),
            answer => is_other &= answer.is_some_and(|answer| answer.status == 404),
        }
    }
    if is_other { HostKind::Other } else { HostKind::Silent }
}

fn speaks_json(answer: &HttpResponse) -> bool {
    let is_known = matches!(answer.status, 200 | 401 | 403);
    is_known && answer.header("content-type").is_some_and(|kind| kind.contains("json"))
}
