//! [`Delivery`]: what a delivery is planned from, and what can be told from it.

use super::request::DeliveryRequest;
use crate::config::{PackageRelease, ReleaseText, ReleaseVia, Strength};
use crate::model::{CommitId, ForgeKind, Milestone, PackageIx, TagName, second_before};
use crate::plan::release_unit::{ReleaseUnit, ReleaseWords};
use crate::snapshot::{AssetFile, MergeOutcome, Outside, Snapshot};

/// What a delivery is planned from.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Everything that was read.
    pub snapshot: &'a Snapshot,
    /// What is asked for.
    pub request: &'a DeliveryRequest,
    /// The tags that it is about.
    pub units: &'a [ReleaseUnit],
    /// What was asked outside.
    pub outside: &'a Outside,
    /// The milestone of the release.
    pub milestone: Option<&'a Milestone>,
    /// The commit that new tags are on, as far as it exists already.
    pub head: Option<&'a CommitId>,
    /// Whether the integration branch on the remote has all that production has.
    pub integration_holds_production: bool,
}

impl<'a> Delivery<'a> {
    /// The branch that goes out with the tags, if the remote's does not hold what is released yet: all of HEAD where a tag is on it, else up
    /// to the commit that is released.
    pub(super) fn branch_to_push(&self) -> Option<(String, Option<CommitId>)> {
        let remote = self.outside.remote.found()?;
        let (head, look) = (self.snapshot.git.commit.as_ref()?, remote.branch.as_ref()?);
        let concerns_head = self.units.iter().any(|unit| unit.commit.as_ref().is_none_or(|commit| commit == head));
        if concerns_head {
            let is_held = remote.branches.contains_key(&look.name) && !look.lacks.contains(head.as_str());
            return (!is_held).then(|| (look.name.clone(), None));
        }
        let up_to = self.outside.up_to.as_ref()?;
        Some((look.name.clone(), Some(up_to.commit.clone()).filter(|commit| commit != head)))
    }

    /// Returns the branch that a release commit goes to a request from; `None` where it is pushed, or was merged already.
    pub(super) fn request_branch(&self) -> Option<String> {
        // A hotfix goes out from its own branch.
        let release = self.snapshot.config.release.as_ref().filter(|_| !self.snapshot.git.is_hotfix)?;
        let lead = self.units.first().filter(|_| release.via == ReleaseVia::Request)?;
        let is_new = self.units.iter().any(|unit| unit.commit.is_none());
        let is_merged = match self.outside.merge.found() {
            Some(look) => matches!(look.outcome, MergeOutcome::Held { .. }),
            None => self.branch_to_push().is_none(),
        };
        (is_new && !is_merged).then(|| format!("release/{}", lead.tag))
    }

    /// Returns `true` if HEAD has commits that the branch it follows lacks.
    pub(super) fn is_ahead(&self) -> bool {
        let upstream = self.outside.remote.found().and_then(|remote| remote.upstream.as_ref());
        upstream.is_none_or(|upstream| upstream.ahead > 0)
    }

    /// Returns `true` if this is the highest final of the lead: only that one is the latest.
    pub(super) fn is_latest(&self, unit: &ReleaseUnit) -> bool {
        let is_lead = self.units.first().is_some_and(|lead| lead.package == unit.package);
        is_lead && unit.is_final() && self.is_highest_final(unit.package, unit)
    }

    fn is_highest_final(&self, index: PackageIx, unit: &ReleaseUnit) -> bool {
        let package = &self.snapshot.workspace.packages[index];
        let there = self.outside.remote.found().into_iter().flat_map(|remote| remote.tags.keys());
        let here = self.snapshot.git.tags.names();
        let versions = there.map(String::as_str).chain(here).filter_map(|tag| package.tagged(tag));
        versions.filter(|version| !version.is_prerelease()).all(|version| version <= unit.version)
    }

    /// Returns the floating tags of which this is the highest final.
    pub(super) fn floating_tags(&self, unit: &ReleaseUnit) -> Vec<TagName> {
        let package = &self.snapshot.workspace.packages[unit.package];
        let words = ReleaseWords::new(self.snapshot, self.units);
        let there = self.outside.remote.found().into_iter().flat_map(|remote| remote.tags.keys()).map(String::as_str);
        let all = there.chain(self.snapshot.git.tags.names()).filter_map(|tag| package.tagged(tag));
        let higher: Vec<ReleaseUnit> = all
            .filter(|version| !version.is_prerelease() && *version > unit.version)
            .map(|version| ReleaseUnit { version, ..unit.clone() })
            .collect();
        let texts = self.snapshot.config.release_of(&package.id).floating;
        let follows = |text: &&ReleaseText| {
            let name = words.fill(text, unit);
            unit.is_final() && higher.iter().all(|other| words.fill(text, other) != name)
        };
        texts.iter().filter(follows).map(|text| TagName::new(words.fill(text, unit))).collect()
    }

    /// Returns `true` if the forge shows the release of this tag as the latest one.
    pub(super) fn shows_latest(&self, unit: &ReleaseUnit) -> bool {
        let latest = self.outside.forge.found().and_then(|forge| forge.latest.found());
        latest.and_then(Option::as_ref).is_some_and(|release| release.tag == unit.tag.as_str())
    }

    /// GitLab shows the release with the newest day as the latest: one that is not gets a day before that.
    pub(super) fn released_at(&self, unit: &ReleaseUnit, is_latest: bool, kind: ForgeKind) -> Option<String> {
        if is_latest || kind != ForgeKind::Gitlab || self.is_highest_final(unit.package, unit) {
            return None;
        }
        let newest = self.outside.forge.found().and_then(|forge| forge.latest.found()).and_then(Option::as_ref)?;
        second_before(newest.released_at.as_deref()?)
    }

    /// GitLab's releases name their milestones.
    pub(super) fn milestones_of_release(&self, kind: ForgeKind) -> Vec<String> {
        let milestone = self.milestone.filter(|_| kind == ForgeKind::Gitlab);
        milestone.map(|milestone| milestone.title.clone()).into_iter().collect()
    }

    /// The files that the globs of a package name.
    pub(super) fn assets_of(&self, config: &PackageRelease) -> Vec<&'a AssetFile> {
        let is_meant = |file: &&AssetFile| config.assets.iter().any(|glob| glob.matcher().is_match(file.path.as_str()));
        self.outside.assets.iter().filter(is_meant).collect()
    }

    /// Returns `true` if items that come in while the release is on its way keep the milestone open.
    pub(super) fn refuses_open_items(&self) -> bool {
        let is_skipped = |name: &str| self.request.skip.iter().any(|skipped| skipped == name);
        self.snapshot.config.gates.as_ref().is_some_and(|gates| {
            (gates.issues == Strength::Refuse && !is_skipped("issues"))
                || (gates.requests == Strength::Refuse && !is_skipped("requests"))
        })
    }
}
