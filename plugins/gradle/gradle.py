#!/usr/bin/env python3
"""A plugin of relman for Gradle: finds the version in gradle.properties, version catalogs and build scripts.

Started once per call: prints a line that says what it is, reads at most one line with a request, and prints a line with
the answer. Needs the standard library alone.
"""

import json
import re
import sys

HELLO = {"relman": [1], "name": "gradle", "version": "1.0.0", "roles": ["manifest"]}
PROPERTIES = ["version", "VERSION_NAME"]
CATALOG = ["project", "app"]


class Problem(Exception):
    """Why a file cannot be read: what is wrong, what to do, and the characters that it is about."""

    def __init__(self, message, remedy, span=None):
        self.message, self.remedy, self.span = message, remedy, span


# gradle.properties, as java.util.Properties reads it: a backslash escapes a character, or the end of the line.

GAP = r"(?:[ \t\f]|\\(?:\r\n?|\n))*"
PROPERTY = re.compile(
    r"(?:[ \t\f]*[#!][^\r\n]*|" + GAP +
    r"(?P<key>(?:\\(?:\r\n?|\n)[ \t\f]*|\\[^\r\n]|[^\\ \t\f\r\n=:])*)" + GAP + "[=:]?" + GAP +
    r"(?P<value>(?:\\(?:\r\n?|[^\r])|[^\\\r\n])*))\\?(?:\r\n?|\n|\Z)"
)

ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def properties(text, keys):
    begin = len("\ufeff") if text.startswith("\ufeff") else 0
    entries = [(unescaped(entry["key"]), entry) for entry in PROPERTY.finditer(text, begin) if entry["key"]]
    for wanted in keys:
        found = [entry for key, entry in entries if key == wanted]
        if found:
            return [(wanted, *plain(text, *entry.span("value"))) for entry in found]
    raise Problem(f"{listed(keys)} not found", f"write `{keys[0]}=1.2.3`, or name another key in `settings.key`")


def unescaped(key):
    def meant(escape):
        code = escape[1]
        if code[0] in "\r\n":
            return ""
        return chr(int(code[1:], 16)) if len(code) == 5 else ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|(?:\r\n?|\n)[ \t\f]*|.)", meant, key)


def plain(text, start, end):
    """Returns the span without spaces at its end; what is escaped or empty is not a version."""
    value = text[start:end].rstrip(" \t\f")
    if not value:
        raise Problem("the version is empty", "write one, as in `version=1.2.3`", (start, end))
    if "\\" in value:
        raise Problem("the version has a backslash in it", "write it in one line, without escapes", (start, end))
    return start, start + len(value)


# Catalogs and scripts are read in two steps: an outline, as long as the text, in which comments are blank and strings
# have no content; then patterns, which need not know of either any more.


def outline(text, tokens):
    """Returns the text with spaces for comments and long strings, and `~` or `$` for what is in a short one."""

    def faded(token):
        if token["skip"]:
            return blank(token[0])
        # `$` for what is not written as it is meant.
        mark = "$" if re.search(r"[\\$]", token[0]) else "~"
        return token[0][0] + mark * (len(token[0]) - 2) + token[0][-1]

    return tokens.sub(faded, text).replace("\r", " ").replace("\ufeff", " ")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


TOML = re.compile(
    r'''(?P<skip>\#[^\n]* | "{3}(?:\\.|[^\\])*?(?:"{3,5}|\Z) | '{3}.*?(?:'{3,5}|\Z))
    | "(?:\\.|[^"\\\n])*" | '[^'\n]*' ''',
    re.X | re.S,
)
VERSIONS = re.compile(r"^[ \t]*\[[ \t]*versions[ \t]*\][ \t]*$(?P<entries>.*?)(?=^[ \t]*\[|\Z)", re.M | re.S)
ENTRY = re.compile(r"""^[ \t]*(?P<key>[\w-]+|"~*"|'~*')[ \t]*=[ \t]*(?P<value>[^\n]*)""", re.M)
STRING = re.compile(r"""(["'])~+\1""")


def catalog(text, keys):
    shape = outline(text, TOML)
    table = VERSIONS.search(shape)
    entries = ENTRY.finditer(shape, *table.span("entries")) if table else []
    found = {text[slice(*entry.span("key"))].strip("\"'"): entry for entry in entries}
    for key in keys:
        if key in found:
            return [(f"versions.{key}", *quoted(shape, found[key]))]
    remedy = f'write `{keys[0]} = "1.2.3"` under `[versions]`, or name another key in `settings.key`'
    raise Problem(f"{listed(keys)} not found in `[versions]`", remedy)


