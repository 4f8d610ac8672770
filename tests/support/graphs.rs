//! Generated graphs of packages: cycles, groups, kinds of edges and policies of all sorts, in one ecosystem or in several at once.

use std::fmt::Write;

use super::workspaces::Dice;

/// Versions in both spellings.
const VERSIONS: [(&str, &str); 6] = [
    ("1.2.0", "1.2.0"),
    ("0.1.0", "0.1.0"),
    ("0.2.0-alpha.1", "0.2.0a1"),
    ("1.0.0-rc.9", "1.0.0rc9"),
    ("0.0.9", "0.0.9"),
    ("0.3.0-beta.2", "0.3.0b2"),
];

const POLICIES: [&str; 4] = ["out-of-range", "always", "never", "in-step"];
const LEVELS: [&str; 4] = ["patch", "minor", "major", "none"];

struct Edge {
    from: usize,
    to: usize,
    /// An index into the tables of the ecosystem.
    kind: usize,
    /// The requirement, with `*` where the version stands.
    form: usize,
    /// Whether a crate takes it over from the workspace.
    inherited: bool,
}

/// Cargo, npm, Python; each with its tables.
const TABLES: [[&str; 4]; 3] = [
    ["dependencies", "dev-dependencies", "build-dependencies", "target.'cfg(unix)'.dependencies"],
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"],
    ["dependencies", "dev", "x", "build"],
];
const FORMS: [[&str; 5]; 3] =
    [["=*", "^*", "~*", ">=*", "*"], ["*", "^*", "~*", ">=*", "^* || ^9.0.0"], ["==*", "~=*", ">=*,<9", ">=*", "==*"]];

/// relman.toml and the manifests of the packages `p0`, `p1` and so on.
pub fn graph(dice: &mut Dice<'_>) -> Vec<(String, String)> {
    let count = 2 + dice.below(7);
    let versions: Vec<usize> = (0..count).map(|_| dice.below(VERSIONS.len())).collect();
    // Which ecosystems every package speaks: one of them, or all.
    let speaks = match dice.below(4) {
        3 => vec![0, 1, 2],
        one => vec![one],
    };
    let edges: Vec<Edge> = (0..dice.below(2 * count + 2)).map(|_| edge(dice, count)).collect();
    let mut files = vec![("relman.toml".to_owned(), config(dice, count))];
    let mut root = "[workspace]\nmembers = [\"p/*\"]\n[workspace.dependencies]\n".to_owned();
    for (index, version) in versions.iter().enumerate() {
        let (semver, _) = VERSIONS[*version];
        writeln!(root, "p{index} = {{ path = \"p/p{index}\", version = \"{semver}\" }}").unwrap();
    }
    files.push(("Cargo.toml".to_owned(), root));
    for index in 0..count {
        let own: Vec<&Edge> = edges.iter().filter(|edge| edge.from == index).collect();
        for ecosystem in &speaks {
            let (name, text) = manifest(*ecosystem, index, &versions, &own);
            files.push((format!("p/p{index}/{name}"), text));
        }
    }
    files
}

fn edge(dice: &mut Dice<'_>, count: usize) -> Edge {
    Edge {
        from: dice.below(count),
        to: dice.below(count),
        kind: dice.below(4),
        form: dice.below(5),
        inherited: dice.below(3) == 0,
    }
}

fn config(dice: &mut Dice<'_>, count: usize) -> String {
    let mut text = "[workspace]\nmembers = [\"p/*\"]\n".to_owned();
    for (group, members) in [("g", [0, 2]), ("h", [3, 4])] {
        let named: Vec<String> = members.iter().filter(|m| **m < count).map(|m| format!("\"p{m}\"")).collect();
        let kind = dice.of(&["", "fixed", "linked"]);
        if !kind.is_empty() && named.len() == 2 {
            write!(text, "[groups.{group}]\n{kind} = [{}]\n", named.join(", ")).unwrap();
        }
    }
    let (policy, level) = (dice.of(&POLICIES), dice.of(&LEVELS));
    write!(text, "[dependents]\npolicy = \"{policy}\"\nlevel = \"{level}\"\n").unwrap();
    let mut kinds = Vec::new();
    for kind in ["normal", "build", "dev", "peer", "optional"] {
        if let Some(policy) = POLICIES.get(dice.below(6)) {
            kinds.push(format!("{kind} = \"{policy}\""));
        }
    }
    writeln!(text, "kinds = {{ {} }}", kinds.join(", ")).unwrap();
    text
}

fn manifest(ecosystem: usize, index: usize, versions: &[usize], edges: &[&Edge]) -> (&'static str, String) {
    let (semver, pep440) = VERSIONS[versions[index]];
    let requirement = |edge: &Edge| {
        let (semver, pep440) = VERSIONS[versions[edge.to]];
        FORMS[ecosystem][edge.form].replace('*', if ecosystem == 2 { pep440 } else { semver })
    };
    let of_kind = |kind: usize| {
        let mut of_kind: Vec<&&Edge> = edges.iter().filter(|edge| edge.kind == kind).collect();
        of_kind.sort_by_key(|edge| edge.to);
        of_kind.dedup_by_key(|edge| edge.to);
        of_kind
    };
    let mut text = match ecosystem {
        0 => format!("[package]\nname = \"p{index}\"\nversion = \"{semver}\"\n"),
        1 => format!("{{\n  \"name\": \"p{index}\",\n  \"version\": \"{semver}\""),
        _ => format!("[project]\nname = \"p{index}\"\nversion = \"{pep440}\"\n"),
    };
    for (kind, table) in TABLES[ecosystem].into_iter().enumerate() {
        let edges = of_kind(kind);
        let lines: Vec<String> = match ecosystem {
            0 => edges.iter().map(|edge| cargo(edge, &requirement(edge))).collect(),
            1 => edges.iter().map(|edge| format!("\"p{}\": \"{}\"", edge.to, requirement(edge))).collect(),
            _ => edges.iter().map(|edge| format!("\"p{}{}\"", edge.to, requirement(edge))).collect(),
        };
        match (ecosystem, kind) {
            _ if lines.is_empty() => {}
            (0, _) => write!(text, "[{table}]\n{}\n", lines.join("\n")).unwrap(),
            (1, _) => write!(text, ",\n  \"{table}\": {{ {} }}", lines.join(", ")).unwrap(),
            (_, 0) => writeln!(text, "dependencies = [{}]", lines.join(", ")).unwrap(),
            (_, 1) => write!(text, "[dependency-groups]\n{table} = [{}]\n", lines.join(", ")).unwrap(),
            (_, 2) => write!(text, "[project.optional-dependencies]\n{table} = [{}]\n", lines.join(", ")).unwrap(),
            _ => write!(text, "[build-system]\nrequires = [{}]\n", lines.join(", ")).unwrap(),
        }
    }
    match ecosystem {
        0 => ("Cargo.toml", text),
        1 => ("package.json", text + "\n}\n"),
        _ => ("pyproject.toml", text),
    }
}

fn cargo(edge: &Edge, requirement: &str) -> String {
    let optional = if edge.form == 3 { ", optional = true" } else { "" };
    if edge.inherited {
        return format!("p{} = {{ workspace = true{optional} }}", edge.to);
    }
    format!("p{} = {{ path = \"../p{}\", version = \"{requirement}\"{optional} }}", edge.to, edge.to)
}
