//! Selection: the packages of a request, and the step of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::auto::{asked, asked_of_group};
use super::history_gaps::shallow_gaps;
use super::hotfix_ask::on_hotfix;
use super::reason::BumpReason;
use super::request::{BumpRequest, BumpSpec};
use super::requests::{Asks, PackageRequest, VersionStep, include_group};
use super::spelling::{Spelled, Typed};
use super::unknown_names::{group_named, unknown_group, unknown_level, unknown_package, unknown_package_of_release};
use crate::config::GroupKind;
use crate::model::{
    Bump, Diagnostic, GroupId, GroupIx, PackageId, PackageIx, PreStage, ProblemCode, StagePolicy, Version,
    VersionScheme,
};
use crate::snapshot::Snapshot;
use crate::text::list_truncated;
use crate::workspace::{Group, Package};

/// Something that a request may name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Choice {
    /// A package.
    Package(PackageId),
    /// A group.
    Group(GroupId),
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Package(id) => write!(f, "{id}"),
            Self::Group(id) => write!(f, "group {id}"),
        }
    }
}

/// Returns what a request could mean where it names nothing: every package and group; `None` if it is clear.
fn choices(snapshot: &Snapshot, request: &BumpRequest) -> Option<Vec<Choice>> {
    if !is_unnamed(request) || only_choice(snapshot).is_some() {
        return None;
    }
    let packages = snapshot.workspace.packages.iter().map(|p| Choice::Package(p.id.clone()));
    let groups = snapshot.workspace.groups.iter().map(|g| Choice::Group(g.id.clone()));
    Some(packages.chain(groups).collect())
}

/// Returns `true` if a request names nothing, and does not only move pins.
pub(super) fn is_unnamed(request: &BumpRequest) -> bool {
    let named = request.all || !request.packages.is_empty() || !request.groups.is_empty();
    !named && !request.is_pins_only()
}

/// The only package or fixed group, if there is just one.
pub(super) fn only_choice(snapshot: &Snapshot) -> Option<Vec<PackageIx>> {
    let packages = &snapshot.workspace.packages;
    let one_group =
        snapshot.workspace.groups.iter().find(|g| g.kind == GroupKind::Fixed && g.members.len() == packages.len());
    let clear = packages.len() == 1 || (one_group.is_some() && !packages.is_empty());
    clear.then(|| packages.positions().collect())
}

/// Finds the packages of a request and the step of each; fixed groups are expanded.
pub(super) fn select(snapshot: &Snapshot, request: &BumpRequest) -> Result<Asks, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let wanted = requested_packages(snapshot, request, &mut problems);
    let asks = expand_groups(snapshot, &wanted, &mut problems);
    if problems.is_empty() { Ok(asks) } else { Err(problems) }
}

/// Returns the packages whose history the request depends on: those requested with `auto`, with their whole fixed groups.
pub(super) fn auto_packages(snapshot: &Snapshot, request: &BumpRequest) -> BTreeSet<PackageIx> {
    autos_of(snapshot, &requested_packages(snapshot, request, &mut Vec::new()))
}

fn autos_of(snapshot: &Snapshot, wanted: &BTreeMap<PackageIx, Option<BumpSpec>>) -> BTreeSet<PackageIx> {
    let mut auto_packages = BTreeSet::new();
    for index in wanted.iter().filter(|(_, ask)| matches!(ask, Some(BumpSpec::Auto(_)))).map(|(index, _)| index) {
        auto_packages.insert(*index);
        let group = fixed_group(snapshot, &snapshot.workspace.packages[*index]);
        auto_packages.extend(group.into_iter().flat_map(|(_, group)| members(snapshot, group)));
    }
    auto_packages
}

