//! What package.json and the entries of package-lock.json have in common: a name, a version, tables of dependencies.

use super::json_value::{Document, Member, Node, Take};
use super::{Fault, Notation, RequirementPlace, Scalar};
use crate::model::{Ecosystem, EdgeKind, ForeignName};
use crate::text::Span;

/// The tables of dependencies, by npm's documentation of package.json.
const TABLES: [(&str, EdgeKind); 4] = [
    ("dependencies", EdgeKind::Normal),
    ("devDependencies", EdgeKind::Dev),
    ("peerDependencies", EdgeKind::Peer),
    ("optionalDependencies", EdgeKind::Optional),
];

/// What one object says about its package.
#[derive(Default)]
pub(super) struct NpmFields {
    /// Its name.
    pub(super) name: Option<ForeignName>,
    /// Its version.
    pub(super) version: Option<Scalar>,
    /// What it requires by a range, in the order of the text.
    pub(super) requirements: Vec<RequirementPlace>,
    /// What is wrong with it.
    pub(super) faults: Vec<Fault>,
}

/// Goes into the tables of dependencies and takes name and version, of an object whose key is `own` (empty for the outermost one).
pub(super) fn choice(parent: &str, key: &str) -> Take {
    let table = |name: &str| TABLES.iter().any(|(table, _)| *table == name);
    match key {
        _ if table(parent) => Take::Raw,
        "name" | "version" => Take::Raw,
        _ if table(key) => Take::Open,
        _ => Take::Skip,
    }
}

/// Reads the members of an object that was read with [`choice`].
pub(super) fn read<'m>(document: Document<'_>, members: impl IntoIterator<Item = &'m Member<'m>>) -> NpmFields {
    let mut fields = NpmFields::default();
    for member in members {
        match (member.key.as_ref(), &member.value) {
            ("name", Node::Raw(raw)) => match document.string(raw, "name") {
                Ok(name) => fields.name = Some(npm_name(&name)),
                Err(fault) => fields.faults.push(fault),
            },
            ("version", Node::Raw(raw)) => match document.scalar(raw, "version") {
                Ok(scalar) => fields.version = Some(scalar),
                Err(fault) => fields.faults.push(fault),
            },
            (key, Node::Object(table)) => {
                if let Some((_, kind)) = TABLES.iter().find(|(table, _)| *table == key) {
                    fields.requirements(document, key, *kind, table);
                }
            }
            _ => fields.faults.extend(no_object(document, member)),
        }
    }
    fields
}

/// Returns the fault of a member that should be an object and is something else; `null` counts as nothing.
pub(super) fn no_object(document: Document<'_>, member: &Member<'_>) -> Option<Fault> {
    match member.value {
        Node::Other(what) if what != "null" => {
            let message = format!("`{}` is {what}, expected an object", member.key);
            Some(Fault::new(document.key_span(member), message))
        }
        _ => None,
    }
}

/// Returns the npm package of this name.
pub(super) fn npm_name(name: &str) -> ForeignName {
    ForeignName::new(Ecosystem::Npm, name)
}

impl NpmFields {
    fn requirements(&mut self, document: Document<'_>, table: &str, kind: EdgeKind, members: &[Member<'_>]) {
        for member in members {
            let Node::Raw(raw) = member.value else { continue };
            match requirement(document, table, &member.key, raw) {
                Ok(place) => self.requirements.extend(place.map(|place| RequirementPlace { kind, ..place })),
                Err(fault) => self.faults.push(fault),
            }
        }
    }
}

/// Returns the requirement of a dependency; `None` if its value names a place, a tag or no bound at all.
///
/// # Errors
/// Returns an error if it is not a string, or is a range written with escapes.
pub(super) fn requirement(
    document: Document<'_>,
    table: &str,
    key: &str,
    raw: &str,
) -> Result<Option<RequirementPlace>, Fault> {
    let what = format!("{table}.{key}");
    let value = document.string(raw, &what)?;
    let Some(Target { name, at, range }) = target(&value) else { return Ok(None) };
    let mut scalar = document.scalar(raw, &what)?;
    let start = scalar.span.start + at;
    scalar.span = Span::new(start, start + range.len());
    range.clone_into(&mut scalar.text);
    Ok(Some(RequirementPlace {
        on: npm_name(name.unwrap_or(key)),
        kind: EdgeKind::Normal,
        notation: Notation::Npm,
        scalar,
        folder: None,
        shared_as: None,
    }))
}

/// What a dependency's value asks for.
#[derive(Debug, PartialEq)]
struct Target<'v> {
    /// The package, where the value names another one than the key.
    name: Option<&'v str>,
    /// The byte of the value at which the range starts.
    at: usize,
    /// The range.
    range: &'v str,
}

