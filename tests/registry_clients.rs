//! Registries as the ecosystems' own clients are configured: variables and files of uv, pip, npm and Cargo, and their credentials.

use relman::registry::{Addresses, Registries, RegistryError};
use serde_json::json;

use crate::support::registries::registries_with;
use crate::support::server::{Act, Server};

/// Files by their paths below the folder that has `home` and `tree`. `{a}` and `{b}` are addresses of servers, without the scheme.
type Files<'a> = &'a [(&'a str, &'a str)];
type Variables<'a> = &'a [(&'a str, &'a str)];

/// Two servers that answer 404, or 401 to whom they do not know.
struct Machine {
    a: Server,
    b: Server,
    folder: tempfile::TempDir,
}

impl Machine {
    /// `accepted` is what the servers want to be asked with.
    fn new(accepted: &'static str) -> Self {
        let start = || {
            Server::start(move |seen| match seen.header("authorization") {
                found if accepted.is_empty() || found == Some(accepted) => Act::json(404, json!({})),
                _ => Act::json(401, json!({})),
            })
        };
        Self { a: start(), b: start(), folder: tempfile::tempdir().unwrap() }
    }

    fn filled(&self, text: &str) -> String {
        let bare = |server: &Server| server.url.trim_start_matches("http://").to_owned();
        let folder = self.folder.path().to_str().unwrap();
        text.replace("{a}", &bare(&self.a)).replace("{b}", &bare(&self.b)).replace("{folder}", folder)
    }

    fn write(&self, files: Files<'_>) {
        for (path, text) in files {
            let path = self.folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, self.filled(text)).unwrap();
        }
    }

    fn registries(&self, variables: Variables<'_>) -> Registries {
        self.registries_at(Addresses::default(), variables)
    }

    fn registries_at(&self, addresses: Addresses, variables: Variables<'_>) -> Registries {
        let filled: Vec<(&str, String)> = variables.iter().map(|(name, value)| (*name, self.filled(value))).collect();
        let variables: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let registries = registries_with(addresses, &variables, self.folder.path());
        let shown = format!("{registries:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("czNjcmV0"), "{shown}");
        registries
    }

    /// Returns which server was asked, and where: `a/simple/x/`.
    fn asked<T>(&self, result: Result<relman::model::Asked<Option<T>>, RegistryError>) -> String {
        let short = |address: &str| address.replace(&self.a.url, "a").replace(&self.b.url, "b");
        match result {
            Ok(asked) => short(&asked.address),
            Err(error) => {
                let shown = format!("{error} {error:?} {:?}", error.help());
                assert!(!shown.contains("s3cret"), "{shown}");
                short(&error.to_string()).replace(self.folder.path().to_str().unwrap(), "")
            }
        }
    }
}

#[test]
fn uv_and_pip_know_where_python_projects_are() {
    let pip = "[global]\nindex-url = http://{b}/simple\n";
    let install = "[global]\nindex-url = http://{a}/all\n[install]\nindex_url: http://{b}/own/\n";
    let table: [(Variables<'_>, Files<'_>, &str); 9] = [
        (&[("UV_DEFAULT_INDEX", "http://{a}/uv/"), ("PIP_INDEX_URL", "http://{b}/pip")], &[], "a/uv/x/"),
        (&[("UV_DEFAULT_INDEX", "my=http://{a}/uv?x=y")], &[], "a/uv?x=y/x/"),
        (&[("UV_INDEX_URL", "http://{a}/uv"), ("UV_DEFAULT_INDEX", "")], &[], "a/uv/x/"),
        (&[("PIP_INDEX_URL", "http://{a}/pip")], &[("home/.pip/pip.conf", pip)], "a/pip/x/"),
        (&[("PIP_CONFIG_FILE", "{folder}/none")], &[("home/.config/pip/pip.conf", pip)], "b/simple/x/"),
        (
            &[("PIP_CONFIG_FILE", "{folder}/pip.conf")],
            &[("home/.config/pip/pip.conf", pip), ("pip.conf", install)],
            "b/own/x/",
        ),
        (
            &[("PIP_CONFIG_FILE", "{folder}/none"), ("XDG_CONFIG_HOME", "{folder}/xdg")],
            &[("xdg/pip/pip.conf", install)],
            "b/own/x/",
        ),
        (
            &[("PIP_CONFIG_FILE", "/dev/null")],
            &[("home/.pip/pip.conf", pip)],
            "the address of the registry is not known",
        ),
        (&[("PIP_CONFIG_FILE", "{folder}/home")], &[("home/x", "")], "failed to read /home: it is a folder"),
    ];
    for (variables, files, expected) in table {
        let machine = Machine::new("");
        machine.write(files);
        let found = machine.asked(machine.registries(variables).python_files("x"));
        assert_eq!(found, expected, "{variables:?} {files:?}");
    }
}

