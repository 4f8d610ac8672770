//! [`PluginSpec`]: a table `[plugins.NAME]`, a program that relman asks.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value};

use super::duration::read_duration;
use super::globs::read_globs;
use super::names::{check_plugin_name, is_variable};
use super::reader::TableReader;
use super::{EntryKind, ManifestEntry, NameGlob, OwnCommand, PackageSpec, Spanned};
use crate::model::{PackageId, PluginName, PluginRole};
use crate::text::Span;

/// How long an answer may take where relman.toml does not say.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The roles that relman.toml can ask for. Manifests, `[[release.run]]` and `announce` name their plugin themselves.
const ROLES: [(&str, PluginRole); 2] = [("check", PluginRole::Check), ("notes", PluginRole::Notes)];

/// A program that relman asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginSpec {
    /// Its name.
    pub name: PluginName,
    /// Where it is named.
    pub span: Span,
    /// The program and its arguments; empty: the program that [`PluginName::program`] names.
    pub command: Vec<String>,
    /// The variables of the environment that it is given beside those that every plugin gets.
    pub env: Vec<String>,
    /// How long an answer may take.
    pub timeout: Duration,
    /// What it is asked for without being named elsewhere.
    pub roles: BTreeSet<PluginRole>,
    /// The packages that it is asked about; by default all.
    pub packages: Vec<NameGlob>,
    /// What it is given with every request, as a JSON object.
    pub settings: Map<String, Value>,
}

impl PluginSpec {
    /// Reads the tables, and adds the plugins that manifests and commands name and that have none.
    pub(super) fn read_all(
        root: &mut TableReader<'_>,
        packages: &[PackageSpec],
        commands: &[&OwnCommand],
    ) -> Vec<Self> {
        let mut plugins: Vec<Self> =
            root.tables("plugins").into_iter().map(|(name, table)| Self::read(&name, table)).collect();
        let of_entry = |entry: &ManifestEntry| match &entry.kind {
            EntryKind::Plugin(name) => Some((name.clone(), entry.span)),
            EntryKind::Known(_) | EntryKind::Pointer(..) | EntryKind::Search(_) => None,
        };
        let of_manifests = packages.iter().flat_map(|package| package.manifests.iter().flatten()).filter_map(of_entry);
        let of_commands = commands.iter().filter_map(|command| command.plugin.as_ref());
        for (name, span) in of_manifests.chain(of_commands.map(|name| (name.value.clone(), name.span))) {
            if plugins.iter().all(|plugin| plugin.name != name) {
                plugins.push(Self::named(name, span));
            }
        }
        plugins
    }

    /// Returns a plugin without a table: the program of its name.
    fn named(name: PluginName, span: Span) -> Self {
        Self {
            name,
            span,
            command: Vec::new(),
            env: Vec::new(),
            timeout: TIMEOUT,
            roles: BTreeSet::new(),
            packages: Vec::new(),
            settings: Map::new(),
        }
    }

    fn read(name: &Spanned<String>, mut reader: TableReader<'_>) -> Self {
        check_plugin_name(&reader, name);
        let known = Self::named(PluginName::new(name.value.as_str()), name.span);
        let plugin = Self {
            command: command(&mut reader),
            env: env(&mut reader),
            timeout: read_duration(&mut reader, "timeout").map_or(TIMEOUT, |timeout| timeout.value),
            roles: roles(&mut reader),
            packages: read_globs(&mut reader, "packages", NameGlob::of_names).map_or(Vec::new(), |globs| globs.value),
            settings: reader.json("settings"),
            ..known
        };
        reader.finish();
        plugin
    }

    /// Returns `true` if it is asked about this package.
    #[must_use]
    pub fn is_about(&self, package: &PackageId) -> bool {
        self.packages.is_empty() || self.packages.iter().any(|glob| glob.matcher().is_match(package.as_str()))
    }
}

fn command(reader: &mut TableReader<'_>) -> Vec<String> {
    let Some(words) = reader.strings("command") else { return Vec::new() };
    if words.value.first().is_none_or(|program| program.value.is_empty()) {
        let help =
            "write the program and its arguments, as in [\"python3\", \"plugins/gradle/gradle.py\"], or leave it out";
        reader.problems().add(words.span, "`command` names no program", help);
    }
    for word in words.value.iter().filter(|word| word.value.contains('\0')) {
        reader.problems().add(word.span, "`command` holds a null character", "remove it");
    }
    words.value.into_iter().map(|word| word.value).collect()
}

fn env(reader: &mut TableReader<'_>) -> Vec<String> {
    let names = reader.strings("env").map_or(Vec::new(), |names| names.value);
    for name in names.iter().filter(|name| !is_variable(&name.value)) {
        let message = format!("`{}` is not a valid name of a variable", name.value);
        reader.problems().add(name.span, message, "write env = [\"NAME\"]");
    }
    names.into_iter().map(|name| name.value).collect()
}

fn roles(reader: &mut TableReader<'_>) -> BTreeSet<PluginRole> {
    let names = reader.strings("roles").map_or(Vec::new(), |names| names.value);
    names.iter().filter_map(|name| reader.chosen("roles", name, &ROLES)).collect()
}
