//! Images, their signatures and revisions, and charts, in registries that a test scripts.

use relman::io::HttpFault;
use relman::model::{ChartFacts, ImageFacts, chart_tag};
use relman::registry::{Addresses, RegistryFault};
use serde_json::{Value, json};

use crate::support::registries::{
    DOCKER_MANIFEST, INDEX, MANIFEST, Shelf, digest, image, image_manifest, oci, registries,
};
use crate::support::server::{Act, Server};

const REVISION: &str = "org.opencontainers.image.revision";
const CHART_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

#[test]
fn a_tag_names_a_manifest_or_an_index() {
    let mut shelf = Shelf::default();
    let manifest = image_manifest(&mut shelf, "o/api", &json!({}));
    let single = shelf.manifest("o/api", &["0.2.0"], MANIFEST, &manifest);
    let index = json!({"mediaType": INDEX, "manifests": [{"mediaType": MANIFEST, "digest": single}]});
    let several = shelf.manifest("o/api", &["0.3.0", "latest"], INDEX, &index);
    let docker = shelf.manifest("o/web", &["1"], DOCKER_MANIFEST, &json!({"schemaVersion": 2}));
    let server = shelf.server();
    let registries = registries(oci(&server));
    let table = [
        ("o/api", "0.2.0", Some((single, false, MANIFEST))),
        ("o/api", "0.3.0", Some((several.clone(), true, INDEX))),
        ("o/api", "latest", Some((several, true, INDEX))),
        ("o/web", "1", Some((docker, false, DOCKER_MANIFEST))),
        ("o/api", "0.4.0", None),
        ("o/nothing", "1", None),
    ];
    for (name, tag, expected) in table {
        let asked = registries.image(&image(name), tag).unwrap();
        assert_eq!(asked.address, format!("{}/v2/{name}/manifests/{tag}", server.url));
        let facts = |(digest, is_index, media_type): (String, bool, &str)| ImageFacts {
            digest,
            is_index,
            media_type: media_type.to_owned(),
        };
        assert_eq!(asked.found, expected.map(facts), "{name}:{tag}");
    }
    // The same question costs nothing, until what was answered is forgotten.
    let lines = server.lines();
    assert!(lines.iter().all(|line| line.starts_with("HEAD ")), "{lines:?}");
    registries.image(&image("o/api"), "latest").unwrap();
    assert_eq!(server.lines().len(), lines.len());
    registries.forget();
    registries.image(&image("o/api"), "latest").unwrap();
    assert_eq!(server.lines().len(), lines.len() + 1);
}

#[test]
fn a_digest_is_computed_where_the_registry_names_none() {
    let body = json!({"mediaType": INDEX, "manifests": []}).to_string();
    let expected = ImageFacts { digest: digest(body.as_bytes()), is_index: true, media_type: INDEX.to_owned() };
    let bare = Act::text(200, INDEX, &body);
    let unsaid = Act::text(200, "application/json", &body);
    let refused = |seen: &str| seen == "HEAD";
    for (act, refuses_head) in [(bare.clone(), false), (unsaid, false), (bare, true)] {
        let text = act.clone();
        let server = Server::start(move |seen| match refuses_head && refused(&seen.method) {
            true => Act::json(405, json!({"errors": [{"code": "UNSUPPORTED"}]})),
            false => text.clone(),
        });
        let found = registries(oci(&server)).image(&image("a"), "1").unwrap().found;
        assert_eq!(found.as_ref(), Some(&expected), "{act:?}");
        assert_eq!(server.lines(), ["HEAD /v2/a/manifests/1", "GET /v2/a/manifests/1"]);
    }
    let wrong = Act::text(200, "text/plain", &body).with("Docker-Content-Digest", "sha256:00");
    let server = Server::start(move |_| wrong.clone());
    let error = registries(oci(&server)).image(&image("a"), "1").unwrap_err();
    assert!(error.to_string().contains("it is said to be sha256:00, and is sha256:"), "{error}");
}

