//! What users of other tools complained of in cascades (surprises, loops, gaps, changing defaults, wrong prereleases), a test for each.

use crate::dependents::{needs, npm, plan};
use crate::support::texts::Texts;

const STAGES: &str = "[groups.g]\nfixed = [\"c\", \"mate\"]\n";

/// a <- b <- c <- d, each exact; `mate` and `far` stand beside them.
fn chain(config: &str, versions: [&str; 4]) -> Texts {
    let [a, b, c, d] = versions;
    let need = |name: &str, version: &str| needs("dependencies", name, version);
    let own = [format!("a {a}"), format!("b {b}"), format!("c {c}"), format!("d {d}"), format!("mate {c}")];
    npm(
        config,
        &[
            (own[0].as_str(), ""),
            (own[1].as_str(), &need("a", a)),
            (own[2].as_str(), &need("b", b)),
            (own[3].as_str(), &need("c", c)),
            (own[4].as_str(), ""),
            ("far 7.0.0", &need("else", "1.0.0")),
        ],
    )
}

// 11: a minor of one package made majors of all others, a peer a major of its users.

#[test]
fn complaint_11_a_peer_never_implies_a_major() {
    let packages = [("lib 1.2.0", String::new()), ("plugin 0.4.0", needs("peerDependencies", "lib", "~1.2.0"))];
    let packages: Vec<(&str, &str)> = packages.iter().map(|(name, rest)| (*name, rest.as_str())).collect();
    let repo = npm("", &packages);
    for (level, expected) in [("patch", None), ("minor", Some("0.4.1")), ("major", Some("0.4.1"))] {
        let bumps = plan(&repo, &format!("-p lib {level}")).bumps();
        let plugin = bumps.iter().find_map(|bump| bump.strip_prefix("plugin 0.4.0 "));
        assert_eq!(plugin, expected, "{level}");
    }
}

#[test]
fn complaint_11_a_major_at_the_bottom_is_a_patch_all_the_way_up() {
    let repo = chain("", ["1.0.0", "0.4.0", "2.0.0", "0.0.1"]);
    let ran = plan(&repo, "-p a major");
    assert_eq!(ran.bumps(), ["a 1.0.0 2.0.0", "b 0.4.0 0.4.1", "c 2.0.0 2.0.1", "d 0.0.1 0.0.2"]);
    assert_eq!(ran.reasons(), ["a requested", "b dependent a", "c dependent b", "d dependent c"]);
}

// 12: packages that did not change were released, again and again.

#[test]
fn complaint_12_who_is_not_concerned_is_not_released() {
    let repo = chain(STAGES, ["1.0.0", "1.0.0", "1.0.0", "1.0.0"]);
    let ran = plan(&repo, "-p d minor");
    assert_eq!(ran.bumps(), ["d 1.0.0 1.1.0"]);
    let ran = plan(&repo, "-p a minor");
    assert!(!ran.bumps().iter().any(|bump| bump.starts_with("far")), "{:?}", ran.bumps());
    // In its range nobody follows, whatever its edge.
    let loose = needs("dependencies", "a", "^1.0.0");
    let repo = npm("", &[("a 1.0.0", ""), ("b 1.0.0", &loose)]);
    assert_eq!(plan(&repo, "-p a minor").bumps(), ["a 1.0.0 1.1.0"]);
}

#[test]
fn complaint_12_a_version_that_does_not_move_moves_nobody() {
    let repo = chain("[dependents]\npolicy = \"always\"\n", ["1.0.0", "1.0.0", "1.0.0", "1.0.0"]);
    let ran = plan(&repo, "-p a 1.0.0");
    assert_eq!((ran.bumps(), ran.slots().len()), (vec!["a 1.0.0 1.0.0".to_owned()], 0));
    // A release is at its end: nothing is left that would start the next one.
    repo.relman(&["bump", "-y", "-p", "a", "patch"]).exits(0);
    repo.idle(&["check"]).exits(0);
    assert_eq!(plan(&repo, "-p far patch").bumps(), ["far 7.0.0 7.0.1"]);
}

// 13: dependents were forgotten, or requirements named versions that never existed.

