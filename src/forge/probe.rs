//! [`kind_of_host`]: which forge is it?

use crate::io::{Http, HttpRequest, HttpResponse, Method, Payload};
use crate::model::ForgeKind;

/// Asks a host what it is, without a token. `None` if it is neither, or does not answer.
pub(super) fn kind_of_host(http: &Http, url: &str) -> Option<ForgeKind> {
    let ask = |path: &str| {
        let request = HttpRequest {
            method: Method::Get,
            url: format!("{url}{path}"),
            headers: vec![("accept", "application/json".to_owned())],
            secret: None,
            payload: Payload::Nothing,
        };
        http.send(&request).ok().filter(speaks_json)
    };
    // Both answer so even where everything else is hidden: GitLab 401, GitHub with the features of the server.
    if ask("/api/v4/version").is_some() {
        return Some(ForgeKind::Gitlab);
    }
    ask("/api/v3/meta").map(|_| ForgeKind::Github)
}

fn speaks_json(answer: &HttpResponse) -> bool {
    let is_known = matches!(answer.status, 200 | 401 | 403);
    is_known && answer.header("content-type").is_some_and(|kind| kind.contains("json"))
}
