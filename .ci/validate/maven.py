"""Maven builds a bumped tree of modules without a repository: parents are found, dependencies are on the modules beside them.

Run with mvn in PATH. Only the phase `validate` runs, which needs no plugin.
"""

import re

from trial import Trial


def pom(body):
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <modelVersion>4.0.0</modelVersion>\n'
    return f"{head}{body}</project>\n"


def parent(version):
    return f"  <parent>\n    <groupId>org.acme</groupId><artifactId>harbor</artifactId>\n    <version>{version}</version>\n  </parent>\n"


def dependency(name, version):
    inside = f"<groupId>${{project.groupId}}</groupId><artifactId>{name}</artifactId><version>{version}</version>"
    return f"  <dependencies><dependency>{inside}</dependency></dependencies>\n"


# Modules are in the wrong order: Maven puts that right by the dependencies that it finds among them.
ROOT = """  <groupId>org.acme</groupId><artifactId>harbor</artifactId><packaging>pom</packaging>
  <version>{}</version>
  <modules><module>crane</module><module>moor</module><module>tides</module></modules>
"""
WHOLE = '[packages.harbor]\npath = "."\n'
MEMBERS = '[workspace]\nmembers = [".", "crane"]\n'
TREES = {
    # The parent's version in each module, and a module with a version of its own.
    "literal": {
        "relman.toml": MEMBERS,
        "pom.xml": pom(ROOT.format("0.4.0-SNAPSHOT")),
        "tides/pom.xml": pom(parent("0.4.0-SNAPSHOT") + "  <artifactId>tides</artifactId>\n"),
        "moor/pom.xml": pom(
            parent("0.4.0-SNAPSHOT") + "  <artifactId>moor</artifactId>\n" + dependency("tides", "0.4.0-SNAPSHOT")
        ),
        "crane/pom.xml": pom(
            parent("0.4.0-SNAPSHOT")
            + "  <artifactId>crane</artifactId>\n  <version>2.0.0.Final</version>\n"
            + dependency("moor", "0.4.0-SNAPSHOT")
        ),
    },
    # The version in a property, as for CI.
    "property": {
        "relman.toml": WHOLE,
        "pom.xml": pom(
            ROOT.format("${revision}${changelist}")
            + "  <properties><revision>0.4.0</revision><changelist>-SNAPSHOT</changelist></properties>\n"
        ),
        "tides/pom.xml": pom(parent("${revision}${changelist}") + "  <artifactId>tides</artifactId>\n"),
        "moor/pom.xml": pom(
            parent("${revision}${changelist}")
            + "  <artifactId>moor</artifactId>\n"
            + dependency("tides", "${project.version}")
        ),
        "crane/pom.xml": pom(
            parent("${revision}${changelist}") + "  <artifactId>crane</artifactId>\n" + dependency("moor", "${revision}${changelist}")
        ),
    },
}
REQUESTS = {
    "literal": [("minor", "-p", "harbor=minor"), ("rc", "-p", "harbor=major:rc", "-p", "crane=major")],
    "property": [("minor", "minor")],
}


def built(trial, root):
    """Returns what Maven says, and each module with the version that it has for Maven, in the order in which they are built."""
    repository = trial.folder / "repository"
    done = trial.run("mvn", "-o", "-B", f"-Dmaven.repo.local={repository}", "validate", cwd=root)
    said = done.stdout + done.stderr
    return done.returncode, said, re.findall(r"^\[INFO\] Building (\S+) (\S+)", said, re.MULTILINE)


def judge(trial, root, told):
    code, said, modules = built(trial, root)
    trial.check(f"{root.name}: mvn validate", code == 0, said)
    names = [name for name, _ in modules]
    trial.check(f"{root.name}: each module is built after what it depends on", names == ["harbor", "tides", "moor", "crane"], said)
    own = {"crane": f"{told['crane']}.Final"} if "crane" in told else {}
    expected = [(name, own.get(name, f"{told['harbor']}-SNAPSHOT")) for name in names]
    trial.check(f"{root.name}: the versions that Maven reads", modules == expected, said)


def controls(trial, root):
    """What Maven must not accept: one place that did not follow."""
    trial.before(root, "tides/pom.xml")
    code, said, _ = built(trial, root)
    trial.check("control: an old version of a parent is refused", code != 0 and "Non-resolvable parent POM" in said, said)
    trial.restore(root)
    path = root / "moor/pom.xml"
    text = path.read_text()
    at = text.index("<dependencies>")
    path.write_text(text[:at] + text[at:].replace("0.5.0-SNAPSHOT", "0.4.0-SNAPSHOT"))
    _, said, modules = built(trial, root)
    order = [name for name, _ in modules]
    trial.check("control: an old version of a dependency is another artifact", order.index("moor") < order.index("tides"), said)


with Trial("maven") as trial:
    trial.environment |= {"HOME": str(trial.folder), "MAVEN_OPTS": "-XX:TieredStopAtLevel=1 -Xshare:auto"}
    for tree, files in TREES.items():
        base = trial.repository(tree, files)
        for name, *request in REQUESTS[tree]:
            root = trial.copy(base, f"{tree}-{name}")
            told = trial.bump(root, *request)
            if told is None:
                continue
            judge(trial, root, told)
            if (tree, name) == ("literal", "minor"):
                controls(trial, root)
