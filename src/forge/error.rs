//! [`ForgeError`]: why a forge did not do what it was asked for.

use crate::io::{HttpFault, Method};
use crate::model::ForgeKind;
use crate::text::visible_line;

/// Longer messages of a forge are cut.
const LONGEST_MESSAGE: usize = 400;

/// Why a forge did not do what it was asked for. Neither a token nor a whole answer is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{call}: {fault}")]
pub struct ForgeError {
    /// The request.
    pub call: Call,
    /// What went wrong.
    pub fault: ForgeFault,
}

/// A request, as messages name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The address, without user information.
    pub address: String,
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, visible_line(&self.address))
    }
}

/// What went wrong with a request to a forge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForgeFault {
    /// The request needs a token, and none was found.
    #[error("no token was found for {0}")]
    NoToken(ForgeKind),
    /// 401: the token is wrong, or has expired.
    #[error("the token was not accepted (401){}", quoted(.0))]
    Unauthorized(String),
    /// 403: the token is not allowed to.
    #[error("not allowed (403){}", quoted(.message))]
    Forbidden {
        /// The forge's message.
        message: String,
        /// The permission or the scopes that are needed, if the forge says so.
        wanted: Option<String>,
    },
    /// 404: it does not exist, or may not be seen.
    #[error("not found (404), or not visible with this token")]
    NotFound,
    /// 403 or 429: too many requests.
    #[error("too many requests{}", until(*.0))]
    RateLimited(Option<i64>),
    /// 409, or 422 with such a code: it is there already, or something else has its name.
    #[error("there is one already{}", quoted(.0))]
    Taken(String),
    /// Another refusal.
    #[error("refused ({status}){}", quoted(.message))]
    Rejected {
        /// The status, 4xx.
        status: u16,
        /// The forge's message.
        message: String,
    },
    /// The forge itself failed.
    #[error("the forge failed ({status}){}", quoted(.message))]
    Failed {
        /// The status, 5xx.
        status: u16,
        /// The forge's message.
        message: String,
    },
    /// The answer has the wrong content type, as that of a login page.
    #[error("the address is not that of an API: expected JSON, found {0}")]
    NotAnApi(String),
    /// The host of the remote has the API of no forge.
    #[error("it is neither GitHub nor GitLab; set `kind` in [forge] if it is one of them")]
    NotAForge,
    /// The answer is JSON of another form than documented.
    #[error("the answer has an unexpected form: {0}")]
    Unexpected(String),
    /// The answer redirects what must not be sent to another place.
    #[error("redirected to {0}, where this request is not sent")]
    Redirected(String),
    /// A list does not end.
    #[error("the list has more than {0} pages")]
    TooManyPages(usize),
    /// The forge cannot do this.
    #[error("{0}")]
    Unsupported(String),
    /// No answer.
    #[error(transparent)]
    Http(#[from] HttpFault),
}

impl ForgeError {
    /// Returns `true` if the request may have been carried out, so that the forge has to be looked at before it is repeated: a write
    /// that got no answer, or one of 5xx.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        if self.call.method.is_read() {
            return false;
        }
        match &self.fault {
            ForgeFault::Http(fault) => fault.may_have_arrived(),
            ForgeFault::Failed { .. } | ForgeFault::NotAnApi(_) | ForgeFault::Unexpected(_) => true,
            ForgeFault::Rejected { status, .. } => *status == 408,
            _ => false,
        }
    }

    /// Returns `true` if what was asked for does not exist, or may not be seen.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.fault == ForgeFault::NotFound
    }

    /// Returns `true` if the host answered, and is not a forge.
    #[must_use]
    pub fn is_not_a_forge(&self) -> bool {
        self.fault == ForgeFault::NotAForge
    }

    /// Returns `true` if it is there already.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self.fault, ForgeFault::Taken(_))
    }

    /// Returns what to do; `None` if the message says it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match &self.fault {
            ForgeFault::NoToken(ForgeKind::Github) => {
                "set RELMAN_TOKEN or GITHUB_TOKEN, or log in with `gh auth login`".to_owned()
            }
            ForgeFault::NoToken(ForgeKind::Gitlab) => {
                "set RELMAN_TOKEN or GITLAB_TOKEN (scope `api`), or store a password for the host with git's credential helper"
                    .to_owned()
            }
            ForgeFault::Unauthorized(_) => "make a new token; `relman doctor` shows which one is used".to_owned(),
            ForgeFault::Forbidden { wanted: Some(wanted), .. } => format!("the token needs {wanted}"),
            ForgeFault::Forbidden { wanted: None, .. } => "`relman doctor` shows what the token can do".to_owned(),
            ForgeFault::NotFound => {
                "check `repository` in [forge], and that the token can see it: forges hide what a token may not see".to_owned()
            }
            ForgeFault::NotAnApi(_) => "set `api` in [forge] to the address of the API".to_owned(),
            ForgeFault::Redirected(_) => "set `url`, `api` or `repository` in [forge] to the new place".to_owned(),
            ForgeFault::RateLimited(_) => "wait, then run the command again".to_owned(),
            ForgeFault::Http(HttpFault::Tls(_)) => {
                "the certificate has to be trusted by the system, or by the file that SSL_CERT_FILE names".to_owned()
            }
            ForgeFault::Http(HttpFault::Proxy(_)) => "check HTTPS_PROXY, ALL_PROXY and NO_PROXY".to_owned(),
            _ => return None,
        })
    }
}

fn quoted(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(LONGEST_MESSAGE).collect();
    if cut.is_empty() { cut } else { format!(": {}", visible_line(&cut)) }
}

fn until(seconds: Option<i64>) -> String {
    let time = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.map_or_else(String::new, |time| format!("; the limit is lifted at {time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(method: Method, fault: ForgeFault) -> ForgeError {
        ForgeError { call: Call { method, address: "https://api.example.com/x".to_owned() }, fault }
    }

    #[test]
    fn what_may_have_been_carried_out() {
        let failed = ForgeFault::Failed { status: 502, message: String::new() };
        let cut = ForgeFault::Http(HttpFault::Cut("reset".to_owned()));
        let cases = [
            (Method::Post, failed.clone(), true),
            (Method::Get, failed, false),
            (Method::Post, cut.clone(), true),
            (Method::Get, cut, false),
            (Method::Post, ForgeFault::Http(HttpFault::Connect("refused".to_owned())), false),
            (Method::Patch, ForgeFault::Http(HttpFault::Timeout(30)), true),
            (Method::Post, ForgeFault::Taken("already_exists".to_owned()), false),
        ];
        for (method, fault, expected) in cases {
            let error = error(method, fault);
            assert_eq!(error.is_unclear(), expected, "{error}");
        }
    }

    #[test]
    fn messages_are_one_line() {
        let rejected = ForgeFault::Rejected { status: 422, message: "Validation\n failed\u{1b}[31m".to_owned() };
        let shown = error(Method::Post, rejected).to_string();
        assert_eq!(shown, "POST https://api.example.com/x: refused (422): Validation failed\\u{1b}[31m");
        let limited = error(Method::Get, ForgeFault::RateLimited(Some(1_767_225_600))).to_string();
        assert_eq!(
            limited,
            "GET https://api.example.com/x: too many requests; the limit is lifted at 2026-01-01T00:00:00Z"
        );
    }
}
