//! Files that changed with every one of the newest releases, as they are now and as these releases had them.
//!
//! What changed between the newest tags of a form is found by one process for all forms, and what the files held by two more: first at the
//! newest tag, where most turn out not to hold its version, then at the others.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::tree::Tree;
use crate::io::{CommitPair, Git, GitError};
use crate::manifest::ManifestType;
use crate::model::{RepoPath, Version, WorkspacePrefix};
use crate::snapshot::{FollowedFile, FoundTag, NEWEST_RELEASES, Tagged, tag_prefixes};
use crate::workspace::folder_of_others;

/// The releases of so many forms are compared with the ones before them; in larger repositories, a tagged commit is compared with its parent.
const FORMS: usize = 8;

/// So many forms are looked at in all.
const MOST_FORMS: usize = 200;

/// So many files of one form are looked at.
const MOST_FILES: usize = 500;

/// Larger files are generated ones.
const LARGEST: usize = 256 * 1024;

/// The files of release-please.
const RELEASE_PLEASE: [&str; 2] = ["release-please-config.json", ".release-please-manifest.json"];

/// What its marks begin with.
const MARK: &str = "x-release-please-";

/// How the names of files begin that collect one entry for each release.
const JOURNALS: [&str; 6] = ["changelog", "changes", "history", "news", "release", "whatsnew"];

/// Where files are looked for.
pub(super) struct Following<'a> {
    /// The repository.
    pub(super) git: &'a Git,
    /// The folder of the workspace.
    pub(super) prefix: &'a WorkspacePrefix,
    /// The files of today.
    pub(super) tree: &'a dyn Tree,
    /// Their paths.
    pub(super) files: &'a [RepoPath],
    /// The versions that manifests hold today.
    pub(super) versions: &'a BTreeSet<Version>,
}

/// The newest releases of one form, the newest first.
struct Series {
    releases: Vec<(String, Version)>,
    /// The indices of what changed with each of them.
    pairs: Vec<usize>,
}

impl Following<'_> {
    /// Reads the files that may hold the versions of tags.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub(super) fn read(&self, tags: &[FoundTag]) -> Result<BTreeMap<RepoPath, FollowedFile>, GitError> {
        let (series, pairs) = series(tags, self.versions);
        let files: BTreeSet<&str> = self.files.iter().filter(|path| may_follow(path)).map(RepoPath::as_str).collect();
        let mut changed: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); pairs.len()];
        self.git.changed_paths(&pairs, |index, change| {
            let path = std::str::from_utf8(change.path).ok().and_then(|path| files.get(self.prefix.strip(path)?));
            if let Some((path, changed)) = path.zip(changed.get_mut(index)) {
                changed.insert(path);
            }
        })?;
        let mut asked: BTreeMap<(&str, &str), Vec<&Version>> = BTreeMap::new();
        let mut later: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for series in &series {
            let Some(((newest, version), older)) = series.releases.split_first() else { continue };
            let older: Vec<&str> = older.iter().map(|(commit, _)| commit.as_str()).collect();
            for path in in_all(&series.pairs, &changed).into_iter().take(MOST_FILES) {
                asked.entry((newest, path)).or_default().push(version);
                later.entry((newest, path)).or_default().extend(&older);
            }
        }
        let asked: Vec<((&str, &str), Vec<&Version>)> = asked.into_iter().collect();
        let mut found: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        let mut rest = BTreeSet::new();
        self.objects(asked.iter().map(|(at, _)| *at), |index, text| {
            let is_one = |(_, versions): &&(_, Vec<&Version>)| versions.iter().any(|version| holds(&text, version));
            let Some((at, _)) = asked.get(index).filter(is_one) else { return };
            found.entry(at.1).or_default().insert(at.0.to_owned(), text);
            rest.extend(later.get(at).into_iter().flatten().map(|commit| (*commit, at.1)));
        })?;
        let rest: Vec<(&str, &str)> = rest.into_iter().collect();
        self.objects(rest.iter().copied(), |index, text| {
            if let Some((commit, path)) = rest.get(index) {
                found.entry(path).or_default().insert((*commit).to_owned(), text);
            }
        })?;
        let marked = self.marked();
        for path in &marked {
            found.entry(path).or_default();
        }
        let now = |(path, then): (&str, BTreeMap<String, String>)| {
            let path = RepoPath::new(path).ok()?;
            let now = self.tree.read(&path).ok()?;
            Some((path, FollowedFile { now, then }))
        };
        Ok(found.into_par_iter().filter_map(now).collect::<Vec<_>>().into_iter().collect())
    }

    /// The files with marks for release-please, where it is in use.
    fn marked(&self) -> Vec<String> {
        let is_used = self.files.iter().any(|path| RELEASE_PLEASE.contains(&path.file_name()));
        let found = if is_used { self.git.files_with(MARK).unwrap_or_default() } else { Vec::new() };
        let own = found.iter().filter_map(|path| RepoPath::new(self.prefix.strip(path)?).ok());
        own.filter(may_follow).map(|path| path.to_string()).collect()
    }

    fn objects<'t>(
        &self,
        places: impl Iterator<Item = (&'t str, &'t str)>,
        mut on_text: impl FnMut(usize, String),
    ) -> Result<(), GitError> {
        let names: Vec<String> = places.map(|(commit, path)| format!("{commit}:{}", self.prefix.join(path))).collect();
        self.git.objects(&names, LARGEST, |index, bytes| {
            String::from_utf8(bytes).into_iter().for_each(|text| on_text(index, text));
        })
    }
}

