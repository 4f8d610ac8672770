//! [`OpenChangelog`]: a changelog and the sections to add.

use std::sync::Arc;

use super::content::{Previous, content, fragments, pending_text};
use super::milestone;
use super::release_context::ReleaseContext;
use super::rotated::Rotated;
use super::section_body::body;
use super::section_target::SectionTarget;
use super::titles::titles;
use crate::changelog::{
    DEFAULT_TEMPLATE, Document, NewSection, Pending, Rotation, RotationError, SectionContent, SectionError,
    TitleReader, new_changelog, not_understood, rotate, template as ready, unreleased,
};
use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::plan::file_changes::FileChange;
use crate::plan::release_plan::{Refusal, RefusalCode, ReleaseNotes};
use crate::snapshot::Snapshot;
use crate::text::{Position, Span, TextEdits};

/// A file and its text.
pub(super) struct ChangelogFile<'a> {
    /// The file, symbolic links followed.
    pub(super) path: &'a RepoPath,
    /// Its text; that of an empty changelog where the file does not exist yet.
    pub(super) text: Arc<str>,
    /// Reads its headings.
    pub(super) titles: TitleReader,
    /// The packages whose sections go there.
    pub(super) units: Vec<SectionTarget<'a>>,
    is_new: bool,
}

/// A section before it is rendered.
pub(super) struct Draft<'a> {
    /// Its packages.
    pub(super) unit: &'a SectionTarget<'a>,
    /// Its content.
    pub(super) content: SectionContent,
    /// Its text if the content is empty.
    pub(super) empty: Option<String>,
}

/// A file whose sections are known.
pub(super) struct OpenChangelog<'a> {
    source: &'a ChangelogFile<'a>,
    document: Document<'a>,
    /// The sections, the topmost first.
    pub(super) drafts: Vec<Draft<'a>>,
}

impl<'a> ChangelogFile<'a> {
    /// Takes the text of a changelog, or that of a new one.
    pub(super) fn new(
        snapshot: &Snapshot,
        path: &'a RepoPath,
        units: Vec<SectionTarget<'a>>,
    ) -> Result<Self, Diagnostic> {
        let titles = units.first().map(|unit| titles(snapshot, path, unit.config, unit.lead));
        let titles = titles.ok_or_else(|| Diagnostic::new(ProblemCode::NoPackages, "a changelog without a package"))?;
        let (text, is_new) = match snapshot.changelogs.files.get(path) {
            Some(text) => (text.clone()?, false),
            None => (Arc::from(new_changelog(&titles)), true),
        };
        Ok(Self { path, text, is_new, titles, units })
    }

    /// Returns the change of the file: these edits, or a new file that includes them.
    pub(super) fn plan(&self, edits: TextEdits) -> Result<FileChange, Diagnostic> {
        if !self.is_new {
            return Ok(FileChange::edit(&self.text, edits));
        }
        let text = edits.apply(&self.text).map_err(|error| self.wrong(&RotationError::Edits(error)))?;
        Ok(FileChange::Create { text })
    }

    /// Returns a diagnostic for each heading in the fragments that would read as that of a release.
    pub(super) fn misread(&self, context: ReleaseContext<'a>) -> Vec<Diagnostic> {
        let fragments = self.units.iter().flat_map(|unit| fragments(context, unit));
        fragments.flat_map(|(_, fragment)| fragment.misread(&self.titles)).collect()
    }

    /// Returns where the changelog starts to list releases, if none of its headings is recognised as a section.
    pub(super) fn not_understood(&self, document: &Document<'_>) -> Option<Diagnostic> {
        let span = not_understood(document, &self.titles)?;
        let line = Position::of(&self.text, span.start).line;
        let message = format!(
            "{}:{line} is not recognised: no heading is a version or [Unreleased], so a new section would be appended",
            self.path
        );
        let help = "write the heading of the newest release as in `## [1.2.0]`; a new section is put above it";
        Some(self.diagnostic(span, message).help(help))
    }

    fn diagnostic(&self, span: Span, message: String) -> Diagnostic {
        if self.is_new {
            return Diagnostic::new(ProblemCode::Changelog, message).in_file(self.path);
        }
        Diagnostic::new(ProblemCode::Changelog, message).at(self.path, &self.text, span)
    }

