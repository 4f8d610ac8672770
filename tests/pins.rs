//! Pins: a release of another repository, written in several places of this one, and moved together with a release or alone.

use serde_json::Value;

use crate::support::repo::Repo;
use crate::support::server::{Act, Server};

/// The shape of the second seed's enterprise repository.
const CONFIG: &str = "[packages.enterprise]\ntag-prefix = 'v'\nmanifests = ['pyproject.toml']\n\
    [pins.oss]\nupstream = 'UPSTREAM'\nplaces = [\n\
      { path = '.gitlab-ci.yml', pointer = '/variables/OSS_TAG', as = '{tag}' },\n\
      { path = 'pyproject.toml', requirement = 'trueppm-api' },\n\
      { path = 'web/package.json', requirement = '@trueppm/web' },\n]\n";

const CI: &str = "\u{feff}variables:\r\n  OSS_TAG: v0.4.0  # v0.4.0\r\n  OTHER: \"v0.4.0\"\r\n";
const PROJECT: &str = "[project]\nname = \"enterprise\"\nversion = \"1.0.0\"\ndependencies = [\n\t\"trueppm_api[extra] == 0.4.0 ; python_version > '3'\",\n\t'other==0.4.0',\n]\n";
const WEB: &str =
    "{ \"name\": \"web\", \"private\": true,\t\"dependencies\": { \"@trueppm/web\": \"0.4.0\", \"x\": \"0.4.0\" } }";

struct Pinned {
    upstream: Repo,
    repo: Repo,
}

/// A repository that is pinned to `v0.4.0` of another one, which has these tags.
fn pinned(tags: &[&str]) -> Pinned {
    let upstream = Repo::with(&[("README", "x\n")]);
    for tag in tags {
        upstream.git(&["tag", "-a", "-m", "x", tag]);
    }
    let config = CONFIG.replace("UPSTREAM", upstream.root().to_str().unwrap());
    let repo = Repo::with(&[
        ("relman.toml", config.as_str()),
        (".gitlab-ci.yml", CI),
        ("pyproject.toml", PROJECT),
        ("web/package.json", WEB),
    ]);
    Pinned { upstream, repo }
}

const TAGS: [&str; 5] = ["v0.4.0", "v0.5.0", "v0.6.0-alpha.1", "scheduler-v9.0.0", "latest"];

#[test]
fn a_release_moves_all_places_in_one_commit() {
    let Pinned { repo, upstream: _upstream } = pinned(&TAGS);
    repo.idle(&["check"]).exits(0);
    let plan = repo.idle(&["bump", "-n", "--json", "minor", "--pin", "oss=v0.5.0"]).exits(0).json();
    assert_eq!(plan["pins"], serde_json::json!([{ "name": "oss", "from": "v0.4.0", "to": "v0.5.0" }]));
    assert_eq!(plan["bumps"][0]["to"], "1.1.0");
    let before = repo.git(&["rev-list", "--count", "HEAD"]);
    repo.relman(&["bump", "-y", "minor", "--pin", "oss=v0.5.0"]).exits(0);
    let after = repo.git(&["rev-list", "--count", "HEAD"]);
    assert_eq!(after.trim().parse::<u32>().unwrap(), before.trim().parse::<u32>().unwrap() + 1);
    assert_eq!(repo.read(".gitlab-ci.yml"), Some(CI.replace("OSS_TAG: v0.4.0", "OSS_TAG: v0.5.0")));
    let project = PROJECT.replace("== 0.4.0 ;", "== 0.5.0 ;").replace("version = \"1.0.0\"", "version = \"1.1.0\"");
    assert_eq!(repo.read("pyproject.toml"), Some(project));
    assert_eq!(repo.read("web/package.json"), Some(WEB.replace("web\": \"0.4.0\"", "web\": \"0.5.0\"")));
    let message = repo.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("- enterprise 1.0.0 -> 1.1.0\n- pin oss v0.4.0 -> v0.5.0\n"), "{message}");
    assert_eq!(repo.git(&["tag"]).trim(), "v1.1.0");
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_pin_moves_alone_to_the_newest_final() {
    let Pinned { repo, upstream: _upstream } = pinned(&TAGS);
    repo.idle(&["bump", "-n", "--pin", "oss"])
        .exits(0)
        .says(&["pin     oss v0.4.0 -> v0.5.0", "chore: pin oss to v0.5.0"]);
    repo.relman(&["bump", "-y", "--pin", "oss"]).exits(0);
    assert_eq!(repo.git(&["log", "-1", "--format=%B"]), "chore: pin oss to v0.5.0\n\n- pin oss v0.4.0 -> v0.5.0");
    assert_eq!(repo.git(&["tag"]), "");
    assert_eq!(repo.read("pyproject.toml"), Some(PROJECT.replace("== 0.4.0 ;", "== 0.5.0 ;")));
    // What was asked for is true already.
    repo.idle(&["bump", "-y", "--pin", "oss"]).exits(5);
    let config = repo.read("relman.toml").unwrap().replace("places", "prereleases = true\nplaces");
    repo.write("relman.toml", &config);
    repo.git(&["commit", "-qam", "chore: prereleases, too"]);
    repo.relman(&["bump", "-y", "--pin", "oss"]).exits(0);
    assert_eq!(repo.read("pyproject.toml"), Some(PROJECT.replace("== 0.4.0 ;", "== 0.6.0a1 ;")));
    assert!(repo.read("web/package.json").unwrap().contains("web\": \"0.6.0-alpha.1\""));
    assert!(repo.read(".gitlab-ci.yml").unwrap().contains("OSS_TAG: v0.6.0-alpha.1"));
}

