//! [`TagTemplate`]: the grammar by which tags are both written and recognised.

use crate::model::scheme::{Unspellable, VersionScheme};
use crate::model::tag_language;
use crate::model::tag_name::{TagName, is_ref_name};
use crate::model::version::Version;

/// A tag template with its `{name}` filled in, for one package and one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagTemplate {
    parts: Vec<Part>,
    scheme: VersionScheme,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Version,
    Number(usize),
}

/// Why a text is not a valid tag template, or a version has no tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// A placeholder that tag templates do not have.
    #[error(
        "unknown placeholder `{{{0}}}` in a tag template; expected {{name}}, {{version}}, {{major}}, {{minor}} or {{patch}}"
    )]
    UnknownPlaceholder(String),
    /// A brace without its partner.
    #[error("`{{{0}` has no closing brace")]
    Unclosed(String),
    /// Neither the version nor all of its three numbers.
    #[error("a tag needs {{version}} once, or {{major}}, {{minor}} and {{patch}} once each")]
    NoVersion,
    /// Two numbers without a text between them cannot be told apart.
    #[error("two numbers in a tag need a text between them that is not a digit")]
    Ambiguous,
    /// Git would refuse the name.
    #[error("git does not accept `{0}` as a tag name")]
    NotAllowed(String),
    /// Three numbers cannot carry a prerelease, or a fourth number.
    #[error("{{major}}, {{minor}} and {{patch}} alone cannot carry the version {0}; use {{version}}")]
    Prerelease(String),
    /// The tag's scheme cannot spell the version.
    #[error(transparent)]
    Unspellable(#[from] Unspellable),
}

