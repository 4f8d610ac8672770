//! [`OutwardStep`]: what leaves the machine. Each step is rehearsed before the first begins, and none is ever taken back.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::TagName;

/// One step. Only what is done is said here: clients and credentials are handed to `apply`, and are never part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OutwardStep {
    /// Tells it from the others.
    pub id: StepId,
    /// The steps that must be done before it.
    pub after: Vec<StepId>,
    /// What is done.
    pub action: Outward,
}

/// The name of a step in its plan, as in `push-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct StepId(String);

/// What can leave the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Outward {
    /// Refs go to a remote.
    Push(Push),
}

/// One atomic push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Push {
    /// The name of the remote.
    pub remote: String,
    /// The branch on the remote that takes HEAD, where the branch is pushed.
    pub branch: Option<String>,
    /// The tags that go along.
    pub tags: Vec<TagName>,
}

impl OutwardStep {
    /// Returns pushes as steps, each after the one before.
    #[must_use]
    pub fn pushes(pushes: impl IntoIterator<Item = Push>) -> Vec<Self> {
        let mut steps: Vec<Self> = Vec::new();
        for (at, push) in pushes.into_iter().enumerate() {
            let after = steps.last().map(|step| step.id.clone()).into_iter().collect();
            steps.push(Self { id: StepId(format!("push-{}", at + 1)), after, action: Outward::Push(push) });
        }
        steps
    }
}

impl Outward {
    /// Returns the kind, as JSON spells it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Push(_) => "push",
        }
    }

    /// Returns where it goes.
    #[must_use]
    pub fn destination(&self) -> &str {
        match self {
            Self::Push(push) => &push.remote,
        }
    }
}

impl fmt::Display for Outward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push(Push { remote, branch, tags }) => {
                f.write_str(remote)?;
                branch.iter().try_for_each(|branch| write!(f, " {branch}"))?;
                tags.iter().try_for_each(|tag| write!(f, " {tag}"))
            }
        }
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
