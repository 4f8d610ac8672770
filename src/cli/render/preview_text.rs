//! The next sections of changelogs, for people.

use crate::cli::output::{FAINT, LABEL};
use crate::cli::words::Text;
use crate::plan::PreviewedSection;

/// Writes the line above a section that names its package.
pub(in crate::cli) fn preview_heading(section: &PreviewedSection) -> Text {
    let names: Vec<&str> = section.packages.iter().map(|package| package.as_str()).collect();
    Text::default().styled(LABEL, names.join(", ")).plain("  ").styled(FAINT, &section.path).plain("\n\n")
}
