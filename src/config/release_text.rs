//! [`ReleaseText`]: a text about a release, with placeholders for what is released.

use super::names::is_name;
use super::problems::Problems;
use super::reader::TableReader;
use super::{MessageError, Spanned};
use crate::model::{PackageId, choices, did_you_mean};
use crate::text::Span;

/// A text with placeholders such as `{version}`, of the package that it is about, and `{PACKAGE.tag}`, of any package.
///
/// Braces around anything that does not look like a placeholder are literal, and so is `${NAME}`, which means something to shells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseText {
    parts: Vec<Part>,
    span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder(Placeholder),
}

/// What a placeholder refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// A word about the package that the text is about.
    Own(TextWord),
    /// `{PACKAGE.version}` or `{PACKAGE.tag}`.
    Of(PackageId, PackageField),
}

/// What a text can say about any package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageField {
    /// Its version, as the package spells it.
    Version,
    /// Its tag.
    Tag,
}

macro_rules! words {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// A placeholder of a [`ReleaseText`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum TextWord { $($(#[$doc])* $variant,)* }

        impl TextWord {
            /// Returns the word between the braces.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// The version, as the package spells it.
    Version = "version",
    /// The tag.
    Tag = "tag",
    /// The name of the package.
    Name = "name",
    /// The first number of the version.
    Major = "major",
    /// The second number of the version.
    Minor = "minor",
    /// The third number of the version.
    Patch = "patch",
    /// The tag of the release before, empty for the first one.
    PreviousTag = "previous-tag",
    /// The day of the release.
    Date = "date",
    /// The folder of the package.
    Path = "path",
    /// A folder for what a command writes, which is removed afterwards.
    Scratch = "scratch",
    /// The digest of the artifact that a command is about.
    Digest = "digest",
    /// The name of a hotfix.
    Slug = "slug",
    /// The integration branch.
    Integration = "integration",
    /// The production branch.
    Production = "production",
    /// The first number of the version, plus one.
    NextMajor = "next-major",
    /// The second number of the version, plus one.
    NextMinor = "next-minor",
    /// The third number of the version, plus one.
    NextPatch = "next-patch",
}

impl TextWord {
    /// The words of texts that are only about a release.
    pub const OF_RELEASES: [Self; 8] =
        [Self::Version, Self::Tag, Self::Name, Self::Major, Self::Minor, Self::Patch, Self::PreviousTag, Self::Date];
    /// The words of commands.
    pub(super) const OF_COMMANDS: &'static [Self] = &[Self::Path, Self::Scratch];
    /// The words of commands that look at an artifact.
    pub(super) const OF_LOOKS: &'static [Self] = &[Self::Path, Self::Scratch, Self::Digest];
    /// The words of the branch of a hotfix.
    pub(super) const OF_HOTFIXES: &'static [Self] = &[Self::Slug];
    /// The words of the message of a merge.
    pub(super) const OF_MERGES: &'static [Self] = &[Self::Integration, Self::Production];
    /// The words of the title of the next milestone.
    pub(super) const OF_NEXT: &'static [Self] = &[Self::NextMajor, Self::NextMinor, Self::NextPatch];
}

impl ReleaseText {
    /// Reads a text that may use the words of releases and these.
    ///
    /// # Errors
    /// Returns an error if it uses another placeholder.
    pub(super) fn new(text: &Spanned<String>, more: &[TextWord]) -> Result<Self, MessageError> {
        let known: Vec<TextWord> = TextWord::OF_RELEASES.iter().chain(more).copied().collect();
        let (text, unknown) = Self::split(text, &known);
        match unknown {
            Some(found) => Err(MessageError::Unknown { help: help(&found, &known), found }),
            None => Ok(text),
        }
    }

    /// Returns a text of relman's own.
    pub(super) fn own(text: &str, more: &[TextWord]) -> Self {
        let known: Vec<TextWord> = TextWord::OF_RELEASES.iter().chain(more).copied().collect();
        Self::split(&Spanned::new(text.to_owned(), Span::new(0, 0)), &known).0
    }

    /// Splits a text into its parts; also returns the first unknown word, which remains as text.
    fn split(text: &Spanned<String>, known: &[TextWord]) -> (Self, Option<String>) {
        let (mut parts, mut unknown) = (Vec::new(), None);
        let mut rest = text.value.as_str();
        while let Some((before, word, behind)) = next_word(rest) {
            let own = known.iter().find(|known| known.name() == word).map(|word| Placeholder::Own(*word));
            if let Some(placeholder) = own.or_else(|| of_package(word)) {
                parts.extend([Part::Text(before.to_owned()), Part::Placeholder(placeholder)]);
            } else {
                unknown.get_or_insert(word.to_owned());
                parts.push(Part::Text(format!("{before}{{{word}}}")));
            }
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        (Self { parts, span: text.span }, unknown)
    }

    /// Returns where the text is.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns `true` if the text uses this word.
    #[must_use]
    pub fn uses(&self, word: TextWord) -> bool {
        self.placeholders().any(|placeholder| *placeholder == Placeholder::Own(word))
    }

    /// Returns its placeholders in their order.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder(placeholder) => Some(placeholder),
            Part::Text(_) => None,
        })
    }

    /// Returns the packages that it names.
    pub fn packages(&self) -> impl Iterator<Item = &PackageId> {
        self.placeholders().filter_map(|placeholder| match placeholder {
            Placeholder::Of(package, _) => Some(package),
            Placeholder::Own(_) => None,
        })
    }

    /// Writes the text; `value` returns what takes the place of each placeholder.
    #[must_use]
    pub fn fill(&self, value: impl Fn(&Placeholder) -> String) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Placeholder(placeholder) => value(placeholder),
        };
        self.parts.iter().map(text).collect()
    }
}

