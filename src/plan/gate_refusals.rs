//! The reasons against a plan that gates give.

use super::gate::{Gate, GateState};
use super::release_plan::{Refusal, RefusalCode};

/// Returns the reason against a plan; `None` if the gate holds, was skipped, or is looked at later.
#[must_use]
pub fn gate_refusal(gate: &Gate) -> Option<Refusal> {
    let found = match gate.state {
        GateState::Failed => "failed",
        GateState::Unknown if !gate.is_later => "could not be checked",
        GateState::Passed | GateState::Skipped | GateState::Unknown => return None,
    };
    let message = format!("the gate `{}` {found}: {}", gate.name, gate.message);
    let skip = format!("`--skip-gate {}` skips it", gate.name);
    let help = gate.help.as_ref().map_or_else(|| skip.clone(), |help| format!("{help}; {skip}"));
    Some(Refusal { code: RefusalCode::Gate, message, help: Some(help) })
}

/// Returns the reasons of all gates; the guards among them refuse by themselves.
pub(super) fn gate_refusals(gates: &[Gate]) -> Vec<Refusal> {
    let is_guard = |gate: &&Gate| matches!(gate.name.as_str(), "clean" | "branch" | "tag" | "section");
    gates.iter().filter(|gate| !is_guard(gate)).filter_map(gate_refusal).collect()
}
