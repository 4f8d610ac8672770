"""pnpm accepts a bumped workspace with its lock frozen, and writes the same bytes when it locks anew, in lock versions 6 and 9."""

import json

from trial import Trial

OPTIONS = ["--lockfile-only", "--ignore-scripts", "--offline"]
FROZEN = [*OPTIONS, "--frozen-lockfile"]
# The command of each lock version, as `.ci/validators` installs it.
JUDGES = {"6.0": "pnpm8", "9.0": "pnpm9"}


def manifest(name, version, **fields):
    return json.dumps({"name": name, "version": version, **fields}, indent=2) + "\n"


WORKSPACE = {
    "relman.toml": """
[workspace]
members = ["packages/*"]

[dependents]
policy = "always"
""",
    ".npmrc": "link-workspace-packages=true\n",
    ".gitignore": "node_modules\n",
    "pnpm-workspace.yaml": 'packages:\n  - "packages/*"\n',
    "package.json": manifest("harbor", "0.0.0", private=True, devDependencies={"@harbor/tides": "workspace:^0.4.0"}),
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
