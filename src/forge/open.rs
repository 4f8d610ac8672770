//! [`open`]: from a remote to a client of its forge.

use std::path::Path;
use std::time::Duration;

use super::Forge;
use super::address::{ForgeSettings, Located, authority_of, host_of, locate};
use super::error::{Call, ForgeError, ForgeFault};
use super::probe::{HostKind, kind_of_host};
use super::token::{TokenSource, find_token};
use crate::io::{Git, Http, Input, Method, Pace, gh_token, git_password, variable};
use crate::model::{ForgeKind, Secret};

/// Finds the forge of a remote, by its address, relman.toml and the environment, and the token for it. `None` if the remote is a folder
/// or does not exist, and relman.toml says nothing of a forge. No request is made but to a host whose kind is not known otherwise.
///
/// # Errors
/// Returns an error if what is known is not enough or contradicts itself, or the host does not say what it is.
pub fn open(
    git: &Git,
    remote: &str,
    settings: &ForgeSettings,
    patience: Duration,
) -> Result<Option<Forge>, ForgeError> {
    let url = remote_url(git, remote);
    let http = Http::default();
    let pace = Pace::new(patience);
    let address = match located(url.as_deref(), settings, &http)? {
        Some(address) => address,
        None => return Ok(None),
    };
    let stored = |source: TokenSource| stored(source, &address.url, git.toplevel());
    let token = find_token(&address, &variable, &stored);
    Ok(Some(Forge::new(address, token, http, pace, &variable)))
}

/// Returns the kind of a remote's forge as far as it is known without a request; `None` without a forge, and where only its host could tell.
#[must_use]
pub fn known_kind(git: &Git, remote: &str, settings: &ForgeSettings) -> Option<ForgeKind> {
    match locate(remote_url(git, remote).as_deref(), settings, &variable) {
        Located::At(address) => Some(address.kind),
        Located::Ask { .. } | Located::Nowhere | Located::Unclear(_) => None,
    }
}

fn located(
    remote: Option<&str>,
    settings: &ForgeSettings,
    http: &Http,
) -> Result<Option<super::ForgeAddress>, ForgeError> {
    let failed =
        |address: &str, fault| ForgeError { call: Call { method: Method::Get, address: address.to_owned() }, fault };
    let unclear = |address: &str, why: String| failed(address, ForgeFault::Unsupported(why));
    let found = match locate(remote, settings, &variable) {
        Located::Ask { url } => {
            let kind = match kind_of_host(http, &url) {
                HostKind::Forge(kind) => kind,
                HostKind::Other => return Err(failed(&url, ForgeFault::NotAForge)),
                HostKind::Silent => {
                    let why = "it does not say whether it is GitHub or GitLab; set `kind` in [forge]";
                    return Err(unclear(&url, why.to_owned()));
                }
            };
            locate(remote, &ForgeSettings { kind: Some(kind), ..settings.clone() }, &variable)
        }
        found => found,
    };
    match found {
        Located::At(address) => Ok(Some(address)),
        Located::Nowhere => Ok(None),
        Located::Ask { url } => Err(unclear(&url, "set `kind` in [forge]".to_owned())),
        Located::Unclear(why) => Err(unclear(settings.url.as_deref().unwrap_or("the forge"), why)),
    }
}

/// The address of a remote as git reads it: `insteadOf` is applied.
fn remote_url(git: &Git, remote: &str) -> Option<String> {
    let run = git.try_read(&["remote", "get-url", "--", remote], Input::Nothing).ok()?;
    let text = String::from_utf8(run.stdout.clone()).ok().filter(|_| run.is_success())?;
    text.lines().next().map(str::to_owned)
}

fn stored(source: TokenSource, url: &str, dir: &Path) -> Option<Secret> {
    match source {
        TokenSource::Variable(_) => None,
        TokenSource::Gh => gh_token(&host_of(url), dir),
        TokenSource::Git => {
            let protocol = url.split_once("://").map_or("https", |(protocol, _)| protocol);
            git_password(protocol, authority_of(url), dir)
        }
    }
}
