//! Laws of the walk through history: on generated repositories each package has gathered what git itself lists for its paths since its
//! last tag.
//!
//! `PROPTEST_CASES=2000 cargo test history_laws` holds them longer.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use relman::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use relman::model::{PackageIx, Position, WorkspacePrefix};
use relman::plugin::{Host, Trust};

use crate::support::dag::{Dag, Random};
use crate::support::repo::Repo;
use crate::support::stress;

/// As many cases as the environment asks for; a few by default, since each of them is a repository of its own.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(u32::try_from(stress::size(20, 100)).unwrap()),
        failure_persistence: None,
        max_shrink_iters: 40,
        ..ProptestConfig::default()
    }
}

/// Patterns of `paths`.
const PATTERNS: [&str; 20] = [
    "p0/**",
    "p1",
    "p1/**",
    "p2/",
    "shared/**",
    "shared/internal/**",
    "shared",
    "**/*.md",
    "*.md",
    "docs/*.md",
    "docs",
    "p*/deep/**",
    "p?/x*",
    "p[01]/deep",
    "**/deep",
    "**/VERSION",
    "a b/**",
    "vendor/**",
    "p0/inner",
    ".",
];

/// The folders of packages. The last one lies in the first.
const FOLDERS: [&str; 4] = ["p0", "p1", "p2", "p0/inner"];

/// The same where relman.toml lies in `p0`.
const PATTERNS_BELOW: [&str; 8] = ["inner/**", "*.md", "**/*.md", "deep", "**/deep", "x.txt", ".", "p?/**"];
const FOLDERS_BELOW: [&str; 3] = [".", "deep", "inner"];

struct PackageRequest {
    folder: &'static str,
    /// Patterns that take, and patterns that leave out; none where the folder alone decides.
    paths: Option<(Vec<&'static str>, Vec<&'static str>)>,
}

impl PackageRequest {
    fn some(random: &mut Random, prefix: &str) -> Vec<Self> {
        let mut asked = Vec::new();
        let patterns: &[&str] = if prefix.is_empty() { &PATTERNS } else { &PATTERNS_BELOW };
        let folders: &[&str] = if prefix.is_empty() { &FOLDERS } else { &FOLDERS_BELOW };
        for folder in folders.iter().copied() {
            if random.one_in(4) {
                continue;
            }
            let mut some = |most: usize| (0..random.below(most)).map(|_| random.of(patterns)).collect::<Vec<_>>();
            let (mut take, leave) = (some(4), some(3));
            let by_folder = random.one_in(3);
            if take.is_empty() {
                take.push(random.of(patterns));
            }
            asked.push(Self { folder, paths: (!by_folder).then_some((take, leave)) });
        }
        if asked.is_empty() {
            asked.push(Self { folder: folders[0], paths: None });
        }
        asked
    }

    fn config(asked: &[Self], mode: &str) -> String {
        let mut text = format!("[commits]\nhistory = \"{mode}\"\n");
        for (at, package) in asked.iter().enumerate() {
            let folder = package.folder;
            write!(text, "[packages.n{at}]\npath = \"{folder}\"\nmanifests = [\"{folder}/VERSION\"]\n").unwrap();
            if let Some((take, leave)) = &package.paths {
                let leave = leave.iter().map(|pattern| format!("!{pattern}"));
                let all: Vec<String> = take.iter().map(|pattern| (*pattern).to_owned()).chain(leave).collect();
                writeln!(text, "paths = {all:?}").unwrap();
            }
        }
        text
    }

    /// The same for git. A pattern takes a folder with all below it, which git's globs do not.
    fn pathspecs(&self, all: &[Self]) -> Vec<String> {
        let of = |magic: &str, pattern: &str| {
            let pattern = pattern.trim_end_matches('/');
            let pattern = if pattern == "." { "**" } else { pattern };
            let mut specs = vec![format!(":({magic}){pattern}")];
            if !pattern.ends_with("**") {
                specs.push(format!(":({magic}){pattern}/**"));
            }
            specs
        };
        if let Some((take, leave)) = &self.paths {
            let taken = take.iter().flat_map(|pattern| of("glob", pattern));
            return taken.chain(leave.iter().flat_map(|pattern| of("exclude,glob", pattern))).collect();
        }
        let above = if self.folder == "." { String::new() } else { format!("{}/", self.folder) };
        let inner =
            |other: &&Self| other.paths.is_none() && other.folder != self.folder && other.folder.starts_with(&above);
        let inner = all.iter().filter(inner).map(|other| format!(":(exclude,glob){}/**", other.folder));
        std::iter::once(format!(":(glob){above}**")).chain(inner).collect()
    }
}

