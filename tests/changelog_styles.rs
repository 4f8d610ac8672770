//! Changelogs of any style: their sections are found, and a new one is put above all of them and found again.
//!
//! `PROPTEST_CASES=10000 cargo test changelog_styles` holds the law longer.

use proptest::prelude::{Strategy, any};
use relman::changelog::{Document, NewSection, Rotation, Title, TitleReader, rotate};
use relman::model::VersionScheme;

/// Headings of releases as tools and people write them; `V` is the version and `M` the marks of the level.
const HEADINGS: [&str; 34] = [
    // Keep a Changelog, git-cliff
    "M [V] - 2026-01-01",
    "M [V] - 2026-01-01 [YANKED]",
    "M \\[V\\] - 2026-01-01",
    "M &#91;V&#93;&nbsp;-&nbsp;2026-01-01",
    // conventional-changelog, semantic-release, standard-version, lerna
    "M [V](https://example.com/compare/v1...v2) (2026-01-01)",
    "M <small>V (2026-01-01)</small>",
    "M <a name=\"V\"></a> V (2026-01-01)",
    "M [V][link] (2026-01-01)",
    // changesets, release-please, auto
    "M V",
    "M vV (2026-01-01)",
    "M 🚀 Release V",
    "M :tada: V",
    // towncrier, scriv, R, Go
    "M relman V (2026-01-01)",
    "M Relman V — 2026-01-01",
    "M relman vV",
    "M relman@V",
    "M @acme/relman@V",
    "M relman-vV",
    "M relman/vV - 2026-01-01",
    // by hand
    "M **V**",
    "M **V** _(2026-01-01)_",
    "M `V`",
    "M *Version V*",
    "M Version V",
    "M Release V (2026-01-01)",
    "M Changes in V",
    "M V / 2026-01-01",
    "M V, January 1st, 2026",
    "M V: \"Moon\"",
    "M V – “Mond” 🌙",
    "M V {#release}",
    "M V <!-- of old --> ##",
    "V (2026-01-01)\n--------------",
    "[V](https://example.com)\n===",
];

/// What belongs to the heading below.
const LEADS: [&str; 8] = [
    "",
    "<a name=\"V\"></a>\n",
    "<a id='changelog-V'></a>\n\n",
    "---\n\n",
    "* * *\n",
    "<!-- release V -->\n\n",
    "<!-- mark -->\n",
    "---\n\n<a id=V></a>\n",
];

const BODIES: [&str; 9] = [
    "",
    "- one\n- two\n",
    "### Features\n\n* one ([abc](https://example.com))\n\n### Bug Fixes\n\n* two\n",
    "**Note:** Version bump only for package relman\n",
    "### Node 18.0.0 support\n\nWords.\n\n#### deeper\n",
    "```md\n## [9.9.9]\n```\n",
    "### Migrating from 1.x to 2.0.0\n\n1. one\n   ## [9.9.9]\n",
    "### :bug: Fixed\n\n- one\n\n> ## [9.9.9]\n",
    "### other@18.0.0\n\n- one\n\n<details>\n\n- two\n\n</details>\n",
];

const INTROS: [&str; 6] = [
    "",
    "# Changelog\n\n",
    "Changelog\n=========\n\nAll notable changes, as in [SemVer](https://semver.org) 2.0.0.\n\n",
    "# Changelog\n\n<!-- towncrier release notes start -->\n\n",
    "<h1>Changelog</h1>\n\n",
    "# Changelog\n\n## [Unreleased]\n\n",
];

const FEET: [&str; 3] = ["", "\n[link]: https://example.com\n", "\n[1.5.0]: https://example.com/1.5.0\n[link]: x\n"];

const TEMPLATES: [&str; 7] = [
    "## [{version}] - {date}",
    "# {version}",
    "### v{version} ({date})",
    "## \\[{version}\\] *{date}*",
    "## {name} {version} ({date})",
    "## [{name}@{version}](https://example.com/{version})",
    "# 🚀 **{version}**&nbsp;({date})",
];

fn titles(template: &str) -> TitleReader {
    TitleReader::new(template, VersionScheme::Semver).of_packages(["relman".to_owned()])
}

fn marked(heading: &str, level: usize, version: &str) -> String {
    let heading = heading.strip_prefix('M').map_or(heading.to_owned(), |rest| format!("{}{rest}", "#".repeat(level)));
    heading.replace('V', version).replace(&format!("{version}ersion"), "Version")
}

