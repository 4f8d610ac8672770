//! What each fuzz target does with its bytes. `cargo fuzz` calls these, and so does `cargo test` with a fixed corpus and its mutants.
//!
//! A target panics where a promise is broken: no input makes relman panic or grow without measure, bytes outside of edits stay, and the
//! new text reads as planned.

use std::sync::Arc;

use relman::changelog::{
    Document, Fragment, FragmentRules, NewSection, Rotation, SectionContent, SectionEntry, SectionGroup, TitleReader,
    rotate,
};
use relman::config::Config;
use relman::manifest::{Locator, ManifestType, Pointer, Scalar, SearchPattern, edit, find};
use relman::model::{Diagnostic, RepoPath, VersionScheme};
use relman::plan::{PlanReport, Proposal};
use relman::text::TextEdits;

/// A target: its name, which is also that of its corpus, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 6] = [
    ("manifest", manifest),
    ("configuration", configuration),
    ("changelog", changelog),
    ("fragment", fragment),
    ("template", template),
    ("plan", plan),
];

/// `find` and `edit` of each format. The first byte chooses the format, the rest is the file.
pub fn manifest(data: &[u8]) {
    let Some((choice, text)) = data.split_first().and_then(|(first, rest)| Some((*first, as_text(rest)?))) else {
        return;
    };
    let locator = locator(choice);
    let Ok(found) = find(&locator, text) else { return };
    for version in &found.versions {
        let Scalar { span, text: value, .. } = &version.scalar;
        assert_eq!(span.of(text), Some(value.as_str()), "the value is what is at its span");
        let changes = [(version.scalar.clone(), "9.8.7".to_owned())];
        let Ok(edited) = edit(&[(&locator, &found)], text, &changes) else { continue };
        let new = applied(&edited.edits, text);
        let again = find(&locator, &new).expect("the new text is read");
        assert!(
            again.versions.iter().any(|place| place.scalar.text == "9.8.7"),
            "the new text holds the planned value"
        );
    }
}

/// relman.toml.
pub fn configuration(data: &[u8]) {
    let Some(text) = as_text(data) else { return };
    if let Err(problems) = Config::parse(&path("relman.toml"), &Arc::from(text)) {
        assert!(!problems.is_empty(), "what is refused is explained");
        problems.iter().for_each(|problem| placed(problem, text));
    }
}

/// A changelog, into which a section is put.
pub fn changelog(data: &[u8]) {
    let Some(text) = as_text(data) else { return };
    let titles = TitleReader::new("## [{version}] - {date}", VersionScheme::Semver);
    let document = Document::read(text, &titles);
    let section = NewSection {
        text: "## [9.8.7] - 2026-01-02\n\n### Added\n\n- One.\n".to_owned(),
        link: Some(("9.8.7".to_owned(), "https://example.com/9.8.7".to_owned())),
    };
    let unreleased = Some("https://example.com/unreleased");
    let rotation = Rotation { sections: std::slice::from_ref(&section), placeholder: "", unreleased };
    if let Ok(edits) = rotate(&document, &titles, rotation) {
        let new = applied(&edits, text);
        assert!(
            Document::read(&new, &titles).releases(&new).count() > document.releases(text).count(),
            "the section is there"
        );
    }
}

/// A fragment.
pub fn fragment(data: &[u8]) {
    let Some(text) = as_text(data) else { return };
    let rules = FragmentRules { types: &["added", "fixed"], keeps_headings: text.len() % 2 == 0 };
    match Fragment::read(&path("changelog.d/x.added.md"), &Arc::from(text), rules) {
        Ok(fragment) => {
            assert!(text.contains(fragment.entry()), "the entry is a part of the file");
            applied(&fragment.only_for(&["a"]), text);
        }
        Err(problem) => placed(&problem, text),
    }
}

