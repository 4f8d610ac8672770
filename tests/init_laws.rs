//! Whatever a repository holds, what `init` proposes can be read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, proptest};
use proptest::sample::select;
use relman::config::Config;
use relman::init::propose;
use relman::manifest::{Locator, ManifestType, find};
use relman::model::RepoPath;
use relman::snapshot::{Discovery, FoundManifest, FoundTag};

const NAMES: [&str; 14] =
    ["api", "web", "core", "acme-api", "@acme/web", "my app", "a*b", "ü", "a\\\"b", "", "a.b", "v", "-x", "a..b"];
const FOLDERS: [&str; 12] = [
    ".",
    "api",
    "packages/api",
    "packages/web",
    "packages/core",
    "libs/core",
    "a b/c",
    "x/y/z",
    "x/y*",
    "tests/a",
    "é",
    "v",
];
const VERSIONS: [&str; 8] = ["0.1.0", "1.2.3", "0.3.0-alpha.1", "0.3.0a1", "0.0.0", "1.0", "2.0.0-next.1", "none"];
const HEADS: [&str; 14] = [
    "v",
    "",
    "api-v",
    "web@",
    "@acme/web@",
    "packages/api/v",
    "core-",
    "release-",
    "acme-",
    "a b-v",
    "v-v",
    "x/y/z/",
    "api-",
    "ü-v",
];

fn manifest() -> impl Strategy<Value = FoundManifest> {
    (select(&NAMES[..]), select(&FOLDERS[..]), select(&VERSIONS[..]), 0..4_usize).prop_map(
        |(name, folder, version, kind)| {
            let (kind, file) = ManifestType::of_packages().nth(kind).unwrap();
            let text = match kind {
                ManifestType::Cargo => format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n"),
                ManifestType::Pyproject => format!("[project]\nname = \"{name}\"\nversion = \"{version}\"\n"),
                ManifestType::PackageJson => format!("{{\"name\": \"{name}\", \"version\": \"{version}\"}}"),
                _ => format!("name: \"{name}\"\nversion: \"{version}\"\nappVersion: \"1.2.3\"\n"),
            };
            let path = RepoPath::new(folder).unwrap().child(file);
            FoundManifest {
                path,
                kind,
                found: find(&Locator::Known(kind), &text).ok(),
                is_private: text.len() % 3 == 0,
            }
        },
    )
}

fn tag() -> impl Strategy<Value = FoundTag> {
    (select(&HEADS[..]), select(&VERSIONS[..]), 0..3_u8)
        .prop_map(|(head, version, commit)| FoundTag { name: format!("{head}{version}"), commit: commit.to_string() })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_proposed_can_be_read(manifests in vec(manifest(), 0..20), tags in vec(tag(), 0..20)) {
        let by_path: BTreeMap<RepoPath, FoundManifest> = manifests.into_iter().map(|m| (m.path.clone(), m)).collect();
        let locks = BTreeMap::from([(RepoPath::new("api/uv.lock").unwrap(), BTreeSet::from([RepoPath::new("libs/core").unwrap()]))]);
        let discovery = Discovery { manifests: by_path.into_values().collect(), locks, tags, ..Discovery::default() };
        if let Ok(text) = propose(&discovery, None).map(|proposed| proposed.text) {
            let read = Config::parse(&RepoPath::new("relman.toml").unwrap(), &Arc::from(text.as_str()));
            prop_assert!(read.is_ok(), "{text}\n{:#?}", read.unwrap_err().iter().map(|d| &d.message).collect::<Vec<_>>());
            prop_assert!(propose(&discovery, None).unwrap().text == text);
        }
    }
}
