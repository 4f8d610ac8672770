//! Paths of a repository that is not trusted: into `.git`, out of the repository, to pipes and devices, too long. Nothing is read or
//! written there, and each is reported where relman.toml names it.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use relman::config::Config;
use relman::model::RepoPath;

use crate::support::program::Ran;
use crate::support::repo::Repo;

const MANIFEST: (&str, &str) = ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n");

/// What is wrong in a relman.toml: line, column and message.
fn wrong(text: &str) -> Vec<String> {
    let path = RepoPath::new("relman.toml").unwrap();
    let problems = Config::parse(&path, &Arc::from(text)).err().unwrap_or_default();
    let told = problems.into_iter().map(|problem| {
        let at = problem.place.as_ref().unwrap().position();
        assert!(problem.help.is_some(), "{}", problem.message);
        format!("{}:{}: {}", at.line, at.column, problem.message)
    });
    told.collect()
}

/// Every key of relman.toml that takes a path or a pattern of paths, `PATH` in its place, and the column of that.
const KEYS: [(&str, &str); 9] = [
    ("[workspace]\nmembers = ['PATH']", "2:12"),
    ("[workspace]\nexclude = ['PATH']", "2:12"),
    ("[packages.a]\npath = 'PATH'", "2:8"),
    ("[packages.a]\npath = 'a'\npaths = ['PATH']", "3:10"),
    ("[packages.a]\npath = 'a'\npaths = ['!PATH']", "3:10"),
    ("[packages.a]\nmanifests = [{ path = 'PATH', search = 'v{version}' }]", "2:23"),
    ("[packages.a]\npath = 'a'\nchangelog = 'PATH'", "3:13"),
    ("[packages.a]\npath = 'a'\n[changelog]\npath = 'PATH'", "4:8"),
    ("[packages.a]\npath = 'a'\n[changelog]\nfragments = 'PATH'", "4:13"),
];

#[test]
fn a_path_into_the_git_folder_is_refused_in_every_key() {
    let paths = [
        ".git/config",
        "a/.GIT/config",
        ".git./x",
        ".git /x",
        "git~1/config",
        "a/GIT~1 ./x",
        ".git::$INDEX_ALLOCATION/config",
        ".git:x",
        ".g\u{200c}it/config",
        "x/.gi\u{feff}T",
        "./.git//hooks/post-commit",
    ];
    for (config, place) in KEYS {
        for path in paths {
            let found = wrong(&config.replace("PATH", path));
            let reported =
                found.iter().any(|line| line.starts_with(&format!("{place}: ")) && line.contains("means `.git`"));
            assert!(reported, "{config} with {path:?}: {found:?}");
        }
        for path in ["x/.gitignore", ".github/x", "git/x", "x.git/y"] {
            assert_eq!(wrong(&config.replace("PATH", path)), Vec::<String>::new(), "{config} with {path}");
        }
    }
    for config in
        ["[workspace]\nmembers = ['PATH']", "[packages.a]\npath = 'a'\nmanifests = [{ path = 'PATH', type = 'plain' }]"]
    {
        for path in [".git/*", "**/.GIT/x*", "{x,.git}/*", "*/{git~1,x}/VERSION"] {
            let found = wrong(&config.replace("PATH", path));
            assert!(found.len() == 1 && found[0].contains("means `.git`"), "{config} with {path}: {found:?}");
        }
    }
}

#[test]
fn a_path_that_no_file_can_have_is_refused_in_every_key() {
    let cases = [
        ("x".repeat(256), "too long"),
        ("y/".repeat(2001) + "x", "too long"),
        ("x\\ny".to_owned(), "control character"),
    ];
    for (config, place) in KEYS {
        // A line break needs a string with escapes.
        let config = config.replace("'PATH'", "\"PATH\"").replace("'!PATH'", "\"!PATH\"");
        for (path, expected) in &cases {
            let found = wrong(&config.replace("PATH", path));
            let reported = found.iter().any(|line| line.starts_with(&format!("{place}: ")) && line.contains(expected));
            assert!(reported, "{config}, {expected}: {found:?}");
        }
    }
}

