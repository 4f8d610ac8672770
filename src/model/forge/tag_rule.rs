//! [`TagRule`].

use serde::{Deserialize, Serialize};

/// A pattern of tags that the forge protects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TagRule {
    /// The pattern, with `*`, as the forge shows it, without `refs/tags/`.
    pub pattern: String,
    /// Whether the token's account may create such tags; `None` if the forge does not say.
    pub may_create: Option<bool>,
}

impl TagRule {
    /// Returns `true` if a tag falls under the pattern, in which `*` is any text.
    #[must_use]
    pub fn covers(&self, tag: &str) -> bool {
        let mut parts = self.pattern.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = tag.strip_prefix(first) else { return false };
        let mut parts: Vec<&str> = parts.collect();
        let Some(last) = parts.pop() else { return rest.is_empty() };
        // The first place for each part leaves the most to the others.
        for part in parts {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::TagRule;

    #[test]
    fn tags_under_a_pattern() {
        let table = [
            ("v*", "v1.0.0", true),
            ("v*", "api-v1.0.0", false),
            ("*", "anything/at all", true),
            ("v1", "v1", true),
            ("v1", "v1.0", false),
            ("*-v*.0", "api-v1.0", true),
            ("*-v*.0", "api-v1.1", false),
            ("a*a", "a", false),
            ("a*b*c", "abbc", true),
            ("**", "v1", true),
        ];
        for (pattern, tag, expected) in table {
            let rule = TagRule { pattern: pattern.to_owned(), may_create: None };
            assert_eq!(rule.covers(tag), expected, "{pattern} {tag}");
        }
    }
}
