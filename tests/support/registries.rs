//! Registries whose servers a test scripts, and what a registry of images holds.

use std::collections::BTreeMap;
use std::path::Path;

use relman::io::{Http, HttpLimits, Payload};
use relman::model::ImageName;
use relman::registry::{Addresses, Registries};
use serde_json::{Value, json};

use super::forges::PACE;
use super::server::{Act, Seen, Server};

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// Registries at these addresses, for a machine with these variables, below a folder with `home` and `tree` in it.
pub fn registries_with(addresses: Addresses, variables: &[(&str, &str)], folder: &Path) -> Registries {
    let http = Http::new(HttpLimits { connect: 1_000, answer: 300, body: 1024 * 1024 }, &|_| None);
    let environment = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned());
        // The configuration of this machine is not a part of any test.
        found.or_else(|| (name == "PIP_CONFIG_FILE").then(|| "/dev/null".to_owned()))
    };
    Registries::new(&http, PACE, addresses, &environment, &folder.join("tree"), Some(&folder.join("home")))
}

/// Registries without any configuration but these addresses.
pub fn registries(addresses: Addresses) -> Registries {
    let nowhere = tempfile::tempdir().unwrap();
    registries_with(addresses, &[], nowhere.path())
}

/// `r.example.com` is a server of the test.
pub fn oci(server: &Server) -> Addresses {
    Addresses { oci: [("r.example.com".to_owned(), format!("{}/", server.url))].into(), ..Addresses::default() }
}

pub fn image(path: &str) -> ImageName {
    ImageName::parse(&format!("r.example.com/{path}")).unwrap()
}

pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", Payload::Bytes(bytes).sha256())
}

/// What a registry of images holds, by paths.
#[derive(Clone, Default)]
pub struct Shelf(BTreeMap<String, (String, Vec<u8>)>);

impl Shelf {
    /// Adds a manifest or an index under these tags, and returns its digest.
    pub fn manifest(&mut self, name: &str, tags: &[&str], media_type: &str, manifest: &Value) -> String {
        let bytes = manifest.to_string().into_bytes();
        let digest = digest(&bytes);
        for reference in tags.iter().copied().chain([digest.as_str()]) {
            let path = format!("/v2/{name}/manifests/{reference}");
            self.0.insert(path, (media_type.to_owned(), bytes.clone()));
        }
        digest
    }

    /// Adds a blob, and returns the descriptor of it.
    pub fn blob(&mut self, name: &str, media_type: &str, content: &Value) -> Value {
        let bytes = content.to_string().into_bytes();
        let digest = digest(&bytes);
        let size = bytes.len();
        self.0.insert(format!("/v2/{name}/blobs/{digest}"), ("application/octet-stream".to_owned(), bytes));
        json!({"mediaType": media_type, "digest": digest, "size": size})
    }

    /// Adds an answer of the referrers API.
    pub fn referrers(&mut self, name: &str, digest: &str, index: &Value) {
        let content = (INDEX.to_owned(), index.to_string().into_bytes());
        self.0.insert(format!("/v2/{name}/referrers/{digest}"), content);
    }

    /// Answers as docker's registry does: what is of a type that was not asked for is not there.
    pub fn answer(&self, seen: &Seen) -> Act {
        let accept = seen.header("accept").unwrap_or_default();
        let missing = || {
            let code = if seen.path.contains("/manifests/") { "MANIFEST_UNKNOWN" } else { "NAME_UNKNOWN" };
            Act::json(404, json!({"errors": [{"code": code}]}))
        };
        match self.0.get(&seen.path) {
            Some((media_type, bytes)) if accept.contains(media_type) || accept.contains("*/*") => Act::Answer {
                status: 200,
                headers: vec![
                    ("Content-Type".to_owned(), media_type.clone()),
                    ("Docker-Content-Digest".to_owned(), digest(bytes)),
                ],
                body: bytes.clone(),
            },
            _ => missing(),
        }
    }

    pub fn server(&self) -> Server {
        let shelf = self.clone();
        Server::start(move |seen| shelf.answer(seen))
    }
}

/// A manifest of an image whose config has labels.
pub fn image_manifest(shelf: &mut Shelf, name: &str, labels: &Value) -> Value {
    let config = shelf.blob(name, "application/vnd.oci.image.config.v1+json", &json!({"config": {"Labels": labels}}));
    json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []})
}
