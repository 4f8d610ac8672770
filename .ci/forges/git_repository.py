"""What the forges of these tests know of a bare repository: its refs, and what the last push moved."""

import os
import subprocess


class GitRepository:
    def __init__(self, folder):
        self.folder = str(folder)
        self.seen = self.refs()

    def git(self, *arguments, check=True, **environment):
        done = subprocess.run(
            ["git", "-C", self.folder, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
            env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", **environment},
        )  # fmt: skip
        if check and done.returncode != 0:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip() if done.returncode == 0 else None

    def refs(self):
        """Name to object id, of tags the id of the tag object."""
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split(" ") for line in lines)

    def commit(self, name):
        """The commit that a name leads to, or `None`."""
        return self.git("rev-parse", "--quiet", "--verify", f"{name}^{{commit}}", check=False)

    def kind(self, object_id):
        return self.git("cat-file", "-t", object_id, check=False)

    def holds(self, branch, commit):
        return self.git("merge-base", "--is-ancestor", commit, branch, check=False) is not None

    def date(self, commit):
        return self.git("show", "-s", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", commit, TZ="UTC")

    def moved(self):
        """Refs that are new or moved since the last call: pairs of name and commit."""
        before, self.seen = self.seen, self.refs()
        return [(name, self.commit(name)) for name, at in self.seen.items() if before.get(name) != at]

    def tags(self):
        """Tag to commit, as another clone sees them."""
        return {name[len("refs/tags/") :]: self.commit(name) for name in self.refs() if name.startswith("refs/tags/")}

    def branches(self):
        return {name[len("refs/heads/") :]: at for name, at in self.refs().items() if name.startswith("refs/heads/")}
