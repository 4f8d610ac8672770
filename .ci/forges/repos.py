"""Repositories with the shapes of two real projects, and their relman.toml as the documentation of `relman release` shows it.

`git_flow`: dev and main; main is ahead by merges, by a commit that was made there by hand and by a bot's merge; tags of two parts on main,
of which the last stands on a commit of the release before; 54 tags of archived branches; manifests that were never bumped.
`suite`: a monorepo with a fixed group of three packages, two spellings of one version, fragments, and a changelog each.
"""

import pathlib
import subprocess

GIT_FLOW = """\
[workspace]
branches       = ["dev", "fix/*"]
commit-message = "Prepare release v{{version}}"

[packages.vmpilot]
tag-prefix = "v"
paths      = ["**"]
manifests  = ["VERSION", "pyproject.toml"]

[packages.vmpilot.changelog]
path      = "CHANGELOG.md"
sources   = ["milestone"]
milestone = {{ labels = {{ bug = "fixed" }}, skip = ["dependabot"] }}

[forge]
kind       = "github"
repository = "drorm/vmpilot"
url        = "{web}"
api        = "{api}"

[gates]
issues = "ask"

[gates.commands]
tests = ["sh", "tests/unit.sh"]

[release]
milestone   = "{{major}}.{{minor}}"
integration = "dev"
production  = "main"
title       = "Release v{{version}}"
assets      = ["dist/*.whl"]
"""

SUITE = """\
[workspace]
branches       = ["main", "fix/*"]
commit-message = "chore(release): bump version to {{version}}"
tags-per-push  = 1

[packages.platform]
paths      = ["packages/api/**", "packages/web/**"]
scheme     = "semver"
tag-prefix = "v"
manifests  = ["packages/api/pyproject.toml", "packages/web/package.json", {{ path = "docs/api/openapi.json", pointer = "/info/version", scheme = "pep440" }}]

[packages.platform.changelog]
path        = "CHANGELOG.md"
fragments   = "changelog.d"
heading     = "## [{{version}}] — {{date}}"
prereleases = "rotate"
placeholder = "_Nothing yet._"

[packages.platform.release]
title = "TruePPM {{tag}}"

[packages.scheduler]
path        = "packages/scheduler"
tag-prefix  = "scheduler-v"
tag-message = "Release trueppm-scheduler {{version}}"

[packages.scheduler.changelog]
path        = "packages/scheduler/CHANGELOG.md"
summary     = "none"
prereleases = "rotate"
placeholder = "_Nothing yet._"
empty       = "_No library-facing changes in this release._"

[packages.scheduler.release]
forge = false

[packages.mcp]
path        = "packages/mcp"
tag-prefix  = "mcp-v"
tag-message = "Release trueppm-mcp {{version}}"
manifests   = ["packages/mcp/pyproject.toml", {{ path = "packages/mcp/src/trueppm_mcp/__init__.py", search = '__version__ = "{{version}}"', scheme = "pep440" }}]

[packages.mcp.release]
forge = false

[groups.suite]
fixed = ["platform", "scheduler", "mcp"]

[forge]
kind         = "gitlab"
repository   = "trueppm/core/trueppm"
url          = "{web}"
api          = "{api}"
ci-variables = [{{ name = "GHCR_TOKEN", masked = true, protected = true }}, {{ name = "GHCR_USER", protected = true }}]

[gates]
ci        = "green"
issues    = "refuse"
requests  = "refuse"
fragments = "refuse"

[gates.commands]
smoke = {{ run = ["sh", "scripts/smoke.sh"], needs = ["sh"], timeout = "1m" }}

[gates.questions.migrations]
ask      = "Are the migrations of every app squashed?"
versions = ["*.*.0"]

[release]
milestone = "{{major}}.{{minor}}"
push      = "branch-first"
wait      = "5m"
assets    = ["dist/*.json"]
"""


