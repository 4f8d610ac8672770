//! [`TagTemplate`]: the grammar by which tags are both written and recognised.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::scheme::{Unspellable, VersionScheme};
use crate::model::version::Version;

/// The short name of a tag: what stands behind `refs/tags/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct TagName(pub String);

impl fmt::Display for TagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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

/// Why a text is no tag template, or a version has no tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// A placeholder that tags do not know.
    #[error("`{{{0}}}` is no placeholder of tags; they know {{name}}, {{version}}, {{major}}, {{minor}} and {{patch}}")]
    UnknownPlaceholder(String),
    /// A brace without its partner.
    #[error("`{{{0}` has no closing brace")]
    Unclosed(String),
    /// Neither the version nor its three numbers.
    #[error("a tag needs {{version}} once, or {{major}}, {{minor}} and {{patch}} once each")]
    NoVersion,
    /// Two numbers without a text between them cannot be told apart.
    #[error("two numbers in a tag need a text between them that is not a digit")]
    Ambiguous,
    /// Git would refuse it.
    #[error("git does not take `{0}` as the name of a tag")]
    NotAllowed(String),
    /// Three numbers cannot carry a prerelease, or a fourth number.
    #[error("{{major}}, {{minor}} and {{patch}} alone cannot carry the version {0}; use {{version}}")]
    Prerelease(String),
    /// The tag's scheme has no words for the version.
    #[error(transparent)]
    Unspellable(#[from] Unspellable),
}

impl TagTemplate {
    /// Reads a template such as `{name}-v{version}` for the package `name`.
    ///
    /// # Errors
    /// Where a placeholder is unknown, the version is missing or ambiguous, or git could not take the tag.
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
        self.render(&Version::stable(vec![1, 2, 3])).map(drop)
    }

    /// Writes the tag of a version in canonical spelling.
    ///
    /// # Errors
    /// Where the scheme or the three numbers cannot carry the version, or git would refuse the tag (`v1.0.0-a.lock`).
    pub fn render(&self, version: &Version) -> Result<TagName, TagError> {
        let text = self.scheme.render(version)?;
        self.render_typed(version, &text)
    }

    /// Writes the tag of a version whose spelling was given by the user in the tag's own scheme. A `v` of its own and white space
    /// around it, which PEP 440 permits, stay out of the tag.
    ///
    /// # Errors
    /// Where the three numbers cannot carry the version, or git would refuse the tag.
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
        if is_ref_name(&out) { Ok(TagName(out)) } else { Err(TagError::NotAllowed(out)) }
    }

    /// Reads the version out of a tag; nothing where the tag is not of this template.
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

    /// Inside a tag a version has no `v` of its own, though PEP 440 would read one, and no white space.
    fn read(&self, text: &str) -> Option<Version> {
        let plain = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace);
        plain.then(|| self.scheme.parse_lenient(text).ok()).flatten()
    }

    /// Tells whether some version of this template and some version of `other` have the same tag.
    ///
    /// Both languages are regular; the question is answered by trying, in the place that one template leaves to its version, the
    /// shapes of versions that the other template can produce there.
    #[must_use]
    pub fn can_meet(&self, other: &Self) -> bool {
        let meets =
            |a: &Self, b: &Self| a.samples(b).iter().any(|tag| a.matches(tag).is_some() && b.matches(tag).is_some());
        meets(self, other) || meets(other, self)
    }

    /// Tags of this template that come near to what `other` writes.
    fn samples(&self, other: &Self) -> Vec<String> {
        let tails = other.parts.iter().filter_map(|part| match part {
            Part::Literal(literal) => Some(literal.as_str()),
            _ => None,
        });
        let mut texts: Vec<String> = SHAPES.iter().map(|s| (*s).to_owned()).collect();
        for tail in tails {
            for start in 0..tail.len() {
                if let Some(cut) = tail.get(start..) {
                    texts.extend(["1.2.3", "1.2.3-", "1.2.3-a", "1.2.3+"].map(|head| format!("{head}{cut}")));
                    texts.extend(["1.2.3", "1.2.3-a"].map(|end| format!("{cut}{end}")));
                }
            }
        }
        let plain = Version::stable(vec![1, 2, 3]);
        let typed = texts.iter().filter_map(|text| {
            let version = self.read(text)?;
            self.render_typed(&version, text).ok()
        });
        typed.chain(self.render(&plain).ok()).map(|tag| tag.0).collect()
    }

    /// Returns the text before the version, by which templates can be sorted apart.
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

/// Shapes of versions in both schemes.
const SHAPES: [&str; 10] =
    ["1.2.3", "0.0.0", "1.2.3-alpha.1", "1.2.3-a", "1.2.3+b", "1.2.3-1", "1.2.3a1", "1.2", "1", "1.2.3.post1"];

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

/// The rules of `git check-ref-format` for what stands behind `refs/tags/`.
fn is_ref_name(name: &str) -> bool {
    let bad_char = |c: char| c.is_ascii_control() || " ~^:?*[\\\u{7f}".contains(c);
    let bad_part = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    !name.is_empty()
        && name != "@"
        && !name.starts_with('-')
        && !name.chars().any(bad_char)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && !name.split('/').any(bad_part)
}
