//! [`World`]: the remote and the forge of a repository, asked for what a plan needs to know.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::artifact_looks::Looker;
use super::error::ProcessError;
use super::prompt::Prompt;
use crate::capture::{Place, RemoteQuestion, remembered_remote, remote_look};
use crate::config::{CiRule, Config, GatesConfig, WebUrl};
use crate::forge::{Forge, ForgeError, ForgeSettings, known_kind, open};
use crate::io::{Git, Http, Pace, Stopwatch, pause, variable};
use crate::model::{
    CiJob, CiVerdict, CommitId, Event, EventKind, EventState, ForgeKind, Milestone, MilestoneMiss, ci_verdict,
    milestone_named, milestone_titled,
};
use crate::plan::{Refusal, RefusalCode, ReleaseUnit, artifacts_before, back_branches, milestone_title};
use crate::registry::{Addresses, Registries};
use crate::snapshot::{ArtifactLook, ForgeLook, Look, RemoteLook, Snapshot};

/// The remote and the forge of a repository. Each is looked for when it is asked for the first time, and asked once.
pub(super) struct World {
    git: Git,
    patience: Duration,
    /// Whether anything is asked. If not, of the remote is known what was fetched last, of the forge its kind.
    is_online: bool,
    /// Whether a forge is looked for where relman.toml has no table about one.
    wants_forge: bool,
    remote: OnceCell<String>,
    forge: OnceCell<Look<Forge>>,
    /// The host of the remote, if it is not a forge and relman.toml does not say that it is one.
    other_host: OnceCell<String>,
    refs: OnceCell<Look<RemoteLook>>,
    milestones: OnceCell<Vec<Milestone>>,
    registries: OnceCell<Registries>,
}

/// What the forge is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ForgeQuestion<'a> {
    /// The commit whose CI is asked for, and its branch.
    pub(super) ci: Option<(&'a CommitId, Option<&'a str>)>,
    /// Whether the releases of the tags are asked for.
    pub(super) releases: bool,
}

