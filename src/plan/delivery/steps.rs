//! The outward steps of a delivery, in their order: merge, branch, wait, tags, back, release, files, publish, latest, milestone.

use super::context::Delivery;
use super::marker::{LONGEST_MARK, release_marker};
use crate::config::{BackMerge, PackageRelease, PushOrder, ReleaseConfig, ReleaseNotes as NotesRule};
use crate::model::{CommitId, ForgeKind, ForgeRelease, ObjectId, TagName, milestone_titled};
use crate::plan::changelog::{Announcement, longest_body, notes};
use crate::plan::outward::{
    Back, FloatingTag, ForgeReleaseStep, Latest, MergePush, MilestoneAction, MilestoneStep, Outward, OutwardStep,
    Publish, Push, RequestAim, RequestStep, Upload, WaitForCi,
};
use crate::plan::release_plan::{Refusal, RefusalCode, ReleaseNotes};
use crate::plan::release_unit::{ReleaseUnit, ReleaseWords, milestone_title};
use crate::snapshot::{Look, MergeOutcome};

/// The steps, and what was found out on the way.
pub(super) struct Steps<'a> {
    pub(super) delivery: &'a Delivery<'a>,
    pub(super) release: &'a ReleaseConfig,
    pub(super) steps: Vec<OutwardStep>,
    pub(super) release_notes: Vec<ReleaseNotes>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) notes: Vec<String>,
}

impl<'a> Steps<'a> {
    /// Adds a step. `None` in `url` where it is still to be done.
    pub(super) fn add(&mut self, tag: Option<&TagName>, action: Outward, done: Option<String>) {
        let only = &self.delivery.request.only;
        if !only.is_empty() && !only.iter().any(|kind| kind == action.kind()) {
            return;
        }
        let mut step = OutwardStep::next(&self.steps, tag.cloned(), action);
        step.is_done = done.is_some();
        step.url = done.filter(|url| !url.is_empty());
        self.steps.push(step);
    }

    /// What git carries: the merge, the branch, the tags, and production back to the integration branch.
    pub(super) fn git(&mut self) {
        // A plan without a look at the remote has nothing to send there.
        let Some(remote) = self.delivery.outside.remote.found() else { return };
        let unsent = |unit: &&ReleaseUnit| !remote.tags.contains_key(unit.tag.as_str());
        let tags: Vec<TagName> = self.delivery.units.iter().filter(unsent).map(|unit| unit.tag.clone()).collect();
        let mut branch = self.branch(&remote.name, !tags.is_empty());
        let per_push =
            usize::try_from(self.delivery.snapshot.config.workspace.tags_per_push).unwrap_or(usize::MAX).max(1);
        let push = |branch: Option<(String, Option<CommitId>)>, tags: &[TagName]| {
            let (branch, commit) = branch.unzip();
            let commit = commit.flatten();
            Outward::Push(Push { remote: remote.name.clone(), branch, commit, tags: tags.to_vec(), over: None })
        };
        if self.release.push == PushOrder::BranchFirst && self.delivery.outside.merge.found().is_none() {
            let name = branch.as_ref().map(|(name, _)| name).or(self.delivery.snapshot.git.branch.as_ref()).cloned();
            if branch.is_some() {
                self.add(None, push(branch.take(), &[]), None);
            }
            // The branch may have been pushed by a run that ended there.
            self.wait(name.filter(|_| !tags.is_empty()));
        }
        if tags.is_empty() && branch.is_some() {
            self.add(None, push(branch.take(), &[]), None);
        }
        for some in tags.chunks(per_push) {
            self.add(None, push(branch.take(), some), None);
        }
        self.back(&remote.name);
    }

    /// The release commit on a branch of its own, and the request that brings it to the one that ships. It is tagged once that is merged.
    pub(super) fn request(&mut self, head: String) {
        let delivery = self.delivery;
        // A plan without a look at the remote has nothing to send there.
        let Some(remote) = delivery.outside.remote.found() else { return };
        let push = Push {
            remote: remote.name.clone(),
            branch: Some(head.clone()),
            commit: None,
            tags: Vec::new(),
            over: None,
        };
        let is_there =
            remote.branches.get(&head).is_some_and(|there| Some(there) == delivery.snapshot.git.commit.as_ref());
        self.add(None, Outward::Push(push), is_there.then(String::new));
        let target = delivery.outside.merge.found().map(|look| look.into.clone());
        // A detached HEAD goes to no branch, which the guard of branches reports.
        let Some(base) = target.or_else(|| delivery.branch_to_push().map(|(branch, _)| branch)) else { return };
        let names: Vec<String> = delivery.units.iter().map(|unit| unit.tag.to_string()).collect();
        let title = format!("Release {}", names.join(", "));
        let mut body = String::from("Once this is merged, `relman release` tags it.\n");
        for unit in delivery.units {
            let package = &delivery.snapshot.workspace.packages[unit.package];
            if let Ok(section) = notes(delivery.snapshot, unit.tag.as_str(), Some(package.id.as_str())) {
                body.push_str(&format!("\n## {}\n\n{}", unit.tag, section.text));
            }
        }
        self.add(None, Outward::Request(RequestStep { head, base, title, body, aim: RequestAim::Open }), None);
    }

