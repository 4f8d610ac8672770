//! What package.json and the entries of package-lock.json have in common: a name, a version, tables of dependencies.

use super::json_value::{Document, Member, Node, Take};
use super::npm_range::{Target, target};
use super::{RequirementPlace, RequirementSyntax};
use crate::data::{Fault, Scalar, Style};
use crate::model::{DependencyKind, Ecosystem, RegistryName};
use crate::text::Span;

/// The tables of dependencies, by npm's documentation of package.json.
pub(super) const TABLES: [(&str, DependencyKind); 4] = [
    ("dependencies", DependencyKind::Normal),
    ("devDependencies", DependencyKind::Dev),
    ("peerDependencies", DependencyKind::Peer),
    ("optionalDependencies", DependencyKind::Optional),
];

/// What one object says about its package.
#[derive(Default)]
pub(super) struct NpmFields {
    /// Its name.
    pub(super) name: Option<RegistryName>,
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
pub(super) fn npm_name(name: &str) -> RegistryName {
    RegistryName::new(Ecosystem::Npm, name)
}

impl NpmFields {
    fn requirements(&mut self, document: Document<'_>, table: &str, kind: DependencyKind, members: &[Member<'_>]) {
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
    // Only what is edited must be written without escapes.
    if target(&value).is_none() {
        return Ok(None);
    }
    Ok(required(key, document.scalar(raw, &what)?))
}

/// Returns the requirement that the value of a dependency is; `None` if it names a place, a tag or no bound at all.
pub(super) fn required(key: &str, scalar: Scalar) -> Option<RequirementPlace> {
    let Target { name, at, range } = target(&scalar.text)?;
    let is_alias = scalar.text.starts_with("npm:") && name.is_some_and(|name| name != key);
    let start = scalar.span.start + at;
    // In YAML, what follows a prefix is a text to every reader.
    let style = if at > 0 && scalar.style == Style::YamlPlain { Style::Bare } else { scalar.style };
    Some(RequirementPlace {
        on: npm_name(name.unwrap_or(key)),
        kind: DependencyKind::Normal,
        notation: RequirementSyntax::Npm,
        scalar: Scalar { span: Span::new(start, start + range.len()), text: range.to_owned(), style },
        folder: None,
        shared_as: None,
        is_alias,
    })
}
