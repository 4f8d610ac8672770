//! [`Manifest`]: a manifest or an index, as far as relman reads it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// All that a tag of an image may name. A registry hides what is of a type that was not asked for.
pub(super) const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

const INDICES: [&str; 2] =
    ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

/// A manifest, or an index of manifests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Manifest {
    pub(super) media_type: Option<String>,
    /// Of a manifest.
    pub(super) config: Option<Descriptor>,
    /// Of an index.
    pub(super) manifests: Vec<Descriptor>,
    pub(super) annotations: Option<BTreeMap<String, String>>,
}

/// What a manifest or an index refers to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Descriptor {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) artifact_type: Option<String>,
    pub(super) platform: Option<Platform>,
    pub(super) annotations: Option<BTreeMap<String, String>>,
}

/// What an image runs on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Platform {
    pub(super) os: String,
}

/// Returns `true` for the media type of an index.
pub(super) fn is_index(media_type: &str) -> bool {
    INDICES.contains(&media_type)
}

/// Returns `true` for the media type of a manifest or an index.
pub(super) fn is_manifest(media_type: &str) -> bool {
    MANIFESTS.split(',').any(|known| known.trim() == media_type)
}

impl Descriptor {
    /// Returns an annotation.
    pub(super) fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.as_ref()?.get(key).map(String::as_str)
    }

    /// Returns `true` for an image, and `false` for what builders put beside images, as their attestations.
    pub(super) fn is_image(&self) -> bool {
        is_manifest(&self.media_type) && self.platform.as_ref().is_none_or(|platform| platform.os != "unknown")
    }
}
