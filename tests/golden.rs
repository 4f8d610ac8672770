//! Golden cases of the manifest formats: `fixtures/manifests/<type>/<case>/{in/FILE, out/FILE, case.toml}`.
//!
//! A case.toml says what changes, the harness edits the text of `in` and holds the result against `out`, byte for byte:
//!
//! ```toml
//! type = "toml"              # default: the name of the folder above
//! pointer = "/tool/version"  # or: search = "..."; neither for a type that knows its places
//! scheme = "semver"          # of a search; default: semver
//! version = "0.2.0"          # every place of the manifest's own version, or of the one that it inherits
//! fields = ["version"]       # only those of these fields; default: all
//! seal = ["1a2b"]            # the checksum of a lock file, and the time beside it
//! [requirements]
//! core = "^0.2.0"            # every requirement of the manifest on this package
//! [locked]
//! core = "0.2.0"             # the lock entry of this name, or of this folder
//! [locked-requirements]
//! core = "^0.2.0"            # every requirement on this package in the entries of a lock file
//! ```
//!
//! `SNAPSHOTS=overwrite` renews `out`. Read what it wrote before you commit it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use relman::manifest::{
    Found, Locator, LockedAt, LockedEntry, ManifestType, Pointer, RequirementPlace, Scalar, SearchPattern,
};
use relman::model::VersionScheme;
use relman::text::Position;
use toml_edit::{Document, Item};

/// What the names of a type's cases must begin with: each kind of ugliness has at least one case.
const KINDS: [&str; 7] = ["plain", "crlf", "bom", "tabs", "no-last-newline", "comment-beside", "same-number"];

