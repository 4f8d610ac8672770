//! [`VerifyConfig`]: the table `[verify]`, how a release is looked at afterwards.

use std::time::Duration;

use super::artifact_text::read_artifact;
use super::duration::read_duration;
use super::named_tables::read_tables;
use super::own_command::kept_variables;
use super::reader::{Node, TableReader};
use super::web_url::read_url;
use super::{OwnCommand, ReleaseText, Spanned, TextWord, WebUrl};
use crate::model::{ArtifactKind, ArtifactName, Version, VersionScheme};

/// An acceptance, for help.
const ACCEPTANCE: &str = "{ artifact = \"image:...\", version = \"...\", why = \"...\" }";

/// How a release is looked at afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyConfig {
    /// How long what is not there yet is waited for; zero: one look.
    pub wait: Duration,
    /// Where artifacts are asked for, as far as it is written.
    pub registries: RegistryUrls,
    /// What is known to be wrong, and accepted.
    pub accept: Vec<Acceptance>,
    /// The command that announces a release, which gets the text on standard input.
    pub announce: Option<OwnCommand>,
}

/// Where artifacts are asked for; what is `None` is found as the ecosystem's own client finds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryUrls {
    /// The simple index of Python packages.
    pub pypi: Option<WebUrl>,
    /// The npm registry.
    pub npm: Option<WebUrl>,
    /// The sparse index of crates, without `sparse+`.
    pub crates: Option<WebUrl>,
    /// Other addresses for hosts of image names.
    pub oci: Vec<(String, WebUrl)>,
}

/// An artifact that is known to be wrong in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The artifact.
    pub artifact: ArtifactName,
    /// The version, compared by value.
    pub version: Version,
    /// The reason.
    pub why: String,
}

impl VerifyConfig {
    /// Reads the table.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Option<Self> {
        let mut reader = reader?;
        let verify = Self {
            wait: read_duration(&mut reader, "wait").map_or(Duration::ZERO, |wait| wait.value),
            registries: registries(&mut reader),
            accept: accept(&mut reader),
            announce: announce(&mut reader),
        };
        reader.finish();
        Some(verify)
    }

    /// Returns every text of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        self.announce.iter().flat_map(OwnCommand::texts)
    }
}

fn announce(reader: &mut TableReader<'_>) -> Option<OwnCommand> {
    let node = reader.node("announce")?;
    if let Node::Table(mut table) = node {
        let env = kept_variables(&mut table);
        let command = OwnCommand::read_or_plugin(&mut table, TextWord::OF_COMMANDS, env);
        table.finish();
        return command;
    }
    let name = Spanned::new("announce".to_owned(), node.span());
    OwnCommand::read(&name, node, reader.problems())
}

fn registries(reader: &mut TableReader<'_>) -> RegistryUrls {
    let Some(mut table) = reader.table("registries") else { return RegistryUrls::default() };
    let urls = RegistryUrls {
        pypi: read_url(&mut table, "pypi"),
        npm: read_url(&mut table, "npm"),
        crates: crates(&mut table),
        oci: oci(&mut table),
    };
    table.finish();
    urls
}

/// Cargo marks the sparse protocol before the address; the other one is a git repository.
fn crates(table: &mut TableReader<'_>) -> Option<WebUrl> {
    let text = table.string("crates")?;
    let (message, help) = match text.value.strip_prefix("sparse+").map(WebUrl::new) {
        Some(Ok(url)) => return Some(url),
        Some(Err(error)) => (format!("`crates` is not a valid address: {error}"), error.help()),
        None => (
            "`crates` is not the address of a sparse index".to_owned(),
            "write it as cargo does, as in \"sparse+https://crates.example.com/index/\"",
        ),
    };
    table.problems().add(text.span, message, help);
    None
}

fn oci(table: &mut TableReader<'_>) -> Vec<(String, WebUrl)> {
    let entries = table.texts("oci").unwrap_or_default();
    let problems = table.problems();
    let read = |(host, text): (Spanned<String>, Spanned<String>)| {
        if host.value.contains('/') || WebUrl::new(&format!("https://{}", host.value)).is_err() {
            let message = format!("`{}` is not the host of a registry", host.value);
            problems.add(host.span, message, "write the part of image names before the first `/`, as in \"ghcr.io\"");
        }
        let url = WebUrl::new(&text.value);
        url.map_err(|error| problems.add(text.span, format!("`oci` is not a valid address: {error}"), error.help()))
            .map(|url| (host.value, url))
            .ok()
    };
    entries.into_iter().filter_map(read).collect()
}

fn accept(reader: &mut TableReader<'_>) -> Vec<Acceptance> {
    let read = |mut table: TableReader<'_>| {
        let artifact = read_artifact(&mut table, "artifact", &ArtifactKind::ALL);
        let version = version(&mut table);
        let why = table.string("why").filter(|why| {
            let is_written = !why.value.trim().is_empty();
            if !is_written {
                table.problems().add(why.span, "`why` is empty", "write the reason, as in why = \"#2822\"");
            }
            is_written
        });
        for key in ["artifact", "version", "why"].into_iter().filter(|key| !table.holds(key)) {
            let message = format!("this element of `accept` has no `{key}`");
            table.problems().add(table.span(), message, format!("write {ACCEPTANCE}"));
        }
        table.finish();
        Some(Acceptance { artifact: artifact?.value, version: version?, why: why?.value })
    };
    read_tables(reader, "accept", ACCEPTANCE).into_iter().filter_map(read).collect()
}

fn version(table: &mut TableReader<'_>) -> Option<Version> {
    let text = table.string("version")?;
    let schemes = [VersionScheme::Semver, VersionScheme::Pep440];
    let version = schemes.into_iter().find_map(|scheme| scheme.parse(&text.value).ok());
    if version.is_none() {
        let message = format!("`{}` is not a valid version", text.value);
        table.problems().add(text.span, message, "write it without a prefix, as in version = \"0.3.0-alpha.3\"");
    }
    version
}