/// Returns the range in a dependency's value, and the package of an alias: `workspace:NAME@RANGE`, `npm:NAME@RANGE`.
fn target(value: &str) -> Option<Target<'_>> {
    let aliased = value.strip_prefix("workspace:").or_else(|| value.strip_prefix("npm:"));
    let (name, text) = match aliased.and_then(alias) {
        Some((name, range)) => (Some(name), range),
        None => (None, aliased.unwrap_or(value)),
    };
    let range = text.trim_start();
    let at = value.len() - range.len();
    let range = range.trim_end();
    let first = range.trim_start_matches(['^', '~', '<', '>', '=', ' ', '|']);
    let first = first.strip_prefix(['v', 'V']).unwrap_or(first);
    let bounded = first.starts_with(|c: char| c.is_ascii_digit()) || first.starts_with(['x', 'X', '*']);
    let number = range.contains(|c: char| c.is_ascii_digit());
    // A colon belongs to a protocol (`file:`, `https:`), a slash to a folder or to GitHub's `owner/repo`.
    let elsewhere = range.contains([':', '/', '@', '\\']);
    (bounded && number && !elsewhere).then_some(Target { name, at, range })
}

/// Splits `NAME@RANGE`; the name may have a scope.
fn alias(text: &str) -> Option<(&str, &str)> {
    let (name, range) = text.rsplit_once('@').filter(|(name, _)| !name.is_empty())?;
    let bare = name.strip_prefix('@').and_then(|scoped| scoped.split_once('/')).map_or(name, |(_, bare)| bare);
    (!bare.is_empty() && !bare.contains(['/', '@', ':', ' '])).then_some((name, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_told_from_everything_else() {
        let ranges = [
            ("^1.2.3", 0, "^1.2.3"),
            ("1.2.3", 0, "1.2.3"),
            ("v1.2.3", 0, "v1.2.3"),
            ("=v1.2.3", 0, "=v1.2.3"),
            (">= 1.2.3 <2", 0, ">= 1.2.3 <2"),
            ("1.x || >=2.5.0 || 5.0.0 - 7.2.3", 0, "1.x || >=2.5.0 || 5.0.0 - 7.2.3"),
            ("* || 1", 0, "* || 1"),
            (" ~1.2 ", 1, "~1.2"),
            ("workspace:^1.2.3", 10, "^1.2.3"),
            ("workspace:1.2.3-rc.1", 10, "1.2.3-rc.1"),
            ("npm:^1.2.3", 4, "^1.2.3"),
        ];
        for (value, at, range) in ranges {
            assert_eq!(target(value), Some(Target { name: None, at, range }), "{value}");
        }
        let others = [
            "",
            " ",
            "*",
            "x",
            "latest",
            "next-14",
            "workspace:",
            "workspace:^",
            "workspace:*",
            "workspace:~",
            "workspace:../v2",
            "workspace:@acme/foo@^",
            "workspace:foo@*",
            "workspace:../foo@1.0.0",
            "file:../a-1.0",
            "link:../a1",
            "catalog:",
            "catalog:react18",
            "npm:foo",
            "npm:@acme/foo",
            "npm:foo@latest",
            "patch:foo@npm%3A1.0.0#x.patch",
            "github:owner/repo#semver:^1.0.0",
            "git+https://example.com/a.git#v1.0.0",
            "http://example.com/a.tgz",
            "git+ssh://git@example.com/a.git#semver:^1.0",
            "https://example.com/a-1.0.0.tgz",
            "1st/repo",
            "owner/repo#v1.2.3",
            "git@example.com:a/b.git",
            "^",
            "v",
            "../1",
            "jsr:^1.0.0",
        ];
        for value in others {
            assert_eq!(target(value), None, "{value}");
        }
    }

    #[test]
    fn an_alias_requires_the_package_that_it_names() {
        for (value, name, range) in [
            ("workspace:foo@^1.0.0", "foo", "^1.0.0"),
            ("workspace:@acme/ui@~1.2", "@acme/ui", "~1.2"),
            ("npm:foo@1.2.3", "foo", "1.2.3"),
            ("npm:@acme/ui@>=1.0.0 <2", "@acme/ui", ">=1.0.0 <2"),
            ("npm:@acme/ui-2@ v1.0.0 ", "@acme/ui-2", "v1.0.0"),
        ] {
            let found = target(value).unwrap();
            assert_eq!((found.name, found.range), (Some(name), range), "{value}");
            assert_eq!(value.get(found.at..found.at + range.len()), Some(range));
        }
    }
}