impl World {
    /// Returns the remote and the forge of a repository, of which nothing is known yet.
    pub(super) fn new(place: &Place, patience: Duration, is_online: bool) -> Self {
        let (remote, forge, refs, milestones) = (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (registries, other_host, wants_forge) = (OnceCell::new(), OnceCell::new(), false);
        let git = place.git.clone();
        Self { git, patience, is_online, wants_forge, remote, forge, other_host, refs, milestones, registries }
    }

    /// Returns the same for a command that is about a forge, whatever tables relman.toml has.
    pub(super) fn wanting_a_forge(self) -> Self {
        Self { wants_forge: true, ..self }
    }

    fn uses_forge(&self, config: &Config) -> bool {
        self.wants_forge || uses_forge(config)
    }

    /// Returns the name of the remote: that of relman.toml, else the one that a push would take.
    pub(super) fn remote_name(&self, snapshot: &Snapshot) -> &str {
        self.remote.get_or_init(|| {
            let configured = snapshot.config.forge.as_ref().map(|forge| forge.remote.clone());
            let known = || snapshot.git.push.as_ref().map(|push| push.remote.clone());
            let asked = || {
                let defaults = self.git.push_defaults(snapshot.git.branch.as_deref()).ok()?;
                defaults.push_remote().map(str::to_owned)
            };
            configured.or_else(known).or_else(asked).unwrap_or_else(|| "origin".to_owned())
        })
    }

    /// Returns the client of the forge, or why there is none. No request is made yet, but to a host whose kind is not known.
    pub(super) fn forge(&self, snapshot: &Snapshot) -> &Look<Forge> {
        self.forge.get_or_init(|| {
            let config = &snapshot.config;
            if !self.is_online || !self.uses_forge(config) {
                return Look::NotAsked;
            }
            match open(&self.git, self.remote_name(snapshot), &settings(config), self.patience) {
                Ok(None) => Look::NotAsked,
                Ok(Some(forge)) => Look::Found(forge),
                Err(error) => {
                    if error.is_not_a_forge() && config.forge.is_none() {
                        // The cell of the forge is set once, and this one with it.
                        let _ = self.other_host.set(error.call.address.clone());
                    }
                    unknown(error)
                }
            }
        })
    }

    /// Returns the host of the remote, if it answers, is not a forge, and relman.toml has no `[forge]` that says otherwise.
    pub(super) fn other_host(&self, snapshot: &Snapshot) -> Option<&str> {
        self.forge(snapshot);
        self.other_host.get().map(String::as_str)
    }

    /// Asks the remote for its refs, and fetches the branches that a release is about; with `tags`, their tags too.
    pub(super) fn remote(&self, snapshot: &Snapshot, tags: bool) -> &Look<RemoteLook> {
        self.refs.get_or_init(|| {
            let release = snapshot.config.release.as_ref();
            let of_head = snapshot.git.push.as_ref().and_then(|push| push.branch.as_deref());
            let branches = [
                of_head.or(snapshot.git.branch.as_deref()),
                release.and_then(|release| release.integration.as_deref()),
                release.and_then(|release| release.production.as_deref()),
            ];
            let backs = if snapshot.git.is_hotfix { back_branches(&snapshot.config) } else { Vec::new() };
            let backs = backs.iter().map(String::as_str);
            let fetch: Vec<&str> = branches.into_iter().flatten().chain(backs).collect();
            let (remote, branch) = (self.remote_name(snapshot), snapshot.git.branch.as_deref());
            let target = of_head.or(branch);
            let question = RemoteQuestion { remote, branch, target, fetch: &fetch, tags };
            if self.is_online { remote_look(&self.git, question) } else { remembered_remote(&self.git, question) }
        })
    }

    /// Returns the registries, as relman.toml and the clients of the ecosystems say where they are.
    pub(super) fn registries(&self, snapshot: &Snapshot, place: &Place) -> &Registries {
        self.registries.get_or_init(|| {
            let home = variable("HOME").map(PathBuf::from);
            let addresses = addresses(&snapshot.config);
            Registries::new(
                &Http::default(),
                Pace::new(self.patience),
                addresses,
                &variable,
                &place.root,
                home.as_deref(),
            )
        })
    }

    /// Asks registries whether they have the versions of these releases, where that is a gate.
    pub(super) fn artifacts_before(
        &self,
        snapshot: &Snapshot,
        place: &Place,
        units: &[ReleaseUnit],
    ) -> BTreeMap<String, ArtifactLook> {
        if !self.is_online || snapshot.config.gates.as_ref().is_none_or(|gates| !gates.unpublished) {
            return BTreeMap::new();
        }
        let expected = artifacts_before(snapshot, units);
        let looks = Looker::of_registries(self.registries(snapshot, place)).look(&expected);
        expected.iter().map(|expected| expected.artifact.to_string()).zip(looks).collect()
    }

    /// Returns `true` if the remote, the forge and registries are asked.
    pub(super) fn is_online(&self) -> bool {
        self.is_online
    }

    /// Asks the remote for its tags, each time anew, and compares nothing.
    pub(super) fn remote_tags(&self, snapshot: &Snapshot) -> Look<RemoteLook> {
        let remote = self.remote_name(snapshot);
        remote_look(&self.git, RemoteQuestion { remote, branch: None, target: None, fetch: &[], tags: false })
    }

    /// Asks the forge for its milestones, each time anew.
    pub(super) fn milestones_now(&self, snapshot: &Snapshot) -> Look<Vec<Milestone>> {
        self.forge(snapshot).and_then(|forge| answer(forge.milestones()))
    }

    /// Returns the remote as [`World::remote`] does, but refuses where it does not answer.
    pub(super) fn reachable_remote(&self, snapshot: &Snapshot) -> Result<RemoteLook, ProcessError> {
        match self.remote(snapshot, false) {
            Look::Found(remote) => Ok(remote.clone()),
            other => {
                let (message, help) = match other {
                    Look::Unknown { message, help } => (message.clone(), help.clone()),
                    _ => (format!("the remote {} was not asked", self.remote_name(snapshot)), None),
                };
                Err(ProcessError::Refused(Refusal { code: RefusalCode::RemoteMoved, message, help }))
            }
        }
    }

    /// Returns whether there is a forge for requests; that of a dry run is known by its address alone.
    pub(super) fn forge_for_requests(&self, snapshot: &Snapshot) -> Look<()> {
        match self.forge(snapshot) {
            Look::NotAsked if self.has_forge(snapshot) => Look::Found(()),
            asked => asked.map(|_| ()),
        }
    }

    /// Returns the milestone that a person names, by title or number.
    ///
    /// # Errors
    /// The forge does not answer, or has none or several that are meant.
    pub(super) fn milestone_named(&self, snapshot: &Snapshot, typed: &str) -> Result<Milestone, ProcessError> {
        let Look::Found(forge) = self.forge(snapshot) else {
            let (message, help) = match self.forge(snapshot) {
                Look::Unknown { message, help } => (message.clone(), help.clone()),
                _ => ("milestones need a forge".to_owned(), Some("set `kind` and `repository` in [forge]".to_owned())),
            };
            return Err(ProcessError::Refused(Refusal { code: RefusalCode::Forge, message, help }));
        };
        let milestones = self.milestones(forge).map_err(|error| refused(RefusalCode::Forge, &error))?;
        milestone_named(milestones, typed).cloned().map_err(|miss| missed(typed, &miss))
    }

    /// Returns what is known of the forge without a request.
    fn known_forge(&self, snapshot: &Snapshot) -> Look<ForgeLook> {
        let config = &snapshot.config;
        let is_silent = !self.is_online && self.uses_forge(config);
        let kind = is_silent.then(|| known_kind(&self.git, self.remote_name(snapshot), &settings(config))).flatten();
        kind.map_or(Look::NotAsked, |kind| Look::Found(ForgeLook::of(kind)))
    }

    /// Returns `true` if the repository has a forge, as far as that is known without a request, or was found out before.
    pub(super) fn has_forge(&self, snapshot: &Snapshot) -> bool {
        let known = || known_kind(&self.git, self.remote_name(snapshot), &settings(&snapshot.config)).is_some();
        self.uses_forge(&snapshot.config) && (!matches!(self.forge(snapshot), Look::NotAsked) || known())
    }

    /// Returns the milestone of a title; `None` if there is none, or no forge.
    pub(super) fn milestone_titled(&self, snapshot: &Snapshot, title: &str) -> Result<Option<Milestone>, ProcessError> {
        // Milestones are on a forge.
        let Look::Found(forge) = self.forge(snapshot) else { return Ok(None) };
        let milestones = self.milestones(forge).map_err(|error| refused(RefusalCode::Forge, &error))?;
        Ok(milestone_titled(milestones, title).cloned())
    }

    /// A plan is made of one look at them.
    fn milestones(&self, forge: &Forge) -> Result<&[Milestone], ForgeError> {
        match self.milestones.get() {
            Some(known) => Ok(known),
            None => {
                let found = forge.milestones()?;
                Ok(self.milestones.get_or_init(|| found))
            }
        }
    }

    /// Asks the forge for all that a plan about these units needs; also returns the milestone of the release.
    pub(super) fn look(
        &self,
        snapshot: &Snapshot,
        units: &[ReleaseUnit],
        named: Option<&Milestone>,
        question: ForgeQuestion<'_>,
        prompt: &mut dyn Prompt,
    ) -> (Look<ForgeLook>, Option<Milestone>) {
        let forge = match self.forge(snapshot) {
            Look::NotAsked => return (self.known_forge(snapshot), None),
            Look::Found(forge) => forge,
            unknown => return (unknown.map(|forge| ForgeLook::of(forge.kind())), named.cloned()),
        };
        let title = milestone_title(snapshot, units);
        let next = snapshot.config.release.as_ref().is_some_and(|release| release.next_milestone.is_some());
        let milestones =
            if title.is_some() || next { answer(self.milestones(forge).map(<[_]>::to_vec)) } else { Look::NotAsked };
        let titled = title.as_ref().zip(milestones.found());
        let milestone =
            named.cloned().or_else(|| titled.and_then(|(title, all)| milestone_titled(all, title).cloned()));
        let open = milestone.as_ref().map_or(Look::NotAsked, |milestone| answer(forge.open_items(milestone)));
        let gates_ci = snapshot.config.gates.as_ref().filter(|gates| gates.ci == CiRule::Green);
        let ci = match (gates_ci, question.ci) {
            (Some(gates), Some((commit, branch))) => ci(forge, commit, branch, gates, prompt),
            _ => Look::NotAsked,
        };
        let mut releases = BTreeMap::new();
        let mut is_public = false;
        for unit in units.iter().filter(|_| question.releases) {
            let package = &snapshot.workspace.packages[unit.package];
            if snapshot.config.release_of(&package.id).forge {
                let found = answer(forge.releases(unit.tag.as_str()));
                is_public |= found.found().is_some_and(|found| found.iter().any(|release| !release.is_draft));
                releases.insert(unit.tag.to_string(), found);
            }
        }
        let latest = if question.releases && (is_public || forge.kind() == ForgeKind::Gitlab) {
            answer(forge.latest_release())
        } else {
            Look::NotAsked
        };
        (Look::Found(ForgeLook { kind: forge.kind(), milestones, open, ci, releases, latest }), milestone)
    }
}

/// CI of a commit; while it runs, it is asked again for as long as relman.toml allows.
fn ci(
    forge: &Forge,
    commit: &CommitId,
    branch: Option<&str>,
    gates: &GatesConfig,
    prompt: &mut dyn Prompt,
) -> Look<Vec<CiJob>> {
    let since = Stopwatch::start();
    let mut shown = String::new();
    loop {
        let jobs = match forge.ci(commit.as_str(), branch) {
            Ok(jobs) => jobs,
            Err(error) => return unknown(error),
        };
        let counts = |job: &&CiJob| !gates.ci_ignore.iter().any(|glob| glob.matcher().is_match(&job.name));
        let counting: Vec<_> = jobs.iter().filter(counts).cloned().collect();
        let verdict = ci_verdict(&counting);
        let is_over = u128::from(since.milliseconds()) >= gates.ci_wait.as_millis();
        if is_over || !matches!(verdict, CiVerdict::Running(_)) {
            return Look::Found(jobs);
        }
        if verdict.to_string() != shown {
            shown = verdict.to_string();
            let words = format!("waiting for CI of {}: {shown}", commit.short());
            prompt.report(Event::new(EventKind::Wait, "ci", EventState::Running).saying(words));
        }
        pause(2_000);
    }
}

/// Without any of these tables no forge is ever looked for.
fn uses_forge(config: &Config) -> bool {
    let tables = [config.forge.is_some(), config.release.is_some(), config.gates.is_some()];
    tables.contains(&true) || config.hotfix.is_some() || config.verify.is_some()
}

/// What relman.toml says of registries.
fn addresses(config: &Config) -> Addresses {
    // Without the table the clients of the ecosystems say where registries are.
    let Some(verify) = &config.verify else { return Addresses::default() };
    let urls = &verify.registries;
    let text = |url: &Option<WebUrl>| url.as_ref().map(ToString::to_string);
    let oci = urls.oci.iter().map(|(host, url)| (host.clone(), url.to_string())).collect();
    Addresses { pypi: text(&urls.pypi), npm: text(&urls.npm), crates: text(&urls.crates), oci }
}

/// What relman.toml says of the forge.
fn settings(config: &Config) -> ForgeSettings {
    // Without the table the remote says where the forge is.
    let Some(forge) = &config.forge else { return ForgeSettings::default() };
    ForgeSettings {
        kind: forge.kind,
        repository: forge.repository.clone(),
        url: forge.url.as_ref().map(ToString::to_string),
        api: forge.api.as_ref().map(ToString::to_string),
    }
}

fn answer<T>(asked: Result<T, ForgeError>) -> Look<T> {
    asked.map_or_else(unknown, Look::Found)
}

fn unknown<T>(error: ForgeError) -> Look<T> {
    Look::Unknown { message: error.to_string(), help: error.help() }
}

pub(super) fn refused(code: RefusalCode, error: &ForgeError) -> ProcessError {
    ProcessError::Refused(Refusal { code, message: error.to_string(), help: error.help() })
}

fn missed(typed: &str, miss: &MilestoneMiss) -> ProcessError {
    let (message, help) = match miss {
        MilestoneMiss::Missing(titles) if titles.is_empty() => {
            (format!("the milestone `{typed}` was not found"), "the repository has no milestones".to_owned())
        }
        MilestoneMiss::Missing(titles) => {
            (format!("the milestone `{typed}` was not found"), format!("the milestones are {}", titles.join(", ")))
        }
        MilestoneMiss::Several(titles) => {
            let message = format!("`{typed}` means several milestones: {}", titles.join(", "));
            (message, "name one by its number, as in `#12`".to_owned())
        }
        MilestoneMiss::Both { titled, numbered } => {
            let message =
                format!("`{typed}` is the title of a milestone ({titled}) and the number of another ({numbered})");
            (message, format!("write `={typed}` for the title, or `#{typed}` for the number"))
        }
    };
    ProcessError::Refused(Refusal { code: RefusalCode::Milestone, message, help: Some(help) })
}
