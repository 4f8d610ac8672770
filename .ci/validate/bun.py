"""Bun accepts a bumped workspace with its lock frozen, and writes the same bytes when it locks anew."""

import json

from trial import Trial

INSTALL = ["bun", "install", "--ignore-scripts"]


def manifest(name, version, **fields):
    return json.dumps({"name": name, "version": version, **fields}, indent=2) + "\n"


WORKSPACE = {
    "relman.toml": """
[workspace]
members = ["packages/*"]

[dependents]
policy = "always"
""",
    ".gitignore": "node_modules\n",
    "package.json": manifest(
        "harbor", "0.0.0", private=True, workspaces=["packages/*"], devDependencies={"@harbor/tides": "workspace:^0.4.0"}
    ),
    "packages/tides/package.json": manifest("@harbor/tides", "0.4.0"),
    "packages/dashboard/package.json": manifest(
        "dashboard", "1.0.0", dependencies={"@harbor/tides": "~0.4.0"}, devDependencies={"crane": ">=2.0.0 <3.0.0"}
    ),
    "packages/crane/package.json": manifest(
        "crane", "2.0.0", peerDependencies={"@harbor/tides": "^0.4.0"}, optionalDependencies={"@harbor/tides": "0.4.0"}
    ),
}
REQUESTS = [
    ("minor", "--all", "minor"),
    ("major", "--all", "major"),
    ("alpha", "--all", "minor", "alpha"),
    ("one", "-p", "@harbor/tides=minor"),
    ("two", "-p", "@harbor/tides=1.0.0-beta.2", "-p", "crane=major"),
]

with Trial("bun") as trial:
    trial.environment |= {"HOME": str(trial.folder), "BUN_INSTALL_CACHE_DIR": f"{trial.folder}/cache"}
    base = trial.repository("workspace", WORKSPACE, lambda root: trial.must(*INSTALL, cwd=root))
    written = (base / "bun.lock").read_text()
    trial.check("the sample has such a lock", '"@harbor/tides@workspace:packages/tides"' in written, written)

    def rewritten(root):
        """What changes in the lock when Bun is free to write it: with the lock frozen it compares less than it writes."""
        trial.must(*INSTALL, cwd=root)
        return trial.must("git", "diff", "HEAD", "--", "bun.lock", cwd=root)

    for name, *request in REQUESTS:
        root = trial.copy(base, f"workspace-{name}")
        if trial.bump(root, *request) is None:
            continue
        trial.accepts(f"{root.name}: bun install, frozen", *INSTALL, "--frozen-lockfile", cwd=root)
        changed = rewritten(root)
        trial.check(f"{root.name}: bun keeps every byte of the lock", changed == "", changed)
        trial.before(root, "bun.lock")
        old = (root / "bun.lock").read_text()
        trial.must(*INSTALL, cwd=root)
        trial.check(f"control: {root.name}: bun changes the old lock", (root / "bun.lock").read_text() != old)
    root = trial.copy(base, "workspace-wrong")
    range_of_none = (root / "packages/dashboard/package.json").read_text().replace("~0.4.0", "~9.0.0")
    (root / "packages/dashboard/package.json").write_text(range_of_none)
    trial.refuses("bun install of a range that no package has, frozen", *INSTALL, "--frozen-lockfile", cwd=root)
