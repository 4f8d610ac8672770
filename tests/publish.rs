//! `[[release.run]]`: what CI does not publish. A folder that a small server shows is the registry, and a script of the repository puts
//! releases there, so that what is published twice would be seen.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::program::Ran;
use crate::support::repo::Repo;
use crate::support::server::{Act, Server};

/// Where a sparse index has a crate: by the length of its name.
fn index_path(name: &str) -> String {
    match name.len() {
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", &name[..1]),
        _ => format!("{}/{}/{name}", &name[..2], &name[2..4]),
    }
}

/// Publishes a crate once; whoever comes twice fails, as a registry lets nobody. A file `stop-NAME` makes it fail.
const SCRIPT: &str = "set -eu\n\
    echo \"publishing $1 $2 as $RELMAN_TAG\"\n\
    echo \"$1\" >> \"$3/asked.log\"\n\
    if [ -e \"$3/stop-$1\" ]; then echo 'no connection' >&2; exit 9; fi\n\
    test -z \"$(git status --porcelain)\"\n\
    git describe --exact-match HEAD > /dev/null\n\
    file=\"$3/$4\"\n\
    mkdir -p \"$(dirname \"$file\")\"\n\
    if grep -qs \"\\\"vers\\\":\\\"$2\\\"\" \"$file\"; then echo 'exists already' >&2; exit 3; fi\n\
    echo \"{\\\"name\\\":\\\"$1\\\",\\\"vers\\\":\\\"$2\\\",\\\"deps\\\":[],\\\"cksum\\\":\\\"0\\\",\\\"features\\\":{},\\\"yanked\\\":false}\" >> \"$file\"\n\
    echo \"$1 $2\" >> \"$3/published.log\"\n";

/// A workspace of three crates, each of which requires the one before, with a remote and a registry.
struct Registry {
    repo: Repo,
    folder: PathBuf,
    server: Server,
}

