//! What a person does between a kill and its rescue, and while a release is at work, is never lost; and the release is whole or gone.
//!
//! `RELMAN_SWEEP=1` runs every pair of state and act, and every process boundary; without it some of them.
#![cfg(unix)]

use std::path::Path;

use relman::apply::{ApplyError, ErrorKind, Receipt, pending};
use relman::io::Git;

use crate::interrupted::{STATES, in_state};
use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::runs::{abort, resume};

/// The text by which a person's work is known.
const MINE: &str = "by a person";

/// What a person did, which must be there afterwards.
#[derive(Clone, Copy, Debug)]
enum Theirs {
    /// The text is in the file.
    InFile(&'static str),
    /// The text is in the index.
    InIndex(&'static str),
    /// A commit with that subject is on some branch.
    Commit,
    /// The tags are where they were put, which a second ref to each tells.
    Tags,
    /// Nothing that could be lost.
    Nothing,
}

type Act = (&'static str, fn(&Repo), &'static [Theirs]);

fn append(repo: &Repo, path: &str) {
    let text = repo.read(path).unwrap_or_default();
    repo.write(path, &format!("{text}{MINE}\n"));
}

const ACTS: [Act; 14] = [
    ("edit", |repo| append(repo, "a"), &[Theirs::InFile("a")]),
    ("edit the same line", |repo| repo.write("a", MINE), &[Theirs::InFile("a")]),
    (
        "stage",
        |repo| {
            append(repo, "a");
            repo.git(&["add", "a"]);
        },
        &[Theirs::InFile("a"), Theirs::InIndex("a")],
    ),
    (
        "stage, then edit",
        |repo| {
            append(repo, "b");
            repo.git(&["add", "b"]);
            repo.write("b", "b 0.1.0\nlater, by a person\n");
        },
        &[Theirs::InFile("b"), Theirs::InIndex("b")],
    ),
    (
        "stage another file",
        |repo| {
            repo.write("other", MINE);
            repo.git(&["add", "other"]);
            repo.write("other", "by a person, later");
        },
        &[Theirs::InFile("other"), Theirs::InIndex("other")],
    ),
    ("delete", |repo| std::fs::remove_file(repo.root().join("b")).unwrap(), &[Theirs::Nothing]),
    ("create under a deleted name", |repo| repo.write("gone", MINE), &[Theirs::InFile("gone")]),
    ("write where a file is created", |repo| repo.write("log/new", MINE), &[Theirs::InFile("log/new")]),
    ("write under a temporary name", |repo| repo.write(".b.relman-new", MINE), &[Theirs::InFile(".b.relman-new")]),
    ("commit", |repo| drop(repo.git(&["commit", "-q", "--allow-empty", "-m", MINE])), &[Theirs::Commit]),
    (
        "commit all",
        |repo| {
            repo.git(&["add", "-A"]);
            repo.git(&["commit", "-q", "--allow-empty", "-m", MINE]);
        },
        &[Theirs::Commit],
    ),
    ("switch to another branch", |repo| drop(repo.git(&["checkout", "-q", "-b", "elsewhere"])), &[Theirs::Nothing]),
    (
        "tag",
        |repo| {
            for name in ["b-v2", "kept"] {
                if repo.try_git_in(repo.root(), &["tag", name, "HEAD"]).status.success() {
                    repo.git(&["update-ref", &format!("refs/kept/{name}"), "HEAD"]);
                }
            }
        },
        &[Theirs::Tags],
    ),
    (
        "gc and a split index",
        |repo| {
            repo.git(&["update-index", "--split-index"]);
            repo.git(&["gc", "-q", "--prune=now"]);
        },
        &[Theirs::Nothing],
    ),
];

fn assert_kept(repo: &Repo, theirs: &[Theirs], case: &str) {
    for theirs in theirs {
        let is_kept = match theirs {
            Theirs::InFile(path) => repo.read(path).is_some_and(|text| text.contains(MINE)),
            Theirs::InIndex(path) => repo.git(&["show", &format!(":{path}")]).contains(MINE),
            Theirs::Commit => repo.git(&["log", "--branches", "HEAD", "--format=%s"]).contains(MINE),
            Theirs::Tags => {
                let kept =
                    repo.git(&["for-each-ref", "--format=%(objectname) refs/tags/%(refname:lstrip=2)", "refs/kept"]);
                let tags = repo.git(&["for-each-ref", "--format=%(objectname) %(refname)", "refs/tags"]);
                kept.lines().all(|line| tags.lines().any(|tag| tag == line))
            }
            Theirs::Nothing => true,
        };
        assert!(is_kept, "{case}: {theirs:?} is lost");
    }
}

/// The release is whole (one commit, which both tags are on) or gone (no commit, no tag of the release).
fn assert_whole_or_gone(repo: &Repo, case: &str) {
    assert_eq!(pending(&repo.open()), None, "{case}");
    let commits = repo.git(&["log", "--branches", "HEAD", "--format=%H %s"]);
    let releases: Vec<&str> = commits.lines().filter(|line| line.contains("chore(release)")).collect();
    let tags = repo.git(&["for-each-ref", "--format=%(*objectname)", "refs/tags/a-v2", "refs/tags/b-v2"]);
    let tags: Vec<&str> = tags.lines().filter(|id| !id.is_empty()).collect();
    match releases.as_slice() {
        [] => assert_eq!(tags.len(), 0, "{case}: tags without a release"),
        [one] => assert!(tags.len() == 2 && tags.iter().all(|id| one.starts_with(id)), "{case}: {tags:?} on {one}"),
        more => panic!("{case}: {more:?}"),
    }
}

type Rescue = fn(&Git) -> Result<Option<Receipt>, ApplyError>;

/// Returns `true` if the run is at its end.
fn rescued(repo: &Repo, rescue: Rescue, case: &str) -> bool {
    match rescue(&repo.open()) {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::Failed => true,
        Err(error) => {
            assert!(error.help().is_some_and(|help| !help.is_empty()), "{case}: {error}");
            // A program that another test is about to start holds copies of the lock that was just let go.
            let is_pending = (0..200).any(|_| {
                let known = pending(&repo.open()).is_some();
                if !known {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                known
            });
            assert!(is_pending, "{case}: {error}");
            false
        }
    }
}

#[test]
fn nothing_of_a_person_is_lost_between_a_kill_and_its_rescue() {
    let all = std::env::var_os("RELMAN_SWEEP").is_some();
    let rescues: [(&str, Rescue, Rescue); 2] = [("resume", resume, abort), ("abort", abort, resume)];
    let mut count = 0;
    for (number, (state, steps)) in STATES.iter().enumerate() {
        if !all && ![3, 5].contains(&number) {
            continue;
        }
        let prepared = in_state(steps);
        for (act, does, theirs) in ACTS {
            for (name, first, second) in rescues {
                if !all && (name, number) == ("resume", 3) {
                    continue;
                }
                let case = format!("{state}; {act}; {name}");
                let repo = prepared.copied();
                if act == "write under a temporary name" && repo.root().join(".b.relman-new").exists() {
                    continue;
                }
                // A lock that was left keeps every git out, so a person does what git says and removes it.
                let _ = std::fs::remove_file(repo.root().join(".git/index.lock"));
                does(&repo);
                let is_done = rescued(&repo, first, &case);
                assert_kept(&repo, theirs, &case);
                if is_done || rescued(&repo, second, &case) {
                    assert_whole_or_gone(&repo, &case);
                }
                assert_kept(&repo, theirs, &case);
                count += 1;
            }
        }
    }
    assert!(count > 0, "no state was rescued");
}

const PACKAGE: &str = "{\n  \"name\": \"a\",\n  \"version\": \"0.1.0\"\n}\n";
const CONFIGURATION: &str = "[packages.a]\npath = \"a\"\nchangelog = \"a/CHANGELOG.md\"\n";

fn workspace() -> Repo {
    let repo = Repo::with(&[
        ("a/package.json", PACKAGE),
        ("a/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n"),
        ("a/changelog.d/one.added.md", "- One.\n"),
        ("other", "1\n"),
        ("relman.toml", CONFIGURATION),
    ]);
    let remote = repo.outside().join("remote.git");
    repo.git_in(&repo.outside(), &["init", "-q", "--bare", "-b", "main", "remote.git"]);
    repo.git(&["remote", "add", "origin", &remote.display().to_string()]);
    repo.git(&["push", "-q", "origin", "main"]);
    repo
}

/// What a person does at another terminal, as a script in the repository, and what must be there afterwards.
const SCRIPTS: [(&str, &[Theirs]); 7] = [
    ("echo '- by a person' >> a/CHANGELOG.md", &[Theirs::InFile("a/CHANGELOG.md")]),
    ("sed -i 's/\"a\"/\"a\", \"x\": \"by a person\"/' a/package.json", &[Theirs::InFile("a/package.json")]),
    (
        "echo by a person > other; git add other; echo by a person, later > other",
        &[Theirs::InFile("other"), Theirs::InIndex("other")],
    ),
    ("echo by a person > other; git commit -q -m 'by a person' -- other", &[Theirs::Commit]),
    (
        "git checkout -q -b elsewhere; echo by a person > more; git add more; git commit -q -m 'by a person' -- more",
        &[Theirs::Commit],
    ),
    ("git tag a-v0.1.1 && git update-ref refs/kept/a-v0.1.1 HEAD", &[Theirs::Tags]),
    ("echo by a person > a/changelog.d/one.added.md", &[]),
];

/// Writes a program that does what a person does, once, when it is called for the `number`th time, and then what is its own.
fn acting(program: &Path, repo: &Repo, number: usize, script: &str, own: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    let (count, root) = (program.with_extension("count"), repo.root());
    let (count, root) = (count.display(), root.display());
    let text = format!(
        "#!/bin/sh\necho x >> '{count}'\nif [ $(wc -l < '{count}') -ge {number} ] && mkdir '{count}.done' 2>/dev/null; then\n\
         (unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY; PATH=${{PATH#*:}}; cd '{root}'; {script}) \
         >/dev/null 2>&1 </dev/null\nfi\n{own}\n"
    );
    std::fs::write(program, text).unwrap();
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A git that does something once, before the call with that number.
fn git_that_acts(repo: &Repo, number: usize, script: &str) -> String {
    let folder = repo.outside().join("bin");
    let real =
        String::from_utf8(std::process::Command::new("sh").args(["-c", "command -v git"]).output().unwrap().stdout)
            .unwrap();
    acting(&folder.join("git"), repo, number, script, &format!("exec {} \"$@\"", real.trim()));
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

#[test]
fn a_person_at_another_terminal_loses_nothing_at_any_process_boundary() {
    let all = std::env::var_os("RELMAN_SWEEP").is_some();
    let prepared = workspace();
    for number in 4..40 {
        if !all && number % 18 != 4 {
            continue;
        }
        let mut came_to_it = false;
        for (script, theirs) in SCRIPTS {
            let case = format!("{script} before call {number}");
            let repo = prepared.copied();
            let remote = repo.outside().join("remote.git");
            repo.git(&["remote", "set-url", "origin", &remote.display().to_string()]);
            let path = git_that_acts(&repo, number, script);
            let ran =
                repo.relman_with(repo.root(), &["bump", "-p", "a", "patch", "--yes", "--push"], &[("PATH", &path)]);
            let calls = std::fs::read_to_string(repo.outside().join("bin/git.count")).unwrap().lines().count();
            came_to_it |= calls >= number;
            if calls < number {
                continue;
            }
            assert_right(&repo, &ran, theirs, &case);
        }
        if !came_to_it {
            break;
        }
    }
}

/// Signs anything, as far as git can see.
const SIGN: &str = "cat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; echo '-----BEGIN PGP SIGNATURE-----'; echo '-----END PGP SIGNATURE-----'";

#[test]
fn a_person_loses_nothing_while_a_signature_or_a_hook_of_the_push_takes_its_time() {
    let all = std::env::var_os("RELMAN_SWEEP").is_some();
    let prepared = workspace();
    let barriers = [("gpg", 1, SIGN), ("gpg", 2, SIGN), ("pre-push", 1, "cat >/dev/null")];
    for (at, (barrier, number, own)) in barriers.into_iter().enumerate() {
        for (script, theirs) in SCRIPTS.into_iter().enumerate().filter(|(n, _)| all || n % 3 == at).map(|(_, act)| act)
        {
            let case = format!("{script} in call {number} of {barrier}");
            let repo = prepared.copied();
            let remote = repo.outside().join("remote.git");
            repo.git(&["remote", "set-url", "origin", &remote.display().to_string()]);
            let program =
                if barrier == "gpg" { repo.outside().join("gpg") } else { repo.root().join(".git/hooks/pre-push") };
            acting(&program, &repo, number, script, own);
            repo.git(&["config", "gpg.program", &repo.outside().join("gpg").display().to_string()]);
            let mut args = vec!["bump", "-p", "a", "patch", "--yes", "--push"];
            args.extend((barrier == "gpg").then_some("--sign"));
            let ran = repo.relman(&args);
            let acted = program.with_extension("count.done");
            assert!(acted.exists(), "{case}: not reached: {ran:?}");
            assert_right(&repo, &ran, theirs, &case);
        }
    }
}

/// Nothing of a person is lost by a run, nor by what ends it, and it has the end that it says.
fn assert_right(repo: &Repo, ran: &Ran, theirs: &[Theirs], case: &str) {
    assert_kept(repo, theirs, case);
    assert_consistent(repo, &ran.err, ran.code, case);
    if ran.code == 6 && repo.relman(&["abort"]).code != 0 {
        let _ = repo.relman(&["resume"]);
    }
    assert_kept(repo, theirs, case);
}

/// The end fits the exit code: whole after 0, gone after 1 and 4, and a journal after 6. The remote has what the tag has.
fn assert_consistent(repo: &Repo, words: &str, code: i32, case: &str) {
    let commits = repo.git(&["log", "--branches", "HEAD", "--format=%H %s"]);
    let releases: Vec<&str> = commits.lines().filter(|line| line.contains("chore(release)")).collect();
    let tag = repo.git(&["for-each-ref", "--format=%(*objectname)", "refs/tags/a-v0.1.1"]);
    let is_pending = pending(&repo.open()).is_some();
    match code {
        0 => {
            assert!(!is_pending && releases.len() == 1 && !tag.is_empty(), "{case}: {commits}{words}");
            assert!(releases.iter().all(|release| release.starts_with(&tag)), "{case}: {commits}");
            assert!(repo.git(&["show", &format!("{tag}:a/package.json")]).contains("0.1.1"), "{case}");
            let heads = repo.git(&["ls-remote", "--heads", "origin"]);
            assert!(heads.contains(&tag), "{case}: {heads}");
            // Nothing but the release is published.
            for head in heads.lines().filter_map(|line| line.split('\t').next()) {
                repo.git(&["merge-base", "--is-ancestor", head, &tag]);
            }
        }
        1 | 2 | 4 => {
            assert!(!is_pending && releases.is_empty() && tag.is_empty(), "{case}: exit {code} {commits}{words}");
            assert!(!repo.read("a/package.json").unwrap().contains("0.1.1"), "{case}: {words}");
        }
        6 => assert!(is_pending, "{case}: {words}"),
        other => panic!("{case}: exit {other} {words}"),
    }
}
