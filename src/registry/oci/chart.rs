//! Helm charts in an OCI registry.

use serde::Deserialize;

use super::repository::{Repository, not_understood};
use crate::model::{Asked, ChartFacts};
use crate::registry::error::RegistryError;

/// The type of a chart's config, which is its Chart.yaml as JSON.
const CHART_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChartConfig {
    name: String,
    version: String,
    app_version: Option<String>,
}

impl Repository<'_> {
    /// Returns the chart that a tag names; `None` if the tag or the chart does not exist.
    pub(in crate::registry) fn chart(&self, tag: &str) -> Result<Asked<Option<ChartFacts>>, RegistryError> {
        let address = self.manifest_url(tag);
        let Some((manifest, digest)) = self.manifest(tag)? else { return Ok(Asked { address, found: None }) };
        let found = manifest.config.as_ref().map_or("no config", |config| config.media_type.as_str());
        let Some(config) = manifest.config.as_ref().filter(|config| config.media_type == CHART_CONFIG) else {
            let why = format!("it is not a Helm chart: expected a config of {CHART_CONFIG}, found {found}");
            return Err(not_understood(&address, &why));
        };
        let ChartConfig { name, version, app_version } = self.blob(&config.digest)?;
        Ok(Asked { address, found: Some(ChartFacts { digest, name, version, app_version }) })
    }
}
