"""Independent clients drive the peers that relman is tested against: PyGithub the proxy, python-gitlab the stand-in.

Where a client and a peer disagree about a call, the peer is wrong. Faults, recording and git over HTTP are tried here, too.
"""

import hashlib
import pathlib
import subprocess

import github
import gitlab
import requests

import gitlab_planning
import git_http
from git_repository import GitRepository
from peers import Report, World
from traffic import address


def bare(world, name):
    """A bare repository with branches main and topic and the tags v1.0 (annotated) and light."""
    work, served = world.folder / "work" / name, world.served / f"{name}.git"
    work.mkdir(parents=True)
    git = world.git
    git(work, "init", "-q", "-b", "main")
    (work / "a").write_text("1\n")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "feat: begin")
    git(work, "tag", "-a", "-m", "one", "v1.0")
    git(work, "tag", "light")
    git(work, "checkout", "-q", "-b", "topic")
    (work / "a").write_text("2\n")
    git(work, "commit", "-q", "-a", "-m", "feat: more")
    git(work, "checkout", "-q", "main")
    served.parent.mkdir(parents=True, exist_ok=True)
    git(world.folder, "clone", "-q", "--bare", str(work), str(served))
    git(served, "config", "http.receivepack", "true")
    return work, served


def refused(report, what, status, call):
    try:
        value = call()
    except (github.GithubException, gitlab.exceptions.GitlabError) as error:
        code = getattr(error, "status", None) or getattr(error, "response_code", None)
        return report.equal(what, code, status)
    return report.check(what, False, f"it was not refused: {value!r}")


