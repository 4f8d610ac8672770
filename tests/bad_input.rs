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

/// The three ways to read: `check` finds (3), `status` and `bump` cannot go on (2). All say the words, nothing is written.
#[track_caller]
fn told(repo: &Repo, words: &[&str]) {
    repo.idle(&["check"]).exits(3).says(words);
    repo.idle(&["status"]).exits(2).says(words);
    repo.idle(&["bump", "minor", "-y"]).exits(2).says(words);
    repo.idle(&["plan", "minor"]).exits(2).says(words);
    let findings = repo.idle(&["check", "--json"]);
    let codes = findings.json()["findings"].as_array().unwrap().iter().all(|f| f["code"] == "unreadable");
    assert!(codes, "{}", findings.out);
    assert!(!findings.out.contains("\"findings\": []"));
}

/// The same for an error of relman.toml itself.
#[track_caller]
fn usage(repo: &Repo, words: &[&str]) {
    for args in [&["check"][..], &["status"], &["bump", "minor", "-y"], &["bump", "minor", "-n"]] {
        repo.idle(args).exits(2).says(words);
    }
}

#[test]
fn broken_files_are_told_with_line_and_column() {
    let cases: [(&str, &str, &[&str]); 14] = [
        ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\n", &["Cargo.toml:3:"]),
        ("Cargo.toml", "[package]\nversion = \"1.0.0\"\nversion = \"1.0.0\"\n", &["Cargo.toml:3:1", "duplicate key"]),
        ("pyproject.toml", "[project\n", &["pyproject.toml:1:"]),
        ("package.json", "{\n  \"version\": \"1.0.0\",\n}\n", &["package.json:3:1"]),
        (
            "package.json",
            "{\n  \"version\": \"1.0.0\",\n  \"version\": \"2.0.0\"\n}\n",
            &["package.json:3:", "version"],
        ),
        ("package.json", "[1]", &["package.json:1:1"]),
        ("Chart.yaml", "name: a\nversion: [1\n", &["Chart.yaml:"]),
        ("Chart.yaml", "version: 1.0.0\nversion: 2.0.0\n", &["Chart.yaml:2:1"]),
        ("Chart.yaml", "name: a\nversion: {{ .Values.version }}\n", &["Chart.yaml:2:", "template"]),
        ("Chart.yaml", "x: &v 1.0.0\nversion: *v\n", &["Chart.yaml:2:", "alias"]),
        ("package.json", "{ \"version\": \"one\" }", &["package.json:1:", "one", "1.2.3-alpha.1"]),
        ("Cargo.toml", "[package]\nversion = \"1.x\"\n", &["Cargo.toml:2:", "1.x"]),
        ("pyproject.toml", "[project]\nversion = \"1.0-next.3\"\n", &["pyproject.toml:2:", "1.2.3a1"]),
        ("package.json", "", &["package.json"]),
    ];
    for (path, text, words) in cases {
        let repo = one(&format!("\"{path}\""), &[(path, text)]);
        told(&repo, words);
    }
}

#[test]
fn an_empty_manifest_is_told() {
    for path in ["Cargo.toml", "pyproject.toml", "package.json", "Chart.yaml", "VERSION"] {
        told(&one(&format!("\"{path}\""), &[(path, "")]), &[path]);
        told(&one(&format!("\"{path}\""), &[(path, "\u{feff}\n")]), &[path]);
    }
}

#[test]
fn a_file_that_is_not_utf8_is_told() {
    let repo = one("\"package.json\"", &[]);
    fs::write(repo.root().join("package.json"), b"{ \"version\": \"1.0.0\", \"x\": \"\xff\" }").unwrap();
    repo.commit(&[]);
    told(&repo, &["package.json", "UTF-8"]);
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let repo = one("\"package.json\"", &[]);
    usage(&repo, &["relman.toml:2:", "package.json does not exist"]);
    let repo = one("\"packages/*/package.json\"", &[]);
    usage(&repo, &["relman.toml:2:", "matches no file"]);
    // A deleted file of a glob is not missed; one of a folder with nothing left is.
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = \"gone\"\n")]);
    usage(&repo, &["relman.toml:", "gone"]);
}

#[test]
fn a_folder_where_a_file_should_be_is_told() {
    let repo = one("\"package.json\"", &[("package.json/x", "")]);
    told(&repo, &["package.json"]);
}

