//! [`WantedArtifacts`]: what must be there when a release is done.

use std::collections::BTreeSet;

use super::named_tables::read_tables;
use super::reader::{Element, TableReader};
use super::release_text::{line, read_line, read_lines};
use super::{ReleaseText, Spanned, WebUrl};
use crate::model::Pointer;

const FILES: [(&str, PythonFile); 2] = [("sdist", PythonFile::Sdist), ("wheel", PythonFile::Wheel)];

/// What must be there when a release is done: the artifacts that are named under `verify` of a package or of a pin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedArtifacts {
    /// Container images in OCI registries.
    pub images: Vec<WantedImage>,
    /// Helm charts in OCI registries.
    pub charts: Vec<WantedPackage>,
    /// Projects of a Python index.
    pub pypi: Vec<WantedProject>,
    /// Packages of an npm registry.
    pub npm: Vec<WantedPackage>,
    /// Crates of a cargo registry.
    pub crates: Vec<WantedPackage>,
    /// Addresses that show the version.
    pub urls: Vec<WantedUrl>,
}

/// A container image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedImage {
    /// Registry and repository: `ghcr.io/owner/api`.
    pub name: String,
    /// Its tags; the first one that holds the whole version is the fixed one.
    pub tags: Vec<ReleaseText>,
    /// Whether it must be signed.
    pub signed: bool,
    /// Whether its revision label must be the commit of the release.
    pub revision: bool,
    /// Whether it may be absent.
    pub optional: bool,
}

/// A package whose registry has nothing more to say than its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPackage {
    /// The name.
    pub name: String,
    /// Whether it may be absent.
    pub optional: bool,
}

/// A project of a Python index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedProject {
    /// The name, as it is written.
    pub name: String,
    /// The kinds of files that must be there; empty: at least one file of any kind.
    pub files: Vec<PythonFile>,
    /// Whether each file must have attestations.
    pub attested: bool,
    /// Whether it may be absent.
    pub optional: bool,
}

/// A kind of file on a Python index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PythonFile {
    /// A source distribution.
    Sdist,
    /// A wheel.
    Wheel,
}

/// An address that shows the version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedUrl {
    /// The address.
    pub url: ReleaseText,
    /// What it must answer; `None`: anything, with success.
    pub content: Option<UrlContent>,
    /// Whether it may be absent.
    pub optional: bool,
}

/// What an address must answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlContent {
    /// JSON with the version at this place.
    Pointer(Pointer),
    /// A body that contains this text.
    Contains(ReleaseText),
}

impl WantedImage {
    /// Returns an image of which only the name is known: its tag is the version.
    #[must_use]
    pub fn plain(name: &str) -> Self {
        let tags = vec![ReleaseText::own("{version}", &[])];
        Self { name: name.to_owned(), tags, signed: false, revision: false, optional: false }
    }
}

impl WantedProject {
    /// Returns a project of which only the name is known.
    #[must_use]
    pub fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), files: Vec::new(), attested: false, optional: false }
    }
}

impl WantedArtifacts {
    /// Reads the keys of the artifacts from a table that may have others.
    pub(super) fn read_keys(reader: &mut TableReader<'_>) -> Self {
        Self {
            images: named(reader, "images", &IMAGES, image),
            charts: named(reader, "charts", &IMAGES, package),
            pypi: named(reader, "pypi", &PROJECTS, project),
            npm: named(reader, "npm", &NPM, package),
            crates: named(reader, "crates", &CRATES, package),
            urls: urls(reader),
        }
    }

    /// Returns every text of them.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        let tags = self.images.iter().flat_map(|image| &image.tags);
        let urls = self.urls.iter().flat_map(|url| {
            let contains = url.content.iter().filter_map(|content| match content {
                UrlContent::Contains(text) => Some(text),
                UrlContent::Pointer(_) => None,
            });
            std::iter::once(&url.url).chain(contains)
        });
        tags.chain(urls)
    }
}

/// Which names are valid.
struct Names {
    is_valid: fn(&str) -> bool,
    what: &'static str,
    help: &'static str,
}

