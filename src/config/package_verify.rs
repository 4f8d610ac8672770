//! [`PackageVerify`]: the table `[packages.NAME.verify]`, what is looked at after a release of a package.

use super::artifact_text::read_artifact;
use super::named_tables::read_named_tables;
use super::own_command::kept_variables;
use super::reader::TableReader;
use super::{OwnCommand, ReleaseText, Spanned, TextWord, WantedArtifacts};
use crate::model::{ArtifactKind, ArtifactName, did_you_mean};

/// The kinds of artifacts that have a digest.
const WITH_DIGEST: [ArtifactKind; 2] = [ArtifactKind::Image, ArtifactKind::Chart];

/// What is looked at after a release of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageVerify {
    /// What its registries must hold.
    pub artifacts: WantedArtifacts,
    /// Commands that must succeed, in the order of the file.
    pub runs: Vec<VerifyRun>,
    /// Whether its forge release is looked at.
    pub release: bool,
    /// Whether its tag on the remote is looked at.
    pub tag: bool,
    /// Whether the pipeline of its tag is looked at.
    pub pipeline: bool,
    /// Whether its milestone is looked at.
    pub milestone: bool,
}

/// A command that looks at what was released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyRun {
    /// The name of the entry.
    pub name: String,
    /// What is run.
    pub command: OwnCommand,
    /// The image or chart that it is about, whose digest its texts may use.
    pub of: Option<ArtifactName>,
}

impl Default for PackageVerify {
    fn default() -> Self {
        Self {
            artifacts: WantedArtifacts::default(),
            runs: Vec::new(),
            release: true,
            tag: true,
            pipeline: true,
            milestone: true,
        }
    }
}

impl PackageVerify {
    /// Reads the key `verify` of a package.
    pub(super) fn of_package(reader: &mut TableReader<'_>) -> Option<Self> {
        let mut table = reader.table("verify")?;
        let artifacts = WantedArtifacts::read_keys(&mut table);
        let runs = runs(&mut table, &artifacts);
        let mut flag = |key| table.boolean(key).is_none_or(|flag| flag.value);
        let (release, tag) = (flag("release"), flag("tag"));
        let (pipeline, milestone) = (flag("pipeline"), flag("milestone"));
        table.finish();
        Some(Self { artifacts, runs, release, tag, pipeline, milestone })
    }

    /// Returns every text of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &ReleaseText> {
        self.artifacts.texts().chain(self.runs.iter().flat_map(|run| run.command.texts()))
    }
}

fn runs(reader: &mut TableReader<'_>, artifacts: &WantedArtifacts) -> Vec<VerifyRun> {
    let form = "{ name = \"signature\", run = [\"cosign\", \"verify\", \"...\"], of = \"image:...\" }";
    let read = |(name, mut table): (String, TableReader<'_>)| {
        let env = kept_variables(&mut table);
        let command = OwnCommand::read_keys(&mut table, TextWord::OF_LOOKS, env);
        let of = read_artifact(&mut table, "of", &WITH_DIGEST);
        check_of(&table, artifacts, command.as_ref(), of.as_ref());
        table.finish();
        Some(VerifyRun { name, command: command?, of: of.map(|of| of.value) })
    };
    read_named_tables(reader, "run", form).into_iter().filter_map(read).collect()
}

fn check_of(
    table: &TableReader<'_>,
    artifacts: &WantedArtifacts,
    command: Option<&OwnCommand>,
    of: Option<&Spanned<ArtifactName>>,
) {
    let digest = command.and_then(|command| command.texts().find(|text| text.uses(TextWord::Digest)));
    if let Some(text) = digest.filter(|_| !table.holds("of")) {
        let help = "add the image or the chart, as in of = \"image:ghcr.io/owner/api\"";
        table.problems().add(text.span(), "`{digest}` needs `of`", help);
    }
    let Some(of) = of else { return };
    let images = artifacts.images.iter().map(|image| ArtifactName::new(ArtifactKind::Image, &image.name));
    let charts = artifacts.charts.iter().map(|chart| ArtifactName::new(ArtifactKind::Chart, &chart.name));
    let listed: Vec<String> = images.chain(charts).map(|artifact| artifact.to_string()).collect();
    let name = of.value.to_string();
    if !listed.contains(&name) {
        let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        let help = did_you_mean(&name, &listed, || "list it under `images` or `charts` of the same table".to_owned());
        table.problems().add(of.span, format!("`of` names `{name}`, which is not listed"), help);
    }
}