#[test]
fn a_manifest_of_a_hundred_megabytes_is_told_and_not_read() {
    let repo = one("\"package.json\"", &[("package.json", "{}")]);
    repo.git(&["update-index", "--assume-unchanged", "package.json"]);
    let file = fs::File::create(repo.root().join("package.json")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    for (args, code) in [(&["check"][..], 3), (&["status"], 2), (&["bump", "minor", "-y"], 2)] {
        repo.relman(args).exits(code).says(&["package.json", "104857600 bytes"]);
    }
}

#[test]
fn depth_harms_nothing() {
    let deep = format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\nx = {}", "[".repeat(100_000));
    told(&one("\"Cargo.toml\"", &[("Cargo.toml", &deep)]), &["Cargo.toml"]);
    let closed = format!("version = \"1.0.0\"\nx = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    told(&one("{ path = \"Cargo.toml\", pointer = \"/version\" }", &[("Cargo.toml", &closed)]), &["Cargo.toml"]);
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
    told(&repo, &["p/a/package.json", "p/b/Cargo.toml", "p/c/Chart.yaml", "p/d/pyproject.toml"]);
}

#[test]
fn a_broken_lock_file_is_told() {
    for (path, text) in [("uv.lock", "version = \n"), ("package-lock.json", "{"), ("Cargo.lock", "[[package]\n")] {
        let repo = one(&format!("\"VERSION\", \"{path}\""), &[("VERSION", "1.0.0\n"), (path, text)]);
        told(&repo, &[path]);
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
    usage(&repo, &["relman.toml:2:", "leaves the repository"]);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "{ \"version\": \"1.0.0\" }");
    // The same by a folder above the file, and in a `members` folder.
    let repo = Repo::with(&[("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"), ("p/a/x", "")]);
    std::os::unix::fs::symlink(&outside, repo.root().join("p/a/package.json")).unwrap();
    repo.commit(&[]);
    told(&repo, &["p/a/package.json", "leaves the repository"]);
    // A lock file that was found beside the manifest is no better.
    let config = "[workspace]\nmembers = [\"p/*\"]\n";
    let repo = Repo::with(&[("relman.toml", config), ("p/a/package.json", FINE.1)]);
    std::os::unix::fs::symlink(&outside, repo.root().join("p/a/package-lock.json")).unwrap();
    repo.commit(&[]);
    usage(&repo, &["p/a/package-lock.json", "leaves the repository"]);
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
    repo.idle(&["-C", "VERSION", "status"]).exits(2).says(&["VERSION is not a folder", "to start in"]);
}

#[test]
fn no_commit_yet() {
    let repo = Repo::new();
    repo.write("relman.toml", "[packages.a]\npath = \".\"\n");
    repo.write(FINE.0, FINE.1);
    repo.idle(&["bump", "minor", "-y"]).exits(2).says(&["no commits yet", "help"]);
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
        clone.idle(args).exits(2).says(&["shallow", "fetch-depth: 0", "GIT_DEPTH", "git fetch --unshallow --tags"]);
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
    repo.idle(&["bump", "minor"]).exits(4).says(&["the plan was not confirmed", "--yes", "RELMAN_ASSUME_YES=1"]);
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
    let problems =
        |args: &[&str], code: i32| repo.idle(args).exits(code).json()["problems"].as_array().unwrap().clone();
    for (args, code) in [
        (&["bump", "-p", "none", "minor", "--json", "-y"][..], "unknown-name"),
        (&["bump", "-g", "none", "minor", "--json", "-y"], "unknown-name"),
        (&["bump", "-p", "a", "tiny", "--json", "-y"], "level"),
        (&["bump", "-p", "a=minor", "-p", "a=major", "--json", "-y"], "request-conflict"),
        (&["bump", "-p", "a", "minor", "--json", "-y", "--push"], "no-remote"),
        (&["changelog", "preview", "--format", "json"], "no-changelog"),
    ] {
        let found = problems(args, 2);
        assert!(!found[0]["message"].as_str().unwrap().is_empty() && found[0]["path"].is_null(), "{found:?}");
        assert_eq!(found[0]["code"], code, "{args:?} {found:?}");
    }
    let usage = problems(&["status", "--json", "--nosuch"], 2);
    assert_eq!(usage[0]["message"], "unexpected argument '--nosuch' found");
    assert_eq!(usage[0]["code"], "usage");
    repo.write("relman.toml", "[packages.a]\npath = 1\n[x]\n");
    for args in [&["check", "--json"][..], &["status", "--json"], &["changelog", "preview", "--format", "json"]] {
        let found = problems(args, 2);
        let places: Vec<String> =
            found.iter().map(|p| format!("{}:{}:{}", p["path"], p["line"], p["column"])).collect();
        assert_eq!(places, ["\"relman.toml\":2:8", "\"relman.toml\":3:2"], "{found:?}");
        assert!(found[0]["code"] == "config-type" && found[1]["code"] == "config-key", "{found:?}");
    }
    for (config, code) in [
        ("[packages.a\n", "config-syntax"),
        ("[packages.a]\nmanifests = [\"none/VERSION\"]\n", "missing"),
        ("[packages.a]\nmanifests = [\"VERSION\"]\n[packages.b]\nmanifests = [\"VERSION\"]\n", "config-conflict"),
        ("[packages.a]\nmanifests = [\"VERSION\"]\ntag = \"v\"\n", "config-value"),
        ("[packages.a]\nmanifests = [\"../VERSION\"]\n", "config-value"),
    ] {
        repo.write("relman.toml", config);
        let found = problems(&["status", "--json"], 2);
        assert_eq!(
            (found[0]["code"].as_str(), found[0]["path"].as_str()),
            (Some(code), Some("relman.toml")),
            "{found:?}"
        );
    }
    assert_eq!(repo.idle(&["status"]).exits(2).out, "");
    assert!(!repo.relman(&["status", "--help"]).exits(0).out.starts_with('{'));
}
