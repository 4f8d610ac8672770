//! Packages that are released under another one's tags: `tag-of`.

use crate::support::repo::Repo;

const RELMAN: &str = "[packages.tool]\nmanifests = [\"VERSION\"]\npath = \".\"\ntag-prefix = \"v\"\n\n[packages.lib]\nmanifests = [\"lib/VERSION\"]\npath = \"lib\"\ntag-of = \"tool\"\n";

fn repo() -> Repo {
    let repo = Repo::with(&[("relman.toml", RELMAN), ("VERSION", "2.0.0\n"), ("lib/VERSION", "0.4.0\n")]);
    repo.git(&["tag", "-a", "-m", "v2.0.0", "v2.0.0"]);
    repo
}

#[test]
fn changes_are_counted_from_the_other_packages_tag_and_no_tag_is_made() {
    let repo = repo();
    repo.relman(&["check"]).exits(0);
    repo.report(&["plan", "--all", "auto"]).exits(5);
    repo.commit(&[("lib/code", "more\n")]);
    let plan = repo.report(&["plan", "--all", "auto"]);
    assert_eq!((plan.exits(0).bumps(), plan.tags()), (vec!["lib 0.4.0 0.5.0".to_owned()], Vec::new()));
    repo.commit(&[("code", "more\n")]);
    let done = repo.relman(&["bump", "--all", "auto", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["v2.1.0"]);
    assert_eq!(repo.tags(), ["v2.0.0", "v2.1.0"]);
    let status = repo.report(&["status"]).json();
    let tags: Vec<&str> = status["packages"].as_array().unwrap().iter().map(|p| p["tag"].as_str().unwrap()).collect();
    assert_eq!(tags, ["v2.1.0", "v2.1.0"]);
}

#[test]
fn what_it_names_must_have_tags() {
    for (of, expected) in [
        ("tag-of = \"lib\"", "names the package itself"),
        ("tag-of = \"other\"", "which is not a package"),
        ("tag-of = \"tool\"\ntag-prefix = \"lib-v\"", "mutually exclusive"),
    ] {
        let repo = Repo::with(&[
            ("relman.toml", &RELMAN.replace("tag-of = \"tool\"", of)),
            ("VERSION", "2.0.0\n"),
            ("lib/VERSION", "0.4.0\n"),
        ]);
        repo.relman(&["check"]).exits(2).says(&[expected]);
    }
}
