//! Bad input: each is told with its place and its remedy, by the exit code of the contract, and nothing is written.

use std::fs;
use std::process::Stdio;

use crate::support::repo::Repo;

/// A repository of one package, declared by this entry of `manifests`, with these files.
fn one(manifests: &str, files: &[(&str, &str)]) -> Repo {
    let config = format!("[packages.a]\nmanifests = [{manifests}]\n");
    let mut all = vec![("relman.toml", config.as_str()), ("README.md", "sample\n")];
    all.extend(files);
    Repo::with(&all)
}

/// The ways to read: `check` finds files that are unreadable (3), the others cannot go on (2). All report the same places, and nothing is written.
#[track_caller]
fn unreadable(repo: &Repo, problems: &[&str]) {
    for args in [&["status"][..], &["bump", "minor", "-y"], &["plan", "minor"]] {
        repo.report(args).exits(2).finds(problems);
    }
    let place = |problem: &&str| problem.split_once(' ').map_or(String::new(), |(_, place)| place.to_owned());
    let findings: Vec<String> = problems.iter().map(|problem| format!("unreadable {}", place(problem))).collect();
    repo.report(&["check"]).exits(3).finds(&findings.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The same for what is wrong with relman.toml itself.
#[track_caller]
fn wrong(repo: &Repo, problems: &[&str]) {
    for args in [&["check"][..], &["status"], &["bump", "minor", "-y"], &["bump", "minor", "-n"]] {
        repo.report(args).exits(2).finds(problems);
    }
}

#[test]
fn broken_files_are_told_with_line_and_column() {
    let cases = [
        ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\n", "manifest Cargo.toml:3:17"),
        ("Cargo.toml", "[package]\nversion = \"1.0.0\"\nversion = \"1.0.0\"\n", "manifest Cargo.toml:3:1"),
        ("pyproject.toml", "[project\n", "manifest pyproject.toml:1:9"),
        ("package.json", "{\n  \"version\": \"1.0.0\",\n}\n", "manifest package.json:3:1"),
        ("package.json", "{\n  \"version\": \"1.0.0\",\n  \"version\": \"2.0.0\"\n}\n", "manifest package.json:3:4"),
        ("package.json", "[1]", "manifest package.json:1:1"),
        ("Chart.yaml", "name: a\nversion: [1\n", "manifest Chart.yaml:2:10"),
        ("Chart.yaml", "version: 1.0.0\nversion: 2.0.0\n", "manifest Chart.yaml:2:1"),
        ("Chart.yaml", "name: a\nversion: {{ .Values.version }}\n", "manifest Chart.yaml:2:10"),
        ("Chart.yaml", "x: &v 1.0.0\nversion: *v\n", "manifest Chart.yaml:2:10"),
        ("package.json", "{ \"version\": \"one\" }", "version package.json:1:15"),
        ("Cargo.toml", "[package]\nversion = \"1.x\"\n", "version Cargo.toml:2:12"),
        ("pyproject.toml", "[project]\nversion = \"1.0-next.3\"\n", "version pyproject.toml:2:12"),
        ("package.json", "", "manifest package.json:1:1"),
    ];
    for (path, text, problem) in cases {
        unreadable(&one(&format!("\"{path}\""), &[(path, text)]), &[problem]);
    }
}

/// A few whole messages, for their wording.
#[test]
fn a_broken_file_is_shown_with_its_line_and_what_to_do() {
    for (path, text, expected) in [
        (
            "Chart.yaml",
            "name: a\nversion: {{ .Values.version }}\n",
            "error: `version` is a mapping, expected a text\n --> Chart.yaml:2:10\n  |\n2 | version: {{ .Values.version }}\n  |          ^^^^^^^^^^^^^^^^^^^^^\n  |\n  = help: this looks like a template; name its version with `search`, or leave the file out\n",
        ),
        (
            "pyproject.toml",
            "[project]\nversion = \"1.0-next.3\"\n",
            "error: `1.0-next.3` is not a valid PEP 440 version: after parsing `1.0`, found `-next.3`, which is not part of a valid version\n --> pyproject.toml:2:12\n  |\n2 | version = \"1.0-next.3\"\n  |            ^^^^^^^^^^\n  |\n  = help: write a PEP 440 version such as 1.2.3a1\n",
        ),
        (
            "package.json",
            "{ \"version\": \"1.0.0\",\n  \"version\": \"2.0.0\" }\n",
            "error: duplicate key `version`\n --> package.json:2:4\n  |\n2 |   \"version\": \"2.0.0\" }\n  |    ^^^^^^^\n  |\n  = help: keep one of them; readers do not agree on which one counts\n",
        ),
    ] {
        let repo = one(&format!("\"{path}\""), &[(path, text)]);
        let err = repo.idle(&["status"]).exits(2).err.clone();
        assert_eq!(err, expected);
    }
}

#[test]
fn an_empty_manifest_is_told() {
    for (path, empty, blank) in [
        ("Cargo.toml", "no-version relman.toml:1:11", "no-version relman.toml:1:11"),
        ("pyproject.toml", "no-version relman.toml:1:11", "no-version relman.toml:1:11"),
        ("package.json", "manifest package.json:1:1", "manifest package.json:1:1"),
        ("Chart.yaml", "manifest Chart.yaml:1:1", "manifest Chart.yaml:1:1"),
        ("VERSION", "manifest VERSION:1:1", "manifest VERSION:2:1"),
    ] {
        for (text, problem) in [("", empty), ("\u{feff}\n", blank)] {
            unreadable(&one(&format!("\"{path}\""), &[(path, text)]), &[problem]);
        }
    }
}

#[test]
fn a_file_that_is_not_utf8_is_told() {
    let repo = one("\"package.json\"", &[]);
    fs::write(repo.root().join("package.json"), b"{ \"version\": \"1.0.0\", \"x\": \"\xff\" }").unwrap();
    repo.commit(&[]);
    unreadable(&repo, &["unreadable package.json"]);
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let repo = one("\"package.json\"", &[]);
    wrong(&repo, &["missing relman.toml:2:14"]);
    let repo = one("\"packages/*/package.json\"", &[]);
    wrong(&repo, &["missing relman.toml:2:14"]);
    // A deleted file of a glob is not missed; one of a folder with nothing left is.
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = \"gone\"\n")]);
    wrong(&repo, &["missing relman.toml:2:8"]);
}

