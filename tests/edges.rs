//! Edges of the graph: what a manifest requires, what for, and in which words.

use relman::manifest::{Locator, ManifestType, RequirementSyntax, find};
use relman::model::DependencyKind;

use DependencyKind::{Build, Dev, Normal, Optional, Peer};

/// A manifest, and for each requirement its name, its kind and its text; `*name` is one that the Cargo workspace hands down.
type Row<'a> = (ManifestType, &'a str, &'a [(&'a str, DependencyKind, &'a str)]);

const CARGO: [Row<'static>; 9] = [
    (
        ManifestType::Cargo,
        "[dependencies]\na = { path = '../a', version = '1' }\n[dev-dependencies]\na = { path = '../a', version = '2' }\n\
         [build-dependencies]\na = { path = '../a', version = '3' }\n",
        &[("a", Normal, "1"), ("a", Dev, "2"), ("a", Build, "3")],
    ),
    // The old spelling, dotted keys, tables of their own.
    (
        ManifestType::Cargo,
        "dev_dependencies.a.path = '../a'\ndev_dependencies.a.version = '2'\n[build_dependencies.b]\npath = '../b'\nversion = '3'\n",
        &[("a", Dev, "2"), ("b", Build, "3")],
    ),
    (
        ManifestType::Cargo,
        "[target.'cfg(unix)'.dependencies]\na = { path = 'a', version = '1' }\n[target.x86_64-pc-windows-gnu.dev-dependencies]\n\
         b = { path = 'b', version = '2' }\n[target.'cfg(windows)'.build-dependencies]\nc = { path = 'c', version = '3' }\n",
        &[("a", Normal, "1"), ("b", Dev, "2"), ("c", Build, "3")],
    ),
    // Optional is told from normal and from build; a renamed one counts by the name of its package.
    (
        ManifestType::Cargo,
        "[dependencies]\na = { path = 'a', version = '1', optional = true }\nb = { path = 'b', version = '2', optional = false }\n\
         alias = { package = 'real', path = 'real', version = '3' }\n[build-dependencies]\nc = { path = 'c', version = '4', optional = true }\n",
        &[("a", Optional, "1"), ("b", Normal, "2"), ("real", Normal, "3"), ("c", Optional, "4")],
    ),
    // What the workspace hands down keeps the kind of who takes it over.
    (
        ManifestType::Cargo,
        "[dependencies]\na.workspace = true\nb = { workspace = true, optional = true, features = ['x'] }\nc = { workspace = false, path = 'c', version = '1' }\n\
         [dev-dependencies]\na = { workspace = true }\n[target.'cfg(unix)'.build-dependencies]\nd.workspace = true\n",
        &[("c", Normal, "1"), ("*a", Normal, ""), ("*b", Optional, ""), ("*a", Dev, ""), ("*d", Build, "")],
    ),
    (
        ManifestType::Cargo,
        "[workspace.dependencies]\na = { path = 'a', version = '=1.0.0' }\nalias = { package = 'b', path = 'b', version = '2' }\nserde = '1'\n",
        &[("a", Normal, "=1.0.0"), ("b", Normal, "2")],
    ),
    // Without a path it comes from a registry, without a version any version does.
    (
        ManifestType::Cargo,
        "[dependencies]\na = '1'\nb = { version = '1' }\nc = { path = 'c' }\nd = { git = 'https://example.com/d', version = '1' }\n",
        &[],
    ),
    (ManifestType::Cargo, "[patch.crates-io]\na = { path = 'a', version = '1' }\n", &[("a", Dev, "1")]),
    (
        ManifestType::Cargo,
        "[features]\na = ['1']\n[package.metadata.dependencies]\na = { path = 'a', version = '1' }\n",
        &[],
    ),
];

const NPM: [Row<'static>; 5] = [
    (
        ManifestType::PackageJson,
        r#"{"dependencies":{"a":"^1.0.0"},"devDependencies":{"a":"~1.0.0"},"peerDependencies":{"a":">=1"},"optionalDependencies":{"a":"1.x"}}"#,
        &[("a", Normal, "^1.0.0"), ("a", Dev, "~1.0.0"), ("a", Peer, ">=1"), ("a", Optional, "1.x")],
    ),
    // Who brings the peer has to bring one in the range, whether it must be brought or not: it stays a peer.
    (
        ManifestType::PackageJson,
        r#"{"peerDependencies":{"a":"^1.0.0"},"peerDependenciesMeta":{"a":{"optional":true}},"bundleDependencies":["a"]}"#,
        &[("a", Peer, "^1.0.0")],
    ),
    (
        ManifestType::PackageJson,
        r#"{"dependencies":{"@x/a":"workspace:^1.2.0","b":"workspace:*","c":"workspace:^","d":"file:../d","e":"npm:a@^1.0.0","f":"latest","g":"*"}}"#,
        &[("@x/a", Normal, "^1.2.0"), ("a", Normal, "^1.0.0")],
    ),
    (
        ManifestType::PackageJson,
        r#"{"overrides":{"a":"1.0.0"},"resolutions":{"a":"1.0.0"},"engines":{"a":">=1"}}"#,
        &[],
    ),
    (
        ManifestType::PackageLock,
        r#"{"lockfileVersion":3,"packages":{"p/b":{"name":"b","version":"1.0.0","dependencies":{"a":"^1.0.0"},"devDependencies":{"c":"~1.0.0"},"peerDependencies":{"d":">=1"},"optionalDependencies":{"e":"1.x"}}}}"#,
        &[("a", Normal, "^1.0.0"), ("c", Dev, "~1.0.0"), ("d", Peer, ">=1"), ("e", Optional, "1.x")],
    ),
];