#[test]
fn a_changelog_that_a_template_puts_into_the_git_folder_is_refused() {
    for (folder, path) in [(".", "{path}git/config"), ("it", ".g{path}/config"), ("~1/x", "git{path}/x")] {
        let config = format!("[packages.a]\npath = '{folder}'\n[changelog]\npath = '{path}'\n");
        let file = format!("{folder}/package.json");
        let repo = Repo::with(&[("relman.toml", config.as_str()), (file.as_str(), MANIFEST.1)]);
        let git_config = repo.read(".git/config");
        for args in [&["status"][..], &["bump", "minor", "-n"], &["bump", "minor", "-y", "--no-commit"]] {
            repo.report(args).exits(2).finds(&["config-value relman.toml:4:8"]);
        }
        assert_eq!(repo.read(".git/config"), git_config);
    }
}

#[test]
fn a_pattern_never_finds_the_git_folder() {
    for pattern in [".g[i]t/HEAD", ".g*/HEAD", "{.g,x}it/HEAD", "**/HEAD", "?git/HEAD"] {
        let config = format!(
            "[packages.a]\nmanifests = ['a/package.json', {{ path = '{pattern}', search = 'refs/heads/{{version}}' }}]\n"
        );
        let repo = Repo::with(&[("relman.toml", config.as_str()), MANIFEST]);
        repo.report(&["check"]).exits(2).finds(&["missing relman.toml:2:41"]);
    }
}

#[test]
fn a_link_into_the_git_folder_or_out_of_the_repository_is_refused() {
    let outside = |repo: &Repo| {
        fs::write(repo.outside().join("package.json"), "{ \"name\": \"secret\", \"version\": \"1.0.0\" }\n").unwrap();
        repo.outside().display().to_string()
    };
    let manifests = "[packages.a]\nmanifests = ['a/package.json', { path = 'l/package.json', pointer = '/version' }]\n";
    let changelog = "[packages.a]\npath = 'a'\nchangelog = 'l/LOG.md'\n";
    let fragments = "[packages.a]\npath = 'a'\n[changelog]\nfragments = 'l/parts'\n";
    let members = "[packages.a]\npath = 'a'\n[workspace]\nmembers = ['l/**/x']\n";
    for config in [manifests, changelog, fragments, members] {
        for into_git in [true, false] {
            let repo = Repo::with(&[("relman.toml", config), MANIFEST]);
            let target = if into_git { ".git".to_owned() } else { outside(&repo) };
            let folder = repo.root().join(&target);
            fs::create_dir_all(folder.join("x")).unwrap();
            for file in ["package.json", "x/package.json"] {
                fs::write(folder.join(file), "{ \"name\": \"secret\", \"version\": \"1.0.0\" }\n").unwrap();
            }
            symlink(&target, repo.root().join("l")).unwrap();
            repo.commit(&[]);
            for args in
                [&["check"][..], &["bump", "-pa", "minor", "-n"], &["bump", "-pa", "minor", "-y", "--no-commit"]]
            {
                // What `members` would find behind the link is not found, and the release of `a` is fine.
                let ran = if config == members { repo.relman(args) } else { repo.idle(args) };
                assert!(
                    !format!("{}{}", ran.out, ran.err).contains("secret"),
                    "{config} {args:?}: {}{}",
                    ran.out,
                    ran.err
                );
                if config != members && (config == manifests || args[0] == "bump") {
                    assert!(matches!(ran.code, 2 | 3), "{config} {args:?}: {}\n{}{}", ran.code, ran.out, ran.err);
                    ran.says(&["leaves the repository"]);
                }
            }
            assert!(!folder.join("LOG.md").exists() && !folder.join("parts").exists());
        }
    }
}