#[test]
fn python_indices_have_users() {
    // `u:s3cret` in base 64.
    const USER: &str = "Basic dTpzM2NyZXQ=";
    let netrc = "machine other login u password no\nmachine 127.0.0.1 login u password s3cret\n";
    let table: [(Option<&str>, Variables<'_>, Files<'_>, bool); 7] = [
        (None, &[("PIP_INDEX_URL", "http://u:s3cret@{a}/simple")], &[], true),
        (None, &[("PIP_INDEX_URL", "http://{a}/simple")], &[], false),
        (
            None,
            &[
                ("UV_DEFAULT_INDEX", "my-own=http://{a}/uv"),
                ("UV_INDEX_MY_OWN_USERNAME", "u"),
                ("UV_INDEX_MY_OWN_PASSWORD", "s3cret"),
            ],
            &[],
            true,
        ),
        (None, &[("PIP_INDEX_URL", "http://{a}/simple")], &[("home/.netrc", netrc)], true),
        (None, &[("PIP_INDEX_URL", "http://{a}/simple"), ("NETRC", "{folder}/n")], &[("n", netrc)], true),
        // The address of relman.toml is asked with what is known of its host, and with nothing of another.
        (Some("http://{a}/mirror"), &[("PIP_INDEX_URL", "http://u:s3cret@{a}/simple")], &[], true),
        (Some("http://{a}/mirror"), &[("PIP_INDEX_URL", "http://u:s3cret@{b}/simple")], &[], false),
    ];
    for (address, variables, files, expected) in table {
        let machine = Machine::new(USER);
        machine.write(files);
        let addresses = Addresses { pypi: address.map(|text| machine.filled(text)), ..Addresses::default() };
        let found = machine.registries_at(addresses, variables).python_files("x");
        assert_eq!(found.is_ok(), expected, "{variables:?} {files:?}");
        assert_eq!(machine.a.seen()[0].header("authorization"), None, "anonymously first");
    }
}

#[test]
fn npm_knows_where_packages_are() {
    let scoped = "registry=http://{a}/\n@o:registry = \"http://{b}/npm/\"\n";
    let table: [(&str, Variables<'_>, Files<'_>, &str); 8] = [
        ("x", &[("npm_config_registry", "http://{a}")], &[("tree/.npmrc", "registry=http://{b}\n")], "a/x"),
        ("x", &[("NPM_CONFIG_REGISTRY", "http://{a}")], &[], "a/x"),
        ("@o/x", &[("npm_config_registry", "http://{a}")], &[("tree/.npmrc", scoped)], "b/npm/@o%2Fx"),
        ("@p/x", &[], &[("tree/.npmrc", scoped)], "a/@p%2Fx"),
        ("x", &[], &[("tree/.npmrc", "registry=http://{a}"), ("home/.npmrc", "registry=http://{b}")], "a/x"),
        (
            "x",
            &[("npm_config_userconfig", "{folder}/n")],
            &[("n", "registry=${HOST}"), ("home/.npmrc", scoped)],
            "the address of the registry is not known",
        ),
        // A file of the workspace cannot take a variable along to a host of its choice.
        (
            "x",
            &[("HOST", "http://{b}")],
            &[("tree/.npmrc", "registry=${HOST}"), ("home/.npmrc", "registry=${HOST}/${NO?}")],
            "b/x",
        ),
        ("x", &[], &[("tree/.npmrc/x", "")], "failed to read /tree/.npmrc: it is a folder"),
    ];
    for (package, variables, files, expected) in table {
        let machine = Machine::new("");
        machine.write(files);
        let found = machine.asked(machine.registries(variables).npm(package));
        assert_eq!(found, expected, "{variables:?} {files:?}");
    }
}

