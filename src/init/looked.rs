//! [`looked`]: the tags of which the past is known.

use crate::snapshot::{Past, TagPrefix, Tagged};

/// Returns the tags of a form whose commits were looked at, the highest version first, one of each commit.
pub(super) fn looked<'a>(head: &'a TagPrefix, past: &Past) -> Vec<&'a Tagged> {
    let mut tags = head.newest(usize::MAX);
    tags.retain(|tag| past.commit(&tag.commit).is_some());
    tags
}
