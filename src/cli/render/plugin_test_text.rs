//! What came of the tests of plugins, for people.

use super::plural;
use crate::cli::output::{ERROR, FAINT, GOOD, LABEL};
use crate::cli::words::Text;
use crate::process::{CheckState, PluginCheck, PluginTestReport, TestedPlugin};

/// Returns a line for each check, and how many of each plugin passed.
pub(in crate::cli) fn plugin_test_text(report: &PluginTestReport) -> Text {
    report.plugins.iter().fold(Text::default(), |text, plugin| {
        let gap = if text == Text::default() { "" } else { "\n" };
        text.plain(gap).then(&plugin_text(plugin))
    })
}

fn plugin_text(plugin: &TestedPlugin) -> Text {
    let heading = Text::default().styled(LABEL, format_args!("{} {}", plugin.name, plugin.version));
    let heading = heading.styled(FAINT, format_args!(" in {}", plugin.folder)).plain("\n");
    let text = plugin.checks.iter().fold(heading, |text, check| text.then(&line(check)));
    let (passed, failed) = plugin.counts();
    let text =
        text.plain(format_args!("{} of {}: {passed} passed, ", plural(plugin.checks.len(), "check"), plugin.name));
    let failures = format!("{failed} failed");
    if failed == 0 { text.plain(failures).plain("\n") } else { text.styled(ERROR, failures).plain("\n") }
}

fn line(check: &PluginCheck) -> Text {
    let text = match check.state {
        CheckState::Passed => Text::default().styled(GOOD, "ok").plain("      "),
        CheckState::Failed => Text::default().styled(ERROR, "FAILED").plain("  "),
    };
    let reason = check.message.as_ref().map_or(String::new(), |message| format!(": {message}"));
    text.plain(format_args!("{}{reason}\n", check.name))
}
