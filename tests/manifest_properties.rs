//! Laws of the manifest formats, on generated documents: an edit changes the bytes of its values alone and is found again, and nothing
//! that stands in a file makes `find` panic.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::Date;
use proptest::prelude::*;
use relman::manifest::{Found, Locator, ManifestType, Pointer, SearchPattern, edit, find};
use relman::model::{Version, VersionScheme};

/// Bytes that decide about the shape of a document; when they run out every choice is the first.
struct Dice<'b>(std::slice::Iter<'b, u8>);

impl Dice<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |b| usize::from(*b) % n)
    }

    fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

#[derive(Clone, Debug)]
enum Step {
    Key(&'static str),
    Index(usize),
}

const KEYS: [&str; 12] = ["version", "v", "", "a/b", "~", "0", "é", "info", "a b", "x-y", "name", "it"];

fn steps(dice: &mut Dice<'_>) -> Vec<Step> {
    let count = 1 + dice.below(4);
    (0..count)
        .map(|_| if dice.below(3) == 2 { Step::Index(dice.below(3)) } else { Step::Key(KEYS[dice.below(KEYS.len())]) })
        .collect()
}

fn pointer(steps: &[Step]) -> String {
    let part = |step: &Step| match step {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Index(index) => format!("/{index}"),
    };
    steps.iter().map(part).collect()
}

/// Line ends, byte order mark and the last newline, as some editor leaves them.
fn dressed(dice: &mut Dice<'_>, text: &str) -> String {
    let text = if dice.below(2) == 1 { text.replace('\n', "\r\n") } else { text.to_owned() };
    let text = if dice.below(2) == 1 { text.trim_end().to_owned() } else { text };
    if dice.below(3) == 2 { format!("\u{feff}{text}") } else { text }
}

fn space(dice: &mut Dice<'_>) -> &'static str {
    dice.of(&["", " ", "\n", "\t", "\n  ", "  \n\n\t"])
}

/// A JSON document in which `value` stands at the end of the steps.
fn json(dice: &mut Dice<'_>, steps: &[Step], value: &str) -> String {
    let Some((step, rest)) = steps.split_first() else {
        return format!("\"{value}\"");
    };
    let inner = json(dice, rest, value);
    let other = |dice: &mut Dice<'_>| match dice.below(6) {
        0 => format!("\"{value}\""),
        1 => format!("{{\"version\": \"{value}\", \"v\": [\"{value}\"]}}"),
        2 => format!("[\"\\\"{value}\", {{}}, []]"),
        3 => "-1.5e3".to_owned(),
        4 => "null".to_owned(),
        _ => format!("\"}}\\\\\\u00e9{value}]\""),
    };
    match step {
        Step::Key(key) => {
            let siblings: Vec<&str> = KEYS.iter().filter(|k| *k != key).take(dice.below(KEYS.len())).copied().collect();
            let place = dice.below(siblings.len() + 1);
            let mut members: Vec<(&str, String)> = siblings.into_iter().map(|k| (k, other(dice))).collect();
            members.insert(place, (key, inner));
            let written: Vec<String> = members
                .into_iter()
                .map(|(k, v)| format!("{}\"{k}\"{}:{}{v}{}", space(dice), space(dice), space(dice), space(dice)))
                .collect();
            format!("{{{}}}", written.join(","))
        }
        Step::Index(index) => {
            let mut items: Vec<String> = (0..*index).map(|_| other(dice)).collect();
            items.push(inner);
            items.extend((0..dice.below(3)).map(|_| other(dice)).collect::<Vec<_>>());
            let written: Vec<String> =
                items.into_iter().map(|v| format!("{}{v}{}", space(dice), space(dice))).collect();
            format!("[{}]", written.join(","))
        }
    }
}

/// A key as YAML may write it.
fn yaml_key(dice: &mut Dice<'_>, key: &str) -> String {
    let bare = !["", "~", "0"].contains(&key);
    match dice.below(3) {
        0 if bare => key.to_owned(),
        1 => format!("'{key}'"),
        _ => format!("\"{key}\""),
    }
}

/// The lines of a block of YAML in which `token` stands at the end of the steps; `old` is strewn around it.
fn yaml(dice: &mut Dice<'_>, steps: &[Step], token: &str, old: &str, indent: usize, lines: &mut Vec<String>) {
    let pad = " ".repeat(indent);
    let comment = |dice: &mut Dice<'_>| dice.of(&["", " # c", "\t# 'x", "   #\"1.2.3\" é"]);
    let Some((step, rest)) = steps.split_first() else { return };
    let (count, after) = match step {
        Step::Key(_) => (dice.below(4), dice.below(4)),
        Step::Index(index) => (*index, dice.below(3)),
    };
    // The second reader takes a tab behind a colon, but not behind a dash.
    let tab = if matches!(step, Step::Key(_)) { "\t" } else { "  " };
    let siblings = |dice: &mut Dice<'_>, from: usize, count: usize, lines: &mut Vec<String>| {
        let free: Vec<&str> = KEYS.iter().filter(|k| !matches!(step, Step::Key(key) if key == *k)).copied().collect();
        for key in free.into_iter().skip(from).take(count) {
            let head = match step {
                Step::Key(_) => format!("{}:", yaml_key(dice, key)),
                Step::Index(_) => "-".to_owned(),
            };
            match dice.below(6) {
                0 => lines.push(format!("{pad}{head} {old}{}", comment(dice))),
                1 => lines.push(format!("{pad}{head} \"{old}\"")),
                2 => lines.push(format!("{pad}{head} {{version: {old}, v: ['{old}']}}")),
                3 => lines.extend([format!("{pad}{head} |"), format!("{pad}  version: {old} # x"), String::new()]),
                4 => lines.push(format!("{pad}{head}{tab}'it''s {old}'{}", comment(dice))),
                _ => lines.extend([
                    format!("{pad}{head}"),
                    format!("{pad}  # version: {old}"),
                    format!("{pad}  x: {old}"),
                ]),
            }
        }
    };
    siblings(dice, 0, count, lines);
    let head = match step {
        Step::Key(key) => format!("{pad}{}:", yaml_key(dice, key)),
        Step::Index(_) => format!("{pad}-"),
    };
    if rest.is_empty() {
        let before = dice.of(&[" ", tab, "   ", " &a ", " !!str ", "\n  "]).replace('\n', &format!("\n{pad}"));
        lines.push(format!("{head}{before}{token}{}", comment(dice)));
    } else if dice.below(3) == 0 {
        lines.push(format!("{head} {}{}", flow(dice, rest, token, old), comment(dice)));
    } else {
        lines.push(format!("{head}{}", comment(dice).replace('\t', tab)));
        let deeper = indent + 1 + dice.below(3);
        yaml(dice, rest, token, old, deeper, lines);
    }
    siblings(dice, count, after, lines);
}

