"""The workspace of npm packages that npm, pnpm, yarn and bun are shown, and the releases that are asked for."""

import json


def manifest(name, version, **fields):
    return json.dumps({"name": name, "version": version, **fields}, indent=2) + "\n"


CONFIG = """
[workspace]
members = ["packages/*"]

[dependents]
policy = "always"
"""
PACKAGES = {
    "packages/tides/package.json": manifest("@harbor/tides", "0.4.0"),
    "packages/dashboard/package.json": manifest(
        "dashboard", "1.0.0", dependencies={"@harbor/tides": "~0.4.0"}, devDependencies={"crane": ">=2.0.0 <3.0.0"}
    ),
    "packages/crane/package.json": manifest(
        "crane", "2.0.0", peerDependencies={"@harbor/tides": "^0.4.0"}, optionalDependencies={"@harbor/tides": "0.4.0"}
    ),
}
ONE = [("one", "-p", "@harbor/tides=minor"), ("two", "-p", "@harbor/tides=1.0.0-beta.2", "-p", "crane=major")]
REQUESTS = [("minor", "--all", "minor"), ("major", "--all", "major"), ("alpha", "--all", "minor", "alpha"), *ONE]
