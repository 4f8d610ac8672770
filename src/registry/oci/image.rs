//! What a tag of an image names.

use super::manifest::{MANIFESTS, Manifest, is_index, is_manifest};
use super::repository::{Repository, digest_of, not_understood};
use crate::io::{HttpResponse, Method};
use crate::model::{Asked, ImageFacts};
use crate::registry::error::{RegistryError, RegistryFault};

impl Repository<'_> {
    /// Returns what a tag names; `None` if the tag or the image does not exist.
    pub(in crate::registry) fn image(&self, tag: &str) -> Result<Asked<Option<ImageFacts>>, RegistryError> {
        let address = self.manifest_url(tag);
        let found = match self.ask(Method::Head, &address, MANIFESTS) {
            Ok(Some(answer)) => facts_of(&answer),
            Ok(None) => return Ok(Asked { address, found: None }),
            Err(error) if is_unknown_method(&error) => None,
            Err(error) => return Err(error),
        };
        if found.is_some() {
            return Ok(Asked { address, found });
        }
        // Some registries say nothing but 200 when only the head is asked for.
        let Some(answer) = self.ask(Method::Get, &address, MANIFESTS)? else {
            return Ok(Asked { address, found: None });
        };
        let digest = digest_of(&answer).map_err(|fault| RegistryError::at(&address, fault))?;
        let manifest: Manifest = answer.json().map_err(|why| not_understood(&address, &why))?;
        let named = answer.content_type().map(str::to_owned).into_iter().chain(manifest.media_type);
        let Some(media_type) = named.into_iter().find(|named| is_manifest(named)) else {
            return Err(not_understood(&address, "it is neither a manifest nor an index of manifests"));
        };
        let facts = ImageFacts { digest, is_index: is_index(&media_type), media_type };
        Ok(Asked { address, found: Some(facts) })
    }
}

/// `None` if the head of an answer does not say enough.
fn facts_of(answer: &HttpResponse) -> Option<ImageFacts> {
    let media_type = answer.content_type().filter(|found| is_manifest(found))?.to_owned();
    let digest = digest_of(answer).ok()?;
    Some(ImageFacts { digest, is_index: is_index(&media_type), media_type })
}

fn is_unknown_method(error: &RegistryError) -> bool {
    matches!(error.fault, RegistryFault::Status(400 | 405 | 501))
}
