"""The two projects' releases up to the command that leaves the machine, and what the world looks like afterwards.

first_seed.py and second_seed.py walk through them step by step; fault_sweep.py disturbs each of their requests.
"""

import hashlib
import re
import shutil

import gitlab_planning
import repos
from git_repository import GitRepository
from peers import World
from pipelines import Job
from traffic import address

# The repositories name these, so they are the same in each run; the network namespace belongs to one run.
GIT, GITHUB, GITLAB = 18402, 18401, 18403


class Scenario:
    """`world`, the bare repository `served`, the maintainer's clone `folder`, its `token`, and the `variables` of the environment.

    A scenario is built, or begins with the folders that `keep` copied from another one, which was ready to release.
    """

    def relman(self, *arguments, folder=None, **environment):
        return self.world.relman(folder or self.folder, *arguments, **{**self.variables, **environment})

    def clone(self, name, *options):
        """Another machine: a fresh clone."""
        folder = self.world.folder / name
        self.world.git(self.world.folder, "clone", "-q", *options, self.remote, str(folder))
        return folder

    def begin(self, kept, build, api):
        world, folder = self.world, self.world.folder / "maintainer"
        if kept:
            shutil.copytree(kept / "maintainer", folder, symlinks=True)
            shutil.copytree(kept / "served", world.served, symlinks=True, dirs_exist_ok=True)
            self.repo = repos.Builder(folder, world.environment(), begun=1_790_000_000)
            self.served, self.remote = world.served / f"{self.name}.git", world.remote(self.name)
            self.folder, self.server = folder, GitRepository(self.served)
        else:
            self.repo = build(folder, world.environment(), *api)
            self.publish(self.repo, self.name)

    def keep(self, folder):
        shutil.copytree(self.folder, folder / "maintainer", symlinks=True)
        shutil.copytree(self.world.served, folder / "served", symlinks=True)

    def publish(self, repo, name):
        """The repository that was built becomes the server's, and a clone of it the maintainer's."""
        self.served = self.world.served / f"{name}.git"
        self.served.parent.mkdir(parents=True, exist_ok=True)
        self.world.git(self.world.folder, "clone", "-q", "--mirror", str(repo.folder), str(self.served))
        self.world.git(self.served, "config", "http.receivepack", "true")
        self.remote = self.world.remote(name)
        self.folder = repo.folder
        repo.git("remote", "add", "origin", self.remote)
        repo.git("fetch", "-q", "--no-tags", "origin")
        for branch in repo.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split():
            repo.git("branch", "-q", f"--set-upstream-to=origin/{branch}", branch)
        self.server = GitRepository(self.served)

    def refs(self):
        """Branches by commit; tags by commit and kind, since the id of a tag object holds the time of a run."""
        tags = {tag: (commit, self.server.kind(self.server.refs()[f"refs/tags/{tag}"])) for tag, commit in self.server.tags().items()}
        return {"branches": self.server.branches(), "tags": tags}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.world.__exit__()


class FirstSeed(Scenario):
    """git-flow on GitHub: the milestone is prepared on dev, and released from main."""

    name, tag, version, milestone = "drorm/vmpilot", "v0.6.0", "0.6.0", "0.6"
    release = ("release", "--milestone", "0.6", "--yes")

    def __init__(self, kept=None):
        self.world = World("first", git_port=GIT)
        self.token = self.world.token("drorm", "ghp_drormDrorm0123456789abcdefghijklmnop", login="drorm")
        self.variables = {"GITHUB_TOKEN": self.token.value}
        self.world.credentials(self.token)
        self.begin(kept, repos.git_flow, (address(GITHUB), address(GITHUB)))
        self.hub = self.world.start_github("drorm", {self.name: self.served}, users=("alice", "bob", "dependabot"), at=GITHUB)
        self.open_issue = self.plan_milestone("0.6", issues=[("alice", "Crash at the start", ["bug"])], requests=[("bob", "Pipes", "feature/pipes")], left_open=("alice", "Document pipes"))
        if kept:
            self.close_issue()

    def ask(self, method, path, body=None, login=None):
        status, value = self.hub.ask(method, f"/repos/{self.name}/{path}", body, login)
        if status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {status} {value}")
        return value

    def plan_milestone(self, title, issues=(), requests=(), left_open=None):
        """A milestone with closed issues and merged requests; returns the number of the issue that is left open."""
        milestone = self.ask("POST", "milestones", {"title": title})["number"]
        for login, text, labels in issues:
            number = self.ask("POST", "issues", {"title": text, "milestone": milestone, "labels": labels}, login)["number"]
            self.ask("PATCH", f"issues/{number}", {"state": "closed", "state_reason": "completed"})
        for login, text, branch in requests:
            number = self.ask("POST", "pulls", {"title": text, "head": branch, "base": "dev"}, login)["number"]
            key = (self.name.lower(), number)
            self.hub.pull_milestones[key] = milestone
            self.ask("PUT", f"pulls/{number}/merge", {})
            self.hub.merged[key] = {"commit": self.server.commit("dev"), "at": self.ask("GET", f"pulls/{number}")["merged_at"]}
        if left_open:
            return self.ask("POST", "issues", {"title": left_open[1], "milestone": milestone}, left_open[0])["number"]
        return None

    def close_issue(self):
        self.ask("PATCH", f"issues/{self.open_issue}", {"state": "closed", "state_reason": "completed"})

    def ready(self):
        """Up to the command that releases."""
        self.close_issue()
        return self.relman("prepare", "--milestone", self.milestone, "--push", "--no-edit", "--yes")

    def end_state(self):
        releases = []
        for one in self.hub.releases.all(self.name):
            assets = {asset["name"]: hashlib.sha256(self.hub.releases.contents.get(asset["id"], b"")).hexdigest() for asset in one["assets"] if asset["id"] not in self.hub.releases.starters}
            releases.append((one["tag_name"], one["name"], one["body"], one["draft"], one["prerelease"], sorted(assets.items()), len(one["assets"])))
        latest = self.hub.releases.latest.get(self.name)
        milestones = sorted((one["title"], one["state"]) for one in self.ask("GET", "milestones?state=all&per_page=100"))
        pulls = [(one["head"]["ref"], one["base"]["ref"], one["state"]) for one in self.ask("GET", "pulls?state=all&per_page=100")]
        return {**self.refs(), "releases": sorted(releases, key=str), "latest": latest and self.ask("GET", f"releases/{latest}")["tag_name"], "milestones": milestones, "pulls": sorted(pulls)}


