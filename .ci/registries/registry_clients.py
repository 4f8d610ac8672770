"""Independent clients judge the registries of these tests, before relman asks them anything."""

import json
import re

from peers import Report, World
from publish import LOGIN, Charts, Crates, Images, Npm, Wheels, must
from servers import PROGRAMS, start_crates, start_devpi, start_oci, start_pypiserver, start_verdaccio


def refused(act):
    """What a tool said when it failed; empty where it did not."""
    try:
        act()
    except RuntimeError as error:
        return str(error)
    return ""


def images(report, world):
    report.step("images: skopeo, plain")
    plain = start_oci(world, "oci")
    pushed = Images(world, plain)
    first = pushed.build("one", revision="abc")
    digest = pushed.push(first, "trueppm/api", "0.2.0", "latest")
    report.equal("two tags, one digest", [pushed.digest("trueppm/api", tag) for tag in ("0.2.0", "latest")], [digest, digest])
    other = pushed.push(pushed.build("two"), "trueppm/api", "latest")
    report.check("a tag can be moved", other != digest and pushed.digest("trueppm/api", "latest") == other, other)
    index = pushed.index([first, pushed.build("three")], "trueppm/web", "0.2.0")
    told = must(["skopeo", "inspect", "--raw", "--tls-verify=false", f"docker://{plain.host}/trueppm/web:0.2.0"])
    report.equal("an index of two platforms", [row["platform"]["architecture"] for row in json.loads(told)["manifests"]], ["amd64", "arm64"])
    pushed.copy("trueppm/web", "0.2.0", "0.2")
    report.equal("copied as a whole", json.loads(must(["skopeo", "inspect", "--raw", "--tls-verify=false", f"docker://{plain.host}/trueppm/web:0.2"])), json.loads(told))
    pushed.sign("trueppm/web", index)
    pushed.refer("trueppm/api", digest)
    tags = json.loads(must(["skopeo", "list-tags", "--tls-verify=false", f"docker://{plain.host}/trueppm/web"]))["Tags"]
    report.check("its signature is a tag", f"{index.replace(':', '-')}.sig" in tags, tags)
    tags = json.loads(must(["skopeo", "list-tags", "--tls-verify=false", f"docker://{plain.host}/trueppm/api"]))["Tags"]
    report.check("a referrer has a tag that lists it", digest.replace(":", "-") in tags, tags)
    label = json.loads(must(["skopeo", "inspect", "--config", "--tls-verify=false", f"docker://{plain.host}/trueppm/api:0.2.0"]))["config"]["Labels"]
    report.equal("the revision is a label", label, {"org.opencontainers.image.revision": "abc"})
    newer = Images(world, start_oci(world, "newer", referrers=True))
    digest = newer.push(newer.build("one"), "o/x", "1.0.0")
    newer.refer("o/x", digest, fallback=False)
    rows = json.loads(newer.ask("GET", f"/v2/o/x/referrers/{digest}")[1])["manifests"]
    report.equal("and in a newer registry it is listed by the API", [row["artifactType"] for row in rows], ["application/vnd.dev.sigstore.bundle.v0.3+json"])

    report.step("images: Basic, and a service that hands out tokens")
    for auth in ("basic", "token"):
        closed = start_oci(world, auth, auth=auth, public=lambda repository: repository.startswith("public/"))
        with_login, without = Images(world, closed, LOGIN), Images(world, closed)
        image = with_login.build("one")
        report.check(f"{auth}: nobody pushes without a login", re.search("unauthorized|denied|authentication required", said := refused(lambda: without.push(image, "public/x", "1"))), said)
        for repository in ("public/x", "private/x"):
            digest = with_login.push(image, repository, "1")
            report.equal(f"{auth}: {repository} with a login", with_login.digest(repository, "1"), digest)
            found = refused(lambda repository=repository: without.digest(repository, "1"))
            is_open = auth == "token" and repository == "public/x"
            report.check(f"{auth}: {repository} without one is {'there' if is_open else 'refused'}", (found == "") == is_open, found)


