"""Starts and ends what the tests of the forges talk to, all of it on loopback, and runs relman against it.

The environment names the program (RELMAN) and what .ci/forges/run installed (EMULATE: the emulator's program). The emulator listens
on all interfaces and cannot be told otherwise: .ci/forges/run puts everything into a network namespace of its own.
"""

import atexit
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import forge_proxy
from forge_proxy import GitHub
from git_http import GitHttp
from git_repository import GitRepository
from github_description import Description
from gitlab_stand_in import GitLab
from pipelines import Pipelines
from traffic import HOST, Server, Token, Traffic, address

IDENTITY = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com",
    "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.com",
    "GIT_AUTHOR_DATE": "@1780000000 +0000", "GIT_COMMITTER_DATE": "@1780000000 +0000", "SOURCE_DATE_EPOCH": "1780000000",
}  # fmt: skip
DROPPED = ("GIT_", "RELMAN_", "GITHUB_", "GITLAB_", "CI_", "GH_", "HTTP_", "HTTPS_", "http_", "https_", "ALL_PROXY", "NO_PROXY", "no_proxy")


class Report:
    """Each step prints what is asserted; the last line counts."""

    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0

    def check(self, what, holds, why=""):
        print(f"  {'ok' if holds else 'FAILED'}  {what}", flush=True)
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print("\n".join(f"        {line}" for line in str(why).strip()[-4000:].splitlines()), flush=True)
        return bool(holds)

    def equal(self, what, found, expected):
        return self.check(what, found == expected, f"found    {found!r}\nexpected {expected!r}")

    def step(self, heading):
        print(f"{self.name}: {heading}", flush=True)

    def end(self):
        print(f"{self.name}: {self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)


def free_port():
    with socket.socket() as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


def wait_for(port, process, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"a server ended with {process.returncode}")
        try:
            socket.create_connection((HOST, port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"a server does not answer at port {port}")


class World:
    """A folder, a git server, and traffic that is shared by all servers of a test. `with World("x") as world:` ends all of it.

    A port that is given is the same in each run, so that a repository that names it has the same commits.
    """

    def __init__(self, name, git_port=0):
        self.name = name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"relman-{name}-"))
        self.served = self.folder / "served"
        self.served.mkdir()
        self.home = self.folder / "home"
        self.home.mkdir(mode=0o700)
        self.said = self.folder / "said"
        self.said.mkdir()
        self.traffic = Traffic(record=self.folder / "requests.jsonl")
        self.traffic.kill = lambda: self.running.kill()
        self.servers, self.processes, self.runs, self.running = [], [], 0, None
        # Also where a test breaks before its `with`, or is told to end.
        atexit.register(self.stop)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.github = self.gitlab = None
        self.git_port = self.serve(GitHttp(self.traffic, self.served, after_push=self.pushed), git_port).port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self):
        for server in self.servers:
            server.stop()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(10)
        self.servers, self.processes = [], []

    def pushed(self):
        for forge in (self.github, self.gitlab):
            if forge:
                forge.observe()

    def serve(self, peer, port=0):
        server = Server(peer, port)
        peer.port = server.port
        self.servers.append(server)
        return server

    def start(self, command, port, **more):
        with (self.folder / "servers.log").open("a") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **more)
        self.processes.append(process)
        wait_for(port, process)
        return process

    def token(self, name, value, **more):
        token = Token(name, value, **more)
        self.traffic.tokens.append(token)
        return token

    def start_github(self, owner, repositories, users=("maintainer",), at=0, **pipelines):
        """The emulator with these repositories, `{"owner/name": folder}`, and the proxy in front of it."""
        port = free_port()
        people = dict.fromkeys([owner, *users])
        seed = {
            "tokens": {forge_proxy.as_person(login): {"login": login, "scopes": ["repo"]} for login in people},
            "github": {
                "users": [{"login": login} for login in people],
                "repos": [{"owner": name.split("/")[0], "name": name.split("/")[1]} for name in repositories],
            },
        }
        file = self.folder / "emulate.json"
        file.write_text(json.dumps(seed))
        command = [os.environ["EMULATE"], "start", "--service", "github", "--port", str(port), "--base-url", address(port), "--seed", str(file)]
        self.start(command, port)
        known = {name: GitRepository(folder) for name, folder in repositories.items()}
        self.github = GitHub(self.traffic, port, known, Description(), Pipelines(**{"per_push": 3, **pipelines}))
        self.serve(self.github, at)
        return self.github

    def start_gitlab(self, at=0, **pipelines):
        self.gitlab = GitLab(self.traffic, Pipelines(**pipelines))
        self.serve(self.gitlab, at)
        return self.gitlab

    def remote(self, name, token=None):
        login = f"x-access-token:{token.value}@" if token else ""
        return f"http://{login}{HOST}:{self.git_port}/{name}.git"

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
        return {**kept, **IDENTITY, "HOME": str(self.home), "RUST_BACKTRACE": "0", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", **more}

    def credentials(self, token):
        """git on this machine finds the token as it finds a person's."""
        helper = self.home / "credential-helper"
        helper.write_text(f'#!/bin/sh\n[ "$1" = get ] && printf "username=x\\npassword=%s\\n" \'{token.value}\'\nexit 0\n')
        helper.chmod(0o755)
        (self.home / ".gitconfig").write_text(f"[credential]\n\thelper = {helper}\n[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n")

    def git(self, folder, *arguments, check=True):
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, env=self.environment(), stdin=subprocess.DEVNULL, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def relman(self, folder, *arguments, stdin="", timeout=120, **environment):
        """Runs relman, and keeps what it says for the search for tokens. While it runs, `running` is its process."""
        self.runs += 1
        begun = len(self.traffic.records)
        command = [os.environ["RELMAN"], "-C", str(folder), *map(str, arguments)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment(**environment))
        self.running = process
        try:
            out, err = process.communicate(stdin, timeout)
            code = process.returncode
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.communicate()
            code, out, err = "time-out", text(error.stdout), text(error.stderr)
        (self.said / f"{self.runs:04}.txt").write_text(f"$ relman {' '.join(map(str, arguments))}\n{out}\n-- standard error\n{err}\n-- exit {code}\n")
        return Run(code, out, err, self.traffic.records[begun:])


def text(value):
    return value.decode(errors="replace") if isinstance(value, bytes) else value or ""


class Run:
    def __init__(self, code, out, err, requests):
        self.code, self.out, self.err, self.requests = code, out, err, requests
        self.text = out + err

    def __str__(self):
        asked = "\n".join(f"{one['number']:4} {one['server']} {one['method']} {one['path']} -> {one.get('status')}" for one in self.requests)
        return f"exit {self.code}\n{self.text}\n{asked}"
