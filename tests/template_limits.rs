//! A template of relman.toml cannot crash relman, nor keep it busy, nor fill the memory: it is reported with its place.

use std::time::{Duration, Instant};

use super::support::repo::Repo;

fn repo(template: &str) -> Repo {
    let toml =
        format!("[packages.a]\npath = \"a\"\n[packages.a.changelog]\ntemplate = '''{{{{ heading }}}}\n{template}'''\n");
    Repo::with(&[
        ("relman.toml", &toml),
        ("a/package.json", "{ \"name\": \"a\", \"version\": \"1.0.0\" }\n"),
        ("a/changelog.d/x.added.md", "- An entry.\n"),
    ])
}

const ENTRIES: &str = "{% for g in groups %}{% for e in g.entries %}{{ e.text }}{% endfor %}{% endfor %}";

#[test]
fn a_long_run_of_signs_is_an_error_in_every_command() {
    let signs = ["not ", "-", "(", "[", "1|upper|", "1+", "{% if 1 %}", "{{ '", "{%for a in b%}"];
    for sign in signs {
        let repo = repo(&format!("{ENTRIES}{{{{ {}1 }}}}", sign.repeat(200_000)));
        for command in
            [&["status", "--no-history"][..], &["check"], &["bump", "patch", "-n"], &["changelog", "preview"]]
        {
            repo.report(command).exits(2).finds(&["config-value relman.toml:4:12"]);
        }
    }
}

#[test]
fn nesting_within_the_length_is_read_or_refused() {
    for sign in ["not ", "-", "(", "1|e|", "1+", "{% if 1 %}", "{% for a in groups %}"] {
        let length = 16_000 - ENTRIES.len();
        let repo = repo(&format!("{ENTRIES}{{{{ {}1 }}}}", sign.repeat(length / sign.len())));
        for command in [&["check"][..], &["bump", "patch", "-n"]] {
            let ran = repo.relman(command);
            assert!(matches!(ran.code, 0 | 2 | 4), "{sign}: {ran:?}");
        }
    }
}

#[test]
fn what_grows_or_does_not_end_is_refused() {
    let doubled = format!("{{% set a = 'x' %}}{}{{{{ a }}}}", "{% set a = a ~ a %}".repeat(60));
    let listed = format!("{{% set a = [1] %}}{}{{{{ a ~ '' }}}}", "{% set a = [a, a] %}".repeat(60));
    let captured =
        format!("{{% set a %}}xxxxxxxx{{% endset %}}{}{{{{ a }}}}", "{% set a %}{{ a }}{{ a }}{% endset %}".repeat(60));
    // What needs no text is worked out while the template is read.
    let folded = format!("{{{{ 'x' * 99999999{} }}}}", " ~ 'x' * 99999999".repeat(400));
    let table = [
        "{{ 'x' * 1000000000 }}",
        "{{ 'x' * 100000000 }}{{ [1] * 100000000 }}",
        &folded,
        "{% set n = 1000000000 %}{{ 'x' * n }}",
        "{{ range(1000000000)|list }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ range(99999)|join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') }}",
        "{{ 'x'|indent(1000000000) }}",
        "{{ [1]|batch(1000000000, 'x')|list }}",
        "{{ 'x'|replace('', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'|replace('', heading * 999))|replace('', heading * 999) }}",
        "{% for i in range(9999) %}{% set x = range(9999)|sort %}{% endfor %}",
        "{{ '%1000000000d'|format(1) }}",
        &doubled,
        &listed,
        &captured,
    ];
    for template in table {
        let repo = repo(&format!("{ENTRIES}{template}"));
        let start = Instant::now();
        let ran = repo.report(&["bump", "patch", "-n"]);
        let shown: String = template.chars().take(60).collect();
        assert!(start.elapsed() < Duration::from_secs(30), "{shown} took {:?}", start.elapsed());
        assert_eq!(ran.code, 2, "{shown}: {ran:?}");
        ran.finds(&["config-value relman.toml:4:12"]);
    }
}
