//! [`doctor`]: all gates now, and what the token can do, without releasing anything.

use serde::Serialize;

use super::error::ProcessError;
use super::gated::{GateLook, GateOptions};
use super::later_gates::LaterGates;
use super::prompt::Prompt;
use super::session::Session;
use super::world::World;
use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::config::{GatesConfig, WantedVariable};
use crate::forge::Forge;
use crate::model::{CiVariable, Diagnostic, TokenKind};
use crate::plan::{
    BumpRequest, BumpSpec, Gate, GateState, ReleaseUnit, SCHEMA, bump, check_gate_names, read_words, units_of,
};
use crate::snapshot::{Look, Snapshot};

/// What is looked at.
#[derive(Clone, Debug)]
pub struct DoctorOptions {
    /// The names of the gates that are looked at; empty: all.
    pub only: Vec<String>,
    /// The release that they are looked at for: of all packages, where none is named.
    pub request: BumpRequest,
    /// Whether commands of the repository are run.
    pub runs: bool,
    /// How the gates are looked at.
    pub gates: GateOptions,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Doctor")]
#[serde(rename_all = "kebab-case")]
pub struct DoctorReport {
    /// The version of this format.
    pub schema: u32,
    /// The gates.
    pub gates: Vec<Gate>,
    /// The token; null without a forge, or without a token.
    pub token: Option<TokenReport>,
    /// The variables of CI that relman.toml names.
    pub variables: Vec<VariableReport>,
    /// What else a person should know.
    pub notes: Vec<String>,
}

/// What a token is and cannot do. The token itself is never in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TokenReport {
    /// What kind of token it is.
    pub kind: TokenKind,
    /// Whose it is.
    pub user: Option<String>,
    /// Its scopes, as far as the forge tells.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires: Option<String>,
    /// What it cannot do here.
    pub cannot: Vec<String>,
}

/// A variable of CI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct VariableReport {
    /// Its name.
    pub name: String,
    /// Whether it is there; null if the forge did not tell.
    pub there: Option<bool>,
    /// Whether logs do not show it.
    pub masked: Option<bool>,
    /// Whether only protected branches and tags get it.
    pub protected: Option<bool>,
    /// Whether it is as relman.toml wants it, as far as the forge says.
    #[serde(skip)]
    pub is_right: bool,
}

/// Looks at everything that a release would need, and writes nothing.
///
/// # Errors
/// Returns an error if something cannot be read, or a name is that of no gate.
pub fn doctor(
    session: &Session,
    options: &DoctorOptions,
    prompt: &mut dyn Prompt,
) -> Result<DoctorReport, ProcessError> {
    let needs = CaptureNeeds {
        findings: false,
        changes: true,
        reach: Reach::Above,
        push: true,
        history: options.request.needs_history() || !options.request.has_level(),
        changelogs: true,
        sections: true,
    };
    let mut snapshot = session.read_to_release(CaptureOptions { needs, staged: false }, prompt)?;
    let mut request = options.request.clone();
    read_words(&snapshot, &mut request)?;
    request.ask.get_or_insert(BumpSpec::Auto(None));
    request.all = request.packages.is_empty() && request.groups.is_empty();
    check_gate_names(&snapshot, &options.only)?;
    check_gate_names(&snapshot, &options.gates.skip)?;
    // Gates are what is asked for here, so those that need no `[gates]` to be on are looked at in any case.
    snapshot.config.gates.get_or_insert_with(GatesConfig::default);
    let (units, refusals, mut notes) = planned(&snapshot, &request)?;
    let world = World::new(&session.place, options.gates.patience, options.gates.is_online);
    let look = GateLook { session, snapshot: &snapshot, world: &world, options: &options.gates, named: None };
    let (found, _) = look.gates(&units, &refusals, prompt);
    let is_wanted = |gate: &Gate| options.only.is_empty() || options.only.contains(&gate.name);
    let found: Vec<Gate> = found.into_iter().filter(is_wanted).collect();
    let later = LaterGates { place: &session.place, snapshot: &snapshot, units: &units, asks: false };
    let found = if options.runs { later.all(&found, prompt)? } else { found.into_iter().map(not_run).collect() };
    notes.extend(first_releases(&snapshot, &units));
    let mut report = DoctorReport { schema: SCHEMA, gates: found, token: None, variables: Vec::new(), notes };
    match world.forge(&snapshot) {
        Look::Found(forge) => ask_forge(forge, &snapshot, &mut report),
        Look::Unknown { message, .. } => report.notes.push(message.clone()),
        Look::NotAsked => {}
    }
    Ok(report)
}

/// A command that is not run on request.
fn not_run(gate: Gate) -> Gate {
    if !gate.is_later {
        return gate;
    }
    Gate { state: GateState::Skipped, message: "not run".to_owned(), ..gate }
}

type Planned = (Vec<ReleaseUnit>, Vec<crate::plan::Refusal>, Vec<String>);

/// What a release would be. Where no version can be worked out, the gates that need one are unknown.
fn planned(snapshot: &Snapshot, request: &BumpRequest) -> Result<Planned, ProcessError> {
    let is_auto = matches!(request.ask, Some(BumpSpec::Auto(_)));
    match bump(snapshot, request) {
        Ok(proposal) => Ok((units_of(snapshot, proposal.plan())?, proposal.refusals().to_vec(), Vec::new())),
        Err(problems) if is_auto => {
            let why = |problem: &Diagnostic| format!("no version follows from the changes: {}", problem.message);
            Ok((Vec::new(), Vec::new(), problems.iter().map(why).collect()))
        }
        Err(problems) => Err(problems.into()),
    }
}

