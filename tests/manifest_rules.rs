//! The rules by which manifests, lock files and requirements belong to packages, each through the program.

use crate::support::program::Ran;
use crate::support::repo::Repo;

#[track_caller]
fn plan(repo: &Repo, args: &[&str]) -> Ran {
    let mut all = vec!["bump", "-n", "--json"];
    all.extend(args);
    let ran = repo.idle(&all);
    ran.exits(0);
    ran
}

/// The places of a package as `path field version scheme`.
fn places(repo: &Repo, package: &str) -> Vec<String> {
    let status = repo.idle(&["status", "--json"]).exits(0).json();
    let packages = status["packages"].as_array().unwrap();
    let found = packages.iter().find(|p| p["name"] == package).unwrap_or_else(|| panic!("no {package} in {status}"));
    let text = |m: &serde_json::Value, key: &str| m[key].as_str().unwrap().to_owned();
    let place = |m: &serde_json::Value| ["path", "version", "scheme"].map(|key| text(m, key)).join(" ");
    found["manifests"].as_array().unwrap().iter().map(place).collect()
}

fn names(repo: &Repo) -> Vec<String> {
    let ran = repo.idle(&["status", "--format", "{name} {version}"]);
    ran.exits(0).out.lines().map(str::to_owned).collect()
}

const MEMBERS: (&str, &str) = ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n");

fn npm(name: &str, version: &str) -> String {
    format!("{{ \"name\": \"{name}\", \"version\": \"{version}\" }}\n")
}

#[test]
fn the_primary_of_a_members_folder() {
    let repo = Repo::with(&[
        MEMBERS,
        ("p/all/Cargo.toml", "[package]\nname = \"crate-name\"\nversion = \"1.0.0\"\n"),
        ("p/all/pyproject.toml", "[project]\nname = \"py_name\"\nversion = \"1.0.0\"\n"),
        ("p/all/package.json", &npm("npm-name", "1.0.0")),
        ("p/all/Chart.yaml", "name: chart-name\nversion: 1.0.0\n"),
        ("p/py/pyproject.toml", "[project]\nname = \"My_Pkg.Name\"\nversion = \"0.1.0\"\n"),
        ("p/py/package.json", "{ \"private\": true }"),
        ("p/nameless/package.json", "{ \"version\": \"3.0.0\" }"),
        ("p/none/package.json", "{ \"private\": true }"),
        ("p/empty/README.md", ""),
        ("p/scoped/package.json", &npm("@scope/lib", "2.0.0")),
    ]);
    assert_eq!(names(&repo), ["crate-name 1.0.0", "nameless 3.0.0", "My_Pkg.Name 0.1.0", "@scope/lib 2.0.0"]);
    let expected = [
        "p/all/Cargo.toml 1.0.0 semver",
        "p/all/pyproject.toml 1.0.0 pep440",
        "p/all/package.json 1.0.0 semver",
        "p/all/Chart.yaml 1.0.0 semver",
    ];
    assert_eq!(places(&repo, "crate-name"), expected);
    repo.idle(&["status", "-v"]).says(&["p/none is not a package", "p/empty is not a package"]);
    assert_eq!(plan(&repo, &["-p", "@scope/lib", "minor"]).tags(), ["@scope/lib-v2.1.0"]);
    assert_eq!(plan(&repo, &["-p", "My_Pkg.Name", "minor"]).tags(), ["My_Pkg.Name-v0.2.0"]);
}

#[test]
fn a_declared_package_replaces_what_members_found() {
    let repo = Repo::with(&[
        (
            "relman.toml",
            "[workspace]\nmembers = [\"p/*\"]\nexclude = [\"p/out\"]\n[packages.mine]\npath = \"p/a\"\n[packages.b]\nmanifests = [\"p/b/VERSION\"]\n",
        ),
        ("p/a/package.json", &npm("a", "1.0.0")),
        ("p/b/package.json", &npm("b", "2.0.0")),
        ("p/b/VERSION", "3.0.0\n"),
        ("p/c/package.json", &npm("c", "4.0.0")),
        ("p/out/package.json", &npm("out", "5.0.0")),
    ]);
    assert_eq!(names(&repo), ["mine 1.0.0", "b 3.0.0", "c 4.0.0"]);
}

