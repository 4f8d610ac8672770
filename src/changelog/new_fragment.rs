//! [`FragmentDraft`]: name and text of a fragment to be written.

use super::front_matter::quoted;
use crate::model::{Level, is_device_name};

/// The longest slug made from a message, in characters; it ends with a whole word.
const LONGEST_MADE: usize = 48;

/// The longest slug given by the user, in bytes: with the type and a number, a file name must not exceed 255 bytes.
const LONGEST_GIVEN: usize = 180;

/// A fragment to be written.
#[derive(Clone, Copy, Debug)]
pub struct FragmentDraft<'a> {
    /// The slug or an issue number; `None`: the first words of the text.
    pub slug: Option<&'a str>,
    /// The type of the change.
    pub kind: &'a str,
    /// The packages that its front matter names; empty: all that use the folder.
    pub packages: &'a [&'a str],
    /// The level that its front matter names; `Some(None)` for `none`.
    pub level: Option<Option<Level>>,
    /// What changed.
    pub text: &'a str,
    /// Whether the text becomes an item of a list.
    pub is_item: bool,
}

/// Why a slug is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// It would lead to another folder.
    #[error("the slug `{0}` has a path in it")]
    Path(String),
    /// It is empty, too long, hidden, a device of Windows, or has a character that some systems do not allow in file names.
    #[error("`{0}` is not a valid slug")]
    Name(String),
}

impl FragmentDraft<'_> {
    /// Returns a file name that is not taken.
    ///
    /// # Errors
    /// Returns an error if the given slug is not valid.
    pub fn file_name(&self, is_taken: impl Fn(&str) -> bool) -> Result<String, SlugError> {
        // As in towncrier, a leading `+` marks a change without an issue.
        let slug = match self.slug {
            Some(slug) => validate_slug(slug)?,
            None => format!("+{}", slugify(self.text)),
        };
        let is_issue = slug.bytes().all(|byte| byte.is_ascii_digit());
        let name = |slug: &str| format!("{slug}.{}.md", self.kind);
        let another =
            |number: u32| name(&if is_issue { format!("{slug}.{number}") } else { format!("{slug}-{number}") });
        let mut names = std::iter::once(name(&slug)).chain((2..).map(another));
        Ok(names.find(|name| !is_taken(name)).unwrap_or_else(|| name(&slug)))
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn contents(&self) -> String {
        let mut text = String::new();
        if !self.packages.is_empty() || self.level.is_some() {
            text.push_str("---\n");
            if !self.packages.is_empty() {
                let names: Vec<String> = self.packages.iter().map(|name| quoted(name)).collect();
                text.push_str(&format!("packages: [{}]\n", names.join(", ")));
            }
            if let Some(level) = self.level {
                text.push_str(&format!("level: {}\n", level.map_or("none", Level::name)));
            }
            text.push_str("---\n");
        }
        let told = self.text.replace("\r\n", "\n");
        let told = told.trim_end().trim_start_matches('\n');
        if self.is_item && !is_list(told) {
            text.push_str(&item(told));
        } else {
            text.push_str(told);
            text.push('\n');
        }
        text
    }
}

/// Checks that every system allows the given slug in a file name.
fn validate_slug(slug: &str) -> Result<String, SlugError> {
    let slug = slug.trim();
    let slug = slug.strip_prefix('#').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(slug);
    if slug.contains(['/', '\\']) || slug == ".." {
        return Err(SlugError::Path(slug.to_owned()));
    }
    let is_odd = |c: char| c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*');
    let bare = slug.trim_start_matches('+');
    if bare.is_empty()
        || slug.starts_with('.')
        || slug.len() > LONGEST_GIVEN
        || slug.contains(is_odd)
        || is_device_name(slug)
    {
        return Err(SlugError::Name(slug.to_owned()));
    }
    Ok(slug.to_owned())
}

/// Returns the first words of a text as a name: lower case, joined by hyphens.
#[must_use]
pub fn slugify(text: &str) -> String {
    let line = text.lines().find(|line| line.chars().any(char::is_alphanumeric)).unwrap_or("");
    let lower = line.to_lowercase();
    let mut slug = String::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.is_empty() {
            slug = word.chars().take(LONGEST_MADE).collect();
        } else if slug.chars().count() + 1 + word.chars().count() <= LONGEST_MADE {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    if slug.is_empty() { "change".to_owned() } else { slug }
}

fn is_list(text: &str) -> bool {
    let text = text.trim_start();
    ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark))
}

fn item(text: &str) -> String {
    let mut item = String::new();
    for (number, line) in text.lines().enumerate() {
        match (number, line.is_empty()) {
            (0, _) => item.push_str("- "),
            (_, false) => item.push_str("  "),
            _ => {}
        }
        item.push_str(line);
        item.push('\n');
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft<'a>(slug: Option<&'a str>, text: &'a str) -> FragmentDraft<'a> {
        FragmentDraft { slug, kind: "added", packages: &[], level: None, text, is_item: true }
    }

    #[test]
    fn names() {
        let taken = ["12.added.md", "+a.added.md", "+a-2.added.md", "b.added.md"];
        let table = [
            (Some("12"), "x", Ok("12.2.added.md")),
            (Some("#13"), "x", Ok("13.added.md")),
            (Some("b"), "x", Ok("b-2.added.md")),
            (Some("+c"), "x", Ok("+c.added.md")),
            (None, "A!", Ok("+a-3.added.md")),
            (
                None,
                "- The **Gantt** view, [faster](https://x.y)\nmore",
                Ok("+the-gantt-view-faster-https-x-y.added.md"),
            ),
            (None, "../../etc/passwd", Ok("+etc-passwd.added.md")),
            (None, "Größe", Ok("+größe.added.md")),
            (None, "…", Ok("+change.added.md")),
            (Some("a/b"), "x", Err("the slug `a/b` has a path in it")),
            (Some("..\\b"), "x", Err("the slug `..\\b` has a path in it")),
            (Some(".."), "x", Err("the slug `..` has a path in it")),
            (Some(".a"), "x", Err("`.a` is not a valid slug")),
            (Some(""), "x", Err("`` is not a valid slug")),
            (Some("a:b"), "x", Err("`a:b` is not a valid slug")),
            (Some("Con"), "x", Err("`Con` is not a valid slug")),
        ];
        for (slug, text, expected) in table {
            let name = draft(slug, text).file_name(|name| taken.contains(&name)).map_err(|error| error.to_string());
            assert_eq!(name.as_deref().map_err(String::as_str), expected, "{slug:?} {text:?}");
        }
        let long = draft(None, &"word ".repeat(50)).file_name(|_| false).unwrap();
        assert_eq!(long.len(), "+".len() + 44 + ".added.md".len());
    }

    #[test]
    fn texts() {
        let table = [
            ("One.", "- One.\n"),
            ("\n- One.\n- Two.\n\n", "- One.\n- Two.\n"),
            ("One,\r\nand more.\n\nTwo.", "- One,\n  and more.\n\n  Two.\n"),
        ];
        for (text, expected) in table {
            assert_eq!(draft(None, text).contents(), expected);
        }
        let told =
            FragmentDraft { packages: &["api", "@s/web"], level: Some(None), is_item: false, ..draft(None, "x") };
        assert_eq!(told.contents(), "---\npackages: [api, \"@s/web\"]\nlevel: none\n---\nx\n");
    }
}
