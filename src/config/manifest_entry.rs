//! [`ManifestEntry`]: an element of `manifests`.

use super::glob::{GlobError, is_glob, path_help};
use super::names::check_plugin_name;
use super::reader::{Element, TableReader};
use super::schemes::SCHEMES;
use super::{PathGlob, Spanned};
use crate::model::{ManifestType, PluginName, Pointer, RepoPath, SearchPattern, VersionScheme};
use crate::text::Span;

/// The fields of a Chart.yaml that hold a version.
const CHART_FIELDS: [(&str, &str); 2] = [("version", "version"), ("appVersion", "appVersion")];

/// A file, or files, that hold a package's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestEntry {
    /// Which files.
    pub path: ManifestPath,
    /// Where the path is in relman.toml.
    pub span: Span,
    /// How the places in it are found.
    pub kind: EntryKind,
    /// The scheme of its slots, if it is given.
    pub scheme: Option<VersionScheme>,
    /// The only fields that count, if they are given: `version` or `appVersion` of a chart.
    pub fields: Option<Vec<String>>,
}

/// The path of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestPath {
    /// One file.
    File(RepoPath),
    /// All files that match.
    Glob(PathGlob),
}

/// How the places in a manifest are found. Together with a scheme it is a [`Locator`](crate::model::Locator).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// By all that a known type defines.
    Known(ManifestType),
    /// By a pointer into json, yaml or toml.
    Pointer(ManifestType, Pointer),
    /// By a search pattern.
    Search(SearchPattern),
    /// By a plugin.
    Plugin(PluginName),
}

impl ManifestPath {
    fn new(text: &str) -> Result<Self, GlobError> {
        if is_glob(text) { PathGlob::new(text).map(Self::Glob) } else { Ok(Self::File(RepoPath::written(text)?)) }
    }

    /// Returns the text of the path or of the glob.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::File(path) => path.as_str(),
            Self::Glob(glob) => glob.as_str(),
        }
    }

    /// Returns the last part of the path or of the glob.
    #[must_use]
    pub fn file_name(&self) -> &str {
        match self {
            Self::File(path) => path.file_name(),
            Self::Glob(glob) => glob.file_name(),
        }
    }
}

impl EntryKind {
    /// Returns `true` if it finds a part of the version only.
    #[must_use]
    pub fn is_part(&self) -> bool {
        matches!(self, Self::Search(pattern) if pattern.part().is_some())
    }

    /// Returns the type of the manifest.
    #[must_use]
    pub fn manifest_type(&self) -> ManifestType {
        match self {
            Self::Known(kind) | Self::Pointer(kind, _) => *kind,
            Self::Search(_) | Self::Plugin(_) => ManifestType::Text,
        }
    }
}

/// Reads the key `manifests` of a package.
pub(super) fn read_all(reader: &mut TableReader<'_>) -> Option<Vec<ManifestEntry>> {
    let elements = reader.elements("manifests")?;
    if elements.value.is_empty() {
        let help = "name the files that hold the version, or leave `manifests` out to have them found in `path`";
        reader.problems().add(elements.span, "`manifests` is empty", help);
    }
    let read = |element| match element {
        Element::Text(path) => {
            let path = entry_path(reader, &path)?;
            let kind = Way::default().kind(&path).map_err(|fault| fault.tell(reader)).ok()?;
            Some(ManifestEntry { span: path.span, path: path.value, kind, scheme: None, fields: None })
        }
        Element::Table(table) => read_table(table),
    };
    Some(elements.value.into_iter().filter_map(read).collect())
}

fn read_table(mut reader: TableReader<'_>) -> Option<ManifestEntry> {
    let fields = fields(&mut reader);
    let entry = read_keys(&mut reader, "manifests");
    if let Some(entry) = &entry {
        check_fields(&reader, &entry.kind, fields.as_ref());
    }
    reader.finish();
    Some(ManifestEntry { fields: fields.map(|fields| fields.value), ..entry? })
}

