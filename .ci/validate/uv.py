"""uv finds nothing to do in a bumped workspace: its check passes, and its own lock is the same to the byte.

Run with PATH holding the uv to judge.
"""

import tomllib

from trial import Trial

NO_BUILD = '\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'


def project(name, version, *dependencies, more=""):
    listed = "".join(f'    "{dependency}",\n' for dependency in dependencies)
    return f"""
[project]
name = "{name}"
version = "{version}" # of {name}
requires-python = ">=3.11"
dependencies = [
{listed}]
{more}"""


WORKSPACE = {
    "relman.toml": '[workspace]\nmembers = ["packages/*"]\n\n[dependents]\npolicy = "always"\n',
    "pyproject.toml": """
[project]
name = "hub"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["orbit-api"]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
orbit-api = { workspace = true }
orbit-core = { workspace = true }
orbit-tools = { workspace = true }
""",
    "packages/core/pyproject.toml": project("Orbit_Core", "0.3.0"),
    "packages/api/pyproject.toml": project(
        "orbit-api", "0.3.0a1", "orbit-core[fast]>=0.3.0,<1",
        more='\n[project.optional-dependencies]\ntools = ["orbit.tools~=1.2.0"]\n',
    ),
    "packages/tools/pyproject.toml": project(
        "orbit-tools", "1.2.0", "orbit-core==0.3.0 ; python_version >= '3.11'",
        more='\n[dependency-groups]\ndev = ["orbit-api>=0.3.0a1"]\n',
    ),
}  # fmt: skip
WORKSPACE["packages/core/pyproject.toml"] += "\n[project.optional-dependencies]\nfast = []\n"

SINGLE_PEP440 = {"relman.toml": '[packages.orbit]\npath = "."\n', "pyproject.toml": project("orbit", "0.3.0a1")}
SINGLE_SEMVER = {
    "relman.toml": '[packages.orbit]\npath = "."\nscheme = "semver"\n',
    "pyproject.toml": project("orbit", "0.3.0-alpha.1", more=NO_BUILD),
}

SAMPLES = {
    "workspace": (WORKSPACE, [
        ("minor", "--all", "minor"),
        ("patch", "--all", "patch"),
        ("major", "--all", "major"),
        ("alpha", "--all", "minor", "alpha"),
        ("rc", "--all", "minor", "rc"),
        ("one", "-p", "Orbit_Core=minor"),
        ("two", "-p", "Orbit_Core=1.0.0rc2", "-p", "orbit-tools=2.0.0.post1"),
    ]),
    "single-pep440": (SINGLE_PEP440, [("alpha", "alpha"), ("beta", "beta"), ("final", "release"), ("major", "major")]),
    "single-semver": (SINGLE_SEMVER, [("alpha", "alpha"), ("rc", "rc"), ("final", "release"), ("minor", "minor", "alpha")]),
}  # fmt: skip


def normal(name):
    return name.lower().replace("_", "-").replace(".", "-")


def judge(trial, root, told):
    trial.accepts(f"{root.name}: uv lock --check", "uv", "lock", "--check", "--offline", cwd=root)
    lock = (root / "uv.lock").read_bytes()
    entries = {entry["name"]: entry["version"] for entry in tomllib.loads(lock.decode())["package"]}
    for name, version in told.items():
        spelled = trial.must("python3", "-c", CANONICAL, version, cwd=root).strip()
        found = entries.get(normal(name))
        trial.check(f"{root.name}: {name} in uv.lock", found == spelled, f"{found} instead of {spelled}")
    trial.accepts(f"{root.name}: uv lock", "uv", "lock", "--offline", cwd=root)
    now = (root / "uv.lock").read_bytes()
    trial.check(f"{root.name}: uv itself changes no byte of the lock", now == lock, now.decode())
    trial.restore(root)


CANONICAL = "import sys, packaging.version as v; print(v.Version(sys.argv[1]))"

with Trial("uv") as trial:
    trial.environment |= {"UV_CACHE_DIR": str(trial.folder / "cache"), "UV_PYTHON_DOWNLOADS": "never"}
    for sample, (files, requests) in SAMPLES.items():
        base = trial.repository(sample, files, lambda root: trial.must("uv", "lock", "--offline", cwd=root))
        for name, *request in requests:
            root = trial.copy(base, f"{sample}-{name}")
            told = trial.bump(root, *request)
            if told is None:
                continue
            judge(trial, root, told)
            trial.before(root, "uv.lock")
            trial.refuses(f"{root.name}: uv lock --check with the old lock", "uv", "lock", "--check", "--offline", cwd=root)
