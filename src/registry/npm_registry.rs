//! Packages in an npm registry.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::client::{Client, Question};
use super::error::{RegistryError, RegistryFault};
use super::place::Place;
use crate::io::{Method, encode};
use crate::model::{Asked, NpmFacts};

/// Without the text of the README and all that is not needed to install a package.
const ACCEPT: &str = "application/vnd.npm.install-v1+json, application/json;q=0.8";

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Package {
    versions: Map<String, Value>,
    #[serde(default)]
    dist_tags: BTreeMap<String, String>,
}

/// Returns what is known of a package; `None` if it does not exist.
pub(super) fn facts(client: &Client, place: &Place, package: &str) -> Result<Asked<Option<NpmFacts>>, RegistryError> {
    let (at, rest) = package.strip_prefix('@').map_or(("", package), |rest| ("@", rest));
    let address = format!("{}/{at}{}", place.address, encode(rest));
    let question = Question { method: Method::Get, url: address.clone(), accept: ACCEPT, place, hides: true };
    let Some(answer) = client.ask(&question)? else { return Ok(Asked { address, found: None }) };
    let package: Result<Package, String> = answer.json();
    let Package { versions, dist_tags } =
        package.map_err(|why| RegistryError::at(&address, RegistryFault::NotUnderstood(why)))?;
    let deprecated = versions.iter().filter(|(_, version)| is_deprecated(version)).map(|(name, _)| name.clone());
    let deprecated = deprecated.collect();
    let facts = NpmFacts { versions: versions.into_iter().map(|(name, _)| name).collect(), dist_tags, deprecated };
    Ok(Asked { address, found: Some(facts) })
}

/// With a reason; an empty one takes the deprecation back.
fn is_deprecated(version: &Value) -> bool {
    match version.get("deprecated") {
        Some(Value::String(reason)) => !reason.is_empty(),
        Some(other) => other == true,
        None => false,
    }
}
