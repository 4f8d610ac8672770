//! What is wanted of the history: for each package the changes since its last release.

use super::{BumpSpec, LARGEST_MANIFEST, Wanted};
use crate::config::LastTag;
use crate::io::{CatFile, GitError};
use crate::model::{PackageIx, TagTemplate, Version};
use crate::workspace::Package;

impl<'a> BumpSpec<'a> {
    /// Returns what is wanted: the changes since the last release of each package, and of some since their last stable one.
    ///
    /// # Errors
    /// Returns an error if git fails.
    pub(super) fn requested_ranges(&self) -> Result<Vec<Wanted<'a>>, GitError> {
        let mut wanted: Vec<Wanted<'_>> =
            self.packages.entries().map(|(at, package)| self.tags_of(at, package)).collect();
        let finals: Vec<Wanted<'_>> =
            wanted.iter().filter(|w| self.finals.contains(&w.package)).filter_map(|w| self.since_final(w)).collect();
        wanted.extend(finals);
        self.find_new(wanted.iter_mut().filter(|wanted| wanted.tags.is_empty()).collect())?;
        Ok(wanted)
    }

    /// Finds the packages without a tag that have never been in a commit.
    pub(super) fn find_new(&self, untagged: Vec<&mut Wanted<'_>>) -> Result<(), GitError> {
        if untagged.is_empty() {
            return Ok(());
        }
        let head = CatFile::start(self.git)?;
        // A clone without blobs may lack the manifest's bytes; its tree still has the name.
        let is_absent = |path: &String| {
            let is_read = head.read(&format!("{}:{path}", self.head), LARGEST_MANIFEST)?.is_some();
            Ok::<_, GitError>(!is_read && !self.git.has_file(self.head, path)?)
        };
        for wanted in untagged {
            wanted.is_new = match &wanted.manifest {
                Some(path) => is_absent(path)?,
                None => self.packages[wanted.package].from_tag.is_none(),
            };
        }
        Ok(())
    }

    /// Skips the prereleases of a package, if it has any.
    fn since_final(&self, wanted: &Wanted<'a>) -> Option<Wanted<'a>> {
        let tags: Vec<_> = wanted.tags.iter().filter(|(version, ..)| !version.is_prerelease()).cloned().collect();
        let is_prerelease = || self.packages[wanted.package].version().is_some_and(Version::is_prerelease);
        let has_prereleases = tags.len() < wanted.tags.len() || (wanted.is_never_tagged && is_prerelease());
        has_prereleases.then(|| Wanted {
            tags,
            is_final: true,
            manifest: wanted.manifest.clone(),
            changed: None,
            ..*wanted
        })
    }

    fn tags_of(&self, at: PackageIx, package: &Package) -> Wanted<'a> {
        let template = package.release_tags();
        let prefix = template.map_or("", TagTemplate::prefix);
        let start = self.tags.partition_point(|(name, _)| name.as_str() < prefix);
        let near = self.tags.iter().skip(start).take_while(|(name, _)| name.starts_with(prefix));
        let version_of = |name: &str| template?.matches(name).filter(|_| !package.ignores(name));
        let is_limited = self.config.workspace.last_tag == LastTag::MergeBase && package.has_tags();
        let limit = package.version().filter(|_| is_limited && package.from_tag.is_none());
        let mut tags: Vec<(Version, &str, &str)> = near
            .filter_map(|(name, commit)| Some((version_of(name)?, name.as_str(), commit.as_deref()?)))
            .filter(|(version, ..)| limit.is_none_or(|limit| version <= limit))
            .collect();
        if package.shares_tags
            && let Some((_, last)) = package.last_of(tags.iter().map(|(version, ..)| ((), version.clone())))
        {
            tags.retain(|(version, ..)| *version <= last);
        }
        tags.sort_by(|a, b| b.0.cmp(&a.0));
        let manifest = package.first_file().map(|file| self.prefix.join(file.as_str()));
        let is_untagged = self.untagged.contains(&package.id);
        let is_never_tagged = package.is_never_tagged();
        Wanted {
            package: at,
            is_final: false,
            tags,
            manifest,
            is_new: false,
            is_untagged,
            is_never_tagged,
            changed: None,
        }
    }
}