impl TagTemplate {
    /// Reads a template such as `{name}-v{version}` for the package `name`.
    ///
    /// # Errors
    /// Returns an error if a placeholder is unknown, the version is missing or ambiguous, or git would not accept the tag.
    pub fn new(template: &str, name: &str, scheme: VersionScheme) -> Result<Self, TagError> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((head, tail)) = rest.split_once('{') {
            push_literal(&mut parts, head);
            let (key, tail) = tail.split_once('}').ok_or_else(|| TagError::Unclosed(tail.to_owned()))?;
            match key {
                "name" => push_literal(&mut parts, name),
                "version" => parts.push(Part::Version),
                "major" => parts.push(Part::Number(0)),
                "minor" => parts.push(Part::Number(1)),
                "patch" => parts.push(Part::Number(2)),
                other => return Err(TagError::UnknownPlaceholder(other.to_owned())),
            }
            rest = tail;
        }
        push_literal(&mut parts, rest);
        let template = Self { parts, scheme };
        template.validate()?;
        Ok(template)
    }

    fn validate(&self) -> Result<(), TagError> {
        let mut placeholders: Vec<Option<usize>> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(_) => None,
                Part::Version => Some(None),
                Part::Number(n) => Some(Some(*n)),
            })
            .collect();
        placeholders.sort_unstable();
        if placeholders != [None] && placeholders != [Some(0), Some(1), Some(2)] {
            return Err(TagError::NoVersion);
        }
        let separated =
            |part: &Part| matches!(part, Part::Literal(text) if !text.starts_with(|c: char| c.is_ascii_digit()));
        for (a, b) in self.parts.iter().zip(self.parts.iter().skip(1)) {
            if matches!(a, Part::Number(_)) && !separated(b) {
                return Err(TagError::Ambiguous);
            }
        }
        let sample = self.render(&Version::stable(vec![1, 2, 3]))?;
        if is_ref_name(sample.as_str()) { Ok(()) } else { Err(TagError::NotAllowed(sample.to_string())) }
    }

    /// Writes the tag of a version in canonical spelling. [`TagName::check`] decides whether git can hold it: in `v1.0.0-a.lock`
    /// only the version is at fault.
    ///
    /// # Errors
    /// Returns an error if the scheme or the three numbers cannot carry the version.
    pub fn render(&self, version: &Version) -> Result<TagName, TagError> {
        let text = self.scheme.render(version)?;
        self.render_typed(version, &text)
    }

    /// Writes the tag of a version whose spelling was given by the user in the tag's own scheme. A `v` of its own and white space
    /// around it, which PEP 440 permits, stay out of the tag.
    ///
    /// # Errors
    /// Returns an error if the three numbers cannot carry the version.
    pub fn render_typed(&self, version: &Version, text: &str) -> Result<TagName, TagError> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => out.push_str(literal),
                Part::Version => out.push_str(text),
                Part::Number(index) => out.push_str(&version.part(*index).to_string()),
            }
        }
        let numbers_only =
            version.release.iter().skip(3).all(|n| *n == 0) && *version == Version::stable(version.release.clone());
        if !self.parts.contains(&Part::Version) && !numbers_only {
            return Err(TagError::Prerelease(text.to_owned()));
        }
        Ok(TagName::new(out))
    }

    /// Reads the version out of a tag; `None` if the tag does not match this template.
    #[must_use]
    pub fn matches(&self, tag: &str) -> Option<Version> {
        let mut rest = tag;
        let mut numbers = vec![0; 3];
        let mut version = None;
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                Part::Version => {
                    let suffix = match parts.peek() {
                        Some(Part::Literal(literal)) => literal.as_str(),
                        _ => "",
                    };
                    let text = rest.strip_suffix(suffix)?;
                    version = Some(self.read(text)?);
                    rest = rest.get(text.len()..)?;
                }
                Part::Number(index) => {
                    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                    let (digits, tail) = rest.split_at_checked(end)?;
                    *numbers.get_mut(*index)? = canonical_number(digits)?;
                    rest = tail;
                }
            }
        }
        rest.is_empty().then(|| version.unwrap_or_else(|| Version::stable(numbers)))
    }

    /// Inside a tag, a version has neither a `v` of its own, though PEP 440 would read one, nor white space.
    fn read(&self, text: &str) -> Option<Version> {
        let plain = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace);
        plain.then(|| self.scheme.parse_lenient(text).ok()).flatten()
    }

    /// Returns `true` if some text matches both this template and `other`. The answer is exact but for numbers above 2^64.
    #[must_use]
    pub fn can_meet(&self, other: &Self) -> bool {
        let ends_fit = one_starts(self.prefix(), other.prefix()) && one_ends(self.suffix(), other.suffix());
        // Both schemes know 1.2.3.
        ends_fit && (self.parts == other.parts || tag_language::meet(&self.pattern(), &other.pattern()))
    }

    /// Returns `true` if the tag of a version by `other` lies in a folder of the name that this template gives to the same version:
    /// `v{version}` and `v{version}/api`. Git cannot hold both.
    #[must_use]
    pub fn is_folder_of(&self, other: &Self) -> bool {
        let mut below = other.parts.iter();
        let mut rest = "";
        for part in &self.parts {
            rest = match (part, below.next()) {
                _ if !rest.is_empty() => return false,
                (Part::Literal(own), Some(Part::Literal(text))) => match text.strip_prefix(own.as_str()) {
                    Some(rest) => rest,
                    None => return false,
                },
                (own, Some(same)) if own == same => "",
                _ => return false,
            };
        }
        let next = match below.next() {
            Some(Part::Literal(text)) if rest.is_empty() => text,
            _ => rest,
        };
        next.starts_with('/')
    }

    /// Returns the regular expression of all texts that [`matches`](Self::matches) accepts.
    fn pattern(&self) -> String {
        let part = |part: &Part| match part {
            Part::Literal(text) => tag_language::literal(text),
            Part::Version => tag_language::version(self.scheme).to_owned(),
            Part::Number(_) => tag_language::NUMBER.to_owned(),
        };
        self.parts.iter().map(part).collect()
    }

    /// Returns the text after the version.
    fn suffix(&self) -> &str {
        match self.parts.last() {
            Some(Part::Literal(text)) => text,
            _ => "",
        }
    }

    /// Returns the text before the version, by which templates can be sorted.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.parts.first() {
            Some(Part::Literal(text)) => text,
            _ => "",
        }
    }

    /// Returns the scheme in which the tag spells its version.
    #[must_use]
    pub fn scheme(&self) -> VersionScheme {
        self.scheme
    }
}

