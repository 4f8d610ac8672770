//! [`ForgeAddress`]: where a forge and its API are, by the remote, relman.toml and the variables of a CI job.

use super::remote_url::{RemoteUrl, host_and_port};
use crate::io::is_loopback_host;
use crate::model::ForgeKind;

/// What relman.toml says about the forge; what is `None` is found by the remote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForgeSettings {
    /// The kind.
    pub kind: Option<ForgeKind>,
    /// The repository: owner and name, or groups and name.
    pub repository: Option<String>,
    /// The address for people.
    pub url: Option<String>,
    /// The address of the API.
    pub api: Option<String>,
}

/// Where a forge is, and the repository on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeAddress {
    /// The kind.
    pub kind: ForgeKind,
    /// The address for people, without a slash at its end.
    pub url: String,
    /// The address of the API, without a slash at its end.
    pub api: String,
    /// The repository: owner and name, or groups and name.
    pub repository: String,
    /// Whether more than relman.toml says that this is the forge: its makers, the remote, or the CI job. Whoever writes relman.toml
    /// must not be able to send the user's tokens to a host of their own.
    pub is_vouched_for: bool,
}

/// What is known of a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// All of it.
    At(ForgeAddress),
    /// All but its kind: the host has to be asked for it. The address is that for people.
    Ask {
        /// The address for people.
        url: String,
    },
    /// The remote is a folder or does not exist, and relman.toml says nothing else.
    Nowhere,
    /// What is known is not enough, or contradicts itself: why.
    Unclear(String),
}

/// Finds the forge. `remote` is the address of the remote, with `insteadOf` applied.
#[must_use]
pub fn locate(remote: Option<&str>, settings: &ForgeSettings, environment: &dyn Fn(&str) -> Option<String>) -> Located {
    let remote = remote.and_then(RemoteUrl::read);
    let job = Job::of(environment);
    if remote.is_none() && *settings == ForgeSettings::default() {
        return Located::Nowhere;
    }
    let url = settings.url.clone().or_else(|| remote.as_ref().map(|remote| remote.web.clone()));
    let url = url.or_else(|| settings.api.as_deref().map(origin));
    let url = url.or_else(|| settings.kind.map(|kind| format!("https://{}", makers_host(kind))));
    let Some(url) = url.map(|url| url.trim_end_matches('/').to_owned()) else {
        return Located::Unclear("the remote is not on a forge; set `kind` and `repository` in [forge]".to_owned());
    };
    let job = job.filter(|job| host_of(&job.url) == host_of(&url));
    let Some(kind) = settings.kind.or_else(|| kind_of(&url, settings.api.as_deref(), job.as_ref())) else {
        return Located::Ask { url };
    };
    let job = job.filter(|job| job.kind == kind);
    // A relative root is part of the address, not of the repository.
    let url = match &job {
        Some(job) if settings.url.is_none() => job.url.clone(),
        _ => url,
    };
    let repository = settings.repository.clone().or_else(|| Some(below_root(&remote.as_ref()?.path, &url)));
    let Some(repository) = repository else {
        return Located::Unclear("the remote does not name the repository; set `repository` in [forge]".to_owned());
    };
    let parts = repository.split('/').count();
    if parts < 2 || (kind == ForgeKind::Github && parts != 2) {
        return Located::Unclear(format!(
            "`{repository}` is not the name of a repository of {kind}; set `repository` in [forge]"
        ));
    }
    let of_job = job.as_ref().map(|job| job.api.clone());
    let api = settings.api.clone().or(of_job).unwrap_or_else(|| api_of(kind, &url));
    let api = api.trim_end_matches('/').to_owned();
    let hosts = [host_of(&url), host_of(&api)];
    let vouched = |host: &String| {
        is_loopback_host(host)
            || is_of_makers(kind, host)
            || job.as_ref().is_some_and(|job| [host_of(&job.url), host_of(&job.api)].contains(host))
            || remote.as_ref().is_some_and(|remote| is_near(&remote.host, host))
    };
    let is_vouched_for = hosts.iter().all(vouched);
    Located::At(ForgeAddress { kind, url, api, repository, is_vouched_for })
}

/// What a CI job says of its own forge.
struct Job {
    kind: ForgeKind,
    url: String,
    api: String,
}

