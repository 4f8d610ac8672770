//! Images and charts: what is behind a tag, and whether it is the same image as elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::{Expected, ImageTag, What};
use super::verdict::{Finding, Verdict};
use crate::model::{ArtifactName, ChartFacts, VersionScheme};
use crate::snapshot::{ArtifactFacts, ArtifactLook, ImageLook, Look};

/// The images of a look.
pub(super) struct Images<'a> {
    /// Those that were found, with their digests.
    found: BTreeMap<&'a ArtifactName, (&'a ImageTag, &'a Expected, &'a str)>,
    /// What could not be looked at.
    unseen: BTreeSet<&'a ArtifactName>,
}

impl<'a> Images<'a> {
    pub(super) fn of(looked: &'a [(Expected, ArtifactLook)]) -> Self {
        let image = |(expected, look): &'a (Expected, ArtifactLook)| match (&expected.what, &look.found) {
            (What::Image(tag), Look::Found(ArtifactFacts::Image(Some(found)))) => {
                Some((&expected.artifact, (tag, expected, found.facts.digest.as_str())))
            }
            _ => None,
        };
        let unseen = looked.iter().filter(|(_, look)| look.found.found().is_none());
        Self {
            found: looked.iter().filter_map(image).collect(),
            unseen: unseen.map(|(expected, _)| &expected.artifact).collect(),
        }
    }

    fn digest(&self, artifact: &ArtifactName) -> Option<&'a str> {
        self.found.get(artifact).map(|(_, _, digest)| *digest)
    }

    /// Returns the name and digest of the same version's image in another registry, if it is another image there.
    fn elsewhere(&self, expected: &Expected, tag: &ImageTag, digest: &str) -> Option<(&'a ArtifactName, &'a str)> {
        let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let other = self.found.iter().find(|(_, (other, of, there))| {
            of.tag == expected.tag
                && other.follows.is_none()
                && other.name.host != tag.name.host
                && last(&other.name.path) == last(&tag.name.path)
                && *there != digest
        });
        other.map(|(artifact, (_, _, there))| (*artifact, *there))
    }
}

/// Judges a tag of an image.
pub(super) fn image_verdict(
    expected: &Expected,
    tag: &ImageTag,
    found: Option<&ImageLook>,
    images: &Images<'_>,
) -> Verdict {
    let Some(look) = found else { return Verdict::absent("the tag was not found") };
    let digest = look.facts.digest.as_str();
    if let Some(fixed) = &tag.follows {
        return moving_verdict(fixed, digest, images);
    }
    let verdict = Verdict { digest: Some(digest.to_owned()), ..Verdict::default() };
    if tag.revision {
        let Some(commit) = expected.commit.as_ref() else {
            let message = "the commit of the tag is not known, so the label cannot be compared".to_owned();
            return Verdict { finding: Finding::Unseen(message), ..verdict };
        };
        match look.revision.as_ref().and_then(Option::as_deref) {
            Some(revision) if revision == commit.as_str() => {}
            found => {
                let what = found.map_or_else(|| "is missing".to_owned(), |revision| format!("is {revision}"));
                let message = format!("the label org.opencontainers.image.revision {what}");
                let verdict = Verdict { finding: Finding::Different(message), ..verdict }.expected(commit.as_str());
                return Verdict { found: found.map(str::to_owned), ..verdict };
            }
        }
    }
    if tag.signed && look.is_signed != Some(true) {
        return Verdict { finding: Finding::Absent("the signature was not found".to_owned()), ..verdict };
    }
    if look.is_private {
        let message = "it needs a login: others cannot pull it".to_owned();
        return Verdict { finding: Finding::Remarkable(message), ..verdict };
    }
    // Who builds twice gets two images; that is worth a look, and may be meant.
    if let Some((other, there)) = images.elsewhere(expected, tag, digest) {
        let message = format!("{other} is another image ({})", short(there));
        return Verdict { finding: Finding::Remarkable(message), ..verdict };
    }
    verdict
}

/// A moving tag must lead to the image of the version, which is the highest of its line.
fn moving_verdict(fixed: &ArtifactName, digest: &str, images: &Images<'_>) -> Verdict {
    let Some(wanted) = images.digest(fixed) else {
        let finding = if images.unseen.contains(fixed) {
            Finding::Unseen(format!("{fixed}, which it is compared with, could not be looked at"))
        } else {
            Finding::Absent(format!("{fixed} has no image to compare it with"))
        };
        return Verdict::of(finding).found(digest).digest(digest);
    };
    if wanted == digest {
        return Verdict::right().digest(digest);
    }
    let message = format!("leads to {}, and {fixed} to {}", short(digest), short(wanted));
    Verdict::of(Finding::Different(message)).expected(wanted).found(digest).digest(digest)
}

/// Enough of a digest to tell it from another one.
fn short(digest: &str) -> &str {
    let end = digest.find(':').map_or(12, |colon| colon + 13);
    digest.get(..end).unwrap_or(digest)
}

/// Judges a chart: its version, and that of the application in it.
pub(super) fn chart_verdict(expected: &Expected, tag: &str, found: Option<&ChartFacts>) -> Verdict {
    let Some(chart) = found else { return Verdict::absent(format!("the tag {tag} was not found")) };
    let is_it = |text: &str| {
        let text = text.strip_prefix('v').unwrap_or(text);
        VersionScheme::Semver.parse_lenient(text).is_ok_and(|version| version == expected.version)
    };
    let wanted = |verdict: Verdict| verdict.expected(expected.text.as_str()).digest(&chart.digest);
    if !is_it(&chart.version) {
        return wanted(
            Verdict::different(format!("the version of the chart is {}", chart.version)).found(&chart.version),
        );
    }
    match &chart.app_version {
        Some(app) if !is_it(app) => wanted(Verdict::different(format!("its appVersion is {app}")).found(app)),
        _ => Verdict::right().digest(&chart.digest),
    }
}
