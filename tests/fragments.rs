//! Fragments: where they lie, whose they are, and what `check` says of files that are none.

use relman::capture::{CaptureOptions, Place, capture};
use relman::changelog::Fragment;
use relman::model::{Level, PackageIx, Position};
use relman::plan::level_of_fragment;
use relman::snapshot::Snapshot;

use crate::support::repo::Repo;
use crate::support::stress;

const TWO: &str = "[packages.api]\npath = \"api\"\n[packages.web]\npath = \"web\"\n";

fn two(config: &str, files: &[(&str, &str)]) -> Repo {
    let config = format!("{TWO}{config}");
    let mut all = vec![("relman.toml", config.as_str()), ("api/VERSION", "1.0.0\n"), ("web/VERSION", "2.0.0\n")];
    // A folder's VERSION is no manifest that is found by itself.
    all.push(("api/package.json", "{\"name\": \"api\", \"version\": \"1.0.0\"}\n"));
    all.push(("web/package.json", "{\"name\": \"web\", \"version\": \"2.0.0\"}\n"));
    all.extend_from_slice(files);
    Repo::with(&all)
}

fn snapshot(repo: &Repo) -> Snapshot {
    let place = Place::find(repo.root(), None).unwrap();
    capture(&place, CaptureOptions::default(), &|_, _| ()).map_err(|_| "no snapshot").unwrap()
}

/// The fragments of each package, as `slug type level`.
fn of(snapshot: &Snapshot, package: usize) -> Vec<String> {
    let level = |level: Option<Level>| level.map_or("none", Level::name);
    let package = PackageIx::new(package);
    let package_of = &snapshot.workspace.packages[package];
    let shown = |f: &Fragment| format!("{} {} {}", f.path, f.kind, level(level_of_fragment(snapshot, package_of, f)));
    snapshot.fragments.of(package).map(shown).collect()
}

#[test]
fn a_fragment_belongs_to_all_that_use_its_folder_or_to_those_that_it_names() {
    let repo = two(
        "[changelog]\nfragments = \"changes\"\ntypes = { added = \"Added\", docs = \"Documents\" }\n[packages.web.changelog]\nfragments = \"web/notes\"\n",
        &[
            ("changes/README.md", "# how\n"),
            ("changes/.gitkeep", ""),
            ("changes/+b.added.md", "- b\n"),
            ("changes/10.removed.md", "- ten\n"),
            ("changes/9.docs.md", "- nine\n"),
            ("changes/both.fixed.md", "---\npackages: [web, api]\nlevel: major\n---\n- both\n"),
            ("web/notes/w.fixed.md", "---\nlevel: none\n---\n- w\n"),
            ("api/changelog.d/unused.added.md", "- unused\n"),
        ],
    );
    repo.idle(&["check"]).exits(0);
    let snapshot = snapshot(&repo);
    assert_eq!(
        of(&snapshot, 0),
        [
            "changes/+b.added.md added minor",
            "changes/10.removed.md removed major",
            "changes/9.docs.md docs none",
            "changes/both.fixed.md fixed major"
        ]
    );
    assert_eq!(of(&snapshot, 1), ["changes/both.fixed.md fixed major", "web/notes/w.fixed.md fixed none"]);
    assert_eq!(snapshot.fragments.all().len(), 5);
}

#[test]
fn what_is_removed_asks_for_a_minor_release_while_the_major_number_is_0() {
    let repo = two(
        "[changelog]\nfragments = \"changes\"\n",
        &[
            ("api/package.json", "{\"name\": \"api\", \"version\": \"0.4.0\"}\n"),
            ("api/VERSION", "0.4.0\n"),
            ("changes/old.removed.md", "- the old one\n"),
            ("changes/new.removed.md", "---\nlevel: major\n---\n- the new one\n"),
        ],
    );
    let snapshot = snapshot(&repo);
    let old = |level: &str| format!("changes/old.removed.md removed {level}");
    let new = "changes/new.removed.md removed major".to_owned();
    assert_eq!(of(&snapshot, 0), [new.clone(), old("minor")]);
    assert_eq!(of(&snapshot, 1), [new, old("major")]);
}

#[test]
fn without_a_changelog_only_valid_fragments_count_and_nothing_is_said() {
    let repo = two(
        "",
        &[
            ("api/changelog.d/a.added.md", "- a\n"),
            ("api/changelog.d/notes.txt", "x"),
            ("api/changelog.d/b.unknown.md", "x"),
            ("api/changelog.d/c.fixed.md", ""),
            ("changelog.d/root.added.md", "- root\n"),
        ],
    );
    repo.idle(&["check"]).exits(0);
    let snapshot = snapshot(&repo);
    assert_eq!(
        (of(&snapshot, 0), of(&snapshot, 1)),
        (vec!["api/changelog.d/a.added.md added minor".to_owned()], vec![])
    );
    assert!(snapshot.fragments.broken.is_empty());
}

