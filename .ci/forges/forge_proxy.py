"""GitHub, as far as relman needs it: a thin proxy in front of an independent emulator (npm `emulate`, see peers.py).

What it adds, because the emulator cannot do it:
- every request is held against GitHub's own description (github_description.py), and against what releases must never send;
- refs, tags, branches and comparisons are those of the git server, and a push starts check runs (the emulator has no git transport);
- commit statuses and check runs, rules, secrets and variables: not in the emulator, or bound to commits that it does not know;
- releases: a draft is hidden from `releases/tags/{tag}`, two drafts of one tag are possible, publishing makes a tag that is missing,
  `make_latest` decides `releases/latest`, bodies come back with CRLF, `immutable`, uploads at an address of their own;
- assets: `digest`, a second one of a name is refused, special characters in names become dots, a broken upload leaves a `starter`;
- milestones: a second one of a title is refused, requests count among the open issues, and are among the issues;
- requests: head and base are those of the git server, a second open one is refused, `head` without owner filters nothing;
- tokens with names, permissions and scopes.
All else is forwarded, and is the emulator's answer.
"""

import http.client
import json
import re
import urllib.parse

import github_git
import github_releases
from github_answers import invalid, refusal
from traffic import HOST, Answer, address, page

BASES = ("/api/v3", "/api/uploads", "/uploads", "")
RATE = {"Limit": "5000", "Remaining": "4999", "Used": "1", "Reset": "4102444800", "Resource": "core"}


def as_person(login):
    """The token by which the emulator knows a person."""
    return f"emulator-{login}"


