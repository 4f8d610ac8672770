//! [`WebUrl`]: the address of a forge.

use std::net::{IpAddr, Ipv6Addr};

use super::reader::TableReader;

/// The address of a forge or of its API: `https://HOST[:PORT][/PATH]`; `http` only leads to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebUrl(String);

/// Why a text is not a valid address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebUrlError {
    /// It does not start with a scheme and a host.
    #[error("it does not have the form https://HOST")]
    Form,
    /// A token would go over the network in plain text.
    #[error("http is not encrypted, and may only lead to a loopback address")]
    Plain,
    /// It holds a user name or a password.
    #[error("it holds a user name or a password")]
    User,
    /// It has a query or a fragment.
    #[error("it has a query or a fragment")]
    Query,
}

impl WebUrlError {
    /// Returns what to do about it.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Form => "write it as in \"https://git.example.com\"",
            Self::Plain => "write https://",
            Self::User => "remove it; tokens come from the environment, as RELMAN_TOKEN",
            Self::Query => "remove everything from the `?` or the `#` on",
        }
    }
}

impl WebUrl {
    /// Reads an address. A slash at its end does not count.
    ///
    /// # Errors
    /// Returns an error if it is not an encrypted address of another machine, or any address of this one.
    pub fn new(text: &str) -> Result<Self, WebUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(WebUrlError::Form)?;
        let authority = rest.split('/').next().unwrap_or("");
        if authority.contains('@') {
            return Err(WebUrlError::User);
        }
        if rest.contains(['?', '#']) {
            return Err(WebUrlError::Query);
        }
        let url = Self(text.trim_end_matches('/').to_owned());
        let is_plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
        let host = url.host();
        let is_port = url.port_text().is_none_or(|port| port.parse::<u16>().is_ok());
        let is_host = host.parse::<Ipv6Addr>().is_ok()
            || (!host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b)));
        if !is_host || !is_port || !rest.chars().all(is_plain) {
            return Err(WebUrlError::Form);
        }
        match scheme {
            "https" => Ok(url),
            "http" if url.is_loopback() => Ok(url),
            "http" => Err(WebUrlError::Plain),
            _ => Err(WebUrlError::Form),
        }
    }

    /// Returns the address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the host, without brackets and port.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.authority();
        match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, _)) => host,
            None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
        }
    }

    /// Returns `true` if it leads to this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or("")
    }

    fn port_text(&self) -> Option<&str> {
        let authority = self.authority();
        let behind = authority.rsplit_once(']').map_or(authority, |(_, behind)| behind);
        behind.rsplit_once(':').map(|(_, port)| port)
    }
}

impl std::fmt::Display for WebUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a key whose value is an address.
pub(super) fn read_url(reader: &mut TableReader<'_>, key: &'static str) -> Option<WebUrl> {
    let text = reader.string(key)?;
    let url = WebUrl::new(&text.value);
    url.map_err(|error| {
        // What follows the scheme may be a password.
        reader.problems().add(text.span, format!("`{key}` is not a valid address: {error}"), error.help());
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("https://git.example.com", Ok("git.example.com")),
            ("https://git.example.com:8443/gitlab/", Ok("git.example.com")),
            ("http://localhost:8080/api/v3", Ok("localhost")),
            ("http://localhost:1", Ok("localhost")),
            ("http://[::1]:1/x", Ok("::1")),
            ("http://git.example.com", Err(WebUrlError::Plain)),
            ("http://localhost.example.com", Err(WebUrlError::Plain)),
            ("https://user:x@git.example.com", Err(WebUrlError::User)),
            ("https://git.example.com?x", Err(WebUrlError::Query)),
            ("git.example.com", Err(WebUrlError::Form)),
            ("ssh://git.example.com", Err(WebUrlError::Form)),
            ("https://", Err(WebUrlError::Form)),
            ("https:///x", Err(WebUrlError::Form)),
            ("https://a b", Err(WebUrlError::Form)),
            ("https://a:x", Err(WebUrlError::Form)),
            ("https://a:99999", Err(WebUrlError::Form)),
            ("https://a\\b", Err(WebUrlError::Form)),
        ];
        for (text, expected) in cases {
            let found = WebUrl::new(text);
            assert_eq!(found.as_ref().map(WebUrl::host).map_err(|error| *error), expected, "{text}");
        }
        let loopback = |host: &str| WebUrl::new(&format!("http://{host}:8080/api")).is_ok();
        let hosts = ["127.0.0.1", "127.1.2.3", "127.0.0.1.example.com", "128.0.0.1"];
        assert_eq!(hosts.map(loopback), [true, true, false, false]);
        assert_eq!(WebUrl::new("https://a/b/").unwrap().as_str(), "https://a/b");
    }
}
