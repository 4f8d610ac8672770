//! Spelling: the spelling of a version in a slot, in texts and in a tag.

use crate::manifest::requirement::Wanted;
use crate::model::{TagError, TagName, Unspellable, Version, VersionScheme};
use crate::workspace::{Package, RequirementSlot};

/// An explicit version, as the user typed it, and the scheme in which it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The text.
    pub(super) text: String,
    /// The scheme.
    pub(super) scheme: VersionScheme,
}

/// The next version of a package, with the spelling that the user chose.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spelled {
    /// The value.
    pub(super) version: Version,
    /// The spelling, if it was given explicitly.
    pub(super) typed: Option<Typed>,
}

impl Spelled {
    /// Returns the version with zeros behind its numbers where it has fewer than `parts` of them: `1.6` over `1.5.0` is `1.6.0`.
    pub(super) fn filled(&self, parts: usize) -> Self {
        let missing = parts.saturating_sub(self.version.release.len());
        let mut version = self.version.clone();
        version.release.resize(version.release.len() + missing, 0);
        let typed = self.typed.as_ref().map(|typed| Typed { text: filled(&typed.text, missing), ..typed.clone() });
        Self { version, typed }
    }

    /// Returns the version with this build metadata, unless it has some itself: `1.3.0` over `1.2.3+4` is `1.3.0+4`.
    pub(super) fn keeping_build(self, build: &str) -> Self {
        if self.version.build.is_some() {
            return self;
        }
        let typed = self.typed.map(|typed| Typed { text: format!("{}+{build}", typed.text), ..typed });
        Self { version: Version { build: Some(build.to_owned()), ..self.version }, typed }
    }

    /// Writes the version in a scheme: as it was typed where that was in this scheme, else in canonical spelling.
    pub(super) fn in_scheme(&self, scheme: VersionScheme) -> Result<String, Unspellable> {
        match &self.typed {
            Some(typed) if typed.scheme == scheme => Ok(typed.text.clone()),
            _ => scheme.render(&self.version),
        }
    }

    /// Returns the version as a requirement should write it. Lock files write every version in its canonical spelling.
    pub(super) fn wanted(&self, slot: &RequirementSlot) -> Wanted<'_> {
        let typed = self.typed.as_ref().filter(|_| !slot.kind.is_lock());
        Wanted { version: &self.version, typed: typed.map(|typed| (typed.text.as_str(), typed.scheme)) }
    }

    /// Writes the version for texts of a package.
    pub(super) fn in_texts(&self, package: &Package) -> Result<String, Unspellable> {
        self.in_scheme(package.scheme)
    }

    /// Writes the package's tag of the version.
    pub(super) fn tag(&self, package: &Package) -> Result<TagName, TagError> {
        let text = self.in_scheme(package.tag.scheme())?;
        package.tag.render_typed(&self.version, &text)
    }
}

/// Puts zeros behind the numbers of a version as it was typed.
fn filled(text: &str, missing: usize) -> String {
    let start = text.find('!').map_or(0, |epoch| epoch + 1);
    // `start` is behind a character of one byte.
    let numbers = text.get(start..).unwrap_or("");
    let is_number = |c: char| c.is_ascii_digit();
    // A dot belongs to the numbers where a digit follows it.
    let is_dot = |at: usize, c: char| c == '.' && numbers.get(at + 1..).is_some_and(|rest| rest.starts_with(is_number));
    let mut chars = numbers.char_indices();
    let end = chars.find(|(at, c)| !(is_number(*c) || is_dot(*at, *c))).map_or(numbers.len(), |(at, _)| at);
    let (head, tail) = text.split_at_checked(start + end).unwrap_or((text, ""));
    format!("{head}{}{tail}", ".0".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VersionScheme::{Pep440, Semver};

    #[test]
    fn a_build_stays_unless_another_one_is_requested() {
        for (text, typed, expected) in [
            ("1.3.0", false, "1.3.0+4"),
            ("1.3.0", true, "1.3.0+4"),
            ("1.3.0+5", true, "1.3.0+5"),
            ("1.3.0-dev.1", true, "1.3.0-dev.1+4"),
        ] {
            let typed = typed.then(|| Typed { text: text.to_owned(), scheme: Semver });
            let kept = Spelled { version: Semver.parse(text).unwrap(), typed }.keeping_build("4");
            assert_eq!(kept.in_scheme(Semver).unwrap(), expected);
            assert_eq!(kept.version, Semver.parse(expected).unwrap());
        }
    }

    #[test]
    fn missing_numbers_are_zeros() {
        let table = [
            (Pep440, "1.6", 3, "1.6.0"),
            (Pep440, "2", 3, "2.0.0"),
            (Pep440, "1.6rc1", 3, "1.6.0rc1"),
            (Pep440, "1.6.dev0", 3, "1.6.0.dev0"),
            (Pep440, "1!1.6", 3, "1!1.6.0"),
            (Pep440, "0.66b0.dev", 2, "0.66b0.dev"),
            (Pep440, "1.6.0", 2, "1.6.0"),
            (Semver, "1.6.0-rc.1", 3, "1.6.0-rc.1"),
        ];
        for (scheme, text, parts, expected) in table {
            let version = scheme.parse(text).unwrap();
            let typed = Some(Typed { text: text.to_owned(), scheme });
            let filled = Spelled { version: version.clone(), typed }.filled(parts);
            assert_eq!(filled.in_scheme(scheme).unwrap(), expected, "{text}");
            assert_eq!(filled.version, version, "{text}");
            assert!(filled.version.release.len() >= parts, "{text}");
        }
    }
}
