//! The commit that an image says it was made of.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::manifest::{Descriptor, Manifest};
use super::repository::{Repository, is_digest, not_understood};
use crate::model::Asked;
use crate::registry::error::RegistryError;

/// The label, and the annotation (OCI image specification, pre-defined annotation keys).
const REVISION: &str = "org.opencontainers.image.revision";

/// The config of an image.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ImageConfig {
    config: Option<Labels>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Labels {
    labels: Option<BTreeMap<String, String>>,
}

impl Repository<'_> {
    /// Returns the revision that an image names: the label of its config, of the first image in an index; else the annotation of the
    /// manifest or the index. `None` if it names none, or does not exist.
    pub(in crate::registry) fn revision(&self, digest: &str) -> Result<Asked<Option<String>>, RegistryError> {
        let address = self.manifest_url(digest);
        if !is_digest(digest) {
            return Err(not_understood(&address, "the digest is not valid"));
        }
        let found = match self.manifest(digest)? {
            Some((manifest, _)) => self.revision_of(&manifest)?,
            None => None,
        };
        Ok(Asked { address, found })
    }

    fn revision_of(&self, manifest: &Manifest) -> Result<Option<String>, RegistryError> {
        let image = manifest.manifests.iter().find(|descriptor| descriptor.is_image());
        let of_image = match image.filter(|image| is_digest(&image.digest)) {
            Some(image) => match self.manifest(&image.digest)? {
                // An index in an index is looked at no further.
                Some((inner, _)) => self.label(&inner)?.or_else(|| annotation(&inner)),
                None => None,
            },
            None => self.label(manifest)?,
        };
        Ok(of_image.or_else(|| annotation(manifest)))
    }

    fn label(&self, manifest: &Manifest) -> Result<Option<String>, RegistryError> {
        let is_config = |config: &&Descriptor| config.media_type.ends_with("+json");
        let Some(config) = manifest.config.as_ref().filter(is_config) else { return Ok(None) };
        let config: ImageConfig = self.blob(&config.digest)?;
        let labels = config.config.and_then(|config| config.labels);
        Ok(labels.and_then(|mut labels| labels.remove(REVISION)).filter(|revision| !revision.is_empty()))
    }
}

fn annotation(manifest: &Manifest) -> Option<String> {
    manifest.annotations.as_ref()?.get(REVISION).filter(|revision| !revision.is_empty()).cloned()
}