#[test]
fn a_changelog_that_is_a_dangling_link_out_of_the_repository_is_refused() {
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = 'a'\nchangelog = 'a/LOG.md'\n"), MANIFEST]);
    let target = repo.outside().join("none.md");
    symlink(&target, repo.root().join("a/LOG.md")).unwrap();
    repo.commit(&[]);
    for how in ["-n", "-y"] {
        repo.report(&["bump", "minor", how]).exits(2).finds(&["outside a/LOG.md"]).says(&["none.md"]);
    }
    assert!(!target.exists());
}

#[test]
fn a_configuration_outside_of_the_repository_is_not_read() {
    let repo = Repo::with(&[MANIFEST]);
    let secret = repo.outside().join("netrc");
    fs::write(&secret, "machine example.com password hunter2\n").unwrap();
    for target in [secret.to_str().unwrap(), ".git/config", "/etc/passwd"] {
        let link = repo.root().join("relman.toml");
        symlink(target, &link).unwrap();
        repo.commit(&[]);
        for args in [
            &["status"][..],
            &["check"],
            &["check", "--staged"],
            &["plan", "minor"],
            &["bump", "minor", "-n"],
            &["bump", "minor", "-y"],
            &["status", "--config", "relman.toml"],
            &["check", "--config", ".git/config"],
        ] {
            let ran = repo.idle(args);
            assert_eq!(ran.code, 2, "{target} {args:?}: {}{}", ran.out, ran.err);
            for secret in ["hunter2", "[core]", "repositoryformat", "root:"] {
                assert!(!ran.err.contains(secret) && !ran.out.contains(secret), "{args:?}: {}{}", ran.out, ran.err);
            }
        }
        repo.report(&["status"]).exits(2).finds(&["outside relman.toml"]);
        fs::remove_file(link).unwrap();
    }
}

#[test]
fn a_configuration_that_is_a_link_inside_of_the_repository_is_read() {
    let repo = Repo::with(&[("config/shared.toml", "[packages.a]\npath = 'a'\n"), MANIFEST]);
    symlink("config/shared.toml", repo.root().join("relman.toml")).unwrap();
    repo.commit(&[]);
    repo.idle(&["status"]).exits(0).says(&["1.0.0"]);
    repo.idle(&["check", "--staged"]).exits(0);
    fs::create_dir(repo.root().join("a/sub")).unwrap();
    symlink("../../config/shared.toml", repo.root().join("a/sub/relman.toml")).unwrap();
    repo.report(&["-C", "a/sub", "status"]).exits(2).finds(&["missing relman.toml:2:8"]);
}

#[test]
fn a_plan_that_names_a_file_in_the_git_folder_is_refused() {
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = 'a'\n"), MANIFEST]);
    let plan = repo.relman(&["plan", "minor", "--json"]).exits(0).out.clone();
    for path in [".git/hooks/post-commit", "a/.GIT./config", "git~1/config", "../x", "/tmp/x"] {
        let bad = plan.replace("a/package.json", path);
        assert_ne!(bad, plan);
        fs::write(repo.outside().join("plan.json"), bad).unwrap();
        let file = repo.outside().join("plan.json");
        repo.report(&["apply", "-y", file.to_str().unwrap()]).exits(2).finds(&["usage"]).says(&["the path"]);
    }
}

#[test]
fn a_demo_is_not_made_in_the_git_folder() {
    let repo = Repo::with(&[MANIFEST]);
    for folder in [".git/demo", ".GIT/demo", "x/.git/demo", "x/git~1"] {
        repo.idle(&["demo", folder]).exits(4).says(&["`.git` folder", "relman demo DIR"]);
        assert!(!repo.root().join(folder).exists(), "{folder}");
    }
    let repo = Repo::with(&[MANIFEST]);
    repo.idle(&["-C", ".git", "init"]).exits(2).says(&["inside the git folder"]);
}

