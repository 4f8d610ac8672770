//! [`Client`]: requests to the API of one forge, repeated where that is safe, their answers read.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::judge;
use super::error::{Call, ForgeError, ForgeFault};
use super::token::Token;
use crate::io::{Again, Http, HttpRequest, HttpResponse, Method, Pace, Payload, now_seconds};
use crate::model::{ForgeKind, TokenKind};

/// A longer list is not read: at 100 rows a page, GitHub itself ends here.
const MOST_PAGES: usize = 100;

/// Requests to one API.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) kind: ForgeKind,
    pub(super) http: Http,
    /// Without a slash at its end.
    pub(super) api: String,
    pub(super) token: Option<Token>,
    pub(super) pace: Pace,
}

/// Whether a request may be sent again without a look at what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeat {
    /// It says what is to be, so that twice is as good as once.
    Safe,
    /// It makes something.
    LookFirst,
}

impl Client {
    /// Reads a value.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ForgeError> {
        self.get_with_headers(path).map(|(value, _)| value)
    }

    /// Reads a value, and the answer that it was in.
    pub(super) fn get_with_headers<T: DeserializeOwned>(&self, path: &str) -> Result<(T, HttpResponse), ForgeError> {
        let url = format!("{}{path}", self.api);
        let answer = self.exchange(Method::Get, &url, &[], Payload::Nothing, Repeat::Safe)?;
        Ok((self.read(Method::Get, &url, &answer)?, answer))
    }

    /// Reads a value; `None` if it does not exist, or may not be seen.
    pub(super) fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, ForgeError> {
        match self.get(path) {
            Err(error) if error.is_not_found() => Ok(None),
            found => found.map(Some),
        }
    }

    /// Reads all pages of a list. The path has a query.
    pub(super) fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ForgeError> {
        Ok(self.pages::<Vec<T>>(path)?.into_iter().flatten().collect())
    }

    /// Reads all pages, whatever a page is. Where the next one is, is taken from the answer, its query alone: the address stays ours.
    pub(super) fn pages<P: DeserializeOwned>(&self, path: &str) -> Result<Vec<P>, ForgeError> {
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let separator = if query.is_empty() { "" } else { "&" };
        let mut query = format!("{query}{separator}per_page=100");
        let mut pages = Vec::new();
        loop {
            let url = format!("{bare}?{query}");
            if pages.len() == MOST_PAGES {
                return Err(self.error(
                    Method::Get,
                    &format!("{}{url}", self.api),
                    ForgeFault::TooManyPages(MOST_PAGES),
                ));
            }
            let (page, answer) = self.get_with_headers(&url)?;
            pages.push(page);
            match answer.header("link").and_then(next_query) {
                Some(next) => query = next,
                None => return Ok(pages),
            }
        }
    }

    /// Sends a value, and reads the answer. One that creates is not repeated where it may have arrived.
    pub(super) fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ForgeError> {
        let url = format!("{}{path}", self.api);
        let body = serde_json::to_vec(body)
            .map_err(|error| self.error(method, &url, ForgeFault::Unsupported(error.to_string())))?;
        let repeat = if method == Method::Post { Repeat::LookFirst } else { Repeat::Safe };
        let json = [("content-type", "application/json".to_owned())];
        let answer = self.exchange(method, &url, &json, Payload::Bytes(&body), repeat)?;
        self.read(method, &url, &answer)
    }

    /// Removes something. What is gone already is what was wanted.
    pub(super) fn delete(&self, path: &str) -> Result<(), ForgeError> {
        let url = format!("{}{path}", self.api);
        match self.exchange(Method::Delete, &url, &[], Payload::Nothing, Repeat::Safe) {
            Err(error) if error.is_not_found() => Ok(()),
            answer => answer.map(|_| ()),
        }
    }

    /// Sends a file to a whole address.
    pub(super) fn upload<T: DeserializeOwned>(
        &self,
        method: Method,
        url: &str,
        payload: Payload<'_>,
        content_type: &str,
    ) -> Result<T, ForgeError> {
        let headers = [("content-type", content_type.to_owned())];
        let answer = self.exchange(method, url, &headers, payload, Repeat::LookFirst)?;
        self.read(method, url, &answer)
    }

    /// Returns an error about a request.
    pub(super) fn error(&self, method: Method, address: &str, fault: ForgeFault) -> ForgeError {
        ForgeError { call: Call { method, address: address.to_owned() }, fault: self.without_token(fault) }
    }

    /// Returns that this forge cannot do something.
    pub(super) fn unsupported(&self, what: &str) -> ForgeError {
        self.error(Method::Get, &self.api, ForgeFault::Unsupported(what.to_owned()))
    }

    fn exchange(
        &self,
        method: Method,
        url: &str,
        headers: &[(&'static str, String)],
        payload: Payload<'_>,
        repeat: Repeat,
    ) -> Result<HttpResponse, ForgeError> {
        if self.token.is_none() && !method.is_read() {
            return Err(self.error(method, url, ForgeFault::NoToken(self.kind)));
        }
        let mut all = self.own_headers();
        all.extend_from_slice(headers);
        let secret = self.token.as_ref().map(|token| token.header(self.kind));
        let request = HttpRequest { method, url: url.to_owned(), headers: all, secret, payload };
        self.pace.repeat(|| {
            let (fault, again) = match self.http.send(&request) {
                Ok(answer) => match judge(method, &answer, now_seconds()) {
                    None => return Ok(answer),
                    Some(refused) => refused,
                },
                Err(fault) => {
                    let again = fault.again();
                    (ForgeFault::Http(fault), again)
                }
            };
            let error = self.error(method, url, fault);
            let may_repeat = repeat == Repeat::Safe || !error.is_unclear();
            Err((error, if may_repeat { again } else { Again::Never }))
        })
    }

    fn own_headers(&self) -> Vec<(&'static str, String)> {
        match self.kind {
            ForgeKind::Github => vec![
                ("accept", "application/vnd.github+json".to_owned()),
                ("x-github-api-version", "2022-11-28".to_owned()),
            ],
            ForgeKind::Gitlab => vec![("accept", "application/json".to_owned())],
        }
    }

    fn read<T: DeserializeOwned>(&self, method: Method, url: &str, answer: &HttpResponse) -> Result<T, ForgeError> {
        answer.json().map_err(|why| self.error(method, url, ForgeFault::Unexpected(why)))
    }

    /// A server may quote what it was sent.
    fn without_token(&self, fault: ForgeFault) -> ForgeFault {
        let Some(token) = &self.token else {
            return match fault {
                ForgeFault::Unauthorized(_) => ForgeFault::NoToken(self.kind),
                fault => fault,
            };
        };
        let clean = |text: String| token.redact(&text);
        match fault {
            // GitLab answers so wherever a job's own token may not go, and the token is as good as it ever was.
            ForgeFault::Unauthorized(text) if token.kind == TokenKind::Job => ForgeFault::Forbidden {
                message: format!("a job's own token can do releases and packages only: {}", clean(text)),
                wanted: Some("more than CI_JOB_TOKEN has: set GITLAB_TOKEN or RELMAN_TOKEN, scope `api`".to_owned()),
            },
            ForgeFault::Unauthorized(text) => ForgeFault::Unauthorized(clean(text)),
            ForgeFault::Forbidden { message, wanted } => {
                ForgeFault::Forbidden { message: clean(message), wanted: wanted.map(clean) }
            }
            ForgeFault::Taken(text) => ForgeFault::Taken(clean(text)),
            ForgeFault::Rejected { status, message } => ForgeFault::Rejected { status, message: clean(message) },
            ForgeFault::Failed { status, message } => ForgeFault::Failed { status, message: clean(message) },
            ForgeFault::Redirected(text) => ForgeFault::Redirected(clean(text)),
            fault => fault,
        }
    }
}

/// Returns the query of the next page (RFC 8288): `<https://host/path?page=2>; rel="next", <…>; rel="last"`.
fn next_query(header: &str) -> Option<String> {
    header.split('<').find_map(|link| {
        let (url, parameters) = link.split_once('>')?;
        let parameters: Cow<'_, str> = parameters.split(',').next()?.replace(['"', ' '], "").into();
        parameters.split(';').any(|parameter| parameter == "rel=next").then_some(())?;
        url.split_once('?').map(|(_, query)| query.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::next_query;

    #[test]
    fn the_next_page() {
        let table = [
            (r#"<https://h/p?page=2>; rel="next", <https://h/p?page=9>; rel="last""#, Some("page=2")),
            (r#"<https://h/p?page=1>; rel="prev", <https://h/p?a=b,c&page=3>; rel=next"#, Some("a=b,c&page=3")),
            (r#"<https://h/p?page=1>; rel="first", <https://h/p?page=1>; rel="prev""#, None),
            (r#"<https://h/next>; rel="next""#, None),
            ("", None),
        ];
        for (header, expected) in table {
            assert_eq!(next_query(header).as_deref(), expected, "{header}");
        }
    }
}
