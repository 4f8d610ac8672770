#!/usr/bin/env python3
"""A plugin of relman that tells a server of a release: posts it as JSON, for Slack in the form that Slack expects.

Started once per call: prints a line that says what it is, reads at most one line with a request, and prints a line with
the answer. Needs the standard library alone.
"""

import json
import os
import re
import sys
import urllib.parse
import urllib.request
from http.client import HTTPException

HELLO = {"relman": [1], "name": "webhook", "version": "1.0.0", "roles": ["publish", "announce"]}
SETTINGS = {"url-variable": "WEBHOOK_URL", "token-variable": None, "form": "releases", "probe-url": None, "timeout": 10}
# What a header can hold as it is.
VISIBLE = "".join(map(chr, range(0x20, 0x7F)))


class Problem(Exception):
    """Why it cannot be done: what is wrong, and what to do."""

    def __init__(self, message, remedy):
        self.message, self.remedy = message, remedy


class AnyStatus(urllib.request.HTTPErrorProcessor):
    """Returns every answer as it is, redirects too: a POST that follows one becomes a GET, and is lost."""

    def http_response(self, request, response):
        return response

    https_response = http_response


class Server:
    """Sends requests, with the token if there is one. What goes wrong is said without what is secret."""

    def __init__(self, token, secrets, timeout):
        self.opener = urllib.request.build_opener(AnyStatus)
        self.token, self.secrets, self.timeout = token, secrets, timeout

    def send(self, url, body=None, **headers):
        """Returns the status of the answer and the first line of its text; the status is None without an answer."""
        headers = {"User-Agent": f"relman-webhook/{HELLO['version']}", **headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)
            with self.opener.open(request, timeout=self.timeout) as answer:
                lines = answer.read(1000).decode("utf-8", "replace").split("\n")
                return answer.status, self.hide(lines[0].strip()[:200])
        except (OSError, HTTPException, ValueError) as error:
            return None, self.hide(str(getattr(error, "reason", error)))

    def hide(self, text):
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def perform(request, settings):
    name = settings["url-variable"]
    url = variable(name, "the address to post to")
    scheme, _, rest = url.partition("://")
    if scheme not in ("http", "https") or not rest:
        raise Problem(f"the value of {name} is not an address", "expected `https://…`")
    server = server_of(settings, [url, rest, rest[len(rest.partition("/")[0]) :]])
    body = FORMS[settings["form"]](request)
    key = urllib.parse.quote(request["key"], safe=VISIBLE)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    status, said = server.send(url, body, **headers)
    if status is None:
        raise Problem(f"no answer from the address in {name}: {said}", "look at the address and the network")
    if not 200 <= status < 300:
        message = f"the server answered with {status}: {said}".removesuffix(": ")
        raise Problem(message, f"look at {name} and at what the server expects")
    return {"state": "done", "message": f"posted {', '.join(titles(request))}"}


def probe(request, settings):
    """Asks for each release, as far as the address differs: done if all are found, absent if none is."""
    if settings["probe-url"] is None:
        return {"state": "unknown", "message": "without `settings.probe-url` nothing can be looked up"}
    server = server_of(settings, [])
    statuses = set()
    for url in dict.fromkeys(probe_urls(request, settings["probe-url"])):
        status, said = server.send(url)
        if status not in (200, 204, 404, 410):
            return {"state": "unknown", "message": f"{status or 'no answer'}: {said}".removesuffix(": ")}
        statuses.add(status < 300)
    return {"state": "unknown" if len(statuses) == 2 else "done" if True in statuses else "absent"}


def probe_urls(request, template):
    for release in request["releases"]:
        values = {"key": request["key"], **release}
        quoted = {name: urllib.parse.quote(value, safe="") for name, value in values.items()}
        yield re.sub(r"\{(\w+)\}", lambda name: quoted.get(name[1], name[0]), template)


def server_of(settings, secrets):
    name = settings["token-variable"]
    token = variable(name, "the token to send") if name else None
    secrets = [secret for secret in [*secrets, token] if secret and len(secret) > 1]
    return Server(token, secrets, settings["timeout"])


def variable(name, what):
    value = os.environ.get(name, "").strip()
    if not value:
        raise Problem(f"{name} is not set", f"set it to {what}, and list it in `env` of the plugin in relman.toml")
    return value


def titles(request):
    return [f"{release['package']} {release['version']}" for release in request["releases"]]


def releases(request):
    return {"key": request["key"], "releases": request["releases"]}


def slack(request):
    notes = [mrkdwn(release["notes"]).strip() for release in request["releases"]]
    parts = [f"*{escaped(title)}* is released\n{text}".strip() for title, text in zip(titles(request), notes)]
    return {"text": "\n\n".join(parts)}


def mrkdwn(markdown):
    """Returns Markdown as Slack writes it: headings and strong text in single stars, links in angle brackets."""
    text = escaped(markdown)
    text = re.sub(r"^#+ +(.*?) *#*$", r"*\1*", text, flags=re.M)
    text = re.sub(r"\*\*(.+?)\*\*", r"*\1*", text)
    text = re.sub(r"^( *)[-*] ", r"\1• ", text, flags=re.M)
    return re.sub(r"\[([^\]\n]+)\]\(([^)\s]+)\)", r"<\2|\1>", text)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


FORMS = {"releases": releases, "slack": slack}
ASKS = {"probe": probe, "perform": perform}


def answer(request):
    role, ask = request.get("role"), request.get("ask")
    if role not in HELLO["roles"] or ask not in ASKS:
        expected = "expected `probe` or `perform` of `publish` or `announce`"
        return {"error": f"the request `{role} {ask}` is not known", "help": expected}
    try:
        return ASKS[ask](request, checked(request.get("settings", {})))
    except Problem as problem:
        return {"error": problem.message, "help": problem.remedy}


def checked(settings):
    for key in settings:
        if key not in SETTINGS:
            raise Problem(f"`settings.{key}` is not known", f"expected {', '.join(SETTINGS)}")
    settings = SETTINGS | settings
    if settings["form"] not in FORMS:
        raise Problem(f"`settings.form`: found `{settings['form']}`", f"expected {' or '.join(FORMS)}")
    if not isinstance(settings["timeout"], (int, float)) or settings["timeout"] <= 0:
        raise Problem(f"`settings.timeout`: found `{settings['timeout']}`", "expected seconds, as in `timeout = 10`")
    return settings


def main():
    print(json.dumps(HELLO), flush=True)
    line = sys.stdin.buffer.readline()
    if line.strip():
        print(json.dumps(answer(json.loads(line))))


main()
