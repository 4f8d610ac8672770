//! [`ChangelogConfig`]: the tables `[changelog]` and `[packages.NAME.changelog]`.

use super::glob::{NameGlob, path_help};
use super::globs::read_globs;
use super::levels::is_type;
use super::reader::{Element, TableReader};
use super::{CommitTypes, MessageTemplate, MilestoneEntries, Spanned, section_template};
use crate::model::{RepoPath, RepoPathError};
use crate::text::Span;

/// The groups of Keep a Changelog: the type of a change and its title.
pub const USUAL_CHANGES: [(&str, &str); 6] = [
    ("added", "Added"),
    ("changed", "Changed"),
    ("deprecated", "Deprecated"),
    ("removed", "Removed"),
    ("fixed", "Fixed"),
    ("security", "Security"),
];

/// The name of the folder in which fragments lie where relman.toml does not name one.
pub const FRAGMENTS: &str = "changelog.d";

const SOURCES: [(&str, ChangeSource); 3] = [
    ("fragments", ChangeSource::Fragments),
    ("commits", ChangeSource::Commits),
    ("milestone", ChangeSource::Milestone),
];
const PRERELEASES: [(&str, Prereleases); 2] = [("keep", Prereleases::Keep), ("rotate", Prereleases::Rotate)];
const FRAGMENT_HEADINGS: [(&str, FragmentHeadings); 2] =
    [("refuse", FragmentHeadings::Refuse), ("keep", FragmentHeadings::Keep)];
const SUMMARIES: [(&str, SummaryRule); 3] =
    [("optional", SummaryRule::Optional), ("required", SummaryRule::Required), ("none", SummaryRule::None)];

/// The placeholders of `heading`.
const OF_HEADINGS: [&str; 3] = ["version", "date", "name"];

/// How the changelog of a package is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangelogConfig {
    /// Where the table, or the path in place of it, is declared.
    pub span: Span,
    /// The file.
    pub path: Spanned<PathTemplate>,
    /// The folder of the fragments.
    pub fragments: FragmentsFolder,
    /// The heading of a section, one line, with `{version}` and perhaps `{date}` and `{name}`.
    pub heading: Spanned<MessageTemplate>,
    /// The types of changes with the titles of their groups, in the order of the groups.
    pub types: Vec<(String, String)>,
    /// What fills a section, in addition to the text under `[Unreleased]`.
    pub sources: Vec<ChangeSource>,
    /// What a commit becomes, where commits are a source.
    pub commits: CommitTypes,
    /// What issues and requests become, where the milestone is a source.
    pub milestone: MilestoneEntries,
    /// The link of a commit in its entry, with `{id}`.
    pub commit_url: Option<MessageTemplate>,
    /// The link of an issue in a commit's entry, with `{id}`.
    pub issue_url: Option<MessageTemplate>,
    /// What becomes of headings in fragments.
    pub fragment_headings: FragmentHeadings,
    /// What a prerelease does.
    pub prereleases: Prereleases,
    /// Whether a section opens with prose.
    pub summary: SummaryRule,
    /// The text under a fresh `[Unreleased]`; may be empty.
    pub placeholder: String,
    /// The text of a section without entries and prose, if relman.toml has one.
    pub empty: Option<String>,
    /// The link of a version with an earlier tag, with `{from}` and `{to}`.
    pub compare_url: Option<MessageTemplate>,
    /// The link of a version without an earlier tag, with `{tag}`.
    pub tag_url: Option<MessageTemplate>,
    /// The ref that the link of `[Unreleased]` compares with the newest tag.
    pub unreleased_ref: String,
    /// The template of a section, where it is not the default one.
    pub template: Option<Spanned<String>>,
    /// The branches that need not bring fragments.
    pub exempt: Vec<NameGlob>,
}

/// A path that may hold `{path}`, the folder of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate(String);

/// Where fragments lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FragmentsFolder {
    /// In the folder `changelog.d` beside the changelog.
    Beside,
    /// In this folder.
    Folder(PathTemplate),
    /// Nowhere.
    None,
}

/// What fills a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeSource {
    /// Fragments.
    Fragments,
    /// Commits since the last tag.
    Commits,
    /// Merged requests and closed issues of the milestone.
    Milestone,
}

/// What becomes of headings in fragments that could end a section or a group: those of level 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FragmentHeadings {
    /// They are errors.
    Refuse,
    /// They stay as they are, and do not end a section when the changelog is read again.
    Keep,
}

