//! Generated workspaces: packages of every ecosystem that require each other, in every dress that a file may wear.

use std::fmt::Write;

/// Bytes that decide about the shape of a workspace; when they run out every choice is the first.
pub struct Dice<'b>(pub std::slice::Iter<'b, u8>);

impl Dice<'_> {
    pub fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |b| usize::from(*b) % n)
    }

    pub fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

/// Versions in both spellings.
const VERSIONS: [(&str, &str); 7] = [
    ("1.2.0", "1.2.0"),
    ("0.1.0", "0.1.0"),
    ("0.2.0-alpha.1", "0.2.0a1"),
    ("1.0.0-rc.9", "1.0.0rc9"),
    ("0.0.9", "0.0.9"),
    ("2.10.3", "2.10.3"),
    ("0.3.0-beta.2", "0.3.0b2"),
];

const CARGO: usize = 0;
const PYTHON: usize = 1;
const NPM: usize = 2;
const CHART: usize = 3;

struct Package {
    /// One ecosystem, or (4) all of them.
    kind: usize,
    version: usize,
    /// Another version in the lock files.
    locked: usize,
    requires: Option<usize>,
}

impl Package {
    fn speaks(&self, kind: usize) -> bool {
        self.kind == kind || self.kind == 4
    }
}

/// The files of a workspace: relman.toml, manifests and lock files.
pub fn workspace(dice: &mut Dice<'_>) -> Vec<(String, String)> {
    let count = 1 + dice.below(4);
    let mut packages = Vec::new();
    for index in 0..count {
        let version = dice.below(VERSIONS.len());
        let locked = if dice.below(4) == 3 { dice.below(VERSIONS.len()) } else { version };
        let requires = if index > 0 && dice.below(3) < 2 { Some(dice.below(index)) } else { None };
        packages.push(Package { kind: dice.below(5), version, locked, requires });
    }
    let mut files = vec![("relman.toml".to_owned(), config(dice, count))];
    let mut locks = [String::from("version = 4\n"), String::from("version = 1\n"), String::new()];
    for (index, package) in packages.iter().enumerate() {
        let of = package.requires.map(|of| (of, &packages[of]));
        for kind in (0..4).filter(|kind| package.speaks(*kind)) {
            let requirement =
                of.filter(|(_, p)| p.speaks(kind)).map(|(of, p)| (of, requirement(dice, kind, p.version)));
            let (file, text) = manifest(kind, index, package, requirement.as_ref());
            files.push((format!("p/p{index}/{file}"), dressed(dice, kind, text)));
            lock(&mut locks, kind, index, package, requirement.as_ref());
        }
    }
    let lib = "# v {version}\nv = '1.2.0' # 1.2.0\nx = \"1.2.0\"\n";
    files.push(("lib/v.py".to_owned(), dressed(dice, 4, lib.to_owned())));
    let [cargo, uv, npm] = locks;
    files.push(("Cargo.lock".to_owned(), dressed(dice, 5, cargo)));
    files.push(("uv.lock".to_owned(), dressed(dice, 5, uv)));
    let npm = format!("{{\n\t\"lockfileVersion\": 3,\n\t\"packages\": {{\n\t\t\"\": {{}}{npm}\n\t}}\n}}\n");
    files.push(("package-lock.json".to_owned(), dressed(dice, NPM, npm)));
    files
}

fn config(dice: &mut Dice<'_>, count: usize) -> String {
    let mut text = "[workspace]\nmembers = [\"p/*\"]\n[packages.lib]\nmanifests = [{ path = \"lib/*.py\", search = \"v = '{version}'\" }]\n".to_owned();
    let members = if count > 1 { "\"p0\", \"p1\"" } else { "\"p0\", \"lib\"" };
    match dice.below(4) {
        1 => write!(text, "[groups.g]\nfixed = [{members}]\n").unwrap(),
        2 => write!(text, "[groups.g]\nlinked = [{members}]\n").unwrap(),
        _ => {}
    }
    let policy = dice.of(&["out-of-range", "in-step", "always", "never"]);
    let level = dice.of(&["patch", "minor", "none"]);
    write!(text, "[dependents]\npolicy = \"{policy}\"\nlevel = \"{level}\"\n").unwrap();
    text
}

fn requirement(dice: &mut Dice<'_>, kind: usize, version: usize) -> String {
    // Some do not admit what they require.
    let version = if dice.below(5) == 4 { dice.below(VERSIONS.len()) } else { version };
    let (semver, pep440) = VERSIONS[version];
    match kind {
        CARGO => dice.of(&["*", "=*", "~*", ">=*", "^*"]).replace('*', semver),
        NPM => dice.of(&["^*", "~*", "*", ">=*", ">=* <9.0.0"]).replace('*', semver),
        CHART => dice.of(&["^*", "~*", "*", ">=*"]).replace('*', semver),
        _ => dice.of(&["==*", ">=*", "~=*", ">=*,<9"]).replace('*', pep440),
    }
}

