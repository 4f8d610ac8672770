"""The second seed to its end: released, shipped by its CI, looked at, fixed, and built upon by another repository.

What a job of the CI does is done here by skopeo, helm and twine, after the tags are out; `relman verify` sees it before and after.
"""

import json
import threading
import time

import repos
from peers import Report
from publish import Charts, Images, Wheels
from released import carry_out
from scenarios import SecondSeed
from servers import start_oci, start_pypiserver, start_verdaccio

WANTED = """
[packages.platform.verify]
images = [
  {{ name = "registry.gitlab.com/trueppm/trueppm/api", tags = ["{{tag}}"] }},
  {{ name = "ghcr.io/trueppm/api", tags = ["{{version}}", "{{major}}.{{minor}}", "latest"], signed = true }},
]
charts = ["ghcr.io/trueppm/charts/trueppm"]
npm    = [{{ name = "@trueppm/web", optional = true }}]

[packages.scheduler.verify]
pypi = [{{ name = "trueppm-scheduler", files = ["sdist", "wheel"] }}]

[packages.mcp.verify]
pypi = [{{ name = "trueppm-mcp", files = ["sdist", "wheel"] }}]

[verify]
registries = {{ {registries} }}
wait       = "1s"

[hotfix]
branch = "fix/{{slug}}"
back   = ["main"]
"""
CHART = "apiVersion: v2\nname: trueppm\nversion: 0.4.0\nappVersion: 0.4.0\n"
ENTERPRISE = """\
[packages.enterprise]
paths      = ["**"]
tag-prefix = "v"
manifests  = ["pyproject.toml"]

[pins.oss]
upstream = "{upstream}"
places   = [
  {{ path = ".gitlab-ci.yml", pointer = "/variables/TRUEPPM_OSS_TAG", as = "{{tag}}" }},
  {{ path = "pyproject.toml", requirement = "trueppm-api" }},
]
verify = {{ images = [{{ name = "ghcr.io/trueppm/api", tags = ["{{version}}"] }}] }}

[verify]
registries = {{ {registries} }}
"""


class Shipped(SecondSeed):
    def __init__(self):
        super().__init__()
        self.hub, self.gitlab, self.pypi = start_oci(self.world, "hub"), start_oci(self.world, "lab"), start_pypiserver(self.world)
        self.images, self.other, self.charts, self.wheels = Images(self.world, self.hub), Images(self.world, self.gitlab), Charts(self.world, self.hub), Wheels(self.world, self.pypi)
        oci = f'"ghcr.io" = "{self.hub.address}", "registry.gitlab.com" = "{self.gitlab.address}"'
        self.registries = f'oci = {{ {oci} }}, pypi = "{self.pypi.index}", npm = "{start_verdaccio(self.world).address}"'
        file = self.folder / "relman.toml"
        text = file.read_text().replace('"packages/web/package.json", ', '"packages/web/package.json", "packages/helm/Chart.yaml", ').replace('"packages/web/**"]', '"packages/web/**", "packages/helm/**"]')
        self.push("ci: what is verified", {"relman.toml": text + WANTED.format(registries=self.registries), "packages/helm/Chart.yaml": CHART})
        # Tags are made now: what is missing is on its way for an hour.
        now = f"@{int(time.time())} +0000"
        self.variables = {**self.variables, "GIT_COMMITTER_DATE": now, "GIT_AUTHOR_DATE": now, "SOURCE_DATE_EPOCH": ""}

    def push(self, message, files):
        """A commit on main whose pipeline is green."""
        self.repo.commit(message, files)
        self.repo.git("push", "-q", "origin", "main")
        self.green()

    def green(self):
        for pipeline in self.lab.pipelines.all:
            pipeline.looks = 0

    def ship(self, version, pep440=None):
        """The jobs of the tags. Returns the digest of the image."""
        is_final = "-" not in version
        built = self.images.build(f"api {version}")
        moving = (".".join(version.split(".")[:2]), "latest") if is_final else ()
        digest = self.images.push(built, "trueppm/api", version)
        if moving:
            self.images.copy("trueppm/api", version, *moving)
        self.images.sign("trueppm/api", digest)
        self.other.push(self.other.build(f"api {version}"), "trueppm/trueppm/api", f"v{version}")
        self.charts.push("trueppm/charts", "trueppm", version, version)
        for name in ("trueppm-scheduler", "trueppm-mcp"):
            self.wheels.upload(*self.wheels.build(name, pep440 or version).values())
        return digest

    def merge(self, source):
        """The forge merges a request, as a person who presses the button."""
        folder = self.clone(f"merging-{source.replace('/', '-')}")
        git = self.world.git
        git(folder, "merge", "-q", "--no-ff", "-m", f"Merge branch {source}", f"origin/{source}")
        git(folder, "push", "-q", "origin", "main")
        for row in self.project.merge_requests:
            if row["source_branch"] == source:
                row.update({"state": "merged", "merged_at": self.lab.now(), "merge_commit_sha": git(folder, "rev-parse", "HEAD")})
        self.repo.git("fetch", "-q", "origin")

    def verify(self, *arguments, folder=None):
        run = self.relman("verify", *arguments, "--json", folder=folder)
        try:
            run.rows = {(row["artifact"], row["package"]): row for row in json.loads(run.out)["artifacts"]}
        except ValueError:
            run.rows = {}
        run.states = {artifact: row["state"] for (artifact, _), row in run.rows.items()}
        return run


