//! Completions: the script of a shell asks relman, by a variable and the words that were typed, with which words the line may go on.

mod answer;
mod shells;

pub(super) use answer::answer;
pub(super) use shells::{asking_shell, registration};
