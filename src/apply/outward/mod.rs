//! Outward steps: what leaves the machine. It is never taken back, so each kind keeps three promises, one `match` each:
//!
//! - `rehearse` finds out whether the world would take the steps, all of them before the first begins, and changes nothing.
//! - `perform` does one step.
//! - `probe` asks the world how much of a step arrived. A step without a name by which it can be found there may not be offered.
//!
//! A step is noted durably before it begins and after it is done. Where the note says that it began, the world decides.

mod branch;
mod floating;
mod forge;
mod push;
mod run;
mod step;
mod steps;

pub(super) use step::Made;
pub(super) use steps::{first_out, may_be_out, run};
