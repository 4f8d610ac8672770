//! [`PackageSpec`]: a table `[packages.NAME]`.

use super::glob::path_help;
use super::names::is_name;
use super::reader::TableReader;
use super::schemes::SCHEMES;
use super::workspace::{check_tag, tag_message};
use super::{
    ChangelogConfig, ManifestEntry, MessageTemplate, PackageRelease, PackageVerify, PathPattern, Spanned, TagVersion,
    manifest_entry,
};
use crate::model::{Ecosystem, PackageId, RegistryName, RepoPath, VersionScheme, choices};
use crate::text::Span;

/// A package that is declared by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageSpec {
    /// The key of the table.
    pub id: PackageId,
    /// Where the key is.
    pub span: Span,
    /// Its folder.
    pub path: Option<Spanned<RepoPath>>,
    /// Its own tag template, from `tag` or `tag-prefix`.
    pub tag: Option<Spanned<String>>,
    /// Where `tag = false` says that it is never tagged.
    pub never_tagged: Option<Span>,
    /// The package under whose tags it is released, if it has none of its own.
    pub tag_of: Option<Spanned<PackageId>>,
    /// The scheme in which its tags spell versions, if it is not the package's.
    pub tag_scheme: Option<VersionScheme>,
    /// The scheme in which its texts spell versions, if it is not its primary slot's.
    pub scheme: Option<VersionScheme>,
    /// The message of its tags, if it is not the workspace's.
    pub tag_message: Option<MessageTemplate>,
    /// The paths whose commits are its changes; the last matching pattern decides.
    pub paths: Option<Spanned<Vec<PathPattern>>>,
    /// Names under which it is published, in addition to those in its manifests.
    pub names: Vec<Spanned<RegistryName>>,
    /// Where its version comes from, if that is its last tag.
    pub from_tag: Option<TagVersion>,
    /// Where its version is, the primary first; `None`: the manifests found in its folder.
    pub manifests: Option<Vec<ManifestEntry>>,
    /// How its changelog is kept, if it has a table of its own, laid over the settings for all packages.
    pub changelog: Option<ChangelogConfig>,
    /// What is released for it, if it has a table of its own, laid over the settings for all packages.
    pub release: Option<PackageRelease>,
    /// What is looked at after a release of it, if it has a table of its own.
    pub verify: Option<PackageVerify>,
}

impl PackageSpec {
    /// Returns the scheme of the package's texts if relman.toml alone decides it: the given one, or that of the first
    /// listed manifest, if its type has a scheme.
    #[must_use]
    pub fn certain_scheme(&self) -> Option<VersionScheme> {
        let entries = self.manifests.iter().flatten();
        let primary = entries.into_iter().find(|entry| !entry.kind.is_part());
        self.scheme.or_else(|| {
            let entry = primary?;
            let kind = entry.kind.manifest_type();
            entry.scheme.or(kind.usual_scheme())
        })
    }

    /// Reads the table of one package.
    ///
    /// `changelog` and `release` are the settings for all packages.
    pub(super) fn read(
        id: &Spanned<String>,
        mut reader: TableReader<'_>,
        changelog: Option<&ChangelogConfig>,
        release: Option<&PackageRelease>,
    ) -> Self {
        check_id(&reader, id, "package");
        let path = folder(&mut reader);
        let written = |reader: &TableReader<'_>| ["path", "manifests"].iter().any(|key| reader.holds(key));
        let (tag, never_tagged) = tag(&mut reader, &id.value);
        let package = Self {
            id: PackageId::new(id.value.clone()),
            span: id.span,
            path,
            tag,
            never_tagged,
            tag_of: tag_of(&mut reader, &id.value),
            from_tag: TagVersion::read(&mut reader, never_tagged.is_some()),
            tag_scheme: reader.one_of("tag-scheme", &SCHEMES).map(|scheme| scheme.value),
            scheme: reader.one_of("scheme", &SCHEMES).map(|scheme| scheme.value),
            tag_message: tag_message(&mut reader),
            paths: paths(&mut reader),
            names: names(&mut reader),
            manifests: manifest_entry::read_all(&mut reader),
            changelog: ChangelogConfig::of_package(&mut reader, changelog),
            release: PackageRelease::of_package(&mut reader, release),
            verify: PackageVerify::of_package(&mut reader),
        };
        if !reader.holds("version") {
            check_places(&reader, id, package.manifests.as_deref().unwrap_or(&[]));
        }
        if !written(&reader) && !reader.has_unknown_key() {
            let message = format!("the package `{}` has neither `path` nor `manifests`", id.value);
            reader.problems().add(id.span, message, "name its folder, as in path = \"packages/api\"");
        }
        reader.finish();
        package
    }
}