#[test]
fn a_folder_where_a_file_should_be_is_told() {
    let repo = one("\"package.json\"", &[("package.json/x", "")]);
    unreadable(&repo, &["unreadable package.json"]);
}

#[test]
fn a_manifest_of_a_hundred_megabytes_is_told_and_not_read() {
    let repo = one("\"package.json\"", &[("package.json", "{}")]);
    repo.git(&["update-index", "--assume-unchanged", "package.json"]);
    let file = fs::File::create(repo.root().join("package.json")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    for (args, code) in [(&["check"][..], 3), (&["status"], 2), (&["bump", "minor", "-y"], 2)] {
        let ran = repo.relman(&[args, &["--json"]].concat());
        ran.exits(code).finds(&["unreadable package.json"]).says(&["104857600 bytes"]);
    }
}

#[test]
fn depth_harms_nothing() {
    let deep = format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\nx = {}", "[".repeat(100_000));
    unreadable(&one("\"Cargo.toml\"", &[("Cargo.toml", &deep)]), &["manifest Cargo.toml:4:85"]);
    let closed = format!("version = \"1.0.0\"\nx = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    unreadable(
        &one("{ path = \"Cargo.toml\", pointer = \"/version\" }", &[("Cargo.toml", &closed)]),
        &["manifest Cargo.toml:2:85"],
    );
    let json = format!("{{ \"version\": \"1.0.0\", \"x\": {}{} }}", "[".repeat(100_000), "]".repeat(100_000));
    let repo = one("\"package.json\"", &[("package.json", &json)]);
    assert!([0, 3].contains(&repo.idle(&["check"]).code));
    let yaml = format!("version: 1.0.0\nx: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let repo = one("\"Chart.yaml\"", &[("Chart.yaml", &yaml)]);
    assert!([0, 3].contains(&repo.idle(&["check"]).code));
}

#[test]
fn all_that_is_broken_is_told_at_once() {
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("p/a/package.json", "{"),
        ("p/b/Cargo.toml", "["),
        ("p/c/Chart.yaml", "version: {{ x }}\n"),
        ("p/d/pyproject.toml", "[project]\nname = \"d\"\nversion = \"x\"\n"),
        ("p/e/package.json", "{ \"name\": \"e\", \"version\": \"1.0.0\" }"),
    ]);
    unreadable(
        &repo,
        &[
            "manifest p/a/package.json:1:2",
            "manifest p/b/Cargo.toml:1:2",
            "manifest p/c/Chart.yaml:1:10",
            "version p/d/pyproject.toml:3:12",
        ],
    );
}

