"""A crate registry with a sparse index and cargo's own API to publish and yank: https://doc.rust-lang.org/cargo/reference/registries.html"""

import hashlib
import json
import re
import struct

from traffic import HOST, Answer


def refused(status, detail):
    return Answer(status, {"errors": [{"detail": detail}]})


def dependency(told):
    """As the index has it: what is renamed is found by its own name in `package`."""
    alias = told.get("explicit_name_in_toml")
    same = {field: told.get(field) for field in ("features", "optional", "default_features", "target", "kind", "registry")}
    return {"name": alias or told["name"], "package": told["name"] if alias else None, "req": told["version_req"], **same}


class CrateRegistry:
    name, strict = "crates", False

    def __init__(self, traffic, token):
        self.traffic, self.token, self.port = traffic, token, 0
        self.index, self.files = {}, {}  # lower-case name to rows; (name, version) to the file

    @property
    def source(self):
        """As cargo's configuration names it."""
        return f"sparse+http://{HOST}:{self.port}/index/"

    def refusal(self, status):
        more = {"Retry-After": "1"} if status == 429 else {}
        return Answer(status, json.dumps({"errors": [{"detail": "refused"}]}).encode(), {"Content-Type": "application/json", **more})

    def respond(self, request):
        path = request.path
        if path == "/index/config.json":
            base = f"http://{HOST}:{self.port}"
            return Answer(200, {"dl": f"{base}/dl/{{crate}}/{{version}}", "api": base})
        if path.startswith("/index/"):
            return self.rows(path[len("/index/") :])
        if found := re.fullmatch(r"/dl/([^/]+)/([^/]+)", path):
            file = self.files.get(found.groups())
            return Answer(200, file, {"Content-Type": "application/octet-stream"}) if file else refused(404, "not found")
        if request.headers.get("authorization") != self.token:
            return refused(403, "this token cannot do that")
        if (request.method, path) == ("PUT", "/api/v1/crates/new"):
            return self.publish(request.body)
        if found := re.fullmatch(r"/api/v1/crates/([^/]+)/([^/]+)/(yank|unyank)", path):
            return self.yank(found[1], found[2], found[3] == "yank")
        return refused(404, "not found")

    def rows(self, path):
        name = path.rpartition("/")[2]
        folders = {1: "1", 2: "2", 3: f"3/{name[:1]}"}.get(len(name), f"{name[:2]}/{name[2:4]}")
        if path != f"{folders}/{name}" or name not in self.index:
            return Answer(404, b"", {"Content-Type": "text/plain"})
        body = "".join(json.dumps(row) + "\n" for row in self.index[name]).encode()
        return Answer(200, body, {"Content-Type": "text/plain", "ETag": f'"{hashlib.sha256(body).hexdigest()}"'})

    def publish(self, body):
        size = struct.unpack_from("<I", body)[0]
        told, file = json.loads(body[4 : 4 + size]), body[8 + size :]
        if len(file) != struct.unpack_from("<I", body, 4 + size)[0]:
            return refused(400, "the file is not as long as it says")
        key = (told["name"], told["vers"])
        if key in self.files:
            return refused(400, f"crate version `{told['vers']}` is already uploaded")
        dependencies = [dependency(one) for one in told["deps"]]
        row = {
            "name": told["name"], "vers": told["vers"], "deps": dependencies, "cksum": hashlib.sha256(file).hexdigest(), "features": {}, "features2": told["features"],
            "yanked": False, "links": told.get("links"), "rust_version": told.get("rust_version"), "v": 2,
        }  # fmt: skip
        self.files[key] = file
        self.index.setdefault(told["name"].lower(), []).append(row)
        return Answer(200, {"warnings": {"invalid_categories": [], "invalid_badges": [], "other": []}})

    def yank(self, name, version, yanked):
        row = next((row for row in self.index.get(name.lower(), []) if row["vers"] == version), None)
        if row is None:
            return refused(404, "not found")
        row["yanked"] = yanked
        return Answer(200, {"ok": True})
