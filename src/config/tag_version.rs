//! [`TagVersion`]: a version that no file holds.

use super::reader::TableReader;
use crate::model::{Version, VersionScheme};
use crate::text::Span;

const SOURCES: [(&str, ()); 1] = [("tag", ())];

/// `version = "tag"`: the version of a package is that of its last tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagVersion {
    /// Where relman.toml says so.
    pub span: Span,
    /// The version before the first tag.
    pub initial: Version,
}

impl TagVersion {
    /// Reads `version` and `initial` of a package, and reports keys that contradict them, as its tags do if it never has any.
    pub(super) fn read(reader: &mut TableReader<'_>, is_never_tagged: bool) -> Option<Self> {
        let written = reader.one_of("version", &SOURCES);
        let initial = reader.string("initial");
        let number = |text: &str| VersionScheme::Semver.parse(text).or_else(|_| VersionScheme::Pep440.parse(text));
        let version = initial.as_ref().and_then(|text| {
            let read = number(&text.value);
            if read.is_err() {
                let message = format!("`{}` is not a valid version", text.value);
                reader.problems().add(text.span, message, "write it as in `0.1.0`");
            }
            read.ok()
        });
        match (written, initial) {
            (None, Some(initial)) if !reader.holds("version") => {
                let help = "write version = \"tag\" beside it, or remove it: manifests hold the version";
                reader.problems().add(initial.span, "`initial` has no meaning without `version`", help);
                None
            }
            (Some(written), _) if is_never_tagged || reader.holds("tag-of") => {
                let other = if is_never_tagged { "tag = false" } else { "tag-of" };
                let message = format!("`version = \"tag\"` and `{other}` are mutually exclusive");
                let help = "a version that no file holds needs tags of its own";
                reader.problems().add(written.span, message, help);
                None
            }
            (Some(written), _) => {
                let initial = version.unwrap_or_else(|| Version::stable(vec![0, 1, 0]));
                Some(Self { span: written.span, initial })
            }
            (None, _) => None,
        }
    }
}
