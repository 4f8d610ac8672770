"""Other tools make the next release of repositories of fixtures/adoption; relman's plan for it must be the same.

Compared are the versions in the files that a release changes, and its tags. Changelogs and a tool's own notes about a release (consumed
fragments, the state of a series) are each tool's own affair, and so is a lock file that it rewrites.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELMAN = os.environ["RELMAN"]
VERSION = re.compile(r"\d+\.\d+\.\d+(?:[-.]?[a-z]+\.?\d+)?")
OWN = ("CHANGELOG.md", "package-lock.json", "pre.json")
ENV = os.environ | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "NX_DAEMON": "false",
    "NX_NO_CLOUD": "true",
    "CI": "true",
}


def run(home, *words):
    ran = subprocess.run(words, cwd=home, env=ENV, capture_output=True, text=True, timeout=120)
    if ran.returncode:
        raise AssertionError(f"{' '.join(words)}: exit {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def made(name, home):
    """The repository of a fixture."""
    home.mkdir()
    run(home, "git", "init", "-q", "-b", "main")
    fixture = ROOT / "fixtures/adoption" / name
    run(home, "sh", "-c", '. "$0/../lib.sh"; . "$0/make.sh"', str(fixture))
    return home


def planned(home, *request):
    """The version of each file that relman edits, and the tags that it makes."""
    run(home, RELMAN, "init")
    run(home, "git", "add", "-A")
    run(home, "git", "commit", "-qm", "chore: adopt relman")
    plan = json.loads(run(home, RELMAN, "plan", *request, "--json"))
    files = {}
    for file in plan["files"]:
        if not file["path"].endswith(OWN):
            files[file["path"]] = sorted({edit["new"] for edit in file["edits"]})
    return files, sorted(tag["name"] for tag in plan["tags"])


def released(home, before, *tags):
    """The same of what a tool did: the versions that are new in each file, and the new tags."""
    files = {}
    for path in run(home, "git", "diff", "--name-only", before).split():
        if path.endswith(OWN) or not (home / path).exists():
            continue
        lines = run(home, "git", "diff", "-U0", before, "--", path).splitlines()
        new = [line for line in lines if line.startswith("+") and not line.startswith("+++")]
        files[path] = sorted({version for line in new for version in VERSION.findall(line)})
    return files, sorted(tags)


def new_tags(home, known):
    return set(run(home, "git", "tag", "--list").split()) - known


def commit_of(home):
    return run(home, "git", "rev-parse", "HEAD").strip()


def changesets(home, note):
    (home / ".changeset/new.md").write_text(note)
    run(home, "git", "add", "-A")
    run(home, "git", "commit", "-qm", "add a note")
    before, known = commit_of(home), set(run(home, "git", "tag", "--list").split())
    run(home, "changeset", "version")
    run(home, "git", "add", "-A")
    run(home, "git", "commit", "-qm", "version")
    run(home, "changeset", "tag")
    files, _ = released(home, before)
    # It also tags what it finds untagged.
    changed = {json.loads((home / path).read_text())["name"] for path in files if path.endswith("package.json")}
    return files, sorted(tag for tag in new_tags(home, known) if tag.rpartition("@")[0] in changed)


def by_tool(home, *words):
    before, known = commit_of(home), set(run(home, "git", "tag", "--list").split())
    run(home, *words)
    return released(home, before, *new_tags(home, known))


CASES = {
    "changesets": [
        ("changesets-fixed", ["-p", "@acme/react-dom", "minor"], lambda home: changesets(home, '---\n"@acme/react-dom": minor\n---\n\nRender\n')),
        ("changesets-pre", ["-p", "@acme/core", "auto"], lambda home: changesets(home, '---\n"@acme/core": patch\n---\n\nAn edge\n')),
    ],
    "bump-my-version": [
        ("bump-my-version", ["--all", "auto"], lambda home: by_tool(home, "bump-my-version", "bump", "num")),
        ("bump-my-version", ["--all", "release"], lambda home: by_tool(home, "bump-my-version", "bump", "pre", "--new-version", "1.0.0")),
    ],
    "commitizen": [
        ("commitizen", ["--all", "auto"], lambda home: by_tool(home, "cz", "bump", "--yes")),
        ("commitizen", ["--all", "minor", "alpha"], lambda home: by_tool(home, "cz", "bump", "--yes", "--prerelease", "alpha")),
    ],
    "lerna": [
        (
            "lerna-fixed",
            ["--all", "minor"],
            lambda home: by_tool(home, "lerna", "version", "minor", "--force-publish", "--yes", "--no-push"),
        ),
    ],
}


def main():
    passed = failed = 0
    for tool in sys.argv[1:] or CASES:
        for name, request, release in CASES[tool]:
            scratch = Path(tempfile.mkdtemp())
            try:
                theirs = release(made(name, scratch / "theirs"))
                ours = planned(made(name, scratch / "ours"), *request)
                assert theirs[0] and theirs == ours, f"the tool: {theirs}\nrelman:   {ours}"
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired, KeyError) as error:
                failed += 1
                print(f"{tool}, {name}, {' '.join(request)}:\n{error}")
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    print(f"adoption: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
