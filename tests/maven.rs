//! Maven: modules that inherit the version of a parent, and those with one of their own.

use crate::support::repo::Repo;

const PARENT: &str = "<parent>\r\n    <groupId>org.acme</groupId><artifactId>harbor</artifactId><version>0.4.0-SNAPSHOT</version>\r\n  </parent>";

fn pom(body: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<project>\r\n  {body}\r\n</project>")
}

fn root(version: &str) -> String {
    pom(&format!(
        "<groupId>org.acme</groupId><artifactId>harbor</artifactId><version>{version}</version>\r\n  <modules><module>tides</module><module>tools/</module></modules>"
    ))
}

fn dependency(name: &str, version: &str) -> String {
    format!(
        "<dependencies><dependency><groupId>${{project.groupId}}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency></dependencies>"
    )
}

/// A root whose version two modules inherit, one of them below the other, and a crane with a version of its own.
fn harbor() -> Vec<(&'static str, String)> {
    let tools = PARENT.replace("</parent>", "<relativePath>../</relativePath></parent>");
    let inner = PARENT.replace(">harbor<", ">tools<");
    vec![
        ("relman.toml", "[workspace]\nmembers = [\".\", \"tides\", \"crane\"]\n".to_owned()),
        ("pom.xml", root("0.4.0-SNAPSHOT")),
        ("tides/pom.xml", pom(&format!("{PARENT}<artifactId>tides</artifactId>"))),
        (
            "tools/pom.xml",
            pom(&format!("{tools}<artifactId>tools</artifactId><modules><module>inner</module></modules>")),
        ),
        (
            "tools/inner/pom.xml",
            pom(&format!("{inner}<artifactId>inner</artifactId>{}", dependency("tides", "0.4.0-SNAPSHOT"))),
        ),
        (
            "crane/pom.xml",
            pom(&format!(
                "{PARENT}<artifactId>crane</artifactId><version>2.0.0.Final</version>{}",
                dependency("inner", "0.4.0-SNAPSHOT")
            )),
        ),
    ]
}

fn repo(files: &[(&str, String)]) -> Repo {
    Repo::with(&files.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>())
}

#[test]
fn all_modules_follow_the_version_that_they_inherit() {
    let files = harbor();
    let repo = repo(&files);
    repo.idle(&["check"]).exits(0);
    let plan = repo.idle(&["bump", "-n", "--json", "-p", "harbor", "minor"]);
    assert_eq!(plan.exits(0).bumps(), ["harbor 0.4.0 0.5.0", "crane 2.0.0 2.0.1"]);
    assert_eq!(plan.tags(), ["harbor-v0.5.0", "crane-v2.0.1"]);
    repo.relman(&["bump", "-y", "-p", "harbor", "minor"]).exits(0);
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".xml")) {
        let expected = text.replace("0.4.0-SNAPSHOT", "0.5.0-SNAPSHOT").replace("2.0.0.Final", "2.0.1.Final");
        assert_eq!(repo.read(path).as_ref(), Some(&expected), "{path}");
    }
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_module_that_did_not_follow_is_drift() {
    let files = harbor();
    let repo = repo(&files);
    let stale = files[2].1.replace("0.4.0-SNAPSHOT", "0.3.0-SNAPSHOT");
    repo.commit(&[("tides/pom.xml", &stale)]);
    let findings = ["drift tides/pom.xml:4:72 0.3.0 0.4.0"];
    assert_eq!(repo.idle(&["check", "--json"]).exits(3).problems(), findings);
    repo.relman(&["check", "--fix"]).exits(0);
    assert_eq!(repo.read("tides/pom.xml").as_ref(), Some(&files[2].1));
}

#[test]
fn a_property_holds_the_version_of_all() {
    let root = root("${revision}${changelist}").replace(
        "<modules>",
        "<properties><revision>1.2.3</revision><changelist>-SNAPSHOT</changelist></properties><modules>",
    );
    let parent = PARENT.replace("0.4.0-SNAPSHOT", "${revision}${changelist}");
    let tides = pom(&format!("{parent}<artifactId>tides</artifactId>{}", dependency("tools", "${project.version}")));
    let files = [
        ("relman.toml", "[packages.harbor]\npath = \".\"\n".to_owned()),
        ("pom.xml", root.clone()),
        ("tides/pom.xml", tides.clone()),
    ];
    let repo = repo(&files);
    repo.relman(&["bump", "-y", "major", "rc"]).exits(0);
    assert_eq!(repo.read("pom.xml"), Some(root.replace("1.2.3", "2.0.0-rc.1")));
    assert_eq!(repo.read("tides/pom.xml"), Some(tides));
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_parent_of_a_repository_is_not_ours() {
    let boot = "<parent><groupId>org.acme</groupId><artifactId>harbor</artifactId><version>0.4.0</version><relativePath/></parent><artifactId>tides</artifactId>";
    let files = [
        ("relman.toml", "[workspace]\nmembers = [\"*\"]\n[packages.harbor]\npath = \".\"\n".to_owned()),
        ("pom.xml", root("0.4.0")),
        ("tides/pom.xml", pom(boot)),
        ("tools/pom.xml", pom(&format!("{boot}<version>1.0.0</version>"))),
    ];
    let repo = repo(&files);
    repo.relman(&["bump", "-y", "-p", "harbor", "minor"]).exits(0);
    for (path, text) in &files[2..] {
        assert_eq!(repo.read(path).as_ref(), Some(text), "{path}");
    }
    repo.relman(&["status"]).exits(0).says(&["tides", "0.5.0"]);
}
