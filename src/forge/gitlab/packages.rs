//! Generic packages: where the files of a release are kept. A package has the name of the project and the version of the tag.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Gitlab;
use crate::forge::error::ForgeError;
use crate::io::{Method, Payload, encode};

#[derive(Deserialize)]
struct Package {
    id: u64,
    name: String,
    version: Option<String>,
}

/// A file of a package.
#[derive(Deserialize)]
pub(super) struct PackageFile {
    #[serde(rename = "file_name")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) size: u64,
    #[serde(rename = "file_sha256")]
    pub(super) sha256: Option<String>,
}

impl Gitlab {
    /// Returns the files of the package of a tag, in the order in which they were sent; empty without a package.
    pub(super) fn package_files(&self, tag: &str) -> Result<Vec<PackageFile>, ForgeError> {
        let (name, version) = (self.package_name(), version_of(tag));
        let query = format!("package_type=generic&package_name={}&package_version={}", encode(&name), encode(&version));
        let packages = self.client.list::<Package>(&self.path(&format!("/packages?{query}")))?;
        // Names are searched for, not compared.
        let is_ours = |package: &&Package| package.name == name && package.version.as_deref() == Some(version.as_str());
        match packages.iter().find(is_ours) {
            Some(package) => self.client.list(&self.path(&format!("/packages/{}/package_files", package.id))),
            None => Ok(Vec::new()),
        }
    }

    /// Sends a file. A second one of the same name would be kept beside it.
    pub(super) fn upload_file(
        &self,
        tag: &str,
        name: &str,
        payload: Payload<'_>,
        content_type: &str,
    ) -> Result<(), ForgeError> {
        let url = self.package_address(tag, name);
        self.client.upload::<IgnoredAny>(Method::Put, &url, payload, content_type).map(|_| ())
    }

    /// Returns where a file is sent to, and downloaded from.
    pub(super) fn package_address(&self, tag: &str, name: &str) -> String {
        let package = encode(&self.package_name());
        let path =
            self.path(&format!("/packages/generic/{package}/{}/{}", encode(&version_of(tag)), encode(&file_of(name))));
        format!("{}{path}", self.client.api)
    }

    fn package_name(&self) -> String {
        self.project.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

/// Versions of packages have letters, digits and `.+-_` only.
fn version_of(tag: &str) -> String {
    tag.chars().map(|c| if c.is_ascii_alphanumeric() || ".+-_".contains(c) { c } else { '-' }).collect()
}

/// Names of files have `~` and `@` besides.
pub(super) fn file_of(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || ".+-_~@".contains(c) { c } else { '-' }).collect()
}
