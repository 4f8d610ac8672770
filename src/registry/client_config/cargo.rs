//! [`CargoClient`]: where Cargo looks for crates.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item};

use super::files::{Environment, read_if_there, set_path, value_of};
use crate::registry::credential::{Credential, Keys};
use crate::registry::error::RegistryFault;
use crate::registry::place::Place;

/// The registry that Cargo knows by itself, and whose address is not written down here.
const BUILT_IN: &str = "crates-io";
/// More sources do not replace each other.
const MOST_REPLACEMENTS: usize = 10;

/// What Cargo is configured for.
#[derive(Debug)]
pub(in crate::registry) struct CargoClient {
    /// Where Cargo would look, or why that is not known.
    index: Result<Place, RegistryFault>,
    registries: Vec<Registry>,
}

/// A registry with a name.
#[derive(Debug)]
struct Registry {
    name: String,
    address: String,
    token: Option<Credential>,
    /// Whether the address is the user's own word, and not that of a file in the workspace.
    is_users: bool,
}

/// Files of Cargo's configuration, the nearest first.
struct Files<'a> {
    environment: Environment<'a>,
    /// With whether it is the user's own.
    configs: Vec<(DocumentMut, bool)>,
    credentials: DocumentMut,
}

impl CargoClient {
    /// Reads `.cargo/config.toml` of the workspace and of the folders above it, that of `CARGO_HOME` with its credentials.toml, and the
    /// variables `CARGO_REGISTRIES_…`.
    pub(in crate::registry) fn read(environment: Environment<'_>, root: &Path, home: Option<&Path>) -> Self {
        match Files::read(environment, root, home) {
            Ok(files) => {
                let index = files.index().map_err(RegistryFault::Configuration);
                let index = index.and_then(|index| index.map_or_else(|| Err(not_configured(None)), |it| place_of(&it)));
                Self { index, registries: files.registries() }
            }
            Err(why) => Self { index: Err(RegistryFault::Configuration(why)), registries: Vec::new() },
        }
    }

    /// Returns where crates are looked for: at this address, else where Cargo would.
    pub(in crate::registry) fn place(&self, address: Option<&str>) -> Result<Place, RegistryFault> {
        let place = address.map_or_else(|| self.index.clone(), |address| Ok(Place::parse(address)))?;
        Ok(place.with_keys(|place| self.keys(&place.address)))
    }

    fn keys(&self, address: &str) -> Keys {
        let mut with_token = self.registries.iter().filter(|registry| registry.address == address);
        match with_token.find_map(|registry| Some((registry, registry.token.as_ref()?))) {
            Some((Registry { is_users: true, .. }, token)) => Keys::of(token.clone()),
            Some((Registry { name, .. }, _)) => Keys::none(format!(
                "the token of the registry `{name}` is sent to an index only that Cargo's configuration in the home folder names, or the environment"
            )),
            None => Keys::default(),
        }
    }
}

impl<'a> Files<'a> {
    fn read(environment: Environment<'a>, root: &Path, home: Option<&Path>) -> Result<Self, String> {
        let own = set_path(environment, "CARGO_HOME").or_else(|| home.map(|home| home.join(".cargo")));
        let near = root.ancestors().map(|folder| folder.join(".cargo")).filter(|folder| Some(folder) != own.as_ref());
        let folders: Vec<(PathBuf, bool)> =
            near.map(|folder| (folder, false)).chain(own.clone().map(|folder| (folder, true))).collect();
        let mut configs = Vec::new();
        for (folder, is_users) in folders {
            if let Some(config) = document(&folder, "config")? {
                configs.push((config, is_users));
            }
        }
        let credentials = own.map_or(Ok(None), |folder| document(&folder, "credentials"))?.unwrap_or_default();
        Ok(Self { environment, configs, credentials })
    }

    /// Returns a text of the nearest file that has it, and whether that file is the user's own.
    fn find(&self, path: [&str; 3]) -> Option<(&str, bool)> {
        self.configs.iter().find_map(|(config, is_users)| Some((text_at(config, &path)?, *is_users)))
    }

