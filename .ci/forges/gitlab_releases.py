"""GitLab's releases, their links, and generic packages. gitlab_stand_in.py tells what this is."""

import datetime
import hashlib

import gitlab_ci
from gitlab_call import DEVELOPER, Call, level_of, missing, person
from traffic import Answer


def shown(gitlab, project, release):
    at = project.repository.commit(f"refs/tags/{release['tag_name']}")
    page = gitlab.url(f"/{project.path}/-/releases/{release['tag_name']}")
    return {**release, "commit": at and gitlab_ci.commit_of(project, at), "commit_path": f"/{project.path}/-/commit/{at}", "tag_path": f"/{project.path}/-/tags/{release['tag_name']}",
            "upcoming_release": release["released_at"] > datetime.datetime.now(datetime.timezone.utc).isoformat(), "assets": {"count": len(release["links"]), "sources": [], "links": release["links"]}, "evidences": [],
            "_links": {"self": page, "edit_url": page + "/edit"}}  # fmt: skip


def public(gitlab, project, release):
    row = shown(gitlab, project, release)
    del row["links"]
    return row


def find(project, tag):
    return next((one for one in project.releases if one["tag_name"] == tag), None)


def list_releases(gitlab, request, project):
    field = request.option("order_by", "released_at")
    rows = sorted(project.releases, key=lambda one: one[field], reverse=request.option("sort", "desc") == "desc")
    return gitlab.paged(request, [public(gitlab, project, one) for one in rows])


def latest(gitlab, _request, project):
    rows = sorted(project.releases, key=lambda one: one["released_at"])
    if not rows:
        return missing()
    return Answer(302, b"", {"Location": gitlab.url(f"/api/v4/projects/{project.id}/releases/{rows[-1]['tag_name']}")})


def show_release(gitlab, _request, project, tag):
    release = find(project, tag)
    return Answer(200, public(gitlab, project, release)) if release else missing()


def milestones_of(project, titles):
    known = {row["title"]: row for row in [*project.milestones, *(row for group in project.groups for row in group.milestones)]}
    return [known[title] for title in titles if title in known], [title for title in titles if title not in known]


def create_release(gitlab, request, project):
    body, traffic = request.json(), gitlab.traffic
    tag = body.get("tag_name")
    if not tag:
        return Answer(400, {"error": "tag_name is missing"})
    if "ref" in body or "tag_message" in body:
        traffic.violation(request, "a release never sends ref or tag_message: GitLab would make the tag by itself")
    if level_of(request.token) < DEVELOPER or not gitlab_ci.may_create_tag(project, tag, level_of(request.token)):
        return Answer(403, {"message": "403 Forbidden"})
    if find(project, tag):
        return Answer(409, {"message": "Release already exists"})
    milestones, unknown = milestones_of(project, body.get("milestones") or [])
    if unknown:
        return Answer(400, {"message": f"Milestone(s) not found: {', '.join(unknown)}"})
    if f"refs/tags/{tag}" not in project.repository.refs():
        traffic.violation(request, f"a release of tag {tag}, which was not pushed")
        if "ref" not in body:
            return Answer(422, {"message": "Ref is not specified"})
        project.repository.git("tag", tag, body["ref"])
    now = gitlab.now()
    release = {"tag_name": tag, "name": body.get("name") or tag, "description": body.get("description") or "", "description_html": "", "created_at": now,
               "released_at": body.get("released_at") or now, "author": person(request.token.login), "milestones": milestones, "links": []}  # fmt: skip
    for link in (body.get("assets") or {}).get("links", []):
        made = new_link(gitlab, request, project, release, link)
        if isinstance(made, Answer):
            return made
    project.releases.append(release)
    return Answer(201, public(gitlab, project, release))


def update_release(gitlab, request, project, tag):
    release, body = find(project, tag), request.json()
    if release is None:
        return Answer(403, {"message": "403 Forbidden"})
    for name in ("name", "description", "released_at"):
        if name in body:
            release[name] = body[name]
    if "milestones" in body:
        release["milestones"], unknown = milestones_of(project, body["milestones"])
        if unknown:
            return Answer(400, {"message": f"Milestone(s) not found: {', '.join(unknown)}"})
    return Answer(200, public(gitlab, project, release))


def new_link(gitlab, request, project, release, body):
    if not str(body.get("url", "")).startswith(("http://", "https://", "ftp://")):
        return Answer(400, {"message": {"url": ["is blocked: Only allowed schemes are http, https, ftp"]}})
    for field in ("name", "url"):
        if any(one[field] == body[field] for one in release["links"]):
            return Answer(400, {"message": {field: ["has already been taken"]}})
    path = body.get("direct_asset_path") or body.get("filepath")
    direct = gitlab.url(f"/{project.path}/-/releases/{release['tag_name']}/downloads{path}") if path else body["url"]
    link = {"id": gitlab.new_id(), "name": body["name"], "url": body["url"], "direct_asset_url": direct, "link_type": body.get("link_type") or "other"}
    release["links"].append(link)
    return link


