"""No token is in anything that relman writes: output, JSON, plans, journals, and what it says when it is asked to say all.

`search` is used by the other tests as well. Here every source of a token is tried, with runs that succeed, that are refused and that break.
"""

from peers import Report
from scenarios import FirstSeed, SecondSeed

# What the tests themselves put there: the emulator's seed, and the user's own credentials.
GIVEN = ("credential-helper", ".gitconfig", "emulate.json", ".git-credentials")
DEBUG = {"RUST_LOG": "trace", "RUST_BACKTRACE": "1", "RELMAN_LOG": "trace", "GIT_TRACE": "1", "GIT_CURL_VERBOSE": "0"}


def search(world, *more):
    """The files under the world's folder in which a token is. `search.files`: how many were read."""
    found, search.files = [], 0
    secrets = [(token.name, spelling) for token in world.traffic.tokens for spelling in token.spellings()]
    secrets += [("value", value) for value in more]
    for path in sorted(world.folder.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.name in GIVEN:
            continue
        content = path.read_bytes()
        search.files += 1
        found += [f"{path.relative_to(world.folder)}: {name}" for name, spelling in secrets if spelling.encode() in content]
    return found


def journals(world):
    """Journals are removed at the end of a run: the copies of those that a run left behind."""
    kept = world.folder / "journals"
    kept.mkdir(exist_ok=True)
    for path in world.folder.glob("*/.git/relman/*"):
        if path.is_file():
            (kept / f"{world.runs:04}-{path.parts[-4]}-{path.name}").write_bytes(path.read_bytes())
    return len(list(kept.iterdir()))


def runs(seed):
    """The way of a release with everything that could tell too much."""
    relman, traffic = seed.relman, seed.world.traffic
    relman("doctor", "--json", **DEBUG)
    seed.ready()
    plan = seed.world.folder / "plan.json"
    plan.write_text(relman(*seed.release, "--dry-run", "--json", **DEBUG).out)
    for fault in ("401", "403", "429", "500", "html", "cut-before", "cut-after", "502-after"):
        for later in (1, 4):
            begun = len(traffic.records)
            traffic.faults = {begun + later + again: fault for again in range(30)}
            relman(*seed.release, "--json", *(("--patience", "1s") if "release" in seed.release else ()), **DEBUG)
            journals(seed.world)
    traffic.faults = {}
    relman("resume", "--yes", "--json", **DEBUG)
    relman(*seed.release, "--json", **DEBUG)
    relman("release", seed.tag, "--yes", **DEBUG)


def give(seed, source):
    """Gives the token to relman in one way. Returns the environment."""
    value, variable = seed.token.value, next(iter(seed.variables))
    if source == "the address of the remote":
        (seed.world.home / ".gitconfig").unlink()
        seed.repo.git("remote", "set-url", "origin", seed.world.remote(seed.name, seed.token))
    return {"RELMAN_TOKEN": {"RELMAN_TOKEN": value}, "the forge's variable": {variable: value}, "a wrong one": {variable: value[:-3] + "xyz"}}.get(source, {})


def take_back(seed):
    # git keeps the address by itself, also that of the last fetch.
    seed.repo.git("remote", "set-url", "origin", seed.remote)
    (seed.folder / ".git/FETCH_HEAD").unlink(missing_ok=True)


def control(report):
    """The search finds a token in every spelling."""
    with FirstSeed() as seed:
        for token in list(seed.world.traffic.tokens):
            for at, spelling in enumerate(token.spellings()):
                path = seed.world.said / f"control-{at}.txt"
                path.write_text(f"Authorization: Basic {spelling}\n")
                report.equal(f"control: spelling {at} of the token {token.name} is found", len(search(seed.world)), 1)
                path.unlink()


def main():
    report = Report("no_token")
    control(report)
    for kind in (FirstSeed, SecondSeed):
        for source in ("RELMAN_TOKEN", "the forge's variable", "git's credential helper", "the address of the remote", "a wrong one"):
            report.step(f"{kind.__name__}, {source}")
            with kind() as seed:
                seed.variables = give(seed, source)
                values = [*seed.variables.values(), *(row["value"] for row in getattr(getattr(seed, "project", None), "variables", []))]
                runs(seed)
                take_back(seed)
                count, found = journals(seed.world), search(seed.world, *values)
                report.check(f"{seed.world.runs} runs, {search.files} files, {count} of them journals", not found, "\n".join(found))
                report.equal("nor in an address or a body on the way", [line for line in seed.world.traffic.violations if "token" in line], [])
    report.end()


if __name__ == "__main__":
    main()