/// The packages of a request, and the step of each.
fn requested_packages(
    snapshot: &Snapshot,
    request: &BumpRequest,
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<PackageIx, Option<BumpSpec>> {
    let mut wanted: BTreeMap<PackageIx, Option<BumpSpec>> = BTreeMap::new();
    for (name, ask) in &request.packages {
        match index_of(snapshot, name) {
            Ok(index) => {
                let ask = ask.clone().or_else(|| request.ask.clone());
                if wanted.insert(index, ask.clone()).is_some_and(|earlier| earlier != ask) {
                    problems.push(Diagnostic::new(
                        ProblemCode::RequestConflict,
                        format!("`{name}` is requested twice, with different levels"),
                    ));
                }
            }
            Err(problem) if problem.code == ProblemCode::UnknownName => {
                problems.push(unknown_package_of_release(snapshot, name));
            }
            Err(problem) => problems.push(problem),
        }
    }
    match unnamed(snapshot, request) {
        Ok(indices) => {
            for index in indices {
                wanted.entry(index).or_insert_with(|| request.ask.clone());
            }
        }
        Err(mut more) => problems.append(&mut more),
    }
    if snapshot.git.is_hotfix {
        for (index, ask) in &mut wanted {
            *ask = on_hotfix(ask.take(), &snapshot.workspace.packages[*index]);
        }
    }
    wanted
}

/// The packages that a request covers without naming each.
fn unnamed(snapshot: &Snapshot, request: &BumpRequest) -> Result<Vec<PackageIx>, Vec<Diagnostic>> {
    let packages = &snapshot.workspace.packages;
    if request.all {
        return Ok(packages.positions().collect());
    }
    let mut indices = Vec::new();
    let mut problems = Vec::new();
    for name in &request.groups {
        match group_named(snapshot, name) {
            Some(group) => indices.extend(members(snapshot, group)),
            None => problems.push(unknown_group(snapshot, name)),
        }
    }
    if let Some(choices) = choices(snapshot, request) {
        let help = format!(
            "name what to release, as `bump NAME LEVEL` or with -p, -g or --all: {}",
            list_truncated(&choices, usize::MAX)
        );
        problems.push(
            Diagnostic::new(ProblemCode::NothingSelected, "nothing is selected, and there is more than one package")
                .help(help),
        );
    } else if request.packages.is_empty() && request.groups.is_empty() {
        // Where the choice is open, `choices` has complained.
        indices.extend(only_choice(snapshot).unwrap_or_default());
    }
    if problems.is_empty() { Ok(indices) } else { Err(problems) }
}

fn members<'a>(snapshot: &'a Snapshot, group: &'a Group) -> impl Iterator<Item = PackageIx> + 'a {
    group.members.iter().filter_map(|member| snapshot.workspace.index_of(member))
}

/// Returns the package of this name: its key, or a name that one of its manifests gives, if that is unambiguous.
///
/// # Errors
/// No package has the name, or several have it.
pub fn index_of(snapshot: &Snapshot, name: &str) -> Result<PackageIx, Diagnostic> {
    let workspace = &snapshot.workspace;
    let found: Vec<PackageIx> = workspace.named(name).into_iter().collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(unknown_package(snapshot, name)),
        several => {
            let message = format!("`{name}` is ambiguous: manifests of several packages have that name");
            let ids: Vec<&str> = several.iter().map(|index| workspace.packages[*index].id.as_str()).collect();
            Err(Diagnostic::new(ProblemCode::AmbiguousName, message).help(format!("write one of {}", ids.join(", "))))
        }
    }
}

/// Returns the packages of these names, or all where no name is given.
///
/// # Errors
/// Every name that no package has.
pub fn indices(snapshot: &Snapshot, names: &[String]) -> Result<BTreeSet<PackageIx>, Vec<Diagnostic>> {
    if names.is_empty() {
        return Ok(snapshot.workspace.packages.positions().collect());
    }
    let (found, problems): (Vec<_>, Vec<_>) =
        names.iter().map(|name| index_of(snapshot, name)).partition(|found| found.is_ok());
    let problems: Vec<Diagnostic> = problems.into_iter().filter_map(Result::err).collect();
    if problems.is_empty() { Ok(found.into_iter().flatten().collect()) } else { Err(problems) }
}

/// Returns the packages that a request names: refusing one of them refuses the request. Those that are covered with
/// others, by `--all` or as a linked group, are left out instead.
pub(super) fn meant_by_name(snapshot: &Snapshot, request: &BumpRequest) -> BTreeSet<PackageIx> {
    let mut named: BTreeSet<PackageIx> =
        request.packages.iter().filter_map(|(name, _)| index_of(snapshot, name).ok()).collect();
    let is_named =
        |group: &&Group| group.kind == GroupKind::Fixed && request.groups.iter().any(|name| name == group.id.as_str());
    named.extend(snapshot.workspace.groups.iter().filter(is_named).flat_map(|group| members(snapshot, group)));
    if !request.all && request.packages.is_empty() && request.groups.is_empty() {
        // Where the choice is open, `select` has complained.
        named.extend(only_choice(snapshot).unwrap_or_default());
    }
    named
}