/// The first release of a package needs what a later one does not.
fn first_releases(snapshot: &Snapshot, units: &[ReleaseUnit]) -> Vec<String> {
    let is_first =
        |unit: &&ReleaseUnit| snapshot.git.tags.of(&snapshot.workspace.packages[unit.package]).next().is_none();
    let note = |unit: &ReleaseUnit| {
        let package = &snapshot.workspace.packages[unit.package];
        let asks = package.primary().and_then(|slot| slot.kind.ecosystem()).and_then(|ecosystem| match ecosystem {
            crate::model::Ecosystem::Python => Some("does PyPI have a trusted publisher for it?"),
            crate::model::Ecosystem::Npm => Some("does the npm scope exist, and may CI publish to it?"),
            crate::model::Ecosystem::Cargo => Some("is its name free, and may CI publish it?"),
            _ => None,
        });
        format!("`{}` has no tag yet: {}", package.id, asks.unwrap_or("this would be its first release"))
    };
    units.iter().filter(is_first).map(note).collect()
}

/// What the token is, whether the variables of CI are there, and which rules tags and branches have.
fn ask_forge(forge: &Forge, snapshot: &Snapshot, report: &mut DoctorReport) {
    match forge.token() {
        Ok(token) => {
            report.token = Some(TokenReport {
                kind: token.kind,
                user: token.user,
                scopes: token.scopes,
                expires: token.expires,
                cannot: token.cannot,
            });
        }
        Err(error) => report.notes.push(format!("the token could not be looked up: {error}")),
    }
    let wanted = snapshot.config.forge.as_ref().map_or(&[][..], |config| &config.ci_variables);
    if !wanted.is_empty() {
        let there = forge.variables();
        if let Err(error) = &there {
            report.notes.push(format!("the CI variables could not be read: {error}"));
        }
        let variables: Vec<(VariableReport, Option<String>)> =
            wanted.iter().map(|spec| variable(spec, there.as_deref().ok())).collect();
        for (variable, problem) in variables {
            report.notes.extend(problem);
            report.variables.push(variable);
        }
    }
    match forge.tag_rules() {
        Ok(rules) => {
            let names: Vec<String> = rules.iter().map(|rule| rule.pattern.clone()).collect();
            let has_protected = wanted.iter().any(|spec| spec.protected == Some(true));
            for package in snapshot.workspace.packages.iter().filter(|_| has_protected) {
                let version = package.version().filter(|_| package.has_tags());
                let tag = version.and_then(|version| package.tag.render(version).ok());
                if tag.is_some_and(|tag| !rules.iter().any(|rule| rule.covers(tag.as_str()))) {
                    let shown = if names.is_empty() {
                        "there are no tag rules".to_owned()
                    } else {
                        format!("protected: {}", names.join(", "))
                    };
                    let note = format!(
                        "the tags of `{}` are not protected ({shown}), so their pipelines get no protected variable",
                        package.id
                    );
                    report.notes.push(note);
                }
            }
        }
        Err(error) => report.notes.push(format!("the tag rules could not be read: {error}")),
    }
}

/// What the forge has of a variable, and what is wrong with it.
fn variable(spec: &WantedVariable, there: Option<&[CiVariable]>) -> (VariableReport, Option<String>) {
    let found = there.map(|all| all.iter().filter(|variable| variable.name == spec.name).collect::<Vec<_>>());
    let first = found.as_ref().and_then(|found| found.first());
    let mut report = VariableReport {
        name: spec.name.clone(),
        is_right: true,
        there: found.as_ref().map(|found| !found.is_empty()),
        masked: first.map(|variable| variable.masked),
        protected: first.map(|variable| variable.protected),
    };
    let differs = |wanted: Option<bool>, is: Option<bool>| wanted.zip(is).is_some_and(|(wanted, is)| wanted != is);
    let name = &spec.name;
    let problem = if report.there == Some(false) {
        Some(format!("the CI variable {name} does not exist"))
    } else if differs(spec.masked, report.masked) {
        Some(format!("the CI variable {name} is {}masked", if report.masked == Some(true) { "" } else { "not " }))
    } else if differs(spec.protected, report.protected) {
        Some(format!("the CI variable {name} is {}protected", if report.protected == Some(true) { "" } else { "not " }))
    } else {
        None
    };
    report.is_right = problem.is_none();
    (report, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_missing_or_differs_is_not_right() {
        let wanted = |masked| WantedVariable { name: "TOKEN".to_owned(), masked, protected: None };
        let there = |masked| {
            let variable = CiVariable { name: "TOKEN".to_owned(), masked, protected: false };
            vec![variable]
        };
        let table = [
            (None, Some(vec![]), false),
            (None, Some(there(false)), true),
            (Some(true), Some(there(false)), false),
            (Some(true), Some(there(true)), true),
            // What the forge does not say is not wrong.
            (Some(true), None, true),
        ];
        for (masked, found, is_right) in table {
            let (report, problem) = variable(&wanted(masked), found.as_deref());
            assert_eq!((report.is_right, problem.is_none()), (is_right, is_right), "{masked:?} {found:?}");
        }
    }
}
