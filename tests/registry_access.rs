//! With what registries are asked: anonymously first, with tokens, with credentials; and where those never go.

use std::path::Path;

use relman::registry::{Addresses, RegistryError, RegistryFault};
use serde_json::json;

use crate::support::registries::{MANIFEST, Shelf, image, oci, registries, registries_with};
use crate::support::server::{Act, Seen, Server};

/// `user:s3cret` in base 64.
const LOGIN: &str = "dXNlcjpzM2NyZXQ=";

fn shelf() -> Shelf {
    let mut shelf = Shelf::default();
    shelf.manifest("o/api", &["1"], MANIFEST, &json!({}));
    shelf
}

/// Writes docker's config.json with a login for each host, and returns the folder that holds it.
fn folder_with_logins(hosts: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let auths: serde_json::Map<_, _> = hosts.iter().map(|host| ((*host).to_owned(), json!({"auth": LOGIN}))).collect();
    write(folder.path(), "home/.docker/config.json", &json!({"auths": auths}).to_string());
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn host(server: &Server) -> &str {
    server.url.trim_start_matches("http://")
}

/// A token service. Everyone gets `everyone`, or nothing; the user gets `own`.
fn token_service(for_everyone: bool) -> Server {
    Server::start(move |seen| match seen.header("authorization") {
        None if for_everyone => Act::json(200, json!({"token": "everyone", "expires_in": 60})),
        None => Act::json(403, json!({"errors": [{"code": "DENIED"}]})),
        Some(text) if text == format!("Basic {LOGIN}") => Act::json(200, json!({"access_token": "own"})),
        Some(_) => Act::json(401, json!({})),
    })
}

/// A registry that wants a token of this service.
fn guarded(realm: &str, accepted: &'static [&'static str]) -> Server {
    let shelf = shelf();
    let challenge = format!("Bearer realm=\"{realm}/token\",service=\"r.example.com\",scope=\"repository:o/api:pull\"");
    Server::start(move |seen| {
        let token = seen.header("authorization").and_then(|text| text.strip_prefix("Bearer "));
        match token.is_some_and(|token| accepted.contains(&token)) {
            true => shelf.answer(seen),
            false => Act::json(401, json!({})).with("WWW-Authenticate", &challenge),
        }
    })
}

fn sent(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|seen| seen.header("authorization").unwrap_or("-")).collect()
}

#[test]
fn everyone_gets_a_token() {
    let service = token_service(true);
    let server = guarded(&service.url, &["everyone"]);
    let registries = registries(oci(&server));
    assert!(registries.image(&image("o/api"), "1").unwrap().found.is_some());
    assert_eq!(service.lines(), ["GET /token?service=r.example.com&scope=repository%3Ao%2Fapi%3Apull"]);
    // The next question about the same image needs neither a challenge nor a token.
    assert!(registries.image(&image("o/api"), "2").unwrap().found.is_none());
    assert_eq!((service.lines().len(), server.lines().len()), (1, 3));
}

#[test]
fn a_private_image_needs_a_login() {
    for for_everyone in [true, false] {
        let service = token_service(for_everyone);
        let server = guarded(&service.url, &["own"]);
        let error = registries(oci(&server)).image(&image("o/api"), "1").unwrap_err();
        assert!(matches!(error.fault, RegistryFault::Unauthorized { note: None, .. }), "{error}");
        assert!(error.help().unwrap().contains("log in to the registry"));
        let folder = folder_with_logins(&[host(&server), "other.example.com"]);
        let registries = registries_with(oci(&server), &[], folder.path());
        assert!(registries.image(&image("o/api"), "1").unwrap().found.is_some());
        // The password went to the token service that the registry named, and not to the registry.
        assert!(sent(&server.seen()).iter().all(|sent| !sent.contains(LOGIN)), "{:?}", server.seen());
        assert_eq!(sent(&service.seen()).iter().filter(|sent| sent.contains(LOGIN)).count(), 1);
        assert!(!format!("{registries:?}").contains(LOGIN) && !format!("{registries:?}").contains("own"));
    }
}

#[test]
fn a_login_for_another_host_is_not_sent() {
    let service = token_service(false);
    let server = guarded(&service.url, &["own"]);
    let folder = folder_with_logins(&["r.example.com", "ghcr.io", "127.0.0.1"]);
    let registries = registries_with(oci(&server), &[], folder.path());
    assert!(registries.image(&image("o/api"), "1").is_err());
    assert!(sent(&service.seen()).iter().chain(&sent(&server.seen())).all(|sent| *sent == "-"));
}