#[test]
fn several_pins_move_in_one_commit() {
    let Pinned { repo, upstream: _upstream } = pinned(&TAGS);
    let other = Repo::with(&[("README", "x\n")]);
    ["v1.0.0", "v1.1.0"].iter().for_each(|tag| drop(other.git(&["tag", tag])));
    let config = repo.read("relman.toml").unwrap()
        + &format!(
            "[pins.lib]\nupstream = '{}'\nplaces = [{{ path = 'pyproject.toml', requirement = 'other' }}, {{ path = 'lib.json', pointer = '/tag', as = '{{tag}}' }}]\n",
            other.root().display()
        );
    repo.commit(&[
        ("relman.toml", &config),
        ("pyproject.toml", &PROJECT.replace("other==0.4.0", "other==1.0.0")),
        ("lib.json", "{\"tag\": \"v1.0.0\"}\n"),
    ]);
    let plan = repo.idle(&["bump", "-n", "--json", "minor", "--pin", "oss=v0.5.0", "--pin", "lib"]).exits(0).json();
    let moved = serde_json::json!([
        { "name": "oss", "from": "v0.4.0", "to": "v0.5.0" },
        { "name": "lib", "from": "v1.0.0", "to": "v1.1.0" },
    ]);
    assert_eq!(plan["pins"], moved);
    // One that cannot move holds all of them back.
    let before = repo.state();
    let ran = repo.relman(&["bump", "minor", "-y", "--pin", "oss=v0.5.0", "--pin", "lib=v9.0.0", "--json"]);
    assert_eq!(ran.exits(4).refusals(), ["pin"]);
    ran.says(&["the pin `lib` has no tag v9.0.0"]);
    repo.relman(&["bump", "-y", "--pin", "lib", "--pin", "lib=v1.1.0"])
        .exits(2)
        .says(&["the pin `lib` is requested twice"]);
    assert!(before == repo.state());
    repo.relman(&["bump", "minor", "-y", "--pin", "oss=v0.5.0", "--pin", "lib"]).exits(0);
    let project = repo.read("pyproject.toml").unwrap();
    assert!(
        project.contains("== 0.5.0 ;") && project.contains("'other==1.1.0'") && project.contains("version = \"1.1.0\""),
        "{project}"
    );
    assert_eq!(repo.read("lib.json").unwrap(), "{\"tag\": \"v1.1.0\"}\n");
    let message = repo.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("- pin oss v0.4.0 -> v0.5.0\n- pin lib v1.0.0 -> v1.1.0"), "{message}");
    repo.idle(&["check"]).exits(0);
}

#[test]
fn status_ends_with_the_pins() {
    let Pinned { repo, upstream: _upstream } = pinned(&TAGS);
    let ran = repo.idle(&["status"]);
    ran.exits(0).says(&["\npins  oss v0.4.0\n"]);
    repo.idle(&["status", "--fetch"]).exits(0).says(&["\npins  oss v0.4.0, upstream has v0.5.0\n"]);
    let status: Value = repo.idle(&["status", "--json"]).exits(0).json();
    let pin = &status["pins"][0];
    assert_eq!((&pin["name"], &pin["tag"], &pin["in-sync"]), (&"oss".into(), &"v0.4.0".into(), &true.into()));
    assert_eq!((pin.get("newest"), &pin["is-outdated"]), (None, &false.into()));
    let status: Value = repo.idle(&["status", "--json", "--fetch"]).exits(0).json();
    assert_eq!((&status["pins"][0]["newest"], &status["pins"][0]["is-outdated"]), (&"v0.5.0".into(), &true.into()));
}

