//! The built-in templates.

/// The default template of a section, in the form of Keep a Changelog.
pub const DEFAULT_TEMPLATE: &str = "{{ heading }}\n{% if summary %}\n{{ summary }}\n{% endif %}{% for group in groups %}\n### {{ group.title }}\n\n{% for entry in group.entries %}{{ entry.text }}\n{% endfor %}{% endfor %}";

/// Breaking changes first, under a heading of their own; then the groups with the other changes.
const CONVENTIONAL: &str = "\
{{ heading }}
{% if summary %}
{{ summary }}
{% endif %}{% for group in groups if group.entries | selectattr('breaking') | list %}{% if loop.first %}
### Breaking changes

{% endif %}{% for entry in group.entries if entry.breaking %}{{ entry.text }}
{% endfor %}{% endfor %}{% for group in groups %}{% for entry in group.entries if not entry.breaking %}{% if loop.first %}
### {{ group.title }}

{% endif %}{{ entry.text }}
{% else %}{% if not group.entries %}
### {{ group.title }}

{% endif %}{% endfor %}{% endfor %}";

/// One list, in the order of the groups and without their headings; handwritten headings that do not belong to any type stay.
const COMPACT: &str = "\
{{ heading }}
{% if summary %}
{{ summary }}
{% endif %}{% for group in groups %}{% if not group.type %}
### {{ group.title }}

{% elif loop.first %}
{% endif %}{% for entry in group.entries %}{{ entry.text }}
{% endfor %}{% endfor %}";

/// Returns the template for a text of relman.toml: a built-in one by its name, else the text itself.
#[must_use]
pub fn template(text: &str) -> &str {
    match text {
        "keep-a-changelog" => DEFAULT_TEMPLATE,
        "conventional" => CONVENTIONAL,
        "compact" => COMPACT,
        own => own,
    }
}

#[cfg(test)]
mod tests {
    use super::super::section::{SectionContent, SectionEntry, SectionGroup};
    use super::template;

    fn group(title: &str, kind: &str, entries: &[&str]) -> SectionGroup {
        let entry = |text: &&str| SectionEntry {
            text: (*text).to_owned(),
            breaking: text.contains("Breaking"),
            ..SectionEntry::default()
        };
        SectionGroup { title: title.to_owned(), kind: kind.to_owned(), entries: entries.iter().map(entry).collect() }
    }

    #[test]
    fn each_name_has_its_shape() {
        let full = SectionContent {
            heading: "## [1.0.0]".to_owned(),
            summary: "Words.".to_owned(),
            groups: vec![
                group("Added", "added", &["- a", "- **Breaking:** b"]),
                group("Changed", "changed", &["- **Breaking:** c"]),
                group("Fixed", "fixed", &["- d"]),
                group("Known issues", "", &["- e"]),
                group("Empty", "", &[]),
            ],
            ..SectionContent::default()
        };
        let bare =
            SectionContent { summary: String::new(), groups: vec![group("Fixed", "fixed", &["- d"])], ..full.clone() };
        let table = [
            (
                "keep-a-changelog",
                "\n### Added\n\n- a\n- **Breaking:** b\n\n### Changed\n\n- **Breaking:** c\n\n### Fixed\n\n- d\n\n### Known issues\n\n- e\n\n### Empty\n",
                "\n### Fixed\n\n- d\n",
            ),
            (
                "conventional",
                "\n### Breaking changes\n\n- **Breaking:** b\n- **Breaking:** c\n\n### Added\n\n- a\n\n### Fixed\n\n- d\n\n### Known issues\n\n- e\n\n### Empty\n",
                "\n### Fixed\n\n- d\n",
            ),
            (
                "compact",
                "\n- a\n- **Breaking:** b\n- **Breaking:** c\n- d\n\n### Known issues\n\n- e\n\n### Empty\n",
                "\n- d\n",
            ),
        ];
        for (name, expected, expected_bare) in table {
            assert_eq!(full.render(template(name)).unwrap(), format!("## [1.0.0]\n\nWords.\n{expected}"), "{name}");
            assert_eq!(bare.render(template(name)).unwrap(), format!("## [1.0.0]\n{expected_bare}"), "{name}");
            let nothing = SectionContent { groups: Vec::new(), ..bare.clone() };
            assert_eq!(nothing.render(template(name)).unwrap(), "## [1.0.0]\n", "{name}");
        }
    }
}
