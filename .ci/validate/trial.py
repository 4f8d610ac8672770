"""What every validator shares: a repository in a temporary folder, relman in it, and the count of what passed.

The environment must hold RELMAN, the program to judge. Nothing of the user's own git configuration or home is read.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

IDENTITY = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "t",
    "GIT_AUTHOR_EMAIL": "t@example.com",
    "GIT_COMMITTER_NAME": "t",
    "GIT_COMMITTER_EMAIL": "t@example.com",
}


class Trial:
    """The checks of one ecosystem. `with Trial("cargo") as trial:` prints the count at its end and sets the exit code."""

    def __init__(self, name, **environment):
        self.name, self.passed, self.failed = name, 0, 0
        self.relman = os.environ["RELMAN"]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-"))
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "RELMAN_"))}
        self.environment = {**kept, **IDENTITY, "NO_COLOR": "1", **environment}

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        shutil.rmtree(self.folder, ignore_errors=True)
        if error is not None:
            return False
        print(f"{self.name}: {self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)

    def check(self, what, holds, why=""):
        """Counts one check. A check that can say why it fails does so."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {self.name}: {what}\n{str(why).strip()[-1500:]}")
        return bool(holds)

    def run(self, *command, cwd, **environment):
        command = [str(part) for part in command]
        return subprocess.run(
            command, cwd=cwd, env={**self.environment, **environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip

    def must(self, *command, cwd, **environment):
        """Runs a command that prepares something; its failure ends the trial."""
        done = self.run(*command, cwd=cwd, **environment)
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: {command} failed with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def accepts(self, what, *command, cwd):
        done = self.run(*command, cwd=cwd)
        return self.check(what, done.returncode == 0, done.stdout + done.stderr)

    def refuses(self, what, *command, cwd):
        """The negative control: the same judge says no to something wrong."""
        done = self.run(*command, cwd=cwd)
        return self.check(f"control: {what}", done.returncode != 0, "it was accepted")

    def repository(self, name, files, prepare=None):
        """Writes the files, lets `prepare(folder)` add what a tool writes (a lock file), and commits all of it."""
        root = self.folder / name
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text.lstrip("\n"), encoding="utf-8")
        self.must("git", "init", "-q", "-b", "main", cwd=root)
        if prepare:
            prepare(root)
        self.must("git", "add", "-A", cwd=root)
        self.must("git", "commit", "-q", "-m", "feat: begin", cwd=root)
        return root

    def copy(self, root, name):
        shutil.copytree(root, self.folder / name, symlinks=True)
        return self.folder / name

    def bump(self, root, *request):
        """Bumps, and checks what must hold whatever the ecosystem is. Returns the versions by package, None on failure."""
        what = f"{root.name}: bump {' '.join(request)}"
        done = self.run(self.relman, "bump", *request, "--yes", cwd=root)
        if not self.check(what, done.returncode == 0, f"exit {done.returncode}\n{done.stdout}{done.stderr}"):
            return None
        self.accepts(f"{what}: relman check afterwards", self.relman, "check", cwd=root)
        left = self.must("git", "status", "--porcelain", cwd=root)
        self.check(f"{what}: the tree is clean", left == "", left)
        status = json.loads(self.must(self.relman, "status", "--json", "--no-history", cwd=root))
        return {package["name"]: package["version"] for package in status["packages"]}

    def before(self, root, path):
        """Puts the file back as it stood before the bump, for a negative control."""
        self.must("git", "checkout", "-q", "HEAD~1", "--", path, cwd=root)

    def restore(self, root):
        self.must("git", "reset", "-q", "--hard", cwd=root)
