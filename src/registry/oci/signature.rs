//! Whether an image is signed. That the signature is good is a question for a program that knows the keys.

use std::sync::Arc;

use super::manifest::{Descriptor, MANIFESTS, Manifest};
use super::repository::{Repository, is_digest, not_understood};
use crate::io::{HttpResponse, Method};
use crate::model::Asked;
use crate::registry::error::{RegistryError, RegistryFault};

/// The referrers API answers with an index.
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Parts of the types of signatures: cosign's, those in sigstore's bundles, and notation's.
const SIGNATURES: [&str; 3] = ["cosign", "sigstore.bundle", "notary.signature"];
/// In a bundle may be a signature, or a statement about the image; cosign's own statement is a signature.
const PREDICATE: &str = "dev.sigstore.bundle.predicateType";

impl Repository<'_> {
    /// Returns `true` if there is a signature of a manifest: what refers to it, by the API or by the tag that replaces it, or the
    /// tag `sha256-….sig` of cosign.
    pub(in crate::registry) fn is_signed(&self, digest: &str) -> Result<Asked<bool>, RegistryError> {
        let address = self.referrers_url(digest);
        if !is_digest(digest) {
            return Err(not_understood(&address, "the digest is not valid"));
        }
        let answer = self.ask(Method::Get, &address, INDEX);
        let read = |answer: Arc<HttpResponse>| answer.json().map_err(|why| not_understood(&address, &why));
        let (referrers, unseen) = match answer.and_then(|answer| answer.map(read).transpose()) {
            Ok(referrers) => (referrers, None::<RegistryError>),
            // Not every registry knows this API, and each says so in its own way: the signature may be elsewhere.
            Err(error) => match error.fault {
                RegistryFault::Status(400..=499 | 501) => (None, None),
                RegistryFault::Status(_) | RegistryFault::NotUnderstood(_) => (None, Some(error)),
                _ => return Err(error),
            },
        };
        let tag = digest.replacen(':', "-", 1);
        let referrers: Option<Manifest> = match referrers {
            Some(referrers) => Some(referrers),
            None => self.manifest(&tag)?.map(|(index, _)| index),
        };
        if referrers.is_some_and(|index| index.manifests.iter().any(is_signature)) {
            return Ok(Asked { address, found: true });
        }
        let address = self.manifest_url(&format!("{tag}.sig"));
        let found = self.ask(Method::Head, &address, MANIFESTS)?.is_some();
        match unseen {
            Some(error) if !found => Err(error),
            _ => Ok(Asked { address, found }),
        }
    }
}

fn is_signature(referrer: &Descriptor) -> bool {
    let of_type = referrer.artifact_type.as_deref().unwrap_or_default();
    let is_own = referrer.annotation(PREDICATE).is_none_or(|predicate| predicate.contains("cosign/sign"));
    SIGNATURES.iter().any(|part| of_type.contains(part)) && is_own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_as_a_signature() {
        let bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
        let table = [
            ("application/vnd.dev.cosign.artifact.sig.v1+json", None, true),
            ("application/vnd.cncf.notary.signature", None, true),
            (bundle, None, true),
            (bundle, Some("https://sigstore.dev/cosign/sign/v1"), true),
            (bundle, Some("https://slsa.dev/provenance/v1"), false),
            ("application/spdx+json", None, false),
            ("", None, false),
        ];
        for (artifact_type, predicate, expected) in table {
            let annotations = predicate.map(|text| [(PREDICATE.to_owned(), text.to_owned())].into());
            let artifact_type = Some(artifact_type.to_owned());
            let referrer = Descriptor { artifact_type, annotations, ..Descriptor::default() };
            assert_eq!(is_signature(&referrer), expected, "{referrer:?}");
        }
    }
}
