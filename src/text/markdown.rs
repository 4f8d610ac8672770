//! Text in Markdown as GitHub and GitLab show it: nothing in it is markup, or mentions a person.

/// Returns a text for a cell of a table (GFM, section 4.10) or a line of prose. An `@` gets a zero-width space behind it, as `@acme/ui`
/// would notify the members of a team.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '&' | '|') {
            out.push('\\');
        }
        out.push(c);
        if c == '@' {
            out.push_str("&#8203;");
        }
    }
    out
}

/// Returns a text that can be copied as it is, for a cell of a table: a code span (CommonMark, section 6.1), in which GFM wants `|` escaped
/// all the same.
#[must_use]
pub fn markdown_code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{}{space}{fence}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::{markdown, markdown_code};

    #[test]
    fn nothing_is_markup() {
        let table = [
            ("no: api/package.json", "no: api/package.json"),
            ("a|b *c* <d> [e](f) `g`", "a\\|b \\*c\\* \\<d\\> \\[e\\](f) \\`g\\`"),
            ("follows @acme/ui", "follows @&#8203;acme/ui"),
        ];
        for (text, expected) in table {
            assert_eq!(markdown(text), expected);
        }
    }

    #[test]
    fn code_is_delimited_by_what_it_does_not_contain() {
        let table = [
            ("@acme/ui", "`@acme/ui`"),
            ("a|b", "`a\\|b`"),
            ("a`b", "``a`b``"),
            ("``a", "``` ``a ```"),
            ("a*b", "`a*b`"),
        ];
        for (text, expected) in table {
            assert_eq!(markdown_code(text), expected);
        }
    }
}
