//! The branches that releases may be cut from.

use std::collections::BTreeSet;

use crate::io::{Git, Input};
use crate::snapshot::{Branches, FoundTag, NEWEST_RELEASES, tag_prefixes};

/// So many tags are looked for on other branches.
const MOST_TAGS: usize = 8;

/// Looks at the branches here and those of `origin`. What git does not say is missing.
pub(super) fn release_branches(git: &Git, tags: &[FoundTag], unreached: &BTreeSet<String>) -> Branches {
    let head = git.current_branch().ok().flatten();
    let default = read(git, &["for-each-ref", "--format=%(symref)", "refs/remotes/origin/HEAD"]).pop();
    let default = default.and_then(|name| Some(name.strip_prefix("refs/remotes/origin/")?.to_owned()));
    let forms = tag_prefixes(tags);
    let newest = forms.iter().flat_map(|form| form.newest(NEWEST_RELEASES));
    let beside: BTreeSet<&str> =
        newest.filter(|tag| unreached.contains(&tag.name)).map(|tag| tag.commit.as_str()).take(MOST_TAGS).collect();
    let mut tagged = BTreeSet::new();
    if !beside.is_empty() {
        let mut args = vec!["for-each-ref".to_owned(), "--format=%(refname)".to_owned()];
        args.extend(beside.iter().map(|commit| format!("--contains={commit}")));
        args.extend(["refs/heads".to_owned(), "refs/remotes/origin".to_owned()]);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let short = |name: String| {
            let own = name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/remotes/origin/"))?;
            Some(own.to_owned()).filter(|name| name != "HEAD" && head.as_ref() != Some(name))
        };
        tagged.extend(read(git, &args).into_iter().filter_map(short));
    }
    Branches { head, default, tagged: tagged.into_iter().collect() }
}

/// Returns the lines that git prints; empty if it fails.
fn read(git: &Git, args: &[&str]) -> Vec<String> {
    let run = git.try_read(args, Input::Nothing).ok().filter(|run| run.is_success());
    let output = run.map_or_else(Vec::new, |run| run.stdout);
    String::from_utf8_lossy(&output).lines().map(str::to_owned).collect()
}
