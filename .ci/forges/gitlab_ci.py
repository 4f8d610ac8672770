"""GitLab's pipelines, refs and their protection. gitlab_stand_in.py tells what this is."""

import fnmatch

from gitlab_call import GUEST, DEVELOPER, Call, missing
from traffic import Answer


def shown(gitlab, project, pipeline):
    return {"id": pipeline.id, "iid": pipeline.id - 1000, "project_id": project.id, "sha": pipeline.commit, "ref": pipeline.ref, "status": pipeline.status, "source": "push",
            "created_at": "2026-06-01T00:00:00.000Z", "updated_at": "2026-06-01T00:01:00.000Z", "name": None, "tag": pipeline.is_tag,
            "web_url": gitlab.url(f"/{project.path}/-/pipelines/{pipeline.id}")}  # fmt: skip


def of(gitlab, project, pipeline):
    return pipeline and project.repository.kind(pipeline.commit) == "commit"


def list_pipelines(gitlab, request, project):
    found = [one for one in gitlab.pipelines.of(request.option("sha"), request.option("ref")) if of(gitlab, project, one)]
    rows = []
    for pipeline in found:
        pipeline.look()
        rows.append(shown(gitlab, project, pipeline))
    if request.option("status"):
        rows = [row for row in rows if row["status"] == request.option("status")]
    if request.option("source") not in (None, "push"):
        rows = []
    return gitlab.paged(request, rows)


def find(gitlab, project, number):
    return next((one for one in gitlab.pipelines.all if str(one.id) == number and of(gitlab, project, one)), None)


def show_pipeline(gitlab, _request, project, number):
    pipeline = find(gitlab, project, number)
    if pipeline is None:
        return missing()
    pipeline.look()
    return Answer(200, {**shown(gitlab, project, pipeline), "before_sha": "0" * 40, "detailed_status": {"text": pipeline.status, "group": pipeline.status}, "duration": 60})


def retry(gitlab, _request, project, number):
    pipeline = find(gitlab, project, number)
    if pipeline is None:
        return missing()
    for job in pipeline.jobs:
        if job.result in ("failed", "canceled"):
            job.result = "success"
    pipeline.looks = gitlab.pipelines.looks
    return Answer(201, shown(gitlab, project, pipeline))


def list_jobs(gitlab, request, project, number):
    pipeline = find(gitlab, project, number)
    if pipeline is None:
        return missing()
    wanted = request.options("scope")
    rows = []
    for job in pipeline.jobs:
        status = pipeline.job_status(job)
        if wanted and status not in wanted:
            continue
        rows.append({"id": job.id, "name": job.name, "stage": job.stage, "status": status, "allow_failure": job.allow_failure, "ref": pipeline.ref, "tag": pipeline.is_tag,
                     "failure_reason": "script_failure" if status == "failed" else None, "created_at": "2026-06-01T00:00:00.000Z", "pipeline": {"id": pipeline.id, "sha": pipeline.commit},
                     "web_url": gitlab.url(f"/{project.path}/-/jobs/{job.id}")})  # fmt: skip
    return gitlab.paged(request, rows)


def list_statuses(gitlab, request, project, commit):
    rows = []
    for pipeline in gitlab.pipelines.of(commit, request.option("ref")):
        for job in pipeline.jobs:
            rows.append({"id": job.id, "sha": commit, "ref": pipeline.ref, "status": pipeline.job_status(job), "name": job.name, "allow_failure": job.allow_failure,
                         "target_url": gitlab.url(f"/{project.path}/-/jobs/{job.id}"), "pipeline_id": pipeline.id})  # fmt: skip
    return gitlab.paged(request, rows)


def none(gitlab, request, _project, *_):
    return gitlab.paged(request, [])


# Refs, read off the repository of the git server.


def commit_of(project, at):
    subject, author = project.repository.git("show", "-s", "--format=%s%x00%an", at).split("\0")
    return {"id": at, "short_id": at[:8], "title": subject, "message": subject, "author_name": author, "created_at": project.repository.date(at),
            "parent_ids": project.repository.git("show", "-s", "--format=%P", at).split()}  # fmt: skip


