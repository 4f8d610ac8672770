//! What a release should have put somewhere, and how it is judged: rules without a network.

use std::collections::BTreeMap;

use relman::model::{
    ChartFacts, CiJob, CiState, CrateRelease, ForgeRelease, ImageFacts, IndexFile, Milestone, NpmFacts, PageFacts,
    TagName,
};
use relman::plan::{
    Allowance, ArtifactState, Expected, Known, ReleaseUnit, VerifyRequest, expected_artifacts, judge, made_artifacts,
    only_named, verify_units,
};
use relman::snapshot::{ArtifactFacts, ArtifactLook, ImageLook, Look, RemoteLook, Snapshot, TagLook};

use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::server::{Act, Server};
use crate::support::texts::Texts;

const PACKAGE: &str = "{\n  \"name\": \"api\",\n  \"version\": \"0.2.0\"\n}\n";
const NOW: i64 = 1_700_000_000;

/// A package with this table `[packages.api.verify]`.
fn workspace(verify: &str) -> Snapshot {
    let config = format!(
        "[packages.api]\npath = \"api\"\ntag-prefix = \"v\"\n\n[verify]\n\
         accept = [{{ artifact = \"image:ghcr.io/acme/api\", version = \"0.1.9\", why = \"#2822\" }}]\n\n\
         [release]\nmilestone = \"{{major}}.{{minor}}\"\nassets = [\"dist/*.whl\"]\n\n[packages.api.verify]\n{verify}\n"
    );
    Texts::with(&[("relman.toml", &config), ("api/package.json", PACKAGE)]).snapshot().unwrap()
}

fn remote(tags: &[&str]) -> RemoteLook {
    let look = || TagLook { object: "2".repeat(40), commit: "1".repeat(40) };
    RemoteLook {
        name: "origin".to_owned(),
        tags: tags.iter().map(|tag| ((*tag).to_owned(), look())).collect(),
        ..RemoteLook::default()
    }
}

fn unit(snapshot: &Snapshot, tag: &str, remote: &RemoteLook) -> ReleaseUnit {
    let request = VerifyRequest { tags: vec![tag.to_owned()], only: Vec::new() };
    verify_units(snapshot, &request, remote).unwrap().remove(0)
}

/// What is looked for of a release, made so many seconds ago, while the remote has these tags.
fn expected(snapshot: &Snapshot, tag: &str, tags: &[&str], age: i64, has_forge: bool) -> Vec<Expected> {
    let remote = remote(tags);
    let times = BTreeMap::from([(tag.to_owned(), NOW - age)]);
    let known = Known { times: &times, remote: Some(&remote), has_forge };
    expected_artifacts(snapshot, &[unit(snapshot, tag, &remote)], known)
}

fn names(expected: &[Expected]) -> Vec<String> {
    expected.iter().map(|expected| expected.artifact.to_string()).collect()
}

/// The states of artifacts that were looked at, in their order, and what is said of them.
fn judged(snapshot: &Snapshot, expected: Vec<Expected>, facts: Vec<ArtifactFacts>) -> Vec<(ArtifactState, String)> {
    assert_eq!(expected.len(), facts.len(), "{:?}", names(&expected));
    let look = |facts| ArtifactLook { asked: None, found: Look::Found(facts) };
    let looked: Vec<_> = expected.into_iter().zip(facts.into_iter().map(look)).collect();
    let reports = judge(snapshot, &looked, Allowance { now: NOW, is_waiting: false });
    reports.into_iter().map(|report| (report.state, report.message.unwrap_or_default())).collect()
}

/// The state of the only artifact that is named.
fn state(verify: &str, age: i64, facts: ArtifactFacts) -> (ArtifactState, String) {
    let snapshot = workspace(&format!("tag = false\n{verify}"));
    judged(&snapshot, expected(&snapshot, "v0.2.0", &["v0.2.0"], age, false), vec![facts]).remove(0)
}

fn image(digest: &str) -> ArtifactFacts {
    let facts = ImageFacts {
        digest: format!("sha256:{}", digest.repeat(64 / digest.len())),
        is_index: false,
        media_type: String::new(),
    };
    ArtifactFacts::Image(Some(ImageLook { facts, is_private: false, is_signed: None, revision: None }))
}

const HOUR: i64 = 3_600;

