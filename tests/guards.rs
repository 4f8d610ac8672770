//! Guards: why a release is refused, all reasons at once, with nothing written; and failures that are undone.

use std::fs;

use relman::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use relman::io::Git;

use crate::support::repo::Repo;

const CONFIG: &str =
    "[workspace]\nbranches = [\"main\", \"release/*\"]\n[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n";

fn sample() -> Repo {
    Repo::with(&[
        ("relman.toml", CONFIG),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        ("b/package.json", "{ \"name\": \"b\", \"version\": \"1.0.0\" }\n"),
        ("a/code.js", "1\n"),
        ("b/code.js", "1\n"),
        ("README.md", "sample\n"),
    ])
}

/// Holds a request to these refusals: as a plan, as JSON, and when it is carried out.
#[track_caller]
fn refused(repo: &Repo, args: &[&str], codes: &[&str]) {
    refused_dry(repo, args, codes);
    let mut real = vec!["bump", "-y"];
    real.extend(args);
    let said = repo.idle(&real);
    said.exits(4).says(&["refused: ", "help: "]);
    assert_eq!(said.err.matches("refused: ").count(), codes.len(), "{}", said.err);
    let mut plan = vec!["plan"];
    plan.extend(args);
    repo.idle(&plan).exits(4);
}

#[track_caller]
fn refused_dry(repo: &Repo, args: &[&str], codes: &[&str]) {
    let all = [&["bump", "-n", "--json"][..], args].concat();
    assert_eq!(repo.idle(&all).exits(4).refusals(), codes, "{args:?}");
}

#[track_caller]
fn allowed(repo: &Repo, args: &[&str]) {
    let mut dry = vec!["bump", "-n", "--json"];
    dry.extend(args);
    assert_eq!(repo.idle(&dry).exits(0).refusals(), Vec::<String>::new(), "{args:?}");
}

#[test]
fn a_tag_in_the_way_of_the_folder_of_another_is_refused_in_the_plan() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\npath = \"a\"\ntag = \"{name}/v{version}\"\n"),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
    ]);
    repo.git(&["tag", "a"]);
    refused(&repo, &["minor"], &["tag-exists"]);
    allowed(&repo, &["minor", "--no-tag"]);
    repo.git(&["tag", "-d", "a"]);
    repo.git(&["tag", "a/v1.1.0/notes"]);
    refused(&repo, &["minor"], &["tag-exists"]);
    allowed(&repo, &["major"]);
    // The same among packed refs.
    repo.git(&["pack-refs", "--all"]);
    refused(&repo, &["minor"], &["tag-exists"]);
    // Where the file system does not tell cases apart, neither do names.
    repo.git(&["tag", "A/V2.0.0"]);
    allowed(&repo, &["major"]);
    repo.git(&["config", "core.ignorecase", "true"]);
    refused(&repo, &["major"], &["tag-exists"]);
}

#[test]
fn tags_of_one_run_that_are_in_each_others_way_are_refused() {
    let config = "[workspace]\ntag = \"{name}-v{version}\"\n[packages.a]\npath = \"a\"\n[packages.A]\npath = \"b\"\n";
    let repo = sample();
    repo.commit(&[("relman.toml", config)]);
    allowed(&repo, &["--all", "minor"]);
    repo.git(&["config", "core.ignorecase", "true"]);
    refused(&repo, &["--all", "minor"], &["tag-exists"]);
    // Templates that give one version to a tag and to a folder of it are a mistake of relman.toml.
    for (a, b) in [("v{version}", "v{version}/b"), ("v{version}/a", "v{version}")] {
        let config = format!("[packages.a]\npath = \"a\"\ntag = \"{a}\"\n[packages.b]\npath = \"b\"\ntag = \"{b}\"\n");
        repo.commit(&[("relman.toml", &config)]);
        repo.report(&["status"])
            .exits(2)
            .finds(&["config-conflict relman.toml:6:7"])
            .says(&["git cannot hold a tag and a folder of tags"]);
    }
}