/// A repository and what is asked there.
struct World {
    repo: Repo,
    place: Place,
    wild_clocks: bool,
}

impl World {
    fn new(random: &mut Random, size: usize, packages: usize, prefix: &str) -> Self {
        let repo = Repo::new();
        let mut dag = Dag::new(random, size);
        for package in 0..packages {
            for _ in 0..random.below(4) {
                let version = random.of(&["1.0.0", "1.0.1", "1.1.0", "0.9.0", "1.10.0", "1.1.0-rc.1", "2.0"]);
                dag.tag(random, format!("n{package}-v{version}"));
            }
        }
        let ids = dag.make(&repo);
        // A commit that gets other parents, by either of git's two ways.
        let at = random.below(size);
        let parents: Vec<&str> =
            (0..random.below(3)).map(|_| ids[random.below(at + 1)].as_str()).filter(|id| *id != ids[at]).collect();
        match random.below(10) {
            0 => {
                fs::create_dir_all(repo.root().join(".git/info")).unwrap();
                fs::write(repo.root().join(".git/info/grafts"), format!("{} {}\n", ids[at], parents.join(" ")))
                    .unwrap();
            }
            1 => {
                // It refuses where nothing would change.
                repo.try_git_in(repo.root(), &[&["replace", "--graft", &ids[at]][..], &parents].concat());
            }
            _ => {}
        }
        for folder in ["p0", "p1", "p2", "p0/inner", "p0/deep"] {
            repo.write(&format!("{folder}/VERSION"), "1.0.0\n");
        }
        let place = Place {
            sparse: std::sync::Arc::default(),
            untagged: BTreeSet::new(),
            proposal: None,
            plugins: std::sync::Arc::new(Host::new(Trust::Off, repo.root().join(prefix), repo.root().to_owned())),
            root: repo.root().join(prefix),
            file: Some("relman.toml".to_owned()),
            git: repo.open(),
            prefix: WorkspacePrefix::new(prefix),
        };
        Self { repo, place, wild_clocks: dag.wild_clocks }
    }

    /// Runs git in the folder of relman.toml, so that paths are relative to it.
    fn git(&self, args: &[&str]) -> String {
        self.repo.git_in(&self.place.root, args)
    }

    fn list(&self, args: &[&str]) -> BTreeSet<String> {
        self.git(args).lines().map(str::to_owned).collect()
    }

    /// What git lists since these commits, in its own words of the mode.
    fn listed(&self, mode: &[&str], from: &[String], paths: &[String]) -> BTreeSet<String> {
        let mut paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        paths.insert(0, "--");
        let from: Vec<&str> = from.iter().map(String::as_str).collect();
        if !self.wild_clocks && !self.misleads(mode, &from) {
            let not: &[&str] = if from.is_empty() { &[] } else { &["--not"] };
            return self.list(&[&["rev-list"][..], mode, &["HEAD"], not, &from, &paths].concat());
        }
        // Else what git excludes is taken away by itself.
        let mut all = self.list(&[&["rev-list"][..], mode, &["HEAD"], &paths].concat());
        if !from.is_empty() {
            let before = self.list(&[&["rev-list"][..], &from].concat());
            all.retain(|id| !before.contains(id));
        }
        all
    }

    /// Git's answer to the question as it stands is wrong at times. With clocks that go back it stops too early, so that it lists too
    /// much. And with first parents only, where the tag is none of them, it leaves out the merge that brings the tag's branch in, or one
    /// beside it, since it takes a first parent behind the tag for one that does not matter.
    fn misleads(&self, mode: &[&str], from: &[&str]) -> bool {
        let [tag] = from else { return false };
        let is_first = || {
            let commit = self.git(&["rev-parse", &format!("{tag}^{{commit}}")]);
            self.list(&["rev-list", "--first-parent", "HEAD"]).contains(&commit)
        };
        mode == ["--first-parent"] && !is_first()
    }

