//! The transaction: all or nothing, whatever says no.

use relman::apply::{ApplyError, ErrorKind, Receipt, pending, write_and_stage, write_files};
use relman::io::{Git, Lock};
use relman::model::RepoPath;
use relman::plan::{FileChanges, RefusalCode, ReleasePlan};

use crate::support::draft::Draft;
use crate::support::repo::Repo;
use crate::support::runs::run;
use crate::support::stress;

const FILES: [(&str, &str); 3] = [("a/V", "0.1.0\n"), ("b.txt", "b 0.1.0\r\nend"), ("notes/one.md", "- one\n")];

pub fn sample() -> Repo {
    Repo::with(&FILES)
}

pub fn release(repo: &Repo) -> Draft<'_> {
    Draft::new(repo)
        .edit("a/V", "0.1.0", "0.2.0")
        .edit("b.txt", "0.1.0", "0.2.0")
        .create("new/log/CHANGELOG.md", "# new\n")
        .delete("notes/one.md")
        .commit()
        .tags(&["a-v0.2.0", "b/v0.2.0"])
}

pub fn apply(repo: &Repo, plan: &ReleasePlan) -> Result<Receipt, ApplyError> {
    run(plan, &repo.open(), repo.root())
}

/// All that a failed run must leave as it was.
pub fn world(repo: &Repo) -> String {
    let mut text = repo.git(&["ls-files", "-s"]);
    text.push_str(&repo.git(&["status", "--porcelain=v2", "--branch", "--untracked-files=all"]));
    text.push_str(&repo.git(&["for-each-ref"]));
    for path in ["a/V", "b.txt", "notes/one.md", "new/log/CHANGELOG.md"] {
        text.push_str(&format!("{path}: {:?}\n", repo.read(path)));
    }
    text.push_str(&format!("journal: {:?} new: {}\n", pending(&repo.open()), repo.root().join("new").exists()));
    text
}

fn assert_failed_and_undone(repo: &Repo, plan: &ReleasePlan) -> String {
    let before = world(repo);
    let error = apply(repo, plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert_eq!(world(repo), before);
    error.to_string()
}

fn assert_refused(repo: &Repo, plan: &ReleasePlan, code: RefusalCode) {
    let before = world(repo);
    let error = apply(repo, plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused(code), "{error}");
    assert!(error.help().is_some());
    assert_eq!(world(repo), before);
}

#[test]
fn a_release_is_one_commit_and_all_tags() {
    let repo = sample();
    let receipt = apply(&repo, &release(&repo).plan).unwrap();
    assert_eq!(repo.read("a/V").unwrap(), "0.2.0\n");
    assert_eq!(repo.read("b.txt").unwrap(), "b 0.2.0\r\nend");
    assert_eq!(repo.read("new/log/CHANGELOG.md").unwrap(), "# new\n");
    assert_eq!(repo.read("notes/one.md"), None);
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
    assert_eq!(receipt.commit.unwrap().as_str(), repo.git(&["rev-parse", "HEAD"]));
    assert_eq!(repo.git(&["rev-list", "--count", "HEAD"]), "2");
    assert_eq!(receipt.tags.len(), 2);
    assert_eq!(receipt.tags[0].1.as_str(), repo.git(&["rev-parse", "refs/tags/a-v0.2.0"]));
    assert_eq!(repo.git(&["cat-file", "-t", "b/v0.2.0"]), "tag");
    assert_eq!(repo.git(&["rev-parse", "b/v0.2.0^{commit}"]), repo.git(&["rev-parse", "HEAD"]));
    assert_eq!(repo.git(&["tag", "-l", "--format=%(contents)", "a-v0.2.0"]), "Release a-v0.2.0");
    assert!(repo.git(&["log", "-1", "--format=%B"]).ends_with("Relman-Release: a-v0.2.0"));
    assert_eq!(pending(&repo.open()), None);
    repo.git(&["fsck", "--strict"]);
}

#[test]
fn the_time_can_be_fixed_and_gives_the_same_ids() {
    let ids: Vec<_> = (0..2)
        .map(|_| {
            let repo = sample();
            let mut draft = release(&repo);
            draft.plan.time = Some(1_750_000_000);
            let receipt = apply(&repo, &draft.plan).unwrap();
            assert_eq!(
                repo.git(&["log", "-1", "--format=%at %ct %ci"]),
                "1750000000 1750000000 2025-06-15 15:06:40 +0000"
            );
            assert_eq!(repo.git(&["tag", "-l", "--format=%(taggerdate:raw)", "a-v0.2.0"]), "1750000000 +0000");
            (receipt.commit, receipt.tags)
        })
        .collect();
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn what_was_staged_stays_staged() {
    let repo = sample();
    repo.write("staged.txt", "mine\n");
    repo.write("dirty.txt", "one\n");
    repo.git(&["add", "staged.txt"]);
    apply(&repo, &release(&repo).plan).unwrap();
    assert_eq!(repo.git(&["diff", "--cached", "--name-status"]), "A\tstaged.txt");
    assert_eq!(
        repo.git(&["show", "--format=", "--name-status", "--no-renames", "HEAD"]),
        "M\ta/V\nM\tb.txt\nA\tnew/log/CHANGELOG.md\nD\tnotes/one.md"
    );
}

#[test]
fn a_root_below_the_top_works() {
    let repo = Repo::with(&[("sub/a/V", "0.1.0\n"), ("a/V", "0.1.0\n"), ("sub/we[i]rd *.txt", "0.1.0\n")]);
    let draft = Draft::below(&repo, "sub/").edit("a/V", "0.1.0", "0.2.0").edit("we[i]rd *.txt", "0.1.0", "0.2.0");
    run(&draft.commit().plan, &repo.open(), &repo.root().join("sub")).unwrap();
    assert_eq!(repo.read("sub/a/V").unwrap(), "0.2.0\n");
    assert_eq!(repo.read("a/V").unwrap(), "0.1.0\n");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[cfg(unix)]
#[test]
fn permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let repo = sample();
    let path = repo.root().join("a/V");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o751)).unwrap();
    repo.git(&["commit", "-qam", "mode"]);
    apply(&repo, &release(&repo).plan).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o751);
}

