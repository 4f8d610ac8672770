//! relman.toml as users write it, and what they are told where it is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::{Just, Strategy, proptest};
use relman::config::{Config, DependentPolicy, EntryKind, GroupKind, HistoryMode, ManifestPath};
use relman::model::{EdgeKind, Level, ManifestType, PackageId, RepoPath, StagePolicy, VersionScheme};

const CONTRACT: &str = include_str!("../fixtures/config/contract.toml");

fn parse(text: &str) -> Result<Config, Vec<String>> {
    let path = RepoPath::new("relman.toml").unwrap();
    Config::parse(&path, &Arc::from(text)).map_err(|wrong| {
        let line = |d: relman::model::Diagnostic| {
            let place = d.place.unwrap();
            assert!(place.span.of(place.text.as_deref().unwrap()).is_some(), "{:?} is no part of the text", place.span);
            let at = place.position();
            format!("{}:{}: {} | {}", at.line, at.column, d.message, d.help.unwrap_or_default())
        };
        wrong.into_iter().map(line).collect()
    })
}

#[test]
fn the_whole_example_of_the_contract_is_read() {
    let config = parse(CONTRACT).unwrap();
    let workspace = &config.workspace;
    assert_eq!(workspace.members.iter().map(|m| m.value.as_str()).collect::<Vec<_>>(), ["packages/*", "libs/*"]);
    assert_eq!(workspace.branches[0].as_str(), "main");
    assert_eq!(workspace.tags_per_push, 3);
    assert_eq!(workspace.stages, StagePolicy::new(&["next".to_owned()], 0));
    assert_eq!(workspace.commit_message.to_string(), "chore(release): {releases}");

    let [scheduler, platform] = config.packages.as_slice() else { panic!("{:?}", config.packages) };
    assert_eq!(scheduler.path, Some(RepoPath::new("packages/scheduler").unwrap()));
    assert_eq!(scheduler.tag.as_ref().unwrap().value, "scheduler-v{version}");
    assert_eq!((scheduler.scheme, scheduler.tag_scheme), (Some(VersionScheme::Pep440), Some(VersionScheme::Semver)));
    assert_eq!(scheduler.names[0].value.to_string(), "python:polars-runtime");
    assert_eq!(scheduler.manifests, None);
    assert_eq!(config.package(&PackageId("platform".to_owned())), Some(platform));
    let patterns = platform.paths.as_ref().unwrap();
    assert!(patterns[3].negated && patterns[3].glob.as_str() == "**/*.md" && !patterns[0].negated);
    let manifests = platform.manifests.as_ref().unwrap();
    let types: Vec<&str> = manifests.iter().map(|m| m.kind.manifest_type().name()).collect();
    assert_eq!(types, ["pyproject", "uv-lock", "package-json", "chart", "json", "json", "text"]);
    assert_eq!(manifests[0].scheme, Some(VersionScheme::Semver));
    assert!(matches!(manifests[6].path, ManifestPath::Glob(_)) && matches!(manifests[6].kind, EntryKind::Search(_)));

    assert_eq!(config.groups.iter().map(|g| g.kind).collect::<Vec<_>>(), [GroupKind::Fixed, GroupKind::Linked]);
    assert_eq!(config.dependents.policy_of(EdgeKind::Dev), DependentPolicy::Never);
    assert_eq!(config.dependents.policy_of(EdgeKind::Build), DependentPolicy::OutOfRange);
    assert_eq!(config.commits.history, HistoryMode::Full);
    assert_eq!(
        (config.commits.levels.level("FEAT"), config.commits.levels.level("revert")),
        (Some(Level::Minor), None)
    );
    assert_eq!(config.fragments.levels.level("removed"), Some(Level::Major));
}

#[test]
fn an_empty_file_has_every_default() {
    let config = parse("").unwrap();
    assert_eq!(config.workspace, relman::config::WorkspaceConfig::default());
    assert_eq!(config.workspace.tag, "{name}-v{version}");
    assert_eq!(config.workspace.commit_message.to_string(), "chore(release): {releases}");
    assert_eq!(config.workspace.tag_message.to_string(), "Release {tag}");
    assert!(config.workspace.locks && config.workspace.branches.is_empty() && config.workspace.tags_per_push == 3);
    assert_eq!(config.workspace.stages, StagePolicy::default());
    assert_eq!(config.dependents.policy_of(EdgeKind::Peer), DependentPolicy::OutOfRange);
    assert_eq!(config.dependents.level, Some(Level::Patch));
    let levels = &config.commits.levels;
    assert_eq!(levels.names().collect::<Vec<_>>(), ["feat", "fix", "perf", "revert"]);
    assert_eq!((levels.level("perf"), levels.level("docs")), (Some(Level::Patch), None));
}

