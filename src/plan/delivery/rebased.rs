//! Tags whose release commit was made anew by a rebase: they would go out on a commit that no branch has.

use super::context::Delivery;
use crate::plan::release_plan::{Refusal, RefusalCode};
use crate::plan::release_unit::ReleaseUnit;

impl Delivery<'_> {
    /// The reasons against tags of which HEAD holds a copy of the release commit, and not the commit itself.
    pub(super) fn rebased(&self) -> Vec<Refusal> {
        let refusal = |unit: &ReleaseUnit| {
            let (copy, commit) = (self.outside.rebased.get(unit.tag.as_str())?, unit.commit.as_ref()?);
            let message = format!(
                "the tag {} is on {}, which HEAD does not hold; HEAD holds {}, a copy of that release commit",
                unit.tag,
                commit.short(),
                copy.short()
            );
            let help = format!("run `git tag -d {}`, then `relman release`: it makes the tag anew", unit.tag);
            Some(Refusal { code: RefusalCode::TagExists, message, help: Some(help) })
        };
        self.units.iter().filter_map(refusal).collect()
    }
}