#[test]
fn a_tag_that_git_cannot_hold_is_refused_in_the_plan() {
    let name = "x".repeat(245);
    let config = format!("[packages.{name}]\npath = \"a\"\n[packages.b]\npath = \"b\"\n");
    let repo = sample();
    repo.commit(&[("relman.toml", &config)]);
    refused(&repo, &["--all", "minor"], &["tag-name"]);
    allowed(&repo, &["--all", "minor", "--no-tag"]);
    allowed(&repo, &["-pb", "minor"]);
    repo.idle(&["status"]).exits(0);
    refused(&repo, &["-pb", "2.0.0-rc.lock"], &["tag-name"]);
}

#[test]
fn a_tag_that_exists() {
    let repo = sample();
    repo.git(&["tag", "a-v1.1.0"]);
    refused(&repo, &["-pa", "minor"], &["not-higher", "tag-exists"]);
    refused(&repo, &["-pa", "1.1.0"], &["tag-exists"]);
    // Of two tags one exists: none is made.
    refused(&repo, &["--all", "1.1.0"], &["tag-exists"]);
    assert_eq!(repo.tags(), ["a-v1.1.0"]);
    allowed(&repo, &["-pa", "1.1.1"]);
}

#[test]
fn a_tag_on_another_branch_is_not_followed_but_occupies() {
    let repo = sample();
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.commit(&[("x", "")]);
    repo.git(&["tag", "a-v1.1.0"]);
    repo.git(&["checkout", "-q", "main"]);
    refused(&repo, &["-pa", "minor"], &["tag-exists"]);
    allowed(&repo, &["-pa", "major"]);
    let told = "so ignored: a-v1.1.0";
    assert!(repo.idle(&["status", "--json"]).says(&[told]).json()["packages"][0]["tag"].is_null());
    repo.idle(&["bump", "-n", "-pa", "major"]).exits(0).says(&[told]);
    assert_eq!(repo.idle(&["status", "-q"]).exits(0).err, "");
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_dirty_tree() {
    let repo = sample();
    repo.write("README.md", "changed\n");
    refused(&repo, &["-pa", "minor"], &["dirty"]);
    allowed(&repo, &["-pa", "minor", "--allow-dirty"]);
    repo.git(&["checkout", "-q", "."]);
    // What the plan edits is never dirty, staged or not.
    repo.write("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\", \"x\": 1 }\n");
    refused(&repo, &["-pa", "minor", "--allow-dirty"], &["dirty"]);
    repo.git(&["add", "-A"]);
    refused(&repo, &["-pa", "minor", "--allow-dirty"], &["dirty"]);
    // Dirt is guarded for the selected packages only.
    allowed(&repo, &["-pb", "minor"]);
    repo.git(&["reset", "-q", "--hard"]);
    repo.write("a/code.js", "2\n");
    refused(&repo, &["-pa", "minor"], &["dirty"]);
    allowed(&repo, &["-pb", "minor"]);
    repo.git(&["reset", "-q", "--hard"]);
    // Untracked files do not count.
    repo.write("a/new.js", "2\n");
    allowed(&repo, &["-pa", "minor"]);
    // A tracked file that is gone does.
    fs::remove_file(repo.root().join("a/code.js")).unwrap();
    refused(&repo, &["-pa", "minor"], &["dirty"]);
}

#[test]
fn a_manifest_that_git_does_not_know() {
    let repo = Repo::with(&[("relman.toml", "[workspace]\nmembers = [\"p\"]\n")]);
    repo.write("p/package.json", "{ \"name\": \"p\", \"version\": \"1.0.0\" }\n");
    refused(&repo, &["minor"], &["dirty"]);
    let ran = repo.relman(&["bump", "minor", "--yes"]);
    assert!(ran.err.contains("git does not track p/package.json"), "{}", ran.err);
    assert_eq!(repo.relman(&["bump", "minor", "--yes", "--no-commit"]).code, 0);
}

#[test]
fn a_lock_file_that_git_ignores_is_left_alone() {
    let repo = Repo::with(&[
        (".gitignore", "Cargo.lock\n"),
        ("relman.toml", "[workspace]\nmembers = [\"p\"]\n"),
        ("p/Cargo.toml", "[package]\nname = \"p\"\nversion = \"1.0.0\"\n"),
    ]);
    let lock = "version = 4\n\n[[package]]\nname = \"p\"\nversion = \"1.0.0\"\n";
    repo.write("p/Cargo.lock", lock);
    repo.write("Cargo.lock", lock);
    assert_eq!(repo.relman(&["bump", "minor", "--yes"]).code, 0);
    assert_eq!(repo.read("p/Cargo.lock").as_deref(), Some(lock));
    assert_eq!(repo.relman(&["check"]).code, 0);
    repo.git(&["add", "--force", "p/Cargo.lock"]);
    assert_eq!(repo.relman(&["check"]).code, 3, "a tracked lock file counts, ignored or not");
}

#[test]
fn a_configuration_without_packages() {
    let repo = Repo::with(&[("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"), ("p/a/README.md", "a\n")]);
    for command in [&["status"][..], &["check"], &["bump", "minor", "--yes"]] {
        let ran = repo.relman(command);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("names no package") && ran.err.contains("p/a: it holds no manifest"), "{}", ran.err);
    }
}