#[cfg(unix)]
#[test]
fn a_hook_that_says_no_leaves_files_and_index() {
    let repo = sample();
    repo.write("staged.txt", "mine\n");
    repo.git(&["add", "staged.txt"]);
    repo.hook("pre-commit", "echo 'not today' >&2; exit 1");
    let words = assert_failed_and_undone(&repo, &release(&repo).plan);
    assert!(words.contains("not today"), "{words}");
}

#[test]
fn what_a_hook_adds_is_in_the_index_too() {
    let repo = sample();
    repo.write("mine", "1\n");
    repo.git(&["add", "mine"]);
    repo.write("mine", "2\n");
    repo.hook("pre-commit", "echo made > made; echo 3 > mine; git add made mine");
    apply(&repo, &release(&repo).plan).unwrap();
    assert_eq!(
        repo.git(&["show", "--name-only", "--format="]),
        "a/V\nb.txt\nmade\nmine\nnew/log/CHANGELOG.md\nnotes/one.md"
    );
    // What the user had staged stays staged, and so differs from what the hook made of it.
    assert_eq!(repo.git(&["status", "--porcelain"]), "MM mine");
    assert_eq!(repo.git(&["show", ":mine"]), "1");
}

#[test]
fn what_is_staged_meanwhile_stays_staged_however_it_was_written() {
    // Git replaces the index; a program that puts back a copy of it may write to it.
    for write in
        ["git add theirs", "cp .git/index next; GIT_INDEX_FILE=next git add theirs; cat next > .git/index; rm next"]
    {
        let repo = sample();
        repo.hook("pre-commit", &format!("unset GIT_INDEX_FILE; echo mine > theirs; {write}"));
        apply(&repo, &release(&repo).plan).unwrap();
        assert_eq!(repo.git(&["diff", "--cached", "--name-status"]), "A\ttheirs", "{write}");
        assert!(!repo.git(&["show", "--name-only", "--format="]).contains("theirs"), "{write}");

        let repo = sample();
        repo.hook("pre-commit", &format!("unset GIT_INDEX_FILE; echo mine > theirs; {write}; exit 1"));
        apply(&repo, &release(&repo).plan).unwrap_err();
        assert_eq!(repo.git(&["diff", "--cached", "--name-status"]), "A\ttheirs", "{write}");
        assert_eq!(repo.git(&["status", "--porcelain"]), "A  theirs", "{write}");
    }
}

#[test]
fn a_hook_may_refuse_without_a_word() {
    let repo = sample();
    repo.hook("pre-commit", "exit 1");
    let plan = release(&repo).plan;
    assert!(assert_failed_and_undone(&repo, &plan).contains("nothing was said"));
}

#[test]
fn of_two_tags_one_of_which_exists_none_is_made() {
    let repo = sample();
    let plan = release(&repo).plan;
    repo.git(&["tag", "b/v0.2.0"]);
    assert_refused(&repo, &plan, RefusalCode::TagExists);
}

