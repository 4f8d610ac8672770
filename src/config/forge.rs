//! [`ForgeConfig`]: the table `[forge]`, where issues, requests and releases are.

use super::names::is_variable;
use super::reader::{Element, TableReader};
use super::web_url::read_url;
use super::{Spanned, WebUrl};
use crate::model::{ForgeKind, is_branch_name};

const KINDS: [(&str, ForgeKind); 2] = [("github", ForgeKind::Github), ("gitlab", ForgeKind::Gitlab)];

/// Where issues, requests and releases are; what is `None` is found through the remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeConfig {
    /// The kind of the forge.
    pub kind: Option<ForgeKind>,
    /// The repository: owner and name, or groups and name.
    pub repository: Option<String>,
    /// The address for people.
    pub url: Option<WebUrl>,
    /// The address of the API.
    pub api: Option<WebUrl>,
    /// The remote of the repository that releases.
    pub remote: String,
    /// The variables of CI that must exist.
    pub ci_variables: Vec<WantedVariable>,
}

/// A variable of CI that must exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedVariable {
    /// The name.
    pub name: String,
    /// Whether it must be masked; `None` if that does not matter.
    pub masked: Option<bool>,
    /// Whether it must be protected; `None` if that does not matter.
    pub protected: Option<bool>,
}

impl Default for ForgeConfig {
    fn default() -> Self {
        Self {
            kind: None,
            repository: None,
            url: None,
            api: None,
            remote: "origin".to_owned(),
            ci_variables: Vec::new(),
        }
    }
}

impl ForgeConfig {
    /// Reads the table.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Option<Self> {
        let mut reader = reader?;
        let default = Self::default();
        let kind = reader.one_of("kind", &KINDS).map(|kind| kind.value);
        let forge = Self {
            kind,
            repository: repository(&mut reader, kind),
            url: read_url(&mut reader, "url"),
            api: read_url(&mut reader, "api"),
            remote: remote(&mut reader).unwrap_or(default.remote),
            ci_variables: ci_variables(&mut reader),
        };
        reader.finish();
        Some(forge)
    }
}

fn repository(reader: &mut TableReader<'_>, kind: Option<ForgeKind>) -> Option<String> {
    let text = reader.string("repository")?;
    let parts: Vec<&str> = text.value.split('/').collect();
    let is_part = |part: &&str| {
        let is_plain = part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_+".contains(&b));
        is_plain && part.bytes().any(|b| b != b'.')
    };
    let (message, help) = if parts.len() < 2 || !parts.iter().all(is_part) {
        let message = format!("`{}` is not a valid repository", text.value);
        (message, "write its path without the host, as in \"owner/name\" or \"group/sub/project\"")
    } else if text.value.ends_with(".git") {
        (format!("`{}` ends in `.git`", text.value), "write it as the forge shows it, without `.git`")
    } else if kind == Some(ForgeKind::Github) && parts.len() != 2 {
        (format!("`{}` is not a valid repository of GitHub", text.value), "write \"owner/name\"")
    } else {
        return Some(text.value);
    };
    reader.problems().add(text.span, message, help);
    None
}

fn remote(reader: &mut TableReader<'_>) -> Option<String> {
    let text = reader.string("remote")?;
    if !is_branch_name(&text.value) {
        let message = format!("`{}` is not a valid name of a remote", text.value);
        reader.problems().add(text.span, message, "name one that `git remote` lists, as in \"origin\"");
        return None;
    }
    Some(text.value)
}

fn ci_variables(reader: &mut TableReader<'_>) -> Vec<WantedVariable> {
    let elements = reader.elements("ci-variables").map_or(Vec::new(), |elements| elements.value);
    let read = |element| match element {
        Element::Text(name) => Some(WantedVariable { name: variable(reader, name)?, masked: None, protected: None }),
        Element::Table(mut table) => {
            let name = table.string("name").and_then(|name| variable(&table, name));
            if !table.holds("name") {
                let message = "this element of `ci-variables` has no `name`";
                table.problems().add(table.span(), message, "write { name = \"...\", ... }");
            }
            let masked = table.boolean("masked").map(|masked| masked.value);
            let protected = table.boolean("protected").map(|protected| protected.value);
            table.finish();
            Some(WantedVariable { name: name?, masked, protected })
        }
    };
    elements.into_iter().filter_map(read).collect()
}

fn variable(reader: &TableReader<'_>, name: Spanned<String>) -> Option<String> {
    if !is_variable(&name.value) {
        let message = format!("`{}` is not a valid name of a variable", name.value);
        reader.problems().add(name.span, message, "a name has letters, digits and `_`, as in `GHCR_TOKEN`");
        return None;
    }
    Some(name.value)
}