#[test]
fn a_file_that_git_was_told_not_to_look_at() {
    let repo = sample();
    for (set, unset) in [("--assume-unchanged", "--no-assume-unchanged"), ("--skip-worktree", "--no-skip-worktree")] {
        repo.git(&["update-index", set, "a/package.json", "b/code.js"]);
        refused(&repo, &["-pa", "minor"], &["dirty"]);
        repo.idle(&["bump", "-y", "-pa", "minor", "--allow-dirty"]).exits(4).says(&["a/package.json", unset]);
        allowed(&repo, &["-pb", "minor"]);
        repo.git(&["update-index", unset, "a/package.json", "b/code.js"]);
    }
    allowed(&repo, &["-pa", "minor"]);
}

#[test]
fn a_wrong_branch_and_no_branch() {
    let repo = sample();
    repo.git(&["checkout", "-q", "-b", "topic"]);
    refused(&repo, &["-pa", "minor"], &["branch"]);
    allowed(&repo, &["-pa", "minor", "--allow-branch"]);
    repo.git(&["checkout", "-q", "-b", "release/1.x"]);
    allowed(&repo, &["-pa", "minor"]);
    repo.git(&["checkout", "-q", "--detach"]);
    refused(&repo, &["-pa", "minor"], &["detached"]);
    repo.relman(&["bump", "-y", "-pa", "minor", "--allow-branch"]).exits(0);
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), repo.git(&["rev-parse", "a-v1.1.0^{commit}"]));
    assert_ne!(repo.git(&["rev-parse", "HEAD"]), repo.git(&["rev-parse", "main"]));
}

#[test]
fn drift_is_guarded_for_the_selected_packages() {
    let repo = sample();
    repo.commit(&[
        ("a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.1\"\n"),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
    ]);
    refused(&repo, &["-pa", "minor"], &["drift"]);
    repo.idle(&["bump", "-y", "-pa", "minor"]).says(&["a/package.json", "a/Cargo.toml", "relman check --fix"]);
    allowed(&repo, &["-pb", "minor"]);
    repo.relman(&["check", "--fix"]).exits(0);
    assert!(repo.read("a/package.json").unwrap().contains("1.0.1"));
}

#[test]
fn a_package_behind_its_tag_takes_an_explicit_version_only() {
    let repo = sample();
    repo.git(&["tag", "a-v2.0.0"]);
    refused(&repo, &["-pa", "minor"], &["not-higher"]);
    repo.idle(&["bump", "-y", "-pa", "minor"]).says(&["a-v2.0.0", "explicit version"]);
    allowed(&repo, &["-pa", "2.0.1"]);
}

