//! go.mod, by the reference of Go modules (<https://go.dev/ref/mod#go-mod-file>).
//!
//! It says what a module is called and what it requires; the version of the module is in its tags alone.

use super::{Found, NoVersion, RequirementPlace, RequirementSyntax};
use crate::data::{Fault, Scalar, Style};
use crate::model::{DependencyKind, Ecosystem, RegistryName};
use crate::text::{Span, without_bom};

/// Finds the path of the module and the versions of `require`. What `replace`, `exclude` and `retract` say is left alone.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let (body, mut start) = without_bom(text);
    let mut reader = Reader::default();
    for line in body.split_inclusive('\n') {
        reader.line(line, start);
        start += line.len();
    }
    if let Some((_, span)) = reader.block {
        reader
            .faults
            .push(Fault::new(span, "`(` is not closed").help("write `)` on a line of its own behind the block"));
    }
    if reader.faults.is_empty() { Ok(reader.found) } else { Err(reader.faults) }
}

/// The major version that a module path ends in; 1 without one, which means 0 and 1.
#[must_use]
pub fn module_major(path: &str) -> u64 {
    split_module_path(path).1.max(1)
}

/// Returns `true` for the paths of gopkg.in, all of which end in a major version, as `.v1`.
#[must_use]
pub fn is_gopkg(path: &str) -> bool {
    path.starts_with("gopkg.in/")
}

/// Splits the major version off a module path; 0 if it has none (<https://go.dev/ref/mod#major-version-suffixes>).
#[must_use]
pub fn split_module_path(path: &str) -> (&str, u64) {
    let separator = if is_gopkg(path) { ".v" } else { "/v" };
    let number = |text: &str| text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let parts = path.rsplit_once(separator).and_then(|(base, major)| Some((base, number(major)?)));
    parts.unwrap_or((path, 0))
}

/// A word of a line: the bytes between its quotes, if it has any.
struct Word<'t> {
    text: &'t str,
    span: Span,
    style: Style,
}

struct Reader<'t> {
    found: Found,
    faults: Vec<Fault>,
    /// The directive of a block, and where the block begins.
    block: Option<(&'t str, Span)>,
}

impl Default for Reader<'_> {
    fn default() -> Self {
        let found = Found { no_version: Some(NoVersion::InTags), ..Found::default() };
        Self { found, faults: Vec::new(), block: None }
    }
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str, start: usize) {
        let words = match words(line, start) {
            Ok(words) => words,
            Err(fault) => return self.faults.push(fault),
        };
        match (self.block, words.as_slice()) {
            (_, []) => {}
            (Some(_), [word]) if word.text == ")" => self.block = None,
            (Some((directive, _)), words) => self.directive(directive, words),
            (None, [directive, open]) if open.text == "(" => self.block = Some((directive.text, open.span)),
            (None, [directive, words @ ..]) if is_directive(directive.text) => self.directive(directive.text, words),
            (None, [other, ..]) => {
                let message = format!("`{}` is not a directive of go.mod", other.text);
                self.faults.push(Fault::new(other.span, message).help("expected one such as `module` or `require`"));
            }
        }
    }

    fn directive(&mut self, directive: &str, words: &[Word<'t>]) {
        match (directive, words) {
            ("module", [path]) => {
                self.found.name = Some(RegistryName::new(Ecosystem::Go, path.text));
                self.found.module = Some(path.scalar());
            }
            ("require", [path, version]) => self.found.requirements.push(RequirementPlace {
                on: RegistryName::new(Ecosystem::Go, path.text),
                kind: DependencyKind::Normal,
                notation: RequirementSyntax::Go,
                scalar: version.scalar(),
                folder: None,
                shared_as: None,
                is_alias: false,
            }),
            ("module", words) => self.odd(words, "`module` takes one path"),
            ("require", words) => self.odd(words, "`require` takes a path and a version"),
            _ => {}
        }
    }

    fn odd(&mut self, words: &[Word<'t>], expected: &str) {
        let ends = words.first().zip(words.last());
        let span = ends.map_or(Span::new(0, 0), |(first, last)| Span::new(first.span.start, last.span.end));
        let found = words.len();
        let plural = if found == 1 { "" } else { "s" };
        self.faults.push(Fault::new(span, format!("{expected}, found {found} word{plural}")));
    }
}

impl Word<'_> {
    fn scalar(&self) -> Scalar {
        Scalar { span: self.span, text: self.text.to_owned(), style: self.style }
    }
}

/// Directives are words of letters; those of later versions of Go are left alone.
fn is_directive(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase())
}

