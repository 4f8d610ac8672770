//! [`ImageName`]: an image or a chart in an OCI registry, by docker's rules.

use std::fmt;
use std::str::FromStr;

/// The host of names that have none.
const DOCKER_HUB: &str = "docker.io";

/// The name of an image without tag and digest: `ghcr.io/org/app`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageName {
    /// The host with its port, if it has one.
    pub host: String,
    /// The repository on that host: lower-case components between slashes.
    pub path: String,
}

/// Why a text is not the name of an image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageNameError {
    /// It does not follow the grammar.
    #[error("`{0}` is not a valid name of an image; expected HOST/PATH in lower case, as in ghcr.io/org/app")]
    Malformed(String),
    /// It has more than a name.
    #[error("`{0}` has a tag or a digest; expected the name alone, as in ghcr.io/org/app")]
    Tagged(String),
}

impl ImageName {
    /// Reads a name. Its first component is a host if it has a `.` or a `:`, or is `localhost`; otherwise the image is on docker hub,
    /// where a name of one component is below `library`.
    ///
    /// # Errors
    /// Returns an error if it has a tag or a digest, or is not a name by the grammar of docker and the OCI distribution specification.
    pub fn parse(text: &str) -> Result<Self, ImageNameError> {
        let malformed = || ImageNameError::Malformed(text.to_owned());
        let is_host = |first: &str| first.contains(['.', ':']) || first == "localhost";
        let (host, path) = match text.split_once('/') {
            Some((first, rest)) if is_host(first) => (first, rest.to_owned()),
            Some(_) => (DOCKER_HUB, text.to_owned()),
            None => (DOCKER_HUB, format!("library/{text}")),
        };
        if path.contains([':', '@']) {
            return Err(ImageNameError::Tagged(text.to_owned()));
        }
        if is_valid_host(host) && path.split('/').all(is_valid_component) {
            Ok(Self { host: host.to_owned(), path })
        } else {
            Err(malformed())
        }
    }

    /// Returns `true` if it is on docker hub.
    #[must_use]
    pub fn is_docker_hub(&self) -> bool {
        self.host == DOCKER_HUB
    }
}

impl FromStr for ImageName {
    type Err = ImageNameError;

    fn from_str(text: &str) -> Result<Self, ImageNameError> {
        Self::parse(text)
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.path)
    }
}

fn is_valid_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let is_name = |name: &str| {
        let label = |label: &str| {
            let is_edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && is_edge(label.chars().next())
                && is_edge(label.chars().next_back())
        };
        name.split('.').all(label)
    };
    let in_brackets = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let is_address = in_brackets.is_some_and(|name| name.parse::<std::net::Ipv6Addr>().is_ok());
    (is_address || is_name(name)) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Lower-case letters and digits, between them one `.`, one or two `_`, or hyphens.
fn is_valid_component(component: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut between = component.split(is_word).filter(|between| !between.is_empty());
    let is_separator = |text: &str| matches!(text, "." | "_" | "__") || text.chars().all(|c| c == '-');
    component.starts_with(is_word) && component.ends_with(is_word) && between.all(is_separator)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_that_is_shown_is_read_back(text in r"([a-zA-Z0-9./:@_\[\]é-]|ghcr\.io/|localhost|library/){0,12}") {
            if let Ok(name) = ImageName::parse(&text) {
                prop_assert_eq!(ImageName::parse(&name.to_string()), Ok(name));
            }
        }
    }

    #[test]
    fn names_are_read_as_docker_does() {
        let table = [
            ("ghcr.io/o/api", Some("ghcr.io/o/api")),
            ("localhost/x", Some("localhost/x")),
            ("127.0.0.1:5055/trueppm/api", Some("127.0.0.1:5055/trueppm/api")),
            ("[::1]:5055/a", Some("[::1]:5055/a")),
            ("host:80/a__b/c-d---e.f", Some("host:80/a__b/c-d---e.f")),
            ("nginx", Some("docker.io/library/nginx")),
            ("org/app", Some("docker.io/org/app")),
            ("", None),
            ("/a", None),
            ("ghcr.io/", None),
            ("ghcr.io//a", None),
            ("ghcr.io/O/api", None),
            ("ghcr.io/a___b", None),
            ("ghcr.io/a..b", None),
            ("ghcr.io/-a", None),
            ("ghcr.io/a/", None),
            ("ghcr..io/a", None),
            ("host:port/a", None),
            ("user@ghcr.io/a", None),
            ("https://ghcr.io/a", None),
            ("ghcr.io/a b", None),
        ];
        for (text, expected) in table {
            let found = ImageName::parse(text).map(|name| name.to_string());
            assert_eq!(found.ok().as_deref(), expected, "{text}");
        }
        for text in ["ghcr.io/o/api:1.0", "nginx:latest", "ghcr.io/o/api@sha256:00"] {
            assert_eq!(ImageName::parse(text), Err(ImageNameError::Tagged(text.to_owned())));
        }
    }
}
