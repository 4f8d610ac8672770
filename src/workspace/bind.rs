//! [`bind`]: turns seeds and files into packages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::Arc;

use globset::GlobMatcher;

use super::bind_input::BindInput;
use super::discover::{no_version, remedy};
use super::group::Group;
use super::locks::{FolderDependency, Lock};
use super::names::Names;
use super::package::{ModulePath, Package, PartSlot, RequirementSlot, VersionSlot};
use super::pin::Pin;
use super::requirements::{Declared, Origin, bound, match_copies};
use super::seed::{PackageSeed, SeedManifest};
use super::source::SourceFile;
use super::tag_versions::{from_tag, held_versions};
use super::tagging::{Tagging, tag_template, tagging, text_scheme};
use super::users::Users;
use crate::config::{Config, GroupKind, GroupSpec, Membership, NameGlob, membership, unknown_packages};
use crate::manifest::{Locator, ManifestType, RequirementPlace, VersionPlace};
use crate::model::{
    Diagnostic, GroupIx, IndexVec, PackageId, PackageIx, ParseVersionError, ProblemCode, RepoPath, TagTemplate,
    Version, VersionPart, VersionScheme,
};
use crate::text::Span;

/// A workspace, with its packages bound to bytes.
#[derive(Debug)]
pub struct Workspace {
    /// The packages, declared ones first, in the order of relman.toml.
    pub packages: IndexVec<PackageIx, Package>,
    /// The groups.
    pub groups: IndexVec<GroupIx, Group>,
    /// Every requirement of one package of the workspace on another one.
    pub requirements: Vec<RequirementSlot>,
    /// Every file that was read.
    pub files: BTreeMap<RepoPath, SourceFile>,
    /// The pins, bound once their files are read.
    pub pins: Vec<Pin>,
    /// Everything that cannot be read.
    pub broken: Vec<Broken>,
    /// Folders that `members` matched that are not packages, and why.
    pub left_out: Vec<(RepoPath, String)>,
    /// Patterns of relman.toml that match nothing.
    pub idle: Vec<Diagnostic>,
    by_id: BTreeMap<PackageId, PackageIx>,
    names: Names,
}

/// What to do about a package none of whose files holds its version.
const LIST_IT: &str = "list the file that holds it in `manifests`, or write version = \"tag\" if only tags hold it";

/// Something unreadable in a manifest.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The package whose manifest it is.
    pub package: Option<PackageId>,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

impl Workspace {
    /// Returns the package with this key.
    #[must_use]
    pub fn package(&self, id: &PackageId) -> Option<&Package> {
        self.index_of(id).map(|index| &self.packages[index])
    }

    /// Returns the index in [`packages`](Self::packages) of the package with this key.
    #[must_use]
    pub fn index_of(&self, id: &PackageId) -> Option<PackageIx> {
        self.by_id.get(id).copied()
    }

    /// Returns the indices of the packages with this key, or else of those whose manifests give them this name.
    #[must_use]
    pub fn named(&self, name: &str) -> BTreeSet<PackageIx> {
        match self.by_id.get(&PackageId::new(name)) {
            Some(index) => BTreeSet::from([*index]),
            None => self.names.called(name),
        }
    }

    /// Returns every name that a manifest gives, with each package that has it.
    pub fn given_names(&self) -> impl Iterator<Item = (&str, PackageIx)> {
        self.names.each()
    }
}

