"""A small GitLab with a memory: the calls of REST v4 that releases need, written from its documentation. No real one can run here.

python-gitlab, an independent client, drives it in the same tests (clients.py): where the two disagree about a request's form, this
file is wrong. Calls that it does not know, parameters that GitLab does not have, and requests that a release must never send are
recorded as violations. A call that a token may not make is refused as GitLab does: 401 without one, 403 for a role or a scope, 404
for what is hidden, and a job's own token can do releases and packages alone.
"""

import re
import urllib.parse

import gitlab_ci
import gitlab_planning
import gitlab_releases
from gitlab_call import GUEST, MAINTAINER, Call, level_of, message, missing, person
from traffic import Answer, address, page

BASE = "/api/v4"
# What a job's own token can do: releases, their links, packages, and its job.
OF_A_JOB = re.compile(r"(projects/[^/]+/(releases|packages)(/.*)?|job)")


class Project:
    def __init__(self, number, path, repository, groups=(), visibility="private"):
        self.id, self.path, self.repository, self.groups, self.visibility = number, path, repository, list(groups), visibility
        self.default_branch = "main"
        self.milestones, self.issues, self.merge_requests, self.notes = [], [], [], []
        self.releases, self.packages, self.package_files = [], [], []
        self.protected_tags, self.protected_branches, self.variables = [], [], []
        self.refuses_duplicates = False
        self.can_be_pushed_by_jobs = False

    @property
    def url_path(self):
        return urllib.parse.quote(self.path)


class Group:
    def __init__(self, number, path):
        self.id, self.path, self.milestones, self.variables = number, path, [], []


class GitLab:
    name = "gitlab"

    def __init__(self, traffic, pipelines):
        self.traffic, self.pipelines = traffic, pipelines
        self.port = 0  # set by who starts the server
        self.strict = True  # off for clients of others, whose choices are not judged
        self.projects, self.groups, self.moved = [], [], {}
        self.next_id = 7000  # never the same as an iid
        self.clock = 0
        self.calls = [*gitlab_planning.calls(), *gitlab_ci.calls(), *gitlab_releases.calls(), *own_calls()]

    # State.

    def add_group(self, path):
        self.groups.append(Group(self.new_id(), path))
        return self.groups[-1]

    def add_project(self, path, repository, groups=(), **more):
        self.projects.append(Project(self.new_id(), path, repository, groups, **more))
        return self.projects[-1]

    def new_id(self):
        self.next_id += 1
        return self.next_id

    def now(self):
        """Each moment is a second after the one before, so orders are certain."""
        self.clock += 1
        return f"2026-06-01T{self.clock // 3600 % 24:02}:{self.clock // 60 % 60:02}:{self.clock % 60:02}.000Z"

    def observe(self):
        for project in self.projects:
            self.pipelines.pushed(project.repository.moved())

    def url(self, path=""):
        return address(self.port, path)

    # What a request meets, in order.

    def respond(self, request):
        self.observe()
        if not request.path.startswith(BASE + "/"):
            return Answer(200, b"<!DOCTYPE html><html><body>Sign in - GitLab</body></html>", {"Content-Type": "text/html"})
        request.rest = request.path[len(BASE) + 1 :]
        if "private_token" in dict(request.query) or "job_token" in dict(request.query):
            self.traffic.violation(request, "a token in the address")
        found = [(call, call.pattern.fullmatch(request.rest)) for call in self.calls if call.method == request.method]
        call, match = next(((call, match) for call, match in found if match), (None, None))
        if call is None:
            self.traffic.violation(request, "a call that the stand-in does not know")
            return Answer(404, {"error": "404 Not Found"})
        self.judge(request, call)
        refused = self.refuse(request, call)
        if refused:
            return refused
        arguments = [urllib.parse.unquote(one) if one is not None else None for one in match.groups()]
        if request.rest.startswith("projects/"):
            project, answer = self.project(request, arguments[0])
            if answer:
                return answer
            arguments[0] = project
        elif request.rest.startswith("groups/"):
            group = next((one for one in self.groups if arguments[0] in (one.path, str(one.id))), None)
            if group is None:
                return missing("Group")
            arguments[0] = group
        answer = call.act(self, request, *arguments)
        answer.headers.setdefault("RateLimit-Limit", "2000")
        answer.headers.setdefault("RateLimit-Remaining", "1999")
        answer.headers.setdefault("RateLimit-Reset", "4102444800")
        return answer

    def judge(self, request, call):
        names = {re.sub(r"\[\w*\]$", "", name) for name, _ in request.query}
        for name in sorted(names - call.query):
            self.traffic.violation(request, f"query parameter {name} is not one of this call")
        is_json = request.headers.get("content-type", "").startswith("application/json")
        if request.body and call.body != {"*"}:
            if not is_json:
                self.traffic.violation(request, f"Content-Type is {request.headers.get('content-type')!r}, expected application/json")
            else:
                for name in sorted(set(request.json()) - call.body):
                    self.traffic.violation(request, f"field {name} is not one of this call")
        if not self.strict:
            return
        if re.fullmatch(r"projects/[^/]+/(issues|merge_requests)", request.rest) and request.method == "GET" and request.option("scope") != "all":
            self.traffic.violation(request, "scope=all is missing: only what the token's owner created would be listed")
        if request.method == "DELETE" and "/assets/links/" not in request.rest:
            self.traffic.violation(request, "nothing but a broken link is deleted")
        if not request.headers.get("user-agent"):
            self.traffic.violation(request, "User-Agent is missing")

    def refuse(self, request, call):
        token = request.token
        if token in (None, "unknown"):
            return message(401, "401 Unauthorized")
        if token.kind == "job":
            if "job-token" not in request.headers:
                return message(401, "401 Unauthorized")
            return None if OF_A_JOB.fullmatch(request.rest) else message(401, "401 Unauthorized")
        if "job-token" in request.headers or request.rest == "job":
            return message(401, "401 Unauthorized")
        if "api" not in token.scopes and call.scope not in token.scopes:
            return Answer(403, {"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided by the access token.", "scope": "api"})
        if level_of(token) < call.level or not token.may(request.method, f"/{request.rest}"):
            return message(403, "403 Forbidden")
        return None

    def project(self, request, name):
        moved = self.moved.get(name)
        if moved and request.method == "GET":
            target = request.target.replace(urllib.parse.quote(name, safe=""), urllib.parse.quote(moved, safe=""))
            return None, message(301, "Moved", Location=self.url(target))
        found = next((one for one in self.projects if name in (str(one.id), one.path)), None)
        hidden = found and found.visibility == "private" and not sees(request.token, found)
        if found is None or hidden:
            return None, missing("Project")
        return found, None

    def refusal(self, status):
        if status == 429:
            return Answer(429, b"Retry later\n", {"Content-Type": "text/plain", "Retry-After": "1", "RateLimit-Remaining": "0"})
        words = {401: "401 Unauthorized", 403: "403 Forbidden", 404: "404 Not Found", 500: "500 Internal Server Error"}
        return message(status, words.get(status, f"{status}"))

    def paged(self, request, rows):
        some, headers = page(request, rows, self.url(request.path), 20)
        number, per = int(request.option("page", 1)), int(request.option("per_page", 20))
        headers.update({"X-Page": str(number), "X-Per-Page": str(per), "X-Next-Page": str(number + 1) if number * per < len(rows) else ""})
        return Answer(200, some, headers)