class Builder:
    """Writes files and commits, each a minute after the one before."""

    def __init__(self, folder, environment, begun=1_700_000_000):
        self.folder, self.environment, self.time = pathlib.Path(folder), environment, begun
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self.git("init", "-q", "-b", "main")

    def git(self, *arguments, stdin=None):
        self.time += 60
        moment = f"@{self.time} +0000"
        environment = {**self.environment, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        done = subprocess.run(["git", "-C", str(self.folder), *arguments], input=stdin, capture_output=True, text=True, env=environment, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def write(self, **files):
        for path, text in files.items():
            self.put(path, text)

    def put(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, message, files=None):
        for path, text in (files or {}).items():
            self.put(path, text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch, message):
        self.git("merge", "-q", "--no-ff", "-m", message, branch)
        return self.git("rev-parse", "HEAD")


def changelog(*sections):
    parts = ["# Changelog\n", "## [Unreleased]\n"]
    parts += [f"## [{title}] - {day}\n\n### Added\n\n- {text}\n" for title, day, text in sections]
    return "\n".join(parts)


def git_flow(folder, environment, web, api):
    """The work tree, on dev. Its remotes are the caller's."""
    repo = Builder(folder, environment)
    base = {
        "relman.toml": GIT_FLOW.format(web=web, api=api),
        "VERSION": "0.1.0\n",
        "pyproject.toml": '[project]\nname = "vmpilot"\nversion = "0.1.0"\n',
        "CHANGELOG.md": changelog(("0.1", "2024-11-01", "First release")),
        "tests/unit.sh": "echo 3 tests passed\n",
        ".gitignore": "dist/\n",
        "README.md": "vmpilot\n",
        "src/pilot.py": "def fly():\n    return 0\n",
    }
    repo.commit("feat: first version", base)
    repo.git("tag", "v0.1")
    repo.git("checkout", "-q", "-b", "dev")
    merges, sections = [], [("0.1", "2024-11-01", "First release")]
    for minor in range(2, 6):
        branch = f"feature/{minor}-more"
        repo.git("checkout", "-q", "-b", branch, "dev")
        repo.commit(f"feat: part {minor}", {f"src/part{minor}.py": f"PART = {minor}\n"})
        repo.git("checkout", "-q", "dev")
        repo.merge(branch, f"Merge pull request #{minor} from drorm/{branch}")
        repo.git("branch", "-q", "-D", branch)
        sections.insert(0, (f"0.{minor}", f"2025-0{minor}-01", f"Part {minor}"))
        repo.commit(f"Update CHANGELOG.md and freeze dependencies for release v0.{minor}", {"CHANGELOG.md": changelog(*sections)})
        repo.git("checkout", "-q", "main")
        merges.append(repo.merge("dev", f"Merge dev into main for release v0.{minor}"))
        if minor == 3:
            repo.commit("Create CNAME", {"CNAME": "vmpilot.example.com\n"})
            repo.git("checkout", "-q", "-b", "dependabot/pip/x")
            repo.commit("build(deps): bump x", {"requirements.txt": "x==2\n"})
            repo.git("checkout", "-q", "main")
            repo.merge("dependabot/pip/x", "Merge pull request #31 from drorm/dependabot/pip/x")
            repo.git("branch", "-q", "-D", "dependabot/pip/x")
        repo.git("checkout", "-q", "dev")
    # v0.5 stands on the merge of 0.4: the workflow ran with the wrong milestone.
    for tag, commit in (("v0.2", merges[0]), ("v0.3", merges[1]), ("v0.4", merges[2]), ("v0.5", merges[2])):
        repo.git("tag", tag, commit)
    on_dev = repo.git("rev-list", "dev").split()
    archived = [f"create refs/tags/archive/remotes/origin/feature/{number}-old {on_dev[number % len(on_dev)]}\n" for number in range(54)]
    repo.git("update-ref", "--stdin", stdin="".join(archived))
    repo.commit("feat: pipes", {"src/pipes.py": "PIPES = 1\n"})
    repo.commit("fix: a crash at the start", {"src/pilot.py": "def fly():\n    return 1\n"})
    repo.put("dist/vmpilot.whl", "the wheel\n")
    return repo


def suite(folder, environment, web, api):
    """The work tree, on main, with tags of 0.4.0 and fragments for the next minor."""
    repo = Builder(folder, environment)
    version = "0.4.0"
    unreleased = "# Changelog\n\n## [Unreleased]\n\n_Nothing yet._\n\n"
    files = {
        "relman.toml": SUITE.format(web=web, api=api),
        "packages/api/pyproject.toml": f'[project]\nname = "trueppm-api"\nversion = "{version}"\n',
        "packages/web/package.json": f'{{\n  "name": "@trueppm/web",\n  "version": "{version}"\n}}\n',
        "docs/api/openapi.json": f'{{\n  "info": {{\n    "title": "TruePPM",\n    "version": "{version}"\n  }}\n}}\n',
        "packages/scheduler/pyproject.toml": f'[project]\nname = "trueppm-scheduler"\nversion = "{version}"\n',
        "packages/mcp/pyproject.toml": f'[project]\nname = "trueppm-mcp"\nversion = "{version}"\n',
        "packages/mcp/src/trueppm_mcp/__init__.py": f'__version__ = "{version}"\n',
        "CHANGELOG.md": unreleased + f"## [{version}] — 2026-01-01\n\n### Added\n\n- Portfolios\n",
        "packages/scheduler/CHANGELOG.md": unreleased + f"## [{version}] - 2026-01-01\n\n_No library-facing changes in this release._\n",
        "changelog.d/README.md": "One file for each change.\n",
        "scripts/smoke.sh": 'echo "ok $RELMAN_VERSION"\n',
        ".gitignore": "dist/\n",
    }
    repo.commit("feat: begin", files)
    for tag in (f"v{version}", f"scheduler-v{version}", f"mcp-v{version}"):
        repo.git("tag", "-a", "-m", f"Release {tag}", tag)
    repo.commit("feat(api): boards", {"packages/api/boards.py": "BOARDS = 1\n", "changelog.d/boards.added.md": "- Boards (#12)\n"})
    repo.commit("fix(scheduler): ties", {"packages/scheduler/ties.py": "TIES = 1\n", "changelog.d/ties.fixed.md": "---\npackages: [platform, scheduler]\n---\n- Ties are stable (#13)\n"})
    repo.commit("feat(mcp): tools", {"packages/mcp/tools.py": "TOOLS = 1\n"})
    repo.put("dist/sbom.json", '{"bomFormat": "CycloneDX"}\n')
    return repo
