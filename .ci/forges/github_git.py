"""What GitHub tells of refs, commits and their checks, read off the repository of the git server."""

import re
import urllib.parse

from traffic import Answer, page


def respond(github, request):
    if request.method != "GET":
        return None
    for pattern, answer in ROUTES:
        match = re.fullmatch(pattern, request.rest)
        if match:
            return answer(github, request, *map(urllib.parse.unquote, match.groups()))
    return None


def missing(message="Not Found"):
    return Answer(404, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "404"})


def ref_object(github, request, name, object_id):
    kind = request.repository.kind(object_id)
    url = github.url(request, f"git/{kind}s/{object_id}")
    return {"ref": name, "node_id": "REF_" + name, "url": github.url(request, f"git/{name}"), "object": {"type": kind, "sha": object_id, "url": url}}


def ref(github, request, name):
    name = "refs/" + name.removeprefix("refs/")
    at = request.repository.refs().get(name)
    return Answer(200, ref_object(github, request, name, at)) if at else missing()


def matching_refs(github, request, prefix):
    prefix = "refs/" + prefix.removeprefix("refs/")
    found = [ref_object(github, request, name, at) for name, at in sorted(request.repository.refs().items()) if name.startswith(prefix)]
    return Answer(200, found)


def tag(github, request, object_id):
    repository = request.repository
    if repository.kind(object_id) != "tag":
        return missing()
    text = repository.git("cat-file", "tag", object_id)
    head, _, message = text.partition("\n\n")
    fields = dict(line.split(" ", 1) for line in head.splitlines())
    url = github.url(request, f"git/commits/{fields['object']}")
    name, email = re.match(r"(.*) <(.*)>", fields["tagger"]).groups()
    tagger = {"name": name, "email": email, "date": repository.date(fields["object"])}
    target = {"type": fields["type"], "sha": fields["object"], "url": url}
    return Answer(200, {"node_id": "TAG", "tag": fields["tag"], "sha": object_id, "url": url, "message": message, "tagger": tagger, "object": target})


def branch(github, request, name):
    at = request.repository.refs().get(f"refs/heads/{name}")
    if not at:
        return missing("Branch not found")
    is_protected = any(rule.get("branch") == name for rule in github.rules)
    links = {"html": github.url(request, f"tree/{name}"), "self": github.url(request, f"branches/{name}")}
    protection = {"enabled": is_protected, "required_status_checks": {"contexts": [], "checks": []}}
    return Answer(200, {"name": name, "commit": commit_of(github, request, at), "_links": links, "protected": is_protected, "protection": protection, "protection_url": links["self"] + "/protection"})


def commit_of(github, request, at):
    person = {"name": "t", "email": "t@example.com", "date": request.repository.date(at)}
    url = github.url(request, f"commits/{at}")
    inner = {"url": url, "author": person, "committer": person, "message": request.repository.git("show", "-s", "--format=%B", at), "comment_count": 0,
             "tree": {"sha": request.repository.git("rev-parse", f"{at}^{{tree}}"), "url": url}}  # fmt: skip
    parents = [{"sha": one, "url": url} for one in request.repository.git("show", "-s", "--format=%P", at).split()]
    return {"url": url, "sha": at, "node_id": "C", "html_url": url, "comments_url": url, "commit": inner, "author": None, "committer": None, "parents": parents}


def compare(github, request, pair):
    base, _, head = pair.partition("...")
    repository = request.repository
    ends = repository.commit(base), repository.commit(head)
    if None in ends:
        return missing()
    behind, ahead = map(int, repository.git("rev-list", "--left-right", "--count", f"{ends[0]}...{ends[1]}").split())
    status = ("identical" if not behind else "behind") if not ahead else ("ahead" if not behind else "diverged")
    merge_base = repository.git("merge-base", *ends)
    commits = [commit_of(github, request, one) for one in repository.git("rev-list", "--reverse", f"{ends[0]}..{ends[1]}").split()[:250]]
    url = github.url(request, f"compare/{pair}")
    return Answer(200, {"url": url, "html_url": url, "permalink_url": url, "diff_url": url, "patch_url": url, "status": status, "ahead_by": ahead, "behind_by": behind,
                        "total_commits": ahead, "commits": commits, "files": [],
                        "base_commit": commit_of(github, request, ends[0]), "merge_base_commit": commit_of(github, request, merge_base)})  # fmt: skip


