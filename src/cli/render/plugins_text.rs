//! The plugins of relman.toml as a table.

use anstyle::{AnsiColor, Style};

use super::table::{Table, plain, styled};
use crate::cli::words::Text;
use crate::process::{PluginState, PluginStatus, PluginsReport};

/// Returns a row for each plugin, and below them what is wrong with those that cannot be asked.
pub(in crate::cli) fn plugins_text(report: &PluginsReport) -> Text {
    let mut table = Table::default();
    table.headings(&["PLUGIN", "VERSION", "STATE", "USED FOR", "COMMAND"]);
    for plugin in &report.plugins {
        let roles: Vec<&str> = plugin.used_for.iter().map(|role| role.name()).collect();
        table.row(vec![
            plain(plugin.name.as_str()),
            plain(plugin.version.as_deref().unwrap_or("-")),
            styled(plugin.state.name(), style(plugin.state)),
            plain(if roles.is_empty() { "-".to_owned() } else { roles.join(", ") }),
            plain(plugin.command.join(" ")),
        ]);
    }
    report.plugins.iter().filter_map(reason).fold(table.text(None), |text, reason| text.plain(&reason))
}

fn reason(plugin: &PluginStatus) -> Option<String> {
    let help = plugin.help.as_ref().map_or(String::new(), |help| format!("\n  help: {help}"));
    Some(format!("\n{}{help}\n", plugin.message.as_ref()?))
}

fn style(state: PluginState) -> Style {
    let colour = match state {
        PluginState::Trusted => AnsiColor::Green,
        PluginState::Untrusted | PluginState::Changed | PluginState::Off => AnsiColor::Yellow,
        PluginState::Broken => AnsiColor::Red,
    };
    Style::new().fg_color(Some(colour.into()))
}
