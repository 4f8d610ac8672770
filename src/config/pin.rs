//! [`PinSpec`]: a table `[pins.NAME]`, a release of another repository on which this one builds.

use super::manifest_entry::read_keys;
use super::named_tables::read_tables;
use super::names::is_name;
use super::reader::TableReader;
use super::{EntryKind, ManifestEntry, ManifestPath, ReleaseText, Spanned, WantedArtifacts};
use crate::model::{ManifestType, ProblemCode, TagTemplate, Version, VersionScheme};
use crate::text::Span;

/// A place, for help.
const FORM: &str = "{ path = \"...\", pointer = \"/...\", as = \"{tag}\" }";

/// A release of another repository on which this one builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinSpec {
    /// The name of the pin.
    pub name: String,
    /// Where the name is.
    pub span: Span,
    /// The repository, as git takes it.
    pub upstream: String,
    /// Whether prereleases count when the newest tag is looked for.
    pub prereleases: bool,
    /// Where the pinned release is written.
    pub places: Vec<PinPlaceSpec>,
    /// What upstream must have published before a release is pinned.
    pub verify: WantedArtifacts,
    /// How upstream names its tags, in each scheme.
    tags: Vec<TagTemplate>,
}

/// A place of a pinned release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinPlaceSpec {
    /// The file, and how the place is found in it.
    pub entry: ManifestEntry,
    /// What the place holds.
    pub content: PinContent,
}

/// What a place of a pinned release holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinContent {
    /// A text with the tag or the version.
    Text(PinText),
    /// An exact requirement on the package of this name.
    Requirement(String),
}

/// A text with the tag or the version of a pinned release: `{tag}`, `oss-{version}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinText {
    /// The text before it.
    pub before: String,
    /// Whether it is the tag, and not the version.
    pub is_tag: bool,
    /// The text after it.
    pub after: String,
}

impl PinText {
    /// Reads a text with `{tag}` or `{version}` once.
    fn new(text: &str) -> Option<Self> {
        let split = |word: &str, is_tag: bool| {
            let (before, after) = text.split_once(word)?;
            Some(Self { before: before.to_owned(), is_tag, after: after.to_owned() })
        };
        let read = split("{tag}", true).or_else(|| split("{version}", false))?;
        let is_rest = |text: &str| !text.contains("{tag}") && !text.contains("{version}");
        (is_rest(&read.before) && is_rest(&read.after) && !text.contains(char::is_control)).then_some(read)
    }

    /// Writes the text.
    #[must_use]
    pub fn write(&self, value: &str) -> String {
        format!("{}{value}{}", self.before, self.after)
    }

    /// Returns the tag or the version in such a text.
    #[must_use]
    pub fn value_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(self.before.as_str())?.strip_suffix(self.after.as_str())
    }
}

impl PinSpec {
    /// Reads the tables.
    pub(super) fn read_all(root: &mut TableReader<'_>) -> Vec<Self> {
        root.tables("pins").into_iter().filter_map(|(name, table)| Self::read(name, table)).collect()
    }

    fn read(name: Spanned<String>, mut reader: TableReader<'_>) -> Option<Self> {
        if !is_name(&name.value) || name.value.contains('=') {
            let message = format!("{:?} is not a valid name of a pin", name.value);
            reader.problems().add(name.span, message, "choose another name, without white space and `=`");
        }
        let upstream = upstream(&mut reader);
        for key in ["upstream", "places"].into_iter().filter(|key| !reader.holds(key)) {
            let message = format!("the pin `{}` has no `{key}`", name.value);
            let help =
                if key == "places" { "name where it is written" } else { "name its repository, as git takes it" };
            reader.problems().add(name.span, message, help);
        }
        let tags = tags(&mut reader, &name.value);
        let prereleases = reader.boolean("prereleases").is_some_and(|flag| flag.value);
        let places = places(&mut reader);
        let verify = reader.table("verify").map_or(WantedArtifacts::default(), |mut table| {
            let wanted = WantedArtifacts::read_keys(&mut table);
            table.finish();
            wanted
        });
        reader.finish();
        Some(Self { name: name.value, span: name.span, upstream: upstream?, prereleases, places, verify, tags: tags? })
    }

    /// Returns the version of a tag of upstream; `None` if it is not one of a release.
    #[must_use]
    pub fn version_of(&self, tag: &str) -> Option<Version> {
        self.tags.iter().find_map(|template| template.matches(tag))
    }

    /// Returns how upstream names the tag of a version.
    #[must_use]
    pub fn tag_of(&self, version: &Version) -> Option<String> {
        self.tags.iter().find_map(|template| template.render(version).ok()).map(|tag| tag.to_string())
    }

    /// Returns every text of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        self.verify.texts()
    }
}