# What is in `${…}`, with strings and one more pair of braces.
TEMPLATE = r'''\$\{(?:[^{}"\n]|"(?:\\.|[^"\\\n])*"|\{(?:[^{}"\n]|"(?:\\.|[^"\\\n])*")*\})*\}'''
CODE = re.compile(
    r'''(?P<skip>//[^\n]* | /\*.*?(?:\*/|\Z)
        | "{3}(?:\\.|[^\\])*?(?:"{3}|\Z) | '{3}(?:\\.|[^\\])*?(?:'{3}|\Z)
        | \$/.*?(?:/\$|\Z) | (?<=[=(,\[~:!])[ \t]*/(?![/*])(?:\\.|[^/\\\n])+/)
    | "(?:\\.|TEMPLATE|(?!TEMPLATE)[^"\\\n])*" | '(?:\\.|[^'\\\n])*' '''.replace("TEMPLATE", TEMPLATE),
    re.X | re.S,
)
BRACKET = re.compile(r"(?P<all>\ballprojects\s*(?=\{))?[{(\[]|[)}\]]")
SETTING = re.compile(
    r"""(?:^|;)[ \t]*(?:(?:project|rootProject|this)\.)?version"""
    r"""(?:[ \t]*=(?!=)|[ \t]+(?=["']))[ \t]*(?P<value>[^;\n]*)""",
    re.M,
)


def script(text, keys):
    shape = outside_blocks(outline(text, CODE))
    places = [("version", *quoted(shape, setting)) for setting in SETTING.finditer(shape)]
    if not places:
        raise Problem("`version` not found outside of blocks", 'write `version = "1.2.3"` there, or name another file')
    return places


def outside_blocks(shape):
    """Returns the outline with spaces for what is inside of brackets; `allprojects { }` counts as outside."""
    parts, opened, at = [], [], 0
    for bracket in BRACKET.finditer(shape):
        between = shape[at : bracket.end() - 1]
        parts.append(blank(between) if True in opened else between)
        if bracket[0] in (")", "}", "]"):
            hides = opened.pop() if opened else False
        else:
            hides = not bracket["all"]
            opened.append(hides)
        parts.append("," if hides else ";")
        at = bracket.end()
    return "".join(parts) + shape[at:]


def quoted(shape, entry):
    """Returns the span of what is between the quotes of a value, which must be one string and nothing else."""
    start, end = entry.span("value")
    value = shape[start:end].rstrip()
    if not STRING.fullmatch(value):
        remedy = "write it as one string, or name the file in which it is written"
        raise Problem("the version is not a plain string", remedy, (start, start + len(value)))
    return start + 1, start + len(value) - 1


def listed(keys):
    return " or ".join(f"`{key}`" for key in keys)


READERS = [
    (".properties", properties, PROPERTIES),
    (".toml", catalog, CATALOG),
    (".gradle", script, None),
    (".gradle.kts", script, None),
]


def read(file, wanted):
    """Returns what is found in one file, by the keys that are wanted, or else the usual ones."""
    text = file["text"]
    try:
        for ending, reader, keys in READERS:
            if file["path"].endswith(ending):
                break
        else:
            raise Problem("not a file of Gradle", "expected `*.properties`, `*.toml`, `*.gradle` or `*.gradle.kts`")
        found = reader(text, wanted or keys)
    except Problem as problem:
        said = {"message": problem.message, "help": problem.remedy}
        if problem.span:
            said["start"], said["end"] = (in_bytes(text, at) for at in problem.span)
        return {"path": file["path"], "places": [], "problems": [said]}
    places = [
        {"field": field, "start": in_bytes(text, start), "end": in_bytes(text, end), "text": text[start:end]}
        for field, start, end in found
    ]
    return {"path": file["path"], "places": places}


def in_bytes(text, at):
    """Returns the offset of a character as relman counts it."""
    return len(text[:at].encode())


def answer(request):
    role, ask = request.get("role"), request.get("ask")
    if (role, ask) != ("manifest", "places"):
        return {"error": f"the request `{role} {ask}` is not known", "help": "expected `manifest places`"}
    keys = request.get("settings", {}).get("key", [])
    keys = [keys] if isinstance(keys, str) else keys
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        return {"error": f"`settings.key`: found {json.dumps(keys)}", "help": "expected a key, or a list of keys"}
    return {"files": [read(file, keys) for file in request["files"]]}


def main():
    print(json.dumps(HELLO), flush=True)
    line = sys.stdin.buffer.readline()
    if line.strip():
        print(json.dumps(answer(json.loads(line))))


main()
