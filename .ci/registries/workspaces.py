"""`[[release.run]]` publishes a Cargo workspace of three crates, an npm workspace of two packages and a Python package.

It is killed after each upload, its commands fail, its answers are lost: after `relman resume` all is there, and nothing was uploaded twice.
"""

import json
import os
import threading
import time

from git_repository import GitRepository
from peers import Report, World
from publish import Crates, Npm, Wheels, must
from released import carry_out
from repos import Builder
from servers import PROGRAMS, start_crates, start_pypiserver, start_verdaccio

CRATES, MODULES, WHEEL = ("true-core", "true-io", "true-cli"), ("@true/base", "@true/app"), "true-tool"
CONFIG = """\
[workspace]
branches = ["main"]
members  = ["crates/*", "modules/*", "tool"]

[packages.true-core]
path      = "crates/true-core"
manifests = ["crates/true-core/Cargo.toml", "Cargo.lock"]

[dependents]
policy = "always"

[gates]

[[release.run]]
name     = "crates"
packages = ["true-core", "true-io", "true-cli"]
rehearse = ["cargo", "package", "-p", "{{name}}", "--list"]
run      = ["cargo", "publish", "-p", "{{name}}", "--registry", "loc", "--no-verify", "--locked"]
makes    = ["crate:{{name}}"]
env      = ["CARGO_REGISTRIES_LOC_TOKEN"]

[[release.run]]
name     = "modules"
packages = ["@true/*"]
rehearse = ["sh", "-c", "if test -e \\"$REFUSE\\"; then echo a tarball lacks a file; exit 1; fi"]
run      = ["npm", "publish", "-w", "{{name}}", "--access", "public"]
makes    = ["npm:{{name}}"]
env      = ["REFUSE"]

[[release.run]]
name    = "wheel"
package = "true-tool"
run     = ["sh", "-c", "python -m build --no-isolation --outdir \\"$RELMAN_SCRATCH/dist\\" {{path}} && twine upload --non-interactive --disable-progress-bar \\"$RELMAN_SCRATCH\\"/dist/*"]
makes   = ["pypi:true-tool"]
env     = ["TWINE_REPOSITORY_URL", "TWINE_USERNAME", "TWINE_PASSWORD"]

{more}
[verify]
registries = {{ pypi = "{pypi}", npm = "{npm}", crates = "{crates}" }}
"""
NOTIFY = """\
[[release.run]]
name = "notify"
run  = ["sh", "-c", "echo {{tag}} >>\\"$NOTIFY\\"; sleep $(cat \\"$SLEEP\\")"]
env  = ["NOTIFY", "SLEEP"]
"""


