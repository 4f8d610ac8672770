//! Laws of TOML edits, on generated texts: only the bytes of the value change, and the new text reads as planned.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;
use relman::manifest::{Found, Locator, ManifestType, Pointer, edit, find};

/// The values of all strings: few, so that each stands in many places of a text.
const VERSIONS: [&str; 4] = ["0.1.0", "1.0", "0.2.0-rc.1", "0.1.0.post1"];

/// A value of a generated text.
#[derive(Clone, Debug)]
enum Node {
    /// A string: which version, in which quotes.
    Text(Index, Index),
    /// Anything else, as it is written.
    Other(&'static str),
    /// An array, on one line or on many.
    Array(Vec<Node>, bool),
    /// An inline table.
    Inline(Vec<(Key, Node)>),
}

/// A key: its text, and how it is spelled.
#[derive(Clone, Debug)]
struct Key(&'static str, bool);

/// A section: its header, and what stands in it.
#[derive(Clone, Debug)]
struct Section {
    header: Key,
    dotted: bool,
    repeated: bool,
    indent: &'static str,
    entries: Vec<(Key, Node, &'static str)>,
}

/// A text that is being written, and the pointers of all strings in it.
#[derive(Default)]
struct Writer {
    text: String,
    strings: Vec<(String, String)>,
}

fn key() -> impl Strategy<Value = Key> {
    let names = ["version", "a", "b-c", "name", "0", "x_y", "dotted.key", "with space", "sla/sh", "til~de", "ä"];
    (prop::sample::select(names.to_vec()), any::<bool>()).prop_map(|(name, quoted)| Key(name, quoted))
}

fn node() -> impl Strategy<Value = Node> {
    let others = ["1", "1.0", "true", "1979-05-27", "\"\"\"\n0.1.0 \\\n \"\"\"", "\"\\u0031.0\""];
    let leaf = prop_oneof![
        4 => (any::<Index>(), any::<Index>()).prop_map(|(version, quotes)| Node::Text(version, quotes)),
        1 => prop::sample::select(others.to_vec()).prop_map(Node::Other),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..4), any::<bool>())
                .prop_map(|(nodes, long)| Node::Array(nodes, long)),
            prop::collection::vec((key(), inner), 0..4).prop_map(Node::Inline),
        ]
    })
}

fn section() -> impl Strategy<Value = Section> {
    let comment = prop::sample::select(vec!["", " ", " # version = \"0.1.0\"", "#0.1.0", "\t# 'x'"]);
    let entries = prop::collection::vec((key(), node(), comment), 0..5);
    let indent = prop::sample::select(vec!["", "  ", "\t"]);
    (key(), any::<bool>(), any::<bool>(), indent, entries)
        .prop_map(|(header, dotted, repeated, indent, entries)| Section { header, dotted, repeated, indent, entries })
}

impl Key {
    fn write(&self, number: usize) -> (String, String) {
        // A number makes the key the only one of its table.
        let name = format!("{}{}", self.0, if number == 0 { String::new() } else { number.to_string() });
        let bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let written = if bare && !self.1 { name.clone() } else { format!("'{name}'") };
        (written, name.replace('~', "~0").replace('/', "~1"))
    }
}

impl Writer {
    fn section(&mut self, section: &Section, number: usize) {
        let (written, mut pointer) = section.header.write(number + 1);
        pointer.insert(0, '/');
        let dotted = if section.dotted {
            pointer.push_str("/sub");
            " . sub"
        } else {
            ""
        };
        let (open, close) = if section.repeated {
            pointer.push_str("/0");
            ("[[", "]]")
        } else {
            ("[", "]")
        };
        self.text.push_str(&format!("{}{open} {written}{dotted} {close}\n", section.indent));
        for (number, (key, node, comment)) in section.entries.iter().enumerate() {
            let (written, name) = key.write(number);
            self.text.push_str(&format!("{}{written} = ", section.indent));
            self.node(node, &format!("{pointer}/{name}"));
            self.text.push_str(&format!("{comment}\n"));
        }
    }

    fn node(&mut self, node: &Node, pointer: &str) {
        match node {
            Node::Text(version, quotes) => {
                let version = VERSIONS[version.index(VERSIONS.len())];
                let (open, close) = [("\"", "\""), ("'", "'"), ("'''\n", "'''"), ("\"\"\"", "\"\"\"")][quotes.index(4)];
                self.text.push_str(&format!("{open}{version}{close}"));
                self.strings.push((pointer.to_owned(), version.to_owned()));
            }
            Node::Other(text) => self.text.push_str(text),
            Node::Array(nodes, long) => {
                let between = if *long { "\n\t# '0.1.0'\n  " } else { " " };
                self.text.push('[');
                for (number, node) in nodes.iter().enumerate() {
                    self.text.push_str(between);
                    self.node(node, &format!("{pointer}/{number}"));
                    self.text.push(',');
                }
                self.text.push_str(if *long { "\n]" } else { "]" });
            }
            Node::Inline(entries) => {
                self.text.push('{');
                for (number, (key, node)) in entries.iter().enumerate() {
                    let (written, name) = key.write(number);
                    self.text.push_str(if number > 0 { " , " } else { " " });
                    self.text.push_str(&format!("{written}="));
                    self.node(node, &format!("{pointer}/{name}"));
                }
                self.text.push_str(" }");
            }
        }
    }
}