type Requirement = (usize, String);

fn manifest(kind: usize, index: usize, package: &Package, requires: Option<&Requirement>) -> (&'static str, String) {
    let (semver, pep440) = VERSIONS[package.version];
    let name = format!("p{index}");
    match kind {
        CARGO => {
            let dependency = requires.map_or(String::new(), |(of, text)| {
                format!("p{of} = {{ path = '../p{of}', version = \"{text}\" }} # {semver}\n")
            });
            let text = format!(
                "# {semver}\n[package]\nname\t=\t\"{name}\"\nversion = \"{semver}\"   # {semver}\n\n[dependencies]\nother = \"{semver}\"\n{dependency}[package.metadata]\nversion = \"{semver}\"\n"
            );
            ("Cargo.toml", text)
        }
        PYTHON => {
            let dependency =
                requires.map_or(String::new(), |(of, text)| format!("  'P{of}[x] {text} ; python_version > \"3\"',\n"));
            let text = format!(
                "[project]\nname = '{name}'\nversion = '{pep440}'# {pep440}\ndependencies = [\n  \"other=={pep440}\",\n{dependency}]\n[tool.x]\nversion = \"{pep440}\"\n"
            );
            ("pyproject.toml", text)
        }
        NPM => {
            let dependency = requires.map_or(String::new(), |(of, text)| format!(", \"p{of}\":\"{text}\""));
            let text = format!(
                "{{\n\t\"x\": {{ \"version\": \"{semver}\" }},\n\t\"name\": \"{name}\",\"version\" : \"{semver}\",\n    \"dependencies\": {{ \"other\": \"{semver}\"{dependency} }}\n}}\n"
            );
            ("package.json", text)
        }
        _ => {
            let dependency = requires.map_or(String::new(), |(of, text)| {
                format!("- name: p{of}\n  version: '{text}'   # {semver}\n  repository: \"file://../p{of}\"\n")
            });
            let text = format!(
                "apiVersion: v2 # {semver}\nname: {name}\nversion: {semver} # {semver}\nappVersion: \"v{semver}\"\ndependencies:\n- {{name: other, version: {semver}, repository: https://example.com}}\n{dependency}"
            );
            ("Chart.yaml", text)
        }
    }
}

fn lock(locks: &mut [String; 3], kind: usize, index: usize, package: &Package, requires: Option<&Requirement>) {
    let (semver, pep440) = VERSIONS[package.locked];
    let name = format!("p{index}");
    match kind {
        CARGO => {
            let list = requires.map_or(String::new(), |(of, _)| format!("dependencies = [\n \"p{of}\",\n]\n"));
            write!(locks[0], "\n[[package]]\nname = \"{name}\"\nversion = \"{semver}\"\n{list}").unwrap();
            write!(
                locks[0],
                "\n[[package]]\nname = \"x{name}\"\nversion = \"{semver}\"\nsource = \"registry+https://example.com\"\n"
            )
            .unwrap();
        }
        PYTHON => {
            let copy = requires.map_or(String::new(), |(of, text)| format!("\n[package.metadata]\nrequires-dist = [{{ name = \"p{of}\", editable = \"p/p{of}\", specifier = \"{text}\" }}]\n"));
            write!(locks[1], "\n[[package]]\nname = \"{name}\"\nversion = \"{pep440}\"\nsource = {{ editable = \"p/{name}\" }}\n{copy}").unwrap();
        }
        NPM => {
            let copy =
                requires.map_or(String::new(), |(of, text)| format!(", \"dependencies\": {{ \"p{of}\": \"{text}\" }}"));
            write!(locks[2], ",\n\t\t\"p/{name}\": {{ \"version\": \"{semver}\"{copy} }}").unwrap();
            write!(locks[2], ",\n\t\t\"node_modules/{name}\": {{ \"resolved\": \"p/{name}\", \"link\": true }}")
                .unwrap();
        }
        _ => {}
    }
}

/// Line ends, byte order mark and the last newline, as some editor leaves them.
fn dressed(dice: &mut Dice<'_>, kind: usize, text: String) -> String {
    let text = if dice.below(3) == 1 { text.replace('\n', "\r\n") } else { text };
    let text = if dice.below(3) == 1 { text.trim_end().to_owned() } else { text };
    // A byte order mark is for manifests; lock files are written by tools.
    if kind < 5 && dice.below(3) == 2 { format!("\u{feff}{text}") } else { text }
}
