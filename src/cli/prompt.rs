//! The terminal as a [`Prompt`]: what a process says is printed, and what it asks is asked.

use std::collections::BTreeMap;

use super::confirm::{ask, ask_summary, can_ask, said_yes};
use super::error::CliError;
use super::output::{FAINT, Output};
use super::picker::pick;
use super::progress::HistoryProgress;
use super::render::{notes, plan_text, report, sections_text};
use super::words::Text;
use crate::model::{Diagnostic, Event, RepoPath};
use crate::plan::{Offer, Refusal, ReleasePlan};
use crate::process::{Answer, CommandWriter, Pick, Prompt, Question};
use crate::text::visible_line;

impl Prompt for Output {
    fn say(&mut self, message: &str) {
        Self::say(self, message);
    }

    fn say_more(&mut self, message: &str) {
        Self::say_more(self, message);
    }

    fn warn(&mut self, message: &str) {
        Self::warn(self, message);
    }

    fn report(&mut self, event: Event) {
        self.messages().event(&event);
    }

    fn reporter(&self) -> Box<dyn Fn(Event)> {
        let messages = self.messages();
        Box::new(move |event| messages.event(&event))
    }

    fn commits_progress(&self) -> Box<dyn Fn(usize, usize) + Sync + '_> {
        let progress = HistoryProgress::start(self.messages());
        Box::new(move |done, of| progress.commits(done, of))
    }

    fn can_ask(&self) -> bool {
        can_ask()
    }

    fn choose(&mut self, offers: &[Offer]) -> Option<Vec<Pick>> {
        pick(offers, self)
    }

    fn ask_summary(&mut self, is_required: bool) -> Option<String> {
        ask_summary(is_required, self)
    }

    fn show(&mut self, plan: &ReleasePlan, texts: &BTreeMap<&RepoPath, &str>) {
        let width = self.width();
        self.result(plan_text(plan, texts, width));
        self.note_asked_about(&plan.bumps);
    }

    fn show_sections(&mut self, plan: &ReleasePlan) {
        self.result(sections_text(plan));
    }

    fn ask(&mut self, question: Question<'_>) -> Answer {
        ask(question, self)
    }

    fn ask_yes(&mut self, question: &str) -> bool {
        said_yes(question, self)
    }

    fn command_line(&mut self, name: &str, line: &str) {
        self.write_err(of_command(name, line));
    }

    fn command_writer(&self) -> CommandWriter {
        let messages = self.messages();
        Box::new(move |name, line| messages.write(&of_command(name, line)))
    }

    fn announce(&mut self, plan: &ReleasePlan) {
        // What a release of nothing has to say is printed with that result.
        if !plan.is_empty() {
            let width = self.width();
            self.write_err(notes(plan).folded(width));
        }
    }

    fn reject(&mut self, problems: Vec<Diagnostic>, refusals: Vec<Refusal>) {
        let error = if problems.is_empty() { CliError::refused(refusals) } else { CliError::wrong(problems) };
        report(error, self);
    }
}

/// Writes a line of the output of a command, behind its name.
fn of_command(name: &str, line: &str) -> Text {
    Text::default().styled(FAINT, format_args!("{name} | ")).plain(format_args!("{}\n", visible_line(line)))
}
