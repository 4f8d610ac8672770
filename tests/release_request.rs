//! `relman pr`: one request that holds the release commit, on the stand-ins of both forges, with real git.

use relman::model::ForgeKind;

use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::requests::RequestForge;

const CONFIG: &str = "\
[workspace]
branches = [\"main\"]
[packages.vm]
tag-prefix = \"v\"
paths = [\"vm/**\"]
manifests = [\"vm/VERSION\"]
[packages.vm.changelog]
path = \"CHANGELOG.md\"
[packages.vm.release]
forge = false
[packages.lib.release]
forge = false
[packages.lib]
paths = [\"lib/**\"]
manifests = [\"lib/VERSION\"]
[packages.lib.changelog]
path = \"lib/CHANGELOG.md\"
fragments = \"lib/changelog.d\"
";

const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.6.0] - 2026-01-01\n\n- old\n";

struct Project {
    repo: Repo,
    forge: RequestForge,
    server: std::path::PathBuf,
}

impl Project {
    fn new(kind: ForgeKind) -> Self {
        let repo = Repo::new();
        let server = repo.outside().join("server.git");
        repo.git(&["init", "-q", "--bare", "-b", "main", server.to_str().unwrap()]);
        let forge = RequestForge::start(kind, &server);
        let project = Self { repo, forge, server };
        let config = format!("{CONFIG}{}", project.forge.table());
        project.repo.commit(&[
            ("relman.toml", config.as_str()),
            ("vm/VERSION", "0.6.0\n"),
            ("lib/VERSION", "1.0.0\n"),
            ("CHANGELOG.md", CHANGELOG),
            ("lib/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
            ("changelog.d/README.md", "x\n"),
            ("lib/changelog.d/README.md", "x\n"),
        ]);
        project.repo.git(&["remote", "add", "origin", project.server.to_str().unwrap()]);
        project.repo.git(&["tag", "v0.6.0"]);
        project.repo.git(&["tag", "lib-v1.0.0"]);
        project.repo.git(&["push", "-q", "-u", "origin", "main", "v0.6.0", "lib-v1.0.0"]);
        project
    }

    /// The same with a fragment that is pending.
    fn pending(kind: ForgeKind) -> Self {
        let project = Self::new(kind);
        project.push(&[("changelog.d/one.added.md", "- one\n"), ("vm/code", "1\n")]);
        project
    }

    fn push(&self, files: &[(&str, &str)]) {
        self.repo.commit(files);
        self.repo.git(&["push", "-q", "origin", "HEAD"]);
    }

    fn relman(&self, args: &[&str]) -> Ran {
        self.repo.relman_with(self.repo.root(), args, &[("RELMAN_TOKEN", "secret")])
    }

    fn pr(&self, args: &[&str]) -> Ran {
        self.relman(&[&["pr", "-y"], args].concat())
    }

    fn there(&self, name: &str) -> String {
        self.repo.git_in(&self.server, &["rev-parse", &format!("{name}^{{commit}}")])
    }

    fn shows(&self, branch: &str, path: &str) -> String {
        self.repo.git_in(&self.server, &["show", &format!("{branch}:{path}")])
    }

    /// Merges the request as a forge does it.
    fn merge(&self, how: &str) {
        let clone = self.repo.outside().join(format!("clone-{how}"));
        self.repo.git(&["clone", "-q", self.server.to_str().unwrap(), clone.to_str().unwrap()]);
        let git = |args: &[&str]| self.repo.git_in(&clone, args);
        match how {
            "merge" => git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #1", "origin/release/next"]),
            "squash" => {
                git(&["merge", "-q", "--squash", "origin/release/next"]);
                git(&["commit", "-q", "-m", "chore(release): vm 0.7.0 (#1)"])
            }
            "rebase" => git(&["cherry-pick", "origin/release/next"]),
            _ => {
                git(&["commit", "-q", "--allow-empty", "-m", "fix: another one of the queue"]);
                git(&["cherry-pick", "origin/release/next"])
            }
        };
        git(&["push", "-q", "origin", "main"]);
        let merged = self.there("release/next");
        self.forge.change(1, |request| (request.state, request.merged) = ("merged".to_owned(), Some(merged)));
        self.repo.git(&["pull", "-q", "--ff-only", "origin", "main"]);
    }
}

#[test]
fn a_request_is_made_kept_up_to_date_and_merged() {
    for kind in [ForgeKind::Github, ForgeKind::Gitlab] {
        let project = Project::pending(kind);
        let dry = project.repo.idle(&["pr", "-n", "--json"]).exits(0).json();
        assert_eq!((&dry["bumps"][0]["to"], &dry["outward"][1]["kind"]), (&"0.7.0".into(), &"request".into()), "{dry}");
        let head = project.there("main");
        project.pr(&[]).exits(0).says(&["https://forge.example/o/r/1", "next: relman release"]);
        assert_eq!((project.there("main"), project.there("release/next~1")), (head.clone(), head));
        assert_eq!(project.shows("release/next", "vm/VERSION"), "0.7.0");
        assert_eq!(project.repo.read("vm/VERSION").as_deref(), Some("0.6.0\n"), "the work tree stays as it is");
        assert_eq!(project.repo.tags(), ["lib-v1.0.0", "v0.6.0"]);
        let request = project.forge.requests().remove(0);
        assert_eq!((request.title.as_str(), request.base.as_str()), ("chore(release): vm 0.7.0", "main"));
        assert!(request.body.contains("| `vm` | 0.6.0 | 0.7.0 | minor changes |"), "{}", request.body);
        assert!(request.body.contains("## vm 0.7.0\n\n### Added\n\n- one\n"), "{}", request.body);
        // The same once more: nothing is sent.
        let next = project.there("release/next");
        project.pr(&[]).exits(0).says(&["https://forge.example/o/r/1 is up to date"]);
        assert_eq!((project.there("release/next"), project.forge.writes().len()), (next, 1));
        // Something came in, and a label asks for more.
        project.push(&[("lib/changelog.d/two.fixed.md", "- two\n"), ("lib/code", "1\n")]);
        project.pr(&[]).exits(0);
        assert_eq!(project.forge.requests()[0].title, "chore(release): vm 0.7.0, lib 1.1.0");
        project.forge.change(1, |request| request.labels = vec!["relman:lib=patch".to_owned(), "other".to_owned()]);
        project.pr(&[]).exits(0);
        assert_eq!(project.shows("release/next", "lib/VERSION"), "1.0.1");
        assert_eq!(project.forge.requests().len(), 1);
        project.forge.change(1, |request| request.labels = vec!["relman:libb=minor".to_owned()]);
        project.pr(&[]).exits(2).says(&["the label `relman:libb=minor`", "`libb` not found"]);

        project.merge("squash");
        project.pr(&[]).exits(0).says(&["vm 0.7.0, lib 1.0.1 was merged and is not tagged yet"]);
        project.repo.relman(&["release", "-y", "--only", "push"]).exits(0);
        assert_eq!(
            (project.there("v0.7.0"), project.there("lib-v1.0.1")),
            (project.there("main"), project.there("main"))
        );
        project.pr(&[]).exits(0).says(&["nothing to request"]);
        assert_eq!(project.forge.requests().len(), 1);
    }
}

#[test]
fn however_it_is_merged_the_release_is_found() {
    for how in ["merge", "squash", "rebase", "queue"] {
        let project = Project::pending(ForgeKind::Github);
        project.pr(&[]).exits(0);
        project.merge(how);
        let plan = project.repo.relman(&["release", "-n", "--json"]).exits(0).json();
        assert_eq!(plan["tags"][0]["name"], "v0.7.0", "{how}: {plan}");
        assert_eq!(plan["tags"].as_array().unwrap().len(), 1, "{how}: {plan}");
        project.repo.relman(&["release", "-y", "--only", "push"]).exits(0);
        assert_eq!(project.there("v0.7.0"), project.there("main"), "{how}");
        project.repo.idle(&["bump", "--all", "auto", "-n"]).exits(5);
    }
}

#[test]
fn a_commit_of_a_person_is_not_overwritten() {
    let project = Project::pending(ForgeKind::Github);
    project.pr(&[]).exits(0);
    let clone = project.repo.outside().join("person");
    project.repo.git(&["clone", "-q", "-b", "release/next", project.server.to_str().unwrap(), clone.to_str().unwrap()]);
    project.repo.git_in(&clone, &["commit", "-q", "--allow-empty", "-m", "docs: better words"]);
    project.repo.git_in(&clone, &["push", "-q"]);
    project.push(&[("changelog.d/more.fixed.md", "- more\n")]);
    let ran = project.pr(&["--json"]);
    assert_eq!(ran.exits(4).refusals(), ["remote-moved"]);
    ran.says(&["did not make", "docs: better words", "--force"]);
    project.pr(&["--force"]).exits(0);
    assert_eq!(project.there("release/next~1"), project.there("main"));
    // An amended one has relman's message, and not its tree.
    project.repo.git_in(&clone, &["fetch", "-q"]);
    project.repo.git_in(&clone, &["reset", "-q", "--hard", "origin/release/next"]);
    std::fs::write(clone.join("vm/VERSION"), "0.9.0\n").unwrap();
    project.repo.git_in(&clone, &["commit", "-q", "-a", "--amend", "--no-edit"]);
    project.repo.git_in(&clone, &["push", "-q", "-f"]);
    assert_eq!(project.pr(&["--json"]).exits(4).refusals(), ["remote-moved"]);
}

#[test]
fn nothing_pending_closes_it_and_a_person_may_too() {
    let project = Project::pending(ForgeKind::Gitlab);
    project.pr(&[]).exits(0);
    project.forge.change(1, |request| request.state = "closed".to_owned());
    project.pr(&[]).exits(0).says(&["https://forge.example/o/r/1 was closed"]);
    assert_eq!(project.forge.requests().len(), 1);
    // Something else is pending by now.
    project.push(&[("changelog.d/more.fixed.md", "- more\n")]);
    project.pr(&[]).exits(0).says(&["https://forge.example/o/r/2"]);
    project.repo.git(&["revert", "--no-edit", "HEAD~1..HEAD"]);
    project.repo.git(&["rm", "-q", "changelog.d/one.added.md"]);
    project.repo.git(&["commit", "-q", "-m", "chore: not now"]);
    project.repo.git(&["revert", "--no-edit", "HEAD~3"]);
    project.repo.git(&["push", "-q"]);
    project.pr(&[]).exits(0).says(&["nothing is pending, so https://forge.example/o/r/2 is closed"]);
    assert_eq!(project.forge.requests()[1].state, "closed");
    project.pr(&[]).exits(0).says(&["nothing to request"]);
}

#[test]
fn what_came_in_beside_the_request_is_in_the_next_one() {
    let project = Project::new(ForgeKind::Github);
    // A branch of before the release, merged after it.
    project.repo.git(&["switch", "-q", "-c", "old"]);
    project.repo.commit(&[("changelog.d/old.fixed.md", "- old branch\n")]);
    project.repo.git(&["switch", "-q", "main"]);
    project.push(&[("changelog.d/one.added.md", "- one\n")]);
    project.pr(&[]).exits(0);
    // Merged before the request was brought up to date.
    project.push(&[("changelog.d/late.fixed.md", "- late\n")]);
    project.merge("merge");
    project.repo.relman(&["release", "-y", "--only", "push"]).exits(0);
    assert!(!project.repo.read("CHANGELOG.md").unwrap().contains("- late"));
    project.repo.git(&["merge", "-q", "--no-edit", "old"]);
    project.repo.git(&["push", "-q"]);
    project.pr(&[]).exits(0);
    let body = project.forge.requests().last().unwrap().body.clone();
    assert!(body.contains("- late") && body.contains("- old branch") && !body.contains("- one"), "{body}");
}

#[test]
fn a_release_commit_that_was_taken_back_is_pending_again() {
    let project = Project::pending(ForgeKind::Github);
    project.pr(&[]).exits(0);
    project.merge("squash");
    project.repo.git(&["revert", "--no-edit", "HEAD"]);
    project.repo.git(&["push", "-q"]);
    project.pr(&[]).exits(0).says(&["https://forge.example/o/r/2"]);
    assert_eq!(project.shows("release/next", "vm/VERSION"), "0.7.0");
    assert!(project.forge.requests()[1].body.contains("- one"));
}

#[test]
fn it_is_built_on_what_the_remote_has() {
    let project = Project::pending(ForgeKind::Github);
    // Changes of the work tree are nobody's business.
    project.repo.write("vm/VERSION", "0.6.5\n");
    project.pr(&[]).exits(0);
    assert_eq!(project.shows("release/next", "vm/VERSION"), "0.7.0");
    project.repo.git(&["checkout", "-q", "."]);
    project.repo.commit(&[("vm/code", "here only\n")]);
    let ran = project.pr(&["--json"]);
    assert_eq!(ran.exits(4).refusals(), ["remote-moved"]);
    ran.says(&["HEAD has commits that origin/main lacks", "git push origin main"]);
    project.repo.git(&["push", "-q"]);
    project.repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    project.pr(&[]).exits(4).says(&["origin/main has commits that HEAD lacks", "git pull --ff-only"]);
    project.repo.git(&["checkout", "-q", "--detach"]);
    project.pr(&[]).exits(4).says(&["HEAD is detached"]);
}

#[test]
fn a_request_that_was_refused_on_its_way_is_resumed() {
    let project = Project::pending(ForgeKind::Github);
    let url = project.forge.server.url.clone();
    let config = project.repo.read("relman.toml").unwrap();
    // The branch is pushed, then the forge is gone for the next question.
    project.repo.write("relman.toml", &config);
    let hook = project.server.join("hooks/pre-receive");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho not today; exit 1\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    project.pr(&[]).exits(1).says(&["not today"]);
    assert_eq!(project.forge.writes(), [""; 0], "{url}");
    std::fs::remove_file(&hook).unwrap();
    project.pr(&[]).exits(0);
    assert_eq!(project.forge.requests().len(), 1);
}

#[test]
fn a_request_needs_a_forge() {
    let repo = Repo::with(&[("relman.toml", CONFIG), ("vm/VERSION", "0.6.0\n"), ("lib/VERSION", "1.0.0\n")]);
    let server = repo.outside().join("server.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", server.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
    repo.git(&["tag", "v0.6.0"]);
    repo.git(&["tag", "lib-v1.0.0"]);
    repo.commit(&[("vm/code", "1\n"), ("changelog.d/a.added.md", "- a\n")]);
    repo.git(&["push", "-q", "-u", "origin", "main", "--tags"]);
    let ran = repo.idle(&["pr", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["forge"]);
}

#[test]
fn changelog_check_knows_the_branch_of_a_release() {
    let project = Project::pending(ForgeKind::Github);
    project.pr(&[]).exits(0);
    project.repo.git(&["fetch", "-q"]);
    project.repo.git(&["switch", "-q", "-c", "release/next", "origin/release/next"]);
    // As the forge would show it after a rebase: without the trailers of relman.
    project.repo.git(&["commit", "-q", "--amend", "-m", "chore: release"]);
    project.repo.idle(&["changelog", "check", "--since", "origin/main"]).exits(0);
    project.repo.git(&["checkout", "-q", "--detach"]);
    let check = |variables: &[(&str, &str)]| {
        project.repo.relman_with(project.repo.root(), &["changelog", "check", "--since", "origin/main"], variables)
    };
    check(&[("GITHUB_HEAD_REF", ""), ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "")]).exits(3);
    check(&[("GITHUB_HEAD_REF", "release/next")]).exits(0);
    check(&[("GITHUB_HEAD_REF", ""), ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "release/v0.7.0")]).exits(0);
}

#[test]
fn a_label_speaks_for_a_fixed_group() {
    let project = Project::pending(ForgeKind::Gitlab);
    let config = project.repo.read("relman.toml").unwrap();
    let group = "[groups.suite]\nfixed = [\"vm\", \"lib\"]\n";
    let level = config.replace("[packages.lib.changelog]\n", "[packages.lib.changelog]\nempty = \"_Nothing._\"\n");
    project.push(&[
        ("relman.toml", &format!("{level}{group}")),
        ("vm/VERSION", "1.0.0\n"),
        ("CHANGELOG.md", CHANGELOG),
    ]);
    project.repo.git(&["tag", "v1.0.0"]);
    project.push(&[("changelog.d/two.fixed.md", "- two\n")]);
    project.pr(&[]).exits(0);
    assert_eq!(project.forge.requests()[0].title, "chore(release): vm 1.0.1, lib 1.0.1");
    for label in ["relman:lib=major", "relman:suite=major"] {
        project.forge.change(1, |request| request.labels = vec![label.to_owned()]);
        project.pr(&[]).exits(0);
        assert_eq!(project.forge.requests()[0].title, "chore(release): vm 2.0.0, lib 2.0.0", "{label}");
    }
    project.forge.change(1, |request| request.labels = vec!["relman:vm=huge:alpha".to_owned()]);
    project.pr(&[]).exits(2).says(&["the label `relman:vm=huge:alpha`"]);
}