impl Job {
    fn of(environment: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let table = [
            ("GITHUB_ACTIONS", ForgeKind::Github, "GITHUB_SERVER_URL", "GITHUB_API_URL"),
            ("GITLAB_CI", ForgeKind::Gitlab, "CI_SERVER_URL", "CI_API_V4_URL"),
        ];
        table.into_iter().find_map(|(mark, kind, url, api)| {
            environment(mark).filter(|mark| mark == "true")?;
            let url = environment(url)?.trim_end_matches('/').to_owned();
            let api = environment(api).unwrap_or_else(|| api_of(kind, &url));
            Some(Self { kind, url, api })
        })
    }
}

fn kind_of(url: &str, api: Option<&str>, job: Option<&Job>) -> Option<ForgeKind> {
    let host = host_of(url);
    let by_makers = ForgeKind::ALL.into_iter().find(|kind| is_of_makers(*kind, &host));
    let by_api = api.map(|api| api.trim_end_matches('/')).and_then(|api| match api {
        api if api.ends_with("/api/v3") || is_of_makers(ForgeKind::Github, &host_of(api)) => Some(ForgeKind::Github),
        api if api.ends_with("/api/v4") => Some(ForgeKind::Gitlab),
        _ => None,
    });
    by_makers.or(job.map(|job| job.kind)).or(by_api)
}

fn makers_host(kind: ForgeKind) -> &'static str {
    match kind {
        ForgeKind::Github => "github.com",
        ForgeKind::Gitlab => "gitlab.com",
    }
}

/// Returns `true` if the makers of the forge run this host.
fn is_of_makers(kind: ForgeKind, host: &str) -> bool {
    let own = makers_host(kind);
    host == own || (kind == ForgeKind::Github && (host == "api.github.com" || host.ends_with(".ghe.com")))
}

fn api_of(kind: ForgeKind, url: &str) -> String {
    match (kind, url.strip_prefix("https://")) {
        (ForgeKind::Github, Some("github.com" | "www.github.com")) => "https://api.github.com".to_owned(),
        (ForgeKind::Github, Some(host)) if host.ends_with(".ghe.com") => format!("https://api.{host}"),
        (ForgeKind::Github, _) => format!("{url}/api/v3"),
        (ForgeKind::Gitlab, _) => format!("{url}/api/v4"),
    }
}

/// Returns `true` if two hosts are one, or belong to the same domain, as ssh.example.com and git.example.com do.
fn is_near(one: &str, other: &str) -> bool {
    let domain =
        |host: &'_ str| host.split_once('.').map(|(_, rest)| rest.to_owned()).filter(|rest| rest.contains('.'));
    let below = |host: &str, domain: &str| domain.contains('.') && host.ends_with(&format!(".{domain}"));
    let is_name = |host: &str| host.bytes().any(|byte| byte.is_ascii_alphabetic());
    one == other
        || (is_name(one)
            && is_name(other)
            && (below(one, other) || below(other, one) || domain(one).is_some_and(|one| domain(other) == Some(one))))
}

/// Returns the path of a repository below the path of an address.
fn below_root(path: &str, url: &str) -> String {
    let root = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, root)| root);
    let below = path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/')).filter(|_| !root.is_empty());
    below.unwrap_or(path).to_owned()
}

fn origin(url: &str) -> String {
    let end = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(end..).unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    format!("{}{authority}", url.get(..end).unwrap_or_default())
}

/// Returns the host of an address, in lower case and without its port.
pub(super) fn host_of(url: &str) -> String {
    host_and_port(authority_of(url)).0
}