def tag_of(gitlab, project, name):
    at = project.repository.refs().get(f"refs/tags/{name}")
    if at is None:
        return None
    release = next((one for one in project.releases if one["tag_name"] == name), None)
    is_annotated = project.repository.kind(at) == "tag"
    return {"name": name, "message": project.repository.git("tag", "-l", "--format=%(contents)", name) if is_annotated else "", "target": at,
            "commit": commit_of(project, project.repository.commit(f"refs/tags/{name}")), "protected": bool(rules_for(project.protected_tags, name)),
            "release": release and {"tag_name": name, "description": release["description"]}}  # fmt: skip


def show_tag(gitlab, _request, project, name):
    row = tag_of(gitlab, project, name)
    return Answer(200, row) if row else missing("Tag")


def list_tags(gitlab, request, project):
    names = sorted(project.repository.tags())
    search = request.option("search")
    if search:
        names = [name for name in names if (name.startswith(search[1:]) if search.startswith("^") else search in name)]
    return gitlab.paged(request, [tag_of(gitlab, project, name) for name in names])


def show_branch(_gitlab, _request, project, name):
    at = project.repository.branches().get(name)
    if at is None:
        return missing("Branch")
    rules = rules_for(project.protected_branches, name)
    return Answer(200, {"name": name, "commit": commit_of(project, at), "protected": bool(rules), "default": name == project.default_branch, "merged": False,
                        "can_push": True, "developers_can_push": False, "developers_can_merge": False})  # fmt: skip


def show_commit(gitlab, _request, project, name):
    at = project.repository.commit(name)
    if at is None:
        return missing("Commit")
    last = next(iter(gitlab.pipelines.of(at)), None)
    return Answer(200, {**commit_of(project, at), "status": last and last.status, "last_pipeline": last and shown(gitlab, project, last)})


def compare(_gitlab, request, project):
    ends = project.repository.commit(request.option("from")), project.repository.commit(request.option("to"))
    if None in ends:
        return missing("Ref")
    commits = project.repository.git("rev-list", "--reverse", f"{ends[0]}..{ends[1]}").split()
    return Answer(200, {"commits": [commit_of(project, one) for one in commits], "diffs": [], "compare_timeout": False, "compare_same_ref": ends[0] == ends[1]})


def rules_for(rules, name):
    return [rule for rule in rules if fnmatch.fnmatchcase(name, rule["name"])]


def may_create_tag(project, name, level):
    """Of several patterns the most permissive one counts."""
    rules = rules_for(project.protected_tags, name)
    return not rules or any(0 < one["access_level"] <= level for rule in rules for one in rule["create_access_levels"])


def list_protected_tags(gitlab, request, project):
    return gitlab.paged(request, project.protected_tags)


def list_protected_branches(gitlab, request, project):
    return gitlab.paged(request, [row for row in project.protected_branches if (request.option("search") or "") in row["name"]])


def show_protected_branch(_gitlab, _request, project, name):
    return next((Answer(200, row) for row in project.protected_branches if row["name"] == name), missing())


def calls():
    project = r"projects/([^/]+)"
    pipeline = rf"{project}/pipelines/(\d+)"
    repository = rf"{project}/repository"
    return [
        Call("GET", rf"{project}/pipelines", list_pipelines, query="sha ref status source order_by sort scope name username updated_after updated_before"),
        Call("GET", pipeline, show_pipeline),
        Call("POST", rf"{pipeline}/retry", retry, DEVELOPER),
        Call("GET", rf"{pipeline}/jobs", list_jobs, query="scope include_retried"),
        Call("GET", rf"{pipeline}/bridges", none, query="scope"),
        Call("GET", rf"{repository}/commits/([^/]+)/statuses", list_statuses, query="ref stage name pipeline_id order_by sort all"),
        Call("GET", rf"{repository}/commits/([^/]+)", show_commit, query="stats"),
        Call("GET", rf"{repository}/tags", list_tags, query="search order_by sort"),
        Call("GET", rf"{repository}/tags/([^/]+)", show_tag),
        Call("GET", rf"{repository}/branches/([^/]+)", show_branch),
        Call("GET", rf"{repository}/compare", compare, query="from to straight from_project_id unidiff"),
        Call("GET", rf"{project}/protected_tags", list_protected_tags, GUEST),
        Call("GET", rf"{project}/protected_branches", list_protected_branches, GUEST, query="search"),
        Call("GET", rf"{project}/protected_branches/([^/]+)", show_protected_branch, GUEST),
    ]
