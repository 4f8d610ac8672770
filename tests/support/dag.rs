//! [`Dag`]: generated histories of every shape, made by one `git fast-import`.

use std::fmt::Write as _;
use std::fs;

use super::repo::Repo;
use super::script::fast_import;

/// Numbers that look random: the same seed gives the same ones (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// All files that there may be. The ones that most histories begin with come first.
pub const PATHS: [&str; 30] = [
    "p0/VERSION",
    "p1/VERSION",
    "p2/VERSION",
    "p0/inner/VERSION",
    "p0/x.txt",
    "p0/x.md",
    "p0/inner/x.txt",
    "p0/inner/deep/x.md",
    "p0/deep/x",
    "p1/x.txt",
    "p1/deep/x",
    "p1/x/y/z",
    "p2/x y.txt",
    "p2/deep/er/x.md",
    "shared/x.proto",
    "shared/internal/x.proto",
    "shared/internal/keep",
    "docs/guide.md",
    "docs/deep/page.md",
    "README.md",
    "top",
    "a b/ä.txt",
    "p10/x",
    "p/x",
    "vendor/sub",
    "vendor/file",
    // Files in the place of folders.
    "p",
    "shared/internal",
    "p0/deep",
    "p2/deep/er",
];

/// What a path holds: nothing, or a text of this number.
type Tree = [u32; PATHS.len()];

struct Commit {
    tree: Tree,
    parents: Vec<usize>,
    time: i64,
}

/// A history.
pub struct Dag {
    commits: Vec<Commit>,
    /// Name, commit, and whether it is lightweight (0), annotated (1) or a tag of a tag (2).
    tags: Vec<(String, usize, usize)>,
    /// Whether dates say nothing about what came first.
    pub wild_clocks: bool,
}

impl Dag {
    /// Makes one up, with so many commits. The last one is HEAD.
    pub fn new(random: &mut Random, size: usize) -> Self {
        let clocks = random.below(4);
        let mut dag = Self { commits: Vec::new(), tags: Vec::new(), wild_clocks: clocks > 1 };
        let mut heads: Vec<usize> = Vec::new();
        let mut time = 1_700_000_000;
        for at in 0..size {
            let parents = dag.parents(random, &heads, at + 1 == size);
            let tree = dag.tree(random, &parents, at);
            time += match clocks {
                0 => 60,
                1 => [0, 60][random.below(2)],
                2 => [60, 60, 60, -100][random.below(4)],
                _ => 0,
            };
            let time =
                if clocks == 3 { 1_600_000_000 + 1_000 * i64::try_from(random.below(100_000)).unwrap() } else { time };
            heads.retain(|head| !parents.contains(head));
            heads.push(at);
            dag.commits.push(Commit { tree, parents, time });
        }
        dag
    }

    fn parents(&self, random: &mut Random, heads: &[usize], is_last: bool) -> Vec<usize> {
        let Some(newest) = heads.last().copied() else { return Vec::new() };
        let mut parents = match random.below(20) {
            // A branch from somewhere.
            0..3 => vec![newest.saturating_sub(random.below(12))],
            3..10 => vec![random.of(heads)],
            10 if random.one_in(6) => Vec::new(),
            11..16 if heads.len() > 1 => (0..2).map(|_| random.of(heads)).collect(),
            16 if heads.len() > 2 => (0..4).map(|_| random.of(heads)).collect(),
            // A merge of what was merged already, or of an ancestor.
            17 => vec![newest, newest.saturating_sub(random.below(8))],
            _ => vec![newest],
        };
        if is_last && random.one_in(2) {
            parents = heads.iter().rev().take(8).copied().collect();
        }
        let mut seen = Vec::new();
        parents.retain(|parent| {
            !seen.contains(parent) && {
                seen.push(*parent);
                true
            }
        });
        parents
    }

