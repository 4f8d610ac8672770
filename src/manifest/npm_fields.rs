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
            let message = format!("`{}` is {what}, an object is expected", member.key);
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
            match requirement(document, &format!("{table}.{}", member.key), raw) {
                Ok(Some(scalar)) => self.requirements.push(RequirementPlace {
                    on: npm_name(&member.key),
                    kind,
                    notation: Notation::Npm,
                    scalar,
                    folder: None,
                    shared_as: None,
                }),
                Ok(None) => {}
                Err(fault) => self.faults.push(fault),
            }
        }
    }
}

/// Returns the range of a dependency; nothing where it names a place, a tag or no bound at all.
///
/// # Errors
/// Where it is no string, or a range that is written with escapes.
pub(super) fn requirement(document: Document<'_>, what: &str, raw: &str) -> Result<Option<Scalar>, Fault> {
    let value = document.string(raw, what)?;
    if range(&value).is_none() {
        return Ok(None);
    }
    let mut scalar = document.scalar(raw, what)?;
    if let Some((at, text)) = range(&value) {
        let start = scalar.span.start + at;
        scalar.span = Span::new(start, start + text.len());
        text.clone_into(&mut scalar.text);
    }
    Ok(Some(scalar))
}

/// Returns the range in a dependency's value, and the byte where it starts.
fn range(value: &str) -> Option<(usize, &str)> {
    let text = value.strip_prefix("workspace:").unwrap_or(value).trim_start();
    let at = value.len() - text.len();
    let text = text.trim_end();
    let first = text.trim_start_matches(['^', '~', '<', '>', '=', ' ', '|']);
    let first = first.strip_prefix(['v', 'V']).unwrap_or(first);
    let bounded = first.starts_with(|c: char| c.is_ascii_digit()) || first.starts_with(['x', 'X', '*']);
    let number = text.contains(|c: char| c.is_ascii_digit());
    // A colon belongs to a protocol (`file:`, `npm:`, `https:`), a slash to a folder or to GitHub's `owner/repo`, an `@` to an alias.
    let elsewhere = text.contains([':', '/', '@', '\\']);
    (bounded && number && !elsewhere).then_some((at, text))
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
        ];
        for (value, at, text) in ranges {
            assert_eq!(range(value), Some((at, text)), "{value}");
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
            "workspace:foo@^1.0.0",
            "file:../a-1.0",
            "link:../a1",
            "catalog:",
            "catalog:react18",
            "npm:foo@^1.2.3",
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
            assert_eq!(range(value), None, "{value}");
        }
    }
}
