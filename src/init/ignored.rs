//! Packages that other tools' files leave out, or do not tag.

use super::doubt::Doubt;
use super::tools::{Selector, Tools};
use super::unit::Unit;

/// Marks the units that a tool does not release.
pub(super) fn doubt(units: &mut [Unit], tools: &Tools) {
    for settings in &tools.settings {
        let why = Doubt::Ignored(format!("{} does not release it, by {}", settings.tool.name(), settings.origin()));
        for unit in units.iter_mut() {
            let is_in = |of: &[Selector]| of.iter().any(|selector| selector.is_match(unit.names(), &unit.folder));
            if is_in(&settings.ignored) || !(settings.listed.is_empty() || is_in(&settings.listed)) {
                unit.doubt = unit.doubt.take().max(Some(why.clone()));
            }
        }
    }
}

/// Marks the private units that a tool versions and does not tag.
pub(super) fn untagged(units: &mut [Unit], tools: &Tools) {
    for settings in tools.settings.iter().filter(|settings| settings.are_private_untagged) {
        for unit in units.iter_mut().filter(|unit| unit.doubt == Some(Doubt::Private)) {
            unit.untagged_by = Some(settings.origin());
        }
    }
}
