//! `relman man`.

use clap::Args;
use clap_mangen::Man as Page;

use crate::cli::command_line::CommandLine;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Output;

/// The definition of a straight quote in roff.
const QUOTES: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// Print the manual page, in roff
///
/// `relman man | man -l -` shows it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Man {}

impl Man {
    pub(super) fn run(self, line: CommandLine, output: &mut Output) -> Result<Exit, CliError> {
        let page = page(&(line.describe)())
            .map_err(|error| CliError::failed(Exit::Failed, error.to_string(), "report this"))?;
        output.copy(&page);
        Ok(Exit::Done)
    }
}

/// One page for everything: the program first, then a section for each command.
fn page(line: &clap::Command) -> std::io::Result<String> {
    let program = Page::new(line.clone()).manual("relman manual");
    let mut text = Vec::new();
    program.render_title(&mut text)?;
    program.render_name_section(&mut text)?;
    program.render_synopsis_section(&mut text)?;
    program.render_description_section(&mut text)?;
    program.render_options_section(&mut text)?;
    let mut page = format!("{QUOTES}{}", without_repeated_macros(text));
    for command in line.get_subcommands() {
        let name = format!("relman {}", command.get_name());
        let examples = command.get_after_help().map(ToString::to_string);
        let section =
            Page::new(command.clone().disable_help_flag(true).display_name(name.clone()).bin_name(name.clone()));
        let mut text = Vec::new();
        section.render_synopsis_section(&mut text)?;
        section.render_description_section(&mut text)?;
        if command.get_arguments().next().is_some() {
            section.render_options_section(&mut text)?;
        }
        // The parts of a command are sections of a page of their own; here they are below its name.
        let text = without_repeated_macros(text).replace(".SH SYNOPSIS\n", "").replace(".SH DESCRIPTION\n", ".PP\n");
        let text = text.replace(".SH OPTIONS\n", ".SS OPTIONS\n").replace("\n.SH ", "\n.SS ");
        page.push_str(&format!(".SH {}\n{text}", name.to_uppercase()));
        if let Some((heading, lines)) = examples.as_deref().and_then(|examples| examples.split_once(":\n")) {
            page.push_str(&format!(".SS {}\n{}", heading.to_uppercase(), verbatim(lines)));
        }
    }
    let codes = line.get_after_help().map(ToString::to_string).unwrap_or_default();
    let codes = codes.split_once('\n').map_or("", |(_, codes)| codes);
    Ok(page + ".SH EXIT STATUS\n" + &verbatim(codes))
}

/// Returns a part of the page, without the definition that every part repeats.
fn without_repeated_macros(text: Vec<u8>) -> String {
    String::from_utf8_lossy(&text).replace(QUOTES, "")
}

/// Writes lines verbatim.
fn verbatim(lines: &str) -> String {
    format!(".nf\n{}\n.fi\n", lines.replace('\\', "\\e").replace('-', "\\-").replace("\n.", "\n\\&."))
}
