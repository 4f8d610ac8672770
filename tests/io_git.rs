//! The read side of git, against the git that is installed.

use relman::io::{Branch, CatFile, Git, GitError, Head};
use relman::model::WorkspacePrefix;

use crate::support::repo::Repo;

#[test]
fn discovers_from_the_top_and_from_below() {
    let repo = Repo::with(&[("a/b/c.txt", "1\n")]);
    let git = repo.open();
    assert_eq!(git.toplevel(), repo.root());
    assert_eq!(git.git_dir(), repo.root().join(".git"));
    assert_eq!(git.prefix(), "");
    let below = Git::discover_with(&repo.root().join("a/b"), repo.env()).unwrap();
    assert_eq!(below.prefix(), "a/b");
    assert_eq!(below.prefix_of(repo.root()), Some(WorkspacePrefix::default()));
    assert!(!below.is_shallow());
}

#[test]
fn says_what_is_no_work_tree() {
    let repo = Repo::with(&[("a", "1\n")]);
    let outside = repo.outside();
    let none = Git::discover_with(&outside, repo.env()).unwrap_err();
    assert!(matches!(none, GitError::NotARepository { .. }), "{none}");
    let inside = Git::discover_with(&repo.root().join(".git"), repo.env()).unwrap_err();
    assert!(matches!(inside, GitError::NoWorkTree { .. }), "{inside}");
    repo.git_in(&outside, &["clone", "-q", "--bare", "repo", "bare.git"]);
    let bare = Git::discover_with(&outside.join("bare.git"), repo.env()).unwrap_err();
    assert!(matches!(bare, GitError::Bare { .. }), "{bare}");
    repo.git(&["commit", "-q", "--allow-empty", "-m", "second"]);
    let url = format!("file://{}", repo.root().display());
    repo.git_in(&outside, &["clone", "-q", "--depth=1", &url, "shallow"]);
    assert!(Git::discover_with(&outside.join("shallow"), repo.env()).unwrap().is_shallow());
}

#[test]
fn head_and_status_agree() {
    let repo = Repo::new();
    let git = repo.open();
    assert_eq!(git.head().unwrap().branch, Branch::Unborn("main".to_owned()));
    assert_eq!(git.head().unwrap().commit, None);
    repo.write("a file", "1\n");
    repo.write("ä", "1\n");
    repo.git(&["add", "-A"]);
    assert_eq!(git.status().unwrap().changed.len(), 2);
    repo.git(&["commit", "-q", "-m", "feat: begin"]);
    let head = git.head().unwrap();
    assert_eq!(head.branch, Branch::Attached("main".to_owned()));
    assert_eq!(head.commit, Some(repo.git(&["rev-parse", "HEAD"])));
    repo.write("ä", "2\n");
    repo.write("untracked", "2\n");
    let status = git.status().unwrap();
    assert_eq!(status.head, head);
    assert_eq!(status.changed.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["ä"]);
    repo.git(&["checkout", "-q", "--detach"]);
    assert_eq!(git.head().unwrap().branch, Branch::Detached);
    assert_eq!(git.head().unwrap(), git.status().unwrap().head);
}

#[test]
fn head_with_the_tags_is_head() {
    for format in ["files", "reftable"] {
        let repo = Repo::new();
        let folder = repo.outside().join(format);
        let init = format!("--ref-format={format}");
        repo.git_in(&repo.outside(), &["init", "-q", "-b", "a/b", &init, format]);
        let git = Git::discover_with(&folder, repo.env()).unwrap();
        let unborn = Head { commit: None, branch: Branch::Unborn("a/b".to_owned()) };
        assert_eq!(git.head_and_tags().unwrap(), (unborn.clone(), Vec::new()));
        assert_eq!(git.head_and_tag_targets().unwrap(), (unborn, Vec::new()));
        assert_eq!(git.tag_targets_and_commit().unwrap(), (None, Vec::new()));
        repo.git_in(&folder, &["commit", "-q", "--allow-empty", "-m", "x"]);
        repo.git_in(&folder, &["tag", "p/v1"]);
        repo.git_in(&folder, &["branch", "a/c"]);
        repo.git_in(&folder, &["tag", "-a", "-m", "x", "p/v2"]);
        let commit = git.head().unwrap().commit;
        let tags = ["p/v1", "p/v2"].map(str::to_owned).to_vec();
        let targets: Vec<_> = tags.iter().map(|tag| (tag.clone(), commit.clone())).collect();
        let cases = [(&["a/c"][..], Some("a/c")), (&["--detach"], None), (&["-b", "p/v1"], Some("p/v1"))];
        for (checkout, branch) in cases {
            repo.git_in(&folder, &[&["checkout", "-q"], checkout].concat());
            assert_eq!(git.current_branch().unwrap().as_deref(), branch, "{format}");
            let head = git.status().unwrap().head;
            assert_eq!(git.head_and_tags().unwrap(), (head.clone(), tags.clone()), "{format}");
            assert_eq!(git.head_and_tag_targets().unwrap(), (head, targets.clone()), "{format}");
            // Only a file that names the branch saves a call.
            let told = commit.clone().filter(|_| format == "files" && branch.is_some());
            assert_eq!(git.tag_targets_and_commit().unwrap(), (told, targets.clone()), "{format}");
        }
    }
}

