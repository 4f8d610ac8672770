//! Tags that git could not make: names that it does not allow, and names that conflict with each other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use super::release_plan::{Refusal, RefusalCode, TagPlan};

/// Tag names, compared as the file system compares them. Git keeps tags as files in folders, so `api` leaves no room for `api/v1`; and
/// on a file system that ignores case, `V1` and `v1` are one tag.
pub(super) struct TagFiles<'a> {
    ignores_case: bool,
    names: BTreeMap<Cow<'a, str>, &'a str>,
}

impl<'a> TagFiles<'a> {
    /// Collects the existing names.
    pub(super) fn new(ignores_case: bool, names: impl Iterator<Item = &'a str>) -> Self {
        Self { ignores_case, names: names.map(|name| (key(ignores_case, name), name)).collect() }
    }

    /// Returns a tag beside which one of this name cannot exist: the same file, a file in the place of a folder, or the reverse.
    pub(super) fn rival(&self, name: &str) -> Option<&'a str> {
        let own = key(self.ignores_case, name);
        let folders = own.match_indices('/').filter_map(|(at, _)| own.get(..at));
        let above = folders.chain([own.as_ref()]).find_map(|folder| self.names.get(folder));
        let start = format!("{own}/");
        let from = (Bound::Included(start.as_str()), Bound::Unbounded);
        let below = || self.names.range::<str, _>(from).next().filter(|(key, _)| key.starts_with(&start));
        above.or_else(|| below().map(|(_, name)| name)).copied()
    }

    fn insert(&mut self, name: &'a str) {
        self.names.insert(key(self.ignores_case, name), name);
    }
}

fn key(ignores_case: bool, name: &str) -> Cow<'_, str> {
    if ignores_case { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
}

/// Returns a refusal for each tag whose name git cannot hold, and for each that conflicts with another one of the same run.
pub(super) fn impossible_tags(tags: &[TagPlan], ignores_case: bool) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut planned = TagFiles::new(ignores_case, std::iter::empty());
    for tag in tags {
        let name = tag.name.as_str();
        if let Err(error) = tag.name.check() {
            let message = format!("`{}` cannot be tagged: {error}", tag.package);
            let help = "give it another `tag` in relman.toml, or release it with --no-tag".to_owned();
            refusals.push(Refusal { code: RefusalCode::TagName, message, help: Some(help) });
        }
        if let Some(rival) = planned.rival(name) {
            refusals.push(in_the_way(tag, rival, "of the same run"));
        }
        planned.insert(name);
    }
    refusals
}

/// Reports that a tag cannot exist together with another one.
pub(super) fn in_the_way(tag: &TagPlan, rival: &str, whose: &str) -> Refusal {
    let name = tag.name.as_str();
    let is_folder = |above: &str, below: &str| {
        below.get(..above.len()).is_some_and(|head| head.eq_ignore_ascii_case(above))
            && below.get(above.len()..).is_some_and(|rest| rest.starts_with('/'))
    };
    let why = if name == rival {
        "their names are the same"
    } else if is_folder(name, rival) || is_folder(rival, name) {
        "git cannot hold a tag and a folder of tags under one name"
    } else {
        "this file system ignores case"
    };
    let message = format!("`{}` cannot be tagged {name} beside the tag {rival} {whose}: {why}", tag.package);
    let help = "give the package another `tag` in relman.toml, or remove the other tag".to_owned();
    Refusal { code: RefusalCode::TagExists, message, help: Some(help) }
}

#[cfg(test)]
mod tests {
    use super::{TagFiles, impossible_tags};
    use crate::model::{PackageId, TagName};
    use crate::plan::{RefusalCode, TagPlan};

    #[test]
    fn tags_that_are_in_the_way_of_others() {
        let there = ["api", "b/v1/notes", "b/v2-x", "V3", "b.v4"];
        let cases = [
            ("api", false, Some("api")),
            ("api/v1", false, Some("api")),
            ("api/v1/x", false, Some("api")),
            ("apis/v1", false, None),
            ("b/v1", false, Some("b/v1/notes")),
            ("b", false, Some("b/v1/notes")),
            ("b/v2", false, None),
            ("b.v", false, None),
            ("API/v1", false, None),
            ("API/v1", true, Some("api")),
            ("v3", false, None),
            ("v3", true, Some("V3")),
            ("v3/x", true, Some("V3")),
            ("B/V1", true, Some("b/v1/notes")),
        ];
        for (name, ignores_case, expected) in cases {
            assert_eq!(TagFiles::new(ignores_case, there.into_iter()).rival(name), expected, "{name} {ignores_case}");
        }
    }

    #[test]
    fn tags_of_one_run_that_cannot_be_made() {
        let refused = |names: &[&str], ignores_case| {
            let tag = |name: &&str| TagPlan {
                name: TagName::new(*name),
                package: PackageId::new(*name),
                message: String::new(),
                sign: false,
            };
            let tags: Vec<TagPlan> = names.iter().map(tag).collect();
            let codes = impossible_tags(&tags, ignores_case).into_iter().map(|refusal| refusal.code);
            codes.collect::<Vec<_>>()
        };
        use RefusalCode::{TagExists, TagName as BadName};
        assert_eq!(refused(&["a/v1", "b/v1"], true), []);
        assert_eq!(refused(&["v1", "v1/b"], false), [TagExists]);
        assert_eq!(refused(&["v1/b", "v1"], false), [TagExists]);
        assert_eq!(refused(&["v1", "v1"], false), [TagExists]);
        assert_eq!(refused(&["A-v1", "a-v1"], false), []);
        assert_eq!(refused(&["A-v1", "a-v1"], true), [TagExists]);
        assert_eq!(refused(&["a.lock", &"x".repeat(251)], false), [BadName, BadName]);
    }
}
