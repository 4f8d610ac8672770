//! Whose a requirement is: its source says so, and never its name alone.

use crate::support::repo::Repo;

const CONFIG: &str = "[workspace]\nmembers = [\"p/*\"]\n";

/// The packages that a major release of `a` brings along.
#[track_caller]
fn brought(files: &[(&str, &str)]) -> Vec<String> {
    let repo = Repo::with(&[&[("relman.toml", CONFIG)], files].concat());
    repo.idle(&["check"]).exits(0);
    let ran = repo.idle(&["bump", "-n", "--json", "-p", "a", "major"]);
    ran.exits(0);
    ran.slots()
}

#[test]
fn a_published_chart_is_another_one_than_its_source() {
    let of = |repository: &str| {
        let user = format!("name: b\nversion: 1.0.0\ndependencies:\n- name: a\n  version: ^1.0.0\n{repository}");
        brought(&[("p/a/Chart.yaml", "name: a\nversion: 1.0.0\n"), ("p/b/Chart.yaml", &user)])
    };
    let alone = ["p/a/Chart.yaml:2 1.0.0 2.0.0"];
    for published in ["https://example.com/charts", "oci://example.com/charts", "'@ours'", "alias:ours"] {
        assert_eq!(of(&format!("  repository: {published}\n")), alone, "{published}");
    }
    let both = ["p/a/Chart.yaml:2 1.0.0 2.0.0", "p/b/Chart.yaml:2 1.0.0 1.0.1", "p/b/Chart.yaml:5 ^1.0.0 ^2.0.0"];
    for own in ["", "  repository: \"\"\n", "  repository: file://../a\n"] {
        assert_eq!(of(own), both, "{own}");
    }
    assert_eq!(of("  repository: file://../../vendor/a\n"), alone, "another folder");
}

#[test]
fn an_npm_dependency_from_elsewhere_is_not_ours() {
    let of = |value: &str| {
        let user =
            format!("{{ \"name\": \"b\", \"version\": \"1.0.0\",\n\"dependencies\": {{ \"a\": \"{value}\" }} }}\n");
        brought(&[("p/a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"), ("p/b/package.json", &user)])
            .len()
    };
    let elsewhere = [
        "git+https://example.com/a.git#semver:^1.0.0",
        "github:o/a#v1.0.0",
        "o/a",
        "https://example.com/a-1.0.0.tgz",
        "file:../vendor/a-1.0.0.tgz",
        "link:../a",
        "npm:other@^1.0.0",
        "workspace:other@^1.0.0",
        "jsr:^1.0.0",
    ];
    for value in elsewhere {
        assert_eq!(of(value), 1, "{value}");
    }
    for value in ["^1.0.0", "workspace:^1.0.0", "npm:^1.0.0", "npm:a@^1.0.0"] {
        assert_eq!(of(value), 3, "{value}");
    }
}

#[test]
fn an_npm_alias_requires_the_package_that_it_names() {
    let lock = "{\n\"lockfileVersion\": 3,\n\"packages\": {\n\"\": {},\n\
                \"p/a\": { \"name\": \"@acme/a\", \"version\": \"1.0.0\" },\n\
                \"p/b\": { \"name\": \"b\", \"version\": \"1.0.0\", \"dependencies\": { \"x\": \"npm:@acme/a@^1.0.0\" } }\n} }\n";
    let user = "{ \"name\": \"b\", \"version\": \"1.0.0\",\n\
                \"dependencies\": { \"x\": \"npm:@acme/a@^1.0.0\" },\n\
                \"devDependencies\": { \"y\": \"workspace:@acme/a@~1.0.0\" },\n\
                \"peerDependencies\": { \"z\": \"workspace:@acme/a@^\" } }\n";
    let repo = Repo::with(&[
        ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n"),
        ("p/a/package.json", "{ \"name\": \"@acme/a\", \"version\": \"1.0.0\" }\n"),
        ("p/b/package.json", user),
        ("package-lock.json", lock),
    ]);
    let ran = repo.idle(&["bump", "-n", "--json", "-p", "@acme/a", "major"]);
    let expected = [
        "p/a/package.json:1 1.0.0 2.0.0",
        "p/b/package.json:1 1.0.0 1.0.1",
        "p/b/package.json:2 ^1.0.0 ^2.0.0",
        "p/b/package.json:3 ~1.0.0 ~2.0.0",
        "package-lock.json:5 1.0.0 2.0.0",
        "package-lock.json:6 1.0.0 1.0.1",
        "package-lock.json:6 ^1.0.0 ^2.0.0",
    ];
    assert_eq!(ran.exits(0).slots(), expected);
}

