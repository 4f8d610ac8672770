//! [`LaterGates`]: gates that are commands of one's own, or questions to a person. They come after the plan was shown and accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::error::ProcessError;
use super::own_command::{OwnRun, run_own};
use super::prompt::Prompt;
use crate::apply::remembered_gates;
use crate::capture::Place;
use crate::config::{CommandLine, OwnCommand, Strength};
use crate::io::{self, Git};
use crate::model::{Event, EventKind, EventState};
use crate::plan::{Gate, GateState, Proposal, ReleaseUnit, ReleaseWords, gate_refusal, run_key};
use crate::snapshot::Snapshot;

/// Where the gates are looked at, and for what.
pub(super) struct LaterGates<'a> {
    pub(super) place: &'a Place,
    pub(super) snapshot: &'a Snapshot,
    pub(super) units: &'a [ReleaseUnit],
    /// Whether a person is asked.
    pub(super) asks: bool,
}

/// Returns the programs that commands of gates and of `[[release.run]]` need or start with and that are not found, by the names of the
/// gates, and by [`run_key`].
pub(super) fn missing_programs(snapshot: &Snapshot, root: &Path) -> BTreeMap<String, Vec<String>> {
    let gates = snapshot.config.gates.iter().flat_map(|gates| &gates.commands);
    let gates = gates.map(|(name, command)| (name.clone(), command));
    let runs = snapshot.config.release.iter().flat_map(|release| &release.runs);
    let runs = runs.map(|run| (run_key(&run.name), &run.command));
    let missing = gates.chain(runs).map(|(name, command)| {
        let dir = command.cwd.as_ref().map_or_else(|| root.to_owned(), |folder| root.join(folder.as_str()));
        let needed = command.needs.iter().cloned().map(|program| (program, root));
        let started = first_program(command).filter(|program| !command.needs.contains(program));
        let needed = needed.chain(started.map(|program| (program, dir.as_path())));
        let lacking = needed.filter(|(program, dir)| io::find_program(program, dir).is_none());
        (name, lacking.map(|(program, _)| program).collect::<Vec<_>>())
    });
    missing.filter(|(_, lacking)| !lacking.is_empty()).collect()
}

/// The program that a command starts first. Later ones may be made by then, and what a shell runs is not known.
fn first_program(command: &OwnCommand) -> Option<String> {
    let Some(CommandLine::Argv(words)) = command.run.first() else { return None };
    words.first().map(ToString::to_string).filter(|program| !program.contains('{'))
}

/// Returns the proposal with the gates that were settled when its commit was made.
pub(super) fn with_remembered(git: &Git, mut proposal: Proposal) -> Proposal {
    let passed = match &proposal.plan().base {
        Some(base) => remembered_gates(git, base),
        None => BTreeSet::new(),
    };
    for gate in open_gates(&proposal).into_iter().filter(|gate| passed.contains(&gate.name)) {
        proposal.set_gate(Gate::new(gate.name, GateState::Passed, "passed or skipped before the commit was made"));
    }
    proposal
}

/// Reports how gates were found. Those that are looked at later are not.
pub(super) fn report_gates(gates: &[Gate], prompt: &mut dyn Prompt) {
    for gate in gates.iter().filter(|gate| !gate.is_later) {
        let state = match gate.state {
            GateState::Passed => EventState::Passed,
            GateState::Failed => EventState::Failed,
            GateState::Skipped => EventState::Skipped,
            GateState::Unknown => EventState::Unknown,
        };
        let event = Event::new(EventKind::Gate, &gate.name, state).message(&gate.message);
        prompt.report(event.at(gate.url.clone()));
    }
}

fn open_gates(proposal: &Proposal) -> Vec<Gate> {
    proposal.plan().gates.iter().filter(|gate| gate.is_later).cloned().collect()
}