#[test]
fn a_broken_lock_file_is_told() {
    for (path, text, at) in
        [("uv.lock", "version = \n", "1:11"), ("package-lock.json", "{", "1:2"), ("Cargo.lock", "[[package]\n", "1:11")]
    {
        let repo = one(&format!("\"VERSION\", \"{path}\""), &[("VERSION", "1.0.0\n"), (path, text)]);
        unreadable(&repo, &[&format!("manifest {path}:{at}")]);
    }
}

#[test]
#[cfg(unix)]
fn a_symlinked_manifest_is_edited_through() {
    let repo = one("\"package.json\"", &[("real/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n")]);
    std::os::unix::fs::symlink("real/package.json", repo.root().join("package.json")).unwrap();
    repo.commit(&[]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "minor", "-y"]).exits(0);
    assert!(fs::symlink_metadata(repo.root().join("package.json")).unwrap().is_symlink());
    assert_eq!(repo.read("real/package.json").unwrap(), "{ \"name\": \"a\", \"version\": \"1.1.0\" }\n");
    assert_eq!(repo.git(&["show", "--name-only", "--format="]), "real/package.json");
    assert_eq!(repo.git(&["status", "--porcelain"]), "");
}

#[test]
#[cfg(unix)]
fn a_symlink_that_leaves_the_repository_is_refused() {
    let repo = one("\"package.json\"", &[]);
    let outside = repo.outside().join("package.json");
    fs::write(&outside, "{ \"version\": \"1.0.0\" }").unwrap();
    std::os::unix::fs::symlink(&outside, repo.root().join("package.json")).unwrap();
    repo.commit(&[]);
    wrong(&repo, &["outside relman.toml:2:14"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "{ \"version\": \"1.0.0\" }");
    // The same by a folder above the file, and in a `members` folder.
    let repo = Repo::with(&[("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"), ("p/a/x", "")]);
    std::os::unix::fs::symlink(&outside, repo.root().join("p/a/package.json")).unwrap();
    repo.commit(&[]);
    unreadable(&repo, &["outside p/a/package.json"]);
    // A lock file that was found beside the manifest is no better.
    let config = "[workspace]\nmembers = [\"p/*\"]\n";
    let repo = Repo::with(&[("relman.toml", config), ("p/a/package.json", FINE.1)]);
    std::os::unix::fs::symlink(&outside, repo.root().join("p/a/package-lock.json")).unwrap();
    repo.commit(&[]);
    wrong(&repo, &["outside p/a/package-lock.json"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "{ \"version\": \"1.0.0\" }");
}

const FINE: (&str, &str) = ("package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n");

#[test]
fn not_a_repository_and_a_bare_one() {
    let repo = Repo::with(&[FINE]);
    let outside = repo.outside().join("elsewhere");
    fs::create_dir(&outside).unwrap();
    for args in [&["status"][..], &["check"], &["bump", "minor", "-y"], &["plan", "minor"], &["resume"], &["abort"]] {
        repo.relman_with(&outside, args, &[]).exits(2).says(&["is not in a git repository"]);
    }
    let bare = repo.outside().join("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", bare.to_str().unwrap()]);
    for args in [&["status"][..], &["check"], &["bump", "minor", "-y"]] {
        repo.relman_with(&bare, args, &[]).exits(2).says(&["bare"]);
    }
    let inside = repo.root().join(".git");
    repo.relman_with(&inside, &["status"], &[]).exits(2).says(&["git folder"]);
    let nowhere = repo.root().join("nowhere");
    repo.relman(&["-C", nowhere.to_str().unwrap(), "status"]).exits(2).says(&["nowhere"]);
}

#[test]
fn a_file_to_start_in() {
    let repo = one("[\"VERSION\"]", &[("VERSION", "1.0.0\n")]);
    repo.report(&["-C", "VERSION", "status"]).exits(2).finds(&["usage"]).says(&["VERSION is not a folder"]);
}

#[test]
fn no_commit_yet() {
    let repo = Repo::new();
    repo.write("relman.toml", "[packages.a]\npath = \".\"\n");
    repo.write(FINE.0, FINE.1);
    repo.report(&["bump", "minor", "-y"]).exits(2).finds(&["no-commits"]);
    repo.report(&["pr", "--dry-run"]).exits(2).finds(&["no-commits"]);
    repo.idle(&["status"]).exits(0).says(&["1.0.0"]);
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_shallow_clone_without_its_tags() {
    let origin = one("\"package.json\"", &[FINE]);
    origin.git(&["tag", "-a", "-m", "r", "a-v1.0.0"]);
    origin.commit(&[("x", "")]);
    let clone = Repo::new();
    let url = format!("file://{}", origin.root().display());
    clone.git(&["fetch", "-q", "--depth=1", "--no-tags", &url, "main"]);
    clone.git(&["reset", "-q", "--hard", "FETCH_HEAD"]);
    for args in [&["status"][..], &["bump", "minor", "-y"], &["plan", "minor"]] {
        clone.report(args).exits(2).finds(&["history-missing"]).says(&[
            "fetch-depth: 0",
            "GIT_DEPTH",
            "git fetch --unshallow --tags",
        ]);
    }
    clone.idle(&["status", "--no-history"]).exits(0);
    clone.idle(&["check"]).exits(0);
    clone.git(&["fetch", "-q", "--unshallow", "--tags", &url]);
    clone.idle(&["status"]).exits(0).says(&["a-v1.0.0"]);
}

#[test]
fn linked_worktrees_and_submodules_work() {
    let repo = one("\"package.json\"", &[FINE]);
    let linked = repo.outside().join("linked");
    repo.git(&["worktree", "add", "-q", "-b", "other", linked.to_str().unwrap()]);
    repo.relman_with(&linked, &["bump", "minor", "-y"], &[]).exits(0);
    assert_eq!(repo.git(&["show", "other:package.json"]), FINE.1.trim_end().replace("1.0.0", "1.1.0"));
    assert_eq!(repo.git(&["show", "main:package.json"]), FINE.1.trim_end());
    assert_eq!(repo.git_in(&linked, &["status", "--porcelain"]), "");
    assert_eq!(repo.tags(), ["a-v1.1.0"]);
    let outer = Repo::with(&[("relman.toml", "[packages.out]\npath = \".\"\n"), ("VERSION", "1.0.0\n")]);
    let url = repo.root().to_str().unwrap();
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", "-b", "main", url, "sub"]);
    outer.commit(&[]);
    let sub = outer.root().join("sub");
    outer.relman_with(&sub, &["bump", "2.0.0", "-y"], &[]).exits(0);
    assert_eq!(outer.git_in(&sub, &["status", "--porcelain"]), "");
    assert!(outer.read("sub/package.json").unwrap().contains("2.0.0"));
    assert_eq!(outer.git_in(&sub, &["tag", "--points-at", "HEAD"]), "a-v2.0.0");
}

#[test]
fn nobody_confirms() {
    let repo = one("\"package.json\"", &[FINE]);
    repo.report(&["bump", "minor"]).exits(4).finds(&["no-confirmation"]).says(&["--yes", "RELMAN_ASSUME_YES=1"]);
    repo.relman_with(repo.root(), &["bump", "minor"], &[("RELMAN_ASSUME_YES", "1")]).exits(0);
}

#[test]
#[cfg(unix)]
fn a_closed_pipe_ends_quietly() {
    let repo = one("\"package.json\"", &[FINE]);
    for args in [&["status"][..], &["check", "--json"], &["schema"], &["man"], &["--help"], &["bump", "minor", "-n"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = repo.command(repo.root(), args, &[]);
        let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?} {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_a_failure() {
    let repo = one("\"package.json\"", &[FINE]);
    let full = fs::File::create("/dev/full").unwrap();
    let mut command = repo.command(repo.root(), &["status"], &[]);
    let output = command.stdin(Stdio::null()).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
}

#[test]
fn with_json_what_is_wrong_is_printed_as_one_object() {
    let repo = one("\"VERSION\"", &[("VERSION", "1.0.0\n")]);
    let problems = |args: &[&str]| repo.idle(args).exits(2).json()["problems"].as_array().unwrap().clone();
    for (args, code) in [
        (&["bump", "-p", "none", "minor", "--json", "-y"][..], "unknown-name"),
        (&["bump", "-g", "none", "minor", "--json", "-y"], "unknown-name"),
        (&["bump", "-p", "a", "tiny", "--json", "-y"], "level"),
        (&["bump", "-p", "a=minor", "-p", "a=major", "--json", "-y"], "request-conflict"),
        (&["bump", "-p", "a", "minor", "--json", "-y", "--push"], "no-remote"),
        (&["changelog", "preview", "--format", "json"], "no-changelog"),
    ] {
        let found = problems(args);
        assert!(!found[0]["message"].as_str().unwrap().is_empty() && found[0]["path"].is_null(), "{found:?}");
        assert_eq!(found[0]["code"], code, "{args:?} {found:?}");
    }
    let usage = problems(&["status", "--json", "--nosuch"]);
    assert_eq!(usage[0]["message"], "unexpected argument '--nosuch' found");
    assert_eq!(usage[0]["code"], "usage");
    repo.write("relman.toml", "[packages.a]\npath = 1\n[x]\n");
    for args in [&["check", "--json"][..], &["status", "--json"], &["changelog", "preview", "--format", "json"]] {
        repo.idle(args).exits(2).finds(&["config-type relman.toml:2:8", "config-key relman.toml:3:2"]);
    }
    for (config, problem) in [
        ("[packages.a\n", "config-syntax relman.toml:1:12"),
        ("[packages.a]\nmanifests = [\"none/VERSION\"]\n", "missing relman.toml:2:14"),
        (
            "[packages.a]\nmanifests = [\"VERSION\"]\n[packages.b]\nmanifests = [\"VERSION\"]\n",
            "config-conflict relman.toml:4:14",
        ),
        ("[packages.a]\nmanifests = [\"VERSION\"]\ntag = \"v\"\n", "config-value relman.toml:3:7"),
        ("[packages.a]\nmanifests = [\"../VERSION\"]\n", "config-value relman.toml:2:14"),
    ] {
        repo.write("relman.toml", config);
        repo.report(&["status"]).exits(2).finds(&[problem]);
    }
    assert_eq!(repo.idle(&["status"]).exits(2).out, "");
    assert!(!repo.relman(&["status", "--help"]).exits(0).out.starts_with('{'));
}
