//! `check --tag`: what the job that publishes a tag asks before it does.

use crate::support::repo::Repo;

const CONFIG: &str = "[packages.api]\npath = 'api'\ntag-prefix = 'v'\nmanifests = ['api/VERSION', { path = 'api/v.py', search = 'v = \"{version}\"', scheme = 'pep440' }]\n\
    [packages.lib]\npath = 'lib'\nmanifests = ['lib/VERSION']\n[packages.other]\npath = 'other'\nmanifests = ['other/VERSION']\n[changelog]\n";

fn repo(group: &str, lib: &str) -> Repo {
    let repo = Repo::with(&[
        ("relman.toml", &format!("{CONFIG}{group}")),
        ("api/VERSION", "0.2.0-rc.1\n"),
        ("api/v.py", "v = \"0.2.0rc1\"\n"),
        ("lib/VERSION", lib),
        ("other/VERSION", "3.0.0\n"),
    ]);
    for package in ["api", "lib", "other"] {
        repo.write(&format!("{package}/CHANGELOG.md"), "# Changelog\n\n## [0.1.0] - 2026-01-01\n\n- Begun.\n");
    }
    repo
}

#[test]
fn a_tag_that_agrees() {
    let repo = repo("", "0.1.0\n");
    for tag in ["v0.2.0-rc.1", "refs/tags/v0.2.0-rc.1", "lib-v0.1.0"] {
        let ran = repo.idle(&["check", "--tag", tag]);
        ran.exits(0).says(&[&format!("{tag}: 1 package in sync")]);
        let ran = repo.idle(&["check", "--tag", tag, "--json"]);
        assert_eq!(ran.exits(0).problems(), [""; 0]);
    }
}

#[test]
fn places_and_sections_that_do_not_agree() {
    let repo = repo("", "0.1.0\n");
    let ran = repo.idle(&["check", "--tag", "v0.2.0", "--json"]);
    assert_eq!(
        ran.exits(3).problems(),
        [
            "tag-mismatch api/CHANGELOG.md 0.2.0",
            "tag-mismatch api/VERSION:1:1 0.2.0-rc.1 0.2.0",
            "tag-mismatch api/v.py:1:6 0.2.0rc1 0.2.0",
        ]
    );
    repo.idle(&["check", "--tag", "v0.2.0"]).exits(3).says(&[
        "v.py:1:6: tag-mismatch: `api` is 0.2.0rc1 here, and the tag is v0.2.0, expected 0.2.0\n  help: tag the commit",
        "`api` has no section for the tag v0.2.0",
        "3 findings",
    ]);
    assert_eq!(repo.idle(&["check", "--tag", "v0.2.0"]).out.matches("help:").count(), 1);
    // Prereleases have no sections here; a finding in another package does not matter.
    repo.write("api/v.py", "v = \"0.1.0\"\n");
    repo.write("other/VERSION", "x\n");
    let ran = repo.idle(&["check", "--tag", "v0.2.0-rc.1", "--json"]);
    assert_eq!(ran.exits(3).problems(), ["tag-mismatch api/v.py:1:6 0.1.0 0.2.0rc1"]);
}

#[test]
fn members_of_a_group_share_the_release() {
    let fixed = "[groups.suite]\nfixed = ['api', 'lib']\n";
    let ran = repo(fixed, "0.1.0\n").idle(&["check", "--tag", "v0.2.0-rc.1", "--json"]);
    assert_eq!(ran.exits(3).problems(), ["tag-mismatch lib/VERSION:1:1 0.1.0 0.2.0-rc.1"]);
    repo(fixed, "0.2.0-rc.1\n").idle(&["check", "--tag", "lib-v0.2.0-rc.1"]).exits(0).says(&["2 packages in sync"]);
    // A linked member may have stayed where it was, but cannot be ahead.
    let linked = "[groups.suite]\nlinked = ['api', 'lib']\n";
    repo(linked, "0.1.0\n").idle(&["check", "--tag", "v0.2.0-rc.1"]).exits(0).says(&["1 package in sync"]);
    repo(linked, "0.2.0-rc.1\n").idle(&["check", "--tag", "v0.2.0-rc.1"]).exits(0).says(&["2 packages in sync"]);
    let ran = repo(linked, "0.3.0-rc.1\n").idle(&["check", "--tag", "v0.2.0-rc.1", "--json"]);
    assert_eq!(ran.exits(3).problems(), ["tag-mismatch lib/VERSION:1:1 0.3.0-rc.1 0.2.0-rc.1"]);
}