impl LaterGates<'_> {
    /// Looks at the gates of the plan that are still open, one after the other. The first that fails ends it; questions that no one can
    /// be asked are reported at once.
    pub(super) fn run(&self, proposal: Proposal, prompt: &mut dyn Prompt) -> Result<Proposal, ProcessError> {
        let mut proposal = with_remembered(&self.place.git, proposal);
        let open = open_gates(&proposal);
        if !self.can_ask(prompt) {
            for found in open.iter().filter_map(|gate| self.answer(gate, prompt)) {
                let refusal = gate_refusal(&found);
                proposal.set_gate(found);
                proposal = refusal.into_iter().fold(proposal, Proposal::refused_for);
            }
            if proposal.is_refused() {
                return Ok(proposal);
            }
        }
        for gate in open {
            // Only commands and questions are looked at here.
            let Some(found) = self.look(&gate, prompt)? else { continue };
            let refusal = gate_refusal(&found);
            proposal.set_gate(found);
            if let Some(refusal) = refusal {
                return Ok(proposal.refused_for(refusal));
            }
        }
        Ok(proposal)
    }

    /// Looks at all of them, whatever fails; for `doctor`.
    pub(super) fn all(&self, gates: &[Gate], prompt: &mut dyn Prompt) -> Result<Vec<Gate>, ProcessError> {
        let look = |gate: &Gate| Ok(self.look(gate, prompt)?.unwrap_or_else(|| gate.clone()));
        let mut look = look;
        gates.iter().map(|gate| if gate.is_later { look(gate) } else { Ok(gate.clone()) }).collect()
    }

    /// Looks at one gate; `None` if it is neither a command nor a question.
    fn look(&self, gate: &Gate, prompt: &mut dyn Prompt) -> Result<Option<Gate>, ProcessError> {
        let mut commands = self.snapshot.config.gates.iter().flat_map(|gates| &gates.commands);
        let found = match commands.find(|(name, _)| *name == gate.name) {
            Some((name, command)) => {
                prompt.report(Event::new(EventKind::Gate, name, EventState::Begun));
                Some(self.command(name, command, prompt)?)
            }
            None => self.answer(gate, prompt),
        };
        report_gates(found.as_slice(), prompt);
        Ok(found)
    }

    /// Asks a person about a gate; `None` if it is not a question.
    fn answer(&self, gate: &Gate, prompt: &mut dyn Prompt) -> Option<Gate> {
        // Without the table nothing is a gate.
        let config = self.snapshot.config.gates.as_ref()?;
        let strength = match gate.name.as_str() {
            "issues" => config.issues,
            "requests" => config.requests,
            _ => Strength::Allow,
        };
        if strength == Strength::Ask && gate.state == GateState::Unknown && gate.url.is_some() {
            return Some(self.ask(gate, &format!("{}. Go on?", gate.message), prompt));
        }
        let (_, question) = config.questions.iter().find(|(name, _)| *name == gate.name)?;
        let words = ReleaseWords::new(self.snapshot, self.units);
        let text = self.units.first().map_or_else(|| question.ask.to_string(), |lead| words.fill(&question.ask, lead));
        Some(self.ask(gate, &text, prompt))
    }

    fn can_ask(&self, prompt: &dyn Prompt) -> bool {
        self.asks && prompt.can_ask()
    }

    fn ask(&self, gate: &Gate, question: &str, prompt: &mut dyn Prompt) -> Gate {
        if !self.can_ask(prompt) {
            let message = format!("needs the answer of a person: {question}");
            return Gate {
                help: None,
                url: gate.url.clone(),
                ..Gate::new(gate.name.clone(), GateState::Failed, message)
            };
        }
        let (state, answer) =
            if prompt.ask_yes(question) { (GateState::Passed, "yes") } else { (GateState::Failed, "no") };
        Gate { url: gate.url.clone(), ..Gate::new(gate.name.clone(), state, format!("{question} {answer}")) }
    }

    fn command(&self, name: &str, command: &OwnCommand, prompt: &mut dyn Prompt) -> Result<Gate, ProcessError> {
        let run = OwnRun::new(self.place, self.snapshot, self.units, name);
        let gate = match run_own(&run, command, prompt)? {
            None => Gate::new(name, GateState::Passed, "the command succeeded"),
            Some(why) => Gate::new(name, GateState::Failed, why),
        };
        Ok(Gate { help: command.help.clone().filter(|_| gate.state == GateState::Failed), ..gate })
    }
}