    /// Where the history of a package without a tag begins: behind the parents of the newest commit that added its manifest. Nothing
    /// where it is not there.
    fn begin(&self, mode: &[&str], folder: &str) -> Option<Vec<String>> {
        let manifest = format!("{folder}/VERSION");
        self.repo
            .try_git_in(&self.place.root, &["cat-file", "-e", &format!("HEAD:./{manifest}")])
            .status
            .success()
            .then_some(())?;
        let how =
            ["log", "-1", "--no-patch", "--format=%H", "--diff-filter=A", "--no-renames", "--diff-merges=first-parent"];
        let added = self.git(&[&how[..], mode, &["HEAD", "--", &manifest]].concat());
        if added.is_empty() {
            return Some(Vec::new());
        }
        Some(self.list(&["rev-parse", &format!("{added}^@")]).into_iter().collect())
    }

    /// The highest tag that HEAD reaches.
    fn last(&self, package: usize) -> Option<String> {
        let prefix = format!("n{package}-v");
        let number = |tag: &String| {
            let (numbers, rc) =
                tag.strip_prefix(&prefix)?.split_once('-').map_or((tag.strip_prefix(&prefix)?, 1), |(n, _)| (n, 0));
            let mut parts: Vec<u32> = numbers.split('.').map(|part| part.parse().unwrap()).collect();
            parts.resize(3, 0);
            Some((parts, rc))
        };
        let tags = self.list(&["tag", "--merged", "HEAD", "--list", &format!("{prefix}*")]);
        tags.into_iter().max_by_key(number)
    }

    fn hold(&self, asked: &[PackageRequest], mode: &str) -> Result<(), TestCaseError> {
        fs::write(self.place.root.join("relman.toml"), PackageRequest::config(asked, mode)).unwrap();
        let needs = CaptureNeeds { history: true, ..CaptureNeeds::default() };
        let snapshot = capture(&self.place, CaptureOptions { needs, staged: false }, &|_, _| ()).unwrap();
        let history = snapshot.history.unwrap();
        let words: &[&str] = if mode == "full" { &["--full-history", "--no-merges"] } else { &["--first-parent"] };
        for (at, package) in asked.iter().enumerate() {
            let last = self.last(at);
            let ix = PackageIx::new(at);
            let gathered = &history.packages[ix];
            prop_assert_eq!(gathered.last.as_ref().map(|last| last.name.clone()), last.clone());
            let paths = package.pathspecs(asked);
            let expected = match last {
                Some(tag) => self.listed(words, &[tag], &paths),
                None => match self.begin(words, package.folder) {
                    Some(from) => self.listed(words, &from, &paths),
                    None => BTreeSet::new(),
                },
            };
            let is: Vec<String> = history.of(ix).map(|commit| commit.id.to_string()).collect();
            let set: BTreeSet<String> = is.iter().cloned().collect();
            prop_assert_eq!(set.len(), is.len(), "a commit counts once");
            let (more, less): (Vec<_>, Vec<_>) =
                (set.difference(&expected).collect(), expected.difference(&set).collect());
            prop_assert!(
                more.is_empty() && less.is_empty(),
                "n{at}, {mode}: too many {more:?}, missing {less:?}\n{}\n{}",
                PackageRequest::config(asked, mode),
                self.repo.git(&["log", "--graph", "--format=%h %ct%d", "--name-status", "-m", "HEAD"])
            );
        }
        Ok(())
    }
}

/// Mostly few commits; at times more than are read at once.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![30 => 1_usize..60, 1 => 500_usize..1400]
}

fn held(seed: u64, size: usize, mode: &str) -> Result<(), TestCaseError> {
    let mut random = Random(seed);
    let prefix = random.of(&["", "", "", "p0"]);
    let asked = PackageRequest::some(&mut random, prefix);
    World::new(&mut random, size, asked.len(), prefix).hold(&asked, mode)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn gathered_is_what_git_lists(seed in any::<u64>(), size in size()) {
        held(seed, size, "full")?;
    }

    #[test]
    fn gathered_is_what_git_lists_by_first_parents(seed in any::<u64>(), size in size()) {
        held(seed, size, "first-parent")?;
    }
}