/// Reads the keys of one entry of `list` that say which file it is, and how its places are found.
pub(super) fn read_keys(reader: &mut TableReader<'_>, list: &str) -> Option<ManifestEntry> {
    let types: Vec<_> = ManifestType::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
    let path = reader.string("path");
    let way = Way {
        kind: reader.one_of("type", &types),
        pointer: reader.string("pointer"),
        search: reader.string("search"),
        // What is pinned is found without a process.
        plugin: if list == "manifests" { reader.string("plugin") } else { None },
    };
    if let Some(plugin) = &way.plugin {
        check_plugin_name(reader, plugin);
    }
    // Problems in what is written were reported; its absence proves nothing.
    let read = [("type", way.kind.is_some()), ("pointer", way.pointer.is_some()), ("search", way.search.is_some())];
    let is_whole = read.iter().all(|(key, read)| *read || !reader.holds(key));
    let scheme = reader.one_of("scheme", &SCHEMES);
    if path.is_none() && !reader.holds("path") {
        let help = "write { path = \"...\", ... }";
        reader.problems().add(reader.span(), format!("this element of `{list}` has no `path`"), help);
    }
    let path = path.and_then(|path| entry_path(reader, &path)).filter(|_| is_whole)?;
    if way.is_open(&path.value) && reader.has_unknown_key() {
        return None;
    }
    let kind = way.kind(&path).map_err(|fault| fault.tell(reader)).ok()?;
    check_scheme(reader, &kind, scheme);
    Some(ManifestEntry { span: path.span, path: path.value, kind, scheme: scheme.map(|s| s.value), fields: None })
}

/// Reads the path of a file, or a glob of files.
pub(super) fn entry_path(reader: &TableReader<'_>, text: &Spanned<String>) -> Option<Spanned<ManifestPath>> {
    let folder = text.value.ends_with('/') || text.value.is_empty();
    let (message, help) = match ManifestPath::new(&text.value) {
        Ok(path) if !folder && !path.as_str().is_empty() => return Some(text.with(path)),
        Ok(_) => (format!("`{}` is a folder, not a manifest", text.value), "name a file in it".to_owned()),
        Err(GlobError::Path(error)) => {
            (format!("`{}` is not a valid path: {error}", text.value), path_help(error).to_owned())
        }
        Err(error) => (format!("`{}` is not a valid glob: {error}", text.value), error.help()),
    };
    reader.problems().add(text.span, message, help);
    None
}

fn fields(reader: &mut TableReader<'_>) -> Option<Spanned<Vec<String>>> {
    let texts = reader.strings("fields")?;
    let known = |text: &Spanned<String>| reader.chosen("fields", text, &CHART_FIELDS);
    let fields: Vec<String> = texts.value.iter().filter_map(known).map(str::to_owned).collect();
    if texts.value.is_empty() {
        reader.problems().add(texts.span, "`fields` is empty", "write fields = [\"version\"], or leave it out");
    }
    Some(texts.with(fields))
}

fn check_scheme(reader: &TableReader<'_>, kind: &EntryKind, scheme: Option<Spanned<VersionScheme>>) {
    let kind = kind.manifest_type();
    let (Some(scheme), Some(only)) = (scheme, kind.only_scheme()) else { return };
    if scheme.value != only {
        let message =
            format!("a manifest of the type {} spells versions in {only}, not in {}", kind.name(), scheme.value);
        reader.problems().add(scheme.span, message, format!("write scheme = \"{}\", or leave it out", only.name()));
    }
}

fn check_fields(reader: &TableReader<'_>, kind: &EntryKind, fields: Option<&Spanned<Vec<String>>>) {
    let Some(fields) = fields.filter(|_| *kind != EntryKind::Known(ManifestType::Chart)) else { return };
    let message = format!("`fields` is for charts; this manifest is of the type {}", kind.manifest_type().name());
    reader.problems().add(fields.span, message, "leave it out");
}

/// The parts of an entry that decide how its places are found.
#[derive(Default)]
struct Way {
    kind: Option<Spanned<ManifestType>>,
    pointer: Option<Spanned<String>>,
    search: Option<Spanned<String>>,
    plugin: Option<Spanned<String>>,
}

/// Why an entry does not say how its places are found.
struct EntryError {
    span: Span,
    message: String,
    help: String,
}

impl EntryError {
    fn new<T>(span: Span, message: impl Into<String>, help: impl Into<String>) -> Result<T, Self> {
        Err(Self { span, message: message.into(), help: help.into() })
    }

    fn tell(self, reader: &TableReader<'_>) {
        reader.problems().add(self.span, self.message, self.help);
    }
}

impl Way {
    /// Returns `true` if it needs another key.
    fn is_open(&self, path: &ManifestPath) -> bool {
        let is_named = self.pointer.is_some() || self.search.is_some() || self.plugin.is_some() || self.kind.is_some();
        !is_named && ManifestType::of_file(path.file_name()).is_none()
    }

