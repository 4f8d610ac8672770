//! [`anchors`]: the links of a page, as far as a simple index needs them.

/// A link of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Names in lower case.
    attributes: Vec<String>,
    /// The text up to the next tag, without white space around it.
    pub(super) text: String,
}

impl Anchor {
    /// Returns `true` if the link has an attribute, whatever its value.
    pub(super) fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|name| name == attribute)
    }
}

/// Returns the links of a page in their order.
pub(super) fn anchors(page: &str) -> Vec<Anchor> {
    let (mut found, mut rest) = (Vec::new(), page);
    while let Some((_, tag)) = rest.split_once('<') {
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
            continue;
        }
        let (name, inside) = split_at(tag, |c| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
        let (attributes, behind) = attributes(inside);
        if name.eq_ignore_ascii_case("a") {
            let text = behind.split('<').next().unwrap_or_default();
            found.push(Anchor { attributes, text: unescaped(text.trim()) });
        }
        rest = behind;
    }
    found
}

/// Returns the names of the attributes of a tag, and what is after the tag.
fn attributes(inside: &str) -> (Vec<String>, &str) {
    let (mut names, mut rest) = (Vec::new(), inside);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(behind) = rest.strip_prefix('>') {
            return (names, behind);
        }
        let (name, behind) = split_at(rest, |c| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '='));
        let value = behind.trim_start().strip_prefix('=').map(str::trim_start);
        if name.is_empty() && value.is_none() {
            return (names, "");
        }
        names.push(name.to_ascii_lowercase());
        rest = value.map_or(behind, after_value);
    }
}

/// Returns what is after the value of an attribute.
fn after_value(value: &str) -> &str {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.splitn(3, quote).nth(2).unwrap_or_default(),
        _ => split_at(value, |c| c.is_ascii_whitespace() || c == '>').1,
    }
}

/// Splits a text before the first of these characters, else at its end.
fn split_at(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

/// Replaces the character references that occur in names of files.
fn unescaped(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, reference)) = rest.split_once('&') {
        out.push_str(before);
        let read = reference.split_once(';').and_then(|(name, behind)| Some((character(name)?, behind)));
        let (c, behind) = read.unwrap_or(('&', reference));
        out.push(c);
        rest = behind;
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "plus" => Some('+'),
        "excl" => Some('!'),
        _ => {
            let number = name.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16).ok());
            char::from_u32(hexadecimal.unwrap_or_else(|| number.parse().ok())?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_are_found() {
        let page = r#"<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"><title>Links for a</title></head>
            <body><h1>Links</h1><!-- <a href="x">hidden-1.0.zip</a> -->
            <a href="a-1.0.tar.gz#sha256=1" data-requires-python="&gt;=3.8 > x" >a-1.0.tar.gz</a><br/>
            <A HREF='a' Data-Yanked="bad > good"
              data-provenance=https://p >
              a-1.0+l&amp;&#43;&#x21;&nope;.whl
            </A><abbr>no</abbr><a data-yanked>b</a><a/data-yanked/>c</a><a href="unclosed"#;
        let shown: Vec<String> = anchors(page)
            .iter()
            .map(|anchor| {
                let sign = |name, sign| if anchor.has(name) { sign } else { "" };
                format!("{}{}{}", anchor.text, sign("data-yanked", " yanked"), sign("data-provenance", " attested"))
            })
            .collect();
        assert_eq!(shown, ["a-1.0.tar.gz", "a-1.0+l&+!&nope;.whl yanked attested", "b yanked", "c yanked", ""]);
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(page in r#"([<>a/='"!&;# -]|<a |-->|<!--|data-yanked|&#x|é)*"#) {
            prop_assert!(anchors(&page).len() <= page.matches('<').count());
        }
    }
}
