"""Is asked whether a release is done, and then to do it. Change `probe` and `perform`: the same key must not act twice."""
import json
import sys


def probe(key, releases):
    return {"state": "absent"}


def perform(key, releases):
    return {"error": "nothing is done yet", "help": "write what `perform` does"}


ASKS = {"probe": probe, "perform": perform}


def answer(request):
    if request["role"] == "__ROLE__" and request["ask"] in ASKS:
        return ASKS[request["ask"]](request["key"], request["releases"])
    return {"error": "unknown role or ask"}


print(json.dumps({"relman": [1], "name": "__NAME__", "version": "0.1.0", "roles": ["__ROLE__"]}))
for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))))
