//! The tables of relman.toml about gates, forges and releases.

use std::sync::Arc;
use std::time::Duration;

use relman::config::{
    BackMerge, ChangeSource, CiRule, CommandLine, Config, ForgeConfig, FragmentsRule, GatesConfig, HotfixBy,
    HotfixConfig, HotfixFrom, HotfixRelease, MergeRule, PackageRelease, PackageVerify, PushOrder, PythonFile,
    ReleaseConfig, ReleaseNotes, ReleaseVia, RunScope, Strength, UrlContent, VerifyConfig, VersionGlobs,
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
fn commands_that_publish_are_read() {
    let release = parse(CONTRACT).release.unwrap();
    let [image, crates] = release.runs.as_slice() else { panic!("{:?}", release.runs) };
    assert_eq!((image.name.as_str(), image.command.run.len(), image.rehearse.len()), ("image", 1, 2));
    assert_eq!(image.makes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["image:ghcr.io/o/x"]);
    assert_eq!((image.share[0].as_str(), image.command.needs.concat()), ("packages/api/.venv", "docker".to_owned()));
    assert_eq!(image.command.timeout, Duration::from_secs(3_600));
    assert_eq!(image.command.env, ["DOCKER_HOST"]);
    assert!(matches!(&image.scope, RunScope::Once(Some(package)) if package.value.as_str() == "platform"));
    assert_eq!((crates.name.as_str(), crates.command.timeout), ("crates", Duration::from_secs(1_800)));
    assert_eq!(crates.makes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["crate:{name}", "run:smoke"]);
    assert!(matches!(&crates.scope, RunScope::Each(globs) if globs.value.len() == 2));
    assert_eq!((crates.rehearse.len(), crates.share.len()), (0, 0));
}

#[test]
fn what_is_looked_at_afterwards_is_read() {
    let config = parse(CONTRACT);
    let verify = config.verify.as_ref().unwrap();
    let urls = &verify.registries;
    assert_eq!(verify.wait, Duration::from_secs(1_200));
    assert_eq!(urls.crates.as_ref().unwrap().as_str(), "http://127.0.0.1:5000/index");
    assert_eq!((urls.oci[0].0.as_str(), urls.oci[0].1.as_str()), ("ghcr.io", "http://127.0.0.1:5055"));
    assert_eq!(urls.pypi.as_ref().unwrap().as_str(), "https://mirror.example.com/simple");
    assert_eq!(urls.npm.as_ref().unwrap().as_str(), "http://127.0.0.1:4873");
    let known = &verify.accept[0];
    assert_eq!((known.artifact.to_string().as_str(), known.why.as_str()), ("image:ghcr.io/o/x:0.3.0-alpha.3", "#2822"));
    assert!(known.version.is_prerelease());
    assert_eq!(verify.announce.as_ref().unwrap().needs, ["python3"]);
    assert_eq!(parse("[verify]").verify, Some(VerifyConfig::default()));

    let platform = config.verify_of(&PackageId::new("platform"));
    let wanted = &platform.artifacts;
    let tags: Vec<Vec<String>> =
        wanted.images.iter().map(|image| image.tags.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(tags, [vec!["{version}"], vec!["{version}", "{major}.{minor}", "latest"]]);
    let flags: Vec<_> = wanted.images.iter().map(|image| (image.signed, image.revision, image.optional)).collect();
    assert_eq!(flags, [(false, false, false), (true, true, true)]);
    assert_eq!(
        (wanted.charts.len(), wanted.npm[1].optional, wanted.crates[0].name.as_str()),
        (2, true, "trueppm-core")
    );
    assert_eq!((wanted.pypi[0].files.len(), wanted.pypi[1].attested), (0, true));
    assert_eq!(wanted.pypi[1].files, [PythonFile::Sdist, PythonFile::Wheel]);
    assert!(matches!(&wanted.urls[0].content, Some(UrlContent::Pointer(pointer)) if pointer.to_string() == "/version"));
    assert!(matches!(&wanted.urls[1].content, Some(UrlContent::Contains(_))) && wanted.urls[1].optional);
    assert_eq!(wanted.urls[2].content, None);
    assert_eq!(platform.runs[0].of.as_ref().unwrap().to_string(), "image:ghcr.io/o/x");
    assert_eq!(platform.runs[0].command.env, ["COSIGN_PASSWORD"]);
    assert_eq!((platform.release, platform.tag, platform.pipeline, platform.milestone), (false, false, false, false));
    let scheduler = config.verify_of(&PackageId::new("scheduler"));
    assert_eq!(scheduler, PackageVerify::default());
    assert!(scheduler.release && scheduler.tag && scheduler.pipeline && scheduler.milestone);
}

#[test]
fn hotfixes_are_read() {
    let hotfix = parse(CONTRACT).hotfix.unwrap();
    assert_eq!((hotfix.branch.to_string().as_str(), hotfix.from), ("fix/{slug}", HotfixFrom::Production));
    assert_eq!(hotfix.back.unwrap(), ["main", "dev"]);
    assert_eq!((hotfix.by, hotfix.release), (Some(HotfixBy::Merge), HotfixRelease::Back));
    let default = parse("[hotfix]").hotfix.unwrap();
    assert_eq!(default, HotfixConfig::default());
    assert_eq!(default.branch.to_string(), "hotfix/{tag}-{slug}");
    assert_eq!((default.from, default.back, default.by), (HotfixFrom::Tag, None, None));
    assert_eq!(parse("").hotfix, None);
    // One branch of several needs no name.
    let seed = parse("[hotfix]\nbranch = 'fix/{slug}'\nback = ['main']\nrelease = 'back'").hotfix.unwrap();
    assert_eq!(seed.release, HotfixRelease::Back);
}

#[test]
fn generators_are_read() {
    let config = parse(CONTRACT);
    let [generator] = config.generate.as_slice() else { panic!("{:?}", config.generate) };
    assert_eq!((generator.name.as_str(), generator.outputs[0].as_str()), ("requirements", "requirements*.txt"));
    assert_eq!(generator.package.as_ref().unwrap().value.as_str(), "platform");
    let variables: Vec<(&str, String)> = generator.variables.iter().map(|(n, t)| (n.as_str(), t.to_string())).collect();
    assert_eq!(variables, [("APP_VERSION", "{version}".to_owned()), ("EMPTY", String::new())]);
    assert_eq!((generator.share[0].as_str(), generator.ok.as_slice()), ("packages/api/.venv", [0, 2].as_slice()));
    assert_eq!((generator.command.needs.concat(), generator.command.env.len()), ("python".to_owned(), 0));
    let short = parse("[[generate]]\nname = 'a'\nrun = 'x'\noutputs = ['a']").generate;
    assert_eq!((short[0].ok.as_slice(), &short[0].package, short[0].variables.len()), ([0].as_slice(), &None, 0));
    assert_eq!(parse("").generate, []);
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
         milestone = '{major}.{minor}'\nintegration = 'dev'\nproduction = 'main'\ntitle = 'Release v{version}'\n\
         [[release.run]]\nname = 'image'\nrun = ['docker', 'push', 'ghcr.io/drorm/vmpilot:{tag}']\nmakes = ['image:ghcr.io/drorm/vmpilot']\n\
         [hotfix]\nbranch = 'fix/{slug}'\nfrom = 'production'\nback = ['main', 'dev']",
    );
    parse(
        "[packages.mcp]\npath = 'mcp'\n[packages.mcp.release]\nforge = false\n[gates.commands.image-scan]\n\
         needs = ['docker', 'trivy']\ntimeout = '40m'\nhelp = 'patch it'\nrun = [['docker', 'save', '-o', '{scratch}/api.tar'], ['trivy']]\n\
         [gates.questions.docs-version]\nask = 'Is the docs version frozen (astro.config.mjs)?'\nversions = ['*.*.0']\n\
         [release]\nmilestone = '{major}.{minor}'\npush = 'branch-first'\nwait = '60m'",
    );
}
