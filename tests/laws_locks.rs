//! Laws of lock files, on generated workspaces: after a release no lock file holds an own entry at an old version, whether it is beside a
//! package, above it or listed by another one; entries from elsewhere keep theirs, and references are what the tool itself would write.
//!
//! `PROPTEST_CASES=10000 cargo test laws_locks` holds them longer.

use std::cell::LazyCell;
use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use relman::plan::{BumpRequest, BumpSpec, bump};
use toml_edit::{Document, Item};

use crate::laws_workspace::{World, config};
use crate::support::workspaces::Dice;

const CARGO: usize = 0;
const UV: usize = 1;
const NPM: usize = 2;
const LOCKS: [&str; 3] = ["Cargo.lock", "uv.lock", "package-lock.json"];
const NEW: &str = "3.0.0";
const VERSIONS: [&str; 3] = ["1.2.0", "0.1.0", NEW];

/// An entry of a lock file; without a package it is one from elsewhere with a package's name.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    name: String,
    own: bool,
    version: String,
}

/// A lock file in one of the folders.
struct Lock {
    kind: usize,
    home: String,
    entries: Vec<Entry>,
}

impl Lock {
    fn path(&self) -> String {
        format!("{}{}", self.home, LOCKS[self.kind])
    }

    /// A package's folder, from that of the lock file.
    fn folder(&self, name: &str) -> String {
        match self.home.as_str() {
            "" => format!("p/{name}"),
            "p/" => name.to_owned(),
            home if home == format!("p/{name}/") => String::new(),
            _ => format!("../{name}"),
        }
    }

    fn holds(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.own && entry.name == name)
    }

    fn text(&self) -> String {
        match self.kind {
            CARGO => {
                let references: Vec<_> = (0..self.entries.len()).map(|at| reference(&self.entries, at)).collect();
                let list: String = references.iter().fold(String::new(), |list, one| list + " \"" + one + "\",\n");
                let mut text = format!(
                    "version = 4\n\n[[package]]\nname = \"all\"\nversion = \"1.2.0\"\nsource = \"git+https://x#1\"\ndependencies = [\n{list}]\n"
                );
                for Entry { name, own, version } in &self.entries {
                    let source = if *own { "" } else { "source = \"registry+https://x\"\n" };
                    write!(text, "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}").unwrap();
                }
                text
            }
            UV => {
                let mut text = "version = 1\n".to_owned();
                for Entry { name, own, version } in &self.entries {
                    let folder = Some(self.folder(name)).filter(|folder| !folder.is_empty());
                    let folder = folder.unwrap_or_else(|| ".".to_owned());
                    let source =
                        if *own { format!("editable = \"{folder}\"") } else { "registry = \"https://x\"".into() };
                    write!(
                        text,
                        "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ {source} }}\n"
                    )
                    .unwrap();
                }
                text
            }
            _ => {
                let entries = self.entries.iter().map(|Entry { name, own, version }| {
                    let key = if *own { self.folder(name) } else { format!("node_modules/{name}") };
                    format!("\n    \"{key}\": {{ \"name\": \"{name}\", \"version\": \"{version}\" }}")
                });
                let entries: Vec<String> = entries.collect();
                format!("{{\n  \"lockfileVersion\": 3,\n  \"packages\": {{{}\n  }}\n}}\n", entries.join(","))
            }
        }
    }

    /// The entries of such a text, read by another reader, and the references in it.
    fn read(&self, text: &str) -> (Vec<Entry>, Vec<String>) {
        if self.kind == NPM {
            let json: serde_json::Value = serde_json::from_str(text).unwrap();
            let entry = |(key, value): (&String, &serde_json::Value)| Entry {
                name: value["name"].as_str().unwrap().to_owned(),
                own: !key.starts_with("node_modules/"),
                version: value["version"].as_str().unwrap().to_owned(),
            };
            return (json["packages"].as_object().unwrap().iter().map(entry).collect(), Vec::new());
        }
        let document = Document::parse(text).unwrap();
        let Some(packages) = document.get("package").and_then(Item::as_array_of_tables) else {
            return Default::default();
        };
        let text = |item: Option<&Item>| item.and_then(Item::as_str).unwrap_or_default().to_owned();
        let entries = packages.iter().map(|package| Entry {
            name: text(package.get("name")),
            own: match self.kind {
                CARGO => package.get("source").is_none(),
                _ => package.get("source").is_some_and(|source| source.get("editable").is_some()),
            },
            version: text(package.get("version")),
        });
        let lists = packages.iter().filter_map(|package| package.get("dependencies")?.as_array());
        let references = lists.flat_map(|list| list.iter().map(|one| one.as_str().unwrap().to_owned()));
        (entries.filter(|entry| entry.name != "all").collect(), references.collect())
    }
}