#[test]
fn a_token_that_expired_is_renewed() {
    let mut tokens = ["first", "second", "third"].into_iter();
    let service = Server::start(move |_| Act::json(200, json!({"token": tokens.next().unwrap()})));
    let (shelf, realm) = (shelf(), service.url.clone());
    let mut requests = 0;
    let server = Server::start(move |seen| {
        requests += 1;
        let current = if requests < 3 { "Bearer first" } else { "Bearer second" };
        match seen.header("authorization") == Some(current) {
            true => shelf.answer(seen),
            false => Act::json(401, json!({})).with("WWW-Authenticate", &format!("Bearer realm=\"{realm}/t\"")),
        }
    });
    let registries = registries(oci(&server));
    for tag in ["1", "2", "3"] {
        assert_eq!(registries.image(&image("o/api"), tag).unwrap().found.is_some(), tag == "1");
    }
    assert_eq!(sent(&server.seen()), ["-", "Bearer first", "Bearer first", "Bearer second", "Bearer second"]);
    assert_eq!(service.lines().len(), 2);
}

#[test]
fn a_token_service_that_failed_is_asked_again_in_the_next_look() {
    let mut requests = 0;
    let service = Server::start(move |_| {
        requests += 1;
        if requests == 1 { Act::json(418, json!({})) } else { Act::json(200, json!({"token": "everyone"})) }
    });
    let server = guarded(&service.url, &["everyone"]);
    let registries = registries(oci(&server));
    for tag in ["1", "2"] {
        assert_eq!(registries.image(&image("o/api"), tag).unwrap_err().fault, RegistryFault::Status(418));
    }
    assert_eq!(service.lines().len(), 1);
    registries.forget();
    assert!(registries.image(&image("o/api"), "1").unwrap().found.is_some());
}

#[test]
fn many_looks_share_a_token() {
    let service = token_service(true);
    let server = guarded(&service.url, &["everyone"]);
    let registries = registries(oci(&server));
    std::thread::scope(|scope| {
        for tag in 0..8 {
            let registries = &registries;
            scope.spawn(move || registries.image(&image("o/api"), &tag.to_string()).unwrap());
        }
    });
    assert_eq!(service.lines().len(), 1);
}

#[test]
fn a_registry_may_want_the_password_itself() {
    let shelf = shelf();
    let server = Server::start(move |seen| match seen.header("authorization") {
        Some(text) if text == format!("Basic {LOGIN}") => shelf.answer(seen),
        _ => Act::json(401, json!({})).with("WWW-Authenticate", "Basic realm=\"r\""),
    });
    let folder = folder_with_logins(&[host(&server)]);
    let registries = registries_with(oci(&server), &[], folder.path());
    assert!(registries.image(&image("o/api"), "1").unwrap().found.is_some());
    assert!(registries.image(&image("o/api"), "2").unwrap().found.is_none());
    assert_eq!(sent(&server.seen())[0], "-", "anonymously first");
    assert_eq!(server.lines().len(), 3);
}

#[test]
fn what_is_hidden_is_asked_for_again_with_the_login() {
    let (open, hidden) = (shelf(), shelf());
    for (accepts, expected) in [(true, true), (false, false)] {
        let (open, hidden) = (open.clone(), hidden.clone());
        let server = Server::start(move |seen| match seen.header("authorization") {
            None if seen.path.ends_with("/public") => open.answer(seen),
            None => Act::json(404, json!({"errors": [{"code": "NAME_UNKNOWN"}]})),
            Some(_) if accepts => hidden.answer(seen),
            Some(_) => Act::json(401, json!({})),
        });
        let folder = folder_with_logins(&[host(&server)]);
        let registries = registries_with(oci(&server), &[], folder.path());
        assert_eq!(registries.image(&image("o/api"), "1").unwrap().found.is_some(), expected);
    }
}

#[test]
fn a_redirect_carries_no_login_and_its_challenge_is_not_answered() {
    let thief = token_service(false);
    let realm = thief.url.clone();
    let elsewhere = Server::start(move |_| {
        Act::json(401, json!({})).with("WWW-Authenticate", &format!("Bearer realm=\"{realm}/token\""))
    });
    let away = format!("{}/x", elsewhere.url);
    let server = Server::start(move |_| Act::redirect(307, &away));
    let folder = folder_with_logins(&[host(&server)]);
    let registries = registries_with(oci(&server), &[], folder.path());
    let error = registries.image(&image("o/api"), "1").unwrap_err();
    assert!(matches!(error.fault, RegistryFault::Unauthorized { .. }), "{error}");
    assert!(sent(&elsewhere.seen()).iter().all(|sent| *sent == "-"), "{:?}", elsewhere.seen());
    assert_eq!(thief.lines(), Vec::<String>::new());
}

