//! Pins: releases of other repositories on which this one builds.

mod change;
mod findings;
mod report;
mod upstream;

pub(super) use change::{PinChanges, pin_changes};
pub(super) use findings::pin_findings;
pub use report::{PinStatus, pins};
pub use upstream::{PinFault, PinRequest, release_of_pin, unknown_pins};
