//! [`ToolSettings`]: what another tool's files say, in relman's words.

use crate::config::{GroupKind, NameGlob, PathGlob, is_glob};
use crate::model::{RepoPath, Tool};

/// What the files of one tool say about the packages of one folder.
#[derive(Clone, Debug)]
pub(in crate::init) struct ToolSettings {
    /// The tool.
    pub(in crate::init) tool: Tool,
    /// Its files.
    pub(in crate::init) files: Vec<RepoPath>,
    /// Packages that are released together.
    pub(in crate::init) groups: Vec<ToolGroup>,
    /// Whether packages that are in none of these groups have versions of their own.
    pub(in crate::init) is_apart: bool,
    /// How tags are spelled.
    pub(in crate::init) tags: Vec<ToolTag>,
    /// The only packages that are released, if the tool lists them.
    pub(in crate::init) listed: Vec<Selector>,
    /// Packages that are not released.
    pub(in crate::init) ignored: Vec<Selector>,
    /// Whether private packages have versions and no tags.
    pub(in crate::init) are_private_untagged: bool,
    /// Places of versions.
    pub(in crate::init) places: Vec<ToolPlace>,
    /// The labels of prereleases.
    pub(in crate::init) stages: Vec<String>,
    /// The number at which series of prereleases start.
    pub(in crate::init) first_prerelease: Option<u64>,
    /// The branches from which releases are cut.
    pub(in crate::init) branches: Vec<String>,
    /// The branch that changes are compared with.
    pub(in crate::init) base: Option<String>,
    /// When requirements follow.
    pub(in crate::init) policy: Option<&'static str>,
    /// How changelogs are kept.
    pub(in crate::init) changelog: ToolChangelog,
    /// The folder of fragments in whatever notation, relative to the files.
    pub(in crate::init) fragments_folder: Option<String>,
    /// The level that each type of fragments requires.
    pub(in crate::init) fragment_levels: Vec<(String, &'static str)>,
    /// What became of each key.
    pub(in crate::init) keys: Vec<Key>,
}

/// Packages that a tool releases together.
#[derive(Clone, Debug)]
pub(in crate::init) struct ToolGroup {
    /// Its name, if the tool gives it one.
    pub(in crate::init) name: Option<String>,
    /// Whether all are released at one version, or only those that are released.
    pub(in crate::init) kind: GroupKind,
    /// Its members.
    pub(in crate::init) members: Vec<Selector>,
    /// The template of its one tag, if its members have none of their own.
    pub(in crate::init) tag: Option<String>,
    /// The key that says so.
    pub(in crate::init) key: String,
    /// The file with that key.
    pub(in crate::init) file: Option<RepoPath>,
}

/// A place of a version.
#[derive(Clone, Debug)]
pub(in crate::init) struct ToolPlace {
    /// Of which packages.
    pub(in crate::init) of: Selector,
    /// The file, or a glob.
    pub(in crate::init) path: PathGlob,
    /// How it is found.
    pub(in crate::init) how: How,
}

/// How a place is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::init) enum How {
    /// By the type of the file.
    Known,
    /// By a pointer.
    Pointer(String),
    /// By a pattern.
    Search(String),
    /// By the version itself, in lines that hold this text if there is one.
    Lines(Option<String>),
    /// By marks in comments, as release-please reads them.
    Marks,
}

/// How a tool keeps changelogs.
#[derive(Clone, Debug, Default)]
pub(in crate::init) struct ToolChangelog {
    /// The file, relative to the folder of a package.
    pub(in crate::init) path: Option<String>,
    /// The template of headings.
    pub(in crate::init) heading: Option<String>,
    /// The folder of fragments.
    pub(in crate::init) fragments: Option<String>,
    /// The types of changes, with their titles.
    pub(in crate::init) types: Vec<(String, String)>,
    /// The types of commits that are entries or require a release, and the titles of their groups; `None` for types that are hidden.
    pub(in crate::init) commits: Vec<(String, Option<String>)>,
    /// Whether sections are made of commits.
    pub(in crate::init) is_from_commits: bool,
}

/// How a tool spells tags.
#[derive(Clone, Debug)]
pub(in crate::init) struct ToolTag {
    /// Of which packages.
    pub(in crate::init) of: Selector,
    /// The template, with `{name}` and `{version}`.
    pub(in crate::init) template: String,
    /// The template in a repository of one package.
    pub(in crate::init) alone: Option<String>,
}

