//! [`WorkTree`]: the files on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::WalkBuilder;

use super::listing::{Entry, EntryKind, Listing};
use super::tree::{LARGEST, Tree, Unresolved, check_name, decoded, leaves, missing, not_a_file, too_large};
use crate::io::{self, FileError, Git, Kind};
use crate::model::{Diagnostic, ProblemCode, RepoPath, WorkspacePrefix};
use crate::text::escaped;

/// The work tree below the folder of relman.toml.
pub(super) struct WorkTree {
    root: PathBuf,
    git: Git,
    prefix: WorkspacePrefix,
    /// The git folders that lie in the work tree, whatever they are called, relative to it.
    git_folders: Vec<PathBuf>,
    /// The targets of folders, each resolved once.
    folders: Mutex<BTreeMap<RepoPath, Result<RepoPath, Unresolved>>>,
    /// What is in folders, each read once.
    listings: Mutex<BTreeMap<RepoPath, Listing>>,
    problems: Mutex<BTreeMap<String, Diagnostic>>,
}

impl WorkTree {
    /// Creates the tree from the folder of relman.toml, symbolic links followed, and its place in the repository.
    pub(super) fn new(root: PathBuf, git: Git, prefix: WorkspacePrefix) -> Self {
        let git_folders = [git.git_dir(), git.common_dir()].into_iter().filter_map(|folder| io::canonical(folder).ok());
        let git_folders = git_folders.filter_map(|folder| Some(folder.strip_prefix(&root).ok()?.to_owned())).collect();
        Self {
            root,
            git,
            prefix,
            git_folders,
            folders: Mutex::default(),
            listings: Mutex::default(),
            problems: Mutex::default(),
        }
    }

    /// Returns `true` if something is located at the path, whatever it is.
    pub(super) fn is_there(&self, path: &RepoPath) -> bool {
        io::kind(&self.absolute(path)).map_or(true, |kind| kind != Kind::Missing)
    }

    fn absolute(&self, path: &RepoPath) -> PathBuf {
        io::below(&self.root, path.as_str())
    }

    fn relative(&self, path: &Path) -> Option<RepoPath> {
        let inside = path.strip_prefix(&self.root).ok().filter(|inside| !self.is_of_git(inside))?;
        match inside.to_str() {
            Some("") => Some(RepoPath::root()),
            Some(inside) => {
                let slashed = if cfg!(windows) { inside.replace('\\', "/") } else { inside.to_owned() };
                RepoPath::new(&slashed).ok()
            }
            None => Some(RepoPath::root().child(&escaped(inside.as_os_str().as_encoded_bytes()))),
        }
    }

    /// Returns `true` if a path in the work tree is that of a git folder, or lies in one.
    fn is_of_git(&self, path: impl AsRef<Path>) -> bool {
        self.git_folders.iter().any(|folder| path.as_ref().starts_with(folder))
    }

    /// Records that something could not be inspected; a missing path is an answer.
    fn note(&self, message: String) {
        let help = "give this user the right to read it, or let git ignore it";
        let problem = Diagnostic::new(ProblemCode::Unreadable, message.clone()).help(help);
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).insert(message, problem);
    }

    /// Checks whether a path, which need not exist, leads out of the workspace through a link at its end or a folder above it.
    fn missing(&self, path: &RepoPath) -> Unresolved {
        let link = io::link_target(&self.absolute(path)).ok();
        let home = path.parent().unwrap_or_else(RepoPath::root);
        if let Some(target) = link.filter(|target| target.to_str().is_none_or(|text| home.join(text).is_none())) {
            return Unresolved::Leaves(target.display().to_string());
        }
        let above = path.ancestors().find_map(|folder| io::canonical(&self.absolute(&folder)).ok());
        match above {
            Some(target) if self.relative(&target).is_none() => Unresolved::Leaves(target.display().to_string()),
            _ => Unresolved::Missing,
        }
    }

    /// Resolves a path that is not a link itself by the target of its folder, which was looked up before, so that not every folder above is
    /// looked at again; `None` if that does not answer.
    fn resolve_in_folder(&self, path: &RepoPath) -> Option<Result<RepoPath, Unresolved>> {
        // Where names are found in any case, the system is to say how a name is written on the disk.
        if cfg!(any(windows, target_os = "macos")) {
            return None;
        }
        let folder = self.folder(&path.parent()?).ok()?;
        let name = path.file_name();
        match self.kind(&folder, name)? {
            Kind::File | Kind::Directory => {
                Some(folder.child(name)).filter(|path| !self.is_of_git(path.as_str())).map(Ok)
            }
            Kind::Missing => Some(Err(Unresolved::Missing)),
            Kind::Symlink | Kind::Other => None,
        }
    }

    /// Returns what has this name in a folder whose links were followed: as its listing says, if it was read before, else as the
    /// system does; `None` if the system cannot tell.
    fn kind(&self, folder: &RepoPath, name: &str) -> Option<Kind> {
        let listing = self.listings.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned();
        match listing.as_ref().and_then(|listing| listing.kind_of(name)) {
            Some(EntryKind::File) => return Some(Kind::File),
            Some(EntryKind::Folder) => return Some(Kind::Directory),
            Some(EntryKind::Link) => return Some(Kind::Symlink),
            None if listing.is_some_and(|listing| listing.lacks(name)) => return Some(Kind::Missing),
            None => {}
        }
        io::kind(&self.absolute(&folder.child(name))).ok()
    }

    /// Returns the target of a folder.
    fn folder(&self, path: &RepoPath) -> Result<RepoPath, Unresolved> {
        let known = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(path) {
            return found.clone();
        }
        let found = self.resolve(path);
        known().insert(path.clone(), found.clone());
        found
    }

    /// Reads the entries of a folder from the disk.
    fn read_folder(&self, folder: &RepoPath) -> Listing {
        if self.folder(folder).is_err() {
            return Listing::default();
        }
        let entries = io::read_dir(&self.absolute(folder)).unwrap_or_else(|error| {
            if !error.is_missing() {
                self.note(error.to_string());
            }
            Vec::new()
        });
        let known = entries.into_iter().filter_map(|entry| {
            let kind = match entry.kind {
                // Reading reports whatever is not a file.
                Kind::File | Kind::Other => EntryKind::File,
                Kind::Directory => EntryKind::Folder,
                Kind::Symlink => EntryKind::Link,
                Kind::Missing => return None,
            };
            Some(Entry { name: entry.name, kind })
        });
        Listing::new(known.collect())
    }

    /// Refuses a path that leads out of the workspace, by a link of its own or of a folder above it.
    fn stays(&self, path: &RepoPath) -> Result<(), Unresolved> {
        let folder = match self.folder(&path.parent().unwrap_or_else(RepoPath::root)) {
            Ok(folder) => folder,
            Err(Unresolved::Missing) => return Ok(()),
            Err(why) => return Err(why),
        };
        match self.kind(&folder, path.file_name()) {
            Some(Kind::Symlink) => self.resolve(path).map(drop),
            _ => Ok(()),
        }
    }
}