#[test]
fn npm_registries_want_tokens() {
    const TOKEN: &str = "Bearer s3cret";
    let own = "registry=http://{a}/npm/\n//{a}/npm/:_authToken=s3cret\n";
    let variable = "registry=http://{a}/npm/\n//{a}/:_authToken=${NPM_TOKEN}\n";
    let note = "the credentials in .npmrc name variables";
    let table: [(Variables<'_>, Files<'_>, &str); 6] = [
        (&[], &[("home/.npmrc", own)], "a/npm/x"),
        (&[("NPM_TOKEN", "s3cret")], &[("home/.npmrc", variable)], "a/npm/x"),
        (&[], &[("home/.npmrc", variable)], note),
        (&[], &[("tree/.npmrc", own)], "a/npm/x"),
        (&[("NPM_TOKEN", "s3cret")], &[("tree/.npmrc", variable)], note),
        (
            &[],
            &[("home/.npmrc", "registry=http://{a}/npmx/\n//{a}/npm/:_authToken=s3cret\n")],
            "credentials are needed (401)",
        ),
    ];
    for (variables, files, expected) in table {
        let machine = Machine::new(TOKEN);
        machine.write(files);
        let found = machine.asked(machine.registries(variables).npm("x"));
        assert!(found.contains(expected), "{variables:?} {files:?}: {found}");
        let secrets = machine.a.seen().iter().any(|seen| seen.header("authorization").is_some());
        assert_eq!(secrets, found == expected, "{found}");
    }
    let machine = Machine::new("Basic dTpzM2NyZXQ=");
    machine.write(&[("home/.npmrc", "registry=http://{a}\n//{a}/:username=u\n//{a}/:_password=czNjcmV0\n")]);
    assert_eq!(machine.asked(machine.registries(&[]).npm("x")), "a/x");
    machine.write(&[("home/.npmrc", "registry=http://{a}\n//{a}/:_auth=dTpzM2NyZXQ=\n")]);
    assert_eq!(machine.asked(machine.registries(&[]).npm("x")), "a/x");
}

#[test]
fn cargo_knows_where_crates_are() {
    let mirror = "[source.crates-io]\nreplace-with = 'm'\n[source.m]\nregistry = 'sparse+http://{a}/m/'\n";
    let by_name = "[source.crates-io]\nreplace-with = 'm'\n[registries.m]\nindex = 'sparse+http://{b}/n/'\n";
    let vendored = "[source.crates-io]\nreplace-with = 'v'\n[source.v]\ndirectory = 'vendor'\n";
    let circle = "[source.crates-io]\nreplace-with = 'x'\n[source.x]\nreplace-with = 'crates-io'\n";
    let git =
        "[source.crates-io]\nreplace-with = 'g'\n[source.g]\nregistry = 'https://user:s3cret@git.example.com/index'\n";
    let table: [(Variables<'_>, Files<'_>, &str); 11] = [
        (&[], &[("tree/.cargo/config.toml", mirror)], "a/m/1/x"),
        (&[], &[("home/.cargo/config.toml", mirror)], "a/m/1/x"),
        (&[("CARGO_HOME", "{folder}/c")], &[("c/config", mirror), ("home/.cargo/config.toml", by_name)], "a/m/1/x"),
        (&[], &[("tree/.cargo/config.toml", by_name), ("home/.cargo/config.toml", mirror)], "a/m/1/x"),
        (&[], &[("tree/.cargo/config.toml", by_name)], "b/n/1/x"),
        (
            &[("CARGO_REGISTRIES_M_INDEX", "sparse+http://{a}/env/")],
            &[("tree/.cargo/config.toml", by_name)],
            "a/env/1/x",
        ),
        (
            &[("CARGO_REGISTRY_DEFAULT", "my-own"), ("CARGO_REGISTRIES_MY_OWN_INDEX", "sparse+http://{a}/env/")],
            &[("tree/.cargo/config.toml", by_name)],
            "a/env/1/x",
        ),
        (
            &[],
            &[("tree/.cargo/config.toml", vendored)],
            "Cargo's source `v`, which replaces crates-io, is not a registry",
        ),
        (&[], &[("tree/.cargo/config.toml", circle)], "Cargo's sources replace each other in a circle at `crates-io`"),
        (
            &[],
            &[("tree/.cargo/config.toml", git)],
            "the address of the registry is not known; found https://git.example.com/index, which is not a sparse index (sparse+https://…)",
        ),
        (&[], &[("tree/.cargo/config.toml", "token = s3cret")], "/tree/.cargo/config.toml is not valid TOML"),
    ];
    for (variables, files, expected) in table {
        let machine = Machine::new("");
        machine.write(files);
        let found = machine.asked(machine.registries(variables).crate_releases("x"));
        assert_eq!(found, expected, "{variables:?} {files:?}");
    }
}