def check_runs(github, request, name):
    commit = request.repository.commit(name)
    if commit is None:
        return Answer(422, {"message": f"No commit found for SHA: {name}"})
    rows = []
    for pipeline in github.pipelines.of(commit):
        pipeline.look()
        for job in pipeline.jobs:
            rows.append(check_run(github, request, pipeline, job))
    some, headers = page(request, rows, github.url(request, request.rest), 30)
    return Answer(200, {"total_count": len(rows), "check_runs": some}, headers)


def check_run(github, request, pipeline, job):
    status = pipeline.job_status(job)
    words = {"failed": "failure", "canceled": "cancelled", "manual": "action_required"}
    url = github.url(request, f"check-runs/{job.id}")
    output = {"title": None, "summary": None, "text": None, "annotations_count": 0, "annotations_url": url}
    return {"id": job.id, "head_sha": pipeline.commit, "node_id": "CR", "external_id": "", "url": url, "html_url": url, "details_url": url,
            "status": "in_progress" if status == "running" else "completed", "conclusion": None if status == "running" else words.get(status, status),
            "started_at": "2026-01-01T00:00:00Z", "completed_at": None if status == "running" else "2026-01-01T00:01:00Z",
            "output": output, "name": job.name, "check_suite": {"id": pipeline.id}, "app": None, "pull_requests": []}  # fmt: skip


def status(github, request, name):
    commit = request.repository.commit(name)
    if commit is None:
        return missing()
    rows = github.statuses.get(commit, [])
    states = {row["state"] for row in rows}
    # Without any status GitHub says "pending".
    state = "failure" if states & {"failure", "error"} else "success" if states == {"success"} else "pending"
    some, headers = page(request, rows, github.url(request, request.rest), 30)
    url = github.url(request, f"commits/{commit}")
    repository = github.ask("GET", f"/repos/{request.name}")[1]
    return Answer(200, {"state": state, "statuses": some, "sha": commit, "total_count": len(rows), "repository": repository, "commit_url": url, "url": url + "/status"}, headers)


def runs(github, request):
    rows = []
    repository = github.ask("GET", f"/repos/{request.name}")[1]
    for pipeline in github.pipelines.of(request.option("head_sha"), request.option("branch")):
        pipeline.look()
        running = pipeline.status == "running"
        words = {"failed": "failure", "canceled": "cancelled"}
        url = github.url(request, f"actions/runs/{pipeline.id}")
        links = {f"{name}_url": f"{url}/{name}" for name in ("jobs", "logs", "check_suite", "artifacts", "cancel", "rerun", "workflow")}
        moment = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:01:00Z"}
        commit = {"id": pipeline.commit, "tree_id": pipeline.commit, "message": "", "timestamp": moment["created_at"], "author": None, "committer": None}
        rows.append({**links, **moment, "node_id": "R", "run_number": 1, "display_title": "CI", "path": ".github/workflows/ci.yml", "workflow_id": 1, "pull_requests": [],
                     "head_commit": commit, "head_repository": repository, "repository": repository, "id": pipeline.id, "name": "CI", "head_branch": pipeline.ref, "head_sha": pipeline.commit, "event": "push", "run_attempt": 1,
                     "status": "in_progress" if running else "completed", "conclusion": None if running else words.get(pipeline.status, pipeline.status),
                     "check_suite_id": pipeline.id, "html_url": url, "url": url})  # fmt: skip
    some, headers = page(request, rows, github.url(request, request.rest), 30)
    return Answer(200, {"total_count": len(rows), "workflow_runs": some}, headers)


def jobs(github, request, number):
    pipeline = next((one for one in github.pipelines.all if one.id == int(number)), None)
    if pipeline is None:
        return missing()
    rows = [{**check_run(github, request, pipeline, job), "run_id": pipeline.id, "head_branch": pipeline.ref} for job in pipeline.jobs]
    return Answer(200, {"total_count": len(rows), "jobs": rows})


ROUTES = [
    (r"git/ref/(.+)", ref),
    (r"git/matching-refs/(.+)", matching_refs),
    (r"git/tags/([0-9a-f]+)", tag),
    (r"branches/(.+)", branch),
    (r"compare/(.+)", compare),
    (r"commits/(.+)/check-runs", check_runs),
    (r"commits/(.+)/status", status),
    (r"actions/runs", runs),
    (r"actions/runs/(\d+)/jobs", jobs),
]
