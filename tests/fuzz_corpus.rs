//! The corpus of the fuzz targets, and a few thousand mutants of it that are the same in every run.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[path = "../fuzz/targets.rs"]
mod targets;

use targets::TARGETS;

/// How many mutants of its corpus each target gets. `RELMAN_FUZZ_RUNS` takes another number.
const MUTANTS: usize = 1_500;

/// What the formats have a meaning for.
const TOKENS: [&str; 44] = [
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    ",",
    "=",
    "#",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "\u{feff}",
    "---\n",
    "\"\"\"",
    "'''",
    "- ",
    "* ",
    "## ",
    "```\n",
    "<!--",
    "-->",
    "&a ",
    "*a",
    "!!str ",
    "| ",
    "> ",
    "\\u0000",
    "version",
    "1.2.3",
    "{{",
    "}}",
    "{%",
    "%}",
    "not ",
    "~",
    "null",
    "99999999999999999999",
];

/// Numbers of the generator that is called splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

fn mutant(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut data = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(data.len() + 1);
        let end = (at + random.below(40)).min(data.len());
        match random.below(6) {
            0 if at < data.len() => data[at] ^= 1 << random.below(8),
            1 => drop(data.drain(at..end)),
            2 => {
                let part = data[at..end].to_vec();
                let to = random.below(data.len() + 1);
                data.splice(to..to, part.repeat(1 + random.below(3)));
            }
            3 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len() + 1);
                data.splice(at..end, other[from..(from + 60).min(other.len())].iter().copied());
            }
            4 => data.truncate(at),
            _ => drop(data.splice(at..at, TOKENS[random.below(TOKENS.len())].bytes())),
        }
    }
    data
}

#[test]
fn no_target_breaks_a_promise() {
    let runs = std::env::var("RELMAN_FUZZ_RUNS").map_or(MUTANTS, |text| text.parse().unwrap());
    let mut broken = Vec::new();
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        assert!(!corpus.is_empty(), "{name} has a corpus");
        let mut random = Random(name.len() as u64);
        let mutants = (0..runs).map(|_| mutant(&mut random, &corpus));
        for data in corpus.iter().cloned().chain(mutants) {
            if catch_unwind(AssertUnwindSafe(|| target(&data))).is_err() {
                broken.push(format!("{name}: {:?}", String::from_utf8_lossy(&data)));
            }
        }
    }
    assert!(broken.is_empty(), "{} broken, among them\n{}", broken.len(), broken[..broken.len().min(3)].join("\n"));
}

#[test]
fn the_corpus_is_what_it_says() {
    // Otherwise the targets could pass over all of it.
    for data in corpus("manifest") {
        let shown = String::from_utf8_lossy(&data).into_owned();
        assert!((b'<'..=b'S').contains(&data[0]), "{shown}");
    }
    for data in corpus("plan") {
        assert!(
            serde_json::from_slice::<relman::plan::PlanReport>(&data).is_ok(),
            "{}",
            String::from_utf8_lossy(&data)
        );
    }
}
