//! `relman prepare` and `relman release` with nothing but git: a bare repository is the remote, and there is no forge.

use std::path::PathBuf;

use crate::support::repo::Repo;

const FLOW: &str = "\
[workspace]
branches = [\"dev\"]
[packages.vm]
tag-prefix = \"v\"
paths = [\"**\"]
manifests = [\"VERSION\"]
[packages.vm.changelog]
path = \"CHANGELOG.md\"
sources = [\"commits\"]
[release]
integration = \"dev\"
production = \"main\"
";

const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.6.0] - 2026-01-01\n\n- old\n";

/// A repository of two branches: main ships 0.6.0 and has a commit of its own, dev has a feature.
pub struct Flow {
    pub repo: Repo,
    pub server: PathBuf,
}

impl Flow {
    pub fn new(config: &str) -> Self {
        let repo = Repo::with(&[("relman.toml", config), ("VERSION", "0.6.0\n"), ("CHANGELOG.md", CHANGELOG)]);
        let server = repo.outside().join("server.git");
        repo.git(&["init", "-q", "--bare", "-b", "main", server.to_str().unwrap()]);
        repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
        repo.git(&["tag", "-a", "v0.6.0", "-m", "v0.6.0"]);
        repo.git(&["push", "-q", "origin", "main", "v0.6.0"]);
        repo.git(&["switch", "-q", "-c", "dev"]);
        repo.commit(&[("thing", "x\n")]);
        repo.git(&["push", "-q", "-u", "origin", "dev"]);
        repo.git(&["switch", "-q", "main"]);
        repo.commit(&[("CNAME", "example.org\n")]);
        repo.git(&["push", "-q", "origin", "main"]);
        repo.git(&["switch", "-q", "dev"]);
        Self { repo, server }
    }

    /// The commit of a ref on the server; empty if it is not there.
    pub fn there(&self, name: &str) -> String {
        let refs = self.repo.git(&["ls-remote", self.server.to_str().unwrap()]);
        let peeled = format!("{name}^{{}}");
        let of = |wanted: &str| refs.lines().find_map(|line| line.split_once('\t').filter(|(_, n)| *n == wanted));
        of(&peeled).or_else(|| of(name)).map_or(String::new(), |(id, _)| id.to_owned())
    }

    fn hook(&self, name: &str, script: &str) {
        let file = self.server.join("hooks").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    /// The same once 0.7.0 is prepared, with what is added to the configuration afterwards.
    pub fn prepared(more: &str) -> Self {
        let flow = Self::new(FLOW);
        flow.repo.relman(&["prepare", "minor", "--push", "-y"]).exits(0).says(&["next: relman release"]);
        flow.repo.write("relman.toml", &format!("{FLOW}{more}"));
        flow
    }
}

#[test]
fn a_release_is_prepared_on_one_branch_merged_into_the_other_and_tagged_there() {
    let flow = Flow::new(FLOW);
    flow.repo.idle(&["prepare", "minor", "-n"]).exits(0);
    flow.repo.relman(&["prepare", "minor", "--push", "-y"]).exits(0);
    assert!(!flow.repo.tags().contains(&"v0.7.0".to_owned()), "the tag is made where it ships");
    assert_eq!(flow.there("refs/heads/dev"), flow.repo.git(&["rev-parse", "HEAD"]).trim());

    let plan = flow.repo.relman(&["release", "-n", "--json"]);
    let kinds: Vec<String> = plan.exits(0).json()["outward"]
        .as_array()
        .map(|steps| steps.iter().map(|step| step["kind"].as_str().unwrap_or("").to_owned()).collect())
        .unwrap();
    assert_eq!(kinds, ["merge", "push", "back"]);
    assert_eq!(plan.json()["merge"]["into"], "main");
    plan.says(&[]);
    assert_eq!(flow.there("refs/tags/v0.7.0"), "");

    flow.repo.relman(&["release", "-y"]).exits(0).says(&["main has commits that dev lacks"]);
    let merge = flow.there("refs/heads/main");
    assert_eq!(flow.there("refs/tags/v0.7.0"), merge);
    assert_eq!(flow.there("refs/heads/dev"), merge, "dev has all that main has");
    let parents = flow.repo.git(&["rev-list", "--parents", "-n", "1", &merge]);
    assert_eq!(parents.split_whitespace().count(), 3);
    let subject = flow.repo.git(&["log", "-1", "--format=%s", &merge]);
    assert_eq!(subject.trim(), "Merge dev into main for release v0.7.0");
    flow.repo.relman(&["release", "-y"]).exits(0).says(&["nothing to release"]);
    flow.repo.relman(&["release", "v0.7.0", "-y"]).exits(0).says(&["is out already"]);
}

#[test]
fn a_conflict_is_found_before_anything_is_out() {
    let flow = Flow::prepared("");
    flow.repo.git(&["switch", "-q", "main"]);
    flow.repo.commit(&[("thing", "other\n")]);
    flow.repo.git(&["push", "-q", "origin", "main"]);
    flow.repo.git(&["switch", "-q", "dev"]);
    let before = flow.there("refs/heads/main");
    let ran = flow.repo.relman(&["release", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["merge-conflict"]);
    ran.says(&["thing"]);
    assert_eq!((flow.there("refs/heads/main"), flow.there("refs/tags/v0.7.0")), (before, String::new()));
    assert!(!flow.repo.tags().contains(&"v0.7.0".to_owned()));
}

#[test]
fn a_tag_on_another_commit_is_never_moved() {
    let flow = Flow::prepared("");
    flow.repo.git(&["tag", "v0.7.0", "main"]);
    flow.repo.git(&["push", "-q", "origin", "v0.7.0"]);
    flow.repo.git(&["tag", "-f", "v0.7.0", "dev"]);
    let ran = flow.repo.relman(&["release", "v0.7.0", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["tag-exists"]);
}

#[test]
fn a_version_without_a_section_is_refused_before_the_merge() {
    let flow = Flow::prepared("");
    flow.repo.commit(&[("CHANGELOG.md", CHANGELOG)]);
    let ran = flow.repo.relman(&["release", "v0.7.0", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["no-section"]);
    let ran = flow.repo.relman(&["release", "v0.7.0", "-n", "--skip-gate", "section", "--json"]);
    assert_eq!(ran.exits(0).refusals(), [""; 0]);
    flow.repo.relman(&["release", "-n", "--skip-gate", "sektion"]).exits(2).says(&["did you mean `section`?"]);
}

#[test]
fn a_dry_run_takes_tags_of_fetched_branches_for_sent() {
    let flow = Flow::prepared("");
    flow.repo.git(&["fetch", "-q"]);
    let plan = flow.repo.relman(&["release", "-n", "--json"]).exits(0).json();
    assert_eq!(plan["outward"][1]["tags"].to_string(), "[\"v0.7.0\"]", "{plan}");
}

#[test]
fn a_tag_that_the_remote_refuses_leaves_the_rest_to_resume() {
    let flow = Flow::prepared("");
    flow.hook("update", "case $1 in refs/tags/*) echo no tags today; exit 1;; esac");
    flow.repo.relman(&["release", "-y"]).exits(6).says(&["no tags today", "relman resume"]);
    assert_ne!(flow.there("refs/heads/main"), flow.there("refs/heads/dev"), "the merge is out");
    flow.repo.relman(&["abort"]).exits(6);
    flow.hook("update", "exit 0");
    flow.repo.relman(&["resume", "--yes"]).exits(0);
    assert_eq!(flow.there("refs/tags/v0.7.0"), flow.there("refs/heads/main"));
    assert_eq!(flow.there("refs/heads/dev"), flow.there("refs/heads/main"));
}

#[test]
fn tags_that_never_left_are_deleted_where_only_a_branch_is_out() {
    let flow =
        Flow::new("[packages.vm]\ntag-prefix = \"v\"\nmanifests = [\"VERSION\"]\n[release]\npush = \"branch-first\"\n");
    flow.repo.relman(&["bump", "minor", "-y"]).exits(0);
    flow.hook("update", "case $1 in refs/tags/*) exit 1;; esac");
    flow.repo.relman(&["release", "-y"]).exits(6);
    assert_eq!(flow.there("refs/heads/dev"), flow.repo.git(&["rev-parse", "HEAD"]).trim());
    flow.repo.relman(&["abort"]).exits(6);
    flow.repo.relman(&["abort", "--tags"]).exits(0);
    assert!(!flow.repo.tags().contains(&"v0.7.0".to_owned()));
    flow.repo.relman(&["resume"]).exits(0).says(&["no run was interrupted"]);
}

#[test]
fn another_machine_ends_in_the_same_state() {
    let flow = Flow::prepared("");
    flow.hook("update", "case $1 in refs/tags/*) exit 1;; esac");
    flow.repo.relman(&["release", "-y"]).exits(6);
    flow.hook("update", "exit 0");
    let clone = flow.repo.outside().join("clone");
    flow.repo.git(&["clone", "-q", flow.server.to_str().unwrap(), clone.to_str().unwrap()]);
    let merge = flow.there("refs/heads/main");
    flow.repo.relman_with(&clone, &["release", "v0.7.0", "-y"], &[]).exits(0);
    assert_eq!(flow.there("refs/heads/main"), merge, "it was not merged again");
    assert_eq!((flow.there("refs/tags/v0.7.0"), flow.there("refs/heads/dev")), (merge.clone(), merge));
}

#[test]
fn another_machine_can_do_all_of_it() {
    let flow = Flow::prepared("");
    let clone = flow.repo.outside().join("clone");
    flow.repo.git(&["clone", "-q", flow.server.to_str().unwrap(), clone.to_str().unwrap()]);
    // It is on main, where the version is not yet.
    flow.repo.relman_with(&clone, &["release", "v0.7.0", "-y"], &[]).exits(0);
    let merge = flow.there("refs/heads/main");
    assert_eq!((flow.there("refs/tags/v0.7.0"), flow.there("refs/heads/dev")), (merge.clone(), merge));
}

#[test]
fn a_level_is_bumped_first_and_tagged_on_the_merge() {
    let flow = Flow::new(FLOW);
    flow.repo.relman(&["release", "minor", "-y"]).exits(0);
    assert_eq!(flow.there("refs/tags/v0.7.0"), flow.there("refs/heads/main"));
    assert_eq!(flow.there("refs/heads/dev"), flow.there("refs/heads/main"));
}

#[test]
fn a_branch_that_moved_on_is_not_overwritten() {
    let flow = Flow::prepared("");
    // The remote's main moves while the merge is pushed.
    flow.hook("pre-receive", "exit 1");
    let before = flow.there("refs/heads/main");
    flow.repo.relman(&["release", "-y"]).exits(1);
    assert_eq!(flow.there("refs/heads/main"), before);
    assert!(!flow.repo.tags().contains(&"v0.7.0".to_owned()), "nothing was out, so all was undone");
}

#[test]
fn commands_are_run_after_the_question_and_never_in_a_dry_run() {
    let gates =
        "[gates]\n[gates.commands]\nsmoke = [\"sh\", \"-c\", \"echo $RELMAN_TAG >> ran; echo working; exit $CODE\"]\n";
    let flow = Flow::prepared(gates);
    let command = |args: &[&str], code: &str| {
        flow.repo.relman_with(flow.repo.root(), args, &[("CODE", code), ("GITHUB_TOKEN", "")])
    };
    let dry = command(&["release", "-n", "--json"], "0");
    dry.exits(0);
    assert_eq!(flow.repo.read("ran"), None);
    let failed = command(&["release", "-y", "--json"], "7");
    assert_eq!(failed.exits(4).refusals(), ["gate"]);
    failed.says(&["smoke | working", "exited with 7", "--skip-gate smoke"]);
    assert_eq!(flow.repo.read("ran").as_deref(), Some("v0.7.0\n"));
    assert_eq!(flow.there("refs/tags/v0.7.0"), "");
    command(&["release", "-y", "--skip-gate", "smoke"], "7").exits(0);
    assert_eq!(flow.there("refs/tags/v0.7.0"), flow.there("refs/heads/main"));
}

#[test]
fn a_question_must_be_skipped_by_name_where_no_one_answers() {
    let gates =
        "[gates]\n[gates.questions]\nmigrations = { ask = \"Are they squashed for {tag}?\", versions = [\"*.*.0\"] }\n";
    let flow = Flow::prepared(gates);
    let ran = flow.repo.relman(&["release", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["gate"]);
    ran.says(&["Are they squashed for v0.7.0?", "--skip-gate migrations"]);
    // Every question is named at once, and no command runs before them.
    let more = "docs = { ask = \"Is the page there?\" }\n[gates.commands]\nslow = [\"touch\", \"ran\"]\n";
    flow.repo.write("relman.toml", &format!("{FLOW}{gates}{more}"));
    let all = flow.repo.relman(&["release", "-y", "--json"]);
    assert_eq!(all.exits(4).refusals(), ["gate", "gate"]);
    all.says(&["Are they squashed for v0.7.0?", "Is the page there?", "--skip-gate docs"]);
    assert_eq!(flow.repo.read("ran"), None);
    flow.repo.write("relman.toml", &format!("{FLOW}{gates}"));
    let skipped = flow.repo.relman_with(
        flow.repo.root(),
        &["release", "-y", "--json"],
        &[("RELMAN_SKIP_GATES", "other,migrations")],
    );
    skipped.exits(2).says(&["`other` is not a gate"]);
    flow.repo.relman_with(flow.repo.root(), &["release", "-y"], &[("RELMAN_SKIP_GATES", "migrations")]).exits(0);
}

#[test]
fn gates_that_passed_before_the_commit_are_not_shown_as_open() {
    let config = "[packages.vm]\ntag-prefix = \"v\"\nmanifests = [\"VERSION\"]\n[release]\n[gates.commands]\nsmoke = [\"true\"]\n";
    let flow = Flow::new(config);
    // What comes next is not a push by hand.
    flow.repo.relman(&["bump", "minor", "-y"]).exits(0).says(&["not pushed: relman release\n"]);
    let plan = flow.repo.idle(&["release", "-n", "--json"]).exits(0).json();
    let smoke = plan["gates"].as_array().unwrap().iter().find(|gate| gate["name"] == "smoke").cloned().unwrap();
    assert_eq!(
        (smoke["state"].as_str(), smoke["message"].as_str()),
        (Some("passed"), Some("passed or skipped before the commit was made"))
    );
}

#[test]
fn gates_refuse_a_bump_that_lacks_what_the_remote_has() {
    let config = "[packages.vm]\ntag-prefix = \"v\"\nmanifests = [\"VERSION\"]\n[gates]\n";
    let flow = Flow::new(config);
    let clone = flow.repo.outside().join("other");
    flow.repo.git(&["clone", "-q", "-b", "dev", flow.server.to_str().unwrap(), clone.to_str().unwrap()]);
    flow.repo.git_in(&clone, &["commit", "-q", "--allow-empty", "-m", "feat: meanwhile"]);
    flow.repo.git_in(&clone, &["tag", "v0.6.1"]);
    flow.repo.git_in(&clone, &["push", "-q", "origin", "dev", "v0.6.1"]);
    let ran = flow.repo.relman(&["bump", "patch", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["gate", "gate"]);
    ran.says(&["origin/dev has 1 commit that HEAD lacks", "origin has v0.6.1 already"]);
    // A dry run asks nobody.
    flow.repo.git(&["remote", "set-url", "origin", "/nowhere/at/all"]);
    flow.repo.idle(&["bump", "patch", "-n"]).exits(0);
    let online = flow.repo.relman(&["bump", "patch", "-n", "--gates", "--json"]);
    assert_eq!(online.exits(4).refusals(), ["gate", "gate"]);
}

#[test]
fn doctor_looks_at_all_gates_and_writes_nothing() {
    let gates =
        "[gates]\n[gates.commands]\nbroken = [\"false\"]\ngone = { run = [\"nope\"], needs = [\"no-such-program\"] }\n";
    let flow = Flow::new(&format!("{FLOW}{gates}"));
    let report = flow.repo.idle(&["doctor", "--as", "minor", "--json"]);
    let json = report.exits(3).json();
    let state = |name: &str| {
        let gates = json["gates"].as_array().unwrap();
        gates.iter().find(|gate| gate["name"] == name).map(|gate| gate["state"].as_str().unwrap_or("").to_owned())
    };
    assert_eq!(state("clean").as_deref(), Some("passed"));
    assert_eq!(state("up-to-date").as_deref(), Some("passed"));
    assert_eq!(state("broken").as_deref(), Some("failed"));
    assert_eq!(state("gone").as_deref(), Some("failed"));
    let quiet = flow.repo.idle(&["doctor", "--as", "minor", "--no-run", "broken", "--json"]);
    assert_eq!(quiet.exits(0).json()["gates"][0]["state"], "skipped");
    flow.repo.report(&["doctor", "nope"]).exits(2).finds(&["unknown-name"]);
    // Level and stage are two words or one.
    for words in [vec!["--as", "minor alpha"], vec!["--as", "minor", "alpha"]] {
        flow.repo.idle(&[&["doctor", "--no-run"][..], &words].concat()).exits(3).says(&["no planned tag exists"]);
    }
    // Names are words there, too.
    for words in ["vm minor", "minor vm", "vm"] {
        flow.repo.idle(&["doctor", "--no-run", "--as", words]).exits(3);
    }
    flow.repo.idle(&["doctor", "--as", "vn minor"]).exits(2).says(&["`vn` is not a level", "did you mean `vm`?"]);
    let several = "`minor alpha beta` is not one level, or a level and a stage";
    flow.repo.idle(&["doctor", "--as", "minor alpha beta"]).exits(2).says(&[several]);
}

#[test]
fn a_section_that_is_made_of_a_milestone_is_not_written_without_a_forge() {
    let flow = Flow::new(&FLOW.replace("sources = [\"commits\"]", "sources = [\"milestone\"]"));
    let before = flow.repo.state();
    let ran = flow.repo.relman(&["prepare", "minor", "-y"]);
    ran.exits(4).says(&["the changelog is made of a milestone", "the repository has no forge", "[forge]"]);
    assert!(before == flow.repo.state());
    flow.repo.idle(&["prepare", "minor", "-n"]).exits(0).says(&["the notes of its milestone are unknown"]);
}

#[test]
fn preparing_again_says_what_comes_next() {
    let flow = Flow::prepared("");
    flow.repo.idle(&["prepare", "0.7.0", "-y"]).exits(5).says(&["is prepared already", "next: relman release"]);
    flow.repo.git(&["switch", "-q", "main"]);
    flow.repo.idle(&["prepare", "minor", "-y"]).exits(4).says(&["releases are prepared on `dev`", "git switch dev"]);
}

#[test]
fn preparing_moves_the_branch_forward_first() {
    let flow = Flow::new(FLOW);
    let clone = flow.repo.outside().join("other");
    flow.repo.git(&["clone", "-q", "-b", "dev", flow.server.to_str().unwrap(), clone.to_str().unwrap()]);
    std::fs::write(clone.join("elsewhere"), "x\n").unwrap();
    flow.repo.git_in(&clone, &["add", "-A"]);
    flow.repo.git_in(&clone, &["commit", "-q", "-m", "feat: from elsewhere"]);
    flow.repo.git_in(&clone, &["push", "-q", "origin", "dev"]);
    flow.repo.relman(&["prepare", "minor", "-y"]).exits(0).says(&["fast-forwarded by 1 commit to origin/dev"]);
    assert!(flow.repo.read("CHANGELOG.md").unwrap().contains("from elsewhere"));
}

#[test]
fn floating_tags_follow_the_highest_final_of_their_line() {
    let flow = Flow::prepared("floating = [\"v{major}\", \"v{major}.{minor}\"]\n");
    flow.repo.relman(&["release", "-y"]).exits(0);
    let first = flow.there("refs/tags/v0.7.0");
    assert_eq!((flow.there("refs/tags/v0"), flow.there("refs/tags/v0.7")), (first.clone(), first.clone()));
    flow.repo.git(&["pull", "-q", "--ff-only", "origin", "dev"]);
    flow.repo.commit(&[("thing", "y\n")]);
    flow.repo.relman(&["release", "minor", "-y"]).exits(0);
    let second = flow.there("refs/tags/v0.8.0");
    assert_eq!((flow.there("refs/tags/v0"), flow.there("refs/tags/v0.7")), (second, first));
    // Somebody else moved it: the run stops, and the tag stays where it is.
    flow.repo.git(&["push", "-q", "-f", "origin", "main:refs/tags/v0"]);
    flow.repo.relman(&["release", "v0.7.0", "-y"]).exits(0).says(&["is out already"]);
}

#[test]
fn a_request_needs_a_forge() {
    let flow = Flow::prepared("via = \"request\"\n");
    let ran = flow.repo.relman(&["release", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["forge"]);
    assert_eq!(flow.there("refs/heads/release/v0.7.0"), "");
}

#[test]
fn the_version_of_a_milestone_is_its_title() {
    let flow = Flow::new(FLOW);
    for command in ["bump", "prepare"] {
        let plan = flow.repo.idle(&[command, "--milestone", "v0.7", "-n", "--json"]);
        assert_eq!(plan.exits(0).bumps(), ["vm 0.6.0 0.7.0"], "{command}");
    }
    // Without a forge nothing else can be meant by it.
    let ran = flow.repo.relman(&["bump", "--milestone", "0.7", "-y", "--json"]);
    assert_eq!(ran.exits(4).json()["problems"][0]["code"], "forge");
    ran.says(&["milestones need a forge"]);
}

#[test]
fn a_stage_of_the_workspaces_own_is_a_level_for_release() {
    let flow = Flow::new(&FLOW.replace("branches = [\"dev\"]", "branches = [\"dev\"]\nstages = [\"next\"]"));
    let plan = flow.repo.idle(&["release", "minor", "next", "-n", "--json"]);
    assert_eq!(plan.exits(0).bumps(), ["vm 0.6.0 0.7.0-next.1"]);
    plan.says(&["`relman release --dry-run` shows it"]);
    flow.repo.relman(&["release", "minor", "next", "-y"]).exits(0);
    assert_eq!(flow.there("refs/tags/v0.7.0-next.1"), flow.there("refs/heads/main"));
}
