//! The proof of a release that hooks changed: its packages are read again from the commit.

use crate::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use crate::io::Git;
use crate::model::RepoPath;
use crate::plan::{PackageBump, unlike_planned};

/// Returns the proof for `apply`: it is given git as it works on an index that holds the commit.
pub(super) fn proof_of(place: &Place) -> impl Fn(&Git, &[PackageBump], &[&RepoPath]) -> Option<String> + '_ {
    |git, bumps, changed| {
        let committed = Place { git: git.clone(), ..place.clone() };
        let request =
            CaptureOptions { needs: CaptureNeeds { changelogs: true, ..CaptureNeeds::default() }, staged: true };
        match capture(&committed, request, &|_, _| ()) {
            Ok(snapshot) => unlike_planned(&snapshot, bumps, changed),
            Err(_) => Some("the commit can no longer be read as a workspace".to_owned()),
        }
    }
}