#[test]
fn crate_registries_may_want_tokens() {
    let named = "[registries.m]\nindex = 'sparse+http://{a}/m/'\n[registry]\ndefault = 'm'\n";
    let token = "[registries.m]\ntoken = 's3cret'\n";
    let variable = ("CARGO_REGISTRIES_M_TOKEN", "s3cret");
    let note =
        "the token of the registry `m` is sent to an index only that Cargo's configuration in the home folder names";
    let table: [(Variables<'_>, Files<'_>, &str); 6] = [
        (&[], &[("home/.cargo/config.toml", named), ("home/.cargo/credentials.toml", token)], "a/m/1/x"),
        (&[variable], &[("home/.cargo/config.toml", named)], "a/m/1/x"),
        (
            &[variable, ("CARGO_REGISTRIES_M_INDEX", "sparse+http://{a}/m/")],
            &[("tree/.cargo/config.toml", named)],
            "a/m/1/x",
        ),
        (&[variable], &[("tree/.cargo/config.toml", named)], note),
        (&[], &[("tree/.cargo/config.toml", named), ("home/.cargo/credentials.toml", token)], note),
        (&[], &[("home/.cargo/config.toml", named)], "credentials are needed (401)"),
    ];
    for (variables, files, expected) in table {
        let machine = Machine::new("s3cret");
        machine.write(files);
        let found = machine.asked(machine.registries(variables).crate_releases("x"));
        assert!(found.contains(expected), "{variables:?} {files:?}: {found}");
        let secrets = machine.a.seen().iter().any(|seen| seen.header("authorization").is_some());
        assert_eq!(secrets, found == expected, "{found}");
    }
    // What does not want a token gets none, whatever it answers.
    let machine = Machine::new("");
    machine.write(&[("home/.cargo/config.toml", named), ("home/.cargo/credentials.toml", token)]);
    assert_eq!(machine.asked(machine.registries(&[]).crate_releases("x")), "a/m/1/x");
    assert!(machine.a.seen().iter().all(|seen| seen.header("authorization").is_none()));
}

#[test]
fn relman_s_own_address_wins() {
    let machine = Machine::new("");
    machine.write(&[
        ("tree/.npmrc", "@o:registry=http://{b}/"),
        ("tree/.cargo/config.toml", "[registry]\ndefault = 'm'\n[registries.m]\nindex = 'sparse+http://{b}/'\n"),
    ]);
    let addresses = Addresses {
        pypi: Some(machine.filled("http://{a}/simple")),
        npm: Some(machine.filled("http://{a}/npm")),
        crates: Some(machine.filled("http://{a}/crates")),
        ..Addresses::default()
    };
    let registries = machine.registries_at(addresses, &[("PIP_INDEX_URL", "http://{b}/")]);
    assert_eq!(machine.asked(registries.python_files("x")), "a/simple/x/");
    assert_eq!(machine.asked(registries.npm("@o/x")), "a/npm/@o%2Fx");
    assert_eq!(machine.asked(registries.crate_releases("x")), "a/crates/1/x");
}
