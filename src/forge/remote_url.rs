//! [`RemoteUrl`]: the address of a remote, as git reads it.

/// A remote on another machine. User information is dropped: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteUrl {
    /// The host, in lower case; an IPv6 address has its brackets.
    pub host: String,
    /// The scheme, host and port of the web server that such a remote goes with. Only http and https say it themselves.
    pub web: String,
    /// The path without slashes at its ends and without `.git`.
    pub path: String,
}

impl RemoteUrl {
    /// Reads an address: `https://`, `http://`, `ssh://`, `git://`, or `user@host:path` as scp has it. `None` if it is a folder.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let Some((scheme, rest)) = text.split_once("://") else { return Self::scp(text) };
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "https" | "http" | "ssh" | "git+ssh" | "ssh+git" | "git") {
            return None;
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = host_and_port(without_user(authority));
        let web = match (scheme.as_str(), port) {
            ("https" | "http", Some(port)) => format!("{scheme}://{host}:{port}"),
            ("https" | "http", None) => format!("{scheme}://{host}"),
            // The port of ssh says nothing about the web server.
            _ => web_of_ssh(&host),
        };
        Self::new(host, web, path)
    }

    /// A colon before the first slash makes it one.
    fn scp(text: &str) -> Option<Self> {
        let end_of_brackets = text.find(']').unwrap_or(0);
        let colon = end_of_brackets + text.get(end_of_brackets..)?.find(':')?;
        let (before, path) = (text.get(..colon)?, text.get(colon + 1..)?);
        let is_drive = before.len() == 1 && (cfg!(windows) || path.starts_with('\\'));
        if before.contains('/') || is_drive {
            return None;
        }
        let inside = without_user(before).strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let (host, _) = match inside {
            Some(inside) if inside.matches(':').count() == 1 => host_and_port(inside),
            _ => host_and_port(without_user(before)),
        };
        let web = web_of_ssh(&host);
        Self::new(host, web, path)
    }

    fn new(host: String, web: String, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let path = parts.join("/");
        let path = path.strip_suffix(".git").unwrap_or(&path).to_owned();
        (!host.is_empty() && !path.is_empty()).then_some(Self { host, web, path })
    }
}

/// github.com and gitlab.com have hosts of their own for ssh at port 443.
fn web_of_ssh(host: &str) -> String {
    let web = match host {
        "ssh.github.com" => "github.com",
        "altssh.gitlab.com" => "gitlab.com",
        host => host,
    };
    format!("https://{web}")
}

fn without_user(authority: &str) -> &str {
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// Returns the host in lower case, and its port.
pub(super) fn host_and_port(authority: &str) -> (String, Option<u16>) {
    let split = authority.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
    let (host, port) = split.map_or((authority, None), |(host, port)| (host, port.parse().ok()));
    (host.to_ascii_lowercase(), port)
}

#[cfg(test)]
mod tests {
    use super::RemoteUrl;

    #[test]
    fn remotes_as_git_reads_them() {
        let table = [
            ("https://github.com/o/r.git", Some(("https://github.com", "o/r"))),
            ("https://user:pw@Git.Example.com:8443/g/s/p/", Some(("https://git.example.com:8443", "g/s/p"))),
            ("http://localhost:3000/root/g/p.git", Some(("http://localhost:3000", "root/g/p"))),
            ("ssh://git@git.example.com:2222/g/p.git", Some(("https://git.example.com", "g/p"))),
            ("ssh://git@ssh.github.com:443/o/r.git", Some(("https://github.com", "o/r"))),
            ("git@github.com:o/r.git", Some(("https://github.com", "o/r"))),
            ("github.com:/o/r", Some(("https://github.com", "o/r"))),
            ("git@altssh.gitlab.com:g/s/p.git", Some(("https://gitlab.com", "g/s/p"))),
            ("[git.example.com:2222]:g/p", Some(("https://git.example.com", "g/p"))),
            ("git@[::1]:g/p", Some(("https://[::1]", "g/p"))),
            ("ssh://[::1]:22/g/p", Some(("https://[::1]", "g/p"))),
            ("git://git.example.com/p.git", Some(("https://git.example.com", "p"))),
            ("/srv/git/p.git", None),
            ("../p.git", None),
            ("./a:b", None),
            ("file:///srv/git/p.git", None),
            ("C:\\git\\p", None),
            ("https://github.com/", None),
            ("", None),
        ];
        for (text, expected) in table {
            let found = RemoteUrl::read(text);
            assert_eq!(found.as_ref().map(|url| (url.web.as_str(), url.path.as_str())), expected, "{text}");
        }
    }
}
