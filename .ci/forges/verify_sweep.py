"""Disturbs each request of `relman verify` in turn: what could not be seen is `unknown`, and never `ok` or `wrong`.

Here the requests to both forges and to the remote of git; .ci/registries/verify_requests.py does the same with those to registries.
`verify` asks in parallel, so a request is known by what it asks for and not by its number.

    verify_sweep.py [first|second]...
    RELMAN_CI_FULL=1        all faults of every request, and each of them stalled; default: two faults each, in turn
"""

import json
import os
import re
import sys
import urllib.parse

from peers import Report
from scenarios import FirstSeed, SecondSeed

FAULTS = ("500", "cut-before", "html", "cut-within", "rubbish")
# What has no body cannot be cut in it.
OF_HEAD = ("500", "cut-before", "html")
# A stalled answer is given up after a minute.
STALL = "stall:75"
IS_FULL = os.environ.get("RELMAN_CI_FULL") == "1"


def line(entry):
    """A request as `Traffic.rules` know it."""
    return f"{entry['server']} {entry['method']} {urllib.parse.unquote(entry['path'])}"


def distinct(run):
    """The requests of a run, each once, and with the number of its server's requests before it."""
    counts, found = {}, {}
    for entry in run.requests:
        if line(entry) not in found:
            found[line(entry)] = counts.get(entry["server"], 0)
            counts[entry["server"]] = found[line(entry)] + 1
    return found


def disturbances(requests):
    """Pairs of the requests that are disturbed at the same time, and of the fault."""
    for at, request in enumerate(requests):
        faults = OF_HEAD if " HEAD " in request else FAULTS
        for fault in faults if IS_FULL else (faults[at % len(faults)], faults[(at + 2) % len(faults)]):
            yield [request], fault
    if IS_FULL:
        # Servers are independent of each other. git waits for its own as long as it is configured to.
        others = {request: of_server for request, of_server in requests.items() if not request.startswith("git ")}
        for number in range(max(others.values()) + 1):
            yield [request for request, of_server in others.items() if of_server == number], STALL


def code_of(rows):
    """The exit code that these states have, by contract."""
    states = [row["state"] for row in rows]
    if "wrong" in states:
        return 3
    if "pending" in states:
        return 7
    return 1 if any(row["state"] == "unknown" and not row["optional"] for row in rows) else 0


def rows_of(run):
    try:
        return {(row["artifact"], row["package"]): row for row in json.loads(run.out)["artifacts"]}
    except ValueError:
        return {}


def faults_of(run, states):
    """All that is wrong with a disturbed run."""
    rows = rows_of(run)
    wrong = [f"{artifact} of {package} is missing" for artifact, package in states if (artifact, package) not in rows]
    for key, row in rows.items():
        if row["state"] not in (states.get(key), "unknown"):
            wrong.append(f"{key[0]} is {row['state']}, and undisturbed it is {states.get(key)}")
        if row["state"] == "unknown" and not row.get("message"):
            wrong.append(f"{key[0]} is unknown without a message")
    if rows and run.code != code_of(rows.values()):
        wrong.append(f"exit {run.code} instead of {code_of(rows.values())}")
    return wrong + ["it panicked"] * ("panicked" in run.text) + ["the page of a login is in it"] * ("Sign in" in run.text)


def sweep(report, name, world, verify, spared="^$"):
    """`verify(*arguments)` runs it with `--json`. Every artifact has to have the same state in each undisturbed run. What another request
    can stand in for is `spared`.
    """
    run = verify()
    states = {key: row["state"] for key, row in rows_of(run).items()}
    if not report.check(f"{name}: undisturbed, {len(states)} artifacts", states and not faults_of(run, states), run):
        return
    requests, unseen, count = distinct(run), set(), 0
    for disturbed, fault in disturbances(requests):
        world.traffic.rules = [(f"^{re.escape(request)}$", fault) for request in disturbed]
        run = verify("--patience", "1s")
        world.traffic.rules = []
        wrong = faults_of(run, states)
        count += 1
        if wrong:
            report.check(f"{name}: {fault} at {', '.join(disturbed)}", False, f"exit {run.code}\n{run.err}\n" + "\n".join(wrong))
        else:
            report.passed += 1
        if any(row["state"] == "unknown" for row in rows_of(run).values()):
            unseen.update(disturbed)
    report.check(f"{name}: {count} disturbances of {len(requests)} requests", count >= len(requests) > 0)
    # A fault that changes nothing is one that nobody looked at.
    missing = sorted(request for request in set(requests) - unseen if not re.search(spared, request))
    report.check(f"{name}: every request counts", not missing, "never unknown: " + ", ".join(missing))


SEEDS = {"first": FirstSeed, "second": SecondSeed}


def main():
    report = Report("verify_sweep")
    for kind in sys.argv[1:] or SEEDS:
        with SEEDS[kind]() as seed:
            run = seed.ready()
            run = seed.relman(*seed.release) if run.code == 0 else run
            if report.check(f"{kind}: released", run.code == 0, run):
                tags = getattr(seed, "tags", (seed.tag,))
                for pipeline in (getattr(seed, "hub", None) or seed.lab).pipelines.all:
                    pipeline.looks = 0
                sweep(report, kind, seed.world, lambda *more: seed.relman("verify", *tags, "--json", *more, timeout=400))
            report.equal(f"{kind}: no request broke a server", seed.world.traffic.violations, [])
    report.end()


if __name__ == "__main__":
    main()
