//! [`Plugins`]: what is asked of plugins while a workspace is read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, PluginSpec};
use crate::history::{Commit, History, UnreleasedChanges};
use crate::io::in_parallel;
use crate::manifest::{Fault, Found, Locator, NoVersion, Scalar, Style, VersionPlace};
use crate::model::{Diagnostic, PackageId, PackageIx, PluginName, PluginRole, ProblemCode, RepoPath};
use crate::plugin::protocol::{
    Ask, ChangeFacts, EntriesAnswer, FilePlaces, FileText, FindingsAnswer, FoundPlace, PackageEntries, PackageFacts,
    PlacesAnswer, PluginEntry, PluginFinding,
};
use crate::plugin::{Answer, Host, PluginCall, PluginError};
use crate::snapshot::{Look, NotedEntry, PluginLeftOut, PluginReport};
use crate::text::{Span, escape_controls};
use crate::workspace::{PackageSeed, SeedManifest, SourceFile, Workspace};

/// So many plugins are asked at once.
const AT_ONCE: usize = 8;

/// The plugins of a workspace, and what starts them.
#[derive(Clone, Copy)]
pub struct Plugins<'a> {
    /// What relman.toml says of them.
    pub config: &'a Config,
    /// What starts them.
    pub host: &'a Host,
}

/// What was found in each of the files, or why not.
type FoundIn = BTreeMap<RepoPath, Result<Found, Vec<Fault>>>;

impl<'a> Plugins<'a> {
    /// Takes the manifests of plugins that may not be started out of the packages, and the packages that have no other one.
    pub(super) fn leave_out(&self, packages: &mut Vec<PackageSeed>) -> Vec<PluginLeftOut> {
        let mut left_out = Vec::new();
        for spec in &self.config.plugins {
            let is_of = |locator: &Locator| *locator == Locator::Plugin(spec.name.clone());
            let manifests = packages.iter().flat_map(|seed| &seed.manifests).filter(|m| is_of(&m.locator));
            let files: BTreeSet<RepoPath> = manifests.map(|manifest| manifest.path.clone()).collect();
            if files.is_empty() && spec.roles.is_empty() {
                continue;
            }
            let Err(error) = self.host.admit(&call_of(spec)) else { continue };
            if !error.is_left_out() {
                // Asking it says so again, with the file.
                continue;
            }
            let mut missing = Vec::new();
            packages.retain_mut(|seed| {
                let before = seed.manifests.len();
                seed.manifests.retain(|manifest| !is_of(&manifest.locator));
                let holds = |manifest: &SeedManifest| !manifest.kind.is_lock() && manifest.part().is_none();
                let is_kept = seed.manifests.len() == before || seed.manifests.iter().any(holds);
                if !is_kept {
                    missing.push(seed.id.clone());
                }
                is_kept
            });
            left_out.push(PluginLeftOut {
                plugin: spec.name.clone(),
                message: error.to_string(),
                help: error.help(),
                files: files.into_iter().collect(),
                packages: missing,
            });
        }
        left_out
    }

    /// Asks for the places of versions, each plugin once, all at the same time.
    pub(super) fn find(&self, packages: &[PackageSeed], files: &mut BTreeMap<RepoPath, SourceFile>) {
        let mut wanted: BTreeMap<&PluginName, BTreeSet<&RepoPath>> = BTreeMap::new();
        for manifest in packages.iter().flat_map(|seed| &seed.manifests) {
            if let Locator::Plugin(name) = &manifest.locator {
                wanted.entry(name).or_default().insert(&manifest.path);
            }
        }
        let texts = |paths: BTreeSet<&RepoPath>| -> Vec<(RepoPath, String)> {
            // A file that cannot be read is reported by its reader.
            paths.into_iter().filter_map(|path| Some((path.clone(), files.get(path)?.text.to_string()))).collect()
        };
        let asked: Vec<(&PluginSpec, Vec<(RepoPath, String)>)> = wanted
            .into_iter()
            .filter_map(|(name, paths)| {
                let spec = self.config.plugins.iter().find(|spec| spec.name == *name)?;
                Some((spec, texts(paths)))
            })
            .collect();
        let answers = in_parallel(&asked, AT_ONCE, |(spec, texts)| self.places(spec, texts));
        for ((spec, _), found) in asked.iter().zip(answers) {
            for (path, found) in found {
                if let Some(file) = files.get_mut(&path) {
                    file.took(Locator::Plugin(spec.name.clone()), found);
                }
            }
        }
    }