/// What a prerelease does with changelog and fragments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prereleases {
    /// It touches neither; the next final release takes everything.
    Keep,
    /// It has a section like any release.
    Rotate,
}

/// Whether a section opens with prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SummaryRule {
    /// If some was written.
    Optional,
    /// Always: a release without prose is refused.
    Required,
    /// Never.
    None,
}

impl Default for ChangelogConfig {
    fn default() -> Self {
        let nowhere = Span::new(0, 0);
        Self {
            span: nowhere,
            path: Spanned::new(PathTemplate("{path}/CHANGELOG.md".to_owned()), nowhere),
            fragments: FragmentsFolder::Beside,
            heading: Spanned::new(MessageTemplate::default_heading(), nowhere),
            types: USUAL_CHANGES.iter().map(|(key, title)| ((*key).to_owned(), (*title).to_owned())).collect(),
            sources: vec![ChangeSource::Fragments],
            commits: CommitTypes::default(),
            milestone: MilestoneEntries::default(),
            commit_url: None,
            issue_url: None,
            fragment_headings: FragmentHeadings::Refuse,
            prereleases: Prereleases::Keep,
            summary: SummaryRule::Optional,
            placeholder: String::new(),
            empty: None,
            compare_url: None,
            tag_url: None,
            unreleased_ref: "HEAD".to_owned(),
            template: None,
            exempt: Vec::new(),
        }
    }
}

impl ChangelogConfig {
    /// Reads `[changelog]`.
    pub(super) fn read(reader: Option<TableReader<'_>>) -> Option<Self> {
        reader.map(|reader| Self::default().merged_with(reader))
    }

    /// Reads the key `changelog` of a package, a table or a path, on top of the settings for all packages.
    pub(super) fn of_package(reader: &mut TableReader<'_>, all: Option<&Self>) -> Option<Self> {
        let base = all.cloned().unwrap_or_default();
        match reader.text_or_table("changelog")? {
            Element::Table(table) => Some(base.merged_with(table)),
            Element::Text(text) => {
                let path = read_path(reader, "changelog", &text).map_or(base.path.clone(), |path| text.with(path));
                Some(Self { span: text.span, path, ..base })
            }
        }
    }

    /// Returns `true` if this type of changes has a group of its own.
    #[must_use]
    pub fn knows(&self, kind: &str) -> bool {
        self.types.iter().any(|(known, _)| *known == kind)
    }

    /// Returns `true` if commits fill its sections.
    #[must_use]
    pub fn takes_commits(&self) -> bool {
        self.sources.contains(&ChangeSource::Commits)
    }

    /// Returns `true` if the milestone fills its sections.
    #[must_use]
    pub fn takes_milestone(&self) -> bool {
        self.sources.contains(&ChangeSource::Milestone)
    }

    /// Returns `true` if fragments may hold headings of any level.
    #[must_use]
    pub fn keeps_headings(&self) -> bool {
        self.fragment_headings == FragmentHeadings::Keep
    }

    /// Returns `true` if a branch of this name need not bring fragments.
    #[must_use]
    pub fn exempts(&self, branch: &str) -> bool {
        self.exempt.iter().any(|glob| glob.matcher().is_match(branch))
    }

    /// Returns the file of a package whose folder is this one.
    ///
    /// # Errors
    /// Returns an error if the folder makes the template a path that cannot be used.
    pub fn file(&self, folder: &RepoPath) -> Result<RepoPath, RepoPathError> {
        self.path.value.fill(folder)
    }

    /// Returns the folder of a package's fragments; `None` if it has none.
    ///
    /// # Errors
    /// Returns an error if the folder makes the template a path that cannot be used.
    pub fn folder(&self, folder: &RepoPath) -> Result<Option<RepoPath>, RepoPathError> {
        match &self.fragments {
            _ if !self.sources.contains(&ChangeSource::Fragments) => Ok(None),
            FragmentsFolder::Beside => {
                Ok(Some(self.file(folder)?.parent().unwrap_or_else(RepoPath::root).child(FRAGMENTS)))
            }
            FragmentsFolder::Folder(template) => template.fill(folder).map(Some),
            FragmentsFolder::None => Ok(None),
        }
    }

