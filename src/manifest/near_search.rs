//! [`near_search`]: what a search that matches nothing was probably meant to be.

use super::VersionPlace;
use crate::model::nearest;
use crate::text::Span;

/// Longer lines are not what a person would search for.
const LONGEST_LINE: usize = 200;

/// More versions are not compared.
const MOST: usize = 500;

/// Finds the line around one of these versions that is most like the search, and returns where its version is, and the search for it;
/// `None` if none is like it.
pub(super) fn near_search(text: &str, search: &str, versions: &[VersionPlace]) -> Option<(Span, String)> {
    let around = |place: &VersionPlace| {
        let span = place.scalar.span;
        let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
        let before = before.rsplit(['\n', '\r']).next()?.trim_start();
        let after = after.split(['\n', '\r']).next()?.trim_end();
        let is_short = before.len() + after.len() <= LONGEST_LINE && !(before.is_empty() && after.is_empty());
        is_short.then(|| (span, format!("{before}{{version}}{after}")))
    };
    let lines: Vec<(Span, String)> = versions.iter().take(MOST).filter_map(around).collect();
    let searches: Vec<&str> = lines.iter().map(|(_, search)| search.as_str()).collect();
    let near = nearest(search, &searches)?;
    lines.iter().find(|(_, search)| search == near).cloned()
}
