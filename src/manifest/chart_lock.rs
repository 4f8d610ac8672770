//! Chart.lock, as Helm 3 and 4 write it.

use super::seal::{Seal, SealKind};
use super::yaml_document::YamlReader;
use super::{Found, LockedAt, LockedEntry, RequirementPlace, RequirementSyntax, VersionPlace};
use crate::data::Fault;
use crate::data::yaml::{Kind, Node};
use crate::model::{DependencyKind, Ecosystem, RegistryName};

/// Finds the entries of charts in folders, the copies of what the chart requires of those inside of it, and the digest.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let mut reader = YamlReader::new(text);
    let root = reader.root("the lock file")?;
    let mut locked = Vec::new();
    match root.get("dependencies") {
        Some(list @ Node { kind: Kind::List(_), .. }) => {
            locked.extend(list.items().iter().filter_map(|entry| own_entry(&mut reader, entry)));
        }
        Some(other) if !other.is_null() => {
            reader.fault(Fault::new(other.span, format!("`dependencies` is {}, expected a list", other.what())));
        }
        Some(_) | None => {}
    }
    let seal = root.get("digest").and_then(|digest| {
        let checksum = reader.scalar(digest, "digest")?;
        let locked_at = root.get("generated").and_then(|generated| reader.scalar(generated, "generated"));
        Some(Seal { checksum, locked_at, manifest: "Chart.yaml", kind: SealKind::Chart })
    });
    reader.finish(Found { locked, seal, ..Found::default() })
}

/// Returns the entry of a chart in a folder; `None` if it was published: whatever else a repository names (`https://`, `oci://`, `@name`)
/// holds published charts.
fn own_entry(reader: &mut YamlReader<'_>, entry: &Node<'_>) -> Option<LockedEntry> {
    let name = RegistryName::new(Ecosystem::Chart, reader.text(entry.get("name")?, "dependencies.name")?);
    let repository = entry.get("repository").filter(|node| !node.is_null()).and_then(Node::text).unwrap_or("").trim();
    let folder = repository.strip_prefix("file://");
    if folder.is_none() && !repository.is_empty() {
        return None;
    }
    let scalar = reader.scalar(entry.get("version")?, "dependencies.version")?;
    let Some(folder) = folder else {
        // A chart inside of the chart: Helm does not look into it, and repeats what the chart requires.
        let notation = RequirementSyntax::Chart;
        let place = RequirementPlace {
            on: name,
            kind: DependencyKind::Normal,
            notation,
            scalar,
            folder: None,
            shared_as: None,
            is_alias: false,
        };
        return Some(LockedEntry {
            name: None,
            at: LockedAt::Folder(String::new()),
            versions: Vec::new(),
            requirements: vec![place],
        });
    };
    let versions = vec![VersionPlace::behind_v("version", scalar)];
    let at = LockedAt::Folder(folder.to_owned());
    Some(LockedEntry { name: Some(name), at, versions, requirements: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::seal::{SealChange, Sealed};

    /// What Helm 4.2.3 wrote for these dependencies.
    const DIGEST: &str = "sha256:bb1b8f545059f8c7032b6f02aaa973d9a039185be3e4ee2b37a7004698cc2423";
    const CHART: &str = "apiVersion: v2\nname: umbrella\nversion: 1.2.3\ndependencies:\n- name: common\n  repository: file://../common\n  version: '>=0.1.0 <1.0.0'\n\
        - name: common\n  alias: db\n  condition: db.enabled\n  tags: [a, b]\n  enabled: true\n  import-values:\n  - data\n  - {parent: p&q, child: c}\n\
        \x20 - {z: 1, a: [true, ~, \"x\"]}\n  repository: file://../common\n  version: ~0.1.0-0\n- {name: web, version: 0.1.x}\n";
    const LOCK: &str = "dependencies:\r\n- name: common\r\n  repository: file://../common\r\n  version: v0.1.0\r\n- name: common\r\n  repository: file://../common\r\n  version: v0.1.0\r\n\
        - name: web\r\n  repository: \"\"\r\n  version: 0.1.x\r\ndigest: sha256:bb1b8f545059f8c7032b6f02aaa973d9a039185be3e4ee2b37a7004698cc2423\r\ngenerated: \"2024-05-06T07:08:09.123456789+02:00\"\r\n";

    #[test]
    fn entries_of_folders_are_ours() {
        let found = find(LOCK).unwrap();
        let read = |entry: &LockedEntry| {
            let LockedAt::Folder(folder) = &entry.at else { panic!("{entry:?}") };
            let versions = entry.versions.iter().map(|place| place.scalar.span.of(LOCK).unwrap().to_owned());
            let copies = entry.requirements.iter();
            let copies = copies.map(|place| format!("{} {}", place.on.name, place.scalar.span.of(LOCK).unwrap()));
            format!("{folder}: {}", versions.chain(copies).collect::<Vec<_>>().join(", "))
        };
        let entries: Vec<String> = found.locked.iter().map(read).collect();
        assert_eq!(entries, ["../common: 0.1.0", "../common: 0.1.0", ": web 0.1.x"]);
        let seal = found.seal.unwrap();
        let texts: Vec<&str> = seal.scalars().map(|scalar| scalar.span.of(LOCK).unwrap()).collect();
        assert_eq!(texts, [DIGEST, "2024-05-06T07:08:09.123456789+02:00"]);
        for empty in ["dependencies: []\n", "dependencies:\n", "{}\n"] {
            assert_eq!(find(empty).unwrap(), Found::default());
        }
    }

    #[test]
    fn a_digest_is_renewed_where_it_was_helm_s() {
        fn texts<'a>(manifest: &'a str, lock: &'a str) -> Sealed<'a> {
            Sealed { manifest, lock }
        }
        let seal = find(LOCK).unwrap().seal.unwrap();
        let change = |old: &str, new: &str, lock: &str| seal.change(texts(old, LOCK), texts(new, lock));
        assert_eq!(change(CHART, CHART, LOCK), SealChange::Kept);
        let named = CHART.replace("1.2.3", "1.3.0");
        assert_eq!(change(CHART, &named, LOCK), SealChange::Kept);
        let SealChange::Renewed(moved) = change(CHART, CHART, &LOCK.replace("v0.1.0", "v0.1.1")) else { panic!() };
        assert!(moved.starts_with("sha256:") && moved != DIGEST, "{moved}");
        let stale = CHART.replace("~0.1.0-0", "~0.2.0");
        assert_eq!(change(&stale, CHART, LOCK), SealChange::Unknown);
        assert_eq!(change(&stale, &stale.replace("1.2.3", "1.3.0"), LOCK), SealChange::Kept);
        // Go makes a text of a number, in its own way.
        assert_eq!(change(CHART, &CHART.replace("0.1.x", "0.1"), LOCK), SealChange::Unknown);
    }

    #[test]
    fn all_faults_are_reported() {
        let text = "dependencies:\n- {name: [x]}\n- {name: a, version: [1]}\ndigest: {}\n";
        let messages: Vec<String> = find(text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        let expected = [
            "`dependencies.name` is a list, expected a text",
            "`dependencies.version` is a list, expected a text",
            "`digest` is a mapping, expected a text",
        ];
        assert_eq!(messages, expected);
        assert_eq!(find("dependencies: a\n").unwrap_err()[0].message, "`dependencies` is a text, expected a list");
        assert_eq!(find("- a\n").unwrap_err()[0].message, "the lock file is a list, expected a mapping");
    }
}
