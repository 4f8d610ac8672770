"""GitLab's milestones, issues and merge requests. gitlab_stand_in.py tells what this is."""

from gitlab_call import GUEST, REPORTER, DEVELOPER, Call, missing, person
from traffic import Answer


def add_milestone(gitlab, owner, title, state="active", **more):
    row = {"id": gitlab.new_id(), "iid": len(owner.milestones) + 1, "title": title, "description": "", "state": state, "created_at": gitlab.now(), "updated_at": gitlab.now(),
           "due_date": None, "start_date": None, "expired": False, **more}  # fmt: skip
    is_group = not hasattr(owner, "repository")
    row["group_id" if is_group else "project_id"] = owner.id
    row["web_url"] = gitlab.url(f"/{'groups/' if is_group else ''}{owner.path}/-/milestones/{row['iid']}")
    owner.milestones.append(row)
    return row


def add_issue(gitlab, project, title, milestone=None, state="opened", author="alice", labels=(), issue_type="issue"):
    number = len(project.issues) + 1
    closed = None if state == "opened" else gitlab.now()
    row = {"id": gitlab.new_id(), "iid": number, "project_id": project.id, "title": title, "description": "", "state": state, "created_at": gitlab.now(), "updated_at": gitlab.now(),
           "closed_at": closed, "closed_by": None, "labels": list(labels), "milestone": milestone, "author": person(author), "assignees": [], "type": issue_type.upper(),
           "issue_type": issue_type, "confidential": False, "web_url": gitlab.url(f"/{project.path}/-/issues/{number}"), "references": {"short": f"#{number}"}}  # fmt: skip
    project.issues.append(row)
    return row


def add_merge_request(gitlab, project, title, source, target="main", milestone=None, state="opened", author="bob", labels=(), closes=()):
    number = len(project.merge_requests) + 1
    merged = gitlab.now() if state == "merged" else None
    sha = project.repository.commit(f"refs/heads/{source}")
    row = {"id": gitlab.new_id(), "iid": number, "project_id": project.id, "title": title, "description": "", "state": state, "created_at": gitlab.now(), "updated_at": gitlab.now(),
           "merged_at": merged, "closed_at": None, "source_branch": source, "target_branch": target, "source_project_id": project.id, "target_project_id": project.id,
           "draft": title.startswith("Draft:"), "labels": list(labels), "milestone": milestone, "author": person(author), "sha": sha, "merge_commit_sha": sha if merged else None,
           "squash_commit_sha": None, "detailed_merge_status": "mergeable", "has_conflicts": False, "references": {"short": f"!{number}"},
           "web_url": gitlab.url(f"/{project.path}/-/merge_requests/{number}"), "closes": list(closes)}  # fmt: skip
    project.merge_requests.append(row)
    return row


# Milestones: project paths want the global id, people see the iid, and lists find by exact title.


def list_milestones(gitlab, request, owner):
    rows = list(owner.milestones)
    with_ancestors = any(str(request.option(name)).lower() in ("true", "1") for name in ("include_ancestors", "include_parent_milestones"))
    if with_ancestors:
        rows += [row for group in getattr(owner, "groups", []) for row in group.milestones]
    elif request.options("iids"):
        rows = [row for row in rows if str(row["iid"]) in request.options("iids")]
    for name in ("title", "state"):
        if request.option(name):
            rows = [row for row in rows if row[name] == request.option(name)]
    if request.option("search"):
        rows = [row for row in rows if request.option("search").lower() in (row["title"] + row["description"]).lower()]
    return gitlab.paged(request, sorted(rows, key=lambda row: -row["id"]))


def find(owner, number):
    return next((row for row in owner.milestones if str(row["id"]) == number), None)


def show_milestone(_gitlab, _request, owner, number):
    row = find(owner, number)
    return Answer(200, row) if row else missing()