#[test]
fn what_is_looked_at_follows_from_the_version_and_from_what_is_there() {
    let snapshot = workspace(
        "images = [{ name = \"ghcr.io/acme/api\", tags = [\"{version}\", \"{major}.{minor}\", \"latest\"] }]",
    );
    let of = |tag: &str, tags: &[&str]| names(&expected(&snapshot, tag, tags, 0, false))[1..].join(" ");
    let image = "image:ghcr.io/acme/api";
    assert_eq!(of("v0.2.0", &["v0.2.0"]), format!("{image}:0.2.0 {image}:0.2 {image}:latest"));
    // An older line keeps its own moving tag, and a higher version of the line takes it.
    assert_eq!(of("v0.2.0", &["v0.2.0", "v0.3.0"]), format!("{image}:0.2.0 {image}:0.2"));
    assert_eq!(of("v0.2.0", &["v0.2.0", "v0.2.1"]), format!("{image}:0.2.0"));
    // Prereleases move nothing, and are not in the way.
    assert_eq!(of("v0.3.0-alpha.1", &["v0.2.0", "v0.3.0-alpha.1"]), format!("{image}:0.3.0-alpha.1"));
    assert_eq!(of("v0.2.0", &["v0.2.0", "v0.3.0-alpha.1"]), format!("{image}:0.2.0 {image}:0.2 {image}:latest"));
}

#[test]
fn the_forge_is_looked_at_without_being_named() {
    let all = |verify: &str| {
        let snapshot = workspace(verify);
        names(&expected(&snapshot, "v0.2.0", &["v0.2.0"], 0, true)).join(" ")
    };
    assert_eq!(all(""), "tag:v0.2.0 pipeline:v0.2.0 release:v0.2.0 milestone:0.2");
    assert_eq!(all("release = false\npipeline = false"), "tag:v0.2.0 milestone:0.2");
    assert_eq!(all("tag = false\nmilestone = false"), "pipeline:v0.2.0 release:v0.2.0");
}

