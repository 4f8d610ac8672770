//! poetry.lock, as Poetry writes it (lock-version 1.1 and 2.x).

use toml_edit::TableLike;

use super::seal::{Seal, SealKind};
use super::toml_document::{TomlReader, parse};
use super::{Found, LockedEntry};
use crate::data::Fault;
use crate::model::{Ecosystem, RegistryName};

/// Finds the entries whose source is a folder, and the content hash. The project itself has none: Poetry locks only what it requires. The copies of their
/// requirements have no version where these come from folders, too.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = parse(text)?;
    let mut reader = TomlReader::new(text);
    let packages = reader.rows(document.as_table(), "package");
    let locked = packages.into_iter().filter_map(|package| own_entry(&mut reader, package)).collect();
    let seal = document.get("metadata").and_then(|metadata| {
        let checksum = reader.scalar(metadata.as_table_like()?.get("content-hash")?, "content-hash")?;
        Some(Seal { checksum, locked_at: None, manifest: "pyproject.toml", kind: SealKind::Poetry })
    });
    reader.finish(Found { locked, seal, ..Found::default() })
}

/// Returns the entry of a package in a folder; `None` if it comes from an index, an archive or a repository.
fn own_entry(reader: &mut TomlReader<'_>, package: &dyn TableLike) -> Option<LockedEntry> {
    let source = package.get("source")?.as_table_like()?;
    if source.get("type")?.as_str() != Some("directory") {
        return None;
    }
    let folder = reader.string_at(source, "url")?.value.to_owned();
    let name = reader.string_at(package, "name")?.value;
    let version = package.get("version").and_then(|version| reader.scalar(version, "version"));
    Some(LockedEntry::in_folder(RegistryName::new(Ecosystem::Python, name), folder, version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::LockedAt;

    #[test]
    fn entries_of_folders_are_ours() {
        let text = "[[package]]\nname = \"certifi\"\nversion = \"0.4.0\"\n\n[[package]]\nname = \"Harbor.Core\"\nversion = \"0.4.0\"\ndevelop = true\n\n\
            [package.dependencies]\ncertifi = \"0.4.0\"\n\n[package.source]\ntype = \"directory\"\nurl = \"../core\"\n\n\
            [[package]]\nname = \"wheel\"\nversion = \"0.4.0\"\nsource = {type = \"file\", url = \"../wheel.whl\"}\n\n\
            [[package]]\nname = \"forked\"\nversion = \"0.4.0\"\nsource = {type = \"git\", url = \"https://example.com/a.git\"}\n\n\
            [[package]]\nname = \"here\"\nversion = '0.4.0'\nsource = {type = \"directory\", url = \"libs/here\"}\n[metadata]\nlock-version = \"2.1\"\n";
        let found = find(text).unwrap();
        let read: Vec<_> = found
            .locked
            .iter()
            .map(|entry| {
                let version = entry.versions[0].scalar.span.of(text).unwrap();
                (entry.name.as_ref().unwrap().name.as_str(), version, entry.at.clone())
            })
            .collect();
        let folder = |folder: &str| LockedAt::Folder(folder.to_owned());
        assert_eq!(read, [("harbor-core", "0.4.0", folder("../core")), ("here", "0.4.0", folder("libs/here"))]);
        for empty in ["package = []\n", "[metadata]\nlock-version = \"2.0\"\n", ""] {
            assert_eq!(find(empty).unwrap(), Found::default());
        }
    }

    #[test]
    fn all_faults_are_reported() {
        let source = "source = {type = 'directory', url = '../x'}";
        let text = format!(
            "[[package]]\nname = 1\n{source}\n[[package]]\nname = 'b'\nversion = 1.0\n{source}\n[[package]]\nname = 'c'\nversion = 1.0\n"
        );
        let messages: Vec<String> = find(&text).unwrap_err().into_iter().map(|fault| fault.message).collect();
        assert_eq!(messages, ["`name` is an integer, expected a string", "`version` is a float, expected a string"]);
        assert!(find("[[package]]\n<<<<<<< HEAD\n").is_err());
    }
}
