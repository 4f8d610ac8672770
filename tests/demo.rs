//! `relman demo`, as a newcomer runs it.

use std::path::Path;
use std::process::{Command, Output};

fn demo(home: &Path, args: &[&str], more: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relman"));
    command.arg("demo").args(args).current_dir(home).env("HOME", home).envs(more.iter().copied());
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "XDG_CONFIG_HOME", "SOURCE_DATE_EPOCH"] {
        if !more.iter().any(|(known, _)| *known == name) {
            command.env_remove(name);
        }
    }
    command.output().unwrap()
}

fn git(folder: &Path, args: &[&str]) -> String {
    let output =
        Command::new("git").args(args).current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn shows_everything_and_leaves_a_clean_repository() {
    let home = tempfile::tempdir().unwrap();
    let output = demo(home.path(), &[], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for expected in [
        "$ relman status\n",
        "$ relman bump --package importer minor --yes\n",
        "packages/web/package.json:3:14: drift",
        "$ relman check --fix\n",
        "* ",
        "tag: scheduler-v0.3.0a2",
        "Try next:",
    ] {
        assert!(text.contains(expected), "{expected} is missing in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'));
    let folder = home.path().join("relman-demo");
    assert_eq!(git(&folder, &["status", "--porcelain"]), "");
    assert_eq!(git(&folder, &["fsck", "--strict"]), "");
    let tags = "importer-v0.1.0\nimporter-v0.2.0\nscheduler-v0.2.0\nscheduler-v0.3.0a1\nscheduler-v0.3.0a2\n\
                v0.2.0\nv0.3.0-alpha.1\nv0.3.0-alpha.2\n";
    assert_eq!(git(&folder, &["tag", "--sort=refname"]), tags);

    let again = demo(home.path(), &[], &[]);
    assert_eq!(again.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&again.stderr).contains("exists and is not empty"));
}

#[test]
fn gives_the_same_commits_whatever_the_user_has() {
    let home = tempfile::tempdir().unwrap();
    let hooks = home.path().join("hooks");
    std::fs::create_dir(&hooks).unwrap();
    std::fs::write(hooks.join("pre-commit"), "#!/bin/sh\nexit 1\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(hooks.join("pre-commit"), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let config = format!(
        "[user]\n\tname = Me\n[commit]\n\tgpgSign = true\n[tag]\n\tgpgSign = true\n[core]\n\thooksPath = {}\n\tautocrlf = true\n\
         [init]\n\tdefaultBranch = trunk\n",
        hooks.display()
    );
    std::fs::write(home.path().join(".gitconfig"), config).unwrap();
    // A repository around it, and its rules for files that are left aside, are none of its business.
    git(home.path(), &["init", "-q", "."]);
    std::fs::write(home.path().join(".gitignore"), "*.json\n/a\n").unwrap();
    let first = demo(home.path(), &["a"], &[]);
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    let second = demo(home.path(), &["b"], &[("GIT_AUTHOR_NAME", "Somebody"), ("TZ", "Asia/Tokyo")]);
    assert_eq!(second.status.code(), Some(0), "{}", String::from_utf8_lossy(&second.stderr));
    let heads = ["a", "b"].map(|name| git(&home.path().join(name), &["rev-parse", "HEAD", "v0.3.0-alpha.2"]));
    assert_eq!(heads[0], heads[1]);
}

#[test]
fn refuses_where_git_would_work_elsewhere() {
    let home = tempfile::tempdir().unwrap();
    let output = demo(home.path(), &[], &[("GIT_DIR", "/nowhere")]);
    assert_eq!(output.status.code(), Some(4));
    assert!(!home.path().join("relman-demo").exists());
}

#[test]
fn is_coloured_when_asked() {
    let home = tempfile::tempdir().unwrap();
    let output = demo(home.path(), &["--color", "always"], &[]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("\u{1b}[1mrelman status\u{1b}[0m"));
}
