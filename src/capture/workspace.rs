//! Reading of the whole workspace: seeds, their files, the files above them, and their binding.

use std::collections::BTreeSet;

use super::inheritance::inheriting;
use super::other_manifests::other_manifests;
use super::packages::{Seeds, seeds};
use super::pins;
use super::plugins::Plugins;
use super::reader::{Reader, known};
use super::tree::Tree;
use crate::config::{Config, TagOwner, tag_conflicts};
use crate::io;
use crate::manifest::{Locator, ManifestType};
use crate::model::{Diagnostic, IndexVec, PackageId, PackageIx, ProblemCode, RepoPath};
use crate::snapshot::PluginLeftOut;
use crate::workspace::{BindInput, PackageSeed, Users, Workspace, bind};

/// Reads every file that the configuration means and binds the packages.
///
/// # Errors
/// Returns everything that is wrong with relman.toml, now that the files are known.
pub(super) fn read(
    config: &Config,
    tree: &dyn Tree,
    plugins: Option<Plugins<'_>>,
) -> Result<(Workspace, Vec<PluginLeftOut>), Vec<Diagnostic>> {
    let reader = Reader::new(tree);
    let Seeds { mut packages, left_out, mut versionless, problems, idle } = seeds(config, tree, &reader);
    if !problems.is_empty() {
        return Err(problems);
    }
    let skipped = plugins.map_or(Vec::new(), |plugins| plugins.leave_out(&mut packages));
    let absent: Vec<PackageId> = skipped.iter().flat_map(|left| left.packages.clone()).collect();
    if packages.is_empty() && absent.is_empty() {
        return Err(idle.into_iter().chain([no_packages(config, &left_out)]).collect());
    }
    versionless.extend(other_manifests(config, tree)?);
    let Above { manifests: mut extra, mut locks } = above(tree, &packages, &versionless, config.workspace.locks);
    extra.extend(versionless);
    without_packages(&packages, &mut extra);
    let own: Vec<_> =
        packages.iter().flat_map(|s| s.manifests.iter().map(|m| (m.path.clone(), m.locator.clone()))).collect();
    let wishes: Vec<_> = extra.iter().chain(&locks).map(|(path, kind)| (path.clone(), known(*kind))).collect();
    let found = found_locks(&packages, &locks);
    let read = || [own, wishes].iter().for_each(|wishes| reader.read(wishes));
    let (ignored, ()) = io::both(|| tree.ignored(&found), read);
    leave_locks(&ignored, &mut packages, &mut locks);
    reader.forget(&without_use(ignored, &packages));
    let inheriting = inheriting(tree, &reader, &packages, &extra);
    let (mut files, unread) = reader.finish();
    if let Some(plugins) = plugins {
        plugins.find(&packages, &mut files);
    }
    let seeds: IndexVec<PackageIx, PackageSeed> = packages.into();
    let unreadable = owned(&seeds, unread);
    let input = BindInput { unreadable, seeds, files, extra, inheriting, locks_above: locks, absent, left_out, idle };
    let spans: Vec<_> = input.seeds.iter().map(|seed| (seed.tag.clone(), seed.span)).collect();
    let mut workspace = bind(config, input)?;
    workspace.pins = pins::read(config, tree, &mut workspace.files);
    let conflicts = tag_conflicts(config, &tag_owners(config, &workspace, &spans));
    if conflicts.is_empty() { Ok((workspace, skipped)) } else { Err(conflicts) }
}

/// Leaves each manifest in once, and only those whose requirements are not already those of a package.
fn without_packages(packages: &[PackageSeed], extra: &mut Vec<(RepoPath, ManifestType)>) {
    let of_packages = packages.iter().flat_map(|seed| &seed.manifests);
    let known = of_packages.filter(|manifest| matches!(manifest.locator, Locator::Known(_)));
    let known: BTreeSet<&RepoPath> = known.map(|manifest| &manifest.path).collect();
    let mut seen = BTreeSet::new();
    extra.retain(|(path, kind)| !known.contains(path) && seen.insert((path.clone(), *kind)));
}

/// A configuration without packages is a mistake, not an empty success.
fn no_packages(config: &Config, left_out: &[(RepoPath, String)]) -> Diagnostic {
    let reasons: Vec<String> = left_out.iter().take(4).map(|(folder, why)| format!("{folder}: {why}")).collect();
    let message = if reasons.is_empty() {
        format!("{} names no package", config.path)
    } else {
        format!("{} names no package that holds a version ({})", config.path, reasons.join("; "))
    };
    Diagnostic::new(ProblemCode::NoPackages, message)
        .in_file(&config.path)
        .help("declare one in [packages], or name folders in `members`")
}

