//! The twenty mistakes of a new user. Each is answered with where it is, what was found, what was expected, and what to do next.
//!
//! The answers are kept in `fixtures/mistakes/`; `SNAPSHOTS=overwrite` renews them. Read them as a new user would before you commit them.

use std::fs;
use std::path::Path;

use crate::support::repo::Repo;

const CONFIG: &str = r#"[workspace]
branches = ["main"]

[packages.api]
path = "packages/api"

[packages.web]
path = "packages/web"

[packages.scheduler]
path = "packages/scheduler"
tag-prefix = "scheduler-v"

[groups.suite]
fixed = ["api", "web"]
"#;

/// Keeps one changelog for all packages.
const WITH_CHANGELOG: (&str, &str) =
    ("[groups.suite]", "[changelog]\npath = \"CHANGELOG.md\"\nheading = \"## {name} [{version}]\"\n\n[groups.suite]");

const FILES: [(&str, &str); 5] = [
    ("packages/api/pyproject.toml", "[project]\nname = \"ferry-api\"\nversion = \"0.2.0\"\n"),
    ("packages/web/package.json", "{\n  \"name\": \"@ferry/web\",\n  \"version\": \"0.2.0\"\n}\n"),
    ("packages/scheduler/pyproject.toml", "[project]\nname = \"ferry-scheduler\"\nversion = \"0.2.0\"\n"),
    ("packages/scheduler/src/version.py", "# what users see\n__version__ = \"0.2.0\"\n"),
    ("docs/index.md", "# Ferries\n"),
];

/// Declares the place in version.py, too.
const WITH_SOURCE: (&str, &str) = (
    "path = \"packages/scheduler\"\n",
    "manifests = [\n  \"packages/scheduler/pyproject.toml\",\n  { path = \"packages/scheduler/src/version.py\", search = '__version__ = \"{version}\"' },\n]\n",
);

/// The repository in which the mistakes are made: two packages of a group, one beside it, a release, and changes since.
fn sample() -> Repo {
    let repo = Repo::with(&[&[("relman.toml", CONFIG)], FILES.as_slice()].concat());
    for name in ["api", "web", "scheduler"] {
        repo.git(&["tag", "-a", "-m", "a release", &format!("{name}-v0.2.0")]);
    }
    repo.commit(&[("packages/scheduler/src/night.py", "boats\n")]);
    repo
}

/// The sample with another relman.toml, committed.
fn with_config(pairs: &[(&str, &str)]) -> Repo {
    let repo = sample();
    let config = pairs.iter().fold(CONFIG.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    repo.commit(&[("relman.toml", &config)]);
    repo
}

/// Runs commands, and returns them with their answers as a terminal would show them, without the names of scratch folders.
fn answers(repo: &Repo, folder: &Path, commands: &[&str]) -> String {
    let mut shown = String::new();
    for command in commands {
        let args: Vec<&str> = command.split(' ').collect();
        let ran = repo.relman_with(folder, &args, &[("SOURCE_DATE_EPOCH", "1772452800"), ("COLUMNS", "100")]);
        shown.push_str(&format!("$ relman {command}\n{}{}[{}]\n\n", ran.out, ran.err, ran.code));
    }
    let outside = repo.outside().display().to_string();
    shown.trim_end().replace(&outside, "/ferries") + "\n"
}

/// Holds the answers to those that are kept under this name.
#[track_caller]
fn hold(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mistakes").join(name).with_extension("txt");
    let known = fs::read_to_string(&path).unwrap_or_default();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(&path, shown).unwrap();
        return;
    }
    assert_eq!(known, shown, "{name} is something else; SNAPSHOTS=overwrite renews it");
}

/// A test for each mistake: the name, the repository in which it was made, and what is typed there.
macro_rules! mistakes {
    ($($name:ident: $repo:expr, $commands:expr;)*) => {
        const MISTAKES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                let repo: Repo = $repo;
                hold(stringify!($name), &answers(&repo, repo.root(), &$commands));
            }
        )*
    };
}