#[test]
fn head_with_the_tags_where_refs_are_damaged() {
    let repo = Repo::with(&[("a", "one\n")]);
    let git = repo.open();
    let head = git.head().unwrap();
    repo.git(&["tag", "-a", "-m", "x", "v1"]);
    repo.git(&["tag", "-a", "-m", "of a tag", "v2", "v1"]);
    let targets = |names: [&str; 2]| names.map(|name| (name.to_owned(), head.commit.clone())).to_vec();
    assert_eq!(git.head_and_tag_targets().unwrap(), (head.clone(), targets(["v1", "v2"])));
    // Git gives up at a tag whose object is missing, and prints nothing.
    repo.write(".git/refs/tags/v3", &format!("{}\n", "1".repeat(40)));
    let without = [targets(["v1", "v2"]), vec![("v3".to_owned(), None)]].concat();
    assert_eq!(git.head_and_tag_targets().unwrap(), (head.clone(), without.clone()));
    assert_eq!(git.tag_targets_and_commit().unwrap(), (None, without));
    assert_eq!(git.head_and_tags().unwrap(), (head, ["v1", "v2", "v3"].map(str::to_owned).to_vec()));
    // A damaged branch is not one without a commit.
    repo.write(".git/refs/heads/main", "damaged\n");
    assert!(git.status().is_err());
    assert!(git.head_and_tags().is_err());
    assert!(git.head_and_tag_targets().is_err());
}

#[test]
fn reads_tags_index_objects_and_configuration() {
    let repo = Repo::with(&[("a", "one\n"), (".gitignore", "out/\n")]);
    repo.git(&["tag", "-a", "-m", "x", "v1"]);
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "side"]);
    repo.git(&["tag", "p/v2"]);
    repo.git(&["checkout", "-q", "main"]);
    let git = repo.open();
    assert_eq!(git.tags().unwrap(), ["p/v2", "v1"]);
    assert_eq!(git.tags_merged("HEAD").unwrap(), ["v1"]);

    let entries = git.index_entries().unwrap();
    assert_eq!(entries.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), [".gitignore", "a"]);
    let some = git.index_entries_of(&["a", "none"]).unwrap();
    assert_eq!(some, [entries[1].clone()]);
    // Of many paths the whole index is read, and the answer is the same.
    let names: Vec<String> = (0..60).map(|n| format!("none{n}")).collect();
    let many: Vec<&str> = names.iter().map(String::as_str).chain(["a"]).collect();
    assert_eq!(git.index_entries_of(&many).unwrap(), some);
    assert_eq!(git.ignored(&["out/x", "a"]).unwrap().into_iter().collect::<Vec<_>>(), ["out/x"]);
    assert!(git.ignored(&["a"]).unwrap().is_empty());

    let objects = CatFile::start(&git).unwrap();
    assert_eq!(objects.read(&some[0].oid, 100).unwrap().unwrap(), b"one\n");
    assert!(matches!(objects.read(&some[0].oid, 3), Err(GitError::TooLarge { size: 4, .. })));
    assert_eq!(objects.read(":a", 100).unwrap().unwrap(), b"one\n");
    assert_eq!(objects.read("v1:none", 100).unwrap(), None);

    repo.git(&["remote", "add", "origin", "/none"]);
    repo.git(&["config", "branch.main.remote", "origin"]);
    repo.git(&["config", "branch.main.merge", "refs/heads/trunk"]);
    let push = git.push_defaults(Some("main")).unwrap();
    assert_eq!(push.remotes, ["origin"]);
    assert_eq!(push.branch_remote.as_deref(), Some("origin"));
    assert_eq!(push.branch_merge.as_deref(), Some("trunk"));
    assert_eq!(git.identity().unwrap().0, "C O Mitter <committer@example.com> 1700000000 +0000");
}

#[test]
fn a_relative_work_tree_of_the_environment_is_followed() {
    let repo = Repo::with(&[("a/b.txt", "1\n")]);
    let mut env = repo.env();
    env.push(("GIT_DIR".into(), Some("../.git".into())));
    env.push(("GIT_WORK_TREE".into(), Some("..".into())));
    let git = Git::discover_with(&repo.root().join("a"), env).unwrap();
    assert_eq!(git.toplevel(), repo.root());
    assert_eq!(git.index_entries().unwrap().len(), 1);
    assert!(git.status().unwrap().changed.is_empty());
}