#[test]
fn an_npm_alias_for_other_releases_stays() {
    let of = |key: &str, value: &str| {
        let lock = format!(
            "{{\n\"lockfileVersion\": 3,\n\"packages\": {{\n\"\": {{}},\n\"p/a\": {{ \"name\": \"a\", \"version\": \"1.2.0\" }},\n\
             \"p/b\": {{ \"name\": \"b\", \"version\": \"1.0.0\", \"devDependencies\": {{ \"{key}\": \"{value}\" }} }}\n}} }}\n"
        );
        let user = format!(
            "{{ \"name\": \"b\", \"version\": \"1.0.0\",\n\"devDependencies\": {{ \"{key}\": \"{value}\" }} }}\n"
        );
        let repo = Repo::with(&[
            ("relman.toml", CONFIG),
            ("p/a/package.json", "{ \"name\": \"a\", \"version\": \"1.2.0\" }\n"),
            ("p/b/package.json", &user),
            ("package-lock.json", &lock),
        ]);
        let found = repo.idle(&["check"]).code;
        let ran = repo.idle(&["bump", "-n", "--json", "-p", "a=2.0.0"]);
        let changes = ran.exits(0).slots().into_iter().filter(|slot| !slot.contains(" 1.2.0 2.0.0"));
        (found, changes.collect::<Vec<_>>())
    };
    // Releases that the workspace does not hold are wanted beside it.
    for value in ["npm:a@1.1.9", "npm:a@~1.1.0", "npm:a@^0.9.0", "npm:a@3.0.0"] {
        assert_eq!(of("old-a", value), (0, vec![]), "{value}");
    }
    // The one that it holds is followed, and so is any requirement that is no alias.
    let followed = |old: &str, new: &str| {
        let own = ["p/b/package.json:1 1.0.0 1.0.1".to_owned(), format!("p/b/package.json:2 {old} {new}")];
        let locked = ["package-lock.json:6 1.0.0 1.0.1".to_owned(), format!("package-lock.json:6 {old} {new}")];
        [own, locked].concat()
    };
    assert_eq!(of("same-a", "npm:a@^1.0.0"), (0, followed("^1.0.0", "^2.0.0")));
    assert_eq!(of("same-a", "npm:a@1.1.9 || 1.2.0").0, 0);
    for (key, value) in [("a", "1.1.9"), ("a", "npm:a@1.1.9"), ("a", "npm:1.1.9"), ("x", "workspace:a@1.1.9")] {
        assert_eq!(of(key, value), (3, followed("1.1.9", "2.0.0")), "{key} {value}");
    }
}