    fn merged_with(self, mut reader: TableReader<'_>) -> Self {
        let span = reader.span();
        let path = reader.string("path");
        let path = path.and_then(|text| read_path(&reader, "path", &text).map(|path| text.with(path)));
        let types = types(&mut reader).unwrap_or(self.types);
        let merged = Self {
            span,
            path: path.unwrap_or(self.path),
            fragments: fragments(&mut reader).unwrap_or(self.fragments),
            heading: heading(&mut reader).unwrap_or(self.heading),
            commits: self.commits.merged_with(&mut reader, &types),
            milestone: self.milestone.merged_with(&mut reader, &types),
            types,
            sources: sources(&mut reader).unwrap_or(self.sources),
            commit_url: url(&mut reader, "commit-url", &["id"]).or(self.commit_url),
            issue_url: url(&mut reader, "issue-url", &["id"]).or(self.issue_url),
            fragment_headings: reader
                .one_of("fragment-headings", &FRAGMENT_HEADINGS)
                .map_or(self.fragment_headings, |value| value.value),
            prereleases: reader.one_of("prereleases", &PRERELEASES).map_or(self.prereleases, |value| value.value),
            summary: reader.one_of("summary", &SUMMARIES).map_or(self.summary, |value| value.value),
            placeholder: reader.string("placeholder").map_or(self.placeholder, |text| text.value),
            empty: reader.string("empty").map(|text| text.value).or(self.empty),
            compare_url: url(&mut reader, "compare-url", &["from", "to"]).or(self.compare_url),
            tag_url: url(&mut reader, "tag-url", &["tag"]).or(self.tag_url),
            unreleased_ref: unreleased_ref(&mut reader).unwrap_or(self.unreleased_ref),
            template: template(&mut reader).or(self.template),
            exempt: read_globs(&mut reader, "exempt", NameGlob::of_refs).map_or(self.exempt, |globs| globs.value),
        };
        reader.finish();
        merged
    }
}

impl PathTemplate {
    /// Reads a path inside the workspace; `{path}` is replaced by a package's folder.
    ///
    /// # Errors
    /// Returns an error if it could lead out of the workspace.
    fn new(text: &str) -> Result<Self, RepoPathError> {
        // Any folder will do to validate the text around it.
        RepoPath::written(&text.replace("{path}", "x")).map(|_| Self(text.to_owned()))
    }

    /// Returns the path for a package in this folder.
    ///
    /// # Errors
    /// Returns an error if the two do not form the path of a file: `{path}git/log` is one in `.git` for the root.
    pub fn fill(&self, folder: &RepoPath) -> Result<RepoPath, RepoPathError> {
        let folder = if folder.is_root() { "." } else { folder.as_str() };
        let path = RepoPath::new(&self.0.replace("{path}", folder))?;
        if path.is_root() { Err(RepoPathError::Empty) } else { Ok(path) }
    }
}

fn read_path(reader: &TableReader<'_>, key: &str, text: &Spanned<String>) -> Option<PathTemplate> {
    let (message, help) = match PathTemplate::new(&text.value) {
        Err(error) => (format!("`{}` is not a valid path: {error}", text.value), path_help(error)),
        Ok(path) if text.value.ends_with('/') || path.fill(&RepoPath::root()) == Err(RepoPathError::Empty) => {
            (format!("`{}` is a folder, not a changelog", text.value), "name a file in it, as in CHANGELOG.md")
        }
        Ok(_) if has_other_placeholder(&text.value) => (
            format!("the only placeholder in `{key}` is {{path}}"),
            "write {path} for the package's folder, or the path itself",
        ),
        Ok(path) => return Some(path),
    };
    reader.problems().add(text.span, message, help);
    None
}

fn has_other_placeholder(text: &str) -> bool {
    text.replace("{path}", "").contains(['{', '}'])
}

fn fragments(reader: &mut TableReader<'_>) -> Option<FragmentsFolder> {
    let text = reader.string("fragments")?;
    if text.value.is_empty() {
        return Some(FragmentsFolder::None);
    }
    let (message, help) = match PathTemplate::new(&text.value) {
        Err(error) => (format!("`{}` is not a valid path: {error}", text.value), path_help(error)),
        Ok(path) if path.fill(&RepoPath::root()) == Err(RepoPathError::Empty) => (
            "fragments cannot lie in relman.toml's own folder: every other file there would count as a broken one"
                .to_owned(),
            "give them a folder of their own, as in changelog.d",
        ),
        Ok(_) if has_other_placeholder(&text.value) => (
            "the only placeholder in `fragments` is {path}".to_owned(),
            "write {path} for the package's folder, or the path itself",
        ),
        Ok(path) => return Some(FragmentsFolder::Folder(path)),
    };
    reader.problems().add(text.span, message, help);
    None
}

