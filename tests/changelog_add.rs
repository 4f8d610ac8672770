//! `relman changelog add` and `check`: a fragment is written, and missed where there is none.

use crate::support::program::Ran;
use crate::support::repo::Repo;

const CONFIG: &str = "[workspace]\nbranches = [\"main\"]\n[packages.api]\npath = \"api\"\n[packages.web]\npath = \"web\"\n[packages.tool]\npath = \"tool\"\nchangelog = \"tool/NEWS.md\"\n";

/// Two packages that share a folder of fragments, and one with its own; on a branch that left main.
fn repo(more: &str) -> Repo {
    let config = format!("{CONFIG}{more}");
    let manifest = |name: &str| format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\"}}\n");
    let repo = Repo::with(&[
        ("relman.toml", config.as_str()),
        ("api/package.json", &manifest("api")),
        ("web/package.json", &manifest("web")),
        ("tool/package.json", &manifest("tool")),
    ]);
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "start"]);
    repo.git(&["branch", "-M", "main"]);
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo
}

const SHARED: &str =
    "[changelog]\nfragments = \"changelog.d\"\n[packages.tool.changelog]\nfragments = \"tool/changelog.d\"\n";

fn shared() -> Repo {
    let config = CONFIG.replace("changelog = \"tool/NEWS.md\"\n", "");
    let repo = repo("");
    repo.commit(&[("relman.toml", &format!("{config}{SHARED}"))]);
    repo.git(&["branch", "-f", "main"]);
    repo
}

fn path(ran: &Ran) -> String {
    ran.exits(0).out.trim_end().to_owned()
}

#[test]
fn a_fragment_names_its_packages_where_others_share_the_folder() {
    let repo = shared();
    let add = |args: &[&str]| path(&repo.relman(&[&["changelog", "add"], args].concat()));
    let one = add(&["-p", "api", "-t", "added", "-m", "The Clock, at last."]);
    assert_eq!(one, "changelog.d/+the-clock-at-last.added.md");
    assert_eq!(repo.read(&one).unwrap(), "---\npackages: [api]\n---\n- The Clock, at last.\n");
    let again =
        add(&["-p", "api", "-p", "web", "--type", "Added", "--message", "The clock: at last", "--level", "none"]);
    assert_eq!(again, "changelog.d/+the-clock-at-last-2.added.md");
    assert_eq!(repo.read(&again).unwrap(), "---\nlevel: none\n---\n- The clock: at last\n");
    let own = add(&["-p", "tool", "-t", "fixed", "-m", "- One.\n- Two.", "--slug", "#12"]);
    assert_eq!((own.as_str(), repo.read(&own).unwrap().as_str()), ("tool/changelog.d/12.fixed.md", "- One.\n- Two.\n"));
    assert_eq!(add(&["-p", "tool", "-t", "fixed", "-m", "x", "--slug", "12"]), "tool/changelog.d/12.2.fixed.md");
    assert_eq!(add(&["-p", "tool", "-t", "fixed", "-m", "x", "--slug", "board"]), "tool/changelog.d/board.fixed.md");
    repo.relman(&["check"]).exits(0);
    repo.idle(&["changelog", "add", "-p", "api", "-t", "fixed", "-m", "x", "-n"])
        .exits(0)
        .says(&["+x.fixed.md", "- x"]);
}