class SecondSeed(Scenario):
    """A fixed group on GitLab: the branch, its pipeline, and then the tags one by one."""

    name, tag, version, milestone = "trueppm/core/trueppm", "v0.5.0-alpha.1", "0.5.0-alpha.1", "0.5"
    tags = ("v0.5.0-alpha.1", "scheduler-v0.5.0a1", "mcp-v0.5.0a1")
    release = ("release", "--yes")

    def __init__(self, kept=None):
        self.world = World("second", git_port=GIT)
        self.token = self.world.token("maintainer", "glpat-maintainerMaintainer0123", login="carol", scopes=("api", "write_repository"))
        self.job = self.world.token("job", "glcbt-64_jobJobJob0123456789", login="carol", kind="job", scopes=())
        self.variables = {"GITLAB_TOKEN": self.token.value}
        self.world.credentials(self.token)
        self.broken = set()  # branches and tags whose job `lint` fails
        self.begin(kept, repos.suite, (address(GITLAB), address(GITLAB, "/api/v4")))
        self.lab = self.world.start_gitlab(at=GITLAB, rule=self.jobs, looks=2, per_push=4)
        group = self.lab.add_group("trueppm")
        self.project = self.lab.add_project(self.name, self.server, groups=[group])
        self.project.protected_tags += [{"name": pattern, "create_access_levels": [{"access_level": 40, "user_id": None, "group_id": None}]} for pattern in ("v*", "scheduler-v*", "mcp-v*")]
        level = [{"access_level": 40, "access_level_description": "Maintainers", "user_id": None, "group_id": None}]
        self.project.protected_branches.append({"id": 1, "name": "main", "push_access_levels": level, "merge_access_levels": level, "allow_force_push": False})
        self.project.variables += [
            {"key": "GHCR_TOKEN", "value": "ghp_value-of-a-variable-of-CI", "masked": True, "protected": True},
            {"key": "GHCR_USER", "value": "value-of-another-variable", "protected": False},
        ]
        row = gitlab_planning.add_milestone(self.lab, self.project, self.milestone)
        gitlab_planning.add_issue(self.lab, self.project, "Ties are not stable", milestone=row, state="closed")
        gitlab_planning.add_merge_request(self.lab, self.project, "Boards", "feature/boards", milestone=row, state="merged")
        self.open_issue = gitlab_planning.add_issue(self.lab, self.project, "Boards need a page", milestone=row)
        self.milestone_row = row
        self.lab.pipelines.start(self.server.commit("main"), "main", looks=0)
        if kept:
            self.close_issue()

    def jobs(self, ref, is_tag):
        return [Job("test"), Job("lint", "failed" if ref in self.broken else "success"), Job("nightly", "failed", allow_failure=True)]

    def close_issue(self):
        self.open_issue.update({"state": "closed", "closed_at": self.lab.now()})

    def ready(self):
        self.close_issue()
        return self.relman("bump", "-g", "suite", "minor", "alpha", "--yes")

    def end_state(self):
        releases = []
        for one in self.project.releases:
            links = [(link["name"], re.sub(r"/\d+/", "/N/", link["url"])) for link in one["links"]]
            releases.append((one["tag_name"], one["name"], one["description"], sorted(links), sorted(row["title"] for row in one["milestones"])))
        files = [(row["file_name"], row["file_sha256"]) for row in self.project.package_files]
        milestones = [(row["title"], row["state"]) for row in self.project.milestones]
        requests = [(row["source_branch"], row["target_branch"], row["state"]) for row in self.project.merge_requests]
        return {**self.refs(), "releases": sorted(releases), "files": sorted(files), "milestones": milestones, "requests": requests}