#[test]
fn a_package_whose_manifest_gives_it_a_name_with_a_line_break_is_refused() {
    let config = "[workspace]\nmembers = ['*']\ntag = 'v{version}'\n";
    let repo =
        Repo::with(&[("relman.toml", config), ("b/package.json", "{ \"name\": \"b\\nc\", \"version\": \"1.0.0\" }\n")]);
    for args in [&["status"][..], &["check"], &["bump", "--all", "minor", "-y"]] {
        repo.report(args).exits(2).finds(&["manifest b"]).says(&["\"b\\nc\""]);
    }
}

/// Runs the program, which must come to its end by itself.
fn in_time(repo: &Repo, args: &[&str]) -> Ran {
    let mut command = repo.command(repo.root(), args, &[]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{args:?} waits");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn a_pipe_or_a_socket_is_named_and_not_waited_for() {
    let listed = "[packages.a]\nmanifests = ['a/package.json', { path = 'x', search = 'v{version}' }]\n";
    let globbed = "[packages.a]\nmanifests = ['a/package.json', { path = 'x*', search = 'v{version}' }]\n";
    let declared = "[packages.a]\npath = 'a'\nchangelog = 'LOG.md'\n";
    let members = "[workspace]\nmembers = ['*']\n";
    let bump: &[&str] = &["bump", "minor", "-n"];
    let cases: [(&str, &str, &[&str], i32); 9] = [
        (listed, "x", &["check"], 3),
        (listed, "x", bump, 2),
        (globbed, "x1", &["status"], 2),
        (declared, "LOG.md", bump, 2),
        (declared, "a/Chart.yaml", &["check"], 3),
        (declared, "Cargo.lock", &["check"], 3),
        (declared, "changelog.d/x.added.md", &["check"], 3),
        (members, "a/pyproject.toml", &["check"], 3),
        (declared, "relman.toml", &["status"], 2),
    ];
    for (config, path, args, code) in cases {
        for what in ["a named pipe", "a socket", "link"] {
            let repo = Repo::with(&[("relman.toml", config), MANIFEST]);
            let at = repo.root().join(path);
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&at);
            let pipe = if what == "link" { repo.root().join("p") } else { at.clone() };
            let _socket = (what == "a socket").then(|| std::os::unix::net::UnixListener::bind(&at).unwrap());
            if what != "a socket" {
                assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            }
            if what == "link" {
                symlink(&pipe, &at).unwrap();
            }
            let ran = in_time(&repo, args);
            // A link among fragments is not followed at all.
            let expected = if what != "link" {
                format!("is {what}, not a file")
            } else if path.contains(".d/") {
                "symbolic link".to_owned()
            } else {
                "is a named pipe, not a file".to_owned()
            };
            assert_eq!(ran.code, code, "{path} as {what}: {}{}", ran.out, ran.err);
            assert!(format!("{}{}", ran.out, ran.err).contains(&expected), "{path} as {what}: {}{}", ran.out, ran.err);
        }
    }
}

#[test]
fn a_plan_may_come_through_a_pipe() {
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = 'a'\n"), MANIFEST]);
    let plan = repo.relman(&["plan", "minor", "--json"]).exits(0).out.clone();
    let pipe = repo.outside().join("plan");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::write(pipe, plan).unwrap())
    };
    let ran = in_time(&repo, &["apply", "-y", pipe.to_str().unwrap()]);
    writer.join().unwrap();
    ran.exits(0);
    assert_eq!(repo.tags(), ["a-v1.1.0"]);
}

#[test]
fn a_pipe_in_the_place_of_the_lock_is_not_waited_for() {
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = 'a'\n"), MANIFEST]);
    fs::create_dir_all(repo.root().join(".git/relman")).unwrap();
    assert!(Command::new("mkfifo").arg(repo.root().join(".git/relman/lock")).status().unwrap().success());
    let ran = in_time(&repo, &["bump", "minor", "-y"]);
    ran.says(&["relman/lock: it is a named pipe, not a file"]);
    assert_ne!(ran.code, 0);
}
