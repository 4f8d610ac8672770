//! [`Config::parse`]: from a text to a [`Config`], or to all that is wrong in it.

use std::sync::Arc;

use toml_edit::{Document, Table, TomlError};

use super::changelog::ChangelogConfig;
use super::claims::claims;
use super::dependents::DependentsConfig;
use super::forge::ForgeConfig;
use super::gates::GatesConfig;
use super::generate::Generator;
use super::group::GroupSpec;
use super::hotfix::HotfixConfig;
use super::levels::{CommitsConfig, FragmentsConfig};
use super::membership::membership;
use super::named_packages::unknown_packages;
use super::package::PackageSpec;
use super::pin::PinSpec;
use super::plugin::PluginSpec;
use super::problems::Problems;
use super::reader::TableReader;
use super::release::ReleaseConfig;
use super::relman_toml::Config;
use super::tags::{declared, tag_conflicts};
use super::verify::VerifyConfig;
use super::workspace::WorkspaceConfig;
use crate::model::{Diagnostic, PackageId, ProblemCode, RepoPath};
use crate::text::Span;

impl Config {
    /// Reads a relman.toml; `path` names it in messages.
    ///
    /// # Errors
    /// Returns everything that is wrong in it, in the order of the file; for invalid TOML or a duplicate key, only the first such place.
    pub fn parse(path: &RepoPath, text: &Arc<str>) -> Result<Self, Vec<Diagnostic>> {
        let document = Document::parse(&**text).map_err(|error| vec![no_toml(path, text, &error)])?;
        let problems = Problems::of_relman_toml(path, text);
        let config = Self::read(&problems, path, text, document.as_table());
        let wrong = problems.into_sorted();
        if wrong.is_empty() { Ok(config) } else { Err(wrong) }
    }

    pub(super) fn read(problems: &Problems<'_>, path: &RepoPath, text: &Arc<str>, table: &Table) -> Self {
        let mut root = TableReader::root(problems, table);
        // For editors; whatever it names is right.
        let _ = root.string("$schema");
        let workspace = root.table("workspace");
        let has_members = workspace.as_ref().is_some_and(|workspace| workspace.holds("members"));
        let packages = root.tables("packages");
        let groups = root.tables("groups");
        let dependents = DependentsConfig::read(root.table("dependents"));
        let commits = CommitsConfig::read(root.table("commits"));
        let fragments = FragmentsConfig::read(root.table("fragments"));
        let changelog = ChangelogConfig::read(root.table("changelog"));
        let forge = ForgeConfig::read(root.table("forge"));
        let gates = GatesConfig::read(root.table("gates"));
        let release = ReleaseConfig::read(root.table("release"));
        let verify = VerifyConfig::read(root.table("verify"));
        let hotfix = HotfixConfig::read(root.table("hotfix"), release.as_ref());
        let generate = Generator::read_all(&mut root);
        let pins = PinSpec::read_all(&mut root);
        let all = (changelog.as_ref(), release.as_ref().map(|release| &release.packages));
        let packages: Vec<PackageSpec> =
            packages.into_iter().map(|(id, t)| PackageSpec::read(&id, t, all.0, all.1)).collect();
        let runs = release.iter().flat_map(|release| &release.runs).map(|run| &run.command);
        let announces = verify.iter().filter_map(|verify| verify.announce.as_ref());
        let plugins = PluginSpec::read_all(&mut root, &packages, &runs.chain(announces).collect::<Vec<_>>());
        let config = Self {
            path: path.clone(),
            text: Arc::clone(text),
            workspace: WorkspaceConfig::read(workspace),
            packages,
            groups: groups.into_iter().filter_map(|(id, table)| GroupSpec::read(&id, table)).collect(),
            dependents,
            commits,
            fragments,
            changelog,
            forge,
            gates,
            release,
            verify,
            generate,
            hotfix,
            pins,
            plugins,
        };
        root.finish();
        config.check(problems, !has_members);
        config
    }

    /// Finds what is wrong between the tables; `complete` says that only the declared packages exist.
    fn check(&self, problems: &Problems<'_>, complete: bool) {
        let packages: Vec<&PackageId> = self.packages.iter().map(|package| &package.id).collect();
        let (membership, wrong) = membership(self, &packages, complete);
        problems.extend(wrong);
        problems.extend(if complete { unknown_packages(self, &packages) } else { Vec::new() });
        problems.extend(claims(self));
        let (owners, wrong) = declared(self, &membership);
        problems.extend(wrong);
        problems.extend(tag_conflicts(self, &owners));
    }
}

/// The one problem of a text that is not TOML.
pub(super) fn no_toml(path: &RepoPath, text: &Arc<str>, error: &TomlError) -> Diagnostic {
    let end = text.len();
    let span = error.span().map_or(Span::new(end, end), Span::from);
    let diagnostic =
        Diagnostic::new(ProblemCode::ConfigSyntax, format!("the file is not valid TOML: {}", error.message()))
            .at(path, text, span);
    if error.message().starts_with("duplicate key") {
        return diagnostic.help("a key or a table can be defined only once; merge the two");
    }
    diagnostic.help("correct this place first: nothing else was checked")
}