const IMAGES: Names = Names {
    is_valid: is_repository,
    what: "repository of an OCI registry",
    help: "write it with its registry and without a tag, as in \"ghcr.io/owner/api\"",
};
const PROJECTS: Names =
    Names { is_valid: is_project, what: "name of a Python project", help: "write it as in \"my-api\"" };
const NPM: Names =
    Names { is_valid: is_npm, what: "name of an npm package", help: "write it as in \"web\" or \"@acme/web\"" };
const CRATES: Names = Names { is_valid: is_crate, what: "name of a crate", help: "write it as in \"my-core\"" };

/// A host with a dot or a port, or this machine, and a path in lower case (the OCI distribution specification).
fn is_repository(text: &str) -> bool {
    let Some((host, path)) = text.split_once('/') else { return false };
    let is_host = host == "localhost" || host.contains(['.', ':']);
    let is_part = |part: &str| {
        let is_edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        part.bytes().all(is_inner) && is_edge(part.bytes().next()) && is_edge(part.bytes().last())
    };
    is_host && WebUrl::new(&format!("https://{host}")).is_ok() && path.split('/').all(is_part)
}

/// The names of the Python packaging core metadata.
fn is_project(text: &str) -> bool {
    let is_edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    text.bytes().all(is_inner) && is_edge(text.bytes().next()) && is_edge(text.bytes().last())
}

fn is_npm(text: &str) -> bool {
    let name = match text.strip_prefix('@') {
        Some(scoped) => scoped.split_once('/').filter(|(scope, _)| is_npm_part(scope)).map_or("", |(_, name)| name),
        None => text,
    };
    is_npm_part(name)
}

fn is_npm_part(text: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || b"._~-".contains(&b);
    !text.is_empty() && !text.starts_with('.') && text.bytes().all(is_inner)
}

fn is_crate(text: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_inner)
}

/// Reads a list of names, and of tables with a name; `read` gets the name, and the table if it is one.
fn named<T>(
    reader: &mut TableReader<'_>,
    key: &'static str,
    names: &Names,
    read: fn(String, Option<&mut TableReader<'_>>) -> T,
) -> Vec<T> {
    let elements = reader.elements(key).map_or(Vec::new(), |elements| elements.value);
    let mut seen = BTreeSet::new();
    let mut is_right = |name: &Spanned<String>| {
        let (message, help) = if !(names.is_valid)(&name.value) {
            (format!("{:?} is not a valid {}", name.value, names.what), names.help)
        } else if !seen.insert(name.value.clone()) {
            (format!("`{key}` lists `{}` twice", name.value), "remove one of the two, or merge them")
        } else {
            return true;
        };
        reader.problems().add(name.span, message, help);
        false
    };
    let read = |element| match element {
        Element::Text(name) => is_right(&name).then(|| read(name.value, None)),
        Element::Table(mut table) => {
            let name = table.string("name").filter(&mut is_right);
            if !table.holds("name") {
                let message = format!("this element of `{key}` has no `name`");
                table.problems().add(table.span(), message, "write { name = \"...\", ... }");
            }
            let wanted = read(name.as_ref().map_or(String::new(), |name| name.value.clone()), Some(&mut table));
            table.finish();
            name.map(|_| wanted)
        }
    };
    elements.into_iter().filter_map(read).collect()
}

fn flag(reader: Option<&mut TableReader<'_>>, key: &'static str) -> bool {
    reader.and_then(|table| table.boolean(key)).is_some_and(|flag| flag.value)
}

fn package(name: String, table: Option<&mut TableReader<'_>>) -> WantedPackage {
    WantedPackage { name, optional: flag(table, "optional") }
}

fn image(name: String, mut table: Option<&mut TableReader<'_>>) -> WantedImage {
    let tags = table.as_deref_mut().and_then(|table| {
        let tags = read_lines(table, "tags")?;
        if tags.is_empty() {
            table.problems().add(table.span(), "`tags` is empty", "write tags = [\"{version}\"], or leave it out");
        }
        Some(tags)
    });
    WantedImage {
        name,
        tags: tags.unwrap_or_else(|| vec![ReleaseText::own("{version}", &[])]),
        signed: flag(table.as_deref_mut(), "signed"),
        revision: flag(table.as_deref_mut(), "revision"),
        optional: flag(table, "optional"),
    }
}

fn project(name: String, mut table: Option<&mut TableReader<'_>>) -> WantedProject {
    let files = table.as_deref_mut().map_or(Vec::new(), |table| {
        let texts = table.strings("files").map_or(Vec::new(), |texts| texts.value);
        texts.iter().filter_map(|text| table.chosen("files", text, &FILES)).collect()
    });
    let (attested, optional) = (flag(table.as_deref_mut(), "attested"), flag(table, "optional"));
    WantedProject { name, files, attested, optional }
}

fn urls(reader: &mut TableReader<'_>) -> Vec<WantedUrl> {
    let mut seen = BTreeSet::new();
    let read = |mut table: TableReader<'_>| {
        let url = table.string("url");
        if !table.holds("url") {
            table.problems().add(
                table.span(),
                "this element of `urls` has no `url`",
                "write { url = \"https://...\" }",
            );
        }
        let url = url.and_then(|text| {
            if !seen.insert(text.value.clone()) {
                let message = format!("`urls` lists `{}` twice", text.value);
                table.problems().add(text.span, message, "remove one of the two, or merge them");
            }
            address(&table, &text)
        });
        let content = content(&mut table);
        let optional = flag(Some(&mut table), "optional");
        table.finish();
        Some(WantedUrl { url: url?, content, optional })
    };
    let tables = read_tables(reader, "urls", "{ url = \"https://...\", contains = \"{version}\" }");
    tables.into_iter().filter_map(read).collect()
}

