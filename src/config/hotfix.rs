//! [`HotfixConfig`]: the table `[hotfix]`, how a released version is fixed.

use super::reader::TableReader;
use super::release_text::read_line;
use super::{ReleaseConfig, ReleaseText, Spanned, TextWord};
use crate::model::{ProblemCode, is_branch_name};
use crate::text::Span;

const FROMS: [(&str, HotfixFrom); 2] = [("tag", HotfixFrom::Tag), ("production", HotfixFrom::Production)];
const BYS: [(&str, HotfixBy); 2] = [("request", HotfixBy::Request), ("merge", HotfixBy::Merge)];
const RELEASES: [(&str, HotfixRelease); 2] = [("branch", HotfixRelease::Branch), ("back", HotfixRelease::Back)];

/// How a released version is fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HotfixConfig {
    /// The name of the branch.
    pub branch: ReleaseText,
    /// Where the branch starts.
    pub from: HotfixFrom,
    /// The branches to which it is brought back; `None`: production and integration.
    pub back: Option<Vec<String>>,
    /// How it is brought back; `None`: by requests where there is a forge.
    pub by: Option<HotfixBy>,
    /// Where the patch is released.
    pub release: HotfixRelease,
}

/// Where the branch of a hotfix starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HotfixFrom {
    /// At the tag that is fixed.
    Tag,
    /// At the head of production.
    Production,
}

/// How a hotfix is brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HotfixBy {
    /// By requests on the forge.
    Request,
    /// By merges of this machine, which are pushed.
    Merge,
}

/// Where the patch of a hotfix is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HotfixRelease {
    /// On the branch of the hotfix.
    Branch,
    /// On production, after the hotfix came back.
    Back,
}

impl Default for HotfixConfig {
    fn default() -> Self {
        Self {
            branch: ReleaseText::own("hotfix/{tag}-{slug}", TextWord::OF_HOTFIXES),
            from: HotfixFrom::Tag,
            back: None,
            by: None,
            release: HotfixRelease::Branch,
        }
    }
}

impl HotfixConfig {
    /// Reads the table; `release` is how releases leave the machine.
    pub(super) fn read(reader: Option<TableReader<'_>>, release: Option<&ReleaseConfig>) -> Option<Self> {
        let mut reader = reader?;
        let production = release.and_then(|release| release.production.as_deref());
        let default = Self::default();
        let from = reader.one_of("from", &FROMS);
        let back = back(&mut reader);
        let by = reader.one_of("by", &BYS).map(|by| by.value);
        let place = reader.one_of("release", &RELEASES);
        if let Some(from) = from.filter(|from| from.value == HotfixFrom::Production && production.is_none()) {
            let message = "from = \"production\" needs the name of that branch";
            conflict(&reader, from.span, message, "add `production` to [release], as in production = \"main\"");
        }
        if let (Some(place), Some(back)) = (place.filter(|place| place.value == HotfixRelease::Back), &back) {
            check_place(&reader, place.span, &back.value, production);
        }
        let hotfix = Self {
            branch: branch(&mut reader).unwrap_or(default.branch),
            from: from.map_or(default.from, |from| from.value),
            back: back.map(|back| back.value),
            by,
            release: place.map_or(default.release, |place| place.value),
        };
        reader.finish();
        Some(hotfix)
    }
}

/// Reports a patch that would be released on a branch to which the hotfix does not come back.
fn check_place(reader: &TableReader<'_>, span: Span, back: &[String], production: Option<&str>) {
    let (message, help) = match (production, back) {
        (_, []) => ("release = \"back\" needs a branch in `back`".to_owned(), "name it, as in back = [\"main\"]"),
        (Some(production), back) if !back.iter().any(|branch| branch == production) => (
            format!("release = \"back\" releases on `{production}`, to which the hotfix does not come back"),
            "add that branch to `back`, or leave `back` out",
        ),
        (None, [_, _, ..]) => (
            "release = \"back\" does not say on which of the branches of `back`".to_owned(),
            "add `production` to [release], as in production = \"main\"",
        ),
        _ => return,
    };
    conflict(reader, span, &message, help);
}

fn conflict(reader: &TableReader<'_>, span: Span, message: &str, help: &str) {
    reader.problems().add_as(ProblemCode::ConfigConflict, span, message, help);
}

fn branch(reader: &mut TableReader<'_>) -> Option<ReleaseText> {
    let text = read_line(reader, "branch", TextWord::OF_HOTFIXES)?;
    // Any value will do to check the text around the placeholders.
    let name = text.fill(|_| "1".to_owned());
    if !is_branch_name(&name) {
        let message = format!("`{text}` is not a valid branch name");
        reader.problems().add(text.span(), message, "write it as in branch = \"hotfix/{tag}-{slug}\"");
        return None;
    }
    Some(text)
}

fn back(reader: &mut TableReader<'_>) -> Option<Spanned<Vec<String>>> {
    let texts = reader.strings("back")?;
    let mut branches: Vec<String> = Vec::new();
    for text in &texts.value {
        let (message, help) = if !is_branch_name(&text.value) {
            let message = format!("`{}` is not a valid branch name", text.value);
            (message, "name a branch without its remote, as in \"main\"")
        } else if branches.contains(&text.value) {
            (format!("`back` lists `{}` twice", text.value), "remove one of the two")
        } else {
            branches.push(text.value.clone());
            continue;
        };
        reader.problems().add(text.span, message, help);
    }
    Some(texts.with(branches))
}
