//! Killed runs: every state in which a kill can leave a repository, finished and taken back.

use std::path::Path;
use std::process::Command;

use relman::apply::{ErrorKind, pending};
use relman::io::Git;
use relman::plan::{FileChanges, ReleasePlan};

use crate::support::draft::Draft;
use crate::support::repo::Repo;
use crate::support::runs::{abort, resume, run};

fn sample() -> Repo {
    Repo::with(&[("a", "a 0.1.0\n"), ("b", "b 0.1.0\n"), ("gone", "gone\n")])
}

fn release(repo: &Repo) -> ReleasePlan {
    let draft = Draft::new(repo).edit("a", "0.1.0", "0.2.0").edit("b", "0.1.0", "0.2.0");
    draft.create("log/new", "new\n").delete("gone").commit().tags(&["a-v2", "b-v2"]).plan
}

/// A repository in which a run was stopped behind the commit and the tags, journal and all: the last instant.
/// A remote that goes away while it is pushed to, and does not answer, keeps the journal there.
fn stopped_at_the_end(repo: &Repo) {
    let mut plan = release(repo);
    plan.outward = Draft::new(repo).push(Some("main"), &["a-v2"]).plan.outward;
    let remote = repo.outside().join("short-lived.git");
    repo.git_in(&repo.outside(), &["init", "-q", "--bare", "short-lived.git"]);
    repo.git(&["remote", "add", "origin", &remote.display().to_string()]);
    goes_away(repo, &format!("rm -rf '{}'", remote.display()));
    let error = run(&plan, &repo.open(), repo.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    // From here on it is a run without pushes.
    let path = repo.root().join(".git/relman/journal.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut journal: serde_json::Value = serde_json::from_str(&text).unwrap();
    journal["outward"] = serde_json::json!([]);
    std::fs::write(&path, journal.to_string()).unwrap();
    let path = repo.root().join(".git/relman/progress.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("{\"push-1\":\"begun\"}", "{}")).unwrap();
    repo.git(&["remote", "remove", "origin"]);
}

/// Answers one push, the rehearsal, and ends at the next one behind a command.
fn goes_away(repo: &Repo, command: &str) {
    let (script, once) = (repo.outside().join("receive"), repo.outside().join("once"));
    let once = once.display();
    let text = format!("test -e '{once}' || {{ touch '{once}'; exec git receive-pack \"$1\"; }}\n{command}\nexit 1\n");
    std::fs::write(&script, text).unwrap();
    repo.git(&["config", "remote.origin.receivepack", &format!("sh '{}'", script.display())]);
}

fn world(repo: &Repo) -> String {
    let mut text = repo.git(&["ls-files", "-s"]);
    text.push_str(&repo.git(&["status", "--porcelain=v2", "--branch", "--untracked-files=all"]));
    text.push_str(&repo.git(&["for-each-ref"]));
    for path in ["a", "b", "gone", "log/new", ".a.relman-new", ".git/index.lock", ".git/relman/journal.json"] {
        text.push_str(&format!("\n{path}: {:?}", repo.read(path)));
    }
    text
}

fn forget_progress(repo: &Repo) {
    let _ = std::fs::remove_file(repo.root().join(".git/relman/progress.json"));
}

fn drop_tags(repo: &Repo) {
    repo.git(&["tag", "-d", "a-v2", "b-v2"]);
}

fn undo_commit(repo: &Repo) {
    repo.git(&["reset", "-q", "--soft", "HEAD^"]);
    repo.git(&["reset", "-q"]);
}

pub type Step = fn(&Repo);

/// The states, each reached from the end backwards.
pub const STATES: [(&str, &[Step]); 9] = [
    ("all done but the journal", &[]),
    ("without the progress", &[drop_tags, forget_progress]),
    ("one tag of two", &[|repo| drop(repo.git(&["tag", "-d", "b-v2"]))]),
    ("no tag", &[drop_tags]),
    (
        "the commit is there and the index is not",
        &[drop_tags, |repo| {
            repo.git(&["reset", "-q", "HEAD^"]);
            repo.git(&["update-ref", "HEAD", "ORIG_HEAD"]);
            // Killed while it held git's lock, which bears its mark.
            repo.write(".git/index.lock", "relman 1-1\n");
            repo.write(".git/index.relman", "half");
        }],
    ),
    ("no commit, all files new", &[drop_tags, forget_progress, undo_commit]),
    ("no commit, the new texts are staged", &[drop_tags, undo_commit, |repo| drop(repo.git(&["add", "-A"]))]),
    (
        "some files",
        &[drop_tags, forget_progress, undo_commit, |repo| {
            repo.write("a", "a 0.1.0\n");
            repo.write("gone", "gone\n");
            repo.write(".a.relman-new", "a 0.2");
        }],
    ),
    (
        "no file",
        &[drop_tags, forget_progress, undo_commit, |repo| {
            repo.write("a", "a 0.1.0\n");
            repo.write("b", "b 0.1.0\n");
            repo.write("gone", "gone\n");
            std::fs::remove_dir_all(repo.root().join("log")).unwrap();
        }],
    ),
];

pub fn in_state(steps: &[Step]) -> Repo {
    let repo = sample();
    stopped_at_the_end(&repo);
    steps.iter().for_each(|step| step(&repo));
    assert!(pending(&repo.open()).is_some());
    repo
}

#[test]
fn resume_finishes_from_every_state() {
    let done = sample();
    run(&release(&done), &done.open(), done.root()).unwrap();
    for (name, steps) in STATES {
        let repo = in_state(steps);
        resume(&repo.open()).unwrap_or_else(|error| panic!("{name}: {error}")).unwrap();
        assert_eq!(world(&repo), world(&done), "{name}");
        assert_eq!(resume(&repo.open()).unwrap(), None);
    }
}

#[test]
fn abort_takes_back_from_every_state() {
    let untouched = sample();
    for (name, steps) in STATES {
        let repo = in_state(steps);
        abort(&repo.open()).unwrap_or_else(|error| panic!("{name}: {error}")).unwrap();
        assert_eq!(world(&repo), world(&untouched), "{name}");
        assert!(!repo.root().join("log").exists());
        assert_eq!(abort(&repo.open()).unwrap(), None);
    }
}

#[test]
fn a_pending_run_keeps_others_out() {
    let repo = in_state(STATES[7].1);
    let mut plan = release(&sample());
    plan.files = FileChanges::default();
    let error = run(&plan, &repo.open(), repo.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.help().unwrap().contains("relman abort"));
}

#[test]
fn what_a_person_edited_is_not_overwritten() {
    for (_, steps) in [STATES[5], STATES[7]] {
        let repo = in_state(steps);
        repo.write("b", "mine\n");
        let before = world(&repo);
        for error in [resume(&repo.open()).unwrap_err(), abort(&repo.open()).unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Interrupted);
            assert!(error.to_string().contains('b'), "{error}");
        }
        assert_eq!(world(&repo), before);
        repo.write("b", "b 0.1.0\n");
        abort(&repo.open()).unwrap().unwrap();
        assert_eq!(world(&repo), world(&sample()));
    }
}

#[test]
fn a_commit_of_somebody_else_is_not_taken_back() {
    let repo = in_state(STATES[5].1);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "mine"]);
    let error = resume(&repo.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().contains("HEAD moved"), "{error}");
    let receipt = abort(&repo.open()).unwrap().unwrap();
    assert!(receipt.words.contains("somebody else moved it"), "{}", receipt.words);
    assert_eq!(repo.git(&["log", "--format=%s"]), "mine\nfeat: begin");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_somebody_committed_on_top_is_not_taken_back() {
    let repo = in_state(STATES[3].1);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "mine"]);
    let error = abort(&repo.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().contains("committed on top"), "{error}");
    resume(&repo.open()).unwrap().unwrap();
    assert_eq!(repo.git(&["rev-parse", "a-v2^{commit}"]), repo.git(&["rev-parse", "HEAD^"]));
    assert_eq!(repo.git(&["log", "-1", "--format=%s"]), "mine");
}