def drive_github(report, world):
    report.step("GitHub: PyGithub drives the emulator and its proxy")
    _, served = bare(world, "octo/tool")
    token = world.token("maintainer", "ghp_0123456789abcdefMAINTAINER")
    reader = world.token("reader", "ghp_reader-without-writes", may=lambda method, path: method == "GET")
    hub = world.start_github("octo", {"octo/tool": served})
    hub.strict = False  # PyGithub has its own habits of headers
    for api in ("", "/api/v3"):
        client = github.Github(base_url=address(hub.port, api), auth=github.Auth.Token(token.value), per_page=2, retry=0)
        report.equal(f"'{api}': the repository", client.get_repo("octo/tool").full_name, "octo/tool")
    repository = client.get_repo("octo/tool")
    report.equal("the user of the token", client.get_user().login, "maintainer")
    report.equal("scopes", client.oauth_scopes, ["repo", "workflow"])

    one, two = repository.create_milestone("0.6"), repository.create_milestone("0.7")
    refused(report, "a second milestone of a title", 422, lambda: repository.create_milestone("0.6"))
    issue = repository.create_issue("Broken", milestone=one, labels=["bug"])
    request = repository.create_pull("main", "topic", title="More", body="Closes #1")
    hub.pull_milestones[("octo/tool", request.number)] = one.number
    report.equal("open issues count requests", repository.get_milestone(one.number).open_issues, 2)
    report.equal("requests are among the issues", sorted(row.number for row in repository.get_issues(milestone=one, state="open")), [issue.number, request.number])
    report.check("and are told by a key", [row for row in repository.get_issues(milestone=one) if row.number == request.number][0].pull_request is not None)
    report.equal("head of a request is that of git", repository.get_pull(request.number).head.sha, GitRepository(served).commit("topic"))
    refused(report, "a second open request", 422, lambda: repository.create_pull("main", "topic", title="Again"))
    refused(report, "a request of a branch that is missing", 422, lambda: repository.create_pull("main", "none", title="None"))
    report.equal("requests by head", [row.number for row in repository.get_pulls(state="open", head="octo:topic")], [request.number])
    issue.edit(state="closed")
    one.edit("0.6", state="closed")
    report.equal("a milestone is closed", repository.get_milestone(one.number).state, "closed")
    report.equal("milestones of all states, by pages", sorted(row.title for row in repository.get_milestones(state="all")), ["0.6", "0.7"])

    head = GitRepository(served).commit("main")
    hub.pipelines.start(head, "main", looks=2)
    runs = requests.get(address(hub.port, f"/repos/octo/tool/commits/{head}/check-runs"), timeout=5).json()
    report.equal("a check runs", runs["check_runs"][0]["status"], "in_progress")
    runs = requests.get(address(hub.port, f"/repos/octo/tool/commits/{head}/check-runs"), timeout=5).json()
    report.equal("and ends", (runs["check_runs"][0]["status"], runs["check_runs"][0]["conclusion"]), ("completed", "success"))
    report.equal("check runs are as described", hub.description.answer_errors("GET", f"/repos/octo/tool/commits/{head}/check-runs", 200, runs), [])
    status = requests.get(address(hub.port, f"/repos/octo/tool/commits/{head}/status"), timeout=5).json()
    report.equal("without a status it is pending", (status["state"], status["total_count"]), ("pending", 0))

    ref = repository.get_git_ref("tags/v1.0")
    report.equal("an annotated tag is a tag object", ref.object.type, "tag")
    report.equal("which leads to its commit", repository.get_git_tag(ref.object.sha).object.sha, head)
    report.equal("a lightweight one is a commit", repository.get_git_ref("tags/light").object.type, "commit")
    report.equal("compare", (repository.compare("main", "topic").status, repository.compare("main", "topic").ahead_by), ("ahead", 1))
    report.equal("branch", repository.get_branch("topic").commit.sha, GitRepository(served).commit("topic"))

    draft = repository.create_git_release("v1.0", "1.0", "Notes\nof it", draft=True)
    refused(report, "a draft is hidden by tag", 404, lambda: repository.get_release("v1.0"))
    second = repository.create_git_release("v1.0", "1.0", "Notes", draft=True)
    report.equal("two drafts of a tag are possible", [row.tag_name for row in repository.get_releases()], ["v1.0", "v1.0"])
    second.delete_release()
    file = world.folder / "dist file.whl"
    file.write_bytes(b"wheel")
    asset = draft.upload_asset(str(file), name="dist file.whl", content_type="application/zip")
    report.equal("special characters become dots", asset.name, "dist.file.whl")
    refused(report, "a second asset of a name", 422, lambda: draft.upload_asset(str(file), name="dist.file.whl"))
    shown = requests.get(address(hub.port, f"/repos/octo/tool/releases/{draft.id}/assets"), headers={"Authorization": f"Bearer {token.value}"}, timeout=5).json()[0]
    report.equal("digest", shown["digest"], "sha256:" + hashlib.sha256(b"wheel").hexdigest())
    refused(report, "drafts are not the latest", 404, repository.get_latest_release)
    draft.update_release("1.0", "Notes\nof it", draft=False)
    report.equal("published, it is found by tag", repository.get_release("v1.0").draft, False)
    report.equal("bodies come back with CRLF", repository.get_release("v1.0").body, "Notes\r\nof it")
    report.equal("and it is the latest", repository.get_latest_release().tag_name, "v1.0")
    refused(report, "a second release of a published tag", 422, lambda: repository.create_git_release("v1.0", "1.0", "", draft=False))
    report.equal("nothing was wrong so far", [line for line in world.traffic.violations if "failed" in line], [])
    repository.create_git_release("v2.0", "2.0", "", draft=False)
    report.check("a release without its tag is noticed", any("published without its tag v2.0" in line for line in world.traffic.violations))
    light = GitRepository(served)
    report.equal("and makes a lightweight one", light.kind(light.refs().get("refs/tags/v2.0", "none")), "commit")

    other = github.Github(base_url=address(hub.port), auth=github.Auth.Token(reader.value), retry=0).get_repo("octo/tool")
    refused(report, "a token that may not write", 403, lambda: other.create_milestone("0.8"))
    unknown = github.Github(base_url=address(hub.port), auth=github.Auth.Token("ghp_nobody"), retry=0)
    refused(report, "an unknown token", 401, lambda: unknown.get_repo("octo/tool"))

    described = (
        f"commits/{head}/status", "git/ref/tags/v1.0", "git/matching-refs/tags/v", f"git/tags/{ref.object.sha}", "branches/topic", "compare/main...topic", "actions/runs",
        "releases", "releases/latest", "releases/tags/v1.0", f"releases/{draft.id}", f"releases/{draft.id}/assets", "milestones", "issues?state=all", "pulls?state=all",
        "rules/branches/main", "rulesets", "actions/secrets", "actions/variables", "actions/permissions/workflow",
    )  # fmt: skip
    for path in described:
        answer = requests.get(address(hub.port, f"/repos/octo/tool/{path}"), headers={"Authorization": f"Bearer {token.value}"}, timeout=5)
        errors = hub.description.answer_errors("GET", f"/repos/octo/tool/{path.partition('?')[0]}", answer.status_code, answer.json())
        report.equal(f"the answer of {path.partition('?')[0]} is as described", errors, [])

    # Requests as relman should send them, and what the description says of wrong ones.
    hub.strict = True
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "t", "Authorization": f"Bearer {token.value}"}
    base = address(hub.port, "/repos/octo/tool")

    def judged(what, words, method, path, **more):
        world.traffic.violations.clear()
        requests.request(method, base + path, headers={**headers, **more.pop("headers", {})}, timeout=5, **more)
        lines = world.traffic.violations
        report.check(what, (not lines) if words is None else any(words in line for line in lines), lines)

    judged("a request as described", None, "GET", "/milestones?state=all&per_page=100")
    judged("a body as described", None, "POST", "/releases", json={"tag_name": "light", "draft": True, "make_latest": "false"})
    judged("a state that is not one", "state", "GET", "/milestones?state=bogus")
    judged("a parameter that is not described", "milestone_title", "GET", "/issues?milestone_title=1")
    judged("a field that is not described", "make_lastest", "POST", "/releases", json={"tag_name": "light", "draft": True, "make_lastest": "false"})
    judged("a field that is missing", "tag_name", "POST", "/releases", json={"draft": True})
    judged("a word that is not one of them", "make_latest", "POST", "/releases", json={"tag_name": "light", "draft": True, "make_latest": "sure"})
    judged("a call that is not described", "not among the calls", "GET", "/collaborators")
    judged("a header that is missing", "X-GitHub-Api-Version", "GET", "/milestones", headers={"X-GitHub-Api-Version": ""})
    judged("an update that publishes without make_latest", "make_latest", "PATCH", f"/releases/{draft.id}", json={"draft": False})
    judged("an asset at the API's address", "upload_url", "POST", f"/releases/{draft.id}/assets?name=b", data=b"b", headers={"Content-Type": "application/zip"})
    judged("a token in the address", "outside its header", "GET", f"/milestones?title={token.value}")
    world.traffic.violations.clear()