#[test]
fn a_token_is_for_the_registry_that_it_was_given_for() {
    let service = token_service(false);
    let first = guarded(&service.url, &["own"]);
    let second = guarded(&service.url, &["own"]);
    let folder = folder_with_logins(&[host(&first)]);
    let mut addresses = oci(&first);
    addresses.oci.insert("s.example.com".to_owned(), second.url.clone());
    let registries = registries_with(addresses, &[], folder.path());
    assert!(registries.image(&image("o/api"), "1").is_ok());
    let other = "s.example.com/o/api".parse().unwrap();
    assert!(registries.image(&other, "1").is_err());
    assert!(sent(&second.seen()).iter().all(|sent| *sent == "-"));
}

fn refused(realm: &str) -> RegistryError {
    let server = guarded(realm, &["own"]);
    let folder = folder_with_logins(&[host(&server)]);
    let error = registries_with(oci(&server), &[], folder.path()).image(&image("o/api"), "1").unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.help());
    assert!(!shown.contains(LOGIN) && !shown.contains("s3cret"), "{shown}");
    error
}

#[test]
fn token_services_that_fail() {
    let page = Server::start(|_| Act::text(200, "text/html", "<html>"));
    let empty = Server::start(|_| Act::json(200, json!({"token": ""})));
    let failing = Server::start(|_| Act::json(500, json!({})));
    let echo = Server::start(|seen| Act::json(400, json!({"you": seen.header("authorization")})));
    let wrong = Server::start(|_| Act::json(401, json!({})));
    let table = [
        (page.url.as_str(), "it is not valid JSON"),
        (&empty.url, "it holds no token"),
        (&failing.url, "/token: the registry answered with status 500"),
        (&echo.url, "/token: the registry answered with status 400"),
        (&wrong.url, "it is private, or does not exist: credentials are needed (401)"),
        ("http://t.example.com", "http:// is accepted for addresses of this machine only"),
        (
            "https://user:s3cret@t.example.invalid",
            "https://t.example.invalid/token: `an address with user information`",
        ),
        ("nonsense", "`nonsense/token?service="),
    ];
    for (realm, expected) in table {
        let error = refused(realm);
        assert!(error.to_string().contains(expected), "{realm}: {error}");
    }
}

#[test]
fn logins_that_relman_cannot_use_are_named() {
    let service = token_service(false);
    let server = guarded(&service.url, &["own"]);
    let table = [
        (json!({"auths": {host(&server): {}}, "credsStore": "desktop"}).to_string(), "docker-credential-desktop"),
        ("{\"auths\": 1}".to_owned(), "config.json is not a valid file of logins"),
    ];
    for (text, expected) in table {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "docker/config.json", &text);
        let docker = folder.path().join("docker");
        let variables = [("DOCKER_CONFIG", docker.to_str().unwrap())];
        let error = registries_with(oci(&server), &variables, folder.path()).image(&image("o/api"), "1").unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.help(), None);
        // podman's file wins, where there is one.
        let auths = json!({"auths": {host(&server): {"auth": LOGIN}}}).to_string();
        write(folder.path(), "auth.json", &auths);
        let auth = folder.path().join("auth.json");
        let variables = [variables[0], ("REGISTRY_AUTH_FILE", auth.to_str().unwrap())];
        let registries = registries_with(oci(&server), &variables, folder.path());
        assert!(registries.image(&image("o/api"), "1").unwrap().found.is_some());
    }
}

#[test]
fn a_page_of_a_server_that_fails_is_not_an_answer() {
    for (status, is_answer) in [(200, true), (404, true), (410, true), (500, false), (501, false), (503, false)] {
        let server = Server::start(move |_| Act::json(status, json!({})));
        match registries(Addresses::default()).page(&format!("{}/x", server.url)) {
            Ok(page) => assert_eq!((page.found.status, is_answer), (status, true)),
            Err(error) => assert_eq!((error.fault, is_answer), (RegistryFault::Status(status), false)),
        }
    }
}