#[test]
fn lock_files_above_belong_to_those_with_an_entry() {
    let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"b\"\nversion = \"2.0.0\"\ndependencies = [\n \"a\",\n]\n\n\
                [[package]]\nname = \"c\"\nversion = \"9.9.9\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let files = [
        ("p/a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n"),
        ("p/b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"2.0.0\"\n"),
        ("p/c/Cargo.toml", "[package]\nname = \"c\"\nversion = \"3.0.0\"\n"),
        ("Cargo.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("Cargo.lock", lock),
    ];
    let repo = Repo::with(&[&[MEMBERS], &files[..]].concat());
    assert_eq!(places(&repo, "a"), ["p/a/Cargo.toml 1.0.0 semver", "Cargo.lock 1.0.0 semver"]);
    // The entry of a registry is none of ours, whatever its name.
    assert_eq!(places(&repo, "c"), ["p/c/Cargo.toml 3.0.0 semver"]);
    repo.idle(&["check"]).exits(0);
    let ran = plan(&repo, &["-p=a=minor", "-p=b=patch"]);
    let expected = [
        "Cargo.lock:5 1.0.0 1.1.0",
        "Cargo.lock:9 2.0.0 2.0.1",
        "p/a/Cargo.toml:3 1.0.0 1.1.0",
        "p/b/Cargo.toml:3 2.0.0 2.0.1",
    ];
    assert_eq!(ran.slots(), expected);
    let without = ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\nlocks = false\n");
    let repo = Repo::with(&[&[without], &files[..]].concat());
    assert_eq!(places(&repo, "a"), ["p/a/Cargo.toml 1.0.0 semver"]);
}

#[test]
fn an_entry_in_the_lock_file_of_another_package_follows_its_source() {
    let project = |name: &str| format!("[project]\nname = \"{name}\"\nversion = \"0.1.0\"\n");
    let entry = |name: &str, source: &str| {
        format!("\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\nsource = {{ {source} }}\n")
    };
    let own = |name: &str| format!("version = 1\n{}", entry(name, "editable = \".\""));
    let api =
        own("api") + &entry("core", "editable = \"../core\"") + &entry("web", "registry = \"https://example.com\"");
    let of = |locks: &str| {
        let config = format!(
            "[workspace]\n{locks}\n[packages]\napi.manifests = [\"p/api/pyproject.toml\", \"p/api/uv.lock\"]\n\
             core.manifests = [\"p/core/pyproject.toml\"]\nweb.manifests = [\"p/web/pyproject.toml\"]\n"
        );
        Repo::with(&[
            ("relman.toml", &config),
            ("p/api/pyproject.toml", &project("api")),
            ("p/api/uv.lock", &api),
            ("p/core/pyproject.toml", &project("core")),
            ("p/core/uv.lock", &own("core")),
            ("p/web/pyproject.toml", &project("web")),
        ])
    };
    let repo = of("");
    let core = ["p/core/pyproject.toml 0.1.0 pep440", "p/api/uv.lock 0.1.0 pep440", "p/core/uv.lock 0.1.0 pep440"];
    assert_eq!(
        places(&repo, "core"),
        core,
        "its own entry, in the lock file of another package and in the one beside it"
    );
    assert_eq!(places(&repo, "web"), ["p/web/pyproject.toml 0.1.0 pep440"]);
    let slots = ["p/api/uv.lock:10 0.1.0 0.2.0", "p/core/pyproject.toml:3 0.1.0 0.2.0", "p/core/uv.lock:5 0.1.0 0.2.0"];
    assert_eq!(plan(&repo, &["-p=core=minor"]).slots(), slots);
    let slots = ["p/api/pyproject.toml:3 0.1.0 0.2.0", "p/api/uv.lock:5 0.1.0 0.2.0"];
    assert_eq!(plan(&repo, &["-p=api=minor"]).slots(), slots);
    repo.write(
        "p/api/uv.lock",
        &api.replacen("\"0.1.0\"\nsource = { editable = \"../", "\"0.0.1\"\nsource = { editable = \"../", 1),
    );
    repo.report(&["check"]).exits(3).finds(&["lock-drift p/api/uv.lock:10:12 0.0.1 0.1.0"]);
    assert_eq!(places(&of("locks = false"), "core"), ["p/core/pyproject.toml 0.1.0 pep440"]);
}

