//! Places of a part of the version or of the day of a release: written at a bump, compared by `check`, never a primary.

use serde_json::Value;

use crate::support::repo::Repo;

const CONFIG: &str = "[packages.api]\npath = '.'\ntag-prefix = 'v'\nmanifests = [\n\
    { path = 'docs/ships.mjs', search = 'SHIPPED = \"{major}.{minor}\"' },\n\
    'VERSION',\n\
    { path = 'docs/ships.mjs', search = 'SHIPPED_DATE = \"{date:%B %Y}\"' },\n\
    { path = 'docs/*.mjs', search = 'LINE = {major} ({date:%-d/%-m/%Y})' },\n]\n";

const SHIPS: &str =
    "\u{feff}export const SHIPPED = \"0.4\";  // 0.4\r\nconst SHIPPED_DATE = \"May 2025\"\r\nLINE = 0 (3/5/2025)";

fn repo() -> Repo {
    Repo::with(&[("relman.toml", CONFIG), ("VERSION", "0.4.2\n"), ("docs/ships.mjs", SHIPS)])
}

#[test]
fn a_bump_writes_them_and_nothing_else() {
    let repo = repo();
    repo.idle(&["check"]).exits(0);
    let plan = repo.idle(&["bump", "-n", "--json", "--date", "2026-11-26", "minor"]).exits(0).json();
    let changes = plan["files"].as_array().unwrap().iter().find(|file| file["path"] == "docs/ships.mjs").unwrap();
    let shown: Vec<String> = changes["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| format!("{} {} {}", slot["line"], slot["from"], slot["to"]))
        .collect();
    assert_eq!(shown, ["1 \"0.4\" \"0.5\"", "2 \"May 2025\" \"November 2026\"", "3 \"0 (3/5/2025\" \"0 (26/11/2026\""]);
    repo.relman(&["bump", "-y", "--date", "2026-11-26", "minor"]).exits(0);
    let expected =
        SHIPS.replace("\"0.4\"", "\"0.5\"").replace("May 2025", "November 2026").replace("3/5/2025", "26/11/2026");
    assert_eq!(repo.read("docs/ships.mjs"), Some(expected));
    assert_eq!(repo.read("VERSION").as_deref(), Some("0.5.0\n"));
    repo.idle(&["check"]).exits(0);
    repo.idle(&["check", "--tag", "v0.5.0"]).exits(0);
    // The day is written with each release, the numbers with those that change them.
    repo.relman(&["bump", "-y", "--date", "2026-12-01", "patch"]).exits(0);
    assert!(
        repo.read("docs/ships.mjs").unwrap().contains("\"0.5\";  // 0.4\r\nconst SHIPPED_DATE = \"December 2026\"")
    );
}

#[test]
fn the_day_is_that_of_the_changelog() {
    let repo = repo();
    repo.write("relman.toml", &format!("{CONFIG}[packages.api.changelog]\nempty = 'Nothing.'\n"));
    repo.git(&["commit", "-qam", "feat: a changelog"]);
    repo.relman_with(repo.root(), &["bump", "-y", "minor"], &[("SOURCE_DATE_EPOCH", "951782400")]).exits(0);
    assert!(repo.read("docs/ships.mjs").unwrap().contains("February 2000"));
    assert!(repo.read("CHANGELOG.md").unwrap().contains("2000-02-29"));
}

#[test]
fn numbers_that_differ_are_found_and_fixed_and_the_day_stays() {
    let repo = repo();
    repo.write("docs/ships.mjs", &SHIPS.replace("\"0.4\"", "\"0.04\"").replace("LINE = 0", "LINE = 7"));
    repo.git(&["commit", "-qam", "chore: older"]);
    let ran = repo.idle(&["check", "--json"]);
    assert_eq!(
        ran.exits(3).problems(),
        ["drift docs/ships.mjs:1:25 0.04 0.4", "drift docs/ships.mjs:3:8 7 (3/5/2025 0 (3/5/2025"]
    );
    repo.idle(&["check"]).exits(3).says(&["`api` is 0.04 here (`{major}.{minor}`) and 0.4.2 in VERSION"]);
    repo.idle(&["bump", "-n", "minor"])
        .exits(4)
        .says(&["docs/ships.mjs:1:25 has 0.04 ({major}.{minor})", "relman check --fix"]);
    let status: Value = repo.idle(&["status", "--json"]).exits(0).json();
    let package = &status["packages"][0];
    assert_eq!((&package["version"], &package["in-sync"]), (&Value::from("0.4.2"), &Value::from(false)));
    let part = &package["manifests"][1];
    assert_eq!((&part["field"], &part["version"]), (&Value::from("{major}.{minor}"), &Value::from("0.04")));
    assert_eq!((&part["line"], &part["in-sync"]), (&Value::from(1), &Value::from(false)));
    let ran = repo.idle(&["check", "--tag", "v0.4.2", "--json"]);
    assert_eq!(ran.exits(3).problems()[0], "tag-mismatch docs/ships.mjs:1:25 0.04 0.4");
    repo.relman(&["check", "--fix"]).exits(0);
    assert_eq!(repo.read("docs/ships.mjs").as_deref(), Some(SHIPS));
}

#[test]
fn a_day_that_cannot_be_read_is_a_finding() {
    let repo = repo();
    repo.write("docs/ships.mjs", &SHIPS.replace("May 2025", "Mai 2025"));
    repo.git(&["commit", "-qam", "docs: in another language"]);
    let wanted = "the search `SHIPPED_DATE = \"{date:%B %Y}\"` matches nothing in this file";
    repo.idle(&["check"])
        .exits(3)
        .says(&[wanted, "expected `{date:%B %Y}` followed by the rest of the search at line 2, column 23"]);
    repo.report(&["bump", "-n", "minor"]).exits(2).finds(&["manifest docs/ships.mjs:2:23"]).says(&[wanted]);
}

#[test]
fn a_package_needs_a_place_of_its_whole_version() {
    let config = "[packages.api]\nmanifests = [{ path = 'x.mjs', search = 'S = {major}.{minor}' }]\n";
    let repo = Repo::with(&[("relman.toml", config), ("x.mjs", "S = 0.4\n")]);
    for command in [&["check"][..], &["status"], &["bump", "-n", "minor"]] {
        repo.report(command).exits(2).finds(&["config-value relman.toml:2:23"]);
    }
}

#[test]
fn two_packages_cannot_share_one() {
    let config = "[packages.a]\nmanifests = ['a/VERSION', { path = 'x', search = 'S = {major}' }]\n\
        [packages.b]\nmanifests = ['b/VERSION', { path = 'x*', search = 'S = {minor}' }]\n";
    let repo =
        Repo::with(&[("relman.toml", config), ("a/VERSION", "1.1.0\n"), ("b/VERSION", "1.1.0\n"), ("x", "S = 1\n")]);
    repo.report(&["check"]).exits(2).finds(&["config-conflict relman.toml:3:11"]);
}
