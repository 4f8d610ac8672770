//! `relman hotfix start` and `finish` with nothing but git: a bare repository is the remote, and there is no forge.

use std::path::PathBuf;

use crate::support::repo::Repo;

/// One branch ships; the patch is released on the branch of the hotfix.
const CONFIG: &str = "\
[workspace]
branches = [\"main\", \"dev\"]
[packages.vm]
tag-prefix = \"v\"
paths = [\"**\"]
manifests = [\"VERSION\", \"pyproject.toml\"]
[packages.vm.changelog]
path = \"CHANGELOG.md\"
compare-url = \"https://example.com/compare/{from}...{to}\"
[release]
floating = [\"v{major}\", \"v{major}.{minor}\"]
";

const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.6.0] - 2026-01-01\n\n- old\n\n\
    [Unreleased]: https://example.com/compare/v0.6.0...HEAD\n[0.6.0]: https://example.com/0\n";

const PYPROJECT: &str = "[project]\nname = \"vm\"\nversion = \"0.6.0\"\ndescription = \"one\"\n";

pub struct Fixed {
    pub repo: Repo,
    pub server: PathBuf,
}

impl Fixed {
    /// main has moved on to 0.7.0, the remote has all of it.
    pub fn new(more: &str) -> Self {
        let fixed = Self::released(more);
        fixed.fragment("feature.added.md", "- a feature\n");
        fixed.repo.relman(&["release", "minor", "-y"]).exits(0);
        fixed
    }

    /// 0.6.0 is released on main.
    pub fn released(more: &str) -> Self {
        let config = format!("{CONFIG}{more}");
        let files = [
            ("relman.toml", config.as_str()),
            ("VERSION", "0.6.0\n"),
            ("pyproject.toml", PYPROJECT),
            ("CHANGELOG.md", CHANGELOG),
            ("changelog.d/README.md", "x\n"),
            ("src/a", "1\n2\n3\n"),
        ];
        let repo = Repo::with(&files);
        let server = repo.outside().join("server.git");
        repo.git(&["init", "-q", "--bare", "-b", "main", server.to_str().unwrap()]);
        repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
        repo.git(&["tag", "-a", "v0.6.0", "-m", "v0.6.0"]);
        repo.git(&["push", "-q", "-u", "origin", "main", "v0.6.0"]);
        Self { repo, server }
    }

    pub fn fragment(&self, name: &str, text: &str) {
        self.repo.commit(&[(&format!("changelog.d/{name}"), text)]);
    }

    /// What the remote has at a path of a branch.
    pub fn shows(&self, branch: &str, path: &str) -> String {
        self.repo.git_in(&self.server, &["show", &format!("{branch}:{path}")])
    }

    pub fn there(&self, name: &str) -> String {
        let output =
            self.repo.try_git_in(&self.server, &["rev-parse", "--verify", "-q", &format!("{name}^{{commit}}")]);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts a hotfix of 0.6.0 and commits a fix with its fragment.
    pub fn fix(&self, name: &str) {
        self.repo.relman(&["hotfix", "start", "v0.6.0", "--name", name]).exits(0);
        self.repo.write("src/a", "1\n2\n3 fixed\n");
        self.fragment("leak.fixed.md", "- the leak\n");
    }
}

#[test]
fn a_hotfix_is_started_released_and_brought_back() {
    let fixed = Fixed::new("");
    let repo = &fixed.repo;
    repo.idle(&["hotfix", "start", "vm", "-n"]).exits(0).says(&["hotfix/v0.7.0-fix"]);
    fixed.fix("The Leak!");
    assert_eq!(repo.git(&["branch", "--show-current"]), "hotfix/v0.6.0-the-leak");
    let plan = repo.idle(&["bump", "auto", "-n", "--json"]);
    assert_eq!(plan.exits(0).bumps(), ["vm 0.6.0 0.6.1"]);
    repo.relman(&["bump", "-y"]).exits(0).says(&["not pushed: relman release\n"]);
    repo.idle(&["release", "-n"]).exits(0).says(&["`relman hotfix finish` brings `hotfix/v0.6.0-the-leak` back"]);
    repo.relman(&["release", "-y"]).exits(0);
    assert_eq!(fixed.there("hotfix/v0.6.0-the-leak"), repo.git(&["rev-parse", "HEAD"]));
    assert_eq!(fixed.there("v0.6.1"), repo.git(&["rev-parse", "HEAD"]));
    assert_eq!((fixed.there("v0"), fixed.there("v0.6")), (fixed.there("v0.7.0"), fixed.there("v0.6.1")));

    let main = fixed.there("main");
    let plan = repo.idle(&["hotfix", "finish", "-n", "--json"]).exits(0).json();
    assert_eq!(plan["outward"][0]["kind"], "merge", "{plan}");
    assert_eq!(plan["branch-commits"][0]["branch"], "main", "{plan}");
    assert_eq!(plan["notes"], serde_json::json!([]), "what was pushed from here is known to be out");
    repo.relman(&["hotfix", "finish", "-y"]).exits(0).says(&["brought back: 1 push", "next: "]);
    let parents = repo.git_in(&fixed.server, &["rev-list", "--parents", "-n", "1", "main"]);
    assert!(parents.ends_with(&format!("{main} {}", repo.git(&["rev-parse", "HEAD"]))), "{parents}");
    let changelog = fixed.shows("main", "CHANGELOG.md");
    let order: Vec<&str> = changelog.lines().filter(|line| line.starts_with("## [")).map(|line| &line[3..10]).collect();
    assert_eq!(order, ["[Unrele", "[0.7.0]", "[0.6.1]", "[0.6.0]"], "{changelog}");
    let links: Vec<&str> = changelog.lines().filter(|line| line.starts_with('[')).collect();
    let url = "https://example.com/compare";
    assert_eq!(links[0], format!("[Unreleased]: {url}/v0.7.0...HEAD"), "{changelog}");
    assert_eq!(links[2], format!("[0.6.1]: {url}/v0.6.0...v0.6.1"), "{changelog}");
    assert_eq!(
        (fixed.shows("main", "VERSION"), fixed.shows("main", "src/a")),
        ("0.7.0".into(), "1\n2\n3 fixed".into())
    );
    assert!(fixed.shows("main", "pyproject.toml").contains("version = \"0.7.0\""));
    repo.idle(&["hotfix", "finish", "-y"]).exits(0).says(&["nothing is left to bring back"]);
    // Nothing on main is to be released because of it, and nothing is wrong there.
    repo.git(&["switch", "-q", "main"]);
    repo.git(&["pull", "-q", "--ff-only"]);
    repo.relman(&["check"]).exits(0);
    repo.relman(&["release", "-y"]).exits(0).says(&["nothing to release"]);
}

#[test]
fn what_both_sides_released_is_no_conflict() {
    let fixed = Fixed::new("");
    // Lines beside a version change on both sides, and the fix was picked to main with its fragment.
    let repo = &fixed.repo;
    fixed.fix("leak");
    repo.git(&["switch", "-q", "main"]);
    repo.git(&["cherry-pick", "hotfix/v0.6.0-leak"]);
    repo.git(&["push", "-q"]);
    repo.git(&["switch", "-q", "hotfix/v0.6.0-leak"]);
    repo.write("pyproject.toml", &PYPROJECT.replace("one", "two"));
    repo.git(&["commit", "-q", "-am", "fix: words"]);
    repo.relman(&["bump", "patch", "-y"]).exits(0);
    repo.relman(&["hotfix", "finish", "-y"]).exits(0).says(&["run `relman release`"]);
    let files = repo.git_in(&fixed.server, &["ls-tree", "--name-only", "main", "changelog.d/"]);
    assert_eq!(files, "changelog.d/README.md", "the fragment went into 0.6.1");
    let manifest = fixed.shows("main", "pyproject.toml");
    assert!(manifest.contains("version = \"0.7.0\"\ndescription = \"two\""), "{manifest}");
}

#[test]
fn a_branch_that_has_not_moved_on_takes_the_version() {
    let fixed = Fixed::released("");
    fixed.fix("leak");
    fixed.repo.relman(&["bump", "patch", "-y"]).exits(0);
    fixed.repo.relman(&["release", "-y"]).exits(0);
    assert_eq!(fixed.there("v0"), fixed.there("v0.6.1"), "it is the highest final");
    fixed.repo.relman(&["hotfix", "finish", "-y"]).exits(0);
    assert_eq!(fixed.shows("main", "VERSION"), "0.6.1");
    // The next one starts where this one ended.
    let ran = fixed.repo.idle(&["hotfix", "start", "v0.6.0", "--name", "other"]);
    ran.exits(4).says(&["the tag v0.6.1 exists", "relman hotfix start v0.6.1"]);
    fixed.repo.relman(&["hotfix", "start", "vm", "--name", "other"]).exits(0);
    fixed.fragment("other.fixed.md", "- the other\n");
    fixed.repo.relman(&["release", "patch", "-y"]).exits(0);
    fixed.repo.relman(&["hotfix", "finish", "-y"]).exits(0);
    let changelog = fixed.shows("main", "CHANGELOG.md");
    let order: Vec<&str> = changelog.lines().filter(|line| line.starts_with("## [")).map(|line| &line[3..10]).collect();
    assert_eq!(order, ["[Unrele", "[0.6.2]", "[0.6.1]", "[0.6.0]"], "{changelog}");
}

#[test]
fn a_conflict_is_left_to_git_and_nothing_is_written() {
    let fixed = Fixed::new("");
    fixed.repo.commit(&[("src/a", "1\n2\n3 otherwise\n")]);
    fixed.repo.git(&["push", "-q"]);
    fixed.fix("leak");
    fixed.repo.relman(&["bump", "patch", "-y"]).exits(0);
    let main = fixed.there("main");
    let ran = fixed.repo.idle(&["hotfix", "finish", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["merge-conflict"]);
    ran.says(&["cannot be merged into `main`: src/a", "git merge hotfix/v0.6.0-leak"]);
    assert_eq!(fixed.there("main"), main);
}

#[test]
fn a_hotfix_stays_on_its_line() {
    let fixed = Fixed::new("");
    fixed.fix("leak");
    for (words, to) in [(&["alpha"][..], "0.6.1-alpha.1"), (&["0.6.5"], "0.6.5"), (&["patch", "rc"], "0.6.1-rc.1")] {
        let plan = fixed.repo.idle(&[&["bump", "-n", "--json"], words].concat());
        assert_eq!(plan.exits(0).bumps(), [format!("vm 0.6.0 {to}")]);
    }
    for words in ["major", "0.7.1"] {
        let ran = fixed.repo.idle(&["bump", words, "-n", "--json"]);
        assert_eq!(ran.exits(4).refusals(), ["branch"]);
        ran.says(&["is not of that line", "0.6.x"]);
    }
    // A fresh clone knows it by the name of the branch.
    fixed.repo.git(&["push", "-q", "origin", "HEAD"]);
    let clone = fixed.repo.outside().join("clone");
    let server = fixed.server.to_str().unwrap();
    fixed.repo.git(&["clone", "-q", "-b", "hotfix/v0.6.0-leak", server, clone.to_str().unwrap()]);
    let plan = fixed.repo.relman_with(&clone, &["bump", "auto", "-n", "--json"], &[]);
    assert_eq!(plan.exits(0).bumps(), ["vm 0.6.0 0.6.1"]);
    assert_eq!(fixed.repo.relman_with(&clone, &["bump", "major", "-n", "--json"], &[]).exits(4).refusals(), ["branch"]);
}

#[test]
fn what_cannot_be_fixed_is_refused() {
    let fixed = Fixed::new("");
    let repo = &fixed.repo;
    repo.idle(&["hotfix", "start", "v9.0.0"]).exits(2).says(&["the tag `v9.0.0` was not found"]);
    repo.idle(&["hotfix", "start", "vn"]).exits(2).says(&["package `vn` not found", "did you mean `vm`"]);
    repo.idle(&["hotfix", "start", "v0.6.0", "--name", "!"]).exits(2).says(&["`!` has no letter and no digit"]);
    repo.idle(&["hotfix", "finish", "-y"]).exits(4).says(&["HEAD is on `main`, and hotfixes are on branches named"]);
    repo.git(&["tag", "v0.8.0-alpha.1"]);
    repo.idle(&["hotfix", "start", "v0.8.0-alpha.1"]).exits(2).says(&["is a prerelease"]);
    fixed.fix("leak");
    repo.idle(&["hotfix", "start", "v0.6.0", "--name", "leak"])
        .exits(4)
        .says(&["exists already", "git switch hotfix/v0.6.0-leak"]);
    repo.write("src/a", "dirty\n");
    let ran = repo.idle(&["hotfix", "finish", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["dirty"]);
    repo.write("relman.toml", &format!("{CONFIG}[hotfix]\nbranch = \"{{slug}}\"\n"));
    repo.idle(&["hotfix", "start", "v0.6.0"]).exits(2).says(&["cannot be told from others", "relman.toml"]);
    // What is configured by now was not at the tag.
    repo.git(&["checkout", "-q", "."]);
    repo.git(&["switch", "-q", "main"]);
    repo.commit(&[("relman.toml", &format!("{CONFIG}[hotfix]\nbranch = \"fix/{{slug}}\"\n"))]);
    let ran = repo.relman(&["hotfix", "start", "v0.6.0"]);
    ran.exits(0).says(&["relman.toml of v0.6.0 does not know `fix/fix`", "git checkout main -- relman.toml"]);
}

#[test]
fn a_patch_may_be_released_where_the_fix_came_back_to() {
    let back = "[hotfix]\nbranch = \"fix/{slug}\"\nback = [\"main\"]\nrelease = \"back\"\n";
    let fixed = Fixed::released(back);
    let repo = &fixed.repo;
    repo.relman(&["hotfix", "start", "v0.6.0", "--name", "leak"]).exits(0).says(&["relman hotfix finish"]);
    fixed.fragment("leak.fixed.md", "- the leak\n");
    assert_eq!(repo.git(&["branch", "--show-current"]), "fix/leak");
    let ran = repo.idle(&["bump", "patch", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["branch"]);
    ran.says(&["brought back before it is released"]);
    repo.relman(&["hotfix", "finish", "-y"]).exits(0).says(&["relman bump patch && relman release"]);
    repo.git(&["switch", "-q", "main"]);
    repo.git(&["pull", "-q", "--ff-only"]);
    repo.relman(&["bump", "patch", "-y"]).exits(0);
    repo.relman(&["release", "-y"]).exits(0);
    assert_eq!(fixed.there("v0.6.1"), fixed.there("main"));
    assert!(fixed.shows("main", "CHANGELOG.md").contains("- the leak"));
    // Once main has moved on, no patch of the old line can be released there.
    repo.relman(&["release", "minor", "alpha", "-y"]).exits(0);
    let ran = repo.idle(&["hotfix", "start", "v0.6.1"]);
    ran.exits(4).says(&["`main` has moved on to 0.7.0-alpha.1", "release = \"branch\""]);
}

#[test]
fn a_hotfix_from_production_comes_back_to_both_branches() {
    let flow =
        "production = \"main\"\nintegration = \"dev\"\n[hotfix]\nbranch = \"fix/{slug}\"\nfrom = \"production\"\n";
    let fixed = Fixed::released(flow);
    let repo = &fixed.repo;
    repo.git(&["push", "-q", "origin", "main:dev"]);
    repo.commit(&[("CNAME", "example.org\n")]);
    repo.git(&["push", "-q", "origin", "main"]);
    repo.git(&["switch", "-q", "-c", "dev", "origin/dev"]);
    fixed.fragment("feature.added.md", "- a feature\n");
    repo.relman(&["prepare", "minor", "--push", "-y"]).exits(0);
    repo.relman(&["hotfix", "start", "vm", "--name", "leak"]).exits(0).says(&["fix/leak starts at main"]);
    assert_eq!(repo.read("CNAME").as_deref(), Some("example.org\n"));
    fixed.fragment("leak.fixed.md", "- the leak\n");
    repo.relman(&["bump", "patch", "-y"]).exits(0);
    repo.relman(&["release", "-y"]).exits(0);
    assert_eq!(fixed.there("v0.6.1"), fixed.there("fix/leak"));
    assert_ne!(fixed.there("v0.6.1"), fixed.there("main"), "it is merged by finish");
    // On another branch, and so on another machine, there is nothing left to do for it.
    repo.git(&["switch", "-q", "main"]);
    repo.relman(&["release", "v0.6.1", "-y"]).exits(0).says(&["is out already"]);
    repo.git(&["switch", "-q", "fix/leak"]);
    repo.relman(&["hotfix", "finish", "-y"]).exits(0).says(&["2 pushes"]);
    assert_eq!((fixed.shows("main", "VERSION"), fixed.shows("dev", "VERSION")), ("0.6.1".into(), "0.7.0".into()));
    let changelog = fixed.shows("dev", "CHANGELOG.md");
    let order: Vec<&str> = changelog.lines().filter(|line| line.starts_with("## [")).map(|line| &line[3..10]).collect();
    assert_eq!(order, ["[Unrele", "[0.7.0]", "[0.6.1]", "[0.6.0]"], "{changelog}");
    // What was prepared goes on as if nothing had been between.
    repo.git(&["switch", "-q", "dev"]);
    repo.git(&["pull", "-q", "--ff-only", "origin", "dev"]);
    repo.relman(&["release", "-y"]).exits(0);
    assert_eq!(fixed.there("v0.7.0"), fixed.there("main"));
    // And 0.6.1 is where it was, on whatever machine it is asked for.
    repo.relman(&["release", "v0.6.1", "-y"]).exits(0).says(&["is out already"]);
    let ran = repo.idle(&["hotfix", "start", "v0.6.1", "--name", "late"]);
    ran.exits(4).says(&["`main` has moved on to 0.7.0"]);
}

#[test]
fn a_push_that_was_refused_is_resumed() {
    let fixed = Fixed::new("");
    fixed.fix("leak");
    fixed.repo.git(&["push", "-q", "origin", "main:other"]);
    let config = fixed.repo.read("relman.toml").unwrap();
    fixed.repo.commit(&[("relman.toml", &format!("{config}[hotfix]\nback = [\"main\", \"other\"]\n"))]);
    fixed.repo.relman(&["bump", "patch", "-y"]).exits(0);
    let hook = fixed.server.join("hooks/update");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\ncase $1 in refs/heads/other) echo not today; exit 1;; esac\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    fixed.repo.relman(&["hotfix", "finish", "-y"]).exits(6).says(&["not today", "relman resume"]);
    let main = fixed.there("main");
    assert_eq!(fixed.shows("main", "VERSION"), "0.7.0");
    std::fs::remove_file(&hook).unwrap();
    fixed.repo.relman(&["resume"]).exits(0);
    assert_eq!((fixed.there("main"), fixed.shows("other", "src/a")), (main, "1\n2\n3 fixed".into()));
    fixed.repo.idle(&["hotfix", "finish", "-y"]).exits(0).says(&["nothing is left"]);
}

#[test]
fn a_group_and_what_its_members_require_come_back_together() {
    let config = "\
[workspace]
branches = [\"main\"]
[packages.platform]
tag-prefix = \"v\"
paths = [\"api/**\"]
manifests = [\"api/package.json\", { path = \"api/about.py\", search = 'SHIPPED = \"{date:%Y-%m-%d}\"' }]
[packages.platform.changelog]
path = \"CHANGELOG.md\"
[packages.scheduler]
tag-prefix = \"scheduler-v\"
paths = [\"scheduler/**\"]
manifests = [\"scheduler/pyproject.toml\"]
[packages.scheduler.changelog]
path = \"scheduler/CHANGELOG.md\"
fragments = \"\"
empty = \"_Nothing._\"
[packages.web]
tag-prefix = \"web-v\"
paths = [\"web/**\"]
manifests = [\"web/package.json\"]
[groups.suite]
fixed = [\"platform\", \"scheduler\", \"web\"]
";
    let web = "{\n  \"name\": \"web\",\n  \"version\": \"0.1.0\",\n  \"dependencies\": { \"api\": \"0.1.0\" }\n}\n";
    let head = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- old\n";
    let repo = Repo::with(&[
        ("relman.toml", config),
        ("api/package.json", "{\n  \"name\": \"api\",\n  \"version\": \"0.1.0\"\n}\n"),
        ("api/about.py", "SHIPPED = \"2026-01-01\"\n"),
        ("scheduler/pyproject.toml", "[project]\nname = \"scheduler\"\nversion = \"0.1.0\"\n"),
        ("web/package.json", web),
        ("CHANGELOG.md", head),
        ("scheduler/CHANGELOG.md", head),
        ("changelog.d/README.md", "x\n"),
    ]);
    let server = repo.outside().join("server.git");
    repo.git(&["init", "-q", "--bare", "-b", "main", server.to_str().unwrap()]);
    repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
    for tag in ["v0.1.0", "scheduler-v0.1.0", "web-v0.1.0"] {
        repo.git(&["tag", tag]);
    }
    repo.git(&["push", "-q", "-u", "origin", "main", "--tags"]);
    let fixed = Fixed { repo, server };
    let repo = &fixed.repo;
    let bump = |words: &[&str], day: &str| {
        repo.relman(&[&["bump", "-g", "suite", "-y", "--date", day], words].concat()).exits(0);
    };
    fixed.fragment("feature.added.md", "- a feature\n");
    bump(&["minor", "alpha"], "2026-02-02");
    repo.git(&["push", "-q", "origin", "main", "--tags"]);
    repo.relman(&["hotfix", "start", "v0.1.0", "--name", "leak"]).exits(0);
    fixed.fragment("leak.fixed.md", "- the leak\n");
    bump(&["alpha"], "2026-02-03");
    assert!(repo.read("scheduler/pyproject.toml").unwrap().contains("version = \"0.1.1a1\""));
    bump(&["release"], "2026-02-04");
    repo.relman(&["release", "-y"]).exits(0);
    assert_eq!(fixed.there("web-v0.1.1"), repo.git(&["rev-parse", "HEAD"]));
    repo.relman(&["hotfix", "finish", "-y"]).exits(0);
    assert!(fixed.shows("main", "scheduler/pyproject.toml").contains("version = \"0.2.0a1\""));
    let web = fixed.shows("main", "web/package.json");
    assert!(web.contains("\"version\": \"0.2.0-alpha.1\"") && web.contains("\"api\": \"0.2.0-alpha.1\""), "{web}");
    assert_eq!(fixed.shows("main", "api/about.py"), "SHIPPED = \"2026-02-02\"");
    for changelog in ["CHANGELOG.md", "scheduler/CHANGELOG.md"] {
        let text = fixed.shows("main", changelog);
        let order: Vec<&str> = text.lines().filter(|line| line.starts_with("## [")).map(|line| &line[3..10]).collect();
        assert_eq!(order, ["[Unrele", "[0.1.1]", "[0.1.0]"], "{text}");
    }
    let left = repo.git_in(&fixed.server, &["ls-tree", "--name-only", "main", "changelog.d/"]);
    assert!(left.contains("feature.added.md") && !left.contains("leak"), "{left}");
    repo.git(&["switch", "-q", "main"]);
    repo.git(&["pull", "-q", "--ff-only"]);
    repo.relman(&["check"]).exits(0);
    let plan = repo.idle(&["bump", "-g", "suite", "release", "-n", "--json"]).exits(0).bumps();
    assert_eq!(plan[0], "platform 0.2.0-alpha.1 0.2.0");
}

#[test]
fn what_comes_next_names_the_package_or_the_group_where_there_are_several() {
    let config = "[workspace]\nmembers = [\"*\"]\n[groups.suite]\nfixed = [\"a\", \"b\"]\n";
    let manifest = |name: &str| format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\"}}\n");
    let (a, b, c) = (manifest("a"), manifest("b"), manifest("c"));
    let repo =
        Repo::with(&[("relman.toml", config), ("a/package.json", &a), ("b/package.json", &b), ("c/package.json", &c)]);
    ["a-v1.0.0", "b-v1.0.0", "c-v1.0.0"].iter().for_each(|tag| drop(repo.git(&["tag", tag])));
    for (tag, name) in [("a-v1.0.0", "suite"), ("c-v1.0.0", "c")] {
        let bump = format!("relman bump {name} patch &&");
        repo.relman(&["hotfix", "start", tag]).exits(0).says(&[&bump]);
        repo.relman(&["bump", name, "patch", "-y"]).exits(0);
        repo.git(&["switch", "-q", "main"]);
    }
}