#[test]
fn without_tags_the_newest_release_of_each_package_is_meant() {
    let snapshot = workspace("");
    let newest = |tags: &[&str]| {
        let units = verify_units(&snapshot, &VerifyRequest::default(), &remote(tags)).unwrap();
        units.iter().map(|unit| unit.tag.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(newest(&["v0.2.0", "v0.10.0", "v0.9.0", "other-1.0.0"]), ["v0.10.0"]);
    assert_eq!(newest(&["v0.2.0", "v0.3.0-alpha.1"]), ["v0.3.0-alpha.1"]);
    assert!(newest(&[]).is_empty());
    let request = VerifyRequest { tags: vec!["web-v1.0.0".to_owned()], only: Vec::new() };
    let problems = verify_units(&snapshot, &request, &remote(&[])).unwrap_err();
    assert_eq!(problems[0].code, relman::model::ProblemCode::UnknownName);
}

#[test]
fn what_is_not_found_may_come_within_the_hour() {
    let verify = "crates = [\"acme\"]";
    let releases = |versions: &[(&str, bool)]| {
        let release = |(version, is_yanked): &(&str, bool)| CrateRelease {
            version: (*version).to_owned(),
            is_yanked: *is_yanked,
        };
        ArtifactFacts::Crate(Some(versions.iter().map(release).collect()))
    };
    assert_eq!(state(verify, 10, ArtifactFacts::Crate(None)).0, ArtifactState::Pending);
    assert_eq!(state(verify, 10, releases(&[("0.1.0", false)])).0, ArtifactState::Pending);
    assert_eq!(state(verify, 2 * HOUR, ArtifactFacts::Crate(None)).0, ArtifactState::Wrong);
    // A clock that is a little behind is no reason, one that is far ahead is not believed.
    assert_eq!(state(verify, -60, ArtifactFacts::Crate(None)).0, ArtifactState::Pending);
    assert_eq!(state(verify, -2 * HOUR, ArtifactFacts::Crate(None)).0, ArtifactState::Wrong);
    assert_eq!(state(verify, 10, releases(&[("0.1.0", false), ("0.2.0", false)])).0, ArtifactState::Ok);
    assert_eq!(state(verify, 10, releases(&[("0.2.0", true)])), (ArtifactState::Wrong, "it is yanked".to_owned()));
    let optional = "crates = [{ name = \"acme\", optional = true }]";
    assert_eq!(state(optional, 2 * HOUR, ArtifactFacts::Crate(None)).0, ArtifactState::Ok);
}

#[test]
fn moving_tags_lead_to_the_image_of_the_highest_final() {
    let verify = "tag = false\nimages = [{ name = \"ghcr.io/acme/api\", tags = [\"{version}\", \"latest\"] }]";
    let snapshot = workspace(verify);
    let of =
        |facts: Vec<ArtifactFacts>| judged(&snapshot, expected(&snapshot, "v0.2.0", &["v0.2.0"], 10, false), facts);
    assert!(of(vec![image("a"), image("a")]).iter().all(|(state, _)| *state == ArtifactState::Ok));
    let moved = of(vec![image("b"), image("a")]);
    assert_eq!((moved[0].0, moved[1].0), (ArtifactState::Ok, ArtifactState::Wrong));
    assert!(moved[1].1.contains("sha256:aaaaaaaaaaaa") && moved[1].1.contains("api:0.2.0"), "{}", moved[1].1);
    // Of what could not be looked at, nothing is said of what is compared with it.
    let looked = expected(&snapshot, "v0.2.0", &["v0.2.0"], 2 * HOUR, false).into_iter();
    let looks = [ArtifactLook::unknown("500", None), ArtifactLook { asked: None, found: Look::Found(image("a")) }];
    let reports = judge(&snapshot, &looked.zip(looks).collect::<Vec<_>>(), Allowance { now: NOW, is_waiting: false });
    assert!(reports.iter().all(|report| report.state == ArtifactState::Unknown), "{reports:?}");
    let absent = of(vec![ArtifactFacts::Image(None), image("a")]);
    assert_eq!((absent[0].0, absent[1].0), (ArtifactState::Pending, ArtifactState::Pending));
}

#[test]
fn the_same_version_in_two_registries_may_be_two_images_and_is_worth_a_word() {
    let verify = "tag = false\nimages = [\"ghcr.io/acme/api\", { name = \"registry.example.com/acme/api\" }]";
    let snapshot = workspace(verify);
    let of = |facts| judged(&snapshot, expected(&snapshot, "v0.2.0", &["v0.2.0"], 10, false), facts);
    let same = of(vec![image("a"), image("a")]);
    assert!(same.iter().all(|(state, message)| *state == ArtifactState::Ok && message.is_empty()), "{same:?}");
    let other = of(vec![image("a"), image("b")]);
    assert!(
        other.iter().all(|(state, message)| *state == ArtifactState::Ok && message.contains("another image")),
        "{other:?}"
    );
}

#[test]
fn an_image_that_only_a_login_sees_is_worth_a_word() {
    let ArtifactFacts::Image(Some(look)) = image("a") else { panic!("an image") };
    let private = ArtifactFacts::Image(Some(ImageLook { is_private: true, ..look }));
    let (state, message) = state("images = [\"ghcr.io/acme/api\"]", 10, private);
    assert_eq!((state, message.as_str()), (ArtifactState::Ok, "it needs a login: others cannot pull it"));
}

#[test]
fn signatures_and_labels() {
    let look = |is_signed: Option<bool>, revision: Option<Option<&str>>| {
        let ArtifactFacts::Image(Some(look)) = image("a") else { panic!("an image") };
        let revision = revision.map(|revision| revision.map(str::to_owned));
        ArtifactFacts::Image(Some(ImageLook { is_signed, revision, ..look }))
    };
    let signed = "images = [{ name = \"ghcr.io/acme/api\", signed = true }]";
    assert_eq!(state(signed, 10, look(Some(true), None)).0, ArtifactState::Ok);
    assert_eq!(state(signed, 10, look(Some(false), None)).0, ArtifactState::Pending);
    assert_eq!(state(signed, 2 * HOUR, look(Some(false), None)).0, ArtifactState::Wrong);
    let labelled = "images = [{ name = \"ghcr.io/acme/api\", revision = true }]";
    let commit = "1".repeat(40);
    assert_eq!(state(labelled, 10, look(None, Some(Some(&commit)))).0, ArtifactState::Ok);
    assert_eq!(state(labelled, 10, look(None, Some(Some("abc")))).0, ArtifactState::Wrong);
    assert_eq!(state(labelled, 10, look(None, Some(None))).0, ArtifactState::Wrong);
}

#[test]
fn charts_have_the_version_twice() {
    let chart = |version: &str, app: Option<&str>| {
        ArtifactFacts::Chart(Some(ChartFacts {
            digest: "sha256:c".to_owned(),
            name: "acme".to_owned(),
            version: version.to_owned(),
            app_version: app.map(str::to_owned),
        }))
    };
    let verify = "charts = [\"ghcr.io/acme/charts/acme\"]";
    assert_eq!(state(verify, 10, chart("0.2.0", Some("v0.2.0"))).0, ArtifactState::Ok);
    assert_eq!(state(verify, 10, chart("0.2.0", None)).0, ArtifactState::Ok);
    assert_eq!(state(verify, 10, chart("0.2.0", Some("0.1.0"))).0, ArtifactState::Wrong);
    assert_eq!(state(verify, 10, chart("0.2.1", Some("0.2.1"))).0, ArtifactState::Wrong);
    assert_eq!(state(verify, 10, ArtifactFacts::Chart(None)).0, ArtifactState::Pending);
}

#[test]
fn python_projects_have_the_files_that_are_asked_for() {
    let files = |names: &[(&str, bool, bool)]| {
        let file = |(name, yanked, attested): &(&str, bool, bool)| IndexFile::of("acme", name, *yanked, *attested);
        ArtifactFacts::Python(Some(names.iter().map(file).collect()))
    };
    let (sdist, wheel, old) = ("acme-0.2.0.tar.gz", "acme-0.2.0-py3-none-any.whl", "acme-0.1.0.tar.gz");
    let any = "pypi = [\"acme\"]";
    assert_eq!(state(any, 10, files(&[(wheel, false, false)])).0, ArtifactState::Ok);
    assert_eq!(state(any, 10, files(&[(old, false, false)])).0, ArtifactState::Pending);
    let both = "pypi = [{ name = \"acme\", files = [\"sdist\", \"wheel\"], attested = true }]";
    assert_eq!(state(both, 10, files(&[(wheel, false, true), (sdist, false, true)])).0, ArtifactState::Ok);
    assert_eq!(
        state(both, 10, files(&[(wheel, false, true)])),
        (ArtifactState::Pending, "the sdist was not found".to_owned())
    );
    assert_eq!(state(both, 2 * HOUR, files(&[(sdist, false, true)])).0, ArtifactState::Wrong);
    assert_eq!(state(both, 2 * HOUR, files(&[(wheel, false, true), (sdist, false, false)])).0, ArtifactState::Wrong);
    assert_eq!(state(any, 10, files(&[(wheel, true, false)])).0, ArtifactState::Wrong);
}

#[test]
fn npm_does_not_show_a_prerelease_as_latest() {
    let npm = |versions: &[&str], latest: &str| {
        ArtifactFacts::Npm(Some(NpmFacts {
            versions: versions.iter().map(|version| (*version).to_owned()).collect(),
            dist_tags: BTreeMap::from([("latest".to_owned(), latest.to_owned())]),
            deprecated: Vec::new(),
        }))
    };
    let verify = "npm = [\"@acme/web\"]";
    assert_eq!(state(verify, 10, npm(&["0.1.0", "0.2.0"], "0.2.0")).0, ArtifactState::Ok);
    assert_eq!(state(verify, 10, npm(&["0.2.0", "0.3.0-rc.1"], "0.3.0-rc.1")).0, ArtifactState::Wrong);
    assert_eq!(state(verify, 10, npm(&["0.1.0"], "0.1.0")).0, ArtifactState::Pending);
    // Before the first final the registry made the first prerelease `latest`.
    let snapshot = workspace("tag = false\nnpm = [\"@acme/web\"]");
    let of = |versions: &[&str], latest: &str| {
        let expected = expected(&snapshot, "v0.3.0-rc.2", &["v0.3.0-rc.2"], 10, false);
        judged(&snapshot, expected, vec![npm(versions, latest)]).remove(0).0
    };
    assert_eq!(of(&["0.3.0-rc.1", "0.3.0-rc.2"], "0.3.0-rc.1"), ArtifactState::Ok);
    assert_eq!(of(&["0.3.0-rc.2"], "0.3.0-rc.2"), ArtifactState::Ok);
    assert_eq!(of(&["0.3.0-rc.1", "0.3.0-rc.2"], "0.3.0-rc.2"), ArtifactState::Wrong);
    assert_eq!(of(&["0.2.0", "0.3.0-rc.2"], "0.3.0-rc.2"), ArtifactState::Wrong);
}

#[test]
fn pages_say_the_version_in_any_spelling() {
    let page = |status: u16, body: &str| ArtifactFacts::Page(PageFacts { status, body: body.as_bytes().to_vec() });
    let pointer = "urls = [{ url = \"https://demo.example.com/v\", pointer = \"/version\" }]";
    assert_eq!(state(pointer, 10, page(200, "{\"version\": \"v0.2.0\"}")).0, ArtifactState::Ok);
    assert_eq!(state(pointer, 10, page(200, "{\"version\": \"0.1.0\"}")).0, ArtifactState::Pending);
    assert_eq!(state(pointer, 2 * HOUR, page(200, "<html>")).0, ArtifactState::Wrong);
    assert_eq!(state(pointer, 10, page(404, "")).0, ArtifactState::Pending);
    let contains = "urls = [{ url = \"https://demo.example.com/{tag}\", contains = \"{version}\" }]";
    assert_eq!(state(contains, 10, page(200, "now at 0.2.0")).0, ArtifactState::Ok);
    assert_eq!(state(contains, 2 * HOUR, page(200, "now at 0.1.0")).0, ArtifactState::Wrong);
}

#[test]
fn what_is_accepted_is_said_with_its_reason() {
    let snapshot = workspace("tag = false\nimages = [\"ghcr.io/acme/api\"]");
    let of = |tag: &str| {
        let expected = expected(&snapshot, tag, &["v0.1.9", "v0.2.0"], 2 * HOUR, false);
        judged(&snapshot, expected, vec![ArtifactFacts::Image(None)]).remove(0)
    };
    assert_eq!(of("v0.1.9"), (ArtifactState::Accepted, "#2822 (the tag was not found)".to_owned()));
    assert_eq!(of("v0.2.0").0, ArtifactState::Wrong);
}

#[test]
fn the_forge_and_the_remote() {
    let snapshot = workspace("");
    let release = |is_draft: bool, body: &str| ForgeRelease {
        id: "1".to_owned(),
        tag: "v0.2.0".to_owned(),
        name: "api 0.2.0".to_owned(),
        body: body.to_owned(),
        is_draft,
        is_prerelease: false,
        is_immutable: false,
        url: "https://forge/r".to_owned(),
        upload_url: None,
        commit: None,
        released_at: None,
        assets: Vec::new(),
    };
    let job = |state: CiState| CiJob {
        name: "build".to_owned(),
        state,
        url: Some("https://forge/1".to_owned()),
        may_fail: false,
    };
    let milestone = |is_open: bool| Milestone {
        number: 1,
        id: 1,
        title: "0.2".to_owned(),
        is_open,
        url: String::new(),
        of_group: false,
    };
    let of = |tag: Option<TagLook>, jobs: Vec<CiJob>, releases: Vec<ForgeRelease>, open: bool, age: i64| {
        let facts = vec![
            ArtifactFacts::Tag(tag),
            ArtifactFacts::Pipeline(jobs),
            ArtifactFacts::Releases(releases),
            ArtifactFacts::Milestone(Some(milestone(open))),
        ];
        judged(&snapshot, expected(&snapshot, "v0.2.0", &["v0.2.0"], age, true), facts)
    };
    let here = Some(TagLook { object: "2".repeat(40), commit: "1".repeat(40) });
    let elsewhere = Some(TagLook { object: "3".repeat(40), commit: "4".repeat(40) });
    let states = |judged: Vec<(ArtifactState, String)>| judged.into_iter().map(|(state, _)| state).collect::<Vec<_>>();
    let (ok, pending, wrong) = (ArtifactState::Ok, ArtifactState::Pending, ArtifactState::Wrong);
    // Without a file that is like `*.whl` the release is not whole.
    let of_passed = of(here.clone(), vec![job(CiState::Passed)], vec![release(false, "notes")], false, 10);
    assert_eq!(states(of_passed), [ok, ok, pending, ok]);
    let failed = of(elsewhere, vec![job(CiState::Failed)], vec![release(true, "notes")], true, 2 * HOUR);
    assert_eq!(states(failed.clone()), [wrong; 4]);
    assert!(failed[1].1.contains("build failed (https://forge/1)"), "{}", failed[1].1);
    let young = of(None, Vec::new(), Vec::new(), true, 10);
    assert_eq!(states(young), [pending; 4]);
    // A pipeline begins within a minute; the others have an hour.
    let later = of(here.clone(), Vec::new(), Vec::new(), true, 120);
    assert_eq!(states(later), [ok, wrong, pending, pending]);
    let running = of(here, vec![job(CiState::Running)], vec![release(false, "")], false, 2 * HOUR);
    assert_eq!(states(running), [ok, pending, wrong, ok]);
}

#[test]
fn only_what_is_named_is_looked_at() {
    let snapshot =
        workspace("images = [{ name = \"ghcr.io/acme/api\", tags = [\"{version}\", \"latest\"] }]\nnpm = [\"web\"]");
    let all = || expected(&snapshot, "v0.2.0", &["v0.2.0"], 10, false);
    let only = |name: &str| only_named(all(), &[name.to_owned()]).map(|only| names(&only.wanted));
    assert_eq!(only("image:ghcr.io/acme/api").unwrap().len(), 2);
    assert_eq!(only("image:ghcr.io/acme/api:latest").unwrap(), ["image:ghcr.io/acme/api:latest"]);
    assert_eq!(only("npm:web").unwrap(), ["npm:web"]);
    // A tag that moves is compared with the one that does not.
    let latest = only_named(all(), &["image:ghcr.io/acme/api:latest".to_owned()]).unwrap();
    assert_eq!(names(&latest.needed), ["image:ghcr.io/acme/api:0.2.0"]);
    assert!(only("npm:wbe").unwrap_err()[0].help.as_ref().unwrap().contains("npm:web"));
}

#[test]
fn what_a_command_makes_must_be_there_even_where_it_is_optional() {
    let snapshot = workspace("npm = [{ name = \"web\", optional = true }]");
    let remote = remote(&["v0.2.0"]);
    let times = BTreeMap::new();
    let known = Known { times: &times, remote: Some(&remote), has_forge: false };
    let unit = unit(&snapshot, "v0.2.0", &remote);
    let made = |name: &str| made_artifacts(&snapshot, &unit, &[name.to_owned()], known);
    assert!(!made("npm:web").unwrap()[0].is_optional);
    // What no table describes has to have the version.
    assert_eq!(names(&made("crate:acme").unwrap()), ["crate:acme"]);
    assert_eq!(names(&made("image:ghcr.io/acme/x").unwrap()), ["image:ghcr.io/acme/x:0.2.0"]);
    assert!(made("run:cosign").is_err());
    assert_eq!(unit.tag, TagName::new("v0.2.0"));
}

#[test]
fn a_remote_on_no_forge_has_neither_pipeline_nor_release() {
    let server = Server::start(|seen| match seen.path.split('?').next() {
        Some("/o/r.git/info/refs") => Act::text(200, "text/plain", &format!("{}\trefs/tags/v0.2.0\n", "1".repeat(40))),
        _ => Act::text(404, "text/html", "<h1>Not Found</h1>"),
    });
    let config = "[packages.a]\nmanifests = ['VERSION']\ntag-prefix = 'v'\n[verify]\n";
    let repo = Repo::with(&[("relman.toml", config), ("VERSION", "0.2.0\n")]);
    repo.git(&["remote", "add", "origin", &format!("{}/o/r.git", server.url)]);
    let states = |ran: &Ran| -> Vec<String> {
        let artifacts = ran.json()["artifacts"].as_array().unwrap().clone();
        artifacts.iter().map(|one| format!("{} {}", one["artifact"], one["state"]).replace('"', "")).collect()
    };
    let ran = repo.relman(&["verify", "v0.2.0", "--json"]);
    ran.exits(0);
    assert_eq!(states(&ran), ["tag:v0.2.0 ok"]);
    let note = ran.json()["notes"][0].as_str().unwrap().to_owned();
    assert!(
        note.contains(&server.url) && note.contains("is neither GitHub nor GitLab; set `kind` in [forge]"),
        "{note}"
    );
    // Where relman.toml has the table, there is a forge, and it does not answer.
    repo.commit(&[("relman.toml", &format!("{config}[forge]\nremote = 'origin'\n"))]);
    let ran = repo.relman(&["verify", "v0.2.0", "--json"]);
    ran.exits(1);
    assert_eq!(states(&ran), ["tag:v0.2.0 ok", "pipeline:v0.2.0 unknown", "release:v0.2.0 unknown"]);
    // Without a look that needs a forge, its host is not asked.
    let asked = server.seen().len();
    repo.commit(&[("relman.toml", &format!("{config}[packages.a.verify]\nrelease = false\npipeline = false\n"))]);
    let ran = repo.relman(&["verify", "v0.2.0", "--json"]);
    ran.exits(0);
    assert!(server.seen()[asked..].iter().all(|seen| seen.path.contains("info/refs") || seen.path.contains("HEAD")));
}
