"""Builds and publishes small packages of each ecosystem by its own tools: umoci and skopeo, helm, build and twine, npm, cargo."""

import hashlib
import http.client
import json
import os
import pathlib
import subprocess
import sys

import helm_python

from servers import CRATES_TOKEN, LOGIN, basic
from traffic import HOST

MANIFEST, INDEX = "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json"
SIGNATURE = "application/vnd.dev.cosign.simplesigning.v1+json"


def must(command, cwd=None, env=None, fails=False):
    """Runs a tool and returns what it said; it has to succeed, or with `fails`, to fail."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if (done.returncode != 0) != fails:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Images:
    """Pushes to one registry. An image is known by its digest."""

    def __init__(self, world, registry, login=None):
        self.world, self.registry, self.login = world, registry, login
        self.layout, self.made = world.folder / f"layout-{registry.name}", 0

    def build(self, content, revision=None):
        """An image with one file, in a layout of this machine; returns its name there."""
        self.made += 1
        name, file = f"{self.layout}:{self.made}", self.world.folder / f"file-{self.registry.name}"
        file.write_text(content)
        if self.made == 1:
            must(["umoci", "init", "--layout", self.layout])
        must(["umoci", "new", "--image", name])
        must(["umoci", "insert", "--image", name, file, "/file"])
        if revision:
            must(["umoci", "config", "--image", name, "--config.label", f"org.opencontainers.image.revision={revision}"])
        return name

    def push(self, image, repository, *tags):
        """Returns the digest."""
        told = self.world.folder / "digest"
        for tag in tags:
            login = ["--dest-creds", self.login] if self.login else []
            must(["skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", "--digestfile", told, *login, f"oci:{image}", f"docker://{self.registry.host}/{repository}:{tag}"])
        return told.read_text().strip()

    def copy(self, repository, tag, *others):
        """What a pipeline does with `latest`: another name for what is there."""
        login = ["--src-creds", self.login, "--dest-creds", self.login] if self.login else []
        for other in others:
            source, target = (f"docker://{self.registry.host}/{repository}:{word}" for word in (tag, other))
            must(["skopeo", "--insecure-policy", "copy", "--quiet", "--all", "--src-tls-verify=false", "--dest-tls-verify=false", *login, source, target])

    def digest(self, repository, tag):
        login = ["--creds", self.login] if self.login else []
        return must(["skopeo", "inspect", "--tls-verify=false", *login, "--no-tags", "--format", "{{.Digest}}", f"docker://{self.registry.host}/{repository}:{tag}"]).strip()

    def delete(self, repository, tag):
        must(["skopeo", "--insecure-policy", "delete", "--tls-verify=false", f"docker://{self.registry.host}/{repository}:{tag}"])

    def ask(self, method, path, body=None, kind="application/octet-stream", accept=MANIFEST):
        line = http.client.HTTPConnection(HOST, self.registry.port, timeout=30)
        headers = {"Content-Type": kind, "Accept": accept, **({"Authorization": f"Basic {basic(*self.login.split(':'))}"} if self.login else {})}
        line.request(method, path, body=body, headers=headers)
        answer = line.getresponse()
        found = answer.read()
        line.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {found[:300]}")
        return answer.headers, found

    def blob(self, repository, content, kind):
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        place = self.ask("POST", f"/v2/{repository}/blobs/uploads/", b"")[0]["Location"].partition(self.registry.host)[2]
        self.ask("PUT", f"{place}{'&' if '?' in place else '?'}digest={digest}", content)
        return {"mediaType": kind, "digest": digest, "size": len(content)}

    def manifest(self, repository, reference, value):
        """Puts a manifest that no tool here can make; returns a descriptor of it."""
        body = json.dumps(value).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        self.ask("PUT", f"/v2/{repository}/manifests/{reference or digest}", body, value["mediaType"])
        return {"mediaType": value["mediaType"], "digest": digest, "size": len(body)}

    def index(self, images, repository, *tags):
        """An image for several platforms; returns the digest of the index."""
        rows = []
        for platform, image in zip(("amd64", "arm64"), images, strict=True):
            digest = self.push(image, repository, platform)
            body = self.ask("GET", f"/v2/{repository}/manifests/{digest}")[1]
            rows.append({"mediaType": MANIFEST, "digest": digest, "size": len(body), "platform": {"os": "linux", "architecture": platform}})
        for tag in tags:
            digest = self.manifest(repository, tag, {"schemaVersion": 2, "mediaType": INDEX, "manifests": rows})["digest"]
        return digest

    def attached(self, repository, layer, **more):
        config = self.blob(repository, b"{}", "application/vnd.oci.image.config.v1+json")
        return {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [self.blob(repository, b'{"critical": {}}', layer)], **more}

    def sign(self, repository, digest):
        """As cosign does: a tag that is made of the digest."""
        self.manifest(repository, f"{digest.replace(':', '-')}.sig", self.attached(repository, SIGNATURE))

    def refer(self, repository, digest, artifact="application/vnd.dev.sigstore.bundle.v0.3+json", fallback=True):
        """A referrer of a digest, and with `fallback` the tag that lists it, for registries without the API."""
        subject = {"mediaType": MANIFEST, "digest": digest, "size": len(self.ask("GET", f"/v2/{repository}/manifests/{digest}")[1])}
        row = self.manifest(repository, None, self.attached(repository, artifact, artifactType=artifact, subject=subject))
        if fallback:
            self.manifest(repository, digest.replace(":", "-"), {"schemaVersion": 2, "mediaType": INDEX, "manifests": [{**row, "artifactType": artifact}]})


class Charts:
    def __init__(self, world, registry):
        self.world, self.registry = world, registry

    def push(self, repository, name, version, app_version):
        """Packages a chart and pushes it to `repository`/`name`."""
        folder = self.world.folder / "charts" / name
        (folder / "templates").mkdir(parents=True, exist_ok=True)
        (folder / "Chart.yaml").write_text(f'apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: "{app_version}"\n')
        (folder / "values.yaml").write_text("{}\n")
        (folder / "templates/map.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Chart.Name }}\n")
        archive = helm_python.package(str(folder), destination=str(folder.parent))
        helm_python.push(str(archive), f"oci://{self.registry.host}/{repository}", plain_http=True)

    def pull(self, repository, name, version, folder):
        folder.mkdir(exist_ok=True)
        helm_python.pull(f"oci://{self.registry.host}/{repository}/{name}", version=version, destination=str(folder), plain_http=True)
        return sorted(path.name for path in folder.iterdir())


class Wheels:
    def __init__(self, world, index):
        self.world, self.index = world, index

    def build(self, name, version):
        """Returns its sdist and its wheel, as `version` is spelled by PEP 440."""
        folder, module = self.world.folder / "python" / f"{name}-{version}", name.replace("-", "_")
        if not folder.exists():
            (folder / module).mkdir(parents=True)
            (folder / module / "__init__.py").write_text("")
            (folder / "pyproject.toml").write_text(
                f'[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n[project]\nname = "{name}"\nversion = "{version}"\ndescription = "of a test"\nrequires-python = ">=3.8"\n'
            )
            must([sys.executable, "-m", "build", "--no-isolation"], cwd=folder, env=self.world.environment())
        found = sorted((folder / "dist").iterdir(), key=lambda path: path.suffix == ".whl")
        return {"sdist": found[0], "wheel": found[1]}

    def upload(self, *files, fails=False):
        user, password = self.index.login
        command = [sys.executable, "-m", "twine", "upload", "--non-interactive", "--disable-progress-bar", "--repository-url", self.index.upload, "-u", user, "-p", password]
        return must([*command, *files], env=self.world.environment(), fails=fails)


class Npm:
    def __init__(self, world, registry):
        self.world, self.registry = world, registry
        (world.home / ".npmrc").write_text(f"//{registry.host}/:_authToken={registry.token}\nregistry={registry.address}/\nupdate-notifier=false\naudit=false\nfund=false\n")

    def run(self, *arguments, cwd=None, fails=False):
        return must(["npm", *arguments], cwd=cwd, env=self.world.environment(), fails=fails)

    def publish(self, name, version, tag="latest", fails=False):
        folder = self.world.folder / "npm-sources" / f"{name.replace('/', '-')}-{version}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"name": name, "version": version}))
        return self.run("publish", "--tag", tag, "--access", "public", cwd=folder, fails=fails)


class Crates:
    def __init__(self, world, registry):
        self.world, self.registry = world, registry
        self.home = world.folder / "cargo"
        self.home.mkdir()
        (self.home / "config.toml").write_text(f'[registries.loc]\nindex = "{registry.source}"\n')

    def environment(self):
        """cargo with a home of its own, and the toolchain of this machine."""
        rustup = os.environ.get("RUSTUP_HOME") or str(pathlib.Path.home() / ".rustup")
        return {"CARGO_HOME": str(self.home), "RUSTUP_HOME": rustup, "CARGO_REGISTRIES_LOC_TOKEN": CRATES_TOKEN, "CARGO_TARGET_DIR": str(self.world.folder / "cargo-target")}

    def cargo(self, *arguments, cwd=None, fails=False):
        return must(["cargo", *arguments], cwd=cwd or self.world.folder, env=self.world.environment(**self.environment()), fails=fails)

    def publish(self, name, version, fails=False, dependencies=""):
        folder = self.world.folder / "crates" / f"{name}-{version}"
        (folder / "src").mkdir(parents=True, exist_ok=True)
        (folder / "src/lib.rs").write_text("")
        (folder / "Cargo.toml").write_text(
            f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\nlicense = "MIT"\ndescription = "of a test"\npublish = ["loc"]\n[dependencies]\n{dependencies}'
        )
        return self.cargo("publish", "--registry", "loc", "--no-verify", "--allow-dirty", cwd=folder, fails=fails)


__all__ = ["LOGIN", "Charts", "Crates", "Images", "Npm", "Wheels", "must"]
