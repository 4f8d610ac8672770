//! What goes out of the machine: the gates before it, the tags that it is about, and the outward steps with what a look at them found.
//!
//! [`delivery_units`] finds the tags, [`gates`] judges what must hold, [`deliver`] makes the plan. All of it is pure: what the remote and
//! the forge answered is handed over as [`Outside`](crate::snapshot::Outside).

mod context;
mod deliver;
mod gates;
mod marker;
mod rebased;
mod request;
mod runs;
mod steps;
mod targets;

pub use context::Delivery;
pub use deliver::{deliver, milestone_report, unasked};
pub use gates::{GateContext, GateReach, check_gate_names, gates};
pub use marker::release_marker;
pub use request::DeliveryRequest;
pub use runs::{PlannedRun, announcement, planned_runs, run_key};
pub use targets::{DeliveryUnits, delivery_units};