fn address(table: &TableReader<'_>, text: &Spanned<String>) -> Option<ReleaseText> {
    let url = line(table.problems(), "url", text, &[])?;
    // Any value will do to check the text around the placeholders.
    let filled = url.fill(|_| "1".to_owned());
    let address = filled.split('?').next().unwrap_or("");
    if let Err(error) = WebUrl::new(address) {
        table.problems().add(text.span, format!("`url` is not a valid address: {error}"), error.help());
        return None;
    }
    Some(url)
}

fn content(table: &mut TableReader<'_>) -> Option<UrlContent> {
    let (pointer, contains) = (table.string("pointer"), read_line(table, "contains", &[]));
    if let (Some(pointer), Some(_)) = (&pointer, &contains) {
        let message = "`pointer` and `contains` are mutually exclusive";
        table.problems().add(pointer.span, message, "keep `pointer` for JSON, or `contains` for any text");
    }
    let pointer = pointer.and_then(|text| {
        let pointer = Pointer::new(&text.value);
        pointer
            .map_err(|error| {
                let message = format!("`{}` is not a valid pointer: {error}", text.value);
                table.problems().add(text.span, message, "write the way to the version (RFC 6901), as in `/version`");
            })
            .ok()
    });
    pointer.map(UrlContent::Pointer).or(contains.map(UrlContent::Contains))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_registries() {
        type Cases<'a> = [(fn(&str) -> bool, &'a [&'a str], &'a [&'a str]); 4];
        let cases: Cases<'_> = [
            (
                is_repository,
                &["ghcr.io/o/api", "localhost:5000/x", "127.0.0.1:5000/a/b_c.d-e", "localhost/x"],
                &["api", "o/api", "ghcr.io/O/api", "ghcr.io/o/api:1", "ghcr.io/", "ghcr.io//x", "a b.c/x", "u@h.io/x"],
            ),
            (is_project, &["a", "my_api.x-2"], &["", "-a", "a-", "a b", "ä"]),
            (is_npm, &["web", "@acme/web", "JSONStream"], &["", "@acme", "@/web", "@a/b/c", ".x", "a b"]),
            (is_crate, &["my-core_x1"], &["", "1x", "a.b", "-x"]),
        ];
        for (is_valid, right, wrong) in cases {
            assert!(right.iter().all(|name| is_valid(name)), "{right:?}");
            assert!(!wrong.iter().any(|name| is_valid(name)), "{wrong:?}");
        }
    }
}