#[cfg(unix)]
#[test]
fn a_tag_that_comes_up_meanwhile_undoes_the_commit() {
    let repo = sample();
    repo.hook("pre-commit", "git tag b/v0.2.0");
    let error = apply(&repo, &release(&repo).plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.to_string().contains("already exists"), "{error}");
    repo.git(&["tag", "-d", "b/v0.2.0"]);
    assert_eq!(world(&repo), world(&sample()));
}

#[test]
fn tags_alone_stand_on_head() {
    let repo = sample();
    let receipt = apply(&repo, &Draft::new(&repo).tags(&["v0.1.0"]).plan).unwrap();
    assert_eq!(receipt.commit, None);
    assert_eq!(repo.git(&["rev-parse", "v0.1.0^{commit}"]), repo.git(&["rev-parse", "HEAD"]));
    assert_refused(&repo, &Draft::new(&repo).tags(&["v0.1.1", "v0.1.0"]).plan, RefusalCode::TagExists);
}

#[test]
fn the_first_commit_of_a_repository_can_be_made_and_taken_back() {
    let repo = Repo::new();
    repo.write("other", "1\n");
    repo.git(&["add", "other"]);
    let draft = Draft::new(&repo).create("V", "0.1.0\n").commit();
    let bad = Draft::new(&repo).create("V", "0.1.0\n").commit().tags(&["x..y"]);
    let error = apply(&repo, &bad.plan).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
    assert_eq!(repo.open().head().unwrap().commit, None);
    assert_eq!(repo.git(&["ls-files"]), "other");
    apply(&repo, &draft.plan).unwrap();
    assert_eq!(repo.git(&["ls-tree", "--name-only", "HEAD"]), "V");
}

#[cfg(unix)]
#[test]
fn signs_with_ssh_and_without_the_key_all_is_undone() {
    let repo = sample();
    let key = repo.outside().join("key");
    let made =
        std::process::Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let signers = repo.outside().join("signers");
    std::fs::write(&signers, format!("committer@example.com {public}")).unwrap();
    repo.git(&["config", "gpg.format", "ssh"]);
    repo.git(&["config", "gpg.ssh.allowedSignersFile", &signers.display().to_string()]);
    let key_name = key.with_extension("pub").display().to_string();
    for (name, value) in [("user.signingkey", key_name.as_str()), ("tag.gpgSign", "true"), ("commit.gpgSign", "true")] {
        repo.git(&["config", name, value]);
    }
    let receipt = apply(&repo, &release(&repo).plan).unwrap();
    repo.git(&["verify-commit", "HEAD"]);
    repo.git(&["verify-tag", "a-v0.2.0", "b/v0.2.0"]);
    assert_eq!(receipt.tags[1].1.as_str(), repo.git(&["rev-parse", "refs/tags/b/v0.2.0"]));
    assert_eq!(
        repo.git(&["for-each-ref", "--format=%(refname)"]),
        "refs/heads/main\nrefs/tags/a-v0.2.0\nrefs/tags/b/v0.2.0"
    );

    // The plan asks for signatures that the user's git would not make: the commit's, then a tag's alone.
    repo.git(&["config", "user.signingkey", "/none.pub"]);
    let next = || Draft::new(&repo).edit("a/V", "0.2.0", "0.3.0").commit().tags(&["a-v0.3.0"]);
    assert_failed_and_undone(&repo, &next().signed().plan);
    repo.git(&["config", "commit.gpgSign", "false"]);
    repo.git(&["config", "tag.gpgSign", "false"]);
    let mut only_tag = next();
    only_tag.plan.tags[0].sign = true;
    assert_failed_and_undone(&repo, &only_tag.plan);
    apply(&repo, &next().plan).unwrap();
    assert!(!repo.git(&["cat-file", "tag", "a-v0.3.0"]).contains("SIGNATURE"));
}

