//! Plans: pure functions from a snapshot and a request to all that will be done.

mod release_plan;

pub use release_plan::{
    Action, BumpReason, CommitId, CommitPlan, FilePlan, PackageBump, Plan, PushPlan, ReasonKind, Refusal, RefusalCode,
    SlotChange, TagPlan,
};
