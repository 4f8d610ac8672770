//! The title and the text of the release request.

use crate::plan::release_plan::ReleasePlan;
use crate::text::{markdown, markdown_code};

/// GitHub takes texts of 65,536 characters at most.
const LONGEST: usize = 60_000;

/// Returns the title: the subject of the commit, so that a squash has the same.
pub(super) fn title(plan: &ReleasePlan) -> String {
    let message = plan.commit.as_ref().map_or("", |commit| commit.message.as_str());
    message.lines().next().unwrap_or("").to_owned()
}

/// Returns the text: a table of versions with their reasons, and what changelogs say of each.
pub(super) fn body(plan: &ReleasePlan) -> String {
    let mut body = String::from(
        "Merge this to release what is listed here; `relman release` then tags it. The request is kept up to date until then.\n\n\
         | package | from | to | why |\n|---|---|---|---|\n",
    );
    for bump in &plan.bumps {
        body.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            markdown_code(bump.package.as_str()),
            bump.from,
            bump.to,
            markdown(&bump.reason.words(bump.level))
        ));
    }
    for notes in &plan.release_notes {
        let section = format!("\n## {} {}\n\n{}\n", notes.package, notes.version, notes.body.trim_end());
        if body.len() + section.len() > LONGEST {
            body.push_str("\nThe rest is in the changelogs that this request changes.\n");
            break;
        }
        body.push_str(&section);
    }
    body.push_str("\nA label `relman:NAME=LEVEL`, as in `relman:api=minor`, gives a package another level.\n");
    body
}