def pending_then_ok(report, seed, tags, version, pep440=None):
    seed.green()
    run = seed.verify(*tags)
    slow = {name: state for name, state in run.states.items() if name.startswith(("image:", "chart:", "pypi:"))}
    report.equal("verify before the jobs ran: exit", run.code, 7) or print(run)
    report.check("images, chart and wheels are pending", len(slow) >= 5 and set(slow.values()) == {"pending"}, slow)
    rest = {name: state for name, state in run.states.items() if name not in slow and not name.startswith("npm:")}
    report.check("tags, pipelines, release and milestone are ok", len(rest) >= 8 and set(rest.values()) == {"ok"}, f"{rest}\n{run}")
    digests = []
    jobs = threading.Thread(target=lambda: digests.append(seed.ship(version, pep440)))
    jobs.start()
    run = seed.verify(*tags, "--wait", "100s")
    jobs.join()
    digest = digests[0] if digests else "the jobs failed"
    report.equal("verify --wait while they run: exit", run.code, 0) or print(run)
    report.check("it is told what is waited for", "waiting for" in run.err and "trueppm" in run.err, run)
    report.equal("the image has the digest that was pushed", run.rows.get((f"image:ghcr.io/trueppm/api:{version}", "platform"), {}).get("digest"), digest)
    return run


def alpha(report, seed):
    report.step("an alpha: bump, release, verify before and after its jobs")
    report.equal("bump: exit", (run := seed.ready()).code, 0) or print(run)
    report.equal("release: exit", (run := seed.relman(*seed.release)).code, 0) or print(run)
    run = pending_then_ok(report, seed, seed.tags, seed.version, "0.5.0a1")
    report.check("no moving tag was looked at", not any(name.startswith("image:") and name.endswith((":latest", ":0.5")) for name in run.states), run.states)
    shallow = seed.clone("nightly", "--depth", "1", "--no-tags")
    run = seed.verify(folder=shallow)
    report.check("the nightly job, in a shallow clone without tags, sees the same", run.code == 0 and f"image:ghcr.io/trueppm/api:{seed.version}" in run.states, run)