fn upstream(reader: &mut TableReader<'_>) -> Option<String> {
    let text = reader.string("upstream")?;
    let authority = text.value.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or("");
    let has_password = authority.split_once('@').is_some_and(|(user, _)| user.contains(':'));
    let (message, help) = if has_password {
        // It must not be repeated.
        ("`upstream` holds a password", "remove it; git asks its credential helpers")
    } else if text.value.is_empty() || text.value.starts_with('-') || text.value.contains(char::is_control) {
        ("`upstream` is not a repository that git could read", "write it as for `git clone`")
    } else {
        return Some(text.value);
    };
    reader.problems().add(text.span, message, help);
    None
}

fn tags(reader: &mut TableReader<'_>, name: &str) -> Option<Vec<TagTemplate>> {
    let text = reader.string("tag");
    if text.is_none() && reader.holds("tag") {
        return None;
    }
    let written = text.as_ref().map_or("v{version}", |text| text.value.as_str());
    let schemes = [VersionScheme::Semver, VersionScheme::Pep440];
    let templates: Result<Vec<_>, _> =
        schemes.into_iter().map(|scheme| TagTemplate::new(written, name, scheme)).collect();
    let report = |error: crate::model::TagError| {
        let span = text.as_ref().map_or(reader.span(), |text| text.span);
        reader.problems().add(span, error.to_string(), "write it as in tag = \"v{version}\"");
    };
    templates.map_err(report).ok()
}

fn places(reader: &mut TableReader<'_>) -> Vec<PinPlaceSpec> {
    let tables = read_tables(reader, "places", FORM);
    if tables.is_empty() && reader.holds("places") {
        reader.problems().add(reader.span(), "`places` is empty", format!("write places = [{FORM}]"));
    }
    tables.into_iter().filter_map(place).collect()
}

fn place(mut table: TableReader<'_>) -> Option<PinPlaceSpec> {
    let entry = read_keys(&mut table, "places");
    let (text, requirement) = (table.string("as"), table.string("requirement"));
    if let Some(entry) = &entry {
        check_entry(&table, entry, requirement.is_some());
    }
    let content = match (text, requirement) {
        (Some(text), Some(_)) => {
            let message = "`as` and `requirement` are mutually exclusive";
            let help = "leave `as` out; a requirement is written in its own notation";
            table.problems().add_as(ProblemCode::ConfigConflict, text.span, message, help);
            None
        }
        (None, Some(name)) if !is_name(&name.value) => {
            let message = format!("{:?} is not a valid name of a package", name.value);
            table.problems().add(name.span, message, "name the package that is required");
            None
        }
        (None, Some(name)) => Some(PinContent::Requirement(name.value)),
        (Some(text), None) => {
            let read = PinText::new(&text.value);
            if read.is_none() {
                let message = format!("{:?} must contain `{{tag}}` or `{{version}}` once", text.value);
                table.problems().add(text.span, message, "write it as in as = \"{tag}\"");
            }
            read.map(PinContent::Text)
        }
        (None, None) => PinText::new("{version}").map(PinContent::Text),
    };
    table.finish();
    Some(PinPlaceSpec { entry: entry?, content: content? })
}

fn check_entry(table: &TableReader<'_>, entry: &ManifestEntry, is_requirement: bool) {
    let kind = entry.kind.manifest_type();
    let is_known = matches!(entry.kind, EntryKind::Known(_));
    let (message, help) = if matches!(entry.path, ManifestPath::Glob(_)) {
        (format!("`{}` is a glob", entry.path.as_str()), "name one file")
    } else if is_requirement && (!is_known || kind.is_lock() || kind == ManifestType::Plain) {
        let message = format!("a requirement cannot be found in the type {}", kind.name());
        (message, "name a manifest, without `pointer` and `search`")
    } else if !is_requirement && is_known && kind != ManifestType::Plain {
        let message = "this place does not say what is pinned in the manifest".to_owned();
        (message, "add requirement = \"NAME\", or `pointer` or `search` together with `as`")
    } else if entry.kind.is_part() {
        ("a pin needs a place of the whole version".to_owned(), "write {version} in `search`")
    } else {
        return;
    };
    table.problems().add(entry.span, message, help);
}

#[cfg(test)]
mod tests {
    use super::PinText;

    #[test]
    fn texts_of_pins() {
        let text = PinText::new("oss-{tag}-x").unwrap();
        assert_eq!((text.write("v1").as_str(), text.value_in("oss-v2-x")), ("oss-v1-x", Some("v2")));
        assert_eq!(text.value_in("oss-v2"), None);
        assert!(!PinText::new("{version}").unwrap().is_tag);
        for wrong in ["", "x", "{tag}{tag}", "{tag} {version}", "{version}{tag}", "{tag}\n", "{name}"] {
            assert_eq!(PinText::new(wrong), None, "{wrong:?}");
        }
    }
}
