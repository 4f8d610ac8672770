//! Python projects, npm packages, crates and pages, at addresses that are given.

use relman::model::{CrateRelease, IndexFile, IndexFileKind, PageFacts};
use relman::registry::{Addresses, RegistryFault};
use serde_json::json;

use crate::support::registries::registries;
use crate::support::server::{Act, Server};

const JSON: &str = "application/vnd.pypi.simple.v1+json";

fn pypi(url: &str) -> Addresses {
    Addresses { pypi: Some(format!("{url}/simple/")), ..Addresses::default() }
}

fn npm(url: &str) -> Addresses {
    Addresses { npm: Some(format!("{url}/")), ..Addresses::default() }
}

fn crates(url: &str) -> Addresses {
    Addresses { crates: Some(format!("{url}/index/")), ..Addresses::default() }
}

/// A server that always answers the same.
fn constant(act: Act) -> Server {
    Server::start(move |_| act.clone())
}

fn file(name: &str, version: Option<&str>, kind: IndexFileKind, is_yanked: bool, is_attested: bool) -> IndexFile {
    IndexFile { name: name.to_owned(), version: version.map(str::to_owned), kind, is_yanked, is_attested }
}

#[test]
fn files_of_a_python_project() {
    use IndexFileKind::{Other, Sdist, Wheel};
    let json = json!({"meta": {"api-version": "1.3"}, "name": "trueppm-scheduler", "files": [
        {"filename": "trueppm_scheduler-0.3.0a1-py3-none-any.whl", "url": "x", "hashes": {}, "yanked": false, "provenance": "https://p"},
        {"filename": "trueppm_scheduler-0.3.0a1.tar.gz", "url": "x", "hashes": {}, "provenance": null},
        {"filename": "trueppm-scheduler-0.2.0.tar.gz", "url": "x", "hashes": {}, "yanked": "broken"},
        {"filename": "trueppm_scheduler-0.1.0.tar.gz", "url": "x", "hashes": {}, "yanked": true},
        {"filename": "trueppm_scheduler-0.1.0.tar.gz.asc", "url": "x", "hashes": {}},
    ]});
    let page = "<html><head><title>Links for trueppm-scheduler</title></head><body>
        <a href='x#sha256=1' data-provenance='https://p'>trueppm_scheduler-0.3.0a1-py3-none-any.whl</a><br>
        <a href='x'>trueppm_scheduler-0.3.0a1.tar.gz</a>
        <a href='x' data-yanked='broken'>trueppm-scheduler-0.2.0.tar.gz</a>
        <a href='x' data-yanked>trueppm_scheduler-0.1.0.tar.gz</a>
        <a href='x'>trueppm_scheduler-0.1.0.tar.gz.asc</a></body></html>";
    let expected = vec![
        file("trueppm_scheduler-0.3.0a1-py3-none-any.whl", Some("0.3.0a1"), Wheel, false, true),
        file("trueppm_scheduler-0.3.0a1.tar.gz", Some("0.3.0a1"), Sdist, false, false),
        file("trueppm-scheduler-0.2.0.tar.gz", Some("0.2.0"), Sdist, true, false),
        file("trueppm_scheduler-0.1.0.tar.gz", Some("0.1.0"), Sdist, true, false),
        file("trueppm_scheduler-0.1.0.tar.gz.asc", None, Other, false, false),
    ];
    for act in [Act::text(200, JSON, &json.to_string()), Act::text(200, "text/html; charset=utf-8", page)] {
        let server = constant(act);
        let asked = registries(pypi(&server.url)).python_files("TruePPM.Scheduler").unwrap();
        assert_eq!(asked.address, format!("{}/simple/trueppm-scheduler/", server.url));
        assert_eq!(asked.found.as_ref(), Some(&expected));
        assert!(server.seen()[0].header("accept").unwrap().starts_with(JSON));
    }
}

#[test]
fn indices_of_python_projects_that_have_less() {
    let empty = Act::text(200, "text/html", "<html><title>Links for a</title></html>");
    assert_eq!(registries(pypi(&constant(empty).url)).python_files("a").unwrap().found, Some(Vec::new()));
    let missing = Act::text(404, "text/html", "<html>Not found</html>");
    assert_eq!(registries(pypi(&constant(missing).url)).python_files("a").unwrap().found, None);
    let table = [
        (Act::text(200, "text/html", "<html><a href='/login'>Sign in</a></html>"), "but not one of a simple index"),
        (Act::text(200, JSON, "{\"files\": ["), "it is cut off (line 1, column "),
        (Act::text(200, JSON, "{\"meta\": {}}"), "a value has another type, or is missing"),
        (Act::text(200, "text/plain", "a"), "expected JSON or HTML, found text/plain"),
        (Act::text(200, "", "a"), "expected JSON or HTML, found an unknown content type"),
        (Act::text(500, "text/html", "a"), "the registry answered with status 500"),
        (Act::text(401, "text/html", "a"), "it is private, or does not exist: credentials are needed (401)"),
    ];
    for (act, expected) in table {
        let error = registries(pypi(&constant(act.clone()).url)).python_files("a").unwrap_err();
        assert!(error.to_string().contains(expected), "{act:?}: {error}");
    }
}

