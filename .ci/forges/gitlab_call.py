"""What the parts of the GitLab stand-in share: how a call is described, its roles, and its errors."""

import re

from traffic import Answer

GUEST, REPORTER, DEVELOPER, MAINTAINER = 10, 20, 30, 40


class Call:
    """`query` and `body`: the names that GitLab knows. `level`: the role that the call wants."""

    def __init__(self, method, pattern, act, level=REPORTER, query="", body="", scope="read_api"):
        self.method, self.pattern, self.act, self.level = method, re.compile(pattern), act, level
        self.query, self.body = set(query.split()) | {"page", "per_page"}, set(body.split())
        self.scope = scope if method == "GET" else "api"


def message(status, text, **headers):
    return Answer(status, {"message": text}, headers)


def missing(what=None):
    return message(404, f"404 {what} Not Found" if what else "404 Not found")


def level_of(token):
    return getattr(token, "level", MAINTAINER)


def person(login):
    return {"id": 1 + sum(map(ord, login)), "username": login, "name": login.title(), "state": "active"}
