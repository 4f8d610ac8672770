//! [`Repository`]: the images of one name.

use std::sync::Arc;

use super::manifest::{MANIFESTS, Manifest};
use crate::io::{HttpResponse, Method};
use crate::registry::client::{Client, Question};
use crate::registry::error::{RegistryError, RegistryFault};
use crate::registry::place::Place;
use crate::text::Fingerprint;

/// The images of one name.
#[derive(Debug)]
pub(in crate::registry) struct Repository<'a> {
    client: &'a Client,
    /// `https://HOST/v2/NAME`
    place: Place,
}

impl<'a> Repository<'a> {
    /// Returns the repository with this name on a registry.
    pub(in crate::registry) fn new(client: &'a Client, registry: Place, path: &str) -> Self {
        let address = format!("{}/v2/{path}", registry.address);
        Self { client, place: Place { address, ..registry } }
    }

    /// Returns `true` if it answered to a credential only.
    pub(in crate::registry) fn is_private(&self) -> bool {
        self.client.is_private(&self.place)
    }

    /// Returns the address of a manifest.
    pub(super) fn manifest_url(&self, reference: &str) -> String {
        format!("{}/manifests/{reference}", self.place.address)
    }

    /// Returns the address of the list of what refers to a manifest.
    pub(super) fn referrers_url(&self, digest: &str) -> String {
        format!("{}/referrers/{digest}", self.place.address)
    }

    /// Asks for something of this repository; `None` if it does not exist.
    pub(super) fn ask(
        &self,
        method: Method,
        url: &str,
        accept: &'static str,
    ) -> Result<Option<Arc<HttpResponse>>, RegistryError> {
        let question = Question { method, url: url.to_owned(), accept, place: &self.place, hides: true };
        self.client.ask(&question)
    }

    /// Returns a manifest or an index, and its digest.
    pub(super) fn manifest(&self, reference: &str) -> Result<Option<(Manifest, String)>, RegistryError> {
        let url = self.manifest_url(reference);
        let Some(answer) = self.ask(Method::Get, &url, MANIFESTS)? else { return Ok(None) };
        let digest = digest_of(&answer).map_err(|fault| RegistryError::at(&url, fault))?;
        if is_digest(reference) && reference != digest {
            return Err(not_understood(&url, &format!("it is {digest}")));
        }
        Ok(Some((read_json(&url, &answer)?, digest)))
    }

    /// Returns what a manifest refers to, read as JSON.
    pub(super) fn blob<T: serde::de::DeserializeOwned>(&self, digest: &str) -> Result<T, RegistryError> {
        let url = format!("{}/blobs/{digest}", self.place.address);
        if !is_digest(digest) {
            return Err(not_understood(&url, "the manifest refers to something without a valid digest"));
        }
        let Some(answer) = self.ask(Method::Get, &url, "application/json, */*")? else {
            return Err(not_understood(&url, "the manifest refers to it, and it does not exist"));
        };
        read_json(&url, &answer)
    }
}

pub(super) fn not_understood(url: &str, why: &str) -> RegistryError {
    RegistryError::at(url, RegistryFault::NotUnderstood(why.to_owned()))
}

fn read_json<T: serde::de::DeserializeOwned>(url: &str, answer: &HttpResponse) -> Result<T, RegistryError> {
    answer.json().map_err(|why| not_understood(url, &why))
}

/// Returns the digest of a manifest: the one that the registry names, else that of the body, if there is one.
pub(super) fn digest_of(answer: &HttpResponse) -> Result<String, RegistryFault> {
    let named = answer.header("docker-content-digest").map(str::trim).filter(|digest| is_digest(digest));
    if answer.body.is_empty() {
        let missing = || RegistryFault::NotUnderstood("it has neither a digest nor a body".to_owned());
        return named.map(str::to_owned).ok_or_else(missing);
    }
    let computed = format!("sha256:{}", Fingerprint::of(&answer.body));
    match named {
        Some(named) if named.starts_with("sha256:") && named != computed => {
            Err(RegistryFault::NotUnderstood(format!("it is said to be {named}, and is {computed}")))
        }
        Some(named) => Ok(named.to_owned()),
        None => Ok(computed),
    }
}

/// `ALGORITHM:ENCODED`, which is safe as a part of an address.
pub(super) fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, encoded)| {
        let is_algorithm = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+._-".contains(c);
        let is_encoded = |c: char| c.is_ascii_alphanumeric() || "=_-".contains(c);
        algorithm.starts_with(|c: char| c.is_ascii_lowercase())
            && algorithm.chars().all(is_algorithm)
            && !encoded.is_empty()
            && encoded.chars().all(is_encoded)
    })
}