/// Returns the newest releases of each form, and those from the highest version of today on downwards, where tags of something else are above
/// it; and the commits to compare.
fn series(tags: &[FoundTag], versions: &BTreeSet<Version>) -> (Vec<Series>, Vec<CommitPair>) {
    let mut forms = tag_prefixes(tags);
    forms.sort_by_key(|form| (!form.is_bare(), std::cmp::Reverse(form.tags.len())));
    let is_few = forms.len() <= FORMS;
    let mut pairs: Vec<CommitPair> = Vec::new();
    let mut known: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut index = |commit: &str, parent: Option<&String>| {
        *known.entry((commit.to_owned(), parent.cloned())).or_insert_with(|| {
            pairs.push(CommitPair { commit: commit.to_owned(), parent: parent.cloned() });
            pairs.len() - 1
        })
    };
    let mut found = Vec::new();
    for (at, form) in forms.iter().enumerate().take(MOST_FORMS) {
        let of = |tags: Vec<&Tagged>| -> Vec<(String, Version)> {
            tags.into_iter().map(|tag| (tag.commit.clone(), tag.version.clone())).collect()
        };
        let mut lines = vec![of(form.newest(NEWEST_RELEASES)), of(form.newest_held(versions, NEWEST_RELEASES))];
        lines.dedup();
        let is_compared = is_few || (form.is_bare() && at < FORMS);
        for releases in lines.into_iter().filter(|releases| releases.len() > 1) {
            let after: Vec<(&String, Option<&String>)> = match is_compared {
                true => releases.iter().zip(releases.iter().skip(1)).map(|((a, _), (b, _))| (a, Some(b))).collect(),
                false => releases.iter().map(|(commit, _)| (commit, None)).collect(),
            };
            let pairs = after.into_iter().map(|(commit, parent)| index(commit, parent)).collect();
            found.push(Series { releases, pairs });
        }
    }
    (found, pairs)
}

/// Returns the paths that are in each of some sets.
fn in_all<'t>(sets: &[usize], changed: &[BTreeSet<&'t str>]) -> Vec<&'t str> {
    let mut sets = sets.iter().filter_map(|index| changed.get(*index));
    let first = sets.next().cloned().unwrap_or_default();
    let rest: Vec<&BTreeSet<&str>> = sets.collect();
    first.into_iter().filter(|path| rest.iter().all(|set| set.contains(path))).collect()
}

/// Returns `true` if a file may hold a version that is not read in another way, and one version only.
fn may_follow(path: &RepoPath) -> bool {
    let name = path.file_name().to_lowercase();
    let is_journal = JOURNALS.iter().any(|start| name.starts_with(start)) && !name.ends_with(".py");
    // A file that should hold a version and nothing else may hold more.
    // A chart may hold the version of a program, and a package.json that of what is built beside it.
    let other = [ManifestType::Plain, ManifestType::Chart, ManifestType::PackageJson];
    let kind = ManifestType::of_file(path.file_name()).filter(|kind| !other.contains(kind));
    // A Gemfile.lock names the gem of its own folder in words that no type reads.
    let is_known = kind.is_some() || (name.ends_with(".lock") && name != "gemfile.lock");
    !is_journal && !is_known && path.parent().is_none_or(|folder| folder_of_others(&folder).is_none())
}

/// Returns `true` if a text has the numbers of a version, however it goes on.
fn holds(text: &str, version: &Version) -> bool {
    let numbers: Vec<String> = version.release.iter().map(ToString::to_string).collect();
    text.contains(&numbers.join("."))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{in_all, may_follow, series};
    use crate::model::RepoPath;
    use crate::snapshot::FoundTag;

    #[test]
    fn files_that_are_read_otherwise_and_journals_are_left_out() {
        for (path, expected) in [
            ("README.md", true),
            ("deploy/values.yaml", true),
            ("src/release.py", true),
            ("package.json", true),
            ("Cargo.toml", false),
            ("Gemfile.lock", true),
            ("flake.lock", false),
            ("docs/CHANGELOG.md", false),
            ("docs/release-notes.md", false),
            ("vendor/a/README.md", false),
        ] {
            assert_eq!(may_follow(&RepoPath::new(path).unwrap()), expected, "{path}");
        }
    }

    #[test]
    fn each_release_is_compared_with_the_one_before() {
        let tag = |name: &str, commit: &str| FoundTag { name: name.to_owned(), commit: commit.to_owned() };
        let tags =
            [tag("v1.0.0", "a"), tag("v1.1.0", "b"), tag("v1.2.0", "c"), tag("v1.3.0", "d"), tag("x-1.0.0", "a")];
        let (found, pairs) = series(&tags, &BTreeSet::new());
        let shown: Vec<_> = pairs.iter().map(|pair| (pair.commit.as_str(), pair.parent.as_deref())).collect();
        assert_eq!(shown, [("d", Some("c")), ("c", Some("b"))]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].releases.len(), 3);
    }

    #[test]
    fn a_file_has_to_change_each_time() {
        let changed = [BTreeSet::from(["a", "b"]), BTreeSet::from(["b", "c"])];
        assert_eq!(in_all(&[0, 1], &changed), ["b"]);
        assert_eq!(in_all(&[], &changed), Vec::<&str>::new());
    }
}
