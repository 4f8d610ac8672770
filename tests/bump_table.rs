//! The table of versions, row by row, as the program plans it: both spellings, and every refusal.

use std::collections::BTreeMap;

use crate::support::program::Ran;
use crate::support::repo::Repo;

/// A request, the version that a package has, and the one that it gets.
const ROWS: [(&str, &str, &str); 62] = [
    ("patch", "0.1.0", "0.1.1"),
    ("minor", "0.1.0", "0.2.0"),
    ("major", "0.1.0", "1.0.0"),
    ("patch", "0.2.0-rc.1", "0.2.1"),
    ("minor", "0.2.0-rc.1", "0.3.0"),
    ("major", "0.2.0-rc.1", "1.0.0"),
    ("minor:alpha", "0.1.0", "0.2.0-alpha.1"),
    ("minor:alpha", "0.2.0-alpha.1", "0.3.0-alpha.1"),
    ("major:rc", "0.1.0", "1.0.0-rc.1"),
    ("patch:beta", "0.1.0", "0.1.1-beta.1"),
    ("alpha", "0.2.0-alpha.1", "0.2.0-alpha.2"),
    ("beta", "0.2.0-alpha.2", "0.2.0-beta.1"),
    ("rc", "0.2.0-beta.1", "0.2.0-rc.1"),
    ("rc", "0.2.0-rc.9", "0.2.0-rc.10"),
    ("release", "0.2.0-rc.1", "0.2.0"),
    ("final", "0.2.0-alpha.7", "0.2.0"),
    ("alpha", "0.1.0", "0.2.0-alpha.1"),
    ("rc", "1.4.2", "1.5.0-rc.1"),
    ("1.2.3", "1.2.2", "1.2.3"),
    ("v1.2.3", "1.2.2", "1.2.3"),
    ("3.0.0-next.14", "3.0.0-next.13", "3.0.0-next.14"),
    ("0.20.4-rc.0", "0.20.3", "0.20.4-rc.0"),
    ("2.0.0+build.5", "1.9.0", "2.0.0+build.5"),
    ("minor", "3.0.0-next.14", "3.1.0"),
    ("release", "3.0.0-next.14", "3.0.0"),
    ("patch", "0.1.0+build.5", "0.1.1"),
    // The same values in the other spelling.
    ("patch", "py 0.1.0", "0.1.1"),
    ("minor", "py 0.1.0", "0.2.0"),
    ("major", "py 0.1.0", "1.0.0"),
    ("patch", "py 0.2.0rc1", "0.2.1"),
    ("minor", "py 0.2.0rc1", "0.3.0"),
    ("major", "py 0.2.0rc1", "1.0.0"),
    ("minor:alpha", "py 0.1.0", "0.2.0a1"),
    ("minor:alpha", "py 0.2.0a1", "0.3.0a1"),
    ("alpha", "py 0.2.0a1", "0.2.0a2"),
    ("beta", "py 0.2.0a2", "0.2.0b1"),
    ("rc", "py 0.2.0b1", "0.2.0rc1"),
    ("release", "py 0.2.0rc1", "0.2.0"),
    ("release", "py 0.2.0.dev4", "0.2.0"),
    ("alpha", "py 0.1.0", "0.2.0a1"),
    ("alpha", "py 1.2.0.dev3", "1.2.0a1"),
    ("1.2.3", "py 1.2.2", "1.2.3"),
    ("0.9.0.rc1", "py 0.8.0", "0.9.0.rc1"),
    ("0.66b0.dev", "py 0.65b0", "0.66b0.dev"),
    ("0.65b0", "py 0.64", "0.65b0"),
    ("1.44.0.dev0", "py 1.43.0", "1.44.0.dev0"),
    ("1.0.post1", "py 1.0", "1.0.post1"),
    // The canonical spelling of the other scheme, and fewer numbers than there are.
    ("1.6.0-rc.1", "py 1.5.0", "1.6.0rc1"),
    ("1.6.0-rc1", "py 1.5.0", "1.6.0-rc1"),
    ("1.6", "py 1.5.0", "1.6.0"),
    ("1.6rc1", "py 1.5.0", "1.6.0rc1"),
    ("2", "py 1.5.0", "2.0.0"),
    ("1.6.0", "py 1.5", "1.6.0"),
    ("1.0.0rc1", "0.9.0", "1.0.0-rc.1"),
    ("1.0a2", "0.9.0", "1.0.0-alpha.2"),
    ("1.6", "1.5.0", "1.6.0"),
    ("1.6.0-rc0", "1.5.0", "1.6.0-rc0"),
    ("1.0+ubuntu.1", "py 0.9", "1.0+ubuntu.1"),
    ("patch", "py 1.0", "1.0.1"),
    ("alpha", "py 0.65b0", "refused backwards"),
    ("minor", "py 0.65b0", "0.66"),
    ("release", "py 1.0.post1", "refused already-stable"),
];

