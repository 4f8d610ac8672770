//! deno.json and deno.jsonc, and jsr.json, which has the same fields as far as they matter here.
//!
//! Comments and commas behind last values are read in all of them, as Deno does.

use serde_json::Value;

use super::deno_specifier::Specifier;
use super::json_value::{Document, Member, Node, Take};
use super::jsonc::as_json;
use super::npm_fields::no_object;
use super::{Found, NoVersion, RequirementPlace, VersionPlace, WorkspaceRoot};
use crate::data::Fault;
use crate::model::{Ecosystem, RegistryName};

/// Finds name, version, what the import map takes from registries by a range, and the members of the workspace.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let json = as_json(text);
    let document = Document::new(&json);
    let members = document.object(document.body(), &outline).map_err(|fault| vec![fault])?;
    let mut manifest = Manifest { document, found: Found::default(), faults: Vec::new() };
    for member in &members {
        manifest.member(member);
    }
    let Manifest { mut found, faults, .. } = manifest;
    if !faults.is_empty() {
        return Err(faults);
    }
    found.no_version = found.versions.is_empty().then_some(NoVersion::Absent);
    Ok(found.in_order())
}

fn outline(parent: &str, key: &str) -> Take {
    match (parent, key) {
        ("", "imports") => Take::Open,
        ("", "name" | "version" | "scopes" | "workspace") | ("imports", _) => Take::Raw,
        _ => Take::Skip,
    }
}

/// The file, while it is read.
struct Manifest<'a> {
    document: Document<'a>,
    found: Found,
    faults: Vec<Fault>,
}

impl<'a> Manifest<'a> {
    fn member(&mut self, member: &Member<'a>) {
        self.faults.extend(no_object(self.document, member));
        let read = match (member.key.as_ref(), &member.value) {
            ("imports", Node::Object(imports)) => {
                imports.iter().for_each(|import| self.import(import));
                Ok(())
            }
            ("name", Node::Raw(raw)) => self.document.string(raw, "name").map(|name| {
                self.found.name = Some(RegistryName::new(Ecosystem::Jsr, &name));
            }),
            ("version", Node::Raw(raw)) => self.document.scalar(raw, "version").map(|scalar| {
                self.found.versions.push(VersionPlace::behind_v("version", scalar));
            }),
            ("scopes", Node::Raw(raw)) => self.scopes(raw),
            ("workspace", Node::Raw(raw)) => {
                self.found.workspace = workspace(raw);
                Ok(())
            }
            _ => Ok(()),
        };
        self.faults.extend(read.err());
    }

    /// Reads the import maps of single folders.
    fn scopes(&mut self, raw: &'a str) -> Result<(), Fault> {
        for scope in self.document.object(raw, &|_, _| Take::Raw)? {
            let Node::Raw(imports) = scope.value else { continue };
            for import in self.document.object(imports, &|_, _| Take::Raw)? {
                self.import(&import);
            }
        }
        Ok(())
    }

    fn import(&mut self, import: &Member<'a>) {
        let requirement = requirement(self.document, import);
        self.faults.extend(requirement.as_ref().err().cloned());
        self.found.requirements.extend(requirement.ok().flatten());
    }
}

/// Returns what an import takes from a registry; `None` if it takes something else, or any version.
fn requirement(document: Document<'_>, import: &Member<'_>) -> Result<Option<RequirementPlace>, Fault> {
    let Node::Raw(raw) = import.value else { return Ok(None) };
    let value = document.string(raw, &import.key)?;
    let Some(specifier) = Specifier::read(&value) else { return Ok(None) };
    Ok(Some(specifier.place(&document.scalar(raw, &import.key)?)))
}

/// The workspace: a list of folders, or an object that has one. Deno is the judge of what else is written there.
fn workspace(raw: &str) -> Option<WorkspaceRoot> {
    let value: Value = serde_json::from_str(raw).ok()?;
    let members = value.get("members").unwrap_or(&value).as_array()?;
    Some(WorkspaceRoot::of(members.iter().filter_map(|member| Some(member.as_str()?.to_owned()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_where_it_says() {
        let text = "\u{feff}{ // \"version\": \"0.0.1\"\r\n\t\"name\": \"@acme/dash\", /* , */ \"version\": \"0.4.0\",\r\n\
            \t\"workspace\": { \"members\": [\"./a\", \"p/*\",] },\r\n\t\"tasks\": { \"version\": \"1\", \"imports\": \"x\" },\r\n\
            \t\"imports\": { \"core\": \"jsr:@acme/core@^0.4.0\", \"y\": \"jsr:@acme/core@0.4/sub\", \"z\": \"./z.ts\", \"any\": \"npm:any\", },\r\n\
            \t\"scopes\": { \"x/\": { \"n\": \"npm:@acme/core@~0.4.0\", }, },\r\n}\r\n";
        let found = find(text).unwrap();
        assert_eq!(found.name.as_ref().unwrap().to_string(), "jsr:@acme/dash");
        assert_eq!(found.versions[0].scalar.span.of(text), Some("0.4.0"));
        assert_eq!(found.workspace.unwrap().members, ["./a", "p/*"]);
        let read: Vec<_> =
            found.requirements.iter().map(|r| (r.on.to_string(), r.scalar.span.of(text).unwrap())).collect();
        let expected = [
            ("jsr:@acme/core".to_owned(), "^0.4.0"),
            ("jsr:@acme/core".to_owned(), "0.4"),
            ("npm:@acme/core".to_owned(), "~0.4.0"),
        ];
        assert_eq!(read, expected);
        let root = find("{\"workspace\": [\"a\"]}").unwrap();
        assert_eq!((root.workspace.unwrap().members, root.no_version), (vec!["a".to_owned()], Some(NoVersion::Absent)));
    }

    #[test]
    fn all_faults_are_reported() {
        let text = "{\"name\": 1, \"version\": 2, \"imports\": [], \"scopes\": {\"a\": 3}}";
        let messages: Vec<String> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        let expected = [
            "`name` is a number, expected a string",
            "`version` is a number, expected a string",
            "`imports` is an array, expected an object",
            "found a number, expected an object",
        ];
        assert_eq!(messages, expected);
        let escaped = find("{\"imports\": {\"a\": \"jsr:@a\\/b@^1.0.0\", \"b\": null}}").unwrap_err();
        let messages: Vec<&str> = escaped.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(messages, ["`a` is written with escapes", "`b` is null, expected a string"]);
        for broken in ["", "[]", "{\"a\": 1,,}", "{\n<<<<<<< HEAD\n", "{\"name\": \"a\", \"name\": \"a\"}", "{ /* }"] {
            assert!(find(broken).is_err(), "{broken}");
        }
    }
}