#[test]
fn packages_of_npm() {
    let body = json!({"name": "@trueppm/web", "dist-tags": {"latest": "1.0.0", "next": "1.1.0-rc.1"}, "versions": {
        "1.0.0": {"deprecated": ""}, "0.9.0": {"deprecated": "use 1"}, "1.1.0-rc.1": {}}});
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/@trueppm%2Fweb" => Act::json(200, body.clone()),
        _ => Act::json(404, json!({"error": "not_found"})),
    });
    let registries_here = registries(npm(&server.url));
    let asked = registries_here.npm("@trueppm/web").unwrap();
    let facts = asked.found.unwrap();
    assert_eq!(asked.address, format!("{}/@trueppm%2Fweb", server.url));
    assert_eq!(facts.versions, ["1.0.0", "0.9.0", "1.1.0-rc.1"]);
    assert_eq!(facts.deprecated, ["0.9.0"]);
    assert_eq!(facts.dist_tags["next"], "1.1.0-rc.1");
    assert!(server.seen()[0].header("accept").unwrap().starts_with("application/vnd.npm.install-v1+json"));
    assert_eq!(registries_here.npm("nothing").unwrap().found, None);
    let table = [
        (Act::text(200, "text/html", "<html>"), "it is an HTML page, not the answer of such a registry"),
        (Act::text(404, "text/html", "<html>"), "it is an HTML page, not the answer of such a registry"),
        (Act::json(200, json!({"name": "a"})), "a value has another type, or is missing"),
        (Act::json(403, json!({})), "it is private, or does not exist: credentials are needed (403)"),
    ];
    for (act, expected) in table {
        let error = registries(npm(&constant(act.clone()).url)).npm("a").unwrap_err();
        assert!(error.to_string().contains(expected), "{act:?}: {error}");
    }
}

#[test]
fn releases_of_a_crate() {
    let lines = "{\"name\":\"TruePPM\",\"vers\":\"0.1.0\",\"yanked\":true,\"deps\":[],\"cksum\":\"\"}\n\n\
        {\"name\":\"TruePPM\",\"vers\":\"0.2.0+b\"}\n";
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/index/tr/ue/trueppm" => Act::text(200, "text/plain", lines),
        // As Python's http.server says it.
        _ => Act::text(404, "text/html;charset=utf-8", "<html>"),
    });
    let registries_here = registries(crates(&server.url));
    let release = |version: &str, is_yanked| CrateRelease { version: version.to_owned(), is_yanked };
    let asked = registries_here.crate_releases("TruePPM").unwrap();
    assert_eq!(asked.address, format!("{}/index/tr/ue/trueppm", server.url));
    assert_eq!(asked.found, Some(vec![release("0.1.0", true), release("0.2.0+b", false)]));
    assert_eq!(registries_here.crate_releases("ab").unwrap().found, None);
    let table = [
        (Act::text(200, "text/html", "<html>\n"), "line 1 is not a release of a crate"),
        (Act::text(200, "", "{\"name\":\"b\",\"vers\":\"1.0.0\"}"), "line 1 is a release of `b`"),
        (Act::json(401, json!({})), "it is private, or does not exist: credentials are needed (401)"),
    ];
    for (act, expected) in table {
        let error = registries(crates(&constant(act.clone()).url)).crate_releases("a").unwrap_err();
        assert!(error.to_string().contains(expected), "{act:?}: {error}");
    }
}

#[test]
fn pages_are_what_they_answer() {
    let table = [(200, "{\"version\": \"0.3.0\"}"), (404, "<html>"), (401, "")];
    for (status, body) in table {
        let server = constant(Act::text(status, "text/html", body));
        let url = format!("{}/api/version?x=y", server.url);
        let asked = registries(Addresses::default()).page(&url).unwrap();
        assert_eq!(asked.found, PageFacts { status, body: body.as_bytes().to_vec() });
        assert_eq!(asked.address, url);
    }
    let error = registries(Addresses::default()).page("https://user:s3cret@h.example.invalid/x").unwrap_err();
    assert_eq!(error.asked.as_deref(), Some("https://h.example.invalid/x"));
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    let error = registries(Addresses::default()).page("http://h.example.com/x").unwrap_err();
    assert!(matches!(error.fault, RegistryFault::Unreachable(_)), "{error}");
}

#[test]
fn without_an_address_the_key_is_named() {
    let registries = registries(Addresses::default());
    let errors = [
        registries.python_files("a").unwrap_err(),
        registries.npm("a").unwrap_err(),
        registries.crate_releases("a").unwrap_err(),
    ];
    for (error, key) in errors.iter().zip(["pypi", "npm", "crates"]) {
        assert_eq!(error.asked, None);
        assert_eq!(error.to_string(), "the address of the registry is not known");
        assert_eq!(error.help().unwrap(), format!("set `registries.{key}` in [verify]"));
    }
}
