//! Tag templates: what they write, what they read, what they refuse.

use relman::model::VersionScheme::{self, Pep440, Semver};
use relman::model::{TagTemplate, Version};

fn template(text: &str, name: &str, scheme: VersionScheme) -> TagTemplate {
    TagTemplate::new(text, name, scheme).unwrap()
}

#[test]
fn a_template_writes_and_reads() {
    let table = [
        ("{name}-v{version}", "scheduler", Pep440, "0.3.0a1", "scheduler-v0.3.0a1"),
        ("v{version}", "platform", Semver, "0.3.0-alpha.1", "v0.3.0-alpha.1"),
        ("{name}@{version}", "@scope/web", Semver, "1.2.3", "@scope/web@1.2.3"),
        ("{name}/v{version}", "go/mod", Semver, "1.2.3+b", "go/mod/v1.2.3+b"),
        ("r{major}_{minor}_{patch}", "", Semver, "1.20.3", "r1_20_3"),
        ("{patch}/{minor}/{major}.x", "", Semver, "1.2.3", "3/2/1.x"),
        ("{version}-final", "", Semver, "1.2.3-a", "1.2.3-a-final"),
        ("{version}1", "", Semver, "1.2.3", "1.2.31"),
        ("v{version}", "", Pep440, "1!2.0.post1", "v1!2.0.post1"),
        ("py/{version}", "", Pep440, "0.65b0", "py/0.65b0"),
    ];
    for (text, name, scheme, version, tag) in table {
        let version = scheme.parse(version).unwrap();
        let template = template(text, name, scheme);
        assert_eq!(template.render(&version).unwrap().as_str(), tag);
        assert_eq!(template.matches(tag), Some(version), "{tag}");
        assert_eq!(template.scheme(), scheme);
    }
}

#[test]
fn reading_is_lenient_and_stays_apart_from_neighbours() {
    let table = [
        ("v{version}", Semver, "v0.2", Some("0.2.0")),
        ("v{version}", Semver, "v2", Some("2.0.0")),
        ("v{version}", Semver, "v0.2-rc.1", Some("0.2.0-rc.1")),
        ("api-v{version}", Semver, "api-v2-v1.0.0", None),
        ("v{version}", Semver, "vv1.0.0", None),
        ("v{version}", Pep440, "vv1.0.0", None),
        ("v{version}", Pep440, "v1.0 ", None),
        ("v{version}", Semver, "v", None),
        ("v{version}", Semver, "1.0.0", None),
        ("v{version}-x", Semver, "v-x", None),
        ("v{major}.{minor}.{patch}", Semver, "v1.2", None),
        ("v{major}.{minor}.{patch}", Semver, "v1.02.3", None),
        ("v{major}.{minor}.{patch}", Semver, "v1.2.3-rc.1", None),
        ("v{major}.{minor}.{patch}", Semver, "v1.2.99999999999999999999", None),
        ("v{version}", Semver, "vé", None),
    ];
    for (text, scheme, tag, expected) in table {
        let read = template(text, "", scheme).matches(tag).map(|v| scheme.render(&v).unwrap());
        assert_eq!(read.as_deref(), expected, "{text} {tag}");
    }
}

#[test]
fn a_typed_spelling_is_kept() {
    let template = template("v{version}", "", Pep440);
    for (typed, tag) in [("0.9.0.rc1", "v0.9.0.rc1"), ("0.66b0.dev", "v0.66b0.dev"), (" v1.0 ", "v1.0")] {
        let version = Pep440.parse(typed).unwrap();
        assert_eq!(template.render_typed(&version, typed).unwrap().as_str(), tag);
        assert_eq!(template.matches(tag), Some(version));
    }
}

#[test]
fn what_is_no_template_is_refused() {
    let table = [
        ("{name}", "a", "a tag needs {version} once, or {major}, {minor} and {patch} once each"),
        ("{version}{version}", "a", "a tag needs {version} once, or {major}, {minor} and {patch} once each"),
        ("{version}-{major}", "a", "a tag needs {version} once, or {major}, {minor} and {patch} once each"),
        ("{major}.{minor}", "a", "a tag needs {version} once, or {major}, {minor} and {patch} once each"),
        ("{major}{minor}.{patch}", "a", "two numbers in a tag need a text between them that is not a digit"),
        ("{major}.{minor}0{patch}", "a", "two numbers in a tag need a text between them that is not a digit"),
        (
            "v{versoin}",
            "a",
            "unknown placeholder `{versoin}` in a tag template; expected {name}, {version}, {major}, {minor} or {patch}",
        ),
        ("v{version", "a", "`{version` has no closing brace"),
        ("v {version}", "a", "git does not accept `v 1.2.3` as a tag name"),
        ("{name}-{version}", "a..b", "git does not accept `a..b-1.2.3` as a tag name"),
        ("-{version}", "a", "git does not accept `-1.2.3` as a tag name"),
        ("{version}.lock", "a", "git does not accept `1.2.3.lock` as a tag name"),
        ("a//{version}", "a", "git does not accept `a//1.2.3` as a tag name"),
        ("{version}/", "a", "git does not accept `1.2.3/` as a tag name"),
    ];
    for (text, name, message) in table {
        assert_eq!(TagTemplate::new(text, name, Semver).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_version_that_the_tag_cannot_carry_is_refused() {
    let table = [
        (
            "{major}.{minor}.{patch}",
            Semver,
            "1.2.3-rc.1",
            "{major}, {minor} and {patch} alone cannot carry the version 1.2.3-rc.1; use {version}",
        ),
        (
            "{major}.{minor}.{patch}",
            Pep440,
            "1.2.3.4",
            "{major}, {minor} and {patch} alone cannot carry the version 1.2.3.4; use {version}",
        ),
        ("{version}", Pep440, "1.2.3-next.1", "PEP 440 has no spelling for the prerelease label `next.1`"),
        ("{version}", Semver, "1.2.3.dev1", "SemVer has no spelling for the development release .dev1"),
    ];
    for (text, scheme, version, message) in table {
        let version: Version = scheme.parse(version).or_else(|_| scheme.other().parse(version)).unwrap();
        assert_eq!(template(text, "", scheme).render(&version).unwrap_err().to_string(), message);
    }
    let name = template("{version}", "", Semver).render(&Semver.parse("1.2.3-a.lock").unwrap()).unwrap();
    assert_eq!(name.check().unwrap_err().to_string(), "git does not accept `1.2.3-a.lock` as a tag name");
}
