//! relman.toml: its text becomes a [`Config`], or the list of all that is wrong in it.
//!
//! A table is read key by key; what nobody asked for is an unknown key. What the file alone makes certain is checked here; what
//! depends on the manifests (a member of a group that is found by `members`, a scheme that nobody wrote) is checked again once they
//! are read, by [`membership()`] and [`tag_conflicts`]. Nothing here reads a disk.

mod changelog;
mod claims;
mod commit_types;
mod dependents;
mod glob;
mod group;
mod levels;
mod manifest_entry;
mod membership;
mod message;
mod package;
mod problems;
mod reader;
mod schemes;
mod section_template;
mod shared_changelogs;
mod spanned;
mod tags;
mod workspace;

use std::sync::Arc;

use toml_edit::{Document, Table, TomlError};

use crate::model::{Diagnostic, PackageId, RepoPath};
use crate::text::Span;

pub use changelog::{
    ChangeSource, ChangelogConfig, FRAGMENTS, FragmentsFolder, PathTemplate, Prereleases, SummaryRule,
};
pub use commit_types::CommitTypes;
pub use dependents::{DependentPolicy, DependentsConfig};
pub use glob::{GlobError, NameGlob, PathGlob, PathPattern, is_glob};
pub use group::{GroupKind, GroupSpec};
pub use levels::{CommitsConfig, FragmentsConfig, HistoryMode, LevelMap};
pub use manifest_entry::{EntryKind, ManifestEntry, ManifestPath};
pub use membership::{Membership, membership};
pub use message::{MessageError, MessageTemplate};
pub use package::PackageSpec;
pub use section_template::TEMPLATES;
pub use shared_changelogs::{ChangelogOwner, shared_changelogs};
pub use spanned::Spanned;
pub use tags::{TagOwner, meetings, tag_conflicts};
pub use workspace::WorkspaceConfig;

use problems::Problems;
use reader::TableReader;

/// All that a relman.toml says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file, for messages.
    pub path: RepoPath,
    /// Its text, for messages.
    pub text: Arc<str>,
    /// What holds for the whole workspace.
    pub workspace: WorkspaceConfig,
    /// The packages that are declared by hand, in the order of the file.
    pub packages: Vec<PackageSpec>,
    /// The groups, in the order of the file.
    pub groups: Vec<GroupSpec>,
    /// What a release does to the packages that require the released one.
    pub dependents: DependentsConfig,
    /// What a commit counts for.
    pub commits: CommitsConfig,
    /// What a fragment counts for.
    pub fragments: FragmentsConfig,
    /// How changelogs are kept, for all packages; `None` if only those packages keep one that say so.
    pub changelog: Option<ChangelogConfig>,
}

/// Returns the JSON Schema (draft 2020-12) of relman.toml.
#[must_use]
pub fn schema() -> &'static str {
    include_str!("schema.json")
}

impl Config {
    /// Reads a relman.toml; `path` names it in messages.
    ///
    /// # Errors
    /// Everything that is wrong in it, in the order of the file; where it is no TOML, or has a key twice, the first such place alone.
    pub fn parse(path: &RepoPath, text: &Arc<str>) -> Result<Self, Vec<Diagnostic>> {
        let document = Document::parse(&**text).map_err(|error| vec![no_toml(path, text, &error)])?;
        let problems = Problems::new(path, text);
        let config = Self::read(&problems, path, text, document.as_table());
        let wrong = problems.into_sorted();
        if wrong.is_empty() { Ok(config) } else { Err(wrong) }
    }

    /// Returns a diagnostic that points into the file.
    #[must_use]
    pub fn diagnostic(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(message).at(&self.path, &self.text, span)
    }

    /// Returns the declared package with this name.
    #[must_use]
    pub fn package(&self, id: &PackageId) -> Option<&PackageSpec> {
        self.packages.iter().find(|package| package.id == *id)
    }

