//! [`Prompt`]: who is told what a process does, and who is asked.

use std::collections::BTreeMap;

use crate::model::{Diagnostic, Event, RepoPath};
use crate::plan::{Offer, Refusal, ReleasePlan};

/// A question about a plan that was shown.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Its words.
    pub words: &'a str,
    /// The plan, whose diff may be wanted.
    pub plan: &'a ReleasePlan,
    /// The texts of its files as they are.
    pub texts: &'a BTreeMap<&'a RepoPath, &'a str>,
    /// Whether a version is an answer: it replaces the planned one.
    pub takes_version: bool,
}

/// What a person answers to a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Carry it out.
    Accept,
    /// Plan this version instead, and ask again.
    Version(String),
    /// Leave everything as it is.
    Quit,
}

/// What a person picks of what is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The position of the offer.
    pub offer: usize,
    /// The position of its step.
    pub step: usize,
}

/// What takes lines of the output of commands, with their names.
pub type CommandWriter = Box<dyn Fn(&str, &str)>;

/// Who is told what a process does, and answers its questions: a person at a terminal, or a log that cannot answer.
pub trait Prompt {
    /// Takes a line about what is done now.
    fn say(&mut self, message: &str);

    /// Takes a line for who wants to know more.
    fn say_more(&mut self, message: &str);

    /// Takes a line about what deserves a look.
    fn warn(&mut self, message: &str);

    /// Takes an event of a long run, which may have words for people.
    fn report(&mut self, event: Event);

    /// Returns what takes events where this prompt is not at hand.
    fn reporter(&self) -> Box<dyn Fn(Event)>;

    /// Returns what takes the progress of a long reading: how many commits of how many, from any thread. It ends with its last use.
    fn commits_progress(&self) -> Box<dyn Fn(usize, usize) + Sync + '_>;

    /// Returns `true` if someone is there to answer.
    fn can_ask(&self) -> bool;

    /// Asks what is to be released, and by which steps; `None` if nothing is wanted.
    fn choose(&mut self, offers: &[Offer]) -> Option<Vec<Pick>>;

    /// Asks for the prose that opens the sections of a release; `None` if there is to be none.
    fn ask_summary(&mut self, is_required: bool) -> Option<String>;

    /// Shows a plan, with the texts of its files as they are.
    fn show(&mut self, plan: &ReleasePlan, texts: &BTreeMap<&RepoPath, &str>);

    /// Shows the sections of changelogs that a plan writes.
    fn show_sections(&mut self, plan: &ReleasePlan);

    /// Asks what to do with a plan that was shown; whatever is not an answer is explained, and the question is asked again.
    fn ask(&mut self, question: Question<'_>) -> Answer;

    /// Asks a question of relman.toml; returns `true` for yes, which has to be typed.
    fn ask_yes(&mut self, question: &str) -> bool;

    /// Takes a line of the output of a command of the repository, which is printed behind its name.
    fn command_line(&mut self, name: &str, line: &str);

    /// Returns what takes lines of the output of commands, with their names, from where this prompt is not at hand.
    fn command_writer(&self) -> CommandWriter;

    /// Shows the notes of a plan that is carried out without a question.
    fn announce(&mut self, plan: &ReleasePlan);

    /// Shows why the version that was answered cannot be released.
    fn reject(&mut self, problems: Vec<Diagnostic>, refusals: Vec<Refusal>);
}
