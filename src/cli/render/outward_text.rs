//! What leaves the machine: the milestone, the merge, and a line for each step.

use super::table::{Fit, Shrink, Table, plain, styled};
use crate::apply::Receipt;
use crate::cli::output::{FAINT, GOOD, LABEL};
use crate::cli::words::Text;
use crate::plan::{Outward, OutwardStep, ReleasePlan};

/// Writes the milestone and the merge of a plan.
pub(super) fn context_text(plan: &ReleasePlan) -> Text {
    let mut out = Text::default();
    if let Some(milestone) = &plan.milestone {
        let url = milestone.url.as_ref().map_or(String::new(), |url| format!("  {url}"));
        let open = match (milestone.open_issues, milestone.open_requests) {
            (Some(issues), Some(requests)) => format!(", open issues: {issues}, open requests: {requests}"),
            _ => String::new(),
        };
        out = out.styled(LABEL, "milestone").plain(format_args!("  {}{open}{url}\n", milestone.title));
    }
    if let Some(merge) = &plan.merge {
        let how = if merge.fast_forward().is_some() { "is fast-forwarded to" } else { "takes" };
        out = out.styled(LABEL, "merge").plain(format_args!("  {} {how} {}\n", merge.into, merge.from));
    }
    for commit in &plan.branch_commits {
        let subject = commit.message.lines().next().unwrap_or("");
        out = out.styled(LABEL, "commit").plain(format_args!("  {subject}\n"));
    }
    out
}

/// Writes the steps, those that are done already among them.
pub(super) fn steps_text(steps: &[OutwardStep], width: Option<usize>) -> Text {
    // Plain pushes are as they always were.
    if steps.iter().all(|step| matches!(step.action, Outward::Push(_)) && !step.is_done) {
        let line = |step: &OutwardStep| {
            Text::default().styled(LABEL, step.action.kind()).plain(format_args!("    {}\n", step.action))
        };
        return steps.iter().map(line).collect::<Text>().folded(width);
    }
    let mut table = Table::default();
    table.headings(&["STEP", "", "STATE"]);
    for step in steps {
        let what = match &step.tag {
            Some(tag) => format!("{tag}: {}", step.action),
            None => step.action.to_string(),
        };
        let state = if step.is_done { styled("done", GOOD) } else { styled("todo", FAINT) };
        table.row(vec![styled(step.action.kind(), LABEL), plain(what), state]);
    }
    let fit = width.map(|width| Fit { width, giving: &[0], shrinks: Shrink::Flow(1) });
    Text::from("\n").then(&table.text(fit.as_ref()))
}

/// Writes where the steps that were done can be looked at.
pub(in crate::cli) fn places_text(receipt: &Receipt) -> Text {
    let mut out = Text::default();
    for (step, evidence) in &receipt.outward {
        if let Some(url) = &evidence.url {
            out = out.styled(LABEL, step.action.kind()).plain(format_args!("  {url}\n"));
        }
    }
    out
}

/// Says that all is out already.
pub(in crate::cli) fn out_already(plan: &ReleasePlan) -> String {
    if plan.bumps.is_empty() {
        return "nothing to release: the remote has every tag that is here".to_owned();
    }
    let tags: Vec<String> = plan.existing_tags.iter().map(|tag| tag.name.to_string()).collect();
    format!("{} is out already; `relman release` has nothing left to do", tags.join(", "))
}