/// Returns `true` if two texts can start the same tag: one starts the other, and the rest starts with a digit, as a version does.
fn one_starts(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let rest = long.strip_prefix(short);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns `true` if two texts can end the same tag.
fn one_ends(a: &str, b: &str) -> bool {
    a.ends_with(b) || b.ends_with(a)
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    if let Some(Part::Literal(last)) = parts.last_mut() {
        last.push_str(text);
    } else if !text.is_empty() {
        parts.push(Part::Literal(text.to_owned()));
    }
}

fn canonical_number(digits: &str) -> Option<u64> {
    let canonical = digits == "0" || !digits.starts_with('0');
    if canonical { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop_assert_eq, proptest};

    use super::{TagTemplate, VersionScheme, tag_language};

    const BOTH: [VersionScheme; 2] = [VersionScheme::Semver, VersionScheme::Pep440];

    fn template(text: &str, scheme: VersionScheme) -> TagTemplate {
        TagTemplate::new(text, "api", scheme).unwrap()
    }

    #[test]
    fn templates_that_meet_whatever_their_schemes() {
        let meeting = [
            ("v{version}", "v{version}"),
            ("v{version}", "v1.{version}"),
            ("{version}", "1.0.{version}"),
            ("{name}@{version}", "api@{version}"),
            ("v{version}", "v{major}.{minor}.{patch}"),
            ("v{major}.{minor}.{patch}", "v{patch}.{minor}.{major}"),
            ("v{version}", "v{version}+api"),
            ("v{version}", "v1.2.3+{version}"),
        ];
        let apart = [
            ("v{version}", "scheduler-v{version}"),
            ("{name}@{version}", "web@{version}"),
            ("{name}/v{version}", "{name}-v{version}"),
            ("{version}-x", "{version}-y"),
            ("v{version}", "validator-v{version}"),
            ("v{version}", "v{version}/api"),
            ("v{major}.{minor}.{patch}", "v{major}-{minor}-{patch}"),
            ("{major}.{minor}.{patch}", "1.{version}/api"),
        ];
        for (pairs, expected) in [(&meeting[..], true), (&apart[..], false)] {
            for (a, b) in pairs {
                for (x, y) in BOTH.into_iter().flat_map(|x| BOTH.map(|y| (x, y))) {
                    let (first, second) = (template(a, x), template(b, y));
                    assert_eq!(first.can_meet(&second), expected, "{a} ({x}) and {b} ({y})");
                    assert_eq!(second.can_meet(&first), expected, "{b} ({y}) and {a} ({x})");
                }
            }
        }
    }

    #[test]
    fn templates_whose_tags_need_a_folder_where_another_has_its_tag() {
        let folders = [
            ("v{version}", "v{version}/api"),
            ("{name}@{version}", "api@{version}/x/y"),
            ("{version}-x", "{version}-x/y"),
            ("{major}.{minor}.{patch}", "{major}.{minor}.{patch}/x"),
        ];
        let apart = [
            ("v{version}", "v{version}"),
            ("v{version}/api", "v{version}"),
            ("v{version}", "api/v{version}"),
            ("v{version}", "w{version}/api"),
            ("v{version}", "v{version}-api/x"),
            ("{version}-x", "{version}-xy/z"),
            ("{major}.{minor}.{patch}", "{patch}.{minor}.{major}/x"),
        ];
        for (pairs, expected) in [(&folders[..], true), (&apart[..], false)] {
            for (a, b) in pairs {
                let [a, b] = [a, b].map(|text| template(text, VersionScheme::Semver));
                assert_eq!(a.is_folder_of(&b), expected, "{a:?} and {b:?}");
                assert!(!expected || !b.is_folder_of(&a), "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn templates_whose_schemes_decide() {
        use VersionScheme::{Pep440, Semver};
        let cases = [
            // `v1.0.0-1.2.3` is a prerelease of 1.0.0 in SemVer, and nothing in PEP 440.
            ("v{version}", Semver, "v1.0.0-{version}", Semver, true),
            ("v{version}", Pep440, "v1.0.0-{major}.{minor}.{patch}", Semver, false),
            // `v1.0.0-3` is 1.0.0.post3 in PEP 440, and `3` is 3.0.0 where SemVer is read leniently.
            ("v{version}", Pep440, "v1.0.0-{version}", Semver, true),
            ("v{version}", Semver, "v{version}-api", Semver, true),
            // A local part ends in any word: `v1.0.0+x-api`.
            ("v{version}", Pep440, "v{version}-api", Pep440, true),
            ("v{version}", Pep440, "v{major}.{minor}.{patch}-api", Pep440, false),
            ("v{version}", Semver, "v{version}_api", Semver, false),
            ("v{version}", Pep440, "v{version}-dev", Pep440, true),
            ("core-v{version}", Semver, "core-v2-v{version}", Semver, false),
            ("core-v{version}", Semver, "core-v2.1-v{version}", Semver, true),
            ("core-v{version}", Pep440, "core-v2-v{version}", Pep440, false),
            ("v{version}", Pep440, "v1!{version}", Pep440, true),
            ("v{version}", Semver, "v1!{version}", Pep440, false),
        ];
        for (a, x, b, y, expected) in cases {
            assert_eq!(template(a, x).can_meet(&template(b, y)), expected, "{a} ({x}) and {b} ({y})");
        }
    }

    fn near_versions() -> impl Strategy<Value = String> {
        let piece = proptest::sample::select(vec![
            "0", "1", "01", "12", ".", "-", "_", "+", "!", "a", "b", "c", "rc", "alpha", "beta", "pre", "preview",
            "post", "rev", "r", "dev", "RC", "x", "v", " ", "é", "*",
        ]);
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_expressions_say_what_is_read(text in near_versions(), pep440: bool) {
            let scheme = if pep440 { VersionScheme::Pep440 } else { VersionScheme::Semver };
            let tag = format!("v{text}");
            let taken = tag_language::meet(&template("v{version}", scheme).pattern(), &tag_language::literal(&tag));
            prop_assert_eq!(taken, template("v{version}", scheme).matches(&tag).is_some(), "{}", tag);
        }

        #[test]
        fn no_template_panics(text in "[{}a-z0-9./-]{0,20}", name in "\\PC{0,6}") {
            for scheme in BOTH {
                let _ = TagTemplate::new(&text, &name, scheme).map(|t| t.can_meet(&t));
            }
        }
    }
}
