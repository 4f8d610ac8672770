"""Hands out Bearer tokens for an OCI registry, as those of the public registries do: https://distribution.github.io/distribution/spec/auth/token/

What is public can be pulled by everybody; a login gets what it asks for. Signed by openssl, with the certificate in the token.
"""

import base64
import json
import subprocess
import time

from traffic import Answer

ISSUER, SERVICE = "relman-tests", "registry.example.com"


def encoded(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class TokenService:
    name, strict = "tokens", False

    def __init__(self, traffic, folder, logins, public):
        """`logins`: user to password. `public`: `public(repository)` is true where a pull needs no login."""
        self.traffic, self.logins, self.public, self.port = traffic, logins, public, 0
        self.key, self.certificate = folder / "key.pem", folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={ISSUER}", "-keyout", self.key, "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        self.chain = "".join(line for line in self.certificate.read_text().splitlines() if "-----" not in line)

    def refusal(self, status):
        return Answer(status, {"errors": [{"code": "UNAVAILABLE"}]})

    def respond(self, request):
        if request.path != "/token":
            return Answer(404, {"details": "not found"})
        user = self.user(request.headers.get("authorization", ""))
        if user is None:
            return Answer(401, {"details": "incorrect username or password"})
        access = [entry for scope in request.options("scope") for entry in self.granted(scope, user)]
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": user, "aud": request.option("service"), "exp": now + 300, "nbf": now - 10, "iat": now, "jti": str(time.monotonic_ns()), "access": access}
        signed = f"{encoded({'typ': 'JWT', 'alg': 'RS256', 'x5c': [self.chain]})}.{encoded(claims)}"
        mark = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=signed.encode(), check=True, capture_output=True).stdout
        return Answer(200, {"token": f"{signed}.{encoded(mark)}", "expires_in": 300})

    def user(self, authorization):
        """A name, nothing for everybody, `None` for a wrong password."""
        kind, _, rest = authorization.partition(" ")
        if kind.lower() != "basic":
            return ""
        name, _, password = base64.b64decode(rest).decode().partition(":")
        return name if self.logins.get(name) == password else None

    def granted(self, scope, user):
        kind, _, rest = scope.partition(":")
        repository, _, actions = rest.rpartition(":")
        allowed = [word for word in actions.split(",") if user or (word == "pull" and self.public(repository))]
        return [{"type": kind, "name": repository, "actions": allowed}] if allowed else []