/// A reference as Cargo encodes it: the version where the name has several, the source where the version has several.
fn reference(entries: &[Entry], at: usize) -> String {
    let Entry { name, own, version } = &entries[at];
    let named: Vec<&Entry> = entries.iter().filter(|entry| entry.name == *name).collect();
    let same = named.iter().filter(|entry| entry.version == *version).count();
    match (named.len(), same, own) {
        (1, ..) => name.clone(),
        (_, 2.., false) => format!("{name} {version} (registry+https://x)"),
        _ => format!("{name} {version}"),
    }
}

/// The lock files of a workspace, and all its files.
fn workspace(dice: &mut Dice<'_>) -> (Vec<Lock>, Vec<(String, String)>) {
    let packages: Vec<(String, usize, &str)> =
        (0..1 + dice.below(3)).map(|at| (format!("p{at}"), dice.below(3), VERSIONS[dice.below(2)])).collect();
    let mut locks = Vec::new();
    for kind in [CARGO, UV, NPM] {
        let homes =
            ["".to_owned(), "p/".to_owned()].into_iter().chain(packages.iter().map(|(name, ..)| format!("p/{name}/")));
        for home in homes {
            let mut lock = Lock { kind, home, entries: Vec::new() };
            for (name, _, version) in packages.iter().filter(|(_, of, _)| *of == kind) {
                let (own, other) = (dice.below(3) < 2, dice.below(3) == 2);
                let entry = |own, version: &str| Entry { name: name.clone(), own, version: version.to_owned() };
                lock.entries.extend(own.then(|| entry(true, version)));
                lock.entries.extend(other.then(|| entry(false, VERSIONS[dice.below(3)])));
            }
            locks.push(lock);
        }
    }
    locks.retain(|lock| lock.home.is_empty() || !lock.entries.is_empty());
    let mut config = String::from("[workspace]\nmembers = [\"p/*\"]\n");
    let mut files = Vec::new();
    for (name, kind, version) in &packages {
        let (file, text) = match *kind {
            CARGO => ("Cargo.toml", format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n")),
            UV => ("pyproject.toml", format!("[project]\nname = \"{name}\"\nversion = \"{version}\"\n")),
            _ => ("package.json", format!("{{ \"name\": \"{name}\", \"version\": \"{version}\" }}\n")),
        };
        if dice.below(2) == 0 {
            let listed = locks.iter().filter(|lock| lock.holds(name) && dice.below(3) == 0);
            let listed = listed.fold(String::new(), |list, lock| list + ", \"" + &lock.path() + "\"");
            writeln!(config, "[packages.{name}]\nmanifests = [\"p/{name}/{file}\"{listed}]").unwrap();
        }
        files.push((format!("p/{name}/{file}"), text));
    }
    files.push(("relman.toml".to_owned(), config));
    files.extend(locks.iter().map(|lock| (lock.path(), lock.text())));
    (locks, files)
}

thread_local! {
    static WORLD: LazyCell<World> = const { LazyCell::new(World::new) };
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn no_lock_file_holds_an_own_entry_at_an_old_version(bytes in vec(any::<u8>(), 0..80)) {
        WORLD.with(|world| {
            let (locks, files) = workspace(&mut Dice(bytes.iter()));
            world.fill(&files);
            let request = BumpRequest { all: true, ask: Some(BumpSpec::Exact(NEW.to_owned())), ..BumpRequest::default() };
            let plan = bump(&world.read(), &request).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
            let plan = plan.accept().map_err(|refusals| TestCaseError::fail(format!("{refusals:?}")))?;
            world.write(&plan.files)?;
            for lock in locks {
                let (entries, references) = lock.read(&world.texts.read(&lock.path()).unwrap());
                let moved = |entry: &Entry| Entry { version: if entry.own { NEW.to_owned() } else { entry.version.clone() }, ..entry.clone() };
                let expected: Vec<Entry> = lock.entries.iter().map(moved).collect();
                let sorted = |mut entries: Vec<Entry>| {
                    entries.sort_by_key(|entry| (entry.name.clone(), entry.own));
                    entries
                };
                prop_assert_eq!(sorted(entries), sorted(expected.clone()), "{}", lock.path());
                if lock.kind == CARGO {
                    let written: Vec<String> = (0..expected.len()).map(|at| reference(&expected, at)).collect();
                    prop_assert_eq!(references, written, "{}", lock.path());
                }
            }
            Ok(())
        })?;
    }
}
