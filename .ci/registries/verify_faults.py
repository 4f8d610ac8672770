"""`relman verify` where a registry answers with HTML or 500, stalls, or wants to be left alone; and how long forty artifacts take."""

import time

from peers import Report
from publish import Charts, Crates, Images, Npm, Wheels
from released import HOUR, MINUTE, Released, carry_out, expect
from servers import start_crates, start_oci, start_pypiserver, start_verdaccio

AGES = {"0.2.0": 60 * HOUR, "0.3.0": 5 * MINUTE}
KINDS = {
    "image:ghcr.io/trueppm/api:0.3.0": "oci .*/v2/trueppm/api",
    "chart:ghcr.io/trueppm/charts/trueppm": "oci .*/v2/trueppm/charts",
    "pypi:trueppm-api": "pypi ",
    "npm:@trueppm/web": "npm ",
    "crate:true-core": "crates ",
}
WANTED = """\
images = ["ghcr.io/trueppm/api"]
charts = ["ghcr.io/trueppm/charts/trueppm"]
pypi   = ["trueppm-api"]
npm    = ["@trueppm/web"]
crates = ["true-core"]
"""
# Seconds until each answer of a slow registry.
DELAY = 0.3
servers = {}


def start(world):
    servers.update(oci=start_oci(world), pypi=start_pypiserver(world), npm=start_verdaccio(world), crates=start_crates(world))
    addresses = {"pypi": servers["pypi"].index, "npm": f"{servers['npm'].address}/", "crates": servers["crates"].source}
    rows = [f'{name} = "{value}"' for name, value in addresses.items()]
    servers["registries"] = ", ".join([f'oci = {{ "ghcr.io" = "{servers["oci"].address}" }}', *rows])
    return WANTED, servers["registries"]


def fill(report, released):
    report.step("all there")
    world = released.world
    images, wheels = Images(world, servers["oci"]), Wheels(world, servers["pypi"])
    servers["digest"] = images.push(images.build("x"), "trueppm/api", "0.3.0", "0.2.0")
    Charts(world, servers["oci"]).push("trueppm/charts", "trueppm", "0.3.0", "0.3.0")
    wheels.upload(*wheels.build("trueppm-api", "0.3.0").values())
    npm, crates = Npm(world, servers["npm"]), Crates(world, servers["crates"])
    npm.publish("@trueppm/web", "0.3.0")
    crates.publish("true-core", "0.3.0")
    expect(report, "ok", released.verify("v0.3.0"), 0, dict.fromkeys(KINDS, "ok"))


def disturbed(report, released):
    """A registry that does not answer as it should says nothing of an artifact: neither that it is there, nor that it is not."""
    traffic = released.world.traffic
    for fault in ("html", "500", "503", "429", "cut-before"):
        report.step(f"every registry: {fault}")
        traffic.rules = [(f"^{pattern}", fault) for pattern in KINDS.values()]
        begun = time.monotonic()
        run = released.verify("v0.3.0", "--patience", "3s")
        took = time.monotonic() - begun
        report.check(f"all unknown, in {took:.0f} s", run.states == dict.fromkeys(KINDS, "unknown") and run.code == 1, run)
        report.check("with a message", all(row.get("message") for row in run.rows.values() if row["state"] == "unknown"), run)
        report.check("the login page is not in it", "Sign in" not in run.text, run)
    for artifact, pattern in KINDS.items():
        traffic.rules = [(f"^{pattern}", "html")]
        run = released.verify("v0.3.0", "--patience", "3s")
        report.equal(f"one of them: only {artifact} is unknown", run.states, {**dict.fromkeys(KINDS, "ok"), artifact: "unknown"}) or print(run)
    traffic.rules = []


def stalled(report, released):
    report.step("one that stalls")
    traffic = released.world.traffic
    traffic.rules = [("^oci .*/v2/trueppm/api", "stall:300")]
    begun = time.monotonic()
    run = released.verify("v0.3.0", "--patience", "3s", timeout=200)
    took = time.monotonic() - begun
    api = next(iter(KINDS))
    report.equal("it is unknown, the others are ok", run.states, {**dict.fromkeys(KINDS, "ok"), api: "unknown"}) or print(run)
    report.check(f"given up after {took:.0f} s, at most 100", took < 100, run)
    traffic.rules = []


def forty(report, released):
    report.step(f"forty artifacts, each answer after {DELAY} s")
    world, traffic = released.world, released.world.traffic
    images = Images(world, servers["oci"])
    images.layout = world.folder / "layout-forty"
    names = [f"ghcr.io/many/n{number}" for number in range(20)]
    built = images.build("many")
    for name in names:
        images.push(built, name.partition("/")[2], "0.3.0")
        images.sign(name.partition("/")[2], servers.setdefault("many", images.digest(name.partition("/")[2], "0.3.0")))
    rows = ", ".join(f'{{ name = "{name}", signed = true }}' for name in names)
    copies = {"pypi": "trueppm-api", "npm": "@trueppm/web", "crates": "true-core"}
    urls = ", ".join(f'{{ url = "{servers["oci"].address}/v2/many/n{number}/tags/list", contains = "{{version}}" }}' for number in range(16))
    others = "\n".join(f'{kind} = ["{name}"]' for kind, name in copies.items())
    chart = 'charts = ["ghcr.io/trueppm/charts/trueppm"]'

    def took(wanted, count):
        """The quickest of three runs."""
        released.configure(f"tag = false\n{wanted}", servers["registries"])
        times = []
        for _ in range(3):
            begun = time.monotonic()
            run = released.verify("v0.3.0")
            times.append(time.monotonic() - begun)
        expect(report, f"{count}: ok", run, 0, dict.fromkeys(run.states, "ok"))
        report.equal(f"{count} artifacts", len(run.states), count)
        return min(times)

    traffic.rules = [("^(oci|pypi|npm|crates) ", f"stall:{DELAY}")]
    one = max(took(f'images = [{{ name = "{names[0]}", signed = true }}]', 1), took(chart, 1))
    all_of_them = took(f"images = [{rows}]\nurls = [{urls}]\n{chart}\n{others}", 40)
    traffic.rules = []
    report.check(f"{all_of_them:.2f} s for forty, {one:.2f} s for the slowest alone: at most 1.5 times", all_of_them <= 1.5 * one, "")


if __name__ == "__main__":
    with Released("verify-faults", AGES, start) as released:
        carry_out(Report("verify_faults"), released, fill, disturbed, stalled, forty)
