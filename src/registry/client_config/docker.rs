//! [`DockerLogins`]: what `docker login` and `podman login` keep.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::files::{Environment, read_if_there, set_path};
use crate::registry::credential::{Credential, Keys};

/// The files of docker and podman, those that win first.
#[derive(Debug)]
pub(in crate::registry) struct DockerLogins {
    files: Vec<Result<Logins, String>>,
}

/// `config.json` and `auth.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Logins {
    auths: BTreeMap<String, Login>,
    creds_store: Option<String>,
    cred_helpers: BTreeMap<String, String>,
}

/// What is kept for one registry. It has no debug form of its own: it is secret.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Login {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<secret>")
    }
}

impl DockerLogins {
    /// Reads `REGISTRY_AUTH_FILE`, docker's config.json in `DOCKER_CONFIG` or the home folder, and podman's auth.json.
    pub(in crate::registry) fn read(environment: Environment<'_>, home: Option<&Path>) -> Self {
        let docker = set_path(environment, "DOCKER_CONFIG").or_else(|| home.map(|home| home.join(".docker")));
        let paths = [
            set_path(environment, "REGISTRY_AUTH_FILE"),
            docker.map(|folder| folder.join("config.json")),
            set_path(environment, "XDG_RUNTIME_DIR").map(|folder| folder.join("containers/auth.json")),
        ];
        let read = |path: PathBuf| {
            let text = read_if_there(&path).transpose()?;
            let damaged = |_| format!("{} is not a valid file of logins", path.display());
            Some(text.and_then(|text| serde_json::from_str(&text).map_err(damaged)))
        };
        Self { files: paths.into_iter().flatten().filter_map(read).collect() }
    }

    /// Returns the keys to a repository: of the login whose name is the longest beginning of it, as in `ghcr.io` or `ghcr.io/org`.
    pub(in crate::registry) fn keys(&self, host: &str, path: &str) -> Keys {
        let mut notes = Vec::new();
        for file in &self.files {
            match file {
                Ok(logins) => match logins.keys(host, path) {
                    Keys { credential: None, note } => notes.extend(note),
                    keys => return keys,
                },
                Err(why) => notes.push(why.clone()),
            }
        }
        notes.into_iter().next().map_or_else(Keys::default, Keys::none)
    }
}

impl Logins {
    fn keys(&self, host: &str, path: &str) -> Keys {
        let whole = format!("{host}/{path}");
        let covers = |name: &str| whole.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
        let logins = self.auths.iter().map(|(name, login)| (registry_of(name), login));
        let login = logins.filter(|(name, _)| covers(name)).max_by_key(|(name, _)| name.len());
        let login = login.map(|(_, login)| login);
        if let Some(credential) = login.and_then(Login::credential) {
            return Keys::of(credential);
        }
        let helper = self.cred_helpers.iter().find(|(name, _)| covers(registry_of(name))).map(|(_, helper)| helper);
        // A store is for all registries; those that one is logged in to have an empty entry.
        let store = self.creds_store.as_ref().filter(|_| login.is_some());
        match (helper.or(store), login) {
            (Some(program), _) => Keys::none(format!(
                "the login for {host} is kept by docker-credential-{program}, which relman does not run"
            )),
            (None, Some(login)) if login.identitytoken.is_some() => {
                Keys::none(format!("the login for {host} is an identity token, which relman does not use"))
            }
            _ => Keys::default(),
        }
    }
}

impl Login {
    fn credential(&self) -> Option<Credential> {
        let text = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
        if let Some(token) = text(&self.registrytoken) {
            return Some(Credential::bearer(&token));
        }
        if text(&self.identitytoken).is_some() {
            return None;
        }
        match (text(&self.username), text(&self.password)) {
            (Some(user), Some(password)) => Some(Credential::basic(&user, &password)),
            _ => Credential::encoded(&text(&self.auth)?),
        }
    }
}

/// `https://ghcr.io/v2/` and `ghcr.io` are one.
fn registry_of(name: &str) -> &str {
    let bare = name.split_once("://").map_or(name, |(_, rest)| rest).trim_end_matches('/');
    bare.strip_suffix("/v1").or_else(|| bare.strip_suffix("/v2")).unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(json: &str, host: &str, path: &str) -> (Option<String>, Option<String>) {
        let logins = DockerLogins { files: vec![Ok(serde_json::from_str(json).unwrap())] };
        let keys = logins.keys(host, path);
        let shown = keys.credential.as_ref().map(|credential| {
            let (_, before, secret) = credential.header();
            format!("{before}{}", secret.reveal())
        });
        (shown, keys.note)
    }

    #[test]
    fn the_login_of_a_registry() {
        // `u:p` and `o:q` in base 64.
        let json = r#"{"auths": {"https://ghcr.io/v2/": {"auth": "dTpw"}, "ghcr.io/org": {"auth": "bzpx"}, "r.io": {},
            "t.io": {"registrytoken": "abc"}, "i.io": {"auth": "dTpw", "identitytoken": "x"}, "n.io:80": {"username": "u", "password": "p"},
            "bad.io": {"auth": "%%%"}}, "credsStore": "desktop", "credHelpers": {"gcr.io": "gcloud"}}"#;
        let table = [
            ("ghcr.io", "other/api", Some("Basic dTpw"), None),
            ("ghcr.io", "org/api", Some("Basic bzpx"), None),
            ("ghcr.io", "orga/api", Some("Basic dTpw"), None),
            ("n.io:80", "a", Some("Basic dTpw"), None),
            ("n.io", "a", None, None),
            ("t.io", "a", Some("Bearer abc"), None),
            (
                "r.io",
                "a",
                None,
                Some("the login for r.io is kept by docker-credential-desktop, which relman does not run"),
            ),
            (
                "gcr.io",
                "a",
                None,
                Some("the login for gcr.io is kept by docker-credential-gcloud, which relman does not run"),
            ),
            ("evil-ghcr.io", "a", None, None),
        ];
        for (host, path, credential, note) in table {
            let found = keys(json, host, path);
            assert_eq!((found.0.as_deref(), found.1.as_deref()), (credential, note), "{host}/{path}");
        }
        let without_store = r#"{"auths": {"i.io": {"auth": "dTpw", "identitytoken": "x"}}}"#;
        assert!(keys(without_store, "i.io", "a").1.unwrap().contains("identity token"));
        let logins: Logins = serde_json::from_str(json).unwrap();
        assert!(!format!("{logins:?}").contains("dTpw"));
    }

    #[test]
    fn damaged_files_are_named() {
        let logins = DockerLogins { files: vec![Err("x is not a valid file of logins".to_owned())] };
        assert_eq!(logins.keys("a.io", "b").note.as_deref(), Some("x is not a valid file of logins"));
    }
}