impl std::fmt::Display for ReleaseText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.fill(|placeholder| match placeholder {
            Placeholder::Own(word) => format!("{{{}}}", word.name()),
            Placeholder::Of(package, PackageField::Version) => format!("{{{package}.version}}"),
            Placeholder::Of(package, PackageField::Tag) => format!("{{{package}.tag}}"),
        }))
    }
}

/// Reads a key whose value is one line.
pub(super) fn read_line(reader: &mut TableReader<'_>, key: &'static str, more: &[TextWord]) -> Option<ReleaseText> {
    let text = reader.string(key)?;
    line(reader.problems(), key, &text, more)
}

/// Reads a key whose value is a list of lines.
pub(super) fn read_lines(reader: &mut TableReader<'_>, key: &'static str) -> Option<Vec<ReleaseText>> {
    let texts = reader.strings(key)?;
    Some(texts.value.iter().filter_map(|text| line(reader.problems(), key, text, &[])).collect())
}

/// Reads a key whose value may have several lines.
pub(super) fn read_message(reader: &mut TableReader<'_>, key: &'static str, more: &[TextWord]) -> Option<ReleaseText> {
    let text = reader.string(key)?;
    if text.value.trim().is_empty() {
        reader.problems().add(text.span, format!("`{key}` is empty"), "leave the key out for the default");
        return None;
    }
    parsed(reader.problems(), &text, more)
}

/// Reads a text of any form.
pub(super) fn parsed(problems: &Problems<'_>, text: &Spanned<String>, more: &[TextWord]) -> Option<ReleaseText> {
    let found = ReleaseText::new(text, more);
    found.map_err(|error| problems.add(text.span, error.to_string(), error.help())).ok()
}

/// Reads a text of one line.
pub(super) fn line(
    problems: &Problems<'_>,
    key: &str,
    text: &Spanned<String>,
    more: &[TextWord],
) -> Option<ReleaseText> {
    let message = if text.value.trim().is_empty() {
        format!("`{key}` is empty")
    } else if text.value.contains(char::is_control) {
        format!("`{key}` is not a single line")
    } else {
        return parsed(problems, text, more);
    };
    problems.add(text.span, message, "write one line, or leave the key out");
    None
}

/// Returns the first placeholder, and the text before and after it.
fn next_word(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices('{').find_map(|(at, _)| {
        let before = text.get(..at)?;
        let (word, behind) = text.get(at + 1..)?.split_once('}')?;
        let is_word = is_word(word) || of_package(word).is_some();
        (is_word && !before.ends_with('$')).then_some((before, word, behind))
    })
}

/// Regular expressions hold numbers in braces.
fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic()) && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

fn of_package(word: &str) -> Option<Placeholder> {
    let (name, field) = word.rsplit_once('.')?;
    let field = match field {
        "version" => PackageField::Version,
        "tag" => PackageField::Tag,
        _ => return None,
    };
    let is_plain = is_name(name) && !name.contains(['{', '"', '\'', '$']);
    is_plain.then(|| Placeholder::Of(PackageId::new(name), field))
}

fn help(word: &str, known: &[TextWord]) -> String {
    let braced: Vec<String> = known.iter().map(|word| format!("{{{}}}", word.name())).collect();
    let braced: Vec<&str> = braced.iter().map(String::as_str).collect();
    did_you_mean(&format!("{{{word}}}"), &braced, || {
        format!(
            "the placeholders are {}; of any package, `{{PACKAGE.version}}` and `{{PACKAGE.tag}}`",
            choices(&braced)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ReleaseText, MessageError> {
        ReleaseText::new(&Spanned::new(text.to_owned(), Span::new(0, 0)), TextWord::OF_COMMANDS)
    }

    #[test]
    fn texts_are_filled() {
        let cases = [
            ("Release v{version} of {name}", "Release v<version> of <name>"),
            ("{@acme/ui.tag} {tag}", "<@acme/ui tag> <tag>"),
            ("{a.b.version}", "<a.b version>"),
            ("x > {scratch}/x", "x > <scratch>/x"),
            ("echo ${HOME} ${version}", "echo ${HOME} ${version}"),
            ("awk '{print $1}' [0-9]{4} {a,b} {} {{.Tag}}", "awk '{print $1}' [0-9]{4} {a,b} {} {{.Tag}}"),
            ("{{tag}}", "{<tag>}"),
            ("{tag", "{tag"),
        ];
        for (text, expected) in cases {
            let read = read(text).unwrap();
            let filled = read.fill(|placeholder| match placeholder {
                Placeholder::Own(word) => format!("<{}>", word.name()),
                Placeholder::Of(package, PackageField::Version) => format!("<{package} version>"),
                Placeholder::Of(package, PackageField::Tag) => format!("<{package} tag>"),
            });
            assert_eq!(filled, expected);
            assert_eq!(read.to_string(), text);
        }
        assert!(read("{tag}").unwrap().uses(TextWord::Tag) && !read("{tag}").unwrap().uses(TextWord::Version));
        assert_eq!(
            read("{api.tag} {x.version}").unwrap().packages().map(|id| id.as_str()).collect::<Vec<_>>(),
            ["api", "x"]
        );
    }

    #[test]
    fn an_unknown_word_is_reported() {
        let help = |text: &str| read(text).unwrap_err().help();
        assert_eq!(help("{Versoin}"), "did you mean `{version}`?");
        assert_eq!(
            help("{integration}"),
            "the placeholders are `{version}`, `{tag}`, `{name}`, `{major}`, `{minor}`, `{patch}`, `{previous-tag}`, `{date}`, \
             `{path}` or `{scratch}`; of any package, `{PACKAGE.version}` and `{PACKAGE.tag}`"
        );
    }
}
