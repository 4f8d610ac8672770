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

/// A copy of the program in a folder that every user may enter, which the program's own may not be.
#[cfg(target_os = "linux")]
fn public_copy() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_relman"), folder.path().join("relman")).unwrap();
    folder
}

/// Runs a program as a user without special rights: root may read everything.
#[cfg(target_os = "linux")]
fn as_another_user(repo: &Repo, program: &std::path::Path, args: &[&str]) -> (i32, String) {
    use std::process::Command;
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let outside = repo.outside();
    let mut command = if is_root {
        let owned = Command::new("chown").args(["-R", "65534:65534"]).arg(&outside).status().unwrap();
        assert!(owned.success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    for (name, value) in repo.env() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.args(args).current_dir(repo.root());
    let mut output = command.output().unwrap();
    while String::from_utf8_lossy(&output.stderr).contains("Text file busy") {
        // A child of another test was started while the copy was written, and has not let go of it yet.
        std::thread::sleep(std::time::Duration::from_millis(20));
        output = command.output().unwrap();
    }
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8(said).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn folders_and_files_that_this_user_may_not_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let table = [
        ("p/b", "permission denied", &["check", "status"][..]),
        ("p", "permission denied", &["check", "status"]),
        ("p/b/package.json", "permission denied", &["status"]),
        (".git/config", "not allowed to read", &["check", "status"]),
        (".git/objects", "", &["status"]),
    ];
    let copy = public_copy();
    let program = copy.path().join("relman");
    for (path, words, commands) in table {
        let repo = sample();
        repo.commit(&[("p/b/package.json", "{ \"name\": \"b\", \"version\": \"1.0.0\" }\n")]);
        let closed = repo.root().join(path);
        let mode = |bits| std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(bits)).unwrap();
        for command in commands.iter().map(|command| vec![*command]).chain([vec!["bump", "-y", "-pa", "minor"]]) {
            mode(0o000);
            let (code, said) = as_another_user(&repo, &program, &command);
            mode(0o755);
            assert_eq!(code, 2, "{path} {command:?}: {said}");
            assert!(said.to_lowercase().contains(words), "{path} {command:?}: {said}");
        }
    }
}
