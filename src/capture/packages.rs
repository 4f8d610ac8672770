//! Seeds: the packages and their files, before anything is bound.

use std::collections::BTreeSet;

use super::expand::{Wanted, expand};
use super::nearby::{entries, matches_any, near_glob, nearby};
use super::reader::Reader;
use super::tree::{Tree, Unresolved, check_name, leaves, missing};
use crate::config::{Config, EntryKind, ManifestEntry, ManifestPath, PackageSpec, Spanned};
use crate::manifest::{Locator, ManifestType};
use crate::model::{Diagnostic, PackageId, ProblemCode, RepoPath, VersionScheme};
use crate::text::Span;
use crate::workspace::{FolderFinding, PackageSeed, Primaries, SeedManifest, SeedTagging, slot_scheme};

/// The packages of a workspace, and the folders that are not packages.
#[derive(Debug, Default)]
pub(super) struct Seeds {
    /// The packages, declared ones first.
    pub(super) packages: Vec<PackageSeed>,
    /// Folders that `members` matched and that hold no version, and why.
    pub(super) left_out: Vec<(RepoPath, String)>,
    /// Manifests without a version in folders that `members` matched: they hold requirements only.
    pub(super) versionless: Vec<(RepoPath, ManifestType)>,
    /// Problems of relman.toml that only the files reveal.
    pub(super) problems: Vec<Diagnostic>,
    /// Patterns of relman.toml that match nothing.
    pub(super) idle: Vec<Diagnostic>,
}

/// Finds the declared packages and those in `members` folders.
pub(super) fn seeds(config: &Config, tree: &dyn Tree, reader: &Reader<'_>) -> Seeds {
    let mut seeds = Seeds::default();
    for spec in &config.packages {
        let seed = declared(config, spec, tree, reader, &mut seeds.problems);
        seeds.packages.push(seed);
        seeds.idle.extend(idle_paths(config, spec, tree));
    }
    members(config, tree, reader, &mut seeds);
    seeds.idle.sort_by_key(|idle| idle.place.as_ref().map(|place| place.span.start));
    seeds
}

/// Reports a package whose `paths` match nothing, so that no commit is ever a change of it. A single pattern may be there for a folder that
/// was moved.
fn idle_paths(config: &Config, spec: &PackageSpec, tree: &dyn Tree) -> Option<Diagnostic> {
    let paths = spec.paths.as_ref()?;
    let positive = || paths.value.iter().filter(|pattern| !pattern.negated).map(|pattern| &pattern.glob);
    let first = positive().next()?;
    if positive().any(|glob| matches_any(tree, glob)) {
        return None;
    }
    let message = format!("`paths` of `{}` match no file, so no commit is a change of it", spec.id);
    Some(config.diagnostic(ProblemCode::Missing, paths.span, message).help(near_glob(tree, first)))
}

fn declared(
    config: &Config,
    spec: &PackageSpec,
    tree: &dyn Tree,
    reader: &Reader<'_>,
    problems: &mut Vec<Diagnostic>,
) -> PackageSeed {
    let mut manifests = Vec::new();
    let mut versionless = None;
    match (&spec.manifests, &spec.path) {
        (Some(entries), _) => {
            for entry in entries {
                let primary = manifests.iter().find(|m: &&SeedManifest| m.part().is_none()).map(|m| m.scheme);
                manifests.extend(listed(config, spec, entry, primary, tree, problems));
            }
        }
        (None, Some(Spanned { value: folder, span })) => match resolved(config, *span, folder, tree) {
            Ok(folder) => {
                let primaries = match reader.folder(tree, &folder) {
                    FolderFinding::Package(found) | FolderFinding::Broken(found) => found,
                    FolderFinding::NoVersion(_) | FolderFinding::Nothing => {
                        versionless = Some(entries(tree, &folder));
                        all_known(tree, &folder)
                    }
                };
                manifests = of_folder(&primaries, spec.scheme, tree, problems);
            }
            Err(problem) => problems.push(problem),
        },
        (None, None) => {}
    }
    let workspace = &config.workspace;
    let by_rule = module_tag(&manifests, tree).filter(|_| workspace.tag.is_none() && spec.from_tag.is_some());
    let tag = by_rule.unwrap_or_else(|| workspace.tag().to_owned());
    PackageSeed {
        id: spec.id.clone(),
        span: spec.span,
        folder: spec.path.as_ref().map(|path| path.value.clone()),
        manifests,
        versionless,
        scheme: spec.scheme,
        tag: spec.tag.as_ref().map_or_else(|| tag, |tag| tag.value.clone()),
        tagging: match (&spec.tag_of, spec.never_tagged) {
            (_, Some(_)) => SeedTagging::Never,
            (Some(of), None) => SeedTagging::Of(of.value.clone(), of.span),
            (None, None) => SeedTagging::Own,
        },
        from_tag: spec.from_tag.clone(),
        tag_scheme: spec.tag_scheme,
        tag_message: spec.tag_message.clone().unwrap_or_else(|| workspace.tag_message.clone()),
        names: spec.names.iter().map(|name| name.value.clone()).collect(),
        paths: spec.paths.as_ref().map(|paths| paths.value.clone()),
    }
}

