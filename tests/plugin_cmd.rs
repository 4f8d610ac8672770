//! `relman plugin new` and `relman plugin test`. The plugins of these tests are those that `new` writes in shell, so that the tests need
//! nothing but git.

use std::fs;
use std::path::Path;

use crate::support::program::Ran;
use crate::support::repo::Repo;

const SHELL: [&str; 2] = ["--language", "shell"];

/// A repository with a plugin `x` of this role.
fn repo_with(role: &str) -> Repo {
    let repo = Repo::with(&[("README.md", "")]);
    repo.relman(&[&["plugin", "new", "x", "--role", role][..], &SHELL].concat()).exits(0);
    repo
}

/// The checks that failed, with their reasons.
#[track_caller]
fn failures(ran: &Ran) -> Vec<String> {
    let checks = ran.json()["plugins"][0]["checks"].as_array().unwrap().clone();
    let failed = checks.iter().filter(|check| check["state"] == "failed");
    failed.map(|check| format!("{}: {}", check["name"].as_str().unwrap(), check["message"].as_str().unwrap())).collect()
}

/// Changes a plugin, and holds the failures to their beginnings.
#[track_caller]
fn fails(role: &str, changes: &[(&str, &str, &str)], expected: &[&str]) {
    let repo = repo_with(role);
    for (file, old, new) in changes {
        let path = format!("plugins/x/{file}");
        let text = repo.read(&path).unwrap();
        assert!(text.contains(old), "{path} does not have {old}");
        repo.write(&path, &text.replace(old, new));
    }
    let ran = repo.relman(&["plugin", "test", "x", "--json"]);
    let found = failures(&ran);
    ran.exits(if expected.is_empty() { 0 } else { 3 });
    let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(found, start)| found.contains(start));
    assert!(fits, "{changes:?}: found {found:#?}, expected {expected:#?}");
}

#[test]
fn a_new_plugin_of_any_role_passes_its_test() {
    for role in ["manifest", "check", "notes", "publish", "announce"] {
        let repo = repo_with(role);
        let before = repo.state();
        let ran = repo.relman(&["plugin", "test", "x"]);
        ran.exits(0).says(&["x 0.1.0 in plugins/x", "ok      hello", "ok      unknown role", "passed, 0 failed"]);
        assert!(before == repo.state(), "{role}: a test writes nothing");
    }
}

#[test]
fn neither_needs_a_repository() {
    let repo = Repo::new();
    let folder = repo.outside().join("alone");
    fs::create_dir(&folder).unwrap();
    let run = |args: &[&str]| repo.relman_with(&folder, args, &[]);
    run(&["plugin", "test"]).exits(2).says(&["no plugin found", "relman plugin new"]);
    run(&[&["plugin", "new", "x", "own"][..], &SHELL].concat()).exits(0).says(&["plugins.x", "sh\", \"own/plugin.sh"]);
    run(&["plugin", "test", "own"]).exits(0).says(&["x 0.1.0 in own"]);
    let inside = repo.relman_with(&folder.join("own"), &["plugin", "test"], &[]);
    inside.exits(0).says(&["13 passed"]);
}

#[test]
fn what_new_prints_for_relman_toml_works() {
    let repo = Repo::new();
    let ran = repo.relman(&[&["plugin", "new", "x"][..], &SHELL].concat());
    let lines = ran.out.split("For relman.toml:\n").nth(1).unwrap().split("Next:").next().unwrap();
    repo.commit(&[("relman.toml", lines), ("example.txt", "# Größe\nversion = 0.4.0\n")]);
    repo.relman(&["plugin", "trust", "x"]).exits(0);
    repo.relman(&["bump", "-p", "app", "minor", "-y"]).exits(0);
    assert_eq!(repo.read("example.txt").unwrap(), "# Größe\nversion = 0.5.0\n");
}

#[test]
fn what_new_prints_for_other_roles_is_valid() {
    for role in ["check", "notes", "publish", "announce"] {
        let repo = Repo::new();
        let ran = repo.relman(&[&["plugin", "new", "x", "--role", role][..], &SHELL].concat());
        let lines = ran.out.split("For relman.toml:\n").nth(1).unwrap().split("Next:").next().unwrap();
        let config = format!("[packages.app]\nmanifests = [\"VERSION\"]\n\n{lines}");
        repo.commit(&[("relman.toml", &config), ("VERSION", "0.4.0\n")]);
        repo.relman(&["plugin", "trust", "x"]).exits(0);
        repo.relman(&["check"]).exits(0);
        repo.relman(&["plugin", "list"]).exits(0).says(&["trusted", "0.1.0"]);
    }
}

