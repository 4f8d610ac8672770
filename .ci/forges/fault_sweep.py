"""Disturbs each request of a release in turn: cut before it is carried out, cut after it, answered 502 after it; and kills relman after it.

Then the release is brought to its end, once by `relman resume` and once by `relman release TAG` from a fresh clone, and the world has
to be that of an undisturbed run: the same branches, tags, releases, assets, milestones and requests, and nothing of them twice.

    fault_sweep.py [first|second]...
    SWEEP_LANES=N           how many run at the same time, each in a network namespace of its own; default: as many as there are cores
    SWEEP_FAULTS=killed     takes these faults alone
    SWEEP_ONLY=writes       leaves the requests out that only look; SWEEP_ONLY=18,19 takes these alone
    SWEEP_PART=K/N          every Nth case, beginning with the Kth
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from no_token import search
from peers import Report
from scenarios import FirstSeed, SecondSeed



class Request(SecondSeed):
    """The request that releases what is pending, instead of a release."""

    release = ("pr", "minor", "-g", "suite", "--yes")

    def ready(self):
        return self.relman("status")

    def elsewhere(self):
        return self.clone("elsewhere"), self.release


class Hotfix(FirstSeed):
    """A hotfix of the release, brought back by requests to two branches."""

    release = ("hotfix", "finish", "--yes")

    def ready(self):
        for arguments in (("prepare", "--milestone", "0.6", "--push", "--no-edit", "--yes"), ("release", "--milestone", "0.6", "--yes")):
            self.close_issue()
            run = self.relman(*arguments)
            if run.code != 0:
                return run
        run = self.relman("hotfix", "start", "vmpilot", "--name", "leak")
        if run.code == 0:
            self.repo.commit("fix: a leak", {"src/leak.py": "LEAK = 0\n"})
            run = self.relman("bump", "patch", "--yes", "--skip-gate", "issues,up-to-date")
        return self.relman("release", "--yes", "--skip-gate", "issues,up-to-date") if run.code == 0 else run

    def end_state(self):
        """What the release before it left on the forge is not kept from run to run."""
        state = super().end_state()
        return {key: state[key] for key in ("branches", "tags", "pulls")}

    def elsewhere(self):
        folder = self.clone("elsewhere")
        self.world.git(folder, "checkout", "-q", self.repo.git("branch", "--show-current"))
        return folder, self.release


SEEDS = {"first": FirstSeed, "second": SecondSeed, "request": Request, "hotfix": Hotfix}
FAULTS = tuple(filter(None, os.environ.get("SWEEP_FAULTS", "").split(","))) or ("cut-before", "cut-after", "502-after", "killed")
WAYS = ("resume", "elsewhere")
NOT_YET = "nothing of it was out"


def is_write(entry):
    return entry["method"] != "GET" and not entry["path"].endswith("git-upload-pack")


def elsewhere(seed):
    """Another machine, with what was built for the release, and the command that it needs there."""
    if hasattr(seed, "elsewhere"):
        return seed.elsewhere()
    folder = seed.clone("elsewhere")
    shutil.copytree(seed.folder / "dist", folder / "dist")
    if isinstance(seed, FirstSeed):
        seed.world.git(folder, "checkout", "-q", "dev")
        return folder, ("release", seed.tag, "--yes") if seed.tag in seed.server.tags() else seed.release
    if seed.server.commit("main") != seed.world.git(seed.folder, "rev-parse", "main"):
        return None, None
    return folder, ("release", *seed.tags, "--yes")


def bring_to_end(seed, way, run):
    """Returns how it ended, and the last run."""
    if way == "elsewhere":
        folder, command = elsewhere(seed)
        if folder:
            return "elsewhere", seed.relman(*command, folder=folder)
    elif run.code == 0:
        return "by itself", run
    if not (seed.folder / ".git/relman/journal.json").exists():
        return NOT_YET, seed.relman(*seed.release)
    return "resume", seed.relman("resume", "--yes")


def case(kind, kept, number, fault, way, expected):
    """One disturbed release: how it ended, and what is wrong."""
    with SEEDS[kind](kept) as seed:
        traffic = seed.world.traffic
        begun = len(traffic.records)
        traffic.faults = {begun + number: fault}
        run = seed.relman(*seed.release)
        traffic.faults = {}
        how, last = bring_to_end(seed, way, run)
        wrong = []
        if last.code != 0:
            wrong.append(f"exit {last.code}")
        state = json.loads(json.dumps(seed.end_state()))
        wrong += [f"{key}: {state[key]} instead of {expected[key]}" for key in expected if state[key] != expected[key]]
        wrong += traffic.violations + search(seed.world)
        return how, wrong, f"{run}\n-- {how}\n{last}" if wrong else ""


def lane(kind, kept, at, count):
    """Every `count`-th case; a line of JSON each."""
    plan = json.loads((kept / "plan.json").read_text())
    for one in plan["cases"][at::count]:
        number, fault, way = one
        try:
            how, wrong, story = case(kind, kept, number, fault, way, plan["state"])
        except Exception as error:  # a case that breaks is one that failed, and the others still count
            how, wrong, story = "broken", [repr(error)], ""
        print(json.dumps({"case": one, "how": how, "wrong": wrong, "story": story}), flush=True)


def sweep(report, kind):
    kept = pathlib.Path(tempfile.mkdtemp(prefix=f"sweep-{kind}-"))
    with SEEDS[kind]() as seed:
        run = seed.ready()
        if not report.check(f"{kind}: ready to release", run.code == 0, run):
            return
        seed.keep(kept)
        run = seed.relman(*seed.release)
        if not report.check(f"{kind}: the undisturbed release", run.code == 0, run):
            return
        state, requests = seed.end_state(), run.requests
    only = os.environ.get("SWEEP_ONLY", "")
    named = [int(number) for number in only.split(",")] if only[:1].isdigit() else None
    numbers = [at for at, entry in enumerate(requests, 1) if (at in named if named else is_write(entry) or only != "writes")]
    cases = [(number, fault, way) for number in numbers for fault in FAULTS for way in WAYS]
    part, parts = map(int, os.environ.get("SWEEP_PART", "1/1").split("/"))
    cases = cases[(part - 1) % parts :: parts]
    (kept / "plan.json").write_text(json.dumps({"state": state, "cases": cases}))
    report.step(f"{kind}: {len(requests)} requests, {sum(map(is_write, requests))} of them write; {len(cases)} cases")
    count = int(os.environ.get("SWEEP_LANES", os.cpu_count() or 1))
    command = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, __file__, "--lane", kind, str(kept)]
    lanes = []
    for at in range(count):
        with (kept / f"lane{at}").open("w") as out:
            lanes.append(subprocess.Popen([*command, str(at), str(count)], stdout=out))
    for process in lanes:
        process.wait()
    done = [json.loads(line) for at in range(count) for line in (kept / f"lane{at}").read_text().splitlines()]
    shutil.rmtree(kept)
    ways = {}
    for one in done:
        number, fault, way = one["case"]
        entry = requests[number - 1]
        ways[one["how"]] = ways.get(one["how"], 0) + 1
        if one["wrong"]:
            name = f"{kind}: {fault} at request {number} ({entry['server']} {entry['method']} {entry['path']}), then {way}"
            report.check(name, False, "\n".join(one["wrong"]) + "\n" + one["story"])
        else:
            report.passed += 1
    report.equal(f"{kind}: every case came to its end", len(done), len(cases))
    print(f"    {kind}: " + ", ".join(f"{count} {how}" for how, count in sorted(ways.items())))


def main():
    if sys.argv[1:2] == ["--lane"]:
        kind, kept, at, count = sys.argv[2:]
        return lane(kind, pathlib.Path(kept), int(at), int(count))
    report = Report("fault_sweep")
    for kind in sys.argv[1:] or SEEDS:
        sweep(report, kind)
    return report.end()


if __name__ == "__main__":
    main()
