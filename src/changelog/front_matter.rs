//! [`FrontMatter`]: the lines between two `---` at the top of a fragment.

use std::sync::Arc;

use crate::data::yaml::{Kind, Node, parse_part};
use crate::model::{Diagnostic, Level, ProblemCode, RepoPath, choices, did_you_mean};
use crate::text::{Span, TextEdits};

/// The keys that it may hold.
const KEYS: [&str; 2] = ["packages", "level"];

/// What a fragment says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// The packages that it belongs to; `None` if it does not say.
    pub(super) packages: Option<Names>,
    /// The level; `None` if it does not say, `Some(None)` for `none`.
    pub(super) level: Option<Option<Level>>,
}

/// Names with their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// Each name and its place.
    pub(super) names: Vec<(String, Span)>,
    /// Whether each is on a line of its own.
    is_block: bool,
}

/// Splits a fragment's text: the lines between the fences, if there are any, and the text after them.
///
/// # Errors
/// Returns an error if the second fence is missing.
pub(super) fn split(text: &str, from: usize) -> Result<(Option<Span>, Span), Span> {
    let all = Span::new(from, text.len());
    let mut at = from;
    let mut opened = None;
    for line in all.of(text).unwrap_or("").split_inclusive('\n') {
        let end = at + line.len();
        let is_fence = line.trim_end() == "---";
        match opened {
            None if is_fence => opened = Some(end),
            None => return Ok((None, all)),
            Some(start) if is_fence => return Ok((Some(Span::new(start, at)), Span::new(end, text.len()))),
            Some(_) => {}
        }
        at = end;
    }
    match opened {
        Some(_) => Err(Span::new(from, from + 3)),
        None => Ok((None, all)),
    }
}

/// Reads the lines of a front matter.
///
/// # Errors
/// Returns an error if they are no mapping of the known keys to values of the right kind.
pub(super) fn read(path: &RepoPath, text: &Arc<str>, lines: Span) -> Result<FrontMatter, Diagnostic> {
    let wrong = |span: Span, message: String, help: &str| {
        Diagnostic::new(ProblemCode::Fragment, message).at(path, text, span).help(help)
    };
    let root = parse_part(text, lines).map_err(|fault| wrong(fault.span, fault.message, SHAPE))?;
    let Some(root) = root else { return Ok(FrontMatter::default()) };
    let shapeless = |node: &Node<'_>| {
        let message = format!("the front matter has {} here, expected keys with a text or a list each", node.what());
        wrong(node.span, message, SHAPE)
    };
    let Kind::Map(pairs) = &root.kind else { return Err(shapeless(&root)) };
    let mut front = FrontMatter::default();
    for (key, value) in pairs {
        match key.text().ok_or_else(|| shapeless(key))? {
            "packages" => {
                let names = names(text, value).map_err(shapeless)?;
                let help = "name them as in `packages: [api, web]`, or leave the key out";
                let is_empty = names.names.is_empty();
                front.packages = Some(names).filter(|_| !is_empty);
                if is_empty {
                    return Err(wrong(key.span, "`packages` names no package".to_owned(), help));
                }
            }
            "level" => {
                let unreadable = || wrong(value.span, format!("`level` is {}", value.what()), LEVEL);
                let level = value.text().filter(|_| !value.is_null()).ok_or_else(unreadable)?;
                front.level = Some(self::level(level).map_err(|message| wrong(value.span, message, LEVEL))?);
            }
            other => {
                let help = did_you_mean(other, &KEYS, || format!("known keys: {}", choices(&KEYS)));
                return Err(wrong(key.span, format!("unknown key `{other}` in the front matter"), &help));
            }
        }
    }
    Ok(front)
}

const SHAPE: &str = "write `packages: [api, web]` and, where the type does not say it, `level: minor`";
const LEVEL: &str = "write `patch`, `minor`, `major` or `none`";

