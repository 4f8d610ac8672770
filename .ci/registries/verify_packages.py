"""`relman verify` of Python packages, npm packages and crates, which twine, npm and cargo uploaded."""

import json

from peers import Report
from publish import Crates, Npm, Wheels
from released import HOUR, MINUTE, Released, carry_out, expect
from servers import start_crates, start_devpi, start_pypiserver, start_verdaccio

AGES = {"0.1.0": 90 * HOUR, "0.2.0": 60 * HOUR, "0.3.0-alpha.1": 40 * HOUR, "0.3.0": 5 * MINUTE}
servers = {}


def start(world):
    servers.update(html=start_pypiserver(world), json=start_devpi(world), npm=start_verdaccio(world), crates=start_crates(world))
    return "", ""


def python(report, released):
    for kind, described in (("html", "HTML"), ("json", "JSON")):
        index = servers[kind]
        report.step(f"python packages, simple pages as {described}")
        uploaded = Wheels(released.world, index)
        registries = f'pypi = "{index.index}"'
        both, any_file = "pypi:trueppm-scheduler", "pypi:TruePPM.api"
        wanted = 'pypi = ["TruePPM.api", { name = "trueppm-scheduler", files = ["sdist", "wheel"] }]'
        released.configure(wanted, registries)
        expect(report, "pending within the hour", released.verify("v0.3.0"), 7, {both: "pending", any_file: "pending"})
        expect(report, "wrong later", released.verify("v0.2.0"), 3, {both: "wrong", any_file: "wrong"})
        for name, version in (("trueppm-scheduler", "0.3.0"), ("trueppm-api", "0.3.0"), ("trueppm-scheduler", "0.2.0")):
            uploaded.upload(uploaded.build(name, version)["wheel"])
        run = released.verify("v0.3.0")
        expect(report, "a wheel without its sdist: pending where both are named", run, 7, {both: "pending", any_file: "ok"})
        report.check("the sdist is named", "sdist" in str(run.rows.get(both)), run)
        run = released.verify("v0.2.0", "--only", both)
        expect(report, "and later wrong", run, 3, {both: "wrong"})
        uploaded.upload(uploaded.build("trueppm-scheduler", "0.3.0")["sdist"])
        expect(report, "both there: ok", released.verify("v0.3.0"), 0, {both: "ok", any_file: "ok"})
        uploaded.upload(*uploaded.build("trueppm-scheduler", "0.3.0a1").values())
        expect(report, "a prerelease in its own spelling", released.verify("v0.3.0-alpha.1", "--only", both), 0, {both: "ok"})
        released.configure(wanted)
        expect(report, "the address as uv has it", released.verify("v0.3.0", UV_DEFAULT_INDEX=index.index), 0, {both: "ok", any_file: "ok"})
        expect(report, "the address as pip has it", released.verify("v0.3.0", PIP_INDEX_URL=index.index.rstrip("/")), 0, {both: "ok", any_file: "ok"})
        folder = released.world.home / ".config/pip"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pip.conf").write_text(f"[global]\nindex-url = {index.index}\n")
        expect(report, "and in its file", released.verify("v0.3.0"), 0, {both: "ok", any_file: "ok"})
        (folder / "pip.conf").unlink()
    report.step("attestations")
    released.configure('pypi = [{ name = "trueppm-scheduler", attested = true }]', registries)
    run = released.verify("v0.3.0")
    expect(report, "without: pending", run, 7, {both: "pending"})
    servers["json"].attested.update(path.name for path in uploaded.build("trueppm-scheduler", "0.3.0").values())
    expect(report, "with: ok", released.verify("v0.3.0"), 0, {both: "ok"})


def unknown_address(report, released):
    report.step("where neither relman.toml nor a client's configuration names a registry")
    released.configure('pypi = ["trueppm-api"]\nnpm = ["@trueppm/web"]\ncrates = ["true-core"]')
    npmrc = released.world.home / ".npmrc"
    npmrc.unlink(missing_ok=True)
    # In this network namespace no public registry answers.
    run = released.verify("v0.3.0")
    report.check("each is unknown", set(run.states.values()) == {"unknown"} and run.code == 1, run)