    /// Reports why the changelog cannot take the new sections.
    pub(super) fn wrong(&self, error: &RotationError) -> Diagnostic {
        let (span, help) = match error {
            RotationError::SeveralUnreleased(headings) => (headings.get(1).copied(), "merge them into the first one"),
            _ => (None, "check the new text for headings and open fences, and the level of `heading`"),
        };
        let message = format!("the changelog {} cannot take a section: {error}", self.path);
        self.diagnostic(span.unwrap_or(Span::new(0, 0)), message).help(help)
    }
}

impl<'a> OpenChangelog<'a> {
    /// Reads a changelog and finds what its new sections say.
    pub(super) fn new(
        context: ReleaseContext<'a>,
        source: &'a ChangelogFile<'a>,
        out: &mut Rotated,
    ) -> Result<Self, Diagnostic> {
        let document = Document::read(&source.text, &source.titles);
        let section = unreleased(&document).map_err(|error| source.wrong(&error))?;
        let placeholder = source.units.first().map_or("", |unit| unit.config.placeholder.as_str());
        let mut pending = section.map_or_else(Pending::default, |s| Pending::read(&document, s, placeholder));
        let mut drafts = Vec::new();
        if let Some(problem) = source.not_understood(&document) {
            let (code, message, help) = (RefusalCode::ChangelogStyle, problem.message, problem.help);
            out.refusals.push(Refusal { code, message, help });
            return Ok(Self { source, document, drafts });
        }
        for unit in &source.units {
            let id = unit.lead.id.as_str();
            if let Some(version) = unit.target.map(|target| &target.to.version)
                && let Some((_, _, section)) = document.releases(id).find(|(there, ..)| *there == version)
            {
                // With its tag, this release already exists, which the tag guard reports. A version that the package
                // already has is only tagged, and the section is its own.
                let stays = unit.target.is_some_and(|target| target.from == *version);
                if !stays && context.snapshot.git.tags.tag_for_version(unit.lead, version).is_none() {
                    out.refusals.push(section_exists(source, unit, section.heading));
                }
                continue;
            }
            let newest = document.releases(id).next().map(|(version, ..)| version);
            let previous = Previous::new(context.snapshot, unit, newest);
            // The text under [Unreleased] of a shared file goes to the first package.
            let pending = std::mem::take(&mut pending);
            out.notes.extend(pending_text(context, unit, &pending));
            out.notes.extend(milestone::unknown(context, unit));
            let content = content(context, unit, &pending, &previous);
            if content.summary_missing {
                out.refusals.push(summary_missing(source, unit));
            }
            drafts.push(Draft { unit, content: content.section, empty: None });
        }
        Ok(Self { source, document, drafts })
    }

    /// Writes the sections and returns what is done to the file, and what it says of each release then; `None` without a section to
    /// write.
    pub(super) fn plan(
        &self,
        context: ReleaseContext<'_>,
    ) -> Result<Option<(FileChange, Vec<ReleaseNotes>)>, Diagnostic> {
        // All sections were left out.
        let Some(first) = self.drafts.first() else { return Ok(None) };
        let mut sections = Vec::new();
        for draft in &self.drafts {
            // What a person made of it in an editor counts.
            let text = match context.request.sections.get(&draft.unit.lead.id) {
                Some(edited) => format!("{}\n\n{}\n", draft.content.heading, edited.trim()),
                None => draft.text(context.snapshot)?,
            };
            sections.push(NewSection { text, link: draft.link() });
        }
        let config = first.unit.config;
        let advanced = config.compare_url.as_ref().filter(|_| first.unit.lead.has_tags()).map(|url| {
            url.fill(|word| if word == "from" { first.unit.tag.to_string() } else { config.unreleased_ref.clone() })
        });
        let rotation =
            Rotation { sections: &sections, placeholder: &config.placeholder, unreleased: advanced.as_deref() };
        let source = self.source;
        let edits = rotate(&self.document, &source.titles, rotation).map_err(|error| source.wrong(&error))?;
        let notes = self.drafts.iter().zip(&sections).map(|(draft, section)| self.release_notes(draft, section));
        Ok(Some((source.plan(edits)?, notes.collect())))
    }

