//! What plugins of the role `check` found: findings of `check`, and gates.

use super::finding::{Finding, FindingCode};
use super::gate::{Gate, GateState};
use crate::model::{PluginName, PluginRole};
use crate::snapshot::{Look, PluginLeftOut, PluginReport, Snapshot};
use crate::text::list_truncated;

/// How many messages a gate lists.
const SHOWN: usize = 4;

/// Returns what plugins found, and that one gave no answer.
pub(super) fn plugin_findings(snapshot: &Snapshot) -> Vec<Finding> {
    let of_plugin = |(plugin, look): &(PluginName, Look<Vec<PluginReport>>)| match look {
        Look::Found(reports) => reports.iter().map(|report| finding(plugin, report)).collect(),
        Look::Unknown { message, help } => vec![Finding {
            path: Some(snapshot.config.path.clone()),
            message: message.clone(),
            help: help.clone(),
            ..empty()
        }],
        Look::NotAsked => Vec::new(),
    };
    snapshot.plugins.checks.iter().flat_map(of_plugin).collect()
}

/// Returns a gate for each plugin that checks. One that was left out has not passed.
pub(super) fn plugin_gates(snapshot: &Snapshot) -> Vec<Gate> {
    let gate = |(plugin, look): &(PluginName, Look<Vec<PluginReport>>)| {
        let name = format!("plugin:{plugin}");
        match look {
            Look::Found(reports) if reports.is_empty() => Gate::new(name, GateState::Passed, "it found nothing wrong"),
            Look::Found(reports) => {
                let messages: Vec<&str> = reports.iter().map(|report| report.message.as_str()).collect();
                let gate = Gate::new(name, GateState::Failed, list_truncated(&messages, SHOWN));
                gate.with_help("`relman check` shows where")
            }
            Look::Unknown { message, help } => {
                let gate = Gate::new(name, GateState::Failed, message.clone());
                help.as_ref().map_or(gate.clone(), |help| gate.with_help(help.clone()))
            }
            Look::NotAsked => Gate::new(name, GateState::Unknown, "it was not asked"),
        }
    };
    let checks = |left: &&PluginLeftOut| {
        let specs = &snapshot.config.plugins;
        specs.iter().any(|spec| spec.name == left.plugin && spec.roles.contains(&PluginRole::Check))
    };
    let left_out = snapshot.plugins.left_out.iter().filter(checks).map(|left| {
        let gate = Gate::new(format!("plugin:{}", left.plugin), GateState::Failed, left.message.clone());
        left.help.as_ref().map_or(gate.clone(), |help| gate.with_help(help.clone()))
    });
    snapshot.plugins.checks.iter().map(gate).chain(left_out).collect()
}

fn finding(plugin: &PluginName, report: &PluginReport) -> Finding {
    Finding {
        path: report.path.clone(),
        line: report.line,
        column: report.column,
        package: report.package.clone(),
        message: format!("{} ({plugin})", report.message),
        help: report.help.clone(),
        ..empty()
    }
}

fn empty() -> Finding {
    Finding {
        path: None,
        line: None,
        column: None,
        code: FindingCode::Plugin,
        package: None,
        found: None,
        expected: None,
        message: String::new(),
        help: None,
    }
}
