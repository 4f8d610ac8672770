"""The CI of both forges: what a push starts, and how it comes to its end.

A rule says for each branch or tag which jobs run. A pipeline runs for as many looks as its rule says, so no test waits for a clock.
"""


class Job:
    def __init__(self, name, result="success", allow_failure=False, stage="test"):
        self.name, self.result, self.allow_failure, self.stage = name, result, allow_failure, stage
        self.id = 0


class Pipeline:
    def __init__(self, number, commit, ref, is_tag, jobs, looks):
        self.id, self.commit, self.ref, self.is_tag, self.jobs, self.looks = number, commit, ref, is_tag, jobs, looks
        for at, job in enumerate(jobs):
            job.id = number * 100 + at

    def look(self):
        """Seen once more by somebody who waits."""
        self.looks = max(0, self.looks - 1)

    @property
    def status(self):
        if self.looks > 0:
            return "running"
        results = [job.result for job in self.jobs if not (job.allow_failure and job.result == "failed")]
        for word in ("failed", "canceled", "manual"):
            if word in results:
                return word
        return "skipped" if results and set(results) == {"skipped"} else "success"

    def job_status(self, job):
        return "running" if self.looks > 0 else job.result


class Pipelines:
    """`rule(ref, is_tag)` returns a list of jobs, or `None` where nothing runs. `per_push`: more refs than that start nothing at all."""

    def __init__(self, rule=lambda ref, is_tag: [Job("test")], looks=2, per_push=4):
        self.rule, self.looks, self.per_push = rule, looks, per_push
        self.all, self.next_id = [], 1000

    def pushed(self, moved):
        refs = [(name, commit) for name, commit in moved if commit and name.startswith(("refs/heads/", "refs/tags/"))]
        if len(refs) > self.per_push:
            return
        for name, commit in refs:
            kind, _, short = name[len("refs/") :].partition("/")
            self.start(commit, short, kind == "tags")

    def start(self, commit, ref, is_tag=False, looks=None):
        jobs = self.rule(ref, is_tag)
        if jobs is None:
            return None
        self.next_id += 1
        pipeline = Pipeline(self.next_id, commit, ref, is_tag, jobs, self.looks if looks is None else looks)
        self.all.insert(0, pipeline)
        return pipeline

    def of(self, commit=None, ref=None):
        """Newest first."""
        return [one for one in self.all if commit in (None, one.commit) and ref in (None, one.ref)]
