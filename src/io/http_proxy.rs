//! [`Proxies`]: which proxy a request goes through, by the variables that curl and git read.

use ureq::Proxy;
use ureq::http::Uri;

use super::http_error::is_loopback;
use super::http_fault::HttpFault;

/// The proxies that the environment names. They may hold passwords.
#[derive(Clone)]
pub(super) struct Proxies {
    https: Option<String>,
    http: Option<String>,
    exceptions: Vec<String>,
}

impl Proxies {
    /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case; the lower one wins, as in curl.
    pub(super) fn of(environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| {
            let lower = environment(&name.to_ascii_lowercase());
            lower.or_else(|| environment(name)).filter(|value| !value.trim().is_empty())
        };
        let all = either("ALL_PROXY");
        let exceptions = either("NO_PROXY").unwrap_or_default();
        Self {
            https: either("HTTPS_PROXY").or_else(|| all.clone()),
            http: either("HTTP_PROXY").or(all),
            exceptions: exceptions
                .split([',', ' '])
                .map(|name| name.trim().to_ascii_lowercase())
                .filter(|name| !name.is_empty())
                .collect(),
        }
    }

    /// Returns the proxy for an address. Requests to this machine never go through one: they may be unencrypted.
    pub(super) fn for_address(&self, uri: &Uri) -> Result<Option<Proxy>, HttpFault> {
        let named = if uri.scheme_str() == Some("https") { &self.https } else { &self.http };
        match named {
            Some(url) if !is_loopback(uri) && !self.is_excepted(uri) => {
                Proxy::new(url).map(Some).map_err(|_| HttpFault::Proxy("its address is not valid".to_owned()))
            }
            _ => Ok(None),
        }
    }

    /// `*` is any host, `example.com` and `.example.com` are that domain and all below it; with a port, that port only.
    fn is_excepted(&self, uri: &Uri) -> bool {
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        self.exceptions.iter().any(|entry| {
            let (name, of_port) = match entry.rsplit_once(':') {
                Some((name, digits)) if !name.contains(':') => (name, digits.parse::<u16>().ok()),
                _ => (entry.as_str(), None),
            };
            let domain = name.trim_start_matches("*.").trim_start_matches('.');
            let below = host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            (name == "*" || below) && of_port.is_none_or(|wanted| wanted == port)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let environment =
            |name: &str| variables.iter().find(|(found, _)| *found == name).map(|(_, value)| (*value).to_owned());
        let found = Proxies::of(&environment).for_address(&url.parse().unwrap()).unwrap();
        found.map(|proxy| format!("{}:{}", proxy.host(), proxy.port()))
    }

    type Row<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<&'a str>);

    #[test]
    fn a_proxy_is_chosen_as_curl_does() {
        let https = ("HTTPS_PROXY", "http://user:pw@p.example.com:3128");
        let table: [Row<'_>; 10] = [
            (&[], "https://a.example.com/", None),
            (&[https], "https://a.example.com/", Some("p.example.com:3128")),
            (&[https, ("https_proxy", "http://q.example.com:1")], "https://a.example.com/", Some("q.example.com:1")),
            (&[("HTTP_PROXY", "http://p.example.com:1")], "https://a.example.com/", None),
            (&[("ALL_PROXY", "p.example.com:1")], "https://a.example.com/", Some("p.example.com:1")),
            (&[https, ("NO_PROXY", "example.com")], "https://a.example.com/", None),
            (&[https, ("NO_PROXY", "x.org, .example.com:8443")], "https://a.example.com/", Some("p.example.com:3128")),
            (&[https, ("NO_PROXY", "ample.com")], "https://a.example.com/", Some("p.example.com:3128")),
            (&[https, ("NO_PROXY", "*")], "https://a.example.com/", None),
            (&[https], "https://[::1]:8443/", None),
        ];
        for (variables, url, expected) in table {
            assert_eq!(proxy(variables, url).as_deref(), expected, "{variables:?} {url}");
        }
    }
}
