//! Addresses, and the errors of the HTTP library, in relman's words.

use std::net::IpAddr;

use ureq::http::Uri;
use ureq::{Error, Timeout};

use super::http_fault::HttpFault;
use super::http_limits::HttpLimits;

/// Reads an address.
pub(super) fn target_of(url: &str) -> Result<Uri, HttpFault> {
    let uri: Uri = url.parse().map_err(|_| HttpFault::BadAddress(url.to_owned()))?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if is_http && uri.host().is_some_and(|host| !host.is_empty()) && !has_user {
        Ok(uri)
    } else {
        // User information may be a password.
        Err(HttpFault::BadAddress(if has_user {
            "an address with user information".to_owned()
        } else {
            url.to_owned()
        }))
    }
}

/// Returns `true` if the address may be reached as it is: it is encrypted, or leads to this machine.
pub(super) fn may_be_plain(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https") || is_loopback(uri)
}

/// Returns `true` if the address leads to this machine.
pub(super) fn is_loopback(uri: &Uri) -> bool {
    uri.host().is_some_and(is_loopback_host)
}

/// Returns `true` if a host of an address is this machine: `localhost`, or an address such as `127.0.0.1` or `[::1]`.
#[must_use]
pub fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Returns scheme, host and port.
pub(super) fn origin(uri: &Uri) -> (Option<&str>, Option<String>, Option<u16>) {
    let standard = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    (uri.scheme_str(), uri.host().map(str::to_ascii_lowercase), uri.port_u16().or(Some(standard)))
}

/// Returns `true` if two addresses have the same scheme, host and port, so that what belongs to one may be sent to the other.
#[must_use]
pub fn is_same_origin(one: &str, other: &str) -> bool {
    match (target_of(one), target_of(other)) {
        (Ok(one), Ok(other)) => origin(&one) == origin(&other),
        _ => false,
    }
}

/// Returns what an error of the library means.
pub(super) fn fault_of(error: Error, to: &Uri, limits: HttpLimits) -> HttpFault {
    let seconds = |milliseconds: u64| milliseconds.div_ceil(1000);
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => HttpFault::ConnectTimeout(seconds(limits.connect)),
        Error::Timeout(_) => HttpFault::Timeout(seconds(limits.answer)),
        Error::HostNotFound => HttpFault::UnknownHost(to.host().unwrap_or_default().to_owned()),
        Error::ConnectProxyFailed(detail) => HttpFault::Proxy(detail),
        Error::InvalidProxyUrl => HttpFault::Proxy("its address is not valid".to_owned()),
        Error::BodyExceedsLimit(_) => HttpFault::TooLarge(limits.body),
        Error::Io(error) => of_io(&error, to),
        Error::BadUri(_) | Error::Http(_) => HttpFault::BadAddress(to.to_string()),
        error @ (Error::Tls(_) | Error::Rustls(_) | Error::TlsRequired) => HttpFault::Tls(error.to_string()),
        error => HttpFault::Cut(error.to_string()),
    }
}

/// Words in what rustls says of a handshake that failed.
const HANDSHAKE: [&str; 4] = ["certificate", "incompatible", "InvalidContentType", "HandshakeFailure"];

fn of_io(error: &std::io::Error, to: &Uri) -> HttpFault {
    use std::io::ErrorKind;
    let detail = error.to_string();
    // The standard library has no kind of its own for names that are not found.
    if detail.contains("failed to lookup address") {
        return HttpFault::UnknownHost(to.host().unwrap_or_default().to_owned());
    }
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable
        | ErrorKind::PermissionDenied => HttpFault::Connect(detail),
        // This is how rustls reports a connection that it does not make. A record that is damaged later is of another kind: what was
        // sent before it may have arrived.
        ErrorKind::InvalidData if HANDSHAKE.iter().any(|word| detail.contains(word)) => HttpFault::Tls(detail),
        _ => HttpFault::Cut(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_may_be_asked() {
        let table = [
            ("https://api.github.com/x", Some(true)),
            ("http://localhost:80/x", Some(true)),
            ("http://[::1]:80/x", Some(true)),
            ("http://localhost/x", Some(true)),
            ("http://api.github.com/x", Some(false)),
            ("http://localhost.example.com/x", Some(false)),
            ("http://localhost@example.com/x", None),
            ("ftp://example.com/x", None),
            ("/x", None),
            ("https:///x", None),
        ];
        for (url, expected) in table {
            assert_eq!(target_of(url).ok().map(|uri| may_be_plain(&uri)), expected, "{url}");
        }
    }
}
