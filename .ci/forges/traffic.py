"""What every server of these tests shares: requests are numbered across all of them, recorded, and disturbed as scheduled.

A schedule maps the number of a request to a fault:
    cut-before      the connection is reset and nothing is carried out
    cut-after       carried out, and the connection is reset instead of an answer
    502-after       carried out, and answered by a proxy's error page
    503, 429, 401…  not carried out; that status, as the forge words it
    html            not carried out; a login page with status 200
    cut-within      carried out, and the connection is reset in the middle of the answer
    rubbish         carried out, and the answer holds bytes that mean nothing
    killed          carried out, and then relman is killed
    stall:SECONDS   carried out after that time
It is set by `Traffic.faults`, by a JSON file, or by `PUT /_peer/faults`; `GET /_peer/requests` returns what was recorded.
`Traffic.rules` disturbs every request whose server, method and path hold a pattern: pairs of that and of a fault.
"""

import base64
import http.server
import json
import pathlib
import re
import socket
import struct
import sys
import threading
import time
import traceback
import urllib.parse

HOST = "127.0.0.1"
CREDENTIALS = ("authorization", "private-token", "job-token", "proxy-authorization")
RUBBISH = b"\x00\xff{]<!rubbish"
LOGIN_PAGE = b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>\n"


def address(port, path="", scheme="http"):
    return f"{scheme}://{HOST}:{port}{path}"


class Token:
    """A secret of a test. `may` decides what it can do: it is given method and path, and returns `True`."""

    def __init__(self, name, value, login="maintainer", scopes=("repo", "workflow"), may=lambda method, path: True, kind="personal"):
        self.name, self.value, self.login, self.scopes, self.may, self.kind = name, value, login, scopes, may, kind
        self.expires_after = None  # so many requests of its own, and it is expired

    def spellings(self):
        """What it looks like wherever it could be written: as it is, in a URL, and in Basic credentials of any user."""
        yield self.value
        quoted = urllib.parse.quote(self.value, safe="")
        if quoted != self.value:
            yield quoted
        for shift in range(3):
            # Base64 of a text depends on where in a group of three bytes it begins; the middle is the same for every user name.
            encoded = base64.b64encode(b" " * shift + self.value.encode()).decode().rstrip("=")
            yield encoded[(shift * 8 + 5) // 6 : -1]


class Request:
    def __init__(self, server, method, target, headers, body):
        self.server, self.method, self.target, self.headers, self.body = server, method, target, headers, body
        parts = urllib.parse.urlsplit(target)
        self.path = parts.path
        self.query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        self.number, self.fault, self.token = 0, None, None

    def option(self, name, default=None):
        return next((value for key, value in self.query if key == name), default)

    def options(self, name):
        return [value for key, value in self.query if key in (name, f"{name}[]")]

    def json(self):
        return json.loads(self.body or b"{}")


class Answer:
    def __init__(self, status, body=b"", headers=None):
        self.status, self.headers = status, dict(headers or {})
        if isinstance(body, bytes):
            self.body = body
        else:
            self.body = json.dumps(body).encode()
            self.headers.setdefault("Content-Type", "application/json; charset=utf-8")


class Traffic:
    def __init__(self, tokens=(), record=None):
        self.tokens = list(tokens)
        self.file = record and pathlib.Path(record)
        self.lock = threading.RLock()
        self.after = lambda entry: None  # called with each request that came to its end, before it is answered
        self.kill = lambda: None  # ends relman at once
        self.reset()

    def reset(self):
        with self.lock:
            self.records, self.faults, self.violations, self.rules = [], {}, [], []

    def token_of(self, headers):
        """The token that a request carries, `None` without one, or the text "unknown"."""
        value = headers.get("private-token") or headers.get("job-token")
        kind, _, rest = headers.get("authorization", "").partition(" ")
        if kind.lower() in ("bearer", "token"):
            value = rest.strip()
        elif kind.lower() == "basic":
            value = base64.b64decode(rest).decode(errors="replace").partition(":")[2]
        if value is None:
            return None
        return next((token for token in self.tokens if token.value == value), "unknown")

    def rule_of(self, request):
        line = f"{request.server} {request.method} {urllib.parse.unquote(request.target)}"
        return next((fault for pattern, fault in self.rules if re.search(pattern, line)), None)

    def begin(self, request):
        request.token = self.token_of(request.headers)
        with self.lock:
            request.number = len(self.records) + 1
            request.fault = self.faults.get(request.number) or self.rule_of(request)
            name = getattr(request.token, "name", request.token)
            entry = {
                "number": request.number, "server": request.server, "method": request.method, "path": self.hidden(request.target),
                "headers": sorted(request.headers), "token": name, "body": self.hidden(text_of(request.body)), "fault": request.fault,
            }  # fmt: skip
            self.records.append(entry)
            outside = [request.target, text_of(request.body)]
            outside += [value for key, value in request.headers.items() if key not in CREDENTIALS]
            for token in self.tokens:
                if any(token.value in text for text in outside):
                    self.violation(request, f"token {token.name} outside its header")
        return entry

    def end(self, entry, status):
        with self.lock:
            entry["status"] = status
            if self.file:
                with self.file.open("a") as out:
                    out.write(json.dumps(entry) + "\n")
        self.after(entry)

    def hidden(self, text):
        for token in self.tokens:
            for spelling in token.spellings():
                text = text.replace(spelling, f"[token {token.name}]")
        return text

    def violation(self, request, what):
        with self.lock:
            self.violations.append(f"{request.method} {self.hidden(request.target)}: {what}")

    def list(self, server=None):
        return [f"{entry['method']} {entry['path']}" for entry in self.records if server in (None, entry["server"])]

    def writes(self):
        return [entry for entry in self.records if entry["method"] in ("POST", "PUT", "PATCH", "DELETE") and not entry["path"].endswith("git-upload-pack")]


def text_of(body):
    """A body as it is recorded: texts as they are, anything else by its size."""
    if len(body) > 200_000 or b"\0" in body or body[:4] in (b"\x1f\x8b\x08\x00", b"PACK"):
        return f"[{len(body)} bytes]"
    return body.decode("utf-8", errors="replace")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A small answer goes out at once, whatever came before it.
    disable_nagle_algorithm = True

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def handle_request(self):
        peer = self.server.peer
        body = self.read_body()
        if self.path.startswith("/_peer/"):
            return self.send(control(peer, self.command, self.path, body))
        # A header may come several times.
        headers = {name.lower(): ", ".join(self.headers.get_all(name)) for name in self.headers}
        request = Request(peer.name, self.command, self.path, headers, body)
        entry = peer.traffic.begin(request)
        fault = request.fault or ""
        if fault == "cut-before":
            peer.traffic.end(entry, "cut")
            return self.cut()
        if fault.startswith("stall:"):
            time.sleep(float(fault.partition(":")[2]))
        if fault == "html":
            answer = Answer(200, LOGIN_PAGE, {"Content-Type": "text/html"})
        elif re.fullmatch(r"\d{3}", fault):
            answer = peer.refusal(int(fault))
        else:
            answer = expired(request) or peer.respond(request)
        peer.traffic.end(entry, answer.status)
        if fault == "killed":
            peer.traffic.kill()
        if fault in ("cut-after", "killed"):
            return self.cut()
        if fault == "cut-within":
            return self.cut_within(answer)
        if fault == "rubbish":
            answer.body = RUBBISH
            answer.headers = {name: value for name, value in answer.headers.items() if name.lower() not in ("content-length", "content-encoding")}
        if fault == "502-after":
            answer = Answer(502, b"<html><body>502 Bad Gateway</body></html>\n", {"Content-Type": "text/html"})
        return self.send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request

    def send(self, answer):
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        # What is told by HEAD has a length of its own.
        if answer.status != 204 and not {"Content-Length", "content-length"} & set(answer.headers):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self.wfile.write(answer.body)

    def cut(self):
        # With no time to linger the kernel sends a reset, as a broken line does.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def cut_within(self, answer):
        self.send_response_only(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body) + 10)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2])
        self.wfile.flush()
        self.cut()

    def finish(self):
        try:
            super().finish()
        except OSError:
            pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # the other side went away

    def log_message(self, *_):
        pass


