//! pubspec.yaml, as Dart's pub documents it.

use super::yaml_document::YamlReader;
use super::{Found, NoVersion, RequirementPlace, RequirementSyntax, VersionPlace, WorkspaceRoot};
use crate::data::Fault;
use crate::data::yaml::{Kind, Node};
use crate::model::{DependencyKind, Ecosystem, RegistryName};

/// The mappings of dependencies. An override counts for who works here alone.
const DEPENDENCIES: [(&str, DependencyKind); 3] = [
    ("dependencies", DependencyKind::Normal),
    ("dev_dependencies", DependencyKind::Dev),
    ("dependency_overrides", DependencyKind::Dev),
];

/// Finds the name, the version with its build, the constraints of all dependencies, and the members of the workspace.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let mut reader = YamlReader::new(text);
    let root = reader.root("the pubspec")?;
    let written = |key: &str| root.get(key).filter(|node| !node.is_null());
    let name = written("name").and_then(|node| reader.text(node, "name"));
    let name = name.map(|name| RegistryName::new(Ecosystem::Pub, name));
    let version = written("version").and_then(|node| reader.scalar(node, "version"));
    let versions: Vec<VersionPlace> =
        version.into_iter().map(|scalar| VersionPlace { field: "version".to_owned(), scalar }).collect();
    let mut requirements = Vec::new();
    for (key, kind) in DEPENDENCIES {
        match written(key) {
            Some(Node { kind: Kind::Map(pairs), .. }) => {
                requirements.extend(pairs.iter().filter_map(|(name, node)| dependency(&mut reader, name, node, kind)));
            }
            Some(other) => {
                let message = format!("`{key}` is {}, expected a mapping", other.what());
                reader.fault(Fault::new(other.span, message));
            }
            None => {}
        }
    }
    requirements.sort_by_key(|place| place.scalar.span);
    let members =
        |list: &Node<'_>| WorkspaceRoot::of(list.items().iter().filter_map(|item| Some(item.text()?.to_owned())));
    reader.finish(Found {
        name,
        no_version: versions.is_empty().then_some(NoVersion::Absent),
        versions,
        requirements,
        workspace: written("workspace").map(members),
        ..Found::default()
    })
}

/// Returns the constraint of a dependency; `None` if it has none, admits any version, or is of the SDK or a repository.
fn dependency(
    reader: &mut YamlReader<'_>,
    key: &Node<'_>,
    node: &Node<'_>,
    kind: DependencyKind,
) -> Option<RequirementPlace> {
    let is_table = matches!(node.kind, Kind::Map(_));
    if is_table && (node.get("sdk").is_some() || node.get("git").is_some()) {
        return None;
    }
    let key = key.text()?;
    // A server of packages may be where those of this workspace are published, under a name of their own.
    let name = node.get("hosted").and_then(|hosted| hosted.get("name")).and_then(Node::text).unwrap_or(key);
    let constraint = if is_table { node.get("version")? } else { node };
    if constraint.is_null() || constraint.text().map(str::trim) == Some("any") {
        return None;
    }
    Some(RequirementPlace {
        on: RegistryName::new(Ecosystem::Pub, name),
        kind,
        notation: RequirementSyntax::Dart,
        scalar: reader.scalar(constraint, key)?,
        folder: node.get("path").and_then(Node::text).map(str::to_owned),
        shared_as: None,
        is_alias: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_where_it_says() {
        let text = "name: 'app'\nversion: 1.2.3+4 # store\npublish_to: none\nenvironment: {sdk: ^3.6.0}\nworkspace:\n- packages/core\n- tools/*\n\
            dependencies:\n  flutter: {sdk: flutter}\n  core: ^1.0.0\n  any_core: any\n  unbounded:\n  forked: {git: 'https://example.com', version: ^1.0.0}\n\
            \x20 ui: {path: ../ui, version: '>=1.0.0 <2.0.0'}\n  bare: {path: ../bare}\n\
            \x20 private: {hosted: 'https://pub.example.com', version: 2.0.0}\n  alias: {hosted: {name: real, url: 'https://x'}, version: ^3.0.0}\n\
            dev_dependencies:\n  core: \"^1.1.0\"\ndependency_overrides:\n  ui: 1.5.0\ndependencies_: {x: 1.0.0}\n";
        let found = find(text).unwrap();
        assert_eq!(found.name, Some(RegistryName::new(Ecosystem::Pub, "app")));
        assert_eq!(found.versions[0].scalar.span.of(text), Some("1.2.3+4"));
        assert_eq!(found.workspace.unwrap().members, ["packages/core", "tools/*"]);
        let read = |r: &RequirementPlace| {
            let written = r.scalar.span.of(text).unwrap();
            format!("{} {:?} {written} {}", r.on.name, r.kind, r.folder.as_deref().unwrap_or("-"))
        };
        let expected = [
            "core Normal ^1.0.0 -",
            "ui Normal >=1.0.0 <2.0.0 ../ui",
            "private Normal 2.0.0 -",
            "real Normal ^3.0.0 -",
            "core Dev ^1.1.0 -",
            "ui Dev 1.5.0 -",
        ];
        assert_eq!(found.requirements.iter().map(read).collect::<Vec<_>>(), expected);
        let member = find("name: a\nversion:\nresolution: workspace\n").unwrap();
        assert_eq!((member.no_version, member.workspace), (Some(NoVersion::Absent), None));
    }

    #[test]
    fn all_faults_are_reported() {
        let text = "name: [a]\nversion: {a: 1}\ndependencies: [b]\ndev_dependencies: {c: [1], d: &x 1.0.0, e: *x}\n";
        let faults = find(text).unwrap_err();
        let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        let expected = [
            "`name` is a list, expected a text",
            "`version` is a mapping, expected a text",
            "`dependencies` is a list, expected a mapping",
            "`c` is a list, expected a text",
            "`e` is an alias, expected a text",
        ];
        assert_eq!(messages, expected);
        assert_eq!(find("- a\n").unwrap_err()[0].message, "the pubspec is a list, expected a mapping");
    }
}
