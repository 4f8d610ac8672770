//! [`check`]: validates the template of a changelog's section.

use std::collections::BTreeSet;

use crate::model::{
    LONGEST_TEMPLATE, MOST_TIMES, TemplateGrowth, choices, did_you_mean, on_deep_stack, template_engine,
};

/// The variables of a section's template.
const KNOWN: [&str; 7] = ["heading", "version", "date", "tag", "previous_tag", "summary", "groups"];

/// The names of the built-in templates; the first one is the default.
pub const TEMPLATES: [&str; 3] = ["keep-a-changelog", "conventional", "compact"];

/// What is wrong with a template.
pub(super) struct Wrong {
    /// What was found, and on which line of the template.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: String,
}

/// Finds what is wrong with a template before anything is rendered: its syntax, an unknown variable, an unknown filter,
/// function or test.
pub(super) fn check(text: &str) -> Option<Wrong> {
    if TEMPLATES.contains(&text) {
        return None;
    }
    if !text.contains("{{") && !text.contains("{%") && !text.contains('\n') {
        let message = format!("unknown template `{text}`");
        let help = format!("expected {}, or the text of a template, which contains `{{{{`", choices(&TEMPLATES));
        return Some(Wrong { message, help });
    }
    if text.len() > LONGEST_TEMPLATE {
        let message = format!("the template has {} bytes, expected at most {LONGEST_TEMPLATE}", text.len());
        return Some(Wrong { message, help: "write repetition as a loop".to_owned() });
    }
    if TemplateGrowth::of(text).times.is_none() {
        let message = "the template multiplies by a number that is not written out".to_owned();
        return Some(Wrong { message, help: "write the number beside `*`, as in `\"=\" * 40`".to_owned() });
    }
    if TemplateGrowth::of(text).times > Some(MOST_TIMES) {
        let message = format!("the template can make a text more than {MOST_TIMES} times as long as all its input");
        return Some(Wrong { message, help: "join and repeat fewer values".to_owned() });
    }
    on_deep_stack(|| check_syntax(text)).unwrap_or_else(|| {
        let message = "there is not enough memory to read the template".to_owned();
        Some(Wrong { message, help: "raise the limit on memory (`ulimit -v`)".to_owned() })
    })
}

fn check_syntax(text: &str) -> Option<Wrong> {
    let environment = template_engine(0);
    let template = match environment.template_from_str(text) {
        Ok(template) => template,
        Err(error) => {
            let line = error.line().map_or(String::new(), |line| format!(" on line {line}"));
            let said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            let message = format!("the template cannot be read{line}: {said}");
            return Some(Wrong { message, help: "use the syntax of Jinja, as minijinja supports it".to_owned() });
        }
    };
    let globals: BTreeSet<String> = environment.globals().map(|(name, _)| name.to_owned()).collect();
    let used: BTreeSet<String> = template.undeclared_variables(false).into_iter().collect();
    let unknown = used.iter().find(|name| !KNOWN.contains(&name.as_str()) && !globals.contains(*name))?;
    let message = format!("unknown name `{unknown}` in the template");
    let help = match unknown.as_str() {
        // In a template, a hyphen is a minus.
        "previous" => "write `previous_tag`".to_owned(),
        other => did_you_mean(other, &KNOWN, || format!("expected {}", choices(&KNOWN))),
    };
    Some(Wrong { message, help })
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn templates_are_checked_when_they_are_read() {
        let table = [
            (
                "{{ heading }}\n{% for g in groups %}{{ g.title }}{% for e in g.entries %}{{ e.text }}{% endfor %}{% endfor %}",
                "",
            ),
            (
                "{{ tag }} {{ previous_tag }} {{ date|upper }} {% if summary %}x{% endif %}{% for i in range(3) %}{% endfor %}",
                "",
            ),
            ("keep-a-changelog", ""),
            ("compact", ""),
            (
                "compakt",
                "unknown template `compakt`; expected `keep-a-changelog`, `conventional` or `compact`, or the text of a template, which contains `{{`",
            ),
            ("{{ headin }}", "unknown name `headin` in the template; did you mean `heading`?"),
            ("{{ previous-tag }}", "unknown name `previous` in the template; write `previous_tag`"),
            (
                "{{ colour }}",
                "unknown name `colour` in the template; expected `heading`, `version`, `date`, `tag`, `previous_tag`, `summary` or `groups`",
            ),
        ];
        for (text, expected) in table {
            let found = check(text).map_or(String::new(), |wrong| format!("{}; {}", wrong.message, wrong.help));
            assert_eq!(found, expected, "{text}");
        }
        for text in ["{% for x in groups %}", "a\n{{ heading", "{% nope %}", "{% endfor %}", "{{ heading | }}"] {
            let wrong = check(text).unwrap();
            assert!(wrong.message.starts_with("the template cannot be read on line "), "{text}: {}", wrong.message);
        }
    }
}