def update_milestone(gitlab, request, owner, number):
    row = find(owner, number)
    if row is None:
        return missing()
    body = request.json()
    for name in ("title", "description", "due_date", "start_date"):
        if name in body:
            row[name] = body[name]
    if "state_event" in body:
        states = {"close": "closed", "activate": "active"}
        if body["state_event"] not in states:
            return Answer(400, {"error": "state_event does not have a valid value"})
        if body["state_event"] == "activate":
            gitlab.traffic.violation(request, "a milestone is opened again")
        if not hasattr(owner, "repository"):
            gitlab.traffic.violation(request, "a group's milestone is closed for all of its projects")
        row["state"] = states[body["state_event"]]
    row["updated_at"] = gitlab.now()
    return Answer(200, row)


def create_milestone(gitlab, request, owner):
    body = request.json()
    if not body.get("title"):
        return Answer(400, {"error": "title is missing"})
    taken = owner.milestones + [row for group in getattr(owner, "groups", []) for row in group.milestones]
    if any(row["title"] == body["title"] for row in taken):
        return Answer(400, {"message": {"title": ["already being used for another group or project milestone."]}})
    return Answer(201, add_milestone(gitlab, owner, body["title"], description=body.get("description") or ""))


def issues_of_milestone(gitlab, request, owner, number):
    row = find(owner, number)
    return gitlab.paged(request, [one for one in owner.issues if one["milestone"] is row]) if row else missing()


def merge_requests_of_milestone(gitlab, request, owner, number):
    row = find(owner, number)
    return gitlab.paged(request, [shown(one) for one in owner.merge_requests if one["milestone"] is row]) if row else missing()


# Lists of issues and merge requests: by the milestone's title, and only one's own without scope=all.


def filtered(request, rows):
    if request.option("scope", "created_by_me") == "created_by_me":
        rows = [row for row in rows if row["author"]["username"] == request.token.login]
    title = request.option("milestone")
    if title in ("None", "Any"):
        rows = [row for row in rows if (row["milestone"] is None) == (title == "None")]
    elif title is not None:
        rows = [row for row in rows if row["milestone"] and row["milestone"]["title"] == title]
    if request.option("state", "all") != "all":
        rows = [row for row in rows if row["state"] == request.option("state")]
    if request.options("iids"):
        rows = [row for row in rows if str(row["iid"]) in request.options("iids")]
    for label in filter(None, (request.option("labels") or "").split(",")):
        rows = [row for row in rows if label in row["labels"]]
    # Seconds are enough here, and a time without a fraction compares with one that has some.
    for name, field in (("updated_after", "updated_at"), ("created_after", "created_at")):
        if request.option(name):
            rows = [row for row in rows if row[field][:19] >= request.option(name)[:19]]
    backwards = request.option("sort", "desc") == "desc"
    field = {"updated_at": "updated_at"}.get(request.option("order_by"), "created_at")
    return sorted(rows, key=lambda row: (row[field], row["id"]), reverse=backwards)


def list_issues(gitlab, request, project):
    rows = filtered(request, project.issues)
    if request.option("issue_type"):
        rows = [row for row in rows if row["issue_type"] == request.option("issue_type")]
    return gitlab.paged(request, rows)


def shown(row):
    return {key: value for key, value in row.items() if key != "closes"}


def list_merge_requests(gitlab, request, project):
    rows = filtered(request, project.merge_requests)
    for name in ("source_branch", "target_branch"):
        if request.option(name):
            rows = [row for row in rows if row[name] == request.option(name)]
    return gitlab.paged(request, [shown(row) for row in rows])


def one(rows, number):
    return next((row for row in rows if str(row["iid"]) == number), None)


def show_issue(_gitlab, _request, project, number):
    row = one(project.issues, number)
    return Answer(200, row) if row else missing()


def show_merge_request(_gitlab, _request, project, number):
    row = one(project.merge_requests, number)
    return Answer(200, shown(row)) if row else missing()


def closed_issues(gitlab, request, project, number):
    row = one(project.merge_requests, number)
    return gitlab.paged(request, [one(project.issues, str(iid)) for iid in row["closes"]]) if row else missing()


