"""pnpm accepts a bumped workspace with its lock frozen, and writes the same bytes when it locks anew, in lock versions 6 and 9."""

from harbor import CONFIG, PACKAGES, REQUESTS, manifest
from trial import Trial

OPTIONS = ["--lockfile-only", "--ignore-scripts", "--offline"]
FROZEN = [*OPTIONS, "--frozen-lockfile"]
# The command of each lock version, as `.ci/validators` installs it.
JUDGES = {"6.0": "pnpm8", "9.0": "pnpm9"}

WORKSPACE = {
    "relman.toml": CONFIG,
    ".npmrc": "link-workspace-packages=true\n",
    ".gitignore": "node_modules\n",
    "pnpm-workspace.yaml": 'packages:\n  - "packages/*"\n',
    "package.json": manifest("harbor", "0.0.0", private=True, devDependencies={"@harbor/tides": "workspace:^0.4.0"}),
    **PACKAGES,
}

with Trial("pnpm", npm_config_update_notifier="false") as trial:
    trial.environment |= {"HOME": str(trial.folder), "CI": "true"}
    for lock_version, pnpm in JUDGES.items():
        install = [pnpm, "install", *OPTIONS, "--no-frozen-lockfile"]
        base = trial.repository(
            f"workspace-v{lock_version}", WORKSPACE, lambda root, install=install: trial.must(*install, cwd=root)
        )
        written = (base / "pnpm-lock.yaml").read_text()
        is_such = written.startswith(f"lockfileVersion: '{lock_version}'") and "link:../tides" in written
        trial.check(f"{base.name}: the sample has such a lock", is_such, written)
        for name, *request in REQUESTS:
            root = trial.copy(base, f"{base.name}-{name}")
            if trial.bump(root, *request) is None:
                continue
            trial.accepts(f"{root.name}: pnpm install, frozen", pnpm, "install", *FROZEN, cwd=root)
            trial.must(*install, cwd=root)
            changed = trial.must("git", "diff", "--", "pnpm-lock.yaml", cwd=root)
            trial.check(f"{root.name}: pnpm keeps every byte of the lock", changed == "", changed)
            trial.before(root, "pnpm-lock.yaml")
            trial.refuses(f"{root.name}: pnpm install with the old lock, frozen", pnpm, "install", *FROZEN, cwd=root)