def npm(report, released):
    report.step("npm packages")
    registry = servers["npm"]
    tool = Npm(released.world, registry)
    web, closed = "npm:@trueppm/web", "npm:@closed/web"
    released.configure('npm = ["@trueppm/web"]', f'npm = "{registry.address}/"')
    expect(report, "pending within the hour", released.verify("v0.3.0"), 7, {web: "pending"})
    tool.publish("@trueppm/web", "0.2.0")
    tool.publish("@trueppm/web", "0.3.0-alpha.1", tag="alpha")
    expect(report, "another version there: pending, too", released.verify("v0.3.0"), 7, {web: "pending"})
    expect(report, "the alpha under its dist-tag: ok", released.verify("v0.3.0-alpha.1"), 0, {web: "ok"})
    tool.run("dist-tag", "add", "@trueppm/web@0.3.0-alpha.1", "latest")
    run = released.verify("v0.3.0-alpha.1")
    expect(report, "the alpha as latest: wrong", run, 3, {web: "wrong"})
    report.check("it is told what latest holds", "latest" in str(run.rows.get(web)) and "0.3.0-alpha.1" in str(run.rows.get(web)), run)
    tool.publish("@trueppm/web", "0.3.0")
    expect(report, "the final: ok", released.verify("v0.3.0"), 0, {web: "ok"})
    expect(report, "an older one: ok", released.verify("v0.2.0"), 0, {web: "ok"})
    expect(report, "one that was never there: wrong", released.verify("v0.1.0"), 3, {web: "wrong"})
    released.configure('npm = ["@trueppm/web"]')
    expect(report, "the address as in .npmrc", released.verify("v0.3.0"), 0, {web: "ok"})
    npmrc = released.world.home / ".npmrc"
    kept = npmrc.read_text()
    npmrc.unlink()
    expect(report, "the address as in the environment", released.verify("v0.3.0", npm_config_registry=registry.address), 0, {web: "ok"})
    npmrc.write_text(f"@trueppm:registry={registry.address}\n")
    expect(report, "the address of a scope", released.verify("v0.3.0"), 0, {web: "ok"})
    npmrc.write_text(kept)
    tool.publish("@closed/web", "0.3.0")
    released.configure('npm = ["@closed/web"]', f'npm = "{registry.address}/"')
    run = released.verify("v0.3.0")
    expect(report, "a private one, with npm's own token: ok", run, 0, {closed: "ok"})
    report.check("the token is not told", registry.token not in run.text, "it is in what was said")
    npmrc.unlink()
    run = released.verify("v0.3.0")
    report.check("without it: unknown", run.states.get(closed) == "unknown" and run.code == 1, run)


def crates(report, released):
    report.step("crates")
    registry = servers["crates"]
    tool = Crates(released.world, registry)
    core = "crate:true-core"
    released.configure('crates = ["true-core"]', f'crates = "{registry.source}"')
    expect(report, "pending within the hour", released.verify("v0.3.0"), 7, {core: "pending"})
    expect(report, "wrong later", released.verify("v0.2.0"), 3, {core: "wrong"})
    tool.publish("true-core", "0.2.0")
    expect(report, "another version there: pending, too", released.verify("v0.3.0"), 7, {core: "pending"})
    tool.publish("true-core", "0.3.0")
    expect(report, "ok", released.verify("v0.3.0"), 0, {core: "ok"})
    tool.cargo("yank", "--registry", "loc", "true-core@0.2.0")
    run = released.verify("v0.2.0")
    expect(report, "yanked: wrong", run, 3, {core: "wrong"})
    report.check("it says so", "yank" in str(run.rows.get(core)), run)
    tool.cargo("yank", "--undo", "--registry", "loc", "true-core@0.2.0")
    expect(report, "and no longer", released.verify("v0.2.0"), 0, {core: "ok"})
    released.configure('crates = ["true-core"]')
    (tool.home / "config.toml").write_text(f'[source.crates-io]\nreplace-with = "mirror"\n[source.mirror]\nregistry = "{registry.source}"\n')
    expect(report, "the address as cargo has it", released.verify("v0.3.0", CARGO_HOME=str(tool.home)), 0, {core: "ok"})


def everything(report, released):
    report.step("what may be absent")
    released.configure('npm = [{ name = "@trueppm/none", optional = true }]', f'npm = "{servers["npm"].address}/"')
    run = released.verify("v0.2.0")
    report.check("they do not fail it", run.code == 0, run)
    print(f"    {json.dumps(run.states)}")


if __name__ == "__main__":
    with Released("verify-packages", AGES, start) as released:
        carry_out(Report("verify_packages"), released, python, npm, crates, everything, unknown_address)