#[test]
fn every_manifest_case_changes_as_its_out_folder_says() {
    let mut failures = Vec::new();
    let mut cases = 0;
    for folder in folders(&root()) {
        for case in folders(&folder) {
            cases += 1;
            if let Err(why) = run(&case) {
                failures.push(format!("{}: {why}", case.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(cases > 0, "no case under {}", root().display());
    assert!(failures.is_empty(), "{} of {cases} cases fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_manifest_type_has_every_kind_of_case() {
    let mut missing = Vec::new();
    let types = folders(&root());
    assert!(!types.is_empty(), "no folder under {}", root().display());
    for folder in types {
        let kind = name(&folder);
        assert!(ManifestType::named(&kind).is_some(), "`{kind}` is no manifest type");
        let cases: Vec<String> = folders(&folder).iter().map(|case| name(case)).collect();
        for wanted in KINDS {
            if !cases.iter().any(|case| case.starts_with(wanted)) {
                missing.push(format!("{kind}/{wanted}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "cases that are missing");
}

#[test]
fn cases_are_as_ugly_as_their_names_say() {
    let mut tame = Vec::new();
    for folder in folders(&root()) {
        for case in folders(&folder) {
            let (_, text) = input(&case).unwrap();
            let kind = name(&case);
            let body = text.strip_prefix('\u{feff}');
            let fits = match KINDS.iter().find(|k| kind.starts_with(**k)) {
                Some(&"crlf") => text.contains("\r\n") && !text.replace("\r\n", "").contains('\n'),
                Some(&"bom") => body.is_some(),
                Some(&"tabs") => text.contains('\t') || name(&folder) == "plain",
                Some(&"no-last-newline") => !text.ends_with('\n'),
                _ => true,
            };
            if !fits {
                tame.push(case.strip_prefix(root()).unwrap().display().to_string());
            }
        }
    }
    assert_eq!(tame, Vec::<String>::new(), "cases whose bytes are not what their names promise");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests")
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut folders: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Returns the name and the text of the one file in `in`.
fn input(case: &Path) -> Result<(String, String), String> {
    let entries = fs::read_dir(case.join("in")).map_err(|e| format!("in: {e}"))?;
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    match (files.pop(), files.is_empty()) {
        (Some(file), true) => {
            let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            Ok((name(&file), text))
        }
        _ => Err("in holds not exactly one file".to_owned()),
    }
}

fn run(case: &Path) -> Result<(), String> {
    let (file, text) = input(case)?;
    let request = CaptureOptions::read(case)?;
    let found = relman::manifest::find(&request.locator, &text).map_err(|faults| {
        let lines = faults.iter().map(|f| format!("{}: {f}", place(&text, f.span.start)));
        format!("find: {}", lines.collect::<Vec<_>>().join("; "))
    })?;
    let changes = request.changes(&found)?;
    let edited =
        relman::manifest::edit(&[(&request.locator, &found)], &text, &changes).map_err(|e| format!("edit: {e}"))?;
    let new = edited.edits.apply(&text).map_err(|e| format!("apply: {e}"))?;
    if new == text {
        return Err("nothing changes".to_owned());
    }
    let out = case.join("out").join(&file);
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::create_dir_all(case.join("out")).map_err(|e| e.to_string())?;
        return fs::write(&out, new).map_err(|e| e.to_string());
    }
    let expected = fs::read_to_string(&out).map_err(|e| format!("out/{file}: {e}"))?;
    if new == expected {
        return Ok(());
    }
    let at = new.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = text.as_bytes();
        String::from_utf8_lossy(&bytes[at.saturating_sub(30)..(at + 30).min(bytes.len())]).into_owned()
    };
    Err(format!("differs from out at {}: {:?} instead of {:?}", place(&new, at), around(&new), around(&expected)))
}

fn place(text: &str, offset: usize) -> String {
    let position = Position::of(text, offset);
    format!("{}:{}", position.line, position.column)
}

/// What a case.toml asks for.
struct CaptureOptions {
    locator: Locator,
    version: Option<String>,
    fields: Option<Vec<String>>,
    seal: Vec<String>,
    requirements: BTreeMap<String, String>,
    locked: BTreeMap<String, String>,
    locked_requirements: BTreeMap<String, String>,
}

impl CaptureOptions {
    fn read(case: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(case.join("case.toml")).map_err(|e| format!("case.toml: {e}"))?;
        let document = Document::parse(text).map_err(|e| format!("case.toml: {e}"))?;
        let mut keys: BTreeMap<String, &Item> = document.iter().map(|(key, item)| (key.to_owned(), item)).collect();
        let kind = string(keys.remove("type")).unwrap_or_else(|| name(case.parent().unwrap()));
        let kind = ManifestType::named(&kind).ok_or_else(|| format!("`{kind}` is no manifest type"))?;
        let pointer = string(keys.remove("pointer"));
        let search = string(keys.remove("search"));
        let locator = match (pointer, search) {
            (Some(pointer), None) => Locator::Pointer(kind, Pointer::new(&pointer).map_err(|e| e.to_string())?),
            (None, Some(search)) => {
                let scheme = match string(keys.remove("scheme")).as_deref() {
                    None | Some("semver") => VersionScheme::Semver,
                    Some("pep440") => VersionScheme::Pep440,
                    Some(other) => return Err(format!("`{other}` is no scheme")),
                };
                Locator::Search(SearchPattern::new(&search).map_err(|e| e.to_string())?, scheme)
            }
            (None, None) => Locator::Known(kind),
            (Some(_), Some(_)) => return Err("case.toml: pointer or search, not both".to_owned()),
        };
        let strings = |item: &Item| -> Vec<String> {
            item.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
        };
        let request = Self {
            locator,
            version: string(keys.remove("version")),
            fields: keys.remove("fields").map(strings),
            seal: keys.remove("seal").map(strings).unwrap_or_default(),
            requirements: table(keys.remove("requirements")),
            locked: table(keys.remove("locked")),
            locked_requirements: table(keys.remove("locked-requirements")),
        };
        match keys.keys().next() {
            Some(key) => Err(format!("case.toml: unknown key `{key}`")),
            None => Ok(request),
        }
    }

    /// Returns the new value of every place that is asked for; a name that matches no place is an error.
    fn changes(&self, found: &Found) -> Result<Vec<(Scalar, String)>, String> {
        let mut changes = Vec::new();
        if let Some(version) = &self.version {
            let wanted = |field: &String| self.fields.as_ref().is_none_or(|fields| fields.contains(field));
            let inherited = found.inherited.iter().flat_map(|inherited| &inherited.copy);
            let places: Vec<_> = found.versions.iter().chain(inherited).filter(|v| wanted(&v.field)).collect();
            if places.is_empty() {
                return Err(format!("no version was found: {:?}", found.no_version));
            }
            changes.extend(places.into_iter().map(|v| (v.scalar.clone(), version.clone())));
        }
        let seal = found.seal.iter().flat_map(|seal| std::iter::once(&seal.checksum).chain(&seal.locked_at));
        changes.extend(seal.cloned().zip(self.seal.iter().cloned()));
        let own: Vec<&RequirementPlace> = found.requirements.iter().collect();
        changes.extend(requirement_changes(&own, &self.requirements)?);
        let copies: Vec<&RequirementPlace> = found.locked.iter().flat_map(|entry| &entry.requirements).collect();
        changes.extend(requirement_changes(&copies, &self.locked_requirements)?);
        for (key, version) in &self.locked {
            let mut versions = found.locked.iter().filter(|e| is_called(e, key)).flat_map(|e| &e.versions).peekable();
            if versions.peek().is_none() {
                return Err(format!("no lock entry `{key}` with a version among {:?}", found.locked));
            }
            changes.extend(versions.map(|v| (v.scalar.clone(), version.clone())));
        }
        Ok(changes)
    }
}

fn requirement_changes(
    places: &[&RequirementPlace],
    wanted: &BTreeMap<String, String>,
) -> Result<Vec<(Scalar, String)>, String> {
    let mut changes = Vec::new();
    for (name, new) in wanted {
        let before = changes.len();
        let own = places.iter().filter(|place| place.on.name == *name);
        changes.extend(own.map(|place| (place.scalar.clone(), new.clone())));
        if changes.len() == before {
            let names: Vec<&str> = places.iter().map(|place| place.on.name.as_str()).collect();
            return Err(format!("no requirement on `{name}` among {names:?}"));
        }
    }
    Ok(changes)
}

fn is_called(entry: &LockedEntry, key: &str) -> bool {
    let named = entry.name.as_ref().is_some_and(|name| name.name == key);
    named || matches!(&entry.at, LockedAt::Folder(folder) if folder == key)
}

fn string(item: Option<&Item>) -> Option<String> {
    item.map(|item| item.as_str().unwrap_or_else(|| panic!("case.toml: {item} is no string")).to_owned())
}

fn table(item: Option<&Item>) -> BTreeMap<String, String> {
    let pairs = item.map(|item| item.as_table_like().unwrap().iter()).into_iter().flatten();
    pairs.map(|(key, item)| (key.to_owned(), string(Some(item)).unwrap())).collect()
}