/// Turns the typed levels into steps, and expands fixed groups.
fn expand_groups(
    snapshot: &Snapshot,
    wanted: &BTreeMap<PackageIx, Option<BumpSpec>>,
    problems: &mut Vec<Diagnostic>,
) -> Asks {
    let mut asks = Asks::new();
    let mut wrong = Wrong::default();
    let mut grouped = BTreeSet::new();
    problems.extend(shallow_gaps(snapshot, autos_of(snapshot, wanted).iter()));
    // One version for packages of both schemes is one value.
    let schemes = |ask: &Option<BumpSpec>| -> Vec<VersionScheme> {
        let same = wanted.iter().filter(|(_, other)| *other == ask).map(|(index, _)| index);
        same.map(|index| snapshot.workspace.packages[*index].scheme).collect()
    };
    for (index, ask) in wanted {
        let package = &snapshot.workspace.packages[*index];
        let stages = &snapshot.config.workspace.stages;
        match step(ask.as_ref(), package, &|| schemes(ask), stages) {
            Ok(Wish::Auto(stage)) => match fixed_group(snapshot, package) {
                Some((group, _)) if !grouped.insert(group) => {}
                Some((_, group)) => asks.extend(asked_of_group(snapshot, group, stage.as_ref())),
                None => asks.extend(asked(snapshot, *index, stage.as_ref()).map(|asked| (*index, asked))),
            },
            Ok(Wish::VersionStep(step, typed)) => {
                let reason = BumpReason::Requested;
                asks.insert(*index, PackageRequest { step, reason, typed });
            }
            Err(problem) => wrong.add(problem, package),
        }
    }
    problems.extend(wrong.told(wanted.len()));
    for group in snapshot.workspace.groups.iter().filter(|g| g.kind == GroupKind::Fixed) {
        one_request(snapshot, group, wanted, &asks, problems);
    }
    take_groups_whole(snapshot, &mut asks);
    asks
}

/// The fixed group of a package, with its index.
fn fixed_group<'a>(snapshot: &'a Snapshot, package: &Package) -> Option<(GroupIx, &'a Group)> {
    let index = package.group?;
    Some((index, &snapshot.workspace.groups[index])).filter(|(_, group)| group.kind == GroupKind::Fixed)
}

/// Two different requests for members of one fixed group contradict each other.
fn one_request(
    snapshot: &Snapshot,
    group: &Group,
    wanted: &BTreeMap<PackageIx, Option<BumpSpec>>,
    asks: &Asks,
    problems: &mut Vec<Diagnostic>,
) {
    let asked: Vec<(PackageIx, &BumpSpec)> =
        members(snapshot, group).filter_map(|i| Some((i, wanted.get(&i)?.as_ref()?))).collect();
    // A group of which nothing is asked cannot contradict itself.
    let Some((first, one)) = asked.first() else { return };
    let name = |index: PackageIx| snapshot.workspace.packages[index].id.as_str();
    let step = |index: &PackageIx| asks.get(index).map(|asked| &asked.step);
    // One version may be typed in two spellings.
    let is_same = |(index, other): &(PackageIx, &BumpSpec)| match (one, other) {
        (BumpSpec::Auto(one), BumpSpec::Auto(other)) => one == other,
        (BumpSpec::Auto(_), _) | (_, BumpSpec::Auto(_)) => false,
        _ => step(first) == step(index),
    };
    if let Some((second, _)) = asked.iter().find(|asked| !is_same(asked)) {
        let message = format!(
            "`{}` and `{}` are in the fixed group `{}`, which has one version, but different levels are requested for them",
            name(*first),
            name(*second),
            group.id
        );
        problems.push(
            Diagnostic::new(ProblemCode::RequestConflict, message)
                .help("request the same for both, or only one of them"),
        );
    }
}