#[test]
fn pointers_searches_and_globs() {
    let config = r#"
[packages.a]
scheme = "semver"
manifests = [
  { path = "server.json", pointer = "/version" },
  { path = "server.json", pointer = "/packages/0/version", scheme = "pep440" },
  { path = "a.yaml", pointer = "/info/a~1b" },
  { path = "a.toml", pointer = "/tool/x/version" },
  { path = "src/*/__init__.py", search = '__version__ = "{version}"', scheme = "pep440" },
  { path = "page.md", search = "a/{version}/\n  end" },
  "VERSION",
]
"#;
    let repo = Repo::with(&[
        ("relman.toml", config),
        ("server.json", "{\n\t\"version\": \"1.0.0-rc.1\",\n\t\"packages\": [{ \"version\": \"1.0.0rc1\" }]\n}"),
        ("a.yaml", "info:\n  a/b: '1.0.0-rc.1' # here\n"),
        ("a.toml", "[tool]\nx.version = '1.0.0-rc.1'\n"),
        ("src/one/__init__.py", "__version__ = \"1.0.0rc1\"\r\n"),
        ("src/two/__init__.py", "\u{feff}__version__ = \"1.0.0rc1\""),
        ("page.md", "a/1.0.0-rc.1/\r\n  end and a/1.0.0-rc.1/\n  end but a/0.1.0/x\n"),
        ("VERSION", "1.0.0-rc.1"),
    ]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "rc"]).exits(0);
    assert_eq!(
        repo.read("server.json").unwrap(),
        "{\n\t\"version\": \"1.0.0-rc.2\",\n\t\"packages\": [{ \"version\": \"1.0.0rc2\" }]\n}"
    );
    assert_eq!(repo.read("a.yaml").unwrap(), "info:\n  a/b: '1.0.0-rc.2' # here\n");
    assert_eq!(repo.read("a.toml").unwrap(), "[tool]\nx.version = '1.0.0-rc.2'\n");
    assert_eq!(repo.read("src/one/__init__.py").unwrap(), "__version__ = \"1.0.0rc2\"\r\n");
    assert_eq!(repo.read("src/two/__init__.py").unwrap(), "\u{feff}__version__ = \"1.0.0rc2\"");
    let page = "a/1.0.0-rc.2/\r\n  end and a/1.0.0-rc.2/\n  end but a/0.1.0/x\n";
    assert_eq!(repo.read("page.md").unwrap(), page);
    assert_eq!(repo.read("VERSION").unwrap(), "1.0.0-rc.2");
    assert_eq!(repo.tags(), ["a-v1.0.0-rc.2"]);
    repo.idle(&["check"]).exits(0);
}

#[test]
fn a_pointer_or_a_search_that_finds_nothing_is_told() {
    for entry in ["{ path = \"x.json\", pointer = \"/verson\" }", "{ path = \"x.json\", search = 'v={version}' }"] {
        let repo = Repo::with(&[
            ("relman.toml", &format!("[packages.a]\nmanifests = [{entry}]\n")),
            ("x.json", "{ \"version\": \"1.0.0\" }\n"),
        ]);
        repo.report(&["check"]).exits(3).finds(&["unreadable x.json:1:1"]);
        repo.report(&["bump", "-y", "minor"]).exits(2).finds(&["manifest x.json:1:1"]);
    }
}

#[test]
fn one_place_counts_once_in_a_package_and_is_refused_in_two() {
    let once = "[packages.a]\nmanifests = [\"package.json\", { path = \"package.json\", pointer = \"/version\" }, { path = \"*.json\", type = \"package-json\" }]\n";
    let repo = Repo::with(&[("relman.toml", once), ("package.json", &npm("a", "1.0.0"))]);
    assert_eq!(places(&repo, "a"), ["package.json 1.0.0 semver"]);
    assert_eq!(plan(&repo, &["minor"]).slots(), ["package.json:1 1.0.0 1.1.0"]);
    let twice = "[packages.a]\nmanifests = [\"package.json\"]\n[packages.b]\nmanifests = [{ path = \"package.json\", pointer = \"/version\" }]\n";
    let repo = Repo::with(&[("relman.toml", twice), ("package.json", &npm("a", "1.0.0"))]);
    for args in [&["status"][..], &["check"], &["bump", "-y", "--all", "minor"]] {
        repo.report(args).exits(2).finds(&["config-conflict relman.toml:4:23"]).says(&["package.json", "`a`", "`b`"]);
    }
}