#[test]
fn a_run_of_another_work_tree_is_named_and_left_alone() {
    let repo = in_state(STATES[5].1);
    let other = repo.outside().join("other");
    repo.git(&["worktree", "add", "-q", "--detach", &other.display().to_string(), "HEAD"]);
    let there = Git::discover_with(&other, repo.env()).unwrap();
    assert!(pending(&there).unwrap().help().contains(&repo.root().display().to_string()));
    for error in [resume(&there).unwrap_err(), abort(&there).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert!(error.to_string().contains(&repo.root().display().to_string()), "{error}");
    }
    let plan = Draft::new(&repo).create("more", "").plan;
    let error = run(&plan, &there, &other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    abort(&repo.open()).unwrap().unwrap();
}

#[test]
fn a_rescue_that_cannot_begin_says_that_the_run_is_unfinished() {
    let repo = in_state(STATES[5].1);
    std::fs::remove_file(repo.root().join(".git/relman/lock")).unwrap();
    std::fs::create_dir(repo.root().join(".git/relman/lock")).unwrap();
    for error in [resume(&repo.open()).unwrap_err(), abort(&repo.open()).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        assert!(error.to_string().contains("still unfinished"), "{error}");
    }
}

#[test]
fn an_existing_tag_of_another_object_ends_a_resume_without_harm() {
    let repo = in_state(STATES[3].1);
    repo.git(&["tag", "b-v2", "HEAD^"]);
    let error = resume(&repo.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert_eq!(repo.git(&["tag"]), "b-v2");
    repo.git(&["tag", "-d", "b-v2"]);
    assert_eq!(world(&repo), world(&sample()));
}

/// A work tree with a bare remote whose hook refuses the tag `bad` as long as the file `allow` is missing.
#[cfg(unix)]
fn with_remote() -> (Repo, std::path::PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let repo = sample();
    let remote = repo.outside().join("remote.git");
    repo.git_in(&repo.outside(), &["init", "-q", "--bare", "-b", "main", "remote.git"]);
    repo.git(&["remote", "add", "origin", &remote.display().to_string()]);
    repo.git(&["push", "-q", "origin", "main"]);
    let hook = remote.join("hooks/update");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(
        &hook,
        "#!/bin/sh\ncase $1 in refs/tags/b-v2) test -e allow || { echo 'no bad tags' >&2; exit 1; };; esac\n",
    )
    .unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    (repo, remote)
}

#[cfg(unix)]
fn refs_of(repo: &Repo, remote: &Path) -> String {
    repo.git_in(remote, &["for-each-ref", "--format=%(refname)"])
}

#[cfg(unix)]
#[test]
fn a_push_that_is_refused_whole_is_taken_back() {
    let (repo, remote) = with_remote();
    let before = repo.git(&["rev-parse", "HEAD"]);
    let mut plan = release(&repo);
    plan.outward = Draft::new(&repo).push(Some("main"), &["a-v2", "b-v2"]).plan.outward;
    let error = run(&plan, &repo.open(), repo.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert!(error.to_string().contains("no bad tags"), "{error}");
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), before);
    assert_eq!(repo.git(&["tag"]), "");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(refs_of(&repo, &remote), "refs/heads/main");

    std::fs::write(remote.join("allow"), "").unwrap();
    let receipt = run(&plan, &repo.open(), repo.root()).unwrap();
    assert_eq!(receipt.outward.len(), 1);
    assert_eq!(refs_of(&repo, &remote), "refs/heads/main\nrefs/tags/a-v2\nrefs/tags/b-v2");
    assert_eq!(repo.git_in(&remote, &["rev-parse", "main"]), repo.git(&["rev-parse", "main"]));
}

#[cfg(unix)]
#[test]
fn behind_a_push_that_arrived_there_is_only_resume() {
    let (repo, remote) = with_remote();
    let mut plan = release(&repo);
    plan.outward = Draft::new(&repo).push(Some("main"), &["a-v2"]).push(None, &["b-v2"]).plan.outward;
    let error = run(&plan, &repo.open(), repo.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert_eq!(refs_of(&repo, &remote), "refs/heads/main\nrefs/tags/a-v2");
    assert_eq!(abort(&repo.open()).unwrap_err().kind(), ErrorKind::Interrupted);
    assert_eq!(resume(&repo.open()).unwrap_err().kind(), ErrorKind::Interrupted);
    std::fs::write(remote.join("allow"), "").unwrap();
    // Killed between the push and the note of it: the remote is asked, nothing is sent twice.
    repo.git(&["push", "-q", "origin", "b-v2"]);
    assert_eq!(resume(&repo.open()).unwrap().unwrap().outward.len(), 2);
    assert_eq!(pending(&repo.open()), None);
    assert_eq!(repo.git(&["tag"]), "a-v2\nb-v2");
}

#[cfg(unix)]
#[test]
fn every_push_is_rehearsed_before_the_first_begins() {
    let (repo, remote) = with_remote();
    std::fs::write(remote.join("allow"), "").unwrap();
    // Somebody pushed another tag of that name, and this clone does not know.
    repo.git(&["push", "-q", "origin", "HEAD:refs/tags/b-v2"]);
    let before = world(&repo);
    let mut plan = release(&repo);
    plan.outward = Draft::new(&repo).push(Some("main"), &["a-v2"]).push(None, &["b-v2"]).plan.outward;
    let error = run(&plan, &repo.open(), repo.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert_eq!(world(&repo), before);
    assert_eq!(refs_of(&repo, &remote), "refs/heads/main\nrefs/tags/b-v2");
}

#[cfg(unix)]
#[test]
fn steps_without_an_order_are_refused() {
    let repo = sample();
    let mut plan = Draft::new(&repo).push(Some("main"), &[]).push(None, &[]).plan;
    plan.outward.reverse();
    let error = run(&plan, &repo.open(), repo.root()).unwrap_err();
    assert!(error.to_string().contains("`push-2` is after `push-1`, which is not before it"), "{error}");
    plan.outward[0] = plan.outward[1].clone();
    let error = run(&plan, &repo.open(), repo.root()).unwrap_err();
    assert!(error.to_string().contains("two outward steps `push-1`"), "{error}");
}

#[test]
fn a_journal_of_another_format_is_left_alone() {
    let repo = sample();
    repo.write(".git/relman/journal.json", "{\"schema\":2,\"pushes\":[]}");
    for error in [resume(&repo.open()).unwrap_err(), abort(&repo.open()).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        assert!(error.to_string().contains("is not readable: format 2, expected format 4"), "{error}");
    }
    assert!(repo.root().join(".git/relman/journal.json").exists());
}

#[cfg(unix)]
#[test]
fn a_push_that_was_begun_and_left_nothing_can_be_taken_back() {
    let (repo, remote) = with_remote();
    let mut plan = release(&repo);
    plan.outward = Draft::new(&repo).push(Some("main"), &["a-v2", "b-v2"]).plan.outward;
    let away = remote.with_extension("away");
    goes_away(&repo, &format!("mv '{}' '{}'", remote.display(), away.display()));
    assert_eq!(run(&plan, &repo.open(), repo.root()).unwrap_err().kind(), ErrorKind::Interrupted);
    assert_eq!(abort(&repo.open()).unwrap_err().kind(), ErrorKind::Interrupted);
    std::fs::rename(away, &remote).unwrap();
    abort(&repo.open()).unwrap().unwrap();
    assert_eq!(repo.git(&["rev-list", "--count", "HEAD"]), "1");
    assert_eq!(repo.git(&["tag"]), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_lock_is_left_alone_while_a_git_is_alive() {
    let repo = in_state(STATES[5].1);
    repo.write(".git/index.lock", "");
    let mut living = Command::new("git");
    living.args(["cat-file", "--batch"]).current_dir(repo.root()).stdin(std::process::Stdio::piped());
    let mut living = living.stdout(std::process::Stdio::null()).spawn().unwrap();
    let error = resume(&repo.open()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
    drop(living.stdin.take());
    living.wait().unwrap();
    // It may be that of a program that is not git, so only a person may remove it. What needs no index goes on.
    let error = resume(&repo.open()).unwrap_err();
    assert!(error.to_string().contains("index.lock exists"), "{error}");
    let done = in_state(STATES[5].1);
    done.write(".git/index.lock", "");
    abort(&done.open()).unwrap().unwrap();
    assert!(done.root().join(".git/index.lock").exists());
    std::fs::remove_file(repo.root().join(".git/index.lock")).unwrap();
    resume(&repo.open()).unwrap().unwrap();
    assert_eq!(Git::discover_with(repo.root(), repo.env()).unwrap().tags().unwrap(), ["a-v2", "b-v2"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_lock_on_a_ref_is_removed_if_no_process_holds_it() {
    let repo = in_state(STATES[3].1);
    let lock = repo.root().join(".git/refs/tags/a-v2.lock");
    std::fs::write(&lock, "").unwrap();
    let held = std::fs::File::open(&lock).unwrap();
    let error = resume(&repo.open()).unwrap_err();
    assert!(error.to_string().contains("a-v2.lock exists"), "{error}");
    drop(held);
    resume(&repo.open()).unwrap().unwrap();
    assert!(!lock.exists());
}