/// The tags by which Go finds a module: the folder of its go.mod, without one for a major version, before the version
/// (<https://go.dev/ref/mod#vcs-version>).
fn module_tag(manifests: &[SeedManifest], tree: &dyn Tree) -> Option<String> {
    let folder = manifests.iter().find(|m| m.kind == ManifestType::GoMod)?.path.parent()?;
    let is_major =
        |name: &str| name.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let folder = tree.git_path(&folder);
    let (above, name) = folder.rsplit_once('/').unwrap_or(("", &folder));
    let folder = if is_major(name) { above } else { &folder };
    Some(if folder.is_empty() { "v{version}".to_owned() } else { format!("{folder}/v{{version}}") })
}

/// A declared folder whose manifests hold no version: they are kept, so that the reason can be reported.
fn all_known(tree: &dyn Tree, folder: &RepoPath) -> Primaries {
    let entries = tree.list(folder);
    let there = |(kind, file): (ManifestType, &str)| entries.has(file).then(|| (folder.child(file), kind));
    Primaries {
        name: None,
        manifests: ManifestType::of_packages().filter_map(there).collect(),
        locks: ManifestType::of_locks().filter_map(there).collect(),
    }
}

/// Follows symbolic links to the file or folder that relman.toml names there.
///
/// # Errors
/// It does not exist, or leads out of the repository.
pub(super) fn resolved(config: &Config, span: Span, path: &RepoPath, tree: &dyn Tree) -> Result<RepoPath, Diagnostic> {
    tree.resolve(path).map_err(|why| match why {
        Unresolved::Missing => {
            config.diagnostic(ProblemCode::Missing, span, format!("{path} does not exist")).help(nearby(tree, path))
        }
        Unresolved::Leaves(target) => config
            .diagnostic(ProblemCode::Outside, span, format!("{path} leaves the repository: it leads to {target}"))
            .help("list a file inside; a symbolic link that stays inside is edited through"),
    })
}