def create_merge_request(gitlab, request, project):
    body = request.json()
    for name in ("source_branch", "target_branch", "title"):
        if not body.get(name):
            return Answer(400, {"error": f"{name} is missing"})
    source, target = body["source_branch"], body["target_branch"]
    if f"refs/heads/{source}" not in project.repository.refs():
        return Answer(400, {"message": [f'Source branch "{source}" does not exist']})
    same = [row for row in project.merge_requests if row["state"] == "opened" and (row["source_branch"], row["target_branch"]) == (source, target)]
    if same:
        return Answer(409, {"message": [f"Another open merge request already exists for this source branch: !{same[0]['iid']}"]})
    row = add_merge_request(gitlab, project, body["title"], source, target, author=request.token.login, labels=(body.get("labels") or "").split(",") if body.get("labels") else ())
    row["description"] = body.get("description") or ""
    return Answer(201, shown(row))


def update_merge_request(gitlab, request, project, number):
    row, body = one(project.merge_requests, number), request.json()
    if row is None:
        return missing()
    for name in ("title", "description", "target_branch"):
        if name in body:
            row[name] = body[name]
    if "state_event" in body:
        row["state"] = {"close": "closed", "reopen": "opened"}[body["state_event"]]
    row["updated_at"] = gitlab.now()
    return Answer(200, shown(row))


def list_notes(gitlab, request, project, number):
    return gitlab.paged(request, [note for note in project.notes if str(note["noteable_iid"]) == number])


def create_note(gitlab, request, project, number):
    if one(project.merge_requests, number) is None:
        return missing()
    note = {"id": gitlab.new_id(), "body": request.json()["body"], "author": person(request.token.login), "noteable_iid": int(number), "noteable_type": "MergeRequest",
            "created_at": gitlab.now(), "updated_at": gitlab.now(), "system": False}  # fmt: skip
    project.notes.append(note)
    return Answer(201, note)


def update_note(_gitlab, request, project, number, note):
    for row in project.notes:
        if str(row["id"]) == note and str(row["noteable_iid"]) == number:
            row["body"] = request.json()["body"]
            return Answer(200, row)
    return missing()


LISTED = "milestone state scope labels iids author_id author_username order_by sort search created_after updated_after created_before updated_before with_labels_details"


def calls():
    made = []
    for owner in (r"projects/([^/]+)", r"groups/([^/]+)"):
        milestones = rf"{owner}/milestones"
        fields = "title description due_date start_date"
        made += [
            Call("GET", milestones, list_milestones, GUEST, query="iids state title search include_ancestors include_parent_milestones updated_before updated_after"),
            Call("POST", milestones, create_milestone, REPORTER, body=fields),
            Call("GET", rf"{milestones}/(\d+)", show_milestone, GUEST),
            Call("PUT", rf"{milestones}/(\d+)", update_milestone, REPORTER, body=fields + " state_event"),
        ]
    project = r"projects/([^/]+)"
    merge_request = rf"{project}/merge_requests/(\d+)"
    return [
        *made,
        Call("GET", rf"{project}/milestones/(\d+)/issues", issues_of_milestone),
        Call("GET", rf"{project}/milestones/(\d+)/merge_requests", merge_requests_of_milestone),
        Call("GET", rf"{project}/issues", list_issues, query=f"{LISTED} issue_type milestone_id due_date confidential non_archived"),
        Call("GET", rf"{project}/issues/(\d+)", show_issue),
        Call("GET", rf"{project}/merge_requests", list_merge_requests, query=f"{LISTED} source_branch target_branch wip draft view merged_after merged_before with_merge_status_recheck"),
        Call("POST", rf"{project}/merge_requests", create_merge_request, DEVELOPER,
             body="source_branch target_branch title description remove_source_branch squash milestone_id labels target_project_id assignee_id reviewer_ids allow_collaboration"),  # fmt: skip
        Call("GET", merge_request, show_merge_request, query="include_diverged_commits_count include_rebase_in_progress render_html"),
        Call("PUT", merge_request, update_merge_request, DEVELOPER, body="title description target_branch state_event labels milestone_id remove_source_branch squash add_labels remove_labels"),
        Call("GET", rf"{merge_request}/closes_issues", closed_issues),
        Call("GET", rf"{merge_request}/notes", list_notes, query="sort order_by activity_filter"),
        Call("POST", rf"{merge_request}/notes", create_note, body="body internal created_at"),
        Call("PUT", rf"{merge_request}/notes/(\d+)", update_note, body="body"),
    ]
