//! [`Owners`]: finds the packages that a file belongs to.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::Package;
use crate::config::{PathPattern, is_glob};
use crate::model::{IndexVec, PackageIx};

/// Finds the packages of any path, by `paths` or by the innermost folder.
///
/// A path is compared only with the packages that could own it: those of its folders, and those with a pattern whose literal part
/// the path starts with. Patterns that several packages share are matched once.
#[derive(Debug)]
pub struct Owners {
    folders: BTreeMap<String, Vec<PackageIx>>,
    candidates: BTreeMap<String, Vec<PackageIx>>,
    packages: BTreeMap<PackageIx, Vec<(usize, bool)>>,
    patterns: Vec<Pattern>,
    /// Packages all of whose patterns are whole folders.
    plain: BTreeSet<PackageIx>,
    /// The folders that contain files of different packages.
    above: BTreeSet<String>,
}

/// The owners of all files below a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Below {
    /// All of them belong to these packages, by their sorted indices.
    Same(Vec<PackageIx>),
    /// Depends on the subfolder.
    ByFolder,
    /// Depends on each file's name.
    ByName,
}

#[derive(Debug)]
struct Pattern {
    matcher: GlobMatcher,
    takes_all_below: bool,
}

impl Owners {
    /// Prepares the lookup for these packages; the answers are indices into them.
    #[must_use]
    pub fn new(packages: &IndexVec<PackageIx, Package>) -> Self {
        let (folders, candidates, patterns) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let (plain, above) = (BTreeSet::new(), BTreeSet::new());
        let mut owners = Self { folders, candidates, packages: BTreeMap::new(), patterns, plain, above };
        let mut known = BTreeMap::new();
        for (index, package) in packages.entries() {
            match &package.paths {
                Some(paths) => owners.add(index, paths, &mut known),
                None => {
                    for folder in &package.folders {
                        owners.folders.entry(folder.as_str().to_owned()).or_default().push(index);
                    }
                }
            }
        }
        owners.joined()
    }

    /// Records where one package ends and another begins.
    fn joined(mut self) -> Self {
        let roots = self.folders.keys().chain(self.candidates.keys());
        self.above = roots.flat_map(|root| folders_of(root)).map(str::to_owned).collect();
        self
    }

    fn add<'a>(&mut self, package: PackageIx, paths: &'a [PathPattern], known: &mut BTreeMap<&'a str, usize>) {
        let mut of_package = Vec::new();
        for path in paths {
            let text = path.glob.as_str();
            let pattern = *known.entry(text).or_insert_with(|| {
                self.patterns.push(Pattern { matcher: path.glob.matcher(), takes_all_below: text.ends_with("**") });
                self.patterns.len() - 1
            });
            of_package.push((pattern, path.negated));
            let literal = path.glob.literal().unwrap_or_else(|| path.glob.folder());
            let of_folder = self.candidates.entry(literal.as_str().to_owned()).or_default();
            if !path.negated && of_folder.last() != Some(&package) {
                of_folder.push(package);
            }
        }
        self.packages.insert(package, of_package);
        let is_folder = |path: &PathPattern| {
            let text = path.glob.as_str();
            let folder = text.strip_suffix("/**").unwrap_or(text);
            !path.negated && (text == "**" || !is_glob(folder))
        };
        if paths.iter().all(is_folder) {
            self.plain.insert(package);
        }
    }

    /// Returns the indices of the packages that the path belongs to, sorted. The path is relative to relman.toml's folder.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<PackageIx> {
        let innermost = folders_of(path).find_map(|folder| self.folders.get(folder));
        let mut owners = innermost.cloned().unwrap_or_default();
        let mut matched = BTreeMap::new();
        let near = std::iter::once(path).chain(folders_of(path));
        for package in near.filter_map(|folder| self.candidates.get(folder)).flatten() {
            if self.decides_for(*package, path, &mut matched) {
                owners.push(*package);
            }
        }
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// Returns the owners of all files below a folder, as far as the folder's path determines them.
    #[must_use]
    pub fn below(&self, folder: &str) -> Below {
        let near = || std::iter::once(folder).chain(folders_of(folder));
        let of_patterns = || near().filter_map(|folder| self.candidates.get(folder)).flatten();
        if of_patterns().any(|package| !self.plain.contains(package)) {
            return Below::ByName;
        }
        if self.above.contains(folder) {
            return Below::ByFolder;
        }
        let innermost = near().find_map(|folder| self.folders.get(folder));
        let mut owners: Vec<PackageIx> = innermost.into_iter().flatten().chain(of_patterns()).copied().collect();
        owners.sort_unstable();
        owners.dedup();
        Below::Same(owners)
    }

    /// The last pattern that matches the path or a folder above it decides.
    fn decides_for(&self, package: PackageIx, path: &str, matched: &mut BTreeMap<usize, bool>) -> bool {
        let patterns = self.packages.get(&package).map_or(&[][..], Vec::as_slice);
        let mut matches = |at: usize| {
            *matched.entry(at).or_insert_with(|| self.patterns.get(at).is_some_and(|pattern| pattern.takes(path)))
        };
        patterns.iter().rev().find(|(at, _)| matches(*at)).is_some_and(|(_, negated)| !negated)
    }
}

