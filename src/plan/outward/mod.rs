//! [`OutwardStep`]: what leaves the machine. Each step is rehearsed before the first begins, and none is ever taken back.

mod action;
mod run_step;
mod step;

pub use action::{
    Back, FloatingTag, ForgeReleaseStep, Latest, MergePush, MilestoneAction, MilestoneStep, Outward, Publish, Push,
    RequestAim, RequestStep, Upload, WaitForCi,
};
pub use run_step::{PluginRelease, PluginStep, RunLine, RunStep};
pub use step::{OutwardStep, StepId, StepsError, check_steps};