/// A request, the version that a package has, and the code of the refusal.
const REFUSED: [(&str, &str, &str); 14] = [
    ("alpha", "0.2.0-beta.1", "backwards"),
    ("beta", "0.2.0-rc.1", "backwards"),
    ("alpha", "3.0.0-next.14", "backwards"),
    ("alpha", "0.20.4-rc0", "backwards"),
    ("release", "0.2.0", "already-stable"),
    ("final", "0.2.0", "already-stable"),
    ("0.1.0", "0.2.0", "not-higher"),
    ("0.2.0-rc.1", "0.2.0", "not-higher"),
    ("alpha", "py 0.2.0b1", "backwards"),
    ("beta", "py 0.2.0rc1", "backwards"),
    ("release", "py 0.2.0", "already-stable"),
    ("0.1.0", "py 0.2.0", "not-higher"),
    ("0.2.0a1", "py 0.2.0", "not-higher"),
    ("0.2.0.dev1", "py 0.2.0a1", "not-higher"),
];

fn manifest(version: &str, name: &str) -> (String, String) {
    match version.strip_prefix("py ") {
        Some(version) => (
            format!("packages/{name}/pyproject.toml"),
            format!("[project]\nname = \"{name}\"\nversion = \"{version}\"\n"),
        ),
        None => (
            format!("packages/{name}/package.json"),
            format!("{{\n  \"name\": \"{name}\",\n  \"version\": \"{version}\"\n}}\n"),
        ),
    }
}

fn repo(rows: &[(&str, &str, &str)]) -> Repo {
    let files: Vec<(String, String)> =
        rows.iter().enumerate().map(|(at, (_, from, _))| manifest(from, &format!("p{at}"))).collect();
    let mut listed = vec![("relman.toml", "[workspace]\nmembers = [\"packages/*\"]\n")];
    listed.extend(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    Repo::with(&listed)
}

fn dry(repo: &Repo, rows: &[(&str, &str, &str)]) -> Ran {
    let asks: Vec<String> = rows.iter().enumerate().map(|(at, (ask, ..))| format!("-pp{at}={ask}")).collect();
    let mut args = vec!["bump", "--dry-run", "--json"];
    args.extend(asks.iter().map(String::as_str));
    repo.idle(&args)
}

#[test]
fn every_row_gives_its_version() {
    let rows: Vec<_> = ROWS.into_iter().filter(|row| !row.2.starts_with("refused")).collect();
    let repo = repo(&rows);
    let ran = dry(&repo, &rows);
    ran.exits(0);
    let got: BTreeMap<String, String> = ran
        .bumps()
        .iter()
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            (words[0].to_owned(), words[2].to_owned())
        })
        .collect();
    for (at, (ask, from, to)) in rows.iter().enumerate() {
        assert_eq!(got[&format!("p{at}")], *to, "{ask} of {from}");
    }
    let tags = ran.tags();
    assert_eq!(tags[0], "p0-v0.1.1");
    assert_eq!(tags.len(), rows.len());
}

