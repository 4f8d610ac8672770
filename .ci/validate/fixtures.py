"""Foreign parsers read the golden cases: what differs between `in` and `out` is what case.toml asked for, and nothing else.

TOML: tomllib and tomli. JSON: json and node, with comments json5 and jsonc-parser. YAML: PyYAML, ruamel.yaml and the npm package yaml. XML: expat and lxml. go.mod: its grammar, read here by tokens.
Run with a python that has them, node in PATH and NODE_PATH.
"""

import io
import json
import pathlib
import re
import tomllib
import xml.etree.ElementTree

import json5
import lxml.etree
import ruamel.yaml
import tomli
import yaml

from trial import Trial

ROOT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "manifests"
# By the name of the file, else by its ending.
FORMATS = {
    "Chart.lock": "yaml", "pubspec.lock": "yaml", "yarn.lock": "yaml", "bun.lock": "jsonc", "deno.lock": "json",
    ".toml": "toml", ".lock": "toml", ".json": "json", ".jsonc": "jsonc", ".yaml": "yaml", ".yml": "yaml", ".cff": "yaml",
    ".xml": "xml", ".mod": "go",
}  # fmt: skip
MISSING = "(nothing)"


def text(path):
    return path.read_bytes().decode("utf-8-sig")


def plain_yaml(path):
    # The base loader leaves every scalar the text that it is: 1.10 is not the number 1.1.
    return yaml.load(text(path), yaml.BaseLoader)


def ruamel_yaml(path):
    return ruamel.yaml.YAML(typ="base", pure=True).load(io.StringIO(text(path)))


def node(trial, form):
    script = pathlib.Path(__file__).with_name("read.js")
    return lambda path: json.loads(trial.must("node", script, form, path, cwd=ROOT))


def elements(element):
    """An element as the elements in it, or as its text."""
    inside = {f"{at}:{child.tag}": elements(child) for at, child in enumerate(element)}
    return inside or "".join(element.itertext()).strip()


def libxml2(path):
    return elements(lxml.etree.parse(path, lxml.etree.XMLParser(remove_comments=True, remove_pis=True)).getroot())


def go_mod(path):
    """The words of every directive, by https://go.dev/ref/mod#go-mod-file-grammar."""
    token = re.compile(r"""\n | //[^\n]* | "[^"\n]*" | `[^`\n]*` | [()] | (?:(?!//)[^\s()])+""", re.VERBOSE)
    found, line, block = {}, [], None
    for word in token.findall(text(path) + "\n"):
        if word == "\n" or (word == "(" and len(line) == 1) or word == ")":
            if word == "(":
                block = line[0]
            elif line:
                directive = [block, *line] if block else line
                found.setdefault(directive[0], []).append(directive[1:])
            block = None if word == ")" else block
            line = []
        elif not word.startswith("//"):
            line.append(word.strip('"`'))
    return found


def parsers(trial, form, case):
    if form == "xml":
        return {"expat": lambda path: elements(xml.etree.ElementTree.parse(path).getroot()), "lxml": libxml2}
    if form == "go":
        return {"go.mod": go_mod}
    if form == "toml":
        return {"tomllib": lambda path: tomllib.loads(text(path)), "tomli": lambda path: tomli.loads(text(path))}
    if form == "json":
        return {"json": lambda path: json.loads(text(path)), "node": node(trial, "json")}
    if form == "jsonc":
        return {"json5": lambda path: json5.loads(text(path)), "jsonc-parser": node(trial, "jsonc")}
    both = {"PyYAML": plain_yaml, "ruamel.yaml": ruamel_yaml}
    # YAML allows a tab between tokens; the two of Python refuse it wherever it stands.
    return {"node's yaml": node(trial, "yaml")} | ({} if case.startswith("tabs") else both)