def sources(version):
    """The work tree."""
    files = {".gitignore": "target/\nnode_modules/\nbuild/\n*.egg-info/\n", "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n'}
    needs = {"true-core": (), "true-io": ("true-core",), "true-cli": ("true-core", "true-io")}
    for name, wanted in needs.items():
        lines = "".join(f'{one} = {{ path = "../{one}", version = "{version}", registry = "loc" }}\n' for one in wanted)
        files[f"crates/{name}/Cargo.toml"] = f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\nlicense = "MIT"\ndescription = "of a test"\npublish = ["loc"]\n\n[dependencies]\n{lines}'
        files[f"crates/{name}/src/lib.rs"] = "//! Of a test.\n"
    files["package.json"] = json.dumps({"name": "true", "private": True, "workspaces": ["modules/*"]}, indent=2) + "\n"
    for name in MODULES:
        more = {"dependencies": {MODULES[0]: f"^{version}"}} if name != MODULES[0] else {}
        files[f"modules/{name.partition('/')[2]}/package.json"] = json.dumps({"name": name, "version": version, **more}, indent=2) + "\n"
    files["tool/pyproject.toml"] = f'[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n\n[project]\nname = "{WHEEL}"\nversion = "{version}"\ndescription = "of a test"\nrequires-python = ">=3.8"\n'
    files["tool/true_tool/__init__.py"] = ""
    return files


class Workspace:
    def __init__(self):
        self.world = world = World("workspaces")
        self.crates, self.npm, self.pypi = start_crates(world), start_verdaccio(world), start_pypiserver(world)
        self.cargo, self.tool, self.wheels = Crates(world, self.crates), Npm(world, self.npm), Wheels(world, self.pypi)
        self.notified, self.sleep, self.refuse = (world.folder / name for name in ("notified", "sleep", "refuse"))
        self.sleep.write_text("0")
        user, password = self.pypi.login
        self.variables = {
            **self.cargo.environment(), "TWINE_REPOSITORY_URL": self.pypi.upload, "TWINE_USERNAME": user, "TWINE_PASSWORD": password, "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "REFUSE": str(self.refuse), "NOTIFY": str(self.notified), "SLEEP": str(self.sleep),
        }  # fmt: skip
        self.repo = Builder(world.folder / "maintainer", world.environment())
        for path, text in sources("0.1.0").items():
            self.repo.put(path, text)
        self.configure()
        must(["cargo", "generate-lockfile", "--offline"], cwd=self.repo.folder, env=world.environment(**self.variables))
        self.repo.commit("feat: begin")
        self.served = world.served / "o/true.git"
        world.git(world.folder, "clone", "-q", "--mirror", str(self.repo.folder), str(self.served))
        world.git(self.served, "config", "http.receivepack", "true")
        token = world.token("maintainer", "git-password-0123456789")
        world.credentials(token)
        self.repo.git("remote", "add", "origin", world.remote("o/true"))
        self.repo.git("fetch", "-q", "origin")
        self.repo.git("branch", "-q", "--set-upstream-to=origin/main", "main")
        self.server = GitRepository(self.served)
        self.minor = 1

    def configure(self, more=""):
        self.repo.put("relman.toml", CONFIG.format(more=more.format(), pypi=self.pypi.index, npm=f"{self.npm.address}/", crates=self.crates.source))

    @property
    def version(self):
        return f"0.{self.minor}.0"

    def relman(self, *arguments, **environment):
        return self.world.relman(self.repo.folder, *arguments, **{**self.variables, **environment})

    def bump(self):
        """The next minor of everything, committed and tagged here."""
        self.minor += 1
        self.repo.commit(f"feat: part {self.minor}", {f"{folder}/part{self.minor}.txt": "x\n" for folder in ("crates/true-core", "crates/true-io", "crates/true-cli", "modules/base", "modules/app", "tool")})
        run = self.relman("bump", "--all", "minor", "--yes")
        if run.code != 0:
            raise RuntimeError(str(run))

    def uploads(self):
        """All uploads that were begun, in order, refused ones too."""
        rows = []
        for one in self.world.traffic.records:
            path = one["path"].replace("%2f", "/").replace("%2F", "/")
            if (one["server"], one["method"]) == ("crates", "PUT") and path == "/api/v1/crates/new":
                rows.append(one)
            elif (one["server"], one["method"]) == ("npm", "PUT") and path in [f"/{name}" for name in MODULES]:
                rows.append(one)
            elif (one["server"], one["method"]) == ("pypi", "POST"):
                rows.append(one)
        return rows

    def published(self):
        """What the registries hold of this version."""
        crates = [name for name in CRATES if (name, self.version) in self.crates.files]
        modules = [name for name in MODULES if self.version in json.loads(self.tool.run("view", name, "versions", "--json"))]
        return [*crates, *modules, *sorted(path.name for path in self.pypi.folder.glob(f"true_tool-{self.version}*"))]

    def expected(self):
        return [*CRATES, *MODULES, f"true_tool-{self.version}-py3-none-any.whl", f"true_tool-{self.version}.tar.gz"]

    def kill_after(self, count):
        """relman is killed once so many uploads from now were carried out."""
        wanted = len(self.uploads()) + count

        def after(_entry):
            done = [one for one in self.uploads() if "status" in one]
            if len(done) >= wanted:
                self.world.traffic.after = lambda entry: None
                self.world.running.kill()

        self.world.traffic.after = after

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.world.__exit__()


def settled(there, seconds=20):
    """Commands that relman had started may outlive it; returns once no more uploads come."""
    before, end = -1, time.monotonic() + seconds
    while time.monotonic() < end and before != len(there.uploads()):
        before = len(there.uploads())
        time.sleep(1.5)


def whole(report, there, what, before):
    """All is there, and each file was uploaded once."""
    report.equal(f"{what}: all is there", there.published(), there.expected())
    rows = there.uploads()[before:]
    good = [one for one in rows if str(one.get("status", "")).startswith("2")]
    report.equal(f"{what}: seven uploads, of which each was accepted", (len(good), len(rows)), (7, 7))
    tags = [tag for tag in there.server.tags() if tag.endswith(there.version)]
    report.equal(f"{what}: six tags are out", len(tags), 6)


def undisturbed(report, there):
    report.step("published in one go")
    there.bump()
    before = len(there.uploads())
    run = there.relman("release", "--yes")
    report.equal("exit", run.code, 0) or print(run)
    whole(report, there, "undisturbed", before)
    order = [one["path"].replace("%2f", "/") for one in there.uploads()[before:] if one["server"] == "npm"]
    report.equal("dependencies first", order, [f"/{name}" for name in MODULES])
    run = there.relman("release", "--yes")
    report.equal("again: exit", run.code, 0) or print(run)
    whole(report, there, "again", before)
    report.equal("the work tree is clean", there.repo.git("status", "--porcelain"), "")


def rehearsed(report, there):
    report.step("a rehearsal that fails")
    there.bump()
    before, state = len(there.uploads()), there.server.refs()
    there.refuse.write_text("")
    run = there.relman("release", "--yes")
    report.check("it is refused, with what was said", run.code not in (0, 6) and "a tarball lacks a file" in run.text, run)
    report.equal("nothing is out", (there.server.refs(), len(there.uploads())), (state, before))
    there.refuse.unlink()
    run = there.relman("release", "--yes")
    report.equal("with the file it goes on: exit", run.code, 0) or print(run)
    whole(report, there, "afterwards", before)


def killed(report, there):
    # By night after every upload; otherwise after the first one of a tool, and after the last one of all.
    for count in range(1, 8) if os.environ.get("RELMAN_CI_FULL") == "1" else (1, 4, 7):
        report.step(f"killed after upload {count} of 7")
        there.bump()
        before = len(there.uploads())
        there.kill_after(count)
        run = there.relman("release", "--yes")
        settled(there)
        report.check("it was killed", run.code == -9, run)
        run = there.relman("resume", "--yes")
        report.equal("resume: exit", run.code, 0) or print(run)
        whole(report, there, f"killed after {count}", before)


def failing(report, there):
    rules = {"crates": "^crates PUT /api/v1/crates/new", "npm": "^npm PUT /@true/app", "pypi": "^pypi POST"}
    for name, pattern in rules.items():
        report.step(f"{name} refuses the upload")
        there.bump()
        before = len(there.uploads())
        there.world.traffic.rules = [(pattern, "403")]
        run = there.relman("release", "--yes")
        report.equal("stopped: exit", run.code, 6) or print(run)
        report.check("resume is named", "relman resume" in run.text, run)
        tried = len(there.uploads()) - before
        there.world.traffic.rules = []
        run = there.relman("resume", "--yes")
        report.equal("resume: exit", run.code, 0) or print(run)
        report.equal("all is there", there.published(), there.expected())
        good = [one for one in there.uploads()[before:] if str(one.get("status")).startswith("2")]
        report.equal("seven uploads were accepted", len(good), 7)
        report.check("what was there was not tried again", len(there.uploads()) - before <= 7 + tried, f"{tried} tried before")
    report.step("the answer of an upload is lost")
    there.bump()
    before = len(there.uploads())
    there.world.traffic.rules = [("^crates PUT /api/v1/crates/new", "cut-after"), ("^npm PUT /@true/base", "502-after")]
    run = there.relman("release", "--yes")
    for _ in range(3):
        if run.code == 6:
            run = there.relman("resume", "--yes")
    report.equal("what is there counts, whatever the exit code of its command", run.code, 0) or print(run)
    there.world.traffic.rules = []
    report.equal("all is there", there.published(), there.expected())


def elsewhere(report, there):
    report.step("another machine goes on, by release TAG")
    there.bump()
    before = len(there.uploads())
    there.kill_after(4)
    there.relman("release", "--yes")
    settled(there)
    folder = there.world.folder / "elsewhere"
    there.world.git(there.world.folder, "clone", "-q", there.world.remote("o/true"), str(folder))
    tags = [tag for tag in there.server.tags() if tag.endswith(there.version)]
    run = there.world.relman(folder, "release", *tags, "--yes", **there.variables)
    report.equal("exit", run.code, 0) or print(run)
    whole(report, there, "elsewhere", before)
    run = there.relman("resume", "--yes")
    report.equal("and here there is nothing left to do: exit", run.code, 0) or print(run)
    whole(report, there, "here", before)


def without_makes(report, there):
    report.step("an entry without `makes`")
    there.configure(NOTIFY)
    there.repo.commit("build: notify")
    there.bump()
    run = there.relman("release", "--yes")
    report.equal("exit", run.code, 0) or print(run)
    report.equal("it ran once, for the lead", len(there.notified.read_text().splitlines()), 1)
    there.bump()
    there.notified.unlink()
    there.sleep.write_text("5")

    def watch():
        while not there.notified.exists():
            time.sleep(0.1)
        there.world.running.kill()

    threading.Thread(target=watch, daemon=True).start()
    run = there.relman("release", "--yes")
    report.check("killed while it ran", run.code == -9, run)
    run = there.relman("resume", "--yes")
    report.check("whether it was done is asked, never guessed", run.code not in (0, 1) and "--done" in run.text and "--again" in run.text, run)
    run = there.relman("resume", "--yes", "--done", "notify")
    report.equal("resume --done: exit", run.code, 0) or print(run)
    report.equal("it did not run again", len(there.notified.read_text().splitlines()), 1)


if __name__ == "__main__":
    with Workspace() as there:
        carry_out(Report("workspaces"), there, undisturbed, rehearsed, killed, failing, elsewhere, without_makes)