/// Returns the host of an address with its port.
pub(super) fn authority_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(remote: &str, settings: &ForgeSettings, variables: &[(&str, &str)]) -> Located {
        let environment =
            |name: &str| variables.iter().find(|(found, _)| *found == name).map(|(_, value)| (*value).to_owned());
        locate(Some(remote).filter(|remote| !remote.is_empty()), settings, &environment)
    }

    fn shown(located: &Located) -> String {
        match located {
            Located::At(at) => {
                format!(
                    "{} {} {} {} {}",
                    at.kind.to_string().to_lowercase(),
                    at.url,
                    at.api,
                    at.repository,
                    if at.is_vouched_for { "own" } else { "strange" }
                )
            }
            Located::Ask { url } => format!("ask {url}"),
            Located::Nowhere => "nowhere".to_owned(),
            Located::Unclear(why) => why.clone(),
        }
    }

    type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

    const ACTIONS: [(&str, &str); 3] = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SERVER_URL", "https://ghe.corp.com"),
        ("GITHUB_API_URL", "https://ghe.corp.com/api/v3"),
    ];
    const JOB: [(&str, &str); 3] = [
        ("GITLAB_CI", "true"),
        ("CI_SERVER_URL", "https://corp.com/gitlab"),
        ("CI_API_V4_URL", "https://corp.com/gitlab/api/v4"),
    ];
    /// The remote, settings, variables, and what is found.
    const FORGES: [Row; 21] = [
        ("git@github.com:o/r.git", "", &[], "github https://github.com https://api.github.com o/r own"),
        ("https://gitlab.com/g/s/p.git", "", &[], "gitlab https://gitlab.com https://gitlab.com/api/v4 g/s/p own"),
        ("https://acme.ghe.com/o/r", "", &[], "github https://acme.ghe.com https://api.acme.ghe.com o/r own"),
        ("https://ghe.corp.com/o/r", "", &[], "ask https://ghe.corp.com"),
        (
            "https://ghe.corp.com/o/r",
            "kind=github",
            &[],
            "github https://ghe.corp.com https://ghe.corp.com/api/v3 o/r own",
        ),
        ("https://ghe.corp.com/o/r", "", &ACTIONS, "github https://ghe.corp.com https://ghe.corp.com/api/v3 o/r own"),
        ("https://github.com/o/r", "", &ACTIONS, "github https://github.com https://api.github.com o/r own"),
        (
            "https://job:t@corp.com/gitlab/g/p.git",
            "",
            &JOB,
            "gitlab https://corp.com/gitlab https://corp.com/gitlab/api/v4 g/p own",
        ),
        (
            "https://corp.com/gitlab/g/p",
            "kind=gitlab url=https://corp.com/gitlab/",
            &[],
            "gitlab https://corp.com/gitlab https://corp.com/gitlab/api/v4 g/p own",
        ),
        (
            "git@ssh.corp.com:g/p",
            "kind=gitlab url=https://git.corp.com",
            &[],
            "gitlab https://git.corp.com https://git.corp.com/api/v4 g/p own",
        ),
        (
            "git@ssh.corp.com:g/p",
            "kind=gitlab url=https://evil.example.org",
            &[],
            "gitlab https://evil.example.org https://evil.example.org/api/v4 g/p strange",
        ),
        (
            "git@github.com:o/r",
            "api=https://evil.example.org/api/v3",
            &[],
            "github https://github.com https://evil.example.org/api/v3 o/r strange",
        ),
        (
            "https://x.example.com/g/p",
            "api=https://x.example.com/api/v4",
            &[],
            "gitlab https://x.example.com https://x.example.com/api/v4 g/p own",
        ),
        ("/srv/p.git", "kind=github repository=o/r", &[], "github https://github.com https://api.github.com o/r own"),
        (
            "",
            "kind=gitlab repository=g/p api=http://localhost:8080/api/v4",
            &[],
            "gitlab http://localhost:8080 http://localhost:8080/api/v4 g/p own",
        ),
        ("", "", &[], "nowhere"),
        ("/srv/p.git", "", &ACTIONS, "nowhere"),
        ("/srv/p.git", "repository=o/r", &[], "the remote is not on a forge; set `kind` and `repository` in [forge]"),
        ("/srv/p.git", "kind=github", &[], "the remote does not name the repository; set `repository` in [forge]"),
        ("https://github.com/o", "", &[], "`o` is not the name of a repository of GitHub; set `repository` in [forge]"),
        (
            "https://github.com/o/r/s",
            "",
            &[],
            "`o/r/s` is not the name of a repository of GitHub; set `repository` in [forge]",
        ),
    ];

    #[test]
    fn forges_by_remote_settings_and_job() {
        let settings = |text: &str| {
            let mut settings = ForgeSettings::default();
            for (key, value) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
                match key {
                    "kind" => settings.kind = serde_json::from_value(value.into()).ok(),
                    "repository" => settings.repository = Some(value.to_owned()),
                    "url" => settings.url = Some(value.to_owned()),
                    _ => settings.api = Some(value.to_owned()),
                }
            }
            settings
        };
        for (remote, text, variables, expected) in FORGES {
            assert_eq!(shown(&find(remote, &settings(text), variables)), expected, "{remote} {text}");
        }
    }

    #[test]
    fn hosts_of_one_domain() {
        let table = [
            ("git.corp.com", "ssh.corp.com", true),
            ("corp.com", "ssh.corp.com", true),
            ("a.com", "b.com", false),
            ("corp.com", "evilcorp.com", false),
            ("10.0.0.1", "10.0.0.2", false),
            ("git", "git", true),
        ];
        for (one, other, expected) in table {
            assert_eq!((is_near(one, other), is_near(other, one)), (expected, expected), "{one} {other}");
        }
    }
}