/// Which packages are meant.
#[derive(Clone, Debug)]
pub(in crate::init) enum Selector {
    /// All.
    All,
    /// Those with such a name.
    Name(NameGlob),
    /// The one in this folder.
    Folder(RepoPath),
    /// Those in such folders.
    Folders(PathGlob),
    /// Those in this folder and below it.
    Below(RepoPath),
}

/// A key of a tool's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::init) struct Key {
    /// Its name, with those of the tables around it.
    pub(in crate::init) name: String,
    /// What became of it.
    pub(in crate::init) fate: Fate,
}

/// What became of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::init) enum Fate {
    /// It was taken over, as this.
    As(&'static str),
    /// relman has nothing like it, for this reason.
    Without(&'static str),
}

impl ToolSettings {
    /// Returns the settings of a tool whose files say nothing.
    pub(super) fn new(tool: Tool) -> Self {
        Self {
            tool,
            files: Vec::new(),
            groups: Vec::new(),
            is_apart: false,
            tags: Vec::new(),
            listed: Vec::new(),
            ignored: Vec::new(),
            are_private_untagged: false,
            places: Vec::new(),
            stages: Vec::new(),
            first_prerelease: None,
            branches: Vec::new(),
            base: None,
            policy: None,
            changelog: ToolChangelog::default(),
            fragments_folder: None,
            fragment_levels: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Adds a place; nothing if the selector or the path is not valid.
    pub(super) fn place(&mut self, of: Option<Selector>, path: &str, how: How) {
        if let Some((of, path)) = of.zip(PathGlob::new(path).ok()) {
            self.places.push(ToolPlace { of, path, how });
        }
    }

    /// Returns the files, as one names them in a sentence.
    pub(in crate::init) fn origin(&self) -> String {
        let files: Vec<String> = self.files.iter().map(ToString::to_string).collect();
        files.join(" and ")
    }

    /// Adds a place of the packages below a folder, with a path relative to it.
    pub(super) fn places_below(&mut self, home: &RepoPath, path: &str, how: How) {
        if let Some(path) = home.join(path.trim_start_matches("./")) {
            self.place(Selector::within(home), path.as_str(), how);
        }
    }

    /// Says how the tags of all packages are spelled.
    pub(super) fn tag_all(&mut self, template: impl Into<String>) {
        self.tags.push(ToolTag { of: Selector::All, template: template.into(), alone: None });
    }
}

impl Selector {
    /// Returns the selector of packages by their names; `None` if the text is not a glob.
    pub(super) fn name(text: &str) -> Option<Self> {
        NameGlob::of_names(text).ok().map(Self::Name)
    }

    /// Returns the selector of a folder below another, or of a glob of folders.
    pub(super) fn folder(home: &RepoPath, text: &str) -> Option<Self> {
        let text = text.trim_start_matches("./").trim_end_matches('/');
        if is_glob(text) {
            let glob = if home.is_root() { text.to_owned() } else { format!("{home}/{text}") };
            return PathGlob::new(&glob).ok().map(Self::Folders);
        }
        let path = if matches!(text, "" | ".") { home.clone() } else { home.join(text)? };
        Some(Self::Folder(path))
    }

    /// Returns the selector of all packages in a folder and below it.
    pub(super) fn within(home: &RepoPath) -> Option<Self> {
        Some(if home.is_root() { Self::All } else { Self::Below(home.clone()) })
    }

    /// Returns `true` if it means a package with one of these names, in this folder.
    pub(in crate::init) fn is_match<'n>(&self, mut names: impl Iterator<Item = &'n str>, folder: &RepoPath) -> bool {
        match self {
            Self::All => true,
            Self::Name(glob) => {
                let matcher = glob.matcher();
                names.any(|name| matcher.is_match(name))
            }
            Self::Folder(path) => path == folder,
            Self::Folders(glob) => glob.matcher().is_match(folder.as_str()),
            Self::Below(home) => folder.is_within(home),
        }
    }
}

impl ToolChangelog {
    /// Adds a type of commits, with the title of its group.
    pub(super) fn commit(&mut self, kind: &str, title: &str, is_hidden: bool) {
        if !self.commits.iter().any(|(known, _)| known == kind) {
            self.commits.push((kind.to_owned(), Some(title.to_owned()).filter(|_| !is_hidden)));
        }
    }
}

/// Returns a name that needs no quotes.
pub(in crate::init) fn plain_name(name: &str) -> String {
    let plain =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).collect()
}