#[test]
fn new_refuses_what_exists_and_names_that_are_not_valid() {
    let repo = repo_with("manifest");
    repo.idle(&["plugin", "new", "x"]).exits(4).says(&["plugins/x exists", "name another folder"]);
    repo.idle(&["plugin", "new", "y", "README.md"]).exits(4).says(&["README.md exists"]);
    for name in ["a b", "a/b", "..", "ö", ""] {
        repo.idle(&["plugin", "new", name]).exits(2).says(&["is not a valid name of a plugin", "use letters"]);
    }
    repo.idle(&["plugin", "new", "y", "--language", "cobol"]).exits(2);
    repo.idle(&["plugin", "new", "y", "--role", "nonsense"]).exits(2);
}

#[test]
fn places_that_are_not_true_fail() {
    // A byte too far, everywhere.
    let repo = repo_with("manifest");
    let text = repo.read("plugins/x/plugin.awk").unwrap();
    repo.write("plugins/x/plugin.awk", &text.replace("(start + 0)", "(start + 1)"));
    let ran = repo.relman(&["plugin", "test", "--json"]);
    ran.exits(3);
    let found = failures(&ran);
    let case = found.iter().find(|failure| failure.starts_with("case first")).unwrap();
    assert!(case.contains("holds `.2.0`, not `1.2.0`"), "{case}");
    // What is wrong alone is not reported again for each way to write it.
    assert_eq!(found.len(), 3, "{found:?}");

    let mark = "a byte order mark: case first: example.txt: found [], expected [\"version=1.2.0 at";
    fails(
        "manifest",
        &[
            ("plugin.awk", "? 3 : 0", "? 0 : 0"),
            ("cases/first/in/example.txt", "# Größe\nname = example\n", ""),
            ("cases/first/out/example.txt", "# Größe\nname = example\n", ""),
            ("plugin.awk", "  if (places == \"\") problems = ", "  if (path == \"\") problems = "),
        ],
        &[mark, "bytes: no case has a character beyond ASCII", "case without: found no problem, expected a problem"],
    );
    fails("manifest", &[("plugin.awk", "sub(/[ \\t\\r].*$/", "sub(/[ \\t].*$/")], &["CRLF: case first: "]);
    // Of several files, only the last is answered.
    let files = "files = files (files == \"\" ? \"\" : \",\") ";
    fails("manifest", &[("plugin.awk", files, "files = ")], &["many files: gave an answer that does not fit"]);
}

#[test]
fn what_the_protocol_forbids_fails() {
    let first = "asked[\"role\"] \" \" asked[\"ask\"] == \"manifest places\"";
    fails(
        "manifest",
        &[("plugin.awk", first, "1")],
        &["unknown role: found the answer", "unknown ask: found the answer"],
    );
    fails(
        "check",
        &[("plugin.sh", "\"version\":\"0.1.0\"", "\"version\":\"0.2.0\"")],
        &["hello: the hello has the version `0.2.0`, expected `0.1.0`"],
    );
    fails(
        "check",
        &[("plugin.toml", "roles = [\"check\"]", "roles = [\"check\", \"notes\"]")],
        &["hello: the hello has the roles {\"check\"}, expected {\"check\", \"notes\"}"],
    );
    let exits = ("plugin.sh", "exec awk", "read -r line; echo '{\"error\":\"x\"}'; exit 3; exec awk");
    let ran = {
        let repo = repo_with("notes");
        let text = repo.read("plugins/x/plugin.sh").unwrap();
        repo.write("plugins/x/plugin.sh", &text.replace(exits.1, exits.2));
        repo.relman(&["plugin", "test", "--json"])
    };
    ran.exits(3);
    assert!(failures(&ran).iter().all(|failure| failure.contains("exited with code ")), "{:?}", failures(&ran));
}