#[test]
fn all_reasons_are_told_at_once() {
    let repo = sample();
    repo.commit(&[("b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"1.0.1\"\n")]);
    repo.git(&["tag", "a-v1.1"]);
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write("README.md", "changed\n");
    fs::write(repo.root().join(".git/index.lock"), "").unwrap();
    let asks = ["-pa=1.1.0", "-pb=release"];
    refused(&repo, &asks, &["branch", "dirty", "locked", "drift", "tag-exists", "already-stable"]);
}

#[test]
fn the_lock_of_the_index_that_git_works_on_counts() {
    let repo = sample();
    let other = repo.root().join(".git/other-index");
    fs::copy(repo.root().join(".git/index"), &other).unwrap();
    let mut place = Place::find(repo.root(), None).unwrap();
    let plain = place.git.clone();
    let hooked = plain.with_env(vec![("GIT_INDEX_FILE".into(), Some(other.into()))]);
    let mut is_locked = |git: &Git| {
        place.git = git.clone();
        let needs = CaptureNeeds { changes: true, ..CaptureNeeds::default() };
        let snapshot =
            capture(&place, CaptureOptions { needs, staged: false }, &|_, _| ()).map_err(|_| "no snapshot").unwrap();
        snapshot.git.index_locked
    };
    for (locked, free) in [(&plain, &hooked), (&hooked, &plain)] {
        fs::write(locked.index_lock(), "").unwrap();
        assert!(is_locked(locked) && !is_locked(free), "{}", locked.index_lock().display());
        fs::remove_file(locked.index_lock()).unwrap();
    }
}

#[test]
fn a_git_at_work_and_another_relman() {
    let repo = sample();
    fs::write(repo.root().join(".git/index.lock"), "").unwrap();
    refused(&repo, &["-pa", "minor"], &["locked"]);
    repo.idle(&["bump", "-y", "-pa", "minor"]).says(&["index.lock"]);
    fs::remove_file(repo.root().join(".git/index.lock")).unwrap();
    let lock = relman::io::Lock::take(&repo.root().join(".git/relman/lock")).unwrap();
    repo.idle(&["bump", "-y", "-pa", "minor"]).exits(4).says(&["another relman"]);
    drop(lock);
    repo.relman(&["bump", "-y", "-pa", "minor"]).exits(0);
}

