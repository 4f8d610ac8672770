//! [`NpmClient`]: where npm looks for packages.

use std::path::Path;

use super::entries::entries;
use super::files::{Environment, read_if_there, set_path, value_of};
use crate::registry::credential::{Credential, Keys};
use crate::registry::error::RegistryFault;
use crate::registry::place::Place;

/// What npm is configured for.
#[derive(Debug)]
pub(in crate::registry) struct NpmClient {
    /// `npm_config_registry`
    registry: Option<Place>,
    /// The settings of all files, those that win first.
    settings: Vec<Setting>,
    /// Why a file cannot be read.
    damaged: Option<String>,
}

/// A line of an `.npmrc`.
struct Setting {
    key: String,
    /// `None` if it names variables that are not used for it.
    value: Option<String>,
}

impl std::fmt::Debug for Setting {
    /// The value may be a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)
    }
}

impl NpmClient {
    /// Reads `npm_config_registry` and the `.npmrc` of the workspace, of the user, and of the machine.
    pub(in crate::registry) fn read(environment: Environment<'_>, root: &Path, home: Option<&Path>) -> Self {
        let either = |name: &str| value_of(environment, name).or_else(|| value_of(environment, &name.to_uppercase()));
        let path = |name: &str| set_path(&either, name);
        let users = path("npm_config_userconfig").or_else(|| home.map(|home| home.join(".npmrc")));
        let of_workspace = Some(root.join(".npmrc"));
        let files = [(of_workspace, false), (users, true), (path("npm_config_globalconfig"), true)];
        let (mut settings, mut damaged) = (Vec::new(), None);
        for (path, is_users) in files.into_iter().filter_map(|(path, is_users)| Some((path?, is_users))) {
            match read_if_there(&path) {
                Ok(text) => settings.extend(entries(&text.unwrap_or_default(), &['=']).iter().map(|entry| Setting {
                    key: entry.key.to_owned(),
                    value: expanded(entry.value, if is_users { Some(environment) } else { None }),
                })),
                Err(why) => damaged = damaged.or(Some(why)),
            }
        }
        Self { registry: either("npm_config_registry").map(|text| Place::parse(&text)), settings, damaged }
    }

    /// Returns where a package is looked for: at this address, else where npm would.
    pub(in crate::registry) fn place(&self, address: Option<&str>, package: &str) -> Result<Place, RegistryFault> {
        let scope = package.split_once('/').map(|(scope, _)| scope).filter(|scope| scope.starts_with('@'));
        let of_scope = || self.value(&format!("{}:registry", scope?));
        let first = address.or_else(of_scope).map(Place::parse);
        let place = first.or_else(|| self.registry.clone()).or_else(|| self.value("registry").map(Place::parse));
        let place = place.ok_or_else(|| match &self.damaged {
            Some(why) => RegistryFault::Configuration(why.clone()),
            None => RegistryFault::NotConfigured { key: "registries.npm".to_owned(), note: None },
        })?;
        Ok(place.with_keys(|place| self.keys(&place.address)))
    }

    /// npm keeps credentials by the address without its scheme, or by a beginning of it: `//host/path/:_authToken`.
    fn keys(&self, address: &str) -> Keys {
        let mut rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        loop {
            let setting = |name: &str| {
                let keys = [format!("//{rest}/:{name}"), format!("//{rest}:{name}")];
                self.settings.iter().find(|setting| keys.contains(&setting.key))
            };
            let value = |name: &str| setting(name).and_then(|setting| setting.value.as_deref());
            let decoded = |password: &str| Credential::encoded_password(value("username")?, password);
            let credential = value("_authToken").map(Credential::bearer);
            let credential = credential.or_else(|| value("_auth").and_then(Credential::encoded));
            if let Some(credential) = credential.or_else(|| value("_password").and_then(decoded)) {
                return Keys::of(credential);
            }
            if ["_authToken", "_auth", "_password"].iter().any(|name| setting(name).is_some()) {
                let note = "the credentials in .npmrc name variables that are not set, or are not those of the user's own .npmrc";
                return Keys::none(note.to_owned());
            }
            match rest.rsplit_once('/') {
                Some((parent, _)) => rest = parent,
                None => return self.damaged.clone().map_or_else(Keys::default, Keys::none),
            }
        }
    }

    fn value(&self, key: &str) -> Option<&str> {
        let setting = self.settings.iter().find(|setting| setting.key == key && setting.value.is_some())?;
        setting.value.as_deref()
    }
}

/// Replaces `${NAME}` by the variable. `None` if it is not set, or no environment is given: a file of the workspace must not send
/// what is secret here to a host that it names.
fn expanded(text: &str, environment: Option<Environment<'_>>) -> Option<String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once("${") {
        let (name, after) = behind.split_once('}')?;
        out.push_str(before);
        match name.strip_suffix('?') {
            Some(optional) => out.push_str(&environment?(optional).unwrap_or_default()),
            None => out.push_str(&environment?(name)?),
        }
        rest = after;
    }
    Some(out + rest)
}
