//! [`WorkspaceConfig`]: the table `[workspace]`.

use super::globs::read_globs;
use super::reader::TableReader;
use super::{MessageTemplate, NameGlob, PathGlob, Spanned};
use crate::model::{StagePolicy, TagTemplate, VersionScheme};

/// Words that already mean something else to `bump`.
const RESERVED_STAGES: [&str; 6] = ["patch", "minor", "major", "release", "final", "auto"];

const LAST_TAGS: [(&str, LastTag); 2] = [("reachable", LastTag::Reachable), ("merge-base", LastTag::MergeBase)];

/// Which tags can be the last one of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTag {
    /// Those that HEAD reaches.
    Reachable,
    /// Also those on side branches that share history with HEAD, up to the version of the package.
    MergeBase,
}

/// The settings of the whole workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceConfig {
    /// Folders that become packages if their manifest holds a version.
    pub members: Vec<Spanned<PathGlob>>,
    /// Folders that do not, even though `members` matches them.
    pub exclude: Vec<Spanned<PathGlob>>,
    /// The branches from which releases are cut; empty: any.
    pub branches: Vec<NameGlob>,
    /// The tag template of packages without one of their own, if it is given. It is valid, except for what a package's name adds.
    pub tag: Option<String>,
    /// Which tags can be the last one of a package.
    pub last_tag: LastTag,
    /// The tags that mean nothing here.
    pub ignore_tags: Vec<NameGlob>,
    /// How many tags one push may carry, at least 1.
    pub tags_per_push: u64,
    /// The message of the release commit.
    pub commit_message: MessageTemplate,
    /// The message of tags of packages without one of their own.
    pub tag_message: MessageTemplate,
    /// The labels of prereleases and the number at which their series start.
    pub stages: StagePolicy,
    /// Whether lock files in the folders above a package belong to it where they have an entry of it.
    pub locks: bool,
}

impl Default for WorkspaceConfig {
    fn default() -> Self {
        Self {
            members: Vec::new(),
            exclude: Vec::new(),
            branches: Vec::new(),
            tag: None,
            last_tag: LastTag::Reachable,
            ignore_tags: Vec::new(),
            tags_per_push: 3,
            commit_message: MessageTemplate::ending_in("chore(release): ", "releases"),
            tag_message: MessageTemplate::ending_in("Release ", "tag"),
            stages: StagePolicy::default(),
            locks: true,
        }
    }
}

impl WorkspaceConfig {
    /// The tag template where none is given.
    pub const TAG: &str = "{name}-v{version}";

    /// Returns the tag template of packages without one of their own.
    #[must_use]
    pub fn tag(&self) -> &str {
        self.tag.as_deref().unwrap_or(Self::TAG)
    }

    /// Reads the table; nothing in it is required, and a wrong value is reported and left at its default.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Self {
        let default = Self::default();
        let Some(mut reader) = reader else { return default };
        let tag = reader.string("tag").filter(|tag| check_tag(&reader, tag, "name"));
        let commit_message = message(&mut reader, "commit-message", &MessageTemplate::OF_COMMITS);
        let workspace = Self {
            members: folders(&mut reader, "members"),
            exclude: folders(&mut reader, "exclude"),
            branches: branches(&mut reader),
            tag: tag.map(|tag| tag.value),
            last_tag: reader.one_of("last-tag", &LAST_TAGS).map_or(default.last_tag, |tag| tag.value),
            ignore_tags: read_globs(&mut reader, "ignore-tags", NameGlob::of_refs)
                .map_or(Vec::new(), |globs| globs.value),
            tags_per_push: reader.integer("tags-per-push", 1).map_or(default.tags_per_push, |n| n.value),
            commit_message: commit_message.unwrap_or(default.commit_message),
            tag_message: tag_message(&mut reader).unwrap_or(default.tag_message),
            stages: stages(&mut reader),
            locks: reader.boolean("locks").map_or(default.locks, |locks| locks.value),
        };
        reader.finish();
        workspace
    }
}

/// Returns `true` if a tag template is valid for this name; otherwise reports why not.
pub(super) fn check_tag(reader: &TableReader<'_>, tag: &Spanned<String>, name: &str) -> bool {
    let error = TagTemplate::new(&tag.value, name, VersionScheme::Semver).err();
    if let Some(error) = &error {
        reader.problems().add(tag.span, error.to_string(), "a template looks like `{name}-v{version}`");
    }
    error.is_none()
}

/// Reads the key `tag-message`, which a workspace and a package have.
pub(super) fn tag_message(reader: &mut TableReader<'_>) -> Option<MessageTemplate> {
    message(reader, "tag-message", &MessageTemplate::OF_TAGS)
}

fn message(reader: &mut TableReader<'_>, key: &'static str, known: &[&str]) -> Option<MessageTemplate> {
    let text = reader.string(key)?;
    let message = MessageTemplate::new(&text.value, known);
    message.map_err(|error| reader.problems().add(text.span, error.to_string(), error.help())).ok()
}

fn folders(reader: &mut TableReader<'_>, key: &'static str) -> Vec<Spanned<PathGlob>> {
    let texts = reader.strings(key).map_or(Vec::new(), |texts| texts.value);
    let read = |text: &Spanned<String>| {
        if text.value.starts_with('!') {
            let message = format!("`{key}` does not support `!` before a folder");
            reader.problems().add(text.span, message, "list folders to leave out in `exclude`");
            return None;
        }
        match PathGlob::new(&text.value) {
            Ok(glob) => Some(text.with(glob)),
            Err(error) => {
                let message = format!("`{}` is not a valid glob: {error}", text.value);
                reader.problems().add(text.span, message, error.help());
                None
            }
        }
    };
    texts.iter().filter_map(read).collect()
}

fn branches(reader: &mut TableReader<'_>) -> Vec<NameGlob> {
    let Some(branches) = read_globs(reader, "branches", NameGlob::of_refs) else { return Vec::new() };
    if branches.value.is_empty() {
        let message = "`branches` is empty, so nothing could be released from any branch";
        reader.problems().add(branches.span, message, "name a branch, or leave `branches` out to allow any");
    }
    branches.value
}

fn stages(reader: &mut TableReader<'_>) -> StagePolicy {
    let first = reader.integer("first-prerelease", 0).map_or(1, |n| n.value);
    let labels = reader.strings("stages").map_or(Vec::new(), |labels| labels.value);
    let is_free = |label: &Spanned<String>| {
        let found = match label.value.as_str() {
            text if RESERVED_STAGES.contains(&text) => "a reserved word",
            text if is_identifier(text) => return true,
            _ => "not a valid prerelease label",
        };
        let help =
            "a label consists of ASCII letters, digits and hyphens, at least one of them not a digit, as in `next`";
        reader.problems().add(label.span, format!("the stage `{}` is {found}", label.value), help);
        false
    };
    let own: Vec<String> = labels.into_iter().filter(is_free).map(|label| label.value).collect();
    StagePolicy::new(&own, first)
}

/// An identifier of SemVer 2.0.0, section 9, that is not a number.
fn is_identifier(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && text.bytes().any(|b| !b.is_ascii_digit())
}
