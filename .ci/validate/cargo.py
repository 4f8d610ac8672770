"""cargo reads a bumped workspace, with --locked and --offline, and finds the versions that relman told."""

import json
import os
import pathlib

from trial import Trial

RELMAN_TOML = """
[workspace]
members = ["crates/*"]

[packages.suite]
manifests = ["Cargo.toml"]
"""

FILES = {
    "relman.toml": RELMAN_TOML,
    "Cargo.toml": """
[workspace]
resolver = "2"
members = ["crates/*"]

[workspace.package]
version = "0.1.0" # of the core and its tools
edition = "2021"

[workspace.dependencies]
core-of-all = { path = "crates/core-of-all", version = "0.1.0" }
machine = { package = "engine", path = "crates/engine", version = "^0.4.2" }
itoa = { path = "crates/itoa", version = "0.3" }
""",
    "crates/core-of-all/Cargo.toml": """
[package]
name = "core-of-all"
version.workspace = true
edition.workspace = true
""",
    "crates/tools/Cargo.toml": """
[package]
name = "tools"
version = { workspace = true }
edition.workspace = true

[dependencies]
core-of-all = { workspace = true }

[target.'cfg(unix)'.build-dependencies]
parts = { version = ">=2.0.0, <3.0.0", path = "../parts" }
""",
    "crates/engine/Cargo.toml": """
[package]
name    = 'engine'
version = '0.4.2'
edition = "2021"

[dependencies.core-of-all]
path = "../core-of-all"
version = "0.1"

[dependencies]
itoa = "1" # of the registry
""",
    "crates/parts/Cargo.toml": """
[package]
name = "parts"
version = "2.0.0"
edition = "2021"

[dev-dependencies]
engine = { path = "../engine" }
""",
    # Of one name with a crate of the registry.
    "crates/itoa/Cargo.toml": """
[package]
name = "itoa"
version = "0.3.0"
edition = "2021"
""",
    "crates/app/Cargo.toml": """
[package]
name = "app"
version = "0.2.0"
edition = "2021"
publish = false

[dependencies]
machine.workspace = true
itoa.workspace = true
foreign = { package = "itoa", version = "1" }
bits = { package = "parts", path = "../parts", version = "=2.0.0" }
""",
}
CRATES = ["core-of-all", "tools", "engine", "parts", "itoa", "app"]
METADATA = ["cargo", "metadata", "--locked", "--offline", "--format-version", "1"]


def vendored(folder):
    """A directory source that stands for crates.io, with the one crate `itoa` 1.0.0 in it."""
    crate = folder / "vendor" / "itoa"
    (crate / "src").mkdir(parents=True)
    (crate / "src/lib.rs").write_text("")
    (crate / "Cargo.toml").write_text('[package]\nname = "itoa"\nversion = "1.0.0"\nedition = "2021"\n')
    (crate / ".cargo-checksum.json").write_text(json.dumps({"files": {}, "package": "0" * 64}))
    home = folder / "cargo-home"
    home.mkdir()
    source = '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "%s"\n'
    (home / "config.toml").write_text(source % (folder / "vendor"))
    return home


def write_lock(trial, root, version):
    trial.must("cargo", "generate-lockfile", "--offline", cwd=root)
    lock = root / "Cargo.lock"
    lock.write_text(lock.read_text().replace("\nversion = 4\n", f"\nversion = {version}\n"))


def lay_out(trial, lock_version):
    files = dict(FILES)
    for crate in CRATES:
        files[f"crates/{crate}/src/lib.rs"] = ""
    name = f"lock-v{lock_version}"
    root = trial.repository(name, files, lambda root: write_lock(trial, root, lock_version))
    text = (root / "Cargo.lock").read_text()
    trial.check(f"{name}: the sample has such a lock", f"\nversion = {lock_version}\n" in text, text[:200])
    trial.check(f"{name}: two crates of one name in it", text.count('name = "itoa"') == 2)
    return root


def judge(trial, root, told, ordered):
    """cargo has no question, its versions are those that relman told, and it would write the same lock."""
    done = trial.run(*METADATA, cwd=root)
    if not trial.check(f"{root.name}: cargo metadata --locked", done.returncode == 0, done.stderr):
        return
    metadata = json.loads(done.stdout)
    own = {p["name"]: p["version"] for p in metadata["packages"] if p["source"] is None}
    expected = {crate: told["suite" if crate in ("core-of-all", "tools") else crate] for crate in CRATES}
    trial.check(f"{root.name}: versions", own == expected, f"cargo {own}, relman {expected}")
    foreign = [p["version"] for p in metadata["packages"] if p["source"] is not None]
    trial.check(f"{root.name}: the crate of the registry stays", foreign == ["1.0.0"], foreign)
    if not ordered:
        return
    lock = (root / "Cargo.lock").read_bytes()
    trial.accepts(f"{root.name}: cargo metadata that may write", *METADATA[:2], *METADATA[3:], cwd=root)
    now = (root / "Cargo.lock").read_bytes()
    trial.check(f"{root.name}: cargo itself changes no byte of the lock", now == lock, now.decode())
    trial.restore(root)


def same_as_the_registry(trial, base):
    """Two crates of one name and version: cargo tells them apart by the source in the references, which relman writes as cargo does."""
    root = trial.copy(base, f"{base.name}-same")
    trial.accepts(f"{root.name}: released", trial.relman, "bump", "-p", "itoa=1.0.0", "--yes", cwd=root)
    trial.accepts(f"{root.name}: cargo metadata --locked", *METADATA, cwd=root)
    lock = (root / "Cargo.lock").read_text()
    trial.check(f"{root.name}: both at one version", lock.count('name = "itoa"\nversion = "1.0.0"') == 2, lock)


# The crate passes its namesake of the registry. cargo would then sort the two entries anew; it does not insist on it.
OUT_OF_ORDER = "above-registry"
REQUESTS = [
    ("minor", ["--all", "minor"]),
    ("patch", ["--all", "patch"]),
    ("alpha", ["--all", "minor", "alpha"]),
    ("second-alpha", ["--all", "minor", "alpha"], ["--all", "alpha"]),
    ("one", ["-p", "suite=minor"]),
    (OUT_OF_ORDER, ["-p", "itoa=1.2.0"]),
    ("core-major", ["-p", "suite=major", "-p", "engine=minor:rc", "-p", "parts=3.1.0"]),
]

with Trial("cargo") as trial:
    home = vendored(trial.folder)
    trial.environment["RUSTUP_HOME"] = os.environ.get("RUSTUP_HOME", str(pathlib.Path.home() / ".rustup"))
    trial.environment["CARGO_HOME"] = str(home)
    for lock_version in (4, 3):
        base = lay_out(trial, lock_version)
        trial.accepts(f"{base.name}: the sample as it is", *METADATA, cwd=base)
        same_as_the_registry(trial, base)
        for name, *bumps in REQUESTS:
            root = trial.copy(base, f"{base.name}-{name}")
            told = None
            for request in bumps:
                told = trial.bump(root, *request)
            if told is None:
                continue
            judge(trial, root, told, ordered=name != OUT_OF_ORDER)
            trial.before(root, "Cargo.lock")
            trial.refuses(f"{root.name}: cargo metadata with the old lock", *METADATA, cwd=root)
            trial.restore(root)