def list_links(gitlab, request, project, tag):
    release = find(project, tag)
    return gitlab.paged(request, release["links"]) if release else missing()


def create_link(gitlab, request, project, tag):
    release = find(project, tag)
    if release is None:
        return missing()
    made = new_link(gitlab, request, project, release, request.json())
    return made if isinstance(made, Answer) else Answer(201, made)


def show_link(_gitlab, _request, project, tag, number):
    links = (find(project, tag) or {"links": []})["links"]
    return next((Answer(200, one) for one in links if str(one["id"]) == number), missing())


def update_link(_gitlab, request, project, tag, number):
    for link in (find(project, tag) or {"links": []})["links"]:
        if str(link["id"]) == number:
            link.update({key: value for key, value in request.json().items() if key in ("name", "url", "link_type")})
            return Answer(200, link)
    return missing()


def delete_link(_gitlab, _request, project, tag, number):
    release = find(project, tag) or {"links": []}
    for link in release["links"]:
        if str(link["id"]) == number:
            release["links"].remove(link)
            return Answer(200, link)
    return missing()


# Generic packages: uploading again adds a second file of that name, unless duplicates are refused.


def upload(gitlab, request, project, name, version, file):
    package = next((one for one in project.packages if (one["name"], one["version"]) == (name, version)), None)
    if package is None:
        package = {"id": gitlab.new_id(), "name": name, "version": version, "package_type": "generic", "status": "default", "created_at": gitlab.now(), "tags": [],
                   "_links": {"web_path": f"/{project.path}/-/packages/{gitlab.next_id}"}}  # fmt: skip
        project.packages.append(package)
    same = [one for one in project.package_files if (one["package_id"], one["file_name"]) == (package["id"], file)]
    if same and project.refuses_duplicates:
        return Answer(403, {"message": "403 Forbidden - Duplicate package is not allowed"})
    row = {"id": gitlab.new_id(), "package_id": package["id"], "created_at": gitlab.now(), "file_name": file, "size": len(request.body), "file_md5": None, "file_sha1": None,
           "file_sha256": hashlib.sha256(request.body).hexdigest()}  # fmt: skip
    project.package_files.append({**row, "bytes": request.body})
    return Answer(201, row if request.option("select") == "package_file" else {"message": "201 Created"})


def download(_gitlab, _request, project, name, version, file):
    for package in project.packages:
        if (package["name"], package["version"]) == (name, version):
            for row in reversed(project.package_files):
                if row["package_id"] == package["id"] and row["file_name"] == file:
                    return Answer(200, row["bytes"], {"Content-Type": "application/octet-stream"})
    return missing()


def list_packages(gitlab, request, project):
    rows = project.packages
    for option, field in (("package_name", "name"), ("package_version", "version"), ("package_type", "package_type")):
        if request.option(option):
            # Names are searched, versions and types are exact.
            rows = [row for row in rows if (request.option(option) in row[field] if field == "name" else row[field] == request.option(option))]
    return gitlab.paged(request, rows)


def list_package_files(gitlab, request, project, number):
    rows = [{key: value for key, value in row.items() if key != "bytes"} for row in project.package_files if str(row["package_id"]) == number]
    return gitlab.paged(request, rows)


def calls():
    project = r"projects/([^/]+)"
    releases = rf"{project}/releases"
    links = rf"{releases}/([^/]+)/assets/links"
    generic = rf"{project}/packages/generic/([^/]+)/([^/]+)/([^/]+)"
    link_fields = "name url direct_asset_path filepath link_type"
    return [
        Call("GET", releases, list_releases, query="order_by sort include_html_description updated_before updated_after"),
        Call("GET", rf"{releases}/permalink/latest", latest),
        Call("GET", rf"{releases}/([^/]+)", show_release, query="include_html_description"),
        Call("POST", releases, create_release, 0, body="tag_name tag_message ref name description milestones milestone_ids released_at assets"),
        Call("PUT", rf"{releases}/([^/]+)", update_release, DEVELOPER, body="name description milestones milestone_ids released_at"),
        Call("GET", links, list_links),
        Call("POST", links, create_link, DEVELOPER, body=link_fields),
        Call("GET", rf"{links}/(\d+)", show_link),
        Call("PUT", rf"{links}/(\d+)", update_link, DEVELOPER, body=link_fields),
        Call("DELETE", rf"{links}/(\d+)", delete_link, DEVELOPER),
        Call("PUT", generic, upload, DEVELOPER, query="select status", body="*"),
        Call("GET", generic, download),
        Call("GET", rf"{project}/packages", list_packages, query="package_name package_version package_type order_by sort status include_versionless"),
        Call("GET", rf"{project}/packages/(\d+)/package_files", list_package_files, query="order_by sort"),
    ]
