//! Any JSON file, by pointer.

use super::json_value::{Document, Node, Take, kind};
use super::{Found, VersionPlace};
use crate::data::Fault;
use crate::model::{Pointer, did_you_mean};
use crate::text::list_truncated;

/// Finds the one string that the pointer names.
pub(super) fn find(text: &str, pointer: &Pointer) -> Result<Found, Vec<Fault>> {
    locate(text, pointer).map_err(|fault| vec![fault])
}

fn locate(text: &str, pointer: &Pointer) -> Result<Found, Fault> {
    let document = Document::new(text);
    let mut raw = document.body();
    // The outermost level is read before anything else, so that broken JSON is reported as such, wherever the pointer leads.
    let mut whole = true;
    for key in pointer.keys() {
        let trimmed = raw.trim_start();
        raw = match kind(trimmed) {
            "an array" => element(document, raw, pointer, key)?,
            "an object" => member(document, raw, pointer, key)?,
            _ if whole => member(document, raw, pointer, key)?,
            what => {
                let message = format!("the pointer `{pointer}` does not resolve: `{key}` not found");
                return Err(Fault::new(document.span(raw), message).help(format!("found {what}")));
            }
        };
        whole = false;
    }
    let field = pointer.to_string();
    let scalar = document.scalar(raw, &field)?;
    Ok(Found { versions: vec![VersionPlace::behind_v(field, scalar)], ..Found::default() })
}

fn member<'a>(document: Document<'a>, raw: &'a str, pointer: &Pointer, key: &str) -> Result<&'a str, Fault> {
    let members = document.object(raw, &|_, _| Take::Raw)?;
    let found = members.iter().find(|member| member.key == key).and_then(|member| match member.value {
        Node::Raw(raw) => Some(raw),
        _ => None,
    });
    found.ok_or_else(|| {
        let message = format!("the pointer `{pointer}` does not resolve: `{key}` not found");
        let keys = members.iter().map(|member| member.key.as_ref());
        Fault::new(document.span(raw.trim()), message).help(keys_there(key, keys))
    })
}

/// Lists the keys that exist where `wanted` does not: the nearest one, else the first ones.
pub(super) fn keys_there<'k>(wanted: &str, keys: impl Iterator<Item = &'k str>) -> String {
    let keys: Vec<String> = keys.map(short).collect();
    let known: Vec<&str> = keys.iter().map(String::as_str).collect();
    did_you_mean(wanted, &known, || match keys.as_slice() {
        [] => "it has no keys".to_owned(),
        keys => format!("the keys are {}", list_truncated(keys.iter().map(|key| format!("`{key}`")), 5)),
    })
}

fn short(key: &str) -> String {
    let cut: String = key.chars().take(40).collect();
    if cut.len() < key.len() { format!("{cut}…") } else { cut }
}

fn element<'a>(document: Document<'a>, raw: &'a str, pointer: &Pointer, key: &str) -> Result<&'a str, Fault> {
    let items = document.array(raw)?;
    let found = pointer_index(key).and_then(|index| items.get(index).copied());
    found.ok_or_else(|| {
        let message = format!("the pointer `{pointer}` does not resolve: `{key}` not found");
        Fault::new(document.span(raw.trim()), message).help(length_there(key, items.len()))
    })
}

/// Says how long the array is that has no element `key`.
pub(super) fn length_there(key: &str, length: usize) -> String {
    let has = if length == 1 { "1 element".to_owned() } else { format!("{length} elements") };
    match pointer_index(key) {
        Some(_) => format!("index {key} is out of bounds: the array has {has}"),
        None => format!("`{key}` is not an index: the array has {has}, counted from 0"),
    }
}

/// Reads an index as RFC 6901 writes it: digits without a leading zero.
pub(super) fn pointer_index(key: &str) -> Option<usize> {
    let plain = key.bytes().all(|b| b.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
    plain.then(|| key.parse().ok()).flatten()
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
    fn a_pointer_finds_one_string() {
        let text = "{ \"v\": \"0\",\r\n\t\"a/b~\": {\"v\":\"1\", \"\": [ \"2\", [\"3\"], {\"v\" : \"4\"} ] }, \"\": \"5\", \"\\u0061\": \"6\", \"0\": {\"0\": \"\"} }";
        let cases =
            [("/v", "0"), ("/a~1b~0/v", "1"), ("/a~1b~0//0", "2"), ("/a~1b~0//1/0", "3"), ("/a~1b~0//2/v", "4")];
        for (pointer, value) in cases.into_iter().chain([("/", "5"), ("/a", "6"), ("/0/0", "")]) {
            assert_eq!(run(text, pointer), Ok(value.to_owned()), "{pointer}");
            assert_eq!(run(&format!("{BOM}{text}"), pointer), Ok(value.to_owned()), "{pointer}");
        }
        assert_eq!(run("[\"1\"]", "/0"), Ok("1".to_owned()));
        let deep = format!("{}\"1\"{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(run(&deep, &"/0".repeat(200)), Ok("1".to_owned()));
    }

    #[test]
    fn faults_say_what_is_there() {
        let text = "{ \"info\": {\"verison\": \"1\", \"n\": 1.0}, \"list\": [\"1\"] }";
        let inner = "{\"verison\": \"1\", \"n\": 1.0}";
        let nowhere = |pointer: &str, key: &str| format!("the pointer `{pointer}` does not resolve: `{key}` not found");
        let cases = [
            ("/info/version", nowhere("/info/version", "version"), inner, "did you mean `verison`?"),
            ("/version", nowhere("/version", "version"), text, "the keys are `info`, `list`"),
            ("/list/1", nowhere("/list/1", "1"), "[\"1\"]", "index 1 is out of bounds: the array has 1 element"),
            (
                "/list/00",
                nowhere("/list/00", "00"),
                "[\"1\"]",
                "`00` is not an index: the array has 1 element, counted from 0",
            ),
            (
                "/list/-",
                nowhere("/list/-", "-"),
                "[\"1\"]",
                "`-` is not an index: the array has 1 element, counted from 0",
            ),
            ("/list/0/x", nowhere("/list/0/x", "x"), "\"1\"", "found a string"),
            (
                "/info/n",
                "`/info/n` is a number, expected a string".into(),
                "1.0",
                "write it between double quotes: \"1.0\"",
            ),
            (
                "/info",
                "`/info` is an object, expected a string".into(),
                inner,
                "write it between double quotes: \"1.2.3\"",
            ),
        ];
        for (pointer, message, span, help) in cases {
            assert_eq!(run(text, pointer), Err((message, span.to_owned(), help.to_owned())), "{pointer}");
        }
        for broken in ["", "7", "\"x\"", "[", "{\"a\": {\"b\": 1}", "{\"a\": 1} {}", "[1] 2"] {
            assert!(run(broken, "/a").is_err(), "{broken}");
        }
    }
}
