//! [`Config::is_hotfix`]: which branches are those of hotfixes. Their names say so, so that a fresh clone knows it, too.

use super::hotfix::HotfixConfig;
use super::release_text::ReleaseText;
use super::relman_toml::Config;

/// What stands for a value while the rest of a name is compared. No branch has it in its name.
const VALUE: &str = "\0";

impl Config {
    /// Returns `true` if a branch has the name of a hotfix. Without `[hotfix]` its name has to have one of these tags in it.
    #[must_use]
    pub fn is_hotfix<'t>(&self, branch: &str, mut tags: impl Iterator<Item = &'t str>) -> bool {
        let release = self.release.as_ref();
        let mut shipping = release.into_iter().flat_map(|release| [&release.integration, &release.production]);
        if shipping.any(|name| name.as_deref() == Some(branch)) {
            return false;
        }
        match &self.hotfix {
            Some(hotfix) => hotfix.is_recognizable() && has_shape(&hotfix.branch, branch),
            None => {
                let rest = branch.strip_prefix("hotfix/").unwrap_or("");
                !rest.is_empty() && tags.any(|tag| rest.strip_prefix(tag).is_some_and(|rest| rest.starts_with('-')))
            }
        }
    }
}

impl HotfixConfig {
    /// Returns `true` if the name of a branch shows that it is a hotfix: it does if some of its text is always the same.
    #[must_use]
    pub fn is_recognizable(&self) -> bool {
        literals(&self.branch).iter().any(|text| !text.is_empty())
    }
}

/// Returns the texts around the placeholders: one more than there are of these.
fn literals(text: &ReleaseText) -> Vec<String> {
    text.fill(|_| VALUE.to_owned()).split(VALUE).map(str::to_owned).collect()
}

/// Returns `true` if a text is what a template gives for some values, none of which is empty.
fn has_shape(template: &ReleaseText, text: &str) -> bool {
    let literals = literals(template);
    let Some((first, rest)) = literals.split_first() else { return false };
    let Some(mut left) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, inner)) = rest.split_last() else { return left.is_empty() };
    for literal in inner {
        // Every value has at least one character.
        let start = left.chars().next().map_or(0, char::len_utf8);
        let Some(at) = left.get(start..).and_then(|behind| behind.find(literal.as_str())).filter(|_| start > 0) else {
            return false;
        };
        left = left.get(start + at + literal.len()..).unwrap_or("");
    }
    left.strip_suffix(last.as_str()).is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::config::Config;
    use crate::model::RepoPath;

    fn config(text: &str) -> Config {
        Config::parse(&RepoPath::new("relman.toml").unwrap(), &Arc::from(text)).unwrap()
    }

    #[test]
    fn a_branch_is_a_hotfix_by_its_name() {
        let table = [
            ("", "hotfix/v1.0.0-leak", true),
            ("", "hotfix/v1.0.1-leak", false),
            ("", "hotfix/v1.0.0", false),
            ("", "main", false),
            ("[hotfix]\n", "hotfix/v1.0.1-leak", true),
            ("[hotfix]\n", "hotfix/-", false),
            ("[hotfix]\nbranch = \"fix/{slug}\"\n", "fix/leak", true),
            ("[hotfix]\nbranch = \"fix/{slug}\"\n", "fix/", false),
            ("[hotfix]\nbranch = \"fix/{slug}\"\n", "feature/fix/leak", false),
            ("[hotfix]\nbranch = \"{slug}-fix\"\n", "leak-fix", true),
            ("[hotfix]\nbranch = \"{slug}\"\n", "leak", false),
            ("[release]\nproduction = \"fix/main\"\n[hotfix]\nbranch = \"fix/{slug}\"\n", "fix/main", false),
        ];
        for (text, branch, expected) in table {
            assert_eq!(config(text).is_hotfix(branch, ["v1.0.0"].into_iter()), expected, "{text:?} {branch}");
        }
    }
}
