//! No circles: reads which file names which, and looks for circles among the entries of every folder of `src`.
//!
//! A name that a `mod.rs` re-exports counts as one of the file that defines it, so that a folder's front door is not part of every way.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{code_of, paths_from};

type Edges = BTreeMap<String, BTreeSet<String>>;

/// Returns every circle among files and folders, each as the entries that it goes through.
pub fn circles(files: &BTreeMap<String, String>) -> Vec<Vec<String>> {
    let edges = edges(files);
    let folders: BTreeSet<&str> = files.keys().flat_map(|path| ancestors(path)).collect();
    folders.into_iter().flat_map(|folder| strongly_connected(&entries(folder, &edges))).collect()
}

/// The folders that hold a file, from the root (the empty name) down.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(path.match_indices('/').map(|(at, _)| &path[..at]))
}

/// The edges among the direct entries of a folder: its files, and its folders as one entry each.
fn entries(folder: &str, edges: &Edges) -> Edges {
    let entry = |path: &str| -> Option<String> {
        let below = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
        let name = below.split('/').next().unwrap();
        Some(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
    };
    let mut found = Edges::new();
    for (from, targets) in edges {
        let Some(from) = entry(from) else { continue };
        let to = targets.iter().filter_map(|target| entry(target)).filter(|to| *to != from);
        found.entry(from.clone()).or_default().extend(to);
    }
    found
}

/// Which file names which.
fn edges(files: &BTreeMap<String, String>) -> Edges {
    let code: BTreeMap<&str, String> = files.iter().map(|(path, text)| (path.as_str(), without_tests(text))).collect();
    let exports: BTreeMap<&str, BTreeMap<String, Vec<String>>> =
        code.iter().map(|(path, code)| (*path, reexports(code))).collect();
    let house = House { files: &code, exports: &exports };
    let mut found = Edges::new();
    for (path, code) in &code {
        let targets = named(path, code).into_iter().filter_map(|parts| house.file_of(&parts));
        found.entry((*path).to_owned()).or_default().extend(targets.filter(|target| target != path));
    }
    found
}

/// The unit tests at the foot of a file may name whatever they test with.
fn without_tests(text: &str) -> String {
    let code = code_of(text);
    let end = code.find("#[cfg(test)]\nmod ").unwrap_or(code.len());
    code[..end].to_owned()
}

/// The modules that a file declares.
fn declared(code: &str) -> Vec<&str> {
    let of = |line: &'_ str| -> Option<usize> { line.find("mod ").filter(|_| line.trim_end().ends_with(';')) };
    code.lines().filter_map(|line| Some(line[of(line)? + 4..].trim_end().trim_end_matches(';'))).collect()
}

/// The names that a file re-exports, each with the path below the file's own module that it stands for.
fn reexports(code: &str) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for statement in code.split_inclusive(';').filter(|statement| {
        let start = statement.trim_start().trim_start_matches(['"', '}', '\n', ' ']);
        start.starts_with("pub use ") || start.starts_with("pub(") && start.contains(") use ")
    }) {
        for module in declared(code) {
            for named in paths_from(statement, &[module]) {
                found.insert(named.parts.last().unwrap().clone(), named.parts);
            }
        }
    }
    found
}

/// The paths that a file names, from the root of the crate; what it re-exports is not named by it.
fn named(path: &str, code: &str) -> Vec<Vec<String>> {
    let module: Vec<String> = module_path(path);
    let mut found = Vec::new();
    // `pub(in crate::cli)` says who may see an item, and names nothing.
    for named in paths_from(code, &["crate"]).iter().filter(|named| !code[..named.offset].ends_with("(in ")) {
        found.push(named.parts[1..].to_vec());
    }
    for named in paths_from(code, &["super", "self"]) {
        let supers = named.parts.iter().take_while(|part| *part == "super").count();
        let rest = named.parts.iter().skip_while(|part| *part == "super" || *part == "self");
        let kept = module.len().saturating_sub(supers);
        found.push(module[..kept].iter().chain(rest).cloned().collect());
    }
    let exported = reexports(code);
    for child in declared(code) {
        let own = paths_from(code, &[child]).into_iter().map(|named| named.parts);
        let own = own.filter(|parts| exported.get(parts.last().unwrap()) != Some(parts));
        found.extend(own.map(|parts| module.iter().cloned().chain(parts).collect()));
    }
    found
}