/// The same between braces and brackets.
fn flow(dice: &mut Dice<'_>, steps: &[Step], token: &str, old: &str) -> String {
    let Some((step, rest)) = steps.split_first() else { return token.to_owned() };
    let inner = flow(dice, rest, token, old);
    match step {
        Step::Key(key) => {
            let sibling = KEYS.iter().find(|k| *k != key).unwrap();
            let own = format!("{}: {inner}", yaml_key(dice, key));
            let other = format!("\"{sibling}\": {old}");
            dice.of(&["{%}", "{ % }", "{%, #}", "{#, % }", "{ #,%,}"]).replace('%', &own).replace('#', &other)
        }
        Step::Index(index) => {
            let end = dice.of(&["]", " ]", ", 1]", ",]"]);
            format!("[{}{inner}{end}", format!("{old}, ").repeat(*index))
        }
    }
}

/// Edits every version place of the text, checks that nothing else changed and that the new value is found; returns the new text.
fn edited(locator: &Locator, text: &str, old: &str, new: &str) -> Result<String, TestCaseError> {
    let found = find(locator, text).map_err(|faults| TestCaseError::fail(format!("{faults:?}\n{text}")))?;
    let mut expected = Vec::new();
    let mut at = 0;
    for place in &found.versions {
        prop_assert_eq!(place.scalar.span.of(text), Some(old), "{}", text);
        expected.push(&text[at..place.scalar.span.start]);
        at = place.scalar.span.end;
    }
    expected.push(&text[at..]);
    let changes: Vec<_> = found.versions.iter().map(|place| (place.scalar.clone(), new.to_owned())).collect();
    let edits = edit(&[(locator, &found)], text, &changes)
        .map_err(|e| TestCaseError::fail(format!("{e}: {old} to {new} in\n{text}")))?
        .edits;
    let new_text = edits.apply(text).unwrap();
    let mut rest = new_text.as_str();
    for (index, kept) in expected.iter().enumerate() {
        if index > 0 {
            let quoted = format!("\"{new}\"");
            rest = rest.strip_prefix(quoted.as_str()).or_else(|| rest.strip_prefix(new)).unwrap_or("?");
        }
        prop_assert!(rest.starts_with(kept), "bytes beside the value changed:\n{}\n{}", text, new_text);
        rest = &rest[kept.len()..];
    }
    prop_assert!(rest.is_empty());
    let again = find(locator, &new_text).map_err(|faults| TestCaseError::fail(format!("{faults:?}\n{new_text}")))?;
    prop_assert!(again.versions.iter().all(|place| place.scalar.text == new));
    prop_assert_eq!(again.versions.len(), found.versions.len());
    Ok(new_text)
}