/// Adds the members of fixed groups of which another member is requested.
fn take_groups_whole(snapshot: &Snapshot, asks: &mut Asks) {
    for group in snapshot.workspace.groups.iter().filter(|g| g.kind == GroupKind::Fixed) {
        let members: Vec<PackageIx> = members(snapshot, group).collect();
        include_group(group, &members, asks);
    }
}

/// The problems of the typed levels, with their packages: each problem is reported once.
#[derive(Default)]
struct Wrong<'a> {
    problems: Vec<(Diagnostic, Vec<&'a str>)>,
}

impl<'a> Wrong<'a> {
    fn add(&mut self, problem: Diagnostic, package: &'a Package) {
        match self.problems.iter_mut().find(|(known, _)| *known == problem) {
            Some((_, packages)) => packages.push(package.id.as_str()),
            None => self.problems.push((problem, vec![package.id.as_str()])),
        }
    }

    /// Returns the problems; they name their packages if there are others, or several.
    fn told(self, wanted: usize) -> impl Iterator<Item = Diagnostic> {
        self.problems.into_iter().map(move |(mut problem, packages)| {
            if wanted > 1 {
                let shown = list_truncated(packages.iter().map(|name| format!("`{name}`")), 3);
                problem.message = format!("for {shown}: {}", problem.message);
            }
            problem
        })
    }
}

/// The typed level, for the planner.
enum Wish {
    /// This step, regardless of changes.
    VersionStep(VersionStep, Option<Typed>),
    /// The level that the changes require, perhaps in this series.
    Auto(Option<PreStage>),
}

fn step(
    ask: Option<&BumpSpec>,
    package: &Package,
    schemes: &dyn Fn() -> Vec<VersionScheme>,
    policy: &StagePolicy,
) -> Result<Wish, Diagnostic> {
    let Some(ask) = ask else {
        let help = "give a level (major, minor, patch, auto), a stage (alpha, beta, rc), `release` or a version";
        return Err(Diagnostic::new(ProblemCode::Level, "no level was given").help(help));
    };
    let stage = |label: &str| policy.stage(label).ok_or_else(|| unknown_level(policy, label));
    let bump = match ask {
        BumpSpec::Level(level) => Bump::Level(*level),
        BumpSpec::Start(level, label) => Bump::Start { level: *level, stage: stage(label)? },
        BumpSpec::Stage(label) => Bump::Stage(stage(label)?),
        BumpSpec::Finalize => Bump::Finalize,
        BumpSpec::Exact(text) => {
            let (version, typed) = exact(text, package, &schemes())?;
            return Ok(Wish::VersionStep(VersionStep::Bump(Bump::Exact(version)), typed));
        }
        BumpSpec::Auto(label) => return Ok(Wish::Auto(label.as_deref().map(stage).transpose()?)),
    };
    Ok(Wish::VersionStep(VersionStep::Bump(bump), None))
}

/// Reads an explicit version in the package's scheme. If packages of both schemes are requested at once, it is read in the scheme
/// that fits the text, and each package spells it its own way. What is canonical in the other scheme alone means the same value there.
fn exact(text: &str, package: &Package, schemes: &[VersionScheme]) -> Result<(Version, Option<Typed>), Diagnostic> {
    let own = package.scheme;
    let mixed = schemes.iter().any(|scheme| *scheme != own);
    let order = if mixed { vec![VersionScheme::Semver, VersionScheme::Pep440] } else { vec![own] };
    let typed = order
        .iter()
        .find_map(|scheme| Some((scheme.parse(text).ok()?, Some(Typed { text: text.to_owned(), scheme: *scheme }))));
    let is_own = mixed || typed.as_ref().is_some_and(|(version, _)| own.render(version).as_deref() == Ok(text));
    let of_other = || {
        let version = own.other().parse(text).ok().filter(|v| own.other().render(v).as_deref() == Ok(text))?;
        own.render(&version).is_ok().then_some((version, None))
    };
    let read = if is_own { typed } else { of_other().or(typed) };
    let (version, typed) = match read {
        Some(read) => read,
        None => {
            let wrong = |error| Diagnostic::new(ProblemCode::Version, format!("{error}")).help(own.remedy(text));
            (own.parse_lenient(text).map_err(wrong)?, None)
        }
    };
    let filled = Spelled { version, typed }.filled(package.version().map_or(0, |current| current.release.len()));
    Ok((filled.version, filled.typed))
}