/// A template of a section, as relman.toml holds one, checked and run.
pub fn template(data: &[u8]) {
    let Some(text) = as_text(data) else { return };
    let entry = SectionEntry { text: "- An *entry*,\n  of two lines.".to_owned(), ..SectionEntry::default() };
    let group = SectionGroup { title: "Added".to_owned(), kind: "added".to_owned(), entries: vec![entry] };
    let content = SectionContent { heading: "## [1.0.0]".to_owned(), groups: vec![group], ..SectionContent::default() };
    if let Ok(section) = content.render(text) {
        assert!(section.len() < 2 << 20, "a section does not grow without measure");
        assert!(section.contains("- An *entry*"), "no entry is lost");
    }
    let toml = format!("[changelog]\ntemplate = {}\n", toml_string(text));
    configuration(toml.as_bytes());
}

/// A plan, as `relman apply` reads one.
pub fn plan(data: &[u8]) {
    let Some(text) = as_text(data) else { return };
    if let Ok(plan) = serde_json::from_str::<PlanReport>(text) {
        let written = serde_json::to_string(&plan).expect("a plan that was read is written");
        assert_eq!(
            serde_json::from_str::<PlanReport>(&written).ok().as_ref(),
            Some(&plan),
            "a plan that is written is the same"
        );
        let _ = Proposal::try_from(plan);
    }
}

fn as_text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).expect("a path")
}

fn locator(choice: u8) -> Locator {
    use ManifestType::{
        BunLock, Cargo, CargoLock, Chart, ChartLock, Composer, Deno, DenoLock, Json, Lerna, PackageJson, PackageLock,
        Plain, PnpmLock, PoetryLock, Pom, Pubspec, PubspecLock, Pyproject, Toml, UvLock, Yaml, YarnLock,
    };
    let pointer = |kind| Locator::Pointer(kind, Pointer::new("/version").expect("a pointer"));
    // The first byte of the corpus is a character from `<` on, so that its files can be read.
    match choice.wrapping_sub(b'<') % 24 {
        0 => Locator::Known(Cargo),
        1 => Locator::Known(CargoLock),
        2 => Locator::Known(Chart),
        3 => Locator::Known(PackageJson),
        4 => Locator::Known(PackageLock),
        5 => Locator::Known(Plain),
        6 => Locator::Known(Pyproject),
        7 => Locator::Known(UvLock),
        8 => pointer(Json),
        9 => pointer(Toml),
        10 => pointer(Yaml),
        12 => Locator::Known(Pubspec),
        13 => Locator::Known(PubspecLock),
        14 => Locator::Known(PnpmLock),
        15 => Locator::Known(PoetryLock),
        16 => Locator::Known(ChartLock),
        17 => Locator::Known(Pom),
        18 => Locator::Known(YarnLock),
        19 => Locator::Known(BunLock),
        20 => Locator::Known(Lerna),
        21 => Locator::Known(Deno),
        22 => Locator::Known(DenoLock),
        23 => Locator::Known(Composer),
        _ => Locator::Search(SearchPattern::new("version = \"{version}\"").expect("a pattern"), VersionScheme::Semver),
    }
}

/// Applies edits and holds every byte outside of them to what it was.
fn applied(edits: &TextEdits, text: &str) -> String {
    let new = edits.apply(text).expect("the edits fit the text");
    let (mut old_at, mut new_at) = (0, 0);
    for edit in edits.as_slice() {
        let kept = edit.span.start - old_at;
        assert_eq!(text.get(old_at..edit.span.start), new.get(new_at..new_at + kept), "bytes before an edit stay");
        old_at = edit.span.end;
        new_at += kept + edit.new.len();
    }
    assert_eq!(text.get(old_at..), new.get(new_at..), "bytes behind the last edit stay");
    new
}

fn placed(problem: &Diagnostic, text: &str) {
    assert!(!problem.message.is_empty(), "a problem says what it is");
    if let Some(place) = &problem.place {
        assert!(place.span.end <= text.len() && place.span.of(text).is_some(), "a place is in the file");
    }
}

fn toml_string(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}