impl Pattern {
    fn takes(&self, path: &str) -> bool {
        let above = || folders_of(path).any(|folder| !folder.is_empty() && self.matcher.is_match(folder));
        self.matcher.is_match(path) || (!self.takes_all_below && above())
    }
}

/// The folders above a path, the innermost first, the root last.
fn folders_of<'a>(path: &'a str) -> impl Iterator<Item = &'a str> {
    let above = |path: &&'a str| (!path.is_empty()).then(|| path.rsplit_once('/').map_or("", |(folder, _)| folder));
    std::iter::successors(Some(path), above).skip(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{BTreeMap, BTreeSet, Below, Owners, PackageIx, PathPattern, folders_of};
    use crate::model::Position;

    fn at(positions: &[usize]) -> Vec<PackageIx> {
        positions.iter().map(|position| PackageIx::new(*position)).collect()
    }

    fn owners(packages: &[&[&str]]) -> Owners {
        let read = |text: &&str| PathPattern::new(text).unwrap();
        let packages: Vec<Vec<PathPattern>> = packages.iter().map(|p| p.iter().map(read).collect()).collect();
        let mut owners = Owners {
            folders: BTreeMap::from([("lib".to_owned(), at(&[7])), ("lib/inner".to_owned(), at(&[8, 9]))]),
            candidates: BTreeMap::new(),
            packages: BTreeMap::new(),
            patterns: Vec::new(),
            plain: BTreeSet::new(),
            above: BTreeSet::new(),
        };
        let mut known = BTreeMap::new();
        packages.iter().zip(0..).for_each(|(paths, index)| owners.add(PackageIx::new(index), paths, &mut known));
        owners.joined()
    }

    #[test]
    fn the_folders_above() {
        assert_eq!(folders_of("a/b/c").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(folders_of("c").collect::<Vec<_>>(), [""]);
        assert_eq!(folders_of("").count(), 0);
    }

    #[test]
    fn whose_all_files_of_a_folder_are() {
        let plain = owners(&[&["api/**", "proto/**"], &["web", "proto/deep"]]);
        let cases = [
            ("", Below::ByFolder),
            ("api", Below::Same(at(&[0]))),
            ("api/x", Below::Same(at(&[0]))),
            ("proto", Below::ByFolder),
            ("proto/deep", Below::Same(at(&[0, 1]))),
            ("proto/other", Below::Same(at(&[0]))),
            ("web", Below::Same(at(&[1]))),
            ("lib", Below::ByFolder),
            ("lib/inner", Below::Same(at(&[8, 9]))),
            ("lib/other", Below::Same(at(&[7]))),
            ("docs", Below::Same(at(&[]))),
        ];
        for (folder, expected) in cases {
            assert_eq!(plain.below(folder), expected, "{folder}");
        }
        assert_eq!(owners(&[&["**"]]).below("x/y"), Below::Same(at(&[0])));
        assert_eq!(owners(&[&["api/**", "!**/*.md"]]).below("api/x"), Below::ByName);
        assert_eq!(owners(&[&["api/**", "!**/*.md"]]).below("web"), Below::Same(at(&[])));
    }

    proptest! {
        #[test]
        fn a_folder_speaks_for_its_files(
            packages in proptest::collection::vec(proptest::collection::vec("!?(a|b|\\*\\*|a/b|a/\\*)(/\\*\\*|/c|/\\*\\.x)?", 1..4), 0..4),
            folder in "[abc](/[abc]){0,2}",
            file in "[abc](/[abc]){0,2}(\\.x)?",
        ) {
            let texts: Vec<Vec<&str>> = packages.iter().map(|p| p.iter().map(String::as_str).collect()).collect();
            let owners = owners(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>());
            if let Below::Same(same) = owners.below(&folder) {
                prop_assert_eq!(owners.of(&format!("{folder}/{file}")), same);
            }
        }
    }

    #[test]
    fn who_owns_a_path() {
        let owners = owners(&[
            &["api/**", "proto/**", "!**/*.md"],
            &["web", "proto/**", "!proto/internal/**", "proto/internal/keep"],
            &["**/*.sql"],
            &["a*/*.txt"],
        ]);
        let cases: &[(&str, &[usize])] = &[
            ("api/x", &[0]),
            ("api/deep/er/x", &[0]),
            ("api", &[]),
            ("apis/x", &[]),
            ("api/readme.md", &[]),
            ("web/a/b", &[1]),
            ("web", &[1]),
            ("webs", &[]),
            ("proto/x", &[0, 1]),
            ("proto/internal/x", &[0]),
            ("proto/internal/keep", &[0, 1]),
            ("proto/internal/keep/x", &[0, 1]),
            ("x.sql", &[2]),
            ("api/x.sql", &[0, 2]),
            ("api/x.txt", &[0, 3]),
            ("api/b/x.txt", &[0]),
            ("lib/x", &[7]),
            ("lib/inner/x.sql", &[2, 8, 9]),
            ("library/x", &[]),
        ];
        for (path, expected) in cases {
            assert_eq!(owners.of(path), at(expected), "{path}");
        }
    }
}