fn by_pointer(kind: ManifestType, steps: &[Step]) -> Locator {
    Locator::Pointer(kind, Pointer::new(&pointer(steps)).unwrap())
}

fn semver() -> impl Strategy<Value = String> {
    "[0-9]\\.[1-9]?[0-9]\\.[0-9](-(alpha|rc|next-1)\\.[1-9]?[0-9])?(\\+b[0-9]{0,3})?"
}

fn pep440() -> impl Strategy<Value = String> {
    "([1-9]!)?[0-9](\\.[1-9]?[0-9]){0,3}((a|b|rc)[0-9])?(\\.post[0-9])?(\\.dev[0-9])?(\\+ab\\.[1-9])?"
}

fn any_version() -> impl Strategy<Value = String> {
    prop_oneof![semver(), pep440()]
}

fn blank(value: &mut serde_yaml::Value, steps: &[Step]) -> Option<serde_yaml::Value> {
    let target = steps.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(*key),
        Step::Index(index) => value.get_mut(*index),
    })?;
    let target = match target {
        serde_yaml::Value::Tagged(tagged) => &mut tagged.value,
        other => other,
    };
    Some(std::mem::replace(target, serde_yaml::Value::Null))
}

proptest! {
    #[test]
    fn json_changes_in_the_value_alone(bytes in prop::collection::vec(any::<u8>(), 0..160), old in any_version(), new in any_version()) {
        let mut dice = Dice(bytes.iter());
        let steps = steps(&mut dice);
        let text = format!("{}{}\n", space(&mut dice), json(&mut dice, &steps, &old));
        let text = dressed(&mut dice, &text);
        let new_text = edited(&by_pointer(ManifestType::Json, &steps), &text, &old, &new)?;
        let read = |text: &str| -> serde_json::Value { serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap() };
        let (mut before, mut after) = (read(&text), read(&new_text));
        let target = after.pointer_mut(&pointer(&steps)).unwrap();
        prop_assert_eq!(target.as_str(), Some(new.as_str()));
        *target = serde_json::Value::Null;
        *before.pointer_mut(&pointer(&steps)).unwrap() = serde_json::Value::Null;
        prop_assert_eq!(before, after);
    }

    #[test]
    fn yaml_changes_in_the_value_alone(bytes in prop::collection::vec(any::<u8>(), 0..160), old in any_version(), new in any_version(), quote in 0..3usize) {
        let mut dice = Dice(bytes.iter());
        let steps = steps(&mut dice);
        let quote = ["", "'", "\""][quote];
        let token = format!("{quote}{old}{quote}");
        let mut lines = vec![dice.of(&["# version: 1.2.3", "---", "--- # x", ""]).to_owned()];
        yaml(&mut dice, &steps, &token, &old, 0, &mut lines);
        lines.push(dice.of(&["", "...", "# end", "\n\n"]).to_owned());
        let text = dressed(&mut dice, &lines.join("\n"));
        let new_text = edited(&by_pointer(ManifestType::Yaml, &steps), &text, &old, &new)?;
        let read = |text: &str| -> Result<serde_yaml::Value, TestCaseError> {
            serde_yaml::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| TestCaseError::fail(format!("{e} in\n{text}")))
        };
        let (mut before, mut after) = (read(&text)?, read(&new_text)?);
        let value = blank(&mut after, &steps);
        if old != new {
            prop_assert_eq!(value, Some(serde_yaml::Value::String(new)), "{}", new_text);
        }
        blank(&mut before, &steps);
        prop_assert_eq!(before, after);
    }

    #[test]
    fn a_search_finds_what_it_wrote(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        versions in prop_oneof![(Just(VersionScheme::Semver), semver(), semver()), (Just(VersionScheme::Pep440), pep440(), pep440())],
    ) {
        let (scheme, old, new) = versions;
        let mut dice = Dice(bytes.iter());
        let sides = [
            ("__version__ = \"", "\""), ("v", "\n"), ("", "\n"), ("rev: ", ""), ("é", "é"), ("{", "}"), ("a\nb: ", "\nc"), ("\n", "\n"),
        ];
        let (before, after) = sides[dice.below(sides.len())];
        let mut text = String::new();
        for _ in 0..=dice.below(4) {
            text.push_str(dice.of(&["", "x\n", "version\n", "__version__ =\n", "\n\n", "\"\n", "a\nb:\n"]));
            text.push_str(&format!("\n{before}{old}{after}\n"));
        }
        let mut text = dressed(&mut dice, &text);
        prop_assume!(!(before.is_empty() && after.is_empty()));
        if after == "\n" {
            text.push('\n');
        }
        let pattern = SearchPattern::new(&format!("{before}{{version}}{after}")).unwrap();
        edited(&Locator::Search(pattern, scheme), &text, &old, &new)?;
    }

    #[test]
    fn a_search_for_a_part_finds_what_it_wrote(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        numbers in prop::collection::vec(0..u64::MAX, 1..4),
        (year, month, day) in (1970..2200i16, 1..13i8, 1..29i8),
    ) {
        let mut dice = Dice(bytes.iter());
        let part = dice.of(&["{major}.{minor}", "{minor}", "{date:%B %Y}", "{patch}/{date:%Y-%m-%d}", "{date:%-d. %b %y}"]);
        let (before, after) = [("S = \"", "\""), ("v", "\n"), ("é", "é"), ("a\nb: ", "\nc")][dice.below(4)];
        let pattern = SearchPattern::new(&format!("{before}{part}{after}")).unwrap();
        let write = |numbers: &[u64], (year, month, day)| {
            let day = Date::new(year, month, day).unwrap();
            pattern.part().unwrap().write(&Version::stable(numbers.to_vec()), Some(day), "").unwrap()
        };
        let (old, new) = (write(&[1, 20, 3], (2025, 5, 3)), write(&numbers, (year, month, day)));
        let text = dressed(&mut dice, &format!("x\n{before}{old}{after}\n\n{before}{old}{after}\n"));
        edited(&Locator::Search(pattern, VersionScheme::Semver), &text, &old, &new)?;
    }

    #[test]
    fn no_text_makes_find_panic(text in prop_oneof![any::<String>(), "[\\[\\]{}\":,'#&*!|>%@?<~0-9.a-v \\t\\r\\n-]{0,120}"]) {
        for locator in locators() {
            let _ = find(&locator, &text);
        }
    }

    #[test]
    fn no_broken_fixture_makes_find_panic(
        which in any::<prop::sample::Index>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..9usize), 1..4),
    ) {
        let mut text = which.get(&FIXTURES).clone();
        for (from, to, what) in places {
            let (a, b) = (from.index(text.len() + 1), to.index(text.len() + 1));
            let new = ["", "\"", "{", "]", "\\", "\r", "\u{feff}", "&a *a", "\t"][what];
            let end = if what % 2 == 0 { a.max(b).min(a.min(b) + 30) } else { a.min(b) };
            text.splice(a.min(b)..end, new.chars());
        }
        let text: String = text.into_iter().collect();
        for locator in locators() {
            if let Ok(found) = find(&locator, &text) {
                check(&found, &text)?;
            }
        }
    }
}

