//! Protocol 1: a plugin writes a [`Hello`], reads one [`Request`], writes one answer, and ends. Each is a JSON object on a line of its own.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::PluginRole;

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// The first line of a plugin, before it reads anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The versions of the protocol that it speaks.
    pub relman: Vec<u32>,
    /// What it calls itself.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// What it can do. Roles that relman does not know are left aside.
    pub roles: Vec<String>,
}

/// What it is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Request<'a> {
    /// The version of the protocol: 1.
    pub relman: u32,
    /// The role in which it is asked.
    pub role: PluginRole,
    /// `settings` of relman.toml.
    pub settings: Cow<'a, Map<String, Value>>,
    /// The question.
    #[serde(flatten)]
    pub ask: Ask<'a>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask<'a> {
    /// Role `manifest`: where are the versions in these files?
    Places {
        /// The files, all of one run.
        files: Vec<FileText<'a>>,
    },
    /// Role `check`: what is wrong in the workspace?
    Findings {
        /// The packages.
        packages: Vec<PackageFacts>,
    },
    /// Role `notes`: which entries belong in the next sections?
    Entries {
        /// The packages.
        packages: Vec<PackageFacts>,
    },
    /// Roles `publish` and `announce`: is this done?
    Probe(Deed<'a>),
    /// Roles `publish` and `announce`: do it.
    Perform(Deed<'a>),
}

/// A file and its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileText<'a> {
    /// The path, relative to the folder of relman.toml.
    pub path: String,
    /// The text, byte order mark and line ends included.
    pub text: Cow<'a, str>,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PackageFacts {
    /// Its key in relman.toml.
    pub name: String,
    /// Its version; null if no file holds it.
    pub version: Option<String>,
    /// Its folders.
    pub folders: Vec<String>,
    /// The files that hold its version.
    pub manifests: Vec<String>,
    /// Its last tag.
    pub last_tag: Option<String>,
    /// Its changes since that tag, newest first; only for the role `notes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeFacts>,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeFacts {
    /// Its id.
    pub commit: String,
    /// The first line of its message.
    pub subject: String,
}

/// What is to be published or announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deed<'a> {
    /// The same for the same release in every run: with it a plugin knows what it did before.
    pub key: Cow<'a, str>,
    /// The releases.
    pub releases: Vec<ReleaseFacts>,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseFacts {
    /// The package.
    pub package: String,
    /// The version.
    pub version: String,
    /// The tag.
    pub tag: String,
    /// The commit that the tag is on.
    pub commit: String,
    /// What is said about it, as Markdown; may be empty.
    pub notes: String,
}

/// The answer to [`Ask::Places`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacesAnswer {
    /// The files that were asked about, each once, in the same order.
    pub files: Vec<FilePlaces>,
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilePlaces {
    /// The path, as it was asked for.
    pub path: String,
    /// The places of the version, the one that counts first.
    #[serde(default)]
    pub places: Vec<FoundPlace>,
    /// Why the file cannot be read.
    #[serde(default)]
    pub problems: Vec<FileProblem>,
}

/// A place of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundPlace {
    /// What the format calls it.
    pub field: String,
    /// Its first byte, counted from 0 in the text as UTF-8.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// The bytes between them.
    pub text: String,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileProblem {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(default)]
    pub help: Option<String>,
    /// Where it begins, in bytes.
    #[serde(default)]
    pub start: usize,
    /// Where it ends.
    #[serde(default)]
    pub end: usize,
}

/// The answer to [`Ask::Findings`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingsAnswer {
    /// What is wrong.
    pub findings: Vec<PluginFinding>,
}

/// Something that is wrong in the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginFinding {
    /// What is wrong.
    pub message: String,
    /// The package.
    #[serde(default)]
    pub package: Option<String>,
    /// The file, relative to the folder of relman.toml.
    #[serde(default)]
    pub path: Option<String>,
    /// The line in it, from 1.
    #[serde(default)]
    pub line: Option<usize>,
    /// The column, from 1.
    #[serde(default)]
    pub column: Option<usize>,
    /// What to do about it.
    #[serde(default)]
    pub help: Option<String>,
}

/// The answer to [`Ask::Entries`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntriesAnswer {
    /// The packages that have entries.
    pub packages: Vec<PackageEntries>,
}

/// The entries of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageEntries {
    /// The package.
    pub name: String,
    /// Its entries.
    pub entries: Vec<PluginEntry>,
}

/// An entry of a changelog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginEntry {
    /// The type of the change: one of those that fragments can have.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, as Markdown.
    pub text: String,
}

/// The answer to [`Ask::Probe`] and [`Ask::Perform`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeedAnswer {
    /// Whether it is done.
    pub state: DeedState,
    /// What there is to say.
    #[serde(default)]
    pub message: Option<String>,
    /// Where it can be seen.
    #[serde(default)]
    pub url: Option<String>,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeedState {
    /// It is.
    Done,
    /// It is not, and nothing of it is.
    Absent,
    /// This cannot be found out.
    Unknown,
}

/// The answer of any role that says no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorAnswer {
    /// What is wrong.
    pub error: String,
    /// What to do about it.
    #[serde(default)]
    pub help: Option<String>,
}

/// All lines of the protocol, for its JSON Schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub enum Line<'a> {
    /// The plugin's first line.
    Hello(Hello),
    /// The question.
    Request(Box<Request<'a>>),
    /// An answer of the role `manifest`.
    Places(PlacesAnswer),
    /// An answer of the role `check`.
    Findings(FindingsAnswer),
    /// An answer of the role `notes`.
    Entries(EntriesAnswer),
    /// An answer of the roles `publish` and `announce`.
    Deed(DeedAnswer),
    /// No.
    Error(ErrorAnswer),
}