#[test]
fn complaint_13_every_manifest_of_a_mixed_repository_follows() {
    let repo = Texts::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"p/core\", \"p/cli\"]\n[workspace.dependencies]\ncore = { path = \"p/core\", version = \"0.1.0\" }\n",
        ),
        ("p/core/Cargo.toml", "[package]\nname = \"core\"\nversion = \"0.1.0\"\n"),
        ("p/core/pyproject.toml", "[project]\nname = \"core\"\nversion = \"0.1.0\"\n"),
        ("p/core/package.json", "{ \"name\": \"@x/core\", \"version\": \"0.1.0\" }\n"),
        ("p/core/Chart.yaml", "name: core\nversion: 0.1.0\n"),
        (
            "p/cli/Cargo.toml",
            "[package]\nname = \"cli\"\nversion = \"1.0.0\"\n[build-dependencies]\ncore.workspace = true\n",
        ),
        (
            "p/py/pyproject.toml",
            "[project]\nname = \"py\"\nversion = \"1.0.0\"\n[project.optional-dependencies]\nfast = [\"Core[x]~=0.1.0\"]\n",
        ),
        (
            "p/web/package.json",
            "{ \"name\": \"web\", \"version\": \"1.0.0\", \"devDependencies\": { \"@x/core\": \"workspace:^0.1.0\" } }\n",
        ),
        (
            "p/site/Chart.yaml",
            "name: site\nversion: 1.0.0\ndependencies:\n- name: core\n  version: 0.1.x\n  repository: file://../core\n",
        ),
    ]);
    let ran = plan(&repo, "-p core minor");
    let expected = ["cli 1.0.0 1.0.1", "core 0.1.0 0.2.0", "py 1.0.0 1.0.1", "site 1.0.0 1.0.1", "web 1.0.0 1.0.1"];
    assert_eq!(ran.bumps(), expected);
    let slots = ran.slots().join("\n");
    for slot in [
        "Cargo.toml:4 0.1.0 0.2.0",
        "p/py/pyproject.toml:5 ~=0.1.0 ~=0.2.0",
        "p/site/Chart.yaml:5 0.1.x 0.2.x",
        "p/web/package.json:1 ^0.1.0 ^0.2.0",
    ] {
        assert!(slots.contains(slot), "{slot}\n{slots}");
    }
    repo.relman(&["bump", "-y", "-p", "core", "minor"]).exits(0);
    repo.idle(&["check"]).exits(0);
    let web = repo.read("p/web/package.json").unwrap();
    assert!(web.contains("workspace:^0.2.0"), "{web}");
}

#[test]
fn complaint_13_a_fixed_group_in_the_middle_is_taken_along_whole() {
    let repo = chain(STAGES, ["1.0.0", "1.0.0", "1.0.0", "1.0.0"]);
    let ran = plan(&repo, "-p a minor");
    assert_eq!(ran.reasons(), ["a requested", "b dependent a", "c dependent b", "d dependent c", "mate fixed-group g"]);
    assert_eq!(ran.bumps()[4], "mate 1.0.0 1.0.1");
    // Who requires the mate follows too: it goes on behind the group.
    let need = |name: &str| needs("dependencies", name, "1.0.0");
    let packages = [
        ("a 1.0.0", String::new()),
        ("b 1.0.0", need("a")),
        ("mate 1.0.0", String::new()),
        ("top 1.0.0", need("mate")),
    ];
    let packages: Vec<(&str, &str)> = packages.iter().map(|(name, rest)| (*name, rest.as_str())).collect();
    let fixed = npm("[groups.g]\nfixed = [\"b\", \"mate\"]\n", &packages);
    let reasons = plan(&fixed, "-p a minor").reasons();
    assert_eq!(reasons, ["a requested", "b dependent a", "mate fixed-group g", "top dependent mate"]);
    // Of a linked group only who has to follow comes, with the group's version.
    let linked = npm("[groups.g]\nlinked = [\"a\", \"b\", \"mate\"]\n", &packages);
    let ran = plan(&linked, "-p a minor");
    assert_eq!(ran.bumps(), ["a 1.0.0 1.1.0", "b 1.0.0 1.1.0"]);
    assert_eq!(ran.reasons(), ["a requested", "b linked-group g"]);
}

// 14: nobody could predict who comes along and why.

#[test]
fn complaint_14_the_reason_is_the_first_in_the_order_of_the_workspace_on_the_shortest_way() {
    let packages = [
        ("x 1.0.0", r#""dependencies": { "b": "1.0.0", "a": "1.0.0", "y": "1.0.0" }"#),
        ("y 1.0.0", r#""dependencies": { "b": "1.0.0" }"#),
        ("b 1.0.0", ""),
        ("a 1.0.0", ""),
    ];
    let repo = npm("", &packages);
    let both = ["-p a -p b minor", "-p b -p a minor"];
    for request in both {
        let reasons = plan(&repo, request).reasons();
        assert_eq!(reasons, ["a requested", "b requested", "x dependent a", "y dependent b"], "{request}");
    }
    // A lock file that names them in another order changes nothing.
    let lock = r#"{ "lockfileVersion": 3, "packages": { "": {}, "p/x": { "name": "x", "version": "1.0.0",
        "dependencies": { "y": "1.0.0", "b": "1.0.0", "a": "1.0.0" } }, "p/y": { "version": "1.0.0", "dependencies": { "b": "1.0.0" } } } }
"#;
    repo.commit(&[("package-lock.json", lock)]);
    assert_eq!(plan(&repo, both[0]).reasons()[2], "x dependent a");
}

