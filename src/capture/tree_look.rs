//! Finds the packages that commits touch by comparing folders.
//!
//! The owner of a file mostly follows from its folder: if everything below a folder belongs to the same packages, it is enough that the
//! folder differs, and it need not be opened. So the trees of a commit and of its parent are compared from the top downwards, folder by
//! folder, and deeper only where one package ends and another begins. Cases that this cannot decide, since they depend on file names, are
//! left to git's own listing of paths.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::history::{Difference, differences};
use crate::io::{Git, GitError};
use crate::model::{PackageIx, WorkspacePrefix};
use crate::text::hex;
use crate::workspace::{Below, Owners};

/// Fewer folders are not worth a process.
const FEWEST_IN_A_PROCESS: usize = 256;

/// The root trees of a commit and of its parent; `None` for a commit without one.
pub(super) struct TreePair {
    /// The parent's tree.
    pub(super) old: Option<String>,
    /// The commit's tree.
    pub(super) new: String,
}

/// The question about commits.
pub(super) struct Look<'a> {
    /// The repository.
    pub(super) git: &'a Git,
    /// The owners of files.
    pub(super) owners: &'a Owners,
    /// The folder of relman.toml.
    pub(super) prefix: &'a WorkspacePrefix,
    /// Files of which it must be known which commit added them, from the top of the work tree.
    pub(super) sought: &'a BTreeSet<String>,
}

/// The result.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// The packages that each commit touches, by its index.
    pub(super) packages: Vec<BTreeSet<PackageIx>>,
    /// Commits that only the names of their files can decide.
    pub(super) by_name: BTreeSet<usize>,
    /// The files that were sought, and the commits that added them.
    pub(super) added: Vec<(String, usize)>,
}

/// A folder that differs between a commit and its parent.
struct Folder {
    commit: usize,
    path: String,
    old: Option<String>,
    new: Option<String>,
}

/// The result of comparing some folders.
#[derive(Default)]
struct Found {
    touched: Vec<(usize, Vec<PackageIx>)>,
    by_name: Vec<usize>,
    added: Vec<(String, usize)>,
    deeper: Vec<Folder>,
}

impl Look<'_> {
    /// Finds the packages that each of the commits touches; `on_folder` is called with each folder below the top that was compared.
    ///
    /// # Errors
    /// Returns an error if git fails, or a tree is not there.
    pub(super) fn at(&self, commits: &[TreePair], on_folder: &(dyn Fn() + Sync)) -> Result<Touched, GitError> {
        let root = |(commit, pair): (usize, &TreePair)| Folder {
            commit,
            path: String::new(),
            old: pair.old.clone(),
            new: Some(pair.new.clone()),
        };
        let differs = |folder: &Folder| folder.old != folder.new;
        let mut folders: Vec<Folder> = commits.iter().enumerate().map(root).filter(differs).collect();
        let mut touched = Touched { packages: vec![BTreeSet::new(); commits.len()], ..Touched::default() };
        while !folders.is_empty() {
            let size = folders.len().div_ceil(rayon::current_num_threads()).max(FEWEST_IN_A_PROCESS);
            let parts: Vec<&[Folder]> = folders.chunks(size).collect();
            let found: Vec<Found> =
                parts.par_iter().map(|part| self.compare(part, on_folder)).collect::<Result<_, _>>()?;
            let mut deeper = Vec::new();
            for part in found {
                for (commit, packages) in part.touched {
                    touched.packages.get_mut(commit).into_iter().for_each(|known| known.extend(&packages));
                }
                touched.by_name.extend(part.by_name);
                touched.added.extend(part.added);
                deeper.extend(part.deeper);
            }
            deeper.retain(|folder| !touched.by_name.contains(&folder.commit));
            folders = deeper;
        }
        Ok(touched)
    }

    /// Compares folders by one process. Neighbours share most of their trees, so each is read once and kept while it is needed.
    fn compare(&self, folders: &[Folder], on_folder: &dyn Fn()) -> Result<Found, GitError> {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        let mut ids = Vec::new();
        for id in folders.iter().flat_map(Folder::ids) {
            let count = uses.entry(id).or_default();
            if *count == 0 {
                ids.push(id);
            }
            *count += 1;
        }
        let mut found = Found::default();
        let mut trees: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        let mut waiting = folders.iter().peekable();
        self.git.trees(&ids, |index, bytes| {
            trees.extend(ids.get(index).map(|id| (*id, bytes)));
            while let Some(folder) = waiting.next_if(|folder| folder.ids().all(|id| trees.contains_key(id))) {
                self.compare_one(folder, &trees, &mut found);
                // The top is quick to compare; a commit is reported with its next folder.
                if !folder.path.is_empty() {
                    on_folder();
                }
                for id in folder.ids() {
                    let left = uses.get_mut(id).map(|count| {
                        *count -= 1;
                        *count
                    });
                    if left == Some(0) {
                        trees.remove(id);
                    }
                }
            }
        })?;
        Ok(found)
    }

    fn compare_one(&self, folder: &Folder, trees: &BTreeMap<&str, Vec<u8>>, found: &mut Found) {
        let tree =
            |id: &Option<String>| id.as_ref().and_then(|id| trees.get(id.as_str())).map_or(&[][..], Vec::as_slice);
        let id_length = folder.ids().next().map_or(0, |id| id.len() / 2);
        let mut packages = Vec::new();
        let readable = differences(tree(&folder.old), tree(&folder.new), id_length, |difference| {
            self.tell(folder, difference, &mut packages, found);
        });
        if !readable {
            found.by_name.push(folder.commit);
        }
        if !packages.is_empty() {
            found.touched.push((folder.commit, packages));
        }
    }

    fn tell(&self, folder: &Folder, difference: Difference<'_>, packages: &mut Vec<PackageIx>, found: &mut Found) {
        let (old, new) = difference;
        let Some(entry) = new.or(old) else { return };
        let name = String::from_utf8_lossy(entry.name);
        let path = if folder.path.is_empty() { name.into_owned() } else { format!("{}/{name}", folder.path) };
        if !entry.is_tree() {
            packages.extend(self.prefix.strip(&path).map(|path| self.owners.of(path)).into_iter().flatten());
            if old.is_none() && self.sought.contains(&path) {
                found.added.push((path, folder.commit));
            }
            return;
        }
        match self.below(&path) {
            Below::Same(owners) => packages.extend(owners),
            Below::ByName => found.by_name.push(folder.commit),
            Below::ByFolder => {
                let (old, new) = (old.map(|tree| hex(tree.id)), new.map(|tree| hex(tree.id)));
                found.deeper.push(Folder { commit: folder.commit, path, old, new });
            }
        }
    }

    fn below(&self, folder: &str) -> Below {
        let start = format!("{folder}/");
        let is_above = |path: &str| path.starts_with(&start);
        if self.prefix.is_below(folder) || self.sought.range(start.clone()..).next().is_some_and(|p| is_above(p)) {
            return Below::ByFolder;
        }
        self.prefix.strip(folder).map_or(Below::Same(Vec::new()), |folder| self.owners.below(folder))
    }
}

impl Folder {
    fn ids(&self) -> impl Iterator<Item = &str> {
        self.old.iter().chain(&self.new).map(String::as_str)
    }
}
