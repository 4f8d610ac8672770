//! Repositories that are damaged: each damage has a message of its own with what to do, and the exit code is 2.

use crate::support::repo::Repo;

const CONFIG: &str = "[workspace]\nmembers = [\"p/*\"]\n";

fn sample() -> Repo {
    Repo::with(&[("relman.toml", CONFIG), ("p/a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n")])
}

fn remove_object(repo: &Repo, name: &str) {
    let id = repo.git(&["rev-parse", name]);
    std::fs::remove_file(repo.root().join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
}

#[track_caller]
fn unreadable(repo: &Repo, commands: &[&[&str]], words: &[&str]) {
    for command in commands {
        repo.relman(command).exits(2).says(words);
    }
}

const ALL: [&[&str]; 3] = [&["status"], &["check"], &["bump", "-y", "minor"]];
const BUMP: [&[&str]; 2] = [&["bump", "-y", "minor"], &["plan", "minor"]];

#[test]
fn a_configuration_that_git_cannot_read() {
    for text in ["[core\n", "[core]\n\tautocrlf = maybe\n", "[core]\n\trepositoryformatversion = 7\n"] {
        let repo = sample();
        let config = repo.read(".git/config").unwrap();
        repo.write(".git/config", &format!("{config}{text}"));
        unreadable(&repo, &ALL, &["git cannot read its configuration", "help: correct the line"]);
    }
}

#[test]
fn a_git_folder_without_a_head() {
    for head in ["", "garbage\n", "ref: main\n"] {
        let repo = sample();
        repo.write(".git/HEAD", head);
        unreadable(&repo, &ALL, &["git does not accept", "HEAD must read `ref: refs/heads/BRANCH`"]);
    }
    let repo = sample();
    std::fs::rename(repo.root().join(".git"), repo.outside().join("moved")).unwrap();
    repo.write(".git", "gitdir: elsewhere\n");
    unreadable(&repo, &ALL, &["git does not accept", "git worktree repair"]);
}

#[test]
fn an_index_that_git_cannot_read() {
    let repo = sample();
    repo.write(".git/index", "garbage");
    unreadable(&repo, &BUMP, &["git cannot read the index", "`git reset`"]);
    unreadable(&repo, &[&["check", "--staged"]], &["git cannot read the index", "`git reset`"]);
}

#[test]
fn packed_refs_that_git_cannot_read() {
    let repo = sample();
    repo.write(".git/packed-refs", "garbage\n");
    unreadable(&repo, &ALL, &["git cannot read the packed refs", "packed-refs: garbage"]);
}

#[test]
fn objects_that_are_missing() {
    for object in ["HEAD", "HEAD^{tree}"] {
        let repo = sample();
        remove_object(&repo, object);
        unreadable(&repo, &BUMP, &["an object of the repository is missing or damaged", "git fsck"]);
        unreadable(&repo, &[&["status"]], &["an object of the repository is missing or damaged", "git fsck"]);
    }
    let repo = sample();
    remove_object(&repo, "HEAD:p");
    unreadable(&repo, &[&["status"]], &["an object of the repository is missing or damaged", "git fsck"]);
}
