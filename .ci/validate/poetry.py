"""Poetry accepts the lock of a bumped project, and writes the same bytes when it locks anew.

Run with poetry in PATH, and RELMAN_POETRY_PYTHON, the python that has it. Only folders are required, so that no index is asked.
"""

import os

from trial import Trial

BUILD = '\n[build-system]\nrequires = ["poetry-core>=2.0"]\nbuild-backend = "poetry.core.masonry.api"\n'
OLD_PROJECT = """
[tool.poetry]
name = "crane"
version = "2.0.0"
description = ""
authors = ["t <t@example.com>"]

[tool.poetry.dependencies]
python = "^3.9"
tides = "^0.4.0"

[tool.poetry.group.dev.dependencies]
moor = {version = "^1.0.0", optional = true}
"""
FILES = {
    "relman.toml": '[workspace]\nmembers = ["packages/*"]\n\n[dependents]\npolicy = "always"\n',
    "packages/tides/pyproject.toml": '[project]\nname = "tides"\nversion = "0.4.0"\nrequires-python = ">=3.9"\n' + BUILD,
    "packages/tides/tides/__init__.py": "\n",
    "packages/moor/pyproject.toml": """
[project]
name = "moor"
version = "1.0.0"
requires-python = ">=3.9"
dependencies = ["tides>=0.4,<0.5"] # caf\u00e9

[dependency-groups]
dev = ["tides~=0.4.0"]

[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
tides = {path = "../tides", develop = true}
""" + BUILD,
    "packages/crane/pyproject.toml": OLD_PROJECT + BUILD,
}  # fmt: skip
REQUESTS = [("minor", "--all", "minor"), ("alpha", "-p", "tides=major:alpha")]
# Without packages there is nothing to resolve: what is required of an index is not asked for.
HASHED = """
import pathlib, sys, tomllib
from poetry.packages.locker import Locker
project = tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))
print(Locker(pathlib.Path("poetry.lock"), project)._content_hash)
"""


def lock(trial, root):
    trial.must("poetry", "lock", cwd=root / "packages/moor")
    crane = root / "packages/crane"
    content = trial.must(os.environ["RELMAN_POETRY_PYTHON"], "-c", HASHED, cwd=crane).strip()
    head = (root / "packages/moor/poetry.lock").read_text(encoding="utf-8").split("[[package]]")[0]
    metadata = f'[metadata]\nlock-version = "2.1"\npython-versions = "^3.9"\ncontent-hash = "{content}"\n'
    (crane / "poetry.lock").write_text(f"{head}package = []\n\n{metadata}", encoding="utf-8")


with Trial("poetry", POETRY_VIRTUALENVS_CREATE="false", POETRY_NO_INTERACTION="1") as trial:
    trial.environment |= {"HOME": str(trial.folder)}
    base = trial.repository("projects", FILES, lambda root: lock(trial, root))
    for name, *request in REQUESTS:
        root = trial.copy(base, name)
        if trial.bump(root, *request) is None:
            continue
        for package in ("moor", "crane"):
            folder = root / "packages" / package
            trial.accepts(f"{name}: {package}: poetry check --lock", "poetry", "check", "--lock", cwd=folder)
        trial.must("poetry", "lock", cwd=root / "packages/moor")
        changed = trial.must("git", "diff", "--", "packages/moor/poetry.lock", cwd=root)
        trial.check(f"{name}: poetry keeps every byte of the lock", changed == "", changed)
        for package in ("moor", "crane") if name == "minor" else ():
            trial.before(root, f"packages/{package}/poetry.lock")
            folder = root / "packages" / package
            trial.refuses(f"{name}: {package}: the old lock", "poetry", "check", "--lock", cwd=folder)