fn heading(reader: &mut TableReader<'_>) -> Option<Spanned<MessageTemplate>> {
    let text = reader.string("heading")?;
    let (message, help) = match MessageTemplate::new(&text.value, &OF_HEADINGS) {
        Err(error) => (error.to_string(), error.help()),
        Ok(heading) if !heading.uses("version") => {
            ("a heading needs {version}".to_owned(), "write it as in `## [{version}] - {date}`".to_owned())
        }
        Ok(_) if !is_heading(&text.value) => (
            format!("{:?} is not a one-line Markdown heading", text.value),
            "start it with one to five `#` and a space, as in `## [{version}] - {date}`".to_owned(),
        ),
        Ok(heading) => return Some(text.with(heading)),
    };
    reader.problems().add(text.span, message, help);
    None
}

/// Returns `true` if a text is a heading of CommonMark that has a level below it.
fn is_heading(text: &str) -> bool {
    let rest = text.trim_start_matches('#');
    (1..=5).contains(&(text.len() - rest.len())) && rest.starts_with(' ') && !text.contains(['\n', '\t'])
}

fn types(reader: &mut TableReader<'_>) -> Option<Vec<(String, String)>> {
    let written = reader.texts("types")?;
    let problems = reader.problems();
    let mut types: Vec<(String, String)> = Vec::new();
    for (key, title) in written {
        let name = key.value.to_ascii_lowercase();
        if !is_type(&key.value) {
            let message = format!("`{}` is not a valid change type", key.value);
            problems.add(key.span, message, "a type is one word of letters, digits, `-` and `_`, as in `added`");
        } else if types.iter().any(|(known, _)| *known == name) {
            problems.add(key.span, format!("duplicate type `{name}`"), "case does not matter in types; keep one");
        } else if title.value.trim().is_empty() || title.value.contains(char::is_control) {
            let message = format!("the title of the type `{name}` is not a single line");
            problems.add(title.span, message, "write the heading of its group, as in \"Added\"");
        } else {
            types.push((name, title.value.trim().to_owned()));
        }
    }
    Some(types)
}

fn sources(reader: &mut TableReader<'_>) -> Option<Vec<ChangeSource>> {
    let texts = reader.strings("sources")?;
    let mut sources: Vec<ChangeSource> =
        texts.value.iter().filter_map(|text| reader.chosen("sources", text, &SOURCES)).collect();
    sources.sort_unstable();
    sources.dedup();
    Some(sources)
}

/// Reads the template of a link that holds each of these placeholders.
fn url(reader: &mut TableReader<'_>, key: &'static str, known: &[&str]) -> Option<MessageTemplate> {
    let text = reader.string(key)?;
    let (message, help) = match MessageTemplate::new(&text.value, known) {
        Err(error) => (error.to_string(), error.help()),
        Ok(_) if text.value.contains(char::is_whitespace) => {
            (format!("`{key}` holds white space, which ends a link"), "write a space as %20".to_owned())
        }
        Ok(url) if known.iter().all(|word| url.uses(word)) => return Some(url),
        Ok(_) => {
            let braced: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
            let needs = format!("`{key}` needs {}", braced.join(" and "));
            (needs, "without it every link would be the same".to_owned())
        }
    };
    reader.problems().add(text.span, message, help);
    None
}

fn unreleased_ref(reader: &mut TableReader<'_>) -> Option<String> {
    let text = reader.string("unreleased-ref")?;
    if text.value.is_empty() || text.value.contains(|c: char| c.is_whitespace() || c.is_control()) {
        let message = format!("`{}` is not a valid branch name", text.value);
        reader.problems().add(text.span, message, "name a branch, as in \"main\"");
        return None;
    }
    Some(text.value)
}

fn template(reader: &mut TableReader<'_>) -> Option<Spanned<String>> {
    let text = reader.string("template")?;
    if let Some(wrong) = section_template::check(&text.value) {
        reader.problems().add(text.span, wrong.message, wrong.help);
        return None;
    }
    Some(text)
}