    /// Returns the index of a registry by its name, and whether it is the user's own word.
    fn index_of(&self, name: &str) -> Option<(String, bool)> {
        let variable = value_of(self.environment, &variable_of(name, "INDEX")).map(|index| (index, true));
        let of_files =
            || self.find(["registries", name, "index"]).map(|(index, is_users)| (index.to_owned(), is_users));
        variable.or_else(of_files)
    }

    fn default_registry(&self) -> Option<String> {
        let of_files = || {
            let found = self.configs.iter().find_map(|(config, _)| text_at(config, &["registry", "default"]));
            found.map(str::to_owned)
        };
        value_of(self.environment, "CARGO_REGISTRY_DEFAULT").or_else(of_files).filter(|name| name != BUILT_IN)
    }

    /// The registry that crates are published to by default, else what replaces the one that is built in.
    fn index(&self) -> Result<Option<String>, String> {
        if let Some(name) = self.default_registry() {
            let missing = || format!("Cargo's default registry `{name}` has no index");
            return self.index_of(&name).map(|(index, _)| Some(index)).ok_or_else(missing);
        }
        let mut name = BUILT_IN.to_owned();
        for _ in 0..MOST_REPLACEMENTS {
            match self.find(["source", &name, "replace-with"]) {
                Some((next, _)) => name = next.to_owned(),
                None if name == BUILT_IN => return Ok(None),
                None => {
                    let of_source = self.find(["source", &name, "registry"]).map(|(index, _)| index.to_owned());
                    let index = of_source.or_else(|| self.index_of(&name).map(|(index, _)| index));
                    let other = || format!("Cargo's source `{name}`, which replaces {BUILT_IN}, is not a registry");
                    return index.map(Some).ok_or_else(other);
                }
            }
        }
        Err(format!("Cargo's sources replace each other in a circle at `{name}`"))
    }

    fn registries(&self) -> Vec<Registry> {
        let tables = self.configs.iter().filter_map(|(config, _)| config.get("registries")?.as_table_like());
        let names = tables.flat_map(|table| table.iter().map(|(name, _)| name.to_owned()));
        let names: BTreeSet<String> = names.chain(self.default_registry()).collect();
        let registry = |name: String| {
            let (index, is_users) = self.index_of(&name)?;
            let address = Place::parse(index.strip_prefix("sparse+")?).address;
            let kept = || text_at(&self.credentials, &["registries", &name, "token"]).map(str::to_owned);
            let token = value_of(self.environment, &variable_of(&name, "TOKEN")).or_else(kept);
            Some(Registry { address, token: token.map(|token| Credential::plain(&token)), is_users, name })
        };
        names.into_iter().filter_map(registry).collect()
    }
}

/// Returns where an index is that is written as Cargo does.
fn place_of(index: &str) -> Result<Place, RegistryFault> {
    let sparse = index.strip_prefix("sparse+").map(Place::parse);
    sparse.ok_or_else(|| {
        let Place { address, .. } = Place::parse(index.trim_start_matches("registry+"));
        not_configured(Some(format!("found {address}, which is not a sparse index (sparse+https://…)")))
    })
}

fn not_configured(note: Option<String>) -> RegistryFault {
    RegistryFault::NotConfigured { key: "registries.crates".to_owned(), note }
}

/// `CARGO_REGISTRIES_MY_NAME_INDEX`
fn variable_of(name: &str, what: &str) -> String {
    format!("CARGO_REGISTRIES_{}_{what}", name.to_uppercase().replace('-', "_"))
}

/// Reads `NAME.toml`, or `NAME`, which wins where both are there.
fn document(folder: &Path, name: &str) -> Result<Option<DocumentMut>, String> {
    for file in [name.to_owned(), format!("{name}.toml")] {
        let path = folder.join(file);
        if let Some(text) = read_if_there(&path)? {
            // What is wrong with it may be quoted from a line with a token.
            return text.parse().map(Some).map_err(|_| format!("{} is not valid TOML", path.display()));
        }
    }
    Ok(None)
}

fn text_at<'a>(document: &'a DocumentMut, path: &[&str]) -> Option<&'a str> {
    let item: Option<&Item> = path.iter().try_fold(document.as_item(), |item, key| item.get(key));
    item?.as_str()
}