def charts(report, world):
    report.step("charts: helm pulls what it pushed")
    registry = start_oci(world, "charts")
    pushed = Charts(world, registry)
    for version in ("0.2.0", "0.3.0+b1"):
        pushed.push("trueppm/charts", "trueppm", version, "v0.2.0")
        found = pushed.pull("trueppm/charts", "trueppm", version, world.folder / f"pulled-{version}")
        report.equal(f"{version} comes back", found, [f"trueppm-{version}.tgz"])
    tags = json.loads(must(["skopeo", "list-tags", "--tls-verify=false", f"docker://{registry.host}/trueppm/charts/trueppm"]))["Tags"]
    report.equal("a plus is an underscore in its tag", sorted(tags), ["0.2.0", "0.3.0_b1"])


def wheels(report, world):
    for start in (start_pypiserver, start_devpi):
        index = start(world)
        report.step(f"python packages: twine uploads to {index.name}, pip downloads")
        uploaded = Wheels(world, index)
        files = uploaded.build("trueppm-scheduler", "0.2.0a1")
        uploaded.upload(*files.values())
        for kind, options in (("wheel", ["--only-binary", ":all:"]), ("sdist", ["--no-binary", ":all:", "--no-build-isolation"])):
            folder = world.folder / f"{index.name}-{kind}"
            command = [PROGRAMS / "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--isolated", "--index-url", index.index, *options, "-d", folder, "trueppm-scheduler==0.2.0a1"]
            must(command, env={**world.environment(), "PIP_FIND_LINKS": "", "PIP_CERT": ""})
            report.equal(f"its {kind}", [path.name for path in folder.iterdir()], [files[kind].name])
    said = Wheels(world, next(peer for peer in (server.peer for server in world.servers) if peer.name == "pypi")).upload(files["wheel"], fails=True)
    report.check("a file is never uploaded twice", "409" in said or "400" in said, said)


def npm(report, world):
    report.step("npm: publish, view")
    registry = start_verdaccio(world)
    tool = Npm(world, registry)
    tool.publish("@trueppm/web", "0.2.0")
    tool.publish("@trueppm/web", "0.3.0-alpha.1", tag="alpha")
    report.equal("versions", json.loads(tool.run("view", "@trueppm/web", "versions", "--json")), ["0.2.0", "0.3.0-alpha.1"])
    tags = json.loads(tool.run("view", "@trueppm/web", "dist-tags", "--json"))
    report.equal("dist-tags", tags, {"latest": "0.2.0", "alpha": "0.3.0-alpha.1"})
    tool.run("dist-tag", "add", "@trueppm/web@0.3.0-alpha.1", "latest")
    report.equal("a dist-tag moves", json.loads(tool.run("view", "@trueppm/web", "dist-tags", "--json"))["latest"], "0.3.0-alpha.1")
    report.check("a version is never published twice", "previously published" in (said := tool.publish("@trueppm/web", "0.2.0", fails=True)) or "E409" in said, said)
    report.equal("two uploads were counted", registry.count("PUT", "web"), 2)


def crates(report, world):
    report.step("crates: cargo publishes, is refused, yanks and fetches")
    registry = start_crates(world)
    tool = Crates(world, registry)
    tool.publish("true-core", "0.2.0")
    tool.publish("true-cli", "0.2.0", dependencies='core = { package = "true-core", version = "0.2", registry = "loc" }\n')
    report.check("cargo info", "version: 0.2.0" in (said := tool.cargo("info", "true-cli", "--registry", "loc")), said)
    report.check("a version is never published twice", "already" in (said := tool.publish("true-core", "0.2.0", fails=True)), said)
    folder = world.folder / "fetching"
    (folder / "src").mkdir(parents=True)
    (folder / "src/lib.rs").write_text("")
    (folder / "Cargo.toml").write_text('[package]\nname = "fetching"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ntrue-cli = { version = "0.2", registry = "loc" }\n')
    tool.cargo("fetch", cwd=folder)
    lock = (folder / "Cargo.lock").read_text()
    report.check("cargo fetch takes both", 'name = "true-core"' in lock and 'name = "true-cli"' in lock, lock)
    tool.cargo("yank", "--registry", "loc", "true-core@0.2.0")
    (folder / "Cargo.lock").unlink()
    report.check("what is yanked is not chosen", "true-core" in (said := tool.cargo("generate-lockfile", cwd=folder, fails=True)), said)


def main():
    report = Report("registry_clients")
    with World("clients") as world:
        for part in (images, charts, wheels, npm, crates):
            try:
                part(report, world)
            except (RuntimeError, OSError) as error:
                report.check(f"{part.__name__} came to its end", False, error)
        report.equal("no request broke a registry", world.traffic.violations, [])
    report.end()


if __name__ == "__main__":
    main()
