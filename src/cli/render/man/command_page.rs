//! [`command_pages`]: a manual page for each command, from the description of the command line.

use clap::builder::StyledStr;
use clap::{Arg, Command};

use super::page::{ManPage, bold, inline, italic, reference};

/// Returns the page of the program and of every command below it, a command before its own commands.
pub(in crate::cli) fn command_pages(mut line: Command) -> Vec<ManPage> {
    line.build();
    let version = line.get_version().unwrap_or_default().to_owned();
    let mut pages = Vec::new();
    add_pages(&mut pages, &mut line, &[], &version);
    pages
}

/// Adds the page of a command, which is below the commands `above`.
fn add_pages(pages: &mut Vec<ManPage>, line: &mut Command, above: &[String], version: &str) {
    let name = above.last().map_or(line.get_name().to_owned(), |above| format!("{above}-{}", line.get_name()));
    pages.push(page(line, &name, above, version));
    let above = [above, &[name]].concat();
    line.get_subcommands_mut().for_each(|below| add_pages(pages, below, &above, version));
}

fn page(line: &mut Command, name: &str, above: &[String], version: &str) -> ManPage {
    let usage = line.render_usage().to_string();
    let about = words(line.get_about());
    let mut page = ManPage::new(name, 1, version, &about);
    page.section("Synopsis");
    page.set(&synopsis(line, usage.trim_start_matches("Usage: ")));
    page.section("Description");
    // The first line of the help is under NAME already.
    let long = words(line.get_long_about());
    page.paragraphs(long.strip_prefix(&about).filter(|rest| !rest.is_empty()).unwrap_or(&about));
    arguments(&mut page, line, above.is_empty());
    if line.has_subcommands() {
        page.section("Commands");
        for below in line.get_subcommands().filter(|below| !below.is_hide_set()) {
            page.item(&reference(&format!("{name}-{}", below.get_name()), 1), &words(below.get_about()));
        }
    }
    after(&mut page, &words(line.get_after_help()));
    page.section("See also");
    let related = above.iter().map(|above| reference(above, 1)).chain([reference("relman.toml", 5)]);
    page.set(&related.collect::<Vec<_>>().join(", "));
    page
}

fn words(text: Option<&StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// The command in bold, and the rest of its usage.
fn synopsis(line: &Command, usage: &str) -> String {
    let name = line.get_bin_name().unwrap_or(line.get_name());
    usage.strip_prefix(name).map_or_else(|| inline(usage), |rest| bold(name) + &inline(rest))
}

/// Arguments, then options, each kind under its heading. Those that every command takes are on the page of the program alone.
fn arguments(page: &mut ManPage, line: &Command, is_program: bool) {
    let is_general = |arg: &Arg| arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str());
    let shown: Vec<&Arg> =
        line.get_arguments().filter(|arg| !arg.is_hide_set() && (is_program || !is_general(arg))).collect();
    let heading = |arg: &Arg| match arg.get_help_heading() {
        Some(heading) => heading.to_owned(),
        None => if arg.is_positional() { "Arguments" } else { "Options" }.to_owned(),
    };
    let mut headings = vec!["Arguments".to_owned(), "Options".to_owned()];
    for arg in &shown {
        if !headings.contains(&heading(arg)) {
            headings.push(heading(arg));
        }
    }
    for wanted in headings {
        let mut args = shown.iter().filter(|arg| heading(arg) == wanted).peekable();
        if args.peek().is_some() {
            page.section(&wanted);
        }
        args.for_each(|arg| page.item(&term(arg), &meaning(arg)));
    }
}

/// An argument as it is typed.
fn term(arg: &Arg) -> String {
    let shown = arg.to_string();
    if arg.is_positional() {
        return italic(&shown);
    }
    let short = arg.get_short().filter(|_| arg.get_long().is_some());
    let short = short.map_or_else(String::new, |short| bold(&format!("-{short}")) + ", ");
    match shown.split_once(' ') {
        Some((flag, value)) => format!("{short}{} {}", bold(flag), italic(value)),
        None => short + &bold(&shown),
    }
}

/// What an argument means: its help, its values, its default and its variable.
fn meaning(arg: &Arg) -> String {
    let mut parts = vec![words(arg.get_long_help().or(arg.get_help()))];
    let values = arg.get_possible_values();
    let values = values.iter().filter(|value| !value.is_hide_set() && !arg.is_hide_possible_values_set());
    let values: Vec<String> = values
        .map(|value| match value.get_help() {
            Some(help) => format!("`{}`: {}", value.get_name(), help.to_string().trim_end_matches('.')),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if !values.is_empty() {
        parts.push(format!("Possible values: {}", values.join(if arg_has_help(arg) { "; " } else { ", " })));
    }
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !default.is_empty() && arg.get_action().takes_values() && !arg.is_hide_default_value_set() {
        parts.push(format!("Default: `{}`", default.join(" ")));
    }
    if let Some(variable) = arg.get_env().filter(|_| !arg.is_hide_env_set()) {
        parts.push(format!("Variable: `{}`", variable.to_string_lossy()));
    }
    parts.join("\n\n")
}

fn arg_has_help(arg: &Arg) -> bool {
    arg.get_possible_values().iter().any(|value| value.get_help().is_some())
}

/// What follows the options in the help: headings, and under each of them lines of a term and what it means.
fn after(page: &mut ManPage, text: &str) {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match (line.strip_suffix(':').filter(|line| !line.starts_with(' ')), line.trim().split_once("  ")) {
            (Some("Exit codes"), _) => page.section("Exit status"),
            (Some(heading), _) => page.section(heading),
            (None, Some((term, meaning))) => page.item(&bold(term), meaning.trim()),
            (None, None) if line.starts_with(' ') => page.item(&bold(line.trim()), ""),
            (None, None) => page.paragraphs(line),
        }
    }
}
