//! [`milestone_titled`]: milestones by their titles, which are versions as often as not.

use super::Milestone;
use crate::model::{Version, VersionScheme};

/// Why a milestone was not found by what a person typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MilestoneMiss {
    /// None has the title or the number; the nearest titles are given.
    Missing(Vec<String>),
    /// Several have it: their titles.
    Several(Vec<String>),
    /// It is the title of one, and the number of another.
    Both {
        /// The title of the one whose title it is.
        titled: String,
        /// The title of the one whose number it is.
        numbered: String,
    },
}

/// Returns the milestone of a title: the same text, else the same version (0.6, v0.6 and 0.6.0 are one). An open one comes first.
#[must_use]
pub fn milestone_titled<'a>(milestones: &'a [Milestone], title: &str) -> Option<&'a Milestone> {
    let titled = all_titled(milestones, title);
    titled.iter().find(|milestone| milestone.is_open).or(titled.first()).copied()
}

/// Returns the milestone that a person means: a title, a number as the forge shows it, `#12` for a number or `=12` for a title.
///
/// # Errors
/// There is none, or more than one.
pub fn milestone_named<'a>(milestones: &'a [Milestone], typed: &str) -> Result<&'a Milestone, MilestoneMiss> {
    let by_number = |text: &str| {
        let number: Option<u64> = text.parse().ok();
        milestones.iter().find(|milestone| Some(milestone.number) == number && !milestone.of_group)
    };
    let (titled, numbered) = match (typed.strip_prefix('='), typed.strip_prefix('#')) {
        (Some(title), _) => (all_titled(milestones, title), None),
        (None, Some(number)) => (Vec::new(), by_number(number)),
        (None, None) => (all_titled(milestones, typed), by_number(typed)),
    };
    let open: Vec<&Milestone> = titled.iter().copied().filter(|milestone| milestone.is_open).collect();
    let titled = if open.is_empty() { titled } else { open };
    match (titled.as_slice(), numbered) {
        ([one], Some(other)) if one.id != other.id => {
            Err(MilestoneMiss::Both { titled: one.title.clone(), numbered: other.title.clone() })
        }
        ([one], _) => Ok(one),
        ([], Some(one)) => Ok(one),
        ([], None) => Err(MilestoneMiss::Missing(milestones.iter().take(5).map(|m| m.title.clone()).collect())),
        (several, _) => Err(MilestoneMiss::Several(several.iter().map(|milestone| milestone.title.clone()).collect())),
    }
}

/// Returns the milestones of a title; those with exactly this text alone, if there are any.
fn all_titled<'a>(milestones: &'a [Milestone], title: &str) -> Vec<&'a Milestone> {
    let exact: Vec<&Milestone> = milestones.iter().filter(|milestone| milestone.title == title).collect();
    let Some(version) = version_of(title).filter(|_| exact.is_empty()) else { return exact };
    milestones.iter().filter(|milestone| version_of(&milestone.title).as_ref() == Some(&version)).collect()
}

/// Reads the version that a title is; `None` if it is none.
#[must_use]
pub fn version_of(title: &str) -> Option<Version> {
    let text = title.trim().trim_start_matches(['v', 'V']);
    let read = |scheme: VersionScheme| scheme.parse_lenient(text).ok();
    read(VersionScheme::Semver).or_else(|| read(VersionScheme::Pep440))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milestone(number: u64, title: &str, is_open: bool) -> Milestone {
        Milestone { number, id: number * 100, title: title.to_owned(), is_open, url: String::new(), of_group: false }
    }

    #[test]
    fn titles_are_compared_by_value() {
        let all = [milestone(1, "0.6", false), milestone(2, "v0.7", true), milestone(3, "Someday", true)];
        for (typed, number) in [("0.6", 1), ("v0.6.0", 1), ("0.7.0", 2), ("Someday", 3), ("#2", 2), ("3", 3)] {
            assert_eq!(milestone_named(&all, typed).map(|found| found.number), Ok(number), "{typed}");
        }
        assert_eq!(milestone_titled(&all, "0.7.0").map(|found| found.number), Some(2));
        assert!(matches!(milestone_named(&all, "0.8"), Err(MilestoneMiss::Missing(_))));
    }

    #[test]
    fn what_means_two_is_refused() {
        let all = [milestone(12, "0.6", true), milestone(3, "12", true), milestone(4, "0.6.0", true)];
        assert!(matches!(milestone_named(&all, "12"), Err(MilestoneMiss::Both { .. })));
        assert_eq!(milestone_named(&all, "#12").map(|found| found.number), Ok(12));
        assert_eq!(milestone_named(&all, "=12").map(|found| found.number), Ok(3));
        assert!(matches!(milestone_named(&all, "v0.6"), Err(MilestoneMiss::Several(_))));
    }
}