#[test]
fn the_working_directory_says_which_package_changed() {
    let repo = shared();
    repo.write("web/src/x.js", "");
    let add = |folder: &str| {
        let folder = repo.root().join(folder);
        repo.relman_with(&folder, &["changelog", "add", "-t", "fixed", "-m", "x"], &[])
    };
    assert_eq!(path(&add("tool")), "tool/changelog.d/+x.fixed.md");
    let of_web = path(&add("web/src"));
    assert_eq!(repo.read(&of_web).unwrap(), "---\npackages: [web]\n---\n- x\n");
    add(".").exits(2).says(&["missing: --package PACKAGE"]);
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let repo = shared();
    let cases: [(&[&str], i32, &[&str]); 9] = [
        (&[], 2, &["--package PACKAGE, --type TYPE, --message TEXT"]),
        (&["-p", "api", "-m", "x"], 2, &["missing: --type TYPE"]),
        (&["-p", "apo", "-t", "added", "-m", "x"], 2, &["package `apo` not found", "did you mean `api`"]),
        (&["-p", "api", "-t", "add", "-m", "x"], 2, &["unknown change type `add`", "did you mean `added`"]),
        (&["-p", "api", "-t", "added", "-m", "x", "--level", "big"], 2, &["invalid value 'big'"]),
        (&["-p", "api", "-t", "added", "-m", "x", "--slug", "../x"], 2, &["`../x` has a path in it"]),
        (&["-p", "api", "-t", "added", "-m", " \n"], 2, &["no text was given"]),
        (&["-p", "api", "-t", "added", "-m", "- x\n\n## 1.0.0"], 2, &["a heading of level 2"]),
        (&["-p", "api", "-t", "added", "-m", "- x\n```"], 2, &["leaves a code fence open"]),
    ];
    for (args, code, words) in cases {
        repo.idle(&[&["changelog", "add"], args].concat()).exits(code).says(words);
    }
    let none = self::repo("");
    none.idle(&["changelog", "add", "-p", "api", "-t", "added", "-m", "x"])
        .exits(2)
        .says(&["`api` keeps no changelog"]);
    // The one package with a changelog need not be named; and a file that stands there is never written over.
    assert_eq!(path(&none.relman(&["changelog", "add", "-t", "added", "-m", "x"])), "tool/changelog.d/+x.added.md");
    none.write(".gitignore", "*.fixed.md\n");
    none.write("tool/changelog.d/+X.fixed.md", "");
    let other = path(&none.relman(&["changelog", "add", "-t", "fixed", "-m", "x", "--slug", "y"]));
    assert_eq!(other, "tool/changelog.d/y.fixed.md");
}

#[cfg(unix)]
#[test]
fn the_text_may_come_from_the_editor() {
    let repo = shared();
    let run = |editor: &str, message: &[&str]| {
        let args = [&["changelog", "add", "-p", "tool", "-t", "added", "--edit"], message].concat();
        repo.relman_with(repo.root(), &args, &[("GIT_EDITOR", editor)])
    };
    let made = path(&run("printf 'typed in\\n' >", &[]));
    assert_eq!(
        (made.as_str(), repo.read(&made).unwrap().as_str()),
        ("tool/changelog.d/+typed-in.added.md", "- typed in\n")
    );
    let kept = path(&run("true", &["-m", "given"]));
    assert_eq!(repo.read(&kept).unwrap(), "- given\n");
    run("true", &[]).exits(2).says(&["no text was given"]);
    run("exit 3; true", &["-m", "x"]).exits(1).says(&["the editor", "failed"]);
    assert!(!repo.root().join(".git/RELMAN_CHANGE.md").exists());
}

#[test]
fn a_branch_brings_a_fragment_for_each_package_that_it_changes() {
    let repo = shared();
    let check = |args: &[&str]| repo.idle(&[&["changelog", "check"], args].concat());
    check(&[]).exits(0).says(&["no package with a changelog changed since main"]);
    repo.commit(&[
        ("api/a.js", "1"),
        ("api/b.js", "1"),
        ("api/c.js", "1"),
        ("api/d.js", "1"),
        ("web/a.js", "1"),
        ("README.md", "1"),
    ]);
    let ran = check(&["--since", "main"]);
    ran.exits(3).says(&[
        "no-fragment: `api` changed since main without a fragment: api/a.js, api/b.js, api/c.js and 1 more",
        "relman changelog add -p api",
        "relman changelog add -p web",
        "2 findings",
    ]);
    let json = check(&["--json"]).exits(3).json();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["packages"][1]["files"][0], "web/a.js");
    assert_eq!(json["findings"][0]["code"], "no-fragment");
    // A fragment that git does not know yet counts, a file of a package does not.
    repo.relman(&["changelog", "add", "-p", "api", "-t", "added", "-m", "x"]).exits(0);
    repo.write("tool/new.js", "1");
    check(&[]).exits(3).says(&["`web` changed", "1 finding"]);
    repo.git(&["add", "tool/new.js"]);
    check(&[]).exits(3).says(&["`web` changed", "`tool` changed", "2 findings"]);
    repo.relman(&["changelog", "add", "-p", "web", "-p", "tool", "-t", "added", "-m", "y"]).exits(0);
    repo.commit(&[]);
    check(&[]).exits(0).says(&["3 packages changed since main, each with a fragment"]);
    repo.write("changelog.d/z.add.md", "- z\n");
    check(&[]).exits(3).says(&["fragment: unknown change type `add`"]);
}