#[test]
fn upstream_must_have_the_tag() {
    let Pinned { repo, upstream } = pinned(&TAGS);
    upstream.git(&["tag", "-d", "v0.5.0"]);
    for (pin, words) in [
        ("oss=v0.5.0", "the upstream of the pin `oss` has no tag v0.5.0; its newest one is v0.4.0"),
        ("oss=0.4.0", "`0.4.0` is not a tag of the pin `oss`, whose tags look like v1.2.3"),
        ("oss=latest", "`latest` is not a tag of the pin `oss`"),
    ] {
        repo.report(&["bump", "-y", "minor", "--pin", pin]).exits(4).finds(&["pin"]);
        repo.idle(&["bump", "-n", "minor", "--pin", pin]).exits(4).says(&[words]);
    }
    repo.report(&["bump", "-n", "minor", "--pin", "oos"]).exits(2).finds(&["unknown-name"]).says(&["`oss`"]);
    repo.report(&["bump", "-n", "--pin", "oss=v0.4.0", "--pin", "oss"]).exits(2).finds(&["request-conflict"]);
    repo.report(&["bump", "-n", "minor", "--pin", "oss="]).exits(2).finds(&["usage"]).says(&["`oss=`"]);
    let none = pinned(&["v0.7.0-rc.1", "other"]);
    none.repo.idle(&["bump", "-n", "--pin", "oss"]).exits(4).says(&["has no tag of a final release"]);
}

#[test]
fn an_upstream_that_is_away() {
    let Pinned { repo, upstream } = pinned(&TAGS);
    let config = repo.read("relman.toml").unwrap().replace(upstream.root().to_str().unwrap(), "/nowhere/at all.git");
    repo.write("relman.toml", &config);
    repo.git(&["commit", "-qam", "chore: moved"]);
    let words = "the upstream of the pin `oss` could not be asked";
    repo.idle(&["bump", "-n", "minor", "--pin", "oss=v0.5.0"])
        .exits(4)
        .says(&[words, "correct `upstream` of the pin `oss`"]);
    repo.idle(&["status", "--fetch"]).exits(0).says(&["pins  oss v0.4.0\n", "note: the upstream of oss: "]);
    // It is not asked where nothing is to be moved.
    repo.idle(&["bump", "-n", "minor"]).exits(0);
    repo.idle(&["check"]).exits(0);
}

#[test]
fn places_that_differ_and_places_that_are_lost() {
    let Pinned { repo, upstream: _upstream } = pinned(&TAGS);
    repo.write("web/package.json", &WEB.replace("web\": \"0.4.0\"", "web\": \"=0.3.9\""));
    repo.git(&["commit", "-qam", "chore: back"]);
    let ran = repo.idle(&["check", "--json"]);
    assert_eq!(ran.exits(3).problems(), ["pin web/package.json:1:70 =0.3.9 =0.4.0"]);
    repo.idle(&["check"])
        .exits(3)
        .says(&["the pin `oss` is =0.3.9 here and 0.4.0 in .gitlab-ci.yml", "bump --pin oss=TAG"]);
    repo.idle(&["status"]).exits(0).says(&["pins  oss v0.4.0 (its places differ)"]);
    // Moving it is how it is made whole, also to the tag that some places have.
    repo.relman(&["bump", "-y", "--pin", "oss=v0.4.0"]).exits(0);
    assert!(repo.read("web/package.json").unwrap().contains("web\": \"=0.4.0\""));
    repo.idle(&["check"]).exits(0);

    for (path, text, words) in [
        (
            "web/package.json",
            WEB.replace("@trueppm/web", "@trueppm/ui"),
            "web/package.json does not require `@trueppm/web`",
        ),
        (
            "web/package.json",
            WEB.replace("web\": \"0.4.0", "web\": \"^0.4.0"),
            "`^0.4.0` does not pin one version, as the pin `oss` needs",
        ),
        ("web/package.json", WEB.replace('{', "["), "web/package.json"),
        (".gitlab-ci.yml", CI.replace("OSS_TAG: v0.4.0", "OSS_TAG: main"), "`main` is not a tag of the pin `oss`"),
        (".gitlab-ci.yml", CI.replace("OSS_TAG: v", "OSS_TAG: "), "`0.4.0` is not a tag of the pin `oss`"),
        (".gitlab-ci.yml", CI.replace("OSS_TAG", "TAG"), ".gitlab-ci.yml"),
    ] {
        let Pinned { repo, upstream: _upstream } = pinned(&TAGS);
        repo.write(path, &text);
        repo.git(&["commit", "-qam", "chore: lost"]);
        repo.idle(&["check"]).exits(3).says(&[words]);
        repo.idle(&["bump", "-n", "minor", "--pin", "oss"]).exits(4).says(&["the pin `oss` has lost a place", path]);
        // A release without the pin is not its business.
        repo.idle(&["bump", "-n", "minor"]).exits(0);
    }
    let Pinned { repo, upstream: _upstream } = pinned(&TAGS);
    repo.git(&["rm", "-q", "web/package.json"]);
    repo.git(&["commit", "-qm", "chore: gone"]);
    assert_eq!(repo.idle(&["check", "--json"]).exits(3).problems(), ["pin web/package.json"]);
    repo.idle(&["bump", "-n", "--pin", "oss"]).exits(4).says(&["web/package.json"]);
}