/// The files of one entry of `manifests`.
fn listed(
    config: &Config,
    spec: &PackageSpec,
    entry: &ManifestEntry,
    primary: Option<VersionScheme>,
    tree: &dyn Tree,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SeedManifest> {
    let paths = match &entry.path {
        ManifestPath::File(path) => vec![path.clone()],
        ManifestPath::Glob(glob) => expand(tree, glob, Wanted::Files),
    };
    if let (ManifestPath::Glob(glob), []) = (&entry.path, paths.as_slice()) {
        let message = format!("`{}` matches no file", glob.as_str());
        problems.push(config.diagnostic(ProblemCode::Missing, entry.span, message).help(near_glob(tree, glob)));
    }
    let kind = match &entry.kind {
        EntryKind::Known(kind) | EntryKind::Pointer(kind, _) => *kind,
        EntryKind::Search(_) | EntryKind::Plugin(_) => ManifestType::Text,
    };
    let scheme = slot_scheme(entry.scheme, kind, spec.scheme, primary);
    let locator = match &entry.kind {
        EntryKind::Known(kind) => Locator::Known(*kind),
        EntryKind::Pointer(kind, pointer) => Locator::Pointer(*kind, pointer.clone()),
        EntryKind::Search(pattern) => Locator::Search(pattern.clone(), scheme),
        EntryKind::Plugin(name) => Locator::Plugin(name.clone()),
    };
    let mut manifests = Vec::new();
    for path in paths {
        // A missing listed file is a broken manifest, reported with the others; one that leads out of the repository is a configuration
        // error.
        match resolved(config, entry.span, &path, tree) {
            Ok(path) => manifests.push(SeedManifest {
                path,
                kind,
                locator: locator.clone(),
                scheme,
                fields: entry.fields.clone(),
                listed: Some(entry.span),
            }),
            Err(problem) => problems.push(problem),
        }
    }
    manifests
}

/// The manifests of a folder that hold a version, and the lock files beside them, in the order of a package.
fn of_folder(
    primaries: &Primaries,
    scheme: Option<VersionScheme>,
    tree: &dyn Tree,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SeedManifest> {
    let mut manifests: Vec<SeedManifest> = Vec::new();
    for (path, kind) in &primaries.manifests {
        let primary = manifests.first().map(|m| m.scheme);
        manifests.push(SeedManifest::found(path.clone(), *kind, slot_scheme(None, *kind, scheme, primary)));
    }
    for (link, kind) in &primaries.locks {
        match tree.resolve(link) {
            Ok(path) => manifests.push(SeedManifest::found(path, *kind, slot_scheme(None, *kind, scheme, None))),
            Err(Unresolved::Leaves(target)) => problems.push(leaves(link, &target)),
            Err(Unresolved::Missing) => problems.push(missing(link)),
        }
    }
    manifests
}

fn members(config: &Config, tree: &dyn Tree, reader: &Reader<'_>, seeds: &mut Seeds) {
    let declared_folders: BTreeSet<RepoPath> =
        config.packages.iter().filter_map(|p| Some(p.path.as_ref()?.value.clone())).collect();
    let declared_names: BTreeSet<PackageId> = config.packages.iter().map(|p| p.id.clone()).collect();
    let excluded: Vec<_> = config.workspace.exclude.iter().map(|glob| glob.value.matcher()).collect();
    let mut taken = declared_folders;
    let mut wanted: Vec<(RepoPath, Span)> = Vec::new();
    for pattern in &config.workspace.members {
        let folders = expand(tree, &pattern.value, Wanted::Folders);
        if folders.is_empty() {
            let message = format!("`{}` in `members` matches no folder", pattern.value.as_str());
            let warning = config.diagnostic(ProblemCode::Missing, pattern.span, message);
            seeds.idle.push(warning.help(near_glob(tree, &pattern.value)));
        }
        let kept = folders.into_iter().filter(|f| !excluded.iter().any(|glob| glob.is_match(f.as_str())));
        wanted.extend(kept.filter(|folder| taken.insert(folder.clone())).map(|folder| (folder, pattern.span)));
    }
    let folders: Vec<RepoPath> = wanted.iter().map(|(folder, _)| folder.clone()).collect();
    let findings = reader.folders(tree, &folders);
    let mut named: BTreeSet<PackageId> = BTreeSet::new();
    for ((folder, span), finding) in wanted.into_iter().zip(findings) {
        let found = match finding {
            FolderFinding::Package(found) | FolderFinding::Broken(found) => found,
            FolderFinding::NoVersion(why) => {
                seeds.versionless.extend(all_known(tree, &folder).manifests);
                seeds.left_out.push((folder, why));
                continue;
            }
            FolderFinding::Nothing => {
                seeds.left_out.push((folder, "it holds no manifest".to_owned()));
                continue;
            }
        };
        if let Err(problem) = check_name(&folder) {
            seeds.problems.push(problem);
            continue;
        }
        let id = PackageId::new(found.name.clone().unwrap_or_else(|| folder.file_name().to_owned()));
        if declared_names.contains(&id) {
            continue;
        }
        if id.as_str().contains(char::is_control) {
            let message = format!("the package in {folder} has the name {:?}, with a control character", id.as_str());
            let help = "correct the name in its manifest, or declare the folder in [packages] under another name";
            seeds.problems.push(Diagnostic::new(ProblemCode::Manifest, message).in_file(&folder).help(help));
            continue;
        }
        if !named.insert(id.clone()) {
            let message = format!("two `members` folders hold a package named `{id}`; the second is {folder}");
            let help = "declare one of them in [packages] under another key, with its `path`";
            seeds.problems.push(config.diagnostic(ProblemCode::ConfigConflict, span, message).help(help));
            continue;
        }
        let seed = member(config, id, span, folder, &found, tree, &mut seeds.problems);
        seeds.packages.push(seed);
    }
}

fn member(
    config: &Config,
    id: PackageId,
    span: Span,
    folder: RepoPath,
    found: &Primaries,
    tree: &dyn Tree,
    problems: &mut Vec<Diagnostic>,
) -> PackageSeed {
    PackageSeed {
        id,
        span,
        manifests: of_folder(found, None, tree, problems),
        versionless: None,
        folder: Some(folder),
        scheme: None,
        tag: config.workspace.tag().to_owned(),
        tagging: SeedTagging::Own,
        from_tag: None,
        tag_scheme: None,
        tag_message: config.workspace.tag_message.clone(),
        names: Vec::new(),
        paths: None,
    }
}