#[test]
fn what_is_not_a_registry_is_not_an_answer() {
    let page = |status| Act::text(status, "text/html; charset=utf-8", "<html>Sign in</html>");
    let table = [
        (page(200), "it is an HTML page, not the answer of such a registry", 1),
        (page(404), "it is an HTML page, not the answer of such a registry", 1),
        (Act::json(200, json!({"a": 1})), "it is neither a manifest nor an index of manifests", 2),
        (Act::text(200, "application/json", "[{"), "a value has another type, or is missing", 2),
        (Act::redirect(301, "ftp://x.example.com/?a=b"), "it redirects to ftp://x.example.com/, which was", 1),
        (Act::json(500, json!({})), "the registry answered with status 500", 6),
        (Act::json(418, json!({})), "the registry answered with status 418", 1),
        (Act::json(429, json!({})), "too many requests", 6),
        (Act::json(429, json!({})).with("Retry-After", "3600"), "a pause of 3600 s", 1),
        (Act::json(503, json!({})).with("Retry-After", "3600"), "a pause of 3600 s", 1),
        (Act::Cut, "the connection ended before the answer was complete", 6),
    ];
    for (act, expected, requests) in table {
        let scripted = act.clone();
        let server = Server::start(move |_| scripted.clone());
        let error = registries(oci(&server)).image(&image("o/api"), "1").unwrap_err();
        assert!(error.to_string().contains(expected), "{act:?}: {error}");
        let address = format!("{}/v2/o/api/manifests/1", server.url);
        assert_eq!(error.asked.as_deref(), Some(address.as_str()), "{error}");
        assert_eq!(server.lines().len(), requests, "{act:?}");
    }
    let soon = Act::json(429, json!({})).with("Retry-After", "0");
    let server = Server::script(vec![Act::Cut, soon, Act::json(404, json!({}))]);
    assert_eq!(registries(oci(&server)).image(&image("a"), "1").unwrap().found, None);
}

#[test]
fn a_registry_that_stalls_is_given_up() {
    let server = Server::start(|_| Act::Stall);
    let error = registries(oci(&server)).image(&image("a"), "1").unwrap_err();
    assert_eq!(error.fault, RegistryFault::Unreachable(HttpFault::Timeout(1)));
    assert!(server.lines().len() < 7, "{:?}", server.lines());
}

#[test]
fn docker_hub_needs_an_address() {
    let name = "nginx".parse().unwrap();
    let error = registries(Addresses::default()).image(&name, "1").unwrap_err();
    assert_eq!(error.to_string(), "the address of the registry is not known");
    assert_eq!(error.help().as_deref(), Some("set `registries.oci.\"docker.io\"` in [verify]"));
    let server = Shelf::default().server();
    let addresses = Addresses { oci: [("docker.io".to_owned(), server.url.clone())].into(), ..Addresses::default() };
    assert_eq!(registries(addresses).image(&name, "1").unwrap().found, None);
    assert_eq!(server.lines(), ["HEAD /v2/library/nginx/manifests/1"]);
}

#[test]
fn a_registry_on_this_machine_is_asked_without_encryption() {
    let server = Shelf::default().server();
    let host = server.url.trim_start_matches("http://");
    let name = format!("{host}/o/api").parse().unwrap();
    let asked = registries(Addresses::default()).image(&name, "1").unwrap();
    assert_eq!((asked.address, asked.found), (format!("{}/v2/o/api/manifests/1", server.url), None));
}

fn is_signed(shelf: &Shelf, digest: &str) -> (bool, String) {
    let server = shelf.server();
    let asked = registries(oci(&server)).is_signed(&image("o/api"), digest).unwrap();
    (asked.found, asked.address.replace(&server.url, "").replace(digest, "D").replace(&digest[7..], "HEX"))
}

