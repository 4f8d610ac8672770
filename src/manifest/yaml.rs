//! Any YAML file, by pointer.

use super::json::{keys_there, length_there, pointer_index};
use super::yaml_document::{parse, scalar};
use super::{Found, VersionPlace};
use crate::data::Fault;
use crate::data::yaml::{Kind, Node};
use crate::model::Pointer;

/// Finds the one scalar that the pointer names.
pub(super) fn find(text: &str, pointer: &Pointer) -> Result<Found, Vec<Fault>> {
    locate(text, pointer).map_err(|fault| vec![fault])
}

fn locate(text: &str, pointer: &Pointer) -> Result<Found, Fault> {
    let root = parse(text)?;
    let mut node = &root;
    for key in pointer.keys() {
        let next = match &node.kind {
            Kind::List(items) => pointer_index(key).and_then(|index| items.get(index)),
            _ => node.get(key),
        };
        node = next.ok_or_else(|| {
            let message = format!("the pointer `{pointer}` does not resolve: `{key}` not found");
            Fault::new(node.span, message).help(choices(node, key))
        })?;
    }
    let field = pointer.to_string();
    let scalar = scalar(node, text, &field)?;
    Ok(Found { versions: vec![VersionPlace::behind_v(field, scalar)], ..Found::default() })
}

/// Describes what the node has instead of `key`.
fn choices(node: &Node<'_>, key: &str) -> String {
    match &node.kind {
        Kind::Map(pairs) => keys_there(key, pairs.iter().filter_map(|(key, _)| key.text())),
        Kind::List(items) => length_there(key, items.len()),
        _ => format!("found {}", node.what()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::BOM;

    fn run(text: &str, pointer: &str) -> Result<String, (String, String, String)> {
        let found = find(text, &Pointer::new(pointer).unwrap()).map_err(|faults| {
            let fault = faults.into_iter().next().unwrap();
            (fault.message.clone(), fault.span.of(text).unwrap().to_owned(), fault.help.unwrap_or_default())
        })?;
        let place = &found.versions[0];
        assert_eq!((place.field.as_str(), place.scalar.span.of(text)), (pointer, Some(place.scalar.text.as_str())));
        Ok(place.scalar.text.clone())
    }

    #[test]
    fn a_pointer_finds_one_scalar() {
        let text = "%YAML 1.2\n---\na: 1.2.3   # 1.2.3\n'b': '1.2.4' # it's\n\"c\" : \"1.2.5\"\t# \"x\"\nd: [ 1.10, {v: 1.2.7, w: x} , \"1.2.8\"]\n\
            e: &anchor !!str 1.2.9 # é\nf/~:\n- v: 1.3.0\n-\n  ? v\n  : '1.3.1'\nä: !x \"1.3.2\"\ng:\n\n  # why\n  1.3.3\nh:\t1.3.4\n? i\n: \"\"\n\"\": 1.3.5";
        let cases = [
            ("/a", "1.2.3"),
            ("/b", "1.2.4"),
            ("/c", "1.2.5"),
            ("/d/0", "1.10"),
            ("/d/1/v", "1.2.7"),
            ("/d/2", "1.2.8"),
            ("/e", "1.2.9"),
            ("/f~1~0/0/v", "1.3.0"),
            ("/f~1~0/1/v", "1.3.1"),
            ("/ä", "1.3.2"),
            ("/g", "1.3.3"),
            ("/h", "1.3.4"),
            ("/i", ""),
            ("/", "1.3.5"),
        ];
        for (pointer, value) in cases {
            for variant in [text.to_owned(), text.replace('\n', "\r\n"), format!("{BOM}{text}\r\n")] {
                assert_eq!(run(&variant, pointer), Ok(value.to_owned()), "{pointer} in {variant:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_edited_is_a_fault() {
        let plainly = "write it plainly on one line, as in \"1.2.3\"";
        let text_wanted = |what: &str| format!("`/v` is {what}, expected a text");
        let escapes = "`/v` is written with escapes or over several lines".to_owned();
        let cases = [
            ("x: &a 1\nv: *a # alias\n", text_wanted("an alias"), "*a", "write the value itself here"),
            ("v:\nw: 1\n", text_wanted("empty"), "", plainly),
            ("v: ~\n", text_wanted("empty"), "~", plainly),
            ("v: [1]\n", text_wanted("a list"), "[1]", plainly),
            ("v: 'it''s'\n", escapes.clone(), "'it''s'", plainly),
            ("v: \"1\\x2e2\"\n", escapes.clone(), "\"1\\x2e2\"", plainly),
            ("v: 1.2\n  .3\n", escapes, "1.2\n  .3", plainly),
        ];
        for (text, message, span, help) in cases {
            assert_eq!(run(text, "/v"), Err((message, span.to_owned(), help.to_owned())), "{text:?}");
        }
        let block = run("v: |\n  1.2.3\n", "/v").unwrap_err();
        assert_eq!(block.0, "`/v` is a block of lines, expected a text on one line");
        let template = run("v: {{ .Values.version }}\n", "/v").unwrap_err();
        assert!(template.2.contains("template"), "{template:?}");
    }

    #[test]
    fn what_to_do_about_a_file_that_is_not_one_document() {
        let template = run("a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n", "/a").unwrap_err();
        assert!(template.2.contains("template"), "{template:?}");
        let second = run("a: 1\n---\nb: 2\n", "/a").unwrap_err();
        assert!(second.2.contains("`search`"), "{second:?}");
    }

    #[test]
    fn a_pointer_that_leads_nowhere_says_what_is_there() {
        let text = "info: {verison: 1}\nlist:\n- 1\nx: &x {v: 1}\ny: *x\n";
        for (pointer, key, help) in [
            ("/info/version", "version", "did you mean `verison`?"),
            ("/version", "version", "the keys are `info`, `list`, `x`, `y`"),
            ("/list/1", "1", "index 1 is out of bounds: the array has 1 element"),
            ("/list/-", "-", "`-` is not an index: the array has 1 element, counted from 0"),
            ("/list/0/x", "x", "found a text"),
            ("/y/v", "v", "found an alias"),
        ] {
            let (message, _, told) = run(text, pointer).unwrap_err();
            assert_eq!(message, format!("the pointer `{pointer}` does not resolve: `{key}` not found"));
            assert_eq!(told, help);
        }
    }
}