    /// The branch that ships: by a merge, or by its own push. Returns the branch that is pushed together with the tags, and
    /// the commit up to which it is.
    fn branch(&mut self, remote: &str, has_tags: bool) -> Option<(String, Option<CommitId>)> {
        let merge = match &self.delivery.outside.merge {
            Look::Found(merge) => merge,
            _ => return self.delivery.branch_to_push(),
        };
        let held = matches!(merge.outcome, MergeOutcome::Held { .. });
        if held && !has_tags && self.delivery.units.iter().all(|unit| unit.commit.is_some()) {
            return None;
        }
        let action =
            Outward::Merge(MergePush { remote: remote.to_owned(), into: merge.into.clone(), base: merge.base.clone() });
        self.add(None, action, held.then(String::new));
        if has_tags && self.release.push == PushOrder::BranchFirst {
            self.wait(Some(merge.into.clone()));
        }
        None
    }

    fn wait(&mut self, branch: Option<String>) {
        // A wait of no time is none.
        let (Some(branch), false) = (branch, self.release.wait.is_zero()) else { return };
        let gates = self.delivery.snapshot.config.gates.as_ref();
        let ignore = gates.iter().flat_map(|gates| &gates.ci_ignore).map(|glob| glob.as_str().to_owned()).collect();
        self.add(None, Outward::Wait(WaitForCi { branch, seconds: self.release.wait.as_secs(), ignore }), None);
    }

    fn back(&mut self, remote: &str) {
        let (Look::Found(merge), Some(found)) = (&self.delivery.outside.merge, self.delivery.outside.remote.found())
        else {
            return;
        };
        let at = found.branches.get(&merge.from);
        match self.release.back {
            BackMerge::None => {
                // The release commit itself has to get there in any case.
                if at != Some(&merge.commit) && self.delivery.is_ahead() {
                    let push = Push {
                        remote: remote.to_owned(),
                        branch: Some(merge.from.clone()),
                        commit: None,
                        tags: Vec::new(),
                        over: None,
                    };
                    self.add(None, Outward::Push(push), None);
                }
            }
            BackMerge::Request => self.add(None, Outward::Request(RequestStep::back(&merge.into, &merge.from)), None),
            BackMerge::Ff => {
                let held =
                    matches!(&merge.outcome, MergeOutcome::Held { .. }) && self.delivery.integration_holds_production;
                let back = Back {
                    remote: remote.to_owned(),
                    branch: merge.from.clone(),
                    from: merge.into.clone(),
                    base: at.cloned(),
                };
                self.add(None, Outward::Back(back), held.then(String::new));
            }
        }
    }

    /// What the forge carries: drafts where it has them, then, once what is published elsewhere is right, files and public releases.
    pub(super) fn forge(&mut self, kind: ForgeKind) {
        let has_drafts = kind == ForgeKind::Github;
        let releases: Vec<OnForge<'a>> =
            self.delivery.units.iter().filter_map(|unit| self.on_forge(unit, kind)).collect();
        if has_drafts {
            releases.iter().for_each(|release| self.release(release));
        }
        self.runs();
        for release in &releases {
            if !has_drafts {
                self.release(release);
            }
            let names = self.assets(release.unit, &release.config, release.found);
            if has_drafts && !self.delivery.request.draft {
                self.publish(release, names);
            }
        }
    }

