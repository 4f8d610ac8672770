//! A file that holds a version and nothing else, such as `VERSION`.

use super::{Found, VersionPlace};
use crate::data::{Fault, Scalar, Style};
use crate::text::{Span, without_bom};

/// Finds the one line of the text, white space around it and a `v` before its number aside.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let (body, bom) = without_bom(text);
    let content = body.trim();
    let start = bom + (body.len() - body.trim_start().len());
    let span = Span::new(start, start + content.len());
    if content.is_empty() {
        let fault = Fault::new(span, "the file is empty, expected a version");
        return Err(vec![fault.help("write the current version into it")]);
    }
    if let Some(end) = content.find(['\n', '\r']) {
        let fault = Fault::new(
            Span::new(start + end, span.end),
            "the file goes on behind its first line, expected one line with the version",
        );
        return Err(vec![
            fault.help("name the line with `search` in relman.toml, for example search = \"version: {version}\""),
        ]);
    }
    let scalar = Scalar { span, text: content.to_owned(), style: Style::Bare };
    Ok(Found { versions: vec![VersionPlace::behind_v("version", scalar)], ..Found::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_is_the_version() {
        for text in ["1.2.3", "1.2.3\n", "\u{feff}1.2.3\r\n\r\n", "\n\t 1.2.3 \n", "v1.2.3\n", "\u{feff}  v1.2.3"] {
            let found = find(text).unwrap();
            let scalar = &found.versions[0].scalar;
            assert_eq!((scalar.text.as_str(), scalar.span.of(text)), ("1.2.3", Some("1.2.3")), "{text:?}");
        }
        assert_eq!(find("version").unwrap().versions[0].scalar.text, "version");
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, message, start) in [
            ("", "the file is empty, expected a version", 0),
            ("\u{feff}\r\n", "the file is empty, expected a version", 5),
            ("1.2.3\n\nnext\n", "the file goes on behind its first line, expected one line with the version", 5),
            ("1.2.3\rnext", "the file goes on behind its first line, expected one line with the version", 5),
        ] {
            let fault = find(text).unwrap_err().remove(0);
            assert_eq!((fault.message.as_str(), fault.span.start), (message, start), "{text:?}");
            assert!(fault.help.is_some());
        }
    }
}