/// Binds packages to the bytes of their files.
///
/// # Errors
/// Returns what is wrong with relman.toml, now that the packages are known: a tag template, a group's member, a slot that two packages
/// claim.
pub fn bind(config: &Config, input: BindInput) -> Result<Workspace, Vec<Diagnostic>> {
    let ids: Vec<&PackageId> = input.seeds.iter().map(|seed| &seed.id).collect();
    let known: Vec<&PackageId> = ids.iter().copied().chain(&input.absent).collect();
    let (of_package, mut complaints) = membership(config, &known, true);
    complaints.extend(unknown_packages(config, &known));
    let groups = groups(config, &of_package, &ids);
    let mut binder = Binder::new(config, &input);
    for seed in &input.seeds {
        let group = of_package.get(&seed.id).copied();
        let tagging = tagging(config, seed, &input, &of_package);
        let from_tag = from_tag(config, seed, text_scheme(seed, &input.files));
        match tag_template(config, seed, group, &input.files).and_then(|tag| Ok(((tag, tagging?), from_tag?))) {
            Ok((tags, from_tag)) => {
                // A version that is that of the last tag is never behind it.
                let is_shared = |at: GroupIx| groups[at].one_tag && groups[at].kind == GroupKind::Linked;
                let shares_tags = from_tag.is_none() && group.is_some_and(is_shared);
                binder.packages.push(Package { from_tag, shares_tags, ..binder.package(seed, tags, group) });
            }
            Err(complaint) => complaints.push(complaint),
        }
    }
    if !complaints.is_empty() {
        return Err(complaints);
    }
    binder.unreadable();
    binder.name_all();
    binder.bind_versions();
    binder.bind_inherited();
    binder.bind_locks(config.workspace.locks);
    binder.complain_of_versionless(config);
    binder.bind_requirements();
    complaints.extend(binder.double_claims(config));
    complaints.extend(held_versions(config, &input));
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let Binder { packages, requirements, broken, names, .. } = binder;
    let BindInput { files, left_out, idle, .. } = input;
    let by_id = packages.entries().map(|(index, package)| (package.id.clone(), index)).collect();
    Ok(Workspace { packages, groups, requirements, files, pins: Vec::new(), broken, left_out, idle, by_id, names })
}

/// The groups with their members, in the order of relman.toml.
fn groups(config: &Config, of_package: &Membership, ids: &[&PackageId]) -> IndexVec<GroupIx, Group> {
    let group = |spec: &GroupSpec| Group {
        id: spec.id.clone(),
        kind: spec.kind,
        members: Vec::new(),
        one_tag: spec.tag.is_some(),
    };
    let mut groups: IndexVec<GroupIx, Group> = config.groups.iter().map(group).collect();
    for id in ids {
        if let Some(index) = of_package.get(*id) {
            groups[*index].members.push((*id).clone());
        }
    }
    groups
}

struct Binder<'a> {
    input: &'a BindInput,
    /// The packages that each file is a manifest or a lock file of.
    users: Users<'a>,
    names: Names,
    packages: IndexVec<PackageIx, Package>,
    ignored_tags: Arc<[GlobMatcher]>,
    /// The places that are slots of a package already.
    taken: BTreeSet<(PackageIx, &'a RepoPath, Span)>,
    requirements: Vec<RequirementSlot>,
    broken: Vec<Broken>,
}

impl<'a> Binder<'a> {
    fn new(config: &Config, input: &'a BindInput) -> Self {
        Self {
            input,
            users: Users::new(input.seeds.as_slice()),
            names: Names::default(),
            packages: IndexVec::default(),
            ignored_tags: config.workspace.ignore_tags.iter().map(NameGlob::matcher).collect(),
            taken: BTreeSet::new(),
            requirements: Vec::new(),
            broken: Vec::new(),
        }
    }