#[test]
fn a_chart_and_its_application_are_two_packages() {
    let config = "[packages.chart]\nmanifests = [{ path = \"Chart.yaml\", pointer = \"/version\" }]\ntag-prefix = \"chart-\"\n\
                  [packages.app]\nmanifests = [{ path = \"Chart.yaml\", pointer = \"/appVersion\" }]\n";
    let chart = "apiVersion: v2\nname: x\nversion: 0.1.0 # chart\nappVersion: \"v1.0.0\"\n";
    let repo = Repo::with(&[("relman.toml", config), ("Chart.yaml", chart)]);
    assert_eq!(names(&repo), ["chart 0.1.0", "app 1.0.0"]);
    repo.relman(&["bump", "-y", "-p=app=minor", "-p=chart=patch"]).exits(0);
    let expected = chart.replace("0.1.0", "0.1.1").replace("1.0.0", "1.1.0");
    assert_eq!(repo.read("Chart.yaml").unwrap(), expected);
    assert_eq!(repo.tags(), ["app-v1.1.0", "chart-0.1.1"]);
    // As a known type both fields are the package's, unless they are chosen.
    let both = Repo::with(&[
        ("relman.toml", "[packages.a]\npath = \".\"\n"),
        ("Chart.yaml", &chart.replace("v1.0.0", "v0.1.0")),
    ]);
    assert_eq!(plan(&both, &["minor"]).slots(), ["Chart.yaml:3 0.1.0 0.2.0", "Chart.yaml:4 0.1.0 0.2.0"]);
    let one = "[packages.a]\nmanifests = [{ path = \"Chart.yaml\", fields = [\"version\"] }]\n";
    let repo = Repo::with(&[("relman.toml", one), ("Chart.yaml", chart)]);
    repo.idle(&["check"]).exits(0);
    assert_eq!(plan(&repo, &["minor"]).slots(), ["Chart.yaml:3 0.1.0 0.2.0"]);
}

#[test]
fn a_workspace_root_holds_one_version_for_many_crates() {
    let lock = "version = 4\n\n[[package]]\nname = \"one\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"two\"\nversion = \"1.0.0\"\ndependencies = [\n \"one\",\n]\n";
    let repo = Repo::with(&[
        ("relman.toml", "[packages.all]\npath = \".\"\ntag-prefix = \"v\"\n"),
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"1.0.0\"\n[workspace.dependencies]\none = { path = \"crates/one\", version = \"1.0.0\" }\n",
        ),
        ("crates/one/Cargo.toml", "[package]\nname = \"one\"\nversion.workspace = true\n"),
        (
            "crates/two/Cargo.toml",
            "[package]\nname = \"two\"\nversion = { workspace = true }\n[dependencies]\none = { path = \"../one\", version = \"=1.0.0\" }\n",
        ),
        ("Cargo.lock", lock),
    ]);
    repo.idle(&["check"]).exits(0);
    let expected = [
        "Cargo.lock:5 1.0.0 2.0.0",
        "Cargo.lock:9 1.0.0 2.0.0",
        "Cargo.toml:4 1.0.0 2.0.0",
        "Cargo.toml:6 1.0.0 2.0.0",
        "crates/two/Cargo.toml:5 =1.0.0 =2.0.0",
    ];
    assert_eq!(plan(&repo, &["major"]).slots(), expected);
    repo.relman(&["bump", "-y", "major"]).exits(0);
    repo.idle(&["check"]).exits(0);
    assert_eq!(repo.tags(), ["v2.0.0"]);
}

#[test]
fn a_package_without_a_place_for_its_version_names_the_file_that_could_hold_it() {
    let dynamic = "[project]\nname = \"a\"\ndynamic = [\"version\"]\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\npath = \"src/a/__about__.py\"\n";
    let repo = Repo::with(&[("relman.toml", "[packages.a]\npath = \".\"\n"), ("pyproject.toml", dynamic)]);
    repo.report(&["check"])
        .exits(3)
        .finds(&["unreadable relman.toml:1:11"])
        .says(&["pyproject.toml", "src/a/__about__.py"]);
    repo.report(&["bump", "-y", "minor"])
        .exits(2)
        .finds(&["no-version relman.toml:1:11"])
        .says(&["src/a/__about__.py"]);
}