#[test]
fn a_level_of_ones_own_is_laid_over_the_defaults() {
    let config = parse("[commits]\nlevels = { docs = 'patch', FIX = 'none' }\n[dependents]\nlevel = 'none'").unwrap();
    let levels = &config.commits.levels;
    let found: BTreeMap<&str, Option<Level>> = levels.names().map(|name| (name, levels.level(name))).collect();
    let expected =
        [("docs", Some(Level::Patch)), ("feat", Some(Level::Minor)), ("fix", None), ("perf", Some(Level::Patch))];
    assert_eq!(found.into_iter().filter(|(name, _)| *name != "revert").collect::<Vec<_>>(), expected);
    assert_eq!(config.dependents.level, None);
}

#[test]
fn all_ways_to_write_a_table_are_one() {
    let forms = [
        "[packages.a]\npath = 'a'\nmanifests = ['a/VERSION', { path = 'a/x.json', pointer = '/v' }]",
        "packages = { a = { path = 'a', manifests = ['a/VERSION', { path = 'a/x.json', pointer = '/v' }] } }",
        "packages.a.path = 'a'\npackages.a.manifests = ['a/VERSION', { path = 'a/x.json', pointer = '/v' }]",
        "[packages.a]\npath = './a/'\n[[packages.a.manifests]]\npath = 'a/VERSION'\n[[packages.a.manifests]]\npath = 'a/x.json'\npointer = '/v'",
        "\u{feff}[packages.a]\r\npath = 'a'\r\nmanifests = ['a/VERSION', { path = 'a/x.json', type = 'json', pointer = '/v' }]",
    ];
    for form in forms {
        let config = parse(form).unwrap();
        assert_eq!(config.packages[0].path.as_ref().unwrap().as_str(), "a", "{form}");
        let manifests = config.packages[0].manifests.as_ref().unwrap();
        let types: Vec<ManifestType> = manifests.iter().map(|m| m.kind.manifest_type()).collect();
        assert_eq!(types, [ManifestType::Plain, ManifestType::Json], "{form}");
    }
}

#[test]
fn packages_stand_in_the_order_of_the_file() {
    let config = parse("[packages.z]\npath = 'z'\n[groups.g]\nfixed = ['z']\n[packages.'@s/a']\npath = 'a'").unwrap();
    assert_eq!(config.packages.iter().map(|p| p.id.0.as_str()).collect::<Vec<_>>(), ["z", "@s/a"]);
}

#[test]
fn the_types_of_manifests_are_told_by_their_names() {
    let cases = [
        ("'a/Cargo.toml'", "cargo"),
        ("'Cargo.lock'", "cargo-lock"),
        ("'pyproject.toml'", "pyproject"),
        ("'npm-shrinkwrap.json'", "package-lock"),
        ("'packages/*/package.json'", "package-json"),
        ("'VERSION'", "plain"),
        ("{ path = 'x/Chart.yaml', fields = ['version'] }", "chart"),
        ("{ path = 'package.json', pointer = '/a~1b/0' }", "json"),
        ("{ path = 'Chart.yaml', pointer = '/version', scheme = 'pep440' }", "yaml"),
        ("{ path = '*.{yaml,yml}', pointer = '/v', type = 'yaml' }", "yaml"),
        ("{ path = 'Cargo.toml', search = 'v{version}' }", "text"),
        ("{ path = 'x', type = 'text', search = 'v{version}' }", "text"),
        ("{ path = 'version.txt', type = 'plain', scheme = 'pep440' }", "plain"),
    ];
    for (entry, expected) in cases {
        let config = parse(&format!("[packages.a]\nmanifests = [{entry}]")).unwrap();
        assert_eq!(config.packages[0].manifests.as_ref().unwrap()[0].kind.manifest_type().name(), expected, "{entry}");
    }
}

/// A text, and the one diagnostic that it gets.
const WRONG: &[(&str, &str)] =
    &[("[workspace", "1:11: the file is no valid TOML: unclosed table, expected `]` | nothing else was checked")];

#[test]
fn each_diagnostic_has_its_place_and_its_help() {
    for (text, expected) in WRONG {
        assert_eq!(parse(text).err().unwrap_or_default(), [*expected], "{text}");
    }
}