    /// Returns how the changelog of this package is kept; `None` if it keeps none.
    #[must_use]
    pub fn changelog_of(&self, id: &PackageId) -> Option<&ChangelogConfig> {
        let own = self.package(id).and_then(|package| package.changelog.as_ref());
        own.or(self.changelog.as_ref())
    }

    /// Returns `true` if the changelog of some package is filled from commits.
    #[must_use]
    pub fn takes_commits(&self) -> bool {
        let own = self.packages.iter().filter_map(|package| package.changelog.as_ref());
        own.chain(&self.changelog).any(ChangelogConfig::takes_commits)
    }

    fn read(problems: &Problems<'_>, path: &RepoPath, text: &Arc<str>, table: &Table) -> Self {
        let mut root = TableReader::root(problems, table);
        let workspace = root.table("workspace");
        let has_members = workspace.as_ref().is_some_and(|workspace| workspace.holds("members"));
        let packages = root.tables("packages");
        let groups = root.tables("groups");
        let dependents = DependentsConfig::read(root.table("dependents"));
        let commits = CommitsConfig::read(root.table("commits"));
        let fragments = FragmentsConfig::read(root.table("fragments"));
        let changelog = ChangelogConfig::read(root.table("changelog"));
        let config = Self {
            path: path.clone(),
            text: Arc::clone(text),
            workspace: WorkspaceConfig::read(workspace),
            packages: packages.into_iter().map(|(id, t)| PackageSpec::read(&id, t, changelog.as_ref())).collect(),
            groups: groups.into_iter().filter_map(|(id, table)| GroupSpec::read(&id, table)).collect(),
            dependents,
            commits,
            fragments,
            changelog,
        };
        root.finish();
        config.check(problems, !has_members);
        config
    }

    /// Finds what is wrong between the tables; `complete` says that no packages but the declared ones will be found.
    fn check(&self, problems: &Problems<'_>, complete: bool) {
        let declared: Vec<&PackageId> = self.packages.iter().map(|package| &package.id).collect();
        let (membership, wrong) = membership(self, &declared, complete);
        problems.extend(wrong);
        problems.extend(claims::claims(self));
        let (owners, wrong) = tags::declared(self, &membership);
        problems.extend(wrong);
        problems.extend(tag_conflicts(self, &owners));
    }
}

