//! [`RegistryError`]: why a registry could not be looked at.

use crate::io::HttpFault;
use crate::text::visible_line;

/// Why a registry could not be looked at. No credential is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{fault}", before(.asked.as_deref()))]
pub struct RegistryError {
    /// The address that was asked, without credentials; `None` if none is known.
    pub asked: Option<String>,
    /// What went wrong.
    pub fault: RegistryFault,
}

/// What went wrong when a registry was looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryFault {
    /// 401 or 403 with and without the credentials that were found: what was asked for is private, or is not there; registries answer
    /// alike.
    #[error("it is private, or does not exist: credentials are needed ({status}){}", said(.note.as_deref()))]
    Unauthorized {
        /// The status, 401 or 403.
        status: u16,
        /// What is known of the credentials.
        note: Option<String>,
    },
    /// Neither relman.toml nor the ecosystem's own client names a registry that can be asked.
    #[error("the address of the registry is not known{}", said(.note.as_deref()))]
    NotConfigured {
        /// The key in `[verify]` that sets it, as `registries.pypi`.
        key: String,
        /// What was found instead.
        note: Option<String>,
    },
    /// A file of the ecosystem's own client cannot be read.
    #[error("{}", visible_line(.0))]
    Configuration(String),
    /// No answer.
    #[error(transparent)]
    Unreachable(#[from] HttpFault),
    /// 429, or 503 with a pause that is longer than relman's patience.
    #[error("too many requests{}", until(*.retry_after))]
    RateLimited {
        /// The seconds that the registry wants to be left alone, if it says so.
        retry_after: Option<u64>,
    },
    /// A status that says nothing about what was asked for.
    #[error("the registry answered with status {0}")]
    Status(u16),
    /// The answer is not what such a registry answers.
    #[error("the answer was not understood: {}", visible_line(.0))]
    NotUnderstood(String),
}

impl RegistryError {
    /// Returns an error about an address; user information in it is left out.
    pub(super) fn at(address: &str, fault: RegistryFault) -> Self {
        Self { asked: Some(without_user(address)), fault }
    }

    /// Returns an error about a registry whose address is not known.
    pub(super) fn nowhere(fault: RegistryFault) -> Self {
        Self { asked: None, fault }
    }

    /// Returns what to do; `None` if the message says it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match &self.fault {
            RegistryFault::NotConfigured { key, .. } => format!("set `{key}` in [verify]"),
            RegistryFault::Unauthorized { note: None, .. } => {
                "log in to the registry with its own client, or make it public".to_owned()
            }
            RegistryFault::RateLimited { .. } => "wait, then run the command again".to_owned(),
            RegistryFault::Unreachable(HttpFault::Tls(_)) => {
                "the certificate has to be trusted by the system, or by the file that SSL_CERT_FILE names".to_owned()
            }
            RegistryFault::Unreachable(HttpFault::Proxy(_)) => "check HTTPS_PROXY, ALL_PROXY and NO_PROXY".to_owned(),
            _ => return None,
        })
    }
}

/// Returns an address without the user name and the password that it may have.
pub(super) fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

fn before(asked: Option<&str>) -> String {
    asked.map_or_else(String::new, |address| format!("{}: ", visible_line(address)))
}

fn said(note: Option<&str>) -> String {
    note.map_or_else(String::new, |note| format!("; {}", visible_line(note)))
}

fn until(seconds: Option<u64>) -> String {
    seconds.map_or_else(String::new, |seconds| format!("; the registry asks for a pause of {seconds} s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_credentials() {
        let table = [
            ("https://u:p@h:1/x@y", "https://h:1/x@y"),
            ("https://u:p@ss@h", "https://h"),
            ("https://h/a?b=c@d", "https://h/a?b=c@d"),
            ("https://h?c@d", "https://h?c@d"),
            ("nonsense", "nonsense"),
        ];
        for (address, expected) in table {
            assert_eq!(without_user(address), expected);
        }
    }

    #[test]
    fn messages_are_one_line_and_name_the_way_out() {
        let not_configured = RegistryFault::NotConfigured { key: "registries.pypi".to_owned(), note: None };
        let table = [
            (
                RegistryError { asked: None, fault: not_configured },
                "the address of the registry is not known",
                Some("set `registries.pypi` in [verify]"),
            ),
            (
                RegistryError { asked: Some("https://r/v2/".to_owned()), fault: RegistryFault::Status(502) },
                "https://r/v2/: the registry answered with status 502",
                None,
            ),
            (
                RegistryError { asked: None, fault: RegistryFault::NotUnderstood("a\u{1b}".to_owned()) },
                "the answer was not understood: a\\u{1b}",
                None,
            ),
            (
                RegistryError { asked: None, fault: RegistryFault::RateLimited { retry_after: Some(90) } },
                "too many requests; the registry asks for a pause of 90 s",
                Some("wait, then run the command again"),
            ),
        ];
        for (error, message, help) in table {
            assert_eq!(error.to_string(), message);
            assert_eq!(error.help().as_deref(), help, "{error}");
        }
    }
}
