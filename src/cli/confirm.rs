//! Questions to a person at a terminal.

use super::output::Output;
use crate::io;

/// The environment variable that answers every question with yes.
pub(super) const ASSUME_YES: &str = "RELMAN_ASSUME_YES";

/// What a person answered to a plan.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Go.
    Accept,
    /// Another version than the computed one.
    Version(String),
    /// Leave everything as it is.
    Quit,
}

/// Tells whether there is a person to ask.
pub(super) fn can_ask() -> bool {
    io::stdin_is_terminal() && io::stdout_is_terminal()
}

/// Tells whether the environment says yes in advance.
pub(super) fn assumed() -> bool {
    io::variable(ASSUME_YES).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "yes"))
}

/// Asks what to do with the plan that was just shown.
pub(super) fn ask(output: &mut Output) -> Answer {
    output.words("Release this? [Enter: yes, a version: release that one instead, q: quit] ");
    match io::read_line().as_deref().map(str::trim) {
        None | Some("q" | "quit" | "n" | "no") => Answer::Quit,
        Some("" | "y" | "yes") => Answer::Accept,
        Some(version) => Answer::Version(version.to_owned()),
    }
}

/// Asks a question that is answered with yes or no.
pub(super) fn agreed(question: &str, output: &mut Output) -> bool {
    output.words(&format!("{question} [Enter: yes, q: quit] "));
    matches!(io::read_line().as_deref().map(str::trim), Some("" | "y" | "yes"))
}

/// Lets a person pick one of several; nothing where they pick none.
pub(super) fn pick(choices: &[String], output: &mut Output) -> Option<usize> {
    for (number, choice) in choices.iter().enumerate() {
        output.words(&format!("  {:>3}  {choice}\n", number + 1));
    }
    output.words("Release which? [number] ");
    let number: usize = io::read_line()?.trim().parse().ok()?;
    number.checked_sub(1).filter(|index| *index < choices.len())
}
