//! Reads Rust source far enough to tell which paths it names: comments and literals taken out, groups of imports unfolded.

/// Returns the code without comments and without what stands in string and character literals; every line keeps its number.
pub fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at).or_else(|| comment_end(&chars, at));
        match end {
            Some(end) => {
                out.push('"');
                out.extend(chars[at..end].iter().filter(|c| **c == '\n'));
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

fn comment_end(chars: &[char], at: usize) -> Option<usize> {
    let starts = |i: usize, pair: [char; 2]| chars.get(i..i + 2) == Some(&pair[..]);
    if starts(at, ['/', '/']) {
        return Some((at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len()));
    }
    if !starts(at, ['/', '*']) {
        return None;
    }
    let (mut depth, mut i) = (0, at);
    while i < chars.len() {
        let step = i32::from(starts(i, ['/', '*'])) - i32::from(starts(i, ['*', '/']));
        depth += step;
        i += if step == 0 { 1 } else { 2 };
        if depth == 0 {
            return Some(i);
        }
    }
    Some(chars.len())
}

fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let in_word = at > 0 && is_word(chars[at - 1]);
    match chars[at] {
        '"' => Some(quoted_end(chars, at, '"')),
        'r' if !in_word || chars[at - 1] == 'b' => raw_end(chars, at),
        '\'' => {
            let escaped = chars.get(at + 1) == Some(&'\\');
            // Anything else behind an apostrophe is a lifetime.
            (escaped || chars.get(at + 2) == Some(&'\'')).then(|| quoted_end(chars, at, '\''))
        }
        _ => None,
    }
}

fn quoted_end(chars: &[char], at: usize, quote: char) -> usize {
    let mut i = at + 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

fn raw_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    let open = at + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |i: &usize| chars[*i] == '"' && chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    Some((open + 1..chars.len()).find(closes).map_or(chars.len(), |i| i + 1 + hashes))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A path that the code names, as `["crate", "model", "Version"]`.
pub struct Named {
    /// The line, from 1.
    pub line: usize,
    /// Where in the code it starts.
    pub offset: usize,
    /// The parts, at least two; `*` for a glob.
    pub parts: Vec<String>,
}

/// Returns every path of the code that starts with one of these words, groups unfolded: `std::{fs, io::Read}` is two.
pub fn paths_from(code: &str, roots: &[&str]) -> Vec<Named> {
    let mut found = Vec::new();
    for root in roots {
        for (offset, _) in code.match_indices(root) {
            let before = code[..offset].chars().next_back();
            let behind = code[offset + root.len()..].trim_start();
            let inside = before.is_some_and(is_word) || code[..offset].trim_end().ends_with("::");
            let Some(rest) = behind.strip_prefix("::").filter(|_| !inside) else { continue };
            let line = code[..offset].matches('\n').count() + 1;
            let mut paths = Vec::new();
            unfold(rest, &[(*root).to_owned()], &mut paths);
            found.extend(paths.into_iter().map(|parts| Named { line, offset, parts }));
        }
    }
    found
}

/// Reads one tree of paths and returns what stands behind it.
fn unfold<'a>(rest: &'a str, prefix: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut inner) = rest.strip_prefix('{') {
        loop {
            inner = inner.trim_start();
            if inner.is_empty() {
                return inner;
            }
            if let Some(behind) = inner.strip_prefix('}') {
                return behind;
            }
            let before = inner.len();
            inner = unfold(inner, prefix, found).trim_start();
            inner = inner.strip_prefix(',').unwrap_or(inner);
            if inner.len() == before {
                return inner;
            }
        }
    }
    let end = if rest.starts_with('*') { 1 } else { rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()) };
    let (word, behind) = rest.split_at(end);
    if word.is_empty() {
        return behind;
    }
    let path: Vec<String> = prefix.iter().cloned().chain([word.to_owned()]).collect();
    if let Some(deeper) = behind.trim_start().strip_prefix("::").filter(|deeper| !deeper.trim_start().starts_with('<'))
    {
        return unfold(deeper, &path, found);
    }
    found.push(path);
    // `a as b` inside a group: the new name is no path.
    let renamed = behind.trim_start().strip_prefix("as ").map(|name| name.trim_start().trim_start_matches(is_word));
    renamed.unwrap_or(behind)
}

#[test]
fn comments_and_literals_are_taken_out() {
    let table = [
        ("a // crate::b\nc", "a \"\nc"),
        ("a /* x /* y */ \n z */ b", "a \"\n b"),
        (r#"f("a\"b", 'c')"#, "f(\", \")"),
        ("r#\"a\"b\"# + br\"c\"", "\" + b\""),
        ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
        (r"'\'' 'x' '\u{e9}'", "\" \" \""),
        ("for r in rest", "for r in rest"),
        ("\"open", "\""),
        ("/* open", "\""),
    ];
    for (text, expected) in table {
        assert_eq!(code_of(text), expected);
    }
}

#[test]
fn paths_are_unfolded() {
    let table = [
        ("use crate::model::Version;", vec!["crate::model::Version"]),
        ("use crate::{io, plan::{Plan, Step as S}};", vec!["crate::io", "crate::plan::Plan", "crate::plan::Step"]),
        ("use crate::{\n    text::*,\n    io as door, cli,\n};", vec!["crate::text::*", "crate::io", "crate::cli"]),
        ("let x = crate::io::read::<u8>(crate :: text :: BOM);", vec!["crate::io::read", "crate::text::BOM"]),
        ("pub(crate) fn crater() {}", vec![]),
        ("crate::a::<B>::c()", vec!["crate::a"]),
        ("use other::crate_x::y;", vec![]),
    ];
    for (code, expected) in table {
        let found: Vec<String> = paths_from(code, &["crate"]).iter().map(|p| p.parts.join("::")).collect();
        assert_eq!(found, expected, "{code}");
    }
}