#[test]
fn files_that_are_no_fragments_are_findings() {
    let repo = two(
        "[changelog]\nfragments = \"changes\"\n[packages.web.changelog]\npath = \"web/CHANGELOG.md\"\nfragments = \"\"\n",
        &[
            ("changes/a.added.md", "- a\n"),
            ("changes/b.add.md", "- b\n"),
            ("changes/c.fixed.md", "ok\n\n## 1.0.0\n"),
            ("changes/d.fixed.md", "---\npackages: [apo]\n---\n- d\n"),
            ("changes/e.fixed.md", "ok\n```\n"),
            ("changes/f.fixed.md", "\n"),
            ("changes/notes.txt", "n"),
            ("changes/old/g.fixed.md", "- g\n"),
            (".gitignore", "*.bak\n"),
        ],
    );
    repo.write("changes/a.added.md.bak", "x");
    std::fs::write(repo.root().join("changes/h.fixed.md"), b"- \xff\n").unwrap();
    let ran = repo.idle(&["check", "--json"]);
    let report = ran.exits(3).json();
    let found: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            assert_eq!((f["code"].as_str(), f["package"].as_str()), (Some("fragment"), Some("api")), "{f}");
            format!("{}:{}:{} {}", f["path"].as_str().unwrap(), f["line"], f["column"], f["message"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [
            "changes/b.add.md:null:null unknown change type `add`",
            "changes/c.fixed.md:3:1 the fragment holds a heading of level 2, which would end its section",
            "changes/d.fixed.md:2:12 package `apo` not found",
            "changes/e.fixed.md:2:1 the fragment leaves a code fence open, which would swallow what follows it",
            "changes/f.fixed.md:2:1 the fragment is empty",
            "changes/h.fixed.md:null:null changes/h.fixed.md is not UTF-8: the byte at offset 2 is part of no character",
            "changes/notes.txt:null:null `notes.txt` is not a fragment: its name is not SLUG.TYPE.md",
            "changes/old:null:null changes/old is a folder, and not a fragment",
        ]
    );
    repo.report(&["check"]).exits(3).finds(&[
        "fragment changes/b.add.md",
        "fragment changes/c.fixed.md:3:1",
        "fragment changes/d.fixed.md:2:12",
        "fragment changes/e.fixed.md:2:1",
        "fragment changes/f.fixed.md:2:1",
        "fragment changes/h.fixed.md",
        "fragment changes/notes.txt",
        "fragment changes/old",
    ]);
    // The index knows neither the file that was not added nor the one that is ignored.
    assert_eq!(repo.idle(&["check", "--staged", "--json"]).exits(3).problems().len(), 7);
    repo.git(&["rm", "-rq", "--cached", "changes/b.add.md", "changes/notes.txt", "changes/old"]);
    assert_eq!(repo.idle(&["check", "--staged", "--json"]).exits(3).problems().len(), 4);
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_a_folder_inside_only() {
    let repo = two(
        "[packages.api.changelog]\nfragments = \"a\"\n[packages.web.changelog]\nfragments = \"b\"\n",
        &[("real/x.added.md", "- x\n")],
    );
    std::os::unix::fs::symlink("real", repo.root().join("a")).unwrap();
    std::os::unix::fs::symlink("real", repo.root().join("b")).unwrap();
    let both = snapshot(&repo);
    assert_eq!((of(&both, 0), of(&both, 0)), (of(&both, 1), vec!["real/x.added.md added minor".to_owned()]));
    assert_eq!(both.fragments.all().len(), 1);
    std::fs::remove_file(repo.root().join("b")).unwrap();
    std::os::unix::fs::symlink("/tmp", repo.root().join("b")).unwrap();
    repo.report(&["check"]).exits(3).finds(&["fragment b"]);
}

#[test]
fn many_fragments_are_each_seen_once() {
    let count = stress::size(150, 1000);
    let repo = two("[changelog]\n", &[]);
    for n in 0..count {
        repo.write(&format!("api/changelog.d/{n}.added.md"), &format!("- {n}\n"));
    }
    let snapshot = snapshot(&repo);
    let mut entries: Vec<&str> =
        snapshot.fragments.of(PackageIx::new(0)).map(relman::changelog::Fragment::entry).collect();
    entries.sort_unstable();
    entries.dedup();
    assert_eq!(entries.len(), count);
}