def expired(request):
    token = request.token
    if isinstance(token, Token) and token.expires_after is not None:
        if token.expires_after <= 0:
            return Answer(401, {"message": "Bad credentials" if request.server == "github" else "401 Unauthorized"})
        token.expires_after -= 1
    return None


def control(peer, method, path, body):
    if path == "/_peer/faults" and method == "PUT":
        peer.traffic.faults = {int(number): fault for number, fault in json.loads(body).items()}
        return Answer(204)
    if path == "/_peer/requests":
        return Answer(200, {"requests": peer.traffic.records, "violations": peer.traffic.violations})
    if path == "/_peer/reset" and method == "POST":
        peer.traffic.reset()
        return Answer(204)
    return Answer(404, {"message": "not a control of this peer"})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # A run may open several connections at once.
    request_queue_size = 64

    def __init__(self, peer, port=0):
        super().__init__((HOST, port), Handler)
        self.peer = peer
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.peer.traffic.violations.append(f"{self.peer.name} failed: {error!r}")
            traceback.print_exc()

    def stop(self):
        self.shutdown()
        self.server_close()


def page(request, rows, url, default):
    """One page of `rows`, and the headers that lead to the next one."""
    per = max(1, min(100, int(request.option("per_page", default))))
    number = max(1, int(request.option("page", 1)))
    last = max(1, -(-len(rows) // per))
    kept = [(key, value) for key, value in request.query if key not in ("page", "per_page")]

    def link(to, relation):
        query = urllib.parse.urlencode([*kept, ("page", to), ("per_page", per)])
        return f'<{url}?{query}>; rel="{relation}"'

    links = [link(number - 1, "prev")] if number > 1 else []
    links += [link(number + 1, "next"), link(last, "last")] if number < last else []
    return rows[(number - 1) * per : number * per], {"Link": ", ".join(links)} if links else {}
