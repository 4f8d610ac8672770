//! `relman graph`: what a person sees of packages, their requirements, and what a release brings with it.
//!
//! The pictures of the small repository are kept in `fixtures/graph/`; `SNAPSHOTS=overwrite` renews them. Look at them before you commit.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use relman::plan::{Picture, graph};

use crate::support::repo::Repo;
use crate::support::texts::Texts;

/// npm packages, with what each requires; `name!` is required for development.
fn packages(packages: &[(&str, &[&str])], rest: &str) -> Vec<(String, String)> {
    let mut files = vec![("relman.toml".to_owned(), format!("[workspace]\nmembers = [\"p/*\"]\n{rest}"))];
    for (name, requires) in packages {
        let list = |dev: bool| {
            let wanted = requires.iter().filter(|one| one.ends_with('!') == dev);
            let lines: Vec<String> =
                wanted.map(|one| format!("\"{}\": \"^1.0.0\"", one.trim_end_matches('!'))).collect();
            lines.join(", ")
        };
        let text = format!(
            "{{ \"name\": \"{name}\", \"version\": \"1.0.0\", \"dependencies\": {{ {} }}, \"devDependencies\": {{ {} }} }}\n",
            list(false),
            list(true)
        );
        files.push((format!("p/{name}/package.json"), text));
    }
    files
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
}

/// Two applications on three libraries, of which two require each other for development; two packages of a group; one by itself.
fn small() -> Repo {
    let files = packages(
        &[
            ("app", &["ui", "api", "core"]),
            ("shop", &["ui", "test-kit!"]),
            ("ui", &["core"]),
            ("api", &["core", "test-kit!"]),
            ("core", &[]),
            ("test-kit", &["api"]),
            ("docs", &[]),
        ],
        "\n[groups.front]\nfixed = [\"app\", \"shop\"]\n",
    );
    Repo::with(&borrowed(&files))
}

#[track_caller]
fn kept(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/graph").join(name);
    let known = fs::read_to_string(&path).unwrap_or_default();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(path, text).unwrap();
        return;
    }
    assert_eq!(known, text, "{name} is something else; SNAPSHOTS=overwrite renews it");
}

#[test]
fn all_formats_show_the_cascade() {
    let repo = small();
    for (format, name) in [("text", "small.txt"), ("mermaid", "small.mmd"), ("dot", "small.dot"), ("svg", "small.svg")]
    {
        let ran = repo.idle(&["graph", "-p", "core", "major", "--format", format]);
        kept(name, &ran.exits(0).out);
    }
}

#[test]
fn without_a_release_only_what_is_there_is_shown() {
    let repo = small();
    let ran = repo.idle(&["graph"]);
    ran.exits(0).says(&["core 1.0.0", "by ^1.0.0, dev", "(*)", "[front]"]);
    assert!(!ran.out.contains("->"), "{}", ran.out);
    let svg = repo.idle(&["graph", "--format", "svg"]).exits(0).out.clone();
    assert!(!svg.contains("class=\"on"), "{svg}");
}

#[test]
fn what_speaks_against_a_release_is_said_and_the_graph_is_shown() {
    let repo = small();
    repo.write("p/core/package.json", "{ \"name\": \"core\", \"version\": \"1.0.0\" }\n ");
    let ran = repo.relman(&["graph", "-p", "core", "major"]);
    ran.exits(0).says(&["core 1.0.0 -> 2.0.0 (requested)", "a release would be refused"]);
    repo.relman(&["graph", "-p", "nothing", "major"]).exits(2).says(&["nothing"]);
}

/// The repository of so many packages, each of which requires some before it, and as many that require nothing.
fn large(count: usize) -> Picture {
    let mut files = String::new();
    let _ = write!(files, "[workspace]\nmembers = [\"p/*\"]\n\n[groups.all]\nfixed = [\"g*\"]\n");
    let name = |at: usize| if at % 7 == 3 { format!("g{at}") } else { format!("n{at}") };
    let mut texts = vec![("relman.toml".to_owned(), files)];
    for at in 0..count {
        let of: Vec<String> = if at % 5 == 4 || at == 0 { Vec::new() } else { vec![name(at / 20), name(at / 60)] };
        let requires: Vec<String> = of.iter().map(|name| format!("\"{name}\": \"^1.0.0\"")).collect();
        let name = name(at);
        let text = format!(
            "{{ \"name\": \"{name}\", \"version\": \"1.0.0\", \"dependencies\": {{ {} }} }}\n",
            requires.join(", ")
        );
        texts.push((format!("p/{name}/package.json"), text));
    }
    let snapshot = Texts::with(&borrowed(&texts)).snapshot().unwrap();
    Picture::from(&graph(&snapshot, None))
}

#[test]
fn a_picture_of_many_packages_has_few_boxes() {
    let few = large(30);
    assert_eq!((few.boxes.len(), few.left_out), (30, 0));
    let many = large(500);
    assert!(many.boxes.len() < 100, "{}", many.boxes.len());
    assert!(many.boxes.iter().any(|one| one.title == "all" && one.version.ends_with(" packages, 1.0.0")));
    assert!(many.boxes.iter().any(|one| one.title.ends_with(" more")));
    assert!(many.left_out > 0);
}

#[test]
fn a_long_chain_and_a_circle_are_drawn() {
    let names: Vec<String> = (0..300).map(|at| format!("n{at:03}")).collect();
    let texts: Vec<(&str, Vec<&str>)> =
        (0..300).map(|at| (names[at].as_str(), vec![names[(at + 1) % 300].as_str()])).collect();
    let list: Vec<(&str, &[&str])> = texts.iter().map(|(name, requires)| (*name, requires.as_slice())).collect();
    let repo = Repo::with(&borrowed(&packages(&list, "")));
    for format in ["text", "mermaid", "dot", "svg"] {
        let ran = repo.idle(&["graph", "--format", format]);
        assert!(ran.exits(0).out.contains("n299"), "{format}");
    }
}
