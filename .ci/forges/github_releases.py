"""GitHub's releases and their assets, on top of the emulator's. forge_proxy.py says what is added, and why."""

import hashlib
import json
import re
import urllib.parse

from github_answers import invalid
from traffic import Answer, address

# The emulator refuses a second release of a tag; GitHub does not, as long as one is a draft. The second one is kept under a name that is not a ref's.
SECOND = re.compile(r"~\d+$")


class Releases:
    ROUTES = [
        ("GET|POST", r"releases", "collection"),
        ("GET", r"releases/latest", "latest_one"),
        ("GET", r"releases/tags/(.+)", "by_tag"),
        ("GET|PATCH", r"releases/(\d+)", "one"),
        ("POST", r"releases/(\d+)/assets", "upload"),
        ("GET", r"releases/(\d+)/assets", "assets"),
        ("GET|DELETE", r"releases/assets/(\d+)", "asset"),
    ]

    def __init__(self, github):
        self.github = github
        self.latest = {}  # repository to id
        self.contents = {}  # asset to bytes
        self.starters = set()
        self.seconds = 0

    # Looks.

    def raw(self, name):
        return self.github.all(f"/repos/{name}/releases")

    def all(self, name):
        """All releases as others see them, for the comparison of end states."""
        return [{**one, "tag_name": SECOND.sub("", one["tag_name"])} for one in self.raw(name)]

    def shown(self, request, release):
        release = dict(release)
        tag = release["tag_name"] = SECOND.sub("", release["tag_name"])
        commit = request.repository.commit(f"refs/tags/{tag}") or request.repository.commit(release["target_commitish"])
        if commit:
            release["created_at"] = request.repository.date(commit)
        if release.get("body") is not None:
            release["body"] = release["body"].replace("\r\n", "\n").replace("\n", "\r\n")
        uploads = {"/api/v3": "/api/uploads", "": "/uploads"}.get(request.base, request.base)
        release["upload_url"] = address(self.github.port, f"{uploads}/repos/{request.name}/releases/{release['id']}/assets{{?name,label}}")
        label = f"untagged-{release['id']:020x}" if release["draft"] else urllib.parse.quote(tag)
        release["html_url"] = address(self.github.port, f"/{request.name}/releases/tag/{label}")
        release["immutable"] = False
        release["assets"] = [self.shown_asset(one) for one in release["assets"]]
        return release

    def shown_asset(self, asset):
        bytes_of = self.contents.get(asset["id"])
        asset = {**asset, "uploader": None, "digest": None}
        if asset["id"] in self.starters:
            asset.update({"state": "starter", "size": 0})
        elif bytes_of is not None:
            asset["digest"] = "sha256:" + hashlib.sha256(bytes_of).hexdigest()
        return asset

    def answer(self, request, status, value):
        return self.github.with_own_addresses(request, Answer(status, value))

    # Calls.

    def collection(self, request):
        if request.method == "POST":
            return self.create(request)
        rows = [self.shown(request, one) for one in self.raw(request.name) if not one["draft"] or self.may_see_drafts(request)]
        rows.sort(key=lambda one: one["id"], reverse=True)
        return self.github.with_own_addresses(request, self.github.paged(request, rows))

    @staticmethod
    def may_see_drafts(request):
        return request.token is not None and request.token.may("POST", request.api_path)

    def create(self, request):
        body = request.json()
        tag = body.get("tag_name", "")
        same = [one for one in self.all(request.name) if one["tag_name"] == tag]
        if any(not one["draft"] for one in same):
            return invalid("Release", "already_exists", "tag_name")
        if len(body.get("body") or "") > 125_000:
            return invalid("Release", "custom", "body", message="body is too long (maximum is 125000 characters)")
        if same:
            self.seconds += 1
            body["tag_name"] = f"{tag}~{self.seconds}"
        answer = self.github.send("POST", f"/repos/{request.name}/releases", json.dumps(body).encode())
        if answer.status != 201:
            return self.github.with_own_addresses(request, answer)
        release = json.loads(answer.body)
        if not release["draft"]:
            self.published(request, release, body)
        return self.answer(request, 201, self.shown(request, release))

    def published(self, request, release, body):
        tag = SECOND.sub("", release["tag_name"])
        if f"refs/tags/{tag}" not in request.repository.refs():
            self.github.traffic.violation(request, f"published without its tag {tag}: GitHub makes one, lightweight, wherever target_commitish is")
            request.repository.git("tag", tag, release["target_commitish"])
        if body.get("make_latest", "true") == "true":
            if release["prerelease"]:
                self.github.traffic.violation(request, "a prerelease cannot be the latest release")
            self.latest[request.name.lower()] = release["id"]

    def one(self, request, number):
        path = f"/repos/{request.name}/releases/{number}"
        status, before = self.github.ask("GET", path)
        if status != 200 or (before["draft"] and not self.may_see_drafts(request)):
            return Answer(404, {"message": "Not Found"})
        if request.method == "GET":
            return self.answer(request, 200, self.shown(request, before))
        body = request.json()
        publishes = before["draft"] and body.get("draft") is False
        tag = SECOND.sub("", before["tag_name"])
        if publishes and any(one["tag_name"] == tag and not one["draft"] for one in self.all(request.name)):
            return invalid("Release", "already_exists", "tag_name")
        status, after = self.github.ask("PATCH", path, body)
        if status == 200 and not after["draft"] and (publishes or "make_latest" in body):
            self.published(request, after, body)
        return self.answer(request, status, self.shown(request, after) if status == 200 else after)

    def by_tag(self, request, tag):
        tag = urllib.parse.unquote(tag)
        found = [one for one in self.all(request.name) if one["tag_name"] == tag and not one["draft"]]
        return self.answer(request, 200, self.shown(request, found[0])) if found else Answer(404, {"message": "Not Found"})

    def latest_one(self, request):
        number = self.latest.get(request.name.lower())
        if number is None:
            return Answer(404, {"message": "Not Found"})
        return self.answer(request, 200, self.shown(request, self.github.ask("GET", f"/repos/{request.name}/releases/{number}")[1]))

    def assets(self, request, number):
        status, release = self.github.ask("GET", f"/repos/{request.name}/releases/{number}")
        if status != 200:
            return Answer(404, {"message": "Not Found"})
        return self.github.with_own_addresses(request, self.github.paged(request, [self.shown_asset(one) for one in release["assets"]]))

    def upload(self, request, number):
        path = f"/repos/{request.name}/releases/{number}"
        status, release = self.github.ask("GET", path)
        if status != 200:
            return Answer(404, {"message": "Not Found"})
        name = re.sub(r"[^A-Za-z0-9._+-]+", ".", request.option("name", ""))
        if not name or any(one["name"] == name for one in release["assets"]):
            return invalid("ReleaseAsset", "already_exists", "name")
        kind = request.headers.get("content-type", "application/octet-stream")
        query = urllib.parse.urlencode({"name": name, **({"label": request.option("label")} if request.option("label") else {})})
        answer = self.github.send("POST", f"{path}/assets?{query}", request.body, kind)
        asset = json.loads(answer.body)
        self.contents[asset["id"]] = request.body
        if request.fault == "502-starter":
            self.starters.add(asset["id"])
            return Answer(502, b"<html>502 Bad Gateway</html>", {"Content-Type": "text/html"})
        return self.answer(request, 201, self.shown_asset(asset))

    def asset(self, request, number):
        answer = self.github.forward(request)
        if request.method == "GET" and answer.status == 200:
            if request.headers.get("accept") == "application/octet-stream":
                return Answer(200, self.contents.get(int(number), b""), {"Content-Type": "application/octet-stream"})
            return self.answer(request, 200, self.shown_asset(json.loads(answer.body)))
        return answer