def drive_gitlab(report, world):
    report.step("GitLab: python-gitlab drives the stand-in")
    work, served = bare(world, "group/sub/app")
    token = world.token("developer", "glpat-0123456789abcdefghij", login="carol", scopes=("api",))
    reader = world.token("read-only", "glpat-reads-alone-0123456", scopes=("read_api",))
    job = world.token("job", "glcbt-64_job-token-012345", kind="job", scopes=())
    lab = world.start_gitlab()
    group = lab.add_group("group")
    project = lab.add_project("group/sub/app", GitRepository(served), groups=[group])
    lab.strict = False
    url = address(lab.port)
    client = gitlab.Gitlab(url, private_token=token.value, retry_transient_errors=False, per_page=2)
    client.auth()
    report.equal("the user of the token", client.user.username, "carol")
    report.equal("the project by path", client.projects.get("group/sub/app").id, project.id)
    app = client.projects.get(project.id)
    report.equal("the project by id", app.path_with_namespace, "group/sub/app")
    report.equal("scopes", client.personal_access_tokens.get("self").scopes, ["api"])

    of_group = gitlab_planning.add_milestone(lab, group, "2026 Q3")
    milestone = app.milestones.create({"title": "0.5"})
    report.check("id and iid differ", milestone.id != milestone.iid, milestone)
    report.equal("by exact title", [row.id for row in app.milestones.list(title="0.5", get_all=True)], [milestone.id])
    report.equal("a group's with ancestors", [row.id for row in app.milestones.list(title="2026 Q3", include_ancestors=True, get_all=True)], [of_group["id"]])
    report.equal("and not without", app.milestones.list(title="2026 Q3", get_all=True), [])
    report.equal("by iid", [row.title for row in app.milestones.list(iids=[milestone.iid], get_all=True)], ["0.5"])
    refused(report, "a title that is taken by the group", 400, lambda: app.milestones.create({"title": "2026 Q3"}))
    refused(report, "an iid in a path", 404, lambda: app.milestones.get(milestone.iid))
    row = next(one for one in project.milestones if one["id"] == milestone.id)
    for number in range(5):
        gitlab_planning.add_issue(lab, project, f"Issue {number}", milestone=row, state="closed" if number else "opened")
    gitlab_planning.add_issue(lab, project, "Elsewhere")
    report.equal("scope=all lists others' issues, by pages", len(app.issues.list(milestone="0.5", scope="all", get_all=True)), 5)
    report.equal("without it only own ones", len(app.issues.list(milestone="0.5", get_all=True)), 0)
    report.equal("open ones", [one.title for one in app.issues.list(milestone="0.5", state="opened", scope="all", get_all=True)], ["Issue 0"])
    merge_request = app.mergerequests.create({"source_branch": "topic", "target_branch": "main", "title": "More"})
    refused(report, "a second open one of these branches", 409, lambda: app.mergerequests.create({"source_branch": "topic", "target_branch": "main", "title": "Again"}))
    refused(report, "a source that is missing", 400, lambda: app.mergerequests.create({"source_branch": "none", "target_branch": "main", "title": "None"}))
    report.equal("by branches", [one.iid for one in app.mergerequests.list(source_branch="topic", target_branch="main", state="opened", scope="all", get_all=True)], [merge_request.iid])
    merge_request.notes.create({"body": "<!-- relman:x -->"})
    report.equal("a note", [note.body for note in merge_request.notes.list(get_all=True)], ["<!-- relman:x -->"])
    merge_request.title = "More of it"
    merge_request.save()
    report.equal("an update", app.mergerequests.get(merge_request.iid).title, "More of it")
    milestone.state_event = "close"
    milestone.save()
    report.equal("a milestone is closed", app.milestones.get(milestone.id).state, "closed")
    milestone.save()
    report.equal("and stays closed", app.milestones.get(milestone.id).state, "closed")

    head = project.repository.commit("main")
    report.equal("no pipeline", app.pipelines.list(sha=head, ref="main", get_all=True), [])
    lab.pipelines.start(head, "main", looks=2)
    report.equal("running", [one.status for one in app.pipelines.list(sha=head, ref="main", get_all=True)], ["running"])
    report.equal("then success", [one.status for one in app.pipelines.list(sha=head, ref="main", get_all=True)], ["success"])
    pipeline = app.pipelines.list(sha=head, get_all=True)[0]
    report.equal("its jobs", [one.name for one in pipeline.jobs.list(get_all=True)], ["test"])
    report.equal("none failed", pipeline.jobs.list(scope="failed", get_all=True), [])
    report.equal("statuses", [one.status for one in app.commits.get(head).statuses.list(get_all=True)], ["success"])

    report.equal("a tag", (app.tags.get("v1.0").commit["id"], app.tags.get("v1.0").target), (head, project.repository.refs()["refs/tags/v1.0"]))
    project.protected_tags.append({"name": "v*", "create_access_levels": [{"access_level": 40, "user_id": None, "group_id": None, "access_level_description": "Maintainers"}]})
    report.equal("protected tags", [one.name for one in app.protectedtags.list(get_all=True)], ["v*"])
    release = app.releases.create({"tag_name": "v1.0", "name": "App 1.0", "description": "Notes", "milestones": ["0.5"]})
    report.equal("a release", (release.tag_name, release.commit["id"], release.milestones[0]["title"]), ("v1.0", head, "0.5"))
    refused(report, "a second one of a tag", 409, lambda: app.releases.create({"tag_name": "v1.0", "name": "x", "description": "x"}))
    refused(report, "a milestone that is missing", 400, lambda: app.releases.create({"tag_name": "light", "milestones": ["none"]}))
    refused(report, "a tag that is missing", 422, lambda: app.releases.create({"tag_name": "v9", "name": "x", "description": "x"}))
    report.check("which is noticed", any("v9, which was not pushed" in line for line in world.traffic.violations), world.traffic.violations)
    world.traffic.violations.clear()
    link = release.links.create({"name": "wheel", "url": "https://example.com/a.whl", "link_type": "package"})
    report.equal("a link", [one.id for one in app.releases.get("v1.0").links.list(get_all=True)], [link.id])
    refused(report, "a second link of a name", 400, lambda: release.links.create({"name": "wheel", "url": "https://example.com/b.whl"}))
    release.links.create({"name": "gone", "url": "https://example.com/gone"}).delete()
    report.equal("a link is deleted", [one.name for one in release.links.list(get_all=True)], ["wheel"])
    app.releases.update("v1.0", {"description": "Notes of it"})
    report.equal("an update of a release", app.releases.get("v1.0").description, "Notes of it")
    file = world.folder / "a.whl"
    file.write_bytes(b"wheel")
    app.generic_packages.upload("app", "1.0", "a.whl", str(file))
    app.generic_packages.upload("app", "1.0", "a.whl", str(file))
    files = app.packages.list(package_name="app", get_all=True)[0].package_files.list(get_all=True)
    report.equal("a second upload adds a file", [one.file_name for one in files], ["a.whl", "a.whl"])
    report.equal("a download", app.generic_packages.download("app", "1.0", "a.whl"), b"wheel")

    project.variables.append({"key": "GHCR_TOKEN", "value": "a-value-that-must-not-be-seen", "masked": True, "protected": True})
    report.equal("variables come with values", app.variables.list(get_all=True)[0].value, "a-value-that-must-not-be-seen")
    limited = gitlab.Gitlab(url, private_token=reader.value).projects.get(project.id)
    refused(report, "a token that reads alone", 403, lambda: limited.milestones.create({"title": "0.6"}))
    of_job = gitlab.Gitlab(url, job_token=job.value).projects.get(project.id, lazy=True)
    refused(report, "a job's token lists no milestones", 401, lambda: of_job.milestones.list(get_all=True))
    report.equal("but does releases", of_job.releases.create({"tag_name": "light", "name": "Light", "description": "x"}).tag_name, "light")
    nobody = gitlab.Gitlab(url, private_token="glpat-nobody")
    refused(report, "an unknown token", 401, lambda: nobody.projects.get(project.id))
    world.traffic.faults = {len(world.traffic.records) + 1: "429"}
    answer = requests.get(address(lab.port, f"/api/v4/projects/{project.id}"), headers={"PRIVATE-TOKEN": token.value}, timeout=5)
    report.equal("429 is plain text", (answer.status_code, answer.text, answer.headers["Retry-After"]), (429, "Retry later\n", "1"))
    lab.moved["group/old"] = "group/sub/app"
    answer = requests.get(address(lab.port, "/api/v4/projects/group%2Fold"), headers={"PRIVATE-TOKEN": token.value}, timeout=5)
    report.equal("a project that moved is followed", answer.json()["id"], project.id)
    report.equal("python-gitlab and the stand-in agree", world.traffic.violations, [])
    return work