#[test]
fn what_was_on_main_before_is_not_the_branchs() {
    let repo = shared();
    repo.git(&["checkout", "-q", "main"]);
    repo.commit(&[("changelog.d/old.added.md", "- old\n")]);
    repo.git(&["checkout", "-q", "topic"]);
    repo.commit(&[("api/a.js", "1")]);
    repo.git(&["merge", "-q", "--no-edit", "main"]);
    repo.git(&["checkout", "-q", "main"]);
    repo.commit(&[("web/a.js", "1")]);
    repo.git(&["checkout", "-q", "topic"]);
    repo.report(&["changelog", "check"]).exits(3).finds(&["no-fragment api/a.js"]);
    // A changed fragment counts, a deleted one does not.
    repo.git(&["rm", "-q", "changelog.d/old.added.md"]);
    repo.idle(&["changelog", "check"]).exits(3);
    repo.commit(&[("changelog.d/old.added.md", "- old and new\n")]);
    repo.idle(&["changelog", "check"]).exits(0);
}

#[test]
fn what_a_release_took_is_told() {
    let repo = shared();
    repo.commit(&[("tool/a.js", "1"), ("tool/changelog.d/1.fixed.md", "- x\n")]);
    repo.relman(&["bump", "-p", "tool", "patch", "-y", "--allow-branch"]).exits(0);
    repo.idle(&["changelog", "check"]).exits(0).says(&["no package with a changelog changed"]);
    repo.commit(&[("tool/a.js", "2"), ("api/a.js", "1")]);
    repo.report(&["changelog", "check"]).exits(3).finds(&["no-fragment api/a.js", "no-fragment tool/a.js"]);
}

#[test]
fn branches_may_be_exempt_and_packages_without_a_changelog_are() {
    let repo = repo("[changelog]\nexempt = [\"renovate/*\"]\n");
    repo.commit(&[("api/a.js", "1")]);
    repo.idle(&["changelog", "check"]).exits(3);
    repo.git(&["branch", "-m", "renovate/x"]);
    repo.idle(&["changelog", "check"]).exits(0).says(&["exempt"]);
    let without = self::repo("");
    without.commit(&[("api/a.js", "1")]);
    without.idle(&["changelog", "check"]).exits(0);
    without.commit(&[("tool/NEWS.md", "# News\n")]);
    without.idle(&["changelog", "check"]).exits(0);
    without.commit(&[("tool/a.js", "1")]);
    without.report(&["changelog", "check"]).exits(3).finds(&["no-fragment tool/a.js"]);
}

#[test]
fn nothing_to_compare_with_is_said_with_the_remedy() {
    let repo = shared();
    repo.report(&["changelog", "check", "--since", "origin/main"])
        .exits(2)
        .finds(&["revision"])
        .says(&["git fetch origin main"]);
    repo.idle(&["changelog", "check", "--since", "--all"]).exits(2);
    repo.git(&["branch", "-D", "-q", "main"]);
    repo.report(&["changelog", "check"])
        .exits(2)
        .finds(&["revision"])
        .says(&["not found: origin/HEAD, origin/main, main"]);
    repo.git(&["checkout", "-q", "--orphan", "other"]);
    repo.git(&["commit", "-q", "-m", "other"]);
    repo.report(&["changelog", "check", "--since", "topic"]).exits(2).finds(&["revision"]);
}
