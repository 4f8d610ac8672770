//! Sections that the milestone fills: its merged requests and closed issues, since the last release.

use relman::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use relman::model::{Level, WorkItem};
use relman::plan::{BumpRequest, BumpSpec, bump};

use crate::support::repo::Repo;

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
    snapshot.milestone_items = items;
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
