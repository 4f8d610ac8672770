//! [`Pin`]: the places of a pinned release, bound to bytes.

use std::collections::BTreeMap;

use super::source::SourceFile;
use crate::config::{EntryKind, PinContent, PinPlaceSpec, PinSpec, PinText};
use crate::manifest::requirement::{RequirementError, exact_version, widen_to_admit};
use crate::manifest::{Locator, RequirementSyntax, Scalar};
use crate::model::{Diagnostic, ProblemCode, RegistryName, RepoPath, Version, VersionScheme};

/// A release of another repository, and where it is written in this one.
#[derive(Clone, Debug)]
pub struct Pin {
    /// What relman.toml says of it.
    pub spec: PinSpec,
    /// Every place, in the order of relman.toml, or why it was not found.
    pub places: Vec<Result<PinSlot, Diagnostic>>,
}

/// One place of a pinned release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinSlot {
    /// The file.
    pub file: RepoPath,
    /// The bytes.
    pub scalar: Scalar,
    /// The version that the place holds.
    pub version: Version,
    /// The tag, where the place holds that.
    tag: Option<String>,
    kind: SlotKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum SlotKind {
    /// A text with the tag or the version; whether a `v` before the bytes belongs to it.
    Text {
        text: PinText,
        scheme: VersionScheme,
        has_v: bool,
    },
    Requirement(RequirementSyntax),
}

impl Pin {
    /// Returns the version that is pinned: that of the first place that was found.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.slots().next().map(|slot| &slot.version)
    }

    /// Returns the tag that is pinned.
    #[must_use]
    pub fn tag(&self) -> Option<String> {
        let version = self.version()?;
        let written = self.slots().find_map(|slot| slot.tag.as_ref().filter(|_| slot.version == *version));
        written.cloned().or_else(|| self.spec.tag_of(version))
    }

    /// Returns the places that were found.
    pub fn slots(&self) -> impl Iterator<Item = &PinSlot> {
        self.places.iter().filter_map(|place| place.as_ref().ok())
    }

    /// Returns `true` if every place was found, and all hold one version.
    #[must_use]
    pub fn in_sync(&self) -> bool {
        self.places.iter().all(|place| place.as_ref().is_ok_and(|slot| Some(&slot.version) == self.version()))
    }
}

impl PinSlot {
    /// Returns what the bytes become for another release.
    ///
    /// # Errors
    /// Returns an error if the place has no words for the version.
    pub fn written(&self, tag: &str, version: &Version) -> Result<String, RequirementError> {
        match &self.kind {
            SlotKind::Requirement(notation) => widen_to_admit(*notation, &self.scalar.text, version),
            SlotKind::Text { text, scheme, has_v } => {
                let value = if text.is_tag { tag.to_owned() } else { scheme.render(version)? };
                let written = text.write(&value);
                Ok(if *has_v { written.get(1..).unwrap_or("").to_owned() } else { written })
            }
        }
    }
}

/// Returns how a place of a pin is found in its file.
#[must_use]
pub fn pin_locator(place: &PinPlaceSpec) -> Locator {
    let scheme = place.entry.scheme.unwrap_or(VersionScheme::Semver);
    match &place.entry.kind {
        EntryKind::Known(kind) => Locator::Known(*kind),
        EntryKind::Pointer(kind, pointer) => Locator::Pointer(*kind, pointer.clone()),
        EntryKind::Search(pattern) => Locator::Search(pattern.clone(), scheme),
        EntryKind::Plugin(name) => Locator::Plugin(name.clone()),
    }
}

/// Binds a pin to the bytes of its places. `paths` are the files of its places, or why one has none.
#[must_use]
pub fn bind_pin(
    spec: &PinSpec,
    paths: Vec<Result<RepoPath, Diagnostic>>,
    files: &BTreeMap<RepoPath, SourceFile>,
) -> Pin {
    let places = spec.places.iter().zip(paths).flat_map(|(place, path)| {
        let bound = path.and_then(|path| match files.get(&path) {
            Some(file) => slots(spec, place, file),
            None => Err(Diagnostic::new(ProblemCode::Missing, format!("{path} was not read")).in_file(&path)),
        });
        match bound {
            Ok(slots) => slots,
            Err(problem) => vec![Err(problem)],
        }
    });
    Pin { spec: spec.clone(), places: places.collect() }
}