#[test]
fn texts_around_a_pin_and_a_file_of_its_own() {
    let upstream = Repo::with(&[("README", "x\n")]);
    upstream.git(&["tag", "oss/1.0.0"]);
    upstream.git(&["tag", "oss/1.1.0rc1"]);
    let config = format!(
        "[packages.a]\nmanifests = ['VERSION']\n[pins.oss]\nupstream = '{}'\ntag = 'oss/{{version}}'\nprereleases = true\nplaces = [\n\
         {{ path = 'x.json', pointer = '/image', as = 'registry/x:{{version}}-slim' }},\n\
         {{ path = 'OSS', type = 'plain', scheme = 'pep440' }},\n\
         {{ path = 'run.sh', search = 'TAG=oss/{{version}} ', scheme = 'pep440' }},\n\
         {{ path = 'x.json', pointer = '/tag', as = '{{tag}}' }},\n]\n",
        upstream.root().display()
    );
    let json = "{\n  \"image\": \"registry/x:1.0.0-slim\",\n  \"tag\": \"oss/1.0.0\"\n}\n";
    let repo = Repo::with(&[
        ("relman.toml", config.as_str()),
        ("VERSION", "1.0.0\n"),
        ("x.json", json),
        ("OSS", "1.0.0"),
        ("run.sh", "TAG=oss/1.0.0 x\nTAG=oss/1.0.0 y\n"),
    ]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "--pin", "oss"]).exits(0);
    assert_eq!(repo.read("x.json"), Some(json.replace("x:1.0.0", "x:1.1.0-rc.1").replace("oss/1.0.0", "oss/1.1.0rc1")));
    assert_eq!(repo.read("OSS").as_deref(), Some("1.1.0rc1"));
    assert_eq!(repo.read("run.sh").as_deref(), Some("TAG=oss/1.1.0rc1 x\nTAG=oss/1.1.0rc1 y\n"));
    repo.idle(&["check"]).exits(0);
}

#[test]
fn what_upstream_has_not_published_is_not_pinned() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/v0.4.0" => Act::text(200, "text/plain", "this is 0.4.0"),
        "/v0.5.0" => Act::text(200, "text/plain", "this is 0.4.0"),
        "/v0.7.0" => Act::text(403, "text/plain", "no"),
        _ => Act::text(404, "text/plain", "not here"),
    });
    let Pinned { repo, upstream } = pinned(&["v0.4.0", "v0.5.0", "v0.6.0", "v0.7.0"]);
    let config = repo.read("relman.toml").unwrap();
    let verify =
        format!("verify = {{ urls = [{{ url = '{}/{{tag}}', contains = 'this is {{version}}' }}] }}\n", server.url);
    repo.write("relman.toml", &format!("{config}{verify}"));
    repo.git(&["commit", "-qam", "chore: looked at"]);
    for tag in ["v0.5.0", "v0.6.0", "v0.7.0"] {
        let ran = repo.idle(&["bump", "-y", "minor", "--pin", &format!("oss={tag}")]);
        ran.exits(4).says(&[&format!("/{tag} of the pin `oss`: ")]);
    }
    repo.idle(&["bump", "-n", "minor", "--pin", "oss=v0.4.0"]).exits(0);
    // Without the pin, nothing is looked at.
    let asked = server.seen().len();
    repo.idle(&["bump", "-n", "minor"]).exits(0);
    assert_eq!(server.seen().len(), asked);
    drop(upstream);
}