/// Splits a line into words and parentheses, up to its comment.
fn words(line: &str, start: usize) -> Result<Vec<Word<'_>>, Fault> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        let rest = line.get(at..).unwrap_or("");
        at += rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let Some(first) = rest.chars().next().filter(|_| !rest.starts_with("//")) else { return Ok(words) };
        let span = |from: usize, length: usize| Span::new(start + at + from, start + at + from + length);
        let length = match first {
            '"' | '`' => {
                let inner = rest.get(1..).and_then(|inner| inner.split_once(first)).map(|(inner, _)| inner);
                let Some(text) = inner.filter(|inner| !inner.contains(['\\', '\n'])) else {
                    return Err(Fault::new(
                        span(0, rest.trim_end().len()),
                        "a text in quotes has no end, or is written with escapes",
                    ));
                };
                words.push(Word { text, span: span(1, text.len()), style: Style::Quoted });
                text.len() + 2
            }
            _ => {
                let is_end = |(at, c): &(usize, char)| {
                    c.is_whitespace() || matches!(c, '(' | ')') || rest.get(*at..).is_some_and(|r| r.starts_with("//"))
                };
                let length = rest.char_indices().skip(1).find(is_end).map_or(rest.len(), |(at, _)| at);
                let length = if matches!(first, '(' | ')') { 1 } else { length };
                let text = rest.get(..length).unwrap_or("");
                words.push(Word { text, span: span(0, length), style: Style::Bare });
                length
            }
        };
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of the module, and each requirement as `PATH VERSION`.
    fn read(text: &str) -> (Option<String>, Vec<String>) {
        let found = find(text).unwrap();
        let requirement = |r: &RequirementPlace| {
            assert_eq!(r.scalar.span.of(text), Some(r.scalar.text.as_str()));
            format!("{} {}", r.on.name, r.scalar.text)
        };
        (found.name.map(|name| name.name), found.requirements.iter().map(requirement).collect())
    }

    #[test]
    fn what_a_module_is_called_and_requires() {
        let text = "// Deprecated: use v3\nmodule example.com/acme/tool/v2 // import\n\ngo 1.22.0\ntoolchain go1.23.1\n\n\
            require example.com/acme/core v1.2.3\nrequire (\n\texample.com/acme/sub v0.4.0-rc.1 // indirect\n\n\t// why\n\
            \t\"example.com/quoted\" `v2.0.0+incompatible`\n)\nrequire(\r\n\texample.com/x v1.0.0//indirect\r\n)\n\
            replace (\n\texample.com/acme/core v1.2.3 => ../core\n)\nexclude example.com/acme/core v1.2.4\nretract [v1.0.0, v1.1.0] // bad\n\
            tool example.com/acme/core/cmd\nignore ./node_modules\n";
        let expected = [
            "example.com/acme/core v1.2.3",
            "example.com/acme/sub v0.4.0-rc.1",
            "example.com/quoted v2.0.0+incompatible",
            "example.com/x v1.0.0",
        ];
        assert_eq!(read(text), (Some("example.com/acme/tool/v2".to_owned()), expected.map(str::to_owned).to_vec()));
        let found = find(text).unwrap();
        assert_eq!(found.module.unwrap().span.of(text), Some("example.com/acme/tool/v2"));
        assert_eq!(found.no_version, Some(NoVersion::InTags));
        assert_eq!(read("\u{feff}module (\n\t\"x\"\n)\n"), (Some("x".to_owned()), Vec::new()));
        // A go.mod without content keeps a folder out of the module above it.
        assert_eq!(read(""), (None, Vec::new()));
    }

    #[test]
    fn all_faults_are_reported() {
        let text = "module a b\nrequire a\nrequire (\n\ta v1 x\n<<<<<<< HEAD\n\tb \"v1\n";
        let faults: Vec<(String, &str)> =
            find(text).unwrap_err().into_iter().map(|f| (f.message, f.span.of(text).unwrap())).collect();
        let expected = [
            ("`module` takes one path, found 2 words", "a b"),
            ("`require` takes a path and a version, found 1 word", "a"),
            ("`require` takes a path and a version, found 3 words", "a v1 x"),
            ("a text in quotes has no end, or is written with escapes", "\"v1"),
            ("`(` is not closed", "("),
        ];
        assert_eq!(faults, expected.map(|(message, at)| (message.to_owned(), at)));
        assert_eq!(find("module a\n=======\n").unwrap_err()[0].message, "`=======` is not a directive of go.mod");
    }
}
