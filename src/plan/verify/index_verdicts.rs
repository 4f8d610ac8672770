//! What package indices and pages say of a version.

use serde_json::Value;

use super::expected::{Expected, PageSays};
use super::verdict::{Finding, Verdict};
use crate::model::{CrateRelease, IndexFile, IndexFileKind, NpmFacts, PageFacts, VersionScheme};
use crate::text::list_truncated;

/// How many of something a message lists.
const LISTED: usize = 4;
/// A longer answer of a page is cut in a message.
const SHOWN: usize = 80;

/// Judges the files of a Python project.
pub(super) fn python_verdict(
    expected: &Expected,
    kinds: &[IndexFileKind],
    attested: bool,
    found: Option<&[IndexFile]>,
) -> Verdict {
    let Some(files) = found else { return Verdict::absent("the project was not found") };
    let is_it = |file: &&IndexFile| {
        let version = file.version.as_deref().and_then(|text| VersionScheme::Pep440.parse_lenient(text).ok());
        version.as_ref() == Some(&expected.version)
    };
    let of_version: Vec<&IndexFile> = files.iter().filter(is_it).collect();
    if of_version.is_empty() {
        return Verdict::absent(format!("no file of {} was found", expected.text));
    }
    let names: Vec<&str> = of_version.iter().map(|file| file.name.as_str()).collect();
    let verdict = Verdict::right().found(list_truncated(&names, LISTED));
    let yanked: Vec<&str> = of_version.iter().filter(|file| file.is_yanked).map(|file| file.name.as_str()).collect();
    if !yanked.is_empty() {
        let message = format!("yanked: {}", list_truncated(&yanked, LISTED));
        return Verdict { finding: Finding::Different(message), ..verdict };
    }
    let missing: Vec<String> = kinds
        .iter()
        .filter(|kind| of_version.iter().all(|file| file.kind != **kind))
        .map(|kind| format!("{} was not found", kind_name(*kind)))
        .collect();
    if !missing.is_empty() {
        return Verdict { finding: Finding::Absent(missing.join(", ")), ..verdict };
    }
    let bare: Vec<&str> = of_version.iter().filter(|file| !file.is_attested).map(|file| file.name.as_str()).collect();
    if attested && !bare.is_empty() {
        let message = format!("no attestation was found of {}", list_truncated(&bare, LISTED));
        return Verdict { finding: Finding::Absent(message), ..verdict };
    }
    verdict
}

/// Judges a package of npm: the version is there, and `latest` is not a prerelease.
pub(super) fn npm_verdict(expected: &Expected, found: Option<&NpmFacts>) -> Verdict {
    let Some(facts) = found else { return Verdict::absent("the package was not found") };
    let read = |text: &str| VersionScheme::Semver.parse_lenient(text).ok();
    let is_it = |text: &&String| read(text).as_ref() == Some(&expected.version);
    let Some(version) = facts.versions.iter().find(is_it) else {
        return Verdict::absent(format!("the version {} was not found", expected.text));
    };
    let latest = facts.dist_tags.get("latest");
    if let Some(latest) = latest.filter(|latest| read(latest).is_some_and(|version| version.is_prerelease())) {
        // Without a final the registry itself made the first prerelease `latest`; a later one took it.
        let has_final = facts.versions.iter().any(|text| read(text).is_some_and(|version| !version.is_prerelease()));
        if has_final || (latest == version && facts.versions.len() > 1) {
            let message = format!("the dist-tag latest is at the prerelease {latest}");
            let help =
                "publish prereleases with `--tag`; `npm dist-tag add NAME@VERSION latest` sets it right".to_owned();
            let verdict = Verdict::different(message).found(latest.as_str());
            return Verdict { help: Some(help), ..verdict };
        }
    }
    if facts.deprecated.contains(version) {
        return Verdict::of(Finding::Remarkable("it is deprecated".to_owned())).found(version.as_str());
    }
    Verdict::right().found(version.as_str())
}

/// Judges a crate: the version is there, and not yanked.
pub(super) fn crate_verdict(expected: &Expected, found: Option<&[CrateRelease]>) -> Verdict {
    let Some(releases) = found else { return Verdict::absent("the crate was not found") };
    let is_it = |release: &&CrateRelease| {
        VersionScheme::Semver.parse_lenient(&release.version).is_ok_and(|version| version == expected.version)
    };
    match releases.iter().find(is_it) {
        None => Verdict::absent(format!("the version {} was not found", expected.text)),
        Some(release) if release.is_yanked => Verdict::different("it is yanked").found(release.version.as_str()),
        Some(release) => Verdict::right().found(release.version.as_str()),
    }
}

/// Judges a page by what it says.
pub(super) fn page_verdict(expected: &Expected, says: &PageSays, page: &PageFacts) -> Verdict {
    if page.status != 200 {
        return Verdict::absent(format!("the page answers with status {}", page.status)).found(page.status.to_string());
    }
    let text = String::from_utf8_lossy(&page.body);
    match says {
        PageSays::Anything => Verdict::right(),
        PageSays::Text(wanted) if text.contains(wanted.as_str()) => Verdict::right().expected(wanted.as_str()),
        PageSays::Text(wanted) => Verdict::absent("the page does not contain it").expected(wanted.as_str()),
        PageSays::Version(pointer) => version_verdict(expected, pointer, &text),
    }
}

/// Judges the version that a JSON document says, in whatever spelling.
fn version_verdict(expected: &Expected, pointer: &str, text: &str) -> Verdict {
    let wanted = |verdict: Verdict| verdict.expected(expected.text.as_str());
    let Ok(document) = serde_json::from_str::<Value>(text) else {
        return wanted(Verdict::absent("the page is not JSON")).found(start(text));
    };
    let Some(value) = document.pointer(pointer) else {
        return wanted(Verdict::absent(format!("{pointer} was not found in it")));
    };
    let found = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let plain = found.strip_prefix('v').unwrap_or(&found);
    let schemes = [VersionScheme::Semver, VersionScheme::Pep440];
    let is_it = found == expected.text
        || schemes.iter().any(|scheme| scheme.parse(plain).is_ok_and(|version| version == expected.version));
    let verdict = if is_it { Verdict::right() } else { Verdict::absent(format!("{pointer} is {}", start(&found))) };
    wanted(verdict).found(found)
}

fn kind_name(kind: IndexFileKind) -> &'static str {
    match kind {
        IndexFileKind::Sdist => "the sdist",
        IndexFileKind::Wheel => "a wheel",
        IndexFileKind::Other => "another file",
    }
}

/// The start of a text, on one line.
fn start(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(SHOWN).collect()
}
