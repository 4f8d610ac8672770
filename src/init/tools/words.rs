//! Reasons that several tools have in common.

pub(super) const PUBLISH: &str = "publishing is left to commands of your own, [[release.run]]";
pub(super) const FORMAT: &str = "only versions and changelogs are edited, in place";
pub(super) const COMMIT: &str = "a release is one commit";
pub(super) const SIGN: &str = "commits and tags are signed as git is configured";
pub(super) const HOOKS: &str = "commands are [[generate]], [gates.commands] and [[release.run]]";
pub(super) const FORGE: &str = "`relman release` makes releases on the forge, as [release] says";
pub(super) const REQUEST: &str = "`relman pr` makes the request of a release, with a title and a text of its own";
pub(super) const PATHS: &str = "`paths` of a package says which files are its own";
pub(super) const DEPENDENTS: &str = "[dependents] decides by what a requirement admits";
pub(super) const LAST_TAG: &str = "changes count from the last tag";
pub(super) const SCHEME: &str = "versions are those of SemVer and PEP 440; `scheme` chooses the spelling";
pub(super) const DRIFT: &str = "`relman check` reports a place that holds another version";
pub(super) const LEVELS: &str = "[commits] levels says what a type of commits requires";
