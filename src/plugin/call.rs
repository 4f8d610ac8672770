//! [`PluginCall`]: which plugin is asked, and with what.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::model::PluginName;

/// A plugin that is asked.
#[derive(Clone, Copy, Debug)]
pub struct PluginCall<'a> {
    /// Its name in relman.toml.
    pub name: &'a PluginName,
    /// Its command; empty: the program of its name.
    pub command: &'a [String],
    /// The variables of the environment that it is given.
    pub env: &'a [String],
    /// How long an answer may take.
    pub timeout: Duration,
    /// What it is given with every request.
    pub settings: &'a Map<String, Value>,
}
