//! [`fitted`]: help whose examples keep their columns on narrow terminals.

use clap::Command;

use super::render::flow;
use crate::io;

/// The width of help on wide terminals, and where the width is not known.
const WIDEST: usize = 100;

/// Narrower columns are harder to read than wrapped lines.
const NARROWEST: usize = 16;

/// Wraps what the help of a command and its subcommands ends with to the width of the terminal: as in the options above it, text goes on below
/// its own column.
pub(super) fn fitted(command: Command) -> Command {
    let terminal = io::terminal_size().map(|(_, columns)| usize::from(columns));
    let columns = terminal.or_else(|| io::variable("COLUMNS")?.parse().ok());
    fit(command, columns.unwrap_or(WIDEST).min(WIDEST))
}

fn fit(command: Command, width: usize) -> Command {
    let command = command.mut_subcommands(|inner| fit(inner, width));
    match command.get_after_help().map(|text| hanging(&text.to_string(), width)) {
        Some(text) => command.after_help(text),
        None => command,
    }
}

/// Wraps the lines of two columns that are too wide.
fn hanging(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.lines().map(|line| hung(line, width).unwrap_or_else(|| line.to_owned())).collect();
    lines.join("\n")
}

fn hung(line: &str, width: usize) -> Option<String> {
    let term = line.strip_prefix("  ").filter(|term| !term.starts_with(' '))?;
    let (first, rest) = term.split_once("  ").filter(|_| line.chars().count() > width)?;
    let text = rest.trim_start();
    let column = line.chars().count() - text.chars().count();
    let room = width.checked_sub(column).filter(|room| *room >= NARROWEST)?;
    let gap = " ".repeat(column.saturating_sub(first.chars().count() + 2));
    Some(format!("  {first}{gap}{}", flow(text, room).join(&format!("\n{}", " ".repeat(column)))))
}

#[cfg(test)]
mod tests {
    use super::hanging;

    #[test]
    fn a_text_goes_on_below_its_column() {
        let text = "Examples:\n  relman bump minor   the one package that there is\n  relman bump --all   all of them";
        assert_eq!(hanging(text, 60), text);
        let expected = "Examples:\n  relman bump minor   the one package\n                      that there is\n  \
                        relman bump --all   all of them";
        assert_eq!(hanging(text, 41), expected);
        assert_eq!(hanging(text, 30), text);
    }
}