fn variant(text: &str, crlf: bool, bom: bool, cut: bool) -> String {
    let text = if cut { text.trim_end() } else { text };
    let text = if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
    if bom { format!("\u{feff}{text}") } else { text }
}

proptest! {
    #[test]
    fn an_edit_changes_the_bytes_of_its_value_and_no_other(
        sections in prop::collection::vec(section(), 1..6),
        chosen in any::<Index>(),
        new in "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,9}(-(alpha|beta|rc)\\.[0-9]{1,2})?(\\+[a-z0-9.]{1,8})?",
        [crlf, bom, cut] in any::<[bool; 3]>(),
    ) {
        let mut writer = Writer::default();
        for (number, section) in sections.iter().enumerate() {
            writer.section(section, number);
        }
        prop_assume!(!writer.strings.is_empty());
        let text = variant(&writer.text, crlf, bom, cut);
        let (pointer, value) = chosen.get(&writer.strings);
        let locator = Locator::Pointer(ManifestType::Toml, Pointer::new(pointer).unwrap());

        let found = find(&locator, &text).map_err(|e| TestCaseError::fail(format!("{pointer}: {e:?}\n{text}")))?;
        let scalar = &found.versions[0].scalar;
        prop_assert_eq!(&scalar.text, value);

        let edits = edit(&[(&locator, &found)], &text, &[(scalar.clone(), new.clone())]).unwrap().edits;
        let edited = edits.apply(&text).unwrap();
        let expected = format!("{}{new}{}", &text[..scalar.span.start], &text[scalar.span.end..]);
        prop_assert_eq!(&edited, &expected);
        let again = find(&locator, &edited).unwrap();
        prop_assert_eq!(&again.versions[0].scalar.text, &new);
    }

    #[test]
    fn a_damaged_file_is_read_or_refused_without_a_panic(
        file in any::<Index>(), from in any::<Index>(), length in 0usize..40, insert in "(|[\\[\\]{}=.,#\"'\\\\\r\n \t0aä\u{0}\u{feff}]{1,4})", kind in any::<Index>(),
    ) {
        let files = fixtures();
        let mut text = file.get(&files).clone();
        let start = floor(&text, from.index(text.len()));
        let end = floor(&text, (start + length).min(text.len()));
        text.replace_range(start..end, &insert);
        let kinds = [ManifestType::Cargo, ManifestType::CargoLock, ManifestType::Pyproject, ManifestType::UvLock];
        match find(&Locator::Known(*kind.get(&kinds)), &text) {
            Ok(found) => prop_assert!(found.scalars().all(|scalar| scalar.span.of(&text) == Some(&scalar.text))),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                prop_assert!(faults.iter().all(|fault| fault.span.of(&text).is_some()), "{faults:?}");
            }
        }
    }

    #[test]
    fn every_place_of_a_file_can_be_edited_alone(file: Index, place: Index, style: [bool; 3]) {
        let [crlf, bom, cut] = style;
        let files = fixtures();
        let (text, kind) = (file.get(&files), ManifestType::ALL);
        let text = variant(&text.replace("\r\n", "\n").replace('\u{feff}', ""), crlf, bom, cut);
        for kind in kind.iter().copied().filter(|kind| ["cargo", "pyproject"].contains(&kind.name())) {
            let locator = Locator::Known(kind);
            let Ok(found) = find(&locator, &text) else { continue };
            let scalars: Vec<_> = found.scalars().cloned().collect();
            if scalars.is_empty() {
                continue;
            }
            let scalar = place.get(&scalars);
            let edits = edit(&[(&locator, &found)], &text, &[(scalar.clone(), ">=7.7.7".to_owned())]).unwrap().edits;
            let new: Found = find(&locator, &edits.apply(&text).unwrap()).unwrap();
            let changed: Vec<_> = new.scalars().zip(&scalars).filter(|(a, b)| a.text != b.text).collect();
            prop_assert_eq!(changed.len(), 1);
            prop_assert_eq!(&changed[0].0.text, ">=7.7.7");
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Returns the texts of all golden cases of the TOML formats.
fn fixtures() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests");
    let below = |path: PathBuf| {
        let mut paths: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let kinds = ["cargo", "cargo-lock", "pyproject", "uv-lock"];
    let cases = kinds.into_iter().flat_map(|kind| below(root.join(kind)));
    cases.flat_map(|case| below(case.join("in"))).map(|file| fs::read_to_string(file).unwrap()).collect()
}