def final(report, seed):
    report.step("the final, with its moving tags")
    seed.push("feat(api): export", {"packages/api/export.py": "EXPORT = 1\n", "changelog.d/export.added.md": "- Export (#14)\n"})
    report.equal("bump: exit", (run := seed.relman("bump", "-g", "suite", "release", "--yes", "--skip-gate", "migrations")).code, 0) or print(run)
    report.equal("release --wait: all is out, artifacts are on their way", (run := seed.relman("release", "--wait", "--yes")).code, 7) or print(run)
    run = pending_then_ok(report, seed, ("v0.5.0", "scheduler-v0.5.0", "mcp-v0.5.0"), "0.5.0")
    for tag in ("0.5.0", "0.5", "latest"):
        report.equal(f"{tag} was looked at", run.states.get(f"image:ghcr.io/trueppm/api:{tag}"), "ok")


def moved(report, seed):
    report.step("one image moves")
    before = seed.images.digest("trueppm/api", "latest")
    other = seed.images.push(seed.images.build("somebody's own build"), "trueppm/api", "latest")
    run = seed.verify()
    report.equal("exit", run.code, 3) or print(run)
    wrong = [name for name, state in run.states.items() if state == "wrong"]
    report.equal("it is named, alone", wrong, ["image:ghcr.io/trueppm/api:latest"])
    row = run.rows.get(("image:ghcr.io/trueppm/api:latest", "platform"), {})
    report.equal("with both digests", (row.get("expected"), row.get("found")), (before, other))
    text = seed.relman("verify")
    report.check("for people, too", text.code == 3 and "image:ghcr.io/trueppm/api:latest" in text.text, text)
    seed.images.copy("trueppm/api", "0.5.0", "latest")
    report.equal("and put right", seed.verify().code, 0)


def hotfix(report, seed):
    report.step("a hotfix from the released tag, while main goes on")
    git = seed.repo.git
    seed.push("feat(api): import", {"packages/api/import.py": "IMPORT = 1\n", "changelog.d/import.added.md": "- Import (#15)\n"})
    run = seed.relman("hotfix", "start", "v0.5.0", "--name", "leak", "--yes")
    if run.code == 2:
        run = seed.relman("hotfix", "start", "v0.5.0", "--name", "leak")
    report.equal("start: exit", run.code, 0) or print(run)
    report.equal("its branch, from the tag", (git("branch", "--show-current"), git("rev-parse", "HEAD")), ("fix/leak", git("rev-parse", "v0.5.0^{commit}")))
    seed.repo.commit("fix(api): leak", {"packages/api/leak.py": "LEAK = 0\n", "changelog.d/leak.fixed.md": "- A leak (#16)\n"})
    git("push", "-q", "-u", "origin", "fix/leak")
    seed.green()
    run = seed.relman("bump", "-g", "suite", "minor", "--yes")
    report.check("only a patch is cut here", run.code not in (0, 1), run)
    skips = [word for name in ("issues", "requests") for word in ("--skip-gate", name)]
    report.equal("bump: exit", (run := seed.relman("bump", "-g", "suite", "patch", "--yes", *skips)).code, 0) or print(run)
    report.equal("release: exit", (run := seed.relman("release", "--yes", *skips)).code, 0) or print(run)
    commit = git("rev-parse", "HEAD")
    state = seed.end_state()
    report.equal("branch and tags are out", (state["branches"].get("fix/leak"), [state["tags"].get(tag, (None,))[0] for tag in ("v0.5.1", "scheduler-v0.5.1", "mcp-v0.5.1")]), (commit, [commit] * 3))
    report.check("main is where it was", state["branches"]["main"] != commit and "IMPORT" in git("show", "origin/main:packages/api/import.py"), state["branches"])

    report.step("brought back to main")
    run = seed.relman("hotfix", "finish", "--yes")
    report.equal("finish: exit", run.code, 0) or print(run)
    requests = [row for row in seed.project.merge_requests if row["target_branch"] == "main" and row["state"] == "opened"]
    report.equal("one request into main", len(requests), 1)
    writes = len(seed.world.traffic.writes())
    report.equal("again: exit", (run := seed.relman("hotfix", "finish", "--yes")).code, 0) or print(run)
    report.equal("and nothing is written", len(seed.world.traffic.writes()), writes)
    if not requests:
        return
    source = requests[0]["source_branch"]
    seed.merge(source)
    text = git("show", "origin/main:CHANGELOG.md")
    titles = [line.split("]")[0][4:] for line in text.splitlines() if line.startswith("## [")]
    report.equal("the section in its place", titles[:3], ["Unreleased", "0.5.1", "0.5.0"])
    report.check("with its text", "A leak (#16)" in text, text)
    names = git("ls-tree", "-r", "--name-only", "origin/main").splitlines()
    report.equal("its fragment is used, the other is not", ("changelog.d/leak.fixed.md" in names, "changelog.d/import.added.md" in names, "packages/api/leak.py" in names), (False, True, True))


