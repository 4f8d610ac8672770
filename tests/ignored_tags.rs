//! Tags that mean nothing here: `ignore-tags`.

use crate::support::repo::Repo;

#[test]
fn an_ignored_tag_is_never_the_last_one_and_keeps_its_name() {
    let config = "[workspace]\nignore-tags = [\"v9.*\", \"archive/**\"]\n\n[packages.tool]\nmanifests = [\"VERSION\"]\npath = \".\"\ntag-prefix = \"v\"\n";
    let repo = Repo::with(&[("relman.toml", config), ("VERSION", "1.0.0\n")]);
    repo.git(&["tag", "v1.0.0"]);
    repo.commit(&[("code", "more\n")]);
    repo.git(&["tag", "v9.0.0"]);
    repo.relman(&["check"]).exits(0);
    let status = repo.report(&["status"]).json();
    assert_eq!((&status["packages"][0]["tag"], &status["packages"][0]["commits"]), (&"v1.0.0".into(), &1.into()));
    let refused = repo.report(&["plan", "9.0.0"]);
    assert_eq!(refused.exits(4).json()["refusals"][0]["code"], "tag-exists");
    let done = repo.relman(&["bump", "auto", "-y", "--json"]);
    assert_eq!(done.exits(0).tags(), ["v1.1.0"]);
    repo.write("relman.toml", &config.replace("\"v9.*\", ", ""));
    repo.relman(&["check"]).exits(3).says(&["its last tag v9.0.0 is higher"]);
}
