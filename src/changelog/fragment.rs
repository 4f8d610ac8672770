//! [`Fragment`]: one change, in a file of its own.

use std::sync::Arc;

use super::front_matter::{self, FrontMatter, Names};
use super::headings::{Heading, LeftOpen, headings, left_open};
use super::release_title::{Naming, TitleReader};
use crate::model::{Diagnostic, Level, ProblemCode, RepoPath, choices, did_you_mean};
use crate::text::{Span, TextEdits, without_bom};

/// Headings of these levels would end the section that the fragment is put into, or its group.
const LEVELS_OF_CHANGELOGS: usize = 3;

/// A file `SLUG.TYPE.md` that describes one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The file.
    pub path: RepoPath,
    /// Its text, as read.
    pub text: Arc<str>,
    /// The part of its name before the type, without a leading `+`.
    pub slug: String,
    /// The type of the change, in lower case.
    pub kind: String,
    /// The level that it requires.
    pub level: FragmentLevel,
    packages: Option<Names>,
    body: Span,
}

/// The level that a fragment requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FragmentLevel {
    /// That of its type.
    OfType,
    /// The level in its front matter; `None`: it requires no release.
    Own(Option<Level>),
}

/// The rules for the fragments of a folder.
#[derive(Clone, Copy, Debug)]
pub struct FragmentRules<'a> {
    /// The known types, in lower case.
    pub types: &'a [&'a str],
    /// Whether they may hold headings of any level.
    pub keeps_headings: bool,
}

/// Returns `true` if a file in a folder of fragments is not meant to be one: its README, and hidden files.
#[must_use]
pub fn is_ignored_file(name: &str) -> bool {
    name.starts_with('.') || name.eq_ignore_ascii_case("README.md")
}

impl Fragment {
    /// Reads a fragment.
    ///
    /// # Errors
    /// Returns an error if the name is not a fragment's, the type is unknown, the front matter is wrong, the text is missing, or the text
    /// would break the changelog that it is put into.
    pub fn read(path: &RepoPath, text: &Arc<str>, rules: FragmentRules<'_>) -> Result<Self, Diagnostic> {
        let (slug, kind) = name(path, rules.types)?;
        let (_, bom) = without_bom(text);
        let (lines, body) = front_matter::split(text, bom).map_err(|span| {
            Diagnostic::new(ProblemCode::Fragment, "the front matter is not closed")
                .at(path, text, span)
                .help("close it with a line `---`")
        })?;
        let front = lines.map_or_else(|| Ok(FrontMatter::default()), |lines| front_matter::read(path, text, lines))?;
        let body = trimmed(text, body);
        let fragment = Self {
            path: path.clone(),
            text: Arc::clone(text),
            slug,
            kind,
            level: front.level.map_or(FragmentLevel::OfType, FragmentLevel::Own),
            packages: front.packages,
            body,
        };
        match fragment.fault(rules.keeps_headings) {
            Some(fault) => Err(fault),
            None => Ok(fragment),
        }
    }

    /// Returns the text of the change unchanged, without the front matter, blank lines around it, and the last line end.
    #[must_use]
    pub fn entry(&self) -> &str {
        self.body.of(&self.text).unwrap_or("")
    }

    /// Returns the packages that the front matter names, with their places; `None` if it does not, so that the folder decides.
    pub fn packages(&self) -> Option<impl Iterator<Item = (&str, Span)>> {
        self.packages.as_ref().map(|names| names.names.iter().map(|(name, span)| (name.as_str(), *span)))
    }

    /// Returns the edits after which the fragment belongs only to these of its packages: the others are removed
    /// from the front matter, or one that names packages is added.
    #[must_use]
    pub fn only_for(&self, packages: &[&str]) -> TextEdits {
        if let Some(names) = &self.packages {
            return names.without(&self.text, |name| !packages.contains(&name)).unwrap_or_default();
        }
        let newline = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let names: Vec<String> = packages.iter().map(|name| front_matter::quoted(name)).collect();
        let line = format!("packages: [{}]{newline}", names.join(", "));
        let (_, bom) = without_bom(&self.text);
        let (at, new) = match front_matter::split(&self.text, bom) {
            Ok((Some(lines), _)) => (lines.start, line),
            _ => (bom, format!("---{newline}{line}---{newline}")),
        };
        TextEdits::of(&self.text, [(Span::new(at, at), new)]).unwrap_or_default()
    }

    /// Returns a diagnostic for each heading that `titles` would read as the heading of a release.
    pub fn misread<'a>(&'a self, titles: &'a TitleReader) -> impl Iterator<Item = Diagnostic> + 'a {
        let is_title = |heading: &Heading| {
            let read = titles.read(&heading.said, heading.level);
            read.is_some_and(|(_, naming)| naming != Naming::Other || heading.level <= titles.level())
        };
        headings(self.entry()).into_iter().filter(is_title).map(|heading| {
            let message =
                format!("the heading `{}` in the fragment would be read as the heading of a release", heading.said);
            let help = "add a word before the version, or write it as bold text";
            self.diagnostic(heading.span.shifted(self.body.start), message).help(help)
        })
    }