/// Reports a package whose files hold parts of its version only.
fn check_places(reader: &TableReader<'_>, id: &Spanned<String>, entries: &[ManifestEntry]) {
    let Some(first) = entries.first().filter(|_| entries.iter().all(|entry| entry.kind.is_part())) else { return };
    let message = format!("`manifests` of `{}` hold parts of its version only", id.value);
    reader.problems().add(first.span, message, "list a file that holds the whole version, too");
}

/// Reports the key of a package or a group that is not a valid name.
pub(super) fn check_id(reader: &TableReader<'_>, id: &Spanned<String>, what: &str) {
    let message = match id.value.as_str() {
        text if is_name(text) => return,
        "" => format!("the name of the {what} is empty"),
        text => format!("the name {text:?} of the {what} contains white space or a control character"),
    };
    reader.problems().add(id.span, message, "name it as in `api` or `@scope/api`");
}

fn folder(reader: &mut TableReader<'_>) -> Option<Spanned<RepoPath>> {
    let text = reader.string("path")?;
    let path = RepoPath::written(&text.value);
    path.map(|path| text.with(path))
        .map_err(|error| {
            let message = format!("`{}` is not a valid path: {error}", text.value);
            reader.problems().add(text.span, message, path_help(error));
        })
        .ok()
}

/// Reads the template of the tags, and where `tag = false` is written.
fn tag(reader: &mut TableReader<'_>, name: &str) -> (Option<Spanned<String>>, Option<Span>) {
    let (tag, prefix) = (reader.string_or_false("tag"), reader.string("tag-prefix"));
    if let Some(Spanned { value: None, span }) = tag {
        let other = ["tag-prefix", "tag-scheme", "tag-message"].into_iter().find(|key| reader.holds(key));
        if let Some(key) = other {
            let help = format!("keep `tag = false` for a package that is never tagged, or `{key}` alone");
            reader.problems().add(span, format!("`tag = false` and `{key}` are mutually exclusive"), help);
        }
        return (None, Some(span));
    }
    let tag = tag.and_then(|tag| Some(Spanned::new(tag.value?, tag.span)));
    if let (Some(_), Some(prefix)) = (&tag, &prefix) {
        let message = "`tag` and `tag-prefix` are mutually exclusive";
        let help = format!("keep one of them; this one is short for tag = \"{}{{version}}\"", prefix.value);
        reader.problems().add(prefix.span, message, help);
        return (None, None);
    }
    let prefix = prefix.map(|prefix| prefix.with(format!("{}{{version}}", prefix.value)));
    (tag.or(prefix).filter(|tag| check_tag(reader, tag, name)), None)
}

/// Reads `tag-of`, which excludes a tag of its own. Whether that package exists is known only when all packages are.
fn tag_of(reader: &mut TableReader<'_>, name: &str) -> Option<Spanned<PackageId>> {
    let of = reader.string("tag-of")?;
    let own = ["tag", "tag-prefix", "tag-scheme"].into_iter().find(|key| reader.holds(key));
    if let Some(key) = own {
        let help = "keep `tag-of` for a package that is released under another one's tag";
        reader.problems().add(of.span, format!("`{key}` and `tag-of` are mutually exclusive"), help);
        return None;
    }
    if of.value == name {
        reader.problems().add(of.span, "`tag-of` names the package itself", "name the package that is tagged");
        return None;
    }
    Some(of.with(PackageId::new(of.value.clone())))
}

fn paths(reader: &mut TableReader<'_>) -> Option<Spanned<Vec<PathPattern>>> {
    let texts = reader.strings("paths")?;
    let read = |text: &Spanned<String>| match PathPattern::new(&text.value) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            let message = format!("`{}` is not a valid path pattern: {error}", text.value);
            reader.problems().add(text.span, message, error.help());
            None
        }
    };
    Some(texts.with(texts.value.iter().filter_map(read).collect()))
}

fn names(reader: &mut TableReader<'_>) -> Vec<Spanned<RegistryName>> {
    let texts = reader.strings("names").map_or(Vec::new(), |texts| texts.value);
    let read = |text: &Spanned<String>| {
        let name = foreign_name(&text.value);
        if name.is_none() {
            let message = format!("`{}` is not a valid ecosystem package name", text.value);
            let known: Vec<&str> = Ecosystem::ALL.iter().map(|ecosystem| ecosystem.name()).collect();
            let help = format!("write ECOSYSTEM:NAME, with {}, as in `python:polars-runtime`", choices(&known));
            reader.problems().add(text.span, message, help);
        }
        name.map(|name| text.with(name))
    };
    texts.iter().filter_map(read).collect()
}

fn foreign_name(text: &str) -> Option<RegistryName> {
    let (ecosystem, name) = text.split_once(':')?;
    let ecosystem = Ecosystem::named(ecosystem)?;
    is_name(name).then(|| RegistryName::new(ecosystem, name))
}