fn module_path(path: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
    if stem == "lib" || stem == "main" { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

struct House<'a> {
    files: &'a BTreeMap<&'a str, String>,
    exports: &'a BTreeMap<&'a str, BTreeMap<String, Vec<String>>>,
}

impl House<'_> {
    /// The file that defines what a path from the root names, re-exports followed.
    fn file_of(&self, parts: &[String]) -> Option<String> {
        let (depth, file) =
            (1..=parts.len()).rev().find_map(|depth| Some((depth, self.module_file(&parts[..depth])?)))?;
        let export = parts.get(depth).and_then(|name| self.exports.get(file)?.get(name));
        match export {
            Some(inside) => self.file_of(&parts[..depth].iter().chain(inside).cloned().collect::<Vec<_>>()),
            None => Some(file.to_owned()),
        }
    }

    fn module_file(&self, module: &[String]) -> Option<&str> {
        let stem = module.join("/");
        let paths = [format!("{stem}.rs"), format!("{stem}/mod.rs")];
        paths.iter().find_map(|path| self.files.get_key_value(path.as_str()).map(|(path, _)| *path))
    }
}

/// The components of more than one entry (Tarjan's algorithm, by two searches as Kosaraju has it).
fn strongly_connected(edges: &Edges) -> Vec<Vec<String>> {
    let mut reversed = Edges::new();
    for (from, targets) in edges {
        for to in targets {
            reversed.entry(to.clone()).or_default().insert(from.clone());
        }
    }
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for start in edges.keys() {
        visit(start, edges, &mut seen, &mut order);
    }
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for start in order.iter().rev() {
        let mut component = Vec::new();
        visit(start, &reversed, &mut seen, &mut component);
        component.sort();
        found.extend((component.len() > 1).then_some(component));
    }
    found
}

fn visit(at: &str, edges: &Edges, seen: &mut BTreeSet<String>, order: &mut Vec<String>) {
    if !seen.insert(at.to_owned()) {
        return;
    }
    for next in edges.get(at).into_iter().flatten() {
        visit(next, edges, seen, order);
    }
    order.push(at.to_owned());
}

#[test]
fn circles_are_found() {
    let house = |files: &[(&str, &str)]| -> Vec<Vec<String>> {
        circles(&files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    };
    let circle = |entries: &[&str]| vec![entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>()];
    let two = [("plan/mod.rs", "mod a;\nmod b;"), ("plan/a.rs", "use super::b::B;"), ("plan/b.rs", "use super::a::A;")];
    assert_eq!(house(&two), circle(&["plan/a.rs", "plan/b.rs"]));
    let front = [("plan/mod.rs", "mod a;\npub use a::A;\nfn f() {}"), ("plan/a.rs", "fn g() { super::f() }")];
    assert_eq!(house(&front), Vec::<Vec<String>>::new(), "a re-export is not a use");
    let mutual = [("plan/mod.rs", "mod a;\nfn f() { a::g() }"), ("plan/a.rs", "fn g() { super::f() }")];
    assert_eq!(house(&mutual), circle(&["plan/a.rs", "plan/mod.rs"]));
    let through = [
        ("plan/mod.rs", "mod a;\nmod b;\npub use b::{B, C};"),
        ("plan/a.rs", "use crate::plan::C;"),
        ("plan/b.rs", "use crate::plan::a::A;"),
    ];
    assert_eq!(house(&through), circle(&["plan/a.rs", "plan/b.rs"]), "a re-export does not hide a circle");
    let folders = [
        ("a/mod.rs", "mod x;\nmod y;"),
        ("a/x.rs", "use crate::b::z::Z;"),
        ("a/y.rs", ""),
        ("b/mod.rs", "mod z;\nmod w;"),
        ("b/z.rs", ""),
        ("b/w.rs", "use crate::a::y::Y;"),
    ];
    assert_eq!(house(&folders), circle(&["a", "b"]), "no circle among files, but one among folders");
    let tests = [("a.rs", "use crate::b::B;"), ("b.rs", "#[cfg(test)]\nmod tests {\n use crate::a::A;\n}")];
    assert_eq!(house(&tests), Vec::<Vec<String>>::new(), "unit tests may name what they test with");
}
