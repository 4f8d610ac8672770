//! Plugins are tested: by their own cases, and by what the protocol asks of every plugin.

mod answers;
mod asker;
mod checks;
mod find;
mod places;
mod report;
mod requests;
mod run;
mod subject;
mod texts;
mod variants;

pub(super) use find::Start;
pub use report::{CheckState, PluginCheck, PluginTestReport, TestedPlugin};
pub use run::test_plugins;
