//! relman.toml as users write it, and what they are told where it is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::{Strategy, proptest};
use relman::config::{
    ChangeSource, Config, DependentPolicy, EntryKind, GroupKind, HistoryMode, ManifestPath, SummaryRule, membership,
};
use relman::model::{DependencyKind, Level, ManifestType, PackageId, Position, RepoPath, StagePolicy, VersionScheme};

const CONTRACT: &str = include_str!("../fixtures/config/contract.toml");

fn parse(text: &str) -> Result<Config, Vec<String>> {
    let path = RepoPath::new("relman.toml").unwrap();
    Config::parse(&path, &Arc::from(text)).map_err(|wrong| {
        let line = |d: relman::model::Diagnostic| {
            let place = d.place.unwrap();
            assert!(place.span.of(place.text.as_deref().unwrap()).is_some(), "{:?} is no part of the text", place.span);
            let at = place.position();
            format!("{}:{}: {}\n    {}\n", at.line, at.column, d.message, d.help.unwrap_or_default())
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
    assert_eq!(scheduler.path.as_ref().unwrap().value.as_str(), "packages/scheduler");
    assert_eq!(scheduler.tag.as_ref().unwrap().value, "scheduler-v{version}");
    assert_eq!((scheduler.scheme, scheduler.tag_scheme), (Some(VersionScheme::Pep440), Some(VersionScheme::Semver)));
    assert_eq!(scheduler.names[0].value.to_string(), "python:polars-runtime");
    assert_eq!(scheduler.manifests, None);
    assert_eq!(config.package(&PackageId::new("platform".to_owned())), Some(platform));
    let patterns = &platform.paths.as_ref().unwrap().value;
    assert!(patterns[3].negated && patterns[3].glob.as_str() == "**/*.md" && !patterns[0].negated);
    let manifests = platform.manifests.as_ref().unwrap();
    let types: Vec<&str> = manifests.iter().map(|m| m.kind.manifest_type().name()).collect();
    assert_eq!(types, ["pyproject", "uv-lock", "package-json", "chart", "json", "json", "text"]);
    assert_eq!(manifests[0].scheme, Some(VersionScheme::Semver));
    assert!(matches!(manifests[6].path, ManifestPath::Glob(_)) && matches!(manifests[6].kind, EntryKind::Search(_)));

    assert_eq!(config.groups.iter().map(|g| g.kind).collect::<Vec<_>>(), [GroupKind::Fixed, GroupKind::Linked]);
    assert_eq!(config.dependents.policy_of(DependencyKind::Dev), DependentPolicy::Never);
    assert_eq!(config.dependents.policy_of(DependencyKind::Build), DependentPolicy::OutOfRange);
    assert_eq!(config.commits.history, HistoryMode::Full);
    assert_eq!(
        (config.commits.levels.level("FEAT"), config.commits.levels.level("revert")),
        (Some(Level::Minor), None)
    );
    assert_eq!(config.fragments.levels.level("removed"), Some(Level::Major));

    let changelog = config.changelog.as_ref().unwrap();
    assert_eq!(changelog.types.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>()[4..], ["fixed", "security"]);
    assert_eq!(changelog.sources, [ChangeSource::Fragments, ChangeSource::Commits]);
    assert_eq!(changelog.heading.value.to_string(), "## [{version}] - {date}");
    assert_eq!(changelog.compare_url.as_ref().unwrap().to_string(), "https://example.com/o/r/compare/{from}...{to}");
    let own = config.changelog_of(&scheduler.id).unwrap();
    assert_eq!(own.file(&RepoPath::root()).unwrap().as_str(), "packages/scheduler/CHANGELOG.md");
    assert_eq!(own.placeholder, "_Nothing yet._");
    assert_eq!(config.changelog_of(&platform.id), Some(changelog));
}

#[test]
fn a_package_s_changelog_is_laid_over_the_one_for_all() {
    let text = "[changelog]\nsummary = 'required'\nplaceholder = 'x'\n[packages.a]\npath = 'a'\n\
        [packages.a.changelog]\nplaceholder = ''\nfragments = 'notes'\n[packages.b]\npath = 'b'\nchangelog = 'docs/B.md'\n\
        [packages.c]\npath = 'c'\nchangelog = { fragments = '' }";
    let config = parse(text).unwrap();
    let of = |name: &str| config.changelog_of(&PackageId::new(name)).unwrap();
    let folder = |name: &str| RepoPath::new(name).unwrap();
    let table = [
        ("a", "a/CHANGELOG.md", Some("notes"), ""),
        ("b", "docs/B.md", Some("docs/changelog.d"), "x"),
        ("c", "c/CHANGELOG.md", None, "x"),
        ("d", "d/CHANGELOG.md", Some("d/changelog.d"), "x"),
    ];
    for (name, file, fragments, placeholder) in table {
        assert_eq!(of(name).file(&folder(name)).unwrap().as_str(), file, "{name}");
        assert_eq!(of(name).folder(&folder(name)).unwrap().as_ref().map(RepoPath::as_str), fragments, "{name}");
        assert_eq!((of(name).placeholder.as_str(), of(name).summary), (placeholder, SummaryRule::Required), "{name}");
    }
    assert_eq!(of("a").file(&RepoPath::root()).unwrap().as_str(), "CHANGELOG.md");
    let none = parse("[packages.a]\npath = 'a'\n[packages.b]\npath = 'b'\nchangelog = 'B.md'").unwrap();
    let kept = |name: &str| none.changelog_of(&PackageId::new(name)).is_some();
    assert_eq!((kept("a"), kept("b")), (false, true));
}

#[test]
fn an_empty_file_has_every_default() {
    let config = parse("").unwrap();
    assert_eq!(config.workspace, relman::config::WorkspaceConfig::default());
    assert_eq!(config.workspace.tag(), "{name}-v{version}");
    assert_eq!(config.workspace.commit_message.to_string(), "chore(release): {releases}");
    assert_eq!(config.workspace.tag_message.to_string(), "Release {tag}");
    assert!(config.workspace.locks && config.workspace.branches.is_empty() && config.workspace.tags_per_push == 3);
    assert_eq!(config.workspace.stages, StagePolicy::default());
    assert_eq!(config.dependents.policy_of(DependencyKind::Peer), DependentPolicy::OutOfRange);
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
        assert_eq!(config.packages[0].path.as_ref().unwrap().value.as_str(), "a", "{form}");
        let manifests = config.packages[0].manifests.as_ref().unwrap();
        let types: Vec<ManifestType> = manifests.iter().map(|m| m.kind.manifest_type()).collect();
        assert_eq!(types, [ManifestType::Plain, ManifestType::Json], "{form}");
    }
}

#[test]
fn packages_stand_in_the_order_of_the_file() {
    let config = parse("[packages.z]\npath = 'z'\n[groups.g]\nfixed = ['z']\n[packages.'@s/a']\npath = 'a'").unwrap();
    assert_eq!(config.packages.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["z", "@s/a"]);
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

#[test]
fn each_diagnostic_has_its_place_and_its_help() {
    let cases = include_str!("../fixtures/config/wrong.txt").split("====\n").skip(1);
    let mut wrong = Vec::new();
    for case in cases {
        let (text, expected) = case.split_once("----\n").unwrap();
        let found: String = parse(text).err().unwrap_or_default().concat();
        if found != expected {
            wrong.push(format!("{text}----\n{found}but not\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("====\n"));
}

#[test]
fn every_problem_of_a_file_is_told_in_its_order() {
    let wrong = parse(include_str!("../fixtures/config/many.toml")).unwrap_err();
    let places: Vec<&str> = wrong.iter().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        ["3:11", "4:1", "5:17", "8:1", "9:10", "12:32", "12:43", "16:10", "19:17"],
        "{}",
        wrong.concat()
    );
}

#[test]
fn members_of_a_fixed_group_with_one_tag_have_no_tags_of_their_own() {
    let packages = "[workspace]\ntag = 'v{version}'\n[packages.a]\npath = 'a'\n[packages.b]\npath = 'b'\n";
    assert_eq!(parse(packages).unwrap_err().len(), 1);
    for members in ["'a', 'b'", "'*'", "'a'"] {
        parse(&format!("{packages}[groups.g]\nfixed = [{members}]\ntag = '{{name}}/{{version}}'")).unwrap();
    }
    assert_eq!(parse(&format!("{packages}[groups.g]\nfixed = ['a', 'b']")).unwrap_err().len(), 1);
}

#[test]
fn what_may_be_shared_by_two_packages_is_not_refused() {
    let shared = [
        // A lock file holds an entry of each.
        ("'Cargo.lock'", "'Cargo.lock'"),
        ("{ path = 'Chart.yaml', fields = ['version'] }", "{ path = 'Chart.yaml', pointer = '/appVersion' }"),
        ("{ path = 'x.json', pointer = '/a' }", "{ path = 'x.json', pointer = '/b' }"),
        ("{ path = 'x', search = 'a{version}' }", "{ path = 'x', search = 'b{version}' }"),
    ];
    for (a, b) in shared {
        parse(&format!("[packages.a]\nmanifests = [{a}, {a}]\n[packages.b]\nmanifests = [{b}]")).unwrap();
    }
}

#[test]
fn a_member_of_a_group_may_be_found_later() {
    let config = parse("[workspace]\nmembers = ['*']\n[groups.g]\nfixed = ['x', 'lib-*']").unwrap();
    let id = |name: &str| PackageId::new(name);
    let (x, lib, other) = (id("x"), id("lib-a"), id("other"));
    let (found, wrong) = membership(&config, &[&x, &lib, &other], true);
    assert_eq!([&x, &lib, &other].map(|id| found.get(id).map(|group| group.get())), [Some(0), Some(0), None]);
    assert_eq!(wrong, []);
    let (found, wrong) = membership(&config, &[&lib], true);
    assert_eq!(found.len(), 1);
    assert_eq!(wrong[0].message, "the group `g` names the package `x`, which does not exist");
    assert_eq!(wrong[0].place.as_ref().unwrap().position().column, 10);
}

#[test]
fn two_thousand_packages_are_read() {
    let text: String = (0..2000).map(|n| format!("[packages.p{n}]\npath = 'packages/p{n}'\n")).collect();
    assert_eq!(parse(&text).unwrap().packages.len(), 2000);
}

/// A valid file with a few of its parts taken out, doubled, or replaced by what stands elsewhere in it.
fn mutated() -> impl Strategy<Value = String> {
    let words = [
        "\"", "'", "[", "]", "{", "}", "=", ",", "\n", "0", "-1", "true", "\u{feff}", "..", "/", "\\", "*", "é", "[[",
        "#",
    ];
    let change =
        (0..CONTRACT.len(), 0usize..40, proptest::sample::select(words.to_vec()), 0..CONTRACT.len(), 0usize..30);
    proptest::collection::vec(change, 1..6).prop_map(|changes| {
        let mut text: Vec<char> = CONTRACT.chars().collect();
        for (at, length, word, from, copied) in changes {
            let source: Vec<char> = CONTRACT.chars().skip(from).take(copied).collect();
            let start = at.min(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, word.chars().chain(source));
        }
        text.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(\\PC|\n){0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_mutated_file_makes_the_reader_panic(text in mutated()) {
        let _ = parse(&text);
    }

    #[test]
    fn no_value_makes_the_reader_panic(key in "[a-z-]{1,12}", value in "\\PC{0,40}") {
        let value = toml_edit::Value::from(value);
        for table in ["workspace", "packages.a", "groups.a", "dependents", "commits.levels", "changelog", "changelog.types"] {
            for text in [format!("[{table}]\n{key} = {value}"), format!("[{table}]\n{key} = [{value}]")] {
                let _ = parse(&text);
            }
        }
        for text in ["path", "tag", "paths", "manifests", "names", "tag-prefix", "changelog", "changelog.template"] {
            let _ = parse(&format!("[packages.a]\n{text} = [{value}]")).is_ok();
            let _ = parse(&format!("[packages.a]\n{text} = {value}")).is_ok();
            let _ = parse(&format!("[packages.{}]\npath = 'a'", toml_edit::Key::new(value.as_str().unwrap_or("a")))).is_ok();
        }
    }
}