    fn kind(&self, path: &Spanned<ManifestPath>) -> Result<EntryKind, EntryError> {
        if let Some(plugin) = &self.plugin {
            return self.by_plugin(plugin);
        }
        match (&self.pointer, &self.search) {
            (Some(_), Some(search)) => {
                let help = "keep one of them, and list the file a second time for the other";
                EntryError::new(search.span, "`pointer` and `search` are mutually exclusive", help)
            }
            (Some(pointer), None) => self.by_pointer(path, pointer),
            (None, Some(search)) => self.by_search(search),
            (None, None) => self.by_type(path),
        }
    }

    fn by_plugin(&self, plugin: &Spanned<String>) -> Result<EntryKind, EntryError> {
        let others = [
            ("type", self.kind.as_ref().map(|kind| kind.span)),
            ("pointer", self.pointer.as_ref().map(|text| text.span)),
            ("search", self.search.as_ref().map(|text| text.span)),
        ];
        match others.into_iter().find_map(|(key, span)| Some((key, span?))) {
            Some((key, span)) => {
                let message = format!("`plugin` and `{key}` are mutually exclusive");
                EntryError::new(span, message, "keep `plugin`, which knows the places, or leave it out")
            }
            None => Ok(EntryKind::Plugin(PluginName::new(plugin.value.as_str()))),
        }
    }

    fn by_pointer(&self, path: &Spanned<ManifestPath>, text: &Spanned<String>) -> Result<EntryKind, EntryError> {
        let of_file = ManifestType::data_of_file(path.value.file_name());
        let kind = match (self.kind, of_file) {
            (Some(kind), _) if kind.value.is_data() => kind.value,
            (Some(kind), _) => {
                let message = format!("`pointer` reads json, yaml or toml, not the type {}", kind.value.name());
                let help =
                    of_file.map_or("leave `type` out".to_owned(), |data| format!("write type = \"{}\"", data.name()));
                return EntryError::new(kind.span, message, help);
            }
            (None, Some(kind)) => kind,
            (None, None) => {
                let message =
                    format!("cannot tell from the name `{}` whether it is json, yaml or toml", path.value.file_name());
                return EntryError::new(path.span, message, "add type = \"json\", \"yaml\" or \"toml\"");
            }
        };
        match Pointer::new(&text.value) {
            Ok(pointer) => Ok(EntryKind::Pointer(kind, pointer)),
            Err(error) => EntryError::new(
                text.span,
                format!("`{}` is not a valid pointer: {error}", text.value),
                "a pointer names the keys and indices on the way to the version (RFC 6901), as in `/packages/0/version`",
            ),
        }
    }

    fn by_search(&self, text: &Spanned<String>) -> Result<EntryKind, EntryError> {
        if let Some(kind) = self.kind.filter(|kind| kind.value != ManifestType::Text) {
            let message = format!("`search` reads the type text, not {}", kind.value.name());
            return EntryError::new(kind.span, message, "leave `type` out, or leave `search` out");
        }
        match SearchPattern::new(&text.value) {
            Ok(pattern) => Ok(EntryKind::Search(pattern)),
            Err(error) => EntryError::new(text.span, error.to_string(), error.help()),
        }
    }

    fn by_type(&self, path: &Spanned<ManifestPath>) -> Result<EntryKind, EntryError> {
        let name = path.value.file_name();
        match self.kind {
            Some(kind) if kind.value.is_data() => {
                let message = format!("the type {} needs a `pointer` to the version", kind.value.name());
                EntryError::new(kind.span, message, "add pointer = \"/version\"")
            }
            Some(kind) if kind.value == ManifestType::Text => {
                let help = "add the text around the version, as in search = 'version = \"{version}\"'";
                EntryError::new(kind.span, "the type text needs a `search`", help)
            }
            Some(kind) => Ok(EntryKind::Known(kind.value)),
            None => match ManifestType::of_file(name) {
                Some(kind) => Ok(EntryKind::Known(kind)),
                None => EntryError::new(path.span, unknown(name), unknown_help(name)),
            },
        }
    }
}

fn unknown(name: &str) -> String {
    format!("cannot tell from the name `{name}` what type of manifest it is")
}

fn unknown_help(name: &str) -> String {
    let known = |kind: &ManifestType| !kind.is_data() && *kind != ManifestType::Text;
    let types: Vec<&str> = ManifestType::ALL.iter().filter(|kind| known(kind)).map(|kind| kind.name()).collect();
    let first = if ManifestType::data_of_file(name).is_some() {
        "add pointer = \"/version\""
    } else {
        "add search = '...{version}...' with the text around the version"
    };
    format!("{first}, or `type`, one of {}", types.join(", "))
}
