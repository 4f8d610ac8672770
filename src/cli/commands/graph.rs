//! `relman graph`.

use clap::{Args, ValueEnum};

use crate::capture::{CaptureNeeds, CaptureOptions, Reach};
use crate::cli::commands::selection::Selection;
use crate::cli::error::{CliError, Exit};
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::render::{dot, mermaid, svg, tree};
use crate::plan::{Picture, bump, graph};
use crate::process::Session;

/// Show what packages require of each other, and what a release would bring with it
///
/// With a level or a selection, as for `relman bump`, packages that this would release have their next version and the reason, and in
/// pictures a colour. A picture of more than 40 packages shows the largest part that hangs together, a group as one box, and packages
/// that require the same and are required by the same as one box.
#[derive(Debug, Args)]
pub(in crate::cli) struct Graph {
    #[command(flatten)]
    selection: Selection,
    /// What to print: a tree, or a picture
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tree.
    Text,
    /// A picture for web pages.
    Svg,
    /// A flowchart for Markdown.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
}

impl Graph {
    pub(super) fn run(self, global: &Global, output: &mut Output) -> Result<Exit, CliError> {
        let request = self.selection.is_given().then(|| self.selection.request()).transpose()?;
        let session = Session::open(global.opening(), output)?;
        let needs = match &request {
            Some(request) => CaptureNeeds {
                changes: true,
                reach: Reach::Above,
                history: request.needs_history(),
                changelogs: true,
                sections: true,
                ..CaptureNeeds::default()
            },
            None => CaptureNeeds::default(),
        };
        let snapshot = session.read(CaptureOptions { needs, staged: false }, output)?;
        let proposal = request.map(|request| bump(&snapshot, &request)).transpose()?;
        let graph = graph(&snapshot, proposal.as_ref().map(crate::plan::Proposal::plan));
        let picture = || Picture::from(&graph);
        match self.format {
            Format::Text => output.result(tree(&graph)),
            Format::Svg => output.copy(&svg(&picture())),
            Format::Mermaid => output.copy(&mermaid(&picture())),
            Format::Dot => output.copy(&dot(&picture())),
        }
        for refusal in proposal.iter().flat_map(crate::plan::Proposal::refusals) {
            output.warn(format_args!("a release would be refused: {}", refusal.message));
        }
        Ok(Exit::Done)
    }
}
