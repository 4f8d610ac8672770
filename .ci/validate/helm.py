"""helm itself (its Go library, by the package helm-python-sdk) loads, lints, resolves and packages a bumped chart.

Run with a python that has helm-python-sdk.
"""

import pathlib

import helm_python

from trial import Trial

FILES = {
    "relman.toml": """
[packages.tides]
path = "charts/tides"

[packages.harbor]
path = "charts/harbor"
manifests = [
  "charts/harbor/Chart.yaml",
  { path = "VERSION" },
]

[packages.crane]
path = "charts/crane"
manifests = [{ path = "charts/crane/Chart.yaml", fields = ["version"] }]

[dependents]
policy = "always"
""",
    "VERSION": "0.4.0\n",
    "charts/tides/Chart.yaml": """
apiVersion: v2
name: tides
version: 0.4.0 # of the chart
appVersion: "0.4.0"
icon: https://example.com/i.png
""",
    "charts/crane/Chart.yaml": """
apiVersion: v2
name: crane
version: 2.0.0
appVersion: v1.30.2
icon: https://example.com/i.png
""",
    "charts/harbor/Chart.yaml": """
apiVersion: v2
name: harbor
description: moors 0.4.0 ships
version: '0.4.0'
appVersion: v0.4.0
icon: https://example.com/i.png
dependencies:
  - name: tides
    version: ^0.4.0
    repository: file://../tides
  - {name: crane, version: ">=2.0.0, <3.0.0", repository: "file://../crane", condition: crane.enabled}
""",
}
for chart in ("tides", "crane", "harbor"):
    FILES[f"charts/{chart}/values.yaml"] = "crane:\n  enabled: true\n"
    FILES[f"charts/{chart}/templates/map.yaml"] = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Chart.Name }}
  labels:
    version: {{ .Chart.Version | quote }}
    app: {{ .Chart.AppVersion | quote }}
"""

REQUESTS = [
    ("minor", "--all", "minor"),
    ("patch", "--all", "patch"),
    ("major", "--all", "major"),
    ("alpha", "--all", "minor", "alpha"),
    ("rc", "--all", "minor", "rc"),
    ("one", "-p", "tides=minor"),
    ("explicit", "-p", "tides=1.0.0-next.7", "-p", "crane=2.4.1"),
]


def loaded(folder):
    """What helm reads in Chart.yaml."""
    chart = helm_python.Chart.load(str(folder))
    try:
        return chart.metadata
    finally:
        chart.close()


def complaints(folder):
    """The errors and warnings of a strict lint, and why the chart cannot be loaded."""
    try:
        report = helm_python.lint(str(folder), strict=True)
        loaded(folder)
    except helm_python.HelmError as error:
        return [str(error)]
    return [m["error"] for m in report["messages"] if m["severity"] >= 2] + list(report["errors"])


def resolved(folder):
    """Lets helm fetch the dependencies, whose versions must fit what the chart requires. Returns why it could not."""
    try:
        helm_python.dependency_update(str(folder), skip_refresh=True)
    except helm_python.HelmError as error:
        return str(error)
    return ""


def packaged(folder, destination):
    """The name of the archive holds the version as helm understood it."""
    destination.mkdir(exist_ok=True)
    try:
        return pathlib.Path(helm_python.package(str(folder), destination=str(destination))).name
    except helm_python.HelmError as error:
        return str(error)


def judge(trial, root, told):
    for name in ("tides", "crane", "harbor"):
        chart = root / "charts" / name
        what = f"{root.name}: {name}"
        why = resolved(chart)
        trial.check(f"{what}: its dependencies resolve", why == "", why)
        found = complaints(chart)
        trial.check(f"{what}: lint", found == [], found)
        archive = packaged(chart, trial.folder / f"{root.name}-out")
        trial.check(f"{what}: package", archive == f"{name}-{told[name]}.tgz", archive)
    app = loaded(root / "charts/harbor")["appVersion"]
    trial.check(f"{root.name}: appVersion with its v", app == f"v{told['harbor']}", app)
    other = loaded(root / "charts/crane")["appVersion"]
    trial.check(f"{root.name}: an appVersion that is not ours", other == "v1.30.2", other)


def controls(trial, base):
    """helm says no to spellings that a careless edit could produce, and to a requirement that did not follow."""
    for name, old, new in (
        ("pep440", "version: 0.4.0 #", "version: 0.5.0a1 #"),
        ("float", "version: 0.4.0 #", "version: 0.5 #"),
        ("zero", "version: 0.4.0 #", "version: 0.5.0-alpha.01 #"),
    ):
        root = trial.copy(base, f"control-{name}")
        chart = root / "charts/tides/Chart.yaml"
        chart.write_text(chart.read_text().replace(old, new))
        trial.check(f"control: lint refuses {new}", complaints(chart.parent) != [], "it was accepted")
    root = trial.copy(base, "control-requirement")
    chart = root / "charts/tides/Chart.yaml"
    chart.write_text(chart.read_text().replace("version: 0.4.0 #", "version: 0.5.0 #"))
    trial.check("control: ^0.4.0 does not resolve to 0.5.0", resolved(root / "charts/harbor") != "", "it was accepted")


def built(folder):
    """Lets helm fetch what Chart.lock says. Returns why it could not."""
    try:
        helm_python.dependency_build(str(folder), skip_refresh=True)
    except helm_python.HelmError as error:
        return str(error)
    return ""


def timeless(path):
    """A Chart.lock without the time at which it was written, which is the only thing that differs from run to run."""
    return [line for line in path.read_text().splitlines() if not line.startswith("generated: ")]


def locked(trial, base):
    """helm takes the lock that relman wrote, and writes the same one when it locks anew."""
    for name, *request in REQUESTS:
        root = trial.copy(base, f"locked-{name}")
        if trial.bump(root, *request) is None:
            continue
        chart = root / "charts/harbor"
        why = built(chart)
        trial.check(f"{root.name}: helm dependency build", why == "", why)
        ours = timeless(chart / "Chart.lock")
        why = resolved(chart)
        theirs = timeless(chart / "Chart.lock")
        trial.check(f"{root.name}: helm locks the same", why == "" and ours == theirs, (why, ours, theirs))
        trial.restore(root)
        lock = chart / "Chart.lock"
        new = lock.read_text()
        trial.before(root, "charts/harbor/Chart.lock")
        digest = next(line for line in lock.read_text().splitlines() if line.startswith("digest: "))
        lock.write_text("".join(digest + "\n" if line.startswith("digest: ") else line for line in new.splitlines(True)))
        trial.check(f"control: {root.name}: helm dependency build with the old digest", built(chart) != "", "it was accepted")


with Trial("helm") as trial:
    base = trial.repository("charts", FILES | {".gitignore": "*.tgz\nChart.lock\n"})
    controls(trial, base)
    for name, *request in REQUESTS:
        root = trial.copy(base, name)
        told = trial.bump(root, *request)
        if told is not None:
            judge(trial, root, told)
    locked(trial, trial.repository("locks", FILES | {".gitignore": "*.tgz\n"}, lambda root: resolved(root / "charts/harbor")))