    /// Asks one plugin for the places in these texts.
    pub fn places(&self, spec: &PluginSpec, texts: &[(RepoPath, String)]) -> FoundIn {
        match ask_places(self.host, &call_of(spec), texts) {
            Ok(found) => {
                let unfit = |why: String| PluginError::unfit(&spec.name, &found.version, why).to_string();
                let files = texts.iter().zip(found.value);
                files.map(|((path, text), found)| (path.clone(), judged(text, found, &unfit))).collect()
            }
            Err(error) => {
                let fault = || {
                    let fault = Fault::new(Span::new(0, 0), error.to_string());
                    vec![error.help().map_or(fault.clone(), |help| fault.help(help))]
                };
                texts.iter().map(|(path, _)| (path.clone(), Err(fault()))).collect()
            }
        }
    }

    /// Asks those of the role `check`.
    pub(super) fn checks(
        &self,
        workspace: &Workspace,
        left_out: &[PluginLeftOut],
    ) -> Vec<(PluginName, Look<Vec<PluginReport>>)> {
        let asked = self.of_role(PluginRole::Check, left_out);
        let answers = in_parallel(&asked, AT_ONCE, |spec| {
            let packages = workspace.packages.entries().filter(|(_, package)| spec.is_about(&package.id));
            let packages = packages.map(|(index, _)| facts(workspace, index, None)).collect();
            let answer: Result<Answer<FindingsAnswer>, _> =
                self.host.ask(&call_of(spec), PluginRole::Check, &Ask::Findings { packages });
            answer
                .map(|answer| answer.value.findings.into_iter().map(report).collect())
                .map_or_else(unknown, Look::Found)
        });
        asked.iter().map(|spec| spec.name.clone()).zip(answers).collect()
    }

    /// Asks those of the role `notes` about the changes of each package since its last tag.
    ///
    /// # Errors
    /// One of them does not answer, so that entries would be missing.
    pub(super) fn entries(
        &self,
        workspace: &Workspace,
        left_out: &[PluginLeftOut],
        history: Option<&History>,
    ) -> Result<BTreeMap<PackageIx, Vec<NotedEntry>>, Vec<Diagnostic>> {
        let asked = self.of_role(PluginRole::Notes, left_out);
        let answers = in_parallel(&asked, AT_ONCE, |spec| {
            let packages = workspace.packages.entries().filter(|(_, package)| spec.is_about(&package.id));
            let packages = packages.map(|(index, _)| facts(workspace, index, history)).collect();
            self.host.ask::<EntriesAnswer>(&call_of(spec), PluginRole::Notes, &Ask::Entries { packages })
        });
        let mut entries: BTreeMap<PackageIx, Vec<NotedEntry>> = BTreeMap::new();
        let mut problems = Vec::new();
        for (spec, answer) in asked.iter().zip(answers) {
            match answer.and_then(|answer| noted(self.config, spec, workspace, answer)) {
                Ok(noted) => noted.into_iter().for_each(|(index, more)| entries.entry(index).or_default().extend(more)),
                Err(error) => {
                    let problem =
                        self.config.diagnostic(ProblemCode::Plugin, spec.span, escape_controls(&error.to_string()));
                    problems.push(error.help().map_or(problem.clone(), |help| problem.help(help)));
                }
            }
        }
        if problems.is_empty() { Ok(entries) } else { Err(problems) }
    }

    fn of_role(&self, role: PluginRole, left_out: &[PluginLeftOut]) -> Vec<&'a PluginSpec> {
        let may = |spec: &&PluginSpec| left_out.iter().all(|left| left.plugin != spec.name);
        self.config.plugins.iter().filter(|spec| spec.roles.contains(&role)).filter(may).collect()
    }
}