    /// Returns a diagnostic that points into the file.
    #[must_use]
    pub fn diagnostic(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(ProblemCode::Fragment, message).at(&self.path, &self.text, span)
    }

    fn fault(&self, keeps_headings: bool) -> Option<Diagnostic> {
        let entry = self.entry();
        let at = |offset: usize| Span::new(self.body.start + offset, self.body.start + offset);
        if entry.is_empty() {
            let end = Span::new(self.text.len(), self.text.len());
            return Some(self.diagnostic(end, "the fragment is empty").help("describe the change, or remove the file"));
        }
        let ends_a_section = |heading: &Heading| heading.level <= LEVELS_OF_CHANGELOGS && !keeps_headings;
        if let Some(heading) = headings(entry).into_iter().find(ends_a_section) {
            let message =
                format!("the fragment holds a heading of level {}, which would end its section", heading.level);
            let help = "write it as bold text, start it with at least four `#`, or set `fragment-headings = \"keep\"` in [changelog]";
            return Some(self.diagnostic(heading.span.shifted(self.body.start), message).help(help));
        }
        let (start, what, help) = match left_open(entry)? {
            LeftOpen::Fence(start) => (start, "a code fence", "close it with the same fence"),
            LeftOpen::Html(start) => (start, "a comment or another block of HTML", "close it, as in `-->`"),
        };
        let message = format!("the fragment leaves {what} open, which would swallow what follows it");
        Some(self.diagnostic(at(start), message).help(help))
    }
}

/// Reads slug and type from a file name.
fn name(path: &RepoPath, types: &[&str]) -> Result<(String, String), Diagnostic> {
    let file = path.file_name();
    let wrong =
        |message: String, help: String| Diagnostic::new(ProblemCode::Fragment, message).in_file(path).help(help);
    let parts = file.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.'));
    let Some((slug, kind)) = parts.filter(|(slug, kind)| !slug.trim_start_matches('+').is_empty() && !kind.is_empty())
    else {
        let message = format!("`{file}` is not a fragment: its name is not SLUG.TYPE.md");
        return Err(wrong(message, "rename it as in `board-planning.added.md`, or move it elsewhere".to_owned()));
    };
    if slug.contains(['/', '\\']) {
        let message = format!("`{file}` is not a fragment: its slug has a path in it");
        return Err(wrong(message, "a slug is a plain name".to_owned()));
    }
    let lower = kind.to_ascii_lowercase();
    if !types.contains(&lower.as_str()) {
        // Towncrier numbers the fragments of an issue after the type.
        let counted = slug.rsplit_once('.').filter(|_| lower.bytes().all(|byte| byte.is_ascii_digit()));
        let help = match counted {
            Some((slug, of)) if types.contains(&of.to_ascii_lowercase().as_str()) => {
                format!("the number belongs before the type: rename it `{slug}.{kind}.{of}.md`")
            }
            _ => did_you_mean(kind, types, || {
                format!("known types: {}; add others to `types` in [changelog]", choices(types))
            }),
        };
        return Err(wrong(format!("unknown change type `{kind}`"), help));
    }
    Ok((slug.strip_prefix('+').unwrap_or(slug).to_owned(), lower))
}

