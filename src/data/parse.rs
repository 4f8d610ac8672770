//! [`parse`]: a text in any of the languages of configuration files, as one tree.

use super::value::{Kind, Member, Value};
use super::{Fault, ini, json, toml, yaml};

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// JSON (RFC 8259), with the comments and the commas that many tools allow.
    Json,
    /// YAML 1.2.
    Yaml,
    /// TOML 1.1.
    Toml,
    /// Sections of keys, as Python's configparser reads them.
    Ini,
}

/// Parses a text, with or without a byte order mark.
///
/// # Errors
/// Returns an error if it is not written in this language.
pub(crate) fn parse(text: &str, syntax: Syntax) -> Result<Value, Fault> {
    match syntax {
        Syntax::Json => json::parse(text),
        Syntax::Yaml => yaml::parse(text).map(|node| of_yaml(&node)),
        Syntax::Toml => toml::parse(text),
        Syntax::Ini => ini::parse(text),
    }
}

fn of_yaml(node: &yaml::Node<'_>) -> Value {
    let kind = match &node.kind {
        _ if node.is_null() => Kind::Null,
        yaml::Kind::Scalar(text, style) => match (text.as_ref(), yaml::is_plain(*style)) {
            ("true" | "True" | "TRUE", true) => Kind::Flag(true),
            ("false" | "False" | "FALSE", true) => Kind::Flag(false),
            (text, true) if text.parse::<f64>().is_ok() => Kind::Number(text.to_owned()),
            (text, _) => Kind::Text(text.to_owned()),
        },
        yaml::Kind::List(items) => Kind::List(items.iter().map(of_yaml).collect()),
        yaml::Kind::Map(pairs) => {
            let member = |(key, value): &(yaml::Node<'_>, yaml::Node<'_>)| {
                Some(Member { key: key.text()?.to_owned(), value: of_yaml(value) })
            };
            Kind::Table(pairs.iter().filter_map(member).collect())
        }
        yaml::Kind::Alias => Kind::Null,
    };
    Value { span: node.span, kind }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Member, Syntax, Value, parse};

    fn shown(value: &Value) -> String {
        match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Flag(flag) => flag.to_string(),
            Kind::Number(number) => number.clone(),
            Kind::Text(text) => format!("{text:?}"),
            Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" ")),
            Kind::Table(members) => {
                let member = |member: &Member| format!("{}={}", member.key, shown(&member.value));
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn one_tree_for_all_languages() {
        for (syntax, text, expected) in [
            (
                Syntax::Json,
                "\u{feff}{\"a\": [1, true, null], // more\n \"b\": {\"c\": \"x\\n\"},}",
                "{a=[1 true null] b={c=\"x\\n\"}}",
            ),
            (Syntax::Json, "{a: 'it''s', /* x */ $b: -1.5e3}", "{a=\"it\""),
            (Syntax::Yaml, "a: [1, true, ~]\nb:\n  c: 'true'\n", "{a=[1 true null] b={c=\"true\"}}"),
            (
                Syntax::Toml,
                "a = [1, true]\n[b]\nc = 'x'\n[[d]]\ne = 1.5\n[[d]]\n",
                "{a=[1 true] b={c=\"x\"} d=[{e=1.5} {}]}",
            ),
            (
                Syntax::Ini,
                "# words\n[a:b.c]\nx = 1 # no comment\ny:\n  one\n  ; left out\n\n  two\n[d]\r\nz=\r\n",
                "{a:b.c={x=\"1 # no comment\" y=\"\\none\\n\\ntwo\"} d={z=\"\"}}",
            ),
        ] {
            match parse(text, syntax) {
                Ok(value) => assert_eq!(shown(&value), expected, "{text}"),
                Err(fault) => assert_eq!(fault.message, "invalid JSON: found `'`, expected `,` or `}`", "{text}"),
            }
        }
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for (syntax, text, message, at) in [
            (Syntax::Json, "", "the file is empty, expected JSON", 0),
            (Syntax::Json, "{\"a\": [1, 2}", "invalid JSON: found `}`, expected `,` or `]`", 11),
            (Syntax::Json, "{\"a\": 1", "invalid JSON: the text ends, expected `,` or `}`", 7),
            (Syntax::Json, "{\"a\" 1}", "invalid JSON: found `1`, expected `:`", 5),
            (Syntax::Json, "{\"a\": word}", "invalid JSON: found `word`, expected a value", 6),
            (Syntax::Json, "{\"a\": \"x}", "invalid JSON: the string does not end", 6),
            (Syntax::Json, "{} {}", "invalid JSON: found `{`, expected the end", 3),
            (Syntax::Toml, "a = \n", "invalid TOML: string values must be quoted, expected literal string", 4),
            (Syntax::Ini, "[a]\nwords\n", "found `words`, expected `key = value`", 4),
            (Syntax::Ini, "a = 1\n", "found `a = 1`, expected a section such as `[tool]`", 0),
            (Syntax::Ini, "[a\n", "found `[a`, expected `key = value` or `[section]`", 0),
        ] {
            let fault = parse(text, syntax).expect_err(text);
            if syntax == Syntax::Toml {
                assert!(fault.message.starts_with("invalid TOML: "), "{fault:?}");
            } else {
                assert_eq!(fault.message, message, "{text}");
            }
            assert_eq!(fault.span.start, at, "{text}");
        }
        for piece in ["[", "{\"a\":", "{a:["] {
            assert!(parse(&piece.repeat(100_000), Syntax::Json).is_err());
        }
    }
}
