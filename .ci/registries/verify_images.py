"""`relman verify` of images, charts and pages: what skopeo and helm pushed is right, missing, moved, unsigned, private."""

import base64
import json

from peers import Report
from publish import LOGIN, Charts, Images, must
from released import HOUR, MINUTE, Released, carry_out, expect
from servers import start_oci

API, TAGGED, CHART = "ghcr.io/trueppm/api", "registry.gitlab.com/trueppm/api", "ghcr.io/trueppm/charts/trueppm"
IMAGES = f"""\
images = [
  {{ name = "{API}", tags = ["{{version}}", "{{major}}.{{minor}}", "latest"], revision = true }},
  {{ name = "{TAGGED}", tags = ["{{tag}}"] }},
]
"""
AGES = {"0.1.0": 90 * HOUR, "0.2.0": 60 * HOUR, "0.3.0-alpha.1": 50 * HOUR, "0.3.0": 5 * MINUTE}
servers = {}


def start(world):
    servers.update(hub=start_oci(world, "hub"), lab=start_oci(world, "lab", referrers=True), closed=start_oci(world, "closed", auth="token", public=lambda name: name.startswith("open/")))
    servers.update(basic=start_oci(world, "basic", auth="basic"))
    oci = {"ghcr.io": "hub", "registry.gitlab.com": "lab", "closed.example.com": "closed", "basic.example.com": "basic"}
    rows = ", ".join(f'"{host}" = "{servers[name].address}"' for host, name in oci.items())
    servers["registries"] = f"oci = {{ {rows} }}"
    return IMAGES, servers["registries"]


def image(name, *tags):
    return [f"image:{name}:{tag}" for tag in tags]


def arriving(report, released):
    report.step("images: pending within the hour, wrong later")
    own, lab = Images(released.world, servers["hub"]), Images(released.world, servers["lab"])
    servers.update(own=own, lab_images=lab)
    names = image(API, "0.3.0", "0.3", "latest") + image(TAGGED, "v0.3.0")
    expect(report, "a tag of five minutes: pending", released.verify("v0.3.0"), 7, dict.fromkeys(names, "pending"))
    old = image(API, "0.2.0", "0.2") + image(TAGGED, "v0.2.0")
    run = released.verify("v0.2.0")
    expect(report, "a tag of days: wrong", run, 3, dict.fromkeys(old, "wrong"))
    report.check("latest is not asked for an older version", image(API, "latest")[0] not in run.states, run.states)
    expect(report, "a prerelease has no moving tags", released.verify("v0.3.0-alpha.1"), 3, {image(API, "0.3.0-alpha.1")[0]: "wrong", image(API, "0.3")[0]: None, image(API, "latest")[0]: None})

    report.step("images: all there")
    built = own.build("0.3.0", revision=released.commits["0.3.0"])
    digest = own.push(built, "trueppm/api", "0.3.0", "0.3", "latest")
    lab.push(lab.build("0.3.0"), "trueppm/api", "v0.3.0")
    run = released.verify("v0.3.0")
    expect(report, "ok", run, 0, dict.fromkeys(names, "ok"))
    report.equal("with the digest that skopeo knows", [run.rows.get(name, {}).get("digest") for name in names[:3]], [digest] * 3)
    report.check("the same tag is another image in the other registry: told", "another image" in str(run.rows.get(names[0], {}).get("message")), run)
    report.equal("without an argument: the newest release", released.verify().states, run.states)
    shallow = released.clone("shallow", "--depth", "1", "--no-tags")
    report.equal("in a shallow clone without tags, too", released.verify(folder=shallow).states, run.states)
    expect(report, "one artifact alone", released.verify("v0.3.0", "--only", f"image:{TAGGED}"), 0, {image(TAGGED, "v0.3.0")[0]: "ok", names[0]: None})
    servers.update(built=built, digest=digest)


