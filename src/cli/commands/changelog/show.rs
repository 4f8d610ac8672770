//! `relman changelog show`.

use clap::{Args, ValueEnum};

use crate::capture::{CaptureNeeds, CaptureOptions};
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::model::ForgeKind;
use crate::plan::{Announcement, Notes, longest_body, notes, release_title};
use crate::process::Session;
use crate::snapshot::Snapshot;

/// Print the changelog's section of a released version
///
/// Prints the section without its heading, for a release page or an e-mail. A tag identifies its package; a version alone does if only one
/// package has a section for it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// A version, such as 1.2.3, or a tag, such as api-v1.2.3
    #[arg(value_name = "VERSION|TAG")]
    wanted: String,
    /// Use the changelog of this package
    #[arg(short, long, value_name = "PACKAGE")]
    package: Option<String>,
    /// Print it as the text of a forge release, as a message of at most four lines, or as a mail
    #[arg(long = "for", value_name = "WHERE")]
    place: Option<Where>,
}

/// Where people read about a release.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Where {
    /// On the page of the release; what is too long for it is cut at a line
    Forge,
    /// In a chat
    Chat,
    /// In a mail, whose first line is the subject
    Mail,
}

impl Show {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let session = Session::open(global.opening(), output)?;
        let needs = CaptureNeeds { changelogs: true, ..CaptureNeeds::default() };
        let snapshot = session.read(CaptureOptions { needs, staged: false }, output)?;
        let notes = notes(&snapshot, &self.wanted, self.package.as_deref())?;
        if notes.text.is_empty() {
            output.warn(format_args!("the section at {}:{} is empty", notes.path, notes.line));
        }
        output.copy(&self.text(&snapshot, &notes));
        Ok(Exit::Done)
    }

    fn text(&self, snapshot: &Snapshot, notes: &Notes) -> String {
        let Some(place) = self.place else { return notes.text.clone() };
        let (title, link) = (release_title(snapshot, notes), notes.link(&snapshot.config));
        let announcement = Announcement { title: &title, notes: &notes.text, link: link.as_deref() };
        match place {
            Where::Forge => {
                let kind = snapshot.config.forge.as_ref().and_then(|forge| forge.kind);
                // What fits GitHub fits any forge.
                announcement.body(longest_body(kind.unwrap_or(ForgeKind::Github)))
            }
            Where::Chat => announcement.message(),
            Where::Mail => announcement.mail(),
        }
    }
}
