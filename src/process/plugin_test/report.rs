//! [`PluginTestReport`]: what came of the tests of plugins.

use serde::Serialize;

use crate::model::PluginName;

/// What came of the tests of plugins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PluginTestReport {
    /// The version of this format: 1.
    pub schema: u32,
    /// The plugins, in the order in which they were named.
    pub plugins: Vec<TestedPlugin>,
}

/// What came of the tests of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TestedPlugin {
    /// Its name in plugin.toml.
    pub name: PluginName,
    /// Its version in plugin.toml.
    pub version: String,
    /// What it is for, as plugin.toml says; may be empty.
    pub description: String,
    /// The folder of its plugin.toml.
    pub folder: String,
    /// What was tested.
    pub checks: Vec<PluginCheck>,
}

/// Something that was tested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PluginCheck {
    /// A rule of the protocol, or `case NAME`.
    pub name: String,
    /// Whether the plugin does as expected.
    pub state: CheckState,
    /// What was found and what was expected, if it does not.
    pub message: Option<String>,
}

/// Whether a plugin does as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// It does.
    Passed,
    /// It does not.
    Failed,
}

impl TestedPlugin {
    /// Returns how many of the checks passed, and how many did not.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let passed = self.checks.iter().filter(|check| check.state == CheckState::Passed).count();
        (passed, self.checks.len() - passed)
    }
}

impl PluginTestReport {
    /// Returns `true` if every plugin does as expected.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.plugins.iter().all(|plugin| plugin.counts().1 == 0)
    }
}