/// Asks a plugin for the places in these texts, and returns its answer, which has these files in this order. What it says of each is not
/// yet held against the text: see [`untrue_places`].
///
/// # Errors
/// It may not be started, or gives no valid answer.
pub fn ask_places(
    host: &Host,
    call: &PluginCall<'_>,
    texts: &[(RepoPath, String)],
) -> Result<Answer<Vec<FilePlaces>>, PluginError> {
    let file = |(path, text): &(RepoPath, String)| FileText { path: path.to_string(), text: Cow::Owned(text.clone()) };
    let ask = Ask::Places { files: texts.iter().map(file).collect() };
    let Answer { version, value } = host.ask::<PlacesAnswer>(call, PluginRole::Manifest, &ask)?;
    let expected: Vec<String> = texts.iter().map(|(path, _)| path.to_string()).collect();
    let named: Vec<&str> = value.files.iter().map(|file| file.path.as_str()).collect();
    if named == expected {
        return Ok(Answer { version, value: value.files });
    }
    let why = format!("it is about {}, not about {}", list(&named), list(&expected));
    Err(PluginError::unfit(call.name, &version, why))
}

/// Returns how a plugin of relman.toml is called.
#[must_use]
pub fn call_of(spec: &PluginSpec) -> PluginCall<'_> {
    PluginCall {
        name: &spec.name,
        command: &spec.command,
        env: &spec.env,
        timeout: spec.timeout,
        settings: &spec.settings,
    }
}

/// The facts of a package that a plugin is given.
fn facts(workspace: &Workspace, index: PackageIx, history: Option<&History>) -> PackageFacts {
    let package = &workspace.packages[index];
    let manifests: BTreeSet<String> = package.files().map(ToString::to_string).collect();
    let gathered = history.map(|history| (history, &history.packages[index]));
    let change =
        |commit: &Commit| ChangeFacts { commit: commit.id.to_string(), subject: commit.message.subject.clone() };
    let changes = |(history, gathered): (&History, &UnreleasedChanges)| {
        let counts = gathered.commits.iter().filter(|index| !gathered.cancelled.contains(index));
        counts.map(|index| change(&history.commits[*index])).collect()
    };
    PackageFacts {
        name: package.id.to_string(),
        version: package.version().map(|_| package.written().to_owned()),
        folders: package.folders.iter().map(ToString::to_string).collect(),
        manifests: manifests.into_iter().collect(),
        last_tag: gathered.and_then(|(_, gathered)| Some(gathered.last.as_ref()?.name.clone())),
        changes: gathered.map_or(Vec::new(), changes),
    }
}

/// The entries of an answer, by package.
fn noted(
    config: &Config,
    spec: &PluginSpec,
    workspace: &Workspace,
    answer: Answer<EntriesAnswer>,
) -> Result<Vec<(PackageIx, Vec<NotedEntry>)>, PluginError> {
    let of_package = |package: PackageEntries| {
        let index = workspace.index_of(&PackageId::new(package.name.as_str())).ok_or_else(|| {
            PluginError::unfit(&spec.name, &answer.version, format!("{:?} is not a package", package.name))
        })?;
        let known = config.changelog_of(&workspace.packages[index].id).map_or(&[][..], |changelog| &changelog.types);
        let entry = |entry: PluginEntry| {
            let text = entry.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let types: Vec<&str> = known.iter().map(|(kind, _)| kind.as_str()).collect();
            let why = if text.is_empty() || text.contains(char::is_control) {
                format!("the entry {:?} of `{}` is not a text", entry.text, package.name)
            } else if !known.is_empty() && !types.contains(&entry.kind.as_str()) {
                format!(
                    "{:?} is not a type of changes; the types of `{}` are {}",
                    entry.kind,
                    package.name,
                    types.join(", ")
                )
            } else {
                return Ok(NotedEntry { kind: entry.kind, text });
            };
            Err(PluginError::unfit(&spec.name, &answer.version, why))
        };
        Ok((index, package.entries.into_iter().map(entry).collect::<Result<_, PluginError>>()?))
    };
    answer.value.packages.into_iter().map(of_package).collect()
}

