//! Questions to the user at a terminal.

use super::output::Output;
use super::render::diff_text;
use crate::io::{self, TypedLine};
use crate::process::{Answer, Question};

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

/// Asks what to do with a plan that was shown, until there is an answer.
pub(super) fn ask(question: Question<'_>, output: &mut Output) -> Answer {
    let version = if question.takes_version { ", a version: that one instead" } else { "" };
    let words = format!("{} [y: yes, d: diff{version}, n: no] ", question.words);
    loop {
        let Some(typed) = line(&words, output) else { return Answer::Quit };
        let typed = typed.trim();
        match typed.to_lowercase().as_str() {
            "y" | "yes" => return Answer::Accept,
            "" | "n" | "no" | "q" | "quit" => return Answer::Quit,
            "d" | "diff" => output.result(diff_text(&question.plan.files, question.texts)),
            _ if is_version(typed) && question.takes_version => return Answer::Version(typed.to_owned()),
            _ => output.write_err(explained(typed, &question)),
        }
    }
}

fn is_version(typed: &str) -> bool {
    typed.strip_prefix('v').unwrap_or(typed).starts_with(|c: char| c.is_ascii_digit())
}

/// Says in a line what can be answered instead.
fn explained(typed: &str, question: &Question<'_>) -> String {
    if is_version(typed) && !question.takes_version && question.plan.bumps.len() > 1 {
        return format!(
            "`{typed}` cannot replace several versions; answer y, d or n, and give versions as `-p NAME=VERSION`\n"
        );
    }
    let version = if question.takes_version { " or a version (one that starts with a digit)" } else { "" };
    format!("`{typed}` is not an answer: expected y (yes), d (show the diff), n (no){version}\n")
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

/// Asks for a line; `None` at the end of the input. A signal ends relman, after a word on it: all questions come before the first write.
pub(super) fn line(question: &str, output: &mut Output) -> Option<String> {
    output.write_err(question);
    match io::read_line() {
        TypedLine::Line(line) => return Some(line),
        TypedLine::End => output.write_err("\n"),
        TypedLine::Signal(signal) => {
            output.write_err("\n");
            stop_for_signal(signal, output);
        }
    }
    None
}

/// Says how things are, and ends relman as the signal would have ended it.
pub(super) fn stop_for_signal(signal: i32, output: &mut Output) {
    output.messages().stopped(signal, "");
    io::end_by_signal(signal);
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