#[test]
fn complaint_14_level_none_stops_the_cascade_and_the_requirements_follow() {
    let repo = chain("[dependents]\nlevel = \"none\"\n", ["1.0.0", "1.0.0", "1.0.0", "1.0.0"]);
    let ran = plan(&repo, "-p a minor");
    assert_eq!(ran.bumps(), ["a 1.0.0 1.1.0"]);
    assert_eq!(ran.slots(), ["p/a/package.json:1 1.0.0 1.1.0", "p/b/package.json:1 1.0.0 1.1.0"]);
    repo.relman(&["bump", "-y", "-p", "a", "minor"]).exits(0);
    repo.idle(&["check"]).exits(0);
}

// 15: prereleases made releases of their dependents, or took numbers out of nowhere.

#[test]
fn complaint_15_a_prerelease_is_a_prerelease_all_the_way_up() {
    let repo = chain(STAGES, ["1.0.0", "0.4.0", "2.0.0", "0.0.1"]);
    let ran = plan(&repo, "-p a minor beta");
    let expected = [
        "a 1.0.0 1.1.0-beta.1",
        "b 0.4.0 0.4.1-beta.1",
        "c 2.0.0 2.0.1-beta.1",
        "d 0.0.1 0.0.2-beta.1",
        "mate 2.0.0 2.0.1-beta.1",
    ];
    assert_eq!(ran.bumps(), expected);
    repo.relman(&["bump", "-y", "-p", "a", "minor", "beta"]).exits(0);
    // The next of the series, the next stage, and the end of it: each one goes on in its own series.
    assert_eq!(plan(&repo, "-p a beta").bumps()[3], "d 0.0.2-beta.1 0.0.2-beta.2");
    assert_eq!(plan(&repo, "-p a rc").bumps()[3], "d 0.0.2-beta.1 0.0.2-rc.1");
    assert_eq!(plan(&repo, "-p a release").bumps()[3], "d 0.0.2-beta.1 0.0.2-beta.2");
    // All of them at once leave the series, and nobody else does.
    let ran = plan(&repo, "-p a -p b -p c -p d release");
    assert_eq!(
        ran.bumps()[..4],
        ["a 1.1.0-beta.1 1.1.0", "b 0.4.1-beta.1 0.4.1", "c 2.0.1-beta.1 2.0.1", "d 0.0.2-beta.1 0.0.2"]
    );
    assert_eq!(ran.bumps().len(), 5, "{:?}", ran.bumps());
}

#[test]
fn complaint_15_who_follows_an_alpha_and_a_release_is_an_alpha() {
    // `x` is reached by the release of `a` at once, and by the alpha of `z` one step later, through its fixed group as well.
    let packages = [
        ("a 1.0.0", String::new()),
        ("w 1.0.0", String::new()),
        ("x 1.0.0", r#""dependencies": { "a": "1.0.0", "y": "1.0.0" }"#.to_owned()),
        ("y 1.0.0", needs("dependencies", "z", "1.0.0")),
        ("z 1.0.0", String::new()),
        ("top 1.0.0", needs("dependencies", "w", "1.0.0")),
    ];
    let packages: Vec<(&str, &str)> = packages.iter().map(|(name, rest)| (*name, rest.as_str())).collect();
    let repo = npm("[groups.g]\nfixed = [\"w\", \"x\"]\n", &packages);
    let ran = plan(&repo, "-p a=minor -p z=minor:alpha");
    let expected = [
        "a 1.0.0 1.1.0",
        "top 1.0.0 1.0.1-alpha.1",
        "w 1.0.0 1.0.1-alpha.1",
        "x 1.0.0 1.0.1-alpha.1",
        "y 1.0.0 1.0.1-alpha.1",
        "z 1.0.0 1.1.0-alpha.1",
    ];
    assert_eq!(ran.bumps(), expected);
    assert_eq!(ran.reasons()[3], "x dependent a");
}

#[test]
fn complaint_15_a_prerelease_of_no_stage_makes_no_release() {
    let repo = chain("", ["3.0.0-next.14", "0.4.0", "2.0.0", "0.0.1"]);
    let ran = plan(&repo, "-p a 3.0.0-next.15");
    assert_eq!(ran.bumps()[1..3], ["b 0.4.0 0.4.1-alpha.1", "c 2.0.0 2.0.1-alpha.1"]);
    // A dependent in a series of no stage is told of instead of being finished by accident.
    let repo = chain("", ["1.0.0", "3.0.0-next.14", "2.0.0", "0.0.1"]);
    let ran = repo.idle(&["bump", "-n", "-p", "a", "minor"]);
    ran.exits(4).says(&["`b` is at 3.0.0-next.14", "`stages` in [workspace]"]);
    // With the label among the stages both go on in it. The table of the workspace is still open where the configuration begins.
    let repo = chain("stages = [\"next\"]\n", ["3.0.0-next.14", "3.0.0-next.14", "2.0.0", "0.0.1"]);
    let bumps = plan(&repo, "-p a next").bumps();
    let expected = ["a 3.0.0-next.14 3.0.0-next.15", "b 3.0.0-next.14 3.0.0-next.15", "c 2.0.0 2.0.1-next.1"];
    assert_eq!(bumps[..3], expected);
}