def keyed(value):
    """The keys of a yarn.lock are values, too, and what its entries resolved to never changes."""
    is_yarn = isinstance(value, dict) and "__metadata" in value
    entries = [(key, entry) for key, entry in value.items() if key != "__metadata"] if is_yarn else []
    return {entry["resolution"]: {"": key, **entry} for key, entry in entries} if is_yarn else value


def leaves(value):
    """Every scalar by its place. Without recursion: a case nests 160 deep."""
    found, waiting = {}, [("", value)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}/{key}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{place}/{index}", inner) for index, inner in enumerate(value)]
        else:
            found[place] = value
    return found


def asked(case):
    """Every value that case.toml wants to be written."""
    tables = [case.get(table, {}) for table in ("requirements", "locked", "locked-requirements")]
    return ([case["version"]] if "version" in case else []) + case.get("seal", []) + [value for table in tables for value in table.values()]


def is_written(value, wanted):
    """Whether a changed scalar is what was wanted, or text around it (`core>=1`, `orbit 1.2.3`, `v1.2.3`)."""
    return isinstance(value, str) and any(want in value for want in wanted)


def compare(trial, what, old, new, case):
    wanted = asked(case)
    changed = [(place, old.get(place, MISSING), new.get(place, MISSING)) for place in old | new if old.get(place) != new.get(place)]
    trial.check(f"{what}: something changed", changed, "the values of in and out are the same")
    odd = [change for change in changed if MISSING in change or not is_written(change[2], wanted)]
    trial.check(f"{what}: nothing else changed", not odd, odd)
    absent = [want for want in wanted if not any(is_written(value, [want]) for _, _, value in changed)]
    trial.check(f"{what}: all that was asked for", not absent, absent)
    if "pointer" in case:
        place = case["pointer"].replace("~1", "/").replace("~0", "~")
        trial.check(f"{what}: at the pointer", new.get(place) == case["version"], f"{new.get(place)!r} at {place}")


def judge(trial, folder, form):
    case = tomllib.loads(text(folder / "case.toml"))
    (old_path,), (new_path,) = (folder / "in").iterdir(), (folder / "out").iterdir()
    for name, parse in parsers(trial, form, folder.name).items():
        what = f"{folder.parent.name}/{folder.name}, {name}"
        try:
            old, new = leaves(keyed(parse(old_path))), leaves(keyed(parse(new_path)))
        except (Exception, SystemExit) as error:  # every parser raises its own kind, and node's failure ends with the other
            trial.check(f"{what}: it is read", False, repr(error))
            continue
        compare(trial, what, old, new, case)


def controls(trial):
    """What the comparison must not let through."""
    case = {"version": "2"}
    for what, old, new in [
        ("nothing changed", {"/a": "1"}, {"/a": "1"}),
        ("another value", {"/a": "1"}, {"/a": "3"}),
        ("a second value", {"/a": "1", "/b": "1"}, {"/a": "2", "/b": "3"}),
        ("a value that is gone", {"/a": "1", "/b": "1"}, {"/a": "2"}),
    ]:
        before = trial.passed, trial.failed
        compare(Silent(trial), what, old, new, case)
        noticed = trial.failed > before[1]
        trial.passed, trial.failed = before
        trial.check(f"control: {what} is noticed", noticed, "it was let through")


class Silent:
    """Counts like the trial that it stands for, and prints nothing."""

    def __init__(self, trial):
        self.trial = trial

    def check(self, _what, holds, _why=""):
        if holds:
            self.trial.passed += 1
        else:
            self.trial.failed += 1


with Trial("fixtures") as trial:
    controls(trial)
    for kind in sorted(path for path in ROOT.iterdir() if path.name not in ("text", "plain")):
        cases = sorted(path for path in kind.iterdir() if path.is_dir())
        trial.check(f"{kind.name}: there are cases", cases)
        for folder in cases:
            (file,) = (folder / "in").iterdir()
            judge(trial, folder, FORMATS.get(file.name) or FORMATS[file.suffix])
