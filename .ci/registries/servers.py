"""Starts real registries on loopback, each behind a `Front` of a world. They end with it.

The environment names what .ci/registries/run installed: VERDACCIO, and the python that runs this has the others beside it.
"""

import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

import bcrypt

from crate_registry import CrateRegistry
from front import Front
from peers import free_port
from token_service import ISSUER, SERVICE, TokenService
from traffic import HOST, Answer, address

PROGRAMS = pathlib.Path(sys.executable).parent
LOGINS = {"robot": "robot-password-0123"}
LOGIN = "robot:robot-password-0123"
CRATES_TOKEN = "crates-token-0123456789"


def behind(world, name, command, port, rewrite=None, **more):
    world.start([str(word) for word in command], port, cwd=world.folder, env=world.environment(**more))
    front = Front(world.traffic, name, port, rewrite or (lambda request, answer: answer))
    world.serve(front)
    return front


def settings(world, name, value):
    """A file of settings: JSON is YAML too."""
    file = world.folder / f"{name}.yaml"
    file.write_text(json.dumps(value))
    return file


def htpasswd(world):
    file = world.folder / "htpasswd"
    lines = [f"{user}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()}\n" for user, password in LOGINS.items()]
    file.write_text("".join(lines))
    return file


def start_oci(world, name="oci", auth=None, public=lambda repository: True, referrers=False):
    """docker-registry. `auth`: nothing, `basic`, or `token` with pulls of what is `public` for everybody. `referrers`: it has the newer API for them."""
    port = free_port()
    value = {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(world.folder / name)}, "delete": {"enabled": True}},
        "http": {"addr": f"{HOST}:{port}", "secret": "of-a-test"},
    }
    if auth == "basic":
        value["auth"] = {"htpasswd": {"realm": "registry", "path": str(htpasswd(world))}}
    if auth == "token":
        service = TokenService(world.traffic, world.folder, LOGINS, public)
        realm = address(world.serve(service).port, "/token")
        value["auth"] = {"token": {"realm": realm, "service": SERVICE, "issuer": ISSUER, "rootcertbundle": str(service.certificate)}}
    rewrite = Referrers().rewrite if referrers else None
    return behind(world, name, ["docker-registry", "serve", settings(world, name, value)], port, rewrite)


class Referrers:
    """The referrers API, which docker-registry came to have with 3.0: what was pushed with a `subject` is listed under it."""

    def __init__(self):
        self.rows = {}

    def rewrite(self, request, answer):
        if request.method == "PUT" and "/manifests/" in request.path and answer.status == 201:
            value = request.json()
            if subject := value.get("subject"):
                row = {"mediaType": value["mediaType"], "digest": f"sha256:{hashlib.sha256(request.body).hexdigest()}", "size": len(request.body), "artifactType": value.get("artifactType")}
                self.rows.setdefault(subject["digest"], []).append(row)
                answer.headers["OCI-Subject"] = subject["digest"]
        if request.method == "GET" and "/referrers/" in request.path:
            body = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": self.rows.get(request.path.rpartition("/")[2], [])}
            return Answer(200, json.dumps(body).encode(), {"Content-Type": body["mediaType"]})
        return answer


def start_pypiserver(world, name="pypi"):
    """Simple pages as HTML."""
    port, folder = free_port(), world.folder / name
    folder.mkdir()
    command = [PROGRAMS / "pypi-server", "run", "-i", HOST, "-p", port, "-P", ".", "-a", ".", "--disable-fallback", folder]
    front = behind(world, name, command, port)
    front.index, front.upload, front.login, front.folder = f"{front.address}/simple/", f"{front.address}/", ("a", "a"), folder
    return front


def start_devpi(world, name="devpi"):
    """Simple pages as JSON. `front.attested` names files that have a provenance, which devpi itself does not know yet."""
    port, folder = free_port(), world.folder / name
    subprocess.run([PROGRAMS / "devpi-init", "--serverdir", folder, "--no-root-pypi"], check=True, capture_output=True, env=world.environment())
    attested = set()

    def rewrite(request, answer):
        if answer.status == 200 and "+simple" in request.path and b'"files"' in answer.body:
            value = json.loads(answer.body)
            for row in value["files"]:
                row["provenance"] = f"{row['url'].partition('#')[0]}.provenance" if row["filename"] in attested else None
            answer.body = json.dumps(value).encode()
        return answer

    front = behind(world, name, [PROGRAMS / "devpi-server", "--serverdir", folder, "--host", HOST, "--port", port], port, rewrite)
    front.attested = attested
    call("PUT", f"{front.address}/t", {"password": "p"})
    token = call("POST", f"{front.address}/+login", {"user": "t", "password": "p"})["result"]["password"]
    call("PUT", f"{front.address}/t/dev", {"bases": [], "volatile": False}, {"X-Devpi-Auth": basic("t", token)})
    front.index, front.upload, front.login = f"{front.address}/t/dev/+simple/", f"{front.address}/t/dev/", ("t", "p")
    return front


def start_verdaccio(world, name="npm"):
    port, folder = free_port(), world.folder / name
    value = {
        "storage": str(folder), "uplinks": {}, "max_body_size": "10mb", "web": {"enable": False}, "log": {"type": "stdout", "format": "pretty", "level": "warn"},
        "auth": {"htpasswd": {"file": str(world.folder / "npm-users"), "max_users": 10}},
        "packages": {"@closed/*": {"access": "$authenticated", "publish": "$authenticated"}, "**": {"access": "$all", "publish": "$authenticated"}},
    }  # fmt: skip
    front = behind(world, name, [os.environ["VERDACCIO"], "--config", settings(world, name, value), "--listen", f"{HOST}:{port}"], port)
    user = {"name": "robot", "password": LOGINS["robot"]}
    front.token = call("PUT", f"{front.address}/-/user/org.couchdb.user:robot", user)["token"]
    return front


def start_crates(world):
    registry = CrateRegistry(world.traffic, CRATES_TOKEN)
    world.serve(registry)
    return registry


def basic(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def call(method, url, value, headers=None):
    request = urllib.request.Request(url, json.dumps(value).encode(), {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