    fn package(&self, seed: &PackageSeed, (tag, tagging): (TagTemplate, Tagging), group: Option<GroupIx>) -> Package {
        Package {
            id: seed.id.clone(),
            folders: seed.folders(),
            paths: seed.paths.clone(),
            scheme: text_scheme(seed, &self.input.files),
            tag,
            tagging,
            ignored_tags: Arc::clone(&self.ignored_tags),
            tag_message: seed.tag_message.clone(),
            group,
            shares_tags: false,
            from_tag: None,
            modules: Vec::new(),
            slots: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn unreadable(&mut self) {
        for (_, package, diagnostic) in &self.input.unreadable {
            self.broken.push(Broken { package: package.clone(), diagnostic: diagnostic.clone() });
        }
        let mut told: BTreeSet<(&RepoPath, &Locator)> = BTreeSet::new();
        for seed in &self.input.seeds {
            for manifest in &seed.manifests {
                let Some(file) = self.faulty(&manifest.path) else { continue };
                if !told.insert((&manifest.path, &manifest.locator)) {
                    continue;
                }
                let faults = file.faults(&manifest.locator);
                self.broken
                    .extend(faults.into_iter().map(|diagnostic| Broken { package: Some(seed.id.clone()), diagnostic }));
            }
        }
        let rest = self.input.extra.iter().chain(&self.input.locks_above);
        for (path, kind) in rest {
            let Some(file) = self.faulty(path) else { continue };
            let locator = Locator::Known(*kind);
            if !told.contains(&(path, &locator)) {
                let faults = file.faults(&locator).into_iter();
                self.broken.extend(faults.map(|diagnostic| Broken { package: None, diagnostic }));
            }
        }
    }

    /// Returns the file, if something is wrong with it.
    fn faulty(&self, path: &RepoPath) -> Option<&'a SourceFile> {
        self.input.files.get(path).filter(|file| file.has_faults())
    }

    fn name_all(&mut self) {
        for (index, seed) in self.input.seeds.entries() {
            for manifest in &seed.manifests {
                let file = self.input.files.get(&manifest.path);
                let Some(found) = file.and_then(|file| file.found(&manifest.locator)) else { continue };
                if let Some(name) = &found.name {
                    self.names.add(name, index, manifest.path.parent().as_ref());
                }
                let module = found.module.iter();
                let module = module.map(|path| ModulePath { file: manifest.path.clone(), scalar: path.clone() });
                self.packages[index].modules.extend(module);
            }
            for name in &seed.names {
                self.names.add(name, index, None);
            }
        }
        for heir in &self.input.inheriting {
            let owner = self.users.first(&heir.root);
            let file = self.input.files.get(&heir.manifest);
            let found = file.and_then(|f| f.found(&Locator::Known(heir.kind)));
            if let (Some(index), Some(name)) = (owner, found.and_then(|f| f.name.as_ref())) {
                self.names.add(name, index, heir.manifest.parent().as_ref());
            }
        }
    }

    fn bind_versions(&mut self) {
        for (index, seed) in self.input.seeds.entries() {
            for manifest in seed.manifests.iter().filter(|m| !m.kind.is_lock()) {
                // Those beside a go.mod, say, are not the place of a version that tags hold.
                if seed.from_tag.is_some() && manifest.part().is_none() {
                    continue;
                }
                let file = self.input.files.get(&manifest.path);
                let Some(found) = file.and_then(|f| f.found(&manifest.locator)) else { continue };
                for place in found.versions.iter().filter(|place| manifest.takes(place)) {
                    match manifest.part() {
                        Some(part) => self.add_part(index, manifest, part, place),
                        None => self.add_slot(index, manifest.kind, &manifest.path, manifest.scheme, place),
                    }
                }
            }
        }
    }

    /// The copies of inherited versions.
    fn bind_inherited(&mut self) {
        for heir in &self.input.inheriting {
            let Some(index) = self.users.first(&heir.root) else { continue };
            let root = self.input.seeds[index].manifests.iter().find(|manifest| manifest.path == heir.root);
            let file = self.input.files.get(&heir.manifest);
            let inherited = file.and_then(|f| f.found(&Locator::Known(heir.kind))?.inherited.as_ref());
            if let (Some(root), Some(place)) = (root, inherited.and_then(|inherited| inherited.copy.as_ref())) {
                self.add_slot(index, heir.kind, &heir.manifest, root.scheme, place);
            }
        }
    }

    /// A package without a place for its version cannot be released; its manifests, and what lies beside them, suggest what to do.
    fn complain_of_versionless(&mut self, config: &Config) {
        let told: BTreeSet<PackageId> = self.broken.iter().filter_map(|b| b.package.clone()).collect();
        for (seed, package) in self.input.seeds.iter().zip(&self.packages) {
            if !package.slots.is_empty() || package.from_tag.is_some() || told.contains(&seed.id) {
                continue;
            }
            let mut reasons = seed.manifests.iter().filter_map(|m| {
                let why = self.input.files.get(&m.path)?.found(&m.locator)?.no_version.as_ref()?;
                Some((no_version(&m.path, why), remedy(why)))
            });
            let (reason, remedy) = reasons.next().unwrap_or_else(|| (seed.without_manifest(), LIST_IT.to_owned()));
            let message = format!("`{}` has no place for its version: {reason}", seed.id);
            let help = format!("{remedy}{}", seed.beside());
            let diagnostic = config.diagnostic(ProblemCode::NoVersion, seed.span, message).help(help);
            self.broken.push(Broken { package: Some(seed.id.clone()), diagnostic });
        }
    }

    fn add_slot(
        &mut self,
        index: PackageIx,
        kind: ManifestType,
        path: &'a RepoPath,
        scheme: VersionScheme,
        place: &VersionPlace,
    ) {
        if self.taken.contains(&(index, path, place.scalar.span)) {
            return;
        }
        match read_version(&place.scalar.text, scheme) {
            Ok((value, misspelled)) => {
                self.taken.insert((index, path, place.scalar.span));
                self.packages[index].slots.push(VersionSlot {
                    file: path.clone(),
                    kind,
                    field: place.field.clone(),
                    scalar: place.scalar.clone(),
                    scheme,
                    value,
                    misspelled,
                });
            }
            Err(error) => {
                let text = self.input.files.get(path).map(|f| f.text.clone()).unwrap_or_default();
                let diagnostic = Diagnostic::new(ProblemCode::Version, error.to_string())
                    .at(path, &text, place.scalar.span)
                    .help(scheme.remedy(&place.scalar.text));
                self.broken.push(Broken { package: Some(self.packages[index].id.clone()), diagnostic });
            }
        }
    }

    fn add_part(&mut self, index: PackageIx, manifest: &'a SeedManifest, part: &VersionPart, place: &VersionPlace) {
        if self.taken.insert((index, &manifest.path, place.scalar.span)) {
            self.packages[index].parts.push(PartSlot {
                file: manifest.path.clone(),
                kind: manifest.kind,
                part: part.clone(),
                scalar: place.scalar.clone(),
                scheme: manifest.scheme,
            });
        }
    }

    fn bind_locks(&mut self, shared: bool) {
        let paths = FolderDependency::of(&self.input.files);
        for (path, kind) in self.locks() {
            let Some(file) = self.input.files.get(path) else { continue };
            let Some(found) = file.found(&Locator::Known(kind)) else { continue };
            let users = self.users.of(path);
            let lock = Lock { path, kind, found, users: &users, paths: &paths, is_shared: shared };
            let scheme = kind.only_scheme().unwrap_or(VersionScheme::Semver);
            let entries = lock.entries(&self.names, &self.packages);
            self.complain_of_missing(path, file, &entries.iter().map(|e| e.package).collect());
            for entry in &entries {
                for place in &entry.versions {
                    self.add_slot(entry.package, kind, path, scheme, place);
                }
                let holder = self.packages[entry.package].id.clone();
                self.bind_copies(&entry.requirements, path, kind, Some(&holder));
            }
            self.bind_copies(&lock.of_others(&self.input.extra), path, kind, None);
            for copy in lock.copies(&self.names) {
                let place = VersionPlace { field: "dependencies".to_owned(), scalar: copy.place.scalar.clone() };
                self.add_slot(copy.package, kind, path, scheme, &place);
            }
        }
    }

    /// The copies of requirements in a lock file.
    fn bind_copies(
        &mut self,
        places: &[&RequirementPlace],
        path: &RepoPath,
        kind: ManifestType,
        holder: Option<&PackageId>,
    ) {
        let slot = |place: &&RequirementPlace| {
            bound(place, &Origin::written(place, path), path, kind, holder, &self.names, &self.packages)
        };
        let slots: Vec<RequirementSlot> = places.iter().filter_map(slot).collect();
        self.requirements.extend(slots);
    }

    /// Every lock file once: those that packages list or were found with, and those above.
    fn locks(&self) -> Vec<(&'a RepoPath, ManifestType)> {
        let listed = self.input.seeds.iter().flat_map(|s| &s.manifests).filter(|m| m.kind.is_lock());
        let mut locks: Vec<_> = listed.map(|m| (&m.path, m.kind)).collect();
        locks.extend(self.input.locks_above.iter().map(|(path, kind)| (path, *kind)));
        locks.sort();
        locks.dedup();
        locks
    }

    /// A lock file that a package lists by hand has to hold an entry of that package.
    fn complain_of_missing(&mut self, path: &RepoPath, file: &SourceFile, holders: &BTreeSet<PackageIx>) {
        for index in self.users.of(path).difference(holders) {
            let seed = &self.input.seeds[*index];
            if seed.manifests.iter().any(|m| m.path == *path && m.listed.is_some()) {
                let message = format!("{path} has no entry for `{}`: none refers to its folder", seed.id);
                let diagnostic = Diagnostic::new(ProblemCode::Manifest, message)
                    .at(path, &file.text, Span::new(0, 0))
                    .help("lock the project again, or remove the file from `manifests`");
                self.broken.push(Broken { package: Some(seed.id.clone()), diagnostic });
            }
        }
    }

    fn bind_requirements(&mut self) {
        let declared = Declared { input: self.input, users: &self.users, names: &self.names, packages: &self.packages };
        let declared = declared.requirements();
        match_copies(&mut self.requirements, &declared);
        self.requirements.extend(declared);
    }

    /// One place cannot hold the versions of two packages.
    fn double_claims(&self, config: &Config) -> Vec<Diagnostic> {
        let mut claims: BTreeMap<(&RepoPath, Span), PackageIx> = BTreeMap::new();
        let mut complaints = Vec::new();
        for (index, package) in self.packages.entries() {
            let whole = package.slots.iter().map(|slot| (&slot.file, slot.scalar.span, &slot.field as &dyn Display));
            let parts = package.parts.iter().map(|slot| (&slot.file, slot.scalar.span, &slot.part as &dyn Display));
            for (file, span, field) in whole.chain(parts) {
                let first = *claims.entry((file, span)).or_insert(index);
                if first != index {
                    let other = &self.packages[first];
                    let message = format!("`{field}` in {file} is claimed by `{}` and by `{}`", other.id, package.id);
                    let help = "one place holds one package's version; narrow the manifests with `fields` or `pointer`";
                    let span = self.input.seeds[index].span;
                    complaints.push(config.diagnostic(ProblemCode::ConfigConflict, span, message).help(help));
                }
            }
        }
        complaints
    }
}

/// Reads a version in its slot's scheme, else in the other one, as the same value in the wrong spelling, which the second result says.
///
/// # Errors
/// Neither scheme reads it.
pub fn read_version(text: &str, scheme: VersionScheme) -> Result<(Version, bool), ParseVersionError> {
    scheme.parse(text).map(|value| (value, false)).or_else(|error| {
        // PEP 440 accepts a `v` before the number, which is not part of the spelling: where a format allows one, it is not part of the
        // slot.
        let number = Some(text).filter(|text| !text.starts_with(['v', 'V'])).ok_or_else(|| error.clone())?;
        let other = scheme.other().parse(number).map_err(|_| error.clone())?;
        // A value that the slot's own scheme cannot spell is not misspelled.
        scheme.render(&other).map(|_| (other, true)).map_err(|_| error)
    })
}
