//! [`candidates`]: the words with which a command line may go on, for the completions of shells.

use std::collections::BTreeSet;

use super::new_fragment::types_of;
use super::offers::offers;
use super::request::{BumpRequest, BumpSpec};
use super::select::index_of;
use crate::config::{BUILT_IN_GATES, GroupKind};
use crate::model::{Level, PackageIx, StagePolicy, Version};
use crate::snapshot::Snapshot;
use crate::text::{list_truncated, visible_line};
use crate::workspace::Package;

/// What a word of a command line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordKind {
    /// A package.
    Package,
    /// A package, perhaps with a level and a stage: `NAME[=LEVEL[:STAGE]]`.
    PackageRequest,
    /// A group.
    Group,
    /// A package or a group.
    PackageOrGroup,
    /// A level, or a stage; after a level, the stage that it starts.
    Level,
    /// A level, perhaps with a stage: `LEVEL[:STAGE]`.
    LevelAndStage,
    /// The tag of a release.
    Tag,
    /// The tag of a release, or a package.
    TagOrPackage,
    /// Packages and groups, and a level or a stage for them.
    BumpWord,
    /// The same, or tags of releases.
    BumpWordOrTag,
    /// The type of a change.
    FragmentType,
    /// A gate.
    Gate,
    /// A pin.
    Pin,
    /// A command of `[[release.run]]`.
    Run,
    /// A plugin.
    Plugin,
}

/// A word with which the line may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The word.
    pub word: String,
    /// What it means, on one line; may be empty.
    pub about: String,
}

/// The levels that can be typed, and what they mean.
const LEVELS: [(&str, &str); 5] = [
    ("auto", "the level that the changes require"),
    ("patch", "the third number"),
    ("minor", "the second number"),
    ("major", "the first number"),
    ("release", "the final version of a prerelease"),
];

/// Returns the words of a kind that begin with `start`. `before` are the words of the line before it; without a snapshot, only words
/// that are the same in every repository are returned.
///
/// A word that a shell would take for more than a word, such as a tag with `;` or `$` in it, is not returned: not every shell quotes what
/// it inserts.
#[must_use]
pub fn candidates(snapshot: Option<&Snapshot>, kind: WordKind, before: &[String], start: &str) -> Vec<Candidate> {
    let line = Line { snapshot, before, start };
    let mut seen = BTreeSet::new();
    let mut found = line.words(kind);
    found.retain(|found| found.word.starts_with(start) && is_plain(&found.word) && seen.insert(found.word.clone()));
    found
}

/// Returns `true` if no shell treats the word as anything but a word.
fn is_plain(word: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./@+=:,".contains(c);
    !word.starts_with('-') && word.chars().all(is_plain)
}

/// Returns `true` if a stage may follow the word.
fn takes_stage(word: &str) -> bool {
    word == "auto" || Level::named(word).is_some()
}

/// A line that is being typed.
#[derive(Clone, Copy)]
struct Line<'a> {
    snapshot: Option<&'a Snapshot>,
    before: &'a [String],
    start: &'a str,
}

impl<'a> Line<'a> {
    fn words(self, kind: WordKind) -> Vec<Candidate> {
        let has_level = self.before.iter().any(|word| takes_stage(word));
        match kind {
            WordKind::Package => self.packages(),
            WordKind::PackageRequest => match self.start.split_once('=') {
                None => self.packages(),
                Some((name, ask)) => prefixed(&format!("{name}="), self.level_and_stage(&[name], ask)),
            },
            WordKind::Group => self.groups(),
            WordKind::PackageOrGroup => self.packages().into_iter().chain(self.groups()).collect(),
            WordKind::Level if self.before.last().is_some_and(|word| takes_stage(word)) => self.stages_of_line(),
            WordKind::Level => self.levels(&self.named()),
            WordKind::LevelAndStage => self.level_and_stage(&self.named(), self.start),
            WordKind::Tag => self.tags(),
            WordKind::TagOrPackage => self.tags().into_iter().chain(self.packages()).collect(),
            WordKind::BumpWordOrTag if self.before.iter().any(|word| word == "--publish") => self.tags(),
            WordKind::BumpWord => self.bump_words(has_level),
            WordKind::BumpWordOrTag => self.bump_words(has_level).into_iter().chain(self.tags()).collect(),
            WordKind::FragmentType => self.fragment_types(),
            WordKind::Gate => self.gates(),
            WordKind::Pin => {
                self.of_config(|snapshot| snapshot.config.pins.iter().map(|pin| pin.name.clone()).collect())
            }
            WordKind::Run => self.of_config(|snapshot| {
                let runs = snapshot.config.release.iter().flat_map(|release| &release.runs);
                runs.map(|run| run.name.clone()).collect()
            }),
            WordKind::Plugin => self.of_config(|snapshot| {
                snapshot.config.plugins.iter().map(|plugin| plugin.name.as_str().to_owned()).collect()
            }),
        }
    }

