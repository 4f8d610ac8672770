"""Holds requests and answers against GitHub's own description of its API (fixtures/forges/github-openapi.json)."""

import json
import pathlib
import re
import urllib.parse

import jsonschema

FILE = pathlib.Path(__file__).resolve().parents[2] / "fixtures/forges/github-openapi.json"
# Of these parameters GitHub takes a slash as it is.
WITH_SLASHES = ("ref", "basehead", "branch", "tag")


def json_schema(node):
    """OpenAPI 3.0 says `nullable`, JSON Schema wants `null` among the types."""
    if isinstance(node, list):
        return [json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: json_schema(value) for key, value in node.items() if key != "nullable"}
    if node.get("nullable") is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


class Description:
    def __init__(self, file=FILE):
        self.document = json.loads(file.read_text())
        components = json_schema(self.document["components"])
        self.root = {"components": components}
        self.calls = []
        for path, methods in self.document["paths"].items():
            # What is spelled out goes before what a parameter could swallow: releases/latest before releases/{release_id}.
            pattern = re.sub(r"\\{(\w+)\\}", lambda name: f"(?P<{name[1]}>{'.+' if name[1] in WITH_SLASHES else '[^/]+'})", re.escape(path))
            self.calls.append((path.count("{"), re.compile(pattern), methods))
        self.calls.sort(key=lambda call: call[0])

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].split("/")[1:]:
                target = target[part]
            node = target
        return node

    def find(self, method, path):
        for _, pattern, methods in self.calls:
            match = pattern.fullmatch(path)
            if match and method.lower() in methods:
                return methods[method.lower()], match.groupdict()
        return None, {}

    def errors(self, value, schema):
        schema = {**json_schema(schema), **self.root}
        validator = jsonschema.Draft202012Validator(schema)
        return [f"{'/'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:200]}" for error in validator.iter_errors(value)]

    def of_text(self, text, schema):
        """The errors of a parameter, which is a text on the way."""
        schema = self.resolve(schema)
        kinds = [one.get("type") for one in schema.get("oneOf", [])] or [schema.get("type")]
        if "string" not in kinds:
            try:
                text = json.loads(text)
            except ValueError:
                pass
        return self.errors(text, schema)

    def request_errors(self, request, path):
        """All that is wrong with a request to `path`, the one behind the API's base."""
        call, values = self.find(request.method, path)
        if call is None:
            return [f"{request.method} {path} is not among the calls of the description"]
        found = []
        parameters = [self.resolve(one) for one in call.get("parameters", [])]
        known = {one["name"]: one for one in parameters if one["in"] == "query"}
        for one in parameters:
            if one["in"] == "path":
                found += [f"{one['name']}: {error}" for error in self.of_text(urllib.parse.unquote(values[one["name"]]), one["schema"])]
            elif one["in"] == "query" and one.get("required") and request.option(one["name"]) is None:
                found.append(f"query parameter {one['name']} is missing")
        for name, value in request.query:
            if name not in known:
                found.append(f"query parameter {name} is not described")
            else:
                found += [f"query parameter {name}: {error}" for error in self.of_text(value, known[name]["schema"])]
        return found + self.header_errors(request, path) + self.body_errors(request, call)

    @staticmethod
    def header_errors(request, path):
        found = []
        wanted = {"application/vnd.github+json"} | ({"application/octet-stream"} if "/releases/assets/" in path else set())
        if request.headers.get("accept") not in wanted:
            found.append(f"Accept is {request.headers.get('accept')!r}, expected application/vnd.github+json")
        if not request.headers.get("user-agent"):
            found.append("User-Agent is missing, which GitHub answers with 403")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", request.headers.get("x-github-api-version", "")):
            found.append("X-GitHub-Api-Version is missing")
        return found

    def body_errors(self, request, call):
        described = call.get("requestBody")
        if not described:
            return ["a body where none is described"] if request.body else []
        kind = request.headers.get("content-type", "").split(";")[0].strip()
        if not request.body:
            return ["the body is missing"] if described.get("required") else []
        content = described["content"]
        if kind not in content:
            # An asset may be of any type: GitHub describes it as bytes.
            return [] if "application/octet-stream" in content and kind else [f"Content-Type {kind!r}, expected one of {sorted(content)}"]
        if "json" not in kind:
            return []
        try:
            return self.errors(json.loads(request.body), content[kind].get("schema", {}))
        except ValueError as error:
            return [f"the body is not JSON: {error}"]

    def answer_errors(self, method, path, status, value):
        """What an answer of a peer lacks. For the tests of the peers themselves."""
        call, _ = self.find(method, path)
        if call is None:
            return ["not described"]
        response = call["responses"].get(str(status))
        if response is None:
            return [f"status {status} is not described"]
        content = self.resolve(response).get("content", {}).get("application/json")
        return self.errors(value, content["schema"]) if content else []