fn level(text: &str) -> Result<Option<Level>, String> {
    match (Level::named(text), text) {
        (None, "none") => Ok(None),
        (None, _) => Err(format!("unknown level `{text}`")),
        (level, _) => Ok(level),
    }
}

/// Reads a list of names, or one name; the error is what is neither.
fn names<'n>(text: &str, value: &'n Node<'n>) -> Result<Names, &'n Node<'n>> {
    let nodes = match &value.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Scalar(..) if value.is_null() || value.text() == Some("") => &[],
        _ => std::slice::from_ref(value),
    };
    let name = |node: &'n Node<'n>| Ok((node.text().ok_or(node)?.to_owned(), node.span));
    let is_flow = value.span.of(text).is_some_and(|written| written.starts_with('['));
    let is_block = matches!(value.kind, Kind::List(_)) && !is_flow;
    Ok(Names { names: nodes.iter().map(name).collect::<Result<_, _>>()?, is_block })
}

impl Names {
    /// Returns the edits that remove every name for which `gone` returns `true`; `None` if no name would be left.
    pub(super) fn without(&self, text: &str, gone: impl Fn(&str) -> bool) -> Option<TextEdits> {
        let last = self.names.iter().rposition(|(name, _)| !gone(name))?;
        let last_kept = self.names.get(last).map(|(_, span)| *span)?;
        let mut edits = Vec::new();
        for (index, (name, span)) in self.names.iter().enumerate() {
            if !gone(name) {
                continue;
            }
            let span = if self.is_block {
                line_around(text, *span)
            } else if index > last {
                Span::new(last_kept.end, span.end)
            } else {
                let next = self.names.get(index + 1).map_or(span.end, |(_, next)| next.start);
                Span::new(span.start, next)
            };
            edits.push(span);
        }
        if !self.is_block {
            // Everything after the last remaining name is removed at once.
            let tail = edits.iter().filter(|span| span.start == last_kept.end).map(|span| span.end).max();
            edits.retain(|span| span.start != last_kept.end);
            edits.extend(tail.map(|end| Span::new(last_kept.end, end)));
        }
        TextEdits::of(text, edits.into_iter().map(|span| (span, String::new()))).ok()
    }
}

