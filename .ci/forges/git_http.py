"""git over smart HTTP: git's own `http-backend`, behind the same numbering and faults as the forges.

Repositories are the bare ones under `root`. With `realm`, a request without the password of a known token is answered 401.
`hook()` writes update hooks that refuse refs, sleep, or cut the line.
"""

import os
import pathlib
import subprocess

from traffic import Answer

UPDATE = """#!/bin/sh
# update REF OLD NEW
case "$1" in
{cases}
esac
exit 0
"""
DEEDS = {
    "refuse": 'echo "protected by the server" >&2; exit 1',
    "sleep": "sleep {seconds}",
    "cut": "kill -9 $PPID; exit 1",
}


def hook(repository, **cases):
    """hook(repository, refuse="refs/tags/bad*", sleep="refs/heads/slow"): what happens to a ref that is pushed. Nothing: no hook."""
    path = pathlib.Path(repository) / "hooks/update"
    if not cases:
        path.unlink(missing_ok=True)
        return
    seconds = cases.pop("seconds", 2)
    lines = [f"  {pattern}) {DEEDS[deed].format(seconds=seconds)} ;;" for deed, pattern in cases.items()]
    path.parent.mkdir(exist_ok=True)
    path.write_text(UPDATE.format(cases="\n".join(lines)))
    path.chmod(0o755)


class GitHttp:
    name = "git"

    def __init__(self, traffic, root, has_password=True, after_push=lambda: None):
        self.traffic, self.root, self.has_password, self.after_push = traffic, str(root), has_password, after_push
        self.strict = False

    def refusal(self, status):
        return Answer(status, b"refused\n", {"Content-Type": "text/plain"})

    def respond(self, request):
        is_write = request.path.endswith("/git-receive-pack") or request.option("service") == "git-receive-pack"
        if self.has_password and is_write and (request.token is None or request.token == "unknown"):
            return Answer(401, b"", {"WWW-Authenticate": 'Basic realm="git"'})
        if request.token not in (None, "unknown") and is_write and not request.token.may("PUSH", request.path):
            return Answer(403, b"You are not allowed to push code to this project.\n", {"Content-Type": "text/plain"})
        environment = {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": self.root, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": request.path,
            "REQUEST_METHOD": request.method, "QUERY_STRING": request.target.partition("?")[2], "REMOTE_USER": "t", "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": request.headers.get("content-type", ""), "CONTENT_LENGTH": str(len(request.body)),
            "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""), "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
        }  # fmt: skip
        done = subprocess.run(["git", "http-backend"], input=request.body, capture_output=True, env=environment, check=False)
        if request.path.endswith("/git-receive-pack"):
            self.after_push()
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split(" ")[0])
        return Answer(status, body, headers)
