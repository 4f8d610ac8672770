//! Binding of requirements to the packages that they name.

use std::collections::{BTreeMap, BTreeSet};

use super::bind_input::BindInput;
use super::names::Names;
use super::package::{Package, RequirementSlot};
use super::users::Users;
use crate::manifest::requirement::admits;
use crate::manifest::{Found, Locator, ManifestType, PythonSource, RequirementPlace, RequirementSyntax, normal_range};
use crate::model::{DependencyKind, Ecosystem, IndexVec, PackageId, PackageIx, RepoPath};
use crate::text::Span;

/// Where the package of a requirement comes from.
pub(super) enum Origin {
    /// The requirement does not say: its name decides.
    Unsaid,
    /// From a folder of the repository.
    Folder(RepoPath),
    /// From outside of the repository, whatever the name.
    Elsewhere,
}

impl Origin {
    /// Returns what the requirement itself says.
    pub(super) fn written(place: &RequirementPlace, file: &RepoPath) -> Self {
        place.folder.as_ref().map_or(Self::Unsaid, |folder| Self::folder(folder, file))
    }

    /// The folder that a file names.
    fn folder(written: &str, file: &RepoPath) -> Self {
        let home = file.parent().unwrap_or_else(RepoPath::root);
        home.join(written).map_or(Self::Elsewhere, Self::Folder)
    }
}

/// Returns the requirement as a slot, if it refers to a package of the workspace.
pub(super) fn bound(
    place: &RequirementPlace,
    origin: &Origin,
    file: &RepoPath,
    kind: ManifestType,
    holder: Option<&PackageId>,
    names: &Names,
    packages: &IndexVec<PackageIx, Package>,
) -> Option<RequirementSlot> {
    let folder = match origin {
        Origin::Unsaid => None,
        Origin::Folder(folder) => Some(folder),
        Origin::Elsewhere => return None,
    };
    let index = names.required(&place.on, folder, packages)?;
    if is_of_other_release(place, &packages[index]) {
        return None;
    }
    let of = packages[index].id.clone();
    let holder = holder.cloned();
    Some(RequirementSlot {
        file: file.clone(),
        kind,
        holder,
        of,
        place: place.clone(),
        inherited_by: None,
        copy_of: None,
    })
}

/// Returns `true` if an alias asks for other releases of a package than the one in the workspace: these are wanted beside it, and come from a
/// registry.
fn is_of_other_release(place: &RequirementPlace, package: &Package) -> bool {
    let asks_a_registry = place.is_alias && place.folder.is_none();
    let version = package.primary().map(|slot| &slot.value).filter(|_| asks_a_registry);
    version.is_some_and(|version| admits(place.notation, &place.scalar.text, version) == Ok(false))
}

/// Gives copies of requirements in lock files what their manifests say of them: the purpose, since Yarn's lock file, for one, has those of
/// development among the others; and the text, where the lock file has a form of its own.
pub(super) fn match_copies(copies: &mut [RequirementSlot], declared: &[RequirementSlot]) {
    let mut originals: BTreeMap<_, Vec<&RequirementPlace>> = BTreeMap::new();
    for slot in declared {
        originals.entry((&slot.holder, &slot.of)).or_default().push(&slot.place);
    }
    for copy in copies {
        let text = copy.place.scalar.text.clone();
        let is_of_deno = copy.kind == ManifestType::DenoLock;
        let is_original = |place: &&&RequirementPlace| {
            let written = place.scalar.text.as_str();
            written == text || (is_of_deno && normal_range(written).as_ref() == Some(&text))
        };
        let places = originals.get(&(&copy.holder, &copy.of)).into_iter().flatten().filter(is_original);
        let places: Vec<&RequirementPlace> = places.copied().collect();
        let same_kind = places.iter().find(|place| place.kind == copy.place.kind);
        let Some(original) = same_kind.or(places.first()) else { continue };
        copy.place.kind = original.kind;
        copy.copy_of = is_of_deno.then(|| original.scalar.text.clone());
    }
}

/// The manifests of a workspace, whose requirements are to be bound.
pub(super) struct Declared<'a> {
    /// Everything that was read.
    pub(super) input: &'a BindInput,
    /// The packages of the manifests.
    pub(super) users: &'a Users<'a>,
    /// The packages by the names under which they are required.
    pub(super) names: &'a Names,
    /// The packages.
    pub(super) packages: &'a IndexVec<PackageIx, Package>,
}

/// A manifest that may require something.
struct Manifest<'a> {
    path: &'a RepoPath,
    kind: ManifestType,
    found: &'a Found,
    holder: Option<&'a PackageId>,
}

/// Who takes a requirement of a workspace over, by the root's manifest and the key.
type Heirs<'a> = BTreeMap<(&'a RepoPath, &'a str), BTreeSet<Heir<'a>>>;

/// A package, what it requires the other one for, and the manifest that says so.
type Heir<'a> = (Option<&'a PackageId>, DependencyKind, &'a RepoPath);

