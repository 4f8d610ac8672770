//! [`tip`]: what is typed here instead of arguments of other tools.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands and options of npm, changesets, lerna and cargo-release, and what has their meaning here.
const ARGUMENTS: [(&str, &str); 14] = [
    ("version", "`relman bump` makes the next version"),
    ("publish", "`relman release` carries a release to the remote and the forge"),
    ("add", "`relman changelog add` describes a change"),
    ("changed", "`relman status` lists packages with changes"),
    ("--major", "write the level as it is: `relman bump major`"),
    ("--minor", "write the level as it is: `relman bump minor`"),
    ("--patch", "write the level as it is: `relman bump patch`"),
    ("-x", "`relman bump` writes without an option, after a question; `-n` prints the plan alone"),
    ("--execute", "`relman bump` writes without an option, after a question; `-n` prints the plan alone"),
    ("--preid", "write the stage after the level, as in `relman bump minor beta`"),
    ("--no-confirm", "`--yes` takes the question as answered"),
    ("--no-git-tag-version", "`--no-commit` edits the files alone"),
    ("--no-push", "nothing is pushed without `--push`"),
    ("--release-as", "write the level or the version as it is, as in `relman bump minor`"),
];

/// Returns what to type instead, if an argument that relman does not have is one of another tool.
pub(super) fn tip(error: &clap::Error) -> Option<&'static str> {
    let kind = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return None,
    };
    let Some(ContextValue::String(typed)) = error.get(kind) else { return None };
    ARGUMENTS.iter().find(|(theirs, _)| theirs == typed).map(|(_, here)| *here)
}

/// Takes away the advice to pass an option as a value: nothing here has a name or a value that begins with a hyphen.
pub(super) fn without_advice_about_values(error: &mut clap::Error) {
    if error.kind() != ErrorKind::UnknownArgument {
        return;
    }
    let Some(ContextValue::StyledStrs(advice)) = error.remove(ContextKind::Suggested) else { return };
    let left: Vec<_> = advice.into_iter().filter(|text| !text.to_string().contains(" as a value, ")).collect();
    if !left.is_empty() {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(left));
    }
}