#[test]
fn every_refusal_has_its_code_and_all_are_told_at_once() {
    let mut rows: Vec<_> = ROWS.into_iter().filter_map(|r| Some((r.0, r.1, r.2.strip_prefix("refused ")?))).collect();
    rows.extend(REFUSED);
    let repo = repo(&rows);
    let ran = dry(&repo, &rows);
    ran.exits(4);
    let plan = ran.json();
    let refusals = plan["refusals"].as_array().unwrap();
    for (at, (ask, from, code)) in rows.iter().enumerate() {
        let name = format!("`p{at}`");
        let refusal = refusals.iter().find(|r| r["message"].as_str().unwrap().contains(&name));
        let refusal = refusal.unwrap_or_else(|| panic!("{ask} of {from} is not refused"));
        assert_eq!(refusal["code"], *code, "{ask} of {from}");
        assert!(refusal["help"].is_string());
    }
    assert_eq!(refusals.len(), rows.len());
}

#[test]
fn words_on_the_command_line_mean_the_same() {
    let repo = repo(&[("", "0.2.0-alpha.1", "")]);
    for (words, to) in [
        (vec!["minor", "alpha"], "0.3.0-alpha.1"),
        (vec!["alpha"], "0.2.0-alpha.2"),
        (vec!["beta"], "0.2.0-beta.1"),
        (vec!["release"], "0.2.0"),
        (vec!["final"], "0.2.0"),
        (vec!["patch"], "0.2.1"),
        (vec!["1.2.3-next.4"], "1.2.3-next.4"),
        // A milestone of two parts.
        (vec!["0.6"], "0.6.0"),
    ] {
        let mut args = vec!["bump", "-n", "--json"];
        args.extend(&words);
        let ran = repo.relman(&args);
        assert_eq!(ran.exits(0).bumps(), [format!("p0 0.2.0-alpha.1 {to}")], "{words:?}");
    }
}

#[test]
fn words_that_mean_nothing_are_usage_errors() {
    let repo = repo(&[("", "0.2.0-alpha.1", "")]);
    let cases: [(&[&str], &str, &str); 6] = [
        (&["mnior"], "level", "`mnior`"),
        (&["1.2.3.4"], "version", "`1.2.3.4`"),
        (&["alpha", "beta"], "level", "`alpha`"),
        (&["minor", "gamma"], "level", "`gamma`"),
        (&["-pp0="], "usage", "`p0=`"),
        (&["-pp0"], "level", "no level"),
    ];
    for (words, problem, named) in cases {
        repo.report(&[&["bump", "-y"], words].concat()).exits(2).finds(&[problem]).says(&[named]);
    }
}

#[test]
fn a_downgrade_is_allowed_on_purpose() {
    let repo = repo(&[("", "0.2.0", "")]);
    repo.idle(&["bump", "0.1.0", "-n", "--json"]).exits(4);
    let ran = repo.idle(&["bump", "0.1.0", "-n", "--json", "--allow-downgrade"]);
    assert_eq!(ran.exits(0).bumps(), ["p0 0.2.0 0.1.0"]);
}