fn list<T: AsRef<str>>(names: &[T]) -> String {
    if names.is_empty() {
        return "no file".to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| escape_controls(name.as_ref()).into_owned()).collect();
    crate::text::list_truncated(&names, 4)
}

/// Holds an answer against the text: what it claims must be there.
fn judged(text: &str, found: FilePlaces, unfit: &dyn Fn(String) -> String) -> Result<Found, Vec<Fault>> {
    let said = |problem: crate::plugin::protocol::FileProblem| {
        let span = Span::new(problem.start, problem.end);
        let at = if span.of(text).is_some() { span } else { Span::new(0, 0) };
        let fault = Fault::new(at, escape_controls(&problem.message).into_owned());
        problem.help.map_or(fault.clone(), |help| fault.help(escape_controls(&help).into_owned()))
    };
    if !found.problems.is_empty() {
        return Err(found.problems.into_iter().map(said).collect());
    }
    let untrue = untrue_places(text, &found.places);
    if !untrue.is_empty() {
        return Err(untrue.into_iter().map(|why| fault(unfit(why))).collect());
    }
    let no_version = found.places.is_empty().then_some(NoVersion::Absent);
    let versions = found.places.into_iter().map(|place| VersionPlace {
        field: place.field,
        scalar: Scalar { span: Span::new(place.start, place.end), text: place.text, style: Style::Bare },
    });
    Ok(Found { versions: versions.collect(), no_version, ..Found::default() })
}

/// Returns what is wrong with the places that a plugin found in a text: what they claim is not there, or they overlap.
#[must_use]
pub fn untrue_places(text: &str, places: &[FoundPlace]) -> Vec<String> {
    let mut untrue: Vec<String> = places.iter().filter_map(|place| lie(text, place)).collect();
    let mut sorted: Vec<&FoundPlace> = places.iter().collect();
    sorted.sort_by_key(|place| (place.start, place.end));
    for pair in sorted.windows(2) {
        if let [first, second] = pair
            && second.start < first.end
        {
            untrue.push(format!("the places {} and {} overlap", shown(first), shown(second)));
        }
    }
    untrue
}

fn shown(place: &FoundPlace) -> String {
    format!("{}..{}", place.start, place.end)
}

/// What is wrong with a place; `None` if the text has what it claims.
fn lie(text: &str, place: &FoundPlace) -> Option<String> {
    let is_name = !place.field.is_empty() && !place.field.contains(char::is_control);
    let is_ordered = place.start <= place.end;
    let why = match text.get(place.start..place.end.max(place.start)) {
        _ if !is_ordered => format!("the place {} ends before it begins", shown(place)),
        None if place.end > text.len() => {
            format!("the place {} is outside of the text, which has {} bytes", shown(place), text.len())
        }
        None => format!("the place {} begins or ends in the middle of a character", shown(place)),
        Some(there) if there != place.text => format!(
            "the place {} holds `{}`, not `{}`",
            shown(place),
            escape_controls(there),
            escape_controls(&place.text)
        ),
        Some("") => format!("the place {} is empty", shown(place)),
        Some(_) if !is_name => format!("the field of the place {} is not a name", shown(place)),
        Some(_) => return None,
    };
    Some(why)
}

fn fault(message: String) -> Fault {
    Fault::new(Span::new(0, 0), message).help("places are counted in bytes of UTF-8, from 0")
}

fn report(finding: PluginFinding) -> PluginReport {
    let clean = |text: String| escape_controls(&text).into_owned();
    PluginReport {
        message: clean(finding.message),
        package: finding.package.map(PackageId::new),
        path: finding.path.and_then(|path| RepoPath::new(&path).ok()),
        line: finding.line,
        column: finding.column,
        help: finding.help.map(clean),
    }
}

fn unknown<T>(error: PluginError) -> Look<T> {
    Look::Unknown { message: error.to_string(), help: error.help() }
}