def enterprise(report, seed):
    report.step("another repository is built on it")
    world = seed.world
    repo = repos.Builder(world.folder / "enterprise", world.environment(), begun=1_795_000_000)
    upstream = world.remote(seed.name)
    repo.commit("feat: begin", {
        "relman.toml": ENTERPRISE.format(upstream=upstream, registries=seed.registries),
        ".gitlab-ci.yml": "variables:\n  TRUEPPM_OSS_TAG: v0.4.0 # of the open part\n  OTHER: v0.4.0\n",
        "pyproject.toml": '[project]\nname = "enterprise"\nversion = "1.0.0"\ndependencies = ["trueppm-api==0.4.0", "other==0.4.0"]\n',
    })  # fmt: skip
    repo.git("tag", "-a", "-m", "Release 1.0.0", "v1.0.0")
    repo.commit("feat: more", {"more.py": "MORE = 1\n"})
    head = repo.git("rev-parse", "HEAD")
    run = seed.relman("status", "--fetch", folder=repo.folder)
    report.check("status: where upstream is", run.code == 0 and "v0.4.0" in run.text and "v0.5.1" in run.text, run)
    run = seed.relman("bump", "minor", "--pin", "oss=v0.5.1", "--yes", folder=repo.folder)
    report.equal("refused before the artifacts are there: exit", run.code, 4) or print(run)
    report.check("the image is named", "ghcr.io/trueppm/api:0.5.1" in run.text, run)
    run = seed.relman("bump", "minor", "--pin", "oss=v0.5.7", "--yes", folder=repo.folder)
    report.equal("a tag that upstream does not have: exit", run.code, 4) or print(run)
    report.equal("nothing was written", (repo.git("rev-parse", "HEAD"), repo.git("status", "--porcelain")), (head, ""))

    report.step("once the artifacts are there")
    pending_then_ok(report, seed, ("v0.5.1", "scheduler-v0.5.1", "mcp-v0.5.1"), "0.5.1")
    run = seed.relman("bump", "minor", "--pin", "oss=v0.5.1", "--yes", folder=repo.folder)
    report.equal("exit", run.code, 0) or print(run)
    report.equal("one commit, one tag", (repo.git("rev-parse", "HEAD^"), repo.git("tag", "--points-at", "HEAD")), (head, "v1.1.0"))
    report.equal(".gitlab-ci.yml", repo.git("show", "HEAD:.gitlab-ci.yml"), "variables:\n  TRUEPPM_OSS_TAG: v0.5.1 # of the open part\n  OTHER: v0.4.0")
    report.equal("pyproject.toml", repo.git("show", "HEAD:pyproject.toml").splitlines()[2:], ['version = "1.1.0"', 'dependencies = ["trueppm-api==0.5.1", "other==0.4.0"]'])
    report.equal("check: exit", (run := seed.relman("check", folder=repo.folder)).code, 0) or print(run)
    asked = len(world.traffic.records)
    run = seed.relman("status", folder=repo.folder)
    report.check("status shows the pin, and asks nobody", run.code == 0 and "v0.5.1" in run.text and len(world.traffic.records) == asked, run)


if __name__ == "__main__":
    with Shipped() as seed:
        carry_out(Report("shipped"), seed, alpha, final, moved, hotfix, enterprise)
