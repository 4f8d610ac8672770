//! Releases with nothing but git, where clones are shallow, branches have moved, and programs are missing.

use crate::delivery::Flow;

#[test]
fn a_branch_that_is_ahead_of_the_merge_is_brought_together_by_hand() {
    let flow = Flow::prepared("");
    let clone = flow.repo.outside().join("other");
    flow.repo.git(&["clone", "-q", "-b", "dev", flow.server.to_str().unwrap(), clone.to_str().unwrap()]);
    flow.repo.git_in(&clone, &["commit", "-q", "--allow-empty", "-m", "feat: meanwhile"]);
    flow.repo.git_in(&clone, &["push", "-q", "origin", "dev"]);
    let ran = flow.repo.relman(&["release", "-y"]);
    ran.exits(6).says(&["dev of origin has commits that main lacks", "merge main into dev and push it"]);
    assert_eq!(flow.there("refs/tags/v0.7.0"), flow.there("refs/heads/main"), "all else is out");
    flow.repo.relman(&["resume", "--yes"]).exits(6).says(&["merge main into dev and push it"]);
    flow.repo.git_in(&clone, &["fetch", "-q"]);
    flow.repo.git_in(&clone, &["merge", "-q", "--no-edit", "origin/main"]);
    flow.repo.git_in(&clone, &["push", "-q", "origin", "dev"]);
    flow.repo.relman(&["resume", "--yes"]).exits(0);
    flow.repo.relman(&["release", "v0.7.0", "-y"]).exits(0).says(&["is out already"]);
}

#[test]
fn a_shallow_clone_is_named_as_the_reason() {
    let flow = Flow::prepared("");
    let (url, clone) = (format!("file://{}", flow.server.display()), flow.repo.outside().join("shallow"));
    flow.repo.git(&["clone", "-q", "--depth", "1", "-b", "dev", &url, clone.to_str().unwrap()]);
    let ran = flow.repo.relman_with(&clone, &["release", "v0.7.0", "-y"], &[]);
    ran.exits(4).says(&["a shallow clone lacks the commits", "git fetch --unshallow"]);
    flow.repo.git_in(&clone, &["fetch", "-q", "--unshallow"]);
    flow.repo.relman_with(&clone, &["release", "v0.7.0", "-y"], &[]).exits(0);
    assert_eq!(flow.there("refs/tags/v0.7.0"), flow.there("refs/heads/main"));
}

#[test]
fn a_program_that_is_missing_is_named_before_anything_runs() {
    let gates = "[gates]\n[gates.commands]\nfirst = [\"touch\", \"ran\"]\ngone = [\"no-such-program\", \"x\"]\n";
    let flow = Flow::prepared(gates);
    let dry = flow.repo.relman(&["release", "-n", "--json"]);
    assert_eq!(dry.exits(4).refusals(), ["gate"]);
    dry.says(&["no-such-program"]);
    flow.repo.relman(&["release", "-y"]).exits(4).says(&["no-such-program"]);
    assert_eq!(flow.repo.read("ran"), None);
}
