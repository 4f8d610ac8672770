//! Sections that the milestone fills: its merged requests and closed issues, since the last release.

use relman::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use relman::model::{Level, WorkItem};
use relman::plan::{BumpRequest, BumpSpec, bump};
use relman::snapshot::Look;
use serde_json::{Value, json};

use crate::support::repo::Repo;
use crate::support::server::{Act, Server};

const CONFIG: &str = "[packages.a]\nmanifests = ['VERSION']\npaths = ['**']\ntag-prefix = 'v'\n[changelog]\nsources = ['milestone', 'fragments', 'commits']\n\
    milestone = { labels = { bug = 'fixed' }, skip = ['dependabot'] }\n";

fn item(number: u64, title: &str, closed: &str) -> WorkItem {
    WorkItem {
        number,
        title: title.to_owned(),
        url: format!("https://example.com/o/r/issues/{number}"),
        author: Some("ann".to_owned()),
        labels: Vec::new(),
        is_request: false,
        closed_at: Some(closed.to_owned()),
        merged: false,
        closes: Vec::new(),
    }
}

fn repo(more: &str) -> Repo {
    let repo = Repo::with(&[("relman.toml", &format!("{CONFIG}{more}")), ("VERSION", "0.6.0\n")]);
    repo.git(&["tag", "v0.6.0"]);
    repo.commit(&[("changelog.d/11-sprints.added.md", "- Sprints.\n"), ("x", "x\n")]);
    repo.write("y", "y\n");
    repo.git(&["add", "."]);
    repo.git(&["commit", "--quiet", "-m", "feat: add filters (#12)"]);
    repo
}

/// The notes of a minor release of these items, and what the plan notes.
fn notes(repo: &Repo, items: Option<Vec<WorkItem>>) -> (String, Vec<String>) {
    let place = Place::find(repo.root(), None).unwrap();
    let needs = CaptureNeeds { changes: true, changelogs: true, sections: true, ..CaptureNeeds::default() };
    let mut snapshot = capture(&place, CaptureOptions { needs, staged: false }, &|_, _| {}).unwrap();
    snapshot.milestone_items = items.map_or(Look::NotAsked, Look::Found);
    let request = BumpRequest { all: true, ..BumpRequest::default() };
    let request = BumpRequest { ask: Some(BumpSpec::Level(Level::Minor)), ..request };
    let proposal = bump(&snapshot, &request).unwrap();
    assert!(!proposal.is_refused(), "{:?}", proposal.refusals());
    let plan = proposal.plan();
    (plan.release_notes.iter().map(|notes| notes.body.clone()).collect(), plan.notes.clone())
}

#[test]
fn items_since_the_last_release_are_told_once() {
    let late = "2099-01-01T00:00:00Z";
    let mut merged = item(21, "Fix the crash", late);
    (merged.is_request, merged.merged, merged.closes) = (true, true, vec![20]);
    let mut crash = item(20, "It crashes", late);
    crash.labels = vec!["bug".to_owned()];
    let items = vec![
        merged,
        crash,
        item(13, "Boards", late),
        item(11, "Told by a fragment", late),
        item(12, "Told by a commit", late),
        item(10, "Before the last release", "2001-01-01T00:00:00Z"),
    ];
    let (body, told) = notes(&repo(""), Some(items));
    let expected = "### Added\n\n- Sprints.\n- more\n- add filters (#12)\n- #13: Boards (@ann)\n\n### Fixed\n\n- #21: Fix the crash (@ann)\n";
    assert_eq!(body, expected);
    assert_eq!(told, [""; 0]);
}

#[test]
fn notes_that_were_not_asked_for_are_unknown() {
    let unknown = "`a`: the notes of its milestone are unknown, since the forge was not asked";
    let (body, told) = notes(&repo(""), None);
    assert!(body.contains("- Sprints.") && !body.contains("#13"), "{body}");
    assert_eq!(told, [unknown]);
    let only = Repo::with(&[("relman.toml", &CONFIG.replace(", 'fragments', 'commits'", "")), ("VERSION", "0.6.0\n")]);
    assert_eq!(notes(&only, None), (String::new(), vec![unknown.to_owned()]));
    only.idle(&["bump", "-n", "minor"]).says(&[unknown]);
}