#[test]
fn requirements_conflicts_and_broken_files_are_found_too() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\npath = 'a'\n[packages.b]\npath = 'b'\n[changelog]\n"),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        ("b/package.json", "{ \"name\": \"b\", \"version\": \"2.0.0\", \"dependencies\": { \"a\": \"^0.9.0\" } }\n"),
        ("a/CHANGELOG.md", "# Changelog\n\n<<<<<<< HEAD\n## [1.0.0] - 2026-01-01\n=======\n>>>>>>> b\n"),
    ]);
    let ran = repo.idle(&["check", "--tag", "a-v1.0.0", "--json"]);
    assert_eq!(
        ran.exits(3).problems(),
        ["conflict-marker a/CHANGELOG.md:3:1 <<<<<<<", "requirement b/package.json:1:60 ^0.9.0 ^1.0.0"]
    );
}

#[test]
fn neither_history_nor_other_tags_matter() {
    let repo = repo("", "0.1.0\n");
    repo.commit(&[]);
    repo.git(&["tag", "v9.0.0"]);
    let shallow = repo.outside().join("shallow");
    repo.git(&[
        "clone",
        "--quiet",
        "--depth=1",
        "--no-tags",
        &format!("file://{}", repo.root().display()),
        shallow.to_str().unwrap(),
    ]);
    repo.relman_with(&shallow, &["check", "--tag", "v0.2.0-rc.1"], &[]).exits(0);
    repo.idle(&["check", "--tag", "v0.2.0-rc.1"]).exits(0);
}

#[test]
fn tags_that_mean_nothing() {
    let repo = repo("", "0.1.0\n");
    repo.report(&["check", "--tag", "archive/x"])
        .exits(2)
        .finds(&["unknown-name"])
        .says(&["lib-v0.1.0, other-v3.0.0, v0.2.0-rc.1"]);
    repo.report(&["check", "--tag", ""]).exits(2).finds(&["unknown-name"]);
    repo.idle(&["check", "--tag", "v1.0.0", "api"]).exits(2);
}

/// Not only local branches are looked at: a clone may have production as a remote-tracking branch alone.
#[test]
fn production_may_be_known_from_a_remote_only() {
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[packages.a]\nmanifests = ['VERSION']\npaths = ['**']\ntag-prefix = 'v'\n[release]\nintegration = 'dev'\nproduction = 'main'\n",
        ),
        ("VERSION", "0.1.0\n"),
    ]);
    repo.git(&["tag", "v0.1.0"]);
    repo.git(&["switch", "--quiet", "-c", "dev"]);
    repo.write("VERSION", "0.2.0\n");
    repo.git(&["commit", "--quiet", "-am", "feat: x"]);
    repo.git(&["switch", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "Merge dev", "dev"]);
    repo.git(&["tag", "v0.2.0"]);
    repo.git(&["switch", "--quiet", "dev"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repo.git(&["branch", "--quiet", "-D", "main"]);
    repo.write("x", "x\n");
    repo.git(&["add", "."]);
    repo.git(&["commit", "--quiet", "-m", "fix: y"]);
    let status = repo.idle(&["status", "--json"]).json();
    assert_eq!(status["packages"][0]["tag"], "v0.2.0");
    assert_eq!((&status["packages"][0]["commits"], &status["packages"][0]["next"]), (&1.into(), &"0.2.1".into()));
    repo.idle(&["status", "--no-history"]).exits(0).says(&["v0.2.0"]);
    // A bump that needs no history sees the tag, too.
    repo.idle(&["bump", "-n", "0.2.0"]).exits(4).says(&["v0.2.0"]);
}