#[test]
fn packages_whose_tags_meet_are_refused() {
    let files = [("a/package.json", npm("a", "1.0.0")), ("b/package.json", npm("b", "2.0.0"))];
    for (config, place) in [
        ("[packages.a]\npath = \"a\"\ntag-prefix = \"v\"\n[packages.b]\npath = \"b\"\ntag-prefix = \"v\"\n", "6:14"),
        ("[workspace]\ntag = \"v{version}\"\n[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n", "5:11"),
        ("[workspace]\nmembers = [\"?\"]\ntag = \"v{version}\"\n", "2:12"),
    ] {
        let repo = Repo::with(&[("relman.toml", config), (files[0].0, &files[0].1), (files[1].0, &files[1].1)]);
        repo.report(&["status"])
            .exits(2)
            .finds(&[&format!("config-conflict relman.toml:{place}")])
            .says(&["`a`", "`b`"]);
    }
    let fixed =
        "[workspace]\nmembers = [\"?\"]\ntag = \"v{version}\"\n[groups.x]\nfixed = [\"*\"]\ntag = \"v{version}\"\n";
    let repo = Repo::with(&[("relman.toml", fixed), (files[0].0, &files[0].1), (files[1].0, &files[1].1)]);
    repo.idle(&["status"]).exits(0);
}

#[test]
fn paths_that_leave_are_refused() {
    for path in ["../x", "/etc/x", "a/../../x", "C:\\\\x", ""] {
        let repo = Repo::with(&[("relman.toml", &format!("[packages.a]\nmanifests = [\"{path}\"]\n"))]);
        repo.report(&["status"]).exits(2).finds(&["config-value relman.toml:2:14"]);
        let repo = Repo::with(&[("relman.toml", &format!("[workspace]\nmembers = [\"{path}\"]\n"))]);
        repo.report(&["status"]).exits(2).finds(&["config-value relman.toml:2:12"]);
    }
}

#[test]
fn the_scheme_of_a_slot() {
    let config = "[packages.a]\nmanifests = [\"pyproject.toml\", \"VERSION\", \"package.json\"]\n\
                  [packages.b]\nscheme = \"semver\"\nmanifests = [\"b/pyproject.toml\", \"b/VERSION\", { path = \"b/v.json\", pointer = \"/v\", scheme = \"pep440\" }]\n\
                  [packages.c]\nmanifests = [\"c/VERSION\", \"c/pyproject.toml\"]\n\
                  [packages.d]\nscheme = \"pep440\"\nmanifests = [\"d/package.json\", \"d/VERSION\"]\n";
    let project = "[project]\nname = \"x\"\nversion = \"1.0.0\"\n";
    let repo = Repo::with(&[
        ("relman.toml", config),
        ("pyproject.toml", project),
        ("VERSION", "1.0.0\n"),
        ("package.json", &npm("a", "1.0.0")),
        ("b/pyproject.toml", project),
        ("b/VERSION", "1.0.0\n"),
        ("b/v.json", "{ \"v\": \"1.0.0\" }"),
        ("c/VERSION", "1.0.0\n"),
        ("c/pyproject.toml", project),
        ("d/package.json", &npm("d", "1.0.0")),
        ("d/VERSION", "1.0.0\n"),
    ]);
    assert_eq!(
        places(&repo, "a"),
        ["pyproject.toml 1.0.0 pep440", "VERSION 1.0.0 pep440", "package.json 1.0.0 semver"]
    );
    assert_eq!(
        places(&repo, "b"),
        ["b/pyproject.toml 1.0.0 semver", "b/VERSION 1.0.0 semver", "b/v.json 1.0.0 pep440"]
    );
    assert_eq!(places(&repo, "c"), ["c/VERSION 1.0.0 semver", "c/pyproject.toml 1.0.0 pep440"]);
    assert_eq!(places(&repo, "d"), ["d/package.json 1.0.0 semver", "d/VERSION 1.0.0 pep440"]);
    // The package's own scheme spells its tags.
    let ran = plan(&repo, &["--all", "minor", "alpha"]);
    assert_eq!(ran.tags(), ["a-v1.1.0a1", "b-v1.1.0-alpha.1", "c-v1.1.0-alpha.1", "d-v1.1.0a1"]);
}
