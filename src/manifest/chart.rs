//! Helm's Chart.yaml, as Helm documents it (apiVersion v1 and v2).

use super::yaml_document::YamlReader;
use super::{Found, NoVersion, RequirementPlace, RequirementSyntax, VersionPlace};
use crate::data::yaml::{Kind, Node};
use crate::data::{Fault, Scalar};
use crate::model::{DependencyKind, Ecosystem, RegistryName};

/// Finds the name, `version`, `appVersion` and the versions of the dependencies.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let reader = YamlReader::new(text);
    let root = reader.root("the chart")?;
    let mut chart = Chart { reader };
    let name = root.get("name").and_then(|node| chart.name(node, "name"));
    let mut versions = Vec::new();
    if let Some(scalar) = root.get("version").and_then(|node| chart.reader.scalar(node, "version")) {
        versions.push(VersionPlace::behind_v("version", scalar));
    }
    let no_version = versions.is_empty().then_some(NoVersion::Absent);
    if let Some(scalar) = root.get("appVersion").and_then(|node| chart.app_version(node)) {
        versions.push(VersionPlace::behind_v("appVersion", scalar));
    }
    versions.sort_by_key(|place| place.scalar.span);
    let requirements = root.get("dependencies").map(|list| chart.dependencies(list)).unwrap_or_default();
    chart.reader.finish(Found { name, versions, no_version, requirements, ..Found::default() })
}

/// The chart, while it is read.
struct Chart<'t> {
    reader: YamlReader<'t>,
}

impl Chart<'_> {
    fn name(&mut self, node: &Node<'_>, name: &str) -> Option<RegistryName> {
        self.reader.text(node, name).map(|text| RegistryName::new(Ecosystem::Chart, text))
    }

    /// `appVersion` may be missing or empty.
    fn app_version(&mut self, node: &Node<'_>) -> Option<Scalar> {
        if node.is_null() || node.text() == Some("") {
            return None;
        }
        self.reader.scalar(node, "appVersion")
    }

    fn dependencies(&mut self, list: &Node<'_>) -> Vec<RequirementPlace> {
        if !matches!(list.kind, Kind::List(_)) && !list.is_null() {
            let message = format!("`dependencies` is {}, expected a list", list.what());
            self.reader.fault(Fault::new(list.span, message));
        }
        let mut places: Vec<_> = list.items().iter().filter_map(|item| self.dependency(item)).collect();
        places.sort_by_key(|place| place.scalar.span);
        places
    }

    fn dependency(&mut self, item: &Node<'_>) -> Option<RequirementPlace> {
        let name = self.name(item.get("name")?, "dependencies.name")?;
        let version = item.get("version")?;
        // These bound nothing, so there is nothing to keep in step.
        if version.is_null() || matches!(version.text().map(str::trim), Some("" | "*" | "x" | "X")) {
            return None;
        }
        let repository =
            item.get("repository").filter(|node| !node.is_null()).and_then(Node::text).unwrap_or("").trim();
        let folder = repository.strip_prefix("file://");
        // Whatever else a repository names (`https://`, `oci://`, `@name`) holds published charts. Without one Helm looks into `charts/`.
        if folder.is_none() && !repository.is_empty() {
            return None;
        }
        let scalar = self.reader.scalar(version, "dependencies.version")?;
        Some(RequirementPlace {
            on: name,
            kind: DependencyKind::Normal,
            notation: RequirementSyntax::Chart,
            scalar,
            folder: folder.map(str::to_owned),
            shared_as: None,
            is_alias: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Style;

    fn versions(text: &str) -> Vec<(String, &str, Style)> {
        let found = find(text).unwrap();
        let read = |v: &VersionPlace| {
            assert_eq!(v.scalar.span.of(text), Some(v.scalar.text.as_str()));
            (v.field.clone(), v.scalar.span.of(text).unwrap(), v.scalar.style)
        };
        found.versions.iter().map(read).collect()
    }

    #[test]
    fn versions_stand_where_they_say() {
        let (version, app) = ("version".to_owned(), "appVersion".to_owned());
        let cases = [
            (
                "appVersion: \"v1.2.3\"\r\nversion: 1.2 # old\r\n",
                vec![(app.clone(), "1.2.3", Style::Quoted), (version.clone(), "1.2", Style::YamlPlain)],
            ),
            (
                "version: '1.2.3'\nappVersion: v1.2.3",
                vec![(version.clone(), "1.2.3", Style::Quoted), (app.clone(), "1.2.3", Style::Bare)],
            ),
            (
                "{version: 1.2.3, appVersion: version}",
                vec![(version.clone(), "1.2.3", Style::YamlPlain), (app, "version", Style::YamlPlain)],
            ),
            ("version: 1.2.3\nappVersion:\n", vec![(version.clone(), "1.2.3", Style::YamlPlain)]),
            ("version: 1.2.3\nappVersion: ''\n", vec![(version, "1.2.3", Style::YamlPlain)]),
        ];
        for (text, expected) in cases {
            assert_eq!(versions(text), expected, "{text:?}");
        }
        assert_eq!(find("name: x\n").unwrap().no_version, Some(NoVersion::Absent));
    }

    #[test]
    fn dependencies_are_requirements() {
        let text = "name: app\nversion: 0.1.0\ndependencies:\n- {name: common, version: '~0.1.0', repository: file://../common}\n\
            - name: postgresql\n  alias: common\n  version: 12.x.x\n- name: any\n  version: \"*\"\n- name: none\n";
        let found = find(text).unwrap();
        assert_eq!(found.name.unwrap().name, "app");
        let told: Vec<_> = found
            .requirements
            .iter()
            .map(|r| (r.on.name.as_str(), r.scalar.span.of(text).unwrap(), r.folder.as_deref()))
            .collect();
        assert_eq!(told, [("common", "~0.1.0", Some("../common")), ("postgresql", "12.x.x", None)]);
    }

    #[test]
    fn a_repository_says_whose_a_dependency_is() {
        for (repository, ours) in [
            ("", true),
            ("''", true),
            ("~", true),
            ("file://../a", true),
            ("https://example.com/charts", false),
            ("http://example.com", false),
            ("oci://example.com/charts", false),
            ("'@stable'", false),
            ("alias:stable", false),
            ("s3://charts", false),
        ] {
            let text =
                format!("version: 1.0.0\ndependencies:\n- name: a\n  version: 1.0.0\n  repository: {repository}\n");
            assert_eq!(find(&text).unwrap().requirements.len(), usize::from(ours), "{repository}");
        }
    }

    #[test]
    fn faults_are_told_all_at_once() {
        let text = "name: [x]\nversion: &v {a: 1}\nappVersion: *v\ndependencies: 3\n";
        let told: Vec<_> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        let expected = [
            "`name` is a list, expected a text",
            "`version` is a mapping, expected a text",
            "`appVersion` is an alias, expected a text",
            "`dependencies` is a text, expected a list",
        ];
        assert_eq!(told, expected);
        assert_eq!(find("- a\n").unwrap_err()[0].message, "the chart is a list, expected a mapping");
        assert!(find("").is_err());
    }
}