mistakes! {
    typo_in_a_package: sample(), ["bump schedular minor -n", "bump -p schedular minor -n", "status schedular"];
    typo_in_a_level: sample(), ["bump scheduler mnior -n", "bump -p scheduler=mnior -n", "bump scheduler minor alhpa -n"];
    group_for_a_package: sample(), ["bump -p suite minor -n", "bump -g api minor -n", "status suit"];
    wrong_folder: elsewhere(), ["-C .. status", "-C nowhere status", "--config relmn.toml status", "-C packages/api bump minor -y"];
    no_commit: without_commit(), ["bump suite minor -y", "tag suite -y"];
    dirty_tree: dirty(), ["bump scheduler minor -y", "bump suite minor -y --allow-dirty"];
    drift: drifted(), ["bump scheduler minor -y", "check"];
    wrong_glob: with_config(&[
        ("[workspace]\n", "[workspace]\nmembers = [\"pakages/*\"]\n"),
        ("path = \"packages/scheduler\"\n", "path = \"packages/scheduler\"\npaths = [\"packages/sheduler/**\"]\n"),
    ]), ["check", "bump scheduler auto -n"];
    wrong_glob_of_manifests: with_config(&[
        ("path = \"packages/scheduler\"\n", "manifests = [\"packages/*/Cargo.toml\"]\n"),
    ]), ["check"];
    two_packages_with_one_tag: with_config(&[("[workspace]\n", "[workspace]\ntag = \"v{version}\"\n")]), ["check"];
    unknown_key: with_config(&[("tag-prefix", "tag_prefx"), ("fixed =", "fixd ="), ("path = \"packages/web\"", "pth = \"packages/web\"")]), ["check"];
    key_of_another_table: with_config(&[
        ("branches = [\"main\"]", "tag-prefix = \"v\""),
        ("[packages.api]\n", "[changelog]\nbranches = [\"main\"]\n\n[packages.api]\ntags-per-push = 1\n"),
        ("fixed = [\"api\", \"web\"]", "fixed = [\"api\", \"web\"]\nsummary = \"required\"\ngates = true\ntag-scheme = \"semver\""),
    ]), ["check"];
    broken_toml: with_config(&[("path = \"packages/web\"", "path = \"packages/web")]), ["check"];
    missing_path: with_config(&[("path = \"packages/web\"", "path = \"packages/wbe\"")]), ["check"];
    no_place_for_a_version: with_config(&[("path = \"packages/web\"", "path = \"docs\"")]), ["check", "bump web minor -n"];
    wrong_branch: on_branch(&["switch", "-q", "-c", "fix/boats"]), ["bump scheduler minor -y"];
    detached_head: on_branch(&["switch", "-q", "--detach"]), ["bump scheduler minor -y"];
    push_refused: behind_the_remote(), ["bump scheduler minor -y --push"];
    stale_plan: planned(), ["apply plan.json -y", "apply pln.json -y"];
    bad_fragment: fragments(&BAD), ["check", "changelog add -p scheduler -t fixd -m Boats."];
    no_tag: with_remote(fragments(&[])), ["hotfix start scheduler-v0.9.0", "verify scheduler-v0.9.0", "changelog show 0.9.0"];
    search_without_match: with_config(&[(WITH_SOURCE.0, &WITH_SOURCE.1.replace("__version__ =", "VERSION ="))]), ["check", "bump scheduler minor -n"];
}

#[test]
fn every_answer_is_kept_and_says_what_to_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mistakes");
    let mut kept: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    kept.sort();
    let mut known: Vec<&str> = MISTAKES.to_vec();
    known.sort_unstable();
    assert_eq!(kept, known);
}

/// No relman.toml; the folder above is in no repository.
fn elsewhere() -> Repo {
    let repo = sample();
    repo.git(&["rm", "-q", "relman.toml"]);
    repo
}

fn without_commit() -> Repo {
    let repo = Repo::new();
    repo.write("relman.toml", CONFIG);
    for (path, text) in FILES {
        repo.write(path, text);
    }
    repo
}

/// A file that the release of the scheduler does not edit, and one that the release of the group does.
fn dirty() -> Repo {
    let repo = sample();
    repo.write("packages/scheduler/src/night.py", "boats, and more\n");
    repo.write("packages/api/pyproject.toml", &format!("{}# later\n", FILES[0].1));
    repo
}

fn drifted() -> Repo {
    let repo = with_config(&[WITH_SOURCE]);
    repo.commit(&[("packages/scheduler/src/version.py", "# what users see\n__version__ = \"0.1.9\"\n")]);
    repo
}

fn on_branch(switch: &[&str]) -> Repo {
    let repo = sample();
    repo.git(switch);
    repo
}

fn with_remote(repo: Repo) -> Repo {
    repo.git(&["init", "-q", "--bare", "-b", "main", "../origin.git"]);
    repo.git(&["remote", "add", "origin", "../origin.git"]);
    repo.git(&["push", "-q", "-u", "origin", "main"]);
    repo
}

/// A remote that has a commit which the branch lacks.
fn behind_the_remote() -> Repo {
    let repo = with_remote(sample());
    repo.git(&["commit", "-q", "--allow-empty", "-m", "fix: of somebody else"]);
    repo.git(&["push", "-q", "origin", "main"]);
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repo
}

/// A plan that was made before the last commit.
fn planned() -> Repo {
    let repo = sample();
    repo.relman(&["plan", "scheduler", "minor", "-o", "plan.json"]).exits(0);
    repo.git(&["commit", "-q", "--allow-empty", "-m", "fix: later"]);
    repo
}

const BAD: [(&str, &str); 4] = [
    ("changelog.d/13.fixd.md", "- A leak.\n"),
    ("changelog.d/14.fixed.md", "---\npackages: [schedular]\n---\n- A leak.\n"),
    ("changelog.d/15.fixed.md", ""),
    ("changelog.d/leak.md", "- A leak.\n"),
];

fn fragments(more: &[(&str, &str)]) -> Repo {
    let repo = with_config(&[WITH_CHANGELOG]);
    repo.commit(&[
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
        ("changelog.d/12.added.md", "- Night boats.\n"),
    ]);
    repo.commit(more);
    repo
}
