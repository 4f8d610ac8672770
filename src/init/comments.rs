//! How texts are written to the file: quoted, or in a comment.

/// Writes a text as a string of TOML 1.0.
pub(super) fn quoted(text: &str) -> String {
    let literal = text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(|c: char| c.is_control());
    if literal {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writes a key of TOML 1.0: bare where it can be.
pub(super) fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { text.to_owned() } else { quoted(text) }
}

/// Writes texts as an array, on several lines if it is long.
pub(super) fn array<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.map(quoted).collect();
    let line = format!("[{}]", texts.join(", "));
    if line.chars().count() <= 100 {
        return line;
    }
    format!("[\n  {},\n]", texts.join(",\n  "))
}

/// Writes a comment, wrapped after a number of words; control characters in names of files become question marks.
pub(super) fn comment(text: &str) -> String {
    let mut out = String::new();
    let mut line = String::from("#");
    for word in text.split(' ') {
        if line.len() + word.len() > 118 && line.len() > 1 {
            out.push_str(&line);
            out.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.extend(word.chars().map(|c| if c.is_control() { '?' } else { c }));
    }
    out + &line + "\n"
}

/// Returns a text for a comment behind a value: control characters become question marks.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{comment, key, quoted};

    #[test]
    fn every_text_can_stand_in_the_file() {
        for text in ["a", "@scope/a", "a \"b\" 'c'", "__version__ = \"{version}\"", "\\", "tab\tline\n", "\u{7f}\u{1}é"]
        {
            let written = format!("{} = {}", key(text), quoted(text));
            let read: toml_edit::DocumentMut = written.parse().unwrap();
            assert_eq!(read.get(text).and_then(|item| item.as_str()), Some(text), "{written}");
            let commented: toml_edit::DocumentMut = comment(text).parse().unwrap();
            assert!(commented.is_empty(), "{text}");
        }
    }
}