impl Tree for WorkTree {
    fn git_path(&self, folder: &RepoPath) -> String {
        self.prefix.join(folder.as_str())
    }

    fn list(&self, folder: &RepoPath) -> Listing {
        let known = || self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entries) = known().get(folder) {
            return entries.clone();
        }
        let entries = self.read_folder(folder);
        known().insert(folder.clone(), entries.clone());
        entries
    }

    fn resolve(&self, path: &RepoPath) -> Result<RepoPath, Unresolved> {
        if let Some(found) = self.resolve_in_folder(path) {
            return found;
        }
        let target = io::canonical(&self.absolute(path)).map_err(|error| {
            if matches!(error, FileError::NoPermission { .. }) {
                self.note(error.to_string());
            }
            self.missing(path)
        })?;
        self.relative(&target).ok_or_else(|| Unresolved::Leaves(target.display().to_string()))
    }

    fn read(&self, path: &RepoPath) -> Result<String, Diagnostic> {
        check_name(path)?;
        if let Err(Unresolved::Leaves(target)) = self.stays(path) {
            return Err(leaves(path, &target));
        }
        match io::read_file(&self.absolute(path), LARGEST) {
            Ok(bytes) => decoded(path, bytes),
            Err(error) if error.is_missing() => Err(missing(path)),
            Err(FileError::TooLarge { size, .. }) => Err(too_large(path, size)),
            Err(FileError::NotAFile { what, .. }) => Err(not_a_file(path, what)),
            Err(error) => Err(Diagnostic::new(ProblemCode::Unreadable, error.to_string()).in_file(path)),
        }
    }

    fn ignored(&self, paths: &[RepoPath]) -> BTreeSet<RepoPath> {
        let git_path: Vec<String> = paths.iter().map(|path| self.prefix.join(path.as_str())).collect();
        let asked: Vec<&str> = git_path.iter().map(String::as_str).collect();
        // If git has no answer, nothing is left out.
        let ignored = self.git.ignored(&asked).unwrap_or_default();
        paths.iter().zip(&git_path).filter(|(_, path)| ignored.contains(*path)).map(|(path, _)| path.clone()).collect()
    }

    fn problems(&self) -> Vec<Diagnostic> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn below(&self, folder: &RepoPath) -> Vec<RepoPath> {
        if self.folder(folder).is_err() {
            return Vec::new();
        }
        // Files above the repository do not matter: only a `.git` tells the walk where to stop.
        let walk = WalkBuilder::new(self.absolute(folder)).hidden(false).require_git(true).build();
        let readable = walk.filter_map(|entry| {
            let is_denied = |error: &ignore::Error| {
                error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
            };
            if let Some(error) = entry.as_ref().err().filter(|error| is_denied(error)) {
                self.note(format!("failed to list a folder: {error}"));
            }
            entry.ok()
        });
        let files = readable.filter(|entry| entry.file_type().is_some_and(|t| t.is_file()));
        let mut paths: Vec<RepoPath> = files.filter_map(|entry| self.relative(entry.path())).collect();
        paths.sort();
        paths
    }
}