def drive_git(report, world, work):
    report.step("git over HTTP: authentication, update hooks, and faults")
    served = world.served / "group/sub/app.git"
    token = next(one for one in world.traffic.tokens if one.name == "developer")
    git = world.git
    world.credentials(token)
    git(work, "remote", "add", "origin", world.remote("group/sub/app"))
    git(work, "fetch", "-q", "origin")

    def push(*refs, code=0):
        command = ["git", "-C", str(work), "push", "--atomic", "origin", *refs]
        done = subprocess.run(command, capture_output=True, text=True, env=world.environment(), check=False)
        return report.check(f"push of {' '.join(refs)}: {'done' if code == 0 else 'refused'}", (done.returncode == 0) == (code == 0), done.stderr)

    def there(name):
        return GitRepository(served).commit(name)

    for number in range(5):
        git(work, "tag", "-a", "-m", "x", f"t{number}")
    push("t0")
    report.check("a pushed tag starts a pipeline", world.gitlab.pipelines.of(ref="t0") != [])
    git_http.hook(served, refuse="refs/tags/t1")
    push("t1", "t2", code=1)
    report.equal("of two tags, one of which is refused, none arrives", (there("t1"), there("t2")), (None, None))
    git_http.hook(served, cut="refs/tags/t2")
    push("t2", code=1)
    report.equal("a line that is cut in the hook: it does not arrive", there("t2"), None)
    git_http.hook(served, sleep="refs/tags/t2", seconds=1)
    push("t2")
    git_http.hook(served)
    last = [entry for entry in world.traffic.list("git")]
    report.check("requests of git are recorded", any(line.endswith("/git-receive-pack") and line.startswith("POST") for line in last), last)
    # GET info/refs without and with credentials, POST: the third is the one that carries it out.
    begun = len(world.traffic.records)
    push("t3")
    steps = len(world.traffic.records) - begun
    world.traffic.faults = {len(world.traffic.records) + steps: "cut-after"}
    push("t4", code=1)
    report.check("an answer that is lost: it arrived", there("t4") is not None)
    (world.home / ".gitconfig").unlink()
    git(work, "tag", "t5")
    push("t5", code=1)
    drive_ssh(report, world, work, served)


def drive_ssh(report, world, work, served):
    if not pathlib.Path("/usr/sbin/sshd").exists():
        report.check("ssh: sshd is missing, left out", True)
        return
    from git_ssh import start

    command, base = start(world)
    url = f"{base}{served}"
    done = subprocess.run(["git", "-C", str(work), "push", url, "t5"], capture_output=True, text=True, env=world.environment(GIT_SSH_COMMAND=command), check=False)
    report.check("a push over ssh", done.returncode == 0 and GitRepository(served).commit("t5"), done.stderr)


def main():
    report = Report("clients")
    with World("github") as world:
        drive_github(report, world)
    with World("gitlab") as world:
        work = drive_gitlab(report, world)
        drive_git(report, world, work)
    report.end()


if __name__ == "__main__":
    main()
