//! Groups and selection: what a request means, how it is widened, and what is told of it.

use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::texts::Texts;

/// A repository of npm packages `name version`, with a configuration behind `members`.
fn repo(packages: &[(&str, &str)], config: &str) -> Texts {
    let mut files = vec![("relman.toml".to_owned(), format!("[workspace]\nmembers = [\"p/*\"]\n{config}"))];
    for (name, version) in packages {
        let text = format!("{{ \"name\": \"{name}\", \"version\": \"{version}\" }}\n");
        files.push((format!("p/{name}/package.json"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Texts::with(&files)
}

#[track_caller]
fn plan(repo: &Texts, args: &[&str]) -> Ran {
    let mut all = vec!["bump", "-n", "--json"];
    all.extend(args);
    let ran = repo.idle(&all);
    ran.exits(0);
    ran
}

const THREE: [(&str, &str); 3] = [("a", "1.0.0"), ("b", "1.0.0"), ("c", "0.3.0")];
const FIXED: &str = "[groups.suite]\nfixed = [\"a\", \"b\"]\n";
const LINKED: &str = "[groups.suite]\nlinked = [\"a\", \"b\", \"c\"]\n";

#[test]
fn a_fixed_group_is_released_whole() {
    let repo = repo(&THREE, FIXED);
    let ran = plan(&repo, &["-p", "a", "minor"]);
    assert_eq!(ran.bumps(), ["a 1.0.0 1.1.0", "b 1.0.0 1.1.0"]);
    assert_eq!(ran.reasons(), ["a requested", "b fixed-group suite"]);
    assert_eq!(ran.tags(), ["a-v1.1.0", "b-v1.1.0"]);
    let group = plan(&repo, &["-g", "suite", "minor"]);
    assert_eq!(group.bumps(), ran.bumps());
}

#[test]
fn where_packages_are_named_a_group_means_its_members() {
    let package = |name: &str| format!("{{ \"name\": \"{name}\", \"version\": \"1.0.0\" }}\n");
    let repo = Repo::with(&[
        ("relman.toml", &format!("[workspace]\nmembers = [\"p/*\"]\n{FIXED}")),
        ("p/a/package.json", &package("a")),
        ("p/b/package.json", &package("b")),
        ("p/c/package.json", &package("c")),
    ]);
    for (command, words) in [("status", vec!["suite"]), ("status", vec!["a", "suite", "b"])] {
        let json = repo.idle(&[&[command, "--json"][..], &words].concat()).exits(0).json();
        let names: Vec<&str> =
            json["packages"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["a", "b"]);
    }
    assert!(repo.idle(&["status", "suite", "--explain"]).exits(0).out.contains("b "));
    assert!(!repo.idle(&["status", "suite", "--diff"]).exits(0).out.contains("p/c/package.json"));
    repo.idle(&["check", "suite"]).exits(0).says(&["2 packages in sync"]);
    repo.idle(&["check", "suite", "c"]).exits(0).says(&["3 packages in sync"]);
    let planned = repo.idle(&["tag", "suite", "-n"]);
    assert_eq!(planned.exits(0).out.matches("tag  ").count(), 2, "{}", planned.out);
    let near = repo.idle(&["check", "suit"]);
    near.exits(2).says(&["package `suit` not found", "did you mean the group `suite`?"]);
}

#[test]
fn a_fixed_group_may_have_one_tag() {
    let repo = repo(&THREE, "[groups.suite]\nfixed = [\"a\", \"b\"]\ntag = \"v{version}\"\n");
    let ran = plan(&repo, &["-p", "b", "minor"]);
    assert_eq!(ran.tags(), ["v1.1.0"]);
    let message = ran.json()["commit"]["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("\n\nRelman-Release: v1.1.0\n"), "{message}");
    repo.relman(&["bump", "-y", "-p", "b", "minor"]).exits(0);
    assert_eq!(repo.tags(), ["v1.1.0"]);
    let status = repo.idle(&["status", "--json"]).json();
    assert_eq!(status["packages"][0]["tag"], "v1.1.0");
    assert_eq!(status["packages"][1]["tag"], "v1.1.0");
}

/// A linked group with one tag, released whole, then `a` and `c`, then `a` alone.
fn shared() -> Repo {
    let package = |name: &str| format!("{{ \"name\": \"{name}\", \"version\": \"1.0.0\" }}\n");
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[workspace]\nmembers = [\"p/*\"]\n[groups.suite]\nlinked = [\"*\"]\nshared-tag = \"v{version}\"\n",
        ),
        ("p/a/package.json", &package("a")),
        ("p/b/package.json", &package("b")),
        ("p/c/package.json", &package("c")),
    ]);
    for (names, level) in [(&["a", "b", "c"][..], "1.0.0"), (&["a", "c"], "minor"), (&["a"], "patch")] {
        let packages = names.iter().flat_map(|name| ["-p", name]);
        let args: Vec<&str> = ["bump", "-y"].into_iter().chain(packages).chain([level]).collect();
        repo.relman(&args).exits(0);
    }
    assert_eq!(repo.tags(), ["v1.0.0", "v1.1.0", "v1.1.1"]);
    repo
}

/// What `status` says of each package: name, version, last tag, commits, next version and tag.
fn rows(repo: &Repo) -> Vec<String> {
    let json = repo.idle(&["status", "--json"]).exits(0).json();
    let word = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let row = |package: &serde_json::Value| {
        let keys = ["name", "version", "tag", "commits", "next", "next-tag"];
        keys.map(|key| word(&package[key])).join(" ")
    };
    json["packages"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn what_is_released_of_a_linked_group_may_have_one_tag() {
    let repo = shared();
    // A member's last tag is that of the release that it was last part of.
    let expected = ["a 1.1.1 v1.1.1 0 null null", "b 1.0.0 v1.0.0 0 null null", "c 1.1.0 v1.1.0 0 null null"];
    assert_eq!(rows(&repo), expected);
    repo.idle(&["check"]).exits(0).says(&["3 packages in sync"]);
    repo.relman(&["tag", "-y", "b"]).says(&["`b` 1.0.0 is tagged already: v1.0.0"]);
    // What changed counts until its package is released, whatever else was.
    repo.commit(&[("p/b/x", "1")]);
    repo.relman(&["bump", "-y", "-p", "a", "minor"]).exits(0);
    repo.commit(&[("p/c/x", "1")]);
    let expected = ["a 1.2.0 v1.2.0 0 null null", "b 1.0.0 v1.0.0 1 1.3.0 v1.3.0", "c 1.1.0 v1.1.0 1 1.3.0 v1.3.0"];
    assert_eq!(rows(&repo), expected);
    let ran = repo.idle(&["bump", "-n", "--json", "--all", "auto"]);
    assert_eq!(ran.bumps(), ["b 1.0.0 1.3.0", "c 1.1.0 1.3.0"]);
    assert_eq!(ran.tags(), ["v1.3.0"]);
    let json = ran.json();
    assert_eq!(json["tags"][0]["message"], "Release v1.3.0\n");
    assert!(json["commit"]["message"].as_str().unwrap().ends_with("\n\nRelman-Release: v1.3.0\n"));
    repo.relman(&["bump", "-y", "--all", "auto"]).exits(0);
    assert_eq!(repo.tags(), ["v1.0.0", "v1.1.0", "v1.1.1", "v1.2.0", "v1.3.0"]);
    repo.relman(&["bump", "-y", "-p", "a=1.3.0"]).exits(4).says(&["`a` 1.3.0 is tagged already: v1.3.0"]);
    // A job for the tag looks at what was released under it.
    repo.idle(&["check", "--tag", "v1.3.0"]).exits(0).says(&["2 packages in sync"]);
    repo.idle(&["check", "--tag", "v1.4.0", "--json"])
        .exits(3)
        .finds(&["tag-mismatch p/b/package.json:1:28 1.3.0 1.4.0", "tag-mismatch p/c/package.json:1:28 1.3.0 1.4.0"]);
}

#[test]
fn a_shared_tag_above_all_members_is_behind_tag_and_a_new_member_is_not() {
    let repo = shared();
    let new = "{ \"name\": \"d\", \"version\": \"0.0.0\" }\n";
    repo.commit(&[("p/d/package.json", new)]);
    assert_eq!(rows(&repo)[3], "d 0.0.0 v1.0.0 1 1.2.0 v1.2.0");
    repo.idle(&["check"]).exits(0);
    repo.git(&["tag", "v2.0.0"]);
    repo.idle(&["check", "--json"]).exits(3).finds(&["behind-tag p/a/package.json:1:28 1.1.1 2.0.0"]);
    repo.idle(&["bump", "-n", "-p", "d", "patch"]).exits(4).says(&["tag v2.0.0"]);
}

#[test]
fn two_packages_that_share_no_group_cannot_make_one_tag() {
    let repo =
        repo(&THREE, "tag = \"v{version}\"\n[groups.suite]\nlinked = [\"a\", \"b\"]\nshared-tag = \"v{version}\"\n");
    repo.idle(&["status"]).exits(2).says(&["`suite` and `c` can make the same tag"]);
}

#[test]
fn a_group_starts_from_the_highest_version_of_its_members() {
    for config in [FIXED, "[groups.suite]\nlinked = [\"a\", \"b\"]\n"] {
        let repo = repo(&[("a", "1.0.0"), ("b", "1.4.0"), ("c", "9.0.0")], config);
        let ran = plan(&repo, &["-p", "a", "patch"]);
        assert_eq!(ran.bumps()[0], "a 1.0.0 1.4.1", "{config}");
        assert_eq!(ran.bumps().len(), if config == FIXED { 2 } else { 1 });
    }
}

#[test]
fn what_is_released_together_of_a_linked_group_shares_one_version() {
    let repo = repo(&THREE, LINKED);
    let ran = plan(&repo, &["-p", "a=patch", "-p", "c=minor"]);
    assert_eq!(ran.bumps(), ["a 1.0.0 1.1.0", "c 0.3.0 1.1.0"]);
    assert_eq!(ran.reasons(), ["a linked-group suite", "c requested"]);
    let one = plan(&repo, &["-p", "c", "patch"]);
    assert_eq!(one.bumps(), ["c 0.3.0 1.0.1"]);
    let all = plan(&repo, &["-g", "suite", "major"]);
    assert_eq!(all.bumps(), ["a 1.0.0 2.0.0", "b 1.0.0 2.0.0", "c 0.3.0 2.0.0"]);
}

#[test]
fn each_package_may_have_a_level_of_its_own() {
    let repo = repo(&THREE, "");
    repo.commit(&[("p/d/pyproject.toml", "[project]\nname = \"d\"\nversion = \"0.2.0\"\n")]);
    let ran = plan(&repo, &["-p", "a=minor:alpha", "-p", "d=0.3.0a2", "-p", "c=patch", "-p", "b", "major"]);
    let expected = ["a 1.0.0 1.1.0-alpha.1", "b 1.0.0 2.0.0", "c 0.3.0 0.3.1", "d 0.2.0 0.3.0a2"];
    assert_eq!(ran.bumps(), expected);
    // A version for all is spelled by each in its own way.
    let all = plan(&repo, &["--all", "3.0.0-rc.1"]);
    assert_eq!(all.bumps()[3], "d 0.2.0 3.0.0rc1");
    assert_eq!(all.bumps()[0], "a 1.0.0 3.0.0-rc.1");
    let all = plan(&repo, &["--all", "3.0.0rc1"]);
    assert_eq!(all.bumps()[3], "d 0.2.0 3.0.0rc1");
    assert_eq!(all.bumps()[0], "a 1.0.0 3.0.0-rc.1");
}

#[test]
fn different_requests_in_one_fixed_group_contradict() {
    let repo = repo(&THREE, FIXED);
    let names = ["`a` and `b`", "`suite`"];
    repo.report(&["bump", "-y", "-p", "a=minor", "-p", "b=major"]).exits(2).finds(&["request-conflict"]).says(&names);
    repo.report(&["bump", "-y", "-p", "a=1.1.0", "-p", "b=1.2.0"]).exits(2).finds(&["request-conflict"]).says(&names);
    let same = plan(&repo, &["-p", "a=minor", "-p", "b=minor"]);
    assert_eq!(same.reasons(), ["a requested", "b requested"]);
    repo.report(&["bump", "-y", "-p", "a=minor", "-p", "a=major"]).exits(2).finds(&["request-conflict"]);
}

#[test]
fn a_named_member_decides_for_its_group() {
    // The group's other members are widened to what is asked of the named one, whatever stands for all the rest.
    let repo = repo(&THREE, FIXED);
    let ran = plan(&repo, &["-p", "b=major", "-p", "c", "patch"]);
    assert_eq!(ran.bumps(), ["a 1.0.0 2.0.0", "b 1.0.0 2.0.0", "c 0.3.0 0.3.1"]);
}

#[test]
fn nothing_selected_lists_the_choices() {
    let repo = repo(&THREE, FIXED);
    let choices = ["a, b, c", "group suite", "--all"];
    for command in [&["bump", "-y", "minor"][..], &["plan", "minor"]] {
        repo.report(command).exits(2).finds(&["nothing-selected"]).says(&choices);
    }
}

#[test]
fn a_workspace_without_packages() {
    let repo = Texts::with(&[("relman.toml", "[workspace]\nmembers = [\"none/*\"]\n")]);
    for command in [&["bump", "-y", "minor"][..], &["bump", "-y", "--all", "minor"], &["check"], &["status"]] {
        repo.report(command)
            .exits(2)
            .finds(&["missing relman.toml:2:12", "no-packages relman.toml:1:1"])
            .says(&["`members`"]);
    }
}

#[test]
fn one_package_or_one_fixed_group_needs_no_selection() {
    let one = repo(&THREE[..1], "");
    assert_eq!(plan(&one, &["minor"]).bumps(), ["a 1.0.0 1.1.0"]);
    let group = repo(&THREE[..2], FIXED);
    assert_eq!(plan(&group, &["minor"]).bumps(), ["a 1.0.0 1.1.0", "b 1.0.0 1.1.0"]);
    let linked = repo(&THREE, LINKED);
    linked.idle(&["bump", "-y", "minor"]).exits(2);
}

#[test]
fn a_name_that_is_none_tells_the_nearest_once() {
    let repo = repo(
        &[("scheduler", "1.0.0"), ("platform", "1.0.0"), ("agent", "0.3.0")],
        "[groups.suite]\nfixed = [\"agent\"]\n",
    );
    repo.report(&["bump", "-y", "-p", "shceduler", "minor"]).exits(2).finds(&["unknown-name"]).says(&["`scheduler`"]);
    repo.report(&["bump", "-y", "-g", "siute", "minor"]).exits(2).finds(&["unknown-name"]).says(&["`suite`"]);
    repo.report(&["status", "platfrom"]).exits(2).finds(&["unknown-name"]).says(&["`platform`"]);
    let all = repo.report(&["bump", "-y", "--all", "mnior"]);
    all.exits(2).finds(&["level"]).says(&["did you mean `minor`?"]);
    let each = repo.report(&["bump", "-y", "-p", "agent=mnior", "-p", "platform=mnior"]);
    each.exits(2).finds(&["level"]).says(&["for `agent`, `platform`: `mnior` is neither", "did you mean `minor`?"]);
    repo.report(&["bump", "-y", "--all"]).exits(2).finds(&["level"]);
}

#[test]
fn members_of_groups_may_be_globs_and_must_exist() {
    let glob = repo(&THREE, "[groups.suite]\nfixed = [\"[ab]\"]\n");
    assert_eq!(plan(&glob, &["-g", "suite", "minor"]).bumps(), ["a 1.0.0 1.1.0", "b 1.0.0 1.1.0"]);
    let none = repo(&THREE, "[groups.suite]\nfixed = [\"a\", \"bb\"]\n");
    none.report(&["status"]).exits(2).finds(&["unknown-name relman.toml:4:15"]).says(&["`bb`"]);
    let two = repo(&THREE, "[groups.x]\nfixed = [\"a\"]\n[groups.y]\nlinked = [\"a\", \"b\"]\n");
    two.report(&["status"]).exits(2).finds(&["config-conflict relman.toml:6:11"]).says(&["`a`"]);
}

#[test]
fn a_group_of_both_spellings_moves_as_one() {
    let repo = repo(&THREE[..1], "[groups.suite]\nfixed = [\"a\", \"d\"]\n");
    repo.commit(&[("p/d/pyproject.toml", "[project]\nname = \"d\"\nversion = \"1.0.0\"\n")]);
    let ran = plan(&repo, &["minor", "alpha"]);
    assert_eq!(ran.bumps(), ["a 1.0.0 1.1.0-alpha.1", "d 1.0.0 1.1.0a1"]);
    repo.relman(&["bump", "-y", "minor", "alpha"]).exits(0);
    repo.idle(&["check"]).exits(0);
    assert_eq!(repo.tags(), ["a-v1.1.0-alpha.1", "d-v1.1.0a1"]);
}

#[test]
fn the_refusal_of_a_stable_member_names_its_own_version() {
    let ran = repo(&[("a", "1.0.0"), ("b", "1.2.0-rc.1")], "[groups.suite]\nlinked = [\"a\", \"b\"]\n");
    ran.idle(&["bump", "-n", "-p", "a", "release"]).exits(4).says(&["`a` is at 1.0.0"]);
}

#[test]
fn a_dependent_is_not_called_left_out() {
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"*\"]\n[changelog]\nsources = [\"commits\"]\n"),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        ("c/package.json", "{ \"name\": \"c\", \"version\": \"1.0.0\", \"dependencies\": { \"a\": \"1.0.0\" } }\n"),
        ("d/package.json", "{ \"name\": \"d\", \"version\": \"1.0.0\" }\n"),
    ]);
    for name in ["a", "c", "d"] {
        repo.git(&["tag", &format!("{name}-v1.0.0")]);
    }
    repo.write("a/x", "1\n");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-qm", "fix: a"]);
    let ran = repo.idle(&["bump", "-n", "--json", "--all", "patch"]);
    assert_eq!(ran.exits(0).bumps(), ["a 1.0.0 1.0.1", "c 1.0.0 1.0.1"]);
    assert_eq!(ran.json()["notes"], serde_json::json!(["left out, no entry for the changelog: d"]));
}

#[test]
fn a_group_that_differs_is_shown_with_the_command_that_aligns_it() {
    let repo = repo(&[("a", "1.2.0"), ("b", "1.0.3")], FIXED);
    let status = repo.idle(&["status", "--json"]).exits(0).json();
    assert_eq!((&status["packages"][0]["in-sync"], &status["packages"][1]["in-sync"]), (&true.into(), &false.into()));
    repo.idle(&["check"]).exits(3).says(&["`relman bump -g suite patch` releases all of them at one version"]);
    assert_eq!(plan(&repo, &["-g", "suite", "patch"]).bumps(), ["a 1.2.0 1.2.1", "b 1.0.3 1.2.1"]);
}
