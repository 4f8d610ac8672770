//! Laws of plans, on the sample repository: determinism, and that a release leaves nothing out of step.

use crate::support::sample::Sample;

/// Requests that can be carried out on a fresh sample.
const REQUESTS: [&str; 9] = [
    "-p scheduler patch",
    "-p scheduler major",
    "-p scheduler=1.0.0a1 -p platform=patch",
    "-g suite minor alpha",
    "-g suite beta",
    "-p mcp 0.9.0-rc.1",
    "--all minor",
    "--all major rc",
    "--all 7.0.0",
];

fn words(request: &str) -> Vec<&str> {
    request.split(' ').collect()
}

#[test]
fn the_same_request_gives_the_same_plan() {
    let mut sample = Sample::new("suite");
    for request in REQUESTS {
        let args = [&["plan", "--json"][..], &words(request)].concat();
        let first = sample.relman(&args);
        assert_eq!(sample.last_exit, 0, "{request}: {first}");
        for _ in 0..3 {
            assert_eq!(sample.relman(&args), first, "{request}");
        }
    }
    assert_eq!(sample.repo.git(&["status", "--porcelain"]), "");
}

#[test]
fn after_a_release_everything_is_in_sync() {
    let fresh = Sample::new("suite");
    for request in REQUESTS {
        let mut sample = fresh.copied();
        let told = sample.relman(&[&["bump", "--yes"][..], &words(request)].concat());
        assert_eq!(sample.last_exit, 0, "{request}: {told}");
        // What `check` finds, and that nothing is left to fix.
        let findings = sample.relman(&["check", "--fix"]);
        assert_eq!((sample.last_exit, findings.as_str()), (0, "3 packages in sync\n"), "{request}");
        assert_eq!(sample.repo.git(&["status", "--porcelain"]), "", "{request}");
    }
}