#[test]
fn a_python_requirement_comes_from_where_its_manifest_says() {
    let of = |root: &str, dependencies: &str| {
        let user = format!("[project]\nname = \"b\"\nversion = \"1.0.0\"\n{dependencies}");
        let root = format!("[tool.uv.workspace]\nmembers = [\"p/*\"]\n{root}");
        let own = "[project]\nname = \"a\"\nversion = \"1.0.0\"\n";
        brought(&[("pyproject.toml", &root), ("p/a/pyproject.toml", own), ("p/b/pyproject.toml", &user)]).len()
    };
    let listed = "dependencies = [\"a>=1,<2\"]\n";
    let source = |source: &str| format!("{listed}[tool.uv.sources]\nA = {source}\n");
    let elsewhere = [
        source("{ git = \"https://example.com/a\" }"),
        source("{ url = \"https://example.com/a.whl\" }"),
        source("{ index = \"pytorch\" }"),
        source("{ path = \"../../vendor/a\" }"),
        source("{ path = \"../../../a\" }"),
        source("[{ index = \"one\", marker = \"x\" }, { git = \"https://example.com/a\" }]"),
        "dependencies = [\"a @ git+https://example.com/a@v1\", \"a @ https://example.com/a-1.0.0.whl\"]\n".to_owned(),
        "[tool.poetry.dependencies]\na = { version = \"^1.0\", git = \"https://example.com/a\" }\n".to_owned(),
        "[tool.poetry.dependencies]\na = { version = \"^1.0\", source = \"private\" }\n".to_owned(),
        "[tool.poetry.dependencies]\na = { version = \"^1.0\", url = \"https://example.com/a.whl\" }\n".to_owned(),
        format!("{listed}[tool.poetry.dependencies]\na = {{ git = \"https://example.com/a\" }}\n"),
    ];
    for text in &elsewhere {
        assert_eq!(of("", text), 1, "{text}");
    }
    let ours = [
        listed.to_owned(),
        source("{ workspace = true }"),
        source("{ path = \"../a\", editable = true }"),
        source("[{ index = \"one\", marker = \"x\" }, { workspace = true, marker = \"y\" }]"),
        "[tool.poetry.dependencies]\na = { version = \"^1.0\", path = \"../a\" }\n".to_owned(),
        format!("{listed}[tool.poetry.dependencies]\na = {{ path = \"../a\" }}\n"),
    ];
    for text in &ours {
        assert_eq!(of("", text), 3, "{text}");
    }
    // A member inherits the sources of its workspace, and its own ones count before them.
    assert_eq!(of("[tool.uv.sources]\na = { git = \"https://example.com/a\" }\n", listed), 1);
    assert_eq!(of("[tool.uv.sources]\na = { path = \"p/a\" }\n", listed), 3);
    assert_eq!(of("[tool.uv.sources]\na = { path = \"vendor/a\" }\n", &source("{ workspace = true }")), 3);
}

#[test]
fn a_cargo_dependency_is_ours_by_its_path() {
    let of = |dependency: &str| {
        let user = format!("[package]\nname = \"b\"\nversion = \"1.0.0\"\n[dependencies]\na = {{ {dependency} }}\n");
        let own = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n";
        brought(&[("p/a/Cargo.toml", own), ("p/b/Cargo.toml", &user)]).len()
    };
    for elsewhere in [
        "version = \"1.0\", registry = \"x\"",
        "version = \"1.0\", git = \"https://example.com/a\"",
        "version = \"1.0\", path = \"../../vendor/a\"",
    ] {
        assert_eq!(of(elsewhere), 1, "{elsewhere}");
    }
    for own in ["version = \"1.0\", path = \"../a\"", "version = \"1.0\", registry = \"x\", path = \"../a\""] {
        assert_eq!(of(own), 3, "{own}");
    }
}

#[test]
fn an_added_name_is_that_of_its_own_folder() {
    let of = |path: &str| {
        let config = "[packages.a]\npath = \"p/a\"\nnames = [\"python:other\"]\n[packages.b]\npath = \"p/b\"\n";
        let user = format!(
            "[project]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"other==1.0.0\"]\n[tool.uv.sources]\nother = {{ path = \"{path}\" }}\n"
        );
        let own = "[project]\nname = \"a\"\nversion = \"1.0.0\"\n";
        let repo = Repo::with(&[("relman.toml", config), ("p/a/pyproject.toml", own), ("p/b/pyproject.toml", &user)]);
        repo.idle(&["bump", "-n", "--json", "-p", "a", "major"]).exits(0).slots().len()
    };
    assert_eq!((of("../a"), of("../../vendor/other")), (3, 1));
}
