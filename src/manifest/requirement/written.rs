//! [`Written`]: a version as a requirement writes it, perhaps in part.

use crate::text::Span;

/// A version inside a requirement, taken apart no further than rewriting needs.
///
/// Its text is `prefix`, an epoch, the numbers, the wildcards and the suffix, in this order; each part but one of numbers and
/// wildcards may be missing. `v1.2.x-0` has the prefix `v`, the numbers 1 and 2, the wildcards `.x` and the suffix `-0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// All of it, in bytes of the requirement.
    pub(super) span: Span,
    /// A leading `v`, or nothing.
    pub(super) prefix: String,
    /// The numbers before the first wildcard.
    pub(super) numbers: Vec<u64>,
    /// The wildcards with their dots.
    pub(super) wildcards: String,
    /// Prerelease, post release and build, as they are written.
    pub(super) suffix: String,
}

impl Written {
    /// Takes apart `text`, which stands at `span`; `wild` are the characters that are wildcards there.
    ///
    /// # Errors
    /// Returns an error if there is neither a number nor a wildcard, a number behind a wildcard, or one above 18446744073709551615; with
    /// the byte in `text`.
    pub(super) fn new(text: &str, span: Span, wild: &[char]) -> Result<Self, (usize, String)> {
        let rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let prefix = text.strip_suffix(rest).unwrap_or("").to_owned();
        let body = rest.split_once('!').filter(|(epoch, _)| is_number(epoch)).map_or(rest, |(_, body)| body);
        let mut written = Self { span, prefix, numbers: Vec::new(), wildcards: String::new(), suffix: String::new() };
        let mut left = body;
        loop {
            let at = text.len() - left.len();
            let dotted = if left.len() == body.len() { Some(left) } else { left.strip_prefix('.') };
            let Some(part) = dotted else { break };
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let (digits, behind) = part.split_at_checked(end).unwrap_or((part, ""));
            if !digits.is_empty() && written.wildcards.is_empty() {
                let number = digits.parse().map_err(|_| (at, format!("the number {digits} is too large")))?;
                written.numbers.push(number);
                left = behind;
            } else if !digits.is_empty() {
                return Err((at, format!("the number {digits} behind a wildcard says nothing")));
            } else if let Some(behind) = part.strip_prefix(wild) {
                written.wildcards.push_str(left.strip_suffix(behind).unwrap_or(""));
                left = behind;
            } else {
                break;
            }
        }
        if written.numbers.is_empty() && written.wildcards.is_empty() {
            let found = body.chars().next().map_or("its end".to_owned(), |c| format!("`{c}`"));
            return Err((text.len() - body.len(), format!("expected a version, found {found}")));
        }
        left.clone_into(&mut written.suffix);
        Ok(written)
    }

    /// Returns `true` if a wildcard stands in it.
    pub(super) fn is_wild(&self) -> bool {
        !self.wildcards.is_empty()
    }

    /// Returns how many numbers and wildcards there are.
    pub(super) fn places(&self) -> usize {
        self.numbers.len() + self.wildcards.chars().filter(|c| *c != '.').count()
    }

    /// Returns SemVer's prerelease in the suffix, without its hyphen; may be empty.
    pub(super) fn semver_pre(&self) -> &str {
        let suffix = self.suffix.split('+').next().unwrap_or("");
        suffix.strip_prefix('-').unwrap_or("")
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: &[char] = &['x', 'X', '*'];

    #[test]
    fn parts() {
        let rows: [(&str, &str, &[u64], &str, &str); 11] = [
            ("1.2.3", "", &[1, 2, 3], "", ""),
            ("v1.2.x-0", "v", &[1, 2], ".x", "-0"),
            ("*", "", &[], "*", ""),
            ("x.x", "", &[], "x.x", ""),
            ("1.0a1", "", &[1, 0], "", "a1"),
            ("1.0.dev3", "", &[1, 0], "", ".dev3"),
            ("1.0.post1+x.2", "", &[1, 0], "", ".post1+x.2"),
            ("2!1.0.*", "", &[1, 0], ".*", ""),
            ("0.2.0-alpha.1+b.2", "", &[0, 2, 0], "", "-alpha.1+b.2"),
            ("1.2.", "", &[1, 2], "", "."),
            ("007", "", &[7], "", ""),
        ];
        for (text, prefix, numbers, wildcards, suffix) in rows {
            let got = Written::new(text, Span::new(0, text.len()), X).unwrap();
            assert_eq!(got.prefix, prefix, "{text}");
            assert_eq!(got.numbers, numbers, "{text}");
            assert_eq!(got.wildcards, wildcards, "{text}");
            assert_eq!(got.suffix, suffix, "{text}");
        }
    }

    #[test]
    fn no_version() {
        for text in
            ["", "v", "latest", "-1", ".1", "99999999999999999999", "1.99999999999999999999", "é", "!1", "1.x.3"]
        {
            assert!(Written::new(text, Span::new(0, text.len()), X).is_err(), "{text}");
        }
    }
}