#[test]
fn signatures_are_beside_images() {
    let unsigned = {
        let mut shelf = Shelf::default();
        let manifest = image_manifest(&mut shelf, "o/api", &json!({}));
        let digest = shelf.manifest("o/api", &["1"], MANIFEST, &manifest);
        (shelf, digest)
    };
    let (shelf, digest) = &unsigned;
    let sig = "/v2/o/api/manifests/sha256-HEX.sig".to_owned();
    assert_eq!(is_signed(shelf, digest), (false, sig.clone()));

    let mut by_cosign = shelf.clone();
    by_cosign.manifest("o/api", &[&format!("{}.sig", digest.replace(':', "-"))], MANIFEST, &json!({}));
    assert_eq!(is_signed(&by_cosign, digest), (true, sig.clone()));

    let of_type = |artifact_type: &str| json!({"manifests": [{"artifactType": artifact_type, "digest": "sha256:1"}]});
    for (artifact_type, signed) in [("application/vnd.cncf.notary.signature", true), ("application/spdx+json", false)] {
        let mut by_api = shelf.clone();
        by_api.referrers("o/api", digest, &of_type(artifact_type));
        let address = if signed { "/v2/o/api/referrers/D".to_owned() } else { sig.clone() };
        assert_eq!(is_signed(&by_api, digest), (signed, address));
        let mut by_tag = shelf.clone();
        by_tag.manifest("o/api", &[&digest.replace(':', "-")], INDEX, &of_type(artifact_type));
        assert_eq!(is_signed(&by_tag, digest).0, signed);
    }
    // A registry without the API may answer it with a page.
    let shelf = by_cosign.clone();
    let server = Server::start(move |seen| match seen.path.contains("/referrers/") {
        true => Act::text(200, "text/html", "<html>"),
        false => shelf.answer(seen),
    });
    assert!(registries(oci(&server)).is_signed(&image("o/api"), digest).unwrap().found);
    assert!(registries(oci(&server)).is_signed(&image("o/api"), "latest/../x").is_err());
    // One whose API failed may have the signature that was found nowhere else.
    let (unsigned_shelf, _) = &unsigned;
    let (json, html) = ("application/json", "text/html");
    for (status, kind, is_seen) in [
        (404, json, true),
        (405, html, true),
        (501, html, true),
        (500, json, false),
        (200, json, false),
        (200, html, false),
    ] {
        let shelf = unsigned_shelf.clone();
        let server = Server::start(move |seen| match seen.path.contains("/referrers/") {
            true => Act::text(status, kind, "<html>"),
            false => shelf.answer(seen),
        });
        let asked = registries(oci(&server)).is_signed(&image("o/api"), digest);
        assert_eq!(asked.is_ok_and(|asked| !asked.found), is_seen, "{status} {kind}");
    }
}

fn revision(shelf: &Shelf, digest: &str) -> Result<Option<String>, String> {
    let server = shelf.server();
    let asked = registries(oci(&server)).revision(&image("o/api"), digest);
    asked.map(|asked| asked.found).map_err(|error| error.to_string())
}

