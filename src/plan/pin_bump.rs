//! [`PinBump`]: a pin that is moved.

use serde::{Deserialize, Serialize};

/// A pin that is moved from one release to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PinBump {
    /// The pin.
    pub name: String,
    /// The tag that was pinned; null if no place held one.
    pub from: Option<String>,
    /// The tag that is pinned.
    pub to: String,
}