    fn tree(&self, random: &mut Random, parents: &[usize], at: usize) -> Tree {
        let of = |parent: usize| self.commits[parent].tree;
        let Some(first) = parents.first().copied() else {
            return std::array::from_fn(|path| if path < 4 || random.one_in(2) { 1 } else { 0 });
        };
        let mut tree = of(first);
        if parents.len() > 1 {
            let other = parents[random.below(parents.len())];
            match random.below(4) {
                // `-s ours`, and the tree of another parent.
                0 => return tree,
                1 => return of(other),
                _ => {
                    for (path, held) in tree.iter_mut().enumerate() {
                        *held = of(random.of(parents))[path];
                    }
                }
            }
            if random.one_in(2) {
                return tree;
            }
        }
        for _ in 0..random.of(&[0, 1, 1, 1, 2, 2, 5]) {
            let path = random.below(PATHS.len());
            tree[path] = match random.below(8) {
                0 => 0,
                // What was there before comes back, or it is what another branch has.
                1 => self.commits[random.below(self.commits.len())].tree[path],
                2 => {
                    // A renaming.
                    let from = random.below(PATHS.len());
                    std::mem::take(&mut tree[from])
                }
                _ => u32::try_from(at).unwrap() + 2,
            };
        }
        tree
    }

    /// Sets a tag somewhere.
    pub fn tag(&mut self, random: &mut Random, name: String) {
        if !self.tags.iter().any(|(known, ..)| *known == name) {
            let kind = random.below(3);
            // Rather near the end.
            let back = random.below(self.commits.len()).min(random.below(self.commits.len()));
            self.tags.push((name, self.commits.len() - 1 - back, kind));
        }
    }

    /// Makes it in a repository and returns the ids of the commits, in their order.
    pub fn make(&self, repo: &Repo) -> Vec<String> {
        fast_import(repo, self.stream().as_bytes());
        let text = fs::read_to_string(repo.root().join(".git/marks")).unwrap();
        let mut ids = vec![String::new(); self.commits.len()];
        for (mark, id) in text.lines().filter_map(|line| line.strip_prefix(':')?.split_once(' ')) {
            let mark: usize = mark.parse().unwrap();
            if let Some(slot) = ids.get_mut(mark - 1) {
                id.clone_into(slot);
            }
        }
        ids
    }

    fn stream(&self) -> String {
        let mut out = String::new();
        for (at, commit) in self.commits.iter().enumerate() {
            // Each has a branch of its own, so that a root is one.
            let branch = if at + 1 == self.commits.len() { "heads/main".to_owned() } else { format!("work/{at}") };
            let message = format!("fix: {at}\n");
            writeln!(out, "commit refs/{branch}\nmark :{}\ncommitter C <c@example.com> {} +0000", at + 1, commit.time)
                .unwrap();
            write!(out, "data {}\n{message}", message.len()).unwrap();
            for (nth, parent) in commit.parents.iter().enumerate() {
                writeln!(out, "{} :{}", if nth == 0 { "from" } else { "merge" }, parent + 1).unwrap();
            }
            let before = commit.parents.first().map(|parent| self.commits[*parent].tree);
            for (path, held) in commit.tree.iter().enumerate() {
                if before.map_or(0, |tree| tree[path]) != *held {
                    change(&mut out, PATHS[path], *held);
                }
            }
            out.push('\n');
        }
        for (nth, (name, at, kind)) in self.tags.iter().enumerate() {
            let (mark, at) = (1_000_000 + 2 * nth, at + 1);
            let tagger = "tagger T <t@example.com> 1700000000 +0000\ndata 1\nx\n";
            match kind {
                0 => write!(out, "reset refs/tags/{name}\nfrom :{at}\n\n").unwrap(),
                1 => write!(out, "tag {name}\nmark :{mark}\nfrom :{at}\n{tagger}").unwrap(),
                _ => {
                    write!(out, "tag x-{nth}\nmark :{mark}\nfrom :{at}\n{tagger}").unwrap();
                    write!(out, "tag {name}\nmark :{}\nfrom :{mark}\n{tagger}", mark + 1).unwrap();
                }
            }
        }
        out
    }
}

fn change(out: &mut String, path: &str, held: u32) {
    let text = format!("{held}\n");
    match held {
        0 => writeln!(out, "D {path}").unwrap(),
        _ if path == "vendor/sub" => writeln!(out, "M 160000 {held:040x} {path}").unwrap(),
        _ => {
            let mode = if held.is_multiple_of(5) {
                "100755"
            } else if held.is_multiple_of(11) {
                "120000"
            } else {
                "100644"
            };
            write!(out, "M {mode} inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
    }
}
