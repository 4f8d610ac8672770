//! package.json, as npm documents it.

use serde_json::Value;

use super::json_value::{Document, Member, Node, Take};
use super::npm_fields::{choice, read};
use super::{Found, NoVersion, VersionPlace, WorkspaceRoot};
use crate::data::Fault;

/// Finds name, version and the ranges of all four tables of dependencies, and the members of the workspace.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = Document::new(text);
    let members = document.object(document.body(), &outline).map_err(|fault| vec![fault])?;
    let fields = read(document, &members);
    if !fields.faults.is_empty() {
        return Err(fields.faults);
    }
    let versions: Vec<VersionPlace> =
        fields.version.into_iter().map(|scalar| VersionPlace::behind_v("version", scalar)).collect();
    Ok(Found {
        name: fields.name,
        no_version: versions.is_empty().then_some(NoVersion::Absent),
        versions,
        requirements: fields.requirements,
        workspace: members.iter().find_map(workspace),
        ..Found::default()
    })
}

fn outline(parent: &str, key: &str) -> Take {
    if parent.is_empty() && key == "workspaces" { Take::Raw } else { choice(parent, key) }
}

/// The workspace, where this member names it: a list, or an object that has one. npm is the judge of what else is written there.
fn workspace(member: &Member<'_>) -> Option<WorkspaceRoot> {
    let (Node::Raw(raw), "workspaces") = (&member.value, member.key.as_ref()) else { return None };
    let value: Value = serde_json::from_str(raw).ok()?;
    let patterns = value.get("packages").unwrap_or(&value).as_array()?;
    Some(WorkspaceRoot::of(patterns.iter().filter_map(|pattern| Some(pattern.as_str()?.to_owned()))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DependencyKind;
    use crate::text::Span;

    const TEXT: &str = "\u{feff}{
\t\"name\": \"@acme\\/web\", \"private\": true,
\t\"config\": { \"version\": \"9.9.9\", \"dependencies\": { \"a\": \"9.9.9\" } },
\t\"peerDependencies\": { \"react\": \"^18 || ^19\", \"a\": \"workspace:^0.1.0\" },
\t\"version\": \"0.1.0\",
\t\"dependencies\": { \"a\": \"^0.1.0\", \"b\": \"workspace:*\", \"c\": \"https:\\/\\/x\" },
\t\"devDependencies\": null,
\t\"optionalDependencies\": { \"version\": \"0.1.0\" }
}";

    #[test]
    fn what_is_found_stands_where_it_says() {
        let found = find(TEXT).unwrap();
        assert_eq!(found.name.unwrap().name, "@acme/web");
        assert_eq!(found.versions[0].scalar.span.of(TEXT), Some("0.1.0"));
        let places: Vec<_> =
            found.requirements.iter().map(|r| (r.on.name.as_str(), r.kind, r.scalar.span.of(TEXT).unwrap())).collect();
        let expected = [
            ("react", DependencyKind::Peer, "^18 || ^19"),
            ("a", DependencyKind::Peer, "^0.1.0"),
            ("a", DependencyKind::Normal, "^0.1.0"),
            ("version", DependencyKind::Optional, "0.1.0"),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn a_root_names_the_members_of_its_workspace() {
        let list = r#"{"workspaces": ["packages/*", "!packages/x"], "config": {"workspaces": ["y"]}}"#;
        for (text, expected) in [
            (list, Some((vec!["packages/*"], vec!["packages/x"]))),
            (r#"{"workspaces": {"packages": ["./a"], "nohoist": ["b"]}}"#, Some((vec!["./a"], vec![]))),
            (r#"{"workspaces": 1}"#, None),
            (r#"{"config": {"workspaces": ["y"]}}"#, None),
        ] {
            let found = find(text).unwrap().workspace;
            let read = found.as_ref().map(|root| (&root.members, &root.exclude));
            assert_eq!(format!("{read:?}"), format!("{expected:?}"), "{text}");
        }
    }

    #[test]
    fn a_private_root_has_no_version() {
        let found = find("{\"private\": true, \"devDependencies\": {\"a\": \"1\"}}").unwrap();
        assert_eq!((found.name, found.no_version), (None, Some(NoVersion::Absent)));
        assert_eq!(found.requirements.len(), 1);
    }

    #[test]
    fn all_faults_are_told() {
        let text = "{\"name\": [], \"version\": 1, \"dependencies\": {\"a\": {}, \"b\": \"\\u003e=1\"}, \"peerDependencies\": []}";
        let faults = find(text).unwrap_err();
        let told: Vec<_> = faults.iter().map(|f| (f.message.as_str(), f.span.of(text).unwrap())).collect();
        let expected = [
            ("`name` is an array, expected a string", "[]"),
            ("`version` is a number, expected a string", "1"),
            ("`dependencies.a` is an object, expected a string", "{}"),
            ("`dependencies.b` is written with escapes", "\"\\u003e=1\""),
            ("`peerDependencies` is an array, expected an object", "peerDependencies"),
        ];
        assert_eq!(told, expected);
        assert_eq!(faults[1].help.as_deref(), Some("write it between double quotes: \"1\""));
        let double = find("{\"version\": \"1.0.0\", \"version\": \"1.0.0\"}").unwrap_err();
        assert_eq!(double[0].span, Span::new(22, 29));
        assert!(find("").is_err() && find("null").is_err() && find("{,}").is_err());
    }
}
