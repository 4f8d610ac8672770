//! [`unknown_packages`]: texts that name packages which do not exist.

use super::own_command::CommandLine;
use super::{Config, ReleaseText};
use crate::model::{Diagnostic, PackageId, ProblemCode, did_you_mean};

/// Finds texts that name a package which is not one of these.
#[must_use]
pub fn unknown_packages(config: &Config, packages: &[&PackageId]) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    for text in texts(config) {
        for package in text.packages().filter(|package| !packages.contains(package)) {
            let known: Vec<&str> = packages.iter().map(|package| package.as_str()).collect();
            let help = did_you_mean(package.as_str(), &known, || "name a package of this workspace".to_owned());
            let message = format!("`{text}` names the package `{package}`, which does not exist");
            wrong.push(config.diagnostic(ProblemCode::UnknownName, text.span(), message).help(help));
        }
    }
    wrong
}

/// Returns every text that may name packages.
fn texts(config: &Config) -> impl Iterator<Item = &ReleaseText> {
    let release = config.release.iter().flat_map(|release| {
        let own = release.milestone.iter().chain(&release.next_milestone).chain([&release.merge_message]);
        own.chain(release.packages.texts())
    });
    let packages = config.packages.iter().filter_map(|package| package.release.as_ref());
    let packages = packages.flat_map(|release| release.texts());
    let gates = config.gates.iter().flat_map(|gates| {
        let lines = gates.commands.iter().flat_map(|(_, command)| &command.run);
        let asked = gates.questions.iter().map(|(_, question)| &question.ask);
        lines.flat_map(CommandLine::texts).chain(asked)
    });
    release.chain(packages).chain(gates)
}