#[test]
fn works_detached_in_a_linked_work_tree_and_in_a_submodule() {
    let repo = sample();
    repo.git(&["checkout", "-q", "--detach"]);
    apply(&repo, &Draft::new(&repo).edit("a/V", "0.1.0", "0.2.0").commit().tags(&["v2"]).plan).unwrap();
    assert_eq!(repo.git(&["rev-parse", "v2^{commit}"]), repo.git(&["rev-parse", "HEAD"]));
    assert_eq!(repo.git(&["rev-list", "--count", "main"]), "1");

    let linked = repo.outside().join("linked");
    repo.git(&["worktree", "add", "-q", &linked.display().to_string(), "main"]);
    let git = Git::discover_with(&linked, repo.env()).unwrap();
    let mut draft = Draft::new(&repo).tags(&["v3", "v4"]).signed();
    draft.plan.tags.iter_mut().for_each(|tag| tag.sign = false);
    draft.plan.base = git.head().unwrap().commit.map(relman::model::CommitId::new);
    draft.plan.branch = Some("main".to_owned());
    run(&draft.plan, &git, &linked).unwrap();
    assert_eq!(repo.git(&["rev-parse", "v3^{commit}"]), repo.git(&["rev-parse", "main"]));

    let other = Repo::with(&[("x", "1\n")]);
    let url = repo.root().display().to_string();
    other.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", &url, "sub"]);
    let sub = other.root().join("sub");
    other.git_in(&sub, &["checkout", "-q", "main"]);
    let git = Git::discover_with(&sub, other.env()).unwrap();
    let mut draft = Draft::below(&other, "sub/").edit("a/V", "0.1.0", "0.9.0").commit().tags(&["sub-v1"]);
    draft.plan.base = git.head().unwrap().commit.map(relman::model::CommitId::new);
    run(&draft.plan, &git, &sub).unwrap();
    assert_eq!(other.git_in(&sub, &["show", "sub-v1:a/V"]), "0.9.0");
}

#[test]
fn a_world_that_moved_is_stale() {
    let repo = sample();
    let plan = release(&repo).plan;
    repo.write("b.txt", "b 0.1.0 edited");
    assert_refused(&repo, &plan, RefusalCode::Stale);
    repo.git(&["checkout", "-q", "b.txt"]);
    repo.write("new/log/CHANGELOG.md", "mine\n");
    assert_refused(&repo, &plan, RefusalCode::Stale);
    std::fs::remove_dir_all(repo.root().join("new")).unwrap();
    repo.git(&["commit", "-q", "--allow-empty", "-m", "later"]);
    assert_refused(&repo, &plan, RefusalCode::Stale);
}

#[test]
fn twice_is_stale() {
    let repo = sample();
    let plan = release(&repo).plan;
    apply(&repo, &plan).unwrap();
    assert_refused(&repo, &plan, RefusalCode::Stale);
}

#[test]
fn locks_are_respected() {
    let repo = sample();
    let plan = release(&repo).plan;
    let lock = Lock::take(&repo.root().join(".git/relman/lock")).unwrap();
    assert_refused(&repo, &plan, RefusalCode::Locked);
    drop(lock);
    repo.write(".git/index.lock", "");
    assert_refused(&repo, &plan, RefusalCode::Locked);
    std::fs::remove_file(repo.root().join(".git/index.lock")).unwrap();
    apply(&repo, &plan).unwrap();
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_replaced_by_those_who_may_only() {
    use std::os::unix::fs::PermissionsExt;
    let repo = sample();
    let path = repo.root().join("b.txt");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    // The bits alone decide for nobody but an ordinary user: root may write all the same, and so may its relman.
    let may_write = std::fs::OpenOptions::new().append(true).open(&path).is_ok();
    let plan = release(&repo).plan;
    if may_write {
        run(&plan, &repo.open(), repo.root()).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o444);
        return;
    }
    assert!(assert_failed_and_undone(&repo, &plan).contains("read-only"));
}

#[test]
fn a_name_in_the_way_fails_before_anything() {
    let repo = sample();
    repo.write(".b.txt.relman-new", "somebody's\n");
    assert!(assert_failed_and_undone(&repo, &release(&repo).plan).contains("in the way"));
    assert_eq!(repo.read(".b.txt.relman-new").unwrap(), "somebody's\n");
}

