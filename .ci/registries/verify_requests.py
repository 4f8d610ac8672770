"""Disturbs each request of `relman verify` to registries in turn, as .ci/forges/verify_sweep.py does; and each of a pin that is moved.

RELMAN_CI_FULL=1 disturbs each request by every fault; default: by two of them in turn.
"""

import re

from peers import Report
from publish import LOGIN, Charts, Crates, Images, Npm, Wheels
from released import HOUR, Released, carry_out
from servers import start_crates, start_devpi, start_oci, start_pypiserver, start_verdaccio
from verify_sweep import disturbances, distinct, sweep

# All of them are older than what may still come: what is missing is wrong.
AGES = {"0.2.0": 60 * HOUR, "0.3.0": 50 * HOUR}
WANTED = """\
images = [
  {{ name = "ghcr.io/o/api", tags = ["{{version}}", "{{major}}.{{minor}}", "latest"], signed = true, revision = true }},
  {{ name = "ghcr.io/o/moved", tags = ["{{version}}", "latest"] }},
  {{ name = "ghcr.io/o/referred", signed = true }},
  {{ name = "lab.example.com/o/bundle", signed = true }},
  {{ name = "closed.example.com/open/x", optional = true }},
]
charts = ["ghcr.io/o/charts/app"]
pypi   = [{{ name = "app-core", files = ["sdist", "wheel"] }}, "app-missing"]
npm    = ["@o/web", "@o/missing"]
crates = ["app-core", "app-yanked"]
"""
# The upstream of the pin is the repository itself.
PIN = """
[pins.oss]
upstream = "{upstream}"
places   = [{{ path = "pin.json", pointer = "/tag", as = "{{tag}}" }}]
verify   = {{ images = ["ghcr.io/o/api"], npm = ["@o/web"] }}
"""
servers = {}


def start(world):
    servers.update(oci=start_oci(world), lab=start_oci(world, "lab", referrers=True), closed=start_oci(world, "closed", auth="token", public=lambda name: name.startswith("open/")))
    servers.update(pypi=start_pypiserver(world), json=start_devpi(world), npm=start_verdaccio(world), crates=start_crates(world))
    return registries("pypi")


def registries(pypi):
    rows = [f'{name} = "{address}"' for name, address in {"pypi": servers[pypi].index, "npm": f"{servers['npm'].address}/", "crates": servers["crates"].source}.items()]
    oci = ", ".join(f'"{host}" = "{servers[name].address}"' for host, name in {"ghcr.io": "oci", "lab.example.com": "lab", "closed.example.com": "closed"}.items())
    oci = f"oci = {{ {oci} }}"
    return WANTED.format(), ", ".join([oci, *rows])


def fill(report, released):
    report.step("artifacts that are right, and some that are not")
    world = released.world
    images, commit = Images(world, servers["oci"]), released.commits["0.3.0"]
    images.sign("o/api", images.push(images.build("api", revision=commit), "o/api", "0.3.0", "0.3", "latest"))
    images.push(images.build("one"), "o/moved", "0.3.0")
    images.push(images.build("another"), "o/moved", "latest")
    images.refer("o/referred", images.push(images.build("referred"), "o/referred", "0.3.0"))
    lab = Images(world, servers["lab"])
    lab.refer("o/bundle", lab.push(lab.build("bundle"), "o/bundle", "0.3.0"), fallback=False)
    inside = Images(world, servers["closed"], LOGIN)
    inside.push(inside.build("x"), "open/x", "0.3.0")
    Charts(world, servers["oci"]).push("o/charts", "app", "0.3.0", "0.3.0")
    for index in ("pypi", "json"):
        wheels = Wheels(world, servers[index])
        wheels.upload(*wheels.build("app-core", "0.3.0").values())
    Npm(world, servers["npm"]).publish("@o/web", "0.3.0")
    # Without it npm's own configuration would be asked, and send a token.
    (world.home / ".npmrc").unlink()
    crates = Crates(world, servers["crates"])
    for name in ("app-core", "app-yanked"):
        crates.publish(name, "0.3.0")
    crates.cargo("yank", "--registry", "loc", "--version", "0.3.0", "app-yanked")


def requests_of_verify(report, released):
    for index in ("pypi", "json"):
        report.step(f"each request of verify, simple pages by {servers[index].name}")
        released.configure(*registries(index))
        only = () if index == "pypi" else ("--only", "pypi:app-core", "--only", "pypi:app-missing", "--only", "tag:v0.3.0")
        sweep(report, index, released.world, lambda *more: released.verify("v0.3.0", *only, *more, timeout=400), spared="^oci GET .*/referrers/")


def requests_of_a_pin(report, released):
    report.step("each request of a pin that is moved")
    world, repo, traffic = released.world, released.repo, released.world.traffic
    released.configure("", registries("pypi")[1], PIN.format(upstream=world.remote("o/app")))
    repo.commit("feat: a pin", {"pin.json": '{ "tag": "v0.2.0" }\n'})
    before = repo.git("rev-parse", "HEAD")

    def bump(*more):
        repo.git("reset", "-q", "--hard", before)
        repo.git("tag", "-d", "v0.4.0") if repo.git("tag", "-l", "v0.4.0") else None
        return world.relman(repo.folder, "bump", "minor", "--pin", "oss=v0.3.0", "--yes", *more, timeout=400)

    run = bump()
    report.check("undisturbed", run.code == 0 and "v0.3.0" in (repo.folder / "pin.json").read_text(), run)
    requests = distinct(run)
    for disturbed, fault in disturbances(requests):
        traffic.rules = [(f"^{re.escape(request)}$", fault) for request in disturbed]
        run = bump()
        traffic.rules = []
        as_it_was = repo.git("rev-parse", "HEAD") == before and not repo.git("status", "--porcelain") and not repo.git("tag", "-l", "v0.4.0")
        good = run.code == 4 and as_it_was and "panicked" not in run.text
        report.check(f"{fault} at {', '.join(disturbed)}: refused, and nothing was written", good, run)


if __name__ == "__main__":
    with Released("verify-requests", AGES, start) as released:
        carry_out(Report("verify_requests"), released, fill, requests_of_verify, requests_of_a_pin)