    /// What the forge carries for a tag; `None` if nothing is done there, which is noted, or refused.
    fn on_forge(&mut self, unit: &'a ReleaseUnit, kind: ForgeKind) -> Option<OnForge<'a>> {
        let delivery = self.delivery;
        let package = &delivery.snapshot.workspace.packages[unit.package];
        let config = delivery.snapshot.config.release_of(&package.id);
        if !config.forge {
            return None;
        }
        let body = self.body(unit, &config, kind);
        let found = match delivery.found_release(unit, &body) {
            Ok(found) => found,
            Err(Left::Note(note)) => {
                self.notes.push(note);
                return None;
            }
            Err(Left::Refused(refusal)) => {
                self.refusals.push(refusal);
                return None;
            }
        };
        if delivery.request.publish && found.is_none() && delivery.asked_for_release(unit) {
            let message = format!("the forge has no draft of {} to publish", unit.tag);
            let help = Some(format!("run `relman release {}`", unit.tag));
            self.refusals.push(Refusal { code: RefusalCode::Forge, message, help });
            return None;
        }
        let has_drafts = kind == ForgeKind::Github;
        if !has_drafts && delivery.request.draft && found.is_none() {
            let note = format!("GitLab has no drafts: `relman release {}` makes the release of {}", unit.tag, unit.tag);
            self.notes.push(note);
            return None;
        }
        let is_latest = delivery.is_latest(unit);
        let wanted = ForgeReleaseStep {
            title: ReleaseWords::new(delivery.snapshot, delivery.units).fill(&config.title, unit),
            body,
            prerelease: !unit.is_final(),
            draft: has_drafts,
            released_at: delivery.released_at(unit, is_latest, kind),
            milestones: delivery.milestones_of_release(kind),
        };
        Some(OnForge { unit, config, found, wanted, is_latest })
    }

    fn release(&mut self, release: &OnForge<'_>) {
        let done = release.found.map(|found| found.url.clone());
        if done.is_some() || !self.delivery.request.publish {
            self.add(Some(&release.unit.tag), Outward::ForgeRelease(release.wanted.clone()), done);
        }
    }

    fn publish(&mut self, release: &OnForge<'_>, assets: Vec<String>) {
        let (tag, latest) = (&release.unit.tag, release.is_latest);
        let public = release.found.filter(|found| !found.is_draft).map(|found| found.url.clone());
        let is_public = public.is_some();
        self.add(Some(tag), Outward::Publish(Publish { latest, assets }), public);
        if latest && !(is_public && self.delivery.shows_latest(release.unit)) {
            self.add(Some(tag), Outward::Latest(Latest {}), None);
        }
    }

    /// Tags that follow the highest final of their line.
    pub(super) fn floating(&mut self, unit: &ReleaseUnit) {
        let delivery = self.delivery;
        // A plan without a look at the remote has nothing to send there.
        let Some(remote) = delivery.outside.remote.found() else { return };
        if delivery.request.draft || delivery.request.from_tag {
            return;
        }
        for name in delivery.floating_tags(unit) {
            let there = remote.tags.get(name.as_str());
            let is_there =
                there.is_some_and(|look| unit.commit.as_ref().is_some_and(|commit| commit.as_str() == look.commit));
            let base = there.and_then(|look| ObjectId::new(look.object.clone()).ok());
            let step = FloatingTag { remote: remote.name.clone(), name, base };
            self.add(Some(&unit.tag), Outward::Floating(step), is_there.then(String::new));
        }
    }

    /// The text of a forge release, without the mark by which it is found again.
    fn body(&mut self, unit: &ReleaseUnit, config: &PackageRelease, kind: ForgeKind) -> String {
        let snapshot = self.delivery.snapshot;
        let package = &snapshot.workspace.packages[unit.package];
        if config.notes == NotesRule::None {
            return String::new();
        }
        match notes(snapshot, unit.tag.as_str(), Some(package.id.as_str())) {
            Ok(section) => {
                self.release_notes.push(ReleaseNotes {
                    tag: unit.tag.clone(),
                    package: package.id.clone(),
                    version: unit.text.clone(),
                    body: section.text.clone(),
                });
                let link = section.link(&snapshot.config);
                let longest = longest_body(kind).saturating_sub(LONGEST_MARK);
                Announcement { title: "", notes: &section.text, link: link.as_deref() }.body(longest)
            }
            // That there is none is the gate `section`.
            Err(_) => String::new(),
        }
    }

    /// The files of a release; returns the names that it must have before it is public.
    fn assets(&mut self, unit: &ReleaseUnit, config: &PackageRelease, found: Option<&ForgeRelease>) -> Vec<String> {
        let mut names = Vec::new();
        for file in self.delivery.assets_of(config) {
            let name = file.path.file_name().to_owned();
            let there = found
                .and_then(|release| release.asset(&name))
                .filter(|asset| asset.is_complete && asset.sha256.as_ref().is_none_or(|digest| *digest == file.sha256));
            let done = there.map(|asset| asset.url.clone());
            let upload =
                Upload { path: file.path.clone(), name: name.clone(), size: file.size, sha256: file.sha256.clone() };
            self.add(Some(&unit.tag), Outward::Asset(upload), done);
            names.push(name);
        }
        names
    }

    /// The milestone of the lead: closed by a final, and the next one.
    pub(super) fn milestone(&mut self) {
        let delivery = self.delivery;
        // Milestones are on a forge, and belong to what is released.
        let (Some(lead), Look::Found(forge)) = (delivery.units.first(), &delivery.outside.forge) else { return };
        if !lead.is_final() || delivery.request.draft || delivery.request.from_tag {
            return;
        }
        let untold = delivery.milestone.is_none() && forge.milestones == Look::NotAsked;
        if let Some(title) =
            milestone_title(delivery.snapshot, delivery.units).filter(|_| untold && self.release.close_milestone)
        {
            // A forge that is not asked may have it or not.
            let refuses_open = delivery.refuses_open_items();
            let step = MilestoneStep { title, action: MilestoneAction::Close, refuses_open };
            self.add(None, Outward::Milestone(step), None);
        }
        if let Some(milestone) = delivery.milestone.filter(|_| self.release.close_milestone) {
            if milestone.of_group {
                let note = format!(
                    "the milestone {} belongs to a group, and stays open for its other projects",
                    milestone.title
                );
                self.notes.push(note);
            } else {
                let refuses_open = delivery.refuses_open_items();
                let step =
                    MilestoneStep { title: milestone.title.clone(), action: MilestoneAction::Close, refuses_open };
                self.add(None, Outward::Milestone(step), (!milestone.is_open).then(|| milestone.url.clone()));
            }
        }
        if let Some(next) = &self.release.next_milestone {
            let words = ReleaseWords::new(delivery.snapshot, delivery.units);
            let title = words.fill(next, lead);
            let known = forge.milestones.found().and_then(|milestones| milestone_titled(milestones, &title));
            let done = known.map(|milestone| milestone.url.clone());
            let step = MilestoneStep { title, action: MilestoneAction::Create, refuses_open: false };
            self.add(None, Outward::Milestone(step), done);
        }
    }
}

/// What the forge carries for a tag.
struct OnForge<'a> {
    unit: &'a ReleaseUnit,
    config: PackageRelease,
    /// The release that is there already.
    found: Option<&'a ForgeRelease>,
    wanted: ForgeReleaseStep,
    is_latest: bool,
}