def moved(report, released):
    report.step("images: a tag that moved")
    own = servers["own"]
    alpha = own.build("0.3.0-alpha.1", revision=released.commits["0.3.0-alpha.1"])
    wrong = own.push(alpha, "trueppm/api", "0.3.0-alpha.1", "latest")
    run = released.verify("v0.3.0")
    latest, fixed, minor = image(API, "latest", "0.3.0", "0.3")
    expect(report, "latest is the alpha: wrong, and the others are not", run, 3, {latest: "wrong", fixed: "ok", minor: "ok"})
    row = run.rows.get(latest, {})
    report.equal("expected and found", (row.get("expected"), row.get("found")), (servers["digest"], wrong))
    own.push(servers["built"], "trueppm/api", "latest")
    other = own.build("another build", revision=released.commits["0.2.0"])
    own.push(other, "trueppm/api", "0.3.0")
    run = released.verify("v0.3.0")
    expect(report, "the fixed tag is another commit's: wrong, and so is what still leads elsewhere", run, 3, {fixed: "wrong", minor: "wrong", latest: "wrong"})
    row = run.rows.get(fixed, {})
    report.equal("its label", (row.get("expected"), row.get("found")), (released.commits["0.3.0"], released.commits["0.2.0"]))
    own.push(servers["built"], "trueppm/api", "0.3.0")
    own.push(own.build("no label"), "trueppm/api", "0.2.0", "0.2")
    expect(report, "an image without the label", released.verify("v0.2.0"), 3, {image(API, "0.2.0")[0]: "wrong"})
    released.configure(IMAGES, servers["registries"], f'accept = [{{ artifact = "image:{API}", version = "0.2.0", why = "#2822" }}, {{ artifact = "image:{TAGGED}", version = "0.2.0", why = "#2823" }}]\n')
    run = released.verify("v0.2.0")
    expect(report, "accepted with a reason", run, 0, {image(API, "0.2.0")[0]: "accepted", image(TAGGED, "v0.2.0")[0]: "accepted"})
    report.check("which is told", "#2822" in run.out, run)


def signed(report, released):
    report.step("images: an index, its revision, signatures")
    own, lab = servers["own"], servers["lab_images"]
    commit = released.commits["0.3.0"]
    name, there = "ghcr.io/trueppm/web", "registry.gitlab.com/trueppm/web"
    released.configure(f'images = [{{ name = "{name}", signed = true, revision = true, tags = ["{{version}}", "latest"] }}, {{ name = "{there}", signed = true }}]', servers["registries"])
    both = [own.build(f"web {platform}", revision=commit) for platform in ("amd64", "arm64")]
    digest = own.index(both, "trueppm/web", "0.3.0", "latest")
    other = lab.push(lab.build("web"), "trueppm/web", "0.3.0")
    fixed, latest, elsewhere = *image(name, "0.3.0", "latest"), image(there, "0.3.0")[0]
    run = released.verify("v0.3.0")
    expect(report, "without signatures, within the hour", run, 7, {fixed: "pending", elsewhere: "pending"})
    own.sign("trueppm/web", digest)
    lab.refer("trueppm/web", other, fallback=False)
    run = released.verify("v0.3.0")
    expect(report, "a tag that cosign made, and a referrer by the API", run, 0, {fixed: "ok", latest: "ok", elsewhere: "ok"})
    report.equal("the digest is that of the index", run.rows.get(fixed, {}).get("digest"), digest)
    released.configure('images = [{ name = "ghcr.io/trueppm/old", signed = true }]', servers["registries"])
    own.refer("trueppm/old", own.push(both[0], "trueppm/old", "0.3.0"))
    expect(report, "a referrer by the tag that lists it", released.verify("v0.3.0"), 0, {image("ghcr.io/trueppm/old", "0.3.0")[0]: "ok"})
    report.equal("all four types of manifests were asked for", four_types(released, both[0]), True)


def four_types(released, built):
    """An image that was pushed in docker's own format is found, too."""
    own = servers["own"]
    must(["skopeo", "--insecure-policy", "copy", "--quiet", "--format", "v2s2", "--dest-tls-verify=false", f"oci:{built}", f"docker://{own.registry.host}/trueppm/docker:0.3.0"])
    released.configure('images = ["ghcr.io/trueppm/docker"]', servers["registries"])
    return released.verify("v0.3.0").states.get("image:ghcr.io/trueppm/docker:0.3.0") == "ok"


