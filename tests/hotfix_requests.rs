//! `relman hotfix finish` by requests on a forge.

use relman::model::ForgeKind;

use crate::hotfix::Fixed;
use crate::support::requests::RequestForge;

const TOKEN: &[(&str, &str)] = &[("RELMAN_TOKEN", "secret")];

/// A hotfix of 0.6.0 that was released, where main has moved on, and the forge.
fn released(kind: ForgeKind, more: &str) -> (Fixed, RequestForge) {
    let fixed = Fixed::new("");
    let forge = RequestForge::start(kind, &fixed.server);
    fixed.fix("leak");
    let config = fixed.repo.read("relman.toml").unwrap();
    fixed.repo.commit(&[("relman.toml", &format!("{config}{}{more}", forge.table()))]);
    fixed.repo.relman(&["bump", "patch", "-y"]).exits(0);
    fixed.repo.git(&["push", "-q", "origin", "HEAD", "v0.6.1"]);
    (fixed, forge)
}

#[test]
fn a_request_holds_the_merge_as_it_should_be() {
    for kind in [ForgeKind::Github, ForgeKind::Gitlab] {
        let (fixed, forge) = released(kind, "");
        let repo = &fixed.repo;
        let finish = |args: &[&str]| repo.relman_with(repo.root(), &[&["hotfix", "finish"], args].concat(), TOKEN);
        let plan = finish(&["-n", "--json"]).exits(0).json();
        assert_eq!((&plan["outward"][0]["kind"], &plan["outward"][1]["kind"]), (&"push".into(), &"request".into()));
        assert_eq!(forge.server.lines(), [""; 0], "a dry run asks no one");
        let main = fixed.there("main");
        finish(&["-y"]).exits(0).says(&["https://forge.example/o/r/1", "merge the requests"]);
        assert_eq!(fixed.there("main"), main);
        let branch = "hotfix/v0.6.0-leak-into-main";
        assert_eq!(fixed.shows(branch, "VERSION"), "0.7.0");
        let [request] = &forge.requests()[..] else { panic!("{:?}", forge.requests()) };
        assert_eq!((request.head.as_str(), request.base.as_str()), (branch, "main"));
        assert_eq!(request.title, "Bring 0.6.1 back to main");
        assert!(request.body.contains("- the leak"), "{}", request.body);
        // Once more: it is open, as it should be.
        finish(&["-y"]).exits(0).says(&["nothing is left to bring back"]);
        assert_eq!(forge.requests().len(), 1);
        // A fix of the fix goes into the same request.
        fixed.fragment("more.fixed.md", "- more\n");
        finish(&["-y"]).exits(0);
        assert_eq!(fixed.shows(branch, "changelog.d/more.fixed.md"), "- more");
        assert_eq!(forge.requests().len(), 1);
        // Merged by a squash: nothing is left, though main has none of the commits.
        let tree = repo.git_in(&fixed.server, &["rev-parse", &format!("{branch}^{{tree}}")]);
        let squashed = repo.git_in(&fixed.server, &["commit-tree", "-p", "main", "-m", "squash", &tree]);
        repo.git_in(&fixed.server, &["update-ref", "refs/heads/main", &squashed]);
        forge.change(1, |request| request.state = "merged".to_owned());
        finish(&["-y"]).exits(0).says(&["nothing is left to bring back"]);
        assert_eq!(forge.requests().len(), 1);
    }
}

#[test]
fn what_merges_as_it_is_needs_no_branch_of_its_own() {
    let (fixed, forge) = released(ForgeKind::Github, "[hotfix]\nback = [\"main\", \"line\"]\n");
    let repo = &fixed.repo;
    repo.git(&["push", "-q", "origin", "v0.6.0^{}:refs/heads/line"]);
    repo.relman_with(repo.root(), &["hotfix", "finish", "-y"], TOKEN).exits(0);
    let of: Vec<(String, String)> = forge.requests().into_iter().map(|request| (request.head, request.base)).collect();
    let expected = [("hotfix/v0.6.0-leak-into-main", "main"), ("hotfix/v0.6.0-leak", "line")];
    assert_eq!(of, expected.map(|(head, base)| (head.to_owned(), base.to_owned())));
}

#[test]
fn a_request_that_was_closed_is_not_opened_again() {
    let (fixed, forge) = released(ForgeKind::Gitlab, "");
    let repo = &fixed.repo;
    let finish = || repo.relman_with(repo.root(), &["hotfix", "finish", "-y"], TOKEN);
    finish().exits(0);
    forge.change(1, |request| request.state = "closed".to_owned());
    finish().exits(0).says(&["https://forge.example/o/r/1 was closed without being merged", "nothing is left"]);
    assert_eq!(forge.requests().len(), 1);
}

#[test]
fn requests_need_a_forge() {
    let fixed = Fixed::new("[hotfix]\nby = \"request\"\n");
    fixed.fix("leak");
    let ran = fixed.repo.idle(&["hotfix", "finish", "-y", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["forge"]);
    ran.says(&["by = \"merge\""]);
}

#[test]
fn an_answer_that_is_lost_makes_nothing_twice() {
    let (fixed, forge) = released(ForgeKind::Github, "");
    let repo = &fixed.repo;
    // The forge is gone when the request is made, and back later.
    let config = repo.read("relman.toml").unwrap();
    let gone = config.replace(&forge.server.url, "http://127.0.0.1:9");
    repo.commit(&[("relman.toml", &gone)]);
    repo.relman_with(repo.root(), &["hotfix", "finish", "-y", "--patience", "0s"], TOKEN).exits(4).says(&["127.0.0.1"]);
    repo.commit(&[("relman.toml", &config)]);
    repo.relman_with(repo.root(), &["hotfix", "finish", "-y"], TOKEN).exits(0);
    assert_eq!(forge.writes().len(), 1);
}
