"""What is in front of every registry of these tests: it passes requests on, so that they are numbered, recorded and disturbed.

A registry that writes its own address into answers takes it from the `Host` of a request, which is passed on as it came.
"""

import http.client

from traffic import HOST, Answer

HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade")


class Front:
    """`name` is that of the server in the records. `port` is set once it is served. `rewrite(request, answer)` may change an answer."""

    strict = False

    def __init__(self, traffic, name, behind, rewrite=lambda request, answer: answer):
        self.traffic, self.name, self.behind, self.rewrite, self.port = traffic, name, behind, rewrite, 0

    @property
    def host(self):
        return f"{HOST}:{self.port}"

    @property
    def address(self):
        return f"http://{self.host}"

    def refusal(self, status):
        more = {"Retry-After": "1"} if status == 429 else {}
        return Answer(status, b"refused\n", {"Content-Type": "text/plain", **more})

    def respond(self, request):
        headers = {name: value for name, value in request.headers.items() if name not in HOP}
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            headers["content-length"] = str(len(request.body))
        line = http.client.HTTPConnection(HOST, self.behind, timeout=60)
        try:
            line.request(request.method, request.target, body=request.body or None, headers=headers)
            answer = line.getresponse()
            body = answer.read()
            told = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
            if request.method == "HEAD" and answer.getheader("Content-Length"):
                told["Content-Length"] = answer.getheader("Content-Length")
            return self.rewrite(request, Answer(answer.status, body, told))
        finally:
            line.close()

    def count(self, method, ending=""):
        """So many requests of that method were carried out whose path ends so."""
        rows = [one for one in self.traffic.records if one["server"] == self.name and one["method"] == method]
        return sum(one["path"].partition("?")[0].endswith(ending) and str(one.get("status", "")).startswith("2") for one in rows)