#[test]
fn without_a_configuration_nothing_is_released() {
    let repo = Repo::with(&[
        ("package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        ("package-lock.json", "{ \"name\": \"a\", \"version\": \"1.0.1\", \"lockfileVersion\": 1 }\n"),
    ]);
    repo.report(&["check"]).exits(3).finds(&["lock-drift package-lock.json:1:28 1.0.1 1.0.0"]).says(&["relman init"]);
    repo.idle(&["status"]).exits(0).says(&["relman init", "1.0.0"]);
    refused_dry(&repo, &["minor"], &["drift"]);
    repo.report(&["bump", "-y", "minor"]).exits(2).finds(&["usage"]).says(&["relman.toml not found", "relman init"]);
    let config = repo.root().join("nowhere.toml");
    repo.report(&["--config", config.to_str().unwrap(), "status"]).exits(2).finds(&["missing"]).says(&["nowhere.toml"]);
}

#[test]
#[cfg(unix)]
fn a_hook_that_refuses_the_commit() {
    let repo = sample();
    repo.hook("pre-commit", "echo the hook says no >&2; exit 1");
    repo.write("staged", "by somebody else\n");
    repo.git(&["add", "staged"]);
    repo.idle(&["bump", "-y", "-pa", "minor", "--allow-dirty"])
        .exits(1)
        .says(&["the hook says no", "as it was before"]);
    repo.hook("pre-commit", "exit 0");
    repo.hook("commit-msg", "exit 1");
    repo.idle(&["bump", "-y", "-pa", "minor", "--allow-dirty"]).exits(1);
    repo.hook("commit-msg", "exit 0");
    repo.hook("reference-transaction", "test $1 = prepared && grep -q refs/tags/ && exit 1; exit 0");
    repo.idle(&["bump", "-y", "-pa", "minor", "--allow-dirty"]).exits(1);
    repo.hook("reference-transaction", "exit 0");
    repo.relman(&["bump", "-y", "-pa", "minor", "--allow-dirty"]).exits(0);
    assert_eq!(repo.git(&["diff", "--cached", "--name-only"]), "staged");
}

#[test]
fn a_signing_key_that_is_missing() {
    let repo = sample();
    repo.git(&["config", "gpg.program", "no-such-gpg"]);
    for args in [&["bump", "-y", "-pa", "minor", "--sign"][..], &["bump", "-y", "--sign", "-pa", "1.0.0"]] {
        repo.idle(args).exits(1).says(&["error"]);
    }
    repo.git(&["config", "commit.gpgSign", "true"]);
    repo.idle(&["bump", "-y", "-pa", "minor"]).exits(1);
    repo.git(&["config", "commit.gpgSign", "false"]);
    repo.git(&["config", "tag.gpgSign", "true"]);
    repo.idle(&["bump", "-y", "-pa", "minor"]).exits(1);
}

/// The superuser may write anywhere; then the file is one that nobody may replace, and the transaction's own tests cover the rest.
#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_unless_run_by_root() {
    use std::os::unix::fs::PermissionsExt;
    let repo = sample();
    let folder = repo.root().join("a");
    let set = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    if fs::write(folder.join("probe"), "").is_ok() {
        fs::remove_file(folder.join("probe")).unwrap();
        set(0o755);
        return;
    }
    let ran = repo.idle(&["bump", "-y", "--all", "minor"]);
    set(0o755);
    ran.exits(1).says(&["a/package.json"]);
}

#[test]
fn no_identity() {
    let repo = sample();
    repo.git(&["config", "user.useConfigOnly", "true"]);
    let before = repo.state();
    let mut command = repo.command(repo.root(), &["bump", "-y", "-pa", "minor"], &[]);
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        command.env_remove(name);
    }
    let output = command.env("EMAIL", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(repo.state() == before);
}

#[test]
fn a_tag_stands_on_a_commit_that_holds_its_version() {
    let repo = sample();
    repo.write("c/package.json", "{ \"name\": \"c\", \"version\": \"0.1.0\" }\n");
    let config = "[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n[packages.c]\npath = \"c\"\n";
    repo.commit(&[("relman.toml", config)]);
    repo.git(&["rm", "-q", "--cached", "c/package.json"]);
    repo.git(&["commit", "-q", "-m", "chore: the manifest is not tracked"]);
    refused(&repo, &["--all", "auto"], &["dirty"]);
    refused(&repo, &["-pc", "0.1.0"], &["dirty"]);
    refused(&repo, &["-pc", "minor"], &["dirty"]);
    repo.idle(&["bump", "--all", "auto", "-y"]).says(&["git does not track c/package.json"]);
    // The others do not wait for it.
    allowed(&repo, &["-pa", "-pb", "auto"]);
    repo.git(&["add", "-A"]);
    for args in [&["-pc", "0.1.0"][..], &["-pc", "0.1.0", "--allow-dirty"]] {
        refused(&repo, args, &["dirty"]);
    }
    repo.commit(&[]);
    // Nor is a version tagged that only the work tree has.
    repo.write("c/package.json", "{ \"name\": \"c\", \"version\": \"0.2.0\" }\n");
    refused(&repo, &["-pc", "0.2.0", "--allow-dirty"], &["dirty"]);
    repo.commit(&[]);
    repo.relman(&["bump", "--all", "auto", "-y"]).exits(0);
    assert_eq!(repo.tags(), ["a-v1.0.0", "b-v1.0.0", "c-v0.2.0"]);
}