type Slots = Vec<Result<PinSlot, Diagnostic>>;

fn slots(spec: &PinSpec, place: &PinPlaceSpec, file: &SourceFile) -> Result<Slots, Diagnostic> {
    let locator = pin_locator(place);
    let Some(found) = file.found(&locator) else {
        let fault = file.faults(&locator).into_iter().next();
        return Err(fault.unwrap_or_else(|| Diagnostic::new(ProblemCode::Manifest, "not read").in_file(&file.path)));
    };
    let lost = |message: String| Diagnostic::new(ProblemCode::Manifest, message).in_file(&file.path);
    match &place.content {
        PinContent::Text(text) => {
            let scheme = place.entry.scheme.unwrap_or(VersionScheme::Semver);
            let slots = found.versions.iter().map(|place| text_slot(spec, text, scheme, file, &place.scalar));
            let slots: Slots = slots.collect();
            if slots.is_empty() {
                Err(lost(format!("{} does not hold the pin `{}`", file.path, spec.name)))
            } else {
                Ok(slots)
            }
        }
        PinContent::Requirement(name) => {
            let is_meant = |on: &RegistryName| *on == RegistryName::new(on.ecosystem, name);
            let places = found.requirements.iter().filter(|place| is_meant(&place.on));
            let slots: Slots =
                places.map(|place| requirement_slot(spec, place.notation, file, &place.scalar)).collect();
            let message = || format!("{} does not require `{name}`, which the pin `{}` names", file.path, spec.name);
            if slots.is_empty() { Err(lost(message())) } else { Ok(slots) }
        }
    }
}

fn text_slot(
    spec: &PinSpec,
    text: &PinText,
    scheme: VersionScheme,
    file: &SourceFile,
    scalar: &Scalar,
) -> Result<PinSlot, Diagnostic> {
    let read = |written: &str, has_v: bool| {
        let value = text.value_in(written)?;
        let of_text = || scheme.parse(value).or_else(|_| scheme.other().parse(value)).ok();
        let version = if text.is_tag { spec.version_of(value) } else { of_text() }?;
        Some((version, text.is_tag.then(|| value.to_owned()), has_v))
    };
    // Formats leave a `v` before a number out of the value; it may belong to the tag.
    let before = file.text.get(..scalar.span.start).and_then(|before| before.chars().next_back());
    let v = before.filter(|c| matches!(c, 'v' | 'V')).map(|v| format!("{v}{}", scalar.text));
    let with_v = || v.as_deref().and_then(|text| read(text, true));
    let found = read(&scalar.text, false).or_else(with_v);
    let Some((version, tag, has_v)) = found else {
        let what = if text.is_tag { "tag" } else { "version" };
        let message = format!("`{}` is not a {what} of the pin `{}`", v.as_deref().unwrap_or(&scalar.text), spec.name);
        let sample = Version::stable(vec![1, 2, 3]);
        let value = if text.is_tag { spec.tag_of(&sample) } else { scheme.render(&sample).ok() };
        let example = text.write(&value.unwrap_or_default());
        return Err(Diagnostic::new(ProblemCode::Version, message)
            .at(&file.path, &file.text, scalar.span)
            .help(format!("expected a {what} such as {example}")));
    };
    let kind = SlotKind::Text { text: text.clone(), scheme, has_v };
    Ok(PinSlot { file: file.path.clone(), scalar: scalar.clone(), version, tag, kind })
}

fn requirement_slot(
    spec: &PinSpec,
    notation: RequirementSyntax,
    file: &SourceFile,
    scalar: &Scalar,
) -> Result<PinSlot, Diagnostic> {
    let Some(version) = exact_version(notation, &scalar.text) else {
        let message = format!("`{}` does not pin one version, as the pin `{}` needs", scalar.text, spec.name);
        return Err(Diagnostic::new(ProblemCode::Requirement, message)
            .at(&file.path, &file.text, scalar.span)
            .help("write an exact requirement"));
    };
    let kind = SlotKind::Requirement(notation);
    Ok(PinSlot { file: file.path.clone(), scalar: scalar.clone(), version, tag: None, kind })
}
