"""What the benches share: the program under test, and the measuring of commands that run in turn."""

import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def program():
    """The relman to measure: RELMAN, else the release build, which is made when it is not there."""
    relman = os.environ.get("RELMAN") or os.path.join(HERE, "target/release/relman")
    if not os.path.exists(relman):
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE, check=True, env={**os.environ, "CARGO_TARGET_DIR": os.path.join(HERE, "target")})
    return os.path.abspath(relman)


def once(command, folder, extra=None):
    """Runs a command and returns its wall seconds, CPU seconds (its children's too) and peak memory in MB (the largest process)."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(extra or {})})
    words = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)} failed with {child.returncode}:\n{words}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def in_turn(runs, *commands):
    """Runs (command, folder) after (command, folder), all of them `runs` times after a first time that does not count.

    Returns the figures of `once` for each command, a list in the order of the runs.
    """
    for command in commands:
        once(*command)
    rounds = [[once(*command) for command in commands] for _ in range(runs)]
    return [list(column) for column in zip(*rounds)]


def middle(figures):
    """The median of each figure."""
    return [statistics.median(column) for column in zip(*figures)]


def ratio(ours, theirs, figure=0):
    """The median of the ratios, run by run: what else the machine did meanwhile slowed both. Figure 0 is wall, 1 CPU, 2 peak."""
    return statistics.median(a[figure] / b[figure] for a, b in zip(ours, theirs))