def private(report, released):
    report.step("images: private ones")
    for host, server in (("closed", servers["closed"]), ("basic", servers["basic"])):
        inside = Images(released.world, server, LOGIN)
        built = inside.build("x")
        for repository in ("open/x", "hidden/x"):
            inside.push(built, repository, "0.3.0")
        names = [f"{host}.example.com/{repository}" for repository in ("open/x", "hidden/x")]
        released.configure(f"images = {json.dumps(names)}", servers["registries"])
        anonymous = {f"image:{names[0]}:0.3.0": "ok" if host == "closed" else "unknown", f"image:{names[1]}:0.3.0": "unknown"}
        run = released.verify("v0.3.0")
        report.equal(f"{host}: what nobody may see is unknown, not wrong", run.states, anonymous) or print(run)
        report.check(f"{host}: nor is it a success", run.code == 1, run)
        folder = released.world.home / ".docker"
        folder.mkdir(exist_ok=True)
        value = {"auth": base64.b64encode(LOGIN.encode()).decode()}
        (folder / "config.json").write_text(json.dumps({"auths": {f"{host}.example.com": value, server.host: value}}))
        run = released.verify("v0.3.0")
        expect(report, f"{host}: with docker's own login", run, 0, dict.fromkeys(anonymous, "ok"))
        report.check(f"{host}: which is not told", LOGIN.partition(":")[2] not in run.text and value["auth"] not in run.text, run)
        (folder / "config.json").write_text(json.dumps({"auths": {f"{host}.example.com": {"auth": base64.b64encode(b"robot:wrong").decode()}}}))
        run = released.verify("v0.3.0", "--only", f"image:{names[1]}")
        report.equal(f"{host}: with a wrong password it is unknown", run.states, {f"image:{names[1]}:0.3.0": "unknown"}) or print(run)
        (folder / "config.json").unlink()


def charts(report, released):
    report.step("charts")
    hub = Charts(released.world, servers["hub"])
    chart = f"chart:{CHART}"
    released.configure(f'charts = ["{CHART}"]', servers["registries"])
    expect(report, "pending", released.verify("v0.3.0"), 7, {chart: "pending"})
    hub.push("trueppm/charts", "trueppm", "0.3.0", "0.2.0")
    run = released.verify("v0.3.0")
    expect(report, "another appVersion: wrong", run, 3, {chart: "wrong"})
    report.check("both are told", "0.2.0" in str(run.rows.get(chart)) and "0.3.0" in str(run.rows.get(chart)), run)
    hub.push("trueppm/charts", "trueppm", "0.3.0", "v0.3.0")
    expect(report, "ok, whether appVersion has a v or not", released.verify("v0.3.0"), 0, {chart: "ok"})
    servers["own"].push(servers["built"], "trueppm/charts/trueppm", "0.1.0")
    run = released.verify("v0.1.0")
    report.check("an image at the place of the chart is not ok", run.states.get(chart) in ("wrong", "unknown") and run.code != 0, run)
    released.repo.commit("chore: release 0.4.0+b1", {"VERSION": "0.4.0+b1\n"})
    released.repo.git("tag", "-a", "-m", "Release 0.4.0+b1", "v0.4.0+b1")
    released.repo.git("push", "-q", str(released.served), "v0.4.0+b1")
    hub.push("trueppm/charts", "trueppm", "0.4.0+b1", "0.4.0+b1")
    expect(report, "a version with a plus", released.verify("v0.4.0+b1"), 0, {chart: "ok"})


def commands(report, released):
    report.step("pages and commands of one's own")
    page = f"{servers['hub'].address}/v2/trueppm/api/tags/list"
    see = """run = [{ name = "cosign", run = ["sh", "-c", "echo seen {digest}; exit $(cat code)"], of = "image:ghcr.io/trueppm/api" }]\nimages = ["ghcr.io/trueppm/api"]\n"""
    released.configure(see + f'urls = [{{ url = "{page}", pointer = "/tags/0" }}, {{ url = "{page}?x={{version}}", contains = "{{version}}" }}]', servers["registries"])
    released.repo.put("code", "0\n")
    run = released.verify("v0.3.0")
    report.check("a command gets the digest", f"seen {servers['digest']}" in run.text and run.states.get("run:cosign") == "ok", run)
    report.equal("a page that contains the version, and one whose field is another", [run.states.get(f"url:{page}{end}") for end in ("?x=0.3.0", "")], ["ok", "pending"]) or print(run)
    released.repo.put("code", "3\n")
    run = released.verify("v0.3.0")
    report.check("one that fails is wrong", run.code == 3 and run.states.get("run:cosign") == "wrong", run)


if __name__ == "__main__":
    with Released("verify-images", AGES, start) as released:
        carry_out(Report("verify_images"), released, arriving, moved, signed, private, charts, commands)
