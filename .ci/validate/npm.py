"""npm finds nothing to correct in a bumped workspace: it writes the lock anew, and no version and no requirement is another.

npm does not compare the version of the root with the lock by itself (`npm ci` is content with a stale one), and it drops or
adds fields of its own taste, so the fields are compared, not the bytes.
"""

import json

from harbor import ONE, PACKAGES, manifest
from trial import Trial

INSTALL = ["npm", "install", "--package-lock-only", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"]
FIELDS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")

WORKSPACE = {
    "relman.toml": """
[workspace]
members = ["packages/*"]

[packages.harbor]
path = "."
manifests = ["package.json", "package-lock.json"]

[dependents]
policy = "always"
""",
    "package.json": manifest(
        "harbor", "0.4.0", private=True, workspaces=["packages/*"], dependencies={"@harbor/tides": "^0.4.0"}
    ),
    **PACKAGES,
}
SINGLE = {
    "relman.toml": '[packages.harbor]\npath = "."\n',
    "package.json": manifest("harbor", "0.4.0", scripts={"version": "echo 0.4.0"}),
}
REQUESTS = [
    ("minor", "--all", "minor"),
    ("patch", "--all", "patch"),
    ("major", "--all", "major"),
    ("alpha", "--all", "minor", "alpha"),
    ("build", "--all", "5.0.0-rc.1"),
]


def lay_out(trial, sample, lock_version):
    files = WORKSPACE if sample == "workspace" else SINGLE
    option = ["--lockfile-version", str(lock_version)]
    name = f"{sample}-v{lock_version}"
    root = trial.repository(name, files, lambda root: trial.must(*INSTALL, *option, cwd=root))
    written = json.loads((root / "package-lock.json").read_text())["lockfileVersion"]
    trial.check(f"{name}: the sample has such a lock", written == lock_version, written)
    return root


def entries(lock):
    """Every entry of a lock by its place: the root, `packages`, and the older `dependencies`."""
    yield "", lock
    for table in ("packages", "dependencies"):
        for place, entry in lock.get(table, {}).items():
            yield f"{table}/{place}", entry


def facts(lock):
    """The versions and requirements of a lock, by place."""
    found = {}
    for place, entry in entries(lock):
        for field in ("version", "requires", *FIELDS):
            if isinstance(entry.get(field), (str, dict)) and not (place == "" and field == "dependencies"):
                found[f"{place} {field}"] = entry[field]
    return found


def judge(trial, root, told):
    before = facts(json.loads((root / "package-lock.json").read_text()))
    disagree(trial, root, before)
    version = json.loads((root / "package-lock.json").read_text())["lockfileVersion"]
    trial.accepts(f"{root.name}: npm install", *INSTALL, "--lockfile-version", str(version), cwd=root)
    after = facts(json.loads((root / "package-lock.json").read_text()))
    changed = [f"{key}: {before.get(key)} -> {after.get(key)}" for key in before | after if before.get(key) != after.get(key)]
    trial.check(f"{root.name}: npm keeps every version and requirement", not changed, "\n".join(changed))
    touched = trial.must("git", "status", "--porcelain", "--", "*package.json", cwd=root)
    trial.check(f"{root.name}: npm keeps the manifests", touched == "", touched)
    trial.restore(root)


def disagree(trial, root, before):
    """Holds the entries of the lock against the manifests that they are copies of."""
    for path in root.glob("**/package.json"):
        mine = json.loads(path.read_text())
        folder = path.parent.relative_to(root).as_posix()
        place = "packages/" + ("" if folder == "." else folder)
        if folder == ".":
            trial.check(f"{root.name}: root version", before[" version"] == mine["version"], before[" version"])
        if not any(key.startswith("packages/") for key in before):
            continue
        for field in ("version", *FIELDS):
            copy = before.get(f"{place} {field}")
            trial.check(f"{root.name}: {place} {field}", copy == mine.get(field), f"{copy} instead of {mine.get(field)}")


def control(trial, root, lock_version):
    """npm corrects the old lock, so it would have corrected relman's, were it wrong."""
    trial.before(root, "package-lock.json")
    stale = facts(json.loads((root / "package-lock.json").read_text()))
    trial.must(*INSTALL, "--lockfile-version", str(lock_version), cwd=root)
    mended = facts(json.loads((root / "package-lock.json").read_text()))
    trial.check(f"control: {root.name}: npm corrects the old lock", stale != mended, "it left the old lock alone")


with Trial("npm", npm_config_update_notifier="false") as trial:
    trial.environment |= {"HOME": str(trial.folder), "npm_config_cache": str(trial.folder / "cache")}
    for sample, lock_version in (("workspace", 3), ("workspace", 2), ("single", 3), ("single", 2), ("single", 1)):
        base = lay_out(trial, sample, lock_version)
        for name, *request in REQUESTS + (ONE if sample == "workspace" else []):
            root = trial.copy(base, f"{sample}-v{lock_version}-{name}")
            told = trial.bump(root, *request)
            if told is None:
                continue
            judge(trial, root, told)
            control(trial, root, lock_version)