/// The versions of a text's sections, from the top, and what stands in each.
fn sections(text: &str, titles: &TitleReader) -> Vec<(String, String)> {
    let document = Document::read(text, titles);
    let releases = document.sections.iter().filter_map(|section| match &section.title {
        Title::Release { written, .. } => {
            Some((written.clone(), section.span().of(text).unwrap().trim_end().to_owned()))
        }
        Title::Unreleased => None,
    });
    releases.collect()
}

/// Releases a version and returns the new text.
fn released(text: &str, template: &str, version: &str) -> String {
    let titles = titles(template);
    let words = [("{version}", version), ("{name}", "relman"), ("{date}", "2026-07-01")];
    let heading = words.iter().fold(template.to_owned(), |heading, (word, value)| heading.replace(word, value));
    let new = [NewSection { text: format!("{heading}\n\n### Added\n\n- new in {version}\n"), link: None }];
    let rotation = Rotation { sections: &new, placeholder: "", unreleased: None };
    let edits = rotate(&Document::read(text, &titles), &titles, rotation);
    edits.unwrap_or_else(|error| panic!("{error}: {text:?}")).apply(text).unwrap()
}

/// Holds that a changelog has these versions, and still has them, untouched and below the new ones, after two releases.
fn holds(text: &str, template: &str, versions: &[String]) {
    let titles = titles(template);
    let before = sections(text, &titles);
    let found: Vec<&String> = before.iter().map(|(version, _)| version).collect();
    assert_eq!(found, versions.iter().collect::<Vec<_>>(), "{template}: {text:?}");
    let once = released(text, template, "2.0.0");
    let twice = released(&once, template, "2.0.1");
    let after = sections(&twice, &titles);
    let found: Vec<&str> = after.iter().map(|(version, _)| version.as_str()).collect();
    let expected: Vec<&str> = ["2.0.1", "2.0.0"].into_iter().chain(versions.iter().map(String::as_str)).collect();
    assert_eq!(found, expected, "{template}: {twice:?}");
    assert_eq!(after[2..], before, "{template}: {twice:?}");
    for (version, said) in &after[..2] {
        assert_eq!(said.matches("- new in").count(), 1, "{version}: {twice:?}");
        assert!(said.trim_end().ends_with(&format!("- new in {version}")), "{version}: {twice:?}");
    }
}

#[test]
fn every_style_is_read_and_continued() {
    for heading in HEADINGS {
        for lead in LEADS {
            let part = |version: &str, level: usize| {
                let lead = lead.replace('V', version);
                format!("{lead}{}\n\n- in {version}\n\n", marked(heading, level, version))
            };
            for (newest, level) in [("1.2.1", 3), ("1.2.1", 2), ("1.3.0", 1)] {
                let text = format!("# Changelog\n\n{}{}[link]: x\n", part(newest, level), part("1.2.0", 2));
                for template in [TEMPLATES[0], TEMPLATES[4]] {
                    holds(&text, template, &[newest.to_owned(), "1.2.0".to_owned()]);
                }
            }
        }
    }
}

/// A changelog: its text and the versions in it.
fn changelog() -> impl Strategy<Value = (String, Vec<String>)> {
    let section = (0..HEADINGS.len(), 0..LEADS.len(), 0..BODIES.len(), 1..5_usize);
    let sections = proptest::collection::vec(section, 0..5);
    let ends = (0..INTROS.len(), 0..FEET.len(), any::<bool>(), any::<bool>());
    (ends, sections).prop_map(|((intro, foot, crlf, bom), sections)| {
        let mut text = INTROS[intro].to_owned();
        let mut versions = Vec::new();
        for (index, (heading, lead, body, level)) in sections.into_iter().enumerate() {
            let version = format!("1.{}.0", 9 - index);
            let heading = marked(HEADINGS[heading], level, &version);
            text.push_str(&format!("{}{heading}\n\n{}\n", LEADS[lead].replace('V', &version), BODIES[body]));
            versions.push(version);
        }
        text.push_str(FEET[foot]);
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        (if bom { format!("\u{feff}{text}") } else { text }, versions)
    })
}

proptest::proptest! {
    #[test]
    fn a_section_is_found_again_above_all_older_ones((text, versions) in changelog(), template in 0..TEMPLATES.len()) {
        holds(&text, TEMPLATES[template], &versions);
    }
}