impl Registry {
    fn new(more: &str) -> Self {
        let repo = Repo::with(&[("publish.sh", SCRIPT)]);
        let folder = repo.outside().join("index");
        fs::create_dir_all(&folder).unwrap();
        let shown = folder.clone();
        let server =
            Server::start(move |seen| match fs::read_to_string(shown.join(seen.path.trim_start_matches('/'))) {
                Ok(text) => Act::text(200, "text/plain", &text),
                Err(_) => Act::text(404, "text/plain", "not found"),
            });
        let config = format!(
            "[workspace]\nmembers = [\"crates/*\"]\n\n[groups.all]\nfixed = [\"acme-*\"]\n\n[release]\n\n\
             [verify]\nregistries = {{ crates = \"sparse+{}/\" }}\n\n{more}",
            server.url
        );
        let mut files = vec![("relman.toml".to_owned(), config)];
        for (name, requires) in [("acme-web", Some("acme-api")), ("acme-api", Some("acme-core")), ("acme-core", None)] {
            let dependency = requires.map_or(String::new(), |of| {
                format!("\n[dependencies]\n{of} = {{ path = \"../{of}\", version = \"0.1.0\" }}\n")
            });
            let manifest =
                format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{dependency}");
            files.push((format!("crates/{name}/Cargo.toml"), manifest));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        repo.commit(&files);
        let bare = repo.outside().join("server.git");
        repo.git(&["init", "-q", "--bare", "-b", "main", bare.to_str().unwrap()]);
        repo.git(&["remote", "add", "origin", bare.to_str().unwrap()]);
        repo.git(&["push", "-q", "-u", "origin", "main"]);
        Self { repo, folder, server }
    }

    /// The entry that publishes the crates.
    fn entry(folder: &Path) -> String {
        format!(
            "[[release.run]]\nname = \"crates\"\npackages = [\"acme-*\"]\nmakes = [\"crate:{{name}}\"]\nhelp = \"ask ops\"\n\
             run = 'sh publish.sh {{name}} {{version}} {} ac/me/{{name}}'\n",
            folder.display()
        )
    }

    fn with_entry() -> Self {
        let registry = Self::new("");
        let config = registry.repo.read("relman.toml").unwrap() + &Self::entry(&registry.folder);
        registry.repo.commit(&[("relman.toml", &config)]);
        registry.repo.git(&["push", "-q"]);
        registry
    }

    fn log(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    fn stop(&self, name: &str, stops: bool) {
        let file = self.folder.join(format!("stop-{name}"));
        if stops { fs::write(file, "").unwrap() } else { fs::remove_file(file).unwrap() }
    }

    fn bump(&self) {
        self.repo.relman(&["bump", "-g", "all", "minor", "-y"]).exits(0);
    }

    fn release(&self) -> Ran {
        self.repo.relman(&["release", "-y"])
    }
}

#[test]
fn index_paths_are_those_of_cargo() {
    assert_eq!(["a", "ab", "abc", "acme-core"].map(index_path), ["1/a", "2/ab", "3/a/abc", "ac/me/acme-core"]);
}

#[test]
fn a_workspace_is_published_in_the_order_of_its_requirements() {
    let registry = Registry::with_entry();
    registry.bump();
    let ran = registry.release();
    ran.exits(0);
    assert_eq!(registry.log("published.log"), "acme-core 0.2.0\nacme-api 0.2.0\nacme-web 0.2.0\n");
    assert!(ran.err.contains("crates | publishing acme-core 0.2.0 as acme-core-v0.2.0"), "{}", ran.err);
    // All of it is true already, here and for whoever comes later.
    registry.release().exits(0);
    let again = registry.repo.relman(&["release", "-y", "acme-core-v0.2.0"]);
    again.exits(0);
    assert_eq!(registry.log("asked.log").lines().count(), 3);
    let verified = registry.repo.relman(&["verify", "--json"]);
    verified.exits(0);
}

#[test]
fn what_was_published_before_a_failure_is_not_published_again() {
    let registry = Registry::with_entry();
    registry.bump();
    for name in ["acme-core", "acme-api", "acme-web"] {
        registry.stop(name, true);
        let failed = if name == "acme-core" { registry.release() } else { registry.repo.relman(&["resume"]) };
        failed.exits(6);
        assert!(
            failed.err.contains(&format!("crates of {name} 0.2.0")) && failed.err.contains("exited with 9"),
            "{}",
            failed.err
        );
        assert!(failed.err.contains("ask ops"), "{}", failed.err);
        registry.stop(name, false);
    }
    registry.repo.relman(&["resume"]).exits(0);
    assert_eq!(registry.log("published.log"), "acme-core 0.2.0\nacme-api 0.2.0\nacme-web 0.2.0\n");
    // Each was asked for once more than it failed.
    assert_eq!(registry.log("asked.log").lines().count(), 6);
    assert!(
        registry.server.lines().iter().all(|line| line.starts_with("GET /ac/me/acme-")),
        "{:?}",
        registry.server.lines()
    );
}

#[test]
fn the_steps_behind_a_failure_are_reported_as_not_attempted() {
    let registry = Registry::with_entry();
    registry.bump();
    registry.stop("acme-api", true);
    let failed = registry.repo.relman(&["release", "-y", "--json"]);
    failed.exits(6);
    let report = failed.json();
    let end =
        |step: &serde_json::Value| format!("{} {}", step["id"].as_str().unwrap(), step["state"].as_str().unwrap());
    let ends: Vec<String> = report["outward"].as_array().unwrap().iter().map(end).collect();
    assert_eq!(ends, ["push-1 done", "run-1 done", "run-2 failed", "run-3 not-attempted"]);
    assert!(failed.err.contains("not attempted: crates of acme-web 0.2.0 (run)"), "{}", failed.err);
}

#[test]
fn what_a_registry_has_already_is_a_gate() {
    let registry = Registry::new("[gates]\nup-to-date = false\nremote-tag = false\n");
    let config = registry.repo.read("relman.toml").unwrap()
        + "[packages.acme-core]\npath = \"crates/acme-core\"\n[packages.acme-core.verify]\ncrates = [\"acme-core\"]\n";
    registry.repo.commit(&[("relman.toml", &config)]);
    let gate = |ran: &Ran| {
        let gates = ran.json()["gates"].as_array().unwrap().clone();
        let gate = gates.iter().find(|gate| gate["name"] == "unpublished").cloned().unwrap();
        (gate["state"].as_str().unwrap().to_owned(), gate["message"].as_str().unwrap().to_owned())
    };
    let new = registry.repo.relman(&["bump", "-g", "all", "minor", "-n", "--gates", "--json"]);
    assert_eq!(
        gate(&new),
        (
            "passed".to_owned(),
            "no registry has these versions yet; first release of crate:acme-core: may CI publish there (trusted publisher, scope, token)?".to_owned()
        )
    );
    fs::create_dir_all(registry.folder.join("ac/me")).unwrap();
    fs::write(
        registry.folder.join("ac/me/acme-core"),
        "{\"name\":\"acme-core\",\"vers\":\"0.2.0\",\"deps\":[],\"cksum\":\"0\",\"features\":{},\"yanked\":false}\n",
    )
    .unwrap();
    let taken = registry.repo.relman(&["bump", "-g", "all", "minor", "-n", "--gates", "--json"]);
    taken.exits(4);
    assert_eq!(gate(&taken), ("failed".to_owned(), "published already: crate:acme-core 0.2.0".to_owned()));
    registry.repo.relman(&["bump", "-g", "all", "minor", "-y", "--skip-gate", "unpublished"]).exits(0);
}

#[test]
fn a_glob_that_matches_no_package_is_reported_with_its_place() {
    let registry = Registry::with_entry();
    let config =
        registry.repo.read("relman.toml").unwrap().replace("[\"acme-*\"]\nmakes", "[\"amce-*\", \"acme-*\"]\nmakes");
    registry.repo.write("relman.toml", &config);
    registry.repo.idle(&["check"]).exits(2).says(&[
        "`packages` has the glob `amce-*`, which matches no package",
        "--> relman.toml:",
        "the packages are acme-",
    ]);
}

#[test]
fn people_hear_of_a_release_once_and_last() {
    let registry = Registry::new("");
    let folder = registry.folder.display().to_string();
    let config = registry.repo.read("relman.toml").unwrap().replace(
        "[verify]\n",
        &format!("[verify]\nannounce = {{ run = 'echo {{tag}} >> {folder}/told.log; cat >> {folder}/told.log' }}\n"),
    );
    registry.repo.commit(&[("relman.toml", &config)]);
    registry.repo.git(&["push", "-q"]);
    registry.bump();
    registry.release().exits(0);
    let told = registry.log("told.log");
    assert_eq!(told, "acme-api-v0.2.0\nacme-api 0.2.0\n");
    registry.repo.relman(&["release", "-y", "acme-api-v0.2.0"]).exits(0);
    assert_eq!(registry.log("told.log"), told);
    registry.repo.relman(&["verify", "acme-api-v0.2.0", "--announce"]).exits(0);
    assert_eq!(registry.log("told.log").lines().count(), 4);
}

#[test]
fn a_rehearsal_that_fails_stops_before_a_tag_leaves() {
    let registry = Registry::new("");
    let entry = Registry::entry(&registry.folder)
        + "rehearse = 'if [ {name} = acme-web ]; then echo LICENSE is missing; exit 1; fi'\n";
    let config = registry.repo.read("relman.toml").unwrap() + &entry;
    registry.repo.commit(&[("relman.toml", &config)]);
    registry.repo.git(&["push", "-q"]);
    registry.bump();
    let ran = registry.release();
    ran.exits(1);
    assert!(ran.err.contains("LICENSE is missing") && ran.err.contains("crates of acme-web 0.2.0"), "{}", ran.err);
    assert_eq!(registry.log("asked.log"), "");
    let bare = registry.repo.outside().join("server.git");
    assert_eq!(registry.repo.git(&["ls-remote", "--tags", bare.to_str().unwrap()]), "");
}

#[test]
fn a_command_without_artifacts_runs_once_and_a_person_decides_after_a_failure() {
    let registry = Registry::new("");
    let folder = registry.folder.display().to_string();
    let entry = format!(
        "[[release.run]]\nname = \"page\"\nrun = 'echo {{tag}} >> {folder}/page.log; test ! -e {folder}/stop-page'\n"
    );
    let config = registry.repo.read("relman.toml").unwrap() + &entry;
    registry.repo.commit(&[("relman.toml", &config)]);
    registry.repo.git(&["push", "-q"]);
    registry.bump();
    registry.stop("page", true);
    registry.release().exits(6);
    let asked = registry.repo.relman(&["resume"]);
    asked.exits(6);
    assert!(asked.err.contains("--done page") && asked.err.contains("--again page"), "{}", asked.err);
    registry.stop("page", false);
    registry.repo.relman(&["resume", "--again", "page"]).exits(0);
    assert_eq!(registry.log("page.log").lines().count(), 2);
    // Elsewhere nobody knows.
    let unknown = registry.repo.relman(&["release", "-y", "acme-api-v0.2.0"]);
    unknown.exits(4);
    registry.repo.relman(&["release", "-y", "acme-api-v0.2.0", "--done", "page"]).exits(0);
    assert_eq!(registry.log("page.log").lines().count(), 2);
}

#[test]
fn tokens_stay_where_they_were_asked_for() {
    let registry = Registry::new("");
    let folder = registry.folder.display().to_string();
    let entry = format!(
        "[[release.run]]\nname = \"page\"\nenv = [\"GH_TOKEN\"]\nrun = 'echo \"${{GH_TOKEN-none}} ${{GITHUB_TOKEN-none}} $RELMAN_PACKAGE\" > {folder}/page.log'\n"
    );
    let config = registry.repo.read("relman.toml").unwrap() + &entry;
    registry.repo.commit(&[("relman.toml", &config)]);
    registry.repo.git(&["push", "-q"]);
    registry.bump();
    registry
        .repo
        .relman_with(registry.repo.root(), &["release", "-y"], &[("GH_TOKEN", "one"), ("GITHUB_TOKEN", "two")])
        .exits(0);
    assert_eq!(registry.log("page.log"), "one none acme-api\n");
}

#[test]
fn a_program_that_is_missing_is_named_before_anything_happens() {
    let registry = Registry::new("");
    let entry = "[[release.run]]\nname = \"page\"\nneeds = [\"no-such-program\"]\nrun = 'true'\n";
    let config = registry.repo.read("relman.toml").unwrap() + entry;
    registry.repo.commit(&[("relman.toml", &config)]);
    registry.repo.git(&["push", "-q"]);
    registry.bump();
    let ran = registry.release();
    ran.exits(4);
    assert!(ran.err.contains("no-such-program"), "{}", ran.err);
}
