"""Bun accepts a bumped workspace with its lock frozen, and writes the same bytes when it locks anew."""

from harbor import CONFIG, PACKAGES, REQUESTS, manifest
from trial import Trial

INSTALL = ["bun", "install", "--ignore-scripts"]

WORKSPACE = {
    "relman.toml": CONFIG,
    ".gitignore": "node_modules\n",
    "package.json": manifest(
        "harbor", "0.0.0", private=True, workspaces=["packages/*"], devDependencies={"@harbor/tides": "workspace:^0.4.0"}
    ),
    **PACKAGES,
}

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