#[test]
fn a_section_for_each_place_where_people_read_it() {
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[packages.a]\nmanifests = ['VERSION']\npaths = ['**']\ntag-prefix = 'v'\n[changelog]\ntag-url = 'https://example.com/{tag}'\n[release]\ntitle = 'Boards {version}'\n",
        ),
        ("VERSION", "0.6.0\n"),
        (
            "CHANGELOG.md",
            "# Changelog\n\n## [0.6.0] - 2026-01-01\n\nBoards, at last.\n\n### Added\n\n- Boards.\n- Cards.\n",
        ),
    ]);
    let show = |to: &str| repo.idle(&["changelog", "show", "v0.6.0", "--for", to]).exits(0).out.clone();
    let text = "Boards, at last.\n\n### Added\n\n- Boards.\n- Cards.\n";
    assert_eq!(show("forge"), text);
    assert_eq!(show("chat"), "Boards 0.6.0\nBoards, at last.\nAdded: 2\nhttps://example.com/v0.6.0\n");
    assert_eq!(show("mail"), format!("Subject: Boards 0.6.0\n\n{text}\nhttps://example.com/v0.6.0\n"));
    let long = format!("# Changelog\n\n## [0.6.0] - 2026-01-01\n\n{}", "- An entry among many.\n".repeat(10_000));
    repo.write("CHANGELOG.md", &long);
    let cut = show("forge");
    assert!(cut.len() <= 125_000 && cut.ends_with("many.\n\n[The rest of these notes](https://example.com/v0.6.0)\n"));
    repo.write(
        "relman.toml",
        &format!("{}[forge]\nkind = 'gitlab'\nrepository = 'g/p'\n", repo.read("relman.toml").unwrap()),
    );
    assert_eq!(show("forge").len(), 230_000);
    assert!(show("chat").ends_with("Changes: 10000\nhttps://gitlab.com/g/p/-/blob/v0.6.0/CHANGELOG.md\n"));
}

/// Answers as both forges: a closed issue and a merged request, each changed after the last release, and one of each that was done before it
/// and changed since.
fn closed_things() -> Server {
    let old = "2001-01-01T00:00:00Z";
    Server::start(move |seen| {
        let path = seen.path.split('?').next().unwrap_or_default();
        let (late, merged) = ("2099-01-01T00:00:00Z", path.ends_with("merge_requests"));
        let github = |number: u64, title: &str, at: &str, pull: Option<Value>| json!({"number": number, "title": title, "html_url": "u", "user": {"login": "ann"}, "closed_at": at, "pull_request": pull});
        let gitlab = |iid: u64, title: &str, at: &str| {
            let url =
                format!("https://git.example.com/g/p/-/{}/{iid}", if merged { "merge_requests" } else { "issues" });
            let done = if merged { "merged_at" } else { "closed_at" };
            json!({"iid": iid, "title": title, "web_url": url, "author": {"username": "bob"}, done: at})
        };
        match path {
            "/repos/o/r/issues" => Act::json(
                200,
                json!([
                    github(20, "Boards", late, None),
                    github(21, "Cards", late, Some(json!({"merged_at": late}))),
                    github(22, "Rejected", late, Some(json!({"merged_at": null}))),
                    github(4, "Long ago", old, None),
                ]),
            ),
            "/projects/g%2Fp/issues" => Act::json(200, json!([gitlab(20, "Boards", late), gitlab(4, "Long ago", old)])),
            "/projects/g%2Fp/merge_requests" => Act::json(200, json!([gitlab(21, "Cards", late)])),
            "/repos/o/r/milestones" => Act::json(200, json!([])),
            _ => Act::json(404, json!({"message": "404 Not found"})),
        }
    })
}

fn forge(kind: &str, project: &str, server: &Server) -> String {
    format!("[forge]\nkind = '{kind}'\nrepository = '{project}'\nurl = 'https://example.com'\napi = '{}'\n", server.url)
}

#[test]
fn without_a_milestone_all_since_the_last_release_is_told() {
    let server = closed_things();
    for (kind, project, who, request) in [("github", "o/r", "ann", "#21"), ("gitlab", "g/p", "bob", "!21")] {
        let config = CONFIG.replace(", 'fragments', 'commits'", "");
        let repo = Repo::with(&[
            ("relman.toml", &format!("{config}{}", forge(kind, project, &server))),
            ("VERSION", "0.6.0\n"),
            ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [0.6.0] - 2026-01-01\n\n- Old.\n"),
        ]);
        repo.git(&["tag", "v0.6.0"]);
        repo.commit(&[("x", "x\n")]);
        repo.relman(&["bump", "minor", "-y"]).exits(0);
        let text = repo.read("CHANGELOG.md").unwrap();
        let expected = format!("### Added\n\n- #20: Boards (@{who})\n- {request}: Cards (@{who})\n");
        assert!(text.contains(&expected) && !text.contains("Long ago") && !text.contains("Rejected"), "{text}");
    }
    let asked: Vec<String> = server.seen().iter().map(|seen| seen.path.clone()).collect();
    assert!(asked[0].starts_with("/repos/o/r/issues?state=closed&since=20"), "{asked:?}");
    for (path, start) in [(1, "issues?updated_after=20"), (2, "merge_requests?updated_after=20")] {
        assert!(asked[path].starts_with(&format!("/projects/g%2Fp/{start}")), "{asked:?}");
    }
}

#[test]
fn a_milestone_that_the_forge_does_not_have_is_named() {
    let server = closed_things();
    let repo = repo(&format!("[release]\nmilestone = '{{major}}.{{minor}}'\n{}", forge("github", "o/r", &server)));
    repo.idle(&["bump", "minor", "-n", "--gates"])
        .says(&["`a`: the notes of its milestone are unknown, since the forge has no milestone `0.7`"]);
    assert!(server.seen().iter().all(|seen| !seen.path.contains("/issues")), "other items were asked for");
}