    /// Returns what `changelog show` prints of a new section once it is in its place: the definitions of its links are there as well.
    fn release_notes(&self, draft: &Draft<'_>, section: &NewSection) -> ReleaseNotes {
        let known = self.document.links.iter().filter_map(|link| link.span.of(self.document.text));
        let own = section.link.iter().map(|(label, to)| format!("[{label}]: {to}\n"));
        let text = format!("{}\n\n{}{}", section.text.trim_end(), known.collect::<String>(), own.collect::<String>());
        let document = Document::read(&text, &self.source.titles);
        ReleaseNotes {
            tag: draft.unit.tag.clone(),
            package: draft.unit.lead.id.clone(),
            version: draft.unit.version.clone(),
            body: document.sections.first().map_or_else(String::new, |section| body(&document, section)),
        }
    }

    /// Returns the file.
    pub(super) fn path(&self) -> &RepoPath {
        self.source.path
    }
}

impl Draft<'_> {
    /// Writes the section.
    pub(super) fn text(&self, snapshot: &Snapshot) -> Result<String, Diagnostic> {
        let template = self.unit.config.template.as_ref();
        let text = template.map_or(DEFAULT_TEMPLATE, |own| ready(&own.value));
        let wrong = |error: &SectionError| {
            let message =
                format!("the section of `{}` {} cannot be written: {error}", self.unit.lead.id, self.unit.version);
            let span = template.map_or(self.unit.config.span, |template| template.span);
            snapshot
                .config
                .diagnostic(ProblemCode::ConfigValue, span, message)
                .help("fix `template` in relman.toml; what it leaves out would be lost")
        };
        // A section with entries, or of a changelog that has no text for empty ones, is what its template makes of it.
        let Some(words) = self.empty.as_ref().filter(|_| self.content.is_empty()) else {
            return self.content.render(text).map_err(|error| wrong(&error));
        };
        let said =
            SectionContent { summary: words.replace("\r\n", "\n").trim_end().to_owned(), ..self.content.clone() };
        match said.render(text) {
            // A template without a summary has no place for this text, and gets it at the end.
            Err(SectionError::LeavesOut(_)) => {
                let bare = self.content.render(text).map_err(|error| wrong(&error))?;
                Ok(format!("{bare}\n{}\n", said.summary))
            }
            rendered => rendered.map_err(|error| wrong(&error)),
        }
    }

    /// The label is the text in brackets around the version in the heading.
    fn link(&self) -> Option<(String, String)> {
        let (config, content) = (self.unit.config, &self.content);
        if content.tag.is_empty() {
            return None;
        }
        let to = match (&config.compare_url, content.previous_tag.as_str()) {
            (Some(url), from) if !from.is_empty() => {
                Some(url.fill(|word| if word == "from" { from.to_owned() } else { content.tag.clone() }))
            }
            _ => config.tag_url.as_ref().map(|url| url.fill(|_| content.tag.clone())),
        };
        let at = content.heading.find(&content.version).unwrap_or(0);
        let (before, behind) = content.heading.split_at_checked(at).unwrap_or(("", ""));
        let open = before.rsplit_once('[').map(|(_, inside)| inside).filter(|inside| !inside.contains(']'));
        let label = open.zip(behind.split_once(']')).map(|(start, (rest, _))| format!("{start}{rest}"));
        to.map(|to| (label.unwrap_or_else(|| content.version.clone()), to))
    }
}

fn section_exists(source: &ChangelogFile<'_>, unit: &SectionTarget<'_>, heading: Span) -> Refusal {
    let line = Position::of(&source.text, heading.start).line;
    let message = format!(
        "`{}` {} is not released, and {}:{line} already has a section for it, which would swallow later entries",
        unit.lead.id, unit.version, source.path
    );
    let help = "rename its heading to [Unreleased], or remove the section".to_owned();
    Refusal { code: RefusalCode::SectionExists, message, help: Some(help) }
}

fn summary_missing(source: &ChangelogFile<'_>, unit: &SectionTarget<'_>) -> Refusal {
    let message = format!("the section of `{}` {} in {} needs a summary", unit.lead.id, unit.version, source.path);
    let help = "pass --summary, set RELMAN_SUMMARY, or write it under [Unreleased]".to_owned();
    Refusal { code: RefusalCode::SummaryMissing, message, help: Some(help) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_template_that_relman_toml_may_name_is_ready() {
        for name in crate::config::TEMPLATES {
            assert_ne!(crate::changelog::template(name), name);
        }
    }
}
