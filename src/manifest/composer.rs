//! composer.json, as Composer documents it.

use super::json_value::{Document, Member, Node, Take};
use super::npm_fields::no_object;
use super::{Found, NoVersion, RequirementPlace, RequirementSyntax, VersionPlace};
use crate::data::{Fault, Scalar};
use crate::model::{DependencyKind, Ecosystem, RegistryName};
use crate::text::Span;

/// The tables of requirements.
const TABLES: [(&str, DependencyKind); 2] = [("require", DependencyKind::Normal), ("require-dev", DependencyKind::Dev)];

/// Finds name, version and the constraints of both tables.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = Document::new(text);
    let members = document.object(document.body(), &outline).map_err(|fault| vec![fault])?;
    let mut found = Found::default();
    let mut faults = Vec::new();
    for member in &members {
        faults.extend(no_object(document, member));
        let table = TABLES.iter().find(|(table, _)| *table == member.key);
        match (table, &member.value) {
            (Some((table, kind)), Node::Object(requirements)) => {
                for requirement in requirements {
                    match read(document, table, requirement) {
                        Ok(place) => {
                            found.requirements.extend(place.map(|place| RequirementPlace { kind: *kind, ..place }));
                        }
                        Err(fault) => faults.push(fault),
                    }
                }
            }
            (None, Node::Raw(raw)) if member.key == "name" => match document.string(raw, "name") {
                Ok(name) => found.name = Some(RegistryName::new(Ecosystem::Composer, &name)),
                Err(fault) => faults.push(fault),
            },
            (None, Node::Raw(raw)) => match document.scalar(raw, "version") {
                Ok(scalar) if is_branch(&scalar.text) => {}
                Ok(scalar) => found.versions.push(VersionPlace::behind_v("version", scalar)),
                Err(fault) => faults.push(fault),
            },
            _ => {}
        }
    }
    found.no_version = found.versions.is_empty().then_some(NoVersion::Absent);
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn outline(parent: &str, key: &str) -> Take {
    match (parent, key) {
        ("", "name" | "version") | ("require" | "require-dev", _) => Take::Raw,
        ("", "require" | "require-dev") => Take::Open,
        _ => Take::Skip,
    }
}

fn read(document: Document<'_>, table: &str, member: &Member<'_>) -> Result<Option<RequirementPlace>, Fault> {
    let Node::Raw(raw) = member.value else { return Ok(None) };
    let what = format!("{table}.{}", member.key);
    if constraint(&document.string(raw, &what)?).is_none() {
        return Ok(None);
    }
    let scalar = document.scalar(raw, &what)?;
    Ok(constraint(&scalar.text).map(|(at, text)| {
        let start = scalar.span.start + at;
        RequirementPlace {
            on: RegistryName::new(Ecosystem::Composer, &member.key),
            kind: DependencyKind::Normal,
            notation: RequirementSyntax::Composer,
            scalar: Scalar { span: Span::new(start, start + text.len()), text: text.to_owned(), style: scalar.style },
            folder: None,
            shared_as: None,
            is_alias: false,
        }
    }))
}

/// Returns the numbers of a constraint and where they start; `None` if it names a branch (`dev-main`, `1.x-dev`), an alias of one, the
/// version of the package itself, or any version. The stability behind it (`@dev`) stays.
fn constraint(value: &str) -> Option<(usize, &str)> {
    let (text, stability) = value.split_once('@').unwrap_or((value, "dev"));
    let at = text.len() - text.trim_start().len();
    let text = text.trim();
    let is_stability = stability.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_elsewhere = is_branch(text) || text.contains(['#', '/']) || text.contains(" as ");
    let has_number = text.contains(|c: char| c.is_ascii_digit());
    (is_stability && !is_elsewhere && has_number).then_some((at, text))
}

/// Returns `true` if a version is that of a branch: `dev-main`, `1.x-dev`.
fn is_branch(text: &str) -> bool {
    text.contains("dev-") || text.contains("-dev")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_where_it_says() {
        let text = "{\r\n    \"name\": \"Acme/Web\", \"version\": \"v1.2.0\",\r\n    \"require\": {\"php\": \">=8.1\", \"acme/core\": \"^1.2\", \"acme/any\": \"*\", \"acme/self\": \"self.version\", \"acme/old\": \"1.x-dev\", \"acme/tool\": \" ~1.2.0@beta\"},\r\n\
            \x20   \"require-dev\": {\"Acme/Test\": \"1.0 || 2.0\", \"acme/main\": \"dev-main as 1.0.0\", \"acme/two\": \"^1@dev || ^2\"},\r\n    \"config\": {\"version\": \"9\", \"require\": {\"a\": \"1\"}}\r\n}";
        let found = find(text).unwrap();
        assert_eq!(found.name.as_ref().unwrap().to_string(), "composer:acme/web");
        assert_eq!(found.versions[0].scalar.span.of(text), Some("1.2.0"));
        let shown = |r: &RequirementPlace| format!("{} {:?} {}", r.on.name, r.kind, r.scalar.span.of(text).unwrap());
        let read: Vec<String> = found.requirements.iter().map(shown).collect();
        let expected =
            ["php Normal >=8.1", "acme/core Normal ^1.2", "acme/tool Normal ~1.2.0", "acme/test Dev 1.0 || 2.0"];
        assert_eq!(read, expected);
        for without in ["{\"name\": \"a/b\"}", "{\"version\": \"dev-main\"}"] {
            assert_eq!(find(without).unwrap().no_version, Some(NoVersion::Absent), "{without}");
        }
    }

    #[test]
    fn all_faults_are_reported() {
        let text =
            "{\"name\": 1, \"version\": 1.2, \"require\": [], \"require-dev\": {\"a\": 1, \"b\": \"\\u00311.0\"}}";
        let messages: Vec<String> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        let expected = [
            "`name` is a number, expected a string",
            "`version` is a number, expected a string",
            "`require` is an array, expected an object",
            "`require-dev.a` is a number, expected a string",
            "`require-dev.b` is written with escapes",
        ];
        assert_eq!(messages, expected);
        for broken in ["", "{\"a\": 1,}", "{\n<<<<<<< HEAD\n", "{\"version\": \"1\", \"version\": \"1\"}"] {
            assert!(find(broken).is_err(), "{broken}");
        }
    }
}