#[test]
fn thousands_of_tags_need_few_processes() {
    let repo = sample();
    let count = stress::size(300, 2000);
    let names: Vec<String> = (0..count).map(|number| format!("p{number}-v0.2.0")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let plan = Draft::new(&repo).edit("a/V", "0.1.0", "0.2.0").commit().tags(&names).plan;
    let trace = repo.outside().join("trace");
    let mut env = repo.env();
    env.push(("GIT_TRACE".into(), Some(trace.clone().into())));
    let git = Git::discover_with(repo.root(), env).unwrap();
    std::fs::remove_file(&trace).unwrap();
    run(&plan, &git, repo.root()).unwrap();
    assert_eq!(repo.open().tags().unwrap().len(), count);
    let trace = std::fs::read_to_string(&trace).unwrap();
    let calls: Vec<&str> = trace.lines().filter_map(|line| line.split("built-in: git ").nth(1)).collect();
    let about_tags = calls.iter().filter(|call| call.starts_with("index-pack") || call.starts_with("update-ref"));
    assert_eq!(about_tags.count(), 2, "{calls:#?}");
    assert!(calls.len() <= 9, "{calls:#?}");
    let stored = repo.git(&["count-objects", "-v"]);
    assert!(stored.contains(&format!("in-pack: {count}\npacks: 1\n")), "{stored}");
    // One tag alone is no pack, and the same object.
    let alone = sample();
    run(&Draft::new(&alone).edit("a/V", "0.1.0", "0.2.0").commit().tags(&names[..1]).plan, &alone.open(), alone.root())
        .unwrap();
    assert!(alone.git(&["count-objects", "-v"]).contains("in-pack: 0\n"));
    assert_eq!(alone.git(&["rev-parse", names[0]]), repo.git(&["rev-parse", names[0]]));
    repo.git(&["fsck", "--strict"]);
}

#[cfg(unix)]
#[test]
fn many_tags_are_made_though_the_run_is_killed_beside_their_pack() {
    use std::os::unix::fs::PermissionsExt;
    let charts: Vec<String> = (0..100).map(|number| format!("p/c{number}/Chart.yaml")).collect();
    let text = |path: &str| format!("apiVersion: v2\nname: {}\nversion: 0.1.0\n", path.split('/').nth(1).unwrap());
    let texts: Vec<String> = charts.iter().map(|path| text(path)).collect();
    let mut files = vec![("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n")];
    files.extend(charts.iter().map(String::as_str).zip(texts.iter().map(String::as_str)));
    for when in ["kill -9 $PPID; exit 1", "\"$git\" \"$@\"; kill -9 $PPID; exit 1"] {
        let repo = Repo::with(&files);
        let bin = repo.outside().join("bin");
        std::fs::create_dir(&bin).unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let script = format!(
            "#!/bin/sh\nPATH=\"${{PATH#*:}}\"\ngit=$(command -v git)\ncase \" $* \" in *\" index-pack \"*) {when} ;; esac\nexec \"$git\" \"$@\"\n"
        );
        std::fs::write(bin.join("git"), script).unwrap();
        std::fs::set_permissions(bin.join("git"), std::fs::Permissions::from_mode(0o755)).unwrap();
        repo.relman_with(repo.root(), &["bump", "--all", "minor", "-y"], &[("PATH", &path)]).exits(-1);
        assert_eq!(repo.tags().len(), 0);
        repo.relman(&["resume"]).exits(0);
        assert_eq!((repo.tags().len(), repo.git(&["status", "--porcelain"]).as_str()), (100, ""));
        repo.git(&["fsck", "--strict"]);
    }
}

#[test]
fn texts_alone_are_written_wherever_head_is() {
    let repo = sample();
    let draft = Draft::new(&repo).edit("a/V", "0.1.0", "0.2.0").create("relman.toml", "[workspace]\n");
    repo.git(&["commit", "-q", "--allow-empty", "-m", "later"]);
    let receipt = write_files(&draft.plan.files, &repo.open(), repo.root()).unwrap();
    assert_eq!(receipt.files, 2);
    assert_eq!(repo.git(&["status", "--porcelain"]), " M a/V\n?? relman.toml");
}

#[test]
fn staging_changes_the_index_that_the_environment_names() {
    let repo = sample();
    let other = repo.root().join(".git/other-index");
    std::fs::copy(repo.root().join(".git/index"), &other).unwrap();
    let mut env = repo.env();
    env.push(("GIT_INDEX_FILE".into(), Some(other.into())));
    let git = Git::discover_with(repo.root(), env).unwrap();
    let path = RepoPath::new("a/V").unwrap();
    let nothing = FileChanges::default();
    write_and_stage(&nothing, &[(path, "0.3.0\n".to_owned())], &git, repo.root()).unwrap();
    assert_eq!(String::from_utf8(git.read(&["show", ":a/V"]).unwrap()).unwrap(), "0.3.0\n");
    assert_eq!(repo.git(&["diff", "--cached", "--name-only"]), "");
    assert_eq!(repo.read("a/V").unwrap(), "0.1.0\n");
    let unknown = RepoPath::new("none").unwrap();
    assert!(write_and_stage(&nothing, &[(unknown, String::new())], &git, repo.root()).is_err());
    assert_eq!(pending(&git), None);
}
