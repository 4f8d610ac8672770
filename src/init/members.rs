//! [`MemberGlobs`]: few globs for many folders.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::RepoPath;

/// Above this number of patterns, wider ones are tried.
const ENOUGH: usize = 12;

/// Globs that match some folders, and the other folders that they match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MemberGlobs {
    /// The patterns of `members`.
    pub(super) members: Vec<String>,
    /// The folders for `exclude`.
    pub(super) exclude: Vec<String>,
}

/// Covers the wanted folders, and excludes the others that the patterns match.
pub(super) fn cover(wanted: &[&RepoPath], others: &BTreeSet<RepoPath>) -> MemberGlobs {
    let mut patterns = by(wanted.iter().map(|folder| folder.as_str()), |parts| {
        let (_, parents) = parts.split_last()?;
        Some(parents.iter().map(|part| (*part).to_owned()).chain(["*".to_owned()]).collect())
    });
    if patterns.len() > ENOUGH {
        patterns = by(patterns.iter().map(String::as_str), |parts| {
            let (first, rest) = parts.split_first()?;
            Some(std::iter::once((*first).to_owned()).chain(rest.iter().map(|_| "*".to_owned())).collect())
        });
    }
    if patterns.len() > ENOUGH {
        patterns =
            by(patterns.iter().map(String::as_str), |parts| Some(parts.iter().map(|_| "*".to_owned()).collect()));
    }
    let matched = others.iter().filter(|folder| patterns.iter().any(|pattern| matches(pattern, folder.as_str())));
    MemberGlobs { exclude: matched.map(ToString::to_string).collect(), members: patterns }
}

/// Replaces texts that share a wider pattern by that pattern.
fn by<'t>(texts: impl Iterator<Item = &'t str>, wider: impl Fn(&[&str]) -> Option<Vec<String>>) -> Vec<String> {
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for text in texts {
        let parts: Vec<&str> = text.split('/').collect();
        let pattern = wider(&parts).map_or_else(|| text.to_owned(), |parts| parts.join("/"));
        found.entry(pattern).or_default().push(text);
    }
    let total: usize = found.values().map(Vec::len).sum();
    let shortest = |(pattern, texts): (String, Vec<&str>)| match texts.as_slice() {
        [one] => vec![(*one).to_owned()],
        // Every new folder at the top would be a package.
        few if pattern == "*" && total <= ENOUGH => few.iter().map(|text| (*text).to_owned()).collect(),
        _ => vec![pattern],
    };
    let mut patterns: Vec<String> = found.into_iter().flat_map(shortest).collect();
    patterns.sort();
    patterns
}

/// Returns `true` if a pattern of whole stars and names matches; a star does not match hidden folders.
fn matches(pattern: &str, path: &str) -> bool {
    let fits = |(pattern, part): (&str, &str)| pattern == part || (pattern == "*" && !part.starts_with('.'));
    pattern.split('/').count() == path.split('/').count() && pattern.split('/').zip(path.split('/')).all(fits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::cover;
    use crate::model::RepoPath;

    fn paths(texts: &[&str]) -> Vec<RepoPath> {
        texts.iter().map(|text| RepoPath::new(text).unwrap()).collect()
    }

    #[test]
    fn siblings_share_a_star() {
        let wanted = paths(&["packages/a", "packages/b", "tools/x", "z"]);
        let others: BTreeSet<RepoPath> = paths(&["packages/c", "other/d", "packages/a/deep"]).into_iter().collect();
        let found = cover(&wanted.iter().collect::<Vec<_>>(), &others);
        assert_eq!(found.members, ["packages/*", "tools/x", "z"]);
        assert_eq!(found.exclude, ["packages/c"]);
        let at_top = paths(&["core", "macros"]);
        assert_eq!(cover(&at_top.iter().collect::<Vec<_>>(), &others).members, ["core", "macros"]);
    }

    #[test]
    fn thousands_of_folders_need_few_patterns() {
        let wanted: Vec<RepoPath> =
            (0..2000).map(|n| RepoPath::new(&format!("packages/scope{}/p{n}", n % 500)).unwrap()).collect();
        let found = cover(&wanted.iter().collect::<Vec<_>>(), &BTreeSet::new());
        assert_eq!(found.members, ["packages/*/*"]);
    }
}
