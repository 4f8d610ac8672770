//! Dependents: which requirements follow by which policy, who is released with them and as what, and what is told of cycles.

use crate::support::program::Ran;
use crate::support::texts::Texts;

#[track_caller]
pub fn plan(repo: &Texts, args: &str) -> Ran {
    let args: Vec<&str> = args.split(' ').collect();
    let ran = repo.idle(&[&["bump", "-n", "--json"][..], &args].concat());
    ran.exits(0);
    ran
}

/// npm packages `name version`, each with the members of its package.json that stand behind them, and a configuration behind `members`.
pub fn npm(config: &str, packages: &[(&str, &str)]) -> Texts {
    let mut files = vec![("relman.toml".to_owned(), format!("[workspace]\nmembers = [\"p/*\"]\n{config}"))];
    for (package, rest) in packages {
        let (name, version) = package.split_once(' ').unwrap();
        let comma = if rest.is_empty() { "" } else { ", " };
        let text = format!("{{ \"name\": \"{name}\", \"version\": \"{version}\"{comma}{rest} }}\n");
        files.push((format!("p/{name}/package.json"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Texts::with(&files)
}

/// One table of package.json with one range.
pub fn needs(table: &str, name: &str, range: &str) -> String {
    format!("\"{table}\": {{ \"{name}\": \"{range}\" }}")
}

pub fn notes(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    json["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap().to_owned()).collect()
}

const KINDS: [(&str, &str); 4] = [
    ("normal", "dependencies"),
    ("dev", "devDependencies"),
    ("peer", "peerDependencies"),
    ("optional", "optionalDependencies"),
];

/// `lib` goes from 1.2.0 to 1.3.0 or to 2.0.0, and `app` 0.5.0 requires it. Returns what app becomes and what its requirement does.
fn outcome(config: &str, table: &str, range: &str, level: &str) -> (Option<String>, Option<String>) {
    let repo = npm(config, &[("app 0.5.0", &needs(table, "lib", range)), ("lib 1.2.0", "")]);
    let ran = plan(&repo, &format!("-p lib {level}"));
    let app = ran.bumps().into_iter().find_map(|bump| bump.strip_prefix("app 0.5.0 ").map(str::to_owned));
    let slot = ran.slots().into_iter().find_map(|slot| {
        let new = slot.strip_prefix("p/app/package.json:1 ")?.strip_prefix(range)?.trim_start().to_owned();
        Some(new)
    });
    repo.relman(&[&["bump", "-y", "-p", "lib"][..], &[level]].concat()).exits(0);
    repo.idle(&["check"]).exits(0);
    (app, slot)
}

/// Four packages require `lib` 1.2.0, each for another kind. Returns what each becomes and what its requirement does, where they do.
fn by_kind(repo: &Texts, level: &str) -> Vec<(Option<String>, Option<String>)> {
    let ran = plan(repo, &format!("--allow-dirty -p lib {level}"));
    let (bumps, slots) = (ran.bumps(), ran.slots());
    let with = |texts: &[String], prefix: String| texts.iter().find_map(|t| t.strip_prefix(&prefix).map(str::to_owned));
    let of = |kind: &str| {
        let app = with(&bumps, format!("{kind} 0.5.0 "));
        (app, with(&slots, format!("p/{kind}/package.json:1 ^1.2.0 ")))
    };
    KINDS.iter().map(|(kind, _)| of(kind)).collect()
}

/// Every kind meets every policy and every level, directly and by `kinds`, with a version in its range and with one out of it.
#[test]
fn policies_by_kind_range_and_level() {
    let apps = KINDS.map(|(kind, table)| (format!("{kind} 0.5.0"), needs(table, "lib", "^1.2.0")));
    let mut packages: Vec<(&str, &str)> = apps.iter().map(|(app, rest)| (app.as_str(), rest.as_str())).collect();
    packages.push(("lib 1.2.0", ""));
    let repo = npm("", &packages);
    let levels = [("patch", Some("0.5.1")), ("minor", Some("0.6.0")), ("major", Some("1.0.0")), ("none", None)];
    let policies: [(&str, [Option<&str>; 2]); 3] = [
        ("out-of-range", [None, Some("^2.0.0")]),
        ("always", [Some("^1.3.0"), Some("^2.0.0")]),
        ("never", [None, None]),
    ];
    for (level, released) in levels {
        for (bump, at) in [("minor", 0), ("major", 1)] {
            let expected = |policy: usize| {
                let new = policies[policy].1[at];
                (new.and(released).map(str::to_owned), new.map(str::to_owned))
            };
            for policy in 0..3 {
                // One policy for all, and then one for each kind, each time another one.
                let name = |at: usize| policies[(policy + at) % 3].0;
                let kinds: Vec<String> = (0..4).map(|at| format!("{} = \"{}\"", KINDS[at].0, name(at))).collect();
                for (text, step) in [(String::new(), 0), (format!("kinds = {{ {} }}\n", kinds.join(", ")), 1)] {
                    let config = format!("[dependents]\npolicy = \"{}\"\nlevel = \"{level}\"\n{text}", name(0));
                    let members = "[workspace]\nmembers = [\"p/*\"]\n";
                    repo.write("relman.toml", &format!("{members}{config}"));
                    let expected: Vec<_> = (0..4).map(|at| expected((policy + at * step) % 3)).collect();
                    assert_eq!(by_kind(&repo, bump), expected, "{config}{bump}");
                }
            }
        }
    }
}

#[test]
fn a_requirement_changes_in_its_own_notation_and_no_further_than_needed() {
    for (policy, range, level, new) in [
        ("out-of-range", "~1.2", "minor", Some("~1.3")),
        ("out-of-range", "1.2.0", "patch", Some("1.2.1")),
        ("out-of-range", ">=1.0 <2", "major", Some(">=1.0 <3")),
        ("out-of-range", ">=1.0 <2", "minor", None),
        ("out-of-range", "^1 || ^0.9", "major", Some("^1 || ^0.9 || ^2.0")),
        ("out-of-range", "1.x", "major", Some("2.x")),
        ("always", ">=1.0 <2", "minor", Some(">=1.3 <2")),
        ("always", "~1.2.0", "patch", Some("~1.2.1")),
    ] {
        let config = format!("[dependents]\npolicy = \"{policy}\"\n");
        let released = new.map(|_| "0.5.1".to_owned());
        let expected = (released, new.map(str::to_owned));
        assert_eq!(outcome(&config, "dependencies", range, level), expected, "{policy} {range} {level}");
    }
}

#[test]
fn always_releases_a_dependent_whose_requirement_has_no_words_for_the_difference() {
    let config = "[dependents]\npolicy = \"always\"\n";
    assert_eq!(outcome(config, "dependencies", "^1.2", "patch"), (Some("0.5.1".to_owned()), None));
    assert_eq!(outcome("", "dependencies", "^1.2", "patch"), (None, None));
}

#[test]
fn a_cycle_ends_and_is_told() {
    let packages = [
        ("a 1.0.0", needs("dependencies", "b", "1.0.0")),
        ("b 1.0.0", needs("devDependencies", "c", "1.0.0")),
        ("c 1.0.0", needs("dependencies", "a", "1.0.0")),
        ("d 1.0.0", String::new()),
    ];
    let packages: Vec<(&str, &str)> = packages.iter().map(|(name, rest)| (*name, rest.as_str())).collect();
    let repo = npm("", &packages);
    let ran = plan(&repo, "-p b minor");
    assert_eq!(ran.bumps(), ["a 1.0.0 1.0.1", "b 1.0.0 1.1.0", "c 1.0.0 1.0.1"]);
    assert_eq!(ran.reasons(), ["a dependent b", "b requested", "c dependent a"]);
    let told = "`a` requires `b`, which requires `c` (dev), which requires `a`: a cycle; each of them is released once at most";
    assert_eq!(notes(&ran), [told]);
    // Who takes no part in the release is not told of.
    assert_eq!(notes(&plan(&repo, "-p d minor")), Vec::<String>::new());
    repo.relman(&["bump", "-y", "-p", "b", "minor"]).exits(0);
    repo.idle(&["check"]).exits(0);
    // What does not count makes no cycle.
    let repo = npm("[dependents]\nkinds = { dev = \"never\" }\n", &packages);
    let ran = plan(&repo, "-p b minor");
    assert_eq!((notes(&ran).len(), ran.bumps().len()), (0, 3));
}

#[test]
fn a_crate_may_require_itself_for_its_tests() {
    let own = "[package]\nname = \"a\"\nversion = \"0.3.0\"\n[dev-dependencies]\na = { path = \".\", version = \"0.3\" }\n\
               b = { path = \"../b\", version = \"0.1\" }\n";
    let other = "[package]\nname = \"b\"\nversion = \"0.1.0\"\n";
    let config = ("relman.toml", "[workspace]\nmembers = [\"p/*\"]\n");
    let repo = Texts::with(&[config, ("p/a/Cargo.toml", own), ("p/b/Cargo.toml", other)]);
    let ran = plan(&repo, "-p a minor");
    assert_eq!(ran.bumps(), ["a 0.3.0 0.4.0"]);
    assert_eq!(ran.slots(), ["p/a/Cargo.toml:3 0.3.0 0.4.0", "p/a/Cargo.toml:5 0.3 0.4"]);
    assert_eq!(notes(&ran), ["`a` requires itself (dev): a cycle; it is released once at most"]);
    let both = plan(&repo, "-p b minor");
    assert_eq!(both.bumps(), ["a 0.3.0 0.3.1", "b 0.1.0 0.2.0"]);
    // With the place in the workspace it is the same.
    let root =
        "[workspace]\nmembers = [\"p/*\"]\n[workspace.dependencies]\na = { path = \"p/a\", version = \"0.3\" }\n";
    let own = "[package]\nname = \"a\"\nversion = \"0.3.0\"\n[dev-dependencies]\na.workspace = true\n";
    let repo = Texts::with(&[config, ("Cargo.toml", root), ("p/a/Cargo.toml", own), ("p/b/Cargo.toml", other)]);
    let ran = plan(&repo, "-p a minor");
    assert_eq!((ran.bumps(), notes(&ran).len()), (vec!["a 0.3.0 0.4.0".to_owned()], 1));
    // Two manifests of one package that require each other are no cycle.
    let config = "[packages.x]\nmanifests = [\"p/a/Cargo.toml\", \"p/b/Cargo.toml\"]\n";
    let a =
        "[package]\nname = \"a\"\nversion = \"0.3.0\"\n[dependencies]\nb = { path = \"../b\", version = \"=0.3.0\" }\n";
    let b = "[package]\nname = \"b\"\nversion = \"0.3.0\"\n";
    let repo = Texts::with(&[("relman.toml", config), ("p/a/Cargo.toml", a), ("p/b/Cargo.toml", b)]);
    assert_eq!(notes(&plan(&repo, "minor")), Vec::<String>::new());
}
