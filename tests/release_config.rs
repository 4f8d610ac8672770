//! The tables of relman.toml about gates, forges and releases.

use std::sync::Arc;
use std::time::Duration;

use relman::config::{
    BackMerge, ChangeSource, CiRule, CommandLine, Config, ForgeConfig, FragmentsRule, GatesConfig, MergeRule,
    PackageRelease, PushOrder, ReleaseConfig, ReleaseNotes, ReleaseVia, Strength, VersionGlobs,
};
use relman::model::{ForgeKind, PackageId, RepoPath, VersionScheme};

const CONTRACT: &str = include_str!("../fixtures/config/contract.toml");

fn parse(text: &str) -> Config {
    let path = RepoPath::new("relman.toml").unwrap();
    Config::parse(&path, &Arc::from(text)).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

fn words(line: &CommandLine) -> Vec<String> {
    line.texts().iter().map(ToString::to_string).collect()
}

#[test]
fn a_forge_is_read() {
    let forge = parse(CONTRACT).forge.unwrap();
    assert_eq!((forge.kind, forge.repository.as_deref()), (Some(ForgeKind::Gitlab), Some("group/sub/project")));
    assert_eq!(forge.url.unwrap().as_str(), "https://git.example.com");
    assert_eq!(forge.api.unwrap().as_str(), "https://git.example.com/api/v4");
    assert_eq!(forge.remote, "upstream");
    let variables: Vec<_> = forge.ci_variables.iter().map(|v| (v.name.as_str(), v.masked, v.protected)).collect();
    assert_eq!(variables, [("GHCR_USER", None, None), ("GHCR_TOKEN", Some(true), Some(true))]);
}

#[test]
fn gates_are_read_in_the_order_of_the_file() {
    let gates = parse(CONTRACT).gates.unwrap();
    assert_eq!((gates.up_to_date, gates.remote_tag, gates.section), (false, true, true));
    assert_eq!((gates.ci, gates.ci_wait), (CiRule::Green, Duration::from_secs(5_400)));
    assert_eq!(gates.ci_ignore.iter().map(|glob| glob.as_str()).collect::<Vec<_>>(), ["pages", "sonar:*"]);
    assert_eq!(
        (gates.issues, gates.requests, gates.fragments),
        (Strength::Refuse, Strength::Ask, FragmentsRule::Refuse)
    );
    let [(smoke, make), (lint, tee), (scan, trivy)] = gates.commands.as_slice() else { panic!("{:?}", gates.commands) };
    assert_eq!((smoke.as_str(), lint.as_str(), scan.as_str()), ("smoke", "lint", "scan"));
    assert_eq!(make.run.iter().map(words).collect::<Vec<_>>(), [["make", "release-smoke"]]);
    assert_eq!((make.timeout, &make.versions), (Duration::from_secs(1_800), &VersionGlobs::default()));
    assert!(
        matches!(tee.run.as_slice(), [CommandLine::Shell(text)] if text.to_string() == "make lint | tee {scratch}/lint")
    );
    assert_eq!(trivy.run.iter().map(words).collect::<Vec<_>>().concat().len(), 8);
    assert_eq!(
        (trivy.needs.len(), trivy.timeout, trivy.env.concat()),
        (2, Duration::from_secs(2_400), "DOCKER_HOST".to_owned())
    );
    assert_eq!(trivy.help.as_deref(), Some("patch packages/api/Dockerfile"));
    assert_eq!(trivy.cwd.as_ref().unwrap().as_str(), "packages");
    assert!(!trivy.versions.is_match(&VersionScheme::Pep440.parse("1.0rc1").unwrap()));
    let (name, question) = &gates.questions[0];
    assert_eq!((name.as_str(), question.ask.to_string().as_str()), ("migrations", "Are the migrations squashed?"));
    assert!(question.versions.is_match(&VersionScheme::Semver.parse("1.2.0").unwrap()));
}

#[test]
fn a_release_is_read_and_a_package_may_have_one_of_its_own() {
    let config = parse(CONTRACT);
    let release = config.release.as_ref().unwrap();
    assert_eq!(release.milestone.as_ref().unwrap().to_string(), "{major}.{minor}");
    assert_eq!((release.integration.as_deref(), release.production.as_deref()), (Some("dev"), Some("main")));
    assert_eq!((release.merge, release.back, release.via), (MergeRule::FfOnly, BackMerge::Request, ReleaseVia::Push));
    assert_eq!((release.push, release.wait), (PushOrder::BranchFirst, Duration::from_secs(1_800)));
    assert!(!release.close_milestone);
    assert_eq!(release.next_milestone.as_ref().unwrap().to_string(), "{major}.{next-minor}");
    let of = |name: &str| config.release_of(&PackageId::new(name));
    let scheduler = of("scheduler");
    assert_eq!((scheduler.title.to_string().as_str(), scheduler.notes), ("{name} {version}", ReleaseNotes::Section));
    assert_eq!((scheduler.assets.len(), scheduler.floating.len(), scheduler.forge), (1, 1, true));
    let platform = of("platform");
    assert_eq!(platform.title.to_string(), "Platform {version} with {scheduler.tag}");
    assert_eq!((platform.assets.len(), platform.floating.len(), platform.forge), (0, 0, false));
    assert_eq!(platform.notes, ReleaseNotes::None);
}

#[test]
fn tables_that_are_absent_and_tables_that_are_empty() {
    let absent = parse("[packages.a]\npath = 'a'");
    assert_eq!((absent.forge, absent.gates, absent.release.clone()), (None, None, None));
    assert_eq!(parse("").release_of(&PackageId::new("a")), PackageRelease::default());
    let empty = parse("[forge]\n[gates]\n[release]");
    assert_eq!(empty.forge, Some(ForgeConfig::default()));
    assert_eq!(empty.gates, Some(GatesConfig::default()));
    assert_eq!(empty.release, Some(ReleaseConfig::default()));
    assert_eq!(empty.release.unwrap().back, BackMerge::None);
    assert_eq!(parse("[release]\nintegration = 'dev'").release.unwrap().back, BackMerge::Ff);
}

#[test]
fn a_milestone_may_fill_sections() {
    let changelog = parse("[changelog]\nsources = ['milestone', 'fragments']").changelog.unwrap();
    assert_eq!(changelog.sources, [ChangeSource::Fragments, ChangeSource::Milestone]);
    assert_eq!(changelog.milestone.entry.to_string(), "- #{number}: {title} (@{author})");
    let own = parse(CONTRACT).changelog.unwrap().milestone;
    assert_eq!(own.labels[0], ("bug".to_owned(), "fixed".to_owned()));
    assert_eq!((own.otherwise.as_str(), own.skip.concat().as_str()), ("changed", "dependabot"));
}

/// What both seeds write.
#[test]
fn the_tables_of_both_seeds_are_read() {
    parse(
        "[gates]\nissues = 'ask'\n[gates.commands]\ntests = ['python3', '-m', 'pytest', 'tests/unit']\n[release]\n\
         milestone = '{major}.{minor}'\nintegration = 'dev'\nproduction = 'main'\ntitle = 'Release v{version}'",
    );
    parse(
        "[packages.mcp]\npath = 'mcp'\n[packages.mcp.release]\nforge = false\n[gates.commands.image-scan]\n\
         needs = ['docker', 'trivy']\ntimeout = '40m'\nhelp = 'patch it'\nrun = [['docker', 'save', '-o', '{scratch}/api.tar'], ['trivy']]\n\
         [gates.questions.docs-version]\nask = 'Is the docs version frozen (astro.config.mjs)?'\nversions = ['*.*.0']\n\
         [release]\nmilestone = '{major}.{minor}'\npush = 'branch-first'\nwait = '60m'",
    );
}
