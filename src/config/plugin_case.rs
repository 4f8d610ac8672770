//! [`PluginCase`]: a case.toml, which says what a plugin is expected to find in the files beside it.

use std::sync::Arc;

use serde_json::{Map, Value};
use toml_edit::{Document, Table};

use super::names::is_variable;
use super::parse::no_toml;
use super::plugin_file::needed;
use super::problems::Problems;
use super::reader::TableReader;
use super::schemes::SCHEMES;
use crate::model::{Diagnostic, RepoPath};

/// What a case consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseKind {
    /// Files, in which places or a problem are found.
    Files,
    /// A request and its answer, as JSON.
    Request,
}

/// What a case.toml says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginCase {
    /// What is found in the files; `None` for a case with a request.
    pub expected: Option<ExpectedPlaces>,
    /// What `settings` of relman.toml would say.
    pub settings: Map<String, Value>,
    /// Variables that the plugin is given.
    pub env: Vec<(String, String)>,
}

/// What is found in files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedPlaces {
    /// Places, each of which is set to a version.
    Found {
        /// The version that is written.
        to: String,
        /// The places, as `PATH:FIELD=TEXT`.
        places: Vec<String>,
    },
    /// A problem: a part of its message.
    Problem(String),
}

impl PluginCase {
    /// Reads a case.toml; `path` names it in messages.
    ///
    /// # Errors
    /// Returns everything that is wrong in it, in the order of the file; for invalid TOML only the first such place.
    pub fn parse(kind: CaseKind, path: &RepoPath, text: &Arc<str>) -> Result<Self, Vec<Diagnostic>> {
        let document = Document::parse(&**text).map_err(|error| vec![no_toml(path, text, &error)])?;
        let problems = Problems::new(path, text);
        let case = Self::read(kind, &problems, document.as_table());
        let wrong = problems.into_sorted();
        if wrong.is_empty() { Ok(case) } else { Err(wrong) }
    }

    fn read(kind: CaseKind, problems: &Problems<'_>, table: &Table) -> Self {
        let mut reader = TableReader::root(problems, table);
        let expected = if kind == CaseKind::Files { expected(&mut reader) } else { None };
        let case = Self { expected, settings: reader.json("settings"), env: env(&mut reader) };
        reader.finish();
        case
    }
}

fn expected(reader: &mut TableReader<'_>) -> Option<ExpectedPlaces> {
    if let Some(error) = reader.string("error") {
        for key in ["to", "places", "scheme"].into_iter().filter(|key| reader.holds(key)) {
            let message = format!("`error` and `{key}` exclude each other");
            reader.problems().add(error.span, message, "remove one of them");
        }
        // They are known, though of no use here.
        let _ = (reader.string("to"), reader.strings("places"), reader.string("scheme"));
        return Some(ExpectedPlaces::Problem(error.value));
    }
    let to = needed(reader, "to", "\"2.0.0\"", TableReader::string);
    let places = needed(reader, "places", "[\"PATH:FIELD=TEXT\"]", TableReader::strings);
    if let (Some(scheme), Some(to)) = (reader.one_of("scheme", &SCHEMES), &to)
        && let Err(error) = scheme.value.parse(&to.value)
    {
        reader.problems().add(to.span, error.to_string(), format!("write a version of {}", scheme.value.name()));
    }
    let places = places?.value.into_iter().map(|place| place.value).collect();
    Some(ExpectedPlaces::Found { to: to?.value, places })
}

fn env(reader: &mut TableReader<'_>) -> Vec<(String, String)> {
    let variables = reader.texts("env").unwrap_or_default();
    for (name, _) in variables.iter().filter(|(name, _)| !is_variable(&name.value)) {
        let message = format!("`{}` is not a valid name of a variable", name.value);
        reader.problems().add(name.span, message, "write env = { NAME = \"value\" }");
    }
    variables.into_iter().map(|(name, value)| (name.value, value.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(kind: CaseKind, text: &str) -> Result<PluginCase, Vec<String>> {
        let path = RepoPath::new("cases/x/case.toml").unwrap();
        PluginCase::parse(kind, &path, &Arc::from(text)).map_err(|found| {
            let shown = |d: &Diagnostic| {
                let at = d.place.as_ref().unwrap().position();
                format!("{}:{} {}", at.line, at.column, d.message)
            };
            found.iter().map(shown).collect()
        })
    }

    #[test]
    fn cases_are_read() {
        let case =
            parse(CaseKind::Files, "to = \"2.0.0\"\nplaces = [\"a:v=1\"]\nsettings = { key = [\"x\"] }\n").unwrap();
        assert_eq!(case.expected, Some(ExpectedPlaces::Found { to: "2.0.0".into(), places: vec!["a:v=1".into()] }));
        assert_eq!(case.settings["key"][0], "x");
        let case = parse(CaseKind::Request, "env = { URL = \"{server}/x\" }").unwrap();
        assert_eq!((case.expected, case.env), (None, vec![("URL".to_owned(), "{server}/x".to_owned())]));
        assert!(parse(CaseKind::Files, "error = \"none\"").is_ok());
    }

    #[test]
    fn what_is_wrong_is_found_with_its_place() {
        for (kind, text, found) in [
            (CaseKind::Files, "", &["1:1 `places` not found", "1:1 `to` not found"][..]),
            (CaseKind::Files, "error = \"x\"\nto = \"2\"", &["1:9 `error` and `to` exclude each other"]),
            (CaseKind::Files, "to = \"2\"\nplaces = []\nscheme = \"semver\"", &["1:6 "]),
            (CaseKind::Files, "to = \"2\"\nplaces = []\nscheme = \"calver\"", &["3:10 `scheme` must be"]),
            (CaseKind::Request, "to = \"2\"", &["1:1 unknown key `to`"]),
            (CaseKind::Request, "env = { \"A B\" = \"\" }", &["1:9 `A B` is not a valid name of a variable"]),
        ] {
            let wrong = parse(kind, text).unwrap_err();
            assert_eq!(wrong.len(), found.len(), "{wrong:?}");
            assert!(
                wrong.iter().zip(found).all(|(wrong, start)| wrong.starts_with(start)),
                "{wrong:?}, expected {found:?}"
            );
        }
    }
}
