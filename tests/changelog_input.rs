//! Changelogs, fragments and templates that are wrong, ugly or huge: what a release says of them, and that it writes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use crate::support::repo::Repo;
use crate::support::stress;

const LOG: &str = "# Changelog\n\n## [Unreleased]\n\nProse.\n\n## [1.0.0] - 2026-01-01\n\n- One.\n";
const MINOR: [&str; 5] = ["bump", "minor", "--yes", "--date", "2026-06-29"];

fn one(config: &str, files: &[(&str, &str)]) -> Repo {
    let config = format!("[packages.a]\npath = \"a\"\n[changelog]\n{config}");
    let mut all =
        vec![("relman.toml", config.as_str()), ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n")];
    all.extend_from_slice(files);
    Repo::with(&all)
}

#[test]
fn a_fragment_that_is_none_stops_the_release() {
    let table: [(&str, &[u8], &str, &str); 12] = [
        ("x.addded.md", b"- x\n", "fragment", ""),
        ("x.added.md", b"", "fragment", ":1:1"),
        ("x.added.md", b"---\nlevel: minor\n---\n\n", "fragment", ":5:1"),
        ("x.added.md", b"- \xe9\n", "unreadable", ""),
        ("x.added.md", b"- x\n\n## [9.0.0]\n\n- y\n", "fragment", ":3:1"),
        ("x.added.md", b"- x\r\n\r\nTitle\r\n=====\r\n", "fragment", ":3:1"),
        ("x.added.md", b"x\n\n```sh\nls\n", "fragment", ":3:1"),
        ("x.added.md", b"x\n\n<!-- note\n", "fragment", ":3:1"),
        ("x.added.md", b"---\npackages: [nobody]\n---\n- x\n", "fragment", ":2:12"),
        ("x.added.md", b"---\npackages: [a]\n- x\n", "fragment", ":1:1"),
        ("x.md", b"- x\n", "fragment", ""),
        ("old/x.added.md", b"- x\n", "fragment", ""),
    ];
    for (name, bytes, code, place) in table {
        let repo = one("", &[("a/CHANGELOG.md", LOG), ("a/changelog.d/fine.fixed.md", "- Fine.\n")]);
        let path = repo.root().join("a/changelog.d").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        repo.commit(&[]);
        // A folder among the fragments is reported, and not what is in it.
        let found = name.split('/').next().unwrap();
        repo.report(&MINOR).exits(2).finds(&[&format!("{code} a/changelog.d/{found}{place}")]);
        repo.report(&["check"]).exits(3).finds(&[&format!("fragment a/changelog.d/{found}{place}")]);
    }
}

#[test]
fn auto_reports_a_fragment_that_cannot_be_read() {
    let table = [
        ("x.addded.md", "- x\n", "", "`added`"),
        ("2585.changed.1.md", "- x\n", "", "`2585.1.changed.md`"),
        ("77.fixed", "- x\n", "", "SLUG.TYPE.md"),
        ("77.fixed.rst", "- x\n", "", "SLUG.TYPE.md"),
        ("x.removed.md", "---\npackages: [nobody]\n---\n- x\n", ":2:12", "`nobody`"),
        ("y.fixed.md", "", ":1:1", "empty"),
        ("z.fixed.md", "---\nlevel: huge\n---\n- x\n", ":2:8", "`huge`"),
    ];
    for (name, text, place, said) in table {
        let repo = one("", &[("a/CHANGELOG.md", LOG), ("a/changelog.d/README.md", ""), ("a/changelog.d/.keep", "")]);
        repo.git(&["tag", "-am", "x", "a-v1.0.0"]);
        let auto = ["bump", "auto", "--yes"];
        repo.idle(&auto).exits(5);
        let path = format!("a/changelog.d/{name}");
        repo.commit(&[(path.as_str(), text), ("a/changelog.d/also.bad.md", "- x\n")]);
        let mut problems = ["fragment a/changelog.d/also.bad.md", &format!("fragment {path}{place}")];
        problems.sort_unstable();
        repo.report(&auto).exits(2).finds(&problems).says(&[said]);
        repo.report(&["bump", "auto", "alpha", "--yes"]).exits(2).finds(&problems);
        repo.report(&["bump", "--all", "auto", "--dry-run"]).exits(2).finds(&problems);
    }
}

#[cfg(unix)]
#[test]
fn a_slug_with_a_path_in_it_is_no_fragment() {
    for name in ["a\\b.added.md", "x\\..\\y.added.md"] {
        let repo = one("", &[("a/CHANGELOG.md", LOG)]);
        fs::create_dir_all(repo.root().join("a/changelog.d")).unwrap();
        fs::write(repo.root().join("a/changelog.d").join(name), "- x\n").unwrap();
        repo.commit(&[]);
        let problem = format!("fragment a/changelog.d/{name}");
        repo.report(&MINOR).exits(2).finds(&[&problem]);
        repo.report(&["check"]).exits(3).finds(&[&problem]);
    }
}

#[test]
fn without_a_section_of_what_is_not_released_the_new_one_stands_on_top() {
    let log = LOG.replace("## [Unreleased]\n\nProse.\n\n", "");
    let repo = one("", &[("a/CHANGELOG.md", log.as_str()), ("a/changelog.d/x.added.md", "- x\n")]);
    repo.relman(&MINOR).exits(0);
    let new = "## [1.1.0] - 2026-06-29\n\n### Added\n\n- x\n\n## [1.0.0]";
    assert_eq!(repo.read("a/CHANGELOG.md").unwrap(), log.replace("## [1.0.0]", new));
}

#[test]
fn a_template_ends_whatever_it_says() {
    let table = [
        ("{% for i in range(10**9) %}{{ heading }}{% endfor %}", "range has too many elements"),
        ("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "does not terminate"),
        ("{% for a in range(9999) %}{{ heading * 1000 }}{% endfor %}", "does not terminate"),
        ("{{ 'x' * 10**10 }}", "repeated string is too large"),
        ("{{ [1] * 10**10 }}", "repeated sequence is too large"),
        ("{{ 'x'|indent(10**10) }}", "indent takes at most 1000 columns"),
        ("{{ 'x'|indent(width=10**10) }}", "indent takes at most 1000 columns"),
        ("{{ '%10000000000d'|format(3) }}", "format is unknown"),
        ("{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}", "namespace"),
        ("{% if %}", "the template cannot be read on line 1"),
        ("{{ heading }}\n{{ groups[0].nope }}", "the template fails on line 2"),
        ("{{ heading }}", "the template leaves out \"Prose.\""),
    ];
    for (template, why) in table {
        let repo = one(&format!("template = \"\"\"{template}\"\"\""), &[("a/CHANGELOG.md", LOG)]);
        let start = Instant::now();
        repo.report(&MINOR).exits(2).finds(&["config-value relman.toml:4:12"]).says(&[why]);
        assert!(start.elapsed() < Duration::from_secs(60), "{template}");
    }
    let template = "{{ heading }}\n\n{{ summary|indent(2, first=true) }}\n";
    let repo = one(&format!("template = \"\"\"{template}\"\"\""), &[("a/CHANGELOG.md", LOG)]);
    repo.relman(&MINOR).exits(0);
    assert!(repo.read("a/CHANGELOG.md").unwrap().contains("\n  Prose.\n"));
}

#[test]
fn fragments_that_were_removed_and_not_committed_stop_the_release() {
    let repo = one("", &[("a/CHANGELOG.md", LOG), ("a/changelog.d/x.added.md", "- x\n")]);
    fs::remove_dir_all(repo.root().join("a/changelog.d")).unwrap();
    repo.idle(&MINOR).exits(4).says(&["the work tree is not clean: a/changelog.d/x.added.md"]);
    repo.idle(&["check"]).exits(0);
    repo.commit(&[]);
    repo.relman(&MINOR).exits(0);
    let empty = LOG.replace("Prose.\n\n", "");
    let repo = one("fragments = \"news\"\n", &[("a/CHANGELOG.md", empty.as_str())]);
    repo.idle(&MINOR).exits(4).says(&["the section of `a` 1.1.0 in a/CHANGELOG.md would be empty"]);
}

#[test]
fn a_fragment_for_two_packages_is_told_by_both_and_goes_with_the_last() {
    let repo = Repo::with(&[
        ("relman.toml", "[packages.a]\npath = \"a\"\n[packages.b]\npath = \"b\"\n[changelog]\n"),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        ("b/package.json", "{ \"name\": \"b\", \"version\": \"1.0.0\" }\n"),
        ("a/changelog.d/x.added.md", "---\r\npackages: [a, b]\r\n---\r\n- For both.\r\n"),
    ]);
    repo.relman(&[&MINOR[..], &["-p", "b"]].concat()).exits(0);
    assert_eq!(repo.read("a/changelog.d/x.added.md").unwrap(), "---\r\npackages: [a]\r\n---\r\n- For both.\r\n");
    assert!(repo.read("b/CHANGELOG.md").unwrap().contains("- For both.\n"));
    assert_eq!(repo.read("a/CHANGELOG.md"), None);
    repo.relman(&[&MINOR[..], &["-p", "a"]].concat()).exits(0);
    assert_eq!(repo.read("a/changelog.d/x.added.md"), None);
    assert_eq!(repo.read("a/CHANGELOG.md").unwrap().matches("- For both.\n").count(), 1);
}

#[test]
fn a_changelog_of_many_megabytes_is_rotated_and_one_above_the_limit_refused() {
    // Code is what a parser is done with soonest.
    let code = format!(
        "```\n{}```\n",
        "## [9.9.9] is a line of code, of some length, in a release of long ago\n".repeat(2_000)
    );
    let mut log = String::from("# Changelog\n\n## [Unreleased]\n\nProse.\n");
    for release in (0..5000).rev() {
        if log.len() < stress::size(3_000_000, 50_000_000) {
            log.push_str(&format!("\n## [0.{release}.0] - 2025-01-01\n\n### Fixed\n\n{code}"));
        }
    }
    let repo = one("", &[("a/CHANGELOG.md", log.as_str())]);
    repo.relman(&MINOR).exits(0);
    let new = "## [Unreleased]\n\n## [1.1.0] - 2026-06-29\n\nProse.\n";
    assert!(repo.read("a/CHANGELOG.md").unwrap() == log.replacen("## [Unreleased]\n\nProse.\n", new, 1));
    let file = fs::File::options().write(true).open(repo.root().join("a/CHANGELOG.md")).unwrap();
    file.set_len(68_000_000).unwrap();
    repo.report(&[&MINOR[..], &["--allow-dirty"]].concat()).exits(2).finds(&["unreadable a/CHANGELOG.md"]);
}

/// Entries as people and their editors leave them; each holds its own number.
fn ugly(n: usize) -> String {
    match n % 10 {
        0 => format!("- Plain {n}."),
        1 => format!("- With CRLF {n},\r\n  and a second line.\r\n\r\n  And a paragraph."),
        2 => format!("- A fence {n}:\n\n  ```md\n  ## [9.9.{n}]\n  - not an entry\n  ```"),
        3 => format!("- Nested {n}:\n  - one\n    - two\n  1. three\n\n  #### Below {n}"),
        4 => format!("- Über {n} – 漢字 🦀 e\u{301} \u{a0}\u{200b}."),
        5 => format!("- Trailing {n}.  \n  Blanks.\t \n\n\n"),
        6 => format!("~~~~\n```\n{n}\n~~~~\n\n* Another mark {n}"),
        7 => format!(
            "No list {n}, [a link][r{n}] <b>x</b> {{{{ heading }}}} {{% raw %}}\n\n[r{n}]: https://example.com/{n}"
        ),
        8 => format!("- <!-- closed {n} --> \\# none \\\\ `## [{n}.0.0]`\n\n      ## [{n}.1.0] as code"),
        _ => format!("Text {n}\n\t# tab {n}\n\n> ## [1.2.{n}]\n> quoted"),
    }
}

#[test]
fn many_ugly_fragments_are_each_told_once() {
    for newline in ["\n", "\r\n"] {
        let paths = ["a", "b", "c"].map(|name| format!("[packages.{name}]\npath = \"{name}\"\n")).concat();
        let repo = Repo::with(&[("relman.toml", &format!("{paths}[changelog]\n"))]);
        let log = LOG.replace('\n', newline);
        for name in ["a", "b", "c"] {
            repo.write(
                &format!("{name}/package.json"),
                &format!("{{ \"name\": \"{name}\", \"version\": \"1.0.0\" }}\n"),
            );
            repo.write(&format!("{name}/CHANGELOG.md"), &log);
        }
        let mut expected: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for n in 0..stress::size(140, 800) {
            let kind = ["added", "changed", "deprecated", "removed", "fixed", "security"][n % 6];
            let home = ["a", "b"][n / 10 % 2];
            let of = [&["a", "b"][..], &["b", "c"], &["c", "a", "b"], &[], &[], &[], &[]][n % 7];
            let front =
                if of.is_empty() { String::new() } else { format!("---\npackages: [{}]\n---\n", of.join(", ")) };
            // Some say the same as others.
            let entry = ugly(if n % 50 == 0 { 0 } else { n });
            repo.write(&format!("{home}/changelog.d/{n}.{kind}.md"), &format!("{front}{entry}\n"));
            for package in if of.is_empty() { std::slice::from_ref(&home) } else { of } {
                expected.entry(package).or_default().push(entry.replace("\r\n", "\n").trim_end().to_owned());
            }
        }
        repo.commit(&[]);
        repo.relman(&[&MINOR[..], &["-p", "a", "-p", "b"]].concat()).exits(0);
        for name in ["a", "b"] {
            let text = repo.read(&format!("{name}/CHANGELOG.md")).unwrap();
            assert_eq!(text.replace(newline, "").find('\n'), None, "all lines end as those that were there");
            told_once(&text.replace("\r\n", "\n"), &expected[name]);
        }
        assert_eq!(repo.read("c/CHANGELOG.md").unwrap(), log);
        // What c waits for is still there, and goes with it.
        let left = repo.git(&["ls-files", "a/changelog.d", "b/changelog.d"]);
        assert_eq!(left.lines().count(), expected["c"].len());
        repo.relman(&[&MINOR[..], &["-p", "c"]].concat()).exits(0);
        told_once(&repo.read("c/CHANGELOG.md").unwrap().replace("\r\n", "\n"), &expected["c"]);
        assert_eq!(repo.git(&["ls-files", "a/changelog.d", "b/changelog.d"]), "");
    }
}

/// Takes every entry out of the new section once; then nothing but headings and the prose is left.
fn told_once(text: &str, entries: &[String]) {
    let start = text.find("## [1.1.0] - 2026-06-29\n").unwrap();
    let end = text.rfind("## [1.0.0] - 2026-01-01\n").unwrap();
    let mut section = text[start..end].to_owned();
    for entry in entries {
        let at = section.find(&format!("\n{entry}\n")).unwrap_or_else(|| panic!("{entry:?} is missing"));
        section.replace_range(at + 1..=at + entry.len(), "");
    }
    let groups = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let mut left: Vec<&str> = section.lines().filter(|line| !line.is_empty()).collect();
    left.retain(|line| !groups.iter().any(|group| *line == format!("### {group}")));
    assert_eq!(left, ["## [1.1.0] - 2026-06-29", "Prose."]);
    assert_eq!(&text[..start], "# Changelog\n\n## [Unreleased]\n\n");
    assert_eq!(&text[end..], "## [1.0.0] - 2026-01-01\n\n- One.\n");
}