fn no_toml(path: &RepoPath, text: &Arc<str>, error: &TomlError) -> Diagnostic {
    let end = text.len();
    let span = error.span().map_or(Span::new(end, end), Span::from);
    let diagnostic = Diagnostic::new(format!("the file is no valid TOML: {}", error.message())).at(path, text, span);
    if error.message().starts_with("duplicate key") {
        return diagnostic.help("a key, or a table, stands once; put both together");
    }
    diagnostic.help("nothing else was checked")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use serde_json::Value;
    use toml_edit::Document;

    use super::{Config, Problems, RepoPath, schema};

    /// The keys of the schema with an example of each, under the path that its document gets. A free key is `NAME` or, for the
    /// groups, the kind of the group.
    struct Keys {
        schema: Value,
        leaves: BTreeMap<String, Value>,
        all: BTreeSet<String>,
    }

    impl Keys {
        fn new() -> Self {
            let schema: Value = serde_json::from_str(schema()).unwrap();
            let mut keys = Self { schema: schema.clone(), leaves: BTreeMap::new(), all: BTreeSet::new() };
            keys.visit("", &schema);
            keys
        }

        fn visit(&mut self, path: &str, object: &Value) {
            assert_eq!(object["additionalProperties"], false, "{path} takes unknown keys");
            for (key, value) in object["properties"].as_object().unwrap() {
                let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                for word in ["title", "description"] {
                    assert!(value[word].as_str().is_some_and(|text| !text.is_empty()), "{at} has no {word}");
                }
                self.all.insert(at.clone());
                if let Some(example) = value["examples"].get(0) {
                    self.leaves.insert(at.clone(), example.clone());
                } else if let Some(free) = value["additionalProperties"]["$ref"].as_str() {
                    let below = self.definition(free);
                    self.visit(&format!("{at}.NAME"), &below);
                } else {
                    self.visit(&at, value);
                }
                if key == "manifests" {
                    let below = self.definition("#/$defs/manifest");
                    self.visit(&at, &below);
                }
            }
        }

        fn definition(&self, reference: &str) -> Value {
            self.schema.pointer(reference.trim_start_matches('#')).unwrap().clone()
        }
    }

    fn toml(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key} = {}", toml(value))).collect();
                format!("{{ {} }}", entries.join(", "))
            }
            Value::Array(values) => format!("[{}]", values.iter().map(toml).collect::<Vec<_>>().join(", ")),
            other => other.to_string(),
        }
    }

    /// A document that holds this key, and what else it needs to be right.
    fn document(path: &str, example: &Value) -> String {
        let needs = |key: &str, text: &str| if path.ends_with(key) { String::new() } else { text.to_owned() };
        if let Some(key) = path.strip_prefix("packages.NAME.manifests.") {
            let file = if key == "fields" {
                "Chart.yaml"
            } else if key == "pointer" {
                "x.json"
            } else {
                "VERSION"
            };
            let path = if key == "path" { String::new() } else { format!("path = '{file}', ") };
            return format!("packages.NAME.manifests = [{{ {path}{key} = {} }}]", toml(example));
        }
        let example = format!("{path} = {}\n", toml(example));
        match path.split('.').next() {
            Some("packages") => needs(".path", "packages.NAME.path = 'a'\n") + &example,
            Some("groups") => {
                let fixed = if path.ends_with(".tag") { "groups.NAME.fixed = ['*']\n" } else { "" };
                let members = "packages = { platform.path = 'a', scheduler.path = 'b' }\n";
                format!("{members}{fixed}{example}")
            }
            _ => example,
        }
    }

    #[test]
    fn every_key_of_the_schema_is_read() {
        for (path, example) in Keys::new().leaves {
            let text: Arc<str> = Arc::from(document(&path, &example));
            let parsed = Config::parse(&RepoPath::root(), &text);
            assert!(parsed.is_ok(), "{text}: {:?}", parsed.unwrap_err());
        }
    }

    #[test]
    fn every_key_that_is_read_is_in_the_schema() {
        let text: Arc<str> = Arc::from(
            "[workspace]\n[packages.NAME]\nmanifests = [{}]\n[groups.NAME]\n[dependents.kinds]\n[commits]\n[fragments]\n[changelog]",
        );
        let path = RepoPath::root();
        let problems = Problems::new(&path, &text);
        let document = Document::parse(&*text).unwrap();
        Config::read(&problems, &path, &text, document.as_table());
        let asked = problems.asked.borrow().clone();
        assert_eq!(asked, Keys::new().all);
    }

    #[test]
    fn the_schema_names_the_values_that_are_read() {
        let schema: Value = serde_json::from_str(schema()).unwrap();
        let types: Vec<&str> = crate::model::ManifestType::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(schema["$defs"]["manifest"]["properties"]["type"]["enum"], serde_json::json!(types));
        let kinds: Vec<&str> = crate::model::EdgeKind::ALL.iter().map(|kind| kind.name()).collect();
        let written = schema["properties"]["dependents"]["properties"]["kinds"]["properties"].as_object().unwrap();
        assert_eq!(written.keys().map(String::as_str).collect::<Vec<_>>(), kinds);
        let workspace = &schema["properties"]["workspace"]["properties"];
        let default = super::WorkspaceConfig::default();
        assert_eq!(workspace["tag"]["default"], default.tag);
        assert_eq!(workspace["commit-message"]["default"], default.commit_message.to_string());
        assert_eq!(workspace["tag-message"]["default"], default.tag_message.to_string());
        assert_eq!(workspace["tags-per-push"]["default"], default.tags_per_push);
    }
}