impl<'a> Declared<'a> {
    /// Returns every requirement of a manifest on a package. A place is listed once, and one that the members of a workspace share
    /// once for each of them that inherits it: it is theirs, not the root's.
    pub(super) fn requirements(&self) -> Vec<RequirementSlot> {
        let manifests = self.manifests();
        let heirs = inheriting(&manifests);
        let sources = Sources::new(&manifests);
        let mut seen: BTreeSet<(&RepoPath, Span)> = BTreeSet::new();
        let mut slots = Vec::new();
        for manifest in &manifests {
            for place in &manifest.found.requirements {
                let origin = sources.origin(manifest, place);
                let bound =
                    bound(place, &origin, manifest.path, manifest.kind, manifest.holder, self.names, self.packages);
                let Some(slot) = bound.filter(|_| seen.insert((manifest.path, place.scalar.span))) else { continue };
                match &place.shared_as {
                    Some(key) => slots.extend(shared(&slot, heirs.get(&(manifest.path, key.as_str())))),
                    None => slots.push(slot),
                }
            }
        }
        slots
    }

    fn manifests(&self) -> Vec<Manifest<'a>> {
        let found = |path: &RepoPath, locator: &Locator| self.input.files.get(path).and_then(|f| f.found(locator));
        let mut manifests = Vec::new();
        for seed in &self.input.seeds {
            for own in seed.manifests.iter().filter(|m| !m.kind.is_lock()) {
                let found = found(&own.path, &own.locator);
                let holder = Some(&seed.id);
                manifests.extend(found.map(|found| Manifest { path: &own.path, kind: own.kind, found, holder }));
            }
        }
        for heir in &self.input.inheriting {
            let owner = self.users.first(&heir.root).map(|index| &self.input.seeds[index]);
            let holder = owner.map(|seed| &seed.id);
            let found = found(&heir.manifest, &Locator::Known(heir.kind));
            manifests.extend(found.map(|found| Manifest { path: &heir.manifest, kind: heir.kind, found, holder }));
        }
        for (path, kind) in &self.input.extra {
            let found = found(path, &Locator::Known(*kind));
            manifests.extend(found.map(|found| Manifest { path, kind: *kind, found, holder: None }));
        }
        manifests
    }
}

/// Where the requirements of pyproject.toml files come from.
struct Sources<'a> {
    /// The roots of uv workspaces, by their folders: their members inherit their sources.
    roots: BTreeMap<RepoPath, &'a Manifest<'a>>,
}

impl<'a> Sources<'a> {
    fn new(manifests: &'a [Manifest<'a>]) -> Self {
        let of_python = |manifest: &&Manifest<'_>| manifest.kind.ecosystem() == Some(Ecosystem::Python);
        let roots = manifests.iter().filter(of_python).filter(|manifest| manifest.found.workspace.is_some());
        Self { roots: roots.filter_map(|root| Some((root.path.parent()?, root))).collect() }
    }

    /// Returns where a requirement comes from: its own manifest takes precedence over the workspace.
    fn origin(&self, manifest: &Manifest<'_>, place: &RequirementPlace) -> Origin {
        let written = Origin::written(place, manifest.path);
        if place.notation != RequirementSyntax::Pep440 {
            return written;
        }
        let root = manifest.path.ancestors().find_map(|folder| self.roots.get(&folder));
        let own = manifest.found.python_sources.get(&place.on).map(|source| (source, manifest.path));
        let inherited = root.and_then(|root| Some((root.found.python_sources.get(&place.on)?, root.path)));
        match own.or(inherited) {
            Some((PythonSource::Elsewhere, _)) => Origin::Elsewhere,
            Some((PythonSource::Folder(folder), from)) => Origin::folder(folder, from),
            Some((PythonSource::Workspace, _)) | None => written,
        }
    }
}

/// One slot for each package that inherits the place, else one without a package.
fn shared(slot: &RequirementSlot, heirs: Option<&BTreeSet<Heir<'_>>>) -> Vec<RequirementSlot> {
    let Some(heirs) = heirs else { return vec![RequirementSlot { holder: None, ..slot.clone() }] };
    let heir = |(holder, kind, path): &Heir<'_>| {
        let place = RequirementPlace { kind: *kind, ..slot.place.clone() };
        RequirementSlot { holder: holder.cloned(), place, inherited_by: Some((*path).clone()), ..slot.clone() }
    };
    heirs.iter().map(heir).collect()
}

/// A member's workspace is the nearest one of its kind above it, as Cargo looks for it.
fn inheriting<'a>(manifests: &[Manifest<'a>]) -> Heirs<'a> {
    let roots = manifests.iter().filter(|manifest| manifest.found.workspace.is_some());
    let roots: BTreeMap<(ManifestType, RepoPath), &RepoPath> =
        roots.filter_map(|m| Some(((m.kind, m.path.parent()?), m.path))).collect();
    let mut heirs = Heirs::new();
    for manifest in manifests.iter().filter(|manifest| !manifest.found.inherits.is_empty()) {
        let Some(root) = manifest.path.ancestors().find_map(|folder| roots.get(&(manifest.kind, folder))) else {
            continue;
        };
        for inherited in &manifest.found.inherits {
            let heirs = heirs.entry((root, inherited.key.as_str())).or_default();
            heirs.insert((manifest.holder, inherited.kind, manifest.path));
        }
    }
    heirs
}