#[test]
fn the_revision_of_an_image() {
    let mut shelf = Shelf::default();
    let labelled = image_manifest(&mut shelf, "o/api", &json!({REVISION: "abc"}));
    let labelled = shelf.manifest("o/api", &[], MANIFEST, &labelled);
    let mut annotated = image_manifest(&mut shelf, "o/api", &Value::Null);
    annotated["annotations"] = json!({REVISION: "def"});
    let annotated = shelf.manifest("o/api", &[], MANIFEST, &annotated);
    let bare = image_manifest(&mut shelf, "o/api", &json!({"x": "y"}));
    let bare = shelf.manifest("o/api", &[], MANIFEST, &bare);
    let mut index = |digest: &str, annotations: Value| {
        let attestation = json!({"mediaType": MANIFEST, "digest": "sha256:0", "platform": {"os": "unknown", "architecture": "unknown"}});
        let image =
            json!({"mediaType": MANIFEST, "digest": digest, "platform": {"os": "linux", "architecture": "amd64"}});
        let index = json!({"mediaType": INDEX, "manifests": [attestation, image], "annotations": annotations});
        shelf.manifest("o/api", &[], INDEX, &index)
    };
    let of_labelled = index(&labelled, json!({REVISION: "ghi"}));
    let of_bare = index(&bare, json!({REVISION: "ghi"}));
    let of_annotated = index(&annotated, Value::Null);
    let of_nothing = index(&bare, json!({}));
    let missing = digest(b"missing");
    let table = [
        (&labelled, Some("abc")),
        (&annotated, Some("def")),
        (&bare, None),
        (&of_labelled, Some("abc")),
        (&of_bare, Some("ghi")),
        (&of_annotated, Some("def")),
        (&of_nothing, None),
        (&missing, None),
    ];
    for (digest, expected) in table {
        assert_eq!(revision(&shelf, digest), Ok(expected.map(str::to_owned)), "{digest}");
    }
    let gone = json!({"config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "sha256:12"}});
    let gone = shelf.manifest("o/api", &[], MANIFEST, &gone);
    assert!(revision(&shelf, &gone).unwrap_err().contains("the manifest refers to it, and it does not exist"));
    let odd = json!({"config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "../../x"}});
    let odd = shelf.manifest("o/api", &[], MANIFEST, &odd);
    assert!(revision(&shelf, &odd).unwrap_err().contains("without a valid digest"));
    // Another manifest than the one that was asked for.
    let server = Server::start(move |_| Act::text(200, MANIFEST, "{}"));
    let error = registries(oci(&server)).revision(&image("o/api"), &labelled).unwrap_err();
    assert!(error.to_string().contains(&format!("it is {}", digest(b"{}"))), "{error}");
}

#[test]
fn charts() {
    assert_eq!(chart_tag("0.3.0+b1"), "0.3.0_b1");
    let mut shelf = Shelf::default();
    let facts = json!({"name": "trueppm", "version": "0.3.0+b1", "appVersion": "0.3.0", "apiVersion": "v2"});
    let config = shelf.blob("charts/trueppm", CHART_CONFIG, &facts);
    let chart = shelf.manifest("charts/trueppm", &["0.3.0_b1"], MANIFEST, &json!({"config": config}));
    let config = shelf.blob("charts/trueppm", CHART_CONFIG, &json!({"name": "trueppm"}));
    shelf.manifest("charts/trueppm", &["broken"], MANIFEST, &json!({"config": config}));
    let manifest = image_manifest(&mut shelf, "charts/trueppm", &json!({}));
    shelf.manifest("charts/trueppm", &["image"], MANIFEST, &manifest);
    shelf.manifest("charts/trueppm", &["bare"], MANIFEST, &json!({}));
    let server = shelf.server();
    let registries = registries(oci(&server));
    let name = image("charts/trueppm");
    let asked = registries.chart(&name, "0.3.0_b1").unwrap();
    let expected = ChartFacts {
        digest: chart,
        name: "trueppm".to_owned(),
        version: "0.3.0+b1".to_owned(),
        app_version: Some("0.3.0".to_owned()),
    };
    assert_eq!(asked.found, Some(expected));
    assert_eq!(registries.chart(&name, "0.4.0").unwrap().found, None);
    let table = [
        (
            "image",
            "it is not a Helm chart: expected a config of application/vnd.cncf.helm.config.v1+json, found application/vnd.oci",
        ),
        (
            "bare",
            "it is not a Helm chart: expected a config of application/vnd.cncf.helm.config.v1+json, found no config",
        ),
        ("broken", "a value has another type, or is missing (line 1, column "),
    ];
    for (tag, expected) in table {
        let error = registries.chart(&name, tag).unwrap_err();
        assert!(
            matches!(error.fault, RegistryFault::NotUnderstood(_)) && error.to_string().contains(expected),
            "{error}"
        );
    }
}
