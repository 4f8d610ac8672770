//! [`Problem`]: one thing that keeps a command from its result, in the one form that people and programs are shown.

use super::exit::Exit;
use crate::model::{Diagnostic, Place, ProblemCode};
use crate::plan::{Refusal, RefusalCode};

/// One thing that keeps a command from its result.
#[derive(Debug)]
pub(super) struct Problem {
    /// What kind of problem it is.
    pub(super) code: Code,
    /// What was found and what was expected.
    pub(super) message: String,
    /// Where it is.
    pub(super) place: Option<Place>,
    /// What to do about it.
    pub(super) help: Option<String>,
}

/// What kind of problem it is: wrong input, a refusal, or the exit code of what failed.
#[derive(Clone, Copy, Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum Code {
    Input(ProblemCode),
    Refusal(RefusalCode),
    Failure(Exit),
}

impl Problem {
    /// Returns a problem without a place.
    pub(super) fn new(code: Code, message: impl Into<String>, help: Option<String>) -> Self {
        Self { code, message: message.into(), place: None, help }
    }

    /// Returns the word before the message.
    pub(super) fn label(&self) -> &'static str {
        match self.code {
            Code::Refusal(_) => "refused",
            Code::Input(_) | Code::Failure(_) => "error",
        }
    }
}

impl From<Diagnostic> for Problem {
    fn from(Diagnostic { code, message, place, help }: Diagnostic) -> Self {
        Self { code: Code::Input(code), message, place, help }
    }
}

impl From<Refusal> for Problem {
    fn from(Refusal { code, message, help }: Refusal) -> Self {
        Self::new(Code::Refusal(code), message, help)
    }
}
