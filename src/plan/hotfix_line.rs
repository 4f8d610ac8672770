//! [`off_line`]: what may be released on the branch of a hotfix: versions of the line that it fixes.

use super::release_plan::{Refusal, RefusalCode};
use super::request::BumpRequest;
use super::targets::{Target, Targets, selected};
use crate::config::HotfixRelease;
use crate::snapshot::Snapshot;
use crate::workspace::Package;

/// Returns why versions cannot be released on the branch of a hotfix.
pub(super) fn off_line(snapshot: &Snapshot, request: &BumpRequest, targets: &Targets) -> Vec<Refusal> {
    let Some(branch) = snapshot.git.branch.as_ref().filter(|_| snapshot.git.is_hotfix) else { return Vec::new() };
    let comes_back = snapshot.config.hotfix.as_ref().is_some_and(|hotfix| hotfix.release == HotfixRelease::Back);
    if comes_back && !request.allow_branch && !targets.by_package.is_empty() {
        let message = format!("`{branch}` is a hotfix that is brought back before it is released");
        let help = "run `relman hotfix finish`, and `relman bump patch` on the branch that took it".to_owned();
        return vec![Refusal { code: RefusalCode::Branch, message, help: Some(help) }];
    }
    let refusal = |(package, target): (&Package, &Target)| {
        // A package that was never released has no line.
        let (tag, last) = snapshot.git.tags.last(package)?;
        if target.to.version.is_of_line(&last) {
            return None;
        }
        // `bumps` has refused a version that cannot be spelled.
        let to = target.to.in_texts(package).unwrap_or_default();
        let message = format!("`{branch}` fixes {tag}, and {to} of `{}` is not of that line", package.id);
        let line = format!("{}.{}", last.part(0), last.part(1));
        let help = format!("ask for `patch`, a stage, or a version {line}.x");
        Some(Refusal { code: RefusalCode::Branch, message, help: Some(help) })
    };
    selected(snapshot, targets).filter_map(refusal).collect()
}
