"""Yarn accepts a bumped workspace with its lock frozen. Since Yarn 2 it writes the same bytes when it locks anew; Yarn 1 locks nothing of it."""

from harbor import CONFIG, ONE, PACKAGES, manifest
from trial import Trial

# The commands as `.ci/validators` installs them, with the lock version that each writes.
BERRY = {"yarn3": "version: 6\n", "yarn4": "version: 10\n"}
MODE = "--mode=skip-build"


def workspace(protocol, any_version):
    return {
        "relman.toml": CONFIG,
        ".gitignore": "node_modules\n.yarn\n",
        "package.json": manifest(
            "harbor", "0.0.0", private=True, workspaces=["packages/*"], devDependencies={"@harbor/tides": f"{protocol}^0.4.0"}
        ),
        **PACKAGES,
        "packages/winch/package.json": manifest(
            "winch", "0.9.0", dependencies={"@harbor/tides": any_version, "crane": "^2.0.0 || ^3.0.0"}
        ),
    }


REQUESTS = [("major", "--all", "major"), ("alpha", "--all", "minor", "alpha"), *ONE]


def berry(trial, yarn, version):
    files = workspace("workspace:", "workspace:*") | {".yarnrc.yml": "nodeLinker: node-modules\n"}
    install = [yarn, "install", "--no-immutable", MODE]
    frozen = [yarn, "install", "--immutable", MODE]

    def lock(root):
        (root / "yarn.lock").touch()
        trial.must(*install, cwd=root)

    base = trial.repository(yarn, files, lock)
    written = (base / "yarn.lock").read_text()
    is_such = version in written and "@harbor/tides@workspace:*, @harbor/tides@workspace:^0.4.0" in written
    trial.check(f"{yarn}: the sample has such a lock", is_such, written)
    for name, *request in REQUESTS:
        root = trial.copy(base, f"{yarn}-{name}")
        if trial.bump(root, *request) is None:
            continue
        trial.accepts(f"{root.name}: yarn install, immutable", *frozen, cwd=root)
        trial.must(*install, cwd=root)
        changed = trial.must("git", "diff", "--", "yarn.lock", cwd=root)
        trial.check(f"{root.name}: yarn keeps every byte of the lock", changed == "", changed)
        trial.before(root, "yarn.lock")
        trial.refuses(f"{root.name}: yarn install with the old lock, immutable", *frozen, cwd=root)


def classic(trial):
    frozen = ["yarn1", "install", "--offline", "--ignore-scripts", "--frozen-lockfile"]
    base = trial.repository("yarn1", workspace("", "^0.4.0"), lambda root: trial.must(*frozen[:-1], cwd=root))
    lock = (base / "yarn.lock").read_text()
    for name, *request in REQUESTS:
        root = trial.copy(base, f"yarn1-{name}")
        if trial.bump(root, *request) is None:
            continue
        trial.accepts(f"{root.name}: yarn install, frozen", *frozen, cwd=root)
        trial.check(f"{root.name}: the lock stays", (root / "yarn.lock").read_text() == lock)
        trial.before(root, "packages/dashboard/package.json")
        trial.refuses(f"{root.name}: yarn install with an old range, frozen", *frozen, cwd=root)


with Trial("yarn") as trial:
    home = str(trial.folder)
    trial.environment |= {
        "HOME": home,
        "YARN_CACHE_FOLDER": f"{home}/cache",
        "YARN_GLOBAL_FOLDER": f"{home}/global",
        "YARN_ENABLE_NETWORK": "false",
        "YARN_ENABLE_TELEMETRY": "false",
    }
    classic(trial)
    for yarn, version in BERRY.items():
        berry(trial, yarn, version)
