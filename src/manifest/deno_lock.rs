//! deno.lock, version 4 and 5, as Deno writes it.
//!
//! Of each member of the workspace it repeats what its import map takes from registries, also where that is another member, each range in
//! a form of Deno's own (see [`normal_range`](super::normal_range)). Members that are packages of npm are left to Deno.

use super::deno_specifier::Specifier;
use super::json_value::{Document, Member, Node, Take};
use super::npm_fields::no_object;
use super::{Found, LockedAt, LockedEntry};
use crate::data::Fault;

/// Finds what the members of the workspace require.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = Document::new(text);
    let members = document.object(document.body(), &outline).map_err(|fault| vec![fault])?;
    let mut lock = Lock { document, entries: Vec::new(), faults: Vec::new() };
    for member in &members {
        lock.faults.extend(no_object(document, member));
        let Node::Object(workspace) = &member.value else { continue };
        lock.entry(".", workspace);
    }
    if lock.faults.is_empty() { Ok(Found { locked: lock.entries, ..Found::default() }) } else { Err(lock.faults) }
}

fn outline(parent: &str, key: &str) -> Take {
    match (parent, key) {
        ("", "workspace") | ("workspace", "members") => Take::Open,
        ("workspace", "dependencies") | ("members", _) => Take::Raw,
        _ => Take::Skip,
    }
}

/// The lock file, while it is read.
struct Lock<'a> {
    document: Document<'a>,
    entries: Vec<LockedEntry>,
    faults: Vec<Fault>,
}

impl<'a> Lock<'a> {
    /// Reads what the member in a folder requires, and for the root of the workspace all members.
    fn entry(&mut self, folder: &str, fields: &[Member<'a>]) {
        let mut requirements = Vec::new();
        for field in fields {
            self.faults.extend(no_object(self.document, field).filter(|_| field.key == "members"));
            match (field.key.as_ref(), &field.value) {
                ("dependencies", Node::Raw(raw)) => match self.document.array(raw) {
                    Ok(items) => {
                        for item in items {
                            let read = self.document.scalar(item, "dependencies");
                            let place = read.map(|value| Some(Specifier::read(&value.text)?.place(&value)));
                            self.faults.extend(place.as_ref().err().cloned());
                            requirements.extend(place.ok().flatten());
                        }
                    }
                    Err(fault) => self.faults.push(fault),
                },
                ("members", Node::Object(members)) => members.iter().for_each(|member| self.member(member)),
                _ => {}
            }
        }
        let at = LockedAt::Folder(folder.to_owned());
        self.entries.push(LockedEntry { name: None, at, versions: Vec::new(), requirements });
    }

    fn member(&mut self, member: &Member<'a>) {
        let Node::Raw(raw) = member.value else { return };
        let take = |_: &str, key: &str| if key == "dependencies" { Take::Raw } else { Take::Skip };
        match self.document.object(raw, &take) {
            Ok(fields) => self.entry(&member.key, &fields),
            Err(fault) => self.faults.push(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_members_require_is_ours() {
        let text = "\u{feff}{\r\n\"version\": \"5\", \"specifiers\": {\"jsr:@a/x@1\": \"1.2.0\"},\r\n\"workspace\": {\"dependencies\": [\"jsr:@a/x@0.4\", \"npm:y\"],\r\n\
            \t\"packageJson\": {\"dependencies\": [\"npm:z@1\"]},\r\n\t\"members\": {\"p/a\": {\"dependencies\": [\"jsr:@a/x@~0.4.1\", \"npm:y@2\"], \"packageJson\": {\"dependencies\": [\"npm:z@1\"]}}, \"p/b\": {}}}}";
        let found = find(text).unwrap();
        let shown = |entry: &LockedEntry| {
            let required = entry.requirements.iter().map(|r| format!("{} {}", r.on, r.scalar.span.of(text).unwrap()));
            format!("{:?} {}", entry.at, required.collect::<Vec<_>>().join(", "))
        };
        let expected = ["Folder(\"p/a\") jsr:@a/x ~0.4.1, npm:y 2", "Folder(\"p/b\") ", "Folder(\".\") jsr:@a/x 0.4"];
        assert_eq!(found.locked.iter().map(shown).collect::<Vec<_>>(), expected);
        assert_eq!(find("{\"version\": \"5\"}").unwrap(), Found::default());
    }

    #[test]
    fn all_faults_are_reported() {
        let text = "{\"workspace\": {\"dependencies\": [1], \"members\": {\"a\": [], \"b\": {\"dependencies\": {}}}}}";
        let messages: Vec<String> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        for broken in ["", "{\"workspace\": 1}", "{\"workspace\": {\"members\": 1}}", "{\n<<<<<<< HEAD\n"] {
            assert!(find(broken).is_err(), "{broken}");
        }
    }
}