/// Writes a name so that YAML reads it back as a string.
pub(super) fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// The whole line around a span, including its line end.
fn line_around(text: &str, span: Span) -> Span {
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(span.end..).and_then(|behind| behind.find('\n')).map_or(text.len(), |at| span.end + at + 1);
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front(text: &str) -> Result<FrontMatter, String> {
        let text: Arc<str> = Arc::from(text);
        let lines = split(&text, 0).unwrap().0.unwrap();
        read(&RepoPath::root(), &text, lines).map_err(|problem| {
            let at = problem.place.as_ref().unwrap().position();
            format!("{}:{} {}; {}", at.line, at.column, problem.message, problem.help.unwrap_or_default())
        })
    }

    fn names(front: &FrontMatter) -> Vec<&str> {
        front.packages.iter().flat_map(|names| &names.names).map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn the_fences_are_found() {
        let table = [
            ("a\n", Ok((None, "a\n"))),
            ("", Ok((None, ""))),
            ("---\na: b\n---\nx\n", Ok((Some("a: b\n"), "x\n"))),
            ("---\r\na: b\r\n---\r\nx", Ok((Some("a: b\r\n"), "x"))),
            ("---\n---", Ok((Some(""), ""))),
            ("--- \n---\t\nx", Ok((Some(""), "x"))),
            ("----\na\n----\n", Ok((None, "----\na\n----\n"))),
            ("---\na: b\n", Err(())),
            ("---", Err(())),
        ];
        for (text, expected) in table {
            let found =
                split(text, 0).map(|(front, body)| (front.map(|s| s.of(text).unwrap()), body.of(text).unwrap()));
            assert_eq!(found.map_err(drop), expected, "{text:?}");
        }
    }

    #[test]
    fn keys_are_read() {
        type Expected<'a> = (&'a [&'a str], Option<Option<Level>>);
        let table: [(&str, Expected<'_>); 8] = [
            ("---\npackages: [api, web]\nlevel: minor\n---\n", (&["api", "web"], Some(Some(Level::Minor)))),
            ("---\npackages: [\"@s/api\", 'w b']\n---\n", (&["@s/api", "w b"], None)),
            ("---\npackages:\n  - api # one\n  - web\n---\n", (&["api", "web"], None)),
            ("---\r\npackages:\r\n- api\r\nlevel: none\r\n---\r\n", (&["api"], Some(None))),
            ("---\npackages: api\n---\n", (&["api"], None)),
            ("---\n{packages: [a], level: major}\n---\n", (&["a"], Some(Some(Level::Major)))),
            ("---\n---\n", (&[], None)),
            ("---\n# nothing\n---\n", (&[], None)),
        ];
        for (text, (packages, level)) in table {
            let found = front(text).unwrap();
            assert_eq!((names(&found), found.level), (packages.to_vec(), level), "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let table = [
            ("---\nlevl: minor\n---\n", "2:1 unknown key `levl` in the front matter; did you mean `level`?"),
            ("---\nlevel: huge\n---\n", "2:8 unknown level `huge`; write `patch`, `minor`, `major` or `none`"),
            ("---\nlevel: [minor]\n---\n", "2:8 `level` is a list; write `patch`, `minor`, `major` or `none`"),
            (
                "---\npackages: []\n---\n",
                "2:1 `packages` names no package; name them as in `packages: [api, web]`, or leave the key out",
            ),
            (
                "---\npackages:\n---\n",
                "2:1 `packages` names no package; name them as in `packages: [api, web]`, or leave the key out",
            ),
            (
                "---\nlevel: minor\nlevel: major\n---\n",
                "3:1 duplicate key `level`; write `packages: [api, web]` and, where the type does not say it, `level: minor`",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(front(text).unwrap_err(), expected, "{text:?}");
        }
        for text in ["---\na\n---\n", "---\n- a\n---\n", "---\npackages: {a: b}\n---\n", "---\npackages: [[a]]\n---\n"]
        {
            assert!(front(text).unwrap_err().contains("expected keys with a text or a list each"), "{text:?}");
        }
        for text in ["---\npackages: [a\n---\n", "---\na: b: c\n---\n", "---\n'é\n---\n"] {
            assert!(front(text).unwrap_err().contains("invalid YAML"), "{text:?}");
        }
    }

    #[test]
    fn names_are_taken_out() {
        let table = [
            ("packages: [api, web]", &["api"][..], Some("packages: [web]")),
            ("packages: [api, web]", &["web"], Some("packages: [api]")),
            ("packages: [a, b, c, d]", &["b", "c"], Some("packages: [a, d]")),
            ("packages: [a, b, c, d]", &["a", "c", "d"], Some("packages: [b]")),
            ("packages: [a, b, a]", &["a"], Some("packages: [b]")),
            ("packages: [ 'a' , \"b\" ] # x", &["b"], Some("packages: [ 'a' ] # x")),
            ("packages:\n  - api # one\n  - web", &["api"], Some("packages:\n  - web")),
            ("packages:\r\n- a\r\n- b\r\nlevel: minor", &["b"], Some("packages:\r\n- a\r\nlevel: minor")),
            ("packages: [a, b]", &["a", "b"], None),
            ("packages: a", &["a"], None),
        ];
        for (lines, gone, expected) in table {
            let text = format!("---\n{lines}\n---\nx\n");
            let found = front(&text).unwrap().packages.unwrap();
            let edits = found.without(&text, |name| gone.contains(&name));
            let new = edits.map(|edits| edits.apply(&text).unwrap());
            assert_eq!(new, expected.map(|lines| format!("---\n{lines}\n---\nx\n")), "{lines:?}");
            if let Some(new) = new {
                assert!(names(&front(&new).unwrap()).iter().all(|name| !gone.contains(name)), "{new:?}");
            }
        }
    }
}