def sees(token, project):
    projects = getattr(token, "projects", None)
    return projects is None or project.path in projects


# Projects and tokens.


def show_project(gitlab, request, project):
    level = level_of(request.token)
    namespace = project.path.rpartition("/")[0]
    return Answer(200, {
        "id": project.id, "path": project.path.rpartition("/")[2], "name": project.path.rpartition("/")[2], "path_with_namespace": project.path,
        "default_branch": project.default_branch, "visibility": project.visibility, "web_url": gitlab.url(f"/{project.path}"), "archived": False,
        "namespace": {"id": project.groups[0].id if project.groups else 1, "full_path": namespace, "kind": "group" if project.groups else "user"},
        "permissions": {"project_access": {"access_level": level, "notification_level": 3}, "group_access": None},
        "ci_push_repository_for_job_token_allowed": project.can_be_pushed_by_jobs, "merge_method": "merge", "issues_enabled": True,
        "only_allow_merge_if_pipeline_succeeds": False, "releases_access_level": "enabled",
    })  # fmt: skip


def show_group(_gitlab, _request, group):
    return Answer(200, {"id": group.id, "full_path": group.path, "path": group.path.rpartition("/")[2], "name": group.path})


def show_user(gitlab, request):
    return Answer(200, {**person(request.token.login), "web_url": gitlab.url(f"/{request.token.login}")})


def show_token(_gitlab, request):
    return Answer(200, {"id": 1, "name": request.token.name, "revoked": False, "active": True, "scopes": list(request.token.scopes), "user_id": person(request.token.login)["id"],
                        "created_at": "2026-01-01T00:00:00.000Z", "last_used_at": None, "expires_at": getattr(request.token, "expires_at", "2027-01-01")})  # fmt: skip


def show_job(gitlab, request):
    if request.token.kind != "job":
        return message(401, "401 Unauthorized")
    project = gitlab.projects[0]
    return Answer(200, {"id": 1, "name": "release", "stage": "deploy", "status": "running", "ref": project.default_branch, "tag": False, "user": person(request.token.login),
                        "pipeline": {"id": 1, "project_id": project.id, "sha": project.repository.commit("HEAD"), "status": "running"}, "web_url": gitlab.url("/-/jobs/1")})  # fmt: skip


def show_version(_gitlab, _request):
    return Answer(200, {"version": "18.5.0", "revision": "abcdef", "kas": {"enabled": False}, "enterprise": False})


def variable(row):
    return {"key": row["key"], "value": row["value"], "variable_type": "env_var", "protected": row.get("protected", False), "masked": row.get("masked", False),
            "hidden": False, "raw": False, "environment_scope": row.get("environment_scope", "*"), "description": None}  # fmt: skip


def list_variables(gitlab, request, owner):
    return gitlab.paged(request, [variable(row) for row in owner.variables])


def show_variable(_gitlab, _request, owner, key):
    return next((Answer(200, variable(row)) for row in owner.variables if row["key"] == key), missing("Variable"))


def own_calls():
    project, group = r"projects/([^/]+)", r"groups/([^/]+)"
    return [
        Call("GET", project, show_project, GUEST, query="statistics license"),
        Call("GET", group, show_group, GUEST, query="with_projects with_custom_attributes"),
        Call("GET", r"user", show_user, GUEST, scope="read_user"),
        Call("GET", r"personal_access_tokens/self", show_token, 0, scope="any"),
        Call("GET", r"job", show_job, 0),
        Call("GET", r"version|metadata", show_version, 0),
        Call("GET", rf"{project}/variables", list_variables, MAINTAINER, scope="api"),
        Call("GET", rf"{project}/variables/([^/]+)", show_variable, MAINTAINER, query="filter", scope="api"),
        Call("GET", rf"{group}/variables", list_variables, MAINTAINER, scope="api"),
        Call("GET", rf"{group}/variables/([^/]+)", show_variable, MAINTAINER, query="filter", scope="api"),
    ]
