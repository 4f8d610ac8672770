"""Finds packages without a version. Change `findings` to what must hold in your workspace."""
import json
import sys


def findings(package):
    if package["version"] is None:
        yield {"message": "has no version", "package": package["name"]}


def answer(request):
    if (request["role"], request["ask"]) == ("check", "findings"):
        return {"findings": [finding for package in request["packages"] for finding in findings(package)]}
    return {"error": "unknown role or ask"}


print(json.dumps({"relman": [1], "name": "__NAME__", "version": "0.1.0", "roles": ["check"]}))
for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))))
