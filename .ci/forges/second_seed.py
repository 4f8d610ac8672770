"""A fixed group of packages on GitLab: gates, branch, its pipeline, tags one by one, release, milestone. Every step prints what is asserted."""

import json
import re

from no_token import search
from peers import Report
from scenarios import SecondSeed
from traffic import HOST, address


def pushes(run):
    return [one for one in run.requests if one["server"] == "git" and one["method"] == "POST" and one["path"].endswith("git-receive-pack")]


def told(report, what, run):
    """The JSON of a run."""
    try:
        return json.loads(run.out)
    except ValueError:
        report.check(f"{what}: JSON", False, run)
        return {}


def gates(report, seed):
    report.step("gates: open issue, red pipeline, CI variables")
    before = seed.end_state()
    run = seed.relman("doctor", "--json", "--as", "minor alpha")
    if run.code == 2:
        run = seed.relman("doctor", "--json", "--as", "minor")
    report.equal("doctor: a gate would refuse", run.code, 3) or print(run)
    value = told(report, "doctor", run)
    variables = {one["name"]: one for one in value.get("variables", [])}
    report.equal("GHCR_TOKEN is there, masked and protected", [variables.get("GHCR_TOKEN", {}).get(key) for key in ("there", "masked", "protected")], [True, True, True])
    report.equal("GHCR_USER is not protected", variables.get("GHCR_USER", {}).get("protected"), False)
    report.check("no value of a variable is told", not any(row["value"] in run.text for row in seed.project.variables), run)
    report.equal("who the token is", value.get("token", {}).get("user"), "carol")
    report.check("its end", "2027-01-01" in str(value.get("token", {}).get("expires")), value.get("token"))

    run = seed.relman("bump", "-g", "suite", "minor", "alpha", "--yes")
    report.equal("an open issue of the milestone: exit", run.code, 4) or print(run)
    report.check("it is named with its URL", "Boards need a page" in run.text and seed.open_issue["web_url"] in run.text, run)
    report.check("the smoke test did not run", "ok 0.5.0" not in run.text, run)
    seed.close_issue()
    pipeline = seed.lab.pipelines.all[0]
    pipeline.jobs[0].result = "failed"
    run = seed.relman("bump", "-g", "suite", "minor", "alpha", "--yes")
    report.equal("a red pipeline: exit", run.code, 4) or print(run)
    report.check("the job is named with its URL", "test" in run.text and f"/-/jobs/{pipeline.jobs[0].id}" in run.text, run)
    report.check("a job that may fail is not", f"/-/jobs/{pipeline.jobs[2].id}" not in run.text, run)
    pipeline.jobs[0].result = "success"
    report.equal("the world is as before", seed.end_state(), before)
    report.equal("and so is the work tree", seed.repo.git("status", "--porcelain"), "")


def prerelease(report, seed):
    report.step("an alpha: one commit, three tags, nothing out")
    git = seed.repo.git
    head = git("rev-parse", "HEAD")
    run = seed.ready()
    report.equal("exit", run.code, 0) or print(run)
    report.check("the smoke test ran behind its name", re.search(r"smoke *\| ok 0\.5\.0-alpha\.1", run.text), run)
    report.equal("one commit", git("rev-parse", "HEAD^"), head)
    report.equal("three tags on it", sorted(git("tag", "--points-at", "HEAD").split()), sorted(seed.tags))
    report.equal("two spellings", (git("show", "HEAD:packages/scheduler/pyproject.toml").split('"')[3], "0.5.0-alpha.1" in git("show", "HEAD:packages/web/package.json")), ("0.5.0a1", True))
    report.equal("nothing is out", (seed.server.commit("main"), pushes(run)), (head, []))

    report.step("released: main, its pipeline, three tags one by one, one release")
    run = seed.relman(*seed.release)
    report.equal("exit", run.code, 0) or print(run)
    commit = git("rev-parse", "HEAD")
    report.equal("main is out", seed.server.commit("main"), commit)
    report.equal("four pushes: the branch, and a tag each", len(pushes(run)), 4) or print(run)
    state = seed.end_state()
    report.equal("three annotated tags on the commit", [state["tags"].get(tag) for tag in seed.tags], [(commit, "tag")] * 3)
    lines = [f"{one['server']} {one['method']} {one['path']}" for one in run.requests]
    sends = [at for at, line in enumerate(lines) if line.startswith("git POST") and line.endswith("git-receive-pack")]
    waits = [at for at, line in enumerate(lines) if "/pipelines" in line and sends and sends[0] < at < sends[-1]]
    report.check("the pipeline was awaited between the branch and the tags", waits and sends[0] < waits[0] < sends[1], "\n".join(lines))
    report.equal("each tag has its pipeline", [len(seed.lab.pipelines.of(ref=tag)) for tag in seed.tags], [1, 1, 1])
    report.equal("one release, of the platform", [(one[0], one[1]) for one in state["releases"]], [("v0.5.0-alpha.1", "TruePPM v0.5.0-alpha.1")])
    body = state["releases"][0][2] if state["releases"] else ""
    report.check("with the notes of its section", "Boards (#12)" in body and "Ties are stable" in body, body)
    report.equal("its asset is a package, and a link to it", ([name for name, _ in state["files"]], [link[0] for one in state["releases"] for link in one[3]]), (["sbom.json"], ["sbom.json"]))
    report.check("the milestone stays open: it is no final", ("0.5", "active") in state["milestones"], state["milestones"])
    print(f"    {sum(one['server'] == 'gitlab' for one in run.requests)} requests to the forge, {len(run.requests)} with git")
    writes = len(seed.world.traffic.writes())
    again = seed.relman(*seed.release)
    report.equal("again: what was asked for is true, exit", again.code, 0) or print(again)
    report.equal("and nothing is written", (len(seed.world.traffic.writes()), seed.end_state()), (writes, state))


