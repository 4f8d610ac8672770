//! [`OutwardStep`]: one step, its place in the order, and whether a look found it done.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::action::{Outward, Push};
use crate::model::TagName;

/// One step. Only what is done is said here: clients and credentials are handed to `apply`, and are never part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OutwardStep {
    /// Tells it from the others.
    pub id: StepId,
    /// The steps that must be done before it.
    pub after: Vec<StepId>,
    /// The tag that it is about; `None` for what concerns several, or none.
    pub tag: Option<TagName>,
    /// Whether the look found it done already, so that nothing is left to do.
    pub is_done: bool,
    /// Where it can be looked at, as far as the look found out.
    pub url: Option<String>,
    /// What is done.
    pub action: Outward,
}

/// The name of a step in its plan, as in `push-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct StepId(String);

impl OutwardStep {
    /// Returns a step that comes after all those of the list and is not done yet.
    #[must_use]
    pub fn next(earlier: &[Self], tag: Option<TagName>, action: Outward) -> Self {
        let of_kind = earlier.iter().filter(|step| step.action.kind() == action.kind()).count();
        let id = StepId(format!("{}-{}", action.kind(), of_kind + 1));
        let after = earlier.last().map(|step| step.id.clone()).into_iter().collect();
        Self { id, after, tag, is_done: false, url: None, action }
    }

    /// Returns pushes as steps, each after the one before.
    #[must_use]
    pub fn pushes(pushes: impl IntoIterator<Item = Push>) -> Vec<Self> {
        let mut steps: Vec<Self> = Vec::new();
        for push in pushes {
            let step = Self::next(&steps, None, Outward::Push(push));
            steps.push(step);
        }
        steps
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a list of steps cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepsError {
    /// Two steps have one id.
    #[error("there are two outward steps `{0}`")]
    Twice(StepId),
    /// A step is to be done after one that is not before it in the list.
    #[error("the outward step `{step}` is after `{after}`, which is not before it in the list")]
    Order {
        /// The step.
        step: StepId,
        /// The step that should be before it.
        after: StepId,
    },
}

/// Checks that each step has an id of its own and comes after those that it names.
///
/// # Errors
/// The first step for which that is not so.
pub fn check_steps(steps: &[OutwardStep]) -> Result<(), StepsError> {
    for (at, step) in steps.iter().enumerate() {
        let earlier = |id: &StepId| steps.iter().take(at).any(|earlier| earlier.id == *id);
        if earlier(&step.id) {
            return Err(StepsError::Twice(step.id.clone()));
        }
        if let Some(after) = step.after.iter().find(|id| !earlier(id)) {
            return Err(StepsError::Order { step: step.id.clone(), after: after.clone() });
        }
    }
    Ok(())
}
