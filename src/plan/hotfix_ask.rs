//! [`on_hotfix`]: what a request means on the branch of a hotfix.

use super::request::BumpSpec;
use crate::model::Level;
use crate::workspace::Package;

/// Returns what a request means on the branch of a hotfix: without a level a patch, and a stage begins the next patch.
pub(super) fn on_hotfix(ask: Option<BumpSpec>, package: &Package) -> Option<BumpSpec> {
    let is_final = package.version().is_some_and(|version| !version.is_prerelease());
    match ask {
        None => Some(BumpSpec::Level(Level::Patch)),
        Some(BumpSpec::Stage(label)) if is_final => Some(BumpSpec::Start(Level::Patch, label)),
        other => other,
    }
}