/// Returns the lock files that relman.toml does not list.
fn found_locks(packages: &[PackageSeed], above: &[(RepoPath, ManifestType)]) -> Vec<RepoPath> {
    let found = packages.iter().flat_map(|seed| &seed.manifests).filter(|m| m.kind.is_lock() && m.listed.is_none());
    found.map(|manifest| &manifest.path).chain(above.iter().map(|(path, _)| path)).cloned().collect()
}

/// An ignored lock file, as is common in libraries, is not part of any commit and so of any release. One that relman.toml lists stays.
fn leave_locks(ignored: &BTreeSet<RepoPath>, packages: &mut [PackageSeed], above: &mut Vec<(RepoPath, ManifestType)>) {
    if ignored.is_empty() {
        return;
    }
    for seed in packages {
        seed.manifests.retain(|manifest| manifest.listed.is_some() || !ignored.contains(&manifest.path));
    }
    above.retain(|(path, _)| !ignored.contains(path));
}

/// Returns those that no package has.
fn without_use(mut paths: BTreeSet<RepoPath>, packages: &[PackageSeed]) -> BTreeSet<RepoPath> {
    if !paths.is_empty() {
        for manifest in packages.iter().flat_map(|seed| &seed.manifests) {
            paths.remove(&manifest.path);
        }
    }
    paths
}

/// Finds the packages of each unreadable file.
fn owned(
    seeds: &IndexVec<PackageIx, PackageSeed>,
    unread: Vec<(RepoPath, Diagnostic)>,
) -> Vec<(RepoPath, Option<PackageId>, Diagnostic)> {
    let users = Users::new(seeds.as_slice());
    let owner = |path: &RepoPath| users.first(path).map(|index| seeds[index].id.clone());
    unread.into_iter().map(|(path, problem)| (path.clone(), owner(&path), problem)).collect()
}

/// The owners of tags: every package, but a group with one tag only once.
fn tag_owners(config: &Config, workspace: &Workspace, written: &[(String, crate::text::Span)]) -> Vec<TagOwner> {
    let mut groups = BTreeSet::new();
    let mut owners = Vec::new();
    let packages = workspace.packages.iter().zip(written);
    for (package, (text, span)) in packages.filter(|(package, _)| package.has_tags()) {
        let group = package.group.map(|index| &config.groups[index]);
        let tagged = group.and_then(|group| Some((group, group.tag.as_ref()?)));
        let (name, text, span) = match tagged {
            Some((group, _)) if !groups.insert(group.id.clone()) => continue,
            Some((group, tag)) => (group.id.to_string(), tag.value.clone(), tag.span),
            None => (package.id.to_string(), text.clone(), *span),
        };
        owners.push(TagOwner { name, templates: vec![package.tag.clone()], text, span: Some(span) });
    }
    owners
}

/// The files in the folders above packages, and the lock files next to them.
struct Above {
    manifests: Vec<(RepoPath, ManifestType)>,
    locks: Vec<(RepoPath, ManifestType)>,
}

/// Workspace roots hold requirements, and lock files entries, for the packages below them, and for manifests without a version or a
/// package.
fn above(tree: &dyn Tree, seeds: &[PackageSeed], versionless: &[(RepoPath, ManifestType)], locks: bool) -> Above {
    let mut folders = BTreeSet::new();
    let mut homes = BTreeSet::new();
    let of_packages = seeds.iter().flat_map(|seed| &seed.manifests).map(|manifest| &manifest.path);
    let taken: BTreeSet<&RepoPath> = of_packages.clone().collect();
    let files = of_packages.chain(versionless.iter().map(|(path, _)| path));
    let of_files = files.map(|path| path.parent().unwrap_or_else(RepoPath::root));
    // A file above may hold the version of a folder without any manifest.
    let empty = seeds.iter().filter(|seed| seed.manifests.is_empty()).filter_map(|seed| seed.folder.clone());
    for home in of_files.chain(empty) {
        for folder in home.ancestors() {
            if !folders.insert(folder) {
                break;
            }
        }
        homes.insert(home);
    }
    let mut above = Above { manifests: Vec::new(), locks: Vec::new() };
    for folder in folders.union(&homes) {
        let entries = tree.list(folder);
        let there = |(kind, file): (ManifestType, &'static str)| entries.has(file).then(|| (folder.child(file), kind));
        let followed = |(path, kind): (RepoPath, ManifestType)| Some((tree.resolve(&path).ok()?, kind));
        let is_free = |(path, _): &(RepoPath, ManifestType)| !taken.contains(path);
        if folders.contains(folder) {
            let manifests = ManifestType::of_packages().filter_map(there).filter(is_free);
            above.manifests.extend(manifests.filter_map(followed).filter(is_free));
        }
        if locks {
            above.locks.extend(ManifestType::of_locks().filter_map(there).filter_map(followed));
        }
    }
    above
}
