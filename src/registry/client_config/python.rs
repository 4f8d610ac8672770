//! [`PythonClients`]: where uv and pip look for projects.

use std::path::{Path, PathBuf};

use super::entries::entries;
use super::files::{Environment, read_if_there, set_path, value_of};
use super::netrc::Netrc;
use crate::io::is_same_origin;
use crate::registry::credential::{Credential, Keys};
use crate::registry::error::RegistryFault;
use crate::registry::place::Place;

/// What uv and pip are configured for.
#[derive(Debug)]
pub(in crate::registry) struct PythonClients {
    /// Those that win first; or why a file that would have come next cannot be read.
    indices: Vec<Result<Place, String>>,
    netrc: Netrc,
}

impl PythonClients {
    /// Reads `UV_DEFAULT_INDEX`, `UV_INDEX_URL`, `PIP_INDEX_URL` and pip's files.
    pub(in crate::registry) fn read(environment: Environment<'_>, home: Option<&Path>) -> Self {
        let uv = value_of(environment, "UV_DEFAULT_INDEX").map(|text| uv_index(&text, environment));
        let plain = ["UV_INDEX_URL", "PIP_INDEX_URL"].into_iter().filter_map(|name| value_of(environment, name));
        let of_variables = uv.into_iter().chain(plain.map(|text| Place::parse(&text))).map(Ok);
        let of_files = pip_files(environment, home).into_iter().filter_map(|path| index_url(&path).transpose());
        let of_files = of_files.map(|found| found.map(|text| Place::parse(&text)));
        Self { indices: of_variables.chain(of_files).collect(), netrc: Netrc::read(environment, home) }
    }

    /// Returns where projects are looked for: at this address, else where uv or pip would.
    pub(in crate::registry) fn place(&self, address: Option<&str>) -> Result<Place, RegistryFault> {
        let place = match (address, self.indices.first()) {
            (Some(address), _) => Place::parse(address),
            (None, Some(Ok(place))) => place.clone(),
            (None, Some(Err(why))) => return Err(RegistryFault::Configuration(why.clone())),
            (None, None) => {
                return Err(RegistryFault::NotConfigured { key: "registries.pypi".to_owned(), note: None });
            }
        };
        Ok(place.with_keys(|place| self.keys(place)))
    }

    /// A user name and a password that one of the addresses has are for all of its host.
    fn keys(&self, place: &Place) -> Keys {
        let known = self.indices.iter().filter_map(|index| index.as_ref().ok());
        let mut same = known.filter(|index| is_same_origin(&index.address, &place.address));
        let with_user = same.find(|index| index.keys.credential.is_some());
        with_user.map_or_else(|| self.netrc.keys(place.host()), |index| index.keys.clone())
    }
}

/// `URL`, or `NAME=URL`, whose user and password are in variables with that name.
fn uv_index(text: &str, environment: Environment<'_>) -> Place {
    let named = text.split_once('=').filter(|(name, _)| !name.contains([':', '/']));
    let Some((name, url)) = named else { return Place::parse(text) };
    let upper: String =
        name.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    let value = |what: &str| value_of(environment, &format!("UV_INDEX_{upper}_{what}"));
    let place = Place::parse(url);
    match (value("USERNAME"), value("PASSWORD")) {
        (None, None) => place,
        (user, password) => {
            let credential = Credential::basic(&user.unwrap_or_default(), &password.unwrap_or_default());
            Place { keys: Keys::of(credential), ..place }
        }
    }
}

/// pip's files, those that win first. Where `PIP_CONFIG_FILE` is the null device, no file counts.
fn pip_files(environment: Environment<'_>, home: Option<&Path>) -> Vec<PathBuf> {
    let own = set_path(environment, "PIP_CONFIG_FILE");
    if own.as_ref().is_some_and(|path| path == Path::new("/dev/null") || path == Path::new("nul")) {
        return Vec::new();
    }
    let below = |folder: Option<PathBuf>, name: &str| folder.map(|folder| folder.join(name));
    let home = |name: &str| home.map(|home| home.join(name));
    let files = [
        own,
        below(set_path(environment, "VIRTUAL_ENV"), "pip.conf"),
        below(set_path(environment, "APPDATA"), "pip/pip.ini"),
        below(set_path(environment, "XDG_CONFIG_HOME").or_else(|| home(".config")), "pip/pip.conf"),
        home("Library/Application Support/pip/pip.conf"),
        home(".pip/pip.conf"),
        Some(PathBuf::from("/etc/xdg/pip/pip.conf")),
        Some(PathBuf::from("/etc/pip.conf")),
    ];
    files.into_iter().flatten().collect()
}

/// Returns `index-url` of a file: of the section of a command before that of all.
fn index_url(path: &Path) -> Result<Option<String>, String> {
    let Some(text) = read_if_there(path)? else { return Ok(None) };
    let entries = entries(&text, &['=', ':']);
    let of_section = |section: &str| {
        let mut found = entries.iter().filter(|entry| entry.section == section);
        found.find(|entry| matches!(entry.key, "index-url" | "index_url")).map(|entry| entry.value.to_owned())
    };
    Ok(of_section("install").or_else(|| of_section("global")).filter(|url| !url.is_empty()))
}