#[test]
fn cases_that_are_not_met_say_where() {
    fails(
        "manifest",
        &[("cases/first/out/example.txt", "2.0.0\n", "2.0.0")],
        &["case first: out/example.txt differs in line 3"],
    );
    fails(
        "manifest",
        &[("cases/first/out/example.txt", "name = ", "name =")],
        &[
            "case first: out/example.txt differs in line 2: after the edit `name = example\\n`, expected `name =example\\n`",
        ],
    );
    fails(
        "manifest",
        &[("cases/first/case.toml", "1.2.0", "1.2.1")],
        &["found the places [\"example.txt:version=1.2.0\"], expected"],
    );
    fails("manifest", &[("cases/without/case.toml", "version not", "no such")], &["expected a problem with `no such"]);
    fails("notes", &[("cases/first/answer.json", "added", "fixed")], &["case first: the answer: found `{\"packages\""]);

    let repo = repo_with("announce");
    repo.write("plugins/x/cases/probe/requests.json", "[{\"method\": \"GET\", \"path\": \"/seen\"}]");
    let ran = repo.relman(&["plugin", "test", "--json"]);
    ran.exits(3);
    assert_eq!(failures(&ran), ["case probe: requests to the server: found none, expected GET /seen"]);
    fs::remove_dir_all(repo.root().join("plugins/x/cases")).unwrap();
    repo.relman(&["plugin", "test"]).exits(3).says(&["FAILED  cases: no cases found"]);
}

#[test]
fn a_case_has_settings_and_variables_of_its_own() {
    let changes = [
        (
            "plugin.awk",
            "return \"{\\\"state\\\":\\\"absent\\\"}\"",
            "return \"{\\\"state\\\":\\\"done\\\",\\\"url\\\":\" json(ENVIRON[\"URL\"]) \"}\"",
        ),
        ("cases/probe/answer.json", "{\"state\": \"absent\"}", "{\"state\": \"done\", \"url\": \"{server}/x\"}"),
    ];
    fails("announce", &changes, &["case probe: the answer: found"]);
    let repo = repo_with("announce");
    for (file, old, new) in changes {
        let path = format!("plugins/x/{file}");
        repo.write(&path, &repo.read(&path).unwrap().replace(old, new));
    }
    repo.write("plugins/x/cases/probe/case.toml", "env = { URL = \"{server}/x\" }\n");
    repo.relman(&["plugin", "test"]).exits(0);
}

#[test]
fn what_is_wrong_in_the_files_of_a_plugin_is_found_with_its_place() {
    let repo = repo_with("manifest");
    let text = repo.read("plugins/x/plugin.toml").unwrap();
    repo.write("plugins/x/plugin.toml", &text.replace("roles", "rols"));
    repo.write("plugins/x/cases/first/case.toml", "to = 2\n");
    fs::create_dir(repo.root().join("plugins/x/cases/empty")).unwrap();
    let ran = repo.relman(&["plugin", "test"]);
    ran.exits(2).says(&[
        "plugins/x/plugin.toml:4:1",
        "unknown key `rols`",
        "`roles` not found",
        "plugins/x/cases/first/case.toml:1:6",
        "`to` must be a string, not an integer",
        "`places` not found",
        "neither `in/` nor `request.json`",
    ]);
    repo.relman(&["plugin", "test", "y"]).exits(2).says(&["`y` is not a plugin"]);
    repo.relman(&["--no-plugins", "plugin", "test"]).exits(2).says(&["exclude each other"]);
}

#[test]
fn a_plugin_is_found_by_its_name_in_relman_toml() {
    let repo = Repo::new();
    repo.relman(&[&["plugin", "new", "x", "tools/x"][..], &SHELL].concat()).exits(0);
    let config =
        "[packages.app]\nmanifests = [\"VERSION\"]\n\n[plugins.mine]\ncommand = [\"sh\", \"tools/x/plugin.sh\"]\n";
    repo.commit(&[("relman.toml", config), ("VERSION", "0.1.0\n")]);
    repo.relman(&["plugin", "test", "mine"]).exits(0).says(&["x 0.1.0 in tools/x"]);
    repo.relman(&["plugin", "test", "min"]).exits(2);
    let below = repo.relman_with(&repo.root().join("tools"), &["plugin", "test", "x"], &[]);
    below.exits(0).says(&["in tools/x"]);
}

#[test]
fn a_build_that_fails_is_the_only_check() {
    fails(
        "notes",
        &[("plugin.toml", "roles =", "build = [\"sh\", \"-c\", \"echo oh >&2; exit 3\"]\nroles =")],
        &["exited with 3"],
    );
    fails(
        "notes",
        &[("plugin.toml", "roles =", "build = [\"sh\", \"-c\", \"test -f '{dir}/plugin.sh'\"]\nroles =")],
        &[],
    );
}

/// The page's example is the fixture; here its cases are held to be there, and `.ci/plugins` runs them.
#[test]
fn the_example_of_the_page_has_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plugins/release-line");
    let program = fs::read_to_string(folder.join("release_line.py")).unwrap();
    assert!(program.lines().count() <= 40, "{} lines", program.lines().count());
    assert!(folder.join("cases/two/out/app.rel").exists());
}