/// Strips blank lines before a text, and all white space after it.
fn trimmed(text: &str, span: Span) -> Span {
    let body = span.of(text).unwrap_or("");
    let end = body.trim_end().len();
    let mut start = 0;
    for line in body.get(..end).unwrap_or("").split_inclusive('\n') {
        if !line.trim().is_empty() {
            break;
        }
        start += line.len();
    }
    Span::new(span.start + start, span.start + end.max(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: FragmentRules<'static> =
        FragmentRules { types: &["added", "changed", "fixed"], keeps_headings: false };

    fn read(name: &str, text: &str) -> Result<Fragment, String> {
        let path = RepoPath::new(&format!("changelog.d/{name}")).unwrap();
        Fragment::read(&path, &Arc::from(text), RULES).map_err(|problem| {
            let at = problem.place.as_ref().unwrap().position();
            format!("{}:{} {}; {}", at.line, at.column, problem.message, problem.help.unwrap())
        })
    }

    #[test]
    fn names_give_slug_and_type() {
        let table = [
            ("1388.added.md", "1388", "added"),
            ("+board.fixed.md", "board", "fixed"),
            ("a.b.changed.md", "a.b", "changed"),
            ("ä ö.Added.md", "ä ö", "added"),
        ];
        for (name, slug, kind) in table {
            let fragment = read(name, "x\n").unwrap();
            assert_eq!((fragment.slug.as_str(), fragment.kind.as_str()), (slug, kind), "{name}");
        }
        let rename = "rename it as in `board-planning.added.md`, or move it elsewhere";
        for name in ["added.md", "x.added", "x.added.markdown", "notes.txt", "+.added.md", "x..md", "md", "x.added.MD"]
        {
            let expected = format!("1:1 `{name}` is not a fragment: its name is not SLUG.TYPE.md; {rename}");
            assert_eq!(read(name, "x").unwrap_err(), expected);
        }
        assert_eq!(read("x.add.md", "x").unwrap_err(), "1:1 unknown change type `add`; did you mean `added`?");
        assert!(read("x.removed.md", "x").unwrap_err().contains("known types: `added`, `changed` or `fixed`"));
        assert!(is_ignored_file(".gitkeep") && is_ignored_file("README.md") && is_ignored_file("readme.md"));
        assert!(!is_ignored_file("README.txt") && !is_ignored_file("a.added.md"));
    }

    #[test]
    fn a_slug_with_a_path_is_refused() {
        // No RepoPath is made of such a name where it is typed in, but a system may hold one.
        let path = RepoPath::root().child("a\\b.added.md");
        let problem = Fragment::read(&path, &Arc::from("x"), RULES).unwrap_err();
        assert_eq!(problem.message, "`a\\b.added.md` is not a fragment: its slug has a path in it");
    }

    #[test]
    fn the_text_is_taken_as_it_stands() {
        let table = [
            ("- a\n", "- a"),
            ("- a", "- a"),
            ("\u{feff}- a\r\n", "- a"),
            ("\n \r\n  a\n\n  b  \n\n", "  a\n\n  b"),
            ("---\nlevel: minor\n---\n\n- a\r\n  b\r\n", "- a\r\n  b"),
            ("a\n\n#### b\n", "a\n\n#### b"),
            ("- # a\n", "- # a"),
            ("#12 was wrong\n", "#12 was wrong"),
            ("```\n# a\n```\n", "```\n# a\n```"),
        ];
        for (text, entry) in table {
            assert_eq!(read("x.added.md", text).unwrap().entry(), entry, "{text:?}");
        }
    }

    #[test]
    fn texts_that_would_break_a_changelog_are_refused() {
        let heading = |level| format!("the fragment holds a heading of level {level}, which would end its section");
        let table = [
            ("", "1:1 the fragment is empty".to_owned()),
            (" \n\n", "3:1 the fragment is empty".to_owned()),
            ("---\nlevel: minor\n---\n", "4:1 the fragment is empty".to_owned()),
            ("---\nlevel: minor\n", "1:1 the front matter is not closed".to_owned()),
            ("a\n# b\n", format!("2:1 {}", heading(1))),
            ("---\nlevel: minor\n---\na\n\n## [9.9.9]\n", format!("6:1 {}", heading(2))),
            ("a\n---\n", format!("1:1 {}", heading(2))),
            ("### Added\n- a\n", format!("1:1 {}", heading(3))),
            ("a\n```\nb\n", "2:1 the fragment leaves a code fence open".to_owned()),
            ("é\n\n<!-- b\n", "3:1 the fragment leaves a comment or another block of HTML open".to_owned()),
        ];
        for (text, expected) in table {
            let found = read("x.added.md", text).unwrap_err();
            assert!(found.starts_with(&expected), "{text:?}: {found}");
        }
    }

    #[test]
    fn packages_can_be_taken_out_one_by_one() {
        let fragment = read("x.added.md", "---\npackages: [api, web]\n---\n- a\n").unwrap();
        assert_eq!(fragment.packages().unwrap().map(|(name, _)| name).collect::<Vec<_>>(), ["api", "web"]);
        let only = |name: &str, text: &str, packages: &[&str]| {
            let fragment = read(name, text).unwrap();
            let new = fragment.only_for(packages).apply(text).unwrap();
            let again = read(name, &new).unwrap();
            assert_eq!(again.packages().unwrap().map(|(name, _)| name).collect::<Vec<_>>(), packages, "{new:?}");
            assert_eq!((again.entry(), again.level), (fragment.entry(), fragment.level), "{new:?}");
            new
        };
        assert_eq!(only("x.added.md", &fragment.text, &["web"]), "---\npackages: [web]\n---\n- a\n");
        assert_eq!(only("x.added.md", "- a\n", &["a", "b"]), "---\npackages: [a, b]\n---\n- a\n");
        assert_eq!(
            only("x.added.md", "\u{feff}- a\r\n", &["@s/a"]),
            "\u{feff}---\r\npackages: [\"@s/a\"]\r\n---\r\n- a\r\n"
        );
        let with_level = only("x.added.md", "---\nlevel: major\n---\n- a\n", &["a\"b", "c:d"]);
        assert_eq!(with_level, "---\npackages: [\"a\\\"b\", \"c:d\"]\nlevel: major\n---\n- a\n");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(\\PC|\n|\r|---\n|packages: |```|<!--|#|\\[|\\]){0,40}") {
            let _ = read("x.added.md", &text).map(|fragment| {
                assert!(!fragment.entry().is_empty());
                let _ = fragment.only_for(&["a"]).apply(&text).unwrap();
            });
        }
    }
}