    /// Levels until the line has one, then its stages; packages and groups at any place.
    fn bump_words(self, has_level: bool) -> Vec<Candidate> {
        let names = self.packages().into_iter().chain(self.groups());
        if has_level {
            return self.stages_of_line().into_iter().chain(names).collect();
        }
        names.chain(self.levels(&self.named())).collect()
    }

    /// Packages that the line does not name yet, with their versions. Where none begins with what is typed, they have the names that their
    /// manifests give them.
    fn packages(self) -> Vec<Candidate> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        let workspace = &snapshot.workspace;
        let begin = |package: &&Package| package.id.as_str().starts_with(self.start);
        if workspace.packages.iter().any(|package| begin(&package)) {
            let is_new = |package: &&Package| !self.before.iter().any(|word| word == package.id.as_str());
            let new = workspace.packages.iter().filter(begin).filter(is_new);
            return new.map(|package| candidate(package.id.as_str(), package.written())).collect();
        }
        let names = workspace.given_names().filter(|(name, _)| name.starts_with(self.start));
        let clear = names.filter(|(name, _)| workspace.named(name).len() == 1);
        clear.map(|(name, index)| candidate(name, workspace.packages[index].written())).collect()
    }

    fn groups(self) -> Vec<Candidate> {
        let groups = self.snapshot.into_iter().flat_map(|snapshot| snapshot.workspace.groups.iter());
        let about = |kind: GroupKind, members: String| match kind {
            GroupKind::Fixed => format!("one version: {members}"),
            GroupKind::Linked => format!("linked: {members}"),
        };
        groups
            .map(|group| candidate(group.id.as_str(), &about(group.kind, list_truncated(&group.members, 4))))
            .collect()
    }

    /// The packages and groups that the words before name.
    fn named(self) -> Vec<&'a str> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        let is_group = |word: &str| snapshot.workspace.groups.iter().any(|group| group.id.as_str() == word);
        let words = self.before.iter().map(|word| word.strip_prefix("--package=").unwrap_or(word));
        words.filter(|word| is_group(word) || index_of(snapshot, word).is_ok()).collect()
    }

    fn level_and_stage(self, names: &[&str], ask: &str) -> Vec<Candidate> {
        match ask.split_once(':') {
            None => self.levels(names),
            Some((level, _)) if takes_stage(level) => prefixed(&format!("{level}:"), self.stages(names, level)),
            Some(_) => Vec::new(),
        }
    }

    /// Levels and stages, each with the version that it gives where that is known.
    fn levels(self, names: &[&str]) -> Vec<Candidate> {
        let levels = LEVELS.map(|(word, about)| (word.to_owned(), about.to_owned()));
        let stages = self.labels().into_iter().map(|label| (label, "the next prerelease of this stage".to_owned()));
        let all = levels.into_iter().chain(stages);
        all.map(|(word, about)| {
            let version = BumpSpec::parse(&word, None).ok().and_then(|spec| self.becomes(names, spec));
            Candidate { about: version.unwrap_or(about), word }
        })
        .collect()
    }

    /// The stages that the level of the line can start.
    fn stages_of_line(self) -> Vec<Candidate> {
        let level = self.before.iter().rfind(|word| takes_stage(word));
        level.map_or_else(Vec::new, |level| self.stages(&self.named(), level))
    }

    fn stages(self, names: &[&str], level: &str) -> Vec<Candidate> {
        let labels = self.labels().into_iter();
        labels
            .map(|label| {
                let version = BumpSpec::parse(level, Some(&label)).ok().and_then(|spec| self.becomes(names, spec));
                // A label that fits no version now is offered without one.
                candidate(&label, &version.unwrap_or_default())
            })
            .collect()
    }

    fn labels(self) -> Vec<String> {
        let of_workspace = self.snapshot.map(|snapshot| snapshot.config.workspace.stages.labels().to_vec());
        of_workspace.unwrap_or_else(|| StagePolicy::default().labels().to_vec())
    }

    /// Returns the version that a step gives to the package or group of these names, or to the only one that there is.
    fn becomes(self, names: &[&str], spec: BumpSpec) -> Option<String> {
        let snapshot = self.snapshot.filter(|_| !matches!(spec, BumpSpec::Auto(_)))?;
        let ids: BTreeSet<_> = names.iter().filter_map(|name| index_of(snapshot, name).ok()).collect();
        let ids: Vec<_> = ids.into_iter().map(|index| &snapshot.workspace.packages[index].id).collect();
        let request = BumpRequest { ask: Some(spec), ..BumpRequest::default() };
        let mut offers = offers(snapshot, &request, None);
        if !names.is_empty() {
            offers.retain(|offer| {
                names.contains(&offer.name.as_str()) || offer.packages.iter().any(|package| ids.contains(&package))
            });
        }
        // Several packages become several versions, which one line of help cannot say.
        let [offer] = offers.as_slice() else { return None };
        offer.steps.first().map(|step| format!("{} becomes {}", offer.version, step.version))
    }

    /// The tags of every package, the newest version first.
    fn tags(self) -> Vec<Candidate> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        let of = |package: &'a Package| {
            let mut tags: Vec<(&str, Version)> = snapshot.git.tags.of(package).collect();
            tags.sort_by(|(_, a), (_, b)| b.cmp(a));
            tags.into_iter().map(|(tag, _)| candidate(tag, package.id.as_str()))
        };
        snapshot.workspace.packages.iter().flat_map(of).collect()
    }

    /// The types that all packages of the line know; where it names none, those that any package knows.
    fn fragment_types(self) -> Vec<Candidate> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        let named: Vec<PackageIx> = self.named().into_iter().filter_map(|name| index_of(snapshot, name).ok()).collect();
        let types = match named.as_slice() {
            [] => snapshot.workspace.packages.positions().flat_map(|index| types_of(snapshot, &[index])).collect(),
            named => types_of(snapshot, named),
        };
        types.iter().map(|kind| candidate(kind, "")).collect()
    }

    fn gates(self) -> Vec<Candidate> {
        let own = self.snapshot.and_then(|snapshot| snapshot.config.gates.as_ref());
        let commands = own.into_iter().flat_map(|gates| &gates.commands).map(|(name, _)| candidate(name, "a command"));
        let questions = own.into_iter().flat_map(|gates| &gates.questions);
        let questions = questions.map(|(name, _)| candidate(name, "a question"));
        BUILT_IN_GATES.iter().map(|name| candidate(name, "")).chain(commands).chain(questions).collect()
    }

    fn of_config(self, names: impl Fn(&Snapshot) -> Vec<String>) -> Vec<Candidate> {
        self.snapshot.map_or(Vec::new(), names).iter().map(|name| candidate(name, "")).collect()
    }
}

fn candidate(word: &str, about: &str) -> Candidate {
    Candidate { word: word.to_owned(), about: visible_line(about).into_owned() }
}

/// The same candidates behind what was typed of the word before them.
fn prefixed(prefix: &str, candidates: Vec<Candidate>) -> Vec<Candidate> {
    let behind = |found: Candidate| Candidate { word: format!("{prefix}{}", found.word), ..found };
    candidates.into_iter().map(behind).collect()
}