class GitHub:
    name = "github"

    def __init__(self, traffic, emulator_port, repositories, description, pipelines):
        self.traffic, self.emulator_port, self.description, self.pipelines = traffic, emulator_port, description, pipelines
        self.repositories = {name.lower(): repository for name, repository in repositories.items()}
        self.owner = next(iter(repositories)).split("/")[0]
        self.port = 0  # set by who starts the server
        self.strict = True  # off for clients of others, whose requests are not judged
        self.statuses, self.pull_milestones, self.merged, self.pull_refs = {}, {}, {}, {}
        self.releases = github_releases.Releases(self)
        self.rules, self.rulesets = [], []
        self.secrets, self.variables, self.organization_secrets = [], [], []
        self.workflow_permissions = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}

    # What a request meets, in order.

    def respond(self, request):
        base = next(one for one in BASES if request.path.startswith(one + "/"))
        request.base, request.api_path = base, request.path[len(base) :]
        if self.strict:
            for error in self.description.request_errors(request, request.api_path) + self.policy(request):
                self.traffic.violation(request, error)
        if request.token == "unknown":
            return refusal(401, "Bad credentials")
        if request.token is None and (request.method != "GET" or request.api_path == "/user"):
            return refusal(401, "Requires authentication")
        if request.token and not request.token.may(request.method, request.api_path):
            return refusal(403, "Resource not accessible by integration")
        parts = request.api_path.split("/")
        request.name, request.repository = None, None
        if parts[1] == "repos" and len(parts) > 3:
            request.name = urllib.parse.unquote("/".join(parts[2:4]))
            request.repository = self.repositories.get(request.name.lower())
            if request.repository is None:
                return refusal(404, "Not Found")
            request.rest = "/".join(parts[4:])
        else:
            request.rest = request.api_path[1:]
        self.observe()
        answer = self.own(request) or self.forward(request)
        answer.headers.update({f"X-RateLimit-{name}": value for name, value in RATE.items()})
        if request.token:
            answer.headers["X-OAuth-Scopes"] = ", ".join(request.token.scopes)
        return answer

    def policy(self, request):
        """What is allowed by the description, and wrong for a release."""
        path, found = request.api_path, []
        if re.search(r"/releases/\d+$", path) and request.method == "PATCH":
            body = request.json()
            if "tag_name" in body:
                found.append("tag_name in an update moves the release to another tag")
            if "make_latest" not in body and body.get("draft") is False:
                found.append("make_latest is missing, which makes it the latest one")
        if path.endswith("/pulls") and request.method == "GET" and ":" not in (request.option("head") or ":"):
            found.append("head without its owner filters nothing")
        if re.search(r"/releases/\d+/assets$", path) and request.method == "POST" and "uploads" not in request.base:
            found.append("an asset goes to the address of upload_url")
        if request.method == "DELETE" and "/releases/assets/" not in path:
            found.append("nothing but a broken asset is deleted")
        return found

    def refusal(self, status):
        if status == 429 or status == 403:
            return Answer(status, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "1"})
        return refusal(status, {401: "Bad credentials", 404: "Not Found"}.get(status, "Server Error"))

    def observe(self):
        for repository in self.repositories.values():
            self.pipelines.pushed(repository.moved())

    # What the emulator is asked.

    def ask(self, method, path, body=None, login=None):
        """A question of the proxy itself, or of a test in a person's name: status and value."""
        answer = self.send(method, path, json.dumps(body).encode() if body is not None else b"", login=login)
        return answer.status, json.loads(answer.body or b"null")

    def all(self, path):
        """All pages of a list."""
        rows, number = [], 1
        while True:
            status, some = self.ask("GET", f"{path}{'&' if '?' in path else '?'}per_page=100&page={number}")
            if status != 200:
                raise RuntimeError(f"{path}: {status} {some}")
            rows, number = rows + some, number + 1
            if len(some) < 100:
                return rows

    def send(self, method, target, body=b"", content_type="application/json", login=None, is_anonymous=False):
        headers = {"Accept": "application/vnd.github+json", "Content-Type": content_type, "Content-Length": str(len(body))}
        if not is_anonymous:
            headers["Authorization"] = f"Bearer {as_person(login or self.owner)}"
        connection = http.client.HTTPConnection(HOST, self.emulator_port, timeout=30)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            kept = {name.title(): value for name, value in answer.getheaders() if name.lower() in ("content-type", "link")}
            return Answer(answer.status, answer.read(), kept)
        finally:
            connection.close()

    def forward(self, request, body=None):
        target = request.api_path + ("?" + urllib.parse.urlencode(request.query) if request.query else "")
        answer = self.send(request.method, target, request.body if body is None else body, is_anonymous=request.token is None)
        return self.with_own_addresses(request, answer)

    def with_own_addresses(self, request, answer):
        theirs, ours = address(self.emulator_port).encode(), address(self.port, request.base).encode()
        answer.body = answer.body.replace(theirs, ours)
        answer.headers = {name: value.replace(theirs.decode(), ours.decode()) for name, value in answer.headers.items()}
        return answer

    def url(self, request, path=""):
        return address(self.port, f"{request.base}/repos/{request.name}/{path}")

    # What the proxy answers by itself.

    ROUTES = [
        ("GET|POST", r"milestones", "milestones"),
        ("GET|PATCH", r"milestones/(\d+)", "milestone"),
        ("GET", r"issues", "issues"),
        ("GET|POST", r"pulls", "pulls"),
        ("GET|PATCH", r"pulls/(\d+)", "pull"),
        ("GET", r"rules/branches/(.+)", "rules_of"),
        ("GET", r"rulesets", "all_rulesets"),
        ("GET", r"rulesets/(\d+)", "one_ruleset"),
        ("GET", r"actions/(secrets|variables|organization-secrets)", "names"),
        ("GET", r"actions/permissions/workflow", "workflow_permission"),
        ("GET", r"user", "user"),
    ]

    def own(self, request):
        for handler, routes in ((self, self.ROUTES), (self.releases, self.releases.ROUTES)):
            for methods, pattern, name in routes:
                match = re.fullmatch(pattern, request.rest)
                if match and request.method in methods.split("|"):
                    return getattr(handler, name)(request, *match.groups())
        if request.repository:
            return github_git.respond(self, request)
        return None

    def paged(self, request, rows):
        some, headers = page(request, rows, self.url(request, request.rest), 30)
        return Answer(200, some, headers)

    def milestones(self, request):
        if request.method == "POST":
            title = request.json().get("title")
            if any(one["title"] == title for one in self.all(f"/repos/{request.name}/milestones?state=all")):
                return invalid("Milestone", "already_exists", "title")
            return self.forward(request)
        # The emulator begins at the other end than GitHub.
        request.query.append(("direction", request.option("direction", "asc")))
        answer = self.forward(request)
        if answer.status == 200:
            answer.body = json.dumps([self.with_requests(request.name, one) for one in json.loads(answer.body)]).encode()
        return answer

    def milestone(self, request, _number):
        answer = self.forward(request)
        if answer.status == 200:
            answer.body = json.dumps(self.with_requests(request.name, json.loads(answer.body))).encode()
        return answer

    def with_requests(self, name, milestone):
        """GitHub counts issues and requests together."""
        for pull in self.all(f"/repos/{name}/pulls?state=all"):
            if self.pull_milestones.get((name.lower(), pull["number"])) == milestone["number"]:
                milestone["open_issues" if pull["state"] == "open" else "closed_issues"] += 1
        return milestone

    def issues(self, request):
        milestone, state = request.option("milestone"), request.option("state", "open")
        filters = {key: value for key, value in request.query if key in ("milestone", "labels", "since")}
        rows = self.all(f"/repos/{request.name}/issues?{urllib.parse.urlencode({**filters, 'state': state})}")
        for pull in self.all(f"/repos/{request.name}/pulls?state={state}"):
            own = self.pull_milestones.get((request.name.lower(), pull["number"]))
            if milestone is None or milestone == str(own) or (milestone == "*" and own is not None):
                rows.append(self.as_issue(request, self.with_git(request, pull)))
        rows.sort(key=lambda row: row["number"], reverse=request.option("direction", "desc") == "desc")
        return self.with_own_addresses(request, self.paged(request, rows))

    def as_issue(self, request, pull):
        keys = ("id", "node_id", "number", "title", "body", "state", "user", "labels", "assignees", "assignee", "milestone", "locked", "comments",
                "created_at", "updated_at", "closed_at", "html_url", "draft", "author_association")  # fmt: skip
        issue = {key: pull.get(key) for key in keys}
        url = self.url(request, f"issues/{pull['number']}")
        issue.update({"url": url, "repository_url": self.url(request), "labels_url": f"{url}/labels{{/name}}", "comments_url": f"{url}/comments", "events_url": f"{url}/events"})
        issue["pull_request"] = {"url": pull["url"], "html_url": pull["html_url"], "diff_url": None, "patch_url": None, "merged_at": pull["merged_at"]}
        return issue

    def pulls(self, request):
        name, repository = request.name, request.repository
        if request.method == "GET":
            request.query = [pair for pair in request.query if pair[0] != "head" or ":" in pair[1]]
            answer = self.forward(request)
            if answer.status == 200:
                answer.body = json.dumps([self.with_git(request, one) for one in json.loads(answer.body)]).encode()
            return answer
        body = request.json()
        head, base = str(body.get("head")).rpartition(":")[2], str(body.get("base"))
        for field, branch in (("head", head), ("base", base)):
            if f"refs/heads/{branch}" not in repository.refs():
                return invalid("PullRequest", "invalid", field)
        if repository.holds(f"refs/heads/{base}", f"refs/heads/{head}"):
            return invalid("PullRequest", "custom", "", message=f"No commits between {base} and {head}")
        owner = name.split("/")[0]
        if any(one["head"]["ref"] == head and one["base"]["ref"] == base for one in self.all(f"/repos/{name}/pulls?state=open")):
            return invalid("PullRequest", "custom", "", message=f"A pull request already exists for {owner}:{head}.")
        answer = self.forward(request)
        if answer.status == 201:
            answer.body = json.dumps(self.with_git(request, json.loads(answer.body))).encode()
        return answer

    def pull(self, request, _number):
        answer = self.forward(request)
        if answer.status == 200:
            answer.body = json.dumps(self.with_git(request, json.loads(answer.body))).encode()
        return answer

    def with_git(self, request, pull):
        for side in ("head", "base"):
            pull[side]["sha"] = request.repository.commit(f"refs/heads/{pull[side]['ref']}") or pull[side]["sha"]
        merged = self.merged.get((request.name.lower(), pull["number"]))
        if merged:
            pull.update({"state": "closed", "merged": True, "merge_commit_sha": merged["commit"], "merged_at": merged["at"], "closed_at": merged["at"]})
        number = self.pull_milestones.get((request.name.lower(), pull["number"]))
        if number is not None:
            pull["milestone"] = self.ask("GET", f"/repos/{request.name}/milestones/{number}")[1]
        return pull

    def rules_of(self, request, branch):
        return self.paged(request, [rule for rule in self.rules if rule.get("branch") in (None, urllib.parse.unquote(branch))])

    def all_rulesets(self, request):
        return self.paged(request, self.rulesets)

    def one_ruleset(self, _request, number):
        return next((Answer(200, one) for one in self.rulesets if one["id"] == int(number)), refusal(404, "Not Found"))

    def names(self, request, kind):
        if request.token is None or request.token.kind == "job":
            return refusal(403, "Resource not accessible by integration")
        rows = {"secrets": self.secrets, "variables": self.variables, "organization-secrets": self.organization_secrets}[kind]
        some, headers = page(request, rows, self.url(request, request.rest), 30)
        return Answer(200, {"total_count": len(rows), kind.replace("organization-", ""): some}, headers)

    def workflow_permission(self, _request):
        return Answer(200, self.workflow_permissions)

    def user(self, request):
        status, value = self.ask("GET", f"/users/{request.token.login}")
        return Answer(status, value)
