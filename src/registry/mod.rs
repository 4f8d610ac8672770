//! The door to registries: images and charts (OCI), Python projects, npm packages, crates, and pages.
//!
//! They are only read. Each is asked anonymously first; a credential is sent to the registry that it belongs to, and to the token service
//! that this registry names, and appears nowhere else.

mod addresses;
mod challenge;
mod client;
mod client_config;
mod credential;
mod error;
mod memo;
mod npm_registry;
mod oci;
mod place;
mod python_index;
mod python_page;
mod sparse_index;

use std::path::Path;

pub use addresses::Addresses;
pub use error::{RegistryError, RegistryFault};

use crate::io::{Http, Pace, is_loopback_host};
use crate::model::{Asked, ChartFacts, CrateRelease, ImageFacts, ImageName, IndexFile, NpmFacts, PageFacts};
use client::Client;
use client_config::{CargoClient, DockerLogins, NpmClient, PythonClients};
use oci::Repository;
use place::Place;

/// All registries that can be asked, from many threads at once. Every answer says which address was asked. What was answered is
/// remembered until [`Registries::forget`], so that the same question costs nothing.
///
/// All methods return an error if a registry cannot be asked, refuses, or answers in an unexpected form.
#[derive(Debug)]
pub struct Registries {
    client: Client,
    addresses: Addresses,
    docker: DockerLogins,
    python: PythonClients,
    npm: NpmClient,
    cargo: CargoClient,
}

#[allow(clippy::missing_errors_doc, reason = "they are those of the type")]
impl Registries {
    /// Returns the registries that relman.toml names, and else those that the ecosystems' own clients are configured for, by the
    /// environment and by files in the root of the workspace and in the home folder. Nothing is asked yet.
    #[must_use]
    pub fn new(
        http: &Http,
        pace: Pace,
        addresses: Addresses,
        environment: &dyn Fn(&str) -> Option<String>,
        root: &Path,
        home: Option<&Path>,
    ) -> Self {
        Self {
            client: Client::new(http.clone(), pace),
            addresses,
            docker: DockerLogins::read(environment, home),
            python: PythonClients::read(environment, home),
            npm: NpmClient::read(environment, root, home),
            cargo: CargoClient::read(environment, root, home),
        }
    }

    /// Forgets what was answered: the next questions look again.
    pub fn forget(&self) {
        self.client.forget();
    }

    /// Returns what a tag of an image names; `None` if the tag does not exist.
    pub fn image(&self, name: &ImageName, tag: &str) -> Result<Asked<Option<ImageFacts>>, RegistryError> {
        self.repository(name)?.image(tag)
    }

    /// Returns `true` if an image that was asked for was shown to the user's login only, so that others cannot pull it.
    #[must_use]
    pub fn is_private(&self, name: &ImageName) -> bool {
        self.repository(name).is_ok_and(|repository| repository.is_private())
    }

    /// Returns `true` if a signature of the manifest with this digest is beside it. It is not checked.
    pub fn is_signed(&self, name: &ImageName, digest: &str) -> Result<Asked<bool>, RegistryError> {
        self.repository(name)?.is_signed(digest)
    }

    /// Returns the commit that an image says it was made of; `None` if it names none.
    pub fn revision(&self, name: &ImageName, digest: &str) -> Result<Asked<Option<String>>, RegistryError> {
        self.repository(name)?.revision(digest)
    }

    /// Returns the chart that a tag names; `None` if the tag does not exist. The tag of a version is [`chart_tag`](crate::model::chart_tag).
    pub fn chart(&self, name: &ImageName, tag: &str) -> Result<Asked<Option<ChartFacts>>, RegistryError> {
        self.repository(name)?.chart(tag)
    }

    /// Returns the files of a Python project; `None` if it does not exist.
    pub fn python_files(&self, project: &str) -> Result<Asked<Option<Vec<IndexFile>>>, RegistryError> {
        let place = self.python.place(self.addresses.pypi.as_deref()).map_err(RegistryError::nowhere)?;
        python_index::files(&self.client, &place, project)
    }

    /// Returns what is known of an npm package; `None` if it does not exist.
    pub fn npm(&self, package: &str) -> Result<Asked<Option<NpmFacts>>, RegistryError> {
        let place = self.npm.place(self.addresses.npm.as_deref(), package).map_err(RegistryError::nowhere)?;
        npm_registry::facts(&self.client, &place, package)
    }

    /// Returns the releases of a crate; `None` if it does not exist.
    pub fn crate_releases(&self, name: &str) -> Result<Asked<Option<Vec<CrateRelease>>>, RegistryError> {
        let place = self.cargo.place(self.addresses.crates.as_deref()).map_err(RegistryError::nowhere)?;
        sparse_index::releases(&self.client, &place, name)
    }

    /// Returns what a web server answers at an address; a status of 5xx is an error. Redirects are followed.
    pub fn page(&self, url: &str) -> Result<Asked<PageFacts>, RegistryError> {
        let answer = self.client.page(url)?;
        let found = PageFacts { status: answer.status, body: answer.body.clone() };
        Ok(Asked { address: error::without_user(url), found })
    }

    fn repository(&self, name: &ImageName) -> Result<Repository<'_>, RegistryError> {
        let place = self.oci_place(name).map_err(RegistryError::nowhere)?;
        let place = place.with_keys(|place| self.docker.keys(place.host(), &name.path));
        Ok(Repository::new(&self.client, place, &name.path))
    }

    fn oci_place(&self, name: &ImageName) -> Result<Place, RegistryFault> {
        if let Some(address) = self.addresses.oci.get(&name.host) {
            return Ok(Place::parse(address));
        }
        if name.is_docker_hub() {
            // Its API has a host of its own.
            let key = format!("registries.oci.\"{}\"", name.host);
            return Err(RegistryFault::NotConfigured { key, note: None });
        }
        let bare = name.host.rsplit_once(':').map_or(name.host.as_str(), |(host, _)| host);
        let scheme = if is_loopback_host(bare) || is_loopback_host(&name.host) { "http" } else { "https" };
        Ok(Place::parse(&format!("{scheme}://{}", name.host)))
    }
}
