//! [`ArtifactText`]: the name of an artifact in relman.toml.

use std::fmt;

use super::problems::Problems;
use super::reader::TableReader;
use super::release_text::line;
use super::{ReleaseText, Spanned};
use crate::model::{ArtifactKind, ArtifactName, choices, did_you_mean};

/// The kinds of what a command can make. The others are relman's own work.
const MADE: [ArtifactKind; 7] = [
    ArtifactKind::Image,
    ArtifactKind::Chart,
    ArtifactKind::Pypi,
    ArtifactKind::Npm,
    ArtifactKind::Crate,
    ArtifactKind::Url,
    ArtifactKind::Run,
];

/// The name of an artifact, with placeholders for what is released: `crate:{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactText {
    /// Its kind.
    pub kind: ArtifactKind,
    /// What is written after the colon.
    pub name: ReleaseText,
}

impl fmt::Display for ArtifactText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.name)
    }
}

/// Reads the key `makes`: the artifacts of a command.
pub(super) fn read_makes(reader: &mut TableReader<'_>) -> Vec<ArtifactText> {
    let texts = reader.strings("makes").map_or(Vec::new(), |texts| texts.value);
    let problems = reader.problems();
    let read = |text: &Spanned<String>| {
        let artifact = split(problems, text, &MADE)?;
        let name = line(problems, "makes", &text.with(artifact.name), &[])?;
        Some(ArtifactText { kind: artifact.kind, name })
    };
    texts.iter().filter_map(read).collect()
}

/// Reads a key whose value is the name of an artifact of one of these kinds.
pub(super) fn read_artifact(
    reader: &mut TableReader<'_>,
    key: &'static str,
    kinds: &[ArtifactKind],
) -> Option<Spanned<ArtifactName>> {
    let text = reader.string(key)?;
    split(reader.problems(), &text, kinds).map(|artifact| text.with(artifact))
}

/// Splits `KIND:NAME`; a name that is not one of an artifact of these kinds is reported.
fn split(problems: &Problems<'_>, text: &Spanned<String>, kinds: &[ArtifactKind]) -> Option<ArtifactName> {
    let known: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let form = || format!("write KIND:NAME, as in `image:ghcr.io/owner/name`, with {}", choices(&known));
    let (message, help) = match text.value.split_once(':') {
        Some((kind, name)) => match ArtifactKind::named(kind).filter(|kind| kinds.contains(kind)) {
            Some(kind) if !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control()) => {
                return Some(ArtifactName::new(kind, name));
            }
            Some(_) => (format!("{:?} is not a valid artifact", text.value), form()),
            None if ArtifactKind::named(kind).is_some() => {
                (format!("an artifact of the kind `{kind}` cannot be named here"), form())
            }
            None => (format!("unknown kind of artifact `{kind}`"), did_you_mean(kind, &known, form)),
        },
        None => (format!("`{}` names an artifact without its kind", text.value), form()),
    };
    problems.add(text.span, message, help);
    None
}