/// What was found stands where it says, and can be changed or is refused.
fn check(found: &Found, text: &str) -> Result<(), TestCaseError> {
    for scalar in found.scalars() {
        prop_assert_eq!(scalar.span.of(text), Some(scalar.text.as_str()));
    }
    Ok(())
}

fn locators() -> Vec<Locator> {
    let known = ManifestType::ALL.iter().copied().map(Locator::Known);
    let pointers = ["/version", "/a/0/b", "/info/version", "/packages/0/version", "/"];
    let by_pointer = [ManifestType::Json, ManifestType::Yaml, ManifestType::Toml]
        .into_iter()
        .flat_map(|kind| pointers.map(|pointer| Locator::Pointer(kind, Pointer::new(pointer).unwrap())));
    let by_search =
        ["{version}", "\"{version}\"", "\n{version}\n", "version: {version}", "v{major}.{minor}", "\n{date:%B %e, %Y}"]
            .into_iter()
            .flat_map(|text| {
                [VersionScheme::Semver, VersionScheme::Pep440]
                    .map(|scheme| Locator::Search(SearchPattern::new(text).unwrap(), scheme))
            });
    known.into_iter().chain(by_pointer).chain(by_search).collect()
}

/// The texts of all golden cases.
static FIXTURES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.file_name().is_some_and(|name| name != "case.toml") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found.iter().map(|path| fs::read_to_string(path).unwrap().chars().collect()).collect()
});

#[test]
fn depth_and_length_harm_no_format() {
    let around = [
        ("", ""),
        ("{\"version\": ", "}"),
        ("{\"packages\": {\"a\": ", "}}"),
        ("version = ", ""),
        ("version: ", "\nname: x\n"),
    ];
    for (open, close) in
        [("[", "]"), ("{\"a\":", "}"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("1.", ""), ("é", ""), ("\"", "")]
    {
        let count = if open == "[" { 100_000 } else { 10_000 };
        for (before, after) in around {
            let text = format!("{before}{}{}{after}", open.repeat(count), close.repeat(count));
            for locator in locators() {
                let _ = find(&locator, &text);
            }
        }
    }
}
