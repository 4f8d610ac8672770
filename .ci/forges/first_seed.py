"""A git-flow project on GitHub, from a milestone with an open issue to two releases. Every step prints what is asserted."""

import json
import re

from no_token import search
from peers import Report
from scenarios import FirstSeed

MOST_REQUESTS = 12


def is_quiet(report, what, scenario, run):
    """A command that looks at the repository alone."""
    return report.equal(f"{what}: no request", [f"{one['method']} {one['path']}" for one in run.requests], [])


def api(run):
    return [f"{one['method']} {re.sub(r'[?].*', '', one['path'])}" for one in run.requests if one["server"] == "github"]


def position(lines, pattern):
    return next((at for at, line in enumerate(lines) if re.search(pattern, line)), None)


def look(report, seed):
    report.step("doctor and a dry run write nothing")
    before = seed.end_state()
    run = seed.relman("doctor", "--json", "--as", seed.version)
    report.equal("doctor: a gate would refuse", run.code, 3) or print(run)
    try:
        told = json.loads(run.out)
        gates = {gate["name"]: gate["state"] for gate in told["gates"]}
        report.check("doctor: issues of the milestone", gates.get("issues") in ("failed", "unknown") or "issues" in gates, gates)
        report.equal("doctor: who the token is", told["token"]["user"], "drorm")
        report.check("doctor: its scopes", "repo" in told["token"]["scopes"], told["token"])
    except (ValueError, KeyError, TypeError) as error:
        report.check("doctor: JSON as in the contract", False, f"{error!r}\n{run}")
    run = seed.relman("status")
    is_quiet(report, "status", seed, run)
    run = seed.relman("check")
    is_quiet(report, "check", seed, run)
    report.check("check: the manifests are below the last tag on main", run.code == 3 and "behind-tag" in run.text + seed.relman("check", "--json").text, run)
    is_quiet(report, "a dry run of release", seed, seed.relman("release", "--milestone", seed.milestone, "--dry-run"))
    report.equal("the world is as before", seed.end_state(), before)


def prepare(report, seed):
    report.step("a milestone with an open issue is refused; closed, it is prepared")
    git = seed.repo.git
    head = git("rev-parse", "HEAD")
    run = seed.relman("prepare", "--milestone", "0.6", "--no-edit", "--yes")
    report.equal("an open issue: exit", run.code, 4) or print(run)
    report.check("it is named with its number", f"#{seed.open_issue}" in run.text and "Document pipes" in run.text, run)
    report.equal("nothing was committed", (git("rev-parse", "HEAD"), git("status", "--porcelain")), (head, ""))
    run = seed.ready()
    report.equal("prepared and pushed: exit", run.code, 0) or print(run)
    report.equal("one commit", git("rev-parse", "HEAD^"), head)
    report.equal("its message", git("show", "-s", "--format=%s"), "Prepare release v0.6.0")
    report.equal("VERSION", git("show", "HEAD:VERSION"), "0.6.0")
    notes = git("show", "HEAD:CHANGELOG.md")
    report.check("a section of the version", re.search(r"^## \[?0\.6\.0", notes, re.M), notes[:600])
    report.check("a closed issue with the label bug is under Fixed", re.search(r"### Fixed\n\n(- .*\n)*- #\d+: Crash at the start \(@alice\)", notes), notes[:600])
    report.check("a merged request is under Added", re.search(r"### Added\n\n(- .*\n)*- #\d+: Pipes \(@bob\)", notes), notes[:600])
    report.equal("no tag", git("tag", "-l", "v0.6*"), "")
    report.equal("dev is out", seed.server.commit("dev"), git("rev-parse", "HEAD"))
    report.check("what to type next", "relman release" in run.text, run)
    report.equal("a second time there is nothing to prepare: exit", seed.relman("prepare", "--milestone", "0.6", "--no-edit", "--yes").code, 5)