/// Why a forge release is not touched.
pub(super) enum Left {
    /// It is left as it is.
    Note(String),
    /// It is in the way.
    Refused(Refusal),
}

impl Delivery<'_> {
    /// Returns `true` if the forge said which releases a tag has. A dry run does not ask.
    fn asked_for_release(&self, unit: &ReleaseUnit) -> bool {
        let forge = self.outside.forge.found();
        forge.and_then(|forge| forge.releases.get(unit.tag.as_str())).is_some_and(|look| look.found().is_some())
    }

    /// Returns the release of a tag that the forge has and that is ours.
    fn found_release(&self, unit: &ReleaseUnit, body: &str) -> Result<Option<&ForgeRelease>, Left> {
        let refused = |message: String, help: &str| {
            Left::Refused(Refusal { code: RefusalCode::Forge, message, help: Some(help.to_owned()) })
        };
        let forge = self.outside.forge.found();
        let releases = match forge.and_then(|forge| forge.releases.get(unit.tag.as_str())) {
            Some(Look::Found(releases)) => releases,
            Some(Look::Unknown { message, help }) => {
                return Err(refused(message.clone(), help.as_deref().unwrap_or("try again")));
            }
            Some(Look::NotAsked) | None => return Ok(None),
        };
        // A commit that is still to be made is in no marker yet.
        let commit = unit.commit.as_ref().or(self.head).map_or("", CommitId::as_str);
        let mark = format!("<!-- relman {} ", unit.tag);
        match releases.as_slice() {
            [] => Ok(None),
            [one] if one.body.contains(&release_marker(&unit.tag, commit)) || one.has_body(body) => Ok(Some(one)),
            [one] if one.body.contains(&mark) => Err(refused(
                format!("the forge has a release of {} that was made for another commit: {}", unit.tag, one.url),
                "delete it, or release a higher version",
            )),
            [one] if one.is_draft => Err(refused(
                format!("the forge has a draft of {} that relman did not make: {}", unit.tag, one.url),
                "delete it, or publish it by hand",
            )),
            [one] => {
                let note = format!("{} was published with another text, and is left as it is: {}", unit.tag, one.url);
                Err(Left::Note(note))
            }
            several => Err(refused(
                format!("the forge has {} releases of {}", several.len(), unit.tag),
                "delete all but one of them",
            )),
        }
    }
}