def final(report, seed):
    report.step("the final: a question, a red pipeline behind the branch, and then the milestone")
    git = seed.repo.git
    seed.lab.pipelines.start(seed.server.commit("main"), "main", looks=0)
    seed.repo.commit("feat(api): export", {"packages/api/export.py": "EXPORT = 1\n", "changelog.d/export.added.md": "- Export (#14)\n"})
    git("push", "-q", "origin", "main")
    for pipeline in seed.lab.pipelines.all:
        pipeline.looks = 0
    run = seed.relman("bump", "-g", "suite", "release", "--yes")
    report.equal("a question nobody can answer: exit", run.code, 4) or print(run)
    report.check("it is named", "migrations" in run.text and "--skip-gate" in run.text, run)
    run = seed.relman("bump", "-g", "suite", "release", "--yes", "--skip-gate", "migrations")
    report.equal("skipped by its name: exit", run.code, 0) or print(run)
    seed.broken.add("main")
    run = seed.relman(*seed.release)
    report.equal("the branch's pipeline fails: exit", run.code, 6) or print(run)
    report.check("the job and its URL are told", "lint" in run.text and "/-/jobs/" in run.text, run)
    report.equal("the branch is out, no tag is", (seed.server.commit("main"), [tag for tag in seed.server.tags() if tag.endswith("0.5.0")]), (git("rev-parse", "HEAD"), []))
    seed.broken.clear()
    for job in seed.lab.pipelines.all[0].jobs:
        job.result = "failed" if job.allow_failure else "success"
    run = seed.relman("resume", "--yes")
    report.equal("the job was retried, resume: exit", run.code, 0) or print(run)
    state = seed.end_state()
    report.equal("all tags are out", sorted(tag for tag in state["tags"] if tag.endswith("0.5.0")), ["mcp-v0.5.0", "scheduler-v0.5.0", "v0.5.0"])
    report.check("its release", any(one[0] == "v0.5.0" for one in state["releases"]), state["releases"])
    report.check("the milestone is closed", ("0.5", "closed") in state["milestones"], state["milestones"])


def in_a_job(report, seed):
    report.step("in a job of a tag: a shallow clone, the job's own token, release --from-tag")
    seed.repo.commit("feat(api): import", {"packages/api/import.py": "IMPORT = 1\n", "changelog.d/import.added.md": "- Import (#15)\n"})
    seed.repo.git("push", "-q", "origin", "main")
    for pipeline in seed.lab.pipelines.all:
        pipeline.looks = 0
    gitlab_gates = ("issues", "requests", "ci")
    skips = [word for name in gitlab_gates for word in ("--skip-gate", name)]
    run = seed.relman("bump", "-g", "suite", "minor", "beta", "--yes", *skips)
    report.equal("0.6.0-beta.1: exit", run.code, 0) or print(run)
    tag = "v0.6.0-beta.1"
    seed.repo.git("push", "-q", "origin", "main")
    seed.repo.git("push", "-q", "origin", tag)
    folder = seed.clone("job", "--depth", "1", "--branch", tag)
    (seed.world.home / ".gitconfig").rename(seed.world.home / "gitconfig.away")
    environment = {"GITLAB_TOKEN": "", "CI": "true", "GITLAB_CI": "true", "CI_COMMIT_TAG": tag, "CI_JOB_TOKEN": seed.job.value, "CI_API_V4_URL": address(seed.lab.port, "/api/v4"),
                   "CI_PROJECT_PATH": seed.name, "CI_SERVER_HOST": HOST}  # fmt: skip
    run = seed.relman("release", "--from-tag", "--yes", folder=folder, **environment)
    (seed.world.home / "gitconfig.away").rename(seed.world.home / ".gitconfig")
    report.equal("exit", run.code, 0) or print(run)
    report.check("the release is there", any(one["tag_name"] == tag for one in seed.project.releases), [one["tag_name"] for one in seed.project.releases])
    report.equal("by the job's token alone", sorted({str(one["token"]) for one in run.requests if one["server"] == "gitlab"}), ["job"])
    report.equal("nothing was pushed", pushes(run), [])


def main():
    report = Report("second_seed")
    with SecondSeed() as seed:
        for part in (gates, prerelease, final, in_a_job):
            try:
                part(report, seed)
            except (RuntimeError, OSError) as error:
                report.check(f"{part.__name__} came to its end", False, error)
        report.equal("every request has a form that GitLab knows", sorted(set(seed.world.traffic.violations)), [])
        report.equal("no token in what was written", search(seed.world), [])
    report.end()


if __name__ == "__main__":
    main()