def release(report, seed):
    report.step("released: merge, tag, draft, assets, public, latest, milestone, back")
    main, dev = seed.server.commit("main"), seed.server.commit("dev")
    run = seed.relman(*seed.release)
    report.equal("exit", run.code, 0) or print(run)
    server = seed.server
    merge = server.commit("main")
    report.equal("main is a merge of both", server.git("show", "-s", "--format=%P", "main").split(), [main, dev])
    report.equal("its message", server.git("show", "-s", "--format=%s", "main"), "Merge dev into main for release v0.6.0")
    report.equal("the tag is on the merge", server.commit("refs/tags/v0.6.0"), merge)
    report.equal("and annotated", server.kind(server.refs().get("refs/tags/v0.6.0", "none")), "tag")
    report.equal("dev follows", server.commit("dev"), merge)
    state = seed.end_state()
    of_tag = [one for one in state["releases"] if one[0] == "v0.6.0"]
    report.equal("one release of the tag", len(of_tag), 1)
    if of_tag:
        tag, name, body, draft, prerelease, assets, _ = of_tag[0]
        report.equal("title, public, final", (name, draft, prerelease), ("Release v0.6.0", False, False))
        report.check("notes of the section", "Crash at the start" in body and "Pipes" in body, body)
        report.check("the marker", f"<!-- relman v0.6.0 {merge}" in body, body)
        report.equal("assets", [name for name, _ in assets], ["vmpilot.whl"])
    report.equal("it is the latest", state["latest"], "v0.6.0")
    report.check("the milestone is closed", ("0.6", "closed") in state["milestones"], state["milestones"])
    lines = [f"{one['server']} {one['method']} {one['path']} {one['body']}" for one in run.requests]
    created, public = position(lines, r'github POST .*/releases .*"draft": ?true'), position(lines, r'github PATCH .*/releases/\d+ .*"draft": ?false')
    uploaded, pushed = position(lines, r"github POST .*/assets\?"), position(lines, r"git POST .*git-receive-pack")
    closed = position(lines, r"github PATCH .*/milestones/\d+ ")
    order = [pushed, created, uploaded, public, closed]
    report.check("in this order: push, draft, asset, public, milestone", None not in order and order == sorted(order), f"{order}\n{run}")
    count = len(api(run))
    print(f"    {count} requests to the forge, {len(run.requests)} with git")
    report.check(f"at most {MOST_REQUESTS} requests to the forge, the asset's aside", count - 1 <= MOST_REQUESTS, "\n".join(api(run)))
    writes = len(seed.world.traffic.writes())
    again = seed.relman(*seed.release)
    report.equal("again: what was asked for is true, exit", again.code, 0) or print(again)
    report.equal("and nothing is written", len(seed.world.traffic.writes()), writes)
    report.equal("nor changed", seed.end_state(), state)


def draft_and_publish(report, seed):
    report.step("the next one as a draft, published later")
    seed.repo.git("pull", "-q", "--ff-only")
    seed.repo.commit("feat: tabs", {"src/tabs.py": "TABS = 1\n"})
    seed.repo.git("push", "-q", "origin", "dev")
    seed.plan_milestone("0.7", requests=[("bob", "Tabs", "feature/tabs")])
    run = seed.relman("prepare", "--milestone", "0.7", "--push", "--no-edit", "--yes")
    report.equal("prepare: exit", run.code, 0) or print(run)
    run = seed.relman("release", "--milestone", "0.7", "--draft", "--yes")
    report.equal("release --draft: exit", run.code, 0) or print(run)
    state = seed.end_state()
    report.equal("it is a draft", [one[3] for one in state["releases"] if one[0] == "v0.7.0"], [True])
    report.check("its tag is out", "v0.7.0" in state["tags"], sorted(state["tags"]))
    report.check("the milestone stays open", ("0.7", "open") in state["milestones"], state["milestones"])
    report.equal("the latest is the one before", state["latest"], "v0.6.0")
    run = seed.relman("release", "--publish", "v0.7.0", "--yes")
    report.equal("release --publish: exit", run.code, 0) or print(run)
    state = seed.end_state()
    report.equal("it is public", [one[3] for one in state["releases"] if one[0] == "v0.7.0"], [False])
    report.check("the milestone is closed", ("0.7", "closed") in state["milestones"], state["milestones"])
    report.equal("it is the latest", state["latest"], "v0.7.0")


def afterwards(report, seed):
    report.step("afterwards auto on dev counts from the tag on main")
    git = seed.repo.git
    git("pull", "-q", "--ff-only")
    seed.repo.commit("fix: a tab", {"src/tabs.py": "TABS = 2\n"})
    run = seed.relman("bump", "auto", "--dry-run", "--json")
    try:
        plan = json.loads(run.out)
        report.equal("0.7.1", [one["to"] for one in plan["bumps"]], ["0.7.1"])
    except (ValueError, KeyError) as error:
        report.check("a plan as JSON", False, f"{error!r}\n{run}")
    is_quiet(report, "bump --dry-run", seed, run)


def main():
    report = Report("first_seed")
    with FirstSeed() as seed:
        for part in (look, prepare, release, draft_and_publish, afterwards):
            try:
                part(report, seed)
            except (RuntimeError, OSError) as error:
                report.check(f"{part.__name__} came to its end", False, error)
        report.equal("every request is as GitHub describes it", sorted(set(seed.world.traffic.violations)), [])
        report.equal("no token in what was written", search(seed.world), [])
    report.end()


if __name__ == "__main__":
    main()
