"""A repository whose package was released several times, and what `relman verify` says of it: the ground of the tests of verify."""

import json
import time

from git_repository import GitRepository
from peers import World
from repos import Builder

MINUTE, HOUR = 60, 3600


class Released:
    """`ages`: version to the age of its tag in seconds. `verify`: the lines of [packages.app.verify], `registries`: what [verify] says of them."""

    def __init__(self, name, ages, start):
        """`start(world)` starts registries and returns the pair of texts."""
        self.world = World(name)
        wanted, registries = start(self.world)
        self.repo = Builder(self.world.folder / "maintainer", self.world.environment())
        self.configure(wanted, registries)
        self.commits = {}
        for version, age in ages.items():
            self.repo.time = int(time.time()) - age - 2 * MINUTE
            self.commits[version] = self.repo.commit(f"chore: release {version}", {"VERSION": f"{version}\n"})
            self.repo.git("tag", "-a", "-m", f"Release {version}", f"v{version}")
        self.served = self.world.served / "o/app.git"
        self.world.git(self.world.folder, "clone", "-q", "--mirror", str(self.repo.folder), str(self.served))
        self.repo.git("remote", "add", "origin", self.world.remote("o/app"))
        self.repo.git("fetch", "-q", "origin")
        self.server = GitRepository(self.served)

    def configure(self, wanted, registries="", more=""):
        self.repo.put(
            "relman.toml",
            "[packages.app]\n" 'paths = ["**"]\nscheme = "semver"\ntag-prefix = "v"\nmanifests = ["VERSION"]\n\n'
            f"[packages.app.verify]\nrelease = false\npipeline = false\nmilestone = false\n{wanted}\n[verify]\nregistries = {{ {registries} }}\n{more}",
        )  # fmt: skip

    def verify(self, *arguments, folder=None, **environment):
        """A run, with `rows`: artifact to what is said of it, and `states`."""
        environment = {"SOURCE_DATE_EPOCH": "", **environment}
        run = self.world.relman(folder or self.repo.folder, "verify", *arguments, "--json", **environment)
        try:
            run.rows = {row["artifact"]: row for row in json.loads(run.out)["artifacts"]}
        except ValueError:
            run.rows = {}
        run.states = {artifact: row["state"] for artifact, row in run.rows.items() if not artifact.startswith("tag:")}
        return run

    def clone(self, name, *options):
        folder = self.world.folder / name
        self.world.git(self.world.folder, "clone", "-q", *options, self.world.remote("o/app"), str(folder))
        (folder / "relman.toml").write_text((self.repo.folder / "relman.toml").read_text())
        return folder

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.world.__exit__()


def expect(report, what, run, code, states):
    """Exit code and states of a run. States of artifacts that are not named do not count."""
    found = {artifact: run.states.get(artifact) for artifact in states}
    good = run.code == code and found == states
    return report.check(what, good, f"exit {run.code}, expected {code}\nfound    {found}\nexpected {states}\n{run}")


def carry_out(report, released, *parts):
    for part in parts:
        try:
            part(report, released)
        except (RuntimeError, OSError, KeyError, StopIteration) as error:
            report.check(f"{part.__name__} came to its end", False, repr(error))
    report.equal("no request broke a server", released.world.traffic.violations, [])
    report.end()
