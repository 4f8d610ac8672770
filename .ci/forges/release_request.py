"""A release request on both forges: made, updated, its level overridden by a label, merged by squash, released. Every step prints what is asserted."""

import gitlab_planning
from no_token import search
from peers import Report
from scenarios import FirstSeed, SecondSeed

BRANCH = "release/next"


class OnGitHub:
    """`dev` of the git-flow repository takes the request."""

    base, tag, label_text, command = "dev", "v0.7.0", "relman:vmpilot=0.7.0", ("pr", "0.6.0", "--yes")

    def __init__(self):
        self.seed = FirstSeed()

    def requests(self):
        return [(one["number"], one["state"], one["title"], one["body"]) for one in self.seed.ask("GET", "pulls?state=all&per_page=100") if one["head"]["ref"] == BRANCH]

    def label(self, number, name):
        self.seed.ask("POST", f"issues/{number}/labels", {"labels": [name]})

    def merged(self, number, commit):
        self.seed.ask("PUT", f"pulls/{number}/merge", {})
        key = (self.seed.name.lower(), number)
        self.seed.hub.merged[key] = {"commit": commit, "at": self.seed.ask("GET", f"pulls/{number}")["merged_at"]}

    def before_release(self):
        """The release of 0.7.0 needs its milestone."""
        self.seed.ask("POST", "milestones", {"title": "0.7"})


class OnGitLab:
    """`main` of the suite takes the request."""

    base, tag, label_text, command = "main", "v1.0.0", "relman:platform=major", ("pr", "minor", "-g", "suite", "--yes")

    def __init__(self):
        self.seed = SecondSeed()

    def requests(self):
        states = {"opened": "open"}
        return [(row["iid"], states.get(row["state"], row["state"]), row["title"], row["description"]) for row in self.seed.project.merge_requests if row["source_branch"] == BRANCH]

    def row(self, number):
        return next(row for row in self.seed.project.merge_requests if row["iid"] == number)

    def label(self, number, name):
        self.row(number)["labels"].append(name)

    def merged(self, number, commit):
        now = self.seed.lab.now()
        self.row(number).update({"state": "merged", "merged_at": now, "squash_commit_sha": commit, "merge_commit_sha": None})

    def before_release(self):
        gitlab_planning.add_milestone(self.seed.lab, self.seed.project, "1.0")
        self.seed.lab.pipelines.start(self.seed.server.commit("main"), "main", looks=0)
        self.seed.close_issue()


def walk(report, kind, forge):
    seed, git = forge.seed, forge.seed.repo.git
    git("checkout", "-q", forge.base)
    report.step(f"{kind}: made")
    clean = git("status", "--porcelain"), git("rev-parse", "HEAD")
    run = seed.relman(*forge.command)
    report.equal("exit", run.code, 0) or print(run)
    found = forge.requests()
    report.equal("one open request", [one[1] for one in found], ["open"]) or print(run)
    number = found[0][0]
    report.check("its body has the version", "0.6.0" in found[0][3] or "0.5.0" in found[0][3], found)
    first = seed.server.commit(BRANCH)
    report.equal("one commit on the branch of HEAD", git("ls-remote", "origin", f"refs/heads/{forge.base}").split()[0], clean[1])
    git("fetch", "-q", "--no-tags", "origin", f"+{BRANCH}:refs/remotes/origin/{BRANCH}")
    report.equal("its parent is HEAD", git("rev-parse", f"origin/{BRANCH}^"), clean[1])
    report.equal("no tag, and nothing here changed", ([tag for tag in seed.server.tags() if tag == forge.tag], (git("status", "--porcelain"), git("rev-parse", "HEAD"))), ([], clean))

    report.step(f"{kind}: updated when the branch has gone on")
    seed.repo.commit("feat: more", {"src/more.py": "MORE = 1\n", "packages/api/more.py": "MORE = 1\n"})
    git("push", "-q", "origin", forge.base)
    run = seed.relman(*forge.command)
    report.equal("exit", run.code, 0) or print(run)
    report.equal("the same request, open", [one[:2] for one in forge.requests()], [(number, "open")])
    report.check("another commit, on the new head", seed.server.commit(BRANCH) != first, run)
    again = seed.server.commit(BRANCH)
    run = seed.relman(*forge.command)
    report.equal("nothing new: exit, and the same commit", (run.code, seed.server.commit(BRANCH)), (0, again)) or print(run)

    report.step(f"{kind}: a label overrides the level")
    forge.label(number, forge.label_text)
    run = seed.relman(*forge.command)
    report.equal("exit", run.code, 0) or print(run)
    report.check(f"the request is about {forge.tag}", forge.tag[1:] in forge.requests()[0][2] + forge.requests()[0][3], forge.requests())

    report.step(f"{kind}: a commit of a person is not overwritten")
    git("fetch", "-q", "--no-tags", "origin", f"+{BRANCH}:refs/remotes/origin/{BRANCH}")
    ours = git("rev-parse", f"origin/{BRANCH}")
    foreign = git("commit-tree", "-m", "docs: by hand", "-p", ours, f"{ours}^{{tree}}")
    git("push", "-q", "origin", f"{foreign}:refs/heads/{BRANCH}")
    seed.repo.commit("fix: one more", {"src/last.py": "LAST = 1\n", "packages/api/last.py": "LAST = 1\n"})
    git("push", "-q", "origin", forge.base)
    run = seed.relman(*forge.command)
    report.equal("refused: exit, and their commit is there", (run.code, seed.server.commit(BRANCH)), (4, foreign)) or print(run)
    run = seed.relman(*forge.command, "--force")
    report.equal("with --force: exit", run.code, 0) or print(run)
    report.check("ours is there again", seed.server.commit(BRANCH) != foreign, run)

    report.step(f"{kind}: merged by squash, and released")
    git("fetch", "-q", "--no-tags", "origin", f"+{BRANCH}:refs/remotes/origin/{BRANCH}")
    git("merge", "-q", "--squash", f"origin/{BRANCH}")
    git("commit", "-q", "-m", "Release (squashed)")
    git("push", "-q", "origin", forge.base)
    forge.merged(number, git("rev-parse", "HEAD"))
    forge.before_release()
    run = seed.relman("release", "--yes", "--skip-gate", "ci,migrations") if kind == "gitlab" else seed.relman("release", "--yes")
    report.equal("exit", run.code, 0) or print(run)
    number_of_tags = len([tag for tag in seed.server.tags() if tag.endswith(forge.tag[1:])])
    report.equal("its tags are out", number_of_tags, 3 if kind == "gitlab" else 1)
    state = seed.end_state()
    report.check("and its release", any(one[0] == forge.tag for one in state["releases"]), state["releases"])
    run = seed.relman(*forge.command[:1], "--yes", *forge.command[2:-1])
    report.equal("nothing is pending any more: exit", run.code, 0) or print(run)
    report.equal("and no other request was made", [one[0] for one in forge.requests()], [number]) or print(forge.requests()[-1], run)


def main():
    report = Report("release_request")
    for kind, forge in (("github", OnGitHub), ("gitlab", OnGitLab)):
        one = forge()
        with one.seed as seed:
            walk(report, kind, one)
            report.equal(f"{kind}: what was asked is as the forge describes it", seed.world.traffic.violations, [])
            report.equal(f"{kind}: no token in anything that was written", search(seed.world), [])
    report.end()


if __name__ == "__main__":
    main()