const PYTHON: [Row<'static>; 6] = [
    (
        ManifestType::Pyproject,
        "[project]\ndependencies = ['A_b>=1,<2', 'c[x]~=1.0; python_version>\"3\"', 'd', 'e @ file:///e']\n\
         [project.optional-dependencies]\nx = ['a-b==1.0']\n[dependency-groups]\ntest = ['a.b!=1.1', { include-group = 'docs' }]\ndocs = []\n\
         [build-system]\nrequires = ['a-b>=1']\n",
        &[
            ("a-b", Normal, ">=1,<2"),
            ("c", Normal, "~=1.0"),
            ("a-b", Optional, "==1.0"),
            ("a-b", Dev, "!=1.1"),
            ("a-b", Build, ">=1"),
        ],
    ),
    (
        ManifestType::Pyproject,
        "[tool.uv]\ndev-dependencies = ['a>=1']\n[tool.uv.sources]\na = { workspace = true }\n[tool.pdm.dev-dependencies]\nt = ['b>=1']\n",
        &[("a", Dev, ">=1"), ("b", Dev, ">=1")],
    ),
    (
        ManifestType::Pyproject,
        "[tool.poetry.dependencies]\npython = '^3.9'\na = '^1.0'\nb = { path = '../b', version = '~1.0' }\nc = { version = '^1', optional = true }\n\
         d = { path = '../d', develop = true }\n[tool.poetry.dev-dependencies]\ne = '1.0'\n[tool.poetry.group.docs]\noptional = true\n\
         [tool.poetry.group.docs.dependencies]\nf = '>=1,<2'\n[tool.poetry.group.ci.dependencies]\ng = { version = '1.*', optional = true }\n[tool.poetry.extras]\nx = ['c']\n",
        &[
            ("a", Normal, "^1.0"),
            ("b", Normal, "~1.0"),
            ("c", Optional, "^1"),
            ("e", Dev, "1.0"),
            ("f", Dev, ">=1,<2"),
            ("g", Optional, "1.*"),
        ],
    ),
    // Both tables, as Poetry 2 reads them: the one says what is required, the other where it lies.
    (
        ManifestType::Pyproject,
        "[project]\ndependencies = ['a (>=1,<2)']\n[tool.poetry.dependencies]\na = { path = '../a', develop = true }\n",
        &[("a", Normal, ">=1,<2")],
    ),
    (ManifestType::Pyproject, "[tool.hatch.envs.x]\ndependencies = ['a>=1']\n[project.scripts]\na = 'a:1'\n", &[]),
    (
        ManifestType::UvLock,
        "version = 1\n[[package]]\nname = 'b'\nversion = '1.0'\nsource = { editable = 'p/b' }\n[package.metadata]\n\
         requires-dist = [{ name = 'a', specifier = '>=1' }, { name = 'a', marker = \"extra == 'x'\", specifier = '==1.0' }]\n\
         [package.metadata.requires-dev]\ntest = [{ name = 'a', specifier = '!=1.1' }]\n",
        &[("a", Normal, ">=1"), ("a", Optional, "==1.0"), ("a", Dev, "!=1.1")],
    ),
];

const CHART: [Row<'static>; 1] = [(
    ManifestType::Chart,
    "name: x\nversion: 1.0.0\ndependencies:\n- {name: a, version: ~1.0.0, repository: 'file://../a'}\n\
     - {name: b, version: '>=1 <2', repository: 'https://example.com', condition: b.enabled, alias: a}\n- {name: c, version: '*'}\n- {name: d}\n",
    &[("a", Normal, "~1.0.0")],
)];

const PUB: [Row<'static>; 1] = [(
    ManifestType::Pubspec,
    "name: x\ndependencies:\n  a: ^1.0.0\n  b: {path: ../b, version: '>=1.0.0 <2.0.0'}\n  c: any\n  d: {path: ../d}\n  e: {sdk: flutter}\n\
     \x20 f: {git: 'https://example.com/f', version: 1.0.0}\n  g: {hosted: {name: a, url: 'https://example.com'}, version: 1.0.0}\n\
     dev_dependencies: {a: 1.0.0}\ndependency_overrides: {b: 1.5.0}\n",
    &[
        ("a", Normal, "^1.0.0"),
        ("b", Normal, ">=1.0.0 <2.0.0"),
        ("a", Normal, "1.0.0"),
        ("a", Dev, "1.0.0"),
        ("b", Dev, "1.5.0"),
    ],
)];

#[test]
fn every_kind_of_edge_is_told_apart() {
    for (kind, text, expected) in CARGO.iter().chain(&NPM).chain(&PYTHON).chain(&PUB).chain(&CHART) {
        let found = find(&Locator::Known(*kind), text).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"));
        let entries = found.locked.iter().flat_map(|entry| &entry.requirements);
        let places =
            found.requirements.iter().chain(entries).filter(|place| place.notation != RequirementSyntax::Exact);
        let mut read: Vec<(String, DependencyKind, &str)> =
            places.map(|place| (place.on.name.clone(), place.kind, place.scalar.text.as_str())).collect();
        read.extend(found.inherits.iter().map(|taken| (format!("*{}", taken.key), taken.kind, "")));
        let expected: Vec<_> = expected.iter().map(|(name, kind, text)| ((*name).to_owned(), *kind, *text)).collect();
        assert_eq!(read, expected, "{text}");
    }
}
