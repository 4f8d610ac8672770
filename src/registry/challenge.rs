//! [`Challenge`]: how a server wants to be asked (RFC 9110, section 11.6.1).

use crate::io::HttpResponse;

/// A server that wants a token says where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The address of the token service.
    pub(super) realm: String,
    /// The service that the token is for.
    pub(super) service: Option<String>,
    /// What the token shall permit, as in `repository:org/app:pull`.
    pub(super) scope: Option<String>,
}

impl Challenge {
    /// Returns the challenge `Bearer` of an answer that names a token service; `None` without one.
    pub(super) fn of(answer: &HttpResponse) -> Option<Self> {
        let headers = answer.headers.iter().filter(|(name, _)| name == "www-authenticate");
        headers.into_iter().find_map(|(_, text)| Self::parse(text))
    }

    /// `SCHEME key="value", key=value, SCHEME …`
    fn parse(text: &str) -> Option<Self> {
        let (mut is_bearer, mut found) = (false, Vec::new());
        for item in outside_quotes(text) {
            let item = item.trim();
            let head = item.split(['=', '"']).next().unwrap_or_default();
            let parameter = match head.trim_end().split_once(' ') {
                Some((scheme, _)) => {
                    is_bearer = scheme.eq_ignore_ascii_case("bearer");
                    item.get(scheme.len()..).unwrap_or_default().trim_start()
                }
                None if item.contains('=') => item,
                None => {
                    is_bearer = false;
                    continue;
                }
            };
            if let Some((key, value)) = parameter.split_once('=').filter(|_| is_bearer) {
                found.push((key.trim().to_ascii_lowercase(), unquoted(value.trim())));
            }
        }
        let value = |key: &str| found.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        Some(Self { realm: value("realm")?, service: value("service"), scope: value("scope") })
    }
}

/// Splits a text at commas that are not in quotes.
fn outside_quotes(text: &str) -> Vec<String> {
    let (mut items, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in text.chars() {
        if c == ',' && !quoted {
            items.push(String::new());
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && quoted && !escaped;
        if let Some(last) = items.last_mut() {
            last.push(c);
        }
    }
    items
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').map(|inner| inner.strip_suffix('"').unwrap_or(inner)) else {
        return value.to_owned();
    };
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let table = [
            (
                r#"Bearer realm="https://t/token",service="r.io",scope="repository:o/api:pull,push""#,
                Some(("https://t/token", Some("r.io"), Some("repository:o/api:pull,push"))),
            ),
            (r#"bearer scope=x, REALM = "https://t/a\"b""#, Some(("https://t/a\"b", None, Some("x")))),
            (r#"Basic realm="r, s", Bearer realm="https://t/", Negotiate"#, Some(("https://t/", None, None))),
            (r#"Bearer realm="https://t/", Basic realm="x", scope="y""#, Some(("https://t/", None, None))),
            (r#"Basic realm="https://t/""#, None),
            (r#"Bearer error="invalid_token""#, None),
            ("Negotiate", None),
            ("Bearer", None),
            ("\"", None),
            ("", None),
        ];
        for (text, expected) in table {
            let found = Challenge::parse(text);
            let found = found.as_ref().map(|c| (c.realm.as_str(), c.service.as_deref(), c.scope.as_deref()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
