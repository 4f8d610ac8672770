//! [`unknown_packages`]: texts and keys that name packages which do not exist.

use super::{
    Config, Generator, NameGlob, OwnCommand, PackageRelease, PackageVerify, PinSpec, ReleaseRun, ReleaseText, RunScope,
    VerifyConfig,
};
use crate::model::{Diagnostic, PackageId, ProblemCode, did_you_mean};
use crate::text::{Span, list_truncated};

/// How many packages a message lists.
const SHOWN: usize = 6;

/// Finds texts and keys that name a package which is not one of these.
#[must_use]
pub fn unknown_packages(config: &Config, packages: &[&PackageId]) -> Vec<Diagnostic> {
    let known: Vec<&str> = packages.iter().map(|package| package.as_str()).collect();
    let unknown = |span: Span, name: &str, what: String| {
        let help = did_you_mean(name, &known, || "name a package of this workspace".to_owned());
        let message = format!("{what} names the package `{name}`, which does not exist");
        config.diagnostic(ProblemCode::UnknownName, span, message).help(help)
    };
    let mut wrong = Vec::new();
    for text in texts(config) {
        for package in text.packages().filter(|package| !packages.contains(package)) {
            wrong.push(unknown(text.span(), package.as_str(), format!("`{text}`")));
        }
    }
    for (key, span, name) in named(config).into_iter().filter(|(.., name)| !known.contains(name)) {
        wrong.push(unknown(span, name, format!("`{key}`")));
    }
    for (span, glob) in globs(config) {
        if known.iter().any(|name| glob.matcher().is_match(name)) {
            continue;
        }
        let message = format!("`packages` has the glob `{}`, which matches no package", glob.as_str());
        let help = format!("the packages are {}", list_truncated(&known, SHOWN));
        wrong.push(config.diagnostic(ProblemCode::UnknownName, span, message).help(help));
    }
    wrong
}

/// Returns the globs of `[[release.run]]`, but those that are the name of one package.
fn globs(config: &Config) -> impl Iterator<Item = (Span, &NameGlob)> {
    let runs = config.release.iter().flat_map(|release| &release.runs);
    let each = runs.filter_map(|run| match &run.scope {
        RunScope::Each(globs) => Some(globs),
        RunScope::Once(_) => None,
    });
    let each = each.flat_map(|globs| globs.value.iter().map(|glob| (globs.span, glob)));
    each.filter(|(_, glob)| glob.literal().is_none())
}

/// Returns the values of keys that name packages, as long as they are not globs.
fn named(config: &Config) -> Vec<(&'static str, Span, &str)> {
    let runs = config.release.iter().flat_map(|release| &release.runs);
    let named = runs.flat_map(|run| match &run.scope {
        RunScope::Once(package) => {
            package.iter().map(|package| ("package", package.span, package.value.as_str())).collect::<Vec<_>>()
        }
        RunScope::Each(globs) => {
            let literal = globs.value.iter().filter_map(NameGlob::literal);
            literal.map(|name| ("packages", globs.span, name)).collect()
        }
    });
    let generated = config.generate.iter().filter_map(|generator| generator.package.as_ref());
    named.chain(generated.map(|package| ("package", package.span, package.value.as_str()))).collect()
}

/// Returns every text that may name packages.
fn texts(config: &Config) -> impl Iterator<Item = &ReleaseText> {
    let release = config.release.iter().flat_map(|release| {
        let own = release.milestone.iter().chain(&release.next_milestone).chain([&release.merge_message]);
        own.chain(release.packages.texts()).chain(release.runs.iter().flat_map(ReleaseRun::texts))
    });
    let packages = config.packages.iter().flat_map(|package| {
        let release = package.release.iter().flat_map(PackageRelease::texts);
        release.chain(package.verify.iter().flat_map(PackageVerify::texts))
    });
    let gates = config.gates.iter().flat_map(|gates| {
        let lines = gates.commands.iter().flat_map(|(_, command)| OwnCommand::texts(command));
        lines.chain(gates.questions.iter().map(|(_, question)| &question.ask))
    });
    let verify = config.verify.iter().flat_map(VerifyConfig::texts);
    let hotfix = config.hotfix.iter().map(|hotfix| &hotfix.branch);
    let generate = config.generate.iter().flat_map(Generator::texts);
    release
        .chain(packages)
        .chain(gates)
        .chain(verify)
        .chain(hotfix)
        .chain(generate)
        .chain(config.pins.iter().flat_map(PinSpec::texts))
}