#[test]
fn a_version_without_a_tag_gets_one_on_head() {
    let repo = repo(&[("", "0.1.0", "")]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let ran = repo.idle(&["bump", "0.1.0", "-n", "--json"]);
    ran.exits(0);
    assert_eq!(ran.json()["files"].as_array().unwrap().len(), 0);
    assert!(ran.json()["commit"].is_null());
    assert_eq!(ran.tags(), ["p0-v0.1.0"]);
    repo.relman(&["bump", "0.1.0", "-y"]).exits(0);
    assert_eq!(repo.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(repo.git(&["rev-parse", "p0-v0.1.0^{commit}"]), head);
    let again = repo.idle(&["bump", "0.1.0", "-n", "--json"]);
    assert_eq!(again.exits(4).refusals(), ["tag-exists"]);
}

#[test]
fn tags_are_compared_by_value() {
    let files = [
        ("relman.toml", "[packages.a]\npath = \".\"\ntag-prefix = \"v\"\n"),
        ("package.json", "{ \"name\": \"a\", \"version\": \"0.1.9\" }\n"),
    ];
    let repo = Repo::with(&files);
    repo.git(&["tag", "v0.2"]);
    repo.git(&["tag", "v0.1.9"]);
    // The tag is above the manifest as well, which a level would not count from.
    let explicit = repo.idle(&["bump", "0.2.0", "-n", "--json"]);
    assert_eq!(explicit.exits(4).refusals(), ["tag-exists"]);
    explicit.says(&["v0.2"]);
    let level = repo.idle(&["bump", "minor", "-n", "--json"]);
    assert_eq!(level.exits(4).refusals(), ["not-higher", "tag-exists"]);
    repo.idle(&["bump", "0.2.1", "-n"]).exits(0);
}

#[test]
fn a_level_on_a_prerelease_names_what_it_passes_over() {
    let repo = repo(&[("", "0.2.0-rc.1", "")]);
    for (ask, said) in [("patch", true), ("minor", true), ("release", false), ("rc", false)] {
        let ran = repo.idle(&["bump", ask, "-n", "--json"]);
        let notes = ran.json()["notes"].to_string();
        assert_eq!(notes.contains("0.2.0") && notes.contains("`release`"), said, "{ask}: {notes}");
    }
}

#[test]
fn stages_of_ones_own_are_ordered_as_semver_orders_them() {
    let config = "[workspace]\nmembers = [\"packages/*\"]\nstages = [\"next\"]\nfirst-prerelease = 0\n";
    let repo = repo(&[("", "3.0.0-next.14", ""), ("", "1.0.0", ""), ("", "1.0.0-rc.0", "")]);
    repo.commit(&[("relman.toml", config)]);
    let ran = repo.idle(&["bump", "-n", "--json", "-pp0=next", "-pp1=minor:next", "-pp2=rc"]);
    assert_eq!(
        ran.exits(0).bumps(),
        ["p0 3.0.0-next.14 3.0.0-next.15", "p1 1.0.0 1.1.0-next.0", "p2 1.0.0-rc.0 1.0.0-rc.1"]
    );
    let back = repo.idle(&["bump", "-n", "--json", "-pp0=beta", "-pp2=next"]);
    assert_eq!(back.exits(4).refusals(), ["backwards", "backwards"]);
}

#[test]
fn a_written_form_stays_where_it_means_the_same() {
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[packages.a]\nmanifests = [\"pyproject.toml\", { path = \"v.py\", search = 'v = \"{version}\"' }]\n",
        ),
        ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"0.9.0.rc1\"\n"),
        ("v.py", "v = \"0.9rc1\"\n"),
    ]);
    repo.idle(&["check"]).exits(0);
    let ran = repo.idle(&["bump", "0.9.0rc1", "-n", "--json"]);
    assert_eq!(ran.exits(0).slots(), Vec::<String>::new());
    let ran = repo.idle(&["bump", "rc", "-n", "--json"]);
    assert_eq!(ran.exits(0).slots(), ["pyproject.toml:3 0.9.0.rc1 0.9.0rc2", "v.py:1 0.9rc1 0.9.0rc2"]);
}

#[test]
fn what_a_scheme_cannot_spell_names_the_slot() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\nmanifests = [\"pyproject.toml\", \"package.json\"]\n"),
        ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1.0.0\"\n"),
        ("package.json", "{ \"name\": \"a\",\n  \"version\": \"1.0.0\" }\n"),
    ]);
    repo.report(&["bump", "1.1.0.dev1", "-y"])
        .exits(2)
        .finds(&["version package.json:2:15"])
        .says(&["package.json", "2"]);
    repo.report(&["bump", "1.0.0.post1", "-y"]).exits(2).finds(&["version package.json:2:15"]).says(&["package.json"]);
    let ran = repo.idle(&["bump", "1.1.0b2", "-n", "--json"]);
    assert_eq!(ran.exits(0).slots(), ["package.json:2 1.0.0 1.1.0-beta.2", "pyproject.toml:3 1.0.0 1.1.0b2"]);
}
