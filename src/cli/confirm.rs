//! Questions to the user at a terminal.

use super::output::Output;
use crate::io;
use crate::process::Answer;

/// The environment variable that answers every question with yes.
pub(super) const ASSUME_YES: &str = "RELMAN_ASSUME_YES";

/// Returns `true` if a user can be asked.
pub(super) fn can_ask() -> bool {
    io::stdin_is_terminal() && io::stdout_is_terminal()
}

/// Returns `true` if the environment says yes in advance.
pub(super) fn assumed() -> bool {
    io::variable(ASSUME_YES).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "yes"))
}

/// Asks what to do with the plan that was just shown.
pub(super) fn ask(output: &mut Output) -> Answer {
    output.write_err("Release this? [Enter: yes, a version: release that one instead, q: quit] ");
    match io::read_line().as_deref().map(str::trim) {
        None | Some("q" | "quit" | "n" | "no") => Answer::Quit,
        Some("" | "y" | "yes") => Answer::Accept,
        Some(version) => Answer::Version(version.to_owned()),
    }
}

/// Asks a yes-or-no question.
pub(super) fn agreed(question: &str, output: &mut Output) -> bool {
    output.write_err(format!("{question} [Enter: yes, q: quit] "));
    matches!(io::read_line().as_deref().map(str::trim), Some("" | "y" | "yes"))
}

/// Asks a question to which yes has to be typed.
pub(super) fn said_yes(question: &str, output: &mut Output) -> bool {
    let answer = line(&format!("{question} [y/n] "), output);
    matches!(answer.as_deref().map(str::trim), Some("y" | "Y" | "yes"))
}

/// Asks for the prose that opens the sections of this release; `None` if the user wants none.
pub(super) fn ask_summary(is_required: bool, output: &mut Output) -> Option<String> {
    let none = if is_required { "it is required" } else { "Enter: nothing to add" };
    let answer = line(&format!("A sentence that opens the changelog's section? [{none}] "), output)?;
    Some(answer.trim().to_owned()).filter(|summary| !summary.is_empty())
}

/// Lets the user choose what to release; `None` if they pick none.
pub(super) fn pick(choices: &[String], output: &mut Output) -> Option<usize> {
    pick_of("Release which? [number] ", choices, output)
}

/// Lets the user choose one of several, by its number or its name; `None` if they pick none.
pub(super) fn pick_of(question: &str, choices: &[String], output: &mut Output) -> Option<usize> {
    list(choices, output);
    chosen(line(question, output)?.trim(), choices)
}

/// Lets the user choose some of several, by numbers or names separated by spaces or commas; empty if one of them is not valid.
pub(super) fn pick_many(question: &str, choices: &[String], output: &mut Output) -> Vec<usize> {
    list(choices, output);
    let answer = line(question, output).unwrap_or_default();
    let words = answer.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    words.map(|word| chosen(word, choices)).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Asks for a line; `None` at the end of the input.
pub(super) fn line(question: &str, output: &mut Output) -> Option<String> {
    output.write_err(question);
    io::read_line()
}

fn list(choices: &[String], output: &mut Output) {
    for (number, choice) in choices.iter().enumerate() {
        output.write_err(format!("  {:>3}  {choice}\n", number + 1));
    }
}

fn chosen(word: &str, choices: &[String]) -> Option<usize> {
    match word.parse::<usize>() {
        Ok(number) => number.checked_sub(1).filter(|index| *index < choices.len()),
        Err(_) => choices.iter().position(|choice| choice.split("  ").next() == Some(word)),
    }
}
